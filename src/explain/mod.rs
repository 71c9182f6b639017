//! Why a plan is as it is: what a rule costs, what a line would displace, which lines every good plan funds,
//! what a little more of a number is worth, why a change changed nothing.
//!
//! Every answer is about the policy's main objective: its first stage that does not price a shortfall. Later
//! stages only choose among plans that are equally good in it. Optimal values are known as intervals, from a
//! plan's exact value to the bound; so is every difference of two.

mod backbone;
mod duals;
mod forced;
mod price;
mod what_if;
mod why_same;

use std::time::Instant;

use serde::Serialize;

pub use backbone::{Backbone, BackboneLine, Share, backbone};
pub use duals::{Changed, Dual, Duals, FiniteChange, duals};
pub use price::{CurvePoint, RulePrice, curve, price, prices};
pub use what_if::{Answer, Binding, Target, Way, what_if};
pub use why_same::{Facts, Room, Sameness, StagePair, why_same};

use crate::audit::{Audit, audit};
use crate::domain::{Plan, Scenario};
use crate::model::Sense;
use crate::policy::Policy;
use crate::search::{self, Observer, Outcome, Settings, StageStatus, judge};
use crate::solve::SolverError;

/// A scenario and its policy, up to the main objective.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The programme.
    pub scenario: Scenario,
    /// The policy, without the stages after the main one.
    pub policy: Policy,
    /// Position of the main stage.
    pub main: usize,
}

impl Subject {
    /// Takes the stages after the main one off.
    pub fn new(scenario: Scenario, mut policy: Policy) -> Self {
        let main = policy
            .stages
            .iter()
            .position(|stage| !stage.objective.prices_shortfall() && !stage.objective.only_breaks_ties());
        let main = main.unwrap_or(0);
        policy.stages.truncate(main + 1);
        Self { scenario, policy, main }
    }

    /// Kind of the main objective.
    pub fn objective(&self) -> &str {
        &self.policy.stages[self.main].kind
    }

    /// Solves it.
    ///
    /// # Errors
    /// When a solver breaks down.
    pub fn run(
        &self,
        settings: Settings<'_>,
        observer: &mut dyn Observer,
    ) -> Result<Option<Run>, SolverError> {
        let started = Instant::now();
        let outcome = search::search(&self.scenario, &self.policy, settings, observer)?;
        let proposal = match outcome {
            Outcome::Plan(proposal) if proposal.failing.is_empty() => proposal,
            Outcome::Infeasible => return Ok(Some(Run::infeasible())),
            _ => return Ok(None),
        };
        let audit = audit(&self.scenario, &self.policy, &proposal.plan);
        let reference = self.scenario.budget_sum().as_f64() / 1000.0;
        let (_, stages) = judge(&proposal.stages, &audit.values, false, reference);
        let seconds = started.elapsed().as_secs_f64();
        Ok(Some(Run { found: Some((proposal.plan, audit)), stages, main: self.main, seconds }))
    }
}

/// What a solve came to.
#[derive(Debug, Clone)]
pub struct Run {
    /// The plan and its check; none where the solver claims that there is none.
    pub found: Option<(Plan, Audit)>,
    /// Each stage.
    pub stages: Vec<StageStatus>,
    main: usize,
    /// How long it took.
    pub seconds: f64,
}

impl Run {
    fn infeasible() -> Self {
        Self { found: None, stages: Vec::new(), main: 0, seconds: 0.0 }
    }

    /// The plan, if there is one.
    pub fn plan(&self) -> Option<&Plan> {
        self.found.as_ref().map(|(plan, _)| plan)
    }

    /// What is known of the best value of the main objective: so large that more is better.
    fn known(&self) -> Known {
        let stage = &self.stages[self.main];
        let sign = sign(stage.sense);
        Known { value: sign * stage.value, bound: stage.bound.map(|bound| sign * bound) }
    }

    /// Best value and bound, as the objective counts.
    pub fn value_and_bound(&self) -> (f64, Option<f64>) {
        let stage = &self.stages[self.main];
        (stage.value, stage.bound)
    }

    /// Whether two runs reached the same, and all there is, before the main stage: then a problem with fewer
    /// rules has no worse best plan.
    fn is_level_with(&self, other: &Self) -> bool {
        let before = self.stages.iter().zip(&other.stages).take(self.main);
        before.fold(true, |level, (a, b)| {
            let closed = |stage: &StageStatus| stage.bound.is_some_and(|b| (b - stage.value).abs() <= 1e-6);
            level && (a.value - b.value).abs() <= 1e-6 && closed(a) && closed(b)
        })
    }
}

fn sign(sense: Sense) -> f64 {
    match sense {
        Sense::Maximise => 1.0,
        Sense::Minimise => -1.0,
    }
}

#[derive(Debug, Clone, Copy)]
struct Known {
    value: f64,
    bound: Option<f64>,
}

/// Between what a difference of two best values lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub most: Option<f64>,
}

impl Interval {
    /// How much better the best plan of the `looser` problem is than that of the `tighter` one, in the units
    /// of the main objective. Where both reached the same before it, that is not negative.
    fn gain(tighter: &Run, looser: &Run) -> Self {
        let (tight, mut loose) = (tighter.known(), looser.known());
        let level = tighter.is_level_with(looser);
        if level {
            // Each plan of the tighter problem is one of the looser.
            loose.value = loose.value.max(tight.value);
        }
        let least = tight.bound.map(|bound| loose.value - bound);
        let most = loose.bound.map(|bound| bound - tight.value);
        if level {
            let not_negative = |end: f64| end.max(0.0);
            Self { least: Some(least.map_or(0.0, not_negative)), most: most.map(not_negative) }
        } else {
            Self { least, most }
        }
    }
}

/// A stage before the main one, in two runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EarlierStage {
    /// Kind of objective.
    pub kind: String,
    /// Its value in each.
    pub values: [f64; 2],
}

impl EarlierStage {
    /// Those in which two runs differ: then a difference in the main stage is not a price by itself.
    fn of(one: &Run, other: &Run) -> Vec<Self> {
        let pairs = one.stages.iter().zip(&other.stages).take(one.main);
        let different = pairs.filter(|(a, b)| (a.value - b.value).abs() > 1e-6);
        different.map(|(a, b)| Self { kind: a.kind.clone(), values: [a.value, b.value] }).collect()
    }
}

/// A line whose money is not the same in two plans.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    /// Who gives.
    pub province: String,
    /// Who receives.
    pub site: String,
    /// For what.
    pub sector: String,
    /// Units of money in the first plan.
    pub before: i64,
    /// Units of money in the second.
    pub after: i64,
}

/// Where two plans differ, the largest differences first.
fn shifts(scenario: &Scenario, before: &Plan, after: &Plan) -> Vec<Shift> {
    let mut keys: Vec<_> =
        before.lines().iter().chain(after.lines()).map(crate::domain::PlanLine::key).collect();
    keys.sort_unstable();
    keys.dedup();
    let on = |plan: &Plan, (p, s, k)| plan.find(p, s, k).map_or(0, |line| line.total().0);
    let mut shifts: Vec<Shift> = keys
        .into_iter()
        .filter(|key| on(before, *key) != on(after, *key))
        .map(|key| Shift {
            province: scenario.provinces[key.0.0].id.clone(),
            site: scenario.sites[key.1.0].id.clone(),
            sector: scenario.sectors[key.2.0].id.clone(),
            before: on(before, key),
            after: on(after, key),
        })
        .collect();
    shifts.sort_by_key(|shift| std::cmp::Reverse((shift.after - shift.before).abs()));
    shifts
}
