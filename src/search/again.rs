//! Solving a problem that differs little from one that was solved. The old plan may still be good enough: where it
//! keeps every hard rule by the unit, and the old multipliers show a bound of the *new* problem that is within the
//! gap of it, nothing is solved. Or the old lines are, with the money placed anew, which is a linear problem. Else the
//! stages are searched, from the old decisions.

use std::cell::RefCell;
use std::sync::Arc;

use super::ascent::Ascent;
use super::gap::{is_closed, whole_up};
use super::known::{Hint, Known, Layout};
use super::rounding::round;
use super::settle::settle;
use super::stages::{FOR_ROUNDING, Found, Prepared, StageValue, keep, run_prepared};
use super::{Observer, Proposal, Rounded, Settings, is_small};
use crate::audit::audit;
use crate::domain::{Plan, Scenario};
use crate::formulation::{Bundled, Firmness, Formulation, Scaled, formulate};
use crate::model::{ColumnId, ColumnKind};
use crate::policy::Policy;
use crate::solve::{Problem, Progress, SolverError, Stop};

/// Of so many problems, the nearest first, plans are tried as they are, and their lines with the money placed anew.
const TRIED: usize = 4;
/// Most steps of an ascent from known multipliers: after so many it has most of what it will come to.
const STEPS: usize = 50;

/// A plan and what was found out with it.
#[derive(Debug, Clone)]
pub struct Before {
    /// The plan in whole units.
    pub plan: Plan,
    /// What is known of each stage.
    pub known: Known,
}

/// What a search came to.
#[derive(Debug, Clone)]
pub enum Again {
    /// A plan from before is good enough as it is: its stages, with bounds of the new problem.
    Settled(Plan, Vec<StageValue>),
    /// The lines of a plan from before are, with the money placed anew.
    Reallocated(Plan, Vec<StageValue>),
    /// A new plan, and what was found out with it.
    Solved(Proposal, Known),
    /// The solver claims that the hard rules leave no plan.
    Infeasible,
    /// Stopped before any plan was found.
    Nothing(Stop),
}

/// Finds a plan, from what is known of problems like it, the nearest first.
///
/// # Errors
/// When a solver breaks down.
pub fn search_again(
    scenario: &Scenario,
    policy: &Policy,
    before: &[&Before],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Again, SolverError> {
    let started = std::time::Instant::now();
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let prepared = Prepared::new(scenario, &formulation, scenario.budget_sum().as_f64());
    let building = started.elapsed().as_secs_f64();
    let layout = Arc::new(Layout::of(&prepared.bundled.model, &policy.rule_ids()));
    let stages = prepared.bundled.stages.len();
    let (relaxed, risen) = (RefCell::new(vec![None; stages]), RefCell::new(vec![None; stages]));
    let new =
        New { scenario, policy, formulation: &formulation, prepared: &prepared, settings, relaxed, risen };
    let hints: Vec<Vec<Hint>> =
        before.iter().take(TRIED).map(|before| before.known.said_of(&layout)).collect();
    for before in before.iter().take(TRIED) {
        if let Some(stages) = new.settled(&before.plan, &hints)? {
            return Ok(Again::Settled(before.plan.clone(), stages));
        }
    }
    let mut tried: Vec<&[Option<bool>]> = Vec::new();
    for stages in &hints {
        let Some(Hint { decisions, .. }) = stages.last() else { continue };
        if tried.contains(&&**decisions) {
            continue;
        }
        tried.push(decisions);
        if let Some((plan, stages)) = new.reallocated(decisions, &hints, observer)? {
            return Ok(Again::Reallocated(plan, stages));
        }
    }
    let hints = hints.into_iter().next().unwrap_or_default();
    let (point, stages, known) =
        match run_prepared(scenario, &formulation, prepared, &hints, settings, observer)? {
            Found::Point { point, stages, known } => (point, stages, known),
            Found::Infeasible => return Ok(Again::Infeasible),
            Found::Nothing(stop) => return Ok(Again::Nothing(stop)),
        };
    let started = std::time::Instant::now();
    let Rounded { plan, failing } = round(scenario, policy, &formulation.built, &point, settings, observer)?;
    let rounding = started.elapsed().as_secs_f64();
    Ok(Again::Solved(Proposal { plan, stages, failing, building, rounding }, Known::new(layout, known)))
}

/// The problem in hand.
struct New<'a> {
    scenario: &'a Scenario,
    policy: &'a Policy,
    formulation: &'a Formulation,
    prepared: &'a Prepared,
    settings: Settings<'a>,
    /// What the relaxation of each stage last showed.
    relaxed: RefCell<Vec<Option<Relaxed>>>,
    /// Multipliers of each stage, from an ascent that began at known ones.
    risen: RefCell<Vec<Option<Vec<f64>>>>,
}

