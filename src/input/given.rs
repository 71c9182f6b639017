//! Tables that a program hands over instead of a file: the same checks, and places that name table, row and column.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use super::Loaded;
use super::decimal::Decimal;
use super::files::{Files, InputFile, MOST_CELLS};
use super::near;
use super::spec::{TableSpec, find, tables};
use super::table::{Cell, Grid, Table};
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::digest::sha256;

/// Where a scenario is read from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// Its folder, or an override file.
    pub path: PathBuf,
    /// What `--set` takes. Changes of a given table come on top of it.
    pub sets: Vec<String>,
    /// Tables that are given, by their name. They stand for their file and for what override files change in it.
    pub tables: BTreeMap<String, Vec<TableColumn>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// Its heading.
    pub name: String,
    /// Whether its filled cells are numbers.
    pub is_number: bool,
    /// Its cells as text, one a row; empty where there is nothing.
    pub cells: Vec<String>,
}

/// Where a given table's errors are said to be.
fn file_of(name: &str) -> String {
    format!("table {name}")
}

/// Tells which given tables there are not.
pub(super) fn tell_unknown(source: &Source, found: &mut Diagnostics) {
    for name in source.tables.keys().filter(|name| find(name).is_none()) {
        let cause = format!("there is no table '{}'", near::shown(name));
        let action = near::propose(name, tables().iter().map(|table| table.name));
        found.push(Code::BadOverride, Place::file(file_of(name)), cause, action);
    }
}

/// The table of given columns. Its rows are counted from 0, as data frames count them.
pub(super) fn table(
    spec: &'static TableSpec,
    columns: &[TableColumn],
    files: &mut Files,
    found: &mut Diagnostics,
) -> Option<Table> {
    let file: Rc<str> = file_of(spec.name).into();
    let height = columns.first().map_or(0, |column| column.cells.len());
    if columns.iter().any(|column| column.cells.len() != height) {
        let action = "give each column as many cells as the others";
        found.push(Code::BadTable, Place::file(&*file), "the columns are not equally long", action);
        return None;
    }
    if columns.len().saturating_mul(height) > MOST_CELLS {
        let cause = format!("the table has more than {MOST_CELLS} cells");
        found.push(Code::TooLarge, Place::file(&*file), cause, "leave out what allot does not use");
        return None;
    }
    let cell = |column: &TableColumn, at: usize| Cell::Text(column.cells[at].trim().to_owned());
    let rows = (0..height).map(|at| (at, columns.iter().map(|column| cell(column, at)).collect::<Vec<_>>()));
    let rows = rows.filter(|(_, cells)| !cells.iter().all(Cell::is_empty)).collect();
    let headings = columns.iter().map(|column| Cell::Text(column.name.trim().to_owned())).collect();
    let written = columns.iter().map(|column| (&column.name, &column.cells));
    let bytes = serde_json::to_vec(&written.collect::<Vec<_>>()).unwrap_or_default();
    files.read.push(InputFile { path: file.to_string(), sha256: sha256(&bytes) });
    let grid = Grid { header_row: None, headings, rows };
    Some(Table::from_grid(spec, &file, grid, Code::BadTable, found))
}

impl Loaded {
    /// The scenario's tables by name, all overrides applied, in reading order.
    pub fn tables(&self) -> Vec<(&'static str, Vec<TableColumn>)> {
        let read = self.places.tables();
        tables()
            .iter()
            .filter_map(|spec| Some((spec.name, columns(read.get(spec.name)?, &self.head.years))))
            .collect()
    }
}

/// The columns of a table. One of numbers that holds something else too is a column of texts.
fn columns(table: &Table, years: &[i32]) -> Vec<TableColumn> {
    let headings = table.headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty());
    headings
        .map(|(at, name)| {
            let cells: Vec<String> = table.rows.iter().map(|row| row.cells[at].text().to_owned()).collect();
            let is_number = table.spec.column(name, years).is_some_and(|column| column.is_number)
                && cells.iter().all(|cell| cell.is_empty() || Decimal::parse(cell).is_ok());
            TableColumn { name: name.clone(), is_number, cells }
        })
        .collect()
}
