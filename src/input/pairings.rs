//! Table `pairings`: which province may fund which site.

use super::cells::Range;
use super::columns::Column;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{ProvinceId, SiteId};
use crate::units::Ratio;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "pairings",
    required: true,
    key: &["province_id", "site_id"],
    meaning: "which province may fund which site",
    columns: &[
        ColumnSpec::required("province_id", "who gives"),
        ColumnSpec::required("site_id", "who receives"),
        ColumnSpec::optional("kind", "own or cross; default own"),
        ColumnSpec::optional(
            "effectiveness",
            "need covered by one unit of money, over 0 and at most 1; default 1",
        )
        .number(),
    ],
};

/// A pairing.
pub(super) struct Row {
    pub province: ProvinceId,
    pub site: SiteId,
    pub cross: bool,
    pub effectiveness: Ratio,
}

/// Reads them, by province and site.
pub(super) fn read(
    table: &Table,
    provinces: &mut Index<'_>,
    sites: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<Row> {
    let column = |name: &str| Column::of(table, name);
    let [province, site, kind, effect] = ["province_id", "site_id", "kind", "effectiveness"].map(column);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = (row.id(&province), row.id(&site));
        let cross = row.choice(&kind, &["own", "cross"]) == Some("cross");
        let effectiveness = row.ratio(&effect, Range::positive_to(1), Ratio::ONE);
        let resolved = (
            provinces.resolve(ids.0, table, at, "province_id", reading),
            sites.resolve(ids.1, table, at, "site_id", reading),
        );
        let (Some(p), Some(s)) = resolved else { continue };
        if seen.is_new((p, s), at, &[ids.0, ids.1].map(Option::unwrap_or_default).join(", "), reading) {
            list.push(Row { province: ProvinceId(p), site: SiteId(s), cross, effectiveness });
        }
    }
    list.sort_by_key(|row| (row.province, row.site));
    list
}
