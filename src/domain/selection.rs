//! Which lines a rule looks at: by province, site, region, level, sector and industry, by id or by group.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Line, LineId, Named, Plan, PlanLine, ProvinceId, Scenario, SectorId, SiteId};
use crate::units::Money;

/// A set of lines. An empty list admits everything. Ids and groups of one kind are united
/// (`sectors` with `sector_groups`); the kinds are intersected; then `except` is taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Province ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provinces: Vec<String>,
    /// Groups of provinces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub province_groups: Vec<String>,
    /// Site ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    /// Groups of sites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub site_groups: Vec<String>,
    /// Region ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Levels of sites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// Sector ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<String>,
    /// Groups of sectors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sector_groups: Vec<String>,
    /// Codes of industries; a section stands for its divisions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub industries: Vec<String>,
    /// Lines taken out again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<Box<Selection>>,
}

/// What a rule is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Once, for the whole programme.
    #[default]
    All,
    /// For each province.
    Province,
    /// For each site.
    Site,
    /// For each region.
    Region,
    /// For each level of sites.
    Level,
    /// For each sector.
    Sector,
}

/// A compiled selection: one mark for each province, site and sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    provinces: Vec<bool>,
    sites: Vec<bool>,
    sectors: Vec<bool>,
    except: Option<Box<Mask>>,
}

/// A selection split by [`Per`] into disjoint parts, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    mask: Mask,
    per: Per,
    /// Part of each province, site or sector, by what the selection is split.
    part_of: Vec<Option<usize>>,
    scopes: Vec<Vec<String>>,
}

fn by_id_or_group<T: Named>(members: &[T], ids: &[String], groups: &[String]) -> Vec<bool> {
    let everything = ids.is_empty() && groups.is_empty();
    members
        .iter()
        .map(|member| {
            everything
                || ids.iter().any(|id| id == member.id())
                || groups.iter().any(|group| member.groups().contains(group))
        })
        .collect()
}

fn unknown(
    kind: &'static str,
    names: &[String],
    known: impl Fn(&str) -> bool,
) -> impl Iterator<Item = String> {
    names
        .iter()
        .filter(|name| !known(name))
        .map(|name| format!("{kind} '{name}'"))
        .collect::<Vec<_>>()
        .into_iter()
}

impl Selection {
    /// Compiles it. Names that the scenario does not have select nothing; see [`Self::unknown_names`].
    pub fn mask(&self, scenario: &Scenario) -> Mask {
        let mut sites = by_id_or_group(&scenario.sites, &self.sites, &self.site_groups);
        for (admitted, site) in sites.iter_mut().zip(&scenario.sites) {
            let region = &scenario.regions[site.region.0].id;
            *admitted &= (self.regions.is_empty() || self.regions.contains(region))
                && (self.levels.is_empty() || self.levels.contains(&site.level));
        }
        let mut sectors = by_id_or_group(&scenario.sectors, &self.sectors, &self.sector_groups);
        let industries: Vec<_> = self.industries.iter().filter_map(|id| scenario.industry(id)).collect();
        for (admitted, sector) in sectors.iter_mut().zip(&scenario.sectors) {
            *admitted &= self.industries.is_empty()
                || sector
                    .industry
                    .is_some_and(|own| industries.iter().any(|other| scenario.belongs_to(own, *other)));
        }
        let mut mask = Mask {
            provinces: by_id_or_group(&scenario.provinces, &self.provinces, &self.province_groups),
            sites,
            sectors,
            except: self.except.as_ref().map(|except| Box::new(except.mask(scenario))),
        };
        mask.drop_whole_members();
        mask
    }

