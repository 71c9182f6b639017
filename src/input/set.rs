//! `--set PATH=VALUE`: the last word, from the command line.

use std::path::Path;
use std::rc::Rc;

use serde::Deserialize;

use super::layers::Layer;
use super::overrides::{Action, Change, Value, cell_text, table_named};
use super::scenario_toml::parse;
use super::table::Origin;
use crate::diagnostics::{Code, Diagnostics, Place};

/// What all `--set` say, by kind, each in order.
#[derive(Debug, Default)]
pub(super) struct Sets {
    pub policy: Vec<(Vec<String>, toml::Value)>,
    pub layers: Vec<Layer>,
    pub changes: Vec<Change>,
}

/// Reads them; those that say nothing are told. Paths in them are relative to the scenario's folder.
pub(super) fn read(sets: &[String], folder: &Path, found: &mut Diagnostics) -> Sets {
    let mut read = Sets::default();
    for set in sets {
        let origin = Origin { file: format!("--set {set}").into(), row: None };
        if let Err(cause) = read_one(set, &origin, folder, &mut read, found) {
            let action = "write policy.<key>=<value>, scenario.<key>=<value> or \
                          'tables.<table>[<column>=<id>].<column>=<value>'";
            found.push(Code::BadOverride, origin.place(), cause, action);
        }
    }
    read
}

fn read_one(
    set: &str,
    origin: &Origin,
    folder: &Path,
    read: &mut Sets,
    found: &mut Diagnostics,
) -> Result<(), String> {
    let (kind, rest) = set.split_once('.').ok_or("there is no path with a '.' in it")?;
    match kind.trim() {
        "tables" => read.changes.extend(table_change(rest, origin, found)?),
        "policy" => {
            let (path, value) = rest.split_once('=').ok_or("there is no '='")?;
            read.policy.push((keys(path)?, value_of(value)));
        }
        "scenario" => {
            let (path, value) = rest.split_once('=').ok_or("there is no '='")?;
            let first = keys(path)?.into_iter().next().unwrap_or_default();
            if first == "parent" || first == "rows" {
                return Err(format!("'{first}' cannot be set"));
            }
            let text = format!("{} = {}", path.trim(), value_of(value));
            let file: Rc<str> = origin.file.clone();
            let mut own = Diagnostics::new();
            let parsed = parse(&file, &text, Code::BadOverride, &mut own);
            for diagnostic in own {
                let place = Place { row: None, ..diagnostic.place };
                found.push(diagnostic.code, place, diagnostic.cause, diagnostic.action);
            }
            if let Some(mut parsed) = parsed {
                parsed.forget_lines();
                read.layers.push(Layer { parsed, folder: folder.to_owned() });
            }
        }
        other => return Err(format!("a path begins with policy, scenario or tables, not '{other}'")),
    }
    Ok(())
}

fn keys(path: &str) -> Result<Vec<String>, String> {
    let keys = toml_edit::Key::parse(path.trim()).map_err(|_| format!("'{path}' is not a path of keys"))?;
    Ok(keys.iter().map(|key| key.get().to_owned()).collect())
}

/// A TOML value; what is none is a text, so that a name needs no quotes.
fn value_of(text: &str) -> toml::Value {
    toml::de::ValueDeserializer::parse(text.trim())
        .and_then(toml::Value::deserialize)
        .unwrap_or_else(|_| toml::Value::String(text.trim().to_owned()))
}

/// The text of a cell: as it is written, unless it is a quoted text or a list.
fn cell_of(text: &str) -> String {
    match value_of(text) {
        value @ (toml::Value::String(_) | toml::Value::Array(_)) => {
            cell_text(&value).unwrap_or_else(|| text.trim().to_owned())
        }
        _ => text.trim().to_owned(),
    }
}

/// `provinces[province_id=shanghai].carry_over=0.2`.
fn table_change(rest: &str, origin: &Origin, found: &mut Diagnostics) -> Result<Option<Change>, String> {
    let (name, rest) = rest.split_once('[').ok_or("the path does not say which row, in [ ]")?;
    let (condition, assignment) = rest.split_once("].").ok_or("there is no '].' and column after the row")?;
    let (column, value) = assignment.split_once('=').ok_or("there is no '='")?;
    let written = |column: &str, text: String| {
        let column = column.trim().to_owned();
        Value { key: column.clone(), column, text, origin: origin.clone() }
    };
    let mut conditions = Vec::new();
    for part in condition.split(',') {
        let (column, value) = part.split_once('=').ok_or(format!("'{part}' is not <column>=<id>"))?;
        conditions.push(written(column, cell_of(value)));
    }
    let table = table_named(name.trim(), origin, "tables", found);
    let values = vec![written(column, cell_of(value))];
    let action = Action::Set { condition: conditions, values };
    Ok(table.map(|table| Change { table, action, origin: origin.clone(), key: "tables".to_owned() }))
}
