//! No site's money a person is far from the mean: `(1−δ)·μ ≤ X[s]/pop[s] ≤ (1+ε)·μ`, with
//! `μ = Σ X / Σ pop` over the selected sites that have a population.
//!
//! Multiplied by population the rule is linear: `X[s] − (1−δ)·(pop[s]/Σ pop)·ΣX ≥ 0`. One column holds
//! `ΣX`, so the rows stay short.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, LineId, Measure, Per, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{MICRO, Money, Ratio};

pub(super) const PURPOSE: &str = "Each site's money a person stays within a band around the mean.";

/// Parameters of `equity_band`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EquityBand {
    /// How far below the mean a site may be, as a share of the mean (0.3: at least 70% of it).
    below: Option<Ratio>,
    /// How far above the mean a site may be, as a share of the mean.
    above: Option<Ratio>,
    /// Which money counts, and which sites are looked at.
    #[serde(default)]
    select: Selection,
}

impl EquityBand {
    /// Factors of the mean: least and largest.
    fn factors(&self) -> [(Option<Ratio>, Relation); 2] {
        let below = self.below.map(|below| Ratio::from_micros((MICRO - below.micros()).max(0)));
        let above = self.above.map(|above| Ratio::from_micros(MICRO + above.micros()));
        [(below, Relation::AtLeast), (above, Relation::AtMost)]
    }

    /// The selected sites that have a population, with their people and their lines.
    fn sites(&self, scenario: &Scenario) -> Vec<(SiteId, i64, Vec<LineId>)> {
        let partition = self.select.partition(scenario, Per::Site);
        let sites = partition.scopes().iter().zip(partition.lines(scenario));
        sites
            .filter_map(|(scope, lines)| {
                let site = scenario.site(&scope[0])?;
                let people = scenario.sites[site.0].population.filter(|people| *people > 0)?;
                Some((site, people, lines))
            })
            .collect()
    }
}

impl Rule for EquityBand {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        if self.below.is_none() && self.above.is_none() {
            notes.push(
                Code::ThresholdHasNoEffect,
                "neither below nor above is given",
                "give below, above or both",
            );
        }
        let sites = self.sites(scenario);
        if sites.is_empty() {
            notes.push(
                Code::NothingToCount,
                "no selected site has a population",
                "fill the column population of sites, or take the rule out",
            );
        }
        if self.below.is_some_and(|below| below < Ratio::ONE) {
            for (site, ..) in sites.iter().filter(|(.., lines)| lines.is_empty()) {
                notes.push(
                    Code::ThresholdOutOfReach,
                    format!(
                        "site '{}' has no candidate line, so it cannot be near the mean",
                        scenario.sites[site.0].id
                    ),
                    "leave it out with select.except, or give it a pairing",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], part: &str) -> Vec<Dial> {
        vec![if part == "lower" { Dial::more_up_to_one(&["below"]) } else { Dial::more(&["above"]) }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let sites = self.sites(builder.scenario());
        let people: i64 = sites.iter().map(|(_, people, _)| people).sum();
        if sites.is_empty() {
            return;
        }
        let all = builder.column("money", Subject::All, ColumnKind::DerivedMoney, 0.0, f64::INFINITY);
        let mut sum: Vec<_> =
            sites.iter().flat_map(|(.., lines)| lines).map(|&line| (builder.total(line), 1.0)).collect();
        sum.push((all, -1.0));
        builder.define("money", Subject::All, "", sum, Bound::Exactly(0.0));
        for (site, population, lines) in sites {
            for (factor, relation) in self.factors() {
                let Some(factor) = factor else { continue };
                let mut terms: Vec<_> = lines.iter().map(|&line| (builder.total(line), 1.0)).collect();
                terms.push((all, -factor.as_f64() * population as f64 / people as f64));
                let (part, bound) = match relation {
                    Relation::AtLeast => ("lower", Bound::AtLeast(0.0)),
                    Relation::AtMost => ("upper", Bound::AtMost(0.0)),
                };
                builder.require(Subject::Site(site), part, terms, bound);
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mask = self.select.mask(scenario);
        let mut money = vec![Money::ZERO; scenario.sites.len()];
        for line in plan.lines().iter().filter(|line| mask.admits_plan_line(line)) {
            money[line.site.0] += line.total();
        }
        let sites = self.sites(scenario);
        let all_money: Money = sites.iter().map(|(site, ..)| money[site.0]).sum();
        let all_population = sites.iter().map(|(_, people, _)| people).sum();
        let mut findings = Vec::new();
        for (site, population, _) in sites {
            for (threshold, relation) in self.factors() {
                let Some(threshold) = threshold else { continue };
                let (money, all_money) = (money[site.0].micro(), all_money.micro());
                let measure = Measure::Parity { money, population, all_money, all_population, threshold };
                let scope = vec![scenario.sites[site.0].id.clone()];
                findings.push(Finding::of(scope, measure, relation));
            }
        }
        findings
    }
}
