//! A policy: which rules with which parameters, how firmly, and which objective stages in which order.
//! Read from `models/*.toml` or from a user's own file.

mod differences;
mod file;
mod schema;

pub use differences::{Difference, Part};
pub use file::BUILT_IN;
pub use schema::schema;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostics::{Code, Diagnostics, Place};
use crate::domain::{Scenario, Selection, Text};
use crate::model::Strength;
use crate::objectives::Objective;
use crate::rules::{Notes, Resource, Rule, RuleKind};
use crate::units::{Money, Ratio};

/// One rule, switched on.
#[derive(Debug, Clone)]
pub struct RuleInstance {
    /// Id in the policy, for example `R3`.
    pub id: String,
    /// Name of its kind.
    pub kind: RuleKind,
    /// Title.
    pub title: Text,
    /// Law, plan or decision that it comes from.
    pub source: String,
    /// Hard or soft.
    pub strength: Strength,
    /// The rule itself.
    pub rule: Arc<dyn Rule>,
    /// Its parameters as they are in force.
    pub parameters: toml::Table,
    /// Where it stands.
    pub place: Place,
}

/// One stage of the objective.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Name of its kind.
    pub kind: String,
    /// What later stages may give up of its value, as a share of it.
    pub tolerance: Ratio,
    /// Gap at which it counts as solved, where it has one of its own.
    pub gap: Option<f64>,
    /// What is made largest or smallest.
    pub objective: Arc<dyn Objective>,
    /// Its parameters as they are in force.
    pub parameters: toml::Table,
}

/// Rules and stages.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What it is for.
    pub description: Text,
    /// Where it was read from.
    pub file: String,
    /// SHA-256 of that text, in hexadecimal digits.
    pub sha256: String,
    /// Rules, in the order of the file.
    pub rules: Vec<RuleInstance>,
    /// Stages, in order.
    pub stages: Vec<Stage>,
    weights: Vec<WeightFactor>,
}

/// A factor on the weight of needs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WeightFactor {
    /// Which needs, by site and sector.
    #[serde(default)]
    select: Selection,
    /// What their weight is multiplied with.
    factor: Ratio,
}

impl Policy {
    /// What the rules' own presolve checks, and the scenario's safeguards, have to say.
    pub fn presolve(&self, scenario: &Scenario) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        for rule in &self.rules {
            let mut notes = Notes::default();
            rule.rule.presolve(scenario, &mut notes);
            for (code, cause, action) in notes.0 {
                let cause = format!("{} ({}): {cause}", rule.id, rule.kind.id);
                diagnostics.push(code, rule.place.clone(), cause, action);
            }
        }
        if self.stages_in(scenario).all(|stage| stage.objective.only_breaks_ties()) {
            diagnostics.push(
                Code::BadPolicy,
                Place::file(&self.file).column("stages"),
                "no stage of the policy is about anything that the scenario has",
                "add a stage, for example kind = \"coverage\"",
            );
        }
        let priced = self.stages.iter().any(|stage| stage.objective.prices_shortfall());
        for rule in self.rules.iter().filter(|rule| !priced && matches!(rule.strength, Strength::Soft(_))) {
            diagnostics.push(
                Code::ThresholdHasNoEffect,
                rule.place.clone(),
                format!("{} ({}) is soft, and no stage prices what is short", rule.id, rule.kind.id),
                "add a stage of kind shortfall, or make the rule hard",
            );
        }
        for factor in &self.weights {
            for name in factor.select.unknown_names(scenario) {
                let cause = format!("weights: the scenario has no {name}");
                let place = Place::file(&self.file).column("weights");
                diagnostics.push(
                    Code::UnknownSelection,
                    place,
                    cause,
                    "use an id or group of the scenario's tables",
                );
            }
        }
        if !scenario.exclusions.is_empty() && !self.rules.iter().any(|rule| rule.kind.id == "exclusion") {
            diagnostics.push(
                Code::ExclusionsNotApplied,
                Place::file(&self.file),
                format!("the scenario has {} exclusions and no rule applies them", scenario.exclusions.len()),
                "add a rule of kind exclusion",
            );
        }
        let limited = scenario.parks.iter().filter(|park| park.capacity.is_some()).count();
        if limited > 0 && !self.rules.iter().any(|rule| rule.kind.id == "park_capacity") {
            diagnostics.push(
                Code::ParkCapacityNotApplied,
                Place::file(&self.file),
                format!("{limited} parks have a capacity and no rule keeps it"),
                "add a rule of kind park_capacity",
            );
        }
        let sends = |rule: &RuleInstance| rule.kind.resource != Resource::Money;
        let idle = !self.rules.iter().any(sends) && !self.stages.iter().any(|stage| stage.kind == "fit");
        if !scenario.talent.candidates.is_empty() && idle {
            diagnostics.push(
                Code::TalentNotPlanned,
                Place::file(&self.file),
                "the scenario has secondees who fit posts, and the policy has no stage fit and no rule on talent",
                "add a stage of kind fit, or take the tables out",
            );
        }
        diagnostics.sorted()
    }

    /// The stages that have something to be about in a scenario, in order.
    pub fn stages_in(&self, scenario: &Scenario) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| stage.objective.applies(scenario))
    }

    /// Weight of each need: the scenario's times the policy's factors, rounded to a millionth.
    pub fn need_weights(&self, scenario: &Scenario) -> Vec<Ratio> {
        let factors: Vec<_> =
            self.weights.iter().map(|factor| (factor.select.mask(scenario), factor.factor)).collect();
        let weigh = |need: &crate::domain::Need| {
            let admitted = factors.iter().filter(|(mask, _)| mask.admits_need(need));
            admitted.fold(need.weight, |weight, (_, factor)| weight.times(*factor))
        };
        scenario.needs.iter().map(weigh).collect()
    }

    /// The smallest amount that this policy calls substantial, if one of its rules names one.
    pub fn ticket(&self, scenario: &Scenario) -> Option<Money> {
        self.rules.iter().find_map(|rule| rule.rule.ticket(scenario))
    }

    /// Ids of the rules, in order.
    pub fn rule_ids(&self) -> Vec<String> {
        self.rules.iter().map(|rule| rule.id.clone()).collect()
    }
}
