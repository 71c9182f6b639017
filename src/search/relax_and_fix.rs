//! A first plan where a solver alone finds none for long.
//!
//! *Relax and fix* (Pochet and Wolsey, 2006): the yes-or-no decisions are taken group by group, the fewest
//! first (a focus site decides more than a line), with the finer ones relaxed; what is decided stays. The
//! finest group is decided over a *kernel* (Angelelli, Mansini and Speranza, 2010): the lines that the
//! relaxation uses at all.

use super::{Clock, Settings};
use crate::solve::{Options, Problem, Progress, SolverError, Stop, Watch};

/// A binary below this in the relaxation is closed in the restricted problem.
const CLOSED: f64 = 1e-6;
/// Coarse groups are decided to this gap: the finer ones change the value by more.
const COARSE_GAP: f64 = 0.01;
/// Most nodes of one group: where they do not suffice, the whole problem is the better use of time.
const NODES: u64 = 2000;

/// What was found on the way.
#[derive(Debug, Clone)]
pub struct Head {
    /// A feasible point of the whole problem, if one was found.
    pub point: Option<Vec<f64>>,
    /// No point costs less than this: the value of the linear relaxation.
    pub bound: f64,
    /// Whether the relaxation has no feasible point: then the problem has none.
    pub infeasible: bool,
    /// Why it ended.
    pub stop: Stop,
}

/// Looks for a feasible point of a problem. `groups` are its binaries, the coarsest group first;
/// `incumbent` is the cost of a known point: where it is already within the gap of the relaxation,
/// nothing more is done.
///
/// # Errors
/// When the solver breaks down.
pub fn relax_and_fix(
    problem: &Problem,
    groups: &[Vec<usize>],
    incumbent: Option<f64>,
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Head, SolverError> {
    let clock = Clock::start(options.time_limit);
    let mut open = Problem { start: None, integer: vec![false; problem.integer.len()], ..problem.clone() };
    let mut silent = |_: Progress| watch.report(Progress { value: None, bound: None });
    let relaxation = settings.solver.solve(&open, options, &mut silent)?;
    let (bound, stop) = (relaxation.bound, relaxation.stop);
    let mut head = Head { point: None, bound, infeasible: relaxation.infeasible, stop };
    watch.report(Progress { value: incumbent, bound: (bound > f64::NEG_INFINITY).then_some(bound) });
    let closed = incumbent.is_some_and(|cost| is_closed(cost, bound, options.gap));
    let (Some(mut point), false) = (relaxation.point, closed) else { return Ok(head) };
    for (position, group) in groups.iter().enumerate() {
        let is_last = position + 1 == groups.len();
        if is_last {
            close_unused(&mut open, group, &point);
        }
        for &column in group {
            open.integer[column] = true;
        }
        let options = Options {
            gap: if is_last { options.gap } else { options.gap.max(COARSE_GAP) },
            time_limit: clock.share(1.0 / (groups.len() - position) as f64),
            node_limit: Some(options.node_limit.map_or(NODES, |limit| limit.min(NODES))),
            ..options.clone()
        };
        // Only the last group's points are plans, and none of these bounds is one of the whole problem.
        let mut watch = |progress: Progress| {
            let value = progress.value.filter(|_| is_last);
            watch.report(Progress { value, bound: None })
        };
        let answer = settings.solver.solve(&open, &options, &mut watch)?;
        head.stop = answer.stop;
        let Some(decided) = answer.point else { return Ok(head) };
        for &column in group {
            open.lower[column] = decided[column].round();
            open.upper[column] = decided[column].round();
            open.integer[column] = false;
        }
        point = decided;
    }
    head.point = Some(point);
    Ok(head)
}

/// Whether a cost is within a relative gap of a bound.
pub fn is_closed(cost: f64, bound: f64, gap: f64) -> bool {
    cost - bound <= gap * cost.abs() + 1e-9
}

/// Closes what the relaxation does not use.
fn close_unused(problem: &mut Problem, group: &[usize], point: &[f64]) {
    for &column in group {
        if point[column] < CLOSED && problem.lower[column] <= 0.0 {
            problem.upper[column] = 0.0;
        }
    }
}
