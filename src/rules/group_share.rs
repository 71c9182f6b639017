//! A group of sectors, sites, regions or provinces gets between two shares of the money of a larger
//! group, which may be repeated for each province, site, region, level or sector:
//! `α · Σ_of X ≤ Σ_group X ≤ β · Σ_of X`.
//!
//! Thematic concentration of the ERDF (Regulation (EU) 1301/2013, Art. 4) is this rule.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject, Terms};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "A group gets at least, or at most, a share of the money of a larger group.";

/// Parameters of `group_share`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupShare {
    /// The lines whose money is the part.
    group: Selection,
    /// The lines whose money is the whole; the part is counted inside it.
    #[serde(default)]
    of: Selection,
    /// What the share is asked of, one by one.
    #[serde(default)]
    per: Per,
    /// Least share.
    min: Option<Ratio>,
    /// Largest share.
    max: Option<Ratio>,
}

impl Rule for GroupShare {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.group);
        notes.check_selection(scenario, &self.of);
        notes.check_shares(self.min, self.max);
        let group = self.group.mask(scenario);
        let partition = self.of.partition(scenario, self.per);
        let parts = partition.lines(scenario);
        if parts.iter().all(Vec::is_empty) {
            notes.push(
                Code::NothingToCount,
                "the rule selects no candidate line",
                "widen of, or take the rule out",
            );
        }
        for (scope, lines) in partition.scopes().iter().zip(parts) {
            let reaches = lines.iter().any(|line| group.admits_line(&scenario.lines[line.0]));
            if self.min.is_some_and(|min| min > Ratio::ZERO) && !lines.is_empty() && !reaches {
                notes.push(
                    Code::ThresholdHasNoEffect,
                    format!(
                        "{} has no candidate line in the group, so it could get nothing at all",
                        label(scope)
                    ),
                    "leave it out of the rule (of.except), or give it a need in the group",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], part: &str) -> Vec<Dial> {
        vec![if part == "lower" { Dial::less(&["min"]) } else { Dial::more_up_to_one(&["max"]) }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let group = self.group.mask(scenario);
        let partition = self.of.partition(scenario, self.per);
        for (scope, lines) in partition.scopes().iter().zip(partition.lines(scenario)) {
            for (share, part) in [(self.min, "lower"), (self.max, "upper")] {
                let Some(share) = share else { continue };
                if lines.is_empty() {
                    continue;
                }
                let terms: Terms = lines
                    .iter()
                    .map(|&line| {
                        let inside = if group.admits_line(&scenario.lines[line.0]) { 1.0 } else { 0.0 };
                        (builder.total(line), inside - share.as_f64())
                    })
                    .collect();
                let bound = if part == "lower" { Bound::AtLeast(0.0) } else { Bound::AtMost(0.0) };
                builder.require(Subject::Scope(scope.clone()), part, terms, bound);
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let group = self.group.mask(scenario);
        let partition = self.of.partition(scenario, self.per);
        let mut money = vec![(Money::ZERO, Money::ZERO); partition.scopes().len()];
        for line in plan.lines() {
            if let Some(part) = partition.part(line.province, line.site, line.sector) {
                money[part].1 += line.total();
                if group.admits_plan_line(line) {
                    money[part].0 += line.total();
                }
            }
        }
        let bounds = [(self.min, Relation::AtLeast), (self.max, Relation::AtMost)];
        let mut findings = Vec::new();
        for (scope, (part, whole)) in partition.scopes().iter().zip(money) {
            for (share, relation) in bounds {
                findings
                    .extend(share.map(|share| Finding::share(scope.clone(), part, whole, relation, share)));
            }
        }
        findings
    }
}

fn label(scope: &[String]) -> String {
    if scope.is_empty() { "the programme".to_owned() } else { format!("'{}'", scope.join(", ")) }
}
