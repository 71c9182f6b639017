//! A problem that stays with its solver while it is edited and solved again.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Answer, NewColumn, Options, Problem, SolverError, Watch};

/// A problem inside a solver, to be edited in place and solved again and again.
///
/// Columns and rows are counted from 0 in the order in which they came; costs, bounds and coefficients are
/// in the units of the [`Problem`] that the session was opened with. Where an edit names a column or row
/// twice, the last counts. An edit that is refused changes nothing.
///
/// How much of the last solve a session makes use of is its own affair: the optimal value and whether there
/// is a feasible point are those of the edited problem solved from nothing (within tolerance and gap). Of
/// several equally good points it may give another.
pub trait Session {
    /// Changes costs: column and cost.
    ///
    /// # Errors
    /// When a column is not there or a cost is not finite.
    fn set_costs(&mut self, costs: &[(usize, f64)]) -> Result<(), SolverError>;

    /// Changes bounds of columns: column, least and largest value. A least value above the largest is an
    /// infeasible problem, not an error.
    ///
    /// # Errors
    /// When a column is not there, or a bound is not a number or leaves no finite value.
    fn set_column_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError>;

    /// Changes bounds of rows: row, least and largest activity.
    ///
    /// # Errors
    /// As with [`Session::set_column_bounds`].
    fn set_row_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError>;

    /// Makes columns integer, or continuous.
    ///
    /// # Errors
    /// When a column is not there.
    fn set_integer(&mut self, columns: &[usize], integer: bool) -> Result<(), SolverError>;

    /// Adds a row of columns and coefficients behind the others; returns its position.
    ///
    /// # Errors
    /// When a column is not there or stands twice, or a number is not one that a row can have.
    fn add_row(&mut self, terms: &[(usize, f64)], lower: f64, upper: f64) -> Result<usize, SolverError>;

    /// Adds columns behind the others, with their entries in rows that are there; returns their positions.
    /// It drops the starting point, which says nothing of them.
    ///
    /// # Errors
    /// When a row is not there or stands twice in a column, or a number is not one that a column can have.
    fn add_columns(&mut self, columns: &[NewColumn]) -> Result<Range<usize>, SolverError>;

    /// Sets the point from which a problem with integers is solved, one value a column, or none. It stays
    /// until it is changed, and need not be feasible. Linear problems do not look at it.
    ///
    /// # Errors
    /// When it has not one finite value a column.
    fn set_start(&mut self, start: Option<&[f64]>) -> Result<(), SolverError>;

    /// Solves the problem as it now stands, as far as the options let it. Time and nodes are counted from
    /// this call on.
    ///
    /// # Errors
    /// When the solver refuses the problem or breaks down; never for an infeasible problem.
    fn solve(&mut self, options: &Options, watch: &mut dyn Watch) -> Result<Answer, SolverError>;
}

/// How many columns and rows there are: every edit is held against it, since a solver may not look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) columns: usize,
    pub(super) rows: usize,
}

fn refuse<T>(what: String) -> Result<T, SolverError> {
    Err(SolverError(what))
}

/// Whether bounds leave a finite value, were the other one away.
fn are_bounds(lower: f64, upper: f64) -> bool {
    lower < f64::INFINITY && upper > f64::NEG_INFINITY
}

impl Size {
    pub(super) fn of(problem: &Problem) -> Self {
        Self { columns: problem.costs.len(), rows: problem.row_lower.len() }
    }

    fn column(self, column: usize) -> Result<(), SolverError> {
        if column < self.columns {
            return Ok(());
        }
        refuse(format!("there is no column {column} in a problem of {} columns", self.columns))
    }

    fn row(self, row: usize) -> Result<(), SolverError> {
        if row < self.rows {
            return Ok(());
        }
        refuse(format!("there is no row {row} in a problem of {} rows", self.rows))
    }

    /// Costs in the order of columns, each column once.
    pub(super) fn costs(self, costs: &[(usize, f64)]) -> Result<BTreeMap<usize, f64>, SolverError> {
        for &(column, cost) in costs {
            self.column(column)?;
            if !cost.is_finite() {
                return refuse(format!("{cost} is no cost of column {column}"));
            }
        }
        Ok(costs.iter().copied().collect())
    }

    /// Bounds in the order of columns, each column once.
    pub(super) fn column_bounds(
        self,
        bounds: &[(usize, f64, f64)],
    ) -> Result<BTreeMap<usize, (f64, f64)>, SolverError> {
        for &(column, lower, upper) in bounds {
            self.column(column)?;
            if !are_bounds(lower, upper) {
                return refuse(format!("{lower} and {upper} are no bounds of column {column}"));
            }
        }
        Ok(bounds.iter().map(|&(column, lower, upper)| (column, (lower, upper))).collect())
    }

