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
use super::placed;
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec, plan_table, talent_table};
use super::table::Table;
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::domain::{LineKey, Named, PlacementKey, Plan, ProvinceId, Scenario, SectorId, SiteId};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "plan",
    required: false,
    key: &["province_id", "site_id", "sector_id", "year"],
    meaning: "a plan: whole units of money by line and year",
    columns: &[
        ColumnSpec::required("province_id", "who gives"),
        ColumnSpec::required("site_id", "who receives"),
        ColumnSpec::required("sector_id", "for what"),
        ColumnSpec::required("year", "when").number(),
        ColumnSpec::required("amount", "how much, in whole units").number(),
    ],
};

/// The rows of a plan's files in which each line and each placement stands.
#[derive(Debug, Clone, Default)]
pub struct PlanPlaces {
    /// Of lines.
    pub lines: BTreeMap<LineKey, Vec<Place>>,
    /// Of placements.
    pub placements: BTreeMap<PlacementKey, Vec<Place>>,
}

/// A plan from a file.
#[derive(Debug)]
pub struct PlanFile {
    /// The plan.
    pub plan: Plan,
    /// Where its lines and placements stand.
    pub places: PlanPlaces,
    /// What is odd about the files.
    pub warnings: Diagnostics,
}

/// Reads a plan for a scenario, and its people where they have a file. Its lines and placements need not be
/// candidates: whether they are is for an audit to say.
///
/// # Errors
///
/// All that is wrong with the files, warnings included.
pub fn read_plan(path: &Path, people: Option<&Path>, scenario: &Scenario) -> Result<PlanFile, Diagnostics> {
    let mut found = Diagnostics::new();
    let money = read_table(path, plan_table(), &mut found);
    let people = people.and_then(|path| read_table(path, talent_table(), &mut found));
    of_tables(money, people, scenario, found)
}

/// Reads the bytes of a `plan.csv`, and of its `talent.csv` where there is one.
///
/// # Errors
///
/// All that is wrong with them, warnings included.
pub fn plan_of_bytes(
    plan: &[u8],
    people: Option<&[u8]>,
    scenario: &Scenario,
) -> Result<PlanFile, Diagnostics> {
    let mut found = Diagnostics::new();
    let money = table_of(Path::new("plan.csv"), plan.to_vec(), plan_table(), &mut found);
    let people = people
        .and_then(|bytes| table_of(Path::new("talent.csv"), bytes.to_vec(), talent_table(), &mut found));
    of_tables(money, people, scenario, found)
}

fn of_tables(
    money: Option<Table>,
    people: Option<Table>,
    scenario: &Scenario,
    found: Diagnostics,
) -> Result<PlanFile, Diagnostics> {
    let scale = MoneyScale { amounts_in: 1, unit: 1 };
    let mut reading = Reading::new(scenario.years.clone(), scale, found);
    let mut places = PlanPlaces::default();
    for table in money.iter().chain(&people) {
        table.check_columns(&scenario.years, &mut reading.found);
    }
    let plan = money.map(|table| read_rows(&table, scenario, &mut places, &mut reading)).unwrap_or_default();
    let people = people.map(|table| placed::read(&table, scenario, &mut places, &mut reading));
    if reading.found.has_errors() {
        return Err(reading.found.sorted());
    }
    let plan = plan.with_people(people.unwrap_or_default());
    Ok(PlanFile { plan, places, warnings: reading.found.sorted() })
}

fn read_table(path: &Path, spec: &'static TableSpec, found: &mut Diagnostics) -> Option<Table> {
    let bytes = Files::default().read(path, &Place::file(path.display().to_string()), found)?;
    table_of(path, bytes, spec, found)
}

fn table_of(path: &Path, bytes: Vec<u8>, spec: &'static TableSpec, found: &mut Diagnostics) -> Option<Table> {
    let file: Rc<str> = path.display().to_string().into();
    let grid = grid::read(path, &file, bytes, found)?;
    Some(Table::from_grid(spec, &file, grid, Code::PlanUnreadable, found))
}

fn read_rows(table: &Table, scenario: &Scenario, places: &mut PlanPlaces, reading: &mut Reading) -> Plan {
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
            places.lines.entry(line).or_default().push(table.rows[at].origin.place());
            amounts.push((line.0, line.1, line.2, year, amount));
        }
    }
    super::join::check_total("the plan", total, table, reading);
    Plan::new(scenario.years.len(), amounts)
}
