//! `scenario.toml` and override files: one format, in which a file with a `parent` says only what differs.

use std::collections::BTreeMap;
use std::rc::Rc;

use schemars::{JsonSchema, Schema, json_schema};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::spec::tables;
use super::table::Origin;
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::domain::Text;
use crate::units::Ratio;

/// A scenario.toml or an override file. A file without `parent` is a whole scenario; one with `parent`
/// says only what differs from it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "allot scenario")]
pub(super) struct RawScenario {
    /// The folder or override file that this file changes, relative to this file.
    pub parent: Option<String>,
    /// A short name: letters, digits, '-' and '_'. It appears in the results.
    pub id: Option<String>,
    /// The title of reports.
    pub title: Option<Text>,
    /// The years of the plan: consecutive and ascending.
    pub years: Option<Vec<i32>>,
    /// The policy that is used unless another is asked for: a name, or the path of a policy file
    /// relative to this file's folder.
    pub policy: Option<String>,
    /// Sites whose great-circle distance is at most so many kilometres are neighbours; instead of a table of
    /// neighbours.
    pub neighbour_radius_km: Option<Ratio>,
    /// What money is counted in.
    pub money: RawMoney,
    /// Files of the tables, relative to this file; by default <table>.csv, then <table>.xlsx.
    pub tables: BTreeMap<String, String>,
    /// Parameters of policies that fit this scenario, by policy name; for example
    /// [`policy_parameters.concentrate.rules.R2`].
    #[schemars(with = "BTreeMap<String, serde_json::Map<String, serde_json::Value>>")]
    pub policy_parameters: BTreeMap<String, toml::Table>,
    /// Changes of single rows, in order.
    pub rows: Vec<RawChange>,
}

/// What money is counted in.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMoney {
    /// The currency: three capital letters (ISO 4217).
    pub currency: Option<String>,
    /// How much currency one unit is: plans are whole units.
    #[schemars(range(min = 1))]
    pub unit: Option<i64>,
    /// How much currency an amount of 1 in the tables is; by default the same as unit.
    #[schemars(range(min = 1))]
    pub amounts_in: Option<i64>,
}

/// A change of rows: exactly one of `add`, `set` with `where`, and `remove = true` with `where`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawChange {
    /// The table.
    pub table: String,
    /// Which rows: those whose cells have all of these values.
    #[serde(rename = "where")]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub condition: Option<toml::Table>,
    /// New values of cells.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub set: Option<toml::Table>,
    /// A new row.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub add: Option<toml::Table>,
    /// Whether the rows are taken out.
    pub remove: bool,
}

impl RawScenario {
    /// Takes over what another piece of the same file says.
    fn absorb(&mut self, piece: Self) {
        fn put<T>(place: &mut Option<T>, value: Option<T>) {
            if value.is_some() {
                *place = value;
            }
        }
        put(&mut self.parent, piece.parent);
        put(&mut self.id, piece.id);
        put(&mut self.title, piece.title);
        put(&mut self.years, piece.years);
        put(&mut self.policy, piece.policy);
        put(&mut self.neighbour_radius_km, piece.neighbour_radius_km);
        put(&mut self.money.currency, piece.money.currency);
        put(&mut self.money.unit, piece.money.unit);
        put(&mut self.money.amounts_in, piece.money.amounts_in);
        self.tables.extend(piece.tables);
        self.policy_parameters.extend(piece.policy_parameters);
        self.rows.extend(piece.rows);
    }
}

/// A file that was parsed, and in which line each of its keys stands.
#[derive(Debug)]
pub(super) struct Parsed {
    pub raw: RawScenario,
    pub file: Rc<str>,
    lines: BTreeMap<String, Option<usize>>,
    /// For each member of `raw.rows`, its position in the file: wrong ones are left out.
    pub row_positions: Vec<usize>,
}

impl Parsed {
    /// Where a key stands; for a key that is not there, the file.
    pub fn origin(&self, key: &str) -> Origin {
        Origin { file: self.file.clone(), row: self.lines.get(key).copied().flatten() }
    }

    /// Whether the file has a key, right or wrong.
    pub fn has(&self, key: &str) -> bool {
        self.lines.contains_key(key)
    }

    /// Drops the line numbers: those within one argument of a command say nothing.
    pub fn forget_lines(&mut self) {
        self.lines.values_mut().for_each(|line| *line = None);
    }

    /// Where a key stands, with the key.
    pub fn place(&self, key: &str) -> Place {
        self.origin(key).place().column(key)
    }
}

