//! `metrics.csv`: the numbers about a plan, the whole first, then by province, site, region and sector, then
//! about industries and parks, then about people and posts.

use super::cell;
use super::document::{CoverageOf, PlanDocument};
use super::industry::IndustryRecord;
use super::talent::TalentRecord;
use crate::audit::Coverage;

/// The metrics of a plan document.
///
/// # Errors
/// When the CSV writer fails.
pub fn metrics_csv(document: &PlanDocument) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["kind", "id", "metric", "unit", "value", "last_plan", "baseline"])?;
    for record in &document.metrics {
        let unit = serde_json::to_value(record.metric.unit).ok();
        let unit = unit.as_ref().and_then(|unit| unit.as_str()).unwrap_or_default();
        let (value, last, baseline) =
            (cell(record.metric.value), cell(record.last_plan), cell(record.baseline));
        writer.write_record(["all", "", &record.metric.id, unit, &value, &last, &baseline])?;
    }
    let coverage = &document.coverage;
    for (kind, rows) in [
        ("province", &coverage.province),
        ("region", &coverage.region),
        ("site", &coverage.site),
        ("sector", &coverage.sector),
    ] {
        for CoverageOf { now: Coverage { id, money, need, coverage }, last_plan, baseline } in rows {
            writer.write_record([
                kind,
                id,
                "money",
                "money",
                &money.to_string(),
                &cell(*last_plan),
                &cell(*baseline),
            ])?;
            writer.write_record([kind, id, "need", "money", &need.to_string(), "", ""])?;
            if coverage.is_some() {
                writer.write_record([kind, id, "coverage", "share", &cell(*coverage), "", ""])?;
            }
        }
    }
    if let Some(industry) = &document.industry {
        write_industry(&mut writer, industry)?;
    }
    if let Some(talent) = &document.talent {
        write_talent(&mut writer, talent)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Industries, their location quotients by region, parks and benefits. Who builds what at which site is
/// `industry.csv`.
fn write_industry(writer: &mut csv::Writer<Vec<u8>>, industry: &IndustryRecord) -> Result<(), csv::Error> {
    let mut write = |kind: &str, id: &str, metric: &str, unit: &str, values: [String; 3]| {
        let [value, last, baseline] = values;
        writer.write_record([kind, id, metric, unit, &value, &last, &baseline])
    };
    let alone = |value: String| [value, String::new(), String::new()];
    for total in &industry.industries {
        let money = [total.money.to_string(), cell(total.last_plan), cell(total.baseline)];
        write("industry", &total.id, "money", "money", money)?;
        write("industry", &total.id, "park_money", "money", alone(total.park_money.to_string()))?;
        write("industry", &total.id, "sites", "count", alone(total.sites.to_string()))?;
        if let Some(hhi) = total.hhi {
            write("industry", &total.id, "hhi", "ratio", alone(hhi.to_string()))?;
        }
    }
    for region in &industry.regions {
        let id = format!("{}/{}", region.region_id, region.industry_id);
        let quotient = alone(region.location_quotient.to_string());
        write("region_industry", &id, "location_quotient", "ratio", quotient)?;
    }
    for park in &industry.parks {
        write("park", &park.id, "money", "money", alone(park.money.to_string()))?;
    }
    for site in &industry.benefits {
        write("site", &site.site_id, "benefit", "money", alone(site.benefit.to_string()))?;
    }
    Ok(())
}

/// Groups of posts and of secondees, and the structure by region and profession. Who is placed where is
/// `talent.csv`.
fn write_talent(writer: &mut csv::Writer<Vec<u8>>, talent: &TalentRecord) -> Result<(), csv::Error> {
    let mut write = |kind: &str, id: &str, metric: &str, unit: &str, value: String| {
        writer.write_record([kind, id, metric, unit, &value, "", ""])
    };
    for group in &talent.posts {
        write("posts", &group.id, "filled", "posts", group.filled.to_string())?;
        write("posts", &group.id, "vacant", "posts", group.vacant.to_string())?;
        write("posts", &group.id, "candidates", "count", group.candidates.to_string())?;
    }
    for group in &talent.secondees {
        write("secondees", &group.id, "sent", "count", group.sent.to_string())?;
        write("secondees", &group.id, "idle", "count", group.idle.to_string())?;
        write("secondees", &group.id, "candidates", "count", group.candidates.to_string())?;
    }
    for record in &talent.structure {
        let id = format!("{}/{}", record.region_id, record.profession_id);
        write("region_profession", &id, "posts", "posts", record.posts.to_string())?;
        write("region_profession", &id, "reach", "posts", record.reach.to_string())?;
        write("region_profession", &id, "filled", "posts", record.filled.to_string())?;
        write("region_profession", &id, "vacant", "posts", record.vacant.to_string())?;
    }
    Ok(())
}
