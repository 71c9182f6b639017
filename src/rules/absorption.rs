//! A site gets no more in a year than it can spend well: `Σ x[·,s,·,t] ≤ a[s,t]`.
//! (Absorption capacity is the term of EU cohesion policy.)

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Rule, yearly};
use crate::domain::{Finding, LineId, Plan, Relation, Scenario, SiteId};
use crate::model::{Bound, Builder, Limits, Subject};
use crate::units::Money;

pub(super) const PURPOSE: &str = "A site gets no more in a year than it can spend well.";

/// Parameters: none; absorption is a column of `sites`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absorption {}

impl Rule for Absorption {
    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for (position, site) in scenario.sites.iter().enumerate() {
            if let Some(all) = site.absorption.iter().copied().sum::<Option<Money>>() {
                limits.limit_site(SiteId(position), all);
            }
        }
        for (position, line) in scenario.lines.iter().enumerate() {
            for (year, most) in scenario.sites[line.site.0].absorption.iter().enumerate() {
                if let Some(most) = most {
                    limits.limit_year(LineId(position), year, *most);
                }
            }
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let [site, year] = ids else { return Vec::new() };
        vec![Dial::cell("sites", [("site_id", site)], yearly("absorption", year))]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let years = scenario.years.len();
        let mut received = vec![Vec::new(); scenario.sites.len() * years];
        for (position, line) in scenario.lines.iter().enumerate() {
            for year in 0..years {
                received[line.site.0 * years + year].push((builder.year(LineId(position), year), 1.0));
            }
        }
        for (s, site) in scenario.sites.iter().enumerate() {
            for (year, most) in site.absorption.iter().enumerate() {
                if let Some(most) = most {
                    let terms = std::mem::take(&mut received[s * years + year]);
                    let subject = Subject::SiteYear(SiteId(s), year);
                    builder.require(subject, "", terms, Bound::AtMost(most.as_f64()));
                }
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut received = vec![vec![Money::ZERO; scenario.years.len()]; scenario.sites.len()];
        for line in plan.lines() {
            for (year, amount) in line.by_year.iter().enumerate() {
                received[line.site.0][year] += *amount;
            }
        }
        for (s, site) in scenario.sites.iter().enumerate() {
            for (year, most) in site.absorption.iter().enumerate() {
                if let Some(most) = most {
                    let scope = vec![site.id.clone(), scenario.years[year].to_string()];
                    findings.push(Finding::money(scope, received[s][year], Relation::AtMost, *most));
                }
            }
        }
        findings
    }
}
