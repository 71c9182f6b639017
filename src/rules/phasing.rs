//! Step by step (分步骤): priority sites or sectors get their money first. By the end of year `t` the
//! group has had at least a share `π[t]` of all it gets: `Σ_{τ≤t} x[g,τ] ≥ π[t] · Σ X[g]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule, Towards};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "A group has had at least a share of its money by the end of each year.";

/// Parameters of `phasing`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phasing {
    /// Least cumulative share by the end of the first, second … year; later years are free.
    path: Vec<Ratio>,
    /// What the path is asked of, one by one.
    #[serde(default)]
    per: Per,
    /// The group that comes first.
    #[serde(default)]
    select: Selection,
}

impl Rule for Phasing {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        if self.path.len() > scenario.years.len() {
            notes.push(
                Code::ThresholdHasNoEffect,
                format!("path has {} shares for {} years", self.path.len(), scenario.years.len()),
                "give at most one share for each year; the others are not looked at",
            );
        }
        if self.path.iter().any(|share| *share > Ratio::ONE) {
            notes.push(
                Code::ThresholdOutOfReach,
                "path has a share of more than the whole",
                "use shares between 0 and 1",
            );
        }
        if self.path.windows(2).any(|pair| pair[0] > pair[1]) {
            notes.push(
                Code::ThresholdHasNoEffect,
                "path falls from one year to the next, which a cumulative share cannot do",
                "give shares that rise",
            );
        }
    }

    fn dials(&self, scenario: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let year = ids.last().and_then(|year| scenario.year(year.parse().ok()?));
        let path = vec!["path".to_owned()];
        vec![Dial::Parameter { path, position: year, towards: Towards::Less, whole: false }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let partition = self.select.partition(scenario, self.per);
        for (scope, lines) in partition.scopes().iter().zip(partition.lines(scenario)) {
            for (year, share) in self.path.iter().enumerate().take(scenario.years.len()) {
                if lines.is_empty() || *share == Ratio::ZERO {
                    continue;
                }
                let mut terms: Vec<_> =
                    lines.iter().map(|&line| (builder.total(line), -share.as_f64())).collect();
                for early in 0..=year {
                    terms.extend(lines.iter().map(|&line| (builder.year(line, early), 1.0)));
                }
                let subject = Subject::ScopeYear(scope.clone(), year);
                builder.require(subject, "", terms, Bound::AtLeast(0.0));
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let partition = self.select.partition(scenario, self.per);
        let mut by_year = vec![vec![Money::ZERO; scenario.years.len()]; partition.scopes().len()];
        for line in plan.lines() {
            if let Some(part) = partition.part(line.province, line.site, line.sector) {
                for (year, amount) in line.by_year.iter().enumerate() {
                    by_year[part][year] += *amount;
                }
            }
        }
        let mut findings = Vec::new();
        for (scope, money) in partition.scopes().iter().zip(by_year) {
            let whole = money.iter().sum();
            let mut so_far = Money::ZERO;
            for ((year, share), money) in scenario.years.iter().zip(&self.path).zip(money) {
                so_far += money;
                let scope = [scope.clone(), vec![year.to_string()]].concat();
                findings.push(Finding::share(scope, so_far, whole, Relation::AtLeast, *share));
            }
        }
        findings
    }
}
