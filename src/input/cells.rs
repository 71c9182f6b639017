//! Typed access to cells: what is wrong is told with its place, and reading goes on.

use super::columns::{Amounts, Column, YearlyColumns};
use super::decimal::{Decimal, DecimalError, MoneyScale, Rounding};
use super::near;
use super::reading::Reading;
use super::table::{Cell, Table};
use crate::diagnostics::Code;
use crate::units::{MICRO, Money, Ratio};

/// The largest amount in units: below 2⁵³, so that solvers and spreadsheets can count it too.
pub(super) const LARGEST_AMOUNT: i64 = 9_000_000_000_000_000;

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

/// Reads the cells of one row.
pub(super) struct RowReader<'r, 't> {
    reading: &'r mut Reading,
    table: &'t Table,
    at: usize,
}

impl<'r, 't> RowReader<'r, 't> {
    pub fn new(reading: &'r mut Reading, table: &'t Table, at: usize) -> Self {
        Self { reading, table, at }
    }

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
        if inexact {
            let value = self.text(column);
            self.reading.note_rounded(self.table, self.at, &column.name, value, rounding);
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

    /// A whole number of a range; the default when the cell is empty or wrong (which is told).
    pub fn whole(&mut self, column: &Column, range: std::ops::RangeInclusive<i64>, default: i64) -> i64 {
        match self.integer(column) {
            Some(number) if !range.contains(&number) => {
                let action = format!("write a whole number from {} to {}", range.start(), range.end());
                self.complain(column, Code::OutOfRange, format!("{number} is out of range"), action);
                default
            }
            number => number.unwrap_or(default),
        }
    }

    /// A whole number of a range that must be there; the least of it when it is empty or wrong (which is told).
    pub fn required_whole(&mut self, column: &Column, range: std::ops::RangeInclusive<i64>) -> i64 {
        if !self.filled(column) {
            self.tell_empty(column);
        }
        let least = *range.start();
        self.whole(column, range, least)
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
