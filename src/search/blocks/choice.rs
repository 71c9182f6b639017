//! The best decision of a block: a set of links, with focus or without, and what it pays for.
//!
//! What single lines gain a need limits what they can gain together, since the worth of covered need is
//! concave: only sets of links that can be the best are looked at closely.

use super::need::{Need, Prices};
use super::{Block, Focus};
use crate::solve::Problem;

/// The best decision of a block.
#[derive(Debug, Clone, Copy)]
struct Choice {
    cost: f64,
    focus: bool,
    set: usize,
}

/// Costs with multipliers in them, and the problem's bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Market<'a> {
    pub costs: &'a [f64],
    pub problem: &'a Problem,
}

/// What a need gains from the line of a link.
#[derive(Debug, Clone, Copy, Default)]
struct Gain {
    /// With this line and no other.
    alone: f64,
    /// With as much of it as pays, were there no limit to the line and no price of opening it.
    whole: f64,
    /// What opening it costs.
    open: f64,
}

impl Gain {
    /// What a need can gain at most from several lines, and what it gains at least: from the best of them.
    ///
    /// Together they gain no more than each alone. And where two or more are open, all of them are paid for,
    /// and no unit is worth more than one of the cheapest without a limit.
    fn together(gains: &[Self], links: &[usize]) -> (f64, f64) {
        let (mut sum, mut best, mut whole) = (0.0, 0.0_f64, 0.0_f64);
        let (mut first, mut second, mut others) = (f64::INFINITY, f64::INFINITY, 0.0);
        for gain in links.iter().map(|link| &gains[*link]).filter(|gain| gain.alone > 0.0) {
            sum += gain.alone;
            best = best.max(gain.alone);
            whole = whole.max(gain.whole);
            let dearest = second.max(gain.open);
            (first, second) = (first.min(gain.open), second.min(gain.open.max(first)));
            others += if dearest.is_finite() { dearest.min(0.0) } else { 0.0 };
        }
        (sum.min(best.max(whole - first - second - others)), best)
    }
}

/// Tables that one block after another fills.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// For each need.
    prices: Vec<Prices>,
    /// Needs × links.
    gains: Vec<Gain>,
    /// What each link costs.
    links: Vec<f64>,
    /// Least cost that a set can have, and the set.
    sets: Vec<(f64, usize)>,
    /// Links of a set that gain something.
    useful: Vec<usize>,
}

impl Market<'_> {
    fn is_forced(self, column: Option<usize>) -> bool {
        column.is_some_and(|column| self.problem.lower[column] > 0.0)
    }
}

impl Block {
    /// Least cost, and the value of each column there if they are wanted.
    pub(super) fn solve(
        &self,
        market: Market<'_>,
        wanted: bool,
        work: &mut Work,
    ) -> (f64, Vec<(usize, f64)>) {
        let choice = self.choose(market, work);
        let mut values = Vec::new();
        if wanted && choice.cost.is_finite() {
            self.write(choice, market, work, &mut values);
        }
        (choice.cost, values)
    }

    /// What a unit of money costs besides, where the site is a focus site.
    pub(super) fn earned(&self, costs: &[f64]) -> f64 {
        self.focus.as_ref().map_or(0.0, |focus| costs[focus.money].min(0.0))
    }

    /// Without focus and with it.
    fn choose(&self, market: Market<'_>, work: &mut Work) -> Choice {
        let Some(Focus { gate, .. }) = self.focus else { return self.best_set(market, false, work) };
        let (lower, upper) = (market.problem.lower[gate], market.problem.upper[gate]);
        let idle = (lower <= 0.0 || upper < 1.0).then(|| self.best_set(market, false, work));
        if upper < 1.0 {
            return idle.unwrap_or(Choice { cost: f64::INFINITY, focus: false, set: 0 });
        }
        let mut focus = match idle {
            Some(idle) if self.earned(market.costs) >= 0.0 => Choice { focus: true, ..idle },
            _ => self.best_set(market, true, work),
        };
        focus.cost += market.costs[gate];
        idle.filter(|idle| idle.cost <= focus.cost).unwrap_or(focus)
    }

