//! How near a plan is to a bound.

use super::Settings;
use crate::solve::{Answer, Options, Problem, Progress, SolverError, Stop, Watch};

/// Whether a cost is within a relative gap of a bound.
pub(super) fn is_closed(cost: f64, bound: f64, gap: f64) -> bool {
    cost - bound <= gap * cost.abs() + 1e-9
}

/// A bound of what is counted in whole numbers cannot lie between two of them.
pub(super) fn whole_up(problem: &Problem, bound: f64) -> f64 {
    if is_counted(problem) { (bound - 1e-6).ceil() } else { bound }
}

/// Whether what a problem costs is counted in whole numbers.
pub(super) fn is_counted(problem: &Problem) -> bool {
    let costs = problem.costs.iter().zip(&problem.integer);
    costs.into_iter().all(|(cost, integer)| *cost == 0.0 || (*integer && cost.fract() == 0.0))
}

/// Lets the solver look at a problem until its best point is within the gap of its own bound, or of one that is shown
/// already. What is shown counts in the answer too.
///
/// # Errors
/// When the solver breaks down.
pub(super) fn solve_to_gap(
    problem: &Problem,
    shown: f64,
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Answer, SolverError> {
    let mut is_near = false;
    let mut near = |progress: Progress| {
        let bound = progress.bound.map_or(shown, |bound| bound.max(shown));
        is_near |= progress.value.is_some_and(|value| is_closed(value, bound, options.gap));
        let bound = bound.is_finite().then_some(bound);
        watch.report(Progress { bound, ..progress }) && !is_near
    };
    let mut answer = settings.solver.solve(problem, options, &mut near)?;
    if !answer.infeasible {
        answer.bound = answer.bound.max(shown);
    }
    if answer.point.as_ref().is_some_and(|point| is_closed(problem.cost(point), answer.bound, options.gap)) {
        answer.stop = Stop::Finished;
    }
    Ok(answer)
}
