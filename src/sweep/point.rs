//! A point of a study: solved or settled, and what is written down of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::base::{Base, Opened};
use super::parameter::Value;
use crate::audit::{Metrics, audit};
use crate::conflict::must_give;
use crate::digest::sha256;
use crate::domain::{Plan, Scenario};
use crate::policy::Policy;
use crate::search::{
    Again, Before, Observer, Settings, StageStatus, StageValue, Status, judge, search_again,
};
use crate::solve::{SolverError, Stop};

/// How a point's plan came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By solving, from what was known of a point near it.
    Solved,
    /// Without: a plan from before keeps every hard rule here, and a bound computed anew says that it is within the
    /// gap.
    Settled,
    /// The same of the lines of a plan from before with the money placed anew: linear problems, and no search.
    Reallocated,
}

/// A stage at a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowStage {
    /// Kind of objective.
    pub kind: String,
    /// Exact value of the plan.
    pub value: f64,
    /// No plan that keeps what earlier stages reached is better, as the search claims.
    pub bound: Option<f64>,
    /// Distance of value and bound, relative to the value.
    pub gap: Option<f64>,
}

/// A row of the results. It holds nothing that depends on the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Number of the point, from 0.
    pub point: usize,
    /// Values of the parameters; null where they are as in the base.
    pub parameters: Map<String, Json>,
    /// `optimal`, `feasible` or `broken` as `solve` says it; `infeasible`; `invalid`: the scenario has an error at
    /// this point; `stopped`: no plan was found in time.
    pub status: String,
    /// How the plan came about; none without a plan.
    pub how: Option<How>,
    /// The main objective: the first stage that does not price a shortfall.
    pub objective: Option<String>,
    /// Its value.
    pub value: Option<f64>,
    /// Its bound.
    pub bound: Option<f64>,
    /// Its gap.
    pub gap: Option<f64>,
    /// Every stage.
    pub stages: Vec<RowStage>,
    /// Numbers about the plan, as in plan.json.
    pub metrics: Map<String, Json>,
    /// SHA-256 of the plan as plan.csv has it.
    pub plan: Option<String>,
    /// Why there is no plan, or what is wrong.
    pub reason: Option<String>,
    /// SHA-256 of input, study, options, version and values.
    pub key: String,
}

/// A point that is done.
pub(super) struct Solved {
    pub row: Row,
    /// The plan.
    pub plan: Option<Plan>,
    /// What was found out, where it was solved.
    pub before: Option<Before>,
}

/// The status of a row whose plan keeps every hard rule.
impl Row {
    /// Whether it has a plan that keeps every hard rule.
    pub fn has_plan(&self) -> bool {
        self.status == "optimal" || self.status == "feasible"
    }

    /// A metric, or the main objective's `value`.
    pub fn number(&self, metric: &str) -> Option<f64> {
        if metric == "value" { self.value } else { self.metrics.get(metric).and_then(Json::as_f64) }
    }
}

