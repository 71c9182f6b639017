//! The structure of secondment: some professions are between two shares of the persons who are placed, in all or for
//! each province, site, region or level: `α · Σ m ≤ Σ_(professions) m ≤ β · Σ m`. The profession is that of the posts.

use schemars::JsonSchema;
use serde::Deserialize;

use super::placements::{self, Counted, Professions, persons, team_of};
use super::{Dial, Notes, Rule};
use crate::domain::{CandidateId, Finding, Per, Placement, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject, Terms};
use crate::units::{Micro, Ratio};

pub(super) const PURPOSE: &str = "Some professions are at least, or at most, a share of the persons placed.";

/// Parameters of `profession_share`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfessionShare {
    /// Professions of the posts whose persons are the part.
    professions: Vec<String>,
    /// Least share.
    min: Option<Ratio>,
    /// Largest share.
    max: Option<Ratio>,
    /// What the share is asked of: all, province, site, region or level.
    #[serde(default)]
    per: Per,
    /// Which placements are the whole, by province and place.
    #[serde(default)]
    select: Selection,
}

impl ProfessionShare {
    fn counted<'a>(&self, scenario: &'a Scenario) -> Counted<'a> {
        Counted::new(scenario, &self.select, self.per, &[])
    }

    /// The thresholds that are given.
    fn thresholds(&self) -> impl Iterator<Item = (Ratio, Relation, &'static str)> {
        let min = self.min.map(|min| (min, Relation::AtLeast, "lower"));
        min.into_iter().chain(self.max.map(|max| (max, Relation::AtMost, "upper")))
    }
}

impl Rule for ProfessionShare {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        placements::check_parts(scenario, &self.select, self.per, &self.professions, notes);
        notes.check_shares(self.min, self.max);
    }

    fn dials(&self, _: &Scenario, _: &[String], part: &str) -> Vec<Dial> {
        vec![if part == "lower" { Dial::less(&["min"]) } else { Dial::more_up_to_one(&["max"]) }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let counted = self.counted(scenario);
        let professions = Professions::of(scenario, &self.professions);
        for (scope, candidates) in counted.partition.scopes().iter().zip(counted.candidates()) {
            if candidates.is_empty() {
                continue;
            }
            let inside =
                |id: &CandidateId| if professions.admit(team_of(scenario, *id).2) { 1.0 } else { 0.0 };
            for (share, relation, side) in self.thresholds() {
                let persons = builder.persons(&candidates).into_iter().zip(&candidates);
                let terms: Terms =
                    persons.map(|((column, _), id)| (column, inside(id) - share.as_f64())).collect();
                let bound = match relation {
                    Relation::AtLeast => Bound::AtLeast(0.0),
                    Relation::AtMost => Bound::AtMost(0.0),
                };
                builder.require(Subject::Scope(scope.clone()), side, terms, bound);
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let counted = self.counted(scenario);
        let named = |placement: &Placement| {
            let profession = scenario.talent.posts[placement.posts.0].asks.profession;
            self.professions.is_empty()
                || self.professions.contains(&scenario.talent.professions[profession.0].id)
        };
        let mut findings = Vec::new();
        for (scope, placed) in counted.partition.scopes().iter().zip(counted.placements(plan)) {
            let (part, rest): (Vec<&Placement>, Vec<&Placement>) =
                placed.into_iter().partition(|placement| named(placement));
            let (of_part, of_rest) = (persons(&part), persons(&rest));
            for (share, relation, _) in self.thresholds() {
                let (whole, measured) = (Micro::whole(of_part + of_rest), Micro::whole(of_part));
                let finding = Finding::share_of_people(scope.clone(), measured, whole, relation, share);
                // Too few of these are too many of the others.
                let too_many = if relation == Relation::AtMost { &part } else { &rest };
                findings.push(finding.on_placements(too_many.iter().copied()));
            }
        }
        findings
    }
}
