//! Finds a plan: stage by stage, then in whole units.

mod again;
mod ascent;
mod blocks;
mod completion;
mod dive;
mod division;
mod gap;
mod known;
mod leaves;
mod matching;
mod neighbourhoods;
mod people;
mod price_and_fix;
mod proof;
mod reduced;
mod relax_and_fix;
mod rounding;
mod settle;
mod stages;
mod status;

pub use again::{Again, Before, layout, search_again};
pub use ascent::Ascent;
pub use blocks::{Blocks, Leaning};
pub use known::{Known, KnownStage, Layout};
pub use matching::{Matching, match_people};
pub use proof::certificate;
pub use rounding::{Rounded, round};
pub use stages::{Assumption, Case, Found, Limit, StageValue, Worth, run_stages};
pub use status::{StageStatus, Status, judge};

use std::time::{Duration, Instant};

use crate::domain::{Plan, Scenario};
use crate::formulation::{Firmness, formulate};
use crate::policy::Policy;
use crate::solve::{Options, Problem, Solver, SolverError, Stop};

/// Hears how a search goes, and may stop it.
pub trait Observer {
    /// A stage begins.
    fn stage(&mut self, kind: &str);
    /// Best value and bound of the stage so far, in the objective's own units.
    fn progress(&mut self, value: Option<f64>, bound: Option<f64>);
    /// Whether somebody asked to stop.
    fn stopped(&self) -> bool;
}

/// An observer that hears nothing and never stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn stage(&mut self, _: &str) {}
    fn progress(&mut self, _: Option<f64>, _: Option<f64>) {}
    fn stopped(&self) -> bool {
        false
    }
}

/// What a search came to.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A plan in whole units.
    Plan(Proposal),
    /// The solver claims that the hard rules leave no plan.
    Infeasible,
    /// Stopped before any plan was found.
    Nothing(Stop),
}

/// A plan in whole units, and what the stages showed about it.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The plan.
    pub plan: Plan,
    /// Each stage, before rounding.
    pub stages: Vec<StageValue>,
    /// Positions of hard rules that whole units cannot keep; empty is what is wanted.
    pub failing: Vec<usize>,
    /// Seconds of building the model.
    pub building: f64,
    /// Seconds of rounding to whole units.
    pub rounding: f64,
}

/// Finds a plan for a scenario under a policy: builds the model, runs the stages, rounds to whole units.
///
/// # Errors
/// When a solver breaks down.
pub fn search(
    scenario: &Scenario,
    policy: &Policy,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Outcome, SolverError> {
    let started = Instant::now();
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let building = started.elapsed().as_secs_f64();
    let largest = scenario.budget_sum().as_f64();
    let (point, stages) = match run_stages(scenario, &formulation, largest, settings, observer)? {
        Found::Point { point, stages, .. } => (point, stages),
        Found::Infeasible => return Ok(Outcome::Infeasible),
        Found::Nothing(stop) => return Ok(Outcome::Nothing(stop)),
    };
    let started = Instant::now();
    let Rounded { plan, failing } = round(scenario, policy, &formulation.built, &point, settings, observer)?;
    let rounding = started.elapsed().as_secs_f64();
    Ok(Outcome::Plan(Proposal { plan, stages, failing, building, rounding }))
}

/// With what, how long and how exactly to search.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// The solver.
    pub solver: &'a dyn Solver,
    /// Gap, threads, seed and limits; the time limit is for all stages together.
    pub options: &'a Options,
}

/// With no more decisions than this, the solver does better with the whole problem than we by prices and around a plan.
const SMALL: usize = 500;

/// Whether a problem has so few decisions that the solver looks at the whole of it.
fn is_small(problem: &Problem) -> bool {
    problem.integer.iter().filter(|integer| **integer).count() <= SMALL
}

/// The time that is left.
#[derive(Debug, Clone, Copy)]
struct Clock {
    end: Option<Instant>,
}

impl Clock {
    fn start(limit: Option<Duration>) -> Self {
        Self { end: limit.and_then(|limit| Instant::now().checked_add(limit)) }
    }

    /// Whether nothing is left.
    fn is_over(self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// A share of what is left; `None` is no limit. Never quite nothing, so that a solver started late
    /// still says whether the point it was given is feasible.
    fn share(self, share: f64) -> Option<Duration> {
        self.end.map(|end| {
            end.saturating_duration_since(Instant::now()).mul_f64(share).max(Duration::from_millis(100))
        })
    }
}
