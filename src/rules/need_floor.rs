//! At least a share of the need is met, in all or for each site, sector, region or level:
//! `Σ met ≥ α · Σ n`, where `met[s,k] ≤ Σₚ e[p,s] · X[p,s,k]` and `met[s,k] ≤ n[s,k]`, so that more than
//! is needed in one sector does not stand in for another.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Need, NeedId, Partition, Per, Plan, ProvinceId, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{Micro, Money, Ratio};

pub(super) const PURPOSE: &str = "At least a share of the need is met.";

/// Parameters of `need_floor`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedFloor {
    /// Least share of the need.
    share: Ratio,
    /// What the share is asked of: `all`, `site`, `sector`, `region` or `level`.
    #[serde(default)]
    per: Per,
    /// Which needs (by site, region, level and sector).
    #[serde(default)]
    select: Selection,
}

impl NeedFloor {
    /// Needs belong to sites and sectors, not to provinces: any province stands for all in the lookup.
    fn part(partition: &Partition, need: &Need) -> Option<usize> {
        partition.part(ProvinceId(0), need.site, need.sector)
    }

    fn parts(&self, scenario: &Scenario) -> (Partition, Vec<Vec<NeedId>>) {
        let partition = self.select.partition(scenario, self.per);
        let mut needs = vec![Vec::new(); partition.scopes().len()];
        for (position, need) in scenario.needs.iter().enumerate() {
            if let Some(part) = Self::part(&partition, need) {
                needs[part].push(NeedId(position));
            }
        }
        (partition, needs)
    }
}

impl Rule for NeedFloor {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        let by_province = |key: &&str| matches!(*key, "provinces" | "province_groups");
        if self.per == Per::Province || self.select.keys().iter().any(by_province) {
            notes.push(
                Code::BadPolicy,
                "needs belong to sites and sectors, not to provinces",
                "use per and select with sites, regions, levels and sectors only",
            );
            return;
        }
        if self.share > Ratio::ONE {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("share = {} is more than the whole need", self.share),
                "use a share between 0 and 1",
            );
        }
        let (partition, parts) = self.parts(scenario);
        for (scope, needs) in partition.scopes().iter().zip(parts) {
            let need: Money = needs.iter().map(|n| scenario.needs[n.0].amount).sum();
            // What the provinces that may fund these needs have, each at its best effectiveness.
            let mut givers: BTreeMap<ProvinceId, Ratio> = BTreeMap::new();
            for line in needs.iter().flat_map(|n| &scenario.needs[n.0].lines) {
                let line = &scenario.lines[line.0];
                let best = givers.entry(line.province).or_default();
                *best = (*best).max(scenario.link_of(line).effectiveness);
            }
            let reach: Micro = givers.iter().map(|(p, best)| scenario.budget_total(*p) * *best).sum();
            if need * self.share > reach {
                notes.push(
                    Code::FloorAboveBudget,
                    format!(
                        "{} asks for {} units, and the provinces that may fund it can cover {}",
                        if scope.is_empty() {
                            "the floor".to_owned()
                        } else {
                            format!("the floor of '{}'", scope.join(", "))
                        },
                        (need * self.share).ceil(),
                        reach.floor(),
                    ),
                    "lower the share, or raise capacity or pairings",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["share"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let (partition, parts) = self.parts(scenario);
        for (scope, needs) in partition.scopes().iter().zip(parts) {
            if needs.is_empty() {
                continue;
            }
            let all: Money = needs.iter().map(|n| scenario.needs[n.0].amount).sum();
            let mut floor = Vec::with_capacity(needs.len());
            for id in needs {
                let need = &scenario.needs[id.0];
                let subject = Subject::Need(id);
                let met = builder.column(
                    "met",
                    subject.clone(),
                    ColumnKind::DerivedMoney,
                    0.0,
                    need.amount.as_f64(),
                );
                let mut terms = vec![(met, 1.0)];
                for &line in &need.lines {
                    let effectiveness = scenario.link_of(&scenario.lines[line.0]).effectiveness;
                    terms.push((builder.total(line), -effectiveness.as_f64()));
                }
                builder.define("met", subject, "", terms, Bound::AtMost(0.0));
                floor.push((met, 1.0));
            }
            let threshold = (all * self.share).as_f64();
            builder.require(Subject::Scope(scope.clone()), "", floor, Bound::AtLeast(threshold));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let covered = plan.covered(scenario);
        let (partition, parts) = self.parts(scenario);
        let mut findings = Vec::new();
        for (scope, needs) in partition.scopes().iter().zip(parts) {
            let met = needs.iter().map(|n| covered[n.0].min(scenario.needs[n.0].amount.micro())).sum();
            let all: Money = needs.iter().map(|n| scenario.needs[n.0].amount).sum();
            if !needs.is_empty() {
                findings.push(Finding::exact_money(scope.clone(), met, Relation::AtLeast, all * self.share));
            }
        }
        findings
    }
}
