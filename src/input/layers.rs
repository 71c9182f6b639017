//! A scenario and the overrides on it: the chain of parents, from the scenario up.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::cells::is_id;
use super::decimal::{LARGEST_UNIT, MoneyScale};
use super::files::{Files, folder_of, join};
use super::near;
use super::places::Written;
use super::scenario_toml::{Parsed, RawScenario, parse};
use super::spec::{find, tables};
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::domain::{MoneyUnit, Text};
use crate::units::{MICRO, Ratio};

/// The longest horizon.
const MOST_YEARS: usize = 60;
/// The longest chain of parents.
const MOST_PARENTS: usize = 100;

/// One file of the chain, or one `--set scenario.…`.
#[derive(Debug)]
pub(super) struct Layer {
    pub parsed: Parsed,
    /// What its paths are relative to.
    pub folder: PathBuf,
}

/// What scenario.toml says, all overrides applied.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub id: String,
    pub title: Text,
    pub years: Vec<i32>,
    pub money: MoneyUnit,
    pub scale: MoneyScale,
    pub neighbour_radius: Option<Radius>,
    pub policy: Option<String>,
    /// The folder that a policy path is relative to.
    pub policy_folder: PathBuf,
}

/// How far away a neighbour may be, and where that is written.
#[derive(Debug, Clone)]
pub(super) struct Radius {
    pub km: Ratio,
    pub place: Place,
}

/// Nearly half the circumference of the Earth.
const FURTHEST_KM: i64 = 20_000;

/// Reads a folder or an override file and its parents: the scenario first, the last override last.
pub(super) fn read_chain(path: &Path, files: &mut Files, found: &mut Diagnostics) -> Option<Vec<Layer>> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut visited: Vec<(PathBuf, String)> = Vec::new();
    let mut next = path.to_owned();
    let mut named_at = Place::file(path.display().to_string());
    loop {
        let file = if next.is_dir() { join(&next, "scenario.toml") } else { next };
        let name = file.display().to_string();
        let real = file.canonicalize().unwrap_or_else(|_| file.clone());
        if visited.iter().any(|(known, _)| *known == real) || visited.len() > MOST_PARENTS {
            let names: Vec<&str> =
                visited.iter().map(|(_, name)| name.as_str()).chain([name.as_str()]).collect();
            let cause = format!("the chain of parents does not end: {}", names.join(" → "));
            found.push(Code::ParentLoop, named_at, cause, "point parent at the scenario's folder");
            return None;
        }
        visited.push((real, name.clone()));
        if layers.is_empty() && file != path {
            named_at = Place::file(name.clone());
        }
        let bytes = files.read(&file, &named_at, found)?;
        let file_name: Rc<str> = name.as_str().into();
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text),
            Err(error) => {
                let row = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
                let place = Place::file(name).row(row);
                found.push(Code::BadToml, place, "the text is not UTF-8", "save the file as UTF-8");
                return None;
            }
        };
        let parsed = parse(&file_name, text, Code::BadToml, found)?;
        let folder = folder_of(&file);
        let parent = parsed.raw.parent.clone();
        named_at = parsed.place("parent");
        layers.push(Layer { parsed, folder });
        match parent {
            Some(parent) => next = join(&layers[layers.len() - 1].folder, &parent),
            None => break,
        }
    }
    layers.reverse();
    Some(layers)
}

/// The last layer that says something, and what it says.
fn last<'l, T>(layers: &'l [Layer], says: impl Fn(&'l Layer) -> Option<T>) -> Option<(T, &'l Layer)> {
    layers.iter().rev().find_map(|layer| says(layer).map(|value| (value, layer)))
}

/// The file of a table: the last layer that names it, and the place where it does.
pub(super) fn table_file(layers: &[Layer], table: &str) -> Option<(PathBuf, Place)> {
    let (written, layer) = last(layers, |layer| layer.parsed.raw.tables.get(table))?;
    Some((join(&layer.folder, written), layer.parsed.place(&format!("tables.{table}"))))
}

/// Tells which `[tables]` there are not.
pub(super) fn check_table_names(layers: &[Layer], found: &mut Diagnostics) {
    for layer in layers {
        let parsed = &layer.parsed;
        let code = if parsed.raw.parent.is_some() { Code::BadOverride } else { Code::BadToml };
        for name in parsed.raw.tables.keys().filter(|name| find(name).is_none()) {
            let cause = format!("there is no table '{}'", near::shown(name));
            let action = near::propose(name, tables().iter().map(|table| table.name));
            found.push(code, parsed.place(&format!("tables.{name}")), cause, action);
        }
    }
}

/// Merges the keys of all layers and checks their values; what is missing or wrong is told and stands as
/// something harmless, so that the tables can be checked too. Without years they cannot.
pub(super) fn head(layers: &[Layer], found: &mut Diagnostics) -> Option<Head> {
    let id = last(layers, |layer| layer.parsed.raw.id.as_ref());
    let title = last(layers, |layer| layer.parsed.raw.title.as_ref());
    let years = last(layers, |layer| layer.parsed.raw.years.as_ref());
    let policy = last(layers, |layer| layer.parsed.raw.policy.as_ref());
    for key in ["id", "title", "years", "money.currency", "money.unit"] {
        // A key that is there and wrong was told.
        if !layers.iter().any(|layer| layer.parsed.has(key)) {
            let place = layers[0].parsed.place(key);
            found.push(Code::BadToml, place, format!("'{key}' is missing"), "add it");
        }
    }
    if let Some((id, layer)) = id
        && (!is_id(id) || id.contains('.'))
    {
        let cause = format!("'{}' is not an id", near::shown(id));
        found.push(Code::BadId, layer.parsed.place("id"), cause, "use letters, digits, '-' and '_' only");
    }
    let (money, scale) = money(layers, found);
    let neighbour_radius = neighbour_radius(layers, found);
    let (years, layer) = years?;
    check_years(years, layer, found).then(|| Head {
        id: id.map(|(id, _)| id.clone()).unwrap_or_default(),
        title: title.map(|(title, _)| title.clone()).unwrap_or_default(),
        years: years.clone(),
        money,
        scale,
        neighbour_radius,
        policy_folder: policy.map_or(&layers[0].folder, |(_, layer)| &layer.folder).clone(),
        policy: policy.map(|(policy, _)| policy.clone()),
    })
}

