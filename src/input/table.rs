//! A table as it was read: headings, cells, and where each of them comes from.

use std::rc::Rc;

use super::near;
use super::private;
use super::spec::TableSpec;
use crate::diagnostics::{Code, Diagnostics, Place};

/// One cell, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text or a number; empty when there is nothing.
    Text(String),
    /// A date of a workbook: text that looked like one to the spreadsheet, more often than not.
    Date(String),
    /// An error of a workbook, such as `#N/A`.
    Fault(String),
}

impl Cell {
    pub const EMPTY: Self = Self::Text(String::new());

    /// The text, whatever kind it is.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Date(text) | Self::Fault(text) => text,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }
}

/// Where a row or a cell comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub file: Rc<str>,
    pub row: Option<usize>,
}

impl Origin {
    pub fn place(&self) -> Place {
        Place { file: self.file.to_string(), row: self.row, column: None }
    }
}

/// What a CSV file or a sheet holds, before anything is known of its columns.
#[derive(Debug)]
pub(super) struct Grid {
    /// The line of the headings; none where they stand in no line.
    pub header_row: Option<usize>,
    pub headings: Vec<Cell>,
    pub rows: Vec<(usize, Vec<Cell>)>,
}

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    pub origin: Origin,
    /// Cells that an override put there.
    pub patched: Vec<(usize, Origin)>,
    /// The row has a wrong length. It was told once; what else is odd about it follows from that.
    pub broken: bool,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub spec: &'static TableSpec,
    pub header: Origin,
    pub headings: Vec<String>,
    pub rows: Vec<Row>,
}

impl Table {
    /// A table without rows, for an override to add to.
    pub fn empty(spec: &'static TableSpec, header: Origin) -> Self {
        let required = spec.columns.iter().filter(|column| column.required);
        Self { spec, header, headings: required.map(|c| c.name.to_owned()).collect(), rows: Vec::new() }
    }

    /// Checks the headings and the length of each row of a grid. A row of the wrong length is told
    /// with `wrong_length` and kept, so that ids in it stay known.
    pub fn from_grid(
        spec: &'static TableSpec,
        file: &Rc<str>,
        grid: Grid,
        wrong_length: Code,
        found: &mut Diagnostics,
    ) -> Self {
        let header = Origin { file: file.clone(), row: grid.header_row };
        let headings: Vec<String> = grid.headings.iter().map(|cell| cell.text().to_owned()).collect();
        check_headings(&headings, &header, found);
        let width = headings.len();
        let mut rows = Vec::with_capacity(grid.rows.len());
        for (number, mut cells) in grid.rows {
            let origin = Origin { file: file.clone(), row: Some(number) };
            let extra = cells.len() > width && cells[width..].iter().any(|cell| !cell.is_empty());
            let broken = extra || cells.len() < width;
            if broken {
                let cause = format!("the row has {} cells, the header {width}", cells.len());
                let action = "put a comma between any two cells and quotes around a text with a comma in it";
                found.push(wrong_length, origin.place(), cause, action);
            }
            cells.resize(width, Cell::EMPTY);
            rows.push(Row { cells, origin, patched: Vec::new(), broken });
        }
        Self { spec, header, headings, rows }
    }

    /// Position of a heading.
    pub fn position(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|known| known == heading)
    }

    /// Position of a column that the table knows, made when the file does not have it.
    pub fn position_or_new(&mut self, heading: &str) -> usize {
        self.position(heading).unwrap_or_else(|| {
            self.headings.push(heading.to_owned());
            for row in &mut self.rows {
                row.cells.push(Cell::EMPTY);
            }
            self.headings.len() - 1
        })
    }

    /// Where a cell comes from.
    pub fn place(&self, at: usize, heading: &str) -> Place {
        let row = &self.rows[at];
        let position = self.position(heading);
        let patch = row.patched.iter().rev().find(|(patched, _)| Some(*patched) == position);
        patch.map_or(&row.origin, |(_, origin)| origin).place().column(heading)
    }

    /// Tells which required columns are missing and which columns are not known.
    pub fn check_columns(&self, years: &[i32], found: &mut Diagnostics) {
        for column in self.spec.columns.iter().filter(|column| column.required) {
            if self.position(column.name).is_none() {
                self.missing_column(column.name, found);
            }
        }
        let known = self.spec.headings(years);
        for heading in self.headings.iter().filter(|heading| !heading.is_empty() && !known.contains(heading))
        {
            if let Some(what) = private::told_by(self.spec.name, heading) {
                let cause = format!("column '{}' would tell {what} of a person", near::shown(heading));
                let action = "take it out: people are planned by id, profession, grade and skills alone";
                found.push(Code::PersonalData, self.header.place().column(heading), cause, action);
                continue;
            }
            let action = match near::nearest(heading, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean '{near}'?"),
                None => "rename it or take it out; allot works without it".to_owned(),
            };
            let cause = format!("table {} has no column '{}'", self.spec.name, near::shown(heading));
            found.push(Code::UnknownColumn, self.header.place().column(heading), cause, action);
        }
        for (position, _) in self.headings.iter().enumerate().filter(|(_, heading)| heading.is_empty()) {
            if self.rows.iter().any(|row| !row.cells[position].is_empty()) {
                let column = format!("(column {})", position + 1);
                let cause = format!("column {} has cells but no heading", position + 1);
                let action = "write its name into the header, or take it out";
                found.push(Code::UnknownColumn, self.header.place().column(column), cause, action);
            }
        }
    }

    /// Tells that a column is missing.
    pub fn missing_column(&self, heading: &str, found: &mut Diagnostics) {
        let cause = format!("table {} has no column '{heading}'", self.spec.name);
        let headings: Vec<&String> = self.headings.iter().filter(|heading| !heading.is_empty()).collect();
        let action = format!("add it; the file has: {}", near::listed(&headings));
        found.push(Code::MissingColumn, self.header.place().column(heading), cause, action);
    }
}

fn check_headings(headings: &[String], header: &Origin, found: &mut Diagnostics) {
    for (position, heading) in headings.iter().enumerate() {
        if !heading.is_empty() && headings[..position].contains(heading) {
            let cause = format!("column '{}' stands twice", near::shown(heading));
            let action = "rename or remove one of them";
            found.push(Code::DuplicateColumn, header.place().column(heading), cause, action);
        }
    }
}
