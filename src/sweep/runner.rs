//! Runs a study: chains of points that are near each other, on all threads. Which points form a chain, and what each
//! starts from, is fixed by the study, so the rows are the same whatever the number of threads, and whether or not a
//! run was cut off in between.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::base::Base;
use super::design::Order;
use super::ledger::{Ledger, LedgerError, State};
use super::parameter::Value;
use super::part::Part;
use super::point::{Row, Solved, plan_text, solve};
use super::study::Study;
use crate::diagnostics::Diagnostics;
use crate::domain::{Plan, Scenario};
use crate::rules::Registry;
use crate::search::{Before, Known, Observer, Settings, Unobserved, layout};
use crate::solve::{Options, SolverError, solvers};

/// How many points are solved one after the other, of so many in all: a long chain knows more, and short ones can be
/// solved at the same time.
pub(super) fn chain_length(points: usize) -> usize {
    (points / 20).clamp(20, 100)
}

/// The chain of the base.
const BASE: i64 = -1;

/// What stands in the way of a sweep.
#[derive(Debug)]
pub enum SweepError {
    /// The study, its scenario or its policy.
    Input(Diagnostics),
    /// The ledger.
    Ledger(LedgerError),
    /// A file of results.
    File(String),
    /// The solver.
    Solver(SolverError),
}

impl From<LedgerError> for SweepError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<SolverError> for SweepError {
    fn from(error: SolverError) -> Self {
        Self::Solver(error)
    }
}

/// How a sweep goes.
#[derive(Debug, Clone, Copy)]
pub struct Going {
    /// How many points there are.
    pub points: usize,
    /// How many are there.
    pub done: usize,
    /// How many of them were there before.
    pub found: usize,
}

/// How a sweep ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every point is there.
    Finished,
    /// Somebody said stop; it goes on where it stopped.
    Interrupted,
}

/// Whether to stop: because of a failure, or because somebody said so.
#[derive(Clone, Copy)]
pub(super) struct Stopping<'a> {
    pub failed: &'a AtomicBool,
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
}

impl Observer for Stopping<'_> {
    fn stage(&mut self, _: &str) {}
    fn progress(&mut self, _: Option<f64>, _: Option<f64>) {}
    fn stopped(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || (self.interrupted)()
    }
}

/// What was written down of a point that others start from: the rest of it, and the plan.
pub(super) type Written = (State, String);

/// A point on its way to the ledger.
pub(super) struct Done {
    pub chain: i64,
    pub row: Option<(Row, f64)>,
    pub plan: Option<(String, String)>,
    pub state: Option<State>,
}

/// Options of each solve.
pub(super) fn options(study: &Study) -> Options {
    let time_limit = study.time_limit.map(Duration::from_secs_f64);
    Options { gap: study.gap, time_limit, ..Options::default() }
}

