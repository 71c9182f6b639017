//! The one place that knows solvers. A [`Problem`] goes in, an [`Answer`] comes out, whoever solved it. What
//! is solved again and again with small changes stays inside a solver, in a [`Session`].
//!
//! A new solver is a new file that implements [`Solver`], and one line in [`solvers`].

mod good_lp;
mod highs;
mod session;

pub use highs::write_model;
pub use session::Session;

use std::time::Duration;

/// How far a solver may leave a bound or a row. Tighter than the usual 1e-6: with big-M rows that lets money
/// leak through a closed line.
const FEASIBILITY_TOLERANCE: f64 = 1e-8;

/// A mixed-integer linear problem, to be minimised, as a solver wants it: rows in compressed form.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// Cost of each column.
    pub costs: Vec<f64>,
    /// Least value of each column.
    pub lower: Vec<f64>,
    /// Largest value of each column.
    pub upper: Vec<f64>,
    /// Whether each column is integer.
    pub integer: Vec<bool>,
    /// Least activity of each row.
    pub row_lower: Vec<f64>,
    /// Largest activity of each row.
    pub row_upper: Vec<f64>,
    /// Start of each row in `columns` and `coefficients`; one more than rows.
    pub starts: Vec<usize>,
    /// Column of each non-zero.
    pub columns: Vec<usize>,
    /// Value of each non-zero.
    pub coefficients: Vec<f64>,
    /// A point to start from, if one is known; only problems with integers look at it.
    pub start: Option<Vec<f64>>,
}

/// A column to be added to a problem.
#[derive(Debug, Clone, PartialEq)]
pub struct NewColumn {
    /// Its cost.
    pub cost: f64,
    /// Its least value.
    pub lower: f64,
    /// Its largest value.
    pub upper: f64,
    /// Whether it is integer.
    pub integer: bool,
    /// Rows that it stands in, and its coefficient there.
    pub entries: Vec<(usize, f64)>,
}

impl Problem {
    /// Whether any column is integer.
    pub fn has_integers(&self) -> bool {
        self.integer.contains(&true)
    }

    /// The problem with every column continuous, and without a starting point, which it does not look at.
    #[must_use]
    pub fn relaxation(&self) -> Self {
        Self { integer: vec![false; self.integer.len()], start: None, ..self.clone() }
    }

    /// Cost of a point.
    pub fn cost(&self, point: &[f64]) -> f64 {
        self.costs.iter().zip(point).map(|(cost, value)| cost * value).sum()
    }

    /// Adds a row.
    pub fn add_row(&mut self, terms: impl IntoIterator<Item = (usize, f64)>, lower: f64, upper: f64) {
        for (column, coefficient) in terms {
            self.columns.push(column);
            self.coefficients.push(coefficient);
        }
        self.starts.push(self.columns.len());
        self.row_lower.push(lower);
        self.row_upper.push(upper);
    }

    /// Adds columns behind the others, in one pass over the rows. It drops the starting point, which says
    /// nothing of them.
    ///
    /// # Panics
    /// When a column stands in a row that is not there.
    pub fn add_columns(&mut self, new: &[NewColumn]) {
        let mut by_row: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.row_lower.len()];
        for column in new {
            for &(row, coefficient) in &column.entries {
                by_row[row].push((self.costs.len(), coefficient));
            }
            self.costs.push(column.cost);
            self.lower.push(column.lower);
            self.upper.push(column.upper);
            self.integer.push(column.integer);
        }
        let old = std::mem::take(self);
        *self = Self { starts: vec![0], columns: Vec::new(), coefficients: Vec::new(), start: None, ..old };
        for (row, added) in by_row.into_iter().enumerate() {
            let range = old.starts[row]..old.starts[row + 1];
            self.columns.extend_from_slice(&old.columns[range.clone()]);
            self.coefficients.extend_from_slice(&old.coefficients[range]);
            let (columns, coefficients): (Vec<usize>, Vec<f64>) = added.into_iter().unzip();
            self.columns.extend(columns);
            self.coefficients.extend(coefficients);
            self.starts.push(self.columns.len());
        }
    }
}

/// How a linear problem is solved. Problems with integers do not look at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// As the solver thinks best.
    #[default]
    Choose,
    /// The simplex method: a vertex, from which an edited problem is solved again quickly.
    Simplex,
    /// An interior point method, without the way from its point to a vertex. On large problems it can be
    /// much faster; its point is not a vertex, its dual values are approximate. A mixed-integer problem's
    /// first relaxation is solved by it, and taken to a vertex.
    InteriorPoint,
}

