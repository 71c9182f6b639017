//! A bound from the structure of the problem (Lagrangian relaxation: Geoffrion, 1974): rows that concern
//! one site and that this file understands stay in that site's *block*; every other row is priced by a
//! multiplier. What is left of a block is so small that its best decision is found exactly, yes-or-no
//! decisions included, which a linear relaxation cannot do.
//!
//! In a block, with multipliers in the costs:
//!
//! * links: at most `n` of them active, each at its price;
//! * lines: closed, or open at a price with `m ≤ X ≤ U`, each unit at a price (its cheapest year included);
//! * needs: segments of covered need, `Σ v ≤ Σ e·X`, and at most the need;
//! * focus: at a price, each unit of the site's money earns once more.
//!
//! For any multipliers of the right sign the sum is a bound (weak duality), so nothing here has to be
//! complete to be right: a row that is not recognised is priced. Rows and columns are recognised by their
//! shape, never by the rule they came from.

mod kernel;
mod need;
mod reader;
mod sets;

use std::sync::Arc;

use crate::domain::Scenario;
use crate::formulation::Bundled;
use crate::model::Built;
use crate::solve::Problem;
pub use kernel::Leaning;
use need::{Need, Prices};
use reader::Reader;
use sets::Sets;

/// Fewer sites than this for each thread are not worth starting one.
const SITES_PER_THREAD: usize = 64;

/// A gate that lets the money of a block earn once more.
#[derive(Debug, Clone)]
struct Focus {
    gate: usize,
    money: usize,
}

/// One site.
#[derive(Debug, Clone, Default)]
struct Block {
    needs: Vec<Need>,
    /// Column of each link's activity, where there is one.
    links: Vec<Option<usize>>,
    most_links: usize,
    focus: Option<Focus>,
    /// The sets of links that may be active together.
    sets: Arc<Sets>,
}

/// A problem taken apart by site.
#[derive(Debug, Clone)]
pub struct Blocks {
    sites: Vec<Block>,
    /// Whether a block answers for a column.
    inside: Vec<bool>,
    /// Whether a row is priced.
    priced: Vec<bool>,
    /// The priced rows, those together that differ only in the year that they look at.
    families: Vec<Vec<usize>>,
    /// Whether a column counts something, and is not money.
    counts: Vec<bool>,
}

/// The best decision of a block.
#[derive(Debug, Clone, Copy)]
struct Choice {
    cost: f64,
    focus: bool,
    set: usize,
}

impl Blocks {
    /// Takes a model apart. `None` where a site has too many sets of links to look at.
    pub fn of(scenario: &Scenario, built: &Built, bundled: &Bundled, problem: &Problem) -> Option<Self> {
        Reader::new(scenario, built, bundled, problem).read()
    }

    /// Whether a row is priced by a multiplier, and not kept in a block.
    pub fn is_priced(&self, row: usize) -> bool {
        self.priced.get(row).copied().unwrap_or(true)
    }

    /// The priced rows in groups: those together that differ only in the year that they look at.
    pub fn families(&self) -> &[Vec<usize>] {
        &self.families
    }

    /// Whether a row looks at counts of lines, links or sites, and not only at money.
    pub fn counts(&self, problem: &Problem, row: usize) -> bool {
        problem.columns[problem.starts[row]..problem.starts[row + 1]]
            .iter()
            .any(|column| self.counts[*column])
    }

    /// How much money a point spends, and how much it opens.
    pub fn totals(&self, point: &[f64]) -> (f64, f64) {
        let lines = || self.sites.iter().flat_map(|block| &block.needs).flat_map(|need| &need.lines);
        let money = lines().map(|line| point[line.money]).sum();
        let open = lines().filter_map(|line| line.open).map(|column| point[column]).sum();
        (money, open)
    }

    /// The bound of one multiplier for each row of the problem (rows that are not priced are ignored).
    /// −∞ where a column without a limit would pay for itself.
    pub fn bound(&self, problem: &Problem, multipliers: &[f64]) -> f64 {
        self.evaluate(problem, multipliers, 1, None)
    }

