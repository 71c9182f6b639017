//! Rules on people: how many, of which professions, in teams, and with which money.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::exact::{MICRO, down, up};
use super::super::input::Posts;
use super::super::people::Candidate;
use super::super::selection::{Parts, Per, Selection};
use super::{Reader, Requires, Shape, Terms, micro_units, micros, parameters};
use crate::units::Ratio;

parameters! {
    ScaleOf {
        number: u32,
        #[serde(default)] per: Per,
        #[serde(default)] select: Selection,
        #[serde(default)] professions: Vec<String>,
    }
    ProfessionOf {
        professions: Vec<String>,
        min: Option<Ratio>,
        max: Option<Ratio>,
        #[serde(default)] per: Per,
        #[serde(default)] select: Selection,
    }
    TeamOf {
        number: Option<u32>,
        #[serde(default)] select: Selection,
        #[serde(default)] professions: Vec<String>,
    }
    VacancyOf {
        share: Ratio,
        #[serde(default)] per: Per,
        #[serde(default)] select: Selection,
        #[serde(default)] professions: Vec<String>,
    }
    KeepOf { keep: Ratio, }
    RequiresOf {
        of: Option<String>,
        #[serde(default)] select: Selection,
        #[serde(default)] professions: Vec<String>,
        number: Option<u32>,
        amount: Option<Ratio>,
    }
}

impl<'a> Reader<'a> {
    /// Share of full time of a candidate, in millionths.
    fn time(&self, candidate: &Candidate) -> i128 {
        i128::from(self.programme.input.secondees[candidate.secondees].full_time)
    }

    /// Province and site of a candidate, and the profession of its posts.
    fn team(&self, candidate: &Candidate) -> Result<(usize, usize, &'a str), String> {
        let input = self.programme.input;
        let (group, posts) = (&input.secondees[candidate.secondees], &input.posts[candidate.posts]);
        let (province, site) = (self.programme.province(&group.province)?, self.programme.site(&posts.site)?);
        Ok((province, site, posts.profession.as_str()))
    }

    fn team_ids(&self, (province, site, profession): (usize, usize, &str)) -> Vec<String> {
        let input = self.programme.input;
        vec![input.provinces[province].id.clone(), input.sites[site].id.clone(), profession.to_owned()]
    }

    /// The candidates of each part, of some professions or of all.
    fn candidates(&self, parts: &Parts, professions: &[String]) -> Result<Vec<Vec<usize>>, String> {
        let mut of_part = vec![Vec::new(); parts.scopes.len()];
        for (position, candidate) in self.programme.candidates.iter().enumerate() {
            let (province, site, profession) = self.team(candidate)?;
            if let Some(part) =
                parts.part_of_link(province, site).filter(|_| is_one_of(professions, profession))
            {
                of_part[part].push(position);
            }
        }
        Ok(of_part)
    }

    pub(super) fn people(&mut self) -> Shape {
        let programme = self.programme;
        let candidates = || programme.candidates.iter().enumerate();
        for (position, group) in programme.input.secondees.iter().enumerate() {
            let own = candidates().filter(|(_, candidate)| candidate.secondees == position);
            let terms = Terms::People(own.map(|(candidate, _)| (candidate, MICRO)).collect());
            self.push(vec![group.id.clone()], "sent", terms, false, micro_units(group.number));
        }
        for (position, group) in programme.input.posts.iter().enumerate() {
            let own = candidates().filter(|(_, candidate)| candidate.posts == position);
            let terms = own.map(|(at, candidate)| (at, self.time(candidate))).collect();
            self.push(
                vec![group.id.clone()],
                "filled",
                Terms::People(terms),
                false,
                micro_units(group.number),
            );
        }
        Shape::Rows
    }

    pub(super) fn scale_cap(&mut self) -> Result<Shape, String> {
        let ScaleOf { number, per, select, professions } = parameters(self.rule)?;
        let parts = Parts::of(&select, per, self.programme.input);
        for (scope, own) in parts.scopes.iter().zip(self.candidates(&parts, &professions)?) {
            let terms = Terms::People(own.into_iter().map(|candidate| (candidate, MICRO)).collect());
            self.push(scope.clone(), "", terms, false, i128::from(number) * MICRO);
        }
        Ok(Shape::Rows)
    }

    pub(super) fn profession_share(&mut self) -> Result<Shape, String> {
        let ProfessionOf { professions, min, max, per, select } = parameters(self.rule)?;
        let parts = Parts::of(&select, per, self.programme.input);
        for (scope, own) in parts.scopes.iter().zip(self.candidates(&parts, &[])?) {
            for (share, part) in [(min, "lower"), (max, "upper")] {
                let Some(share) = share else { continue };
                let mut terms = Vec::with_capacity(own.len());
                for &candidate in &own {
                    let (.., profession) = self.team(&self.programme.candidates[candidate])?;
                    let inside = if is_one_of(&professions, profession) { MICRO } else { 0 };
                    terms.push((candidate, inside - micros(share)));
                }
                self.push(scope.clone(), part, Terms::People(terms), part == "lower", 0);
            }
        }
        Ok(Shape::Rows)
    }

