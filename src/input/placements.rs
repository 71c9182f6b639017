//! Table `placements`: the last plan's secondees.

use super::columns::Column;
use super::index::{Index, Seen};
use super::qualification::{NUMBERS, PROFESSION};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{LastTeam, ProfessionId, ProvinceId, SiteId};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "placements",
    required: false,
    key: &["province_id", "site_id", "profession_id"],
    meaning: "the last plan's secondees: how many of whom were where",
    columns: &[
        ColumnSpec::required("province_id", "who sent them"),
        ColumnSpec::required("site_id", "where"),
        PROFESSION,
        ColumnSpec::required("number", "persons in posts of the profession").number(),
    ],
};

/// Reads them, by province, site and profession.
pub(super) fn read(
    table: &Table,
    provinces: &mut Index<'_>,
    sites: &mut Index<'_>,
    professions: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<(usize, LastTeam)> {
    let column = |name: &str| Column::of(table, name);
    let [province, site] = ["province_id", "site_id"].map(column);
    let [profession, number] = ["profession_id", "number"].map(column);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = [row.id(&province), row.id(&site), row.id(&profession)];
        let number = row.required_whole(&number, NUMBERS);
        let resolved = (
            provinces.resolve(ids[0], table, at, "province_id", reading),
            sites.resolve(ids[1], table, at, "site_id", reading),
            professions.resolve(ids[2], table, at, "profession_id", reading),
        );
        let (Some(p), Some(s), Some(k)) = resolved else { continue };
        if seen.is_new((p, s, k), at, &ids.map(Option::unwrap_or_default).join(", "), reading) {
            let (province, site, profession) = (ProvinceId(p), SiteId(s), ProfessionId(k));
            list.push((at, LastTeam { province, site, profession, number }));
        }
    }
    list.sort_by_key(|(_, team)| (team.province, team.site, team.profession));
    list
}
