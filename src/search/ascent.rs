//! Multipliers for the priced rows: the larger the bound they give, the better they know what money, lines
//! and shares are worth.
//!
//! The *volume algorithm* (Barahona and Anbil, 2000): a subgradient method whose direction is taken from a
//! running mean of the blocks' decisions. The mean is also an estimate of the best fractional plan. It
//! needs no linear problem solved, and its work grows with the size of the problem and no faster.

use super::blocks::Blocks;
use crate::solve::Problem;

/// What the newest decisions count in the mean at most, and at least.
const NEWEST: (f64, f64) = (0.3, 0.03);
/// The first aim, as a share of the bound; from prices of another problem; and from prices that are good already.
const FIRST_AIM: f64 = 0.05;
const OTHERS_AIM: f64 = 0.03;
const NEXT_AIM: f64 = 0.005;
/// A gain smaller than this share of the aim counts as none.
const GAIN: f64 = 5e-4;
/// Steps without a gain after which the aim is taken nearer, and how much nearer.
const PATIENCE: (usize, f64) = (10, 0.66);
/// Steps over which the gain is looked at to see whether it is still worth it.
const LOOK_BACK: usize = 40;
/// A row counts as binding when such a share of the bound passes through it.
const BINDING: f64 = 1e-4;

/// Rows that move together.
struct Group {
    rows: Vec<usize>,
    /// Size of what stands in it.
    size: f64,
    /// How far a unit of violation moves it.
    scale: f64,
}

/// An ascent towards the best multipliers.
pub struct Ascent<'a> {
    blocks: &'a Blocks,
    threads: usize,
    groups: Vec<Group>,
    /// Least and largest multiplier of each row.
    limits: Vec<(f64, f64)>,
    /// The best multipliers so far, and their bound: no point costs less.
    multipliers: Vec<f64>,
    bound: f64,
    /// Running mean of the blocks' decisions.
    mean: Vec<f64>,
    newest: Vec<f64>,
    aim: f64,
    idle: usize,
    /// The bound after each step.
    course: Vec<f64>,
}

impl<'a> Ascent<'a> {
    /// Begins at some multipliers, or at crude ones where none are known.
    pub fn new(blocks: &'a Blocks, problem: &Problem, threads: usize, start: Option<Vec<f64>>) -> Self {
        let limits: Vec<(f64, f64)> = limits(blocks, problem);
        let first_aim = if start.is_some() { NEXT_AIM } else { FIRST_AIM };
        let mut start = start.unwrap_or_else(|| crude(blocks, problem, threads));
        for (multiplier, (least, most)) in start.iter_mut().zip(&limits) {
            *multiplier = multiplier.clamp(*least, *most);
        }
        let mut mean = Vec::new();
        let bound = blocks.evaluate(problem, &start, threads, Some(&mut mean));
        let value = problem.cost(&mean).abs().max(bound.abs()).max(1e-9);
        let (money, open) = blocks.totals(&mean);
        // Rows that were added since the problem was taken apart are priced too: what earlier stages reached.
        let added = (blocks.rows()..problem.row_lower.len()).map(|row| vec![row]);
        let groups = blocks.families().iter().cloned().chain(added).map(|rows| {
            let rows = &rows;
            let whole = if blocks.counts(problem, rows[0]) { open } else { money };
            Group::new(problem, rows, &mean, value, whole)
        });
        Self {
            blocks,
            threads,
            groups: groups.collect(),
            limits,
            multipliers: start,
            bound,
            mean,
            newest: Vec::new(),
            aim: first_aim * bound.abs(),
            idle: 0,
            course: Vec::new(),
        }
    }

    /// Begins at multipliers that were good for another problem. They have further to go than those that are good for
    /// this one: with a near aim, steps are so short that it comes to rest where it began.
    pub fn from_another(blocks: &'a Blocks, problem: &Problem, threads: usize, start: Vec<f64>) -> Self {
        let mut ascent = Self::new(blocks, problem, threads, Some(start));
        ascent.aim = OTHERS_AIM * ascent.bound.abs();
        ascent
    }

