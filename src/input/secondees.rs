//! Table `secondees`: the specialists whom provinces can send, in groups of persons who are alike.

use super::columns::Column;
use super::index::{Index, Seen};
use super::qualification::{Columns, NUMBERS, PROFESSION};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{ProvinceId, Secondees};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "secondees",
    required: false,
    key: &["secondees_id"],
    meaning: "specialists whom provinces can send, in groups of persons who are alike",
    columns: &[
        ColumnSpec::required("secondees_id", "stable id of the group"),
        ColumnSpec::required("province_id", "who sends them"),
        PROFESSION,
        ColumnSpec::optional("grade", "rank, 1 to 99, the higher the more senior; default 1").number(),
        ColumnSpec::required("number", "persons").number(),
        ColumnSpec::optional("months", "how long each stays; default 12").number(),
        ColumnSpec::optional("full_time", "share of full time that each gives; default 1").number(),
    ],
};

/// How long a secondee stays where the table does not say.
pub(super) const USUAL_MONTHS: i64 = 12;

/// Reads them, by id.
pub(super) fn read(
    table: &Table,
    provinces: &mut Index<'_>,
    professions: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<(usize, Secondees)> {
    let column = |name: &str| Column::of(table, name);
    let [id, province, number] = ["secondees_id", "province_id", "number"].map(column);
    let columns = Columns::of(table, USUAL_MONTHS);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let raw = columns.read(&mut row);
        let number = row.required_whole(&number, NUMBERS);
        let (id, sender) = (row.id(&id), row.id(&province));
        let sender = provinces.resolve(sender, table, at, "province_id", reading);
        let offers = raw.resolve(professions, table, at, reading);
        let Some(id) = id.filter(|id| seen.is_new(*id, at, id, reading)) else { continue };
        let (Some(province), Some(offers)) = (sender, offers) else { continue };
        let province = ProvinceId(province);
        list.push((at, Secondees { id: id.to_owned(), province, offers, number }));
    }
    list.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    list
}
