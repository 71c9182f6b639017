//! Who and what the ids of `plan.json` stand for, so that a run can be read without its scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{Scenario, Text};

/// The members of a programme, each list by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MembersRecord {
    /// Donors.
    pub provinces: Vec<Member>,
    /// What sites belong to.
    pub regions: Vec<Member>,
    /// Recipients.
    pub sites: Vec<SiteMember>,
    /// Fields of spending.
    pub sectors: Vec<Member>,
    /// Professions of secondees and posts.
    pub professions: Vec<Member>,
}

/// An id and its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    /// Id.
    pub id: String,
    /// Name.
    pub title: Text,
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteMember {
    /// Id.
    pub id: String,
    /// Name.
    pub title: Text,
    /// Id of its region.
    pub region_id: String,
    /// County, prefecture or another word of the programme; empty when not given.
    pub level: String,
    /// Persons.
    pub population: Option<i64>,
}

impl MembersRecord {
    /// Of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let member = |id: &str, name: &Text| Member { id: id.to_owned(), title: name.clone() };
        Self {
            provinces: scenario.provinces.iter().map(|p| member(&p.id, &p.name)).collect(),
            regions: scenario.regions.iter().map(|r| member(&r.id, &r.name)).collect(),
            sites: (scenario.sites.iter())
                .map(|site| SiteMember {
                    id: site.id.clone(),
                    title: site.name.clone(),
                    region_id: scenario.regions[site.region.0].id.clone(),
                    level: site.level.clone(),
                    population: site.population,
                })
                .collect(),
            sectors: scenario.sectors.iter().map(|k| member(&k.id, &k.name)).collect(),
            professions: scenario.talent.professions.iter().map(|p| member(&p.id, &p.name)).collect(),
        }
    }
}
