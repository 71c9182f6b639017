//! Where numbers come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;

/// What kind of number a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Taken from a published source.
    Sourced,
    /// Computed from sourced numbers.
    Derived,
    /// Made up, to show how a programme would look.
    Illustrative,
}

/// Where a column of a table comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnSource {
    /// Name of the table.
    pub table: String,
    /// Heading of the column.
    pub column: String,
    /// Its kind; none where the scenario does not say.
    pub provenance: Option<Provenance>,
    /// From what, and how.
    pub source: Text,
}