    /// By what it chooses, in itself or in what it takes out: its keys that are not empty.
    pub fn keys(&self) -> BTreeSet<&'static str> {
        let own = [
            ("provinces", &self.provinces),
            ("province_groups", &self.province_groups),
            ("sites", &self.sites),
            ("site_groups", &self.site_groups),
            ("regions", &self.regions),
            ("levels", &self.levels),
            ("sectors", &self.sectors),
            ("sector_groups", &self.sector_groups),
            ("industries", &self.industries),
        ];
        let own = own.into_iter().filter(|(_, names)| !names.is_empty()).map(|(key, _)| key);
        own.chain(self.except.iter().flat_map(|except| except.keys())).collect()
    }

    /// The names in it that the scenario does not have, each with its kind.
    pub fn unknown_names(&self, scenario: &Scenario) -> Vec<String> {
        fn has_group<T: Named>(members: &[T], group: &str) -> bool {
            members.iter().any(|member| member.groups().iter().any(|g| g == group))
        }
        let mut names: Vec<String> =
            unknown("province", &self.provinces, |id| scenario.province(id).is_some())
                .chain(unknown("province group", &self.province_groups, |g| {
                    has_group(&scenario.provinces, g)
                }))
                .chain(unknown("site", &self.sites, |id| scenario.site(id).is_some()))
                .chain(unknown("site group", &self.site_groups, |g| has_group(&scenario.sites, g)))
                .chain(unknown("region", &self.regions, |id| scenario.region(id).is_some()))
                .chain(unknown("level", &self.levels, |level| {
                    scenario.sites.iter().any(|s| s.level == level)
                }))
                .chain(unknown("sector", &self.sectors, |id| scenario.sector(id).is_some()))
                .chain(unknown("sector group", &self.sector_groups, |g| has_group(&scenario.sectors, g)))
                .chain(unknown("industry", &self.industries, |id| scenario.industry(id).is_some()))
                .collect();
        if let Some(except) = &self.except {
            names.extend(except.unknown_names(scenario));
        }
        names
    }

    /// Splits it: one part for each province, site … that it admits, in the order of their ids.
    pub fn partition(&self, scenario: &Scenario, per: Per) -> Partition {
        let mask = self.mask(scenario);
        let level = |site: &super::Site| Some(site.level.clone());
        let (labels, admitted): (Vec<Option<String>>, &[bool]) = match per {
            Per::All => (vec![None], &[true]),
            Per::Province => (ids(&scenario.provinces), &mask.provinces),
            Per::Site => (ids(&scenario.sites), &mask.sites),
            Per::Sector => (ids(&scenario.sectors), &mask.sectors),
            Per::Level => (scenario.sites.iter().map(level).collect(), &mask.sites),
            Per::Region => {
                let region = |site: &super::Site| Some(scenario.regions[site.region.0].id.clone());
                (scenario.sites.iter().map(region).collect(), &mask.sites)
            }
        };
        let mut names: Vec<Option<String>> = labels
            .iter()
            .zip(admitted)
            .filter(|(_, admitted)| **admitted)
            .map(|(label, _)| label.clone())
            .collect();
        names.sort();
        names.dedup();
        let part_of = labels
            .iter()
            .zip(admitted)
            .map(|(label, admitted)| admitted.then(|| names.binary_search(label).ok()).flatten())
            .collect();
        let scopes = names.into_iter().map(|name| name.into_iter().collect()).collect();
        Partition { mask, per, part_of, scopes }
    }
}

fn ids<T: Named>(members: &[T]) -> Vec<Option<String>> {
    members.iter().map(|member| Some(member.id().to_owned())).collect()
}

impl Partition {
    /// The ids of each part; empty for the whole programme.
    pub fn scopes(&self) -> &[Vec<String>] {
        &self.scopes
    }

