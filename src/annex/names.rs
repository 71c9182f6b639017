//! Names of ids, and what belongs together.

use std::collections::BTreeMap;

use super::Run;
use crate::domain::Text;
use crate::report::members::Member;

/// Looks names up. An id without a name stands for itself.
#[derive(Debug)]
pub(super) struct Names<'a> {
    provinces: BTreeMap<&'a str, &'a Text>,
    sites: BTreeMap<&'a str, (&'a Text, &'a str)>,
    sectors: BTreeMap<&'a str, &'a Text>,
    regions: BTreeMap<&'a str, &'a Text>,
    professions: BTreeMap<&'a str, &'a Text>,
    industries: BTreeMap<&'a str, &'a Text>,
}

fn by_id(members: &[Member]) -> BTreeMap<&str, &Text> {
    members.iter().map(|member| (member.id.as_str(), &member.title)).collect()
}

fn itself(id: &str) -> Text {
    Text { zh: id.to_owned(), en: id.to_owned() }
}

fn name(of: &BTreeMap<&str, &Text>, id: &str) -> Text {
    of.get(id).map_or_else(|| itself(id), |text| (*text).clone())
}

impl<'a> Names<'a> {
    pub fn of(run: &'a Run) -> Self {
        let members = &run.document.members;
        let sites =
            members.sites.iter().map(|site| (site.id.as_str(), (&site.title, site.region_id.as_str())));
        let industries = run.document.industry.iter().flat_map(|industry| &industry.industries);
        Self {
            provinces: by_id(&members.provinces),
            sites: sites.collect(),
            sectors: by_id(&members.sectors),
            regions: by_id(&members.regions),
            professions: by_id(&members.professions),
            industries: industries.map(|industry| (industry.id.as_str(), &industry.title)).collect(),
        }
    }

    pub fn province(&self, id: &str) -> Text {
        name(&self.provinces, id)
    }

    pub fn site(&self, id: &str) -> Text {
        self.sites.get(id).map_or_else(|| itself(id), |(text, _)| (*text).clone())
    }

    pub fn sector(&self, id: &str) -> Text {
        name(&self.sectors, id)
    }

    pub fn region(&self, id: &str) -> Text {
        name(&self.regions, id)
    }

    pub fn region_of(&self, site: &str) -> Text {
        self.sites.get(site).map_or_else(Text::default, |(_, region)| self.region(region))
    }

    pub fn region_id_of(&self, site: &str) -> &'a str {
        self.sites.get(site).map_or("", |(_, region)| region)
    }

    pub fn profession(&self, id: &str) -> Text {
        name(&self.professions, id)
    }

    pub fn industry(&self, id: &str) -> Text {
        name(&self.industries, id)
    }

    /// Whatever an id of a finding's scope is: a member, a year, or something else that stands for itself.
    pub fn any(&self, id: &str) -> Text {
        let site = self.sites.get(id).map(|(text, _)| *text);
        let others = [&self.provinces, &self.sectors, &self.regions, &self.professions, &self.industries];
        let found = site.or_else(|| others.iter().find_map(|of| of.get(id).copied()));
        found.cloned().unwrap_or_else(|| itself(id))
    }
}
