//! The stage loop: each objective in turn, its result kept within its tolerance, then the next.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::ascent::Ascent;
use super::blocks::Blocks;
use super::completion::{Completed, complete};
use super::division::in_parts;
use super::gap::{is_closed, solve_to_gap};
use super::known::{Hint, KnownStage};
use super::leaves::{self, Group, groups as counted_groups, leaves};
use super::people::{Apart, people_apart};
use super::price_and_fix::price_and_fix;
use super::relax_and_fix::{Head, relax_and_fix};
use super::settle::{Settled, settle};
use super::{Clock, Observer, Settings, is_small};
use crate::domain::Scenario;
use crate::formulation::{Bundled, Formulation, Scaled, StageModel};
use crate::model::{ColumnId, ColumnKind, Model, Name, RowId, Sense};
use crate::solve::{Answer, Options, Problem, Progress, SolverError, Stop};

/// Share of the asked gap that is kept back for what rounding to whole units may cost.
pub(super) const FOR_ROUNDING: f64 = 0.03;
/// How near, as a share of it, the bound that can be proved is to come to the one that was shown.
const WORTH_PROVING: f64 = 1e-4;
/// Most steps towards that.
const STEPS: usize = 400;
/// Problems of more decisions are not taken apart into cases.
const FEW_DECISIONS: usize = 500;
/// A model of more columns is settled in parts.
const LARGE: usize = 200_000;
/// The linear relaxation may always take so long.
const SHORTEST: Duration = Duration::from_secs(1);

/// What a stage came to, before the plan is rounded to whole units.
#[derive(Debug, Clone)]
pub struct StageValue {
    /// Kind of objective.
    pub kind: String,
    /// Largest or smallest.
    pub sense: Sense,
    /// Whether it is measured in money, and not in counts.
    pub in_money: bool,
    /// Value of the best point.
    pub value: f64,
    /// No plan that keeps what earlier stages reached is better than this; `None` where nothing was shown.
    pub bound: Option<f64>,
    /// Gap that was asked of it.
    pub asked_gap: f64,
    /// Share of its value that it leaves to later stages.
    pub tolerance: f64,
    /// Why it stopped.
    pub stop: Stop,
    /// How long it took.
    pub seconds: f64,
    /// What a bound is proved from: cases that together are all there are, mostly one.
    pub cases: Vec<Case>,
}

/// What is assumed, and what limits are worth then.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// What is assumed.
    pub decided: Vec<Assumption>,
    /// What limits are worth.
    pub worths: Vec<Worth>,
}

/// That at least so many of some lines or links are open, or fewer.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// Province, site and sector, as far as they are one.
    pub of: Vec<String>,
    /// Whether links are counted, and not lines.
    pub links: bool,
    /// How many.
    pub number: usize,
    /// Or fewer.
    pub at_least: bool,
    /// What one more is worth in the stage.
    pub worth: f64,
}

/// What a unit of a limit is worth in a stage, in the stage's own units; at least 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// Of what.
    pub of: Limit,
    /// How much.
    pub worth: f64,
}

/// What is limited.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// A row of a rule.
    Row(Name),
    /// What a stage reached, by its position.
    Stage(usize),
}

/// What the stage loop found.
#[derive(Debug, Clone)]
pub enum Found {
    /// A point of the model, in units of money, with each stage's value.
    Point {
        /// Value of each column.
        point: Vec<f64>,
        /// Each stage.
        stages: Vec<StageValue>,
        /// What was found out about each stage but the tie-break, as a start for other problems.
        known: Vec<KnownStage>,
    },
    /// The solver claims that there is no plan.
    Infeasible,
    /// Stopped before any plan was found.
    Nothing(Stop),
}

/// A model made ready for the stages.
pub struct Prepared {
    /// Lines' years taken together.
    pub bundled: Bundled,
    /// In a solver's units.
    pub scaled: Scaled,
    /// Taken apart by site, where that is possible.
    pub blocks: Option<Blocks>,
    /// The largest amount of money that counts.
    largest: f64,
}