/// When to stop, and how to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Relative gap between plan and bound at which a problem counts as solved.
    pub gap: f64,
    /// Longest time.
    pub time_limit: Option<Duration>,
    /// Most branch-and-bound nodes: a limit that gives the same plan on every machine.
    pub node_limit: Option<u64>,
    /// Most simplex iterations of a mixed-integer problem, all its relaxations together: a limit of that kind
    /// too, and finer. Not every solver keeps it.
    pub iteration_limit: Option<u64>,
    /// Threads.
    pub threads: usize,
    /// Seed of whatever a solver draws.
    pub seed: u32,
    /// How linear problems are solved.
    pub method: Method,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gap: 1e-3,
            time_limit: None,
            node_limit: None,
            iteration_limit: None,
            threads: 1,
            seed: 0,
            method: Method::Choose,
        }
    }
}

/// How far a solver has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Cost of the best point so far.
    pub value: Option<f64>,
    /// No point can cost less than this.
    pub bound: Option<f64>,
}

/// Hears of progress; answers whether to go on.
pub trait Watch {
    /// Called often. `false` stops the solver, which keeps its best point.
    fn report(&mut self, progress: Progress) -> bool;
}

impl<F: FnMut(Progress) -> bool> Watch for F {
    fn report(&mut self, progress: Progress) -> bool {
        self(progress)
    }
}

/// Why a solver stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Solved to the asked gap, or shown to be infeasible.
    Finished,
    /// The time was over.
    TimeLimit,
    /// The nodes, memory or iterations were used up.
    WorkLimit,
    /// Somebody said stop.
    Interrupted,
}

/// What a solver claims. It is not a proof: callers check the point.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Why it stopped.
    pub stop: Stop,
    /// Whether it claims that there is no feasible point.
    pub infeasible: bool,
    /// Its best point.
    pub point: Option<Vec<f64>>,
    /// No point costs less than this, it claims (−∞ when it has shown nothing).
    pub bound: f64,
    /// For a linear problem solved to its optimum, the dual value of each row, where the solver tells it.
    /// From [`Method::InteriorPoint`] they are approximate, and there even if it ended before the optimum:
    /// good as multipliers, which a bound by them has to be computed from anew.
    pub duals: Option<Vec<f64>>,
    /// Simplex iterations that it took, 0 where the solver does not tell.
    pub iterations: u64,
}

impl Answer {
    /// That there is no feasible point.
    fn infeasible() -> Self {
        Self { infeasible: true, ..Self::nothing(Stop::Finished) }
    }

    /// Nothing: no point and no bound.
    pub fn nothing(stop: Stop) -> Self {
        Self { stop, infeasible: false, point: None, bound: f64::NEG_INFINITY, duals: None, iterations: 0 }
    }

    /// The answer to problems that solvers refuse: bounds that leave nothing between them, which is
    /// infeasible; and no columns, where the empty point is the answer if every row holds with nothing in it.
    fn without_solver(problem: &Problem) -> Option<Self> {
        let crossed = |lower: &[f64], upper: &[f64]| {
            lower.iter().zip(upper).any(|(l, u)| l - u > FEASIBILITY_TOLERANCE)
        };
        if crossed(&problem.lower, &problem.upper) || crossed(&problem.row_lower, &problem.row_upper) {
            return Some(Self::infeasible());
        }
        if !problem.costs.is_empty() {
            return None;
        }
        let holds = problem.row_lower.iter().all(|lower| *lower <= 0.0)
            && problem.row_upper.iter().all(|upper| *upper >= 0.0);
        Some(if holds {
            Self { point: Some(Vec::new()), bound: 0.0, ..Self::nothing(Stop::Finished) }
        } else {
            Self::infeasible()
        })
    }
}

/// What went wrong inside a solver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolverError(pub String);

impl std::fmt::Display for SolverError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SolverError {}

/// Something that solves problems.
pub trait Solver: Sync {
    /// Its name on the command line.
    fn id(&self) -> &'static str;

    /// Its version.
    fn version(&self) -> String;

    /// Takes a problem in, to be edited and solved again and again. The session stays on its thread.
    ///
    /// # Errors
    /// When the solver refuses the problem.
    fn open(&self, problem: &Problem) -> Result<Box<dyn Session>, SolverError>;

    /// Solves once, as far as the options let it.
    ///
    /// # Errors
    /// When the solver refuses the problem or breaks down; never for an infeasible problem.
    fn solve(
        &self,
        problem: &Problem,
        options: &Options,
        watch: &mut dyn Watch,
    ) -> Result<Answer, SolverError> {
        self.open(problem)?.solve(options, watch)
    }
}

/// Every solver that is built in; the first is the default.
pub fn solvers() -> [&'static dyn Solver; 2] {
    [&highs::Highs, &good_lp::MicroLp]
}

/// A solver by its name.
pub fn find(id: &str) -> Option<&'static dyn Solver> {
    solvers().into_iter().find(|solver| solver.id() == id)
}
