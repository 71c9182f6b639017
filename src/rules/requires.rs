//! Money and people in one plan: a funded line requires its team, and a team requires money.
//!
//! With `T[s]` the persons in posts of some professions at site `s`, and `X` the money of some lines there:
//! `T[s] ≥ n·y[p,s,k]` for each of these lines, so that a hospital is not built without its doctors; and
//! `T[s] ≤ U·u[s]`, `Σ X ≥ a·u[s]` with a binary `u`, so that doctors are not sent where there is no hospital.

use schemars::JsonSchema;
use serde::Deserialize;

use super::placements::{self, Professions, persons, team_of};
use super::{Dial, Notes, Rule, plan_line_ids};
use crate::diagnostics::Code;
use crate::domain::{CandidateId, Finding, LineId, Placement, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "A funded line requires its team, and a team its money.";

/// Which of the two requires the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Of {
    /// A funded line requires a team.
    #[default]
    Line,
    /// A team requires money.
    Team,
    /// Each requires the other.
    Both,
}

/// Parameters of `requires`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requires {
    /// Which requires the other.
    #[serde(default)]
    of: Of,
    /// The lines.
    #[serde(default)]
    select: Selection,
    /// Professions of the posts in which the team is; none: all.
    #[serde(default)]
    professions: Vec<String>,
    /// Fewest persons of a team, whoever sends them.
    #[serde(default = "one")]
    number: u32,
    /// Least money of the lines together at a site with a team, counted as the tables count it; without it, one
    /// unit.
    amount: Option<Ratio>,
}

fn one() -> u32 {
    1
}

impl Requires {
    fn least_money(&self, scenario: &Scenario) -> Money {
        self.amount.map_or(Money(1), |amount| scenario.money.at_least(amount)).max(Money(1))
    }

    /// Candidate lines that are selected at a site.
    fn lines_at(scenario: &Scenario, lines: &[LineId], site: SiteId) -> Vec<LineId> {
        lines.iter().copied().filter(|line| scenario.lines[line.0].site == site).collect()
    }

    fn lines(&self, scenario: &Scenario) -> Vec<LineId> {
        let mask = self.select.mask(scenario);
        scenario.line_ids().filter(|line| mask.admits_line(&scenario.lines[line.0])).collect()
    }

    /// Candidates in posts of the professions at each site.
    fn candidates(&self, scenario: &Scenario) -> Vec<Vec<CandidateId>> {
        let professions = Professions::of(scenario, &self.professions);
        let mut sites = vec![Vec::new(); scenario.sites.len()];
        for candidate in (0..scenario.talent.candidates.len()).map(CandidateId) {
            let (_, site, profession) = team_of(scenario, candidate);
            if professions.admit(profession) {
                sites[site.0].push(candidate);
            }
        }
        sites
    }

    fn lines_need_teams(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let at_sites = self.candidates(scenario);
        for line in self.lines(scenario) {
            let here = &at_sites[scenario.lines[line.0].site.0];
            let open = builder.open(line);
            // Whoever comes comes as a whole team. What a soft row is short of is counted against the number asked.
            let is_raised = self.number > 0 && !builder.is_soft();
            let whole = if is_raised { builder.least_team(here) } else { 0 };
            let mut terms = builder.persons(here);
            terms.push((open, -f64::from(self.number).max(whole as f64)));
            builder.require(Subject::Line(line), "team", terms, Bound::AtLeast(0.0));
        }
    }

    fn teams_need_money(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let (lines, mask) = (self.lines(scenario), self.select.mask(scenario));
        for (site, here) in self.candidates(scenario).into_iter().enumerate() {
            let site = SiteId(site);
            if here.is_empty() || !mask.admits_site(site) {
                continue;
            }
            let there = builder.column("staffed", Subject::Site(site), ColumnKind::Binary, 0.0, 1.0);
            let most = placements::most(scenario, &here) as f64;
            let mut terms = builder.persons(&here);
            terms.push((there, -most));
            builder.define("staffed", Subject::Site(site), "", terms, Bound::AtMost(0.0));
            let lines = Self::lines_at(scenario, &lines, site);
            let money = lines.into_iter().map(|line| (builder.total(line), 1.0));
            let least = self.least_money(scenario).as_f64();
            let terms: Vec<_> = money.chain([(there, -least)]).collect();
            builder.require(Subject::Site(site), "money", terms, Bound::AtLeast(0.0));
        }
    }
}

impl Rule for Requires {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        placements::check_professions(scenario, &self.professions, notes);
        let lines = self.lines(scenario);
        let at_sites = self.candidates(scenario);
        if self.of != Of::Team && lines.is_empty() {
            let action = "widen select, or take the rule out";
            notes.push(Code::NothingToCount, "the rule selects no candidate line", action);
        }
        if at_sites.iter().all(Vec::is_empty) {
            let action = "widen professions, or take the rule out";
            notes.push(Code::NothingToCount, "the rule selects no candidate placement", action);
        }
        if self.of == Of::Team {
            return;
        }
        let mut sites: Vec<SiteId> = lines.iter().map(|line| scenario.lines[line.0].site).collect();
        sites.sort_unstable();
        sites.dedup();
        for site in sites {
            let most = placements::most(scenario, &at_sites[site.0]);
            if most < i64::from(self.number) {
                let id = &scenario.sites[site.0].id;
                notes.push(
                    Code::ThresholdHasNoEffect,
                    format!("at most {most} persons can come to '{id}', so none of its lines is funded"),
                    "lower number, or leave the site out (select.except)",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], part: &str) -> Vec<Dial> {
        vec![if part == "team" { Dial::less_of(&["number"]) } else { Dial::less(&["amount"]) }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        if self.of != Of::Team {
            self.lines_need_teams(builder);
        }
        if self.of != Of::Line {
            self.teams_need_money(builder);
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let (mask, talent) = (self.select.mask(scenario), &scenario.talent);
        let counts = |placement: &&Placement| {
            let profession = talent.posts[placement.posts.0].asks.profession;
            self.professions.is_empty() || self.professions.contains(&talent.professions[profession.0].id)
        };
        let mut teams: Vec<Vec<&Placement>> = vec![Vec::new(); scenario.sites.len()];
        for placement in plan.placements().iter().filter(counts) {
            teams[talent.posts[placement.posts.0].site.0].push(placement);
        }
        let mut money = vec![Money::ZERO; scenario.sites.len()];
        let mut findings = Vec::new();
        for line in plan.lines().iter().filter(|line| mask.admits_plan_line(line)) {
            money[line.site.0] += line.total();
            if self.of != Of::Team {
                let (ids, there) = (plan_line_ids(scenario, line), persons(&teams[line.site.0]));
                let finding = Finding::people(ids, there, Relation::AtLeast, i64::from(self.number));
                findings.push(finding.on_lines(&[line]));
            }
        }
        if self.of != Of::Line {
            for ((position, team), money) in teams.into_iter().enumerate().zip(money) {
                if persons(&team) > 0 && mask.admits_site(SiteId(position)) {
                    let (ids, least) =
                        (vec![scenario.sites[position].id.clone()], self.least_money(scenario));
                    findings.push(Finding::money(ids, money, Relation::AtLeast, least).on_placements(team));
                }
            }
        }
        findings
    }
}
