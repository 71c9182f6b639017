//! No need is covered more than once: `Σₚ e[p,s] · X[p,s,k] ≤ α · n[s,k]`, with `e` the effectiveness of
//! the link; by year too where needs are given by year and the policy asks for it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Rule};
use crate::domain::{Finding, NeedId, Plan, Relation, Scenario};
use crate::model::{Bound, Builder, Limits, Subject, Terms};
use crate::units::{Micro, Money, Ratio};

pub(super) const PURPOSE: &str = "What a need receives covers no more than the need.";

/// Parameters of `need_cap`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedCap {
    /// Largest covered share of a need.
    #[serde(default = "one")]
    share: Ratio,
    /// Also in each year, where the needs are given by year.
    #[serde(default)]
    by_year: bool,
}

fn one() -> Ratio {
    Ratio::ONE
}

/// The most whole units whose effect stays within a limit.
fn most(limit: Micro, effectiveness: Ratio) -> Money {
    Money(i64::try_from(limit.0.div_euclid(i128::from(effectiveness.micros().max(1)))).unwrap_or(i64::MAX))
}

impl Rule for NeedCap {
    fn tighten(&self, scenario: &Scenario, limits: &mut Limits) {
        for (position, need) in scenario.needs.iter().enumerate() {
            // The least effective line takes the most money to cover the need.
            let effects =
                need.lines.iter().map(|line| scenario.link_of(&scenario.lines[line.0]).effectiveness);
            if let Some(least) = effects.min() {
                limits.limit_need(NeedId(position), most(need.amount * self.share, least));
            }
            for &line in &need.lines {
                let effectiveness = scenario.link_of(&scenario.lines[line.0]).effectiveness;
                limits.limit_total(line, most(need.amount * self.share, effectiveness));
                let years = need.by_year.iter().filter(|_| self.by_year).flatten().enumerate();
                for (year, amount) in years {
                    limits.limit_year(line, year, most(*amount * self.share, effectiveness));
                }
            }
        }
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        let [site, sector, year @ ..] = ids else { return Vec::new() };
        let row = [("site_id", site.as_str()), ("sector_id", sector)];
        let columns = match year {
            [year] => vec![format!("amount_{year}")],
            _ => vec!["amount".to_owned()],
        };
        vec![Dial::cell("needs", row, columns), Dial::more(&["share"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for (position, need) in scenario.needs.iter().enumerate() {
            let effect = |line: &crate::domain::LineId| {
                scenario.link_of(&scenario.lines[line.0]).effectiveness.as_f64()
            };
            if need.lines.is_empty() {
                continue;
            }
            let terms: Terms = need.lines.iter().map(|line| (builder.total(*line), effect(line))).collect();
            let limit = (need.amount * self.share).as_f64();
            builder.require(Subject::Need(NeedId(position)), "", terms, Bound::AtMost(limit));
            let years = need.by_year.iter().filter(|_| self.by_year).flatten().enumerate();
            for (year, amount) in years {
                let terms: Terms =
                    need.lines.iter().map(|line| (builder.year(*line, year), effect(line))).collect();
                let limit = (*amount * self.share).as_f64();
                builder.require(Subject::NeedYear(NeedId(position), year), "", terms, Bound::AtMost(limit));
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let years = scenario.years.len();
        let mut covered = vec![vec![Micro::ZERO; years]; scenario.needs.len()];
        let mut strays = Vec::new();
        for line in plan.lines() {
            let effectiveness = scenario
                .find_link(line.province, line.site)
                .map_or(Ratio::ONE, |link| scenario.links[link.0].effectiveness);
            if let Some(need) = scenario.find_need(line.site, line.sector) {
                for (year, amount) in line.by_year.iter().enumerate() {
                    covered[need.0][year] += *amount * effectiveness;
                }
            } else {
                // Money where there is no need covers a need of nothing.
                let scope = super::plan_line_ids(scenario, line);
                strays.push(Finding::money(scope, line.total(), Relation::AtMost, Money::ZERO));
            }
        }
        let mut findings = Vec::new();
        for (need, covered) in scenario.needs.iter().zip(covered) {
            let ids =
                vec![scenario.sites[need.site.0].id.clone(), scenario.sectors[need.sector.0].id.clone()];
            let all = covered.iter().copied().sum();
            let limit = need.amount * self.share;
            findings.push(Finding::exact_money(ids.clone(), all, Relation::AtMost, limit));
            for (year, amount) in need.by_year.iter().filter(|_| self.by_year).flatten().enumerate() {
                let scope = [ids.clone(), vec![scenario.years[year].to_string()]].concat();
                let limit = *amount * self.share;
                findings.push(Finding::exact_money(scope, covered[year], Relation::AtMost, limit));
            }
        }
        findings.extend(strays);
        findings
    }
}
