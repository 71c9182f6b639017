//! Columns that were looked up once, alone or one for each year.

use super::reading::Reading;
use super::table::Table;
use crate::units::Money;

/// A column of a table that was looked up once.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: String,
    pub index: Option<usize>,
}

impl Column {
    /// Looks a column up.
    pub fn of(table: &Table, name: impl Into<String>) -> Self {
        let name = name.into();
        let index = table.position(&name);
        Self { name, index }
    }

    /// Whether the table has it.
    pub fn exists(&self) -> bool {
        self.index.is_some()
    }
}

/// An amount in one column, or in a column for each year.
pub(super) struct YearlyColumns {
    pub single: Column,
    pub by_year: Vec<Column>,
}

impl YearlyColumns {
    /// Looks them up; a year that is missing among others is told.
    pub fn of(table: &Table, name: &str, reading: &mut Reading) -> Self {
        let single = Column::of(table, name);
        let mut by_year: Vec<Column> =
            reading.years.iter().map(|year| Column::of(table, format!("{name}_{year}"))).collect();
        if by_year.iter().any(Column::exists) {
            for missing in by_year.iter().filter(|column| !column.exists()) {
                table.missing_column(&missing.name, &mut reading.found);
            }
        } else {
            by_year.clear();
        }
        Self { single, by_year }
    }

    /// Whether the table has any of them.
    pub fn exist(&self) -> bool {
        self.single.exists() || !self.by_year.is_empty()
    }

    /// The column to point at when all of them are empty.
    pub fn first(&self) -> &Column {
        match self.by_year.first() {
            Some(first) if !self.single.exists() => first,
            _ => &self.single,
        }
    }

    /// The column in which the amount of a year (position) stands.
    pub fn of_year(&self, amounts: &Amounts, year: usize) -> &Column {
        match amounts {
            Amounts::ByYear(_) => &self.by_year[year],
            _ => self.first(),
        }
    }
}

/// What [`RowReader::yearly`] finds.
pub(super) enum Amounts {
    /// Nothing is written.
    Empty,
    /// One amount.
    Single(Money),
    /// An amount for each year; `None` where the cell is empty (or wrong, which was told).
    ByYear(Vec<Option<Money>>),
    /// Something is written, and it is wrong; that was told.
    Bad,
}

impl Amounts {
    /// The amount of a year (position) where each year has the same; nothing where there is none.
    pub fn in_year(&self, year: usize) -> Money {
        match self {
            Self::Single(amount) => *amount,
            Self::ByYear(by_year) => by_year[year].unwrap_or_default(),
            Self::Empty | Self::Bad => Money::ZERO,
        }
    }
}
