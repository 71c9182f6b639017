//! What is handed on: one file a format, each turning a plan and its findings into bytes or text. Nothing
//! here sees a solver; writing is done by the caller, all files or none.

mod compare;
mod conflict;
pub mod document;
pub mod explain;
pub mod industry;
pub mod members;
mod metrics_csv;
mod plan_csv;
pub mod plots;
mod points;
mod rules_csv;
mod sweep;
mod sweep_html;
pub mod talent;
mod text;

pub use compare::{comparison_csv, comparison_json, comparison_text, comparison_xlsx};
pub use conflict::{infeasibility_json, infeasibility_text};
pub use document::PlanDocument;
pub use industry::industry_csv;
pub use metrics_csv::metrics_csv;
pub use plan_csv::plan_csv;
pub use points::{Find, PointCell, PointsParquet, point_columns, point_json};
pub use rules_csv::{audit_csv, rules_csv};
pub use sweep::{runs_text, summary_text};
pub use sweep_html::summary_html;
pub use talent::{matches_csv, talent_csv};
pub use text::{audit_text, summary};

/// A number in a table of CSV; an empty cell where there is none.
fn cell(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
