//! The independent check of a plan, wherever it comes from: every rule's own integer check, and that
//! the plan funds only lines that exist. Nothing here has seen a model or a solver.

mod industry;
mod matches;
mod metrics;
mod talent;

pub use industry::{Built, Industries};
pub use matches::check_matches;
pub use metrics::{Coverage, Measured, Metric, Metrics};
pub use talent::Staffing;

use serde::{Deserialize, Serialize};

use crate::domain::{Finding, Measure, Plan, Relation, Scenario, Text};
use crate::model::Strength;
use crate::objectives::{Assessment, Context};
use crate::policy::Policy;
use crate::units::{Micro, Money, Ratio};

/// One rule, checked.
#[derive(Debug, Clone)]
pub struct RuleOutcome {
    /// Id in the policy; `LINES` and `PEOPLE` for the checks that every rule stands on.
    pub id: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// Title.
    pub title: Text,
    /// Hard or soft.
    pub strength: Strength,
    /// What was measured, instance by instance.
    pub findings: Vec<Finding>,
}

impl RuleOutcome {
    /// Whether every instance holds.
    pub fn passes(&self) -> bool {
        self.findings.iter().all(Finding::passes)
    }

    /// Whether a hard rule fails.
    pub fn breaks(&self) -> bool {
        self.strength == Strength::Hard && !self.passes()
    }

    /// The instance with the least room (or the largest shortfall).
    pub fn tightest(&self) -> Option<&Finding> {
        self.findings.iter().min_by_key(|finding| (finding.passes(), finding.slack()))
    }

    /// How many instances fail.
    pub fn failing(&self) -> usize {
        self.findings.iter().filter(|finding| !finding.passes()).count()
    }
}

/// What the check of a plan came to.
#[derive(Debug, Clone)]
pub struct Audit {
    /// Each rule of the policy, the checks of lines and of people first.
    pub rules: Vec<RuleOutcome>,
    /// Exact value of each stage of the policy.
    pub values: Vec<Micro>,
}

impl Audit {
    /// Whether every hard rule holds.
    pub fn passes(&self) -> bool {
        !self.rules.iter().any(RuleOutcome::breaks)
    }
}

/// Name of the check that a plan funds only candidate lines.
pub const CANDIDATE_LINES: &str = "candidate_lines";

/// How a share or amount is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Units of money.
    Money,
    /// A share, 0 to 1.
    Share,
    /// A number of things or persons.
    Count,
    /// Full-time posts.
    Posts,
    /// Units of money a person.
    MoneyPerPerson,
    /// A ratio without a limit of 1.
    Ratio,
}

impl From<&Measure> for Unit {
    fn from(measure: &Measure) -> Self {
        match measure {
            Measure::Money { .. } => Self::Money,
            Measure::Posts { .. } => Self::Posts,
            Measure::Share { .. } => Self::Share,
            Measure::Count { .. } => Self::Count,
            Measure::PerCapita { .. } => Self::MoneyPerPerson,
            Measure::Parity { .. } => Self::Ratio,
        }
    }
}

/// Checks a plan against a policy.
pub fn audit(scenario: &Scenario, policy: &Policy, plan: &Plan) -> Audit {
    let mut rules = vec![candidate_lines(scenario, plan)];
    if !scenario.talent.is_empty() {
        rules.push(talent::candidate_placements(scenario, plan));
    }
    rules.extend(policy.rules.iter().map(|rule| RuleOutcome {
        id: rule.id.clone(),
        kind: rule.kind.id,
        title: rule.title.clone(),
        strength: rule.strength,
        findings: rule.rule.check(scenario, plan),
    }));
    let soft: Vec<(Ratio, Vec<Finding>)> = rules
        .iter()
        .filter_map(|rule| match rule.strength {
            Strength::Soft(penalty) => Some((penalty, rule.findings.clone())),
            Strength::Hard => None,
        })
        .collect();
    let weights = policy.need_weights(scenario);
    let context = Context { scenario, weights: &weights };
    let assessment = Assessment { plan, soft: &soft };
    let stages = policy.stages_in(scenario);
    let values = stages.map(|stage| stage.objective.value(context, assessment)).collect();
    Audit { rules, values }
}

/// Money on a line without a pairing, or without a need or commitment, is money that no rule watches.
fn candidate_lines(scenario: &Scenario, plan: &Plan) -> RuleOutcome {
    let strays = plan.lines().iter().filter(|line| {
        scenario.find_line(line.province, line.site, line.sector).is_none()
            || line.by_year.iter().any(|a| a.0 < 0)
    });
    let findings = strays
        .map(|line| {
            let scope = vec![
                scenario.provinces[line.province.0].id.clone(),
                scenario.sites[line.site.0].id.clone(),
                scenario.sectors[line.sector.0].id.clone(),
            ];
            Finding::money(scope, line.total().max(Money(1)), Relation::AtMost, Money::ZERO)
        })
        .collect();
    RuleOutcome {
        id: "LINES".to_owned(),
        kind: CANDIDATE_LINES,
        title: Text {
            zh: "只安排已结对且有需求的资金线".to_owned(),
            en: "Only lines with a pairing and a need".to_owned(),
        },
        strength: Strength::Hard,
        findings,
    }
}
