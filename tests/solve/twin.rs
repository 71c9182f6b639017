//! A session, and beside it the problem as it should stand in there.

use allot::formulation::{Bundled, Firmness, Scaled, formulate};
use allot::generator::{Shape, generate};
use allot::input;
use allot::model::Subject;
use allot::policy::Policy;
use allot::rules::Registry;
use allot::solve::{Answer, Options, Problem, Progress, Session, find};

/// To the optimum.
pub fn exact() -> Options {
    Options { gap: 0.0, ..Options::default() }
}

/// Solves from nothing.
pub fn cold(solver: &str, problem: &Problem, options: &Options) -> Answer {
    find(solver).unwrap().solve(problem, options, &mut |_: Progress| true).unwrap()
}

/// The first stage of a generated instance, with integers, and the budget rows of each province.
pub fn generated(shape: Shape, seed: u64) -> (Problem, Vec<Vec<usize>>) {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in generate(shape, seed) {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let loaded = input::load(folder.path(), &[]).unwrap();
    let policy =
        Policy::read("policy.toml", folder.path(), &Registry::standard(), &toml::Table::new(), &[]).unwrap();
    let scenario = &loaded.scenario;
    let formulation = formulate(scenario, &policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let bundled = Bundled::of(&formulation);
    let mut scaled = Scaled::new(&bundled.model, scenario.budget_sum().as_f64());
    scaled.set_objective(&bundled.stages[0].terms, bundled.stages[0].sense);
    let mut budgets = vec![Vec::new(); scenario.provinces.len()];
    for (row, name) in bundled.model.row_names.iter().enumerate() {
        if let ("province_budget", Subject::ProvinceYear(province, _)) = (name.what, &name.subject) {
            budgets[province.0].push(row);
        }
    }
    (scaled.problem, budgets)
}

/// max 3a + 2b + c, a + b ≤ 4, a + 3b ≤ 6, a − c ≤ 2, all from 0 to 10.
pub fn small() -> Problem {
    let mut problem = Problem {
        costs: vec![-3.0, -2.0, -1.0],
        lower: vec![0.0; 3],
        upper: vec![10.0; 3],
        integer: vec![false; 3],
        starts: vec![0],
        ..Problem::default()
    };
    problem.add_row([(0, 1.0), (1, 1.0)], f64::NEG_INFINITY, 4.0);
    problem.add_row([(0, 1.0), (1, 3.0)], f64::NEG_INFINITY, 6.0);
    problem.add_row([(0, 1.0), (2, -1.0)], f64::NEG_INFINITY, 2.0);
    problem
}

/// Every edit goes to both.
pub struct Twin {
    pub problem: Problem,
    pub session: Box<dyn Session>,
}

impl Twin {
    pub fn new(solver: &str, problem: Problem) -> Self {
        let session = find(solver).unwrap().open(&problem).unwrap();
        Self { problem, session }
    }

    pub fn cost(&mut self, column: usize, cost: f64) {
        self.problem.costs[column] = cost;
        self.session.set_costs(&[(column, cost)]).unwrap();
    }

    pub fn bounds(&mut self, column: usize, lower: f64, upper: f64) {
        (self.problem.lower[column], self.problem.upper[column]) = (lower, upper);
        self.session.set_column_bounds(&[(column, lower, upper)]).unwrap();
    }

    pub fn rows(&mut self, edits: &[(usize, f64, f64)]) {
        for &(row, lower, upper) in edits {
            (self.problem.row_lower[row], self.problem.row_upper[row]) = (lower, upper);
        }
        self.session.set_row_bounds(edits).unwrap();
    }

    pub fn integer(&mut self, columns: &[usize], integer: bool) {
        for &column in columns {
            self.problem.integer[column] = integer;
        }
        self.session.set_integer(columns, integer).unwrap();
    }

    pub fn solve(&mut self) -> Answer {
        self.session.solve(&exact(), &mut |_: Progress| true).unwrap()
    }

    /// Solves both ways; the values, or none where there is no point.
    pub fn agree(&mut self, solver: &str, what: &str) -> Option<f64> {
        let (hot, cold) = (self.solve(), cold(solver, &self.problem, &exact()));
        assert_eq!(hot.infeasible, cold.infeasible, "{what}: infeasible?");
        let [hot_value, cold_value] =
            [&hot, &cold].map(|answer| answer.point.as_ref().map(|point| self.problem.cost(point)));
        assert_eq!(hot_value.is_some(), cold_value.is_some(), "{what}: a point?");
        let (Some(hot_value), Some(cold_value)) = (hot_value, cold_value) else { return None };
        let room = 1e-7 * cold_value.abs().max(1.0);
        assert!((hot_value - cold_value).abs() <= room, "{what}: {hot_value} hot, {cold_value} cold");
        assert!((hot.bound - cold_value).abs() <= room, "{what}: bound {} of {cold_value}", hot.bound);
        if let Some(duals) = &hot.duals {
            assert_eq!(duals.len(), self.problem.row_lower.len());
        }
        Some(hot_value)
    }
}