    fn best_set(&self, market: Market<'_>, focus: bool, work: &mut Work) -> Choice {
        let is_free = self.add_gains(market, focus, work);
        let Work { prices, gains, links, sets, useful } = work;
        let mut best = Choice { cost: f64::INFINITY, focus, set: 0 };
        sets.clear();
        let must = |link: &usize| market.is_forced(self.links[*link]);
        let musts = (0..links.len()).filter(must).count();
        let base: f64 = self.groups.iter().map(|group| group.base(market)).sum();
        for (set, members) in self.sets.members.iter().enumerate() {
            if musts == 0 || members.iter().filter(|link| must(link)).count() == musts {
                let mut least = base + members.iter().map(|link| links[*link]).sum::<f64>();
                for gains in gains.chunks(links.len().max(1)) {
                    least -= Gain::together(gains, members).0;
                }
                sets.push((if is_free { least } else { f64::NEG_INFINITY }, set));
            }
        }
        sets.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(least, set) in sets.iter() {
            if least >= best.cost {
                break;
            }
            let members = &self.sets.members[set];
            let fixed = || base + members.iter().map(|link| links[*link]).sum::<f64>();
            let mut cost = if is_free { least } else { fixed() };
            for group in &self.groups {
                // What the group can gain at most is in the cost; what it does gain takes its place.
                let (mut most_of_all, mut open) = (0.0, 0.0);
                for &need in &group.needs {
                    let gains = &gains[need * links.len()..(need + 1) * links.len()];
                    let (most, alone) = Gain::together(gains, members);
                    most_of_all += most;
                    if is_free && most <= alone {
                        open -= most;
                        continue;
                    }
                    useful.clear();
                    useful
                        .extend(members.iter().copied().filter(|link| !is_free || gains[*link].alone > 0.0));
                    open += self.needs[need].best(useful, &mut prices[need], market);
                }
                let closed = self.closed(group, prices, market);
                cost += most_of_all + group.least(open, closed, market).0 - group.base(market);
                if is_free && cost >= best.cost {
                    break;
                }
            }
            // A block that would pay for itself without limit has no best.
            if cost < best.cost || cost.is_nan() {
                best = Choice { cost: if cost.is_nan() { f64::NEG_INFINITY } else { cost }, focus, set };
            }
        }
        best
    }

    /// Fills prices, gains and links. `false` where a line cannot stay closed: then gains say nothing.
    fn add_gains(&self, market: Market<'_>, focus: bool, work: &mut Work) -> bool {
        let more = if focus { self.earned(market.costs) } else { 0.0 };
        let Work { prices, gains, links, .. } = work;
        prices.resize_with(self.needs.len().max(prices.len()), Prices::default);
        gains.clear();
        gains.resize(self.needs.len() * self.links.len(), Gain::default());
        links.clear();
        links.extend(self.links.iter().map(|column| match column {
            Some(column) if market.problem.upper[*column] < 1.0 => f64::INFINITY,
            Some(column) => market.costs[*column],
            None => 0.0,
        }));
        let lines = || self.needs.iter().flat_map(|need| &need.lines);
        let is_free = !lines().any(|line| market.is_forced(line.open));
        for (position, (need, prices)) in self.needs.iter().zip(prices.iter_mut()).enumerate() {
            prices.set(need, market.costs, more);
            for (place, line) in need.lines.iter().enumerate().filter(|_| is_free) {
                prices.lines.clear();
                prices.lines.push(place);
                let alone = -need.least(prices, market.costs, market.problem, None);
                let open = line.open.map_or(0.0, |column| market.costs[column]);
                let gain = Gain { alone, whole: need.whole(place, prices), open };
                gains[position * self.links.len() + line.link] = gain;
            }
        }
        is_free
    }

    /// The columns of a choice.
    fn write(&self, choice: Choice, market: Market<'_>, work: &mut Work, values: &mut Vec<(usize, f64)>) {
        let more = if choice.focus { self.earned(market.costs) } else { 0.0 };
        let members = &self.sets.members[choice.set];
        values.extend(members.iter().filter_map(|&link| self.links[link]).map(|column| (column, 1.0)));
        let mut money = 0.0;
        let prices = &mut work.prices;
        for group in &self.groups {
            let closed = self.closed(group, prices, market);
            let mut open = 0.0;
            for &position in &group.needs {
                prices[position].set(&self.needs[position], market.costs, more);
                open += self.needs[position].best(members, &mut prices[position], market);
            }
            let (_, is_open) = group.least(open, closed, market);
            values.extend(group.gate.filter(|_| is_open).map(|gate| (gate, 1.0)));
            for &position in &group.needs {
                let (need, prices, first) = (&self.needs[position], &mut prices[position], values.len());
                if !is_open {
                    prices.lines.clear();
                }
                need.least(prices, market.costs, market.problem, Some(values));
                let own = values[first..].iter().filter(|(column, _)| need.is_money(*column));
                money += own.map(|value| value.1).sum::<f64>();
            }
        }
        if let (Some(Focus { gate, money: column }), true) = (&self.focus, choice.focus) {
            values.extend([(*gate, 1.0), (*column, money.min(market.problem.upper[*column]))]);
        }
    }
}

impl Need {
    /// Least cost with lines of some of these links open; leaves those lines in `prices`.
    fn best(&self, links: &[usize], prices: &mut Prices, market: Market<'_>) -> f64 {
        let mut best = (f64::INFINITY, 0);
        for subset in 0..1_u32 << links.len() {
            if self.take(subset, links, prices) {
                let cost = self.least(prices, market.costs, market.problem, None);
                if cost < best.0 {
                    best = (cost, subset);
                }
            }
        }
        self.take(best.1, links, prices);
        best.0
    }

    /// Looks up the lines of a subset of links, one bit each; `false` where a link has none here.
    fn take(&self, subset: u32, links: &[usize], prices: &mut Prices) -> bool {
        let taken = links.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1);
        self.lines_of(taken.map(|(_, link)| link), &mut prices.lines)
    }
}
