//! From decisions that were good in another problem to a plan of the one in hand.

use super::blocks::Blocks;
use super::dive::{Dive, End, Neighbourhood};
use super::known::Hint;
use super::{Clock, Settings};
use crate::solve::{Problem, Progress, SolverError};

/// Where the decisions themselves lead to no plan, those of every so-manieth site are open, in turn.
const TURNS: usize = 4;
/// Most steps of a dive then.
const STEPS: usize = 30;

/// A plan with the decisions that a hint names, or with most of them; none where that leads nowhere.
///
/// # Errors
/// When the solver breaks down.
pub(super) fn complete(
    problem: &Problem,
    blocks: Option<&Blocks>,
    hint: &Hint,
    settings: Settings<'_>,
) -> Result<Option<Vec<f64>>, SolverError> {
    let binaries = (0..problem.integer.len()).filter(|column| problem.integer[*column]);
    let mut fixed = problem.clone();
    let mut wanted = vec![0.0; problem.costs.len()];
    let mut open = vec![false; problem.costs.len()];
    for (column, decision) in binaries.zip(&hint.decisions) {
        let Some(taken) = decision else {
            open[column] = true;
            continue;
        };
        let value = f64::from(u8::from(*taken)).clamp(fixed.lower[column], fixed.upper[column]);
        (fixed.lower[column], fixed.upper[column]) = (value, value);
        fixed.integer[column] = false;
        wanted[column] = value;
    }
    let mut silent = |_: Progress| true;
    let found = settings.solver.solve(&fixed, settings.options, &mut silent)?.point;
    let (None, Some(blocks)) = (&found, blocks) else { return Ok(found) };
    let Some(mut dive) = Dive::open(problem, settings, settings.options)? else { return Ok(None) };
    let sites: Vec<Vec<usize>> = blocks.decisions().collect();
    for turn in 0..TURNS.min(sites.len()) {
        let mut open = open.clone();
        for &column in sites.iter().skip(turn).step_by(TURNS).flatten() {
            open[column] = true;
        }
        let around = Neighbourhood { plan: &wanted, open: &open };
        let end = dive.run(Some(around), f64::INFINITY, STEPS, Clock::start(None), &mut silent)?;
        if let End::Plan(point) = end {
            return Ok(Some(point));
        }
    }
    Ok(None)
}
