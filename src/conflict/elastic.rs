//! A model in which every row of a rule can be switched off: it may then be missed by any amount, at no
//! price. A conflict is a set of rows that cannot be on together.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::implied::{self, Implied};
use crate::domain::Scenario;
use crate::formulation::{Firmness, Scaled, formulate};
use crate::model::{Model, Name, Sense, Terms};
use crate::policy::Policy;
use crate::solve::{Options, Problem, Progress, Session, Solver, SolverError, Stop};

/// Least sum of what is missed, in a solver's units of money, that is no solver's tolerance: all capacity is
/// 1,000 to 10,000 of them.
const NOTHING: f64 = 1e-5;
/// Longest time for one question with yes-or-no decisions in it.
const LONGEST: Duration = Duration::from_secs(5);

/// A row that a rule demands.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// Position in the model.
    pub row: usize,
    /// Position of the rule in the policy that the model was built from.
    pub rule: usize,
    /// Columns by which it may be missed, and the price of one unit of each.
    slacks: Vec<(usize, f64)>,
}

/// Whether some rows can be on together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Together,
    Never,
    /// The time was over before it was known.
    Unknown,
}

/// The model, alive in a solver.
pub(super) struct Elastic<'a> {
    pub model: Model,
    pub scaled: Scaled,
    pub demands: Vec<Demand>,
    pub implied: Vec<Implied>,
    pub deadline: Instant,
    solver: &'a dyn Solver,
    options: Options,
    /// The linear relaxation, in which a demand that is on has a price and the others have none.
    session: Box<dyn Session>,
    priced: Vec<bool>,
    /// Which demands each point that was found keeps.
    points: Vec<Vec<bool>>,
}

fn go_on(_: Progress) -> bool {
    true
}

impl<'a> Elastic<'a> {
    /// Builds the model of a policy, all of whose rules may give way.
    pub fn new(
        scenario: &Scenario,
        policy: &Policy,
        (solver, options): (&'a dyn Solver, &Options),
        deadline: Instant,
    ) -> Result<Self, SolverError> {
        let mut built = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::Elastic).built;
        let implied = implied::add(&mut built, scenario);
        let largest = scenario.budget_sum().as_f64();
        let mut scaled = Scaled::new(&built.model, largest);
        // One over a count weighs as much as a site's mean money: a policy cannot do without its counts more
        // cheaply than without its money.
        let per_count = largest / scenario.sites.len().max(1) as f64;
        let price = |column: usize| if built.model.kinds[column].is_money() { 1.0 } else { per_count };
        let prices: Terms = built.slacks.iter().map(|slack| (slack.column, price(slack.column.0))).collect();
        scaled.set_objective(&prices, Sense::Minimise);
        let mut demands: Vec<Demand> = Vec::new();
        for slack in &built.slacks {
            let column = (slack.column.0, scaled.problem.costs[slack.column.0]);
            match demands.last_mut().filter(|last| last.row == slack.row.0) {
                Some(last) => last.slacks.push(column),
                None => demands.push(Demand { row: slack.row.0, rule: slack.rule, slacks: vec![column] }),
            }
        }
        let session = solver.open(&scaled.problem.relaxation())?;
        let priced = vec![true; demands.len()];
        let options = options.clone();
        let (model, points) = (built.model, Vec::new());
        Ok(Self { model, scaled, demands, implied, deadline, solver, options, session, priced, points })
    }

    /// Name of a demand's row.
    pub fn name(&self, demand: usize) -> &Name {
        &self.model.row_names[self.demands[demand].row]
    }

