//! A problem of very many sites in parts (resource-directive decomposition: Geoffrion, 1970). Each part has some
//! of the sites, and of each row that other parts stand in too as much as the mean of the blocks' answers uses
//! up to there. The parts are solved one after the other: what one leaves over, the next has more of, and what
//! one takes too much (at a price, where its whole decisions leave no other way), the next has less of. What is
//! too much in the end, parts give back that are solved once more with what the others leave. So the plans of the
//! parts are together a plan of the whole.

use std::collections::BTreeMap;

use crate::solve::Problem;

/// A part has about so many columns: what one is solved in grows faster than they do.
const PART: usize = 4_000;
/// A sum of counts this close to a whole number is one.
const WHOLE: f64 = 1e-6;
/// A row this far beyond a limit, relative to its size, is beyond it.
const BEYOND: f64 = 1e-6;
/// Taking too much costs so many times what the row is worth.
const PENALTY: f64 = 10.0;

/// A problem in parts.
#[derive(Debug)]
pub struct Division<'a> {
    problem: &'a Problem,
    /// Columns of each part.
    groups: Vec<Vec<usize>>,
    /// Rows of each part.
    rows: Vec<Vec<Share>>,
    /// What each row comes to in the parts that have a plan, and in the columns of none.
    used: Vec<f64>,
    /// Whether each part has a plan.
    is_planned: Vec<bool>,
    penalties: Vec<f64>,
}

/// What a row is to one part.
#[derive(Debug)]
struct Share {
    row: usize,
    /// Terms of the row, over the part's own columns.
    terms: Vec<(usize, f64)>,
    /// Limits for this part and those before it together, as long as those after it have no plan; else for all.
    limits: [f64; 2],
    /// Whether other parts stand in the row, and it may be broken at a price until all have a plan that keeps it.
    is_shared: bool,
    /// What the row comes to in this part's plan.
    own: f64,
}

/// What a row comes to in one part, at the mean.
#[derive(Debug, Clone, Copy, Default)]
struct Activity {
    sum: f64,
    /// The same without signs.
    size: f64,
}

/// The parts that stand in a row, in order.
type Row = Vec<(usize, Activity, Vec<(usize, f64)>)>;

/// Sites in parts, each given by its columns.
pub fn in_parts(sites: impl Iterator<Item = Vec<usize>>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for columns in sites {
        match groups.last_mut() {
            Some(last) if last.len() < PART => last.extend(columns),
            _ => groups.push(columns),
        }
    }
    groups
}

impl<'a> Division<'a> {
    /// Divides a problem around a plan of it: each part has what the others leave.
    pub fn around(problem: &'a Problem, groups: Vec<Vec<usize>>, plan: &[f64]) -> Self {
        let mut this = Self {
            problem,
            rows: groups.iter().map(|_| Vec::new()).collect(),
            is_planned: vec![true; groups.len()],
            groups,
            used: vec![0.0; problem.row_lower.len()],
            penalties: Vec::new(),
        };
        for (row, parts) in this.read(plan).into_iter().enumerate() {
            this.used[row] += parts.iter().map(|(_, activity, _)| activity.sum).sum::<f64>();
            // Last digits of the plan are no reason to have none.
            let used = this.used[row];
            let limits = [problem.row_lower[row].min(used), problem.row_upper[row].max(used)];
            for (part, activity, terms) in parts {
                this.rows[part].push(Share { row, terms, limits, is_shared: false, own: activity.sum });
            }
        }
        this
    }

    /// Divides a problem. `groups` has the columns of each part; those in none stay at their mean. `mean` has a
    /// value for each column; over the rows of each of the `families` together it should nearly keep the rows.
    /// `multipliers` say what each row is worth.
    pub fn new(
        problem: &'a Problem,
        groups: Vec<Vec<usize>>,
        mean: &[f64],
        families: &[Vec<usize>],
        multipliers: &[f64],
    ) -> Self {
        let dearest = multipliers.iter().fold(0.0, |most: f64, price| most.max(price.abs()));
        let penalty = |price: &f64| PENALTY * if *price == 0.0 { dearest } else { price.abs() };
        let mut this = Self {
            problem,
            rows: groups.iter().map(|_| Vec::new()).collect(),
            is_planned: vec![false; groups.len()],
            groups,
            used: vec![0.0; problem.row_lower.len()],
            penalties: multipliers.iter().map(penalty).collect(),
        };
        let mut rows = this.read(mean);
        for family in families.iter().filter(|family| family.len() > 1) {
            even_out(problem, &mut rows, family);
        }
        for (row, parts) in rows.into_iter().enumerate() {
            this.share(row, parts);
        }
        this
    }

