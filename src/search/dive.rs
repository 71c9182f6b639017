//! *Diving* (Achterberg, 2007, section 9.2): the linear relaxation is solved, the decisions to which it leans
//! most are taken, and so on until none is left open. The relaxation stays in a live session, where each step
//! costs few iterations.

use super::reduced::{Reduced, places};
use super::{Clock, Settings};
use crate::solve::{Method, Options, Problem, Progress, Session, SolverError, Stop, Watch};

/// A value within this of a whole number leans that way for certain, and within this it is whole.
const CERTAIN: f64 = 1e-6;
const WHOLE: f64 = 1e-9;
/// One step takes one of so many open decisions.
const AT_ONCE: usize = 10;
/// A decision further from whole than this is taken by itself.
const CLEAR: f64 = 0.2;

/// A problem's relaxation in a session.
pub struct Dive {
    reduced: Reduced,
    session: Box<dyn Session>,
    options: Options,
    /// The bounds of each column as they are in the session.
    bounds: Vec<(f64, f64)>,
    /// Columns of what is decided with yes or no.
    decisions: Vec<usize>,
    /// Columns that stay as they are outside of a neighbourhood: decisions first.
    held: Vec<usize>,
    /// Whether what fits with all else as it is counts as near to whole.
    takes_what_fits: bool,
    /// Rows in which each of them stands, and how.
    rows: Vec<Vec<(usize, f64)>>,
    /// Simplex iterations so far.
    iterations: u64,
}

/// How a dive ended.
#[derive(Debug)]
pub enum End {
    /// With a plan, as a point of the whole problem.
    Plan(Vec<f64>),
    /// Without one that is good enough.
    Nothing,
    /// The time was over, or somebody said stop.
    Stopped(Stop),
}

/// What a dive starts from.
#[derive(Debug, Clone, Copy)]
pub struct Neighbourhood<'a> {
    /// A plan.
    pub plan: &'a [f64],
    /// Whether each column is open; the others are as in the plan.
    pub open: &'a [bool],
}

impl Dive {
    /// `None` where the problem has no point.
    ///
    /// # Errors
    /// When the solver refuses the problem.
    pub fn open(
        problem: &Problem,
        settings: Settings<'_>,
        options: &Options,
    ) -> Result<Option<Self>, SolverError> {
        Reduced::of(problem).map(|reduced| Self::over(reduced, settings, options)).transpose()
    }

    /// The same for a problem that is reduced already.
    ///
    /// # Errors
    /// When the solver refuses the problem.
    pub fn over(reduced: Reduced, settings: Settings<'_>, options: &Options) -> Result<Self, SolverError> {
        let rest = &reduced.problem;
        let session = settings.solver.open(&rest.relaxation())?;
        let options = Options { method: Method::Simplex, time_limit: None, ..options.clone() };
        let bounds = rest.lower.iter().copied().zip(rest.upper.iter().copied()).collect();
        let decisions: Vec<usize> = (0..rest.integer.len()).filter(|column| rest.integer[*column]).collect();
        let place = places(&decisions, rest.integer.len());
        let mut rows = vec![Vec::new(); decisions.len()];
        for row in 0..rest.row_lower.len() {
            for position in rest.starts[row]..rest.starts[row + 1] {
                if let Some(decision) = place[rest.columns[position]] {
                    rows[decision].push((row, rest.coefficients[position]));
                }
            }
        }
        let held = decisions.clone();
        Ok(Self {
            reduced,
            session,
            options,
            bounds,
            decisions,
            held,
            takes_what_fits: false,
            rows,
            iterations: 0,
        })
    }

    /// Tells which columns of the whole problem are beside what the blocks decide. They too stay as they are outside
    /// of a neighbourhood. Where decisions are among them the relaxation says little about any: a team of three in
    /// twelve posts is a quarter of a yes. What fits as it is then goes before what is near.
    pub fn beside(&mut self, is_beside: &[bool]) {
        let rest = &self.reduced;
        let others = (0..rest.columns.len())
            .filter(|column| is_beside[rest.columns[*column]] && !rest.problem.integer[*column]);
        self.held.extend(others);
        self.takes_what_fits = self.decisions.iter().any(|column| is_beside[rest.columns[*column]]);
    }

