//! The money of a plan whose yes-or-no decisions are taken: a linear problem for each stage, and one for the tie-break.

use std::time::{Duration, Instant};

use super::division::Division;
use super::reduced::{Reduced, places};
use super::stages::{StageValue, kept_at};
use super::{Observer, Settings};
use crate::formulation::{Formulation, Scaled};
use crate::model::ColumnKind;
use crate::solve::{Options, Problem, Progress, Session, SolverError, Stop};

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
/// Given columns of the whole model in parts, a point is made better part by part instead, each with the others as
/// they are; there must be no people then. `accept` hears what each stage but the tie-break comes to, and says whether to
/// go on; `None` where it does not.
///
/// # Errors
/// When the solver breaks down.
pub(super) fn settle(
    formulation: &Formulation,
    largest: f64,
    decided: &[f64],
    parts: Option<&[Vec<usize>]>,
    (settings, observer): (Settings<'_>, &mut dyn Observer),
    accept: &mut dyn FnMut(f64) -> Result<bool, SolverError>,
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
    let mut way = match parts {
        None => Way::Whole(settings.solver.open(&reduced.problem)?),
        Some(parts) => Way::in_parts(&reduced, parts, &scaled.from_units(decided)),
    };
    let mut settled = None;
    for stage in &formulation.stages {
        let factor = scaled.set_objective(&stage.terms, stage.sense);
        let costs = reduced.restrict(&scaled.problem.costs);
        if costs.iter().all(|cost| *cost == 0.0) {
            let decided = scaled.problem.cost(&reduced.expand(&costs));
            if !stage.only_breaks_ties && !accept(factor * decided)? {
                return Ok(None);
            }
            continue;
        }
        if stage.only_breaks_ties {
            observer.stage(&stage.kind);
        }
        let terms: Vec<(usize, f64)> = costs.into_iter().enumerate().collect();
        way.set_costs(&terms)?;
        let Some((found, stop)) = way.solve(&people, settings, &options)? else { break };
        let point = reduced.expand(&found);
        let cost = scaled.problem.cost(&point);
        if !stage.only_breaks_ties && !accept(factor * cost)? {
            return Ok(None);
        }
        let own: f64 = terms.iter().map(|(column, cost)| cost * found[*column]).sum();
        let terms: Vec<(usize, f64)> = terms.into_iter().filter(|term| term.1 != 0.0).collect();
        way.add_row(&terms, f64::NEG_INFINITY, kept_at(cost, 0.0) - cost + own)?;
        let tie_break = stage.only_breaks_ties.then(|| StageValue {
            kind: stage.kind.clone(),
            sense: stage.sense,
            in_money: true,
            value: factor * cost,
            bound: None,
            asked_gap: 0.0,
            tolerance: 0.0,
            stop,
            seconds: started.elapsed().as_secs_f64(),
            cases: Vec::new(),
        });
        settled = Some(Settled { point: scaled.to_units(&point), tie_break });
    }
    Ok(settled)
}

/// How the linear problems are solved, one after the other.
enum Way {
    /// One stage differs from the next in its costs and one row: each goes on from the last one's basis.
    Whole(Box<dyn Session>),
    /// A plan is made better.
    InParts { problem: Box<Problem>, groups: Vec<Vec<usize>>, plan: Vec<f64> },
}

impl Way {
    fn in_parts(reduced: &Reduced, parts: &[Vec<usize>], decided: &[f64]) -> Self {
        let mut place = places(&reduced.columns, decided.len());
        let group = |part: &Vec<usize>| part.iter().filter_map(|column| place[*column].take()).collect();
        Self::InParts {
            problem: Box::new(reduced.problem.clone()),
            groups: parts.iter().map(group).collect(),
            plan: reduced.restrict(decided),
        }
    }

    fn set_costs(&mut self, costs: &[(usize, f64)]) -> Result<(), SolverError> {
        match self {
            Self::Whole(session) => session.set_costs(costs)?,
            Self::InParts { problem, .. } => {
                for (column, cost) in costs {
                    problem.costs[*column] = *cost;
                }
            }
        }
        Ok(())
    }

    fn add_row(&mut self, terms: &[(usize, f64)], lower: f64, upper: f64) -> Result<(), SolverError> {
        match self {
            Self::Whole(session) => {
                session.add_row(terms, lower, upper)?;
            }
            Self::InParts { problem, .. } => problem.add_row(terms.iter().copied(), lower, upper),
        }
        Ok(())
    }

    /// The best point, or a better one.
    fn solve(
        &mut self,
        people: &[usize],
        settings: Settings<'_>,
        options: &Options,
    ) -> Result<Option<(Vec<f64>, Stop)>, SolverError> {
        // Short, and not stopped by an interrupt: what an earlier stage reached is not given away.
        let mut silent = |_: Progress| true;
        match self {
            Self::Whole(session) => {
                let mut answer = session.solve(options, &mut silent)?;
                if answer.point.is_none() && !people.is_empty() {
                    // No whole people go with these decisions; which rules are in the way, rounding will say.
                    session.set_integer(people, false)?;
                    answer = session.solve(options, &mut silent)?;
                }
                Ok(answer.point.map(|point| (point, answer.stop)))
            }
            Self::InParts { problem, groups, plan } => {
                let division = Division::around(problem, groups.clone(), plan);
                division
                    .improve(plan, |part, _| Ok(settings.solver.solve(part, options, &mut silent)?.point))?;
                Ok(Some((plan.clone(), Stop::Finished)))
            }
        }
    }
}
