//! A problem inside a live HiGHS instance.

use std::ops::Range;
use std::time::Instant;

use highs_sys as ffi;

use super::instance::{Basis, Instance, check};
use super::memory::Memory;
use super::trial::Trial;
use crate::solve::session::Size;
use crate::solve::{Answer, Method, NewColumn, Options, Problem, Session, SolverError, Stop, Watch};

/// What an edited linear problem can be solved from.
enum Kept {
    /// Nothing of use.
    Nothing,
    /// The instance holds basis and factors of the last linear problem, and carries them through edits.
    Live,
    /// The basis that the last linear problem had, before one with integers came between.
    Aside(Basis),
}

/// The session: the model is in the instance, and here only what HiGHS does not say quickly.
pub(super) struct Live {
    instance: Instance,
    size: Size,
    integer: Vec<bool>,
    /// How many columns are integer.
    integers: usize,
    start: Option<Vec<f64>>,
    /// What the instance was last told, and whether for a problem with integers.
    applied: Option<(Options, bool)>,
    /// The limit of iterations from a basis that the instance was last told; `None` is from nothing.
    limited: Option<i32>,
    kept: Kept,
    /// Whether the instance holds the optimum of the problem as it stands.
    is_optimal: bool,
    memory: Memory,
    trial: Trial,
}

impl Live {
    pub(super) fn open(problem: &Problem) -> Result<Self, SolverError> {
        let instance = Instance::new()?;
        instance.pass(problem)?;
        instance.listen()?;
        let mut live = Self {
            instance,
            size: Size::of(problem),
            integer: problem.integer.clone(),
            integers: problem.integer.iter().filter(|&&integer| integer).count(),
            start: None,
            applied: None,
            limited: None,
            kept: Kept::Nothing,
            is_optimal: false,
            memory: Memory::new(&problem.row_lower, &problem.row_upper),
            trial: Trial::default(),
        };
        live.set_start(problem.start.as_deref())?;
        Ok(live)
    }

    /// Tells the instance what has changed in the options, which is nothing in most of a sequence.
    fn apply(&mut self, options: &Options) -> Result<(), SolverError> {
        let is_mip = self.integers > 0;
        if self.applied.as_ref().is_some_and(|(told, of_mip)| told == options && *of_mip == is_mip) {
            return Ok(());
        }
        self.applied = None;
        self.instance.apply(options, is_mip)?;
        self.applied = Some((options.clone(), is_mip));
        Ok(())
    }

    fn limit(&mut self, iterations: Option<i32>) -> Result<(), SolverError> {
        if self.limited != iterations {
            self.instance.prepare_simplex(iterations)?;
            self.limited = iterations;
        }
        Ok(())
    }

    /// Solves a problem with integers: from nothing but the starting point, so that it goes the way of a
    /// problem that is solved once. The basis of a linear problem is put aside.
    fn solve_mip(&mut self, watch: &mut dyn Watch) -> Result<Answer, SolverError> {
        if matches!(self.kept, Kept::Live) {
            self.kept = Kept::Aside(self.instance.basis(self.size.columns, self.size.rows)?);
        }
        self.limit(None)?;
        let options = self.applied.as_ref().map(|(options, _)| options);
        let limit = options.and_then(|options| options.iteration_limit);
        let (status, model_status) = self.with_presolve_or_without(|live| {
            live.instance.forget()?;
            if let Some(start) = &live.start {
                live.instance.start_from(start)?;
            }
            Ok(live.instance.run(watch, Some(limit.unwrap_or(u64::MAX))))
        })?;
        let iterations = self.instance.iterations();
        let stop = match stop(status, model_status)? {
            Stop::Interrupted if limit.is_some_and(|limit| iterations >= limit) => Stop::WorkLimit,
            stop => stop,
        };
        Ok(Answer {
            stop,
            iterations,
            infeasible: is_infeasible(model_status),
            point: self.instance.point(self.size.columns),
            bound: finite(self.instance.info_double(c"mip_dual_bound")),
            duals: None,
        })
    }

    /// A run from nothing: what it returned, and the model's status. Presolve's point can miss a row by more than
    /// the tolerance where limits are small, and HiGHS then gives up; without presolve it does not come to that.
    fn with_presolve_or_without(
        &mut self,
        mut run: impl FnMut(&mut Self) -> Result<(ffi::HighsInt, ffi::HighsInt), SolverError>,
    ) -> Result<(ffi::HighsInt, ffi::HighsInt), SolverError> {
        let started = Instant::now();
        let (status, model_status) = run(self)?;
        if !matches!(model_status, ffi::kHighsModelStatusSolveError | ffi::kHighsModelStatusUnknown) {
            return Ok((status, model_status));
        }
        let time_limit = self.applied.as_ref().and_then(|(options, _)| options.time_limit);
        self.instance.set_string("presolve", "off")?;
        if let Some(time) = time_limit {
            self.instance.set_time_limit(Some(time.saturating_sub(started.elapsed())))?;
        }
        let again = run(self);
        self.instance.set_time_limit(time_limit)?;
        self.instance.set_string("presolve", "choose")?;
        again
    }

