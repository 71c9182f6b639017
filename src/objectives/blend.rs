//! Several objectives at once, each with a weight: `min Σ ω_i · f_i`, where what is to be largest
//! counts negative. The alternative to stages.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::model::{Builder, Sense, Terms};
use crate::units::{MICRO, Micro, Ratio};

pub(super) const PURPOSE: &str = "A weighted sum of other objectives, instead of stages.";

/// Parameters of `blend`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Parts")]
pub struct Blend {
    #[schemars(skip)]
    parts: Vec<(Ratio, Arc<dyn Objective>)>,
}

/// Parameters of `blend`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parts {
    /// The objectives, each with `kind`, `weight` and its own parameters.
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Part {
    /// Kind of objective.
    kind: String,
    /// Its weight.
    weight: Ratio,
    /// Its parameters.
    #[serde(flatten)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    parameters: toml::Table,
}

impl TryFrom<Parts> for Blend {
    type Error = String;

    fn try_from(Parts { parts }: Parts) -> Result<Self, String> {
        let mut read = Vec::with_capacity(parts.len());
        for Part { kind, weight, parameters } in parts {
            if matches!(kind.as_str(), "blend" | "tie_break") {
                return Err(format!("a blend cannot have a part '{kind}'"));
            }
            if weight < Ratio::ZERO {
                return Err(format!("the weight of '{kind}' is negative"));
            }
            read.push((weight, super::parse(&kind, parameters)?));
        }
        if read.is_empty() {
            return Err("a blend needs at least one part".to_owned());
        }
        Ok(Self { parts: read })
    }
}

fn sign(sense: Sense) -> i64 {
    match sense {
        Sense::Minimise => 1,
        Sense::Maximise => -1,
    }
}

impl Objective for Blend {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let mut objective = Vec::new();
        for (weight, part) in &self.parts {
            let factor = weight.as_f64() * sign(part.sense()) as f64;
            let terms = part.build(context, builder);
            objective.extend(terms.into_iter().map(|(column, coefficient)| (column, factor * coefficient)));
        }
        objective
    }

    fn prices_shortfall(&self) -> bool {
        self.parts.iter().any(|(weight, part)| *weight > Ratio::ZERO && part.prices_shortfall())
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let weighted = self.parts.iter().map(|(weight, part)| {
            part.value(context, assessment).0 * i128::from(weight.micros() * sign(part.sense()))
        });
        Micro(weighted.sum::<i128>().div_euclid(i128::from(MICRO)))
    }
}