impl Prepared {
    /// `largest` is the largest amount of money that counts.
    pub fn new(scenario: &Scenario, formulation: &Formulation, largest: f64) -> Self {
        let bundled = Bundled::of(formulation);
        let scaled = Scaled::new(&bundled.model, largest);
        let blocks = Blocks::of(scenario, &formulation.built, &bundled, &scaled.problem);
        Self { bundled, scaled, blocks, largest }
    }
}

struct Loop<'a> {
    settings: Settings<'a>,
    scaled: Scaled,
    /// The problem taken apart by site, where that is possible.
    blocks: Option<&'a Blocks>,
    /// What is known of each stage from a problem like this one. A search that starts from it is not certified.
    hints: &'a [Hint],
    /// What the completion of the stage's hint showed.
    shown: Option<f64>,
    learned: Vec<KnownStage>,
    /// Binaries by what they decide, the fewest first.
    groups: Vec<Vec<usize>>,
    /// Which columns are people.
    is_people: Vec<bool>,
    clock: Clock,
    stages: Vec<StageValue>,
    incumbent: Option<Vec<f64>>,
    /// Names of the model's rows, and what each is divided by in the problem; rows that keep stages follow.
    names: &'a [Name],
    divisors: Vec<f64>,
    /// Lines and links, counted together and each.
    counted: Vec<Group>,
    /// The stage's multipliers, one for each row of the problem.
    multipliers: Option<Vec<f64>>,
}

