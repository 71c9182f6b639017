//! Posts filled by those who fit, weighted: `max Σ π[j] · fit[g,j] · τ[g] · m[g,j]`, with `π` the priority of a group
//! of posts, `τ` the share of full time of a group of secondees and `m` the persons who are placed.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::domain::Scenario;
use crate::model::{Builder, Sense, Terms};
use crate::units::{MICRO, Micro, Ratio};

pub(super) const PURPOSE: &str =
    "Most posts filled, weighted by priority and by how well their secondees fit.";

/// Parameters of `fit`: none; priorities stand with the posts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fit {}

impl Objective for Fit {
    fn sense(&self) -> Sense {
        Sense::Maximise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let talent = &context.scenario.talent;
        builder.placed_terms(|candidate| {
            let worth = [
                talent.posts[candidate.posts.0].priority,
                candidate.fit,
                talent.full_time(candidate.secondees),
            ];
            Some(worth.into_iter().map(Ratio::as_f64).product())
        })
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let talent = &context.scenario.talent;
        let worth = |placement: &crate::domain::Placement| {
            let (group, posts) = (&talent.secondees[placement.secondees.0], &talent.posts[placement.posts.0]);
            let factors = [posts.priority, talent.fit(&group.offers, &posts.asks), group.offers.full_time];
            let micros = factors.into_iter().map(|factor| i128::from(factor.micros())).product::<i128>();
            micros * i128::from(placement.number)
        };
        let value: i128 = assessment.plan.placements().iter().map(worth).sum();
        Micro(value.div_euclid(i128::from(MICRO) * i128::from(MICRO)))
    }

    fn in_money(&self) -> bool {
        false
    }

    fn applies(&self, scenario: &Scenario) -> bool {
        !scenario.talent.candidates.is_empty()
    }
}
