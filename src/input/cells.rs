//! Typed access to cells: what is wrong is told with its place, and reading goes on.

use std::collections::BTreeMap;

use super::decimal::{Decimal, DecimalError, MoneyScale, Rounding};
use super::near;
use super::table::{Cell, Table};
use crate::diagnostics::{Code, Diagnostics, Place};
use crate::units::{MICRO, Money, Ratio};

/// The largest amount in units: below 2⁵³, so that solvers and spreadsheets can count it too.
pub(super) const LARGEST_AMOUNT: i64 = 9_000_000_000_000_000;

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

/// A column of a table that was looked up once.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: String,
    index: Option<usize>,
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
    single: Column,
    by_year: Vec<Column>,
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

/// The range of a ratio.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub least: Ratio,
    pub most: Ratio,
    /// Whether the least is itself outside.
    pub open: bool,
}

impl Range {
    /// From nothing to the whole.
    pub const SHARE: Self = Self { least: Ratio::ZERO, most: Ratio::ONE, open: false };

    /// Over nothing, at most a whole number.
    pub const fn positive_to(most: i64) -> Self {
        Self { least: Ratio::ZERO, most: Ratio::from_micros(most * MICRO), open: true }
    }
}

impl Reading {
    pub fn new(years: Vec<i32>, scale: MoneyScale, found: Diagnostics) -> Self {
        Self { years, scale, found, extremes: Extremes::default(), rounded: BTreeMap::new() }
    }

    /// A row, to read cells of.
    pub fn row<'r, 't>(&'r mut self, table: &'t Table, at: usize) -> RowReader<'r, 't> {
        RowReader { reading: self, table, at }
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

/// Reads the cells of one row.
pub(super) struct RowReader<'r, 't> {
    reading: &'r mut Reading,
    table: &'t Table,
    at: usize,
}

impl<'t> RowReader<'_, 't> {
    /// Tells something about a cell of the row.
    pub fn complain(
        &mut self,
        column: &Column,
        code: Code,
        cause: impl Into<String>,
        action: impl Into<String>,
    ) {
        self.reading.complain(self.table, self.at, &column.name, code, cause, action);
    }

    fn cell(&self, column: &Column) -> Option<&'t Cell> {
        column.index.map(|index| &self.table.rows[self.at].cells[index]).filter(|cell| !cell.is_empty())
    }

    /// What an amount is counted in.
    pub fn scale(&self) -> MoneyScale {
        self.reading.scale
    }

    /// Whether something is written there.
    pub fn filled(&self, column: &Column) -> bool {
        self.cell(column).is_some()
    }

    /// Tells that a cell is empty; a column that is not there was told before.
    pub fn tell_empty(&mut self, column: &Column) {
        if column.exists() {
            self.complain(column, Code::MissingValue, "the cell is empty", "fill it in");
        }
    }

