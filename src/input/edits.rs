//! A scenario with some cells changed, made from the tables as they were read: a sweep makes thousands.

use super::Loaded;
use super::decimal::Decimal;
use super::join;
use super::near;
use super::reading::Reading;
use super::spec::{find, tables};
use super::table::{Cell, Table};
use crate::diagnostics::Diagnostics;
use crate::domain::Scenario;
use crate::units::{MICRO, Micro, Ratio};

/// What is done to a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It becomes this text.
    Set(String),
    /// Its number is multiplied with a ratio, and rounded to a millionth.
    Multiply(Ratio),
    /// A ratio is added to its number.
    Add(Ratio),
}

/// Cells of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The table.
    pub table: String,
    /// Columns and texts that choose the rows; none is every row.
    pub rows: Vec<(String, String)>,
    /// The column; with `*` at its end, each filled column that begins so.
    pub column: String,
}

/// Columns and texts that tell a row from others.
pub type RowKey = Vec<(String, String)>;

/// A change of cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// Which cells.
    pub cells: Cells,
    /// What becomes of them.
    pub change: Change,
}

impl Cells {
    /// Row and column of each cell. Why there is none, otherwise.
    fn find(&self, table: &Table) -> Result<Vec<(usize, usize)>, String> {
        let mut conditions = Vec::new();
        for (column, text) in &self.rows {
            let position = table.position(column).ok_or_else(|| no_column(table, column))?;
            conditions.push((position, column, text));
        }
        let is_it = |at: &usize| {
            conditions
                .iter()
                .all(|(position, _, text)| table.rows[*at].cells[*position].text() == text.as_str())
        };
        let rows: Vec<usize> = (0..table.rows.len()).filter(is_it).collect();
        if rows.is_empty() {
            let ids: Vec<&str> = conditions.last().map_or(Vec::new(), |(position, ..)| {
                table.rows.iter().map(|row| row.cells[*position].text()).collect()
            });
            let wanted: Vec<String> =
                conditions.iter().map(|(_, column, text)| format!("{column} = '{text}'")).collect();
            let text = conditions.last().map_or("", |(.., text)| text.as_str());
            let propose = near::propose(text, ids.iter().copied());
            return Err(format!("no row of {} has {}; {propose}", table.spec.name, wanted.join(", ")));
        }
        let columns: Vec<usize> = match self.column.strip_suffix('*') {
            None => vec![table.position(&self.column).ok_or_else(|| no_column(table, &self.column))?],
            Some(stem) => {
                let headings = table.headings.iter().enumerate();
                headings.filter(|(_, heading)| heading.starts_with(stem)).map(|(at, _)| at).collect()
            }
        };
        let filled = |(at, column): &(usize, usize)| !table.rows[*at].cells[*column].is_empty();
        let every: Vec<(usize, usize)> =
            rows.iter().flat_map(|at| columns.iter().map(move |column| (*at, *column))).collect();
        let some: Vec<(usize, usize)> = every.iter().copied().filter(filled).collect();
        // A cell may be filled for the first time, but not many that are only named by how they begin.
        let is_one = !self.column.ends_with('*');
        match (some.is_empty(), is_one) {
            (false, _) => Ok(some),
            (true, true) => Ok(every),
            (true, false) => {
                Err(format!("no filled column of {} begins with '{}'", table.spec.name, self.column))
            }
        }
    }
}

fn no_column(table: &Table, column: &str) -> String {
    let propose = near::propose(column, table.headings.iter().map(String::as_str));
    format!("the table {} has no column '{}'; {propose}", table.spec.name, near::shown(column))
}

impl Loaded {
    fn table(&self, name: &str) -> Result<&Table, String> {
        let spec = find(name).ok_or_else(|| {
            let propose = near::propose(name, tables().iter().map(|table| table.name));
            format!("there is no table '{}'; {propose}", near::shown(name))
        })?;
        self.places.tables().get(spec.name).ok_or_else(|| format!("the scenario has no table {name}"))
    }

    /// The texts of some cells, each with the key of its row.
    ///
    /// # Errors
    /// Why there are none.
    pub fn texts(&self, cells: &Cells) -> Result<Vec<(RowKey, String)>, String> {
        let table = self.table(&cells.table)?;
        let key = |at: usize| {
            let keys = table.spec.key.iter().filter_map(|column| {
                let text = table.rows[at].cells[table.position(column)?].text();
                Some(((*column).to_owned(), text.to_owned()))
            });
            keys.collect()
        };
        let found = cells.find(table)?;
        Ok(found
            .into_iter()
            .map(|(at, column)| (key(at), table.rows[at].cells[column].text().to_owned()))
            .collect())
    }

    /// The scenario with cells changed.
    ///
    /// # Errors
    /// What cannot be changed, and what is wrong with the scenario then, each as a line of text.
    pub fn edited(&self, edits: &[Edit]) -> Result<Scenario, Vec<String>> {
        let mut tables = self.places.tables().clone();
        let mut wrong = Vec::new();
        for Edit { cells, change } in edits {
            let found = self.table(&cells.table).and_then(|table| {
                let places = cells.find(table)?;
                Ok((table.spec.name, places))
            });
            match found {
                Err(cause) => wrong.push(cause),
                Ok((name, places)) => {
                    let Some(table) = tables.get_mut(name) else { continue };
                    for (at, column) in places {
                        match changed(table.rows[at].cells[column].text(), change) {
                            Ok(text) => table.rows[at].cells[column] = Cell::Text(text),
                            Err(cause) => {
                                wrong.push(format!("{}: {cause}", table.place(at, &table.headings[column])));
                            }
                        }
                    }
                }
            }
        }
        let mut reading = Reading::new(self.head.years.clone(), self.head.scale, Diagnostics::new());
        let scenario = join::scenario(self.head.clone(), &tables, &mut reading);
        if reading.found.has_errors() {
            let told = reading.found.sorted();
            let errors =
                told.iter().filter(|found| found.code.severity() == crate::diagnostics::Severity::Error);
            wrong.extend(errors.map(|found| format!("{}: {}", found.place, found.cause)));
        }
        if wrong.is_empty() { Ok(scenario) } else { Err(wrong) }
    }
}

/// The new text of a cell.
fn changed(text: &str, change: &Change) -> Result<String, String> {
    let number = || {
        Decimal::parse(text)
            .ok()
            .and_then(Decimal::micros)
            .ok_or_else(|| format!("'{}' is not a number", near::shown(text)))
    };
    Ok(match change {
        Change::Set(text) => text.clone(),
        Change::Add(ratio) => Micro(number()? + i128::from(ratio.micros())).to_string(),
        Change::Multiply(ratio) => {
            let product =
                number()?.checked_mul(i128::from(ratio.micros())).ok_or("the number is too large")?;
            Micro((product + i128::from(MICRO / 2)).div_euclid(i128::from(MICRO))).to_string()
        }
    })
}
