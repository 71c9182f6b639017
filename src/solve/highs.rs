//! HiGHS through its C interface: progress and interrupt by callback, start from a known point.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;

use highs_sys as ffi;

use super::{Answer, Options, Problem, Progress, Solver, SolverError, Stop, Watch};

/// The HiGHS solver (Huangfu and Hall, 2018, "Parallelizing the dual revised simplex method").
pub struct Highs;

/// One HiGHS instance, freed when dropped.
struct Instance(*mut c_void);

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the pointer came from Highs_create and is destroyed once.
        unsafe { ffi::Highs_destroy(self.0) }
    }
}

/// What the callback works with while HiGHS runs.
struct Listener<'a> {
    watch: &'a mut dyn Watch,
    is_mip: bool,
}

fn int(number: usize) -> Result<ffi::HighsInt, SolverError> {
    ffi::HighsInt::try_from(number).map_err(|_| SolverError(format!("{number} is too large for HiGHS")))
}

fn check(status: ffi::HighsInt, doing: &str) -> Result<(), SolverError> {
    if status == ffi::kHighsStatusError {
        return Err(SolverError(format!("HiGHS reported an error while {doing}")));
    }
    Ok(())
}

impl Instance {
    fn new() -> Result<Self, SolverError> {
        // SAFETY: no preconditions.
        let pointer = unsafe { ffi::Highs_create() };
        if pointer.is_null() {
            return Err(SolverError("HiGHS could not be started".to_owned()));
        }
        let instance = Self(pointer);
        instance.set_bool("output_flag", false)?;
        Ok(instance)
    }

    fn set_bool(&self, name: &str, value: bool) -> Result<(), SolverError> {
        let name_c = c_string(name)?;
        // SAFETY: a live instance and a terminated string.
        check(unsafe { ffi::Highs_setBoolOptionValue(self.0, name_c.as_ptr(), c_int::from(value)) }, name)
    }

    fn set_int(&self, name: &str, value: ffi::HighsInt) -> Result<(), SolverError> {
        let name_c = c_string(name)?;
        // SAFETY: as above.
        check(unsafe { ffi::Highs_setIntOptionValue(self.0, name_c.as_ptr(), value) }, name)
    }

    fn set_double(&self, name: &str, value: f64) -> Result<(), SolverError> {
        let name_c = c_string(name)?;
        // SAFETY: as above.
        check(unsafe { ffi::Highs_setDoubleOptionValue(self.0, name_c.as_ptr(), value) }, name)
    }

    fn set_string(&self, name: &str, value: &str) -> Result<(), SolverError> {
        let (name_c, value_c) = (c_string(name)?, c_string(value)?);
        // SAFETY: as above.
        check(unsafe { ffi::Highs_setStringOptionValue(self.0, name_c.as_ptr(), value_c.as_ptr()) }, name)
    }

    fn info_double(&self, name: &CStr) -> f64 {
        let mut value = f64::NAN;
        // SAFETY: a live instance, a terminated string, a place for one double.
        unsafe { ffi::Highs_getDoubleInfoValue(self.0, name.as_ptr(), &raw mut value) };
        value
    }

    fn info_int(&self, name: &CStr) -> ffi::HighsInt {
        let mut value = 0;
        // SAFETY: a live instance, a terminated string, a place for one integer.
        unsafe { ffi::Highs_getIntInfoValue(self.0, name.as_ptr(), &raw mut value) };
        value
    }

    fn pass(&self, problem: &Problem) -> Result<(), SolverError> {
        let starts = problem.starts.iter().map(|&s| int(s)).collect::<Result<Vec<_>, _>>()?;
        let columns = problem.columns.iter().map(|&c| int(c)).collect::<Result<Vec<_>, _>>()?;
        let integrality: Vec<ffi::HighsInt> = problem.integer.iter().map(|&i| i.into()).collect();
        // SAFETY: all arrays live through the call and have the lengths that are passed with them.
        let status = unsafe {
            ffi::Highs_passMip(
                self.0,
                int(problem.costs.len())?,
                int(problem.row_lower.len())?,
                int(problem.columns.len())?,
                ffi::kHighsMatrixFormatRowwise,
                ffi::kHighsObjSenseMinimize,
                0.0,
                problem.costs.as_ptr(),
                problem.lower.as_ptr(),
                problem.upper.as_ptr(),
                problem.row_lower.as_ptr(),
                problem.row_upper.as_ptr(),
                starts.as_ptr(),
                columns.as_ptr(),
                problem.coefficients.as_ptr(),
                integrality.as_ptr(),
            )
        };
        check(status, "taking the model")
    }

