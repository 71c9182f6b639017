//! The one place that knows solvers. A [`Problem`] goes in, an [`Answer`] comes out, whoever solved it.
//!
//! A new solver is a new file that implements [`Solver`], and one line in [`solvers`].

mod good_lp;
mod highs;

pub use highs::write_model;

use std::time::Duration;

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
    /// A feasible point to start from, if one is known.
    pub start: Option<Vec<f64>>,
}

impl Problem {
    /// Whether any column is integer.
    pub fn has_integers(&self) -> bool {
        self.integer.contains(&true)
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
}

/// When to stop, and how to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Relative gap between plan and bound at which a problem counts as solved.
    pub gap: f64,
    /// Longest time.
    pub time_limit: Option<Duration>,
    /// Most branch-and-bound nodes: a limit that gives the same plan on every machine.
    pub node_limit: Option<u64>,
    /// Threads.
    pub threads: usize,
    /// Seed of whatever a solver draws.
    pub seed: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { gap: 1e-3, time_limit: None, node_limit: None, threads: 1, seed: 0 }
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
    pub duals: Option<Vec<f64>>,
}

impl Answer {
    /// The answer to a problem without columns, which solvers refuse or call empty without a point: the
    /// empty point, if every row holds with nothing in it.
    fn without_columns(problem: &Problem) -> Option<Self> {
        if !problem.costs.is_empty() {
            return None;
        }
        let holds = problem.row_lower.iter().all(|lower| *lower <= 0.0)
            && problem.row_upper.iter().all(|upper| *upper >= 0.0);
        Some(Self {
            stop: Stop::Finished,
            infeasible: !holds,
            point: holds.then(Vec::new),
            bound: if holds { 0.0 } else { f64::NEG_INFINITY },
            duals: None,
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

    /// Solves, as far as the options let it.
    ///
    /// # Errors
    /// When the solver refuses the problem or breaks down; never for an infeasible problem.
    fn solve(
        &self,
        problem: &Problem,
        options: &Options,
        watch: &mut dyn Watch,
    ) -> Result<Answer, SolverError>;
}

/// Every solver that is built in; the first is the default.
pub fn solvers() -> [&'static dyn Solver; 2] {
    [&highs::Highs, &good_lp::MicroLp]
}

/// A solver by its name.
pub fn find(id: &str) -> Option<&'static dyn Solver> {
    solvers().into_iter().find(|solver| solver.id() == id)
}