/// Runs all stages of a model. `largest` is the largest amount of money that counts.
///
/// # Errors
/// When a solver breaks down.
pub fn run_stages(
    scenario: &Scenario,
    formulation: &Formulation,
    largest: f64,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Found, SolverError> {
    let prepared = Prepared::new(scenario, formulation, largest);
    run_prepared(scenario, formulation, prepared, &[], settings, observer)
}

/// Runs all stages of a model, from what is known of each of them from a problem like it.
///
/// # Errors
/// When a solver breaks down.
pub(super) fn run_prepared(
    scenario: &Scenario,
    formulation: &Formulation,
    prepared: Prepared,
    hints: &[Hint],
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Found, SolverError> {
    let Prepared { bundled, scaled, blocks, largest } = prepared;
    let model = &bundled.model;
    let mut this = Loop {
        settings,
        blocks: blocks.as_ref(),
        hints,
        shown: None,
        learned: Vec::new(),
        divisors: (0..model.row_count()).map(|row| scaled.divisor(model.row(RowId(row)))).collect(),
        names: &model.row_names,
        counted: counted_groups(scenario, model),
        multipliers: None,
        scaled,
        groups: groups(&bundled.model),
        is_people: bundled.model.kinds.iter().map(|kind| *kind == ColumnKind::People).collect(),
        clock: Clock::start(settings.options.time_limit),
        stages: Vec::new(),
        incumbent: None,
    };
    for (position, stage) in bundled.stages.iter().enumerate() {
        let is_last = position + 1 == bundled.stages.len();
        if let Some(end) = this.solve_stage(stage, is_last, observer)? {
            return Ok(end);
        }
    }
    let Loop { scaled, mut stages, incumbent, learned, .. } = this;
    let Some(point) = incumbent else { return Ok(Found::Nothing(Stop::Finished)) };
    let mut point = bundled.expand(&scaled.to_units(&point));
    let parts = blocks.as_ref().and_then(|blocks| parts(formulation, &bundled, blocks));
    if let Some(Settled { point: settled, tie_break }) =
        settle(formulation, largest, &point, parts.as_deref(), (settings, observer), &mut |_| Ok(true))?
    {
        point = settled;
        stages.extend(tie_break);
    }
    Ok(Found::Point { point, stages, known: learned })
}

/// Columns of the whole model in parts, where it is so large that its last linear problems are solved part by part.
fn parts(formulation: &Formulation, bundled: &Bundled, blocks: &Blocks) -> Option<Vec<Vec<usize>>> {
    let kinds = &formulation.built.model.kinds;
    if kinds.len() <= LARGE || kinds.contains(&ColumnKind::People) {
        return None;
    }
    let mut site_of = vec![None; bundled.model.column_count()];
    let mut sites = Vec::new();
    for (site, columns) in blocks.columns().enumerate() {
        for column in columns {
            site_of[column] = Some(site);
        }
        sites.push(Vec::new());
    }
    for column in 0..kinds.len() {
        if let Some(site) = site_of[bundled.column(ColumnId(column)).0] {
            sites[site].push(column);
        }
    }
    Some(in_parts(sites.into_iter()))
}

/// Binaries by what they decide, the fewest first: a few focus sites, then links, then lines.
fn groups(model: &Model) -> Vec<Vec<usize>> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (column, kind) in model.kinds.iter().enumerate() {
        if *kind == ColumnKind::Binary {
            by_name.entry(model.column_names[column].what).or_default().push(column);
        }
    }
    let mut groups: Vec<Vec<usize>> = by_name.into_values().collect();
    groups.sort_by_key(Vec::len);
    groups
}

/// Passes a solver's progress on in the objective's own units.
fn watch(factor: f64, observer: &mut dyn Observer) -> impl FnMut(Progress) -> bool {
    move |progress: Progress| {
        observer.progress(progress.value.map(|v| factor * v), progress.bound.map(|b| factor * b));
        !observer.stopped()
    }
}

impl Loop<'_> {
    /// Solves one stage and keeps its result. `Some` ends the search without a plan.
    fn solve_stage(
        &mut self,
        stage: &StageModel,
        is_last: bool,
        observer: &mut dyn Observer,
    ) -> Result<Option<Found>, SolverError> {
        observer.stage(&stage.kind);
        let started = Instant::now();
        let factor = self.scaled.set_objective(&stage.terms, stage.sense);
        let asked_gap = stage.gap.unwrap_or(self.settings.options.gap);
        let gap = (1.0 - FOR_ROUNDING) * asked_gap;
        // A stage that is not the last leaves time for those behind it.
        let share = if is_last { 1.0 } else { 0.6 };
        let time_limit = self.clock.share(share);
        let mut options = Options { gap, time_limit, ..self.settings.options.clone() };
        self.shown = None;
        if let Some(hint) = self.hints.get(self.stages.len()).filter(|_| self.scaled.problem.has_integers()) {
            let incumbent = self.incumbent.as_ref();
            let Completed { point, bound, multipliers } =
                complete(&self.scaled.problem, hint, incumbent, self.settings, &options)?;
            self.incumbent = self.better(point);
            self.shown = Some(bound);
            self.multipliers = multipliers;
            options.time_limit = self.clock.share(share);
        }
        let apart = match &self.incumbent {
            Some(plan) if stage.terms.iter().all(|(column, _)| self.is_people[column.0]) => {
                let options = Options { time_limit: self.clock.share(0.3), ..options.clone() };
                let mut watch = watch(factor, observer);
                people_apart(
                    &self.scaled.problem,
                    &self.is_people,
                    plan,
                    self.settings,
                    &options,
                    &mut watch,
                )?
            }
            _ => None,
        };
        let answer = match apart {
            Some(Apart { answer, is_all: true }) => answer,
            with_money => {
                let found = with_money.and_then(|apart| apart.answer.point);
                self.incumbent = self.better(found);
                self.solve(&options, factor, observer)?
            }
        };
        if self.incumbent.is_none() {
            if answer.infeasible {
                return Ok(Some(Found::Infeasible));
            }
            if answer.point.is_none() {
                return Ok(Some(Found::Nothing(answer.stop)));
            }
        }
        self.incumbent = self.better(answer.point);
        let Some(point) = &self.incumbent else { return Ok(Some(Found::Nothing(answer.stop))) };
        let cost = self.scaled.problem.cost(point);
        let value = factor * cost;
        // A later stage can fail by a hair on what earlier ones fixed; then nothing was shown.
        let shown = (answer.bound > f64::NEG_INFINITY && !answer.infeasible).then(|| answer.bound.min(cost));
        if answer.duals.is_some() {
            self.multipliers = answer.duals;
        }
        let decisions = self.scaled.problem.integer.iter().zip(point).filter(|(integer, _)| **integer);
        let decisions = decisions.map(|(_, value)| *value > 0.5).collect();
        let cases = self.cases(stage, cost, shown, factor.abs(), started.elapsed())?;
        self.learned.push(KnownStage { decisions, multipliers: self.multipliers.take().unwrap_or_default() });
        let bound = shown.map(|bound| factor * bound);
        self.stages.push(StageValue {
            kind: stage.kind.clone(),
            sense: stage.sense,
            in_money: stage.in_money,
            value,
            bound,
            asked_gap,
            tolerance: stage.tolerance,
            stop: answer.stop,
            seconds: started.elapsed().as_secs_f64(),
            cases,
        });
        keep(&mut self.scaled, stage, cost, stage.tolerance);
        self.divisors.push(self.scaled.divisor(stage.terms.iter().copied()));
        Ok(None)
    }

    /// What a bound can be proved from. Where a search showed more than the bound by site does, it looks for
    /// multipliers with which that shows nearly as much, then for cases: only what they show can be proved.
    /// `factor` is what the stage is divided by in the problem.
    fn cases(
        &mut self,
        stage: &StageModel,
        cost: f64,
        shown: Option<f64>,
        factor: f64,
        so_far: Duration,
    ) -> Result<Vec<Case>, SolverError> {
        let problem = &self.scaled.problem;
        self.multipliers = self.multipliers.take().filter(|start| start.len() == problem.row_lower.len());
        if !self.hints.is_empty() {
            return Ok(Vec::new());
        }
        let start = self.multipliers.clone();
        let one = |this: &Self, multipliers: &[f64]| {
            vec![Case { decided: Vec::new(), worths: this.worths(multipliers, factor) }]
        };
        let (Some(blocks), Some(shown), true) = (self.blocks, shown, problem.has_integers()) else {
            return Ok(one(self, &start.unwrap_or_default()));
        };
        // What is counted in whole numbers is known to the next one.
        let whole = !stage.in_money && stage.terms.iter().all(|(_, worth)| worth.fract() == 0.0);
        let near = shown - if whole { 1.0 - WORTH_PROVING } else { WORTH_PROVING * shown.abs() };
        if let Some(start) = start.as_ref().filter(|start| blocks.bound(problem, start) >= near) {
            return Ok(one(self, start));
        }
        let start = match start {
            Some(start) => Some(start),
            None => self.duals_of_relaxation(so_far)?,
        };
        let mut ascent = Ascent::new(blocks, problem, self.settings.options.threads, start);
        for _ in 0..STEPS {
            if ascent.bound() >= near || ascent.is_done(WORTH_PROVING / 10.0) || self.clock.is_over() {
                break;
            }
            ascent.step(problem, Some(cost));
        }
        let multipliers = ascent.multipliers().to_vec();
        self.multipliers = Some(multipliers.clone());
        if ascent.bound() < near && self.counted.len() <= FEW_DECISIONS && !self.clock.is_over() {
            let found = leaves(problem, blocks, &self.counted, multipliers.clone(), near, self.settings)?;
            if let Some(cases) = found {
                return Ok(cases.iter().map(|case| self.named(case, factor)).collect());
            }
        }
        Ok(one(self, &multipliers))
    }

    /// What the linear relaxation says that rows are worth, in no longer than the search for the plan took.
    fn duals_of_relaxation(&self, so_far: Duration) -> Result<Option<Vec<f64>>, SolverError> {
        let left = self.clock.share(0.5).unwrap_or(Duration::MAX);
        let time_limit = Some(left.min(so_far.max(SHORTEST)));
        let options = Options { time_limit, ..self.settings.options.clone() };
        let mut silent = |_: Progress| true;
        let answer = self.settings.solver.solve(&self.scaled.problem.relaxation(), &options, &mut silent)?;
        Ok(answer.duals)
    }

    /// A case with names for columns and rows.
    fn named(&self, case: &leaves::Case, factor: f64) -> Case {
        let (rows, groups) = case.multipliers.split_at(self.scaled.problem.row_lower.len());
        let assumption = |&leaves::Decision { group, number, at_least }: &leaves::Decision| {
            let Group { of, links, .. } = &self.counted[group];
            // Of several limits on one number, the tightest on its side has the multiplier.
            let tighter = |other: &&leaves::Decision| {
                let is_tighter = if at_least { other.number > number } else { other.number < number };
                (other.group, other.at_least) == (group, at_least) && is_tighter
            };
            let speaks = (groups[group] > 0.0) == at_least && !case.decided.iter().any(|d| tighter(&d));
            let worth = if speaks { groups[group].abs() * factor } else { 0.0 };
            Assumption { of: of.clone(), links: *links, number, at_least, worth }
        };
        let decided = case.decided.iter().map(assumption).collect();
        Case { decided, worths: self.worths(rows, factor) }
    }

    /// Multipliers by what they price. `factor` is what the stage is divided by in the problem.
    fn worths(&self, multipliers: &[f64], factor: f64) -> Vec<Worth> {
        let priced = multipliers.iter().enumerate().filter(|(_, multiplier)| **multiplier != 0.0);
        let worth = |(row, multiplier): (usize, &f64)| {
            let of = match self.names.get(row) {
                Some(name) => Limit::Row(name.clone()),
                None => Limit::Stage(row - self.names.len()),
            };
            Worth { of, worth: multiplier.abs() * factor / self.divisors[row] }
        };
        priced.map(worth).collect()
    }

    /// Solves the problem as it stands: relax and fix first, then the whole from there.
    fn solve(
        &mut self,
        options: &Options,
        factor: f64,
        observer: &mut dyn Observer,
    ) -> Result<Answer, SolverError> {
        let clock = Clock::start(options.time_limit);
        let problem = &self.scaled.problem;
        if !problem.has_integers() {
            return self.call(options, factor, observer);
        }
        if let Some(shown) = self.shown.filter(|_| is_small(problem)) {
            let is_near = |point: &Vec<f64>| is_closed(problem.cost(point), shown, options.gap);
            if let Some(point) = self.incumbent.clone().filter(is_near) {
                return Ok(Answer { bound: shown, point: Some(point), ..Answer::nothing(Stop::Finished) });
            }
            let problem = Problem { start: self.incumbent.clone(), ..problem.clone() };
            return solve_to_gap(&problem, shown, self.settings, options, &mut watch(factor, observer));
        }
        let is_first = self.incumbent.is_none();
        // Prices of another problem are no start: the ascent comes to rest too early, and it is the way there that
        // says what the sites are of one mind about.
        let known = self.shown.map(|bound| Head {
            point: self.incumbent.clone(),
            bound,
            infeasible: false,
            stop: Stop::Finished,
            multipliers: None,
        });
        let priced = if is_first || known.is_some() {
            self.by_price(known.as_ref(), &clock, options, factor, observer)?
        } else {
            None
        };
        self.multipliers = priced.as_ref().and_then(|head| head.multipliers.clone());
        if let Some(head) = priced
            && (head.point.is_some() || head.stop == Stop::Interrupted)
        {
            let Head { point, bound, stop, .. } = head;
            return Ok(Answer { point, bound, ..Answer::nothing(stop) });
        }
        let first = Options { time_limit: clock.share(0.5), ..options.clone() };
        let cost = self.incumbent.as_ref().map(|point| problem.cost(point));
        let head = {
            let mut watch = watch(factor, observer);
            relax_and_fix(problem, &self.groups, self.blocks, cost, self.settings, &first, &mut watch)?
        };
        self.multipliers.clone_from(&head.multipliers);
        // What the prices did not find themselves they can make better, where they show anything.
        if is_first
            && head.stop != Stop::Interrupted
            && head
                .point
                .as_ref()
                .is_some_and(|point| !is_closed(problem.cost(point), head.bound, options.gap))
            && let Some(better) = self.by_price(Some(&head), &clock, options, factor, observer)?
            && better.point.is_some()
        {
            let Head { point, bound, stop, .. } = better;
            return Ok(Answer { point, bound, ..Answer::nothing(stop) });
        }
        let Head { point, bound, infeasible, stop, .. } = head;
        self.incumbent = self.better(point);
        let closed = |point: &Vec<f64>| is_closed(self.scaled.problem.cost(point), bound, options.gap);
        if infeasible || self.incumbent.as_ref().is_some_and(closed) {
            let point = self.incumbent.clone();
            return Ok(Answer { infeasible, point, bound, ..Answer::nothing(Stop::Finished) });
        }
        if stop == Stop::Interrupted {
            let point = self.incumbent.clone();
            return Ok(Answer { point, bound, ..Answer::nothing(stop) });
        }
        self.scaled.problem.start.clone_from(&self.incumbent);
        let rest = Options { time_limit: clock.share(1.0), ..options.clone() };
        let answer = self.call(&rest, factor, observer)?;
        Ok(Answer { bound: answer.bound.max(bound), ..answer })
    }

    /// By prices, where the problem can be taken apart. For the first stage: later ones have a plan to start from.
    fn by_price(
        &self,
        known: Option<&Head>,
        clock: &Clock,
        options: &Options,
        factor: f64,
        observer: &mut dyn Observer,
    ) -> Result<Option<Head>, SolverError> {
        let Some(blocks) = self.blocks else { return Ok(None) };
        let options = Options { time_limit: clock.share(1.0), ..options.clone() };
        let mut watch = watch(factor, observer);
        price_and_fix(&self.scaled.problem, blocks, known, self.settings, &options, &mut watch).map(Some)
    }

    fn call(
        &self,
        options: &Options,
        factor: f64,
        observer: &mut dyn Observer,
    ) -> Result<Answer, SolverError> {
        let mut watch = watch(factor, observer);
        self.settings.solver.solve(&self.scaled.problem, options, &mut watch)
    }

    /// The cheaper of the incumbent and a new point.
    fn better(&self, new: Option<Vec<f64>>) -> Option<Vec<f64>> {
        match (new, &self.incumbent) {
            (Some(new), Some(old)) => {
                let problem = &self.scaled.problem;
                Some(if problem.cost(&new) <= problem.cost(old) { new } else { old.clone() })
            }
            (new, old) => new.or_else(|| old.clone()),
        }
    }
}

