//! What tables are read with, and what was found so far.

use std::collections::BTreeMap;

use super::cells::RowReader;
use super::decimal::{MoneyScale, Rounding};
use super::table::Table;
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::units::Money;

/// What all tables are read with, and what was found so far.
pub(super) struct Reading {
    pub years: Vec<i32>,
    pub scale: MoneyScale,
    pub found: Diagnostics,
    /// Smallest and largest amount that the model will hold.
    pub extremes: Extremes,
    rounded: BTreeMap<(&'static str, String), Rounded>,
}

struct Rounded {
    first: Place,
    value: String,
    count: usize,
    rounding: Rounding,
}

/// The smallest (not nothing) and the largest of many amounts.
#[derive(Default)]
pub(super) struct Extremes {
    pub smallest: Option<(Money, Place)>,
    pub largest: Option<(Money, Place)>,
}

impl Extremes {
    /// Takes notice of an amount; its place is asked for only when it is an extreme.
    pub fn see(&mut self, amount: Money, place: impl Fn() -> Place) {
        if amount <= Money::ZERO {
            return;
        }
        if self.smallest.as_ref().is_none_or(|(smallest, _)| amount < *smallest) {
            self.smallest = Some((amount, place()));
        }
        if self.largest.as_ref().is_none_or(|(largest, _)| amount > *largest) {
            self.largest = Some((amount, place()));
        }
    }
}

impl Reading {
    pub fn new(years: Vec<i32>, scale: MoneyScale, found: Diagnostics) -> Self {
        Self { years, scale, found, extremes: Extremes::default(), rounded: BTreeMap::new() }
    }

    /// Takes notice of an amount that was rounded.
    pub fn note_rounded(&mut self, table: &Table, at: usize, column: &str, value: &str, rounding: Rounding) {
        if !table.rows[at].broken {
            let fresh =
                || Rounded { first: table.place(at, column), value: value.to_owned(), count: 0, rounding };
            self.rounded.entry((table.spec.name, column.to_owned())).or_insert_with(fresh).count += 1;
        }
    }

    /// A row, to read cells of.
    pub fn row<'r, 't>(&'r mut self, table: &'t Table, at: usize) -> RowReader<'r, 't> {
        RowReader::new(self, table, at)
    }

    /// Tells something about a cell, unless its row is known to be broken.
    pub fn complain(
        &mut self,
        table: &Table,
        at: usize,
        column: &str,
        code: Code,
        cause: impl Into<String>,
        action: impl Into<String>,
    ) {
        if !table.rows[at].broken {
            self.found.push(code, table.place(at, column), cause, action);
        }
    }

    /// One warning for each column in which amounts were rounded.
    pub fn tell_rounded(&mut self) {
        for rounded in std::mem::take(&mut self.rounded).into_values() {
            let direction = match rounded.rounding {
                Rounding::Down => "down",
                Rounding::Nearest => "to the nearest unit",
            };
            let cause = match rounded.count {
                1 => format!("{} is no whole number of units and was rounded {direction}", rounded.value),
                count => format!(
                    "{} here and {} more amounts in the column are no whole number of units and were rounded {direction}",
                    rounded.value,
                    count - 1
                ),
            };
            self.found.push(
                Code::RoundedAmount,
                rounded.first,
                cause,
                "use a smaller money.unit if this matters",
            );
        }
    }
}
