//! Solving a problem that differs little from one that was solved. The old plan may still be good enough: where it
//! keeps every hard rule by the unit, and the old multipliers show a bound of the *new* problem that is within the
//! gap of it, nothing is solved. Or the old lines are, with the money placed anew, which is a linear problem. Else the
//! stages start from the old decisions and multipliers.

use std::cell::RefCell;
use std::sync::Arc;

use super::ascent::Ascent;
use super::known::{Hint, Known, Layout};
use super::relax_and_fix::{is_closed, whole_up};
use super::rounding::round;
use super::settle::settle;
use super::stages::{FOR_ROUNDING, Found, Prepared, StageValue, keep, run_prepared};
use super::{Observer, Proposal, Rounded, Settings};
use crate::audit::audit;
use crate::domain::{Plan, Scenario};
use crate::formulation::{Bundled, Firmness, Formulation, formulate};
use crate::model::{ColumnId, ColumnKind};
use crate::policy::Policy;
use crate::solve::{SolverError, Stop};

/// Most steps towards better multipliers, where the old ones do not show enough.
const STEPS: usize = 300;
/// Of so many problems, the nearest first, plans are tried as they are, and their lines with the money placed anew.
const TRIED: [usize; 2] = [4, 2];

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
    let found = RefCell::new(vec![None; prepared.bundled.stages.len()]);
    let new = New { scenario, policy, formulation: &formulation, prepared: &prepared, settings, found };
    let mut hints: Vec<Vec<Hint>> =
        before.iter().take(TRIED[0]).map(|before| before.known.said_of(&layout)).collect();
    for (before, hints) in before.iter().zip(&mut hints) {
        if let Some(stages) = new.settled(&before.plan, hints) {
            return Ok(Again::Settled(before.plan.clone(), stages));
        }
    }
    for hints in hints.iter_mut().take(TRIED[1]) {
        if let Some((plan, stages)) = new.reallocated(hints, observer)? {
            return Ok(Again::Reallocated(plan, stages));
        }
    }
    let mut hints = hints.into_iter().next().unwrap_or_default();
    for (hint, multipliers) in hints.iter_mut().zip(new.found.take()) {
        hint.multipliers = multipliers.or(hint.multipliers.take());
    }
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
    /// The last multipliers that were found for each stage: what one plan needs to be good enough, others need too.
    found: RefCell<Vec<Option<Vec<f64>>>>,
}

impl New<'_> {
    /// The stages of a plan that keeps every hard rule and is good enough as it is.
    fn settled(&self, plan: &Plan, hints: &mut [Hint]) -> Option<Vec<StageValue>> {
        let audit = audit(self.scenario, self.policy, plan);
        let values: Vec<f64> = audit.values.iter().map(|value| value.as_f64()).collect();
        if audit.passes() { self.good_enough(&values, hints, 1.0) } else { None }
    }

    /// The plan with the last decisions of a hint and the money placed anew, where that is good enough.
    fn reallocated(
        &self,
        hints: &mut [Hint],
        observer: &mut dyn Observer,
    ) -> Result<Option<(Plan, Vec<StageValue>)>, SolverError> {
        let Some(decided) = hints.last().and_then(|hint| self.decided(hint)) else { return Ok(None) };
        let (formulation, settings) = (self.formulation, self.settings);
        let largest = self.scenario.budget_sum().as_f64();
        let Some(settled) = settle(formulation, largest, &decided, None, settings, observer)? else {
            return Ok(None);
        };
        let stages = formulation.stages.iter().filter(|stage| !stage.only_breaks_ties);
        let value = |terms: &[(ColumnId, f64)]| -> f64 {
            terms.iter().map(|(column, factor)| factor * settled.point[column.0]).sum()
        };
        let values: Vec<f64> = stages.map(|stage| value(&stage.terms)).collect();
        let Some(stages) = self.good_enough(&values, hints, 1.0 - FOR_ROUNDING) else { return Ok(None) };
        let built = &formulation.built;
        let rounded = round(self.scenario, self.policy, built, &settled.point, settings, observer)?;
        Ok(rounded.failing.is_empty().then_some((rounded.plan, stages)))
    }

    /// A point of the whole model with the decisions of a hint and nothing else; `None` where one is not known.
    fn decided(&self, hint: &Hint) -> Option<Vec<f64>> {
        let Prepared { bundled, .. } = self.prepared;
        let mut taken = vec![0.0; bundled.model.column_count()];
        let kinds = bundled.model.kinds.iter().enumerate();
        let binaries = kinds.filter(|(_, kind)| **kind == ColumnKind::Binary);
        for ((column, _), decision) in binaries.zip(&hint.decisions) {
            taken[column] = f64::from(u8::from((*decision)?));
        }
        let model = &self.formulation.built.model;
        let value = |column: usize| match model.kinds[column] {
            ColumnKind::Binary => taken[bundled.column(ColumnId(column)).0],
            _ => 0.0,
        };
        Some((0..model.column_count()).map(value).collect())
    }

    /// The stages of a plan that is worth so much in each, where bounds from multipliers say that this is within a
    /// share of the gap that was asked. Multipliers that were made better on the way are kept in the hints.
    fn good_enough(&self, values: &[f64], hints: &mut [Hint], share: f64) -> Option<Vec<StageValue>> {
        let Prepared { bundled, scaled, blocks, .. } = self.prepared;
        let blocks = blocks.as_ref()?;
        let mut scaled = scaled.clone();
        let mut stages = Vec::new();
        let each = bundled.stages.iter().zip(values).zip(hints).enumerate();
        for (position, ((stage, &value), hint)) in each {
            let factor = scaled.set_objective(&stage.terms, stage.sense);
            let (cost, problem) = (value / factor, &scaled.problem);
            let asked_gap = stage.gap.unwrap_or(self.settings.options.gap);
            // Later stages have had their share already; what is left is what they are judged by.
            let gap = share * asked_gap + stage.tolerance;
            let known = [hint.multipliers.clone(), self.found.borrow()[position].clone()];
            let known = known.into_iter().flatten().filter(|known| known.len() == problem.row_lower.len());
            let known = known.map(|known| (blocks.bound(problem, &known), known));
            // Without any price: what costs nothing at the least cannot cost less.
            let nothing = vec![0.0; problem.row_lower.len()];
            let free = blocks.bound(problem, &nothing);
            let (first, start) =
                known.max_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or((free, nothing));
            let shown = |bound: f64| whole_up(problem, bound.max(free));
            let mut bound = shown(first);
            if !is_closed(cost, bound, gap) {
                let mut ascent = Ascent::new(blocks, problem, self.settings.options.threads, Some(start));
                ascent.reach(problem, cost, gap, STEPS);
                bound = shown(ascent.bound());
                self.found.borrow_mut()[position] = Some(ascent.multipliers().to_vec());
                hint.multipliers = Some(ascent.multipliers().to_vec());
            }
            if !is_closed(cost, bound, gap) {
                return None;
            }
            stages.push(StageValue {
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
            keep(&mut scaled, stage, cost, 0.0);
        }
        Some(stages)
    }
}

/// The layout of a scenario's problem under a policy, for what was written down about it.
pub fn layout(scenario: &Scenario, policy: &Policy) -> Layout {
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    Layout::of(&Bundled::of(&formulation).model, &policy.rule_ids())
}
