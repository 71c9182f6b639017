//! Errors of the library as exceptions of `allot._errors`, where Python code can read and catch them.

use allot::diagnostics::Diagnostics;
use allot::sweep::SweepError;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Makes an exception by a function of `allot._errors`.
fn made<'py>(py: Python<'py>, maker: &str, arguments: impl pyo3::call::PyCallArgs<'py>) -> PyErr {
    let error = py.import("allot._errors").and_then(|errors| errors.getattr(maker)?.call1(arguments));
    error.map_or_else(|error| error, PyErr::from_value)
}

/// Diagnostics as JSON, for Python to make objects of.
pub fn diagnostics_json(found: &Diagnostics) -> String {
    serde_json::to_string(&found.iter().collect::<Vec<_>>()).unwrap_or_else(|_| "[]".to_owned())
}

/// `InputError`: everything that is wrong.
pub fn input(py: Python<'_>, found: &Diagnostics) -> PyErr {
    made(py, "input_error", (diagnostics_json(found),))
}

/// `InfeasibleError`: why, for reading and as JSON.
pub fn infeasible(py: Python<'_>, text: &str, json: &str) -> PyErr {
    made(py, "infeasible_error", (text, json))
}

/// `StoppedError`: no plan was found before a limit.
pub fn stopped(py: Python<'_>, why: &str) -> PyErr {
    made(py, "StoppedError", (format!("stopped without a plan ({why}); give it more time or a larger gap"),))
}

/// `ChangedError`: the input is not what it was.
pub fn changed(py: Python<'_>, what: &str) -> PyErr {
    made(py, "ChangedError", (what,))
}

/// `DefectError`: a defect of ours or of a solver.
pub fn defect(py: Python<'_>, cause: &str) -> PyErr {
    made(py, "DefectError", (cause,))
}

/// What stands in the way of a sweep.
pub fn sweep(py: Python<'_>, error: &SweepError) -> PyErr {
    match error {
        SweepError::Input(found) => input(py, found),
        SweepError::Solver(error) => defect(py, &error.to_string()),
        SweepError::Ledger(error) => PyRuntimeError::new_err(error.to_string()),
        SweepError::File(cause) => PyRuntimeError::new_err(cause.clone()),
    }
}
