//! Ids: each defined once, all others resolved.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use super::near;
use super::reading::Reading;
use super::table::Table;
use crate::diagnostics::{Code, Place};

/// A list of suggestions costs a pass over all ids; after so many, the point is made.
const MOST_SUGGESTIONS: usize = 100;

/// The ids of one table, in order.
pub(super) struct Index<'t> {
    /// What an id stands for, in words.
    kind: &'static str,
    table: &'static str,
    positions: HashMap<&'t str, usize>,
    /// Whether the table could be read: if not, an unknown id says nothing.
    complete: bool,
    suggestions: usize,
}

impl<'t> Index<'t> {
    /// Of ids in ascending order.
    pub fn new(
        kind: &'static str,
        table: &'static str,
        ids: impl IntoIterator<Item = &'t str>,
        complete: bool,
    ) -> Self {
        let positions: HashMap<&'t str, usize> =
            ids.into_iter().enumerate().map(|(at, id)| (id, at)).collect();
        Self { kind, table, complete: complete && !positions.is_empty(), positions, suggestions: 0 }
    }

    /// Of a table that need not have rows: with none, every id is unknown.
    #[must_use]
    pub fn of_optional(self) -> Self {
        Self { complete: true, ..self }
    }

    /// Position of an id that a cell names; if there is none, that is told.
    pub fn resolve(
        &mut self,
        id: Option<&str>,
        table: &Table,
        at: usize,
        column: &str,
        reading: &mut Reading,
    ) -> Option<usize> {
        let id = id?;
        let known = self.positions.get(id).copied();
        if known.is_none() && self.complete {
            let cause = format!("there is no {} '{}' in {}", self.kind, near::shown(id), self.table);
            self.suggestions += 1;
            let near = (self.suggestions <= MOST_SUGGESTIONS)
                .then(|| near::nearest(id, self.positions.keys().copied()))
                .flatten();
            let action = match near {
                Some(near) => format!("did you mean '{near}'? Else add it to {}", self.table),
                None => format!("add it to {}, or take the row out", self.table),
            };
            reading.complain(table, at, column, Code::UnknownId, cause, action);
        }
        known
    }
}

/// Keys that were seen, each with its first row.
pub(super) struct Seen<'t, K> {
    table: &'t Table,
    columns: &'static [&'static str],
    first: HashMap<K, usize>,
}

impl<'t, K: Hash + Eq> Seen<'t, K> {
    /// None yet.
    pub fn new(table: &'t Table) -> Self {
        Self::of(table, table.spec.key)
    }

    /// None yet, of a key in other columns than the table's own.
    pub fn of(table: &'t Table, columns: &'static [&'static str]) -> Self {
        Self { table, columns, first: HashMap::with_capacity(table.rows.len()) }
    }

    /// Whether a key is new; if it is not, that is told at its row.
    pub fn is_new(&mut self, key: K, at: usize, shown: &str, reading: &mut Reading) -> bool {
        match self.first.entry(key) {
            Entry::Vacant(free) => {
                free.insert(at);
                true
            }
            Entry::Occupied(first) => {
                let place: Place = self.table.rows[*first.get()].origin.place();
                let cause = format!("'{}' stands already at {place}", near::shown(shown));
                let column = self.columns.join(", ");
                reading.complain(
                    self.table,
                    at,
                    &column,
                    Code::DuplicateKey,
                    cause,
                    "keep one of the two rows",
                );
                false
            }
        }
    }
}
