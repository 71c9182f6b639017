//! At least a share of what a province can give is allocated: `Σ X[p,·,·] ≥ α · Σₜ b[p,t]`.
//!
//! Whole units: the threshold is rounded up, because a sum of whole units meets one exactly when it
//! meets the other.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, ProvinceId, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str =
    "At least a share of each province's capacity over the horizon is allocated.";

/// Parameters of `budget_use`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetUse {
    /// Share of capacity, 0 to 1.
    share: Ratio,
    /// Which provinces (by `provinces` and `province_groups`).
    #[serde(default)]
    select: Selection,
}

impl BudgetUse {
    /// Each selected province with its threshold.
    fn thresholds(&self, scenario: &Scenario) -> Vec<(ProvinceId, Money)> {
        let selected = self.select.partition(scenario, Per::Province);
        let provinces = selected.scopes().iter().filter_map(|scope| scenario.province(&scope[0]));
        provinces.map(|province| (province, (scenario.budget_total(province) * self.share).ceil())).collect()
    }
}

impl Rule for BudgetUse {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        notes.check_keys(&self.select, &["provinces", "province_groups"]);
        if self.share > Ratio::ONE {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("share = {} asks for more than the whole capacity", self.share),
                "use a share between 0 and 1",
            );
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["share"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        for (province, threshold) in self.thresholds(builder.scenario()) {
            let terms = builder.total_terms(1.0, |line| line.province == province);
            builder.require(Subject::Province(province), "", terms, Bound::AtLeast(threshold.as_f64()));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let paid = plan.group_by(|line| line.province);
        self.thresholds(scenario)
            .into_iter()
            .map(|(province, threshold)| {
                let scope = vec![scenario.provinces[province.0].id.clone()];
                let allocated = paid.get(&province).copied().unwrap_or_default();
                Finding::money(scope, allocated, Relation::AtLeast, threshold)
            })
            .collect()
    }
}
