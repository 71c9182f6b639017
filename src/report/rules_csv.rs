//! `rules.csv`: every instance of every rule, measured against its threshold.

use super::cell;
use super::document::{FindingRecord, PlanDocument, RuleRecord};

const HEADER: [&str; 12] = [
    "rule_id",
    "rule",
    "title_zh",
    "title_en",
    "hard",
    "scope",
    "unit",
    "measured",
    "relation",
    "threshold",
    "slack",
    "passes",
];

/// The rules of a plan document.
///
/// # Errors
/// When the CSV writer fails.
pub fn rules_csv(document: &PlanDocument) -> Result<Vec<u8>, csv::Error> {
    audit_csv(&document.rules)
}

/// The rules of an audit.
///
/// # Errors
/// When the CSV writer fails.
pub fn audit_csv(rules: &[RuleRecord]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for rule in rules {
        for finding in &rule.findings {
            writer.write_record(row(rule, finding))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn row(rule: &RuleRecord, finding: &FindingRecord) -> [String; 12] {
    let unit = serde_json::to_value(finding.unit).ok();
    [
        rule.id.clone(),
        rule.rule.clone(),
        rule.title.zh.clone(),
        rule.title.en.clone(),
        rule.hard.to_string(),
        finding.scope.join(" "),
        unit.as_ref().and_then(|unit| unit.as_str()).unwrap_or_default().to_owned(),
        cell(finding.measured),
        finding.relation.clone(),
        finding.threshold.to_string(),
        finding.slack.to_string(),
        finding.passes.to_string(),
    ]
}
