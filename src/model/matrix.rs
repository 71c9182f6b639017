//! Columns and rows, stored row by row.

use super::Name;

/// Position of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub usize);

/// Position of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub usize);

/// A linear expression: column and coefficient.
pub type Terms = Vec<(ColumnId, f64)>;

/// An expression in the order of columns, each column once.
pub fn added_up(mut terms: Terms) -> Terms {
    terms.sort_unstable_by_key(|&(column, _)| column);
    terms.dedup_by(|next, first| {
        let same = next.0 == first.0;
        if same {
            first.1 += next.1;
        }
        same
    });
    terms
}

/// Which way an objective goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// Least.
    Minimise,
    /// Most.
    Maximise,
}

/// What a column counts; this decides how it is scaled and how it is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Money that a plan pays out or carries over: whole units once the plan is rounded.
    Money,
    /// A money quantity that follows from others and stays fractional.
    DerivedMoney,
    /// A yes or no.
    Binary,
    /// Persons who are placed: whole once the plan is rounded.
    People,
    /// A count that stays fractional: slack of a counting rule.
    Count,
}

impl ColumnKind {
    /// Whether it is measured in units of money.
    pub fn is_money(self) -> bool {
        matches!(self, Self::Money | Self::DerivedMoney)
    }
}

/// Which values a row may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
    /// Exactly.
    Exactly(f64),
}

impl Bound {
    /// As an interval.
    pub fn interval(self) -> (f64, f64) {
        match self {
            Self::AtLeast(lower) => (lower, f64::INFINITY),
            Self::AtMost(upper) => (f64::NEG_INFINITY, upper),
            Self::Exactly(value) => (value, value),
        }
    }
}

/// Rows and columns of a mixed-integer linear model, in units of money.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Name of each column.
    pub column_names: Vec<Name>,
    /// Kind of each column.
    pub kinds: Vec<ColumnKind>,
    /// Least value of each column.
    pub lower: Vec<f64>,
    /// Largest value of each column.
    pub upper: Vec<f64>,
    /// Name of each row.
    pub row_names: Vec<Name>,
    /// Least activity of each row.
    pub row_lower: Vec<f64>,
    /// Largest activity of each row.
    pub row_upper: Vec<f64>,
    /// Where each row starts in `columns` and `coefficients`; one more than rows.
    pub starts: Vec<usize>,
    /// Column of each non-zero.
    pub columns: Vec<ColumnId>,
    /// Value of each non-zero.
    pub coefficients: Vec<f64>,
}

impl Model {
    /// No rows, no columns.
    pub fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    /// Number of columns.
    pub fn column_count(&self) -> usize {
        self.kinds.len()
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.row_lower.len()
    }

    /// Adds a column.
    pub fn add_column(&mut self, name: Name, kind: ColumnKind, lower: f64, upper: f64) -> ColumnId {
        self.column_names.push(name);
        self.kinds.push(kind);
        self.lower.push(lower);
        self.upper.push(upper);
        ColumnId(self.kinds.len() - 1)
    }

    /// Room for what is to come, so that nothing is copied while it comes. It may be too much or too little.
    pub fn reserve(&mut self, columns: usize, rows: usize, nonzeros: usize) {
        self.column_names.reserve(columns);
        self.kinds.reserve(columns);
        self.lower.reserve(columns);
        self.upper.reserve(columns);
        self.row_names.reserve(rows);
        self.row_lower.reserve(rows);
        self.row_upper.reserve(rows);
        self.starts.reserve(rows);
        self.columns.reserve(nonzeros);
        self.coefficients.reserve(nonzeros);
    }

    /// Adds a row. Several terms on one column are added up; terms that cancel are dropped.
    pub fn add_row(
        &mut self,
        name: Name,
        terms: impl IntoIterator<Item = (ColumnId, f64)>,
        bound: Bound,
    ) -> RowId {
        let start = self.columns.len();
        self.add_terms(start, terms);
        self.starts.push(self.columns.len());
        let (lower, upper) = bound.interval();
        self.row_names.push(name);
        self.row_lower.push(lower);
        self.row_upper.push(upper);
        RowId(self.row_lower.len() - 1)
    }

    /// Adds terms to the row that came last.
    pub fn extend_last_row(&mut self, terms: impl IntoIterator<Item = (ColumnId, f64)>) {
        if let Some(last) = self.row_lower.len().checked_sub(1) {
            self.add_terms(self.starts[last], terms);
            self.starts[last + 1] = self.columns.len();
        }
    }

    /// Adds terms to the row that starts at `start` and is the last.
    fn add_terms(&mut self, start: usize, terms: impl IntoIterator<Item = (ColumnId, f64)>) {
        for (column, coefficient) in terms {
            self.columns.push(column);
            self.coefficients.push(coefficient);
        }
        // Most rows come in order, each column once.
        let is_tidy =
            self.columns[start..].is_sorted_by(|a, b| a < b) && !self.coefficients[start..].contains(&0.0);
        if !is_tidy {
            self.tidy(start);
        }
    }

    fn tidy(&mut self, start: usize) {
        let terms = self.columns.drain(start..).zip(self.coefficients.drain(start..)).collect();
        for (column, coefficient) in
            added_up(terms).into_iter().filter(|&(_, coefficient)| coefficient != 0.0)
        {
            self.columns.push(column);
            self.coefficients.push(coefficient);
        }
    }

    /// The non-zeros of a row.
    pub fn row(&self, row: RowId) -> impl Iterator<Item = (ColumnId, f64)> + '_ {
        let range = self.starts[row.0]..self.starts[row.0 + 1];
        self.columns[range.clone()].iter().copied().zip(self.coefficients[range].iter().copied())
    }

    /// Value of a row at a point.
    pub fn activity(&self, row: RowId, point: &[f64]) -> f64 {
        self.row(row).map(|(column, coefficient)| coefficient * point[column.0]).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Subject;

    fn name(what: &'static str) -> Name {
        Name { what, rule: None, subject: Subject::All, part: "" }
    }

    #[test]
    fn terms_of_one_column_are_added_and_may_cancel() {
        let mut model = Model::new();
        let a = model.add_column(name("a"), ColumnKind::Money, 0.0, 1.0);
        let b = model.add_column(name("b"), ColumnKind::Money, 0.0, 1.0);
        let row = model.add_row(name("r"), vec![(b, 1.0), (a, 2.0), (b, -1.0), (a, 0.5)], Bound::AtMost(3.0));
        assert_eq!(model.row(row).collect::<Vec<_>>(), [(a, 2.5)]);
        let empty = model.add_row(name("e"), [], Bound::AtLeast(0.0));
        assert_eq!(model.row(empty).count(), 0);
        model.extend_last_row([(b, 2.0), (a, 0.0)]);
        model.extend_last_row([(a, 4.0), (b, 1.0)]);
        assert_eq!(model.row(empty).collect::<Vec<_>>(), [(a, 4.0), (b, 3.0)]);
        assert_eq!(model.row(row).collect::<Vec<_>>(), [(a, 2.5)]);
    }
}
