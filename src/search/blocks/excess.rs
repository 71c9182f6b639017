//! Where a plan is further from the bound than it need be.

use super::{Block, Blocks};
use crate::solve::Problem;

/// What the sites cost at some prices.
#[derive(Debug, Clone)]
pub struct Excess {
    costs: Vec<f64>,
    /// Columns and least cost of each site.
    sites: Vec<(Vec<usize>, f64)>,
}

impl Excess {
    /// How much more each site costs in a plan than it would at best. The sum over all sites, and what the
    /// priced rows leave unused at their prices, is how far the plan is from the bound.
    pub fn of(&self, plan: &[f64]) -> Vec<f64> {
        let cost = |columns: &[usize]| -> f64 { columns.iter().map(|&c| self.costs[c] * plan[c]).sum() };
        self.sites.iter().map(|(columns, least)| cost(columns) - least).collect()
    }
}

impl Blocks {
    /// What the sites cost at one multiplier for each row of the problem.
    pub fn excess(&self, problem: &Problem, multipliers: &[f64]) -> Excess {
        let (costs, _) = self.price(problem, multipliers);
        let least = self.solve(&costs, problem, 1, false);
        let sites =
            self.sites.iter().zip(least).map(|(block, (least, _))| (block.columns(), least)).collect();
        Excess { costs, sites }
    }

    /// For each row that has a price, the sites with an open decision that stands in it: those that compete
    /// for the same money, lines or focus.
    pub fn rivals(&self, problem: &Problem, multipliers: &[f64], is_open: &[bool]) -> Vec<Vec<usize>> {
        let mut site_of: Vec<Option<usize>> = vec![None; self.inside.len()];
        for (site, block) in self.sites.iter().enumerate() {
            let own = block.binaries().chain(block.beside.iter().copied());
            for column in own.filter(|column| is_open[*column]) {
                site_of[column] = Some(site);
            }
            for line in block.needs.iter().flat_map(|need| &need.lines) {
                if line.open.is_some_and(|open| is_open[open]) {
                    line.years.iter().chain([&line.money]).for_each(|column| site_of[*column] = Some(site));
                }
            }
        }
        let priced = self.families.iter().map(|rows| rows[0]).filter(|row| multipliers[*row] != 0.0);
        let rivals = priced.map(|row| {
            let columns = &problem.columns[problem.starts[row]..problem.starts[row + 1]];
            let mut sites: Vec<usize> = columns.iter().filter_map(|column| site_of[*column]).collect();
            sites.sort_unstable();
            sites.dedup();
            sites
        });
        rivals.filter(|sites| sites.len() > 1).collect()
    }

    /// Every column of each site, and those beside its block.
    pub fn columns(&self) -> impl Iterator<Item = Vec<usize>> {
        let all = |block: &Block| block.columns().into_iter().chain(block.beside.iter().copied()).collect();
        self.sites.iter().map(all)
    }

    /// Columns of what is decided with yes or no, site by site, and those beside the blocks.
    pub fn decisions(&self) -> impl Iterator<Item = Vec<usize>> {
        self.sites.iter().map(|block| block.binaries().chain(block.beside.iter().copied()).collect())
    }

    /// Which columns are beside the blocks.
    pub fn beside(&self) -> Vec<bool> {
        let mut beside = vec![false; self.inside.len()];
        self.sites.iter().flat_map(|block| &block.beside).for_each(|column| beside[*column] = true);
        beside
    }
}

impl Block {
    /// All columns, each once: lines of one link can share the columns of their years.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self.binaries().collect();
        for need in &self.needs {
            columns.extend(need.segments.iter().map(|segment| segment.0));
            columns.extend(need.lines.iter().flat_map(|line| line.years.iter().chain([&line.money])));
        }
        columns.extend(self.focus.as_ref().map(|focus| focus.money));
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}