    /// What each row comes to in each part. Columns in no part are as good as used.
    fn read(&mut self, mean: &[f64]) -> Vec<Row> {
        let problem = self.problem;
        let mut place = vec![None; problem.costs.len()];
        for (part, columns) in self.groups.iter().enumerate() {
            for (position, &column) in columns.iter().enumerate() {
                place[column] = Some((part, position));
            }
        }
        let mut rows = Vec::with_capacity(problem.row_lower.len());
        for row in 0..problem.row_lower.len() {
            let range = problem.starts[row]..problem.starts[row + 1];
            let mut parts: BTreeMap<usize, (Activity, Vec<(usize, f64)>)> = BTreeMap::new();
            for (&column, &factor) in problem.columns[range.clone()].iter().zip(&problem.coefficients[range])
            {
                let value = mean[column].clamp(problem.lower[column], problem.upper[column]);
                let Some((part, position)) = place[column] else {
                    self.used[row] += factor * if problem.integer[column] { value.round() } else { value };
                    continue;
                };
                let (activity, terms) = parts.entry(part).or_default();
                terms.push((position, factor));
                activity.sum += factor * value;
                activity.size += (factor * value).abs();
            }
            rows.push(parts.into_iter().map(|(part, (activity, terms))| (part, activity, terms)).collect());
        }
        rows
    }

    /// Gives each part its limits of a row.
    fn share(&mut self, row: usize, parts: Row) {
        let problem = self.problem;
        let range = problem.starts[row]..problem.starts[row + 1];
        let mut terms = problem.columns[range.clone()].iter().zip(&problem.coefficients[range]);
        let counts = terms.all(|(column, factor)| problem.integer[*column] && factor.fract() == 0.0);
        let sum = self.used[row] + parts.iter().map(|part| part.1.sum).sum::<f64>();
        let size: f64 = parts.iter().map(|part| part.1.size).sum();
        let (mut so_far, mut weight) = (self.used[row], 0.0);
        let count = parts.len();
        for (position, (part, activity, terms)) in parts.into_iter().enumerate() {
            so_far += activity.sum;
            weight += if size > 0.0 { activity.size / size } else { 1.0 / count as f64 };
            let is_last = position + 1 == count;
            let mut limits = [problem.row_lower[row], problem.row_upper[row]].map(|limit| match limit {
                _ if is_last || !limit.is_finite() => limit,
                _ => so_far + weight * (limit - sum),
            });
            if counts {
                limits = [(limits[0] + WHOLE).floor(), (limits[1] - WHOLE).ceil()];
            }
            self.rows[part].push(Share { row, terms, limits, is_shared: count > 1, own: 0.0 });
        }
    }

    /// Plans part after part, into `plan`, which has the columns of none already. Whether there is a plan of the whole
    /// now. `solve` finds one of a part, or none.
    ///
    /// # Errors
    /// Those of `solve`.
    pub fn find<E>(
        mut self,
        plan: &mut [f64],
        mut solve: impl FnMut(&Problem) -> Result<Option<Vec<f64>>, E>,
    ) -> Result<bool, E> {
        let count = self.groups.len();
        for position in 0..2 * count {
            let part = position % count;
            if position >= count && !self.takes_too_much(part) {
                continue;
            }
            let Some(found) = solve(&self.part(part))? else { return Ok(false) };
            self.take(part, &found, plan);
        }
        Ok((0..count).all(|part| !self.takes_too_much(part)))
    }

