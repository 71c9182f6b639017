//! A plan as a table: any program or hand may write one.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use super::columns::Column;
use super::commitments::read_year;
use super::decimal::{MoneyScale, Rounding};
use super::files::Files;
use super::grid;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec, plan_table};
use super::table::Table;
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::domain::{LineKey, Named, Plan, ProvinceId, Scenario, SectorId, SiteId};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "plan",
    required: false,
    key: &["province_id", "site_id", "sector_id", "year"],
    meaning: "a plan: whole units of money by line and year",
    columns: &[
        ColumnSpec::required("province_id", "who gives"),
        ColumnSpec::required("site_id", "who receives"),
        ColumnSpec::required("sector_id", "for what"),
        ColumnSpec::required("year", "when"),
        ColumnSpec::required("amount", "how much, in whole units"),
    ],
};

/// The rows of a plan's file in which each line stands.
pub type LinePlaces = BTreeMap<LineKey, Vec<Place>>;

/// A plan from a file.
#[derive(Debug)]
pub struct PlanFile {
    /// The plan.
    pub plan: Plan,
    /// Where its lines stand.
    pub places: LinePlaces,
    /// What is odd about the file.
    pub warnings: Diagnostics,
}

/// Reads a plan for a scenario. Its lines need not be candidates: whether they are is for an audit to say.
///
/// # Errors
///
/// All that is wrong with the file, warnings included.
pub fn read_plan(path: &Path, scenario: &Scenario) -> Result<PlanFile, Diagnostics> {
    let mut found = Diagnostics::new();
    let table = read_table(path, &mut found);
    let scale = MoneyScale { amounts_in: 1, unit: 1 };
    let mut reading = Reading::new(scenario.years.clone(), scale, found);
    let plan = table.map(|table| {
        table.check_columns(&scenario.years, &mut reading.found);
        read_rows(&table, scenario, &mut reading)
    });
    match plan {
        Some((plan, places)) if !reading.found.has_errors() => {
            Ok(PlanFile { plan, places, warnings: reading.found.sorted() })
        }
        _ => Err(reading.found.sorted()),
    }
}

fn read_table(path: &Path, found: &mut Diagnostics) -> Option<Table> {
    let file: Rc<str> = path.display().to_string().into();
    let bytes = Files::default().read(path, &Place::file(&*file), found)?;
    let grid = grid::read(path, &file, bytes, found)?;
    Some(Table::from_grid(plan_table(), &file, grid, Code::PlanUnreadable, found))
}

fn read_rows(table: &Table, scenario: &Scenario, reading: &mut Reading) -> (Plan, LinePlaces) {
    fn index<'s, T: Named>(kind: &'static str, members: &'s [T]) -> Index<'s> {
        Index::new(kind, "the scenario", members.iter().map(Named::id), true)
    }
    let mut provinces = index("province", &scenario.provinces);
    let mut sites = index("site", &scenario.sites);
    let mut sectors = index("sector", &scenario.sectors);
    let columns =
        ["province_id", "site_id", "sector_id", "year", "amount"].map(|name| Column::of(table, name));
    let mut seen = Seen::new(table);
    let mut amounts = Vec::with_capacity(table.rows.len());
    let mut places = LinePlaces::new();
    let mut total = 0_i128;
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = [0, 1, 2].map(|which| row.id(&columns[which]));
        if !row.filled(&columns[3]) {
            row.tell_empty(&columns[3]);
        }
        let year = read_year(&mut row, &columns[3], &scenario.years);
        if !row.filled(&columns[4]) {
            row.tell_empty(&columns[4]);
        }
        let amount = row.amount(&columns[4]).and_then(|decimal| {
            let (units, inexact) = decimal.units(MoneyScale { amounts_in: 1, unit: 1 }, Rounding::Down);
            if inexact {
                let cause = format!("{} is not a whole number of units", row.text(&columns[4]));
                row.complain(&columns[4], Code::PlanUnreadable, cause, "plans are in whole units: round it");
            }
            row.bounded(&columns[4], units)
        });
        let resolved = (
            provinces.resolve(ids[0], table, at, "province_id", reading),
            sites.resolve(ids[1], table, at, "site_id", reading),
            sectors.resolve(ids[2], table, at, "sector_id", reading),
        );
        let (Some(p), Some(s), Some(k)) = resolved else { continue };
        let (Some(year), Some(amount)) = (year, amount) else { continue };
        let shown = ids.map(Option::unwrap_or_default).join(", ");
        if seen.is_new((p, s, k, year), at, &shown, reading) {
            total += i128::from(amount.0);
            let line = (ProvinceId(p), SiteId(s), SectorId(k));
            places.entry(line).or_default().push(table.rows[at].origin.place());
            amounts.push((line.0, line.1, line.2, year, amount));
        }
    }
    super::join::check_total("the plan", total, table, reading);
    (Plan::new(scenario.years.len(), amounts), places)
}
