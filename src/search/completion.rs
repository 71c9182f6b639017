//! From decisions that were good in another problem to a plan of the one in hand. With all of them taken, what is left
//! is a linear problem. Where the problem is small, its own relaxation and a dive from there are tried too: they take
//! a few milliseconds, and show more than prices do where each site has few partners.

use super::dive::{Dive, End};
use super::gap::{is_closed, is_counted, solve_to_gap, whole_up};
use super::known::Hint;
use super::{Clock, Settings, is_small};
use crate::solve::{Options, Problem, Progress, SolverError};

/// Most nodes of a crossover.
const NODES: u64 = 20;
/// Most steps of the dive.
const STEPS: usize = 30;

/// What was found.
pub(super) struct Completed {
    /// A plan.
    pub point: Option<Vec<f64>>,
    /// No plan costs less than this.
    pub bound: f64,
    /// What each row is worth in the relaxation of a small problem.
    pub multipliers: Option<Vec<f64>>,
}

/// Completes a hint; `incumbent` is a plan that is known already.
///
/// # Errors
/// When the solver breaks down.
pub(super) fn complete(
    problem: &Problem,
    hint: &Hint,
    incumbent: Option<&Vec<f64>>,
    settings: Settings<'_>,
    options: &Options,
) -> Result<Completed, SolverError> {
    let mut silent = |_: Progress| true;
    let cost = |best: &Option<Vec<f64>>| best.as_ref().map_or(f64::INFINITY, |best| problem.cost(best));
    let decided = decided(problem, hint);
    let mut best = settings.solver.solve(&decided, settings.options, &mut silent)?.point;
    if let Some(incumbent) = incumbent.filter(|incumbent| problem.cost(incumbent) < cost(&best)) {
        best = Some(incumbent.clone());
    }
    if !is_small(problem) {
        return Ok(Completed { point: best, bound: f64::NEG_INFINITY, multipliers: None });
    }
    let Some(mut dive) = Dive::open(problem, settings, options)? else {
        return Ok(Completed { point: best, bound: f64::INFINITY, multipliers: None });
    };
    let (bound, multipliers) = dive.relax(problem.row_lower.len())?;
    let bound = whole_up(problem, bound);
    if !is_closed(cost(&best), bound, options.gap)
        && let Some(plan) = &best
    {
        best = crossed(problem, decided, plan, bound, settings, options)?.or(best);
    }
    // Where lines are only counted, the relaxation leans to none of them.
    if !is_closed(cost(&best), bound, options.gap) && !is_counted(problem) {
        let clock = Clock::start(options.time_limit);
        if let End::Plan(point) = dive.run(None, cost(&best), STEPS, clock, &mut silent)? {
            best = Some(point);
        }
    }
    Ok(Completed { point: best, bound, multipliers })
}

/// A better plan where a plan and a hint are not of one mind, with all else as both have it (a *crossover*: Rothberg,
/// 2007). `rest` is the problem with the decisions of the hint taken.
fn crossed(
    problem: &Problem,
    mut rest: Problem,
    plan: &[f64],
    bound: f64,
    settings: Settings<'_>,
    options: &Options,
) -> Result<Option<Vec<f64>>, SolverError> {
    for column in (0..problem.integer.len()).filter(|column| problem.integer[*column]) {
        if (rest.lower[column] - plan[column]).abs() > 0.5 {
            (rest.lower[column], rest.upper[column]) = (problem.lower[column], problem.upper[column]);
            rest.integer[column] = true;
        }
    }
    if !rest.has_integers() {
        return Ok(None);
    }
    rest.start = Some(plan.to_vec());
    let options = Options { node_limit: Some(NODES), ..options.clone() };
    let point = solve_to_gap(&rest, bound, settings, &options, &mut |_: Progress| true)?.point;
    Ok(point.filter(|point| problem.cost(point) < problem.cost(plan)))
}

/// The problem with the decisions of a hint taken, as far as its bounds let them.
fn decided(problem: &Problem, hint: &Hint) -> Problem {
    let mut decided = problem.clone();
    let binaries = (0..problem.integer.len()).filter(|column| problem.integer[*column]);
    for (column, decision) in binaries.zip(&hint.decisions) {
        if let Some(taken) = decision {
            let value = f64::from(u8::from(*taken)).clamp(problem.lower[column], problem.upper[column]);
            (decided.lower[column], decided.upper[column]) = (value, value);
            decided.integer[column] = false;
        }
    }
    decided
}
