//! A problem without what its bounds already decide: those steps of a presolve (Andersen and Andersen, 1995)
//! that stay right when bounds are tightened later. A live session solves the rest many times over, and does
//! no presolve of its own.

use crate::solve::Problem;

/// How far an activity may be from a limit, as a share of its size, and count as on it.
const ON_LIMIT: f64 = 1e-9;
/// The same, where it is beyond the limit: more is infeasible.
const BEYOND: f64 = 1e-6;

/// A problem without fixed columns and without rows that always hold.
#[derive(Debug, Clone)]
pub struct Reduced {
    /// What is left.
    pub problem: Problem,
    /// Its columns, as positions in the whole problem.
    pub columns: Vec<usize>,
    /// Its rows, the same.
    pub rows: Vec<usize>,
    /// What the fixed columns cost.
    pub fixed_cost: f64,
    /// Least value of every column of the whole problem, which is its only one where it is fixed.
    lower: Vec<f64>,
}

impl Reduced {
    /// `None` where the bounds leave no point.
    pub fn of(problem: &Problem) -> Option<Self> {
        let mut bounds = Bounds { problem, lower: problem.lower.clone(), upper: problem.upper.clone() };
        let mut rows: Vec<usize> = (0..problem.row_lower.len()).collect();
        loop {
            let mut narrowed = false;
            let mut kept = Vec::with_capacity(rows.len());
            for &row in &rows {
                match bounds.read(row) {
                    Verdict::Open => kept.push(row),
                    Verdict::Holds => {}
                    Verdict::InBounds => narrowed = true,
                    Verdict::Infeasible => return None,
                }
            }
            rows = kept;
            if !narrowed {
                return Some(bounds.rest(rows));
            }
        }
    }

    /// Values of the whole problem's columns, for those that are left.
    pub fn restrict(&self, whole: &[f64]) -> Vec<f64> {
        self.columns.iter().map(|column| whole[*column]).collect()
    }

    /// A point of the whole problem.
    pub fn expand(&self, point: &[f64]) -> Vec<f64> {
        let mut whole = self.lower.clone();
        for (&column, &value) in self.columns.iter().zip(point) {
            whole[column] = value;
        }
        whole
    }
}

/// Where each of so many columns or rows stands among those that are kept.
pub fn places(kept: &[usize], count: usize) -> Vec<Option<usize>> {
    let mut places = vec![None; count];
    for (position, &of_whole) in kept.iter().enumerate() {
        places[of_whole] = Some(position);
    }
    places
}

/// What a row says beyond the bounds.
enum Verdict {
    /// Something.
    Open,
    /// Nothing.
    Holds,
    /// Something that the bounds now say.
    InBounds,
    /// What cannot be.
    Infeasible,
}

