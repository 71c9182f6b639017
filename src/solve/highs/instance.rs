//! One HiGHS instance behind functions that check what they are given and what comes back.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::null;
use std::time::Duration;

use highs_sys as ffi;

use super::heap::keep_freed_memory;
use crate::solve::{
    FEASIBILITY_TOLERANCE, Method, NewColumn, Options, Problem, Progress, SolverError, Watch,
};

/// Values of HiGHS's option `simplex_dual_edge_weight_strategy`.
const CHOOSE: ffi::HighsInt = -1;
const DEVEX: ffi::HighsInt = 1;

/// One HiGHS instance, freed when dropped.
pub(super) struct Instance {
    pointer: *mut c_void,
    /// Where the callback finds who listens: a [`Listener`] while HiGHS runs, null otherwise. It is on the
    /// heap because HiGHS holds its address, so that callbacks are registered once for all runs.
    listener: Box<Cell<*mut c_void>>,
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the pointer came from Highs_create and is destroyed once.
        unsafe { ffi::Highs_destroy(self.pointer) }
    }
}

/// What the callback works with while HiGHS runs.
struct Listener<'a> {
    watch: &'a mut dyn Watch,
    /// Most simplex iterations of a mixed-integer problem; `None` for a linear one.
    most_iterations: Option<u64>,
}

/// Status of each column and row in a basis, in the numbers of HiGHS.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    pub(super) columns: Vec<ffi::HighsInt>,
    pub(super) rows: Vec<ffi::HighsInt>,
}

thread_local! {
    /// How many threads HiGHS has set up for solves that are started from this one; 0 is none yet.
    static WORKERS: Cell<ffi::HighsInt> = const { Cell::new(0) };
}

/// Lets the next solve have another number of threads than the last. HiGHS keeps its workers, one set for
/// each thread that calls it, and refuses to solve with another number until they are dismissed.
fn threads_may_be(threads: ffi::HighsInt) {
    if WORKERS.replace(threads) != threads {
        // SAFETY: no solve is under way on this thread. Not blocking: the workers end by themselves.
        unsafe { ffi::Highs_resetThreadScheduler(0) };
    }
}

pub(super) fn int(number: usize) -> Result<ffi::HighsInt, SolverError> {
    ffi::HighsInt::try_from(number).map_err(|_| SolverError(format!("{number} is too large for HiGHS")))
}

fn ints(numbers: impl IntoIterator<Item = usize>) -> Result<Vec<ffi::HighsInt>, SolverError> {
    numbers.into_iter().map(int).collect()
}

pub(super) fn check(status: ffi::HighsInt, doing: &str) -> Result<(), SolverError> {
    if status == ffi::kHighsStatusError {
        return Err(SolverError(format!("HiGHS reported an error while {doing}")));
    }
    Ok(())
}

pub(super) fn c_string(text: &str) -> Result<CString, SolverError> {
    CString::new(text).map_err(|_| SolverError(format!("'{text}' contains a zero byte")))
}

/// Options, pointers and single numbers.
impl Instance {
    pub(super) fn new() -> Result<Self, SolverError> {
        keep_freed_memory();
        // SAFETY: no preconditions.
        let pointer = unsafe { ffi::Highs_create() };
        if pointer.is_null() {
            return Err(SolverError("HiGHS could not be started".to_owned()));
        }
        let instance = Self { pointer, listener: Box::new(Cell::new(std::ptr::null_mut())) };
        instance.set_bool("output_flag", false)?;
        Ok(instance)
    }

    pub(super) fn pointer(&self) -> *mut c_void {
        self.pointer
    }

    fn set_bool(&self, name: &str, value: bool) -> Result<(), SolverError> {
        let name_c = c_string(name)?;
        // SAFETY: a live instance and a terminated string.
        check(
            unsafe { ffi::Highs_setBoolOptionValue(self.pointer, name_c.as_ptr(), c_int::from(value)) },
            name,
        )
    }

