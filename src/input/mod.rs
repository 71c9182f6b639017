//! From a scenario folder to a validated [`Scenario`]: all that is wrong is told at once.
//!
//! [`load`] reads scenario.toml and the overrides on it (`scenario_toml`, `layers`, `set`), then each
//! table (`grid` → `table` → one file a table), and joins them (`join`, `checks`).

mod cells;
mod checks;
mod columns;
mod commitments;
mod decimal;
mod differences;
mod edits;
mod exclusions;
mod files;
mod given;
mod grid;
mod index;
mod industries;
mod join;
mod layers;
mod near;
mod needs;
mod neighbours;
mod overrides;
mod pairings;
mod parks;
mod people;
mod placed;
mod placements;
mod places;
mod plan;
mod post_list;
mod posts;
mod priorities;
mod private;
mod professions;
mod provenance;
mod provinces;
mod qualification;
mod reading;
mod regions;
mod scenario_toml;
mod secondees;
mod sector_capacity;
mod sectors;
mod set;
mod shares;
mod sites;
mod spec;
mod table;
mod talent;

use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use differences::{Difference, SCENARIO};
pub use edits::{Cells, Change, Edit, RowKey};
pub use files::InputFile;
pub use given::{Source, TableColumn};
pub use places::{Places, Written};
pub use plan::{PlanFile, PlanPlaces, plan_of_bytes, read_plan};
pub use scenario_toml::scenario_schema;
pub use spec::{ColumnSpec, TableSpec, plan_table, tables, talent_table};

use crate::diagnostics::{Code, Diagnostics, Place};
use crate::domain::Scenario;
use files::{Files, join as join_path};
use join::Tables;
use layers::{Head, Layer};
use reading::Reading;
use table::Table;

/// A scenario that can be solved, and what was said beside it.
#[derive(Debug)]
pub struct Loaded {
    /// The programme.
    pub scenario: Scenario,
    /// The folder of the scenario (of the last parent, when overrides were given).
    pub folder: PathBuf,
    /// The default policy as written: a name, or a path relative to [`Self::policy_folder`].
    pub policy: Option<String>,
    /// The folder of the file that names the policy.
    pub policy_folder: PathBuf,
    /// Parameters by policy, merged over the parents: for example `concentrate` → `{rules={R2={line=200}}}`.
    pub policy_parameters: toml::Table,
    /// From `--set policy.…`: the keys and the value, in order.
    pub policy_sets: Vec<(Vec<String>, toml::Value)>,
    /// Where the scenario's numbers are written.
    pub places: Places,
    /// Every file that was read, in reading order.
    pub inputs: Vec<InputFile>,
    /// What is odd.
    pub warnings: Diagnostics,
    /// Keys of scenario.toml that a plan depends on, as they are in force.
    settings: Vec<Written>,
    head: Head,
}

/// Reads a scenario folder or an override file, with the changes of `--set`.
///
/// # Errors
///
/// All that is wrong, warnings included, in the order of files and rows.
pub fn load(path: &Path, sets: &[String]) -> Result<Loaded, Diagnostics> {
    load_source(&Source { path: path.to_owned(), sets: sets.to_vec(), ..Source::default() })
}

/// Reads a scenario of which tables may be given instead of read.
///
/// # Errors
///
/// All that is wrong, warnings included, in the order of files and rows.
pub fn load_source(source: &Source) -> Result<Loaded, Diagnostics> {
    let (mut files, mut found) = (Files::default(), Diagnostics::new());
    let Some(mut layers) = layers::read_chain(&source.path, &mut files, &mut found) else {
        return Err(found.sorted());
    };
    let folder = layers[0].folder.clone();
    let mut sets = set::read(&source.sets, &folder, &mut found);
    layers.append(&mut sets.layers);
    layers::check_table_names(&layers, &mut found);
    let mut changes = overrides::changes(&layers, &mut found);
    // A given table stands for what the overrides have made of it.
    changes.retain(|change| !source.tables.contains_key(change.table.name));
    changes.append(&mut sets.changes);
    let head = layers::head(&layers, &mut found);

    let (mut tables, unread) = read_tables(&layers, &folder, source, &mut files, &mut found);
    // Without years the columns of the tables cannot be understood.
    let Some(head) = head else { return Err(found.sorted()) };
    overrides::apply(&mut tables, changes, &unread, &head.years, &mut found);
    check_tables(&tables, &unread, &folder, &head.years, &mut found);

    let mut reading = Reading::new(head.years.clone(), head.scale, found);
    let (policy, policy_folder) = (head.policy.clone(), head.policy_folder.clone());
    let scenario = join::scenario(head.clone(), &tables, &mut reading);
    reading.tell_rounded();
    if reading.found.has_errors() {
        return Err(reading.found.sorted());
    }
    Ok(Loaded {
        scenario,
        folder,
        policy,
        policy_folder,
        policy_parameters: layers::policy_parameters(&layers),
        policy_sets: sets.policy,
        places: Places::new(tables),
        inputs: files.read,
        warnings: reading.found.sorted(),
        settings: layers::settings(&layers),
        head,
    })
}

/// Reads the tables that there are. Those whose files could not be read, which was told, are named beside.
fn read_tables(
    layers: &[Layer],
    folder: &Path,
    source: &Source,
    files: &mut Files,
    found: &mut Diagnostics,
) -> (Tables, Vec<&'static str>) {
    let (mut read, mut unread) = (Tables::new(), Vec::new());
    given::tell_unknown(source, found);
    for spec in tables() {
        if let Some(columns) = source.tables.get(spec.name) {
            match given::table(spec, columns, files, found) {
                Some(table) => drop(read.insert(spec.name, table)),
                None => unread.push(spec.name),
            }
            continue;
        }
        let Some((path, named_at)) =
            layers::table_file(layers, spec.name).or_else(|| default_file(folder, spec))
        else {
            continue;
        };
        let file: Rc<str> = path.display().to_string().into();
        let grid =
            files.read(&path, &named_at, found).and_then(|bytes| grid::read(&path, &file, bytes, found));
        match grid {
            Some(grid) => {
                read.insert(spec.name, Table::from_grid(spec, &file, grid, Code::BadTable, found));
            }
            None => unread.push(spec.name),
        }
    }
    (read, unread)
}

/// `<table>.csv`, then `<table>.xlsx`.
fn default_file(folder: &Path, spec: &TableSpec) -> Option<(PathBuf, Place)> {
    ["csv", "xlsx"].iter().find_map(|ending| {
        let path = join_path(folder, &format!("{}.{ending}", spec.name));
        path.exists().then(|| (path.clone(), Place::file(path.display().to_string())))
    })
}

/// Tells which required tables are missing or empty, and which columns are missing or not known.
fn check_tables(
    tables_read: &Tables,
    unread: &[&str],
    folder: &Path,
    years: &[i32],
    found: &mut Diagnostics,
) {
    for spec in tables() {
        match tables_read.get(spec.name) {
            Some(table) => {
                table.check_columns(years, found);
                if spec.required && table.rows.is_empty() {
                    let cause = format!("table {} has no rows", spec.name);
                    found.push(Code::EmptyTable, table.header.place(), cause, "add at least one row");
                }
            }
            None if spec.required && !unread.contains(&spec.name) => {
                let path = join_path(folder, &format!("{}.csv", spec.name)).display().to_string();
                let cause = format!("there is no table {}: {}", spec.name, spec.meaning);
                let action = format!("add {0}.csv or {0}.xlsx, or name the file under [tables]", spec.name);
                found.push(Code::MissingTable, Place::file(path), cause, action);
            }
            None => {}
        }
    }
}
