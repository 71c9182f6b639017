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

mod reader;

use crate::domain::Scenario;
use crate::formulation::Bundled;
use crate::model::Built;
use crate::solve::Problem;
use reader::Reader;

/// One line in its block.
#[derive(Debug, Clone)]
struct Line {
    money: usize,
    /// Its year columns, where they are apart from `money`.
    years: Vec<usize>,
    open: Option<usize>,
    /// Position of its link in the block.
    link: usize,
    least: f64,
    most: f64,
    /// Need covered by a unit.
    effect: f64,
}

/// Lines and segments of one need.
#[derive(Debug, Clone, Default)]
struct Need {
    lines: Vec<Line>,
    /// Columns of covered need and how much each can hold.
    segments: Vec<(usize, f64)>,
    /// Most effect of all lines together.
    most: f64,
}

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
}

/// A problem taken apart by site.
#[derive(Debug, Clone)]
pub struct Blocks {
    sites: Vec<Block>,
    /// Whether a block answers for a column.
    inside: Vec<bool>,
    /// Whether a row is priced.
    priced: Vec<bool>,
}

impl Blocks {
    /// Takes a model apart. `None` where a site has too many sets of links to look at.
    pub fn of(scenario: &Scenario, built: &Built, bundled: &Bundled, problem: &Problem) -> Option<Self> {
        Reader::new(scenario, built, bundled, problem).read()
    }

    /// The bound of one multiplier for each row of the problem (rows that are not priced are ignored).
    /// −∞ where a column without a limit would pay for itself.
    pub fn bound(&self, problem: &Problem, multipliers: &[f64]) -> f64 {
        let mut costs = problem.costs.clone();
        let mut bound = 0.0;
        for (row, &multiplier) in multipliers.iter().enumerate() {
            if multiplier == 0.0 || !self.priced.get(row).copied().unwrap_or(true) {
                continue;
            }
            let limit = if multiplier > 0.0 { problem.row_lower[row] } else { problem.row_upper[row] };
            if !limit.is_finite() {
                continue;
            }
            bound += multiplier * limit;
            for position in problem.starts[row]..problem.starts[row + 1] {
                costs[problem.columns[position]] -= multiplier * problem.coefficients[position];
            }
        }
        for (column, cost) in costs.iter().enumerate().filter(|(column, _)| !self.inside[*column]) {
            if *cost != 0.0 {
                bound += cost * if *cost > 0.0 { problem.lower[column] } else { problem.upper[column] };
            }
        }
        let blocks: f64 = self.sites.iter().map(|block| block.least(&costs, problem)).sum();
        let bound = bound + blocks;
        if bound.is_nan() { f64::NEG_INFINITY } else { bound }
    }
}

impl Block {
    /// Least cost of the block.
    fn least(&self, costs: &[f64], problem: &Problem) -> f64 {
        let idle = self.least_of(costs, problem, 0.0);
        let Some(Focus { gate, money }) = &self.focus else { return idle };
        let (closed, open) = (problem.lower[*gate] <= 0.0, problem.upper[*gate] >= 1.0);
        let earned = costs[*gate] + self.least_of(costs, problem, costs[*money].min(0.0));
        match (closed, open) {
            (true, true) => idle.min(earned),
            (true, false) => idle,
            _ => earned,
        }
    }

    /// Least cost where each unit of money costs `more` besides.
    fn least_of(&self, costs: &[f64], problem: &Problem, more: f64) -> f64 {
        let needs: Vec<Vec<f64>> =
            self.needs.iter().map(|need| need.by_set(self.most_links, costs, problem, more)).collect();
        let mut best = f64::INFINITY;
        let mut set = Vec::new();
        self.each_set(&mut set, 0, &mut |set| {
            let links: f64 =
                set.iter().filter_map(|&link| self.links[link]).map(|column| costs[column]).sum();
            let of_need = |(need, values): (&Need, &Vec<f64>)| need.best_within(values, set);
            let total: f64 = links + self.needs.iter().zip(&needs).map(of_need).sum::<f64>();
            best = best.min(total);
        });
        best
    }

