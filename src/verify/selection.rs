//! Which lines a rule looks at, from the recorded parameters: the verifier's own reading of selections.

use serde::Deserialize;

use super::input::Input;
use super::programme::{Line, Programme};

/// A selection as a policy writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    provinces: Vec<String>,
    province_groups: Vec<String>,
    sites: Vec<String>,
    site_groups: Vec<String>,
    regions: Vec<String>,
    levels: Vec<String>,
    sectors: Vec<String>,
    sector_groups: Vec<String>,
    industries: Vec<String>,
    except: Option<Box<Selection>>,
}

/// What a rule is repeated for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Once.
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

/// Which provinces, sites and sectors are selected, and what is taken out again.
#[derive(Debug, Clone)]
pub struct Mask {
    /// Provinces, sites, sectors.
    pub members: [Vec<bool>; 3],
    except: Option<Box<Mask>>,
}

/// Whether one of a member's names, or none at all, is asked for.
fn asked(ids: &[String], groups: &[String], id: &String, own: &[String]) -> bool {
    (ids.is_empty() && groups.is_empty())
        || ids.contains(id)
        || groups.iter().any(|group| own.contains(group))
}

impl Selection {
    /// Resolves it.
    pub fn mask(&self, input: &Input) -> Mask {
        let parent =
            |code: &String| input.industries.iter().find(|i| i.id == *code).and_then(|i| i.parent.clone());
        let builds = |code: &Option<String>| {
            let section = code.as_ref().and_then(parent);
            self.industries.is_empty()
                || [code, &section].into_iter().flatten().any(|code| self.industries.contains(code))
        };
        let free = |wanted: &[String], own: &String| wanted.is_empty() || wanted.contains(own);
        let provinces = input.provinces.iter();
        let sites = input.sites.iter().map(|s| {
            asked(&self.sites, &self.site_groups, &s.id, &s.groups)
                && free(&self.regions, &s.region)
                && free(&self.levels, &s.level)
        });
        let sectors = input
            .sectors
            .iter()
            .map(|k| asked(&self.sectors, &self.sector_groups, &k.id, &k.groups) && builds(&k.industry));
        let provinces = provinces.map(|p| asked(&self.provinces, &self.province_groups, &p.id, &p.groups));
        let except = self.except.as_ref().map(|except| Box::new(except.mask(input)));
        let mut mask = Mask { members: [provinces.collect(), sites.collect(), sectors.collect()], except };
        mask.drop_whole_members();
        mask
    }
}

impl Mask {
    /// A member of which `except` leaves nothing is not selected: a rule is not repeated for it.
    fn drop_whole_members(&mut self) {
        let Some(except) = self.except.as_ref().filter(|except| except.except.is_none()) else { return };
        let covers = |kind: usize| {
            self.members[kind].iter().zip(&except.members[kind]).all(|(own, out)| *out || !*own)
        };
        let covered = [covers(0), covers(1), covers(2)];
        for kind in 0..3 {
            if (0..3).all(|other| other == kind || covered[other]) {
                let out = &except.members[kind];
                self.members[kind].iter_mut().zip(out).for_each(|(own, out)| *own &= !out);
            }
        }
    }

    /// Whether it has a line.
    pub fn has(&self, line: &Line) -> bool {
        self.members[0][line.province]
            && self.members[1][line.site]
            && self.members[2][line.sector]
            && !self.except.as_ref().is_some_and(|except| except.has(line))
    }

    /// Whether it has a province and a site, whatever is funded there.
    fn has_link(&self, province: usize, site: usize) -> bool {
        self.members[0][province]
            && self.members[1][site]
            && !self.except.as_ref().is_some_and(|except| except.has_link(province, site))
    }

    /// Whether it has a need, whoever funds it.
    pub fn has_need(&self, site: usize, sector: usize) -> bool {
        self.members[1][site]
            && self.members[2][sector]
            && !self.except.as_ref().is_some_and(|except| except.has_need(site, sector))
    }
}

/// A selection in parts, one for each province, site …: the parts' ids, and the part of each member.
#[derive(Debug, Clone)]
pub struct Parts {
    /// What is selected.
    pub mask: Mask,
    /// The ids of each part, in order; empty for the whole.
    pub scopes: Vec<Vec<String>>,
    per: Per,
    part_of: Vec<Option<usize>>,
}

impl Parts {
    /// Splits a selection.
    pub fn of(selection: &Selection, per: Per, input: &Input) -> Self {
        let mask = selection.mask(input);
        let labels: Vec<&str> = match per {
            Per::All => Vec::new(),
            Per::Province => input.provinces.iter().map(|p| p.id.as_str()).collect(),
            Per::Site => input.sites.iter().map(|s| s.id.as_str()).collect(),
            Per::Region => input.sites.iter().map(|s| s.region.as_str()).collect(),
            Per::Level => input.sites.iter().map(|s| s.level.as_str()).collect(),
            Per::Sector => input.sectors.iter().map(|k| k.id.as_str()).collect(),
        };
        let kind = match per {
            Per::Province => 0,
            Per::Sector => 2,
            Per::All | Per::Site | Per::Region | Per::Level => 1,
        };
        let selected = || labels.iter().zip(&mask.members[kind]);
        let mut names: Vec<&str> = selected().filter(|(_, has)| **has).map(|(label, _)| *label).collect();
        names.sort_unstable();
        names.dedup();
        let part_of = selected().map(|(label, has)| has.then(|| names.binary_search(label).ok()).flatten());
        let part_of = part_of.collect();
        let scopes = match per {
            Per::All => vec![Vec::new()],
            _ => names.into_iter().map(|name| vec![name.to_owned()]).collect(),
        };
        Self { mask, scopes, per, part_of }
    }

    /// The part of a line.
    pub fn part(&self, line: &Line) -> Option<usize> {
        if self.mask.has(line) { self.member(line.province, line.site, line.sector) } else { None }
    }

    /// The part of a need.
    pub fn part_of_need(&self, site: usize, sector: usize) -> Option<usize> {
        if self.mask.has_need(site, sector) { self.member(0, site, sector) } else { None }
    }

    /// The part of a site, where parts are made of sites.
    pub fn part_of_site(&self, site: usize) -> Option<usize> {
        match self.per {
            Per::All => self.mask.members[1][site].then_some(0),
            Per::Site | Per::Region | Per::Level => self.part_of[site],
            Per::Province | Per::Sector => None,
        }
    }

    /// The part of people whom a province has at a site.
    pub fn part_of_link(&self, province: usize, site: usize) -> Option<usize> {
        let has = self.mask.has_link(province, site) && self.per != Per::Sector;
        if has { self.member(province, site, 0) } else { None }
    }

    fn member(&self, province: usize, site: usize, sector: usize) -> Option<usize> {
        match self.per {
            Per::All => Some(0),
            Per::Province => self.part_of[province],
            Per::Sector => self.part_of[sector],
            Per::Site | Per::Region | Per::Level => self.part_of[site],
        }
    }

    /// The lines of each part.
    pub fn lines(&self, programme: &Programme<'_>) -> Vec<Vec<usize>> {
        let mut parts = vec![Vec::new(); self.scopes.len()];
        for (position, line) in programme.lines.iter().enumerate() {
            if let Some(part) = self.part(line) {
                parts[part].push(position);
            }
        }
        parts
    }
}
