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
//! * gates: needs that get money together or not at all, at a price;
//! * focus: at a price, each unit of the site's money earns once more.
//!
//! For any multipliers of the right sign the sum is a bound (weak duality), so nothing here has to be
//! complete to be right: a row that is not recognised is priced. Rows and columns are recognised by their
//! shape, never by the rule they came from.

mod choice;
mod excess;
mod group;
mod kernel;
mod need;
mod reader;
mod regrets;
mod sets;

use std::sync::Arc;

use crate::domain::Scenario;
use crate::formulation::Bundled;
use crate::model::Built;
use crate::solve::Problem;
use choice::{Market, Work};
pub use excess::Excess;
use group::Group;
pub use kernel::Leaning;
use need::Need;
use reader::Reader;
use sets::Sets;

/// Less work than this for each thread is not worth starting one: sets of links to be looked at for a need.
const SETS_PER_THREAD: usize = 20_000;

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
    /// Every need is in one.
    groups: Vec<Group>,
    /// Column of each link's activity, where there is one.
    links: Vec<Option<usize>>,
    most_links: usize,
    focus: Option<Focus>,
    /// Columns that look at this site alone, but which the block does not answer for: people, and what is decided
    /// about them.
    beside: Vec<usize>,
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

impl Blocks {
    /// Takes a model apart. `None` where a site has too many sets of links to look at.
    pub fn of(scenario: &Scenario, built: &Built, bundled: &Bundled, problem: &Problem) -> Option<Self> {
        Reader::new(scenario, built, bundled, problem).read()
    }

    /// Whether a row is priced by a multiplier, and not kept in a block.
    pub fn is_priced(&self, row: usize) -> bool {
        self.priced.get(row).copied().unwrap_or(true)
    }

    /// Whether every decision is one of a block.
    pub fn answer_for_all(&self, problem: &Problem) -> bool {
        self.inside.iter().zip(&problem.integer).all(|(inside, integer)| *inside || !integer)
    }

    /// Number of rows that the problem had when it was taken apart.
    pub fn rows(&self) -> usize {
        self.priced.len()
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
            let market = Market { costs, problem };
            blocks.iter().map(|block| block.solve(market, wanted, &mut work)).collect()
        };
        let sets: usize = self.sites.iter().map(|block| block.sets.members.len() * block.needs.len()).sum();
        let threads = threads.min(sets / SETS_PER_THREAD).max(1);
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
