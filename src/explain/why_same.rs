//! Why a change of the input changed nothing, or what it changed: two written runs, side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Shift;

/// What a written run says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Files that were read, by name, with their hashes.
    pub inputs: BTreeMap<String, String>,
    /// What `--set` took.
    pub overrides: Vec<String>,
    /// Kind, value and bound of each stage.
    pub stages: Vec<(String, f64, Option<f64>)>,
    /// Money of each line: province, site, sector.
    pub lines: BTreeMap<[String; 3], i64>,
    /// Each rule: id, kind, and the least room of all its instances with the ids of that one.
    pub rules: BTreeMap<String, (String, Option<f64>, Vec<String>)>,
}

/// A stage in both runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StagePair {
    /// Kind of objective.
    pub kind: String,
    /// Value in this run and in the other.
    pub values: [f64; 2],
    /// Bound in this run and in the other.
    pub bounds: [Option<f64>; 2],
    /// Whether the two optimal values may be the same, as far as is known.
    pub may_be_equal: bool,
}

/// A rule whose room says whether a change could matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Room {
    /// Id of the rule.
    pub rule: String,
    /// Name of its kind.
    pub kind: String,
    /// Least room in this run and in the other.
    pub slack: [Option<f64>; 2],
    /// The ids where this run has least room.
    pub scope: Vec<String>,
    /// Whether a `--set` that differs is about it.
    pub was_changed: bool,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sameness {
    /// Files that differ or that one run did not read.
    pub files: Vec<String>,
    /// `--set` of one run only: `+` this one, `-` the other.
    pub overrides: Vec<String>,
    /// Whether the plans are the same to the unit.
    pub same_plan: bool,
    /// Stages.
    pub stages: Vec<StagePair>,
    /// Lines that differ; before is the other run.
    pub shifts: Vec<Shift>,
    /// Rules that were changed, and those without room in one run only.
    pub rules: Vec<Room>,
}

/// Compares this run with another.
pub fn why_same(this: &Facts, other: &Facts) -> Sameness {
    let files: BTreeSet<&String> = this.inputs.keys().chain(other.inputs.keys()).collect();
    let files = files.into_iter().filter(|file| this.inputs.get(*file) != other.inputs.get(*file));
    let only = |a: &Facts, b: &Facts, mark: &str| -> Vec<String> {
        let mine = a.overrides.iter().filter(|set| !b.overrides.contains(set));
        mine.map(|set| format!("{mark} {set}")).collect()
    };
    let overrides = [only(this, other, "+"), only(other, this, "-")].concat();
    let stages = this.stages.iter().zip(&other.stages).filter(|(a, b)| a.0 == b.0).map(|(a, b)| {
        let between = |a: &(String, f64, Option<f64>)| {
            let bound = a.2.unwrap_or(if a.1 >= 0.0 { f64::INFINITY } else { f64::NEG_INFINITY });
            (a.1.min(bound), a.1.max(bound))
        };
        let (one, two) = (between(a), between(b));
        let may_be_equal = one.0 <= two.1 && two.0 <= one.1;
        StagePair { kind: a.0.clone(), values: [a.1, b.1], bounds: [a.2, b.2], may_be_equal }
    });
    let keys: BTreeSet<&[String; 3]> = this.lines.keys().chain(other.lines.keys()).collect();
    let on = |facts: &Facts, key: &[String; 3]| facts.lines.get(key).copied().unwrap_or(0);
    let mut shifts: Vec<Shift> = keys
        .into_iter()
        .filter(|key| on(this, key) != on(other, key))
        .map(|key| {
            let [province, site, sector] = key.clone();
            Shift { province, site, sector, before: on(other, key), after: on(this, key) }
        })
        .collect();
    shifts.sort_by_key(|shift| std::cmp::Reverse((shift.after - shift.before).abs()));
    let rules = this.rules.iter().map(|(id, (kind, slack, scope))| {
        let about = format!(" policy.rules.{id}.");
        Room {
            rule: id.clone(),
            kind: kind.clone(),
            slack: [*slack, other.rules.get(id).and_then(|rule| rule.1)],
            scope: scope.clone(),
            was_changed: overrides.iter().any(|set| set.contains(&about)),
        }
    });
    let binds = |slack: Option<f64>| slack.is_some_and(|slack| slack < 1.0);
    let rules = rules.filter(|room| room.was_changed || binds(room.slack[0]) != binds(room.slack[1]));
    Sameness {
        files: files.cloned().collect(),
        same_plan: this.lines == other.lines,
        stages: stages.collect(),
        shifts,
        rules: rules.collect(),
        overrides,
    }
}