    /// What is left of the time, for a question with yes-or-no decisions at most so much.
    fn options(&self, longest: Duration) -> Options {
        let left = self.deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(50));
        Options { time_limit: Some(left.min(longest)), node_limit: None, ..self.options.clone() }
    }

    /// The relaxation with some demands on. `None` when the time was over.
    pub fn relaxed(&mut self, on: &[bool]) -> Result<Option<Relaxed>, SolverError> {
        let changed = (0..on.len()).filter(|&demand| on[demand] != self.priced[demand]);
        let costs: Vec<(usize, f64)> = changed
            .flat_map(|demand| {
                let slacks = self.demands[demand].slacks.iter();
                slacks.map(move |&(column, price)| (column, if on[demand] { price } else { 0.0 }))
            })
            .collect();
        self.session.set_costs(&costs)?;
        self.priced.copy_from_slice(on);
        let options = self.options(Duration::MAX);
        let answer = self.session.solve(&options, &mut go_on)?;
        let (Some(point), true) = (answer.point, answer.bound.is_finite()) else { return Ok(None) };
        Ok(Some(Relaxed { missed: answer.bound, point, duals: answer.duals }))
    }

    /// Which demands have a say in a relaxation: those with a dual value, and those that another row with one follows
    /// from.
    pub fn speakers(&self, duals: &[f64]) -> Vec<bool> {
        let mut speaks: Vec<bool> = duals.iter().map(|dual| dual.abs() > 1e-9).collect();
        for implied in self.implied.iter().filter(|implied| duals[implied.row].abs() > 1e-9) {
            implied.of.iter().for_each(|&row| speaks[row] = true);
        }
        self.demands.iter().map(|demand| speaks[demand.row]).collect()
    }

    /// Switches off what the relaxation is short of something without: first all that has no say in it, then one
    /// rule after the other, then one demand after the other (a *deletion filter*: Chinneck and Dravnieks, 1991), in
    /// half of the time that is left. Answers no, and does nothing, where it is short of nothing.
    pub fn shrink(&mut self, on: &mut Vec<bool>) -> Result<bool, SolverError> {
        if !self.keep_speakers(on)? {
            return Ok(false);
        }
        let now = Instant::now();
        let end = now + self.deadline.saturating_duration_since(now) / 2;
        let rules: BTreeSet<usize> = self.demands.iter().map(|demand| demand.rule).collect();
        for rule in rules {
            let of_rule: Vec<usize> = (0..on.len()).filter(|&row| self.demands[row].rule == rule).collect();
            self.try_without(on, &of_rule, end)?;
        }
        for row in 0..on.len() {
            self.try_without(on, &[row], end)?;
        }
        Ok(true)
    }

    fn try_without(&mut self, on: &mut Vec<bool>, rows: &[usize], end: Instant) -> Result<(), SolverError> {
        let mut fewer = on.clone();
        for &row in rows {
            fewer[row] = false;
        }
        if fewer != *on && Instant::now() < end && self.keep_speakers(&mut fewer)? {
            *on = fewer;
        }
        Ok(())
    }

    /// Switches off what has no say where the relaxation is short of something; otherwise answers no.
    fn keep_speakers(&mut self, on: &mut Vec<bool>) -> Result<bool, SolverError> {
        let Some(relaxed) = self.relaxed(on)?.filter(Relaxed::is_short) else { return Ok(false) };
        if let Some(duals) = &relaxed.duals {
            let speaks = self.speakers(duals);
            let fewer: Vec<bool> = on.iter().zip(speaks).map(|(on, speaks)| *on && speaks).collect();
            // Small dual values can be a solver's last digits.
            if fewer != *on && self.relaxed(&fewer)?.is_some_and(|relaxed| relaxed.is_short()) {
                *on = fewer;
            }
        }
        Ok(true)
    }

    /// Changes the bounds of columns in the relaxation.
    pub fn set_bounds(&mut self, bounds: &[(usize, f64, f64)]) -> Result<(), SolverError> {
        self.session.set_column_bounds(bounds)
    }

    /// Which demands a point keeps.
    fn kept(&self, point: &[f64]) -> Vec<bool> {
        let keeps = |demand: &Demand| demand.slacks.iter().all(|&(column, _)| point[column] <= 1e-7);
        self.demands.iter().map(keeps).collect()
    }

    /// Whether demands can be kept together, yes-or-no decisions included.
    pub fn verdict(&mut self, on: &[bool]) -> Result<Verdict, SolverError> {
        let covers = |kept: &Vec<bool>| on.iter().zip(kept).all(|(on, kept)| *kept || !on);
        if self.points.iter().any(covers) {
            return Ok(Verdict::Together);
        }
        if Instant::now() >= self.deadline {
            return Ok(Verdict::Unknown);
        }
        match self.relaxed(on)? {
            None => return Ok(Verdict::Unknown),
            Some(relaxed) if relaxed.missed > NOTHING => return Ok(Verdict::Never),
            Some(_) if !self.scaled.problem.has_integers() => return Ok(Verdict::Together),
            Some(_) => {}
        }
        let mut problem = self.problem(|demand| if on[demand] { 0.0 } else { f64::INFINITY });
        problem.costs.fill(0.0);
        let answer = self.solver.solve(&problem, &self.options(LONGEST), &mut go_on)?;
        Ok(match answer.point {
            Some(point) => {
                let mut kept = self.kept(&point);
                kept.iter_mut().zip(on).for_each(|(kept, on)| *kept |= on);
                self.points.push(kept);
                Verdict::Together
            }
            None if answer.infeasible => Verdict::Never,
            None => Verdict::Unknown,
        })
    }

    /// The problem in which each demand may be missed by so much at most.
    fn problem(&self, most: impl Fn(usize) -> f64) -> Problem {
        let mut problem = self.scaled.problem.clone();
        for (position, demand) in self.demands.iter().enumerate() {
            for &(column, _) in &demand.slacks {
                problem.upper[column] = most(position);
            }
        }
        problem
    }

    /// The least by which a demand must be missed when some others are kept, in units of money or counts.
    pub fn least_missed(&self, which: usize, on: &[bool]) -> Result<Option<f64>, SolverError> {
        let free = |demand: usize| if on[demand] && demand != which { 0.0 } else { f64::INFINITY };
        let mut problem = self.problem(free);
        let keep: Vec<usize> = self.demands[which].slacks.iter().map(|slack| slack.0).collect();
        for (column, cost) in problem.costs.iter_mut().enumerate() {
            *cost = if keep.contains(&column) { 1.0 } else { 0.0 };
        }
        let options = Options { gap: 1e-6, ..self.options(LONGEST) };
        let answer = self.solver.solve(&problem, &options, &mut go_on)?;
        let point = answer.point.filter(|_| answer.stop == Stop::Finished);
        Ok(point.map(|point| {
            let point = self.scaled.to_units(&point);
            keep.iter().map(|column| point[*column]).sum()
        }))
    }

    /// A cheapest way to miss demands so that the others are kept: each that is missed, and by how much. None
    /// where the time was over.
    pub fn least_change(&self) -> Result<Vec<(usize, f64)>, SolverError> {
        let options = Options { gap: 0.01, ..self.options(LONGEST) };
        let answer = self.solver.solve(&self.scaled.problem, &options, &mut go_on)?;
        // What is far from the least change is no advice.
        let point = answer.point.filter(|_| answer.stop == Stop::Finished);
        let Some(point) = point.map(|point| self.scaled.to_units(&point)) else {
            return Ok(Vec::new());
        };
        let missed = |demand: &Demand| demand.slacks.iter().map(|&(column, _)| point[column]).sum::<f64>();
        let all = self.demands.iter().map(missed).enumerate();
        Ok(all.filter(|&(demand, by)| by > self.least_that_counts(demand)).collect())
    }

    /// Whether a demand is measured in money, and not in counts.
    pub fn in_money(&self, demand: usize) -> bool {
        self.model.kinds[self.demands[demand].slacks[0].0].is_money()
    }

    /// Less than a hundredth of a unit is a solver's tolerance, not a conflict.
    fn least_that_counts(&self, demand: usize) -> f64 {
        if self.in_money(demand) { (self.scaled.money * NOTHING).max(0.01) } else { 1e-6 }
    }
}

/// What the relaxation came to.
pub(super) struct Relaxed {
    /// Least sum of what is missed, in a solver's units.
    pub missed: f64,
    pub point: Vec<f64>,
    pub duals: Option<Vec<f64>>,
}

impl Relaxed {
    /// Whether something has to be missed.
    pub fn is_short(&self) -> bool {
        self.missed > NOTHING
    }
}
