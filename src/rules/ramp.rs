//! No sudden jumps: money changes from one year to the next within a band,
//! `(1−δ)·x[t] ≤ x[t+1] ≤ (1+ε)·x[t]`, for each site, province, region, sector or line.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule, plan_line_ids};
use crate::diagnostics::Code;
use crate::domain::{Finding, LineId, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject};
use crate::units::{MICRO, Money, Ratio};

pub(super) const PURPOSE: &str = "Money changes from one year to the next within a band.";

/// Whose money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Of {
    /// Each line.
    Line,
    /// Each site.
    Site,
    /// Each province.
    Province,
    /// Each region.
    Region,
    /// Each sector.
    Sector,
    /// The whole programme.
    All,
}

/// Parameters of `ramp`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    /// Largest fall, as a share of the year before.
    down: Option<Ratio>,
    /// Largest rise, as a share of the year before.
    up: Option<Ratio>,
    /// Whose money.
    #[serde(default = "each_site")]
    of: Of,
    /// Which money counts.
    #[serde(default)]
    select: Selection,
}

fn each_site() -> Of {
    Of::Site
}

impl Ramp {
    /// Factors of the year before: least and largest.
    fn factors(&self) -> [(Option<Ratio>, Relation); 2] {
        let down = self.down.map(|down| Ratio::from_micros((MICRO - down.micros()).max(0)));
        let up = self.up.map(|up| Ratio::from_micros(MICRO + up.micros()));
        [(down, Relation::AtLeast), (up, Relation::AtMost)]
    }

    fn per(&self) -> Per {
        match self.of {
            Of::Site => Per::Site,
            Of::Province => Per::Province,
            Of::Region => Per::Region,
            Of::Sector => Per::Sector,
            Of::All | Of::Line => Per::All,
        }
    }

    fn groups(&self, scenario: &Scenario) -> Vec<(Subject, Vec<LineId>)> {
        let partition = self.select.partition(scenario, self.per());
        let parts = partition.lines(scenario);
        if self.of == Of::Line {
            return parts.into_iter().flatten().map(|line| (Subject::Line(line), vec![line])).collect();
        }
        partition.scopes().iter().map(|scope| Subject::Scope(scope.clone())).zip(parts).collect()
    }
}

impl Rule for Ramp {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        if self.down.is_none() && self.up.is_none() {
            notes.push(Code::ThresholdHasNoEffect, "neither down nor up is given", "give down, up or both");
        }
        if scenario.years.len() < 2 {
            notes.push(Code::ThresholdHasNoEffect, "the scenario has one year", "take the rule out");
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], part: &str) -> Vec<Dial> {
        vec![if part == "lower" { Dial::more_up_to_one(&["down"]) } else { Dial::more(&["up"]) }]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for (subject, lines) in self.groups(scenario) {
            for year in 1..scenario.years.len() {
                for (factor, relation) in self.factors() {
                    let (Some(factor), false) = (factor, lines.is_empty()) else { continue };
                    let mut terms: Vec<_> = lines.iter().map(|&l| (builder.year(l, year), 1.0)).collect();
                    terms.extend(lines.iter().map(|&l| (builder.year(l, year - 1), -factor.as_f64())));
                    let (part, bound) = match relation {
                        Relation::AtLeast => ("lower", Bound::AtLeast(0.0)),
                        Relation::AtMost => ("upper", Bound::AtMost(0.0)),
                    };
                    let subject = match &subject {
                        Subject::Line(line) => Subject::LineYear(*line, year),
                        Subject::Scope(ids) => Subject::ScopeYear(ids.clone(), year),
                        other => other.clone(),
                    };
                    builder.require(subject, part, terms, bound);
                }
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let partition = self.select.partition(scenario, self.per());
        let years = scenario.years.len();
        let mut series: Vec<(Vec<String>, Vec<Money>)> =
            partition.scopes().iter().map(|scope| (scope.clone(), vec![Money::ZERO; years])).collect();
        if self.of == Of::Line {
            series.clear();
        }
        for line in plan.lines() {
            let Some(part) = partition.part(line.province, line.site, line.sector) else { continue };
            if self.of == Of::Line {
                series.push((plan_line_ids(scenario, line), line.by_year.clone()));
            } else {
                for (year, amount) in line.by_year.iter().enumerate() {
                    series[part].1[year] += *amount;
                }
            }
        }
        let mut findings = Vec::new();
        for (ids, money) in series {
            for year in 1..years {
                for (factor, relation) in self.factors() {
                    let Some(factor) = factor else { continue };
                    let scope = [ids.clone(), vec![scenario.years[year].to_string()]].concat();
                    let threshold = money[year - 1] * factor;
                    findings.push(Finding::exact_money(scope, money[year].micro(), relation, threshold));
                }
            }
        }
        findings
    }
}
