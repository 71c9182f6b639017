//! Table `sector_capacity`: what a province can supply well in a sector.

use std::collections::BTreeMap;

use super::columns::Column;
use super::decimal::Rounding;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{ProvinceId, SectorId};
use crate::units::Money;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "sector_capacity",
    required: false,
    key: &["province_id", "sector_id"],
    meaning: "the most that a province can supply well in a sector; no limit where there is no row",
    columns: &[
        ColumnSpec::required("province_id", "who gives"),
        ColumnSpec::required("sector_id", "for what"),
        ColumnSpec::required("amount", "over the horizon").number(),
    ],
};

/// Reads them.
pub(super) fn read(
    table: &Table,
    provinces: &mut Index<'_>,
    sectors: &mut Index<'_>,
    reading: &mut Reading,
) -> BTreeMap<(ProvinceId, SectorId), Money> {
    let [province, sector, amount] =
        ["province_id", "sector_id", "amount"].map(|name| Column::of(table, name));
    let mut seen = Seen::new(table);
    let mut capacity = BTreeMap::new();
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = (row.id(&province), row.id(&sector));
        let most = row.required_money(&amount, Rounding::Down).unwrap_or_default();
        let resolved = (
            provinces.resolve(ids.0, table, at, "province_id", reading),
            sectors.resolve(ids.1, table, at, "sector_id", reading),
        );
        let (Some(p), Some(k)) = resolved else { continue };
        if seen.is_new((p, k), at, &[ids.0, ids.1].map(Option::unwrap_or_default).join(", "), reading) {
            capacity.insert((ProvinceId(p), SectorId(k)), most);
        }
    }
    capacity
}