    fn set_int(&self, name: &str, value: ffi::HighsInt) -> Result<(), SolverError> {
        let name_c = c_string(name)?;
        // SAFETY: as above.
        check(unsafe { ffi::Highs_setIntOptionValue(self.pointer, name_c.as_ptr(), value) }, name)
    }

    fn set_double(&self, name: &str, value: f64) -> Result<(), SolverError> {
        let name_c = c_string(name)?;
        // SAFETY: as above.
        check(unsafe { ffi::Highs_setDoubleOptionValue(self.pointer, name_c.as_ptr(), value) }, name)
    }

    pub(super) fn set_string(&self, name: &str, value: &str) -> Result<(), SolverError> {
        let (name_c, value_c) = (c_string(name)?, c_string(value)?);
        // SAFETY: as above.
        let status =
            unsafe { ffi::Highs_setStringOptionValue(self.pointer, name_c.as_ptr(), value_c.as_ptr()) };
        check(status, name)
    }

    /// Seconds for each run from now on.
    pub(super) fn set_time_limit(&self, limit: Option<Duration>) -> Result<(), SolverError> {
        self.set_double("time_limit", limit.map_or(f64::INFINITY, |limit| limit.as_secs_f64()))
    }

    /// Passes every option, those too that are as HiGHS has them from the start: an earlier solve may have
    /// set them otherwise.
    pub(super) fn apply(&self, options: &Options, is_mip: bool) -> Result<(), SolverError> {
        self.set_double("mip_rel_gap", options.gap)?;
        self.set_double("mip_abs_gap", 1e-9)?;
        self.set_double("mip_feasibility_tolerance", FEASIBILITY_TOLERANCE)?;
        self.set_double("primal_feasibility_tolerance", FEASIBILITY_TOLERANCE)?;
        self.set_time_limit(options.time_limit)?;
        let nodes = options.node_limit.and_then(|limit| ffi::HighsInt::try_from(limit).ok());
        self.set_int("mip_max_nodes", nodes.unwrap_or(ffi::HighsInt::MAX))?;
        threads_may_be(int(options.threads)?);
        self.set_int("threads", int(options.threads)?)?;
        self.set_string("parallel", if options.threads > 1 { "on" } else { "off" })?;
        self.set_int("random_seed", ffi::HighsInt::try_from(options.seed).unwrap_or(0))?;
        let (solver, crossover) = match options.method {
            Method::Choose => ("choose", "on"),
            _ if is_mip => ("choose", "on"),
            Method::Simplex => ("simplex", "on"),
            Method::InteriorPoint => ("ipm", "off"),
        };
        // The first relaxation of a large mixed-integer problem: where simplex alone needs minutes.
        let root = if is_mip && options.method == Method::InteriorPoint { "ipm" } else { "choose" };
        self.set_string("mip_lp_solver", root)?;
        self.set_string("solver", solver)?;
        self.set_string("run_crossover", crossover)
    }

    /// Makes ready for the simplex method from a basis, with so many iterations at most; or from nothing,
    /// without a limit. From a basis it prices by Devex: the weights of steepest edge have to be computed for
    /// a basis that comes from elsewhere, which takes as long as a hundred iterations.
    pub(super) fn prepare_simplex(&self, from_basis: Option<ffi::HighsInt>) -> Result<(), SolverError> {
        self.set_int("simplex_iteration_limit", from_basis.unwrap_or(ffi::HighsInt::MAX))?;
        let weights = if from_basis.is_some() { DEVEX } else { CHOOSE };
        self.set_int("simplex_dual_edge_weight_strategy", weights)
    }

    pub(super) fn info_double(&self, name: &CStr) -> f64 {
        let mut value = f64::NAN;
        // SAFETY: a live instance, a terminated string, a place for one double.
        unsafe { ffi::Highs_getDoubleInfoValue(self.pointer, name.as_ptr(), &raw mut value) };
        value
    }