    /// The bound, and the decisions that it stands for: the value of every column. It keeps the rows of the
    /// blocks, and the priced ones only by chance.
    pub fn evaluate(
        &self,
        problem: &Problem,
        multipliers: &[f64],
        threads: usize,
        mut point: Option<&mut Vec<f64>>,
    ) -> f64 {
        let (costs, constant) = self.price(problem, multipliers);
        let mut bound = constant;
        if let Some(point) = point.as_deref_mut() {
            point.clear();
            point.resize(costs.len(), 0.0);
        }
        for (column, cost) in costs.iter().enumerate().filter(|(column, _)| !self.inside[*column]) {
            let value = if *cost >= 0.0 { problem.lower[column] } else { problem.upper[column] };
            if *cost != 0.0 {
                bound += cost * value;
            }
            if let Some(point) = point.as_deref_mut() {
                point[column] = value;
            }
        }
        for (cost, values) in self.solve(&costs, problem, threads, point.is_some()) {
            bound += cost;
            if let Some(point) = point.as_deref_mut() {
                for (column, value) in values {
                    point[column] += value;
                }
            }
        }
        if bound.is_nan() { f64::NEG_INFINITY } else { bound }
    }

    /// For each column that a block decides with yes or no, how much more the block costs at best with a yes
    /// than with a no: no plan with the other decision comes nearer to the bound than that. Zero for every
    /// other column.
    pub fn regrets(&self, problem: &Problem, multipliers: &[f64]) -> Vec<f64> {
        let (costs, _) = self.price(problem, multipliers);
        let mut regrets = vec![0.0; costs.len()];
        let mut work = Work::default();
        for block in &self.sites {
            block.regrets(&costs, problem, &mut work, &mut regrets);
        }
        regrets
    }

    /// Costs with the multipliers in them, and what the multipliers come to by themselves.
    fn price(&self, problem: &Problem, multipliers: &[f64]) -> (Vec<f64>, f64) {
        let mut costs = problem.costs.clone();
        let mut constant = 0.0;
        for (row, &multiplier) in multipliers.iter().enumerate() {
            if multiplier == 0.0 || !self.is_priced(row) {
                continue;
            }
            let limit = if multiplier > 0.0 { problem.row_lower[row] } else { problem.row_upper[row] };
            if !limit.is_finite() {
                continue;
            }
            constant += multiplier * limit;
            for position in problem.starts[row]..problem.starts[row + 1] {
                costs[problem.columns[position]] -= multiplier * problem.coefficients[position];
            }
        }
        (costs, constant)
    }

    /// Every block's least cost and, where they are wanted, its columns' values. In the order of the sites,
    /// whatever the number of threads, so that sums are the same to the last digit.
    fn solve(
        &self,
        costs: &[f64],
        problem: &Problem,
        threads: usize,
        wanted: bool,
    ) -> Vec<(f64, Vec<(usize, f64)>)> {
        let part = |blocks: &[Block]| -> Vec<(f64, Vec<(usize, f64)>)> {
            let mut work = Work::default();
            blocks.iter().map(|block| block.solve(costs, problem, wanted, &mut work)).collect()
        };
        let threads = threads.min(self.sites.len() / SITES_PER_THREAD).max(1);
        if threads == 1 {
            return part(&self.sites);
        }
        std::thread::scope(|scope| {
            let size = self.sites.len().div_ceil(threads);
            let parts: Vec<_> =
                self.sites.chunks(size).map(|blocks| scope.spawn(move || part(blocks))).collect();
            let join = |part: std::thread::ScopedJoinHandle<'_, Vec<_>>| match part.join() {
                Ok(part) => part,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            parts.into_iter().flat_map(join).collect()
        })
    }
}

/// Tables that one block after another fills.
#[derive(Debug, Default)]
struct Work {
    /// Least cost of each need for each set of links, without and with focus: focus × needs × sets.
    values: [Vec<f64>; 2],
    /// The set of links whose lines are open there.
    opened: [Vec<usize>; 2],
    /// The cost with all lines of the set open.
    exact: [Vec<f64>; 2],
    prices: Prices,
}

impl Block {
    fn solve(
        &self,
        costs: &[f64],
        problem: &Problem,
        wanted: bool,
        work: &mut Work,
    ) -> (f64, Vec<(usize, f64)>) {
        let choice = self.choose(costs, problem, work);
        let mut values = Vec::new();
        if wanted && choice.cost.is_finite() {
            self.write(choice, costs, problem, work, &mut values);
        }
        (choice.cost, values)
    }

