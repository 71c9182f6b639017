//! Few lines: `Σ y ≤ n`, in all, or for each province, site, region, level or sector.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject, Terms};

pub(super) const PURPOSE: &str = "At most so many lines are funded.";

/// Parameters of `maximum_lines`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumLines {
    /// The most lines.
    number: u32,
    /// What the number is for.
    #[serde(default)]
    per: Per,
    /// Which lines count.
    #[serde(default)]
    select: Selection,
}

impl Rule for MaximumLines {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        let parts = self.select.partition(scenario, self.per).lines(scenario);
        let most = parts.iter().map(Vec::len).max().unwrap_or(0);
        if most == 0 {
            notes.push(
                Code::NothingToCount,
                "the rule selects no candidate line",
                "widen select, or take the rule out",
            );
        } else if self.number as usize >= most {
            notes.push(
                Code::ThresholdHasNoEffect,
                format!("there are at most {most} candidate lines where {} are allowed", self.number),
                "lower the number, or take the rule out",
            );
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let partition = self.select.partition(scenario, self.per);
        for (scope, lines) in partition.scopes().iter().zip(partition.lines(scenario)) {
            if lines.len() > self.number as usize {
                let terms: Terms = lines.into_iter().map(|line| (builder.open(line), 1.0)).collect();
                builder.require(
                    Subject::Scope(scope.clone()),
                    "",
                    terms,
                    Bound::AtMost(f64::from(self.number)),
                );
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let partition = self.select.partition(scenario, self.per);
        let mut counts = vec![0; partition.scopes().len()];
        for line in plan.lines() {
            if let Some(part) = partition.part(line.province, line.site, line.sector) {
                counts[part] += 1;
            }
        }
        let scopes = partition.scopes().iter().cloned();
        scopes
            .zip(counts)
            .map(|(scope, count)| Finding::count(scope, count, Relation::AtMost, self.number as usize))
            .collect()
    }
}