/// What a stage's relaxation showed.
#[derive(Clone)]
struct Relaxed {
    /// What was kept of earlier stages.
    kept: Vec<f64>,
    bound: f64,
}

impl New<'_> {
    /// The stages of a plan that keeps every hard rule and is good enough as it is.
    fn settled(&self, plan: &Plan, hints: &[Vec<Hint>]) -> Result<Option<Vec<StageValue>>, SolverError> {
        let audit = audit(self.scenario, self.policy, plan);
        if !audit.passes() {
            return Ok(None);
        }
        let mut judged = Judged::new(self, hints, 1.0);
        for value in audit.values.iter().take(self.prepared.bundled.stages.len()) {
            if !judged.is_good(value.as_f64())? {
                return Ok(None);
            }
        }
        Ok(Some(judged.stages))
    }

    /// The plan with some decisions and the money placed anew, where that is good enough.
    fn reallocated(
        &self,
        decisions: &[Option<bool>],
        hints: &[Vec<Hint>],
        observer: &mut dyn Observer,
    ) -> Result<Option<(Plan, Vec<StageValue>)>, SolverError> {
        let Some(decided) = self.decided(decisions) else { return Ok(None) };
        let (formulation, settings) = (self.formulation, self.settings);
        let largest = self.scenario.budget_sum().as_f64();
        let mut judged = Judged::new(self, hints, 1.0 - FOR_ROUNDING);
        let mut is_good = |value| judged.is_good(value);
        let Some(settled) = settle(formulation, largest, &decided, None, (settings, observer), &mut is_good)?
        else {
            return Ok(None);
        };
        let built = &formulation.built;
        let rounded = round(self.scenario, self.policy, built, &settled.point, settings, observer)?;
        Ok(rounded.failing.is_empty().then_some((rounded.plan, judged.stages)))
    }

    /// A point of the whole model with some decisions and nothing else; `None` where one is not known.
    fn decided(&self, decisions: &[Option<bool>]) -> Option<Vec<f64>> {
        let Prepared { bundled, .. } = self.prepared;
        let mut taken = vec![0.0; bundled.model.column_count()];
        let kinds = bundled.model.kinds.iter().enumerate();
        let binaries = kinds.filter(|(_, kind)| **kind == ColumnKind::Binary);
        for ((column, _), decision) in binaries.zip(decisions) {
            taken[column] = f64::from(u8::from((*decision)?));
        }
        let model = &self.formulation.built.model;
        let value = |column: usize| match model.kinds[column] {
            ColumnKind::Binary => taken[bundled.column(ColumnId(column)).0],
            _ => 0.0,
        };
        Some((0..model.column_count()).map(value).collect())
    }

    /// What the linear relaxation of a stage shows, given what is kept of earlier ones.
    fn relaxation(&self, position: usize, problem: &Problem) -> Result<f64, SolverError> {
        let kept = &problem.row_upper[self.prepared.bundled.model.row_count()..];
        if let Some(relaxed) = self.relaxed.borrow()[position].as_ref().filter(|known| known.kept == kept) {
            return Ok(relaxed.bound);
        }
        let mut silent = |_: Progress| true;
        let options = &self.settings.options;
        let bound = self.settings.solver.solve(&problem.relaxation(), options, &mut silent)?.bound;
        self.relaxed.borrow_mut()[position] = Some(Relaxed { kept: kept.to_vec(), bound });
        Ok(bound)
    }
}