    /// No point costs less than this.
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// The multipliers of that bound, one for each row of the problem.
    pub fn multipliers(&self) -> &[f64] {
        &self.multipliers
    }

    /// Mean of the blocks' decisions, for each column.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// How many priced rows matter: about as many decisions stay open at the best prices.
    pub fn binding(&self) -> usize {
        let through = |group: &&Group| group.size * self.multipliers[group.rows[0]].abs();
        self.groups.iter().filter(|group| through(group) > BINDING * self.bound.abs()).count()
    }

    /// Whether the last steps gained less than a share of the bound.
    pub fn is_done(&self, share: f64) -> bool {
        let Some(before) = self.course.len().checked_sub(LOOK_BACK) else { return false };
        self.aim <= 0.0 || self.bound - self.course[before] < share * self.bound.abs()
    }

    /// One step; `target` is a cost that the bound cannot pass, where one is known.
    pub fn step(&mut self, problem: &Problem, target: Option<f64>) {
        let aim = target.map_or(self.aim, |target| self.aim.min(target - self.bound)).max(0.0);
        let directions: Vec<f64> =
            self.groups.iter().map(|group| self.direction(problem, group, &self.mean)).collect();
        let norm: f64 = self.groups.iter().zip(&directions).map(|(group, d)| group.scale * d * d).sum();
        if norm <= 0.0 || aim <= 0.0 {
            self.aim = 0.0;
            self.course.push(self.bound);
            return;
        }
        let mut multipliers = self.multipliers.clone();
        for (group, direction) in self.groups.iter().zip(directions) {
            for &row in &group.rows {
                let (least, most) = self.limits[row];
                let moved = multipliers[row] + aim / norm * group.scale * direction;
                multipliers[row] = moved.clamp(least, most);
            }
        }
        let bound = self.blocks.evaluate(problem, &multipliers, self.threads, Some(&mut self.newest));
        let share = self.share(problem);
        for (mean, newest) in self.mean.iter_mut().zip(&self.newest) {
            *mean += share * (newest - *mean);
        }
        let gain = bound - self.bound;
        if gain > 0.0 {
            (self.bound, self.multipliers) = (bound, multipliers);
        }
        if gain > GAIN * aim {
            self.idle = 0;
        } else {
            self.idle += 1;
            if self.idle >= PATIENCE.0 {
                self.aim *= PATIENCE.1;
                self.idle = 0;
            }
        }
        self.course.push(self.bound);
    }

    /// What the newest decisions count: as much as brings the mean nearest to keeping the priced rows.
    fn share(&self, problem: &Problem) -> f64 {
        let (mut across, mut length) = (0.0, 0.0);
        for group in &self.groups {
            let old = self.direction(problem, group, &self.mean);
            let off = self.direction(problem, group, &self.newest) - old;
            across -= group.scale * old * off;
            length += group.scale * off * off;
        }
        if length > 0.0 { (across / length).clamp(NEWEST.1, NEWEST.0) } else { NEWEST.0 }
    }

    /// How far a point is from a group's limits; zero where its multipliers cannot move that way.
    fn direction(&self, problem: &Problem, group: &Group, point: &[f64]) -> f64 {
        let mut direction = 0.0;
        let mut free = false;
        for &row in &group.rows {
            let multiplier = self.multipliers[row];
            let (lower, upper) = (problem.row_lower[row], problem.row_upper[row]);
            let limit = if multiplier > 0.0 || !upper.is_finite() { lower } else { upper };
            let off = limit - activity(problem, row, point);
            direction += off;
            free |= multiplier != 0.0 || off.clamp(self.limits[row].0, self.limits[row].1) != 0.0;
        }
        if free { direction } else { 0.0 }
    }
}

