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

/// FNV-1a (Fowler, Noll, Vo): small, fixed for ever, and spread well enough for this.
fn hash(parts: &[&str]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    state
}

/// Cost of a unit on a line in a year, in millionths: rises by one a year, plus a part below one.
fn cost(scenario: &Scenario, line: LineId, year: usize) -> i64 {
    let year_label = scenario.years[year].to_string();
    let [province, site, sector] = scenario.line_names(line);
    let order = hash(&[province, site, sector, &year_label]) % 1_000_000;
    i64::try_from(year).unwrap_or(0) * MICRO + i64::try_from(order).unwrap_or(0)
}

impl Objective for TieBreak {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let years = context.scenario.years.len();
        let cells = context.scenario.line_ids().flat_map(|line| (0..years).map(move |year| (line, year)));
        cells
            .map(|(line, year)| {
                let cost = cost(context.scenario, line, year) as f64 / MICRO as f64;
                (builder.year(line, year), cost)
            })
            .collect()
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let scenario = context.scenario;
        let mut value = 0_i128;
        for line in assessment.plan.lines() {
            let Some(id) = scenario.find_line(line.province, line.site, line.sector) else { continue };
            for (year, amount) in line.by_year.iter().enumerate() {
                value += i128::from(cost(scenario, id, year)) * i128::from(amount.0);
            }
        }
        Micro(value)
    }

    fn only_breaks_ties(&self) -> bool {
        true
    }
}
