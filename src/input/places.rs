//! Where the numbers of a scenario are written, for what is said about them after it was read.

use super::join::Tables;
use crate::diagnostics::Place;

/// The tables as they were read, overrides applied.
#[derive(Debug, Default)]
pub struct Places(Tables);

/// A cell: where it is written, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// File, row and column.
    pub place: Place,
    /// Its column.
    pub column: String,
    /// Its text.
    pub text: String,
}

impl Places {
    pub(super) fn new(tables: Tables) -> Self {
        Self(tables)
    }

    pub(super) fn tables(&self) -> &Tables {
        &self.0
    }

    /// The first filled of some columns, in the row in which other columns have these texts.
    pub fn find(&self, table: &str, row: &[(&str, String)], columns: &[String]) -> Option<Written> {
        let table = self.0.get(table)?;
        let keys: Vec<(usize, &str)> = row
            .iter()
            .map(|(column, text)| Some((table.position(column)?, text.as_str())))
            .collect::<Option<_>>()?;
        let is_it =
            |at: &usize| keys.iter().all(|&(position, text)| table.rows[*at].cells[position].text() == text);
        let at = (0..table.rows.len()).find(is_it)?;
        columns.iter().find_map(|column| {
            let cell = &table.rows[at].cells[table.position(column)?];
            let text = cell.text().to_owned();
            (!cell.is_empty()).then(|| Written {
                place: table.place(at, column),
                column: column.clone(),
                text,
            })
        })
    }
}
