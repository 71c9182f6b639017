//! A proof, in integers, that demands cannot be kept together: Farkas multipliers for each case of the
//! yes-or-no decisions that matter.
//!
//! For multipliers `y` of the right signs every point of the model has `Σ yᵢ·(aᵢ·x) ≥ R`, with `R` the sum of
//! `yᵢ` times the row's limit. If the same sum is below `R` at the best corner of the columns' bounds, there is
//! no such point. The solver only proposes `y`, as the dual values of its relaxation; they are rounded to whole
//! numbers, and the rest is arithmetic with 128-bit integers. Coefficients and limits are decimals with at most
//! six places wherever they come from a table or a policy; one that is not is allowed for by a millionth.

use super::elastic::Elastic;
use crate::model::{Model, RowId};
use crate::solve::SolverError;
use crate::units::MICRO;

/// Most cases looked at.
const MOST_CASES: usize = 2_000;
/// Whole numbers that the largest multiplier becomes, one after the other.
const SIZES: [f64; 12] = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 100.0, 1e4, 1e6, 1e8, 1e11, 1e14];
/// Multipliers smaller than this part of the largest are a solver's last digits.
const LAST_DIGITS: f64 = 1e-10;

/// What the rows of a conflict ask for and what they leave, by the multipliers of the proof.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// What those that ask for something come to.
    pub needed: f64,
    /// What those that limit something leave.
    pub available: f64,
    /// Whether in units of money, and not in counts.
    pub in_money: bool,
}

/// A proof.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proof {
    /// Cases of the yes-or-no decisions; each has multipliers of its own.
    pub cases: usize,
    /// Needed and available, where there is one case.
    pub balance: Option<Balance>,
}

/// Proves that demands cannot be kept together. `None` where no proof was found.
pub(super) fn prove(elastic: &mut Elastic<'_>, on: &[bool]) -> Result<Option<Proof>, SolverError> {
    let mut proof = Proof { cases: 0, balance: None };
    let limits = (elastic.model.lower.clone(), elastic.model.upper.clone());
    let proved = cases(elastic, on, &limits, &mut proof)?;
    Ok((proved && proof.cases > 0).then_some(proof))
}

type Limits = (Vec<f64>, Vec<f64>);

fn cases(
    elastic: &mut Elastic<'_>,
    on: &[bool],
    limits: &Limits,
    proof: &mut Proof,
) -> Result<bool, SolverError> {
    if proof.cases >= MOST_CASES || std::time::Instant::now() >= elastic.deadline {
        return Ok(false);
    }
    let Some(relaxed) = elastic.relaxed(on)? else { return Ok(false) };
    if relaxed.is_short()
        && let Some(duals) = &relaxed.duals
        && let Some(balance) = refute(elastic, on, limits, duals)
    {
        proof.cases += 1;
        proof.balance = (proof.cases == 1).then_some(balance);
        return Ok(true);
    }
    // The decision about which the relaxation is least sure, or any that it has taken a part of.
    let integer = &elastic.scaled.problem.integer;
    let open = (0..integer.len()).filter(|&column| integer[column] && limits.0[column] < limits.1[column]);
    let unsure = |column: usize| relaxed.point[column].min(1.0 - relaxed.point[column]);
    let Some(column) = open.max_by(|&a, &b| unsure(a).total_cmp(&unsure(b))) else { return Ok(false) };
    if unsure(column) <= 1e-9 {
        return Ok(false);
    }
    let mut all = true;
    for value in [1.0, 0.0] {
        let mut inside = limits.clone();
        (inside.0[column], inside.1[column]) = (value, value);
        elastic.set_bounds(&[(column, value, value)])?;
        all = cases(elastic, on, &inside, proof)?;
        elastic.set_bounds(&[(column, limits.0[column], limits.1[column])])?;
        if !all {
            break;
        }
    }
    Ok(all)
}

/// A decimal in millionths, and whether it is one exactly.
#[allow(clippy::cast_possible_truncation)]
fn micros(number: f64) -> Option<(i128, bool)> {
    let scaled = number * MICRO as f64;
    let whole = scaled.round();
    (whole.abs() < 1e24).then_some((whole as i128, (scaled - whole).abs() <= 1e-6 + whole.abs() * 1e-15))
}

/// A limit of a column in millionths, away from zero where it is no whole number of them; `None` where there
/// is none.
fn wider(limit: f64) -> Option<i128> {
    let (whole, exact) = micros(limit)?;
    Some(if exact { whole } else { whole + whole.signum() })
}