    /// Makes a plan of the whole better part after part. `solve` gets a part and the cost of its plan, and finds a
    /// cheaper one, or none.
    ///
    /// # Errors
    /// Those of `solve`.
    pub fn improve<E>(
        mut self,
        plan: &mut [f64],
        mut solve: impl FnMut(&Problem, f64) -> Result<Option<Vec<f64>>, E>,
    ) -> Result<(), E> {
        for part in 0..self.groups.len() {
            let problem = self.part(part);
            let cost = problem.cost(&self.restrict(part, plan));
            if let Some(found) = solve(&problem, cost)? {
                self.take(part, &found, plan);
            }
        }
        Ok(())
    }

    /// What a part has to decide, given what the others took: its own columns, then one for each way to take too
    /// much.
    fn part(&self, part: usize) -> Problem {
        let (whole, columns) = (self.problem, &self.groups[part]);
        let of = |values: &[f64]| -> Vec<f64> { columns.iter().map(|column| values[*column]).collect() };
        let mut problem = Problem {
            costs: of(&whole.costs),
            lower: of(&whole.lower),
            upper: of(&whole.upper),
            integer: columns.iter().map(|column| whole.integer[*column]).collect(),
            starts: vec![0],
            ..Problem::default()
        };
        let are_planned = self.is_planned.iter().all(|is_planned| *is_planned);
        for Share { row, terms, limits, is_shared, own } in &self.rows[part] {
            let of_all = *is_shared && are_planned;
            let limits = if of_all { [whole.row_lower[*row], whole.row_upper[*row]] } else { *limits };
            let [lower, upper] = limits.map(|limit| limit - (self.used[*row] - own));
            let mut terms = terms.clone();
            for (limit, sign) in [(lower, 1.0), (upper, -1.0)] {
                if limit.is_finite() && *is_shared {
                    terms.push((problem.costs.len(), sign));
                    problem.costs.push(self.penalties[*row]);
                    problem.lower.push(0.0);
                    problem.upper.push(f64::INFINITY);
                    problem.integer.push(false);
                }
            }
            problem.add_row(terms, lower, upper);
        }
        problem
    }

    /// A part's columns of a point of the whole.
    fn restrict(&self, part: usize, whole: &[f64]) -> Vec<f64> {
        self.groups[part].iter().map(|column| whole[*column]).collect()
    }

    /// Whether a row that a part stands in is beyond its limits.
    fn takes_too_much(&self, part: usize) -> bool {
        self.rows[part].iter().any(|share| {
            let (lower, upper) = (self.problem.row_lower[share.row], self.problem.row_upper[share.row]);
            let used = self.used[share.row];
            let beyond = BEYOND * used.abs().max(1.0);
            used < lower - beyond || used > upper + beyond
        })
    }

    /// Takes a part's plan, into that of the whole too.
    fn take(&mut self, part: usize, plan: &[f64], whole: &mut [f64]) {
        for Share { row, terms, own, .. } in &mut self.rows[part] {
            let new = terms.iter().map(|&(position, factor)| factor * plan[position]).sum::<f64>();
            self.used[*row] += new - *own;
            *own = new;
        }
        self.is_planned[part] = true;
        for (&column, &value) in self.groups[part].iter().zip(plan) {
            whole[column] = value;
        }
    }
}

