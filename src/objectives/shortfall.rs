//! Least shortfall below what soft rules ask: each unit of money short counts its rule's penalty, and
//! each one over a count counts as many units of money.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::model::{Builder, Sense, Terms};
use crate::units::{MICRO, Micro};

pub(super) const PURPOSE: &str = "Least penalised shortfall below what the soft rules ask.";

/// Parameters of `shortfall`: none; penalties stand with the rules.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shortfall {}

impl Objective for Shortfall {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, _: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        builder.slacks().iter().map(|slack| (slack.column, slack.penalty.as_f64())).collect()
    }

    fn prices_shortfall(&self) -> bool {
        true
    }

    fn value(&self, _: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let mut value = 0_i128;
        for (penalty, findings) in assessment.soft {
            let short: Micro = findings.iter().map(crate::domain::Finding::shortfall).sum();
            value += short.0 * i128::from(penalty.micros());
        }
        Micro(value.div_euclid(i128::from(MICRO)))
    }
}
