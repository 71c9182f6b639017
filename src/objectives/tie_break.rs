//! A fixed order among plans that are equally good, so that the same input gives the same plan: early
//! years first, then an order that depends on the ids alone.
//!
//! Each cell `x[p,s,k,t]` costs a number of its own, drawn from a hash of its ids; with generic costs the
//! best of equally good plans is unique.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::domain::{LineId, Scenario};
use crate::model::{Builder, Sense, Terms};
use crate::units::{MICRO, Micro};

pub(super) const PURPOSE: &str = "A fixed order on ids among plans that are equally good.";

/// Parameters of `tie_break`: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TieBreak {}

/// FNV-1a (Fowler, Noll, Vo), one part further: small, fixed for ever, and spread well enough for this.
fn hash(state: u64, part: &str) -> u64 {
    part.bytes()
        .chain([0])
        .fold(state, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Costs of a unit on each line in each year.
struct Costs<'a> {
    scenario: &'a Scenario,
    years: Vec<String>,
}

impl<'a> Costs<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        Self { scenario, years: scenario.years.iter().map(ToString::to_string).collect() }
    }

    /// By year, in millionths: rises by one a year, plus a part below one.
    fn line(&self, line: LineId) -> impl Iterator<Item = i64> + '_ {
        let names = self.scenario.line_names(line);
        let before = names.iter().fold(0xcbf2_9ce4_8422_2325, |state, name| hash(state, name));
        self.years.iter().zip(0_i64..).map(move |(label, year)| {
            let order = hash(before, label) % 1_000_000;
            year * MICRO + i64::try_from(order).unwrap_or(0)
        })
    }
}

impl Objective for TieBreak {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let costs = Costs::of(context.scenario);
        let mut terms = Terms::with_capacity(context.scenario.lines.len() * costs.years.len());
        for line in context.scenario.line_ids() {
            let cells = costs.line(line).enumerate();
            terms.extend(cells.map(|(year, cost)| (builder.year(line, year), cost as f64 / MICRO as f64)));
        }
        terms
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let scenario = context.scenario;
        let costs = Costs::of(scenario);
        let mut value = 0_i128;
        for line in assessment.plan.lines() {
            let Some(id) = scenario.find_line(line.province, line.site, line.sector) else { continue };
            for (cost, amount) in costs.line(id).zip(&line.by_year) {
                value += i128::from(cost) * i128::from(amount.0);
            }
        }
        Micro(value)
    }

    fn only_breaks_ties(&self) -> bool {
        true
    }
}