/// A plan, judged stage by stage: whether bounds from known multipliers, and from the linear relaxation of a small
/// problem, say that it is within a share of the gap that was asked.
struct Judged<'a> {
    new: &'a New<'a>,
    /// What is known of each problem that is near, stage by stage.
    hints: &'a [Vec<Hint>],
    share: f64,
    /// The problem, with what is kept of the stages so far.
    scaled: Scaled,
    stages: Vec<StageValue>,
}

impl<'a> Judged<'a> {
    fn new(new: &'a New<'a>, hints: &'a [Vec<Hint>], share: f64) -> Self {
        Self { new, hints, share, scaled: new.prepared.scaled.clone(), stages: Vec::new() }
    }

    /// Whether the plan, worth so much in the next stage, is good enough there.
    fn is_good(&mut self, value: f64) -> Result<bool, SolverError> {
        let Prepared { bundled, .. } = self.new.prepared;
        let position = self.stages.len();
        let Some(stage) = bundled.stages.get(position) else { return Ok(false) };
        let factor = self.scaled.set_objective(&stage.terms, stage.sense);
        let cost = value / factor;
        let asked_gap = stage.gap.unwrap_or(self.new.settings.options.gap);
        // Later stages have had their share already; what is left is what they are judged by.
        let gap = self.share * asked_gap + stage.tolerance;
        let bound = self.shown(position, cost, gap)?;
        if !is_closed(cost, bound, gap) {
            return Ok(false);
        }
        self.stages.push(StageValue {
            kind: stage.kind.clone(),
            sense: stage.sense,
            in_money: stage.in_money,
            value,
            bound: Some(factor * bound.min(cost)),
            asked_gap,
            tolerance: stage.tolerance,
            stop: Stop::Finished,
            seconds: 0.0,
            cases: Vec::new(),
        });
        keep(&mut self.scaled, stage, cost, 0.0);
        Ok(true)
    }

    /// What is shown of a stage, looked for until that is within a gap of a cost: by known multipliers, then by the
    /// relaxation of a small problem, or by an ascent.
    fn shown(&self, position: usize, cost: f64, gap: f64) -> Result<f64, SolverError> {
        let New { prepared, risen, settings, .. } = self.new;
        let problem = &self.scaled.problem;
        // Without any price too: what costs nothing at the least cannot cost less.
        let free = vec![0.0; problem.row_lower.len()];
        let mut best = (f64::NEG_INFINITY, &free);
        let mut risen = risen.borrow_mut();
        if let Some(blocks) = &prepared.blocks {
            let known = self.hints.iter().filter_map(|stages| stages.get(position)?.multipliers.as_ref());
            let known = known.filter(|known| known.len() == free.len());
            for multipliers in known.chain(&risen[position]).chain([&free]) {
                let bound = blocks.bound(problem, multipliers);
                if bound > best.0 {
                    best = (bound, multipliers);
                }
            }
        }
        let bound = whole_up(problem, best.0);
        if is_closed(cost, bound, gap) {
            return Ok(bound);
        }
        if is_small(problem) {
            return Ok(bound.max(whole_up(problem, self.new.relaxation(position, problem)?)));
        }
        let Some(blocks) = prepared.blocks.as_ref().filter(|_| risen[position].is_none()) else {
            return Ok(bound);
        };
        let mut ascent = Ascent::from_another(blocks, problem, settings.options.threads, best.1.clone());
        for _ in 0..STEPS {
            ascent.step(problem, None);
            if is_closed(cost, whole_up(problem, ascent.bound()), gap) {
                break;
            }
        }
        risen[position] = Some(ascent.multipliers().to_vec());
        Ok(whole_up(problem, ascent.bound()))
    }
}

/// The layout of a scenario's problem under a policy, for what was written down about it.
pub fn layout(scenario: &Scenario, policy: &Policy) -> Layout {
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    Layout::of(&Bundled::of(&formulation).model, &policy.rule_ids())
}
