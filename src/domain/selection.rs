//! Which lines a rule looks at: by province, site, region, level and sector, by id or by group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Line, Named, PlanLine, ProvinceId, Scenario, SectorId, SiteId};

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

/// One member of a partition by [`Per`]: its ids and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is about; empty for the whole programme.
    pub scope: Vec<String>,
    mask: Mask,
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

fn unknown<'a>(
    kind: &'static str,
    names: &'a [String],
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
    /// Whether it admits every line.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Compiles it. Names that the scenario does not have select nothing; see [`Self::unknown_names`].
    pub fn mask(&self, scenario: &Scenario) -> Mask {
        let mut sites = by_id_or_group(&scenario.sites, &self.sites, &self.site_groups);
        for (admitted, site) in sites.iter_mut().zip(&scenario.sites) {
            let region = &scenario.regions[site.region.0].id;
            *admitted &= (self.regions.is_empty() || self.regions.contains(region))
                && (self.levels.is_empty() || self.levels.contains(&site.level));
        }
        Mask {
            provinces: by_id_or_group(&scenario.provinces, &self.provinces, &self.province_groups),
            sites,
            sectors: by_id_or_group(&scenario.sectors, &self.sectors, &self.sector_groups),
            except: self.except.as_ref().map(|except| Box::new(except.mask(scenario))),
        }
    }

    /// The names in it that the scenario does not have, each with its kind.
    pub fn unknown_names(&self, scenario: &Scenario) -> Vec<String> {
        fn has_group<T: Named>(members: &[T], group: &str) -> bool {
            members.iter().any(|member| member.groups().iter().any(|g| g == group))
        }
        let mut names: Vec<String> = unknown("province", &self.provinces, |id| scenario.province(id).is_some())
            .chain(unknown("province group", &self.province_groups, |g| has_group(&scenario.provinces, g)))
            .chain(unknown("site", &self.sites, |id| scenario.site(id).is_some()))
            .chain(unknown("site group", &self.site_groups, |g| has_group(&scenario.sites, g)))
            .chain(unknown("region", &self.regions, |id| scenario.region(id).is_some()))
            .chain(unknown("level", &self.levels, |level| scenario.sites.iter().any(|s| s.level == level)))
            .chain(unknown("sector", &self.sectors, |id| scenario.sector(id).is_some()))
            .chain(unknown("sector group", &self.sector_groups, |g| has_group(&scenario.sectors, g)))
            .collect();
        if let Some(except) = &self.except {
            names.extend(except.unknown_names(scenario));
        }
        names
    }

    /// Splits it: one part for each province, site … that it admits, in the order of their ids.
    pub fn parts(&self, scenario: &Scenario, per: Per) -> Vec<Part> {
        let mask = self.mask(scenario);
        let only = |index: usize, length: usize| (0..length).map(|i| i == index).collect::<Vec<_>>();
        let admitted = |marks: &[bool]| (0..marks.len()).filter(|&i| marks[i]).collect::<Vec<_>>();
        let by_site = |scope: &str, keep: &dyn Fn(usize) -> bool| {
            let sites: Vec<bool> = (0..scenario.sites.len()).map(|s| mask.sites[s] && keep(s)).collect();
            let part = Part { scope: vec![scope.to_owned()], mask: Mask { sites: sites.clone(), ..mask.clone() } };
            sites.contains(&true).then_some(part)
        };
        match per {
            Per::All => vec![Part { scope: Vec::new(), mask }],
            Per::Province => admitted(&mask.provinces)
                .into_iter()
                .map(|p| Part {
                    scope: vec![scenario.provinces[p].id.clone()],
                    mask: Mask { provinces: only(p, scenario.provinces.len()), ..mask.clone() },
                })
                .collect(),
            Per::Sector => admitted(&mask.sectors)
                .into_iter()
                .map(|k| Part {
                    scope: vec![scenario.sectors[k].id.clone()],
                    mask: Mask { sectors: only(k, scenario.sectors.len()), ..mask.clone() },
                })
                .collect(),
            Per::Site => (0..scenario.sites.len())
                .filter_map(|s| by_site(&scenario.sites[s].id, &|other| other == s))
                .collect(),
            Per::Region => (0..scenario.regions.len())
                .filter_map(|r| by_site(&scenario.regions[r].id, &|s| scenario.sites[s].region.0 == r))
                .collect(),
            Per::Level => {
                let mut levels: Vec<&str> = scenario.sites.iter().map(|s| s.level.as_str()).collect();
                levels.sort_unstable();
                levels.dedup();
                levels
                    .into_iter()
                    .filter_map(|level| by_site(level, &|s| scenario.sites[s].level == level))
                    .collect()
            }
        }
    }
}

impl Mask {
    /// Whether it admits a line.
    pub fn admits(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> bool {
        self.provinces[province.0]
            && self.sites[site.0]
            && self.sectors[sector.0]
            && !self.except.as_ref().is_some_and(|except| except.admits(province, site, sector))
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

impl std::ops::Deref for Part {
    type Target = Mask;
    fn deref(&self) -> &Mask {
        &self.mask
    }
}