    /// What a unit of money costs besides, where the site is a focus site.
    fn earned(&self, costs: &[f64]) -> f64 {
        self.focus.as_ref().map_or(0.0, |focus| costs[focus.money].min(0.0))
    }

    fn regrets(&self, costs: &[f64], problem: &Problem, work: &mut Work, regrets: &mut [f64]) {
        let choice = self.choose(costs, problem, work);
        if !choice.cost.is_finite() {
            return;
        }
        let gate = self.focus.as_ref().map(|focus| focus.gate);
        let may_close = gate.is_none_or(|gate| problem.lower[gate] <= 0.0);
        let may_open = gate.is_some_and(|gate| problem.upper[gate] >= 1.0);
        let mut sides = Vec::new();
        if may_close {
            sides.push((0, 0.0));
        }
        if let (true, Some(gate)) = (may_open, gate) {
            sides.push((1, costs[gate]));
        }
        // Least cost with and without the focus, and with and without each link.
        let mut with_focus = [f64::INFINITY; 2];
        let mut with_link = vec![[f64::INFINITY; 2]; self.links.len()];
        let mut with_line: Vec<Vec<[f64; 2]>> =
            self.needs.iter().map(|need| vec![[f64::INFINITY; 2]; need.lines.len()]).collect();
        let mut open = Vec::new();
        for (side, base) in sides {
            let totals = self.totals(costs, problem, &work.values[side]);
            let least = base + totals.iter().copied().fold(f64::INFINITY, f64::min);
            with_focus[side] = least;
            for (link, with) in with_link.iter_mut().enumerate() {
                for (members, total) in self.sets.members.iter().zip(&totals) {
                    let entry = &mut with[usize::from(members.contains(&link))];
                    *entry = entry.min(base + total);
                }
            }
            for (position, need) in self.needs.iter().enumerate() {
                let range = position * totals.len()..(position + 1) * totals.len();
                let (values, exact) = (&work.values[side][range.clone()], &work.exact[side][range]);
                for (line, with) in need.lines.iter().zip(&mut with_line[position]) {
                    self.with_line(line.link, exact, &mut open);
                    for (set, members) in self.sets.members.iter().enumerate() {
                        let rest = base + totals[set] - values[set];
                        if rest.is_finite() && members.contains(&line.link) {
                            with[1] = with[1].min(rest + open[set]);
                        } else if rest.is_finite() {
                            with[0] = with[0].min(rest + values[set]);
                        }
                        // Closed, although its link is active.
                        for &smaller in self.sets.smaller[set].iter().filter(|_| rest.is_finite()) {
                            if members.contains(&line.link)
                                && !self.sets.members[smaller].contains(&line.link)
                            {
                                with[0] = with[0].min(rest + values[smaller]);
                            }
                        }
                    }
                }
            }
        }
        let mut write = |column: Option<usize>, [no, yes]: [f64; 2]| {
            if let Some(column) = column {
                // Neither is possible where nothing is.
                regrets[column] = if no.is_infinite() && yes.is_infinite() { 0.0 } else { yes - no };
            }
        };
        write(gate, with_focus);
        for (link, with) in self.links.iter().zip(with_link) {
            write(*link, with);
        }
        for (need, with) in self.needs.iter().zip(with_line) {
            for (line, with) in need.lines.iter().zip(with) {
                write(line.open, with);
            }
        }
    }

    /// Least cost of a need for each set of links, with the line of one of them open.
    fn with_line(&self, link: usize, exact: &[f64], open: &mut Vec<f64>) {
        open.clear();
        for (set, members) in self.sets.members.iter().enumerate() {
            let mut least = if members.contains(&link) { exact[set] } else { f64::INFINITY };
            for &smaller in &self.sets.smaller[set] {
                least = least.min(open[smaller]);
            }
            open.push(least);
        }
    }

