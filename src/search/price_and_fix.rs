//! Plan and bound from prices. The ascent finds what each priced row is worth, without a linear problem;
//! at the best prices the sites decide nearly everything alike, whatever else they could do. What they are
//! undecided about is a small *kernel*, which the solver decides; the kernel is made larger until plan and
//! bound are as near as was asked.

use super::ascent::Ascent;
use super::blocks::{Blocks, Leaning};
use super::relax_and_fix::{Head, is_closed};
use super::{Clock, Settings};
use crate::solve::{Method, Options, Problem, Progress, SolverError, Stop, Watch};

/// Most steps of the ascent.
const STEPS: usize = 400;
/// The ascent ends when it gains less than this part of the asked gap.
const WORTH: f64 = 0.01;
/// Steps between two reports.
const REPORT: usize = 8;
/// Decisions left open, as a multiple of the priced rows that bind.
const KERNELS: [usize; 4] = [1, 3, 10, 30];
/// Most nodes of one kernel.
const NODES: u64 = 2000;
/// From so many non-zeros on, an interior point method solves the kernel's relaxation, and a plan as near to
/// it as was asked of the whole will do: what the solver does after that takes it minutes.
const LARGE: usize = 500_000;

/// What the prices led to.
#[derive(Debug, Clone)]
pub struct Priced {
    /// Plan, bound, and why it ended.
    pub head: Head,
    /// The problem without the decisions that no plan better than that one can take.
    pub narrowed: Problem,
}

/// Looks for a plan and a bound.
///
/// # Errors
/// When the solver breaks down.
pub fn price_and_fix(
    problem: &Problem,
    blocks: &Blocks,
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Priced, SolverError> {
    let clock = Clock::start(options.time_limit);
    let mut head = Head { point: None, bound: f64::NEG_INFINITY, infeasible: false, stop: Stop::Finished };
    let mut ascent = Ascent::new(blocks, problem, options.threads, None);
    let half = clock.share(0.5).map(|half| Clock::start(Some(half)));
    for step in 0..STEPS {
        if ascent.is_done(WORTH * options.gap) || half.is_some_and(Clock::is_over) {
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
    if !head.bound.is_finite() || head.stop == Stop::Interrupted {
        return Ok(Priced { head, narrowed: problem.clone() });
    }
    let regrets = blocks.regrets(problem, ascent.multipliers());
    let leaning = Leaning { regrets: &regrets, mean: ascent.mean() };
    let large = problem.columns.len() > LARGE;
    let mut last = 0;
    for (attempt, factor) in KERNELS.into_iter().enumerate() {
        let (mut kernel, left) = blocks.kernel(problem, leaning, factor * ascent.binding().max(1));
        // The same kernel again would say the same again.
        if left == last {
            continue;
        }
        last = left;
        kernel.start.clone_from(&head.point);
        let rest = KERNELS.len() - attempt;
        let asked = options.gap;
        let options = Options {
            gap: if large { asked } else { asked / 4.0 },
            time_limit: clock.share(1.0 / rest as f64),
            node_limit: Some(options.node_limit.map_or(NODES, |limit| limit.min(NODES))),
            method: if large { Method::InteriorPoint } else { options.method },
            ..options.clone()
        };
        let bound = head.bound;
        let mut near = Near { watch, bound, gap: asked, reached: false };
        let answer = settings.solver.solve(&kernel, &options, &mut near)?;
        head.stop = if near.reached { Stop::Finished } else { answer.stop };
        let cost = |point: &Vec<f64>| problem.cost(point);
        if let Some(point) = answer.point
            && head.point.as_ref().is_none_or(|old| cost(&point) < cost(old))
        {
            head.point = Some(point);
        }
        let best = head.point.as_ref().map(cost);
        if head.stop == Stop::Interrupted || best.is_some_and(|cost| is_closed(cost, bound, asked)) {
            break;
        }
    }
    let slack = head.point.as_ref().map_or(f64::INFINITY, |point| problem.cost(point) - head.bound);
    Ok(Priced { head, narrowed: blocks.narrowed(problem, &regrets, slack) })
}

/// Stops a kernel's solver once its plan is as near to the bound of the whole problem as was asked.
struct Near<'a> {
    watch: &'a mut dyn Watch,
    bound: f64,
    gap: f64,
    reached: bool,
}

impl Watch for Near<'_> {
    fn report(&mut self, progress: Progress) -> bool {
        self.reached = progress.value.is_some_and(|cost| is_closed(cost, self.bound, self.gap));
        // What the solver shows of the kernel is no bound of the whole problem.
        self.watch.report(Progress { value: progress.value, bound: Some(self.bound) }) && !self.reached
    }
}
