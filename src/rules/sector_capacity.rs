//! A province gives a sector no more than it can supply well: `Σₛ X[p,s,k] ≤ c[p,k]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Rule};
use crate::domain::{Finding, LineId, Plan, Relation, Scenario};
use crate::model::{Bound, Builder, Limits, Subject};

pub(super) const PURPOSE: &str = "A province gives a sector no more than it can supply well.";

/// Parameters: none; capacities are the table `sector_capacity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectorCapacity {}

impl Rule for SectorCapacity {
    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for (position, line) in scenario.lines.iter().enumerate() {
            if let Some(most) = scenario.sector_capacity.get(&(line.province, line.sector)) {
                limits.limit_total(LineId(position), *most);
            }
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let [province, sector] = ids else { return Vec::new() };
        let row = [("province_id", province.as_str()), ("sector_id", sector)];
        vec![Dial::cell("sector_capacity", row, ["amount".to_owned()])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        for (&(province, sector), most) in &builder.scenario().sector_capacity {
            let terms = builder.total_terms(1.0, |line| line.province == province && line.sector == sector);
            builder.require(
                Subject::ProvinceSector(province, sector),
                "",
                terms,
                Bound::AtMost(most.as_f64()),
            );
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let paid = plan.group_by(|line| (line.province, line.sector));
        scenario
            .sector_capacity
            .iter()
            .map(|(key, most)| {
                let scope =
                    vec![scenario.provinces[key.0.0].id.clone(), scenario.sectors[key.1.0].id.clone()];
                Finding::money(scope, paid.get(key).copied().unwrap_or_default(), Relation::AtMost, *most)
            })
            .collect()
    }
}
