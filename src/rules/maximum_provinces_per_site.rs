//! A site deals with few provinces: `Σₚ z[p,s] ≤ n`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::domain::{Finding, LinkId, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, Subject, Terms};

pub(super) const PURPOSE: &str = "A site is funded by at most so many provinces.";

/// Parameters of `maximum_provinces_per_site`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumProvincesPerSite {
    /// The most provinces.
    number: u32,
    /// Which sites (by `sites`, `site_groups`, `regions` and `levels`).
    #[serde(default)]
    select: Selection,
}

impl MaximumProvincesPerSite {
    fn sites(&self, scenario: &Scenario) -> Vec<SiteId> {
        let selected = self.select.partition(scenario, crate::domain::Per::Site);
        selected.scopes().iter().filter_map(|scope| scenario.site(&scope[0])).collect()
    }
}

impl Rule for MaximumProvincesPerSite {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        notes.check_keys(&self.select, &["sites", "site_groups", "regions", "levels"]);
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let mut links = vec![Vec::new(); scenario.sites.len()];
        for (position, link) in scenario.links.iter().enumerate() {
            links[link.site.0].push(LinkId(position));
        }
        for site in self.sites(scenario) {
            if links[site.0].len() > self.number as usize {
                let terms: Terms = links[site.0].iter().map(|&link| (builder.active(link), 1.0)).collect();
                builder.require(Subject::Site(site), "", terms, Bound::AtMost(f64::from(self.number)));
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut provinces = vec![BTreeSet::new(); scenario.sites.len()];
        for line in plan.lines() {
            provinces[line.site.0].insert(line.province);
        }
        self.sites(scenario)
            .into_iter()
            .map(|site| {
                let scope = vec![scenario.sites[site.0].id.clone()];
                Finding::count(scope, provinces[site.0].len(), Relation::AtMost, self.number as usize)
            })
            .collect()
    }
}
