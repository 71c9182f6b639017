//! What it costs to decide otherwise than the prices say.

use super::choice::Market;
use super::need::Prices;
use super::{Block, Blocks};
use crate::solve::Problem;

/// Least cost of each need for each set of links: needs × sets.
#[derive(Debug, Default)]
struct Tables {
    /// With any lines of the set open.
    values: Vec<f64>,
    /// With all of them open.
    exact: Vec<f64>,
    /// Least cost of each group for each set: groups × sets.
    groups: Vec<f64>,
    prices: Prices,
}

impl Blocks {
    /// For each column that a block decides with yes or no, how much more the block costs at best with a yes
    /// than with a no: no plan with the other decision comes nearer to the bound than that. Zero for every
    /// other column.
    pub fn regrets(&self, problem: &Problem, multipliers: &[f64]) -> Vec<f64> {
        let (costs, _) = self.price(problem, multipliers);
        let mut regrets = vec![0.0; costs.len()];
        let market = Market { costs: &costs, problem };
        let mut tables = Tables::default();
        for block in &self.sites {
            block.regrets(market, &mut tables, &mut regrets);
        }
        regrets
    }
}

impl Block {
    fn regrets(&self, market: Market<'_>, tables: &mut Tables, regrets: &mut [f64]) {
        let Market { costs, problem } = market;
        let gate = self.focus.as_ref().map(|focus| focus.gate);
        let may_close = gate.is_none_or(|gate| problem.lower[gate] <= 0.0);
        let may_open = gate.is_some_and(|gate| problem.upper[gate] >= 1.0);
        // Least cost without and with the focus, each link and each line.
        let mut with_focus = [f64::INFINITY; 2];
        let mut with_link = vec![[f64::INFINITY; 2]; self.links.len()];
        let mut with_gate = vec![[f64::INFINITY; 2]; self.groups.len()];
        let mut with_line: Vec<Vec<[f64; 2]>> =
            self.needs.iter().map(|need| vec![[f64::INFINITY; 2]; need.lines.len()]).collect();
        let mut open = Vec::new();
        for focus in [false, true] {
            if !(if focus { may_open } else { may_close }) {
                continue;
            }
            let (more, base) = match gate {
                Some(gate) if focus => (self.earned(costs), costs[gate]),
                _ => (0.0, 0.0),
            };
            self.fill(market, more, tables);
            let totals = self.totals(market, &tables.groups);
            let least = base + totals.iter().copied().fold(f64::INFINITY, f64::min);
            with_focus[usize::from(focus)] = least;
            for (link, with) in with_link.iter_mut().enumerate() {
                for (members, total) in self.sets.members.iter().zip(&totals) {
                    let entry = &mut with[usize::from(members.contains(&link))];
                    *entry = entry.min(base + total);
                }
            }
            let sets = totals.len();
            for (position, group) in self.groups.iter().enumerate() {
                let own = &tables.groups[position * sets..(position + 1) * sets];
                let closed = group.needs.iter().map(|need| tables.values[need * sets]).sum::<f64>();
                for set in 0..sets {
                    let rest = base + totals[set] - own[set];
                    if !rest.is_finite() {
                        continue;
                    }
                    let all: f64 = group.needs.iter().map(|need| tables.values[need * sets + set]).sum();
                    for (decision, with) in with_gate[position].iter_mut().enumerate() {
                        *with = with.min(rest + group.with_gate(decision == 1, all, closed, market));
                    }
                }
                for &need in &group.needs {
                    let range = need * sets..(need + 1) * sets;
                    let (values, exact) = (&tables.values[range.clone()], &tables.exact[range]);
                    for (line, with) in self.needs[need].lines.iter().zip(&mut with_line[need]) {
                        self.with_line(line.link, exact, &mut open);
                        for (set, members) in self.sets.members.iter().enumerate() {
                            let rest = base + totals[set] - own[set];
                            if !rest.is_finite() {
                                continue;
                            }
                            let others: f64 = group
                                .needs
                                .iter()
                                .filter(|other| **other != need)
                                .map(|other| tables.values[other * sets + set])
                                .sum();
                            if !members.contains(&line.link) {
                                with[0] = with[0].min(rest + own[set]);
                                continue;
                            }
                            let opened = group.with_gate(true, others + open[set], closed, market);
                            with[1] = with[1].min(rest + opened);
                            // Closed, although its link is active.
                            for &smaller in &self.sets.smaller[set] {
                                if !self.sets.members[smaller].contains(&line.link) {
                                    let least = group.least(others + values[smaller], closed, market).0;
                                    with[0] = with[0].min(rest + least);
                                }
                            }
                        }
                    }
                }
            }
        }
        if with_focus.iter().all(|cost| !cost.is_finite()) {
            return;
        }
        let mut write = |column: Option<usize>, [no, yes]: [f64; 2]| {
            if let Some(column) = column {
                // Neither is possible where nothing is.
                regrets[column] = if no.is_infinite() && yes.is_infinite() { 0.0 } else { yes - no };
            }
        };
        write(gate, with_focus);
        for (group, with) in self.groups.iter().zip(with_gate) {
            write(group.gate, with);
        }
        for (link, with) in self.links.iter().zip(with_link) {
            write(*link, with);
        }
        for (need, with) in self.needs.iter().zip(with_line) {
            for (line, with) in need.lines.iter().zip(with) {
                write(line.open, with);
            }
        }
    }

    /// Fills the tables; a unit of money costs `more` besides.
    fn fill(&self, market: Market<'_>, more: f64, tables: &mut Tables) {
        let Tables { values, exact, groups, prices } = tables;
        values.clear();
        exact.clear();
        groups.clear();
        for need in &self.needs {
            prices.set(need, market.costs, more);
            let start = values.len();
            for (set, members) in self.sets.members.iter().enumerate() {
                let all = need.lines_of(members, &mut prices.lines);
                let all_open =
                    if all { need.least(prices, market.costs, market.problem, None) } else { f64::INFINITY };
                exact.push(all_open);
                // Or without the line of one of its links.
                let smaller = self.sets.smaller[set].iter().map(|smaller| values[start + smaller]);
                values.push(smaller.fold(all_open, f64::min));
            }
        }
        // The first set is the empty one.
        let sets = self.sets.members.len();
        for group in &self.groups {
            let sum = |set: usize| group.needs.iter().map(|need| values[need * sets + set]).sum::<f64>();
            let closed = sum(0);
            groups.extend((0..sets).map(|set| group.least(sum(set), closed, market).0));
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

    /// Least cost for each set of links, all needs together.
    fn totals(&self, market: Market<'_>, values: &[f64]) -> Vec<f64> {
        let Market { costs, problem } = market;
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
}
