//! A study's scenario and policy as they are before any point changes them, and as they are at a point.

use std::collections::BTreeMap;
use std::path::Path;

use super::design::Points;
use super::parameter::{Operation, Parameter, Source, Value};
use super::path::Target;
use super::study::{Objective, Study};
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::digest::sha256;
use crate::domain::Scenario;
use crate::input::{self, Cells, Change, Edit, Loaded};
use crate::model::Strength;
use crate::policy::Policy;
use crate::rules::Registry;
use crate::units::Ratio;

/// What is solved at a point.
#[derive(Debug)]
pub struct Opened {
    /// The programme.
    pub scenario: Scenario,
    /// The policy.
    pub policy: Policy,
}

/// A study that is ready to run. It stays on its thread: each thread reads the files for itself.
#[derive(Debug)]
pub struct Base<'a> {
    registry: &'a Registry,
    gaps: BTreeMap<String, f64>,
    loaded: Loaded,
    /// Policy and scenario without changes.
    pub opened: Opened,
    policy_name: String,
    policy_folder: std::path::PathBuf,
    policy_parameters: toml::Table,
    /// The points.
    pub points: Points,
    /// What a front looks at.
    pub objectives: Vec<Objective>,
    /// SHA-256 of all that the results depend on: files, study, options, version.
    pub key: String,
    /// Each file that was read, with its digest.
    pub inputs: Vec<(String, String)>,
}