    /// Number of open decisions.
    pub fn decisions(&self) -> usize {
        self.decisions.len()
    }

    /// Which columns of the whole problem stay as they are outside of a neighbourhood.
    pub fn held(&self) -> impl Iterator<Item = usize> {
        self.held.iter().map(|column| self.reduced.columns[*column])
    }

    /// Simplex iterations of all dives so far.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }

    /// What the relaxation costs with every decision open: no plan costs less. Infinite where it has no point. And what
    /// each of so many rows of the whole problem is worth, where the solver tells it.
    ///
    /// # Errors
    /// When the solver breaks down.
    pub fn relax(&mut self, rows: usize) -> Result<(f64, Option<Vec<f64>>), SolverError> {
        self.begin(None)?;
        let answer = self.session.solve(&self.options, &mut |_: Progress| true)?;
        self.iterations += answer.iterations;
        let bound = if answer.infeasible { f64::INFINITY } else { answer.bound + self.reduced.fixed_cost };
        let whole = |duals: Vec<f64>| {
            let mut whole = vec![0.0; rows];
            for (&row, dual) in self.reduced.rows.iter().zip(duals) {
                whole[row] = dual;
            }
            whole
        };
        Ok((bound, answer.duals.map(whole)))
    }

    /// Dives for a plan that costs less than `cutoff`, in at most `steps` steps.
    ///
    /// # Errors
    /// When the solver breaks down.
    pub fn run(
        &mut self,
        around: Option<Neighbourhood<'_>>,
        cutoff: f64,
        steps: usize,
        clock: Clock,
        watch: &mut dyn Watch,
    ) -> Result<End, SolverError> {
        self.begin(around)?;
        // What each step took, and whether that was its second choice.
        let mut taken: Vec<(Vec<(usize, f64)>, bool)> = Vec::new();
        for _ in 0..steps {
            // What is shown of a relaxation is nothing about the whole.
            let mut going =
                |_: Progress| watch.report(Progress { value: None, bound: None }) && !clock.is_over();
            let answer = self.session.solve(&self.options, &mut going)?;
            self.iterations += answer.iterations;
            if answer.stop == Stop::Interrupted {
                let stop = if clock.is_over() { Stop::TimeLimit } else { Stop::Interrupted };
                return Ok(End::Stopped(stop));
            }
            let good = answer.bound + self.reduced.fixed_cost < cutoff;
            let (step, is_second) = match answer.point.filter(|_| good) {
                Some(point) => {
                    let next = self.next(&point);
                    if next.is_empty() {
                        return Ok(End::Plan(self.reduced.expand(&point)));
                    }
                    (next, false)
                }
                // Not that way: the other way for the first of them, and the rest is open again.
                None => match self.undo(&mut taken)? {
                    Some((column, value)) => (vec![(column, 1.0 - value)], true),
                    None => return Ok(End::Nothing),
                },
            };
            self.take(&step)?;
            taken.push((step, is_second));
        }
        Ok(End::Nothing)
    }

    /// Opens what was taken last, back to the last step with another choice, and the first of that too.
    fn undo(
        &mut self,
        taken: &mut Vec<(Vec<(usize, f64)>, bool)>,
    ) -> Result<Option<(usize, f64)>, SolverError> {
        let mut back = Vec::new();
        let mut found = None;
        while let Some((step, is_second)) = taken.pop() {
            for &(column, _) in &step {
                self.bounds[column] = self.own(column);
                back.push(self.bound(column));
            }
            if !is_second {
                found = step.first().copied();
                break;
            }
        }
        self.session.set_column_bounds(&back)?;
        Ok(found)
    }