/// Parses a file. An error of syntax is told, and then there is nothing; else all keys that are wrong
/// are told, and the others kept. `code` is what they are told as.
pub(super) fn parse(file: &Rc<str>, text: &str, code: Code, found: &mut Diagnostics) -> Option<Parsed> {
    let starts = line_starts(text);
    // Only the first error of syntax: those after it mostly follow from it.
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let row = error.span().map(|span| line_of(&starts, span.start));
            let place = Place { file: file.to_string(), row, column: None };
            found.push(code, place, error.message(), "mend the TOML syntax here or on the line before");
            return None;
        }
    };
    let mut parsed = Parsed {
        raw: RawScenario::default(),
        file: file.clone(),
        lines: BTreeMap::new(),
        row_positions: Vec::new(),
    };
    note_lines(root.get_ref(), "", &starts, &mut parsed.lines);
    for (key, piece) in pieces(root) {
        let span = piece.span();
        match RawScenario::deserialize(toml::de::Deserializer::from(piece)) {
            Ok(read) => {
                if let Some(position) = key.strip_prefix("rows[").and_then(|rest| rest.strip_suffix(']')) {
                    parsed.row_positions.extend(position.parse::<usize>());
                }
                parsed.raw.absorb(read);
            }
            Err(error) => {
                let row = line_of(&starts, error.span().unwrap_or(span).start);
                let place = Place { file: file.to_string(), row: Some(row), column: Some(key) };
                found.push(code, place, error.message(), "see docs/input.md for the keys and their values");
            }
        }
    }
    Some(parsed)
}

/// A table of one key.
fn only<'i>(key: Spanned<DeString<'i>>, value: Spanned<DeValue<'i>>) -> DeTable<'i> {
    std::iter::once((key, value)).collect()
}

/// Cuts a file into pieces of one key each, so that one wrong key does not hide another.
fn pieces(root: Spanned<DeTable<'_>>) -> Vec<(String, Spanned<DeTable<'_>>)> {
    let mut pieces = Vec::new();
    for (key, value) in root.into_inner() {
        let (name, span) = (key.get_ref().to_string(), value.span());
        match value.into_inner() {
            DeValue::Table(members) if name == "money" || name == "tables" => {
                for (member, value) in members {
                    let (path, at) = (format!("{name}.{}", member.get_ref()), member.span());
                    let inner = Spanned::new(span.clone(), DeValue::Table(only(member, value)));
                    pieces.push((path, Spanned::new(at, only(key.clone(), inner))));
                }
            }
            DeValue::Array(elements) if name == "rows" => {
                for (position, element) in elements.into_iter().enumerate() {
                    let at = element.span();
                    let array = DeValue::Array(std::iter::once(element).collect());
                    let piece = only(key.clone(), Spanned::new(span.clone(), array));
                    pieces.push((format!("rows[{position}]"), Spanned::new(at, piece)));
                }
            }
            other => {
                let at = key.span();
                pieces.push((name, Spanned::new(at, only(key, Spanned::new(span, other)))));
            }
        }
    }
    pieces
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

fn line_of(starts: &[usize], offset: usize) -> usize {
    starts.partition_point(|start| *start <= offset)
}

fn note_lines(
    table: &DeTable<'_>,
    path: &str,
    starts: &[usize],
    lines: &mut BTreeMap<String, Option<usize>>,
) {
    for (key, value) in table {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", key.get_ref());
        lines.insert(path.clone(), Some(line_of(starts, key.span().start)));
        match value.get_ref() {
            DeValue::Table(inner) => note_lines(inner, &path, starts, lines),
            DeValue::Array(elements) => {
                for (position, element) in elements.iter().enumerate() {
                    if let DeValue::Table(inner) = element.get_ref() {
                        let path = format!("{path}[{position}]");
                        lines.insert(path.clone(), Some(line_of(starts, element.span().start)));
                        note_lines(inner, &path, starts, lines);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The JSON schema of scenario.toml and of override files.
pub fn scenario_schema() -> Schema {
    let mut schema = schemars::schema_for!(RawScenario);
    schema.insert(
        "anyOf".to_owned(),
        serde_json::json!([{ "required": ["parent"] }, { "required": ["id", "title", "years", "money"] }]),
    );
    let names: Vec<&str> = tables().iter().map(|table| table.name).collect();
    if let Some(files) = schema.pointer_mut("/properties/tables").and_then(serde_json::Value::as_object_mut) {
        let known = json_schema!({ "enum": names });
        files.insert("propertyNames".to_owned(), known.to_value());
    }
    schema
}
