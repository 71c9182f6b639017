//! Where the inputs of two sides differ, as one list.

use serde::Serialize;

use super::Side;
use crate::diagnostics::Place;
use crate::input;
use crate::policy::{self, Part};

/// A difference of two inputs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputDifference {
    /// Position of the side that differs from the first.
    pub side: usize,
    /// A table, `scenario` for a key of scenario.toml, or `policy`.
    pub of: String,
    /// Which row, key, rule or part.
    pub what: String,
    /// The column, where there is one.
    pub column: Option<String>,
    /// What the first side says; `None` where it has no such row or rule.
    pub before: Option<String>,
    /// What the other side says.
    pub after: Option<String>,
    /// Where the first says it.
    pub before_at: Option<Place>,
    /// Where the other says it.
    pub after_at: Option<Place>,
}

/// Differences of a side's input from the first side's: scenario.toml, tables, policy.
pub fn input_differences(first: &Side, other: &Side, side: usize) -> Vec<InputDifference> {
    let of_tables = first.loaded.differences(&other.loaded);
    let of_policy = first.policy.differences(&other.policy);
    let tables = of_tables.iter().map(|difference| of_table(difference, side));
    let policies = of_policy.iter().map(|difference| of_rule(first, other, difference, side));
    tables.chain(policies).collect()
}

/// A row, key or rule, as it is named in a list.
pub(super) fn row_name(difference: &input::Difference) -> String {
    let ids: Vec<&str> = difference.row.iter().map(|(_, id)| id.as_str()).collect();
    let ids: Vec<&str> = ids.into_iter().filter(|id| !id.is_empty()).collect();
    ids.join(" ")
}

pub(super) fn rule_name(first: &Side, other: &Side, difference: &policy::Difference) -> String {
    let name = |side: &Side, rule: usize| {
        let rule = &side.policy.rules[rule];
        format!("{} {}", rule.id, rule.kind.id)
    };
    match difference.part {
        Part::Rule(Some(mine), Some(yours)) => {
            let (mine, yours) = (name(first, mine), name(other, yours));
            if mine == yours { mine } else { format!("{mine} = {yours}") }
        }
        Part::Rule(Some(mine), None) => name(first, mine),
        Part::Rule(None, Some(yours)) => name(other, yours),
        Part::Rule(None, None) => String::new(),
        Part::Stages => "stages".to_owned(),
        Part::Weights => "weights".to_owned(),
    }
}

fn of_table(difference: &input::Difference, side: usize) -> InputDifference {
    let says = |written: &Option<input::Written>| written.as_ref().map(|written| written.text.clone());
    let at = |written: &Option<input::Written>| written.as_ref().map(|written| written.place.clone());
    let is_key = difference.table == input::SCENARIO;
    let column = difference.column.clone();
    InputDifference {
        side,
        of: difference.table.to_owned(),
        what: if is_key { column.clone().unwrap_or_default() } else { row_name(difference) },
        column: column.filter(|_| !is_key),
        before: says(&difference.before),
        after: says(&difference.after),
        before_at: at(&difference.before),
        after_at: at(&difference.after),
    }
}

fn of_rule(first: &Side, other: &Side, difference: &policy::Difference, side: usize) -> InputDifference {
    let says = |part: &Option<(String, Place)>| part.as_ref().map(|(text, _)| text.clone());
    let at = |part: &Option<(String, Place)>| part.as_ref().map(|(_, place)| place.clone());
    InputDifference {
        side,
        of: "policy".to_owned(),
        what: rule_name(first, other, difference),
        column: None,
        before: says(&difference.before),
        after: says(&difference.after),
        before_at: at(&difference.before),
        after_at: at(&difference.after),
    }
}