    /// The part of a line, if the selection admits it.
    pub fn part(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> Option<usize> {
        if !self.mask.admits(province, site, sector) {
            return None;
        }
        match self.per {
            Per::All => Some(0),
            Per::Province => self.part_of[province.0],
            Per::Sector => self.part_of[sector.0],
            Per::Site | Per::Region | Per::Level => self.part_of[site.0],
        }
    }

    /// The part of a site, whatever provinces and sectors are selected with it. `None` where the parts
    /// are not made of sites.
    pub fn part_of_site(&self, site: SiteId) -> Option<usize> {
        match self.per {
            Per::All => self.mask.sites[site.0].then_some(0),
            Per::Site | Per::Region | Per::Level => self.part_of[site.0],
            Per::Province | Per::Sector => None,
        }
    }

    /// The part of a province and a site, whatever sectors are selected with them. `None` where the parts are
    /// made of sectors.
    pub fn part_of_link(&self, province: ProvinceId, site: SiteId) -> Option<usize> {
        if !self.mask.admits_link(province, site) {
            return None;
        }
        match self.per {
            Per::All => Some(0),
            Per::Province => self.part_of[province.0],
            Per::Site | Per::Region | Per::Level => self.part_of[site.0],
            Per::Sector => None,
        }
    }

    /// Candidate lines of each part.
    pub fn lines(&self, scenario: &Scenario) -> Vec<Vec<LineId>> {
        let mut parts = vec![Vec::new(); self.scopes.len()];
        for (position, line) in scenario.lines.iter().enumerate() {
            if let Some(part) = self.part(line.province, line.site, line.sector) {
                parts[part].push(LineId(position));
            }
        }
        parts
    }

    /// A plan's money in each part.
    pub fn money(&self, plan: &Plan) -> Vec<Money> {
        let mut parts = vec![Money::ZERO; self.scopes.len()];
        for line in plan.lines() {
            if let Some(part) = self.part(line.province, line.site, line.sector) {
                parts[part] += line.total();
            }
        }
        parts
    }
}

impl Mask {
    /// Takes out the provinces, sites and sectors of which `except` leaves no line, so that a rule that is
    /// repeated for each of them passes over those.
    fn drop_whole_members(&mut self) {
        let Some(except) = self.except.as_ref().filter(|except| except.except.is_none()) else { return };
        let covers = |mine: &[bool], theirs: &[bool]| mine.iter().zip(theirs).all(|(m, t)| *t || !*m);
        let provinces = covers(&self.provinces, &except.provinces);
        let sites = covers(&self.sites, &except.sites);
        let sectors = covers(&self.sectors, &except.sectors);
        for (whole, mine, theirs) in [
            (sites && sectors, &mut self.provinces, &except.provinces),
            (provinces && sectors, &mut self.sites, &except.sites),
            (provinces && sites, &mut self.sectors, &except.sectors),
        ] {
            mine.iter_mut().zip(theirs).filter(|_| whole).for_each(|(mine, theirs)| *mine &= !theirs);
        }
    }

    /// Whether it admits a line.
    pub fn admits(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> bool {
        self.provinces[province.0]
            && self.sites[site.0]
            && self.sectors[sector.0]
            && !self.except.as_ref().is_some_and(|except| except.admits(province, site, sector))
    }

    /// Whether it admits a province and a site, whatever sectors are selected with them.
    pub fn admits_link(&self, province: ProvinceId, site: SiteId) -> bool {
        self.provinces[province.0]
            && self.sites[site.0]
            && !self.except.as_ref().is_some_and(|except| except.admits_link(province, site))
    }

    /// Whether it admits a site, whatever provinces and sectors are selected with it.
    pub fn admits_site(&self, site: SiteId) -> bool {
        self.sites[site.0]
    }

    /// Whether it admits a need, whoever funds it.
    pub fn admits_need(&self, need: &super::Need) -> bool {
        self.sites[need.site.0]
            && self.sectors[need.sector.0]
            && !self.except.as_ref().is_some_and(|except| except.admits_need(need))
    }

    /// Whether it admits a candidate line.
    pub fn admits_line(&self, line: &Line) -> bool {
        self.admits(line.province, line.site, line.sector)
    }

    /// Whether it admits a line of a plan.
    pub fn admits_plan_line(&self, line: &PlanLine) -> bool {
        self.admits(line.province, line.site, line.sector)
    }
}