struct Bounds<'a> {
    problem: &'a Problem,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl<'a> Bounds<'a> {
    fn is_fixed(&self, column: usize) -> bool {
        self.lower[column] >= self.upper[column]
    }

    fn terms(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + use<'a> {
        let range = self.problem.starts[row]..self.problem.starts[row + 1];
        let columns = self.problem.columns[range.clone()].iter().copied();
        columns.zip(self.problem.coefficients[range].iter().copied())
    }

    fn read(&mut self, row: usize) -> Verdict {
        let (mut least, mut most, mut fixed, mut size) = (0.0, 0.0, 0.0, 1.0_f64);
        let mut free = Vec::new();
        for (column, factor) in self.terms(row) {
            let (a, b) = (factor * self.lower[column], factor * self.upper[column]);
            (least, most) = (least + a.min(b), most + a.max(b));
            if self.is_fixed(column) {
                fixed += a;
                size = size.max(a.abs());
            } else if free.len() < 2 {
                free.push((column, factor));
            }
        }
        let (lower, upper) = (self.problem.row_lower[row], self.problem.row_upper[row]);
        let near = ON_LIMIT * size;
        if most < lower - BEYOND * size || least > upper + BEYOND * size {
            return Verdict::Infeasible;
        }
        if free.is_empty() || (least >= lower - near && most <= upper + near) {
            return Verdict::Holds;
        }
        if least >= upper - near || most <= lower + near {
            self.take_corner(row, least >= upper - near);
            return Verdict::InBounds;
        }
        if let [(column, factor)] = free[..] {
            let (a, b) = ((lower - fixed) / factor, (upper - fixed) / factor);
            return self.narrow(column, a.min(b), a.max(b));
        }
        Verdict::Open
    }

    /// Only one corner of the bounds keeps a row: that of its least activity, or of its largest.
    fn take_corner(&mut self, row: usize, least: bool) {
        for (column, factor) in self.terms(row) {
            if (factor > 0.0) == least {
                self.upper[column] = self.lower[column];
            } else {
                self.lower[column] = self.upper[column];
            }
        }
    }

    fn narrow(&mut self, column: usize, least: f64, most: f64) -> Verdict {
        let is_integer = self.problem.integer[column];
        let (least, most) =
            if is_integer { ((least - BEYOND).ceil(), (most + BEYOND).floor()) } else { (least, most) };
        let (lower, upper) = (self.lower[column].max(least), self.upper[column].min(most));
        if lower > upper + BEYOND * lower.abs().max(1.0) {
            return Verdict::Infeasible;
        }
        (self.lower[column], self.upper[column]) = (lower.min(upper), upper);
        Verdict::InBounds
    }

    fn rest(self, rows: Vec<usize>) -> Reduced {
        let whole = self.problem;
        let (columns, fixed): (Vec<usize>, Vec<usize>) =
            (0..self.lower.len()).partition(|column| !self.is_fixed(*column));
        let place = places(&columns, self.lower.len());
        let of = |values: &[f64]| -> Vec<f64> { columns.iter().map(|column| values[*column]).collect() };
        let mut problem = Problem {
            costs: of(&whole.costs),
            lower: of(&self.lower),
            upper: of(&self.upper),
            integer: columns.iter().map(|column| whole.integer[*column]).collect(),
            starts: vec![0],
            ..Problem::default()
        };
        for &row in &rows {
            let mut fixed = 0.0;
            for (column, factor) in self.terms(row).filter(|(column, _)| self.is_fixed(*column)) {
                fixed += factor * self.lower[column];
            }
            let free = self.terms(row).filter(|(column, _)| !self.is_fixed(*column));
            let free = free.filter_map(|(column, factor)| Some((place[column]?, factor)));
            problem.add_row(free, whole.row_lower[row] - fixed, whole.row_upper[row] - fixed);
        }
        let fixed_cost = fixed.iter().map(|&column| whole.costs[column] * self.lower[column]).sum();
        Reduced { problem, columns, rows, fixed_cost, lower: self.lower }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Terms, and the limits of their sum.
    type Row<'a> = (&'a [(usize, f64)], f64, f64);

    /// Columns with bounds, all costing 1 and the last one integer; rows of terms with limits.
    fn problem(bounds: &[(f64, f64)], rows: &[Row<'_>]) -> Problem {
        let mut problem = Problem {
            costs: vec![1.0; bounds.len()],
            lower: bounds.iter().map(|b| b.0).collect(),
            upper: bounds.iter().map(|b| b.1).collect(),
            integer: (1..=bounds.len()).map(|n| n == bounds.len()).collect(),
            starts: vec![0],
            ..Problem::default()
        };
        for (terms, lower, upper) in rows {
            problem.add_row(terms.iter().copied(), *lower, *upper);
        }
        problem
    }

    const INF: f64 = f64::INFINITY;

    #[test]
    fn what_is_closed_takes_its_money_along() {
        // x ≤ 5y with y = 0, and x + z ≥ 2: only z ≥ 2 is left, as a bound.
        let bounds = [(0.0, INF), (0.0, 0.0), (0.0, 9.0)];
        let rows: [Row<'_>; 2] = [(&[(0, 1.0), (1, -5.0)], -INF, 0.0), (&[(0, 1.0), (2, 1.0)], 2.0, INF)];
        let reduced = Reduced::of(&problem(&bounds, &rows)).expect("there are points");
        assert_eq!((reduced.columns.as_slice(), reduced.problem.row_lower.len()), (&[2][..], 0));
        assert_eq!((reduced.problem.lower[0], reduced.problem.upper[0]), (2.0, 9.0));
        assert_eq!(reduced.expand(&[3.0]), [0.0, 0.0, 3.0]);
    }

    #[test]
    fn fixed_columns_move_into_limits_and_cost() {
        let bounds = [(3.0, 3.0), (0.0, 9.0), (0.0, 9.0)];
        let rows: [Row<'_>; 2] =
            [(&[(0, 2.0), (1, 1.0), (2, 1.0)], 8.0, 10.0), (&[(1, 1.0), (2, 1.0)], -INF, 50.0)];
        let reduced = Reduced::of(&problem(&bounds, &rows)).expect("there are points");
        assert_eq!((reduced.problem.row_lower.as_slice(), reduced.fixed_cost), (&[2.0][..], 3.0));
        assert_eq!((reduced.problem.columns.as_slice(), reduced.problem.row_upper[0]), (&[0, 1][..], 4.0));
    }

    #[test]
    fn bounds_of_integers_are_whole() {
        let rows: [Row<'_>; 1] = [(&[(0, 2.0)], 1.0, 7.0)];
        let reduced = Reduced::of(&problem(&[(0.0, 9.0)], &rows)).expect("there are points");
        assert_eq!((reduced.problem.lower[0], reduced.problem.upper[0]), (1.0, 3.0));
    }

    #[test]
    fn what_cannot_be_is_seen() {
        let rows: [Row<'_>; 2] = [(&[(0, 1.0)], 2.0, INF), (&[(0, 1.0), (1, 1.0)], -INF, 1.0)];
        assert!(Reduced::of(&problem(&[(0.0, 9.0), (0.0, 1.0)], &rows)).is_none());
        let rows: [Row<'_>; 1] = [(&[(0, 2.0)], 0.5, 1.5)];
        assert!(Reduced::of(&problem(&[(0.0, 9.0)], &rows)).is_none());
    }
}
