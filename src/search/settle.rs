//! The money of a plan whose yes-or-no decisions are taken: a linear problem for each stage, and one for the tie-break.

use std::time::{Duration, Instant};

use super::reduced::Reduced;
use super::stages::{StageValue, kept_at};
use super::{Observer, Settings};
use crate::formulation::{Formulation, Scaled};
use crate::model::ColumnKind;
use crate::solve::{Options, Progress, SolverError};

/// How near to the best whole numbers of people are, with the yes-or-no decisions as they are, and how long they
/// may take for a stage.
const WHOLE_PEOPLE_GAP: f64 = 1e-6;
const WHOLE_PEOPLE_TIME: Duration = Duration::from_secs(30);

/// The best point with some decisions.
pub(super) struct Settled {
    /// In units of money, over the whole model.
    pub point: Vec<f64>,
    /// What the tie-break came to, where there is one.
    pub tie_break: Option<StageValue>,
}

/// With the yes-or-no decisions of a point, makes every stage's objective as good as it can be, in order
/// (a later stage may have used up an earlier one's tolerance), then lets the tie-break choose, if there
/// is one. In units of money, over the whole model: the tie-break looks at single cells, and a vertex of
/// the whole model is whole wherever the rows are those of a network. `None` where no point has these decisions.
///
/// # Errors
/// When the solver breaks down.
pub(super) fn settle(
    formulation: &Formulation,
    largest: f64,
    decided: &[f64],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Settled>, SolverError> {
    let started = Instant::now();
    let mut scaled = Scaled::new(&formulation.built.model, largest);
    for (column, kind) in formulation.built.model.kinds.iter().enumerate() {
        if *kind == ColumnKind::Binary {
            let fixed = decided[column].round();
            (scaled.problem.lower[column], scaled.problem.upper[column]) = (fixed, fixed);
        }
        // Without people nothing is left to branch on: a linear problem, whose optimum is exact. With them it is
        // a transport problem with few rows beside, which is nearly one.
        scaled.problem.integer[column] = *kind == ColumnKind::People;
    }
    let Some(reduced) = Reduced::of(&scaled.problem).filter(|reduced| !reduced.columns.is_empty()) else {
        return Ok(None);
    };
    let people: Vec<usize> =
        (0..reduced.columns.len()).filter(|column| reduced.problem.integer[*column]).collect();
    let mut options = Options { time_limit: None, node_limit: None, ..settings.options.clone() };
    if !people.is_empty() {
        (options.gap, options.time_limit) = (WHOLE_PEOPLE_GAP, Some(WHOLE_PEOPLE_TIME));
    }
    // One stage differs from the next in its costs and one row: each goes on from the last one's basis.
    let mut session = settings.solver.open(&reduced.problem)?;
    let mut settled = None;
    for stage in &formulation.stages {
        let factor = scaled.set_objective(&stage.terms, stage.sense);
        let costs = reduced.restrict(&scaled.problem.costs);
        if costs.iter().all(|cost| *cost == 0.0) {
            continue;
        }
        if stage.only_breaks_ties {
            observer.stage(&stage.kind);
        }
        let terms: Vec<(usize, f64)> = costs.into_iter().enumerate().collect();
        session.set_costs(&terms)?;
        // Short, and not stopped by an interrupt: what an earlier stage reached is not given away.
        let mut silent = |_: Progress| true;
        let mut answer = session.solve(&options, &mut silent)?;
        if answer.point.is_none() && !people.is_empty() {
            // No whole people go with these decisions; which rules are in the way, rounding will say.
            session.set_integer(&people, false)?;
            answer = session.solve(&options, &mut silent)?;
        }
        let Some(found) = answer.point else { break };
        let point = reduced.expand(&found);
        let cost = scaled.problem.cost(&point);
        let own: f64 = terms.iter().map(|(column, cost)| cost * found[*column]).sum();
        let terms: Vec<(usize, f64)> = terms.into_iter().filter(|term| term.1 != 0.0).collect();
        session.add_row(&terms, f64::NEG_INFINITY, kept_at(cost, 0.0) - cost + own)?;
        let tie_break = stage.only_breaks_ties.then(|| StageValue {
            kind: stage.kind.clone(),
            sense: stage.sense,
            in_money: true,
            value: factor * cost,
            bound: None,
            asked_gap: 0.0,
            tolerance: 0.0,
            stop: answer.stop,
            seconds: started.elapsed().as_secs_f64(),
            cases: Vec::new(),
        });
        settled = Some(Settled { point: scaled.to_units(&point), tie_break });
    }
    Ok(settled)
}