/// Runs a part of a study, or goes on with it. `heard` hears of each new row, in the order in which they come;
/// `interrupted` says whether somebody wants it to stop, and is asked often.
///
/// # Errors
/// What stands in the way.
pub fn run(
    study: &Study,
    base: &Base<'_>,
    registry: &Registry,
    (part, threads): (Part, usize),
    ledger: &mut Ledger,
    interrupted: &(dyn Fn() -> bool + Sync),
    mut heard: impl FnMut(Going, Option<&Row>) -> Result<(), SweepError>,
) -> Result<End, SweepError> {
    let whole = base.points.count().unwrap_or(0);
    let (points, order) = (part.positions(whole), base.points.order());
    let mut is_done = vec![false; whole];
    ledger.done(&base.key)?.into_iter().for_each(|point| is_done[point] = true);
    let found = points.clone().filter(|position| is_done[order.at(*position)]).count();
    let mut going = Going { points: points.len(), done: found, found };
    heard(going, None)?;
    let failed = AtomicBool::new(false);
    let stop = Stopping { failed: &failed, interrupted };
    if found < points.len() && ledger.states(&base.key, BASE)?.is_empty() {
        let options = options(study);
        let settings = Settings { solver: solvers()[0], options: &options };
        if let Some((state, plan)) = first(base, settings, stop)? {
            ledger.put(&base.key, BASE, None, Some((&state.plan, &plan)), Some(&state))?;
        }
    }
    let of_base = written(base, ledger, BASE)?;
    let chains = chains(base, ledger, points.clone(), |position| is_done[order.at(position)])?;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| -> Result<(), SweepError> {
        let (sender, receiver): (SyncSender<Result<Done, SweepError>>, Receiver<_>) = sync_channel(0);
        for _ in 0..threads.min(chains.len()) {
            let (sender, chains, next, of_base, order) = (sender.clone(), &chains, &next, &of_base, &order);
            scope.spawn(move || {
                // Scenario and policy stay on their thread.
                let own = Base::open(study, registry).map_err(SweepError::Input);
                let worked = own.and_then(|own| {
                    let worker = Worker { study, base: &own, order, sender: &sender, stop };
                    let of_base = of_base.first().and_then(|written| worker.start(written));
                    while let Some(chain) = chains.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if stop.stopped() || !worker.chain(chain, of_base.as_ref())? {
                            break;
                        }
                    }
                    Ok(())
                });
                if let Err(error) = worked {
                    let _ = sender.send(Err(error));
                }
            });
        }
        drop(sender);
        let mut failure = Ok(());
        for done in receiver {
            match done {
                Ok(Done { chain, row, plan, state }) => {
                    let plan = plan.as_ref().map(|(digest, csv)| (digest.as_str(), csv.as_str()));
                    let timed = row.as_ref().map(|(row, seconds)| (row, *seconds));
                    ledger.put(&base.key, chain, timed, plan, state.as_ref())?;
                    let point = row.as_ref().map(|(row, _)| row.point);
                    if point == Some(order.at(last_of(chain, whole))) {
                        ledger.forget(&base.key, chain)?;
                    }
                    going.done += usize::from(row.is_some());
                    heard(going, row.as_ref().map(|(row, _)| row))?;
                }
                Err(error) => {
                    failed.store(true, Ordering::Relaxed);
                    failure = Err(error);
                }
            }
        }
        failure
    })?;
    if going.done < points.len() {
        return Ok(End::Interrupted);
    }
    ledger.finish(&base.key)?;
    Ok(End::Finished)
}

/// A chain with points to do.
pub(super) struct Chain {
    pub number: i64,
    /// Where its points that are not there are in the order.
    pub positions: Range<usize>,
    /// What it goes on from, where it was cut off: its points that were solved.
    pub solved: Vec<Written>,
}

/// The position of the last point of a chain, of so many points.
fn last_of(chain: i64, points: usize) -> usize {
    usize::try_from(chain).unwrap_or(0).saturating_add(1).saturating_mul(chain_length(points)).min(points) - 1
}

/// What was written down for a chain to go on from.
fn written(base: &Base<'_>, ledger: &Ledger, chain: i64) -> Result<Vec<Written>, LedgerError> {
    let with_plan = |state: State| Ok(ledger.plan(&state.plan)?.map(|plan| (state, plan)));
    ledger.states(&base.key, chain)?.into_iter().map(with_plan).filter_map(Result::transpose).collect()
}

/// The chains over some positions, which are whole chains.
fn chains(
    base: &Base<'_>,
    ledger: &Ledger,
    positions: Range<usize>,
    is_done: impl Fn(usize) -> bool,
) -> Result<Vec<Chain>, LedgerError> {
    let mut chains = Vec::new();
    let length = chain_length(base.points.count().unwrap_or(0));
    for start in positions.clone().step_by(length) {
        let end = positions.end.min(start + length);
        // The points of a chain are written down in order.
        let next = (start..end).find(|position| !is_done(*position)).unwrap_or(end);
        if next < end {
            let number = i64::try_from(start / length).unwrap_or(i64::MAX);
            let solved = written(base, ledger, number)?;
            chains.push(Chain { number, positions: next..end, solved });
        }
    }
    Ok(chains)
}

/// Solves the base, from nothing. `None` where it has no plan.
pub(super) fn first(
    base: &Base<'_>,
    settings: Settings<'_>,
    mut stop: Stopping<'_>,
) -> Result<Option<Written>, SweepError> {
    let opened = &base.opened;
    let again = crate::search::search_again(&opened.scenario, &opened.policy, &[], settings, &mut stop)?;
    let crate::search::Again::Solved(proposal, known) = again else { return Ok(None) };
    if stop.stopped() || !proposal.failing.is_empty() {
        return Ok(None);
    }
    let csv = plan_text(&opened.scenario, &proposal.plan);
    let digest = crate::digest::sha256(csv.as_bytes());
    Ok(Some((State { point: None, plan: digest, bytes: known.to_bytes() }, csv)))
}

