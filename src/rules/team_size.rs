//! Teams or none (组团式): a province sends at least so many persons of a profession to a site together, or nobody.
//!
//! With `T[p,s,k]` the persons of province `p` in posts of profession `k` at site `s`: `n·y ≤ T ≤ U·y` with a binary `y`
//! and the tightest `U`. `n` is the largest `team` of these posts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::placements::{self, Counted, Team, persons, team, team_ids, team_of};
use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{
    CandidateId, Finding, Per, Placement, Plan, ProfessionId, Relation, Scenario, Selection, SiteId,
};
use crate::model::{Bound, Builder, ColumnKind, Limits, Subject};

pub(super) const PURPOSE: &str =
    "A province sends at least so many of a profession to a site together, or nobody.";

/// Parameters of `team_size`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamSize {
    /// Fewest persons where no post says; without it, such posts need no team.
    number: Option<u32>,
    /// Which teams, by province and place.
    #[serde(default)]
    select: Selection,
    /// Professions of the posts; none: all.
    #[serde(default)]
    professions: Vec<String>,
}

impl TeamSize {
    fn counted<'a>(&self, scenario: &'a Scenario) -> Counted<'a> {
        Counted::new(scenario, &self.select, Per::All, &self.professions)
    }

    /// Fewest persons by site and profession, where more than one is asked.
    fn least(&self, scenario: &Scenario) -> BTreeMap<(SiteId, ProfessionId), i64> {
        let mut least: BTreeMap<_, Option<i64>> = BTreeMap::new();
        for posts in &scenario.talent.posts {
            let entry = least.entry((posts.site, posts.asks.profession)).or_default();
            *entry = (*entry).max(posts.team);
        }
        let or_number = |team: Option<i64>| team.or(self.number.map(i64::from)).unwrap_or(0);
        least.into_iter().map(|(key, team)| (key, or_number(team))).filter(|(_, team)| *team > 1).collect()
    }

    /// The candidates of each team that has a least size.
    fn teams(&self, scenario: &Scenario) -> BTreeMap<Team, (i64, Vec<CandidateId>)> {
        let least = self.least(scenario);
        let mut teams: BTreeMap<Team, (i64, Vec<CandidateId>)> = BTreeMap::new();
        for candidate in self.counted(scenario).candidates().into_iter().flatten() {
            let team = team_of(scenario, candidate);
            if let Some(&number) = least.get(&(team.1, team.2)) {
                teams.entry(team).or_insert_with(|| (number, Vec::new())).1.push(candidate);
            }
        }
        teams
    }
}

impl Rule for TeamSize {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        placements::check_parts(scenario, &self.select, Per::All, &self.professions, notes);
        if self.teams(scenario).is_empty() {
            notes.push(
                Code::ThresholdHasNoEffect,
                "no post that is selected needs a team of two or more",
                "give number, or fill in the column team of posts",
            );
        }
    }

    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for (number, candidates) in self.teams(scenario).into_values() {
            limits.raise_team(&candidates, number);
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for (team, (number, candidates)) in self.teams(scenario) {
            let subject = Subject::Scope(team_ids(scenario, team));
            let least = if builder.team_comes(&candidates) { 1.0 } else { 0.0 };
            let sent = builder.column("team", subject.clone(), ColumnKind::Binary, least, 1.0);
            let most = placements::most(scenario, &candidates) as f64;
            let mut terms = builder.persons(&candidates);
            terms.push((sent, -most));
            builder.define("team", subject.clone(), "", terms.clone(), Bound::AtMost(0.0));
            if let Some(last) = terms.last_mut() {
                last.1 = -(number as f64);
            }
            builder.require(subject, "", terms, Bound::AtLeast(0.0));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let least = self.least(scenario);
        let mut teams: BTreeMap<Team, Vec<&Placement>> = BTreeMap::new();
        for placement in self.counted(scenario).placements(plan).into_iter().flatten() {
            teams.entry(team(scenario, placement.secondees, placement.posts)).or_default().push(placement);
        }
        let finding = |(team, placed): (Team, Vec<&Placement>)| {
            let number = *least.get(&(team.1, team.2))?;
            let ids = team_ids(scenario, team);
            Some(Finding::people(ids, persons(&placed), Relation::AtLeast, number).on_placements(placed))
        };
        teams.into_iter().filter_map(finding).collect()
    }
}
