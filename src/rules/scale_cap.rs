//! The scale of secondment is limited: at most so many persons are placed, in all or for each province, site, region
//! or level: `Σ m ≤ n`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::placements::{self, Counted, persons};
use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject};

pub(super) const PURPOSE: &str = "At most so many persons are placed.";

/// Parameters of `scale_cap`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleCap {
    /// The most persons.
    number: u32,
    /// What the number is for: all, province, site, region or level.
    #[serde(default)]
    per: Per,
    /// Which placements count, by province and place.
    #[serde(default)]
    select: Selection,
    /// Professions of the posts that count; none: all.
    #[serde(default)]
    professions: Vec<String>,
}

impl ScaleCap {
    fn counted<'a>(&self, scenario: &'a Scenario) -> Counted<'a> {
        Counted::new(scenario, &self.select, self.per, &self.professions)
    }
}

impl Rule for ScaleCap {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        placements::check_parts(scenario, &self.select, self.per, &self.professions, notes);
        let parts = self.counted(scenario).candidates();
        let most = parts.iter().map(|part| placements::most(scenario, part)).max().unwrap_or(0);
        if most > 0 && i64::from(self.number) >= most {
            notes.push(
                Code::ThresholdHasNoEffect,
                format!("at most {most} persons can be placed where {} are allowed", self.number),
                "lower the number, or take the rule out",
            );
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let counted = self.counted(builder.scenario());
        for (scope, candidates) in counted.partition.scopes().iter().zip(counted.candidates()) {
            if !candidates.is_empty() {
                let bound = Bound::AtMost(f64::from(self.number));
                let persons = builder.persons(&candidates);
                builder.require(Subject::Scope(scope.clone()), "", persons, bound);
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let counted = self.counted(scenario);
        let scopes = counted.partition.scopes().iter().cloned();
        let finding = |(scope, placed): (Vec<String>, Vec<&crate::domain::Placement>)| {
            let most = i64::from(self.number);
            Finding::people(scope, persons(&placed), Relation::AtMost, most).on_placements(placed)
        };
        scopes.zip(counted.placements(plan)).map(finding).collect()
    }
}
