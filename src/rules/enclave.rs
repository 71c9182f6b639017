//! Enclaves (飞地) serve their home sites: the benefit of an enclave `m`, its money `X[m]`, is shared out by
//! the stated shares `σ[m,s]`, and each home site gets at least an amount: `Σ_m σ[m,s] · X[m] ≥ F`.
//!
//! Shares of an enclave add up to one, so no unit counts twice.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Park, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, Subject, Terms};
use crate::units::{Micro, Money, Ratio};

pub(super) const PURPOSE: &str =
    "The home sites of enclaves get at least an amount of their benefit, by the stated shares.";

/// Parameters of `enclave`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enclave {
    /// The least benefit of each home site over the horizon, counted as the tables count amounts.
    amount: Ratio,
    /// Which home sites, by `sites`, `site_groups`, `regions` and `levels`.
    #[serde(default)]
    select: Selection,
}

/// A site that has a share of a park elsewhere.
fn is_home(park: &Park, site: SiteId) -> bool {
    site != park.host && park.benefits.iter().any(|(other, _)| *other == site)
}

impl Enclave {
    /// The home sites that the rule looks at, each with the parks that it has a share of.
    fn homes<'s>(&self, scenario: &'s Scenario) -> BTreeMap<SiteId, Vec<(&'s Park, Ratio)>> {
        let partition = self.select.partition(scenario, crate::domain::Per::Site);
        let mut homes: BTreeMap<SiteId, Vec<(&Park, Ratio)>> = BTreeMap::new();
        for park in &scenario.parks {
            for &(site, share) in &park.benefits {
                if partition.part_of_site(site).is_some() {
                    homes.entry(site).or_default().push((park, share));
                }
            }
        }
        homes.retain(|site, parks| parks.iter().any(|(park, _)| is_home(park, *site)));
        homes
    }
}

impl Rule for Enclave {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        notes.check_keys(&self.select, &["sites", "site_groups", "regions", "levels"]);
        let homes = self.homes(scenario);
        if homes.is_empty() {
            notes.push(
                Code::NothingToCount,
                "no selected site has a share of an enclave elsewhere",
                "add enclaves to the table parks, or take the rule out",
            );
        }
        let least = scenario.money.at_least(self.amount);
        for (site, parks) in homes {
            let most = parks.iter().map(|(park, share)| park.capacity.map(|most| most * *share));
            if let Some(most) = most.sum::<Option<Micro>>()
                && most < least.micro()
            {
                let id = &scenario.sites[site.0].id;
                notes.push(
                    Code::ThresholdOutOfReach,
                    format!("the capacity of its enclaves gives '{id}' {most} units at most, not {least}"),
                    "lower the amount, leave the site out, or raise capacity or share",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["amount"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let least = scenario.money.at_least(self.amount).as_f64();
        for (site, parks) in self.homes(scenario) {
            let mut terms = Terms::new();
            for (park, share) in parks {
                terms.extend(builder.total_terms(share.as_f64(), |line| park.holds(line.site, line.sector)));
            }
            builder.require(Subject::Site(site), "", terms, Bound::AtLeast(least));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mask = self.select.mask(scenario);
        let least = scenario.money.at_least(self.amount);
        let mut homes: BTreeSet<SiteId> = BTreeSet::new();
        for park in &scenario.parks {
            homes.extend(park.benefits.iter().map(|(site, _)| *site).filter(|site| *site != park.host));
        }
        homes.retain(|site| mask.admits_site(*site));
        let mut benefit: BTreeMap<SiteId, Micro> =
            homes.into_iter().map(|site| (site, Micro::ZERO)).collect();
        for park in &scenario.parks {
            let money: Money = plan.sum(|line| line.site == park.host && park.sectors.contains(&line.sector));
            for (site, share) in &park.benefits {
                if let Some(benefit) = benefit.get_mut(site) {
                    *benefit += money * *share;
                }
            }
        }
        let finding = |(site, benefit): (SiteId, Micro)| {
            let scope = vec![scenario.sites[site.0].id.clone()];
            Finding::exact_money(scope, benefit, Relation::AtLeast, least.micro())
        };
        benefit.into_iter().map(finding).collect()
    }
}
