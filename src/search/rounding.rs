//! Controlled rounding: whole units near a point of the model that keep every hard rule.
//!
//! With the yes-or-no decisions fixed, each column of money or people becomes `⌊x⌋ + δ` with a small whole `δ`, every
//! row keeps its limits, and the distance from `x` is made smallest. Where the rows are those of a network
//! (budgets, line totals, needs), the linear relaxation is already whole (total unimodularity; controlled
//! rounding: Cox, 1987; Causey, Cox and Ernst, 1985), so the solver has nothing to branch on; where shares
//! or effectiveness cut across, it is a small repair MILP. The neighbourhood grows until a plan passes
//! the rules' own integer checks.

use std::time::Duration;

use super::{Observer, Settings};
use crate::domain::{LineId, Plan, Scenario};
use crate::model::Strength;
use crate::model::{Built, ColumnKind, RowId};
use crate::policy::Policy;
use crate::solve::{Options, Problem, Progress, SolverError};

/// What rounding came to.
#[derive(Debug, Clone)]
pub struct Rounded {
    /// The plan in whole units.
    pub plan: Plan,
    /// Positions of hard rules that fail by the unit; empty is what is wanted.
    pub failing: Vec<usize>,
}

/// How far a column may move, and whether columns at zero may move too.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// Units from the rounded-down value.
    units: f64,
    /// Whether whole values and closed cells may move.
    all: bool,
    /// Whether a soft rule that is met must stay met to the unit.
    firm: bool,
    /// Whether rows with fractional coefficients keep a margin for the last digits of doubles.
    margin: bool,
}

const REACHES: [Reach; 6] = [
    Reach { units: 1.0, all: false, firm: true, margin: true },
    Reach { units: 2.0, all: true, firm: true, margin: true },
    Reach { units: 2.0, all: true, firm: true, margin: false },
    Reach { units: 100.0, all: true, firm: true, margin: true },
    Reach { units: 100.0, all: true, firm: false, margin: false },
    Reach { units: 1e6, all: true, firm: false, margin: false },
];

/// How long an attempt may take; one with more columns than this in proportion longer.
const TIME: Duration = Duration::from_secs(30);
const LARGE: f64 = 20_000.0;
/// A number of units that is nearer than this to a whole one is whole.
const WHOLE: f64 = 1e-6;
/// Sums of a few thousand whole numbers below this are exact.
const EXACT: f64 = (1_u64 << 40) as f64;

/// Closer than this to a whole number is whole, relative to size: a solver's last digits.
fn tolerance(value: f64) -> f64 {
    1e-6 + value.abs() * 1e-9
}

