//! Table `provenance`: where the columns of the other tables come from.

use std::collections::BTreeMap;

use super::columns::Column;
use super::index::Seen;
use super::join::Tables;
use super::near;
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec, tables as all_tables};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{ColumnSource, Provenance, Text};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "provenance",
    required: false,
    key: &["table", "column"],
    meaning: "where the columns of the other tables come from",
    columns: &[
        ColumnSpec::required("table", "name of a table"),
        ColumnSpec::required("column", "its heading, or * for those that have no row of their own"),
        ColumnSpec::required("kind", "sourced, derived or illustrative"),
        ColumnSpec::optional("source_zh", "from what, and how, in Chinese"),
        ColumnSpec::optional("source_en", "from what, and how, in English"),
    ],
};

/// What stands for the columns without a row of their own.
const OTHERS: &str = "*";

const KINDS: [(&str, Provenance); 3] = [
    ("sourced", Provenance::Sourced),
    ("derived", Provenance::Derived),
    ("illustrative", Provenance::Illustrative),
];

type Stated<'t> = BTreeMap<(&'static str, &'t str), (Provenance, Text)>;

/// Every column of every table that there is, with what is stated of it; nothing without the table.
pub(super) fn read(tables: &Tables, reading: &mut Reading) -> Vec<ColumnSource> {
    let Some(table) = tables.get(SPEC.name) else { return Vec::new() };
    let stated = stated(table, tables, reading);
    let others = all_tables().iter().filter(|spec| spec.name != SPEC.name);
    let read = others.filter_map(|spec| tables.get(spec.name));
    read.flat_map(|table| known_headings(table, &reading.years))
        .map(|(spec, heading)| {
            let own = stated.get(&(spec.name, heading.as_str()));
            let found = own.or_else(|| stated.get(&(spec.name, OTHERS)));
            ColumnSource {
                table: spec.name.to_owned(),
                column: heading.clone(),
                provenance: found.map(|(kind, _)| *kind),
                source: found.map(|(_, source)| source.clone()).unwrap_or_default(),
            }
        })
        .collect()
}

/// The headings that a table knows, as the documents list them, whatever their order in the file.
fn known_headings<'t>(table: &'t Table, years: &[i32]) -> Vec<(&'static TableSpec, &'t String)> {
    let place = |heading: &str| table.spec.columns.iter().position(|column| column.is_named(heading, years));
    let mut headings: Vec<(usize, &String)> =
        table.headings.iter().filter_map(|heading| Some((place(heading)?, heading))).collect();
    headings.sort_unstable();
    headings.into_iter().map(|(_, heading)| (table.spec, heading)).collect()
}

/// What the rows say, by table and column.
fn stated<'t>(table: &'t Table, tables: &Tables, reading: &mut Reading) -> Stated<'t> {
    let column = |name: &str| Column::of(table, name);
    let [of, heading, kind, zh, en] = ["table", "column", "kind", "source_zh", "source_en"].map(column);
    let names: Vec<&'static str> =
        all_tables().iter().map(|spec| spec.name).filter(|name| *name != SPEC.name).collect();
    let words = KINDS.map(|(word, _)| word);
    let mut seen = Seen::new(table);
    let mut stated = Stated::new();
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        for column in [&of, &kind] {
            if !row.filled(column) {
                row.tell_empty(column);
            }
        }
        let (name, word) = (row.choice(&of, &names), row.choice(&kind, &words));
        let heading_here = row.required_text(&heading);
        let source = Text { zh: row.text(&zh).to_owned(), en: row.text(&en).to_owned() };
        let (Some(name), Some(word)) = (name, word) else { continue };
        if !names_a_column(name, heading_here, tables) {
            let cause = format!("table {name} has no column '{}'", near::shown(heading_here));
            let action = "use a heading of the table, or * for all its other columns";
            reading.complain(table, at, "column", Code::UnknownId, cause, action);
            continue;
        }
        let shown = format!("{name}, {heading_here}");
        if seen.is_new((name, heading_here), at, &shown, reading)
            && let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word)
        {
            stated.insert((name, heading_here), (*kind, source));
        }
    }
    stated
}

/// Whether a table has a column. One that is not there has none to be wrong about: if it is wanted, that was told.
fn names_a_column(name: &str, heading: &str, tables: &Tables) -> bool {
    heading == OTHERS || tables.get(name).is_none_or(|table| table.position(heading).is_some())
}
