//! Where two scenarios differ as they are written, row by row and cell by cell, and a scenario with some of
//! another's differences taken over.

use std::collections::{BTreeMap, BTreeSet};

use super::decimal::Decimal;
use super::join::{self, Tables};
use super::layers::Head;
use super::reading::Reading;
use super::table::{Row, Table};
use super::{Loaded, Written};
use crate::diagnostics::{Diagnostics, Place};
use crate::domain::Scenario;

/// What is different.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The table; `scenario` for the keys of scenario.toml.
    pub table: &'static str,
    /// Columns and texts that choose the row; empty for a key of scenario.toml.
    pub row: Vec<(&'static str, String)>,
    /// How many rows before it have the same key.
    pub repeat: usize,
    /// The column or key; `None` where one of them has the whole row alone.
    pub column: Option<String>,
    /// What the first says, and where; `None` where it says nothing.
    pub before: Option<Written>,
    /// What the second says.
    pub after: Option<Written>,
}

/// The name under which keys of scenario.toml are told.
pub const SCENARIO: &str = "scenario";

type Key = (Vec<String>, usize);

/// Rows by their key, and how many before them have the same.
fn by_key(table: &Table) -> BTreeMap<Key, usize> {
    let mut rows = BTreeMap::new();
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for at in 0..table.rows.len() {
        let key: Vec<String> =
            table.spec.key.iter().map(|column| text(table, at, column).to_owned()).collect();
        let repeat = seen.entry(key.clone()).or_default();
        rows.insert((key, *repeat), at);
        *repeat += 1;
    }
    rows
}

fn text<'t>(table: &'t Table, at: usize, column: &str) -> &'t str {
    table.position(column).map_or("", |position| table.rows[at].cells[position].text())
}

fn written(table: &Table, at: usize, column: &str) -> Written {
    Written {
        place: table.place(at, column),
        column: column.to_owned(),
        text: text(table, at, column).to_owned(),
    }
}

/// A row that only one side has: what it says beside its key.
fn whole_row(table: &Table, at: usize) -> Written {
    let cells = table.headings.iter().filter(|heading| !table.spec.key.contains(&heading.as_str()));
    let filled =
        cells.map(|heading| (heading, text(table, at, heading))).filter(|(_, text)| !text.is_empty());
    let parts: Vec<String> = filled.map(|(heading, text)| format!("{heading}={text}")).collect();
    let place = Place { column: None, ..table.rows[at].origin.place() };
    Written { place, column: String::new(), text: parts.join(", ") }
}

/// 0.20 and 0.2 are the same number.
fn is_same(one: &str, other: &str) -> bool {
    one == other || matches!((Decimal::parse(one), Decimal::parse(other)), (Ok(a), Ok(b)) if a == b)
}

impl Loaded {
    /// Where this scenario and another differ: keys of scenario.toml, then the tables in order. Ids and titles of
    /// the scenarios, which no plan depends on, are left out.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        let keys: BTreeSet<&String> =
            self.settings.iter().chain(&other.settings).map(|written| &written.column).collect();
        for key in keys {
            let of = |side: &Self| side.settings.iter().find(|written| written.column == *key).cloned();
            let (before, after) = (of(self), of(other));
            if before.as_ref().map(|written| &written.text) != after.as_ref().map(|written| &written.text) {
                let column = Some(key.clone());
                found.push(Difference { table: SCENARIO, row: Vec::new(), repeat: 0, column, before, after });
            }
        }
        for spec in super::tables() {
            let [one, two] = [self, other].map(|side| side.places.tables().get(spec.name));
            compare(one, two, &mut found);
        }
        found
    }

    /// This scenario with some of the differences to another taken over.
    ///
    /// # Errors
    /// What is wrong with it then: differences can depend on each other.
    pub fn with(&self, other: &Self, taken: &[&Difference]) -> Result<Scenario, Diagnostics> {
        let settings = taken.iter().any(|difference| difference.table == SCENARIO);
        let head: Head = if settings { &other.head } else { &self.head }.clone();
        let mut tables: Tables = self.places.tables().clone();
        for difference in taken {
            take(&mut tables, other.places.tables(), difference);
        }
        let mut reading = Reading::new(head.years.clone(), head.scale, Diagnostics::new());
        super::check_tables(&tables, &[], &self.folder, &head.years, &mut reading.found);
        let scenario = join::scenario(head, &tables, &mut reading);
        if reading.found.has_errors() { Err(reading.found.sorted()) } else { Ok(scenario) }
    }
}

fn compare(one: Option<&Table>, two: Option<&Table>, found: &mut Vec<Difference>) {
    let Some(spec) = one.or(two).map(|table| table.spec) else { return };
    let [rows, others] = [one, two].map(|table| table.map(by_key).unwrap_or_default());
    let keys: BTreeSet<&Key> = rows.keys().chain(others.keys()).collect();
    for key @ (ids, repeat) in keys {
        let mut push = |column: Option<&String>, before: Option<Written>, after: Option<Written>| {
            let row = spec.key.iter().copied().zip(ids.iter().cloned()).collect();
            let (table, column) = (spec.name, column.cloned());
            found.push(Difference { table, row, repeat: *repeat, column, before, after });
        };
        match (one.zip(rows.get(key)), two.zip(others.get(key))) {
            (Some((one, &at)), Some((two, &there))) => {
                let mut headings: Vec<&String> = one.headings.iter().collect();
                headings.extend(two.headings.iter().filter(|heading| !one.headings.contains(heading)));
                for heading in headings.into_iter().filter(|heading| !heading.is_empty()) {
                    if !is_same(text(one, at, heading), text(two, there, heading)) {
                        push(
                            Some(heading),
                            Some(written(one, at, heading)),
                            Some(written(two, there, heading)),
                        );
                    }
                }
            }
            (one, two) => {
                let whole = |side: Option<(&Table, &usize)>| side.map(|(table, at)| whole_row(table, *at));
                push(None, whole(one), whole(two));
            }
        }
    }
}

/// Takes one difference over.
fn take(tables: &mut Tables, others: &Tables, difference: &Difference) {
    let ids: Vec<String> = difference.row.iter().map(|(_, text)| text.clone()).collect();
    let key: Key = (ids, difference.repeat);
    let find = |table: &Table| by_key(table).get(&key).copied();
    let there = others.get(difference.table);
    let row = there.and_then(|table| Some((table, find(table)?)));
    if !tables.contains_key(difference.table)
        && let Some(there) = there
    {
        tables.insert(there.spec.name, Table { rows: Vec::new(), ..there.clone() });
    }
    let Some(table) = tables.get_mut(difference.table) else { return };
    match (&difference.column, find(table), row) {
        (Some(column), Some(at), Some((there, from))) => {
            let position = table.position_or_new(column);
            let cell = there.position(column).map(|position| there.rows[from].cells[position].clone());
            table.rows[at].cells[position] = cell.unwrap_or(super::table::Cell::EMPTY);
        }
        (None, Some(at), None) => {
            table.rows.remove(at);
        }
        (None, None, Some((there, from))) => {
            let positions: Vec<usize> =
                there.headings.iter().map(|heading| table.position_or_new(heading)).collect();
            let mut row = Row {
                cells: vec![super::table::Cell::EMPTY; table.headings.len()],
                ..there.rows[from].clone()
            };
            for (cell, position) in there.rows[from].cells.iter().zip(positions) {
                row.cells[position] = cell.clone();
            }
            table.rows.push(row);
        }
        _ => {}
    }
}
