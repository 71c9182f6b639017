//! What is built where: industries in two levels, which sites are neighbours, and parks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IndustryId, Scenario, SectorId, SiteId, Text};
use crate::units::{Money, Ratio};

/// An industry of a classification in two levels, such as NACE or GB/T 4754.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    /// Its code.
    pub id: String,
    /// Name.
    pub name: Text,
    /// The section (门类) of a division (大类); `None` is a section, or a code without a known section.
    pub parent: Option<IndustryId>,
}

/// How finely industries are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndustryLevel {
    /// As the sectors are coded.
    #[default]
    Division,
    /// All divisions of a section are one industry.
    Section,
}

/// What a park is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParkKind {
    /// Donor and host build it together (合作共建园区).
    Joint,
    /// A park that shows how (示范园区).
    Demonstration,
    /// Other sites' industry on the ground of the host, who share its benefits (飞地).
    Enclave,
}

/// A designated park. What the host builds in the admitted sectors is built in the park.
#[derive(Debug, Clone)]
pub struct Park {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// What it is.
    pub kind: ParkKind,
    /// Where it is.
    pub host: SiteId,
    /// The sectors that it admits, ascending; no two parks of a host admit the same one.
    pub sectors: Vec<SectorId>,
    /// The most money over the horizon; `None` is no limit.
    pub capacity: Option<Money>,
    /// Whose benefit it is: shares that add up to one, by site; empty where all is the host's.
    pub benefits: Vec<(SiteId, Ratio)>,
}

impl Park {
    /// Whether a line of this site and sector is in the park.
    pub fn holds(&self, site: SiteId, sector: SectorId) -> bool {
        self.host == site && self.sectors.binary_search(&sector).is_ok()
    }
}

impl Scenario {
    /// An industry by its code.
    pub fn industry(&self, id: &str) -> Option<IndustryId> {
        self.industries.binary_search_by(|industry| industry.id.as_str().cmp(id)).ok().map(IndustryId)
    }

    /// The industry of a sector at a level; `None` for sectors that are no industry.
    pub fn industry_of(&self, sector: SectorId, level: IndustryLevel) -> Option<IndustryId> {
        let own = self.sectors[sector.0].industry?;
        Some(match level {
            IndustryLevel::Division => own,
            IndustryLevel::Section => self.industries[own.0].parent.unwrap_or(own),
        })
    }

    /// Whether an industry is another, or a division of it.
    pub fn belongs_to(&self, industry: IndustryId, other: IndustryId) -> bool {
        industry == other || self.industries[industry.0].parent == Some(other)
    }

    /// The park in which a line of this site and sector is.
    pub fn park_at(&self, site: SiteId, sector: SectorId) -> Option<&Park> {
        self.parks.iter().find(|park| park.holds(site, sector))
    }
}
