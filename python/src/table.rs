//! Tables, handed over by the Arrow `PyCapsule` interface: pandas, polars, pyarrow and others read and give them without
//! knowing of us.

use std::sync::Arc;

use allot::input::TableColumn;
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchIterator,
    RecordBatchReader as _, StringArray,
};
use arrow_schema::{ArrowError, DataType};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};

/// Name of the capsule of a stream, by the Arrow `PyCapsule` interface.
const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// A column's cells; none is an empty one.
pub enum Cells {
    /// Texts.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Truth values.
    Truth(Vec<Option<bool>>),
}

impl Cells {
    fn array(self) -> ArrayRef {
        match self {
            Self::Text(cells) => Arc::new(StringArray::from(cells)),
            Self::Whole(cells) => Arc::new(Int64Array::from(cells)),
            Self::Number(cells) => Arc::new(Float64Array::from(cells)),
            Self::Truth(cells) => Arc::new(BooleanArray::from(cells)),
        }
    }
}

/// A table that does not change.
#[pyclass(frozen, module = "allot._allot")]
pub struct Table(RecordBatch);

impl Table {
    /// A table of columns of equal length.
    ///
    /// # Errors
    /// Where they are not equally long.
    pub fn of(columns: Vec<(String, Cells)>) -> PyResult<Self> {
        let columns = columns.into_iter().map(|(name, cells)| (name, cells.array(), true));
        RecordBatch::try_from_iter_with_nullable(columns).map(Self).map_err(|error| wrong(&error))
    }

    /// A table of a scenario. A column of numbers is whole where all its numbers are.
    ///
    /// # Errors
    /// Never, for columns of one table.
    pub fn of_scenario(columns: &[TableColumn]) -> PyResult<Self> {
        let cells = |column: &TableColumn| {
            let filled =
                || column.cells.iter().map(|cell| Some(cell.as_str()).filter(|cell| !cell.is_empty()));
            let whole: Option<Vec<Option<i64>>> =
                filled().map(|cell| cell.map_or(Some(None), |cell| cell.parse().ok().map(Some))).collect();
            match whole {
                _ if !column.is_number => Cells::Text(filled().map(|cell| cell.map(str::to_owned)).collect()),
                Some(whole) => Cells::Whole(whole),
                None => Cells::Number(filled().map(|cell| cell.and_then(|cell| cell.parse().ok())).collect()),
            }
        };
        Self::of(columns.iter().map(|column| (column.name.clone(), cells(column))).collect())
    }
}

#[pymethods]
impl Table {
    /// The Arrow `PyCapsule` interface: a stream of one batch.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer keep its own schema where it cannot serve another.
        drop(requested_schema);
        let batches = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), STREAM)
    }

    /// Names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    /// A column's cells as Python values.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let array = self.0.column_by_name(name).ok_or_else(|| {
            PyKeyError::new_err(format!("no column '{name}'; there are {}", self.columns().join(", ")))
        })?;
        values(py, array)
    }

    /// The rows, one dict each.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let names = self.columns();
        let columns: Vec<Bound<'py, PyList>> =
            self.0.columns().iter().map(|array| values(py, array)).collect::<PyResult<_>>()?;
        let row = |at: usize| {
            let row = PyDict::new(py);
            names
                .iter()
                .zip(&columns)
                .try_for_each(|(name, cells)| row.set_item(name, cells.get_item(at)?))?;
            Ok(row)
        };
        (0..self.0.num_rows()).map(row).collect()
    }

    /// A `DataFrame` of pandas; needs pandas and pyarrow.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))?.call_method0("to_pandas")
    }

    /// A `DataFrame` of polars.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    fn __repr__(&self) -> String {
        format!("<allot.Table: {} rows; {}>", self.0.num_rows(), self.columns().join(", "))
    }
}

fn values<'py>(py: Python<'py>, array: &ArrayRef) -> PyResult<Bound<'py, PyList>> {
    match array.data_type() {
        DataType::Int64 => PyList::new(py, array.as_primitive::<Int64Type>().iter()),
        DataType::Float64 => PyList::new(py, array.as_primitive::<Float64Type>().iter()),
        DataType::Boolean => PyList::new(py, array.as_boolean().iter()),
        _ => PyList::new(py, array.as_string::<i32>().iter()),
    }
}

