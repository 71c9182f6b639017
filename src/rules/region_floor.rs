//! Each region gets at least an amount: `Σ X[·,s∈r,·] ≥ F[r]`, one amount for all regions or one for each.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, LineId, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject, Terms};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "Each region gets at least an amount.";

/// Parameters of `region_floor`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionFloor {
    /// Least amount of each region, counted as the tables count amounts.
    #[serde(default)]
    amount: Ratio,
    /// Another least amount for some regions.
    #[serde(default)]
    by_region: BTreeMap<String, Ratio>,
    /// Which money counts, and which regions are looked at.
    #[serde(default)]
    select: Selection,
}

impl RegionFloor {
    /// Each region with its lines and its floor.
    fn parts(&self, scenario: &Scenario) -> Vec<(String, Vec<LineId>, Money)> {
        let partition = self.select.partition(scenario, Per::Region);
        let regions = partition.scopes().iter().map(|scope| scope[0].clone());
        regions
            .zip(partition.lines(scenario))
            .map(|(region, lines)| {
                let floor =
                    scenario.money.at_least(self.by_region.get(&region).copied().unwrap_or(self.amount));
                (region, lines, floor)
            })
            .filter(|(_, _, floor)| *floor > Money::ZERO)
            .collect()
    }
}

impl Rule for RegionFloor {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        for id in self.by_region.keys().filter(|id| scenario.region(id).is_none()) {
            notes.push(
                Code::UnknownSelection,
                format!("by_region names the region '{id}', which the scenario does not have"),
                "use a region of the table sites",
            );
        }
        let parts = self.parts(scenario);
        if parts.is_empty() {
            notes.push(
                Code::NothingToCount,
                "no selected region has a floor",
                "give amount or by_region, or take the rule out",
            );
        }
        for (region, lines, floor) in &parts {
            let givers: BTreeSet<_> = lines.iter().map(|l| scenario.lines[l.0].province).collect();
            let available: Money = givers.into_iter().map(|p| scenario.budget_total(p)).sum();
            if *floor > available {
                notes.push(
                    Code::FloorAboveBudget,
                    format!("region '{region}' asks for {floor} units; the provinces that may fund it have {available}"),
                    "lower the floor, or raise capacity or pairings",
                );
            }
        }
        let all: Money = parts.iter().map(|(_, _, floor)| *floor).sum();
        if all > scenario.budget_sum() {
            notes.push(
                Code::FloorAboveBudget,
                format!(
                    "the floors add up to {all} units; all provinces together have {}",
                    scenario.budget_sum()
                ),
                "lower the floors",
            );
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        match ids.first().filter(|region| self.by_region.contains_key(*region)) {
            Some(region) => vec![Dial::less(&["by_region", region])],
            None => vec![Dial::less(&["amount"])],
        }
    }

    fn build(&self, builder: &mut Builder<'_>) {
        for (region, lines, floor) in self.parts(builder.scenario()) {
            let terms: Terms = lines.iter().map(|&line| (builder.total(line), 1.0)).collect();
            builder.require(Subject::Scope(vec![region]), "", terms, Bound::AtLeast(floor.as_f64()));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let partition = self.select.partition(scenario, Per::Region);
        let money: BTreeMap<_, _> =
            partition.scopes().iter().map(|s| s[0].clone()).zip(partition.money(plan)).collect();
        self.parts(scenario)
            .into_iter()
            .map(|(region, _, floor)| {
                let received = money.get(&region).copied().unwrap_or_default();
                Finding::money(vec![region], received, Relation::AtLeast, floor)
            })
            .collect()
    }
}