    fn apply(&self, options: &Options) -> Result<(), SolverError> {
        self.set_double("mip_rel_gap", options.gap)?;
        self.set_double("mip_abs_gap", 1e-9)?;
        // Tighter than the default 1e-6: with big-M rows the default lets money leak through a closed line.
        self.set_double("mip_feasibility_tolerance", 1e-8)?;
        self.set_double("primal_feasibility_tolerance", 1e-8)?;
        if let Some(limit) = options.time_limit {
            self.set_double("time_limit", limit.as_secs_f64())?;
        }
        if let Some(limit) = options.node_limit {
            self.set_int("mip_max_nodes", ffi::HighsInt::try_from(limit).unwrap_or(ffi::HighsInt::MAX))?;
        }
        self.set_int("threads", int(options.threads)?)?;
        self.set_string("parallel", if options.threads > 1 { "on" } else { "off" })?;
        self.set_int("random_seed", ffi::HighsInt::try_from(options.seed).unwrap_or(0))
    }

    fn listen(&self, listener: &mut Listener<'_>) -> Result<(), SolverError> {
        // SAFETY: the listener outlives the run that follows, in `Solver::solve`.
        let status =
            unsafe { ffi::Highs_setCallback(self.0, Some(callback), std::ptr::from_mut(listener).cast()) };
        check(status, "setting the callback")?;
        for kind in [
            ffi::kHighsCallbackSimplexInterrupt,
            ffi::kHighsCallbackIpmInterrupt,
            ffi::kHighsCallbackMipInterrupt,
            ffi::kHighsCallbackMipLogging,
            ffi::kHighsCallbackMipImprovingSolution,
        ] {
            // SAFETY: a live instance.
            check(unsafe { ffi::Highs_startCallback(self.0, kind) }, "starting a callback")?;
        }
        Ok(())
    }

    /// The best point, and the dual value of each row.
    fn point(&self, columns: usize, rows: usize) -> Option<(Vec<f64>, Vec<f64>)> {
        if self.info_int(c"primal_solution_status") != ffi::kHighsSolutionStatusFeasible {
            return None;
        }
        let (mut value, mut dual) = (vec![0.0; columns], vec![0.0; columns]);
        let (mut row_value, mut row_dual) = (vec![0.0; rows], vec![0.0; rows]);
        // SAFETY: arrays of the model's own lengths.
        let status = unsafe {
            ffi::Highs_getSolution(
                self.0,
                value.as_mut_ptr(),
                dual.as_mut_ptr(),
                row_value.as_mut_ptr(),
                row_dual.as_mut_ptr(),
            )
        };
        (status != ffi::kHighsStatusError).then_some((value, row_dual))
    }
}

fn c_string(text: &str) -> Result<CString, SolverError> {
    CString::new(text).map_err(|_| SolverError(format!("'{text}' contains a zero byte")))
}

