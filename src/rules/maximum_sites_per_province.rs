//! A province works at few sites: `Σₛ z[p,s] ≤ n`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::domain::{Finding, LinkId, Per, Plan, ProvinceId, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject, Terms};

pub(super) const PURPOSE: &str = "A province funds at most so many sites.";

/// Parameters of `maximum_sites_per_province`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumSitesPerProvince {
    /// The most sites.
    number: u32,
    /// Which provinces (by `provinces` and `province_groups`).
    #[serde(default)]
    select: Selection,
}

impl MaximumSitesPerProvince {
    fn provinces(&self, scenario: &Scenario) -> Vec<ProvinceId> {
        let selected = self.select.partition(scenario, Per::Province);
        selected.scopes().iter().filter_map(|scope| scenario.province(&scope[0])).collect()
    }
}

impl Rule for MaximumSitesPerProvince {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        notes.check_keys(&self.select, &["provinces", "province_groups"]);
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let mut links = vec![Vec::new(); scenario.provinces.len()];
        for (position, link) in scenario.links.iter().enumerate() {
            links[link.province.0].push(LinkId(position));
        }
        for province in self.provinces(scenario) {
            if links[province.0].len() > self.number as usize {
                let terms: Terms =
                    links[province.0].iter().map(|&link| (builder.active(link), 1.0)).collect();
                builder.require(
                    Subject::Province(province),
                    "",
                    terms,
                    Bound::AtMost(f64::from(self.number)),
                );
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut sites = vec![BTreeSet::new(); scenario.provinces.len()];
        for line in plan.lines() {
            sites[line.province.0].insert(line.site);
        }
        self.provinces(scenario)
            .into_iter()
            .map(|province| {
                let scope = vec![scenario.provinces[province.0].id.clone()];
                Finding::count(scope, sites[province.0].len(), Relation::AtMost, self.number as usize)
            })
            .collect()
    }
}
