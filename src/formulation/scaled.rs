//! The model in a solver's units. Money may be counted in single euros or in units of 10,000 yuan; a
//! solver's absolute tolerances want numbers near one. So money is divided by a power of ten, and rows
//! with it, which changes no digit of any amount.

use crate::model::{ColumnId, ColumnKind, Model, RowId, Sense, Terms};
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
        let mut scaled = Self {
            problem: Problem {
                costs: vec![0.0; model.column_count()],
                lower: per_column(&model.lower),
                upper: per_column(&model.upper),
                integer: model.kinds.iter().map(|kind| *kind == ColumnKind::Binary).collect(),
                starts: model.starts.clone(),
                columns: model.columns.iter().map(|column| column.0).collect(),
                ..Problem::default()
            },
            money,
            is_money,
        };
        let mut coefficients = Vec::with_capacity(model.coefficients.len());
        let (mut lower, mut upper) = (model.row_lower.clone(), model.row_upper.clone());
        for row in 0..model.row_count() {
            let divisor = scaled.divisor(model.row(RowId(row)));
            coefficients.extend(model.row(RowId(row)).map(|term| scaled.coefficient(term, divisor)));
            lower[row] /= divisor;
            upper[row] /= divisor;
        }
        scaled.problem.coefficients = coefficients;
        (scaled.problem.row_lower, scaled.problem.row_upper) = (lower, upper);
        scaled
    }

    /// What an expression is divided by: one that has any money in it is a money expression.
    pub fn divisor(&self, mut terms: impl Iterator<Item = (ColumnId, f64)>) -> f64 {
        if terms.any(|(column, _)| self.is_money[column.0]) { self.money } else { 1.0 }
    }

    fn coefficient(&self, (column, coefficient): (ColumnId, f64), divisor: f64) -> f64 {
        if self.is_money[column.0] { coefficient } else { coefficient / divisor }
    }

    /// An expression in a solver's units, and what its value must be multiplied with to come back.
    pub fn expression(&self, terms: &Terms) -> (Vec<(usize, f64)>, f64) {
        let divisor = self.divisor(terms.iter().copied());
        let scaled = terms.iter().map(|&term| (term.0.0, self.coefficient(term, divisor)));
        (scaled.collect(), divisor)
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
        let values = point.iter().zip(&self.is_money);
        values.map(|(value, is_money)| if *is_money { value * self.money } else { *value }).collect()
    }

    /// And back.
    pub fn from_units(&self, point: &[f64]) -> Vec<f64> {
        let values = point.iter().zip(&self.is_money);
        values.map(|(value, is_money)| if *is_money { value / self.money } else { *value }).collect()
    }
}
