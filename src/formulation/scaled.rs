//! The model in a solver's units. Money may be counted in single euros or in units of 10,000 yuan; a
//! solver's absolute tolerances want numbers near one. So money is divided by a power of ten, and rows
//! with it, which changes no digit of any amount.

use crate::model::{Model, RowId, Sense, Terms};
use crate::solve::Problem;

/// A problem in a solver's units, with the factor to come back.
#[derive(Debug, Clone)]
pub struct Scaled {
    /// The problem, with no costs yet.
    pub problem: Problem,
    /// Units of money in one solver's unit.
    pub money: f64,
    is_money: Vec<bool>,
}

impl Scaled {
    /// Scales a model. `largest` is the largest amount of money that counts, in units.
    pub fn new(model: &Model, largest: f64) -> Self {
        // The largest amount becomes a number between 1,000 and 10,000.
        let money = if largest > 1.0 { 10_f64.powf(largest.log10().floor() - 3.0) } else { 1.0 };
        let is_money: Vec<bool> = model.kinds.iter().map(|kind| kind.is_money()).collect();
        let per_column = |values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .zip(&is_money)
                .map(|(value, is_money)| if *is_money { value / money } else { *value })
                .collect()
        };
        let mut problem = Problem {
            costs: vec![0.0; model.column_count()],
            lower: per_column(&model.lower),
            upper: per_column(&model.upper),
            integer: model.kinds.iter().map(|kind| *kind == crate::model::ColumnKind::Binary).collect(),
            starts: vec![0],
            ..Problem::default()
        };
        let mut scaled = Self { problem: Problem::default(), money, is_money };
        for row in 0..model.row_count() {
            let terms: Terms = model.row(RowId(row)).collect();
            let (terms, divisor) = scaled.expression(&terms);
            problem.add_row(terms, model.row_lower[row] / divisor, model.row_upper[row] / divisor);
        }
        scaled.problem = problem;
        scaled
    }

    /// An expression in a solver's units, and what its value must be multiplied with to come back:
    /// one that has any money in it is a money expression.
    pub fn expression(&self, terms: &Terms) -> (Vec<(usize, f64)>, f64) {
        let has_money = terms.iter().any(|(column, _)| self.is_money[column.0]);
        let divisor = if has_money { self.money } else { 1.0 };
        let scale = |&(column, coefficient): &(crate::model::ColumnId, f64)| {
            (column.0, if self.is_money[column.0] { coefficient } else { coefficient / divisor })
        };
        (terms.iter().map(scale).collect(), divisor)
    }

    /// Sets the costs to an objective; returns what costs must be multiplied with to be its value.
    pub fn set_objective(&mut self, terms: &Terms, sense: Sense) -> f64 {
        let sign = match sense {
            Sense::Minimise => 1.0,
            Sense::Maximise => -1.0,
        };
        let (terms, factor) = self.expression(terms);
        self.problem.costs.fill(0.0);
        for (column, coefficient) in terms {
            self.problem.costs[column] += sign * coefficient;
        }
        sign * factor
    }

    /// A point in units of money.
    pub fn to_units(&self, point: &[f64]) -> Vec<f64> {
        point
            .iter()
            .zip(&self.is_money)
            .map(|(value, is_money)| if *is_money { value * self.money } else { *value })
            .collect()
    }
}
