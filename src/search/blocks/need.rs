//! One need in its block: which lines pay for it, and what its coverage is worth.

use crate::solve::Problem;

/// One line in its block.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub money: usize,
    /// Its year columns, where they are apart from `money`.
    pub years: Vec<usize>,
    pub open: Option<usize>,
    /// Position of its link in the block.
    pub link: usize,
    pub least: f64,
    pub most: f64,
    /// Need covered by a unit.
    pub effect: f64,
}

/// Lines and segments of one need.
#[derive(Debug, Clone, Default)]
pub(super) struct Need {
    pub lines: Vec<Line>,
    /// Columns of covered need and how much each can hold.
    pub segments: Vec<(usize, f64)>,
    /// Most effect of all lines together.
    pub most: f64,
}

/// What a need's lines and segments cost, and the lines that are looked at.
#[derive(Debug, Default)]
pub(super) struct Prices {
    /// Cost, width and column of each segment that earns anything, the best first.
    segments: Vec<(f64, f64, usize)>,
    /// A unit of money of each line, in its cheapest year.
    units: Vec<f64>,
    /// Positions of the open lines.
    pub lines: Vec<usize>,
    /// Price of a unit of effect, what is left of it, and the line; the cheapest first.
    supply: Vec<(f64, f64, usize)>,
}

impl Prices {
    /// Reads the prices of a need; a unit of money costs `more` besides.
    pub fn set(&mut self, need: &Need, costs: &[f64], more: f64) {
        self.segments.clear();
        self.segments.extend(need.segments.iter().map(|&(column, width)| (costs[column], width, column)));
        self.segments.retain(|segment| segment.0 < 0.0);
        self.segments.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.units.clear();
        self.units.extend(need.lines.iter().map(|line| line.unit(costs) + more));
    }
}

impl Line {
    fn unit(&self, costs: &[f64]) -> f64 {
        let year = self.years.iter().map(|&year| costs[year]).fold(f64::INFINITY, f64::min);
        costs[self.money] + if self.years.is_empty() { 0.0 } else { year }
    }

    /// Writes an amount into its columns: all of it in the cheapest year.
    fn write(&self, amount: f64, costs: &[f64], values: &mut Vec<(usize, f64)>) {
        values.push((self.money, amount));
        let cheapest = self.years.iter().min_by(|a, b| costs[**a].total_cmp(&costs[**b]));
        values.extend(cheapest.map(|&year| (year, amount)));
    }
}

impl Need {
    /// Looks up the lines of some links; `false` where a link has none here.
    pub fn lines_of<'l>(&self, links: impl IntoIterator<Item = &'l usize>, lines: &mut Vec<usize>) -> bool {
        lines.clear();
        for link in links {
            let Some(line) = self.lines.iter().position(|line| line.link == *link) else { return false };
            lines.push(line);
        }
        true
    }

    /// Whether a column is the money of one of the lines.
    pub fn is_money(&self, column: usize) -> bool {
        self.lines.iter().any(|line| line.money == column)
    }

    /// Whether lines may be open and closed so, and what being open costs.
    fn opening(&self, open: &[usize], costs: &[f64], problem: &Problem) -> f64 {
        let mut cost = 0.0;
        for (position, line) in self.lines.iter().enumerate() {
            let Some(column) = line.open else { continue };
            let is_open = open.contains(&position);
            if is_open && (problem.upper[column] < 1.0 || line.least > line.most) {
                return f64::INFINITY;
            }
            if !is_open && problem.lower[column] > 0.0 {
                return f64::INFINITY;
            }
            if is_open {
                cost += costs[column];
            }
        }
        cost
    }

    /// What as much of a line gains as pays, were there no limit to it and no price of opening it.
    pub fn whole(&self, line: usize, prices: &Prices) -> f64 {
        let price = prices.units[line] / self.lines[line].effect;
        let (mut gain, mut room) = (0.0, self.most);
        for &(value, width, _) in prices.segments.iter().chain([&(0.0, f64::INFINITY, usize::MAX)]) {
            let step = width.min(room);
            if price + value >= 0.0 || step <= 0.0 {
                break;
            }
            gain -= (price + value) * step;
            room -= step;
        }
        gain
    }

    /// Least cost with exactly the lines of `prices` open: their minimums first, then the cheapest effect
    /// as long as it pays. One dimension (covered need) couples them, so greedy is exact.
    pub fn least(
        &self,
        prices: &mut Prices,
        costs: &[f64],
        problem: &Problem,
        mut values: Option<&mut Vec<(usize, f64)>>,
    ) -> f64 {
        let Prices { segments, units, lines, supply } = prices;
        let mut cost = self.opening(lines, costs, problem);
        if cost == f64::INFINITY {
            return cost;
        }
        let mut used = 0.0;
        supply.clear();
        for &position in lines.iter() {
            let line = &self.lines[position];
            cost += units[position] * line.least;
            used += line.effect * line.least;
            supply.push((units[position] / line.effect, line.effect * (line.most - line.least), position));
            if let Some(values) = values.as_deref_mut() {
                values.extend(line.open.map(|column| (column, 1.0)));
                line.write(line.least, costs, values);
            }
        }
        if used > self.most * (1.0 + 1e-9) + 1e-9 {
            return f64::INFINITY;
        }
        supply.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut room = (self.most - used).max(0.0);
        let mut next = supply.iter();
        let (mut price, mut left, mut from) = next.next().copied().unwrap_or((0.0, 0.0, usize::MAX));
        // Money that pays for itself is spent beyond the last segment too.
        for &(value, width, column) in segments.iter().chain([&(0.0, f64::INFINITY, usize::MAX)]) {
            // What the minimums already cover earns without further cost.
            let free = used.min(width);
            used -= free;
            let mut covered = free;
            if free > 0.0 && value < 0.0 {
                cost += value * free;
            }
            let mut open = width - free;
            while open > 0.0 && room > 0.0 {
                if left <= 0.0 {
                    match next.next() {
                        Some(more) => (price, left, from) = *more,
                        None => break,
                    }
                    continue;
                }
                if price + value >= 0.0 {
                    break;
                }
                let step = open.min(left).min(room);
                if !step.is_finite() {
                    return f64::NEG_INFINITY;
                }
                cost += (price + value) * step;
                (open, left, room) = (open - step, left - step, room - step);
                covered += step;
                if let Some(values) = values.as_deref_mut() {
                    self.lines[from].write(step / self.lines[from].effect, costs, values);
                }
            }
            if let Some(values) = values.as_deref_mut()
                && column != usize::MAX
                && covered > 0.0
            {
                values.push((column, covered));
            }
        }
        cost
    }
}