    pub(super) fn team_size(&mut self) -> Result<Shape, String> {
        let TeamOf { number, select, professions } = parameters(self.rule)?;
        let input = self.programme.input;
        let parts = Parts::of(&select, Per::All, input);
        let mut teams: BTreeMap<(usize, usize, &str), Vec<usize>> = BTreeMap::new();
        for candidate in self.candidates(&parts, &professions)?.into_iter().flatten() {
            teams.entry(self.team(&self.programme.candidates[candidate])?).or_default().push(candidate);
        }
        let least = |(_, site, profession): (usize, usize, &str)| {
            let here = |posts: &&Posts| posts.site == input.sites[site].id && posts.profession == profession;
            let asked = input.posts.iter().filter(here).filter_map(|posts| posts.team).max();
            asked.or(number.map(i64::from)).map_or(0, i128::from)
        };
        let teams = teams.into_iter().map(|(team, own)| (self.team_ids(team), own, least(team)));
        Ok(Shape::Teams(teams.collect()))
    }

    pub(super) fn maximum_vacancy(&mut self) -> Result<Shape, String> {
        let VacancyOf { share, per, select, professions } = parameters(self.rule)?;
        let programme = self.programme;
        let parts = Parts::of(&select, per, programme.input);
        let mut part_of = Vec::with_capacity(programme.input.posts.len());
        for posts in &programme.input.posts {
            let part = parts.part_of_site(programme.site(&posts.site)?);
            part_of.push(part.filter(|_| is_one_of(&professions, &posts.profession)));
        }
        for (part, scope) in parts.scopes.iter().enumerate() {
            let posts = programme.input.posts.iter().zip(&part_of).filter(|(_, of)| **of == Some(part));
            let number: i128 = posts.map(|(posts, _)| i128::from(posts.number)).sum();
            if number > 0 {
                let own = programme.candidates.iter().enumerate();
                let own = own.filter(|(_, candidate)| part_of[candidate.posts] == Some(part));
                let terms = Terms::People(own.map(|(at, candidate)| (at, self.time(candidate))).collect());
                self.push(scope.clone(), "", terms, true, number * (MICRO - micros(share)));
            }
        }
        Ok(Shape::Rows)
    }

    pub(super) fn team_continuity(&mut self) -> Result<Shape, String> {
        let KeepOf { keep } = parameters(self.rule)?;
        for team in &self.programme.input.teams {
            let of = (
                self.programme.province(&team.province)?,
                self.programme.site(&team.site)?,
                team.profession.as_str(),
            );
            let mut own = Vec::new();
            for (position, candidate) in self.programme.candidates.iter().enumerate() {
                if self.team(candidate)? == of {
                    own.push((position, MICRO));
                }
            }
            let kept = up(i128::from(team.number) * micros(keep), MICRO) * MICRO;
            self.push(self.team_ids(of), "", Terms::People(own), true, kept);
        }
        Ok(Shape::Rows)
    }

    pub(super) fn requires(&mut self) -> Result<Shape, String> {
        let RequiresOf { of, select, professions, number, amount } = parameters(self.rule)?;
        let (programme, mask) = (self.programme, select.mask(self.programme.input));
        let (line, team) = match of.as_deref() {
            None | Some("line") => (true, false),
            Some("team") => (false, true),
            Some("both") => (true, true),
            Some(other) => {
                return Err(format!("input: rule {}: of = \"{other}\" is not known", self.rule.id));
            }
        };
        let mut people_at = vec![Vec::new(); programme.input.sites.len()];
        for (position, candidate) in programme.candidates.iter().enumerate() {
            let (_, site, profession) = self.team(candidate)?;
            if is_one_of(&professions, profession) {
                people_at[site].push(position);
            }
        }
        let lines = programme.lines.iter().enumerate().filter(|(_, line)| mask.has(line));
        let least = amount.map_or(1, |amount| down(self.at_least(amount), MICRO)).max(1);
        Ok(Shape::Requires(Requires {
            persons: line.then(|| i128::from(number.unwrap_or(1))),
            money: team.then_some(least),
            lines: lines.map(|(position, _)| position).collect(),
            people_at,
            sites: mask.members[1].clone(),
        }))
    }
}

/// Whether a profession is named, or none is.
fn is_one_of(professions: &[String], profession: &str) -> bool {
    professions.is_empty() || professions.iter().any(|named| named == profession)
}
