//! A stage about people alone, while the money stays as it is. Few rows tie the two together, and often none does; the
//! whole problem with its thousands of lines would be the long way to a transport problem.

use super::Settings;
use super::reduced::Reduced;
use crate::solve::{Answer, Options, Problem, SolverError, Watch};

/// What is found with the money of a plan.
#[derive(Debug)]
pub struct Apart {
    /// Plan and bound.
    pub answer: Answer,
    /// Whether no row ties people and money together: then the bound is one of the whole problem.
    pub is_all: bool,
}

/// Solves with all columns as in `plan` but for people and what shares a row with them. `None` where that leaves no
/// point.
///
/// # Errors
/// When the solver breaks down.
pub fn people_apart(
    problem: &Problem,
    is_people: &[bool],
    plan: &[f64],
    settings: Settings<'_>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Option<Apart>, SolverError> {
    let mut is_free = is_people.to_vec();
    let rows = || problem.starts.windows(2).map(|range| &problem.columns[range[0]..range[1]]);
    for row in rows().filter(|row| row.iter().any(|column| is_people[*column])) {
        for &column in row {
            is_free[column] = true;
        }
    }
    let is_all = rows().all(|row| row.windows(2).all(|pair| is_free[pair[0]] == is_free[pair[1]]));
    let mut fixed = problem.clone();
    for (column, &value) in plan.iter().enumerate().filter(|(column, _)| !is_free[*column]) {
        (fixed.lower[column], fixed.upper[column]) = (value, value);
    }
    let Some(reduced) = Reduced::of(&fixed) else { return Ok(None) };
    let answer = settings.solver.solve(&reduced.problem, options, watch)?;
    let point = answer.point.as_deref().map(|point| reduced.expand(point));
    let answer = Answer { point, bound: answer.bound + reduced.fixed_cost, duals: None, ..answer };
    Ok(Some(Apart { answer, is_all }))
}
