//! A first plan where a solver alone finds none for long.
//!
//! *Relax and fix* (Pochet and Wolsey, 2006): the yes-or-no decisions are taken group by group, the fewest
//! first (a focus site decides more than a line), with the finer ones relaxed; what is decided stays. The
//! finest group is decided over a *kernel* (Angelelli, Mansini and Speranza, 2010): the lines that the
//! relaxation uses at all.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Blocks;
use super::gap::is_closed;
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
    /// No point costs less than this: the better of the linear relaxation's value and the bound by site.
    pub bound: f64,
    /// Whether the relaxation has no feasible point: then the problem has none.
    pub infeasible: bool,
    /// Why it ended.
    pub stop: Stop,
    /// For each row what its limit is worth, where that was found: the bound by site comes from it.
    pub multipliers: Option<Vec<f64>>,
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
    blocks: Option<&Blocks>,
    incumbent: Option<f64>,
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Head, SolverError> {
    let clock = Clock::start(options.time_limit);
    let mut open = problem.relaxation();
    let relaxation = settings.solver.solve(&open, options, &mut silent(watch))?;
    let by_block = blocks.zip(relaxation.duals.as_ref()).map(|(blocks, duals)| blocks.bound(problem, duals));
    let bound = by_block.map_or(relaxation.bound, |by_block| by_block.max(relaxation.bound));
    let stop = relaxation.stop;
    let (infeasible, multipliers) = (relaxation.infeasible, relaxation.duals);
    let mut head = Head { point: None, bound, infeasible, stop, multipliers };
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
        let decided = match answer.point {
            None if !is_last && answer.stop != Stop::Interrupted => {
                round_group(&open, group, &point, settings, &options, &mut silent(&mut watch))?
            }
            point => point,
        };
        let Some(decided) = decided else { return Ok(head) };
        fix(&mut open, group, &decided);
        point = decided;
    }
    head.point = Some(point);
    Ok(head)
}

/// Hears nothing of a problem that is not the whole, but may stop it.
fn silent(watch: &mut dyn Watch) -> impl FnMut(Progress) -> bool {
    move |_: Progress| watch.report(Progress { value: None, bound: None })
}

/// Decides a coarse group without a search, where a search found nothing: what the relaxation uses most is
/// taken, as far as the rows that concern the group alone let it. `None` where the rest has no plan then.
fn round_group(
    problem: &Problem,
    group: &[usize],
    point: &[f64],
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Option<Vec<f64>>, SolverError> {
    let mut rounded = problem.relaxation();
    let mut order: Vec<usize> = group.to_vec();
    order.sort_by(|a, b| point[*b].total_cmp(&point[*a]).then(a.cmp(b)));
    let mut room = group_rows(problem, group);
    for column in order {
        let wanted = point[column] > CLOSED && problem.upper[column] > 0.0;
        let take = problem.lower[column] > 0.0 || (wanted && room.admits(column));
        if take {
            room.take(column);
        }
        let value = if take { 1.0 } else { 0.0 };
        (rounded.lower[column], rounded.upper[column]) = (value, value);
    }
    let answer = settings.solver.solve(&rounded, options, watch)?;
    Ok(answer.point)
}

/// Rows that say "at most" about columns of one group and nothing else, and what is left in them.
struct Room {
    left: Vec<f64>,
    /// Rows of each column, with its coefficient.
    rows: BTreeMap<usize, Vec<(usize, f64)>>,
}

fn group_rows(problem: &Problem, group: &[usize]) -> Room {
    let inside: BTreeSet<usize> = group.iter().copied().collect();
    let mut room = Room { left: Vec::new(), rows: BTreeMap::new() };
    for row in 0..problem.row_lower.len() {
        let range = problem.starts[row]..problem.starts[row + 1];
        let columns = &problem.columns[range.clone()];
        if problem.row_upper[row] < f64::INFINITY && columns.iter().all(|column| inside.contains(column)) {
            for (column, coefficient) in columns.iter().zip(&problem.coefficients[range]) {
                room.rows.entry(*column).or_default().push((room.left.len(), *coefficient));
            }
            room.left.push(problem.row_upper[row]);
        }
    }
    room
}

impl Room {
    fn admits(&self, column: usize) -> bool {
        let rows = self.rows.get(&column).map(Vec::as_slice).unwrap_or_default();
        rows.iter().all(|&(row, coefficient)| coefficient <= self.left[row] + 1e-9)
    }

    fn take(&mut self, column: usize) {
        for &(row, coefficient) in self.rows.get(&column).map(Vec::as_slice).unwrap_or_default() {
            self.left[row] -= coefficient;
        }
    }
}

/// What is decided stays.
fn fix(problem: &mut Problem, group: &[usize], point: &[f64]) {
    for &column in group {
        let value = point[column].round();
        (problem.lower[column], problem.upper[column]) = (value, value);
        problem.integer[column] = false;
    }
}

/// Closes what the relaxation does not use.
fn close_unused(problem: &mut Problem, group: &[usize], point: &[f64]) {
    for &column in group {
        if point[column] < CLOSED && problem.lower[column] <= 0.0 {
            problem.upper[column] = 0.0;
        }
    }
}
