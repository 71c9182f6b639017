//! The certificate: what ties it to a run, and whole multipliers by rule and member, never by the place of
//! a column or row, so that no model is needed to read it.

use serde::{Deserialize, Serialize};

/// Version of the layout.
pub const FORMAT: u32 = 1;

/// Multipliers that prove a bound for each stage of the plan beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Version of this layout.
    pub format: u32,
    /// SHA-256 of `input.json`, in hexadecimal digits.
    pub input_sha256: String,
    /// SHA-256 of `plan.csv`, in hexadecimal digits.
    pub plan_sha256: String,
    /// SHA-256 of `talent.csv`, where there are people or posts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub talent_sha256: Option<String>,
    /// The stages that have a proof.
    pub stages: Vec<StageProof>,
}

/// A proof that no plan that is at least as good in the stages before is better than a bound in this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageProof {
    /// Which stage of the policy, from 1.
    pub stage: usize,
    /// Its kind.
    pub kind: String,
    /// The plan's value: a decimal with six places, rounded down.
    pub value: String,
    /// What the multipliers prove: a decimal with six places, rounded away from the value.
    pub bound: String,
    /// Cases that together are all there are: one, or the leaves of a tree.
    pub leaves: Vec<Leaf>,
}

/// A case with multipliers of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// What is assumed in it, from the root of the tree.
    pub decided: Vec<Decision>,
    /// What a unit of an earlier stage is worth in this one.
    pub kept: Vec<Kept>,
    /// What a unit of a rule's limit is worth in this stage.
    pub multipliers: Vec<Multiplier>,
}

/// Stands for every province or site in what a case counts.
pub const ANY: &str = "*";

/// That so many lines or pairings are funded, or fewer: of a province, of a site, of all; or a single one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What is counted.
    pub count: Count,
    /// Province, site and, of lines, sector, as far as they matter; [`ANY`] for a province that does not.
    pub of: Vec<String>,
    /// How many.
    pub number: usize,
    /// At least so many, or fewer.
    pub at_least: bool,
    /// What one more is worth: in 10⁻¹² of a unit of the objective; at least 0.
    #[serde(with = "digits")]
    pub value: i128,
}

/// What a case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Funded lines.
    Lines,
    /// Pairings with a funded line.
    Links,
}

/// What a unit of an earlier stage is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Which stage, from 1.
    pub stage: usize,
    /// In 10⁻¹² of a unit of the objective; at least 0.
    #[serde(with = "digits")]
    pub value: i128,
}

/// What a unit of a limit is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiplier {
    /// Id of the rule in the policy, or `PEOPLE`: nobody is sent twice.
    pub rule: String,
    /// The ids and the year of the limit; none for the whole programme.
    pub of: Vec<String>,
    /// Which limit of those with these ids: `lower`, `upper`, `share` …; mostly empty.
    pub part: String,
    /// In 10⁻¹² of a unit of the objective for each unit of the limit; at least 0.
    #[serde(with = "digits")]
    pub value: i128,
}

/// A whole number as a string of digits: numbers of JSON end, for many readers, at 2⁵³.
mod digits {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(number: &i128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format!("'{text}' is not a whole number")))
    }
}