/// Solves a point, or settles it.
pub(super) fn solve(
    base: &Base<'_>,
    number: usize,
    before: &[&Before],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Solved, SolverError> {
    let values = base.points.point(number);
    let row = empty_row(base, number, &values);
    let done = |row: Row| Ok(Solved { row, plan: None, before: None });
    let Opened { scenario, policy } = match base.at(&values) {
        Ok(opened) => opened,
        Err(causes) => {
            return done(Row { status: "invalid".to_owned(), reason: Some(causes.join("; ")), ..row });
        }
    };
    match search_again(&scenario, &policy, before, settings, observer)? {
        Again::Settled(plan, stages) => {
            let row = with_plan(row, How::Settled, (&scenario, &policy), &plan, &stages);
            Ok(Solved { row, plan: Some(plan), before: None })
        }
        Again::Reallocated(plan, stages) => {
            let row = with_plan(row, How::Reallocated, (&scenario, &policy), &plan, &stages);
            Ok(Solved { row, plan: Some(plan), before: None })
        }
        Again::Solved(proposal, known) => {
            let plan = proposal.plan;
            let row = with_plan(row, How::Solved, (&scenario, &policy), &plan, &proposal.stages);
            let before = row.has_plan().then(|| Before { plan: plan.clone(), known });
            Ok(Solved { row, plan: Some(plan), before })
        }
        Again::Infeasible => {
            let reason = reason(&scenario, &policy, settings)?;
            done(Row { status: "infeasible".to_owned(), reason: Some(reason), ..row })
        }
        Again::Nothing(stop) => {
            let reason = match stop {
                Stop::Interrupted => "interrupted",
                _ => "no plan was found in time",
            };
            done(Row { status: "stopped".to_owned(), reason: Some(reason.to_owned()), ..row })
        }
    }
}

fn empty_row(base: &Base<'_>, number: usize, values: &[Option<Value>]) -> Row {
    let parameters: Map<String, Json> = base
        .points
        .parameters()
        .iter()
        .zip(values)
        .map(|(parameter, value)| {
            let value = value.as_ref().map_or(Json::Null, |value| serde_json::json!(value));
            (parameter.name.clone(), value)
        })
        .collect();
    let text = serde_json::to_string(&parameters).unwrap_or_default();
    Row {
        point: number,
        parameters,
        status: String::new(),
        how: None,
        objective: None,
        value: None,
        bound: None,
        gap: None,
        stages: Vec::new(),
        metrics: Map::new(),
        plan: None,
        reason: None,
        key: sha256(format!("{}\n{text}", base.key).as_bytes()),
    }
}

fn with_plan(
    row: Row,
    how: How,
    (scenario, policy): (&Scenario, &Policy),
    plan: &Plan,
    stages: &[StageValue],
) -> Row {
    let audit = audit(scenario, policy, plan);
    let reference = scenario.budget_sum().as_f64() / 1000.0;
    let (status, stages) = judge(stages, &audit.values, !audit.passes(), reference);
    let in_force: Vec<_> = policy.stages_in(scenario).collect();
    let main = in_force
        .iter()
        .zip(&stages)
        .find(|(stage, _)| !stage.objective.prices_shortfall())
        .map(|(_, stage)| stage);
    let metrics = Metrics::of(scenario, plan, policy.ticket(scenario)).whole;
    let failing: Vec<String> =
        audit.rules.iter().filter(|rule| rule.breaks()).map(|rule| rule.id.clone()).collect();
    Row {
        status: match status {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Broken => "broken",
        }
        .to_owned(),
        how: Some(how),
        objective: main.map(|stage| stage.kind.clone()),
        value: main.map(|stage| stage.value),
        bound: main.and_then(|stage| stage.bound),
        gap: main.and_then(|stage| stage.gap),
        stages: stages.iter().map(row_stage).collect(),
        metrics: metrics.into_iter().map(|metric| (metric.id, serde_json::json!(metric.value))).collect(),
        plan: Some(plan_digest(scenario, plan)),
        reason: (!failing.is_empty())
            .then(|| format!("in whole units these rules fail: {}", failing.join(", "))),
        ..row
    }
}

fn row_stage(stage: &StageStatus) -> RowStage {
    RowStage { kind: stage.kind.clone(), value: stage.value, bound: stage.bound, gap: stage.gap }
}

/// Money of a plan by line and year, in the words of plan.csv.
pub(super) fn plan_text(scenario: &Scenario, plan: &Plan) -> String {
    use std::fmt::Write as _;
    let mut text = "province_id,site_id,sector_id,year,amount\n".to_owned();
    for line in plan.lines() {
        for (year, amount) in scenario.years.iter().zip(&line.by_year).filter(|(_, amount)| amount.0 != 0) {
            let ids = [
                &scenario.provinces[line.province.0].id,
                &scenario.sites[line.site.0].id,
                &scenario.sectors[line.sector.0].id,
            ];
            let _ = writeln!(text, "{},{},{},{year},{}", ids[0], ids[1], ids[2], amount.0);
        }
    }
    for placement in plan.placements() {
        let secondees = &scenario.talent.secondees[placement.secondees.0].id;
        let posts = &scenario.talent.posts[placement.posts.0].id;
        let _ = writeln!(text, "placed,{secondees},{posts},,{}", placement.number);
    }
    text
}

fn plan_digest(scenario: &Scenario, plan: &Plan) -> String {
    sha256(plan_text(scenario, plan).as_bytes())
}

/// Rules that a reason names.
const SHOWN: usize = 4;

/// Which rules must give, and by how much.
fn reason(scenario: &Scenario, policy: &Policy, settings: Settings<'_>) -> Result<String, SolverError> {
    let given = must_give(scenario, policy, settings)?;
    if given.is_empty() {
        return Ok("the hard rules leave no plan; allot explain SCENARIO conflict says why".to_owned());
    }
    let parts: Vec<String> = given
        .iter()
        .map(|given| {
            let rule = &policy.rules[given.rule];
            let scope = given.scope.join(" ");
            let by = if given.in_money {
                format!("{:.0} units", given.by.ceil())
            } else {
                format!("{:.2}", given.by)
            };
            format!("{} ({}) {scope} by {by}", rule.id, rule.kind.id)
        })
        .collect();
    let more = parts.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Ok(format!(
        "there would be a plan if these gave way: {}{more}",
        parts[..parts.len().min(SHOWN)].join(", ")
    ))
}