/// What a stage may cost at most where it is kept within its tolerance. The allowance on top keeps the incumbent
/// itself feasible under a solver's own tolerance.
pub(super) fn kept_at(cost: f64, tolerance: f64) -> f64 {
    cost + tolerance * cost.abs() + 1e-7 * cost.abs().max(1.0)
}

/// Adds the row that keeps a stage's cost within its tolerance.
pub(super) fn keep(scaled: &mut Scaled, stage: &StageModel, cost: f64, tolerance: f64) {
    let most = kept_at(cost, tolerance);
    let (terms, _) = scaled.expression(&stage.terms);
    let sign = if stage.sense == Sense::Minimise { 1.0 } else { -1.0 };
    let terms = terms.into_iter().map(|(column, coefficient)| (column, sign * coefficient));
    let terms: Vec<(usize, f64)> = terms.collect();
    if terms.iter().all(|&(column, factor)| factor >= 0.0 && scaled.problem.lower[column] >= 0.0) {
        // Each term by itself is then limited too: a shortfall that is not there stays away.
        for &(column, factor) in terms.iter().filter(|term| term.1 > 0.0) {
            let limit = &mut scaled.problem.upper[column];
            if !limit.is_finite() {
                *limit = most / factor;
            }
        }
    }
    scaled.problem.add_row(terms, f64::NEG_INFINITY, most);
}
