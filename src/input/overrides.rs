//! Changes of rows: from `[[rows]]` of override files and from `--set tables.…`.

use std::collections::BTreeMap;

use super::decimal::Decimal;
use super::layers::Layer;
use super::near;
use super::spec::{TableSpec, find, tables};
use super::table::{Cell, Origin, Row, Table};
use crate::diagnostics::{Code, Diagnostics};

/// A value for a column, and where it is written.
#[derive(Debug)]
pub(super) struct Value {
    pub column: String,
    pub text: String,
    pub origin: Origin,
    /// The key to point at.
    pub key: String,
}

/// What is done to a table.
#[derive(Debug)]
pub(super) enum Action {
    Set { condition: Vec<Value>, values: Vec<Value> },
    Add { values: Vec<Value> },
    Remove { condition: Vec<Value> },
}

/// A change.
#[derive(Debug)]
pub(super) struct Change {
    pub table: &'static TableSpec,
    pub action: Action,
    pub origin: Origin,
    /// The key to point at.
    pub key: String,
}

/// The table of a name, or an error that tells which there are.
pub(super) fn table_named(
    name: &str,
    origin: &Origin,
    key: &str,
    found: &mut Diagnostics,
) -> Option<&'static TableSpec> {
    let spec = find(name);
    if spec.is_none() {
        let cause = format!("there is no table '{}'", near::shown(name));
        let action = near::propose(name, tables().iter().map(|table| table.name));
        found.push(Code::BadOverride, origin.place().column(key), cause, action);
    }
    spec
}

/// The `[[rows]]` of all layers, in order.
pub(super) fn changes(layers: &[Layer], found: &mut Diagnostics) -> Vec<Change> {
    let mut changes = Vec::new();
    for layer in layers {
        for (position, _) in layer.parsed.raw.rows.iter().enumerate() {
            changes.extend(change(layer, position, found));
        }
    }
    changes
}

fn change(layer: &Layer, position: usize, found: &mut Diagnostics) -> Option<Change> {
    let parsed = &layer.parsed;
    let raw = &parsed.raw.rows[position];
    let key = format!("rows[{}]", parsed.row_positions.get(position).copied().unwrap_or(position));
    let table_key = format!("{key}.table");
    let table = table_named(&raw.table, &parsed.origin(&table_key), &table_key, found);
    let values = |part: &str, written: Option<&toml::Table>, found: &mut Diagnostics| {
        written.map(|written| read_values(layer, &format!("{key}.{part}"), written, found))
    };
    let condition = values("where", raw.condition.as_ref(), found);
    let set = values("set", raw.set.as_ref(), found);
    let add = values("add", raw.add.as_ref(), found);
    let action = match (condition, set, add, raw.remove) {
        (Some(condition), Some(values), None, false) => Action::Set { condition, values },
        (None, None, Some(values), false) => Action::Add { values },
        (Some(condition), None, None, true) => Action::Remove { condition },
        _ => {
            let cause = "a change of rows is either add, or where with set, or where with remove = true";
            let action = "write one [[rows]] for each change";
            found.push(Code::BadOverride, parsed.place(&key), cause, action);
            return None;
        }
    };
    Some(Change { table: table?, action, origin: parsed.origin(&key), key })
}

fn read_values(layer: &Layer, path: &str, written: &toml::Table, found: &mut Diagnostics) -> Vec<Value> {
    let mut values = Vec::with_capacity(written.len());
    for (column, value) in written {
        let key = format!("{path}.{column}");
        match cell_text(value) {
            Some(text) => {
                let origin = layer.parsed.origin(&key);
                values.push(Value { column: column.clone(), text, origin, key });
            }
            None => found.push(
                Code::BadOverride,
                layer.parsed.place(&key),
                format!("a {} cannot stand in a cell", value.type_str()),
                "write a text, a number, or a list of texts",
            ),
        }
    }
    values
}

/// A TOML value as the text of a cell.
pub(super) fn cell_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.trim().to_owned()),
        toml::Value::Integer(number) => Some(number.to_string()),
        // The shortest text that reads back the same, never with an exponent.
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(members) => {
            members.iter().map(cell_text).collect::<Option<Vec<_>>>().map(|members| members.join(";"))
        }
        toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

