//! From decisions that were good in another problem to a plan of the one in hand: first with all of them, then with
//! those of a few sites open, around the best plan so far, until it is near enough to what the old multipliers show.

use super::ascent::Ascent;
use super::blocks::Blocks;
use super::dive::{Dive, End, Neighbourhood};
use super::known::Hint;
use super::relax_and_fix::{is_closed, whole_up};
use super::{Clock, Settings};
use crate::solve::{Options, Problem, Progress, SolverError};

/// The sites are opened in so many turns.
const TURNS: [usize; 2] = [4, 3];
/// Most steps of a dive.
const STEPS: usize = 30;
/// With a plan in hand and more decisions than this, the search by prices does better.
const SMALL: usize = 500;
/// Most steps towards multipliers that show more.
const ASCENT: usize = 300;
/// A gain smaller than this share of the cost is none.
const GAIN: f64 = 1e-6;

/// What was found.
pub(super) struct Completed {
    /// A plan with the decisions that the hint names, or with most of them.
    pub point: Option<Vec<f64>>,
    /// Multipliers, made better.
    pub multipliers: Option<Vec<f64>>,
}

/// Completes a hint; `incumbent` is a plan that is known already.
///
/// # Errors
/// When the solver breaks down.
pub(super) fn complete(
    problem: &Problem,
    blocks: Option<&Blocks>,
    hint: &Hint,
    incumbent: Option<&Vec<f64>>,
    settings: Settings<'_>,
    options: &Options,
) -> Result<Completed, SolverError> {
    let binaries: Vec<usize> = (0..problem.integer.len()).filter(|column| problem.integer[*column]).collect();
    let mut fixed = problem.clone();
    let mut wanted = vec![0.0; problem.costs.len()];
    let mut unknown = vec![false; problem.costs.len()];
    for (&column, decision) in binaries.iter().zip(&hint.decisions) {
        let Some(taken) = decision else {
            unknown[column] = true;
            continue;
        };
        let value = f64::from(u8::from(*taken)).clamp(fixed.lower[column], fixed.upper[column]);
        (fixed.lower[column], fixed.upper[column]) = (value, value);
        fixed.integer[column] = false;
        wanted[column] = value;
    }
    let mut silent = |_: Progress| true;
    let mut best = settings.solver.solve(&fixed, settings.options, &mut silent)?.point;
    let cost = |best: &Option<Vec<f64>>| best.as_ref().map_or(f64::INFINITY, |best| problem.cost(best));
    if let Some(incumbent) = incumbent.filter(|incumbent| problem.cost(incumbent) < cost(&best)) {
        best = Some(incumbent.clone());
    }
    let known = hint.multipliers.clone().filter(|known| known.len() == problem.row_lower.len());
    let Some(blocks) = blocks else { return Ok(Completed { point: best, multipliers: known }) };
    let mut ascent = Ascent::new(blocks, problem, options.threads, known);
    let closed = |best: &Option<Vec<f64>>, ascent: &Ascent<'_>| {
        is_closed(cost(best), whole_up(problem, ascent.bound()), options.gap)
    };
    if let Some(best) = &best {
        ascent.reach(problem, problem.cost(best), options.gap, ASCENT);
    }
    let found = |best, ascent: &Ascent<'_>| {
        Ok(Completed { point: best, multipliers: Some(ascent.multipliers().to_vec()) })
    };
    if closed(&best, &ascent) || (best.is_some() && binaries.len() > SMALL) {
        return found(best, &ascent);
    }
    let Some(mut dive) = Dive::open(problem, settings, options)? else { return found(best, &ascent) };
    let sites: Vec<Vec<usize>> = blocks.decisions().collect();
    for (turns, turn) in TURNS.into_iter().flat_map(|turns| (0..turns).map(move |turn| (turns, turn))) {
        let mut open = unknown.clone();
        for &column in sites.iter().skip(turn).step_by(turns).flatten() {
            open[column] = true;
        }
        let before = cost(&best);
        let cutoff = if before.is_finite() { before - GAIN * before.abs() } else { f64::INFINITY };
        let around = Neighbourhood { plan: &wanted, open: &open };
        let end = dive.run(Some(around), cutoff, STEPS, Clock::start(options.time_limit), &mut silent)?;
        if let End::Plan(point) = end {
            wanted.clone_from(&point);
            best = Some(point);
            if closed(&best, &ascent) {
                break;
            }
        }
    }
    found(best, &ascent)
}
