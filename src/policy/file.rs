//! A policy file: found, read, changed by the scenario and the command line, and understood.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Policy, RuleInstance, Stage, WeightFactor};
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::digest;
use crate::domain::Text;
use crate::model::Strength;
use crate::objectives;
use crate::rules::Registry;
use crate::units::Ratio;

/// The policies that are built in: name and text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("concentrate", include_str!("../../models/concentrate.toml")),
    ("status-quo", include_str!("../../models/status-quo.toml")),
    ("erdf-2014-2020", include_str!("../../models/erdf-2014-2020.toml")),
];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum StrengthWord {
    /// No plan may break it.
    #[default]
    Hard,
    /// A plan may fall short, at its penalty.
    Soft,
}

/// A policy file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPolicy {
    /// Stable id.
    id: String,
    /// Title.
    title: Text,
    /// What it is for.
    #[serde(default)]
    description: Text,
    /// Factors on the weight of needs, multiplied with those of the table priorities.
    #[serde(default)]
    weights: Vec<WeightFactor>,
    /// Objective stages, in order.
    stages: Vec<RawStage>,
    /// Rules by id.
    rules: toml::Table,
}

/// A stage as it is written: the keys below, and the parameters of its kind.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawStage {
    /// Kind of objective.
    kind: String,
    /// What later stages may give up of its value, as a share of it.
    #[serde(default)]
    tolerance: Ratio,
    /// Gap at which it counts as solved, where it differs from the run's.
    #[serde(default)]
    gap: Option<f64>,
    #[serde(flatten)]
    #[schemars(skip)]
    parameters: toml::Table,
}

/// A rule as it is written: the keys below, and the parameters of its kind.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawRule {
    /// Kind of rule.
    rule: String,
    /// Title.
    title: Text,
    /// Law, plan or decision that it comes from.
    #[serde(default)]
    source: String,
    /// Hard or soft.
    #[serde(default)]
    strength: StrengthWord,
    /// Price of falling short, where it is soft: for each unit of money, or in units of money for each
    /// one over a count.
    #[serde(default = "one")]
    penalty: Ratio,
    /// `false` switches it off.
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(flatten)]
    #[schemars(skip)]
    parameters: toml::Table,
}

fn one() -> Ratio {
    Ratio::ONE
}

fn yes() -> bool {
    true
}

impl Policy {
    /// Reads a policy: a path, or the name of a built-in one. Paths are tried as they are and then
    /// relative to `folder`. `parameters` are tables to merge in, by the policy's id; `sets` are paths and
    /// values that come last.
    ///
    /// # Errors
    /// Everything that is wrong with it, in one collection.
    pub fn read(
        name: &str,
        folder: &Path,
        registry: &Registry,
        parameters: &toml::Table,
        sets: &[(Vec<String>, toml::Value)],
    ) -> Result<Self, Diagnostics> {
        let (file, text) = find(name, folder)?;
        let mut table = parse_toml(&file, &text)?;
        let id = table.get("id").and_then(toml::Value::as_str).unwrap_or_default();
        let for_this = parameters.get(id).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let mut diagnostics = Diagnostics::new();
        merge(&mut table, for_this);
        for (path, value) in sets {
            if let Err(cause) = set_path(&mut table, path, value.clone()) {
                let place = Place::file(format!("--set policy.{}", path.join(".")));
                let action = "name a rule or another key that the policy has";
                diagnostics.push(Code::BadOverride, place, cause, action);
            }
        }
        let sha256 = digest::sha256(text.as_bytes());
        match Self::from_table(table, &file, &text, sha256, registry, &mut diagnostics) {
            Some(policy) if !diagnostics.has_errors() => Ok(policy),
            _ => Err(diagnostics.sorted()),
        }
    }

    fn from_table(
        table: toml::Table,
        file: &str,
        text: &str,
        sha256: String,
        registry: &Registry,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let raw: RawPolicy = match table.try_into() {
            Ok(raw) => raw,
            Err(error) => {
                let cause = error.message().trim().to_owned();
                let action = "see `allot schema policy` for the keys of a policy";
                diagnostics.push(Code::BadPolicy, Place::file(file), cause, action);
                return None;
            }
        };
        let stages = read_stages(raw.stages, file, text, diagnostics);
        let mut rules = Vec::new();
        for (id, value) in raw.rules {
            let mut place = Place::file(file).column(format!("rules.{id}"));
            place.row = line_of(text, &format!("[rules.{id}]"));
            match read_rule(&id, value, place.clone(), registry) {
                Ok(rule) => rules.extend(rule),
                Err(cause) => {
                    let action = "see docs/policy.md or `allot schema policy` for the kinds of rules and their parameters";
                    diagnostics.push(Code::BadPolicy, place, cause, action);
                }
            }
        }
        let (id, title, description, file) = (raw.id, raw.title, raw.description, file.to_owned());
        Some(Self { id, title, description, file, sha256, rules, stages, weights: raw.weights })
    }
}