fn wrong(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The columns of a data frame, or of anything that gives an Arrow stream.
///
/// # Errors
/// `TypeError` where it gives none, or has columns of other things than texts, numbers and truth values.
pub fn columns_of(frame: &Bound<'_, PyAny>) -> PyResult<Vec<TableColumn>> {
    if !frame.hasattr("__arrow_c_stream__")? {
        let kind = frame.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "a {kind} is no table; give a DataFrame of polars or pandas (2.2 or newer, with pyarrow), a pyarrow.Table, \
             or anything else with __arrow_c_stream__"
        )));
    }
    let capsule = frame.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
    let stream = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a stream, by the Arrow PyCapsule interface; the reader takes it over and
    // leaves a released one behind.
    let reader =
        unsafe { RecordBatchStreamReader::from_raw(stream.as_ptr()) }.map_err(|error| wrong(&error))?;
    let schema = reader.schema();
    let mut columns: Vec<TableColumn> = schema
        .fields()
        .iter()
        .map(|field| TableColumn { name: field.name().clone(), is_number: false, cells: Vec::new() })
        .collect();
    for batch in reader {
        let batch = batch.map_err(|error| wrong(&error))?;
        for (column, array) in columns.iter_mut().zip(batch.columns()) {
            let cells = texts(array).ok_or_else(|| {
                PyTypeError::new_err(format!(
                    "column '{}' holds {}; give texts, numbers or truth values",
                    column.name,
                    array.data_type()
                ))
            })?;
            column.cells.extend(cells);
        }
    }
    // pandas hands an index without a name over as a column.
    columns.retain(|column| !column.name.starts_with("__index_level_"));
    Ok(columns)
}

/// Cells as text, empty where there is nothing (also where a number is none). `None` for a type that no cell has.
fn texts(array: &dyn Array) -> Option<Vec<String>> {
    fn shown<T: ToString>(cells: impl Iterator<Item = Option<T>>) -> Vec<String> {
        cells.map(|cell| cell.map(|cell| cell.to_string()).unwrap_or_default()).collect()
    }
    macro_rules! numbers {
        ($kind:ty) => {
            shown(array.as_primitive::<$kind>().iter())
        };
    }
    Some(match array.data_type() {
        DataType::Null => vec![String::new(); array.len()],
        DataType::Boolean => shown(array.as_boolean().iter()),
        DataType::Utf8 => shown(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => shown(array.as_string::<i64>().iter()),
        DataType::Utf8View => shown(array.as_string_view().iter()),
        DataType::Int8 => numbers!(Int8Type),
        DataType::Int16 => numbers!(Int16Type),
        DataType::Int32 => numbers!(Int32Type),
        DataType::Int64 => numbers!(Int64Type),
        DataType::UInt8 => numbers!(UInt8Type),
        DataType::UInt16 => numbers!(UInt16Type),
        DataType::UInt32 => numbers!(UInt32Type),
        DataType::UInt64 => numbers!(UInt64Type),
        // Rust writes the shortest text that reads back the same, never with an exponent.
        DataType::Float32 => {
            shown(array.as_primitive::<Float32Type>().iter().map(|cell| cell.filter(|cell| !cell.is_nan())))
        }
        DataType::Float64 => {
            shown(array.as_primitive::<Float64Type>().iter().map(|cell| cell.filter(|cell| !cell.is_nan())))
        }
        DataType::Decimal128(..) => {
            let cells = array.as_primitive::<Decimal128Type>();
            (0..cells.len())
                .map(|at| if cells.is_null(at) { String::new() } else { cells.value_as_string(at) })
                .collect()
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let words = texts(dictionary.values())?;
            if words.is_empty() {
                return Some(vec![String::new(); array.len()]);
            }
            let keys = dictionary.normalized_keys();
            keys.into_iter()
                .enumerate()
                .map(|(at, key)| if array.is_null(at) { String::new() } else { words[key].clone() })
                .collect()
        }
        _ => return None,
    })
}
