//! Table `sites`: recipients.

use super::cells::{Range, RowReader};
use super::columns::{Amounts, Column, YearlyColumns};
use super::decimal::Rounding;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{Coordinates, Region, RegionId, Site, Text};
use crate::units::{MICRO, Money, Ratio};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "sites",
    required: true,
    key: &["site_id"],
    meaning: "recipients",
    columns: &[
        ColumnSpec::required("site_id", "stable id"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
        ColumnSpec::required("region", "id of its region"),
        ColumnSpec::optional("level", "county, prefecture or another word of the programme"),
        ColumnSpec::optional("groups", "groups that policies select by, with ; between them"),
        ColumnSpec::optional("population", "persons, at least 1").number(),
        ColumnSpec::optional("absorption", "what it can spend well, the same each year; empty: no limit")
            .number(),
        ColumnSpec::optional(
            "absorption_YYYY",
            "what it can spend well in one year; needs a column for every year",
        )
        .number(),
        ColumnSpec::optional("latitude", "decimal degrees, north positive; with longitude").number(),
        ColumnSpec::optional("longitude", "decimal degrees, east positive; with latitude").number(),
    ],
};

/// A site and its row.
pub(super) struct Row {
    pub at: usize,
    pub site: Site,
}

/// A site whose region is still an id.
struct RawRow<'t> {
    at: usize,
    id: &'t str,
    name: Text,
    region: Option<&'t str>,
    level: &'t str,
    groups: Vec<String>,
    population: Option<i64>,
    absorption: Vec<Option<Money>>,
    coordinates: Option<Coordinates>,
}

/// Reads them, by id. Without a table of regions (or rows in it), the regions are those that sites name.
pub(super) fn read(
    table: &Table,
    regions: Option<Vec<Region>>,
    reading: &mut Reading,
) -> (Vec<Row>, Vec<Region>) {
    let raw = read_cells(table, reading);
    let regions = regions.filter(|regions| !regions.is_empty());
    let complete = regions.is_some();
    let regions = regions.unwrap_or_else(|| regions_of(&raw));
    let mut index =
        Index::new("region", "regions", regions.iter().map(|region| region.id.as_str()), complete);
    let sites = raw.into_iter().map(|row| {
        let region = index.resolve(row.region, table, row.at, "region", reading);
        // A site without a valid region is kept, for others to refer to; the error is told.
        let region = RegionId(region.unwrap_or_default());
        Row {
            at: row.at,
            site: Site {
                id: row.id.to_owned(),
                name: row.name,
                groups: row.groups,
                region,
                level: row.level.to_owned(),
                population: row.population,
                absorption: row.absorption,
                coordinates: row.coordinates,
            },
        }
    });
    let mut sites: Vec<Row> = sites.collect();
    sites.sort_by(|a, b| a.site.id.cmp(&b.site.id));
    (sites, regions)
}

fn regions_of(raw: &[RawRow<'_>]) -> Vec<Region> {
    let mut ids: Vec<&str> = raw.iter().filter_map(|row| row.region).collect();
    ids.sort_unstable();
    ids.dedup();
    let named = |id: &str| Text { zh: id.to_owned(), en: id.to_owned() };
    ids.into_iter().map(|id| Region { id: id.to_owned(), name: named(id) }).collect()
}

fn read_cells<'t>(table: &'t Table, reading: &mut Reading) -> Vec<RawRow<'t>> {
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en, region] = ["site_id", "name_zh", "name_en", "region"].map(column);
    let [level, groups, population] = ["level", "groups", "population"].map(column);
    let places = ["latitude", "longitude"].map(column);
    let absorption = YearlyColumns::of(table, "absorption", reading);
    let years = reading.years.len();
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };
        let region = row.id(&region);
        let level = row.text(&level);
        let groups = row.list(&groups);
        let persons = row.integer(&population);
        if let Some(none @ ..=0) = persons {
            row.complain(
                &population,
                Code::OutOfRange,
                format!("{none} persons"),
                "write at least 1, or nothing",
            );
        }
        let absorption = match row.yearly(&absorption, Rounding::Down) {
            Amounts::Single(amount) => vec![Some(amount); years],
            Amounts::ByYear(by_year) => by_year,
            Amounts::Empty | Amounts::Bad => vec![None; years],
        };
        let coordinates = read_coordinates(&mut row, &places);
        let Some(id) = row.id(&id) else { continue };
        if seen.is_new(id, at, id, reading) {
            let population = persons;
            list.push(RawRow { at, id, name, region, level, groups, population, absorption, coordinates });
        }
    }
    list
}

/// Both coordinates. `None`: neither, or something is wrong, which is told.
fn read_coordinates(row: &mut RowReader<'_, '_>, columns: &[Column; 2]) -> Option<Coordinates> {
    let degrees = |most: i64| Range {
        least: Ratio::from_micros(-most * MICRO),
        most: Ratio::from_micros(most * MICRO),
        open: false,
    };
    let filled = [0, 1].map(|which| row.filled(&columns[which]));
    if let Some(empty) = (0..2).find(|&which| filled == [which != 0, which != 1]) {
        let cause = format!("'{}' is filled and this is not", columns[1 - empty].name);
        row.complain(&columns[empty], Code::MissingValue, cause, "fill in both coordinates, or none");
    }
    let latitude = row.optional_ratio(&columns[0], degrees(90));
    let longitude = row.optional_ratio(&columns[1], degrees(180));
    Some(Coordinates { latitude: latitude?, longitude: longitude? })
}