    fn solve_lp(&mut self, method: Method, watch: &mut dyn Watch) -> Result<Answer, SolverError> {
        if method == Method::InteriorPoint {
            return self.solve_by_interior_point(watch);
        }
        if !matches!(self.kept, Kept::Nothing)
            && let Some(most) = self.trial.limit()
        {
            self.take_basis(most)?;
            let (_, model_status) = self.instance.run(watch, None);
            if let Some(answer) = self.hot_answer(model_status) {
                self.trial.won();
                return Ok(answer);
            }
            self.trial.lost();
        }
        self.limit(None)?;
        let (status, model_status) = self.with_presolve_or_without(|live| {
            live.instance.forget()?;
            Ok(live.instance.run(watch, None))
        })?;
        self.ended(model_status);
        let stop = stop(status, model_status)?;
        if stop == Stop::Finished {
            self.trial.solved_cold(self.instance.info_int(c"simplex_iteration_count"));
        }
        Ok(self.lp_answer(stop, model_status))
    }

    /// Makes ready for a solve from a basis, with so many iterations at most.
    fn take_basis(&mut self, most: i32) -> Result<(), SolverError> {
        let was_cold = self.limited.is_none();
        self.limit(Some(most))?;
        let near = self.memory.nearer_than_live();
        if was_cold {
            // How HiGHS prices it settles when a model comes to its simplex method, not when it is told.
            let own = match &self.kept {
                Kept::Aside(basis) => basis.clone(),
                _ => self.instance.basis(self.size.columns, self.size.rows)?,
            };
            self.instance.forget()?;
            self.instance.set_basis(near.unwrap_or(&own))?;
        } else if let Some(basis) = near {
            self.instance.set_basis(basis)?;
        }
        self.kept = Kept::Live;
        Ok(())
    }

    /// The answer of a solve from the basis; `None` where it was given up, or came to an end that a solve
    /// from nothing may not come to.
    fn hot_answer(&mut self, model_status: ffi::HighsInt) -> Option<Answer> {
        let stop = match model_status {
            ffi::kHighsModelStatusOptimal | ffi::kHighsModelStatusInfeasible => Stop::Finished,
            ffi::kHighsModelStatusTimeLimit => Stop::TimeLimit,
            ffi::kHighsModelStatusInterrupt | ffi::kHighsModelStatusHighsInterrupt => Stop::Interrupted,
            _ => return None,
        };
        let answer = self.lp_answer(stop, model_status);
        if model_status == ffi::kHighsModelStatusOptimal && answer.point.is_none() {
            return None;
        }
        self.ended(model_status);
        Some(answer)
    }

    /// Notes what a linear problem has left.
    fn ended(&mut self, model_status: ffi::HighsInt) {
        self.kept = if self.instance.has_basis() { Kept::Live } else { Kept::Nothing };
        self.is_optimal = model_status == ffi::kHighsModelStatusOptimal;
        self.memory.solved();
    }

    /// Keeps the basis of an optimum before bounds of rows change.
    fn remember(&mut self) -> Result<(), SolverError> {
        if self.is_optimal && matches!(self.kept, Kept::Live) && self.memory.is_new() {
            self.memory.keep(self.instance.basis(self.size.columns, self.size.rows)?);
        }
        self.is_optimal = false;
        Ok(())
    }

    /// Something else than bounds of rows changes.
    fn begin_anew(&mut self) {
        self.is_optimal = false;
        self.memory.begin_anew();
    }

    fn lp_answer(&self, stop: Stop, model_status: ffi::HighsInt) -> Answer {
        let is_optimal = model_status == ffi::kHighsModelStatusOptimal;
        Answer {
            stop,
            infeasible: is_infeasible(model_status),
            point: self.instance.point(self.size.columns),
            // An optimal basis is dual feasible, so its value is its bound.
            bound: if is_optimal {
                finite(self.instance.info_double(c"objective_function_value"))
            } else {
                f64::NEG_INFINITY
            },
            duals: if is_optimal { self.instance.duals(self.size.rows) } else { None },
            iterations: self.instance.iterations(),
        }
    }

    fn solve_by_interior_point(&mut self, watch: &mut dyn Watch) -> Result<Answer, SolverError> {
        self.kept = Kept::Nothing;
        self.limit(None)?;
        self.instance.forget()?;
        let (status, model_status) = self.instance.run(watch, None);
        let stop = stop(status, model_status)?;
        let is_optimal = model_status == ffi::kHighsModelStatusOptimal;
        // Only a basic solution has a value that is also its bound. Here the two objectives differ, so the
        // dual one is claimed: primal value less error; and only when HiGHS calls the point optimal, that is
        // also dual feasible to its tolerance.
        let bound = if is_optimal {
            let value = self.instance.info_double(c"objective_function_value");
            let error = self.instance.info_double(c"primal_dual_objective_error");
            finite(value - error * (1.0 + 2.0 * value.abs()) / (1.0 - error.min(0.5)))
        } else {
            f64::NEG_INFINITY
        };
        Ok(Answer {
            stop,
            infeasible: is_infeasible(model_status),
            point: self.instance.point(self.size.columns),
            bound,
            duals: self.instance.duals(self.size.rows),
            iterations: 0,
        })
    }
}