/// Applies changes in order; those that name what is not there are told.
pub(super) fn apply(
    tables: &mut BTreeMap<&'static str, Table>,
    changes: Vec<Change>,
    unread: &[&'static str],
    years: &[i32],
    found: &mut Diagnostics,
) {
    for change in changes {
        // A table whose file could not be read has no rows to find: that was told.
        if unread.contains(&change.table.name) {
            continue;
        }
        let (spec, origin) = (change.table, &change.origin);
        let table = tables.entry(spec.name).or_insert_with(|| Table::empty(spec, origin.clone()));
        match change.action {
            Action::Add { values } => add(table, values, origin, years, found),
            Action::Set { condition, values } => {
                let rows = matching(table, &condition, origin, &change.key, years, found);
                for value in values {
                    set(table, &rows, &value, years, found);
                }
            }
            Action::Remove { condition } => {
                let rows = matching(table, &condition, origin, &change.key, years, found);
                let mut position = 0;
                table.rows.retain(|_| {
                    position += 1;
                    rows.binary_search(&(position - 1)).is_err()
                });
            }
        }
    }
}

/// Whether the table may have a column; if not, that is told.
fn is_column(table: &Table, value: &Value, years: &[i32], found: &mut Diagnostics) -> bool {
    let known = table.spec.column(&value.column, years).is_some();
    if !known {
        let cause = format!("table {} has no column '{}'", table.spec.name, near::shown(&value.column));
        let headings = table.spec.headings(years);
        let action = near::propose(&value.column, headings.iter().map(String::as_str));
        found.push(Code::BadOverride, value.origin.place().column(&value.key), cause, action);
    }
    known
}

fn add(table: &mut Table, values: Vec<Value>, origin: &Origin, years: &[i32], found: &mut Diagnostics) {
    let mut row = Row {
        cells: vec![Cell::EMPTY; table.headings.len()],
        origin: origin.clone(),
        patched: Vec::new(),
        broken: false,
    };
    for value in values {
        if is_column(table, &value, years, found) {
            let position = table.position_or_new(&value.column);
            row.cells.resize(table.headings.len(), Cell::EMPTY);
            row.cells[position] = Cell::Text(value.text);
            row.patched.push((position, value.origin));
        }
    }
    table.rows.push(row);
}

fn set(table: &mut Table, rows: &[usize], value: &Value, years: &[i32], found: &mut Diagnostics) {
    if !is_column(table, value, years, found) {
        return;
    }
    let position = table.position_or_new(&value.column);
    for at in rows {
        let row = &mut table.rows[*at];
        row.cells[position] = Cell::Text(value.text.clone());
        row.patched.push((position, value.origin.clone()));
    }
}

/// The rows that meet a condition, ascending. If there are none, that is told.
fn matching(
    table: &Table,
    condition: &[Value],
    origin: &Origin,
    key: &str,
    years: &[i32],
    found: &mut Diagnostics,
) -> Vec<usize> {
    let known: Vec<bool> = condition.iter().map(|value| is_column(table, value, years, found)).collect();
    if known.contains(&false) {
        return Vec::new();
    }
    let mut rows: Vec<usize> = (0..table.rows.len()).collect();
    for value in condition {
        let position = table.position(&value.column);
        let cell = |at: usize| position.map_or("", |position| table.rows[at].cells[position].text());
        let number = Decimal::parse(&value.text).ok();
        let before = rows.clone();
        rows.retain(|at| {
            // 0.20 and 0.2 are the same number; ids are compared as they are.
            cell(*at) == value.text || (number.is_some() && Decimal::parse(cell(*at)).ok() == number)
        });
        if rows.is_empty() && !before.is_empty() {
            let mut there: Vec<&str> = before.iter().map(|at| cell(*at)).collect();
            there.sort_unstable();
            there.dedup();
            let cause = format!(
                "no row of {} has {} = '{}'",
                table.spec.name,
                value.column,
                near::shown(&value.text)
            );
            let action = near::propose(&value.text, there.iter().copied());
            found.push(Code::BadOverride, value.origin.place().column(&value.key), cause, action);
            return rows;
        }
    }
    if rows.is_empty() {
        let cause = format!("table {} has no rows to change", table.spec.name);
        found.push(Code::BadOverride, origin.place().column(key), cause, "use add, or take the change out");
    }
    rows
}