impl Group {
    /// A violation moves a multiplier as a share of the value that passes through the rows. `whole` is the
    /// money, or the number of lines, that passes through all of them.
    fn new(problem: &Problem, rows: &[usize], point: &[f64], value: f64, whole: f64) -> Self {
        let (mut size, mut through) = (0.0, 0.0);
        for &row in rows {
            let range = problem.starts[row]..problem.starts[row + 1];
            let columns = problem.columns[range.clone()].iter();
            let terms: f64 =
                columns.zip(&problem.coefficients[range]).map(|(&c, factor)| (factor * point[c]).abs()).sum();
            let limits = [problem.row_lower[row], problem.row_upper[row]];
            let limit =
                limits.iter().filter(|limit| limit.is_finite()).fold(0.0_f64, |most, l| most.max(l.abs()));
            size += limit.max(terms / 2.0);
            through += limit.max(terms);
        }
        let share = if whole > 0.0 { (through / whole).min(1.0) } else { 1.0 };
        let scale = if size > 0.0 { value * share / (size * size) } else { 0.0 };
        Self { rows: rows.to_vec(), size, scale }
    }
}

fn activity(problem: &Problem, row: usize, point: &[f64]) -> f64 {
    let range = problem.starts[row]..problem.starts[row + 1];
    let columns = problem.columns[range.clone()].iter();
    columns.zip(&problem.coefficients[range]).map(|(&column, factor)| factor * point[column]).sum()
}

/// Least and largest multiplier of each row: by the sides on which it has a limit, and so that a column
/// without a limit of its own that stands in no other priced row does not pay for itself.
fn limits(blocks: &Blocks, problem: &Problem) -> Vec<(f64, f64)> {
    let side = |row: usize| {
        let least = if problem.row_upper[row].is_finite() { f64::NEG_INFINITY } else { 0.0 };
        let most = if problem.row_lower[row].is_finite() { f64::INFINITY } else { 0.0 };
        (least, most)
    };
    let mut limits: Vec<(f64, f64)> = (0..problem.row_lower.len()).map(side).collect();
    let mut rows_of: Vec<u32> = vec![0; problem.costs.len()];
    let terms = |row: usize| problem.starts[row]..problem.starts[row + 1];
    let priced = || (0..problem.row_lower.len()).filter(|row| blocks.is_priced(*row));
    for position in priced().flat_map(terms) {
        rows_of[problem.columns[position]] += 1;
    }
    for row in priced() {
        for position in terms(row) {
            let (column, factor) = (problem.columns[position], problem.coefficients[position]);
            let loose = !problem.upper[column].is_finite() && problem.costs[column] >= 0.0;
            if loose && rows_of[column] == 1 {
                let (least, most) = &mut limits[row];
                if factor > 0.0 {
                    *most = most.min(problem.costs[column] / factor);
                } else {
                    *least = least.max(problem.costs[column] / factor);
                }
            }
        }
    }
    limits
}

/// The best uniform price of money, then of lines, where no multipliers are known: found along a ray, on
/// which the bound is concave.
fn crude(blocks: &Blocks, problem: &Problem, threads: usize) -> Vec<f64> {
    let rows = problem.row_lower.len();
    let mut multipliers = vec![0.0; rows];
    for counts in [false, true, false] {
        let limits = |row: &usize| {
            let range = problem.starts[*row]..problem.starts[row + 1];
            blocks.is_priced(*row)
                && blocks.counts(problem, *row) == counts
                && problem.row_upper[*row].is_finite()
                && problem.row_upper[*row] > 0.0
                && problem.coefficients[range].iter().all(|factor| *factor >= 0.0)
        };
        let limits: Vec<usize> = (0..rows).filter(limits).collect();
        let mut at = |price: f64| {
            for &row in &limits {
                multipliers[row] = -price;
            }
            blocks.evaluate(problem, &multipliers, threads, None)
        };
        let (mut low, mut high, mut best) = (0.0, 1.0, at(0.0));
        // Upwards until it falls, then between.
        let mut next = at(high);
        while next > best && high < 1e9 {
            (low, best) = (high / 2.0, next);
            high *= 2.0;
            next = at(high);
        }
        for _ in 0..12 {
            let (left, right) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if at(left) > at(right) { high = right } else { low = left }
        }
        at(f64::midpoint(low, high));
    }
    multipliers
}
