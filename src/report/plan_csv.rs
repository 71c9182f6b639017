//! `plan.csv`: who pays how much, where, for what and when. It is what `allot audit` reads.

use crate::domain::{Plan, Scenario};
use crate::units::Money;

/// A plan as CSV, one row for each line and year with money.
///
/// # Errors
/// When the CSV writer fails.
pub fn plan_csv(scenario: &Scenario, plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["province_id", "site_id", "sector_id", "year", "amount"])?;
    for line in plan.lines() {
        for (year, amount) in scenario.years.iter().zip(&line.by_year) {
            if *amount != Money::ZERO {
                writer.write_record([
                    &scenario.provinces[line.province.0].id,
                    &scenario.sites[line.site.0].id,
                    &scenario.sectors[line.sector.0].id,
                    &year.to_string(),
                    &amount.0.to_string(),
                ])?;
            }
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
