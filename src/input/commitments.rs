//! Table `commitments`: the last plan.

use super::cells::RowReader;
use super::columns::Column;
use super::decimal::Rounding;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{ProvinceId, SectorId, SiteId};
use crate::units::Money;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "commitments",
    required: false,
    key: &["province_id", "site_id", "sector_id", "year"],
    meaning: "the last plan: what is already promised",
    columns: &[
        ColumnSpec::required("province_id", "who gives"),
        ColumnSpec::required("site_id", "who receives"),
        ColumnSpec::required("sector_id", "for what"),
        ColumnSpec::optional("year", "when; empty: any year").number(),
        ColumnSpec::required("amount", "how much").number(),
    ],
};

/// A commitment that is not yet on a line.
pub(super) struct Row {
    pub at: usize,
    pub province: ProvinceId,
    pub site: SiteId,
    pub sector: SectorId,
    pub year: Option<usize>,
    pub amount: Money,
}

/// Reads them, by province, site, sector and year.
pub(super) fn read(
    table: &Table,
    provinces: &mut Index<'_>,
    sites: &mut Index<'_>,
    sectors: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<Row> {
    let column = |name: &str| Column::of(table, name);
    let [province, site, sector] = ["province_id", "site_id", "sector_id"].map(column);
    let [year, amount] = ["year", "amount"].map(column);
    let years = reading.years.clone();
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = [row.id(&province), row.id(&site), row.id(&sector)];
        let year = if row.filled(&year) { Some(read_year(&mut row, &year, &years)) } else { None };
        let amount = row.required_money(&amount, Rounding::Nearest).unwrap_or_default();
        let resolved = (
            provinces.resolve(ids[0], table, at, "province_id", reading),
            sites.resolve(ids[1], table, at, "site_id", reading),
            sectors.resolve(ids[2], table, at, "sector_id", reading),
        );
        let (Some(p), Some(s), Some(k)) = resolved else { continue };
        let year = match year {
            None => None,
            Some(Some(year)) => Some(year),
            Some(None) => continue,
        };
        let shown = ids.map(Option::unwrap_or_default).join(", ");
        if seen.is_new((p, s, k, year), at, &shown, reading) {
            let (province, site, sector) = (ProvinceId(p), SiteId(s), SectorId(k));
            list.push(Row { at, province, site, sector, year, amount });
        }
    }
    list.sort_by_key(|row| (row.province, row.site, row.sector, row.year));
    list
}

/// Position of the year in a cell. `None`: it is wrong, which is told.
pub(super) fn read_year(row: &mut RowReader<'_, '_>, column: &Column, years: &[i32]) -> Option<usize> {
    let written = row.integer(column)?;
    let position = years.iter().position(|year| i64::from(*year) == written);
    if position.is_none() {
        let action = match years {
            [first, .., last] => format!("use a year from {first} to {last}"),
            _ => format!("use {}", years.first().copied().unwrap_or_default()),
        };
        row.complain(column, Code::BadYears, format!("{written} is not a year of the scenario"), action);
    }
    position
}
