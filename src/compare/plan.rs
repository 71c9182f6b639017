//! Where plans differ: money, lines, metrics, stages and rules, side by side. Members are matched by id.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Side;
use crate::audit::Unit;
use crate::domain::{Finding, Relation, Text};
use crate::model::Strength;
use crate::units::Micro;

/// Money of a member on each side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MoneyRow {
    /// `province`, `site`, `sector`, `region` or `year`.
    pub by: &'static str,
    /// Its id.
    pub id: String,
    /// Units of money on each side; `None` where the side has no such member.
    pub amounts: Vec<Option<i64>>,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It gets money only on the other side.
    Opened,
    /// It gets money only on the first side.
    Closed,
    /// It gets another amount, or the same in other years.
    Changed,
    /// The same in every year.
    Same,
}

/// A line on each side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LineRow {
    /// Who gives.
    pub province_id: String,
    /// Who receives.
    pub site_id: String,
    /// For what.
    pub sector_id: String,
    /// Units of money over the years on each side.
    pub amounts: Vec<i64>,
    /// What becomes of it on each side but the first.
    pub changes: Vec<Change>,
}

/// A metric on each side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricRow {
    /// Stable id.
    pub id: String,
    /// Name.
    pub title: Text,
    /// How to read it.
    pub unit: Unit,
    /// Its values.
    pub values: Vec<Option<f64>>,
}

/// How good a stage is on a side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StageCell {
    /// Value of the plan, in the stage's own units.
    pub value: f64,
    /// No plan is better, the solver claims.
    pub bound: Option<f64>,
}

/// A stage on each side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageRow {
    /// Kind of objective.
    pub kind: String,
    /// `None` where a side's policy has no such stage.
    pub sides: Vec<Option<StageCell>>,
}

/// A rule on one side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleCell {
    /// Id in that side's policy.
    pub id: String,
    /// Whether it is hard.
    pub hard: bool,
    /// Whether it holds.
    pub passes: bool,
    /// Its tightest instance; none where there is nothing to check.
    pub tightest: Option<Tightest>,
}

/// The instance of a rule with the least room.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tightest {
    /// Ids that it is about; empty for the whole programme.
    pub scope: Vec<String>,
    /// How the numbers are to be read.
    pub unit: Unit,
    /// What was measured; none for a share of nothing.
    pub measured: Option<f64>,
    /// `>=` or `<=`.
    pub relation: &'static str,
    /// What is asked.
    pub threshold: f64,
    /// Room left, in units of money or in counts.
    pub slack: f64,
}

impl From<&Finding> for Tightest {
    fn from(finding: &Finding) -> Self {
        Self {
            scope: finding.scope.clone(),
            unit: Unit::from(&finding.measure),
            measured: finding.measure.measured(),
            relation: match finding.relation {
                Relation::AtLeast => ">=",
                Relation::AtMost => "<=",
            },
            threshold: finding.measure.threshold(),
            slack: Micro::as_f64(finding.slack()),
        }
    }
}

/// A rule on each side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleRow {
    /// Its kind.
    pub rule: String,
    /// Its title, on the first side that has it.
    pub title: Text,
    /// `None` where a side's policy has no such rule.
    pub sides: Vec<Option<RuleCell>>,
}

type LineIds = (String, String, String);

/// Money by line and year, by ids.
fn lines_of(side: &Side) -> BTreeMap<LineIds, BTreeMap<i32, i64>> {
    let scenario = &side.loaded.scenario;
    let line = |line: &crate::domain::PlanLine| {
        let ids = (
            scenario.provinces[line.province.0].id.clone(),
            scenario.sites[line.site.0].id.clone(),
            scenario.sectors[line.sector.0].id.clone(),
        );
        let years = scenario.years.iter().zip(&line.by_year).filter(|(_, amount)| amount.0 != 0);
        (ids, years.map(|(year, amount)| (*year, amount.0)).collect())
    };
    side.plan.lines().iter().map(line).collect()
}

/// Lines that are not the same on all sides, the largest changes first; and how many are the same.
pub(super) fn lines(sides: &[Side]) -> (Vec<LineRow>, usize) {
    let plans: Vec<_> = sides.iter().map(lines_of).collect();
    let all: BTreeSet<&LineIds> = plans.iter().flat_map(BTreeMap::keys).collect();
    let count = all.len();
    let mut rows: Vec<LineRow> = all
        .into_iter()
        .filter_map(|ids| {
            let on: Vec<_> = plans.iter().map(|plan| plan.get(ids)).collect();
            let changes: Vec<Change> = on[1..]
                .iter()
                .map(|other| match (on[0], other) {
                    (None, Some(_)) => Change::Opened,
                    (Some(_), None) => Change::Closed,
                    (one, other) if one == *other => Change::Same,
                    _ => Change::Changed,
                })
                .collect();
            let amounts = on.iter().map(|years| years.map_or(0, |years| years.values().sum())).collect();
            let (province_id, site_id, sector_id) = ids.clone();
            let is_same = changes.iter().all(|change| *change == Change::Same);
            (!is_same).then_some(LineRow { province_id, site_id, sector_id, amounts, changes })
        })
        .collect();
    let same = count - rows.len();
    rows.sort_by_key(|row| std::cmp::Reverse(spread(&row.amounts)));
    (rows, same)
}