    /// A text that may be empty.
    pub fn text(&mut self, column: &Column) -> &'t str {
        match self.cell(column) {
            None => "",
            Some(Cell::Fault(fault)) => {
                let cause = format!("the cell holds the error {fault}");
                self.complain(column, Code::BadTable, cause, "mend the formula or type the value");
                ""
            }
            Some(cell) => cell.text(),
        }
    }

    /// A text that may not be empty.
    pub fn required_text(&mut self, column: &Column) -> &'t str {
        if !self.filled(column) {
            self.tell_empty(column);
        }
        self.text(column)
    }

    /// An id; `None` when there is none or it is malformed, which is told.
    pub fn id(&mut self, column: &Column) -> Option<&'t str> {
        if !self.filled(column) {
            self.tell_empty(column);
        }
        self.optional_id(column)
    }

    /// An id that may be left out; `None` also when it is malformed, which is told.
    pub fn optional_id(&mut self, column: &Column) -> Option<&'t str> {
        let cell = self.cell(column)?;
        match cell {
            Cell::Text(id) if is_id(id) => Some(id),
            Cell::Text(id) => {
                let cause = format!("'{}' is not an id", near::shown(id));
                let action = "use letters, digits, '-', '_' and '.' only";
                self.complain(column, Code::BadId, cause, action);
                None
            }
            Cell::Date(shown) | Cell::Fault(shown) => {
                let cause =
                    format!("the spreadsheet holds {} here, not the text of an id", near::shown(shown));
                self.complain(column, Code::BadId, cause, "format the column as text and type the id again");
                None
            }
        }
    }

    /// A list with `;` between its members.
    pub fn list(&mut self, column: &Column) -> Vec<String> {
        let text = self.text(column);
        let mut members: Vec<String> = Vec::new();
        for member in text.split(';').map(str::trim).filter(|member| !member.is_empty()) {
            if is_id(member) {
                members.push(member.to_owned());
            } else {
                let cause = format!("'{}' is not the name of a group", near::shown(member));
                self.complain(
                    column,
                    Code::BadId,
                    cause,
                    "use letters, digits, '-', '_' and '.', and ';' between names",
                );
            }
        }
        members.sort_unstable();
        members.dedup();
        members
    }

    fn decimal(&mut self, column: &Column) -> Option<Decimal> {
        let cell = self.cell(column)?;
        let (code, cause, action) = match cell {
            Cell::Text(text) => match Decimal::parse(text) {
                Ok(decimal) => return Some(decimal),
                Err(DecimalError::NotANumber) => (
                    Code::BadNumber,
                    format!("'{}' is not a number", near::shown(text)),
                    "write digits and a decimal point, without thousands separators",
                ),
                Err(DecimalError::TooLong) => (
                    Code::AbsurdAmount,
                    format!("'{}' has more digits than can be counted", near::shown(text)),
                    "check the amount and money.amounts_in",
                ),
            },
            Cell::Date(shown) | Cell::Fault(shown) => (
                Code::BadNumber,
                format!("the spreadsheet holds {} here, not a number", near::shown(shown)),
                "format the column as a number and type it again",
            ),
        };
        self.complain(column, code, cause, action);
        None
    }

    /// A number that is not negative and not yet in units. `None`: empty or wrong, which is told.
    pub fn amount(&mut self, column: &Column) -> Option<Decimal> {
        let decimal = self.decimal(column)?;
        if decimal.is_negative() {
            let cause = format!("{} is negative", self.text(column));
            self.complain(column, Code::NegativeAmount, cause, "amounts are at least 0");
            return None;
        }
        Some(decimal)
    }

    /// An amount in whole units. `None`: empty or wrong; the latter is told.
    pub fn money(&mut self, column: &Column, rounding: Rounding) -> Option<Money> {
        let (units, inexact) = self.amount(column)?.units(self.reading.scale, rounding);
        let amount = self.bounded(column, units)?;
        if inexact && !self.table.rows[self.at].broken {
            let value = self.text(column).to_owned();
            let place = self.table.place(self.at, &column.name);
            let key = (self.table.spec.name, column.name.clone());
            let fresh = Rounded { first: place, value, count: 0, rounding };
            self.reading.rounded.entry(key).or_insert(fresh).count += 1;
        }
        Some(amount)
    }

    /// An amount that must be there.
    pub fn required_money(&mut self, column: &Column, rounding: Rounding) -> Option<Money> {
        if !self.filled(column) {
            self.tell_empty(column);
        }
        self.money(column, rounding)
    }

    /// Units that can be counted exactly; more are told.
    pub fn bounded(&mut self, column: &Column, units: i128) -> Option<Money> {
        if units > i128::from(LARGEST_AMOUNT) {
            let cause =
                format!("{} units are more than {}", crate::units::grouped(units), Money(LARGEST_AMOUNT));
            self.complain(column, Code::AbsurdAmount, cause, "check the amount, or use a larger money.unit");
            return None;
        }
        i64::try_from(units).ok().map(Money)
    }

    /// An amount over the horizon or by year.
    pub fn yearly(&mut self, columns: &YearlyColumns, rounding: Rounding) -> Amounts {
        let yearly = columns.by_year.iter().any(|column| self.filled(column));
        match (self.filled(&columns.single), yearly) {
            (false, false) => Amounts::Empty,
            (true, true) => {
                self.tell_conflict(&columns.single, &columns.by_year[0].name);
                Amounts::Bad
            }
            (true, false) => self.money(&columns.single, rounding).map_or(Amounts::Bad, Amounts::Single),
            (false, true) => {
                Amounts::ByYear(columns.by_year.iter().map(|column| self.money(column, rounding)).collect())
            }
        }
    }

    /// The years of [`Amounts::ByYear`], none of which may be empty.
    pub fn tell_empty_years(&mut self, columns: &YearlyColumns) {
        for column in &columns.by_year {
            if !self.filled(column) {
                self.tell_empty(column);
            }
        }
    }

    /// Tells that two ways to say one thing are both used.
    pub fn tell_conflict(&mut self, column: &Column, other: &str) {
        let cause = format!("both '{}' and '{other}' are filled", column.name);
        self.complain(column, Code::ConflictingColumns, cause, "leave one of the two empty");
    }

    /// A whole number. `None`: empty or wrong; the latter is told.
    pub fn integer(&mut self, column: &Column) -> Option<i64> {
        let decimal = self.decimal(column)?;
        let whole = decimal.integer();
        if whole.is_none() {
            let cause = format!("{} is not a whole number", near::shown(self.text(column)));
            self.complain(column, Code::BadNumber, cause, "write a whole number");
        }
        whole
    }

    /// A ratio; the default when the cell is empty or wrong (which is told).
    pub fn ratio(&mut self, column: &Column, range: Range, default: Ratio) -> Ratio {
        self.optional_ratio(column, range).unwrap_or(default)
    }

    /// A ratio. `None`: empty or wrong; the latter is told.
    pub fn optional_ratio(&mut self, column: &Column, range: Range) -> Option<Ratio> {
        let decimal = self.decimal(column)?;
        let text = near::shown(self.text(column));
        let Some(ratio) = decimal.ratio() else {
            let cause = format!("{text} has more than six decimals, or is too large");
            self.complain(column, Code::OutOfRange, cause, "write at most six decimals");
            return None;
        };
        if ratio < range.least || ratio > range.most || (range.open && ratio == range.least) {
            let over = if range.open { "over" } else { "at least" };
            let cause = format!("{text} is out of range");
            let action = format!("it is {over} {} and at most {}", range.least, range.most);
            self.complain(column, Code::OutOfRange, cause, action);
            return None;
        }
        Some(ratio)
    }

    /// One of a few words. `None`: empty or wrong; the latter is told.
    pub fn choice(&mut self, column: &Column, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let known = words.iter().copied().find(|word| *word == text);
        if known.is_none() {
            let cause = format!("'{}' is not admitted here", near::shown(text));
            let mut action = format!("use one of: {}", words.join(", "));
            if let Some(near) = near::nearest(text, words.iter().copied()) {
                action = format!("did you mean '{near}'? {action}");
            }
            self.complain(column, Code::BadChoice, cause, action);
        }
        known
    }
}

/// Whether a text is an id.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
