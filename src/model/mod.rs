//! A mixed-integer linear model as rows and columns that know where they come from. It knows no
//! solver and no rule by name.

mod builder;
mod matrix;
mod name;

pub use builder::{Builder, Built, Limits, Slack, Strength};
pub use matrix::{Bound, ColumnId, ColumnKind, Model, RowId, Sense, Terms, added_up};
pub use name::{Name, Subject};