/// Rounds a point of the model (in units) to whole units.
///
/// # Errors
/// When a solver breaks down.
pub fn round(
    scenario: &Scenario,
    policy: &Policy,
    built: &Built,
    point: &[f64],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Rounded, SolverError> {
    observer.stage("rounding");
    let mut best: Option<Rounded> = None;
    for reach in REACHES {
        let Some(rounded) = attempt(built, point, reach, settings)? else { continue };
        let plan = to_plan(scenario, built, &rounded);
        let failing = failing_rules(scenario, policy, &plan);
        let done = failing.is_empty();
        if best.as_ref().is_none_or(|best| failing.len() < best.failing.len()) {
            best = Some(Rounded { plan, failing });
        }
        if done {
            break;
        }
    }
    Ok(best.unwrap_or_else(|| {
        // No attempt was feasible: rounded down, which at least spends nothing that is not there, and the
        // rules that this breaks.
        let down: Vec<f64> = point.iter().map(|value| (value + tolerance(*value)).floor().max(0.0)).collect();
        let plan = to_plan(scenario, built, &down);
        let failing = failing_rules(scenario, policy, &plan);
        Rounded { plan, failing }
    }))
}

fn to_plan(scenario: &Scenario, built: &Built, point: &[f64]) -> Plan {
    let years = scenario.years.len();
    #[allow(clippy::cast_possible_truncation)]
    let amount = |line: usize, year: usize| point[built.year(LineId(line), year).0].round() as i64;
    let amounts: Vec<Vec<i64>> =
        (0..scenario.lines.len()).map(|line| (0..years).map(|year| amount(line, year)).collect()).collect();
    let people = scenario.talent.candidates.iter().zip(built.placed());
    #[allow(clippy::cast_possible_truncation)]
    let people = people
        .map(|(candidate, column)| ((candidate.secondees, candidate.posts), point[column.0].round() as i64));
    Plan::from_candidates(scenario, &amounts).with_people(people)
}

fn failing_rules(scenario: &Scenario, policy: &Policy, plan: &Plan) -> Vec<usize> {
    let hard = policy.rules.iter().enumerate().filter(|(_, rule)| rule.strength == Strength::Hard);
    hard.filter(|(_, rule)| rule.rule.check(scenario, plan).iter().any(|finding| !finding.passes()))
        .map(|(position, _)| position)
        .collect()
}

/// Whether each column is money of a line that is not funded: it can only stay nothing.
fn closed(built: &Built, point: &[f64]) -> Vec<bool> {
    let mut is_closed = vec![false; built.model.column_count()];
    for line in (0..built.lines()).map(LineId) {
        if built.open(line).is_some_and(|open| point[open.0] < 0.5) {
            is_closed[built.total(line).0] = true;
            for year in 0..built.years() {
                is_closed[built.year(line, year).0] = true;
            }
        }
    }
    is_closed
}

/// The problem in `δ`: for each column of the model its base and, where it may move, its columns here.
struct Shifted {
    problem: Problem,
    /// Whole numbers.
    base: Vec<f64>,
    /// Column of the shift, with its sign: a whole column that may go both ways has two.
    shifts: Vec<Vec<(usize, f64)>>,
}

impl Shifted {
    fn new(built: &Built, point: &[f64], reach: Reach) -> Self {
        let count = built.model.column_count();
        let mut this = Self {
            problem: Problem { starts: vec![0], ..Problem::default() },
            base: Vec::with_capacity(count),
            shifts: vec![Vec::new(); count],
        };
        let is_closed = closed(built, point);
        let slack: std::collections::BTreeMap<usize, f64> =
            built.slacks.iter().map(|slack| (slack.column.0, slack.penalty.as_f64())).collect();
        for (column, &value) in point.iter().enumerate().take(count) {
            let (lower, upper) = (built.model.lower[column], built.model.upper[column]);
            match built.model.kinds[column] {
                ColumnKind::Binary => this.base.push(value.round()),
                _ if is_closed[column] => this.base.push(0.0),
                ColumnKind::Money | ColumnKind::People => {
                    this.add_whole(column, value.max(0.0), upper, reach);
                }
                ColumnKind::DerivedMoney | ColumnKind::Count => {
                    // A soft rule's slack costs more than moving money does.
                    let penalty = slack.get(&column);
                    let cost = penalty.map_or(0.0, |penalty| 10.0 * penalty);
                    if penalty.is_some() && reach.firm && value <= tolerance(value) {
                        this.base.push(0.0);
                    } else {
                        let base = value.round();
                        this.base.push(base);
                        this.add(column, 1.0, cost, lower - base, upper - base, false);
                    }
                }
            }
        }
        this
    }

    fn add(&mut self, column: usize, sign: f64, cost: f64, lower: f64, upper: f64, integer: bool) {
        self.shifts[column].push((self.problem.costs.len(), sign));
        self.problem.costs.push(cost);
        self.problem.lower.push(lower);
        self.problem.upper.push(upper);
        self.problem.integer.push(integer);
    }

    /// `⌊x⌋ + up − down`; going up first pays back the part that rounding down took away.
    fn add_whole(&mut self, column: usize, value: f64, upper: f64, reach: Reach) {
        let base = (value + tolerance(value)).floor();
        let part = (value - base).max(0.0);
        self.base.push(base);
        let is_whole = part <= tolerance(value);
        if is_whole && !reach.all {
            return;
        }
        if !is_whole {
            let most = (upper - base).clamp(0.0, 1.0);
            self.add(column, 1.0, 1.0 - 2.0 * part, 0.0, most, true);
        }
        if reach.all {
            let room = (upper - base - if is_whole { 0.0 } else { 1.0 }).clamp(0.0, reach.units);
            self.add(column, 1.0, 1.0, 0.0, room.floor(), true);
            self.add(column, -1.0, 1.0, 0.0, base.clamp(0.0, reach.units), true);
        }
    }

    /// Adds a row of the model; `false` when nothing in it can move and it does not hold.
    fn add_row(&mut self, built: &Built, row: RowId, reach: Reach) -> bool {
        let entries: Vec<(usize, f64)> =
            built.model.row(row).map(|(column, factor)| (column.0, factor)).collect();
        // Whole multiples of whole numbers: sums of them are exact below 2⁵³, and what misses a limit misses it by
        // more than a solver's tolerance. What stays as it is, is a part of the limit.
        let moving = entries.iter().filter(|(column, _)| !self.shifts[*column].is_empty());
        let scale = whole_multiple(moving.map(|entry| entry.1));
        let (is_exact, times) = (scale.is_some(), scale.unwrap_or(1.0));
        let mut terms = Vec::new();
        let (mut activity, mut size, mut has_money) = (0.0, 0.0_f64, false);
        for (column, coefficient) in entries {
            let moves = !self.shifts[column].is_empty();
            let factor = if is_exact && moves { (coefficient * times).round() } else { coefficient * times };
            let part = factor * self.base[column];
            activity += part;
            size = size.max(part.abs());
            has_money |= built.model.kinds[column].is_money();
            terms.extend(self.shifts[column].iter().map(|&(shift, sign)| (shift, sign * factor)));
        }
        // Others carry the rounding of doubles, and the solver's tolerance would let a share through that the integer
        // check does not: they get a small margin. A row in which nothing is spent yet (all of it zero) has no digits
        // to lose. Persons are few, and shares of them are millionths: what a row of people breaks, it breaks by more
        // than a solver's tolerance.
        let (lower, upper) = (times * built.model.row_lower[row.0], times * built.model.row_upper[row.0]);
        let is_equal = lower.to_bits() == upper.to_bits();
        let needs_none = (is_exact && size < EXACT) || is_equal || !has_money || size == 0.0 || !reach.margin;
        let margin = if needs_none { 0.0 } else { 2e-6 + size * 1e-14 };
        if terms.is_empty() {
            let loose = 1e-6 + size * 1e-9;
            return activity >= lower - loose && activity <= upper + loose;
        }
        self.problem.add_row(terms, lower - activity + margin, upper - activity - margin);
        true
    }
}

/// What makes all of these whole numbers without a common factor, where a small number does.
fn whole_multiple(factors: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let is_whole = |value: f64| (value - value.round()).abs() <= 1e-9;
    let power = [1.0, 10.0, 100.0, 1e3, 1e4].into_iter().find(|power| {
        factors.clone().all(|factor| (factor * power).abs() < 1e9 && is_whole(factor * power))
    })?;
    #[allow(clippy::cast_possible_truncation)]
    let common = factors.map(|factor| (factor * power).round() as i64).fold(0, gcd);
    Some(power / common.max(1) as f64)
}

fn gcd(one: i64, other: i64) -> i64 {
    if other == 0 { one.abs() } else { gcd(other, one % other) }
}

/// Whole units within a reach, as a point of the model; `None` when there are none.
fn attempt(
    built: &Built,
    point: &[f64],
    reach: Reach,
    settings: Settings<'_>,
) -> Result<Option<Vec<f64>>, SolverError> {
    let mut shifted = Shifted::new(built, point, reach);
    for row in 0..built.model.row_count() {
        if !shifted.add_row(built, RowId(row), reach) {
            return Ok(None);
        }
    }
    if shifted.problem.costs.is_empty() {
        return Ok(Some(shifted.base));
    }
    let size = (shifted.problem.costs.len() as f64 / LARGE).max(1.0);
    let options = Options { gap: 0.01, time_limit: Some(TIME.mul_f64(size)), ..settings.options.clone() };
    // Not stopped by an interrupt: a plan that is not in whole units is no plan, and this is short.
    let mut watch = |_: Progress| true;
    let relaxed = settings.solver.solve(&shifted.problem.relaxation(), &options, &mut watch)?;
    if relaxed.infeasible {
        return Ok(None);
    }
    let mut point = None;
    if let Some(relaxed) = relaxed.point {
        // Nearly all of it is whole, and mostly the rest can be made so with that as it is.
        let rest = with_whole_kept(&shifted.problem, &relaxed);
        point = if rest.has_integers() {
            settings.solver.solve(&rest, &options, &mut watch)?.point
        } else {
            Some(relaxed)
        };
    }
    if point.is_none() {
        point = settings.solver.solve(&shifted.problem, &options, &mut watch)?.point;
    }
    Ok(point.map(|shift| {
        let moved = |column: usize| -> f64 {
            shifted.shifts[column].iter().map(|&(position, sign)| sign * shift[position]).sum()
        };
        (0..built.model.column_count()).map(|column| shifted.base[column] + moved(column)).collect()
    }))
}

/// The problem with each whole column as it is at a point, where it is whole there.
fn with_whole_kept(problem: &Problem, point: &[f64]) -> Problem {
    let mut rest = problem.relaxation();
    for (column, value) in point.iter().enumerate().filter(|(column, _)| problem.integer[*column]) {
        let nearest = value.round();
        if (value - nearest).abs() <= WHOLE {
            (rest.lower[column], rest.upper[column]) = (nearest, nearest);
        } else {
            rest.integer[column] = true;
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::whole_multiple;

    #[test]
    fn shares_become_whole_without_a_common_factor() {
        let times = |factors: &[f64]| whole_multiple(factors.iter().copied());
        assert_eq!(times(&[1.0, 1.0, -1.0]), Some(1.0));
        assert_eq!(times(&[0.5, -0.5]), Some(2.0));
        assert_eq!(times(&[0.45, -0.55]), Some(20.0));
        assert_eq!(times(&[1500.0, 3000.0]), Some(1.0 / 1500.0));
        assert_eq!(times(&[1.0 / 3.0, 1.0]), None);
        assert_eq!(times(&[]), Some(1.0));
    }
}