/// Whether multipliers like these leave no point, in integers.
fn refute(elastic: &Elastic<'_>, on: &[bool], limits: &Limits, duals: &[f64]) -> Option<Balance> {
    let model = &elastic.model;
    let mut may_speak = vec![true; model.row_count()];
    for (demand, on) in elastic.demands.iter().zip(on) {
        may_speak[demand.row] = *on;
    }
    for implied in &elastic.implied {
        may_speak[implied.row] = implied.of.iter().all(|&row| may_speak[row]);
    }
    let is_slack = |column: usize| matches!(model.column_names[column].what, "short" | "over");
    let in_money = |row: usize| model.row(RowId(row)).any(|(column, _)| model.kinds[column.0].is_money());
    let divisor = |row: usize| if in_money(row) { elastic.scaled.money } else { 1.0 };
    // In units of money: the solver's rows of money were divided.
    let multipliers: Vec<(usize, f64)> = (0..model.row_count())
        .filter(|&row| may_speak[row] && duals[row] != 0.0)
        .map(|row| (row, duals[row] / divisor(row)))
        .filter(|&(row, y)| (if y > 0.0 { model.row_lower[row] } else { model.row_upper[row] }).is_finite())
        .collect();
    let largest = multipliers.iter().map(|(_, y)| y.abs()).fold(0.0, f64::max);
    if largest <= 0.0 {
        return None;
    }
    // Told so that a unit of the money that weighs most is a unit; where there is none, of the counts.
    let own_money = |row: usize| {
        let mut own = model.row(RowId(row)).filter(|(column, _)| !is_slack(column.0));
        own.any(|(column, _)| model.kinds[column.0].is_money())
    };
    let of_money = multipliers.iter().filter(|(row, _)| own_money(*row)).map(|(_, y)| y.abs());
    let heaviest = of_money.fold(0.0, f64::max) / largest;
    let told_in_money = heaviest > LAST_DIGITS;
    let told = if told_in_money { heaviest } else { 1.0 };
    SIZES.iter().find_map(|size| {
        let whole = multipliers.iter().filter(|(_, y)| y.abs() > LAST_DIGITS * largest);
        #[allow(clippy::cast_possible_truncation)]
        let whole: Vec<(usize, i128)> =
            whole.map(|&(row, y)| (row, (y / largest * size).round() as i128)).collect();
        let balance = contradiction(model, limits, &whole, is_slack)?;
        let unit = size * told * MICRO as f64 * MICRO as f64;
        let (needed, available) = (balance.0 as f64 / unit, balance.1 as f64 / unit);
        Some(Balance { needed, available, in_money: told_in_money })
    })
}

/// What rows with whole multipliers ask for and leave, where the first is more: then no point keeps them.
fn contradiction(
    model: &Model,
    limits: &Limits,
    multipliers: &[(usize, i128)],
    is_slack: impl Fn(usize) -> bool,
) -> Option<(i128, i128)> {
    let (mut needed, mut available) = (0_i128, 0_i128);
    let mut sums: std::collections::BTreeMap<usize, (i128, i128)> = std::collections::BTreeMap::new();
    for &(row, y) in multipliers.iter().filter(|(_, y)| *y != 0) {
        let (limit, exact) = micros(if y > 0 { model.row_lower[row] } else { model.row_upper[row] })?;
        // One that is no decimal is taken a millionth wider.
        let limit = if exact { limit } else { limit - y.signum() };
        let share = y.checked_mul(limit)?.checked_mul(i128::from(MICRO))?;
        if share > 0 {
            needed = needed.checked_add(share)?;
        } else {
            available = available.checked_sub(share)?;
        }
        for (column, coefficient) in model.row(RowId(row)).filter(|(column, _)| !is_slack(column.0)) {
            let (coefficient, exact) = micros(coefficient)?;
            let (sum, doubt) = sums.entry(column.0).or_default();
            *sum = sum.checked_add(y.checked_mul(coefficient)?)?;
            *doubt = doubt.checked_add(if exact { 0 } else { y.abs() })?;
        }
    }
    for (column, (sum, doubt)) in sums {
        if sum == 0 && doubt == 0 {
            continue;
        }
        let (lower, upper) = (limits.0[column], limits.1[column]);
        let reach = wider(if sum > 0 { upper } else { lower })?;
        let mut best = sum.checked_mul(reach)?;
        if doubt > 0 {
            best = best.checked_add(doubt.checked_mul(wider(upper)?.max(wider(lower.abs())?))?)?;
        }
        if best > 0 {
            available = available.checked_add(best)?;
        } else {
            needed = needed.checked_sub(best)?;
        }
    }
    (needed > available).then_some((needed, available))
}
