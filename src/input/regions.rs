//! Table `regions`.

use super::columns::Column;
use super::index::Seen;
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{Region, Text};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "regions",
    required: false,
    key: &["region_id"],
    meaning: "what sites belong to; a region has its own priority",
    columns: &[
        ColumnSpec::required("region_id", "stable id"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
    ],
};

/// Reads them, by id.
pub(super) fn read(table: &Table, reading: &mut Reading) -> Vec<Region> {
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en] = ["region_id", "name_zh", "name_en"].map(column);

    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };

        let Some(id) = row.id(&id) else { continue };
        if seen.is_new(id, at, id, reading) {
            list.push(Region { id: id.to_owned(), name });
        }
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}
