//! Solvers behind `good_lp`: microlp, a small solver in pure Rust. Its answers are a second opinion on
//! small instances.

use std::time::Instant;

use good_lp::solvers::SolutionStatus;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, WithMipGap,
    WithTimeLimit, constraint, variable,
};

use super::session::Cold;
use super::{Answer, Options, Problem, Session, Solver, SolverError, Stop, Watch};

/// microlp, a branch-and-bound over the simplex method.
pub struct MicroLp;

impl Solver for MicroLp {
    fn id(&self) -> &'static str {
        "microlp"
    }

    /// The version of `good_lp` that brings it.
    fn version(&self) -> String {
        "good_lp 1.15".to_owned()
    }

    /// A session keeps the problem and solves it anew each time.
    fn open(&self, problem: &Problem) -> Result<Box<dyn Session>, SolverError> {
        Ok(Box::new(Cold::new(problem, solve)))
    }
}

/// It does not report while it runs, so it cannot be interrupted; of the options it knows gap and time.
fn solve(problem: &Problem, options: &Options, _watch: &mut dyn Watch) -> Result<Answer, SolverError> {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = (0..problem.costs.len())
        .map(|column| {
            let definition = variable().min(problem.lower[column]).max(problem.upper[column]);
            variables.add(if problem.integer[column] { definition.integer() } else { definition })
        })
        .collect();
    let objective: Expression =
        columns.iter().zip(&problem.costs).map(|(&column, &cost)| cost * column).sum();
    let mut model = variables.minimise(objective).using(good_lp::microlp);
    for row in 0..problem.row_lower.len() {
        let range = problem.starts[row]..problem.starts[row + 1];
        let activity: Expression = problem.columns[range.clone()]
            .iter()
            .zip(&problem.coefficients[range])
            .map(|(&column, &coefficient)| coefficient * columns[column])
            .sum();
        let (lower, upper) = (problem.row_lower[row], problem.row_upper[row]);
        if lower > f64::NEG_INFINITY {
            model = model.with(constraint::geq(activity.clone(), lower));
        }
        if upper < f64::INFINITY {
            model = model.with(constraint::leq(activity, upper));
        }
    }
    #[allow(clippy::cast_possible_truncation)]
    let mut model = model.with_mip_gap(options.gap as f32).map_err(|error| SolverError(error.to_string()))?;
    if let Some(limit) = options.time_limit {
        model = model.with_time_limit(limit.as_secs_f64());
    }
    let started = Instant::now();
    match model.solve() {
        Ok(solution) => {
            let point: Vec<f64> = columns.iter().map(|&column| solution.value(column)).collect();
            // It reports no bound: with a gap it has shown only that nothing is better by more than that.
            let cost = problem.cost(&point);
            let (stop, bound) = match solution.status() {
                SolutionStatus::Optimal => (Stop::Finished, cost),
                SolutionStatus::GapLimit => (Stop::Finished, cost - options.gap * cost.abs()),
                SolutionStatus::TimeLimit => (Stop::TimeLimit, f64::NEG_INFINITY),
            };
            Ok(Answer { point: Some(point), bound, ..Answer::nothing(stop) })
        }
        Err(ResolutionError::Infeasible) => Ok(Answer::infeasible()),
        // It calls running out of time an error when it has no point yet.
        Err(_) if options.time_limit.is_some_and(|limit| started.elapsed() >= limit) => {
            Ok(Answer::nothing(Stop::TimeLimit))
        }
        Err(error) => Err(SolverError(error.to_string())),
    }
}
