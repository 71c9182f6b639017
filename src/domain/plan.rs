//! A plan: whole units of money by province, site, sector and year, and whole persons by groups of secondees and
//! of posts.

use std::collections::BTreeMap;

use super::{LineId, PostsId, ProvinceId, Scenario, SecondeesId, SectorId, SiteId};
use crate::units::{Micro, Money};

/// Province, site and sector of a line, candidate or not.
pub type LineKey = (ProvinceId, SiteId, SectorId);

/// Money of one line over the years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// Who gives.
    pub province: ProvinceId,
    /// Who receives.
    pub site: SiteId,
    /// For what.
    pub sector: SectorId,
    /// By year, as many as the scenario has.
    pub by_year: Vec<Money>,
}

impl PlanLine {
    /// Who, where, for what.
    pub fn key(&self) -> LineKey {
        (self.province, self.site, self.sector)
    }

    /// Over the horizon.
    pub fn total(&self) -> Money {
        self.by_year.iter().sum()
    }
}

/// Which secondees are placed in which posts.
pub type PlacementKey = (SecondeesId, PostsId);

/// Secondees who are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Who.
    pub secondees: SecondeesId,
    /// Where.
    pub posts: PostsId,
    /// Persons.
    pub number: i64,
}

impl Placement {
    /// Who and where.
    pub fn key(&self) -> PlacementKey {
        (self.secondees, self.posts)
    }
}

/// Whole units by line and year, and placements. It may fund lines and place people that are no candidates: a
/// plan can come from anywhere, and the audit says what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    lines: Vec<PlanLine>,
    placements: Vec<Placement>,
}

impl Plan {
    /// From amounts by line and year. Several amounts on one cell are added up; lines without money are left out.
    pub fn new(
        years: usize,
        amounts: impl IntoIterator<Item = (ProvinceId, SiteId, SectorId, usize, Money)>,
    ) -> Self {
        let mut lines: BTreeMap<(ProvinceId, SiteId, SectorId), Vec<Money>> = BTreeMap::new();
        for (province, site, sector, year, amount) in amounts {
            lines.entry((province, site, sector)).or_insert_with(|| vec![Money::ZERO; years])[year] += amount;
        }
        let lines = lines
            .into_iter()
            .filter(|(_, by_year)| by_year.iter().any(|a| *a != Money::ZERO))
            .map(|((province, site, sector), by_year)| PlanLine { province, site, sector, by_year })
            .collect();
        Self { lines, placements: Vec::new() }
    }

    /// The same with people. Several numbers of one placement are added up; those of nobody are left out.
    #[must_use]
    pub fn with_people(mut self, people: impl IntoIterator<Item = (PlacementKey, i64)>) -> Self {
        let mut placements: BTreeMap<PlacementKey, i64> = BTreeMap::new();
        for (key, number) in people {
            *placements.entry(key).or_default() += number;
        }
        let placed = placements.into_iter().filter(|(_, number)| *number != 0);
        self.placements =
            placed.map(|((secondees, posts), number)| Placement { secondees, posts, number }).collect();
        self
    }

    /// Who is placed where, by secondees and posts.
    pub fn placements(&self) -> &[Placement] {
        &self.placements
    }

    /// From amounts on candidate lines, lines × years.
    pub fn from_candidates(scenario: &Scenario, amounts: &[Vec<i64>]) -> Self {
        Self::new(
            scenario.years.len(),
            scenario.lines.iter().zip(amounts).flat_map(|(line, by_year)| {
                by_year
                    .iter()
                    .enumerate()
                    .map(|(year, &amount)| (line.province, line.site, line.sector, year, Money(amount)))
            }),
        )
    }

    /// Funded lines, by province, site and sector.
    pub fn lines(&self) -> &[PlanLine] {
        &self.lines
    }

    /// All money.
    pub fn total(&self) -> Money {
        self.lines.iter().map(PlanLine::total).sum()
    }

    /// Money of the lines that a test accepts.
    pub fn sum(&self, accept: impl Fn(&PlanLine) -> bool) -> Money {
        self.lines.iter().filter(|line| accept(line)).map(PlanLine::total).sum()
    }

    /// Money of one line, by year; nothing when it is not funded.
    pub fn find(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> Option<&PlanLine> {
        self.lines
            .binary_search_by_key(&(province, site, sector), |l| (l.province, l.site, l.sector))
            .ok()
            .map(|position| &self.lines[position])
    }

    /// Money of a candidate line over the horizon.
    pub fn on(&self, scenario: &Scenario, line: LineId) -> Money {
        let line = &scenario.lines[line.0];
        self.find(line.province, line.site, line.sector).map_or(Money::ZERO, PlanLine::total)
    }

    /// Need that each need's lines cover, by effectiveness, in millionths of a unit; it may be more than is
    /// needed. Money without a pairing or a need covers nothing.
    pub fn covered(&self, scenario: &Scenario) -> Vec<Micro> {
        let mut covered = vec![Micro::ZERO; scenario.needs.len()];
        for line in &self.lines {
            let link = scenario.find_link(line.province, line.site);
            if let (Some(need), Some(link)) = (scenario.find_need(line.site, line.sector), link) {
                covered[need.0] += line.total() * scenario.links[link.0].effectiveness;
            }
        }
        covered
    }

    /// Money by a key of the line.
    pub fn group_by<K: Ord>(&self, key: impl Fn(&PlanLine) -> K) -> BTreeMap<K, Money> {
        let mut groups = BTreeMap::new();
        for line in &self.lines {
            *groups.entry(key(line)).or_insert(Money::ZERO) += line.total();
        }
        groups
    }
}