fn check_years(years: &[i32], layer: &Layer, found: &mut Diagnostics) -> bool {
    let consecutive = years.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(1));
    let four_digits = years.iter().all(|year| (1000..=9999).contains(year));
    let right = (1..=MOST_YEARS).contains(&years.len()) && consecutive && four_digits;
    if !right {
        let cause = format!("the years are {}", near::shown(&format!("{years:?}")));
        let action = format!("list 1 to {MOST_YEARS} consecutive years, the first one first");
        found.push(Code::BadYears, layer.parsed.place("years"), cause, action);
    }
    right
}

fn neighbour_radius(layers: &[Layer], found: &mut Diagnostics) -> Option<Radius> {
    let (km, layer) = last(layers, |layer| layer.parsed.raw.neighbour_radius_km)?;
    let place = layer.parsed.place("neighbour_radius_km");
    if !(1..=FURTHEST_KM * MICRO).contains(&km.micros()) {
        let action = format!("write kilometres, over 0 and at most {FURTHEST_KM}");
        found.push(Code::OutOfRange, place, format!("{km} is out of range"), action);
        return None;
    }
    Some(Radius { km, place })
}

fn money(layers: &[Layer], found: &mut Diagnostics) -> (MoneyUnit, MoneyScale) {
    let currency = last(layers, |layer| layer.parsed.raw.money.currency.as_ref());
    if let Some((currency, layer)) = currency
        && (currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        let cause = format!("'{}' is not a currency", near::shown(currency));
        let action = "write the three capital letters of ISO 4217, such as CNY or EUR";
        found.push(Code::BadChoice, layer.parsed.place("money.currency"), cause, action);
    }
    let mut checked = |key: &str, says: fn(&Layer) -> Option<i64>| {
        let (value, layer) = last(layers, says)?;
        let right = (1..=LARGEST_UNIT).contains(&value);
        if !right {
            let action = format!("write a whole number from 1 to {}", crate::units::Money(LARGEST_UNIT));
            found.push(Code::OutOfRange, layer.parsed.place(key), format!("{value} is out of range"), action);
        }
        right.then_some(value)
    };
    let unit = checked("money.unit", |layer| layer.parsed.raw.money.unit);
    let amounts_in = checked("money.amounts_in", |layer| layer.parsed.raw.money.amounts_in);
    // An override that changes the unit must not change what the numbers in the tables mean:
    // they stay in what the scenario itself counts in.
    let first_unit = layers.iter().find_map(|layer| layer.parsed.raw.money.unit).map(|unit| unit.max(1));
    let amounts_in = amounts_in.or(first_unit).unwrap_or(1).min(LARGEST_UNIT);
    let unit = unit.unwrap_or(amounts_in);
    let currency = currency.map(|(currency, _)| currency.clone()).unwrap_or_default();
    (MoneyUnit { currency, unit, amounts_in }, MoneyScale { amounts_in, unit })
}

/// The keys that a plan depends on, as they are in force, and where they stand.
pub(super) fn settings(layers: &[Layer]) -> Vec<Written> {
    type Says = fn(&RawScenario) -> Option<String>;
    let says: [(&str, Says); 5] = [
        ("years", |raw| raw.years.as_ref().map(|years| format!("{years:?}"))),
        ("money.currency", |raw| raw.money.currency.clone()),
        ("money.unit", |raw| raw.money.unit.map(|unit| unit.to_string())),
        ("money.amounts_in", |raw| raw.money.amounts_in.map(|amounts| amounts.to_string())),
        ("neighbour_radius_km", |raw| raw.neighbour_radius_km.map(|radius| radius.to_string())),
    ];
    says.into_iter()
        .filter_map(|(key, says)| {
            let (text, layer) = last(layers, |layer| says(&layer.parsed.raw))?;
            Some(Written { place: layer.parsed.place(key), column: key.to_owned(), text })
        })
        .collect()
}

/// Parameters by policy, later layers over earlier ones.
pub(super) fn policy_parameters(layers: &[Layer]) -> toml::Table {
    let mut merged = toml::Table::new();
    for layer in layers {
        for (policy, parameters) in &layer.parsed.raw.policy_parameters {
            let place =
                merged.entry(policy.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            merge(place, &toml::Value::Table(parameters.clone()));
        }
    }
    merged
}

fn merge(place: &mut toml::Value, over: &toml::Value) {
    match (place, over) {
        (toml::Value::Table(place), toml::Value::Table(over)) => {
            for (key, value) in over {
                match place.get_mut(key) {
                    Some(known) => merge(known, value),
                    None => {
                        place.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (place, over) => *place = over.clone(),
    }
}