    /// The best of all sets of links, with and without focus.
    fn choose(&self, costs: &[f64], problem: &Problem, work: &mut Work) -> Choice {
        let idle = self.best_set(costs, problem, false, work);
        let Some(Focus { gate, .. }) = &self.focus else { return idle };
        let (closed, open) = (problem.lower[*gate] <= 0.0, problem.upper[*gate] >= 1.0);
        if !open {
            return idle;
        }
        let mut focus = if self.earned(costs) < 0.0 {
            self.best_set(costs, problem, true, work)
        } else {
            let Work { values: [idle, focus], opened: [idle_opened, focus_opened], exact, .. } = work;
            focus.clone_from(idle);
            focus_opened.clone_from(idle_opened);
            let [idle_exact, focus_exact] = exact;
            focus_exact.clone_from(idle_exact);
            Choice { focus: true, ..self.best_of(costs, problem, focus) }
        };
        focus.cost += costs[*gate];
        if closed && idle.cost <= focus.cost { idle } else { focus }
    }

    fn best_set(&self, costs: &[f64], problem: &Problem, focus: bool, work: &mut Work) -> Choice {
        let more = if focus { self.earned(costs) } else { 0.0 };
        let Work { values, opened, exact, prices } = work;
        let (values, opened) = (&mut values[usize::from(focus)], &mut opened[usize::from(focus)]);
        let exact = &mut exact[usize::from(focus)];
        values.clear();
        opened.clear();
        exact.clear();
        for need in &self.needs {
            prices.set(need, costs, more);
            for (set, members) in self.sets.members.iter().enumerate() {
                // Either all lines of the set are open, or not that of one of its links.
                let all = need.lines_of(members, &mut prices.lines);
                let mut least = if all { need.least(prices, costs, problem, None) } else { f64::INFINITY };
                let mut by = set;
                exact.push(least);
                let start = values.len() - set;
                for &smaller in &self.sets.smaller[set] {
                    if values[start + smaller] < least {
                        (least, by) = (values[start + smaller], opened[start + smaller]);
                    }
                }
                values.push(least);
                opened.push(by);
            }
        }
        Choice { focus, ..self.best_of(costs, problem, values) }
    }

    /// The set of links that is best for all needs together.
    fn best_of(&self, costs: &[f64], problem: &Problem, values: &[f64]) -> Choice {
        let mut best = Choice { cost: f64::INFINITY, focus: false, set: 0 };
        for (set, cost) in self.totals(costs, problem, values).into_iter().enumerate() {
            // A block that would pay for itself without limit has no best.
            if cost < best.cost || cost.is_nan() {
                best = Choice { cost, focus: false, set };
            }
        }
        best
    }

    /// Least cost for each set of links, all needs together.
    fn totals(&self, costs: &[f64], problem: &Problem, values: &[f64]) -> Vec<f64> {
        let count = self.sets.members.len();
        let of_links = |members: &Vec<usize>| -> f64 {
            let columns = self.links.iter().enumerate().filter_map(|(link, column)| Some((link, (*column)?)));
            let cost = |(link, column): (usize, usize)| match members.contains(&link) {
                true if problem.upper[column] < 1.0 => f64::INFINITY,
                true => costs[column],
                false if problem.lower[column] > 0.0 => f64::INFINITY,
                false => 0.0,
            };
            columns.map(cost).sum()
        };
        let mut totals: Vec<f64> = self.sets.members.iter().map(of_links).collect();
        for values in values.chunks(count) {
            totals.iter_mut().zip(values).for_each(|(total, value)| *total += value);
        }
        totals
    }

    /// The columns of a choice.
    fn write(
        &self,
        choice: Choice,
        costs: &[f64],
        problem: &Problem,
        work: &mut Work,
        values: &mut Vec<(usize, f64)>,
    ) {
        let more = if choice.focus { self.earned(costs) } else { 0.0 };
        let count = self.sets.members.len();
        let links = self.sets.members[choice.set].iter();
        values.extend(links.filter_map(|&link| self.links[link]).map(|column| (column, 1.0)));
        let first = values.len();
        let mut money = 0.0;
        for (position, need) in self.needs.iter().enumerate() {
            let opened = work.opened[usize::from(choice.focus)][position * count + choice.set];
            work.prices.set(need, costs, more);
            if need.lines_of(&self.sets.members[opened], &mut work.prices.lines) {
                need.least(&mut work.prices, costs, problem, Some(values));
            }
            money +=
                values[first..].iter().filter(|(column, _)| need.is_money(*column)).map(|v| v.1).sum::<f64>();
        }
        if let (Some(Focus { gate, money: column }), true) = (&self.focus, choice.focus) {
            values.extend([(*gate, 1.0), (*column, money.min(problem.upper[*column]))]);
        }
    }
}
