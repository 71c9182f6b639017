//! Objectives: what a stage of a policy makes largest or smallest. Each file holds its columns and
//! rows, and the exact value of any plan, which shares nothing with them.
//!
//! A new objective is a new file and one line in [`kinds`].

mod blend;
mod change;
mod coverage;
mod fit;
mod fragmentation;
mod proportional;
mod shortfall;
mod tie_break;

use std::fmt::Debug;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::domain::{Finding, Plan, Scenario};
use crate::model::{Builder, Sense, Terms};
use crate::units::{Micro, Ratio};

/// What an objective may look at besides the plan.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The programme.
    pub scenario: &'a Scenario,
    /// Weight of each need, scenario and policy taken together.
    pub weights: &'a [Ratio],
}

/// A plan with what the soft rules found in it.
#[derive(Debug, Clone, Copy)]
pub struct Assessment<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Penalty and findings of each soft rule.
    pub soft: &'a [(Ratio, Vec<Finding>)],
}

/// Something to make largest or smallest.
pub trait Objective: Debug + Send + Sync {
    /// Largest or smallest.
    fn sense(&self) -> Sense;

    /// Adds its columns and rows, and returns its expression, in units of money or in counts.
    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms;

    /// Value of a plan, exact (rounded down to a millionth).
    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro;

    /// Whether it only chooses among plans that are equally good: then it must not touch which lines
    /// are funded, nor give up anything that an earlier stage reached.
    fn only_breaks_ties(&self) -> bool {
        false
    }

    /// Whether it prices what soft rules fall short.
    fn prices_shortfall(&self) -> bool {
        false
    }

    /// Whether its value is in units of money (and not in counts).
    fn in_money(&self) -> bool {
        true
    }

    /// Whether the scenario has what it is about. Else its stage is left out.
    fn applies(&self, _scenario: &Scenario) -> bool {
        true
    }
}

/// A kind of objective: how a policy names it, and how its parameters are read.
#[derive(Debug, Clone, Copy)]
pub struct ObjectiveKind {
    /// The name in a policy.
    pub id: &'static str,
    /// One sentence.
    pub purpose: &'static str,
    /// Reads the parameters; the error is for the policy's author.
    pub parse: fn(toml::Table) -> Result<Arc<dyn Objective>, String>,
    /// JSON schema of the parameters.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

fn kind<O>(id: &'static str, purpose: &'static str) -> ObjectiveKind
where
    O: Objective + DeserializeOwned + JsonSchema + 'static,
{
    ObjectiveKind {
        id,
        purpose,
        parse: |parameters| match parameters.try_into::<O>() {
            Ok(objective) => Ok(Arc::new(objective)),
            Err(error) => Err(error.message().to_owned()),
        },
        schema: |generator| generator.subschema_for::<O>(),
    }
}

/// Every kind of objective, in the order in which policies usually list them.
pub fn kinds() -> Vec<ObjectiveKind> {
    vec![
        kind::<shortfall::Shortfall>("shortfall", shortfall::PURPOSE),
        kind::<coverage::Coverage>("coverage", coverage::PURPOSE),
        kind::<fit::Fit>("fit", fit::PURPOSE),
        kind::<proportional::Proportional>("proportional", proportional::PURPOSE),
        kind::<change::Change>("change", change::PURPOSE),
        kind::<fragmentation::Fragmentation>("fragmentation", fragmentation::PURPOSE),
        kind::<blend::Blend>("blend", blend::PURPOSE),
        kind::<tie_break::TieBreak>("tie_break", tie_break::PURPOSE),
    ]
}

/// Reads an objective by the name of its kind.
///
/// # Errors
/// When there is no such kind, or a parameter is wrong.
pub fn parse(id: &str, parameters: toml::Table) -> Result<Arc<dyn Objective>, String> {
    match kinds().iter().find(|kind| kind.id == id) {
        Some(kind) => (kind.parse)(parameters),
        None => {
            let known: Vec<_> = kinds().iter().map(|kind| kind.id).collect();
            Err(format!("there is no objective '{id}'; there are {}", known.join(", ")))
        }
    }
}
