//! Programmes side by side: where their inputs differ, where their plans differ, and how much of that each
//! difference of the inputs explains.

mod attribution;
mod input;
mod plan;

pub use attribution::{Attribution, Step, attribute};
pub use input::{InputDifference, input_differences};
pub use plan::{Change, LineRow, MetricRow, MoneyRow, RuleCell, RuleRow, StageCell, StageRow, Tightest};

use serde::Serialize;

use crate::audit::{Audit, Metrics, audit};
use crate::domain::Plan;
use crate::input::Loaded;
use crate::policy::Policy;

/// One side of a comparison.
#[derive(Debug)]
pub struct Side {
    /// What it is called: as the user named it.
    pub label: String,
    /// The scenario.
    pub loaded: Loaded,
    /// The policy.
    pub policy: Policy,
    /// The plan.
    pub plan: Plan,
    /// How good each stage is known to be, by kind.
    pub stages: Vec<(String, StageCell)>,
    /// The plan's check.
    audit: Audit,
    /// Its metrics.
    metrics: Metrics,
}

impl Side {
    /// Measures and checks a plan.
    pub fn new(
        label: String,
        (loaded, policy): (Loaded, Policy),
        plan: Plan,
        stages: Vec<(String, StageCell)>,
    ) -> Self {
        let audit = audit(&loaded.scenario, &policy, &plan);
        let metrics = Metrics::of(&loaded.scenario, &plan, policy.ticket(&loaded.scenario));
        Self { label, loaded, policy, plan, stages, audit, metrics }
    }
}

/// Who is compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Head {
    /// What it is called.
    pub label: String,
    /// Id of the scenario.
    pub scenario: String,
    /// Id of the policy.
    pub policy: String,
    /// Units of money of the plan.
    pub money: i64,
    /// Whether every hard rule of its own policy holds.
    pub passes: bool,
}

/// A comparison. The first side is what the others are compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The sides, in the order in which they were named.
    pub sides: Vec<Head>,
    /// ISO 4217 code.
    pub currency: String,
    /// Currency in one unit of money.
    pub unit: i64,
    /// Differences of the inputs.
    pub input: Vec<InputDifference>,
    /// Money by province, site, sector, region and year.
    pub money: Vec<MoneyRow>,
    /// Lines that are not the same on all sides; the largest changes first.
    pub lines: Vec<LineRow>,
    /// Lines that are the same on all sides, to the unit.
    pub same_lines: usize,
    /// Numbers about the whole.
    pub metrics: Vec<MetricRow>,
    /// Objective stages.
    pub stages: Vec<StageRow>,
    /// Rules.
    pub rules: Vec<RuleRow>,
    /// How much each difference of the inputs explains, for each side but the first; empty unless asked for.
    pub attribution: Vec<Attribution>,
}

impl Comparison {
    /// Compares. Every side must count money in the same currency and unit.
    ///
    /// # Panics
    /// When there is no side.
    pub fn new(sides: &[Side]) -> Self {
        let money = &sides[0].loaded.scenario.money;
        let (lines, same_lines) = plan::lines(sides);
        Self {
            sides: sides
                .iter()
                .map(|side| Head {
                    label: side.label.clone(),
                    scenario: side.loaded.scenario.id.clone(),
                    policy: side.policy.id.clone(),
                    money: side.plan.total().0,
                    passes: side.audit.passes(),
                })
                .collect(),
            currency: money.currency.clone(),
            unit: money.unit,
            input: sides[1..]
                .iter()
                .enumerate()
                .flat_map(|(position, side)| input_differences(&sides[0], side, position + 1))
                .collect(),
            money: plan::money(sides),
            lines,
            same_lines,
            metrics: plan::metrics(sides),
            stages: plan::stages(sides),
            rules: plan::rules(sides),
            attribution: Vec::new(),
        }
    }
}
