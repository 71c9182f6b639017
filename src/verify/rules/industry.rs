//! Rules on industry: clusters of neighbours, parks and enclaves.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::clusters::{self, Built};
use super::super::exact::{MICRO, down};
use super::super::programme::Line;
use super::super::selection::{Parts, Per, Selection};
use super::{Reader, Shape, Terms, micros, parameters};
use crate::units::Ratio;

parameters! {
    DuplicationOf {
        number: Option<u32>,
        #[serde(default)] by_industry: BTreeMap<String, u32>,
        level: Option<String>,
        #[serde(default)] select: Selection,
    }
    ClusterOf {
        amount: Ratio,
        #[serde(default)] by_industry: BTreeMap<String, Ratio>,
        level: Option<String>,
        #[serde(default)] select: Selection,
    }
    ParkShareOf {
        share: Ratio,
        kinds: Option<Vec<String>>,
        #[serde(default)] of: Selection,
        #[serde(default)] per: Per,
    }
    EnclaveOf { amount: Ratio, #[serde(default)] select: Selection, }
}

impl Reader<'_> {
    pub(super) fn no_duplication(&mut self) -> Result<Shape, String> {
        let DuplicationOf { number, by_industry, level, select } = parameters(self.rule)?;
        let mask = select.mask(self.programme.input);
        let built = clusters::built(self.programme, &mask, self.by_section(level.as_deref())?)?;
        let most = |built: &Built| i128::from(number_of(&by_industry, built, number.unwrap_or(1)));
        Ok(Shape::Sites(built.into_iter().map(|built| (most(&built), built)).collect()))
    }

    pub(super) fn cluster_minimum(&mut self) -> Result<Shape, String> {
        let ClusterOf { amount, by_industry, level, select } = parameters(self.rule)?;
        let mask = select.mask(self.programme.input);
        let built = clusters::built(self.programme, &mask, self.by_section(level.as_deref())?)?;
        let least = |built: &Built| down(self.at_least(number_of(&by_industry, built, amount)), MICRO);
        Ok(Shape::Together(built.into_iter().map(|built| (least(&built), built)).collect()))
    }

    pub(super) fn by_section(&self, level: Option<&str>) -> Result<bool, String> {
        match level {
            None | Some("division") => Ok(false),
            Some("section") => Ok(true),
            Some(other) => Err(format!("input: rule {}: level = \"{other}\" is not known", self.rule.id)),
        }
    }

    pub(super) fn park_share(&mut self) -> Result<Shape, String> {
        let ParkShareOf { share, kinds, of, per } = parameters(self.rule)?;
        let programme = self.programme;
        let sector = |line: &Line| &programme.input.sectors[line.sector];
        let counts = |line: &Line| {
            programme.input.parks.iter().any(|park| {
                kinds.as_ref().is_none_or(|kinds| kinds.contains(&park.kind))
                    && park.host == programme.input.sites[line.site].id
                    && park.sectors.contains(&sector(line).id)
            })
        };
        let parts = Parts::of(&of, per, programme.input);
        for (scope, lines) in parts.scopes.iter().zip(parts.lines(programme)) {
            let industry =
                lines.into_iter().filter(|&line| sector(&programme.lines[line]).industry.is_some());
            let factor = |line: usize| if counts(&programme.lines[line]) { MICRO } else { 0 } - micros(share);
            let terms = Terms::Totals(industry.map(|line| (line, factor(line))).collect());
            self.push(scope.clone(), "", terms, true, 0);
        }
        Ok(Shape::Rows)
    }

    pub(super) fn enclave(&mut self) -> Result<Shape, String> {
        let EnclaveOf { amount, select } = parameters(self.rule)?;
        let (programme, mask) = (self.programme, select.mask(self.programme.input));
        for (position, site) in programme.input.sites.iter().enumerate().filter(|(s, _)| mask.members[1][*s])
        {
            let parks = programme.input.parks.iter();
            let shares: Vec<_> = parks
                .flat_map(|park| park.benefits.iter().map(move |(of, share)| (park, of, *share)))
                .filter(|(_, of, _)| **of == site.id)
                .collect();
            if shares.iter().all(|(park, ..)| park.host == programme.input.sites[position].id) {
                continue;
            }
            let mut terms = Vec::new();
            for (park, _, share) in shares {
                let host = programme.site(&park.host)?;
                let inside = |line: &Line| {
                    line.site == host && park.sectors.contains(&programme.input.sectors[line.sector].id)
                };
                let lines = programme.lines.iter().enumerate().filter(|(_, line)| inside(line));
                terms.extend(lines.map(|(line, _)| (line, i128::from(share))));
            }
            let least = self.at_least(amount);
            self.push(vec![site.id.clone()], "", Terms::Totals(terms), true, least);
        }
        Ok(Shape::Rows)
    }
}

/// The number of an industry: its own, else its section's, else the one for all.
fn number_of<T: Copy>(numbers: &BTreeMap<String, T>, built: &Built, all: T) -> T {
    let section = || built.section.as_ref().and_then(|section| numbers.get(section));
    built.of.first().and_then(|own| numbers.get(own)).or_else(section).copied().unwrap_or(all)
}
