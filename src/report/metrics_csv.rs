//! `metrics.csv`: the numbers about a plan, the whole first, then by province, site, region and sector.

use super::document::PlanDocument;
use crate::audit::Coverage;

/// The metrics of a plan document.
///
/// # Errors
/// When the CSV writer fails.
pub fn metrics_csv(document: &PlanDocument) -> Result<Vec<u8>, csv::Error> {
    let text = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["kind", "id", "metric", "unit", "value", "last_plan", "baseline"])?;
    for record in &document.metrics {
        let unit = serde_json::to_value(record.metric.unit).ok();
        let unit = unit.as_ref().and_then(|unit| unit.as_str()).unwrap_or_default();
        let (value, last, baseline) =
            (text(record.metric.value), text(record.last_plan), text(record.baseline));
        writer.write_record(["all", "", &record.metric.id, unit, &value, &last, &baseline])?;
    }
    let coverage = &document.coverage;
    for (kind, rows) in [
        ("province", &coverage.province),
        ("region", &coverage.region),
        ("site", &coverage.site),
        ("sector", &coverage.sector),
    ] {
        for Coverage { id, money, need, coverage } in rows {
            writer.write_record([kind, id, "money", "money", &money.to_string(), "", ""])?;
            writer.write_record([kind, id, "need", "money", &need.to_string(), "", ""])?;
            if coverage.is_some() {
                writer.write_record([kind, id, "coverage", "share", &text(*coverage), "", ""])?;
            }
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