impl<'a> Base<'a> {
    /// Reads a study's scenario and policy, and holds its parameters against them.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn open(study: &Study, registry: &'a Registry) -> Result<Self, Diagnostics> {
        let loaded = input::load(&study.scenario, &study.sets)?;
        let named = study.policy.as_deref().or(loaded.policy.as_deref()).unwrap_or("concentrate").to_owned();
        let folder = if study.policy.is_some() { Path::new(".") } else { &loaded.policy_folder }.to_owned();
        let plain = Policy::read(&named, &folder, registry, &loaded.policy_parameters, &loaded.policy_sets)?;
        let policy_parameters = with_rules(&loaded.policy_parameters, &plain.id, &study.rules);
        let policy = Policy::read(&named, &folder, registry, &policy_parameters, &loaded.policy_sets)?;
        let policy = with_gaps(policy, &study.gaps);
        let presolved = policy.presolve(&loaded.scenario);
        if presolved.has_errors() {
            return Err(presolved);
        }
        let mut found = Diagnostics::new();
        let parameters = match study.stress {
            Some(stress) => stress_parameters(stress, &loaded, &policy),
            None => parameters(study, &loaded, &mut found),
        };
        let points = Points::new(parameters, study.design.clone());
        let mut inputs: Vec<(String, String)> =
            loaded.inputs.iter().map(|input| (input.path.clone(), input.sha256.clone())).collect();
        inputs.push((policy.file.clone(), policy.sha256.clone()));
        let digests: Vec<&str> = inputs.iter().map(|(_, digest)| digest.as_str()).collect();
        let whole = [digests.join(" ").as_str(), &study.text, env!("CARGO_PKG_VERSION")].join("\n");
        let scenario = loaded.scenario.clone();
        for kind in study.gaps.keys().filter(|kind| scenario_stages(&policy, kind) == 0) {
            let known: Vec<&str> = policy.stages.iter().map(|stage| stage.kind.as_str()).collect();
            let place = Place::file(study.file.display().to_string()).column(format!("gaps.{kind}"));
            let cause = format!("the policy has no stage '{kind}'");
            found.push(Code::BadStudy, place, cause, format!("it has {}", known.join(", ")));
        }
        let base = Self {
            gaps: study.gaps.clone(),
            registry,
            loaded,
            opened: Opened { scenario, policy },
            policy_name: named,
            policy_folder: folder,
            policy_parameters,
            points,
            objectives: study.objectives.clone(),
            key: sha256(whole.as_bytes()),
            inputs,
        };
        base.check(study, &mut found);
        if found.has_errors() { Err(found.sorted()) } else { Ok(base) }
    }

    /// Tries each parameter by itself, at its first and last value: a path that leads nowhere is told before
    /// anything is solved. A value with which the scenario has an error is a result.
    fn check(&self, study: &Study, found: &mut Diagnostics) {
        match self.points.count() {
            Some(1..=10_000_000) => {}
            _ => {
                let place = Place::file(study.file.display().to_string()).column("design");
                found.push(
                    Code::BadStudy,
                    place,
                    "the design has no points, or too many",
                    "take fewer values",
                );
            }
        }
        for (at, parameter) in self.points.parameters().iter().enumerate() {
            let mut values = vec![None; self.points.parameters().len()];
            values[at] = Some(parameter.quantile(0.0));
            if let Err(Wrong::Path(cause)) = self.changes(&values) {
                let action = "name a rule and key of the policy, or cells of a table of the scenario";
                found.push(
                    Code::BadStudy,
                    parameter.place.clone(),
                    format!("'{}': {cause}", parameter.name),
                    action,
                );
            }
        }
        for (position, objective) in self.objectives.iter().enumerate() {
            let known = self.metric_ids();
            if !known.contains(&objective.metric) {
                let place = Place::file(study.file.display().to_string())
                    .column(format!("design.objectives[{position}].metric"));
                let cause = format!("there is no metric '{}'", objective.metric);
                found.push(Code::BadStudy, place, cause, format!("there are {}", known.join(", ")));
            }
        }
    }

    /// Ids of the metrics of every point.
    pub fn metric_ids(&self) -> Vec<String> {
        let (scenario, policy) = (&self.opened.scenario, &self.opened.policy);
        let nothing = crate::domain::Plan::default();
        let metrics = crate::audit::Metrics::of(scenario, &nothing, policy.ticket(scenario));
        metrics.whole.into_iter().map(|metric| metric.id).collect()
    }

    /// Scenario and policy at a point.
    ///
    /// # Errors
    /// What is wrong with them there, in lines of text.
    pub fn at(&self, values: &[Option<Value>]) -> Result<Opened, Vec<String>> {
        let (sets, edits) = self.changes(values).map_err(|wrong| match wrong {
            Wrong::Path(cause) => vec![cause],
        })?;
        let scenario =
            if edits.is_empty() { self.opened.scenario.clone() } else { self.loaded.edited(&edits)? };
        let policy = if sets.is_empty() {
            self.opened.policy.clone()
        } else {
            let all = [self.loaded.policy_sets.clone(), sets].concat();
            Policy::read(&self.policy_name, &self.policy_folder, self.registry, &self.policy_parameters, &all)
                .map(|policy| with_gaps(policy, &self.gaps))
                .map_err(|found| told(&found))?
        };
        let presolved = policy.presolve(&scenario);
        if presolved.has_errors() { Err(told(&presolved)) } else { Ok(Opened { scenario, policy }) }
    }

    /// What the values change.
    #[allow(clippy::type_complexity)]
    fn changes(
        &self,
        values: &[Option<Value>],
    ) -> Result<(Vec<(Vec<String>, toml::Value)>, Vec<Edit>), Wrong> {
        let (mut sets, mut edits) = (Vec::new(), Vec::new());
        for (parameter, value) in self.points.parameters().iter().zip(values) {
            let Some(value) = value else { continue };
            match &parameter.target {
                Target::Policy(path) => {
                    let value = self.policy_value(path, parameter.operation, value).map_err(Wrong::Path)?;
                    sets.push((path.clone(), value));
                }
                Target::Cells(cells) => {
                    self.loaded.texts(cells).map_err(Wrong::Path)?;
                    let ratio = || {
                        let number = value.number().and_then(signed_ratio);
                        number.ok_or_else(|| {
                            Wrong::Path(format!("{value} has more than six decimals, or is too large"))
                        })
                    };
                    let change = match parameter.operation {
                        Operation::Set => Change::Set(value.to_string()),
                        Operation::Multiply => Change::Multiply(ratio()?),
                        Operation::Add => Change::Add(ratio()?),
                    };
                    edits.push(Edit { cells: cells.clone(), change });
                }
            }
        }
        Ok((sets, edits))
    }

    fn policy_value(
        &self,
        path: &[String],
        operation: Operation,
        value: &Value,
    ) -> Result<toml::Value, String> {
        let rules = &self.opened.policy.rules;
        let id = &path[1];
        let rule = rules.iter().find(|rule| rule.id == *id).ok_or_else(|| {
            let known: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
            format!("the policy has no rule '{id}'; it has {}", known.join(", "))
        })?;
        let own = ["enabled", "strength", "penalty", "title", "source", "rule"].contains(&path[2].as_str());
        let now = if own {
            None
        } else {
            let first = rule.parameters.get(&path[2]);
            path[3..].iter().fold(first, |inner, key| inner.and_then(|inner| inner.get(key)))
        };
        if now.is_none() && !own && operation != Operation::Set {
            let known: Vec<&String> = rule.parameters.keys().collect();
            return Err(format!(
                "rule {id} has no number '{}' to change; it has {known:?}",
                path[2..].join(".")
            ));
        }
        let old = now.and_then(|now| now.as_float().or(now.as_integer().map(|whole| whole as f64)));
        let number = |old: Option<f64>, by: &dyn Fn(f64, f64) -> f64| {
            let (old, value) = (old?, value.number()?);
            Some(Value::Number((by(old, value) * 1e6).round() / 1e6).to_toml())
        };
        let changed = match operation {
            Operation::Set => Some(value.to_toml()),
            Operation::Multiply => number(old, &|old, value| old * value),
            Operation::Add => number(old, &|old, value| old + value),
        };
        changed.ok_or_else(|| format!("'{}' of rule {id} is not a number", path[2..].join(".")))
    }
}

