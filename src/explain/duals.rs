//! What a little more of a number is worth. With the funded lines frozen the problem is linear and has shadow
//! prices, one to either side where they differ; they say nothing of lines that would open or close. So
//! beside them, for the numbers that matter most, the whole problem is solved again with a little more and a
//! little less.

use serde::Serialize;

use super::{Interval, Run, Subject, sign};
use crate::domain::Scenario;
use crate::formulation::{Firmness, Scaled, formulate};
use crate::model::ColumnKind;
use crate::policy::Policy;
use crate::rules::Dial;
use crate::search::{Found, Observer, Settings, run_stages};
use crate::solve::{Progress, SolverError};

/// How much more and less, as a share of the number.
const STEP: f64 = 0.01;

/// A row that limits or asks for an amount, with its shadow prices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dual {
    /// Id of the rule.
    pub rule: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// The ids that it is about.
    pub scope: Vec<String>,
    /// Its amount.
    pub amount: f64,
    /// How much was added and taken away.
    pub step: f64,
    /// What one unit more adds to the main objective, the funded lines frozen.
    pub more: Option<f64>,
    /// What one unit less takes from it.
    pub less: Option<f64>,
    /// The same with lines free to open and close.
    pub finite: Option<FiniteChange>,
}

/// What the whole problem's best value gains by the step more, and loses by the step less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FiniteChange {
    /// What is gained with more.
    pub gained: Option<Interval>,
    /// What is lost with less.
    pub lost: Option<Interval>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Duals {
    /// Value of the main objective with the funded lines frozen.
    pub value: f64,
    /// The rows with the largest shadow price times amount.
    pub rows: Vec<Dual>,
}

/// Reads scenario and policy again with a cell changed by a factor.
pub type Changed<'a> = &'a dyn Fn(&Dial, f64) -> Option<(Scenario, Policy)>;

/// Shadow prices of the `most` rows that matter most; for the first few of them whose amount is a cell of a
/// table the whole problem is solved again.
///
/// # Errors
/// When a solver breaks down.
pub fn duals(
    subject: &Subject,
    base: &Run,
    (most, finite): (usize, usize),
    reopen: Changed<'_>,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Duals>, SolverError> {
    let Subject { scenario, policy, main } = subject;
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let largest = scenario.budget_sum().as_f64();
    let found = run_stages(scenario, &formulation, largest, settings, observer)?;
    let Found::Point { point, .. } = found else { return Ok(None) };
    let model = &formulation.built.model;
    let mut scaled = Scaled::new(model, largest);
    for (column, _) in model.kinds.iter().enumerate().filter(|(_, kind)| **kind == ColumnKind::Binary) {
        let fixed = point[column].round();
        (scaled.problem.lower[column], scaled.problem.upper[column]) = (fixed, fixed);
    }
    // What earlier stages reached is kept.
    for earlier in &formulation.stages[..*main] {
        let (terms, divisor) = scaled.expression(&earlier.terms);
        let sign = -sign(earlier.sense);
        let reached: f64 = earlier.terms.iter().map(|&(column, a)| a * point[column.0]).sum();
        let reached = sign * reached / divisor;
        let terms = terms.into_iter().map(|(column, a)| (column, sign * a));
        scaled.problem.add_row(terms, f64::NEG_INFINITY, reached + 1e-7 * reached.abs().max(1.0));
    }
    let stage = &formulation.stages[*main];
    let factor = scaled.set_objective(&stage.terms, stage.sense);
    let mut session = settings.solver.open(&scaled.problem.relaxation())?;
    let mut silent = |_: Progress| true;
    let answer = session.solve(settings.options, &mut silent)?;
    let (Some(prices), true) = (answer.duals, answer.bound.is_finite()) else { return Ok(None) };
    // A value that the plan's bound does not allow is that of another problem.
    let frozen = sign(stage.sense) * factor * answer.bound;
    let allowed = base.known().bound.unwrap_or(base.known().value);
    if frozen > allowed + 1e-3 * allowed.abs().max(1.0) {
        return Ok(None);
    }
    let amount = |row: usize| {
        let (lower, upper) = (model.row_lower[row], model.row_upper[row]);
        [upper, lower].into_iter().find(|limit| limit.is_finite() && *limit != 0.0)
    };
    let is_demand = |row: &usize| {
        let name = &model.row_names[*row];
        name.rule.is_some_and(|rule| policy.rules[rule].kind.id == name.what)
    };
    let mut rows: Vec<usize> = (0..model.row_count())
        .filter(is_demand)
        .filter(|&row| prices[row].abs() > 1e-9 && amount(row).is_some())
        .collect();
    let weight = |row: usize| {
        (prices[row] * scaled.problem.row_upper[row].min(1e30).max(scaled.problem.row_lower[row])).abs()
    };
    rows.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)).then(a.cmp(&b)));
    rows.truncate(most);
    let sense = sign(stage.sense);
    let mut told = Vec::new();
    let mut solved = 0;
    for row in rows {
        let Some(amount) = amount(row) else { continue };
        let name = &model.row_names[row];
        let Some(rule) = name.rule else { continue };
        let step = (amount.abs() * STEP).max(1.0);
        let limits = (scaled.problem.row_lower[row], scaled.problem.row_upper[row]);
        // What one unit of money is in this row, as the solver counts.
        let by = step * [limits.1, limits.0].into_iter().find(|l| l.is_finite() && *l != 0.0).unwrap_or(0.0)
            / amount;
        let mut side = |way: f64| -> Result<Option<f64>, SolverError> {
            session.set_row_bounds(&[(row, limits.0 + way * by, limits.1 + way * by)])?;
            let moved = session.solve(settings.options, &mut silent)?;
            session.set_row_bounds(&[(row, limits.0, limits.1)])?;
            let change = way * sense * factor * (moved.bound - answer.bound) / step;
            Ok(moved.bound.is_finite().then_some(change))
        };
        let (more, less) = (side(1.0)?, side(-1.0)?);
        let scope = name.subject.ids(scenario);
        let instance = &policy.rules[rule];
        let dials = instance.rule.dials(scenario, &scope, name.part);
        let cell = dials.into_iter().find(|dial| matches!(dial, Dial::Cell { .. }));
        let mut finite_change = None;
        if let Some(cell) = cell.filter(|_| solved < finite && !observer.stopped()) {
            solved += 1;
            let mut run = |factor: f64| -> Result<Option<Run>, SolverError> {
                let Some((scenario, policy)) = reopen(&cell, factor) else { return Ok(None) };
                let run = Subject::new(scenario, policy).run(settings, observer)?;
                Ok(run.filter(|run| run.found.is_some()))
            };
            let share = step / amount.abs();
            let (more, less) = (run(1.0 + share)?, run(1.0 - share)?);
            finite_change = Some(FiniteChange {
                gained: more.map(|more| Interval::gain(base, &more)),
                lost: less.map(|less| Interval::gain(&less, base)),
            });
        }
        let (rule, kind) = (instance.id.clone(), instance.kind.id);
        told.push(Dual { rule, kind, scope, amount, step, more, less, finite: finite_change });
    }
    Ok(Some(Duals { value: factor * answer.bound, rows: told }))
}
