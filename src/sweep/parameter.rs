//! A parameter of a study: what it changes, how, and which values it takes.

use serde::{Deserialize, Serialize};

use super::distribution::Distribution;
use super::path::Target;
use crate::diagnostics::Place;
use crate::units::MICRO;

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Truth(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// As a value of TOML; whole numbers are integers.
    #[allow(clippy::cast_possible_truncation)]
    pub fn to_toml(&self) -> toml::Value {
        match self {
            Self::Truth(truth) => toml::Value::Boolean(*truth),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                toml::Value::Integer(*number as i64)
            }
            Self::Number(number) => toml::Value::Float(*number),
            Self::Text(text) => toml::Value::String(text.clone()),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truth(truth) => truth.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// How a value changes what is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// It stands instead.
    #[default]
    Set,
    /// It is multiplied with it.
    Multiply,
    /// It is added to it.
    Add,
}

/// Which values a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// These.
    List(Vec<Value>),
    /// Numbers from one to another: so many, evenly spaced, where a list is wanted.
    Range {
        /// The first.
        from: f64,
        /// The last.
        to: f64,
        /// How many.
        steps: usize,
    },
    /// Drawn numbers.
    Distribution(Distribution),
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name: a column of the results.
    pub name: String,
    /// What it changes.
    pub target: Target,
    /// How.
    pub operation: Operation,
    /// Its values.
    pub source: Source,
    /// Whether its values are rounded to whole numbers.
    pub whole: bool,
    /// Where it stands in the study.
    pub place: Place,
}

impl Parameter {
    /// The values where a list is wanted; `None` for a distribution.
    pub fn list(&self) -> Option<Vec<Value>> {
        match &self.source {
            Source::List(values) => Some(values.clone()),
            Source::Range { from, to, steps } => {
                let at = |step: usize| from + (to - from) * step as f64 / (steps - 1).max(1) as f64;
                Some((0..*steps).map(|step| self.rounded(at(step))).collect())
            }
            Source::Distribution(_) => None,
        }
    }

    /// Whether all its values are numbers.
    pub fn is_number(&self) -> bool {
        match &self.source {
            Source::List(values) => values.iter().all(|value| value.number().is_some()),
            Source::Range { .. } | Source::Distribution(_) => true,
        }
    }

    /// The value at a probability.
    pub fn quantile(&self, probability: f64) -> Value {
        match &self.source {
            Source::List(values) => {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let at = (probability * values.len() as f64) as usize;
                values[at.min(values.len() - 1)].clone()
            }
            Source::Range { from, to, .. } => self.rounded(from + probability * (to - from)),
            Source::Distribution(distribution) => self.rounded(distribution.quantile(probability)),
        }
    }

    /// Six decimals, which is what tables and policies hold.
    fn rounded(&self, number: f64) -> Value {
        let parts = if self.whole { 1.0 } else { MICRO as f64 };
        // + 0.0 makes −0 to 0.
        Value::Number((number * parts).round() / parts + 0.0)
    }

    /// How far two values are apart, as a share of all the way; other than numbers are all the way apart.
    pub fn distance(&self, one: Option<&Value>, other: Option<&Value>) -> f64 {
        if one == other {
            return 0.0;
        }
        let neutral = match self.operation {
            Operation::Set => None,
            Operation::Multiply => Some(1.0),
            Operation::Add => Some(0.0),
        };
        let number = |value: Option<&Value>| value.map_or(neutral, Value::number);
        let spread = match &self.source {
            Source::List(values) => {
                let numbers = || values.iter().filter_map(Value::number);
                numbers().fold(f64::NEG_INFINITY, f64::max) - numbers().fold(f64::INFINITY, f64::min)
            }
            Source::Range { from, to, .. } => (to - from).abs(),
            Source::Distribution(distribution) => distribution.spread(),
        };
        match (number(one), number(other)) {
            (Some(one), Some(other)) if spread > 0.0 => (one - other).abs() / spread,
            _ => 1.0,
        }
    }
}