/// How far the amounts are from the first at most.
fn spread(amounts: &[i64]) -> i64 {
    amounts.iter().map(|amount| (amount - amounts[0]).abs()).max().unwrap_or(0)
}

/// Money by every kind of member, in the order of the input; years last.
pub(super) fn money(sides: &[Side]) -> Vec<MoneyRow> {
    let mut rows = Vec::new();
    for by in ["province", "site", "sector", "region"] {
        let of: Vec<BTreeMap<&str, i64>> = sides
            .iter()
            .map(|side| {
                let members = side.metrics.by.get(by).map(Vec::as_slice).unwrap_or_default();
                members.iter().map(|member| (member.id.as_str(), member.money)).collect()
            })
            .collect();
        rows.extend(members(by, &of));
    }
    let years: Vec<BTreeMap<String, i64>> = sides
        .iter()
        .map(|side| {
            let sum = |position: usize| side.plan.lines().iter().map(|line| line.by_year[position].0).sum();
            let years = side.loaded.scenario.years.iter().enumerate();
            years.map(|(position, year)| (year.to_string(), sum(position))).collect()
        })
        .collect();
    rows.extend(members("year", &years));
    rows
}

fn members<K: Ord + ToString>(by: &'static str, of: &[BTreeMap<K, i64>]) -> Vec<MoneyRow> {
    let ids: BTreeSet<&K> = of.iter().flat_map(BTreeMap::keys).collect();
    let row = |id: &K| {
        let amounts = of.iter().map(|side| side.get(id).copied()).collect();
        MoneyRow { by, id: id.to_string(), amounts }
    };
    ids.into_iter().map(row).collect()
}

/// Numbers about the whole.
pub(super) fn metrics(sides: &[Side]) -> Vec<MetricRow> {
    let mut rows: Vec<MetricRow> = Vec::new();
    for metric in sides.iter().flat_map(|side| &side.metrics.whole) {
        if rows.iter().all(|row| row.id != metric.id) {
            let values = sides.iter().map(|side| side.metrics.get(&metric.id)).collect();
            let (id, title) = (metric.id.clone(), metric.title.clone());
            rows.push(MetricRow { id, title, unit: metric.unit, values });
        }
    }
    rows
}

/// Stages, by kind.
pub(super) fn stages(sides: &[Side]) -> Vec<StageRow> {
    let mut kinds: Vec<&String> = Vec::new();
    for (kind, _) in sides.iter().flat_map(|side| &side.stages) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let on = |side: &Side, kind: &String| side.stages.iter().find(|(k, _)| k == kind).map(|(_, cell)| *cell);
    let row = |kind: &String| StageRow {
        kind: kind.clone(),
        sides: sides.iter().map(|side| on(side, kind)).collect(),
    };
    kinds.into_iter().map(row).collect()
}

/// Rules: those of the first side with their partners, then those that others have alone, once for each side.
pub(super) fn rules(sides: &[Side]) -> Vec<RuleRow> {
    let first = &sides[0].policy;
    let cell = |side: &Side, rule: usize| {
        let rule = &side.policy.rules[rule];
        let outcome = side.audit.rules.iter().find(|outcome| outcome.id == rule.id)?;
        Some(RuleCell {
            id: rule.id.clone(),
            hard: outcome.strength == Strength::Hard,
            passes: outcome.passes(),
            tightest: outcome.tightest().map(Tightest::from),
        })
    };
    let mut rows: Vec<RuleRow> = first
        .rules
        .iter()
        .enumerate()
        .map(|(position, rule)| {
            let mut own = vec![None; sides.len()];
            own[0] = cell(&sides[0], position);
            RuleRow { rule: rule.kind.id.to_owned(), title: rule.title.clone(), sides: own }
        })
        .collect();
    for (at, side) in sides.iter().enumerate().skip(1) {
        for (mine, yours) in first.paired(&side.policy) {
            let Some(yours) = yours else { continue };
            let own = cell(side, yours);
            if let Some(mine) = mine {
                rows[mine].sides[at] = own;
            } else {
                let rule = &side.policy.rules[yours];
                let mut sides = vec![None; sides.len()];
                sides[at] = own;
                rows.push(RuleRow { rule: rule.kind.id.to_owned(), title: rule.title.clone(), sides });
            }
        }
    }
    rows
}