    /// Bounds in the order of rows, each row once.
    pub(super) fn row_bounds(
        self,
        bounds: &[(usize, f64, f64)],
    ) -> Result<BTreeMap<usize, (f64, f64)>, SolverError> {
        for &(row, lower, upper) in bounds {
            self.row(row)?;
            if !are_bounds(lower, upper) {
                return refuse(format!("{lower} and {upper} are no bounds of row {row}"));
            }
        }
        Ok(bounds.iter().map(|&(row, lower, upper)| (row, (lower, upper))).collect())
    }

    pub(super) fn check_columns(self, columns: &[usize]) -> Result<(), SolverError> {
        columns.iter().try_for_each(|&column| self.column(column))
    }

    pub(super) fn check_row(self, terms: &[(usize, f64)], lower: f64, upper: f64) -> Result<(), SolverError> {
        if !are_bounds(lower, upper) {
            return refuse(format!("{lower} and {upper} are no bounds of a row"));
        }
        terms.iter().try_for_each(|&(column, _)| self.column(column))?;
        check_terms(terms)
    }

    pub(super) fn check_new_columns(self, columns: &[NewColumn]) -> Result<(), SolverError> {
        for column in columns {
            let &NewColumn { cost, lower, upper, .. } = column;
            if !cost.is_finite() || !are_bounds(lower, upper) {
                return refuse(format!("no column can have the cost {cost} and the bounds {lower}, {upper}"));
            }
            column.entries.iter().try_for_each(|&(row, _)| self.row(row))?;
            check_terms(&column.entries)?;
        }
        Ok(())
    }

    pub(super) fn check_start(self, start: &[f64]) -> Result<(), SolverError> {
        if start.len() != self.columns {
            return refuse(format!("a start of {} values for {} columns", start.len(), self.columns));
        }
        match start.iter().find(|value| !value.is_finite()) {
            Some(value) => refuse(format!("{value} is no value to start from")),
            None => Ok(()),
        }
    }
}

/// Finite coefficients, and no place named twice.
fn check_terms(terms: &[(usize, f64)]) -> Result<(), SolverError> {
    if let Some((place, coefficient)) = terms.iter().find(|(_, coefficient)| !coefficient.is_finite()) {
        return refuse(format!("{coefficient} is no coefficient (at {place})"));
    }
    let mut places: Vec<usize> = terms.iter().map(|&(place, _)| place).collect();
    places.sort_unstable();
    match places.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => refuse(format!("{} stands twice in one row or column", pair[0])),
        None => Ok(()),
    }
}

/// Solves a problem from nothing.
pub(super) type SolveOnce = fn(&Problem, &Options, &mut dyn Watch) -> Result<Answer, SolverError>;

/// A session of a solver that keeps nothing: the problem is edited here, and solved anew each time.
pub(super) struct Cold {
    problem: Problem,
    solve: SolveOnce,
}

impl Cold {
    pub(super) fn new(problem: &Problem, solve: SolveOnce) -> Self {
        Self { problem: problem.clone(), solve }
    }

    fn size(&self) -> Size {
        Size::of(&self.problem)
    }
}

impl Session for Cold {
    fn set_costs(&mut self, costs: &[(usize, f64)]) -> Result<(), SolverError> {
        for (column, cost) in self.size().costs(costs)? {
            self.problem.costs[column] = cost;
        }
        Ok(())
    }

    fn set_column_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError> {
        for (column, (lower, upper)) in self.size().column_bounds(bounds)? {
            (self.problem.lower[column], self.problem.upper[column]) = (lower, upper);
        }
        Ok(())
    }

    fn set_row_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError> {
        for (row, (lower, upper)) in self.size().row_bounds(bounds)? {
            (self.problem.row_lower[row], self.problem.row_upper[row]) = (lower, upper);
        }
        Ok(())
    }

    fn set_integer(&mut self, columns: &[usize], integer: bool) -> Result<(), SolverError> {
        self.size().check_columns(columns)?;
        for &column in columns {
            self.problem.integer[column] = integer;
        }
        Ok(())
    }

    fn add_row(&mut self, terms: &[(usize, f64)], lower: f64, upper: f64) -> Result<usize, SolverError> {
        self.size().check_row(terms, lower, upper)?;
        let row = self.problem.row_lower.len();
        self.problem.add_row(terms.iter().copied(), lower, upper);
        Ok(row)
    }

    fn add_columns(&mut self, columns: &[NewColumn]) -> Result<Range<usize>, SolverError> {
        self.size().check_new_columns(columns)?;
        let first = self.problem.costs.len();
        self.problem.add_columns(columns);
        Ok(first..self.problem.costs.len())
    }

    fn set_start(&mut self, start: Option<&[f64]>) -> Result<(), SolverError> {
        start.map_or(Ok(()), |start| self.size().check_start(start))?;
        self.problem.start = start.map(<[f64]>::to_vec);
        Ok(())
    }

    fn solve(&mut self, options: &Options, watch: &mut dyn Watch) -> Result<Answer, SolverError> {
        match Answer::without_solver(&self.problem) {
            Some(answer) => Ok(answer),
            None => (self.solve)(&self.problem, options, watch),
        }
    }
}
