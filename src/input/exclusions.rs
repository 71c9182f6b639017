//! Table `exclusions`: lines that may not be funded, each with its reason.

use super::cells::RowReader;
use super::columns::Column;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{Exclusion, ProvinceId, SectorId, SiteId};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "exclusions",
    required: false,
    key: &["province_id", "site_id", "sector_id"],
    meaning: "lines that may not be funded; * in the place of an id means all",
    columns: &[
        ColumnSpec::required("province_id", "who may not give, or *"),
        ColumnSpec::required("site_id", "who may not receive, or *"),
        ColumnSpec::required("sector_id", "for what, or *"),
        ColumnSpec::required("reason", "why, as it is recorded"),
    ],
};

/// An exclusion and its row.
pub(super) struct Row {
    pub at: usize,
    pub exclusion: Exclusion,
}

/// What a cell of ids says.
#[derive(Clone, Copy)]
enum Choice<'t> {
    All,
    One(&'t str),
    /// Empty or malformed; that was told.
    Bad,
}

fn choice<'t>(row: &mut RowReader<'_, 't>, column: &Column) -> Choice<'t> {
    match row.text(column) {
        "*" => Choice::All,
        _ => row.id(column).map_or(Choice::Bad, Choice::One),
    }
}

/// Reads them, by province, site and sector; `indexes` are those of these three.
pub(super) fn read(table: &Table, mut indexes: [&mut Index<'_>; 3], reading: &mut Reading) -> Vec<Row> {
    let columns = ["province_id", "site_id", "sector_id"].map(|name| Column::of(table, name));
    let reason = Column::of(table, "reason");
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let choices = [0, 1, 2].map(|which| choice(&mut row, &columns[which]));
        let reason = row.required_text(&reason).to_owned();
        let resolved = [0, 1, 2].map(|which| match choices[which] {
            Choice::All => Some(None),
            Choice::Bad => None,
            Choice::One(id) => {
                indexes[which].resolve(Some(id), table, at, &columns[which].name, reading).map(Some)
            }
        });
        let [Some(province), Some(site), Some(sector)] = resolved else { continue };
        let shown = choices.map(|choice| if let Choice::One(id) = choice { id } else { "*" }).join(", ");
        if seen.is_new((province, site, sector), at, &shown, reading) {
            let (province, site) = (province.map(ProvinceId), site.map(SiteId));
            let exclusion = Exclusion { province, site, sector: sector.map(SectorId), reason };
            list.push(Row { at, exclusion });
        }
    }
    list.sort_by_key(|row| (row.exclusion.province, row.exclusion.site, row.exclusion.sector));
    list
}
