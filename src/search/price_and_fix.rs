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
/// Prices and kernels are made as good as for this gap, also where a wider one is asked: good prices are
/// cheap, and crude ones lead to kernels in which there is no good plan.
const FINE: f64 = 1e-3;
/// The ascent ends when it gains less than this part of the gap.
const WORTH: f64 = 0.01;
/// Steps between two reports.
const REPORT: usize = 8;
/// Decisions left open, as a multiple of the priced rows that bind.
const KERNELS: [usize; 4] = [1, 3, 10, 30];
/// The same after a dive, which leaves less open.
const DIVED: [usize; 3] = [1, 3, 10];
/// Steps of the ascent after each part of a dive.
const DIVE_STEPS: usize = 15;
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
        if ascent.is_done(WORTH * options.gap.min(FINE)) || half.is_some_and(Clock::is_over) {
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
            return Ok(Priced { head, narrowed: problem.clone() });
        }
    }
    let mut search = Kernels { problem, settings, options, clock, watch, head, last: 0, settled: false };
    if has_dived {
        let regrets = blocks.regrets(&dived, ascent.multipliers());
        for (attempt, factor) in DIVED.into_iter().enumerate() {
            let leaning = Leaning { regrets: &regrets, mean: ascent.mean(), plan: search.plan() };
            let kernel = blocks.kernel(&dived, leaning, factor * binding);
            search.solve(kernel, 0.5 / (DIVED.len() - attempt) as f64)?;
        }
        // That was settled for these links.
        search.settled = false;
    }
    for (attempt, factor) in KERNELS.into_iter().enumerate() {
        let leaning = Leaning { regrets: &regrets, mean: &mean, plan: search.plan() };
        let kernel = blocks.kernel(problem, leaning, factor * binding);
        search.solve(kernel, 1.0 / (KERNELS.len() - attempt) as f64)?;
    }
    let head = search.head;
    let slack = head.point.as_ref().map_or(f64::INFINITY, |point| problem.cost(point) - head.bound);
    Ok(Priced { head, narrowed: blocks.narrowed(problem, &regrets, slack) })
}

/// Solves one kernel after another.
struct Kernels<'a> {
    problem: &'a Problem,
    settings: Settings<'a>,
    options: &'a Options,
    clock: Clock,
    watch: &'a mut dyn Watch,
    head: Head,
    /// Decisions that the last kernel left open.
    last: usize,
    /// Whether a larger kernel, solved to its end, had nothing better: then it is the bound that is far, and
    /// the whole problem is the better use of time.
    settled: bool,
}

impl Kernels<'_> {
    fn plan(&self) -> Option<&[f64]> {
        self.head.point.as_deref()
    }

    fn cost(&self) -> Option<f64> {
        self.head.point.as_ref().map(|point| self.problem.cost(point))
    }

    fn is_done(&self) -> bool {
        let near = |cost| is_closed(cost, self.head.bound, self.options.gap);
        self.head.stop == Stop::Interrupted || self.cost().is_some_and(near)
    }

    fn solve(&mut self, (mut kernel, left): (Problem, usize), share: f64) -> Result<(), SolverError> {
        // The same kernel again would say the same again.
        if self.settled || self.is_done() || left == self.last {
            return Ok(());
        }
        self.last = left;
        kernel.start.clone_from(&self.head.point);
        let large = self.problem.columns.len() > LARGE;
        let asked = self.options.gap;
        let fine = asked.min(FINE);
        let nodes = self.options.node_limit.map_or(NODES, |limit| limit.min(NODES));
        let options = Options {
            gap: if large { fine } else { fine / 4.0 },
            time_limit: self.clock.share(share),
            node_limit: Some(nodes),
            method: if large { Method::InteriorPoint } else { self.options.method },
            ..self.options.clone()
        };
        let mut near = Near { watch: self.watch, bound: self.head.bound, gap: asked, reached: false };
        let answer = self.settings.solver.solve(&kernel, &options, &mut near)?;
        self.head.stop = if near.reached { Stop::Finished } else { answer.stop };
        if let (Some(old), Some(new)) = (self.cost(), &answer.point) {
            let gain = old - self.problem.cost(new);
            self.settled = answer.stop == Stop::Finished && gain < fine / 4.0 * old.abs();
        }
        if let Some(point) = answer.point
            && self.cost().is_none_or(|cost| self.problem.cost(&point) < cost)
        {
            self.head.point = Some(point);
        }
        Ok(())
    }
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