/// Something to start from, and where it was found out.
pub(super) struct Start {
    values: Vec<Option<Value>>,
    before: Before,
}

pub(super) struct Worker<'a> {
    pub study: &'a Study,
    pub base: &'a Base<'a>,
    pub order: &'a Order,
    pub sender: &'a SyncSender<Result<Done, SweepError>>,
    pub stop: Stopping<'a>,
}

impl Worker<'_> {
    /// Goes through a chain; `false` where it was stopped.
    pub fn chain(&self, chain: &Chain, of_base: Option<&Start>) -> Result<bool, SweepError> {
        let options = options(self.study);
        let settings = Settings { solver: solvers()[0], options: &options };
        let mut solved: Vec<Start> = chain.solved.iter().filter_map(|written| self.start(written)).collect();
        for point in chain.positions.clone().map(|position| self.order.at(position)) {
            let started = Instant::now();
            let values = self.base.points.point(point);
            let far = |start: &&Start| self.base.points.distance(&start.values, &values);
            let mut near: Vec<&Start> = solved.iter().rev().chain(of_base).collect();
            near.sort_by(|one, other| far(one).total_cmp(&far(other)));
            let before: Vec<&Before> = near.into_iter().map(|start| &start.before).collect();
            let done = solve(self.base, point, &before, settings, &mut { self.stop })?;
            if self.stop.stopped() {
                // What an interrupt cut off is no result.
                return Ok(false);
            }
            let Solved { row, plan, before } = done;
            let written = match (&row.plan, &plan) {
                (Some(digest), Some(plan)) => {
                    Some((digest.clone(), plan_text(&self.base.opened.scenario, plan)))
                }
                _ => None,
            };
            let state = before.as_ref().map(|before| State {
                point: Some(point),
                plan: row.plan.clone().unwrap_or_default(),
                bytes: before.known.to_bytes(),
            });
            solved.extend(before.map(|before| Start { values, before }));
            let seconds = started.elapsed().as_secs_f64();
            let done = Done { chain: chain.number, row: Some((row, seconds)), plan: written, state };
            if self.sender.send(Ok(done)).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What was written down, ready to start from.
    pub fn start(&self, (state, plan): &Written) -> Option<Start> {
        let values = match state.point {
            Some(point) => self.base.points.point(point),
            None => vec![None; self.base.points.parameters().len()],
        };
        let opened = self.base.at(&values).ok()?;
        let layout = layout(&opened.scenario, &opened.policy);
        let plan = read_plan(plan, &opened.scenario)?;
        Some(Start { values, before: Before { plan, known: Known::from_bytes(layout, &state.bytes)? } })
    }
}

/// A plan in the words of the ledger.
pub(super) fn read_plan(text: &str, scenario: &Scenario) -> Option<Plan> {
    let (mut amounts, mut people) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [one, two, three, year, amount] = cells[..] else { return None };
        let amount: i64 = amount.parse().ok()?;
        if one == "placed" && year.is_empty() {
            let of = |id: &str| scenario.talent.secondees.iter().position(|group| group.id == id);
            let at = |id: &str| scenario.talent.posts.iter().position(|group| group.id == id);
            let key = (crate::domain::SecondeesId(of(two)?), crate::domain::PostsId(at(three)?));
            people.push((key, amount));
        } else {
            let year = scenario.year(year.parse().ok()?)?;
            let (p, s, k) = (scenario.province(one)?, scenario.site(two)?, scenario.sector(three)?);
            amounts.push((p, s, k, year, crate::units::Money(amount)));
        }
    }
    Some(Plan::new(scenario.years.len(), amounts).with_people(people))
}

/// Solves one point again, from nothing but what its chain knew.
///
/// # Errors
/// What stands in the way.
pub fn point_again(
    study: &Study,
    base: &Base<'_>,
    point: usize,
) -> Result<(Row, Option<String>), SweepError> {
    let options = options(study);
    let settings = Settings { solver: solvers()[0], options: &options };
    let solved = solve(base, point, &[], settings, &mut Unobserved)?;
    let plan = solved.plan.map(|plan| plan_text(&base.opened.scenario, &plan));
    Ok((solved.row, plan))
}