/// The blocks leave it open in which year money flows where it costs the same in all, so their mean says only how
/// much each part uses of the rows of all years together: of each it gets that share.
fn even_out(problem: &Problem, rows: &mut [Row], family: &[usize]) {
    let mut whole: BTreeMap<usize, Activity> = BTreeMap::new();
    for (part, activity, _) in family.iter().flat_map(|row| &rows[*row]) {
        let of_part = whole.entry(*part).or_default();
        of_part.sum += activity.sum;
        of_part.size += activity.size;
    }
    let limit = |row: usize| problem.row_upper[row].clamp(0.0, f64::MAX);
    let limits: f64 = family.iter().map(|row| limit(*row)).sum();
    for &row in family {
        let share =
            if limits.is_finite() && limits > 0.0 { limit(row) / limits } else { 1.0 / family.len() as f64 };
        for (part, activity, _) in &mut rows[row] {
            let of_part = whole.get(part).copied().unwrap_or_default();
            *activity = Activity { sum: share * of_part.sum, size: share * of_part.size };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::solve::{Options, Progress, find};

    const SITES: usize = 12;
    const YEARS: usize = 3;

    /// Sites, each with one line that is worth something in any of the years if it is open: at most half of the
    /// lines, a budget a year, and at least a tenth of the budget at the first sites.
    fn problem(random: &mut Random) -> Problem {
        let width = YEARS + 1;
        let mut problem = Problem { starts: vec![0], ..Problem::default() };
        for _ in 0..SITES {
            problem.costs.extend([-1.0 - random.position(100) as f64 / 100.0; YEARS]);
            problem.costs.push(0.0);
            problem.upper.extend([2.0, 2.0, 2.0, 1.0]);
            problem.integer.extend([false, false, false, true]);
        }
        problem.lower = vec![0.0; SITES * width];
        for site in 0..SITES {
            let money = |sign: f64| (0..YEARS).map(move |year| (site * width + year, sign));
            problem.add_row(money(1.0).chain([(site * width + YEARS, -2.0)]), f64::NEG_INFINITY, 0.0);
            problem.add_row(money(1.0).chain([(site * width + YEARS, -1.0)]), 0.0, f64::INFINITY);
        }
        for year in 0..YEARS {
            problem.add_row((0..SITES).map(|site| (site * width + year, 1.0)), f64::NEG_INFINITY, 3.0);
        }
        problem.add_row((0..SITES).map(|site| (site * width + YEARS, 1.0)), f64::NEG_INFINITY, 6.0);
        let first = (0..2).flat_map(|site| (0..YEARS).map(move |year| (site * width + year, 1.0)));
        problem.add_row(first, 0.9, f64::INFINITY);
        problem
    }

    #[test]
    fn plans_of_the_parts_are_a_plan_of_the_whole() {
        let highs = find("highs").expect("it is built in");
        let options = Options { gap: 0.0, ..Options::default() };
        let mut random = Random::new(7);
        let (mut plans, mut near) = (0, 0);
        for _ in 0..40 {
            let problem = problem(&mut random);
            let width = YEARS + 1;
            let solve = |problem: &Problem| {
                let answer = highs.solve(problem, &options, &mut |_: Progress| true).expect("it is solved");
                answer.point
            };
            let best = solve(&problem).expect("there are plans");
            // As the blocks answer: the money of all years in the first.
            let mut mean = best.clone();
            for site in 0..SITES {
                let years = site * width..site * width + YEARS;
                let sum: f64 = mean[years.clone()].iter().sum();
                mean[years].fill(0.0);
                mean[site * width] = sum;
            }
            let groups: Vec<Vec<usize>> =
                (0..4).map(|part| (part * 3 * width..(part + 1) * 3 * width).collect()).collect();
            let budgets: Vec<usize> = (2 * SITES..2 * SITES + YEARS).collect();
            let multipliers = vec![1.0; problem.row_lower.len()];
            let division = Division::new(&problem, groups.clone(), &mean, &[budgets], &multipliers);
            let mut plan = mean.clone();
            let found = division.find::<()>(&mut plan, |part| Ok(solve(part)));
            if found != Ok(true) {
                continue;
            }
            let first = problem.cost(&plan);
            let better = |part: &Problem, cost: f64| Ok(solve(part).filter(|found| part.cost(found) < cost));
            Division::around(&problem, groups, &plan.clone())
                .improve::<()>(&mut plan, better)
                .expect("no errors");
            assert!(problem.cost(&plan) <= first + 1e-9);
            plans += 1;
            for row in 0..problem.row_lower.len() {
                let range = problem.starts[row]..problem.starts[row + 1];
                let terms = problem.columns[range.clone()].iter().zip(&problem.coefficients[range]);
                let sum: f64 = terms.map(|(column, factor)| factor * plan[*column]).sum();
                assert!(
                    sum >= problem.row_lower[row] - 1e-6 && sum <= problem.row_upper[row] + 1e-6,
                    "row {row}"
                );
            }
            near += usize::from(problem.cost(&plan) <= 0.97 * problem.cost(&best));
        }
        assert!(plans >= 35 && near >= 30, "{plans} plans, {near} of them within 3%");
    }
}
