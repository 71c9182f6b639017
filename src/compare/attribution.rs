//! How much of the change from one side to another each difference of their inputs explains: the first side's
//! programme is solved again with one difference at a time, then with one after the other, in order. Where
//! differences work together, the two do not add up to the same; both are shown.

use serde::Serialize;

use super::Side;
use super::input::{row_name, rule_name};
use crate::audit::Metrics;
use crate::domain::{Plan, Scenario};
use crate::input;
use crate::policy::{self, Policy};
use crate::search::{self, Observer, Outcome, Settings};
use crate::solve::SolverError;

/// With more differences than this, all of a table are taken together.
const MOST: usize = 24;

/// What a solve with some of the differences came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Which differences are taken over in this step.
    pub what: String,
    /// How many they are.
    pub differences: usize,
    /// `solved`, `infeasible`, `no plan` (stopped without one, or none in whole units), or `no scenario` (the
    /// differences depend on others).
    pub status: &'static str,
    /// Every metric of the whole, in the order of [`super::Comparison::metrics`]; empty without a plan.
    pub metrics: Vec<Option<f64>>,
}

/// The change to one side, taken apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attribution {
    /// Position of the side.
    pub side: usize,
    /// The first side with each difference alone.
    pub alone: Vec<Step>,
    /// The first side with the differences up to each one.
    pub in_order: Vec<Step>,
}

/// Differences that are taken over together.
struct Unit<'a> {
    what: String,
    of_tables: Vec<&'a input::Difference>,
    of_policy: Vec<&'a policy::Difference>,
}

/// Takes the change from the first side to another apart. `metrics` are ids of the numbers that are told.
///
/// # Errors
/// When a solver breaks down.
pub fn attribute(
    sides: &[Side],
    side: usize,
    metrics: &[String],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Attribution, SolverError> {
    let (first, other) = (&sides[0], &sides[side]);
    let of_tables = first.loaded.differences(&other.loaded);
    let of_policy = first.policy.differences(&other.policy);
    let units = units(first, other, &of_tables, &of_policy);
    let mut solve = |what: &Unit<'_>, taken: &[&Unit<'_>]| -> Result<Step, SolverError> {
        let of_tables: Vec<_> = taken.iter().flat_map(|unit| unit.of_tables.iter().copied()).collect();
        let of_policy: Vec<_> = taken.iter().flat_map(|unit| unit.of_policy.iter().copied()).collect();
        let policy = first.policy.with(&other.policy, &of_policy);
        let (status, values) = match first.loaded.with(&other.loaded, &of_tables) {
            Ok(scenario) => solved(&scenario, &policy, metrics, settings, observer)?,
            Err(_) => ("no scenario", Vec::new()),
        };
        let differences = what.of_tables.len() + what.of_policy.len();
        Ok(Step { what: what.what.clone(), differences, status, metrics: values })
    };
    let (mut alone, mut in_order) = (Vec::new(), Vec::new());
    for unit in &units {
        alone.push(solve(unit, &[unit])?);
    }
    let mut taken = Vec::new();
    for unit in &units {
        taken.push(unit);
        in_order.push(solve(unit, &taken)?);
    }
    Ok(Attribution { side, alone, in_order })
}

fn units<'a>(
    first: &Side,
    other: &Side,
    of_tables: &'a [input::Difference],
    of_policy: &'a [policy::Difference],
) -> Vec<Unit<'a>> {
    let single = of_tables.len() + of_policy.len() <= MOST;
    let mut units: Vec<Unit<'a>> = Vec::new();
    for difference in of_tables {
        let of_row = format!("{} {}", difference.table, row_name(difference));
        let what = match &difference.column {
            _ if !single => difference.table.to_owned(),
            Some(column) => format!("{} {column}", of_row.trim_end()),
            None => of_row,
        };
        match units.last_mut().filter(|unit| unit.what == what) {
            Some(unit) => unit.of_tables.push(difference),
            None => units.push(Unit { what, of_tables: vec![difference], of_policy: Vec::new() }),
        }
    }
    let policies = of_policy.iter().map(|difference| Unit {
        what: format!("policy {}", rule_name(first, other, difference)),
        of_tables: Vec::new(),
        of_policy: vec![difference],
    });
    units.extend(policies);
    units
}

fn solved(
    scenario: &Scenario,
    policy: &Policy,
    metrics: &[String],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<(&'static str, Vec<Option<f64>>), SolverError> {
    if policy.presolve(scenario).has_errors() {
        return Ok(("no scenario", Vec::new()));
    }
    Ok(match search::search(scenario, policy, settings, observer)? {
        Outcome::Plan(proposal) if proposal.failing.is_empty() => {
            ("solved", values(scenario, policy, &proposal.plan, metrics))
        }
        Outcome::Infeasible => ("infeasible", Vec::new()),
        _ => ("no plan", Vec::new()),
    })
}

fn values(scenario: &Scenario, policy: &Policy, plan: &Plan, metrics: &[String]) -> Vec<Option<f64>> {
    let found = Metrics::of(scenario, plan, policy.ticket(scenario));
    metrics.iter().map(|id| found.get(id)).collect()
}
