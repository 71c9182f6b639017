//! The last plan is honoured: commitments are kept, and the whole plan moves by at most a share of it.
//!
//! With `x⁰` the last plan: `x[p,s,k,t] ≥ α · x⁰[p,s,k,t]` for what it has in a year,
//! `X[p,s,k] ≥ α · X⁰[p,s,k]` over the horizon where some of it may come in any year, and
//! `Σ |X − X⁰| ≤ β · Σ X⁰`, written with `X − X⁰ = u − d`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule, Towards, plan_line_ids};
use crate::diagnostics::Code;
use crate::domain::{Finding, LineId, Plan, Relation, Scenario};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{Micro, Money, Ratio};

pub(super) const PURPOSE: &str =
    "Commitments are kept, and the plan changes by at most a share of the last one.";

/// Parameters of `continuity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Continuity {
    /// Share of each commitment that is kept (1: all of it).
    keep: Option<Ratio>,
    /// Largest total change, as a share of the last plan's total.
    change: Option<Ratio>,
}

impl Continuity {
    /// Money that each commitment keeps, by line and year (`None`: over the horizon, the commitments with
    /// a year among it).
    fn kept(&self, scenario: &Scenario) -> BTreeMap<(LineId, Option<usize>), Money> {
        let mut kept: BTreeMap<(LineId, Option<usize>), Money> = BTreeMap::new();
        let Some(keep) = self.keep else { return kept };
        for commitment in &scenario.commitments {
            *kept.entry((commitment.line, commitment.year)).or_default() += commitment.amount;
        }
        let totals = scenario.committed_totals();
        for ((line, year), amount) in &mut kept {
            let committed = if year.is_some() { *amount } else { totals[line.0] };
            *amount = (committed * keep).ceil();
        }
        kept
    }
}

impl Rule for Continuity {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        if self.keep.is_none() && self.change.is_none() {
            notes.push(
                Code::ThresholdHasNoEffect,
                "neither keep nor change is given",
                "give keep, change or both",
            );
        }
        let mut by_line: BTreeMap<LineId, (Money, Money)> = BTreeMap::new();
        for ((line, year), amount) in self.kept(scenario) {
            let (in_years, in_all) = by_line.entry(line).or_default();
            *(if year.is_some() { in_years } else { in_all }) += amount;
        }
        let mut by_province: BTreeMap<_, Money> = BTreeMap::new();
        for (line, (in_years, in_all)) in by_line {
            *by_province.entry(scenario.lines[line.0].province).or_default() += in_years.max(in_all);
        }
        for (province, committed) in by_province {
            let available = scenario.budget_total(province);
            if committed > available {
                notes.push(
                    Code::FloorAboveBudget,
                    format!(
                        "commitments of '{}' that are kept come to {committed} units; its capacity is {available}",
                        scenario.provinces[province.0].id
                    ),
                    "lower keep, or raise the capacity",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], part: &str) -> Vec<Dial> {
        let ([province, site, sector, ..], "keep") = (ids, part) else {
            return vec![Dial::more(&["change"])];
        };
        let row = [("province_id", province), ("site_id", site), ("sector_id", sector)];
        let row = row.map(|(column, id)| (column, id.clone())).to_vec();
        let columns = vec!["amount".to_owned()];
        vec![Dial::less(&["keep"]), Dial::Cell { table: "commitments", row, columns, towards: Towards::Less }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for ((line, year), amount) in self.kept(scenario) {
            let (subject, column) = match year {
                Some(year) => (Subject::LineYear(line, year), builder.year(line, year)),
                None => (Subject::Line(line), builder.total(line)),
            };
            builder.require(subject, "keep", vec![(column, 1.0)], Bound::AtLeast(amount.as_f64()));
        }
        let Some(change) = self.change else { return };
        let last = scenario.committed_totals();
        let mut moved = Vec::new();
        for line in scenario.line_ids() {
            let before = last[line.0];
            if before == Money::ZERO {
                // All of a new line is change.
                moved.push((builder.total(line), 1.0));
                continue;
            }
            let column = |builder: &mut Builder<'_>, what| {
                builder.column(what, Subject::Line(line), ColumnKind::DerivedMoney, 0.0, f64::INFINITY)
            };
            let (up, down) = (column(builder, "up"), column(builder, "down"));
            let terms = vec![(builder.total(line), 1.0), (up, -1.0), (down, 1.0)];
            builder.define("change", Subject::Line(line), "", terms, Bound::Exactly(before.as_f64()));
            moved.extend([(up, 1.0), (down, 1.0)]);
        }
        let all: Money = last.iter().sum();
        builder.require(Subject::All, "change", moved, Bound::AtMost((all * change).as_f64()));
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut findings = Vec::new();
        for ((id, year), amount) in self.kept(scenario) {
            let line = &scenario.lines[id.0];
            let funded = plan.find(line.province, line.site, line.sector);
            let mut scope: Vec<String> = scenario.line_names(id).map(str::to_owned).to_vec();
            let money = match year {
                Some(year) => {
                    scope.push(scenario.years[year].to_string());
                    funded.map_or(Money::ZERO, |line| line.by_year[year])
                }
                None => plan.on(scenario, id),
            };
            findings.push(Finding::money(scope, money, Relation::AtLeast, amount));
        }
        if let Some(change) = self.change {
            let mut last: BTreeMap<Vec<String>, Money> = BTreeMap::new();
            for commitment in &scenario.commitments {
                let ids = scenario.line_names(commitment.line).map(str::to_owned).to_vec();
                *last.entry(ids).or_default() += commitment.amount;
            }
            let all: Money = last.values().sum();
            let mut moved = Micro::ZERO;
            for line in plan.lines() {
                let before = last.remove(&plan_line_ids(scenario, line)).unwrap_or_default();
                moved += Money((line.total() - before).0.abs()).micro();
            }
            moved += last.values().sum::<Money>().micro();
            findings.push(Finding::exact_money(Vec::new(), moved, Relation::AtMost, all * change));
        }
        findings
    }
}
