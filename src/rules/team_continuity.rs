//! Teams stay together: of the persons whom a province had at a site under the last plan, at least a share stays, by
//! profession: `T[p,s,k] ≥ ⌈α · T⁰[p,s,k]⌉`. It is to people what `continuity` is to money.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::placements::{self, Team, team_ids, team_of};
use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{CandidateId, Finding, LastTeam, Placement, Plan, Relation, Scenario};
use crate::model::{Bound, Builder, Limits, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "Of the last plan's teams at least a share stays.";

/// Parameters of `team_continuity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamContinuity {
    /// Share of each team that stays, rounded up to whole persons.
    keep: Ratio,
}

impl TeamContinuity {
    /// Persons of a team that stay.
    fn kept(&self, team: &LastTeam) -> i64 {
        (Money(team.number) * self.keep).ceil().0
    }

    /// The candidates by team.
    fn candidates(scenario: &Scenario) -> BTreeMap<Team, Vec<CandidateId>> {
        let mut teams: BTreeMap<Team, Vec<CandidateId>> = BTreeMap::new();
        for candidate in (0..scenario.talent.candidates.len()).map(CandidateId) {
            teams.entry(team_of(scenario, candidate)).or_default().push(candidate);
        }
        teams
    }
}

impl Rule for TeamContinuity {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        let talent = &scenario.talent;
        if talent.last.is_empty() {
            let action = "add the table placements, or take the rule out";
            notes.push(Code::NothingToCount, "nothing is known of the last plan's teams", action);
        }
        let candidates = Self::candidates(scenario);
        for team in &talent.last {
            let key = (team.province, team.site, team.profession);
            let most = candidates.get(&key).map_or(0, |here| placements::most(scenario, here));
            let kept = self.kept(team);
            if kept > most {
                let ids = team_ids(scenario, key).join(", ");
                notes.push(
                    Code::ThresholdOutOfReach,
                    format!("{kept} of the last team '{ids}' are to stay, and {most} can be placed there"),
                    "lower keep, check secondees and posts, or make the rule soft",
                );
            }
        }
    }

    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        let candidates = Self::candidates(scenario);
        for team in scenario.talent.last.iter().filter(|team| self.kept(team) > 0) {
            let key = (team.province, team.site, team.profession);
            limits.send_team(candidates.get(&key).map_or(&[], Vec::as_slice));
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["keep"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let candidates = Self::candidates(scenario);
        for team in &scenario.talent.last {
            let key = (team.province, team.site, team.profession);
            let persons = builder.persons(candidates.get(&key).map_or(&[], Vec::as_slice));
            let subject = Subject::Scope(team_ids(scenario, key));
            builder.require(subject, "", persons, Bound::AtLeast(self.kept(team) as f64));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let talent = &scenario.talent;
        let finding = |team: &LastTeam| {
            let own = |placement: &&Placement| {
                talent.secondees[placement.secondees.0].province == team.province
                    && talent.posts[placement.posts.0].site == team.site
                    && talent.posts[placement.posts.0].asks.profession == team.profession
            };
            let there = plan.placements().iter().filter(own).map(|placement| placement.number).sum();
            let ids = team_ids(scenario, (team.province, team.site, team.profession));
            Finding::people(ids, there, Relation::AtLeast, self.kept(team))
        };
        talent.last.iter().map(finding).collect()
    }
}
