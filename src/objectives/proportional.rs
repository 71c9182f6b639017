//! The status quo that others are compared with: each province spreads what it has over all its lines in
//! proportion to need. `min Σ |x[p,s,k,t] − τ[p,s,k,t]|`.
//!
//! The targets `τ` are found first, without a solver: every province splits its capacity over the open
//! needs of its links in proportion to what is still open; where several provinces together would cover
//! a need more than once, each gives its proportional part of it; what is left over is split again. Over
//! the years a line's money follows its province's capacity.

use schemars::JsonSchema;
use serde::Deserialize;

use super::change::deviation;
use super::{Assessment, Context, Objective};
use crate::domain::{LineId, Scenario};
use crate::model::{Builder, Sense, Subject, Terms};
use crate::units::{Micro, Money};

pub(super) const PURPOSE: &str = "Each province's money spread over all its lines in proportion to need.";

/// Rounds of splitting what is left over; the rest shrinks geometrically.
const ROUNDS: usize = 60;

/// Parameters of `proportional`: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proportional {}

/// Whole-unit targets, lines × years.
fn targets(scenario: &Scenario) -> Vec<Vec<Money>> {
    let mut left: Vec<f64> =
        (0..scenario.provinces.len()).map(|p| scenario.budgets.row(p).sum() as f64).collect();
    let mut open: Vec<f64> = scenario.needs.iter().map(|n| n.amount.as_f64()).collect();
    let mut total = vec![0.0; scenario.lines.len()];
    let effect = |line: &crate::domain::Line| scenario.link_of(line).effectiveness.as_f64();
    let admitted: Vec<bool> = scenario
        .lines
        .iter()
        .map(|line| scenario.exclusion_of(line.province, line.site, line.sector).is_none())
        .collect();
    for _ in 0..ROUNDS {
        let mut wanted = vec![0.0; scenario.provinces.len()];
        for (line, _) in scenario.lines.iter().zip(&admitted).filter(|(_, admitted)| **admitted) {
            wanted[line.province.0] += open[line.need.0] / effect(line);
        }
        let mut offered = vec![0.0; scenario.needs.len()];
        let offer = |line: &crate::domain::Line| {
            let share = open[line.need.0] / effect(line) / wanted[line.province.0].max(f64::MIN_POSITIVE);
            left[line.province.0] * share
        };
        let offers: Vec<f64> = scenario
            .lines
            .iter()
            .zip(&admitted)
            .map(|(line, admitted)| if *admitted { offer(line) } else { 0.0 })
            .collect();
        for (line, offer) in scenario.lines.iter().zip(&offers) {
            offered[line.need.0] += offer * effect(line);
        }
        for ((line, offer), total) in scenario.lines.iter().zip(&offers).zip(&mut total) {
            let accepted = offer * (open[line.need.0] / offered[line.need.0].max(f64::MIN_POSITIVE)).min(1.0);
            *total += accepted;
            left[line.province.0] = (left[line.province.0] - accepted).max(0.0);
        }
        for (open, offered) in open.iter_mut().zip(offered) {
            *open = (*open - offered).max(0.0);
        }
    }
    scenario.lines.iter().zip(total).map(|(line, total)| by_year(scenario, line, total)).collect()
}

/// A line's money over the years, following its province's capacity; rounded down.
fn by_year(scenario: &Scenario, line: &crate::domain::Line, total: f64) -> Vec<Money> {
    let capacity = scenario.budget_total(line.province).as_f64().max(1.0);
    (0..scenario.years.len())
        .map(|year| {
            let share = scenario.budget(line.province, year).as_f64() / capacity;
            #[allow(clippy::cast_possible_truncation)]
            Money((total * share + 1e-6).floor() as i64)
        })
        .collect()
}

impl Objective for Proportional {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let mut objective = Vec::new();
        for (line, by_year) in targets(context.scenario).into_iter().enumerate() {
            for (year, target) in by_year.into_iter().enumerate() {
                let money = builder.year(LineId(line), year);
                let subject = Subject::LineYear(LineId(line), year);
                objective.extend(deviation(builder, "target", &subject, money, target.as_f64()));
            }
        }
        objective
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let scenario = context.scenario;
        let mut targets = targets(scenario);
        let mut off = 0_i64;
        for line in assessment.plan.lines() {
            let target = scenario
                .find_line(line.province, line.site, line.sector)
                .map(|id| std::mem::take(&mut targets[id.0]))
                .unwrap_or_default();
            for (year, amount) in line.by_year.iter().enumerate() {
                off += (*amount - target.get(year).copied().unwrap_or_default()).0.abs();
            }
        }
        off += targets.iter().flatten().map(|amount| amount.0).sum::<i64>();
        Micro::whole(off)
    }
}
