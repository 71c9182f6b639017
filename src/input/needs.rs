//! Table `needs`: what a site needs in a sector.

use super::columns::{Amounts, Column, YearlyColumns};
use super::decimal::Rounding;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{SectorId, SiteId};
use crate::units::Money;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "needs",
    required: true,
    key: &["site_id", "sector_id"],
    meaning: "what a site needs in a sector, over the horizon or year by year",
    columns: &[
        ColumnSpec::required("site_id", "where"),
        ColumnSpec::required("sector_id", "for what"),
        ColumnSpec::optional("amount", "need over the horizon").number(),
        ColumnSpec::optional("amount_YYYY", "need of one year; needs a column for every year").number(),
    ],
};

/// A need.
pub(super) struct Row {
    pub site: SiteId,
    pub sector: SectorId,
    pub amount: Money,
    pub by_year: Option<Vec<Money>>,
}

/// Reads them, by site and sector.
pub(super) fn read(
    table: &Table,
    sites: &mut Index<'_>,
    sectors: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<Row> {
    let [site, sector] = ["site_id", "sector_id"].map(|name| Column::of(table, name));
    let amount = YearlyColumns::of(table, "amount", reading);
    if !amount.exist() {
        table.missing_column("amount", &mut reading.found);
    }
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = (row.id(&site), row.id(&sector));
        let amounts = row.yearly(&amount, Rounding::Nearest);
        match &amounts {
            Amounts::Empty => row.tell_empty(amount.first()),
            Amounts::ByYear(_) => row.tell_empty_years(&amount),
            Amounts::Single(_) | Amounts::Bad => {}
        }
        let resolved = (
            sites.resolve(ids.0, table, at, "site_id", reading),
            sectors.resolve(ids.1, table, at, "sector_id", reading),
        );
        let (Some(s), Some(k)) = resolved else { continue };
        if !seen.is_new((s, k), at, &[ids.0, ids.1].map(Option::unwrap_or_default).join(", "), reading) {
            continue;
        }
        let by_year = match &amounts {
            Amounts::ByYear(by_year) => {
                Some(by_year.iter().map(|a| a.unwrap_or_default()).collect::<Vec<_>>())
            }
            _ => None,
        };
        let total = by_year.as_ref().map_or_else(|| amounts.in_year(0), |by_year| by_year.iter().sum());
        reading.extremes.see(total, || table.place(at, &amount.of_year(&amounts, 0).name));
        list.push(Row { site: SiteId(s), sector: SectorId(k), amount: total, by_year });
    }
    list.sort_by_key(|row| (row.site, row.sector));
    list
}