    fn own(&self, column: usize) -> (f64, f64) {
        (self.reduced.problem.lower[column], self.reduced.problem.upper[column])
    }

    fn bound(&self, column: usize) -> (usize, f64, f64) {
        (column, self.bounds[column].0, self.bounds[column].1)
    }

    /// Opens what is open at the beginning.
    fn begin(&mut self, around: Option<Neighbourhood<'_>>) -> Result<(), SolverError> {
        let mut changed = Vec::new();
        for position in 0..self.held.len() {
            let column = self.held[position];
            let whole = self.reduced.columns[column];
            let bounds = match around {
                Some(around) if !around.open[whole] => {
                    let value = around.plan[whole];
                    let is_decision = self.reduced.problem.integer[column];
                    let value = if is_decision { value.round() } else { value };
                    (value, value)
                }
                _ => self.own(column),
            };
            if self.bounds[column] != bounds {
                self.bounds[column] = bounds;
                changed.push(self.bound(column));
            }
        }
        self.session.set_column_bounds(&changed)
    }

    fn take(&mut self, taken: &[(usize, f64)]) -> Result<(), SolverError> {
        for &(column, value) in taken {
            self.bounds[column] = (value, value);
        }
        let bounds: Vec<_> = taken.iter().map(|&(column, value)| (column, value, value)).collect();
        self.session.set_column_bounds(&bounds)
    }

    /// The decisions to take next: those nearest to yes, since a yes decides more; then those nearest to no. One that
    /// could be whole with all else as it is counts as near. None where all are whole.
    fn next(&self, point: &[f64]) -> Vec<(usize, f64)> {
        let off = |column: usize| (point[column] - point[column].round()).abs();
        let is_open = |column: usize| self.bounds[column].0 < self.bounds[column].1;
        let fractional = |place: &usize| off(self.decisions[*place]) > CERTAIN;
        let open: Vec<usize> = (0..self.decisions.len()).filter(fractional).collect();
        if open.is_empty() {
            let columns =
                self.decisions.iter().copied().filter(|&column| off(column) > WHOLE && is_open(column));
            return columns.map(|column| (column, point[column].round())).collect();
        }
        let room = self.room(point);
        let mut choices: Vec<(usize, f64, f64)> = open
            .into_iter()
            .map(|place| {
                let column = self.decisions[place];
                let fits =
                    |value: &f64| self.takes_what_fits && self.fits(place, value - point[column], &room);
                let near = point[column].round();
                match [near, 1.0 - near].into_iter().find(fits) {
                    Some(value) => (column, value, 0.0),
                    None => (column, near, off(column)),
                }
            })
            .collect();
        choices.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.total_cmp(&b.2)));
        let most = choices.len().div_ceil(AT_ONCE);
        let clear = choices.iter().take(most).take_while(|(_, _, off)| *off < CLEAR).count().max(1);
        choices.into_iter().take(clear).map(|(column, value, _)| (column, value)).collect()
    }

    /// How far each row is from its limits at a point, below and above.
    fn room(&self, point: &[f64]) -> Vec<(f64, f64)> {
        let rest = &self.reduced.problem;
        let room = |row: usize| {
            let range = rest.starts[row]..rest.starts[row + 1];
            let terms = rest.columns[range.clone()].iter().zip(&rest.coefficients[range]);
            let activity: f64 = terms.map(|(column, factor)| factor * point[*column]).sum();
            (activity - rest.row_lower[row], rest.row_upper[row] - activity)
        };
        (0..rest.row_lower.len()).map(room).collect()
    }

    /// Whether a decision can move so far with all else as it is, at no cost.
    fn fits(&self, place: usize, by: f64, room: &[(f64, f64)]) -> bool {
        let fits = |&(row, factor): &(usize, f64)| {
            let (below, above) = room[row];
            -factor * by <= below + CERTAIN && factor * by <= above + CERTAIN
        };
        self.reduced.problem.costs[self.decisions[place]] * by <= 0.0 && self.rows[place].iter().all(fits)
    }
}
