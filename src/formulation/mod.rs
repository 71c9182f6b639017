//! Scenario and policy become rows, columns and objective expressions. No rule or objective is known
//! here by name.

mod bundles;
mod scaled;

pub use bundles::Bundled;
pub use scaled::Scaled;

use crate::domain::Scenario;
use crate::model::{Builder, Built, Limits, Sense, Strength, Terms, added_up};
use crate::objectives::Context;
use crate::policy::Policy;
use crate::units::Ratio;

/// Which rules may give way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmness {
    /// As the policy says.
    AsWritten,
    /// None is hard: to see which ones a plan would have to break.
    Elastic,
}

/// An objective stage as an expression over the model's columns.
#[derive(Debug, Clone)]
pub struct StageModel {
    /// Name of its kind.
    pub kind: String,
    /// Largest or smallest.
    pub sense: Sense,
    /// The expression.
    pub terms: Terms,
    /// What later stages may give up, as a share of the value.
    pub tolerance: f64,
    /// Gap at which it counts as solved, where it has one of its own.
    pub gap: Option<f64>,
    /// Whether it only chooses among equally good plans.
    pub only_breaks_ties: bool,
    /// Whether it is measured in money.
    pub in_money: bool,
}

/// The whole model.
#[derive(Debug, Clone)]
pub struct Formulation {
    /// Rows and columns.
    pub built: Built,
    /// Objective stages, in order.
    pub stages: Vec<StageModel>,
}

/// Builds the model.
pub fn formulate(scenario: &Scenario, policy: &Policy, weights: &[Ratio], firmness: Firmness) -> Formulation {
    let strength = |strength: Strength| match firmness {
        Firmness::AsWritten => strength,
        Firmness::Elastic => Strength::Soft(Ratio::ONE),
    };
    let mut limits = Limits::loose(scenario);
    for rule in &policy.rules {
        if strength(rule.strength) == Strength::Hard {
            rule.rule.tighten(scenario, &mut limits);
        }
    }
    let mut builder = Builder::new(scenario, limits);
    for (position, rule) in policy.rules.iter().enumerate() {
        builder.speak_for(position, rule.kind.id, strength(rule.strength));
        rule.rule.build(&mut builder);
    }
    builder.speak_for_nobody();
    let context = Context { scenario, weights };
    let stages = match firmness {
        Firmness::AsWritten => {
            policy.stages_in(scenario).map(|stage| stage_model(stage, context, &mut builder)).collect()
        }
        Firmness::Elastic => Vec::new(),
    };
    Formulation { built: builder.finish(), stages }
}

fn stage_model(stage: &crate::policy::Stage, context: Context<'_>, builder: &mut Builder<'_>) -> StageModel {
    StageModel {
        kind: stage.kind.clone(),
        sense: stage.objective.sense(),
        terms: added_up(stage.objective.build(context, builder)),
        tolerance: stage.tolerance.as_f64(),
        gap: stage.gap,
        only_breaks_ties: stage.objective.only_breaks_ties(),
        in_money: stage.objective.in_money(),
    }
}