    /// Calls with every set of at most so many links.
    fn each_set(&self, set: &mut Vec<usize>, from: usize, call: &mut impl FnMut(&[usize])) {
        call(set);
        if set.len() < self.most_links {
            for link in from..self.links.len() {
                set.push(link);
                self.each_set(set, link + 1, call);
                set.pop();
            }
        }
    }
}

impl Need {
    /// Least cost for every set of at most so many open lines, as a bit set over its lines. (Each line of
    /// a need has a link of its own, so the most links are the most lines.)
    fn by_set(&self, most: usize, costs: &[f64], problem: &Problem, more: f64) -> Vec<f64> {
        let mut segments: Vec<(f64, f64)> = self
            .segments
            .iter()
            .map(|&(column, width)| (costs[column], width))
            .filter(|(c, _)| *c < 0.0)
            .collect();
        segments.sort_by(|a, b| a.0.total_cmp(&b.0));
        let units: Vec<f64> = self
            .lines
            .iter()
            .map(|line| {
                let year = line.years.iter().map(|&year| costs[year]).fold(f64::INFINITY, f64::min);
                costs[line.money] + if line.years.is_empty() { 0.0 } else { year } + more
            })
            .collect();
        (0..1_usize << self.lines.len())
            .map(|set| {
                let admitted = set.count_ones() as usize <= most;
                if admitted { self.least(set, &units, &segments, costs, problem) } else { f64::INFINITY }
            })
            .collect()
    }

    /// Least cost with exactly these lines open: their minimums first, then the cheapest effect as long as
    /// it pays. One dimension (covered need) couples them, so greedy is exact.
    fn least(
        &self,
        set: usize,
        units: &[f64],
        segments: &[(f64, f64)],
        costs: &[f64],
        problem: &Problem,
    ) -> f64 {
        let (mut cost, mut effect) = (0.0, 0.0);
        let mut supply: Vec<(f64, f64)> = Vec::with_capacity(self.lines.len());
        for (position, line) in self.lines.iter().enumerate() {
            let open = set >> position & 1 == 1;
            match line.open {
                Some(column) if open && problem.upper[column] < 1.0 => return f64::INFINITY,
                Some(column) if !open && problem.lower[column] > 0.0 => return f64::INFINITY,
                Some(column) if open => cost += costs[column],
                _ => {}
            }
            if open {
                if line.least > line.most {
                    return f64::INFINITY;
                }
                cost += units[position] * line.least;
                effect += line.effect * line.least;
                supply.push((units[position] / line.effect, line.effect * (line.most - line.least)));
            }
        }
        if effect > self.most * (1.0 + 1e-9) + 1e-9 {
            return f64::INFINITY;
        }
        supply.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut room = (self.most - effect).max(0.0);
        let mut supply = supply.into_iter();
        let (mut price, mut left) = supply.next().unwrap_or((0.0, 0.0));
        let mut used = effect;
        for &(value, width) in segments.iter().chain([&(0.0, f64::INFINITY)]) {
            // What the minimums already cover earns without further cost.
            let free = used.min(width);
            used -= free;
            if free > 0.0 && value < 0.0 {
                cost += value * free;
            }
            let mut open = width - free;
            while open > 0.0 && room > 0.0 {
                if left <= 0.0 {
                    match supply.next() {
                        Some(next) => (price, left) = next,
                        None => return cost,
                    }
                    continue;
                }
                if price + value >= 0.0 {
                    return cost;
                }
                let step = open.min(left).min(room);
                if !step.is_finite() {
                    return f64::NEG_INFINITY;
                }
                cost += (price + value) * step;
                (open, left, room) = (open - step, left - step, room - step);
            }
        }
        cost
    }

    /// Least cost over the sets of open lines whose links are in a set.
    fn best_within(&self, values: &[f64], links: &[usize]) -> f64 {
        let mut admitted = 0_usize;
        for (position, line) in self.lines.iter().enumerate() {
            if links.contains(&line.link) {
                admitted |= 1 << position;
            }
        }
        // Every subset of the admitted lines.
        let mut best = values[0];
        let mut subset = admitted;
        while subset != 0 {
            best = best.min(values[subset]);
            subset = (subset - 1) & admitted;
        }
        best
    }
}