/// Called by HiGHS on the thread that runs it.
unsafe extern "C" fn callback(
    kind: c_int,
    _message: *const c_char,
    out: *const ffi::HighsCallbackDataOut,
    input: *mut ffi::HighsCallbackDataIn,
    user: *mut c_void,
) {
    // SAFETY: HiGHS passes back the pointer given to Highs_setCallback, which lives through the run,
    // and valid data for the duration of the call.
    let (listener, out) = unsafe { (&mut *user.cast::<Listener<'_>>(), &*out) };
    let finite = |number: f64| (number.abs() < 1e29).then_some(number);
    let progress = if listener.is_mip {
        Progress { value: finite(out.mip_primal_bound), bound: finite(out.mip_dual_bound) }
    } else {
        Progress { value: None, bound: None }
    };
    let go_on = listener.watch.report(progress);
    let may_interrupt = kind == ffi::kHighsCallbackSimplexInterrupt
        || kind == ffi::kHighsCallbackIpmInterrupt
        || kind == ffi::kHighsCallbackMipInterrupt;
    if may_interrupt && !input.is_null() {
        // SAFETY: HiGHS gives a place to answer in the interrupt callbacks.
        unsafe { (*input).user_interrupt = c_int::from(!go_on) };
    }
}

impl Solver for Highs {
    fn id(&self) -> &'static str {
        "highs"
    }

    fn version(&self) -> String {
        // SAFETY: a static string.
        unsafe { CStr::from_ptr(ffi::Highs_version()) }.to_string_lossy().into_owned()
    }

    fn solve(
        &self,
        problem: &Problem,
        options: &Options,
        watch: &mut dyn Watch,
    ) -> Result<Answer, SolverError> {
        if let Some(answer) = Answer::without_columns(problem) {
            return Ok(answer);
        }
        let instance = Instance::new()?;
        instance.pass(problem)?;
        instance.apply(options)?;
        if let Some(start) = &problem.start {
            let null = std::ptr::null();
            // SAFETY: one value for each column; the other arrays may be null.
            let status = unsafe { ffi::Highs_setSolution(instance.0, start.as_ptr(), null, null, null) };
            check(status, "taking the starting point")?;
        }
        let is_mip = problem.has_integers();
        let mut listener = Listener { watch, is_mip };
        instance.listen(&mut listener)?;
        // SAFETY: a live instance with a model.
        let status = unsafe { ffi::Highs_run(instance.0) };
        // SAFETY: a live instance.
        let model_status = unsafe { ffi::Highs_getModelStatus(instance.0) };
        let stop = match model_status {
            ffi::kHighsModelStatusOptimal
            | ffi::kHighsModelStatusInfeasible
            | ffi::kHighsModelStatusUnboundedOrInfeasible
            | ffi::kHighsModelStatusModelEmpty => Stop::Finished,
            ffi::kHighsModelStatusTimeLimit => Stop::TimeLimit,
            ffi::kHighsModelStatusInterrupt | ffi::kHighsModelStatusHighsInterrupt => Stop::Interrupted,
            ffi::kHighsModelStatusIterationLimit
            | ffi::kHighsModelStatusSolutionLimit
            | ffi::kHighsModelStatusMemoryLimit => Stop::WorkLimit,
            other => {
                check(status, "solving")?;
                return Err(SolverError(format!("HiGHS stopped with model status {other}")));
            }
        };
        let (point, duals) = instance.point(problem.costs.len(), problem.row_lower.len()).unzip();
        let bound = match (is_mip, model_status) {
            (true, _) => instance.info_double(c"mip_dual_bound"),
            // An LP's optimal basis is dual feasible, so its value is its bound.
            (false, ffi::kHighsModelStatusOptimal) => instance.info_double(c"objective_function_value"),
            (false, _) => f64::NEG_INFINITY,
        };
        Ok(Answer {
            stop,
            // All our columns are bounded where they earn anything, so "unbounded or infeasible" is the latter.
            infeasible: matches!(
                model_status,
                ffi::kHighsModelStatusInfeasible | ffi::kHighsModelStatusUnboundedOrInfeasible
            ),
            point,
            bound: if bound.is_finite() { bound } else { f64::NEG_INFINITY },
            duals: duals.filter(|_| !is_mip && model_status == ffi::kHighsModelStatusOptimal),
        })
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
        let status = unsafe { ffi::Highs_passColName(instance.0, int(position)?, name_c.as_ptr()) };
        check(status, &format!("naming the column {name}"))?;
    }
    for (position, name) in row_names.iter().enumerate() {
        let name_c = c_string(name)?;
        // SAFETY: a live instance, a row of it, a terminated string.
        let status = unsafe { ffi::Highs_passRowName(instance.0, int(position)?, name_c.as_ptr()) };
        check(status, &format!("naming the row {name}"))?;
    }
    let path_c = c_string(&path.to_string_lossy())?;
    // SAFETY: a live instance and a terminated string.
    check(unsafe { ffi::Highs_writeModel(instance.0, path_c.as_ptr()) }, "writing the model")
}
