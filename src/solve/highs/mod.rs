//! HiGHS through its C interface: progress and interrupt by callback, start from a known point, and a model
//! that stays inside while it is edited.

mod heap;
mod instance;
mod memory;
mod session;
mod trial;

use std::ffi::CStr;
use std::path::Path;

use highs_sys as ffi;

use super::session::Cold;
use super::{Problem, Session, Solver, SolverError};
use instance::{Instance, c_string, check, int};
use session::Live;

/// The HiGHS solver (Huangfu and Hall, 2018, "Parallelizing the dual revised simplex method").
pub struct Highs;

impl Solver for Highs {
    fn id(&self) -> &'static str {
        "highs"
    }

    fn version(&self) -> String {
        // SAFETY: a static string.
        unsafe { CStr::from_ptr(ffi::Highs_version()) }.to_string_lossy().into_owned()
    }

    fn open(&self, problem: &Problem) -> Result<Box<dyn Session>, SolverError> {
        // HiGHS calls a model without columns empty, and gives no point for it.
        if problem.costs.is_empty() {
            let anew = |problem: &Problem, options: &_, watch: &mut dyn super::Watch| {
                Live::open(problem)?.solve(options, watch)
            };
            return Ok(Box::new(Cold::new(problem, anew)));
        }
        Ok(Box::new(Live::open(problem)?))
    }
}

/// Writes a problem as an MPS or LP file (by the ending of the path), with the given names.
///
/// # Errors
/// When HiGHS refuses a name or cannot write the file.
pub fn write_model(
    problem: &Problem,
    column_names: &[String],
    row_names: &[String],
    path: &Path,
) -> Result<(), SolverError> {
    let instance = Instance::new()?;
    instance.pass(problem)?;
    for (position, name) in column_names.iter().enumerate() {
        let name_c = c_string(name)?;
        // SAFETY: a live instance, a column of it, a terminated string.
        let status = unsafe { ffi::Highs_passColName(instance.pointer(), int(position)?, name_c.as_ptr()) };
        check(status, &format!("naming the column {name}"))?;
    }
    for (position, name) in row_names.iter().enumerate() {
        let name_c = c_string(name)?;
        // SAFETY: a live instance, a row of it, a terminated string.
        let status = unsafe { ffi::Highs_passRowName(instance.pointer(), int(position)?, name_c.as_ptr()) };
        check(status, &format!("naming the row {name}"))?;
    }
    let path_c = c_string(&path.to_string_lossy())?;
    // SAFETY: a live instance and a terminated string.
    check(unsafe { ffi::Highs_writeModel(instance.pointer(), path_c.as_ptr()) }, "writing the model")
}
