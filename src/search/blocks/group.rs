//! Needs of a site that get money together or not at all.

use super::Block;
use super::choice::Market;
use super::need::Prices;

/// Needs, and the yes-or-no without which none of them gets money (an industry that is built at the site, say).
/// Most needs are in a group of their own, without one.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub gate: Option<usize>,
    /// Positions of the needs.
    pub needs: Vec<usize>,
}

impl Group {
    /// What the gate costs at the least, whatever the needs do.
    pub fn base(&self, market: Market<'_>) -> f64 {
        let Some(gate) = self.gate else { return 0.0 };
        match (market.problem.lower[gate], market.problem.upper[gate]) {
            (_, upper) if upper < 1.0 => 0.0,
            (lower, _) if lower > 0.0 => market.costs[gate],
            _ => market.costs[gate].min(0.0),
        }
    }

    /// Least cost with the gate open, or closed.
    pub fn with_gate(&self, is_open: bool, open: f64, closed: f64, market: Market<'_>) -> f64 {
        let Some(gate) = self.gate else { return if is_open { open } else { f64::INFINITY } };
        let (lower, upper) = (market.problem.lower[gate], market.problem.upper[gate]);
        match is_open {
            true if upper < 1.0 => f64::INFINITY,
            true => open + market.costs[gate],
            false if lower > 0.0 => f64::INFINITY,
            false => closed,
        }
    }

    /// Least cost, and whether the gate is open there: `open` is what the needs cost at best, `closed` what they
    /// cost without money.
    pub fn least(&self, open: f64, closed: f64, market: Market<'_>) -> (f64, bool) {
        let [open, closed] = [true, false].map(|is_open| self.with_gate(is_open, open, closed, market));
        if closed < open { (closed, false) } else { (open, true) }
    }
}

impl Block {
    /// What the needs of a group cost without money.
    pub(super) fn closed(&self, group: &Group, prices: &mut [Prices], market: Market<'_>) -> f64 {
        let mut cost = 0.0;
        for &need in group.needs.iter().filter(|_| group.gate.is_some()) {
            prices[need].lines.clear();
            cost += self.needs[need].least(&mut prices[need], market.costs, market.problem, None);
        }
        cost
    }
}