fn read_stages(raw: Vec<RawStage>, file: &str, text: &str, diagnostics: &mut Diagnostics) -> Vec<Stage> {
    let mut place = Place::file(file).column("stages");
    place.row = line_of(text, "[[stages]]");
    let mut stages = Vec::new();
    for RawStage { kind, tolerance, gap, parameters } in raw {
        match objectives::parse(&kind, parameters.clone()) {
            Ok(objective) => stages.push(Stage { kind, tolerance, gap, objective, parameters }),
            Err(cause) => {
                let action = "see docs/policy.md or `allot schema policy` for the kinds of objectives and their parameters";
                diagnostics.push(Code::BadPolicy, place.clone(), format!("stage '{kind}': {cause}"), action);
            }
        }
    }
    let misplaced = stages.iter().rev().skip(1).any(|stage: &Stage| stage.objective.only_breaks_ties());
    if misplaced {
        let cause = "tie_break must be the last stage";
        diagnostics.push(Code::BadPolicy, place.clone(), cause, "move it to the end of the stages");
    }
    if stages.iter().all(|stage| stage.objective.only_breaks_ties()) && !diagnostics.has_errors() {
        let cause = "the policy has no objective stage";
        diagnostics.push(Code::BadPolicy, place, cause, "add a stage, for example kind = \"coverage\"");
    }
    stages
}

/// A rule, or nothing when it is switched off.
fn read_rule(
    id: &str,
    value: toml::Value,
    place: Place,
    registry: &Registry,
) -> Result<Option<RuleInstance>, String> {
    let raw: RawRule =
        value.try_into().map_err(|error: toml::de::Error| error.message().trim().to_owned())?;
    let kind = registry.find(&raw.rule).ok_or_else(|| {
        let known: Vec<_> = registry.kinds().iter().map(|kind| kind.id).collect();
        format!("there is no rule '{}'; there are {}", raw.rule, known.join(", "))
    })?;
    if raw.penalty < Ratio::ZERO {
        return Err("penalty is negative".to_owned());
    }
    if !raw.enabled {
        return Ok(None);
    }
    let rule = (kind.parse)(raw.parameters.clone())?;
    let strength = match raw.strength {
        StrengthWord::Hard => Strength::Hard,
        StrengthWord::Soft => Strength::Soft(raw.penalty),
    };
    Ok(Some(RuleInstance {
        id: id.to_owned(),
        kind: kind.clone(),
        title: raw.title,
        source: raw.source,
        strength,
        rule,
        parameters: raw.parameters,
        place,
    }))
}

fn find(name: &str, folder: &Path) -> Result<(String, String), Diagnostics> {
    if let Some((id, text)) = BUILT_IN.iter().find(|(id, _)| *id == name) {
        return Ok((format!("models/{id}.toml"), (*text).to_owned()));
    }
    let candidates = [PathBuf::from(name), folder.join(name)];
    let path = candidates.iter().find(|path| path.is_file());
    let read = path.map(|path| (path.display().to_string(), std::fs::read_to_string(path)));
    match read {
        Some((file, Ok(text))) => Ok((file, text)),
        other => {
            let mut diagnostics = Diagnostics::new();
            let cause = match other {
                Some((_, Err(error))) => error.to_string(),
                _ => {
                    let known: Vec<_> = BUILT_IN.iter().map(|(id, _)| *id).collect();
                    format!(
                        "no such policy file (looked where you stand and beside the scenario) and no built-in policy; \
                         built in are {}",
                        known.join(", ")
                    )
                }
            };
            diagnostics.push(Code::FileUnreadable, Place::file(name), cause, "check the name or path");
            Err(diagnostics)
        }
    }
}

fn parse_toml(file: &str, text: &str) -> Result<toml::Table, Diagnostics> {
    text.parse::<toml::Table>().map_err(|error| {
        let mut diagnostics = Diagnostics::new();
        let mut place = Place::file(file);
        place.row = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        diagnostics.push(Code::BadToml, place, error.message().trim(), "mend the TOML");
        diagnostics
    })
}

/// Puts a table's values into another, table by table.
fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => merge(inner, value),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Sets one value; every table on the way must be there.
fn set_path(table: &mut toml::Table, path: &[String], value: toml::Value) -> Result<(), String> {
    let Some((last, parents)) = path.split_last() else { return Err("the path is empty".to_owned()) };
    let mut table = table;
    for key in parents {
        let known: Vec<String> = table.keys().cloned().collect();
        table = table
            .get_mut(key)
            .and_then(toml::Value::as_table_mut)
            .ok_or_else(|| format!("there is no table '{key}'; there are {}", known.join(", ")))?;
    }
    table.insert(last.clone(), value);
    Ok(())
}

/// Line (from 1) that begins with a heading.
fn line_of(text: &str, heading: &str) -> Option<usize> {
    text.lines().position(|line| line.trim_start().starts_with(heading)).map(|position| position + 1)
}
