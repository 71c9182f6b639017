//! Solving a problem that differs little from one that was solved. The old plan may still be good enough: where it
//! keeps every hard rule by the unit, and the old multipliers show a bound of the *new* problem that is within the
//! gap of it, nothing is solved. Else the stages start from the old decisions and multipliers.

use std::sync::Arc;

use super::ascent::Ascent;
use super::known::{Hint, Known, Layout};
use super::relax_and_fix::{is_closed, whole_up};
use super::rounding::round;
use super::stages::{Found, Prepared, StageValue, keep, run_prepared};
use super::{Observer, Proposal, Rounded, Settings};
use crate::audit::audit;
use crate::domain::{Plan, Scenario};
use crate::formulation::{Bundled, Firmness, formulate};
use crate::policy::Policy;
use crate::solve::{SolverError, Stop};

/// Steps towards better multipliers, where the old ones do not show enough.
const STEPS: usize = 24;
/// They end when so many bring less than this share of the gap.
const WORTH: (usize, f64) = (6, 0.02);

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
    /// The plan from before is good enough: its stages, with bounds of the new problem.
    Settled(Vec<StageValue>),
    /// A new plan, and what was found out with it.
    Solved(Proposal, Known),
    /// The solver claims that the hard rules leave no plan.
    Infeasible,
    /// Stopped before any plan was found.
    Nothing(Stop),
}

/// Finds a plan, from what is known of a problem like it.
///
/// # Errors
/// When a solver breaks down.
pub fn search_again(
    scenario: &Scenario,
    policy: &Policy,
    before: Option<&Before>,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Again, SolverError> {
    let started = std::time::Instant::now();
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let prepared = Prepared::new(scenario, &formulation, scenario.budget_sum().as_f64());
    let building = started.elapsed().as_secs_f64();
    let layout = Arc::new(Layout::of(&prepared.bundled.model, &policy.rule_ids()));
    let mut hints = before.map(|before| before.known.said_of(&layout)).unwrap_or_default();
    if let Some(before) = before
        && let Some(stages) = settled(scenario, policy, &prepared, &before.plan, &mut hints, settings)
    {
        return Ok(Again::Settled(stages));
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

/// The stages of a plan that is good enough as it is, by whole numbers and by bounds from multipliers. Those that
/// were made better on the way are kept in the hints.
fn settled(
    scenario: &Scenario,
    policy: &Policy,
    prepared: &Prepared,
    plan: &Plan,
    hints: &mut [Hint],
    settings: Settings<'_>,
) -> Option<Vec<StageValue>> {
    let blocks = prepared.blocks.as_ref()?;
    let audit = audit(scenario, policy, plan);
    if !audit.passes() {
        return None;
    }
    let mut scaled = prepared.scaled.clone();
    let mut stages = Vec::new();
    for ((stage, value), hint) in prepared.bundled.stages.iter().zip(&audit.values).zip(hints) {
        let factor = scaled.set_objective(&stage.terms, stage.sense);
        let (value, problem) = (value.as_f64(), &scaled.problem);
        let cost = value / factor;
        let asked_gap = stage.gap.unwrap_or(settings.options.gap);
        // Later stages have had their share already; what is left is what they are judged by.
        let gap = asked_gap + stage.tolerance;
        let multipliers = hint.multipliers.as_ref().filter(|known| known.len() == problem.row_lower.len());
        let start = multipliers.cloned().unwrap_or_else(|| vec![0.0; problem.row_lower.len()]);
        let mut bound = whole_up(problem, blocks.bound(problem, &start));
        if !is_closed(cost, bound, gap) {
            let mut ascent = Ascent::new(blocks, problem, settings.options.threads, Some(start));
            let mut mark = ascent.bound();
            for step in 1..=STEPS {
                ascent.step(problem, Some(cost));
                bound = whole_up(problem, ascent.bound());
                let is_idle = step % WORTH.0 == 0 && {
                    let gained = ascent.bound() - std::mem::replace(&mut mark, ascent.bound());
                    gained < WORTH.1 * gap * cost.abs()
                };
                if is_closed(cost, bound, gap) || is_idle {
                    break;
                }
            }
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

/// The layout of a scenario's problem under a policy, for what was written down about it.
pub fn layout(scenario: &Scenario, policy: &Policy) -> Layout {
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    Layout::of(&Bundled::of(&formulation).model, &policy.rule_ids())
}