fn finite(bound: f64) -> f64 {
    if bound.is_finite() { bound } else { f64::NEG_INFINITY }
}

/// All our columns are bounded where they earn anything, so "unbounded or infeasible" is the latter.
fn is_infeasible(model_status: ffi::HighsInt) -> bool {
    matches!(model_status, ffi::kHighsModelStatusInfeasible | ffi::kHighsModelStatusUnboundedOrInfeasible)
}

/// Why a run ended.
fn stop(status: ffi::HighsInt, model_status: ffi::HighsInt) -> Result<Stop, SolverError> {
    Ok(match model_status {
        ffi::kHighsModelStatusOptimal
        | ffi::kHighsModelStatusInfeasible
        | ffi::kHighsModelStatusUnboundedOrInfeasible
        | ffi::kHighsModelStatusModelEmpty => Stop::Finished,
        ffi::kHighsModelStatusTimeLimit => Stop::TimeLimit,
        ffi::kHighsModelStatusInterrupt | ffi::kHighsModelStatusHighsInterrupt => Stop::Interrupted,
        // Unknown: the method could not come closer. An interior point's dual values are multipliers all the same.
        ffi::kHighsModelStatusIterationLimit
        | ffi::kHighsModelStatusUnknown
        | ffi::kHighsModelStatusSolutionLimit
        | ffi::kHighsModelStatusMemoryLimit => Stop::WorkLimit,
        other => {
            check(status, "solving")?;
            return Err(SolverError(format!("HiGHS stopped with model status {other}")));
        }
    })
}

impl Session for Live {
    fn set_costs(&mut self, costs: &[(usize, f64)]) -> Result<(), SolverError> {
        self.instance.change_costs(&self.size.costs(costs)?)?;
        self.begin_anew();
        Ok(())
    }

    fn set_column_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError> {
        self.instance.change_column_bounds(&self.size.column_bounds(bounds)?)?;
        self.begin_anew();
        Ok(())
    }

    fn set_row_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError> {
        let bounds = self.size.row_bounds(bounds)?;
        self.remember()?;
        self.instance.change_row_bounds(&bounds)?;
        self.memory.edit(&bounds);
        Ok(())
    }

    fn set_integer(&mut self, columns: &[usize], integer: bool) -> Result<(), SolverError> {
        self.size.check_columns(columns)?;
        let mut changed: Vec<usize> =
            columns.iter().copied().filter(|&column| self.integer[column] != integer).collect();
        changed.sort_unstable();
        changed.dedup();
        self.instance.change_integrality(&changed, integer)?;
        for &column in &changed {
            self.integer[column] = integer;
        }
        self.integers = if integer { self.integers + changed.len() } else { self.integers - changed.len() };
        Ok(())
    }

    fn add_row(&mut self, terms: &[(usize, f64)], lower: f64, upper: f64) -> Result<usize, SolverError> {
        self.size.check_row(terms, lower, upper)?;
        self.instance.add_row(terms, lower, upper)?;
        self.is_optimal = false;
        self.memory.add_row(lower, upper);
        if let Kept::Aside(basis) = &mut self.kept {
            basis.rows.push(ffi::kHighsBasisStatusBasic);
        }
        self.size.rows += 1;
        Ok(self.size.rows - 1)
    }

    fn add_columns(&mut self, columns: &[NewColumn]) -> Result<Range<usize>, SolverError> {
        self.size.check_new_columns(columns)?;
        self.instance.add_columns(columns)?;
        self.begin_anew();
        let first = self.size.columns;
        self.size.columns += columns.len();
        self.start = None;
        self.integer.resize(self.size.columns, false);
        if let Kept::Aside(basis) = &mut self.kept {
            basis.columns.resize(self.size.columns, ffi::kHighsBasisStatusNonbasic);
        }
        let added = first..self.size.columns;
        let integers: Vec<usize> =
            added.clone().zip(columns).filter(|(_, new)| new.integer).map(|(column, _)| column).collect();
        self.set_integer(&integers, true)?;
        Ok(added)
    }

    fn set_start(&mut self, start: Option<&[f64]>) -> Result<(), SolverError> {
        start.map_or(Ok(()), |start| self.size.check_start(start))?;
        self.start = start.map(<[f64]>::to_vec);
        Ok(())
    }

    fn solve(&mut self, options: &Options, watch: &mut dyn Watch) -> Result<Answer, SolverError> {
        self.apply(options)?;
        self.instance.zero_clocks();
        if self.integers > 0 { self.solve_mip(watch) } else { self.solve_lp(options.method, watch) }
    }
}
