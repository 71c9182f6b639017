//! Fewest funded lines and active links: `min a·Σ y + b·Σ z`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::domain::LinkId;
use crate::model::{Builder, Sense, Terms};
use crate::units::{Micro, Ratio};

pub(super) const PURPOSE: &str = "Fewest funded lines and active links.";

/// Parameters of `fragmentation`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fragmentation {
    /// What a funded line counts.
    #[serde(default = "one")]
    line: Ratio,
    /// What an active link counts.
    #[serde(default = "one")]
    link: Ratio,
}

fn one() -> Ratio {
    Ratio::ONE
}

impl Objective for Fragmentation {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let mut objective = Vec::new();
        if self.line > Ratio::ZERO {
            objective
                .extend(context.scenario.line_ids().map(|line| (builder.open(line), self.line.as_f64())));
        }
        if self.link > Ratio::ZERO {
            let links = (0..context.scenario.links.len()).map(LinkId);
            objective.extend(links.map(|link| (builder.active(link), self.link.as_f64())));
        }
        objective
    }

    fn value(&self, _: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let lines = assessment.plan.lines();
        let links: BTreeSet<_> = lines.iter().map(|line| (line.province, line.site)).collect();
        let times = |ratio: Ratio, count: usize| i128::from(ratio.micros()) * count as i128;
        Micro(times(self.line, lines.len()) + times(self.link, links.len()))
    }

    fn in_money(&self) -> bool {
        false
    }
}
