//! Safeguard: an excluded line gets nothing, `X[p,s,k] ≤ 0`; the recorded reason goes into the annex.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Rule, plan_line_ids};
use crate::domain::{Finding, LineId, Plan, Relation, Scenario};
use crate::model::{Bound, Builder, Limits, Subject};
use crate::units::Money;

pub(super) const PURPOSE: &str =
    "An excluded line gets nothing; the reason is recorded in the table exclusions.";

/// Parameters: none; the lines and reasons are the table `exclusions`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {}

fn excluded(scenario: &Scenario) -> impl Iterator<Item = LineId> {
    scenario.line_ids().filter(|line| {
        let line = &scenario.lines[line.0];
        scenario.exclusion_of(line.province, line.site, line.sector).is_some()
    })
}

impl Rule for Exclusion {
    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for line in excluded(scenario) {
            limits.limit_total(line, Money::ZERO);
        }
    }

    fn dials(&self, scenario: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let [province, site, sector] = ids else { return Vec::new() };
        let members = (scenario.province(province), scenario.site(site), scenario.sector(sector));
        let (Some(province), Some(site), Some(sector)) = members else { return Vec::new() };
        let excluding = scenario.exclusions.iter().filter(|other| other.forbids(province, site, sector));
        excluding.map(|exclusion| Dial::Row { table: "exclusions", row: exclusion.cells(scenario) }).collect()
    }

    fn build(&self, builder: &mut Builder<'_>) {
        for line in excluded(builder.scenario()) {
            let terms = vec![(builder.total(line), 1.0)];
            builder.require(Subject::Line(line), "", terms, Bound::AtMost(0.0));
        }
    }

    /// Looks at every excluded candidate line, and at every funded line of the plan, candidate or not.
    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut findings: Vec<Finding> = plan
            .lines()
            .iter()
            .filter(|line| scenario.exclusion_of(line.province, line.site, line.sector).is_some())
            .map(|line| {
                Finding::money(plan_line_ids(scenario, line), line.total(), Relation::AtMost, Money::ZERO)
            })
            .collect();
        for line in excluded(scenario) {
            let candidate = &scenario.lines[line.0];
            if plan.find(candidate.province, candidate.site, candidate.sector).is_none() {
                let scope = scenario.line_names(line).map(str::to_owned).to_vec();
                findings.push(Finding::money(scope, Money::ZERO, Relation::AtMost, Money::ZERO));
            }
        }
        findings.sort_by(|a, b| a.scope.cmp(&b.scope));
        findings
    }
}
