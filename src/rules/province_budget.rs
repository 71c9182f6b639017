//! A province pays no more in a year than its capacity and what it carried over.
//!
//! With `b[p,t]` the capacity and `κ[p]` the share of unspent capacity that the next year may use:
//!
//! ```text
//! Σ x[p,·,·,t] ≤ b[p,t] + c[p,t−1] + o[p,t]                      c[p,t] whole units carried out of year t
//! c[p,t] ≤ κ[p] · (b[p,t] + c[p,t−1] + o[p,t] − Σ x[p,·,·,t])    c[p,−1] = 0
//! ```
//!
//! Where the rule is soft, `o[p,t]` is what is overspent, and then nothing is carried over; else it is 0.
//! The check carries over as much as it may, which is best for the plan: whole units, rounded down.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Rule, yearly};
use crate::domain::{Finding, LineId, Plan, ProvinceId, Relation, Scenario};
use crate::model::{Bound, Builder, ColumnId, ColumnKind, Limits, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str =
    "A province pays no more in a year than its capacity and what it carried over.";

/// Parameters: none; capacity and carry-over are columns of `provinces`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvinceBudget {}

impl Rule for ProvinceBudget {
    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for (position, line) in scenario.lines.iter().enumerate() {
            let id = LineId(position);
            let mut available = Money::ZERO;
            for year in 0..scenario.years.len() {
                let carried = available.share_floor(scenario.provinces[line.province.0].carry_over);
                available = scenario.budget(line.province, year) + carried;
                limits.limit_year(id, year, available);
            }
            limits.limit_total(id, scenario.budget_total(line.province));
        }
        for province in (0..scenario.provinces.len()).map(ProvinceId) {
            limits.limit_province(province, scenario.budget_total(province));
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let [province, year] = ids else { return Vec::new() };
        let [of_year, of_all] = yearly("capacity", year);
        vec![Dial::cell("provinces", [("province_id", province)], [of_year, of_all, "rate".to_owned()])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let years = scenario.years.len();
        // One pass over the lines, not one for each province and year.
        let mut paid = vec![Vec::new(); scenario.provinces.len() * years];
        for (position, line) in scenario.lines.iter().enumerate() {
            for year in 0..years {
                paid[line.province.0 * years + year].push((builder.year(LineId(position), year), 1.0));
            }
        }
        for (p, province) in scenario.provinces.iter().enumerate() {
            let mut carried: Option<ColumnId> = None;
            // The most that can be there in a year: all of it so far, and nothing spent.
            let mut available = 0.0;
            for year in 0..years {
                let subject = Subject::ProvinceYear(ProvinceId(p), year);
                let budget = scenario.budget(ProvinceId(p), year).as_f64();
                let mut terms = std::mem::take(&mut paid[p * years + year]);
                terms.extend(carried.map(|column| (column, -1.0)));
                let over = builder.require(subject.clone(), "", terms.clone(), Bound::AtMost(budget));
                if province.carry_over > Ratio::ZERO && year + 1 < years {
                    let kappa = province.carry_over.as_f64();
                    available = kappa * (available + budget);
                    let most = if over.is_empty() { available } else { f64::INFINITY };
                    let next = builder.column("carried", subject.clone(), ColumnKind::Money, 0.0, most);
                    let mut carry: Vec<_> =
                        terms.into_iter().chain(over).map(|(column, sign)| (column, kappa * sign)).collect();
                    carry.push((next, 1.0));
                    builder.define("carried", subject, "", carry, Bound::AtMost(kappa * budget));
                    carried = Some(next);
                }
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let years = scenario.years.len();
        let mut paid = vec![vec![Money::ZERO; years]; scenario.provinces.len()];
        for line in plan.lines() {
            for (year, amount) in line.by_year.iter().enumerate() {
                paid[line.province.0][year] += *amount;
            }
        }
        let mut findings = Vec::new();
        for (p, province) in scenario.provinces.iter().enumerate() {
            let mut carried = Money::ZERO;
            for (year, label) in scenario.years.iter().enumerate() {
                let available = scenario.budget(ProvinceId(p), year) + carried;
                let spent = paid[p][year];
                let scope = vec![province.id.clone(), label.to_string()];
                findings.push(Finding::money(scope, spent, Relation::AtMost, available));
                let unspent = (available - spent).max(Money::ZERO);
                carried = unspent.share_floor(province.carry_over);
            }
        }
        findings
    }
}