    pub(super) fn info_int(&self, name: &CStr) -> ffi::HighsInt {
        let mut value = 0;
        // SAFETY: a live instance, a terminated string, a place for one integer.
        unsafe { ffi::Highs_getIntInfoValue(self.pointer, name.as_ptr(), &raw mut value) };
        value
    }
}

/// The model and edits of it. Positions are the caller's to check: HiGHS looks at those of edits, but says
/// only that there was an error.
impl Instance {
    pub(super) fn pass(&self, problem: &Problem) -> Result<(), SolverError> {
        let starts = ints(problem.starts.iter().copied())?;
        let columns = ints(problem.columns.iter().copied())?;
        let integrality: Vec<ffi::HighsInt> = problem.integer.iter().map(|&i| i.into()).collect();
        // SAFETY: all arrays live through the call and have the lengths that are passed with them.
        let status = unsafe {
            ffi::Highs_passMip(
                self.pointer,
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

    pub(super) fn change_costs(&self, costs: &BTreeMap<usize, f64>) -> Result<(), SolverError> {
        let set = ints(costs.keys().copied())?;
        let values: Vec<f64> = costs.values().copied().collect();
        // SAFETY: as many positions as values, which live through the call.
        let status = unsafe {
            ffi::Highs_changeColsCostBySet(self.pointer, int(set.len())?, set.as_ptr(), values.as_ptr())
        };
        check(status, "changing costs")
    }

    pub(super) fn change_column_bounds(
        &self,
        bounds: &BTreeMap<usize, (f64, f64)>,
    ) -> Result<(), SolverError> {
        let set = ints(bounds.keys().copied())?;
        let (lower, upper): (Vec<f64>, Vec<f64>) = bounds.values().copied().unzip();
        // SAFETY: as many positions as bounds, which live through the call.
        let status = unsafe {
            ffi::Highs_changeColsBoundsBySet(
                self.pointer,
                int(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        check(status, "changing bounds of columns")
    }

    pub(super) fn change_row_bounds(&self, bounds: &BTreeMap<usize, (f64, f64)>) -> Result<(), SolverError> {
        let set = ints(bounds.keys().copied())?;
        let (lower, upper): (Vec<f64>, Vec<f64>) = bounds.values().copied().unzip();
        // SAFETY: as many positions as bounds, which live through the call.
        let status = unsafe {
            ffi::Highs_changeRowsBoundsBySet(
                self.pointer,
                int(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        check(status, "changing bounds of rows")
    }

    /// Columns in ascending order, each once.
    pub(super) fn change_integrality(&self, columns: &[usize], integer: bool) -> Result<(), SolverError> {
        let set = ints(columns.iter().copied())?;
        let kinds = vec![ffi::HighsInt::from(integer); set.len()];
        // SAFETY: as many positions as kinds, which live through the call.
        let status = unsafe {
            ffi::Highs_changeColsIntegralityBySet(self.pointer, int(set.len())?, set.as_ptr(), kinds.as_ptr())
        };
        check(status, "changing which columns are integer")
    }

    pub(super) fn add_row(&self, terms: &[(usize, f64)], lower: f64, upper: f64) -> Result<(), SolverError> {
        let columns = ints(terms.iter().map(|&(column, _)| column))?;
        let coefficients: Vec<f64> = terms.iter().map(|&(_, coefficient)| coefficient).collect();
        // SAFETY: as many columns as coefficients, which live through the call.
        let status = unsafe {
            ffi::Highs_addRow(
                self.pointer,
                lower,
                upper,
                int(columns.len())?,
                columns.as_ptr(),
                coefficients.as_ptr(),
            )
        };
        check(status, "adding a row")
    }

    /// All of them at once: HiGHS copies its matrix for each call.
    pub(super) fn add_columns(&self, new: &[NewColumn]) -> Result<(), SolverError> {
        let entries = || new.iter().flat_map(|column| &column.entries);
        let mut starts = Vec::with_capacity(new.len());
        let mut count = 0;
        for column in new {
            starts.push(int(count)?);
            count += column.entries.len();
        }
        let rows = ints(entries().map(|&(row, _)| row))?;
        let coefficients: Vec<f64> = entries().map(|&(_, coefficient)| coefficient).collect();
        let each = |get: fn(&NewColumn) -> f64| -> Vec<f64> { new.iter().map(get).collect() };
        let (costs, lower, upper) = (each(|new| new.cost), each(|new| new.lower), each(|new| new.upper));
        // SAFETY: arrays of one value a column and of one value an entry, which live through the call.
        let status = unsafe {
            ffi::Highs_addCols(
                self.pointer,
                int(new.len())?,
                costs.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
                int(count)?,
                starts.as_ptr(),
                rows.as_ptr(),
                coefficients.as_ptr(),
            )
        };
        check(status, "adding columns")
    }
}

/// Runs and what they leave.
impl Instance {
    /// Has the callbacks called in every run from now on.
    pub(super) fn listen(&self) -> Result<(), SolverError> {
        let place: *const Cell<*mut c_void> = &raw const *self.listener;
        // SAFETY: the place is on the heap and lives as long as the instance.
        let status = unsafe { ffi::Highs_setCallback(self.pointer, Some(callback), place.cast_mut().cast()) };
        check(status, "setting the callback")?;
        for kind in [
            ffi::kHighsCallbackSimplexInterrupt,
            ffi::kHighsCallbackIpmInterrupt,
            ffi::kHighsCallbackMipInterrupt,
            ffi::kHighsCallbackMipLogging,
            ffi::kHighsCallbackMipImprovingSolution,
        ] {
            // SAFETY: a live instance.
            check(unsafe { ffi::Highs_startCallback(self.pointer, kind) }, "starting a callback")?;
        }
        Ok(())
    }

    /// Runs; returns the status of the call and that of the model.
    pub(super) fn run(
        &self,
        watch: &mut dyn Watch,
        most_iterations: Option<u64>,
    ) -> (ffi::HighsInt, ffi::HighsInt) {
        let mut listener = Listener { watch, most_iterations };
        self.listener.set((&raw mut listener).cast());
        // SAFETY: a live instance with a model; the listener outlives the run, after which nobody listens.
        let status = unsafe { ffi::Highs_run(self.pointer) };
        self.listener.set(std::ptr::null_mut());
        // SAFETY: a live instance.
        (status, unsafe { ffi::Highs_getModelStatus(self.pointer) })
    }

    /// HiGHS holds its time limit against a clock that runs on from run to run: back to nothing.
    pub(super) fn zero_clocks(&self) {
        // SAFETY: a live instance.
        unsafe { ffi::Highs_zeroAllClocks(self.pointer) };
    }

    /// Simplex iterations of the last run.
    pub(super) fn iterations(&self) -> u64 {
        u64::try_from(self.info_int(c"simplex_iteration_count")).unwrap_or_default()
    }

    /// Forgets basis, factors and point, and keeps the model.
    pub(super) fn forget(&self) -> Result<(), SolverError> {
        // SAFETY: a live instance.
        check(unsafe { ffi::Highs_clearSolver(self.pointer) }, "forgetting the last solve")
    }

    pub(super) fn start_from(&self, start: &[f64]) -> Result<(), SolverError> {
        // SAFETY: one value for each column, which the caller sees to; the other arrays may be null.
        let status = unsafe { ffi::Highs_setSolution(self.pointer, start.as_ptr(), null(), null(), null()) };
        check(status, "taking the starting point")
    }

    /// The point, for a model of so many columns; `None` where it is not feasible.
    pub(super) fn point(&self, columns: usize) -> Option<Vec<f64>> {
        if self.info_int(c"primal_solution_status") != ffi::kHighsSolutionStatusFeasible {
            return None;
        }
        let mut value = vec![0.0; columns];
        let null = std::ptr::null_mut;
        // SAFETY: an array of one value a column; those that are not wanted may be null.
        let status =
            unsafe { ffi::Highs_getSolution(self.pointer, value.as_mut_ptr(), null(), null(), null()) };
        (status != ffi::kHighsStatusError).then_some(value)
    }

    /// The dual value of each row, for a model of so many rows, where there are any.
    pub(super) fn duals(&self, rows: usize) -> Option<Vec<f64>> {
        if self.info_int(c"dual_solution_status") == ffi::kHighsSolutionStatusNone {
            return None;
        }
        let mut value = vec![0.0; rows];
        let null = std::ptr::null_mut;
        // SAFETY: an array of one value a row; those that are not wanted may be null.
        let status =
            unsafe { ffi::Highs_getSolution(self.pointer, null(), null(), null(), value.as_mut_ptr()) };
        (status != ffi::kHighsStatusError).then_some(value)
    }

    /// Whether the last run left a basis from which the next can go on.
    pub(super) fn has_basis(&self) -> bool {
        self.info_int(c"basis_validity") == ffi::kHighsBasisValidityValid
    }

    /// The basis, for a model of so many columns and rows.
    pub(super) fn basis(&self, columns: usize, rows: usize) -> Result<Basis, SolverError> {
        let mut basis = Basis { columns: vec![0; columns], rows: vec![0; rows] };
        // SAFETY: arrays of one value a column and one a row.
        let status =
            unsafe { ffi::Highs_getBasis(self.pointer, basis.columns.as_mut_ptr(), basis.rows.as_mut_ptr()) };
        check(status, "telling the basis")?;
        Ok(basis)
    }

    /// Takes a basis of as many columns and rows as the model has, which the caller sees to.
    pub(super) fn set_basis(&self, basis: &Basis) -> Result<(), SolverError> {
        // SAFETY: arrays of one value a column and one a row.
        let status =
            unsafe { ffi::Highs_setBasis(self.pointer, basis.columns.as_ptr(), basis.rows.as_ptr()) };
        check(status, "taking the basis")
    }
}

/// Called by HiGHS on the thread that runs it.
unsafe extern "C" fn callback(
    kind: c_int,
    _message: *const c_char,
    out: *const ffi::HighsCallbackDataOut,
    input: *mut ffi::HighsCallbackDataIn,
    user: *mut c_void,
) {
    // SAFETY: HiGHS passes back the place given to Highs_setCallback, which lives as long as the instance.
    let listener = unsafe { &*user.cast::<Cell<*mut c_void>>() }.get();
    if listener.is_null() {
        return;
    }
    // SAFETY: a place that is not null holds the listener of the run that is under way, which nobody else
    // touches meanwhile; the data is valid for the duration of the call.
    let (listener, out) = unsafe { (&mut *listener.cast::<Listener<'_>>(), &*out) };
    let finite = |number: f64| (number.abs() < 1e29).then_some(number);
    let progress = if listener.most_iterations.is_some() {
        Progress { value: finite(out.mip_primal_bound), bound: finite(out.mip_dual_bound) }
    } else {
        Progress { value: None, bound: None }
    };
    let used_up = listener.most_iterations.is_some_and(|most| {
        u64::try_from(out.mip_total_lp_iterations).is_ok_and(|iterations| iterations >= most)
    });
    let go_on = listener.watch.report(progress) && !used_up;
    let may_interrupt = kind == ffi::kHighsCallbackSimplexInterrupt
        || kind == ffi::kHighsCallbackIpmInterrupt
        || kind == ffi::kHighsCallbackMipInterrupt;
    if may_interrupt && !input.is_null() {
        // SAFETY: HiGHS gives a place to answer in the interrupt callbacks.
        unsafe { (*input).user_interrupt = c_int::from(!go_on) };
    }
}
