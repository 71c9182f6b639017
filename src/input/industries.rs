//! Table `industries`: a classification in two levels.

use super::columns::Column;
use super::index::{Index, Seen};
use super::near;
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{Industry, IndustryId, Text};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "industries",
    required: false,
    key: &["industry_id"],
    meaning: "a classification of industries in two levels, such as NACE or GB/T 4754",
    columns: &[
        ColumnSpec::required("industry_id", "its code"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
        ColumnSpec::optional("parent", "code of its section; empty: it is a section itself"),
    ],
};

/// Reads them, by code.
pub(super) fn read(table: &Table, reading: &mut Reading) -> Vec<Industry> {
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en, parent] = ["industry_id", "name_zh", "name_en", "parent"].map(column);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };
        let section = row.optional_id(&parent);
        let Some(id) = row.id(&id) else { continue };
        if seen.is_new(id, at, id, reading) {
            list.push((id, name, section, at));
        }
    }
    list.sort_unstable_by_key(|(id, ..)| *id);
    let mut index = Index::new("industry", "industries", list.iter().map(|(id, ..)| *id), true);
    let parents: Vec<Option<usize>> = list
        .iter()
        .map(|(_, _, section, at)| index.resolve(*section, table, *at, "parent", reading))
        .collect();
    for ((id, _, section, at), parent) in list.iter().zip(&parents) {
        if parent.is_some_and(|parent| parents[parent].is_some()) {
            let section = near::shown(section.unwrap_or_default());
            let cause = format!("'{id}' stands below '{section}', which is a division itself");
            let action = "there are two levels: name a section, whose own parent is empty";
            reading.complain(table, *at, "parent", Code::OutOfRange, cause, action);
        }
    }
    let industry = |((id, name, ..), parent): ((&str, Text, _, _), Option<usize>)| Industry {
        id: id.to_owned(),
        name,
        parent: parent.map(IndustryId),
    };
    list.into_iter().zip(parents).map(industry).collect()
}