/// A policy with gaps of its stages changed, by their kind.
fn with_gaps(mut policy: Policy, gaps: &BTreeMap<String, f64>) -> Policy {
    for stage in &mut policy.stages {
        stage.gap = gaps.get(&stage.kind).copied().or(stage.gap);
    }
    policy
}

fn scenario_stages(policy: &Policy, kind: &str) -> usize {
    policy.stages.iter().filter(|stage| stage.kind == kind).count()
}

/// What keeps a point from being opened at all.
enum Wrong {
    /// A path leads nowhere.
    Path(String),
}

fn told(found: &Diagnostics) -> Vec<String> {
    let is_error = |code: Code| code.severity() == crate::diagnostics::Severity::Error;
    found
        .iter()
        .filter(|found| is_error(found.code))
        .map(|found| format!("{}: {}", found.place, found.cause))
        .collect()
}

/// A number as a ratio, also under nothing.
fn signed_ratio(number: f64) -> Option<Ratio> {
    Ratio::from_f64(number)
}

/// The parameters of policies, with a study's own rules in them.
fn with_rules(parameters: &toml::Table, policy: &str, rules: &toml::Table) -> toml::Table {
    let mut parameters = parameters.clone();
    if rules.is_empty() {
        return parameters;
    }
    let own = parameters.entry(policy.to_owned()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let Some(own) = own.as_table_mut() {
        let known = own.entry("rules").or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let Some(known) = known.as_table_mut() {
            known.extend(rules.clone());
        }
    }
    parameters
}

/// The parameters, with `each` spread out over the rows.
fn parameters(study: &Study, loaded: &Loaded, found: &mut Diagnostics) -> Vec<Parameter> {
    let mut all = Vec::new();
    for (parameter, each) in &study.parameters {
        let Target::Cells(cells) = &parameter.target else {
            all.push(parameter.clone());
            continue;
        };
        if !each {
            all.push(parameter.clone());
            continue;
        }
        match loaded.texts(cells) {
            Ok(rows) => {
                let mut keys: Vec<Vec<(String, String)>> = rows.into_iter().map(|(key, _)| key).collect();
                keys.dedup();
                all.extend(keys.into_iter().map(|key| {
                    let ids: Vec<&str> = key.iter().map(|(_, id)| id.as_str()).collect();
                    let name = format!("{}.{}", parameter.name, ids.join("."));
                    let target = Target::Cells(Cells { rows: key, ..cells.clone() });
                    Parameter { name, target, ..parameter.clone() }
                }));
            }
            Err(cause) => {
                let action = "name a table and a column that the scenario has";
                found.push(
                    Code::BadStudy,
                    parameter.place.clone(),
                    format!("'{}': {cause}", parameter.name),
                    action,
                );
            }
        }
    }
    all
}

/// One parameter for each loss and for each rule.
fn stress_parameters(stress: super::study::Stress, loaded: &Loaded, policy: &Policy) -> Vec<Parameter> {
    let parameter = |name: String, target, operation, value| Parameter {
        name,
        target,
        operation,
        source: Source::List(vec![value]),
        whole: false,
        place: Place::default(),
    };
    let mut all = Vec::new();
    if let Some(kept) = stress.provinces {
        for province in &loaded.scenario.provinces {
            // Capacity is given, or follows from revenue.
            let stems = ["capacity*", "revenue"].map(|column| Cells {
                table: "provinces".to_owned(),
                rows: vec![("province_id".to_owned(), province.id.clone())],
                column: column.to_owned(),
            });
            let filled = |cells: &Cells| {
                loaded.texts(cells).is_ok_and(|texts| texts.iter().any(|(_, text)| !text.is_empty()))
            };
            if let Some(cells) = stems.into_iter().find(filled) {
                let name = format!("province.{}", province.id);
                all.push(parameter(name, Target::Cells(cells), Operation::Multiply, Value::Number(kept)));
            }
        }
    }
    if stress.rules {
        for rule in policy.rules.iter().filter(|rule| rule.strength == Strength::Hard) {
            let path = ["rules", &rule.id, "enabled"].map(str::to_owned).to_vec();
            let name = format!("rule.{}", rule.id);
            all.push(parameter(name, Target::Policy(path), Operation::Set, Value::Truth(false)));
        }
    }
    all
}
