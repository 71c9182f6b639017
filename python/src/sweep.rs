//! Studies in pieces: what is handed to other threads, processes and machines are functions of plain values.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use allot::report::{PointCell, point_columns, point_json};
use allot::rules::Registry;
use allot::sweep::{self, Base, Beginning, Row, Study, SweepError};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors;
use crate::table::{Cells, Table};
use crate::waiting::{Cancel, wait_for};

/// A study that was read and held against its scenario and policy.
#[pyclass(frozen, module = "allot._allot")]
pub struct OpenStudy {
    /// SHA-256 of files, study, options and version.
    #[pyo3(get)]
    key: String,
    /// Title.
    #[pyo3(get)]
    title: String,
    /// Number of points.
    #[pyo3(get)]
    points: usize,
    /// Number of chains.
    #[pyo3(get)]
    chains: usize,
    parameters: Vec<(String, bool)>,
    metrics: Vec<String>,
}

#[pymethods]
impl OpenStudy {
    /// Reads the text of a study whose paths are relative to the folder of `file`.
    #[new]
    fn new(py: Python<'_>, text: &str, file: PathBuf) -> PyResult<Self> {
        let opened = py.detach(|| {
            with_base(text, &file, |study, base| {
                let parameters = base.points.parameters().iter();
                Ok(Self {
                    key: base.key.clone(),
                    title: study.title.clone(),
                    points: base.points.count().unwrap_or(0),
                    chains: sweep::chain_count(base),
                    parameters: parameters
                        .map(|parameter| (parameter.name.clone(), parameter.is_number()))
                        .collect(),
                    metrics: base.metric_ids(),
                })
            })
        });
        opened.map_err(|error| errors::sweep(py, &error))
    }

    /// SHA-256 of all that a chain's rows depend on.
    fn chain_key(&self, number: usize) -> String {
        sweep::chain_key(&self.key, number)
    }

    /// A table of rows, given as lines of JSON.
    fn table(&self, lines: &str) -> PyResult<Table> {
        let rows: Vec<Row> = lines
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .map_err(|error| PyValueError::new_err(format!("not a row of a sweep: {error}")))?;
        let points = rows.iter().map(|row| i64::try_from(row.point).ok()).collect();
        let mut columns = vec![("point".to_owned(), Cells::Whole(points))];
        for (name, cell) in point_columns(&self.parameters, &self.metrics) {
            let cells = match cell {
                PointCell::Number(of) => Cells::Number(rows.iter().map(of).collect()),
                PointCell::Text(of) => Cells::Text(rows.iter().map(of).collect()),
            };
            columns.push((name, cells));
        }
        Table::of(columns)
    }
}

/// Does something with a study that is ready to run.
fn with_base<T>(
    text: &str,
    file: &Path,
    work: impl FnOnce(&Study, &Base<'_>) -> Result<T, SweepError>,
) -> Result<T, SweepError> {
    let registry = Registry::standard();
    let study = Study::parse(file, text).map_err(SweepError::Input)?;
    let base = Base::open(&study, &registry).map_err(SweepError::Input)?;
    work(&study, &base)
}

/// Does something with the study that has a key, beside the interpreter. `None` where the work was stopped.
fn work<T: Send>(
    py: Python<'_>,
    (text, file, key): (&str, &Path, &str),
    cancel: Option<&Cancel>,
    work: impl FnOnce(&Study, &Base<'_>, &(dyn Fn() -> bool + Sync)) -> Result<T, SweepError> + Send,
) -> PyResult<Option<T>> {
    let done = wait_for(py, cancel, |stop: &AtomicBool| {
        let stopped = || stop.load(Ordering::Relaxed);
        with_base(text, file, |study, base| {
            // Rows of other files, or of another version, must not get among the others.
            if base.key == key { work(study, base, &stopped).map(Some) } else { Ok(None) }
        })
    })?;
    match done {
        Ok(Some(done)) => Ok(Some(done)),
        Ok(None) => Err(errors::changed(
            py,
            "the study's files, or the version of allot, are not those that the sweep began with",
        )),
        Err(error) => Err(errors::sweep(py, &error)),
    }
}

/// Solves the base of a study: its plan and what was found out with it; `None` where it has no plan.
#[pyfunction]
#[pyo3(signature = (text, file, key, cancel = None))]
pub fn begin(
    py: Python<'_>,
    text: &str,
    file: PathBuf,
    key: &str,
    cancel: Option<&Cancel>,
) -> PyResult<Option<(String, Vec<u8>)>> {
    let begun =
        work(py, (text, &file, key), cancel, |study, base, stopped| sweep::begin(study, base, stopped))?;
    Ok(begun.flatten().map(|beginning| (beginning.plan, beginning.known)))
}

/// Rows as lines of JSON, and plans by their digest.
type DoneChain = (String, Vec<(String, String)>);

/// Solves a chain: its rows as lines of JSON, and its plans by their digest; `None` where it was cancelled.
#[pyfunction]
#[pyo3(signature = (text, file, key, number, beginning, cancel = None))]
pub fn run_chain(
    py: Python<'_>,
    text: &str,
    file: PathBuf,
    key: &str,
    number: usize,
    beginning: Option<(String, Vec<u8>)>,
    cancel: Option<&Cancel>,
) -> PyResult<Option<DoneChain>> {
    let beginning = beginning.map(|(plan, known)| Beginning { plan, known });
    let rows = work(py, (text, &file, key), cancel, |study, base, stopped| {
        sweep::run_chain(study, base, number, beginning.as_ref(), stopped)
    })?;
    let Some(rows) = rows.flatten() else { return Ok(None) };
    let (mut lines, mut plans) = (String::new(), Vec::new());
    for (row, plan) in rows {
        lines += &point_json(&row).map_err(|error| errors::defect(py, &error.to_string()))?;
        plans.extend(row.plan.zip(plan));
    }
    Ok(Some((lines, plans)))
}

/// A study given as JSON, in TOML.
#[pyfunction]
pub fn study_text(json: &str) -> PyResult<String> {
    let wrong =
        |error: &dyn std::fmt::Display| PyValueError::new_err(format!("the study cannot be TOML: {error}"));
    let value: serde_json::Value = serde_json::from_str(json).map_err(|error| wrong(&error))?;
    toml::to_string(&value).map_err(|error| wrong(&error))
}
