//! A park takes no more than its capacity over the horizon: `Σ_(p, k∈A) X[p,h,k] ≤ K`, with `h` the host and
//! `A` the sectors that the park admits.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Rule};
use crate::domain::{Finding, LineId, Plan, PlanLine, Relation, Scenario};
use crate::model::{Bound, Builder, Limits, Subject};

pub(super) const PURPOSE: &str = "A park takes no more money than its capacity.";

/// Parameters: none; capacity is a column of `parks`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParkCapacity {}

impl Rule for ParkCapacity {
    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for (position, line) in scenario.lines.iter().enumerate() {
            if let Some(most) = scenario.park_at(line.site, line.sector).and_then(|park| park.capacity) {
                limits.limit_total(LineId(position), most);
            }
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let [park] = ids else { return Vec::new() };
        vec![Dial::cell("parks", [("park_id", park)], ["capacity".to_owned()])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        for park in &builder.scenario().parks {
            let Some(most) = park.capacity else { continue };
            let terms = builder.total_terms(1.0, |line| park.holds(line.site, line.sector));
            if !terms.is_empty() {
                builder.require(
                    Subject::Scope(vec![park.id.clone()]),
                    "",
                    terms,
                    Bound::AtMost(most.as_f64()),
                );
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut findings = Vec::new();
        for park in &scenario.parks {
            let Some(most) = park.capacity else { continue };
            let inside = |line: &&PlanLine| line.site == park.host && park.sectors.contains(&line.sector);
            let inside: Vec<&PlanLine> = plan.lines().iter().filter(inside).collect();
            let money = inside.iter().map(|line| line.total()).sum();
            let scope = vec![park.id.clone()];
            findings.push(Finding::money(scope, money, Relation::AtMost, most).on_lines(&inside));
        }
        findings
    }
}
