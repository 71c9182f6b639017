//! Plan and bound from prices. The ascent finds what each priced row is worth, without a linear problem;
//! at the best prices the sites decide nearly everything alike, whatever else they could do. What they are
//! undecided about is a small *kernel*, in which plans are looked for; the kernel is made larger until plan
//! and bound are as near as was asked.

use super::ascent::Ascent;
use super::blocks::{Blocks, Leaning};
use super::gap::{is_closed, whole_up};
use super::neighbourhoods::Neighbourhoods;
use super::relax_and_fix::Head;
use super::{Clock, Settings};
use crate::solve::{Options, Problem, Progress, SolverError, Stop, Watch};

/// Most steps of the ascent.
const STEPS: usize = 400;
/// Prices and kernels are made as good as for this gap, also where a wider one is asked: good prices are
/// cheap, and crude ones lead to kernels in which there is no good plan.
const FINE: f64 = 1e-3;
/// The ascent ends when it gains less than this part of the gap.
const WORTH: f64 = 0.01;
/// Steps between two reports.
const REPORT: usize = 8;
/// Decisions left open, as a multiple of the priced rows that bind.
const KERNELS: [usize; 3] = [1, 3, 10];
/// The same with the links decided, which leaves less open.
const DIVED: [usize; 2] = [1, 3];
/// Steps of the ascent after some of the links were decided.
const DIVE_STEPS: usize = 15;

/// Looks for a plan and a bound, from what is known where anything is. Without a point, it has found neither that
/// there is one nor that there is none.
///
/// # Errors
/// When the solver breaks down.
pub fn price_and_fix(
    problem: &Problem,
    blocks: &Blocks,
    known: Option<&Head>,
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Head, SolverError> {
    let whole = Clock::start(options.time_limit);
    // The solver gets the rest.
    let clock = Clock::start(whole.share(0.8));
    let (bound, stop) = (f64::NEG_INFINITY, Stop::Finished);
    let mut head = Head { point: None, bound, infeasible: false, stop, multipliers: None };
    let mut start = known.and_then(|known| known.multipliers.clone());
    if start.is_none() && !blocks.answer_for_all(problem) {
        // Prices of people, say, move slowly by themselves: what they are worth, only the blocks could tell.
        let options = Options { time_limit: clock.share(0.3), ..options.clone() };
        let mut going = |_: Progress| watch.report(Progress { value: None, bound: None });
        start = settings.solver.solve(&problem.relaxation(), &options, &mut going)?.duals;
    }
    let mut ascent = Ascent::new(blocks, problem, options.threads, start);
    let half = clock.share(0.5).map(|half| Clock::start(Some(half)));
    let cost = known.and_then(|known| known.point.as_ref()).map(|point| problem.cost(point));
    let closed = |ascent: &Ascent<'_>| {
        cost.is_some_and(|cost| is_closed(cost, whole_up(problem, ascent.bound()), options.gap))
    };
    for step in 0..STEPS {
        if closed(&ascent)
            || ascent.is_done(WORTH * options.gap.min(FINE))
            || half.is_some_and(Clock::is_over)
        {
            break;
        }
        ascent.step(problem, None);
        let bound = ascent.bound().is_finite().then(|| ascent.bound());
        if step % REPORT == 0 && !watch.report(Progress { value: None, bound }) {
            head.stop = Stop::Interrupted;
            break;
        }
    }
    head.bound = ascent.bound();
    head.multipliers = Some(ascent.multipliers().to_vec());
    if closed(&ascent) {
        head.bound = whole_up(problem, head.bound);
        head.point = known.and_then(|known| known.point.clone());
        return Ok(head);
    }
    if !head.bound.is_finite() || head.stop == Stop::Interrupted {
        return Ok(head);
    }
    let multipliers = ascent.multipliers().to_vec();
    let regrets = blocks.regrets(problem, &multipliers);
    let binding = ascent.binding().max(1);
    let mean = ascent.mean().to_vec();
    let mut dived = problem.clone();
    let mut has_dived = false;
    while blocks.dive(&mut dived, ascent.mean()) {
        has_dived = true;
        for _ in 0..DIVE_STEPS {
            ascent.step(&dived, None);
        }
        if !watch.report(Progress { value: None, bound: Some(head.bound) }) {
            head.stop = Stop::Interrupted;
            return Ok(head);
        }
    }
    let at_prices = (&*multipliers, &*regrets);
    let mut search =
        Neighbourhoods::new((problem, blocks), (settings, options), at_prices, head, clock, watch);
    match known.and_then(|known| Some((known, known.point.as_deref()?))) {
        Some((known, plan)) if !known.bound.is_finite() => search.offer(plan),
        Some((known, _)) => search.start_from(known),
        None => {}
    }
    if has_dived {
        let regrets = blocks.regrets(&dived, ascent.multipliers());
        let leaning = Leaning { regrets: &regrets, mean: ascent.mean() };
        for factor in DIVED {
            if search.is_done() {
                break;
            }
            let kernel = blocks.kernel(&dived, leaning, search.plan_to_keep(), factor * binding);
            search.search(&kernel, leaning.mean)?;
        }
    }
    let leaning = Leaning { regrets: &regrets, mean: &mean };
    for factor in KERNELS {
        if search.is_done() {
            break;
        }
        let kernel = blocks.kernel(problem, leaning, search.plan_to_keep(), factor * binding);
        search.search(&kernel, leaning.mean)?;
    }
    // What the blocks do not understand can rule out what they are of one mind about.
    if search.plan().is_none() && !search.is_done() {
        search.search(problem, &mean)?;
    }
    search.finish(whole)
}
