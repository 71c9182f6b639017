//! When there is no plan: which hard rules must give, and by how much. Every rule is made soft and the sum of
//! what hard rules are short is made smallest; what is short in the answer names the rules.
//!
//! This is one way to mend the policy, not all of them, and not the smallest set of rules in conflict.

use std::time::Duration;

use super::{Observer, Settings};
use crate::domain::Scenario;
use crate::formulation::{Firmness, Scaled, formulate};
use crate::model::{RowId, Sense, Slack, Strength, Terms};
use crate::policy::Policy;
use crate::solve::{Options, Progress, SolverError};

/// A row of a rule that cannot be met together with the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Position of the rule in the policy.
    pub rule: usize,
    /// What the row is about.
    pub scope: Vec<String>,
    /// Which of the rule's rows, where it has several on one subject.
    pub part: &'static str,
    /// By how much it must give: units of money, or a count.
    pub by: f64,
    /// Whether `by` is money.
    pub in_money: bool,
    /// Whether there is too little, and not too much.
    pub is_short: bool,
}

/// The rows that must give, rule by rule. Empty when nothing could be shown.
///
/// # Errors
/// When a solver breaks down.
pub fn conflicts(
    scenario: &Scenario,
    policy: &Policy,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Conflict>, SolverError> {
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::Elastic);
    let built = &formulation.built;
    let largest = scenario.budget_sum().as_f64();
    let mut scaled = Scaled::new(&built.model, largest);
    // A count over its limit weighs as much as a site's mean money; a policy cannot do without its counts
    // more cheaply than without its money.
    let per_count = largest / scenario.sites.len().max(1) as f64;
    let money = |column: crate::model::ColumnId| built.model.kinds[column.0].is_money();
    // Rules that the policy calls soft are free to give way: they are not what stands in the way.
    let is_hard = |slack: &&Slack| policy.rules[slack.rule].strength == Strength::Hard;
    let objective: Terms = built
        .slacks
        .iter()
        .filter(is_hard)
        .map(|slack| (slack.column, if money(slack.column) { 1.0 } else { per_count }))
        .collect();
    let factor = scaled.set_objective(&objective, Sense::Minimise);
    observer.stage("conflict");
    let limit = settings.options.time_limit.unwrap_or(Duration::from_secs(60));
    let options = Options { gap: 0.01, time_limit: Some(limit), ..settings.options.clone() };
    let mut watch = |progress: Progress| {
        observer.progress(progress.value.map(|v| factor * v), progress.bound.map(|b| factor * b));
        !observer.stopped()
    };
    let answer = settings.solver.solve(&scaled.problem, &options, &mut watch)?;
    let Some(point) = answer.point.map(|point| scaled.to_units(&point)) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for slack in built.slacks.iter().filter(is_hard) {
        let (by, in_money) = (point[slack.column.0], money(slack.column));
        // Less than a hundredth of a unit is a solver's tolerance, not a conflict.
        if by > if in_money { 0.01_f64.max(largest * 1e-9) } else { 1e-6 } {
            let name = &built.model.row_names[RowId(slack.row.0).0];
            let scope = name.subject.ids(scenario);
            let is_short = built.model.column_names[slack.column.0].what == "short";
            found.push(Conflict { rule: slack.rule, scope, part: name.part, by, in_money, is_short });
        }
    }
    found.sort_by(|a, b| a.rule.cmp(&b.rule).then(b.by.total_cmp(&a.by)));
    Ok(found)
}
