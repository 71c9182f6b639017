//! What rules on talent have in common: which placements they count. The model's candidates and a plan's
//! placements are told apart by province, site and profession alone, those of the posts.

use std::collections::BTreeMap;

use super::Notes;
use crate::diagnostics::Code;
use crate::domain::{
    CandidateId, Partition, Per, Placement, Plan, PostsId, ProfessionId, ProvinceId, Scenario, SecondeesId,
    Selection, SiteId,
};
use crate::units::MICRO;

/// Keys of a selection by which placements can be chosen.
const PLACES: &[&str] = &["provinces", "province_groups", "sites", "site_groups", "regions", "levels"];
/// The same, for posts.
pub(super) const SITES: &[&str] = &["sites", "site_groups", "regions", "levels"];

/// Marks of professions: all, where none is named.
#[derive(Debug, Clone)]
pub(super) struct Professions(Vec<bool>);

impl Professions {
    pub fn of(scenario: &Scenario, names: &[String]) -> Self {
        let professions = &scenario.talent.professions;
        Self(
            professions.iter().map(|profession| names.is_empty() || names.contains(&profession.id)).collect(),
        )
    }

    pub fn admit(&self, profession: ProfessionId) -> bool {
        self.0[profession.0]
    }
}

/// Who sends, where to, in posts of which profession: those are one team.
pub(super) type Team = (ProvinceId, SiteId, ProfessionId);

/// The team that a placement is of.
pub(super) fn team(scenario: &Scenario, secondees: SecondeesId, posts: PostsId) -> Team {
    let (group, posts) = (&scenario.talent.secondees[secondees.0], &scenario.talent.posts[posts.0]);
    (group.province, posts.site, posts.asks.profession)
}

/// The team that a candidate is of.
pub(super) fn team_of(scenario: &Scenario, candidate: CandidateId) -> Team {
    let candidate = &scenario.talent.candidates[candidate.0];
    team(scenario, candidate.secondees, candidate.posts)
}

/// The ids of a team: province, site, profession.
pub(super) fn team_ids(scenario: &Scenario, (province, site, profession): Team) -> Vec<String> {
    let (province, site) = (&scenario.provinces[province.0].id, &scenario.sites[site.0].id);
    vec![province.clone(), site.clone(), scenario.talent.professions[profession.0].id.clone()]
}

/// Placements split into parts, of some professions.
pub(super) struct Counted<'a> {
    scenario: &'a Scenario,
    pub partition: Partition,
    professions: Professions,
}

impl<'a> Counted<'a> {
    pub fn new(scenario: &'a Scenario, select: &Selection, per: Per, professions: &[String]) -> Self {
        let professions = Professions::of(scenario, professions);
        Self { scenario, partition: select.partition(scenario, per), professions }
    }

    fn part_of(&self, secondees: SecondeesId, posts: PostsId) -> Option<usize> {
        let (province, site, profession) = team(self.scenario, secondees, posts);
        if !self.professions.admit(profession) {
            return None;
        }
        self.partition.part_of_link(province, site)
    }

    /// A plan's placements in each part.
    pub fn placements<'p>(&self, plan: &'p Plan) -> Vec<Vec<&'p Placement>> {
        let mut parts = vec![Vec::new(); self.partition.scopes().len()];
        for placement in plan.placements() {
            if let Some(part) = self.part_of(placement.secondees, placement.posts) {
                parts[part].push(placement);
            }
        }
        parts
    }

    /// Candidates in each part.
    pub fn candidates(&self) -> Vec<Vec<CandidateId>> {
        let mut parts = vec![Vec::new(); self.partition.scopes().len()];
        for (position, candidate) in self.scenario.talent.candidates.iter().enumerate() {
            if let Some(part) = self.part_of(candidate.secondees, candidate.posts) {
                parts[part].push(CandidateId(position));
            }
        }
        parts
    }
}

/// Persons of some placements.
pub(super) fn persons(placements: &[&Placement]) -> i64 {
    placements.iter().map(|placement| placement.number).sum()
}

/// The most persons that some candidates can be: no group more often than it is, and no posts by more than hold it.
pub(super) fn most(scenario: &Scenario, candidates: &[CandidateId]) -> i64 {
    let talent = &scenario.talent;
    let mut sent = BTreeMap::<SecondeesId, i64>::new();
    let mut filled = BTreeMap::<PostsId, i64>::new();
    for candidate in candidates.iter().map(|id| &talent.candidates[id.0]) {
        *sent.entry(candidate.secondees).or_default() += talent.most_placed(candidate);
        // With those alone who give least time, posts hold most persons.
        let room =
            talent.posts[candidate.posts.0].number * MICRO / talent.full_time(candidate.secondees).micros();
        let most = filled.entry(candidate.posts).or_default();
        *most = room.max(*most);
    }
    let sent: i64 = sent.into_iter().map(|(group, most)| most.min(talent.secondees[group.0].number)).sum();
    sent.min(filled.into_values().sum())
}

/// Tells what is wrong with a selection of placements.
pub(super) fn check(
    scenario: &Scenario,
    select: &Selection,
    keys: &[&str],
    professions: &[String],
    notes: &mut Notes,
) {
    notes.check_selection(scenario, select);
    notes.check_keys(select, keys);
    check_professions(scenario, professions, notes);
}

/// The same of placements, in parts by province or by place.
pub(super) fn check_parts(
    scenario: &Scenario,
    select: &Selection,
    per: Per,
    professions: &[String],
    notes: &mut Notes,
) {
    check(scenario, select, PLACES, professions, notes);
    if per == Per::Sector {
        notes.push(
            Code::BadPolicy,
            "per = 'sector', and people are not counted by sector",
            "use all, province, site, region or level",
        );
    }
    if Counted::new(scenario, select, per, professions).candidates().iter().all(Vec::is_empty) {
        notes.push(
            Code::NothingToCount,
            "the rule selects no candidate placement",
            "widen select or professions, or take the rule out",
        );
    }
}

/// Tells which professions there are not.
pub(super) fn check_professions(scenario: &Scenario, professions: &[String], notes: &mut Notes) {
    for name in professions.iter().filter(|name| scenario.talent.profession(name).is_none()) {
        notes.push(
            Code::UnknownSelection,
            format!("the scenario has no profession '{name}'"),
            "use an id of the table professions, or take it out",
        );
    }
}
