//! The rows of a sweep: one JSON object a line, and a Parquet file.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use serde_json::Value as Json;

use crate::sweep::Row;

/// Rows that are written together.
const GROUP: usize = 4096;

/// A row as a line of JSON.
///
/// # Errors
/// Never for a row that was made here; the serialiser's own error otherwise.
pub fn point_json(row: &Row) -> serde_json::Result<String> {
    Ok(serde_json::to_string(row)? + "\n")
}

/// A cell of a row; none where it is empty.
pub type Find<T> = Box<dyn Fn(&Row) -> Option<T>>;

/// How a cell is found in a row.
pub enum PointCell {
    /// A number.
    Number(Find<f64>),
    /// A text.
    Text(Find<String>),
}

/// A Parquet file, written group by group: it needs memory for one group, however many rows there are.
pub struct PointsParquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<(String, PointCell)>,
    rows: Vec<Row>,
}

fn number(of: impl Fn(&Row) -> Option<f64> + 'static) -> PointCell {
    PointCell::Number(Box::new(of))
}

fn text(of: impl Fn(&Row) -> Option<String> + 'static) -> PointCell {
    PointCell::Text(Box::new(of))
}

/// The columns of a table of rows beside `point`, in order. `parameters` are names, each with whether its values are
/// numbers; `metrics` are ids.
pub fn point_columns(parameters: &[(String, bool)], metrics: &[String]) -> Vec<(String, PointCell)> {
    let mut columns = Vec::new();
    for (name, is_number) in parameters {
        let (heading, name) = (format!("parameters.{name}"), name.clone());
        columns.push(if *is_number {
            (heading, number(move |row| row.parameters.get(&name).and_then(Json::as_f64)))
        } else {
            let spelled = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (
                heading,
                text(move |row| row.parameters.get(&name).filter(|value| !value.is_null()).map(spelled)),
            )
        });
    }
    let word = |how: crate::sweep::How| serde_json::to_value(how).ok()?.as_str().map(str::to_owned);
    columns.push(("status".to_owned(), text(|row| Some(row.status.clone()))));
    columns.push(("how".to_owned(), text(move |row| row.how.and_then(word))));
    columns.push(("objective".to_owned(), text(|row| row.objective.clone())));
    columns.push(("value".to_owned(), number(|row| row.value)));
    columns.push(("bound".to_owned(), number(|row| row.bound)));
    columns.push(("gap".to_owned(), number(|row| row.gap)));
    for id in metrics {
        let name = id.clone();
        columns.push((
            format!("metrics.{id}"),
            number(move |row| row.metrics.get(&name).and_then(Json::as_f64)),
        ));
    }
    columns.push(("plan".to_owned(), text(|row| row.plan.clone())));
    columns.push(("reason".to_owned(), text(|row| row.reason.clone())));
    columns.push(("key".to_owned(), text(|row| Some(row.key.clone()))));
    columns
}

impl<W: Write + Send> PointsParquet<W> {
    /// Begins a file. `parameters` are names, each with whether its values are numbers; `metrics` are ids.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, parameters: &[(String, bool)], metrics: &[String]) -> Result<Self, ParquetError> {
        let columns = point_columns(parameters, metrics);
        let point =
            Type::primitive_type_builder("point", Physical::INT64).with_repetition(Repetition::REQUIRED);
        let mut fields = vec![Arc::new(point.build()?)];
        for (name, cell) in &columns {
            let field = match cell {
                PointCell::Number(_) => Type::primitive_type_builder(name, Physical::DOUBLE),
                PointCell::Text(_) => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_logical_type(Some(LogicalType::String)),
            };
            fields.push(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?));
        }
        let schema = Type::group_type_builder("points").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_created_by("allot".to_owned()).build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { writer, columns, rows: Vec::new() })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn push(&mut self, row: Row) -> Result<(), ParquetError> {
        self.rows.push(row);
        if self.rows.len() == GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        if let Some(mut column) = group.next_column()? {
            let numbers: Vec<i64> =
                rows.iter().map(|row| i64::try_from(row.point).unwrap_or(i64::MAX)).collect();
            column.typed::<Int64Type>().write_batch(&numbers, None, None)?;
            column.close()?;
        }
        for (_, cell) in &self.columns {
            let Some(mut column) = group.next_column()? else { break };
            match cell {
                PointCell::Number(of) => {
                    let (levels, values) = optional(rows.iter().map(of));
                    column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
                }
                PointCell::Text(of) => {
                    let bytes = |row: &Row| of(row).map(|text| ByteArray::from(text.into_bytes()));
                    let (levels, values) = optional(rows.iter().map(bytes));
                    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
                }
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(), ParquetError> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}

/// Which cells are filled, and what is in them.
fn optional<T>(cells: impl Iterator<Item = Option<T>>) -> (Vec<i16>, Vec<T>) {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    (levels, values)
}
