//! Runs a study: chains of points on all threads. Which points form a chain, and what each starts from, is fixed by
//! the study, so the rows are the same whatever the number of threads, and whether or not a run was cut off in
//! between.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::base::Base;
use super::ledger::{Ledger, LedgerError, State};
use super::parameter::Value;
use super::point::{Row, Solved, plan_text, solve};
use super::study::Study;
use crate::diagnostics::Diagnostics;
use crate::domain::{Plan, Scenario};
use crate::rules::Registry;
use crate::search::{Before, Known, Observer, Settings, Unobserved, layout};
use crate::solve::{Options, SolverError, solvers};

/// Points that are solved one after the other.
pub const CHAIN: usize = 20;
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

/// Runs a study, or goes on with it. `heard` hears of each new row, in the order in which they come; `interrupted`
/// says whether somebody wants it to stop, and is asked often.
///
/// # Errors
/// What stands in the way.
pub fn run(
    study: &Study,
    base: &Base<'_>,
    registry: &Registry,
    threads: usize,
    ledger: &mut Ledger,
    interrupted: &(dyn Fn() -> bool + Sync),
    mut heard: impl FnMut(Going, Option<&Row>) -> Result<(), SweepError>,
) -> Result<End, SweepError> {
    let points = base.points.count().unwrap_or(0);
    let found = ledger.done(&base.key, 0, points)?.len();
    let mut going = Going { points, done: found, found };
    heard(going, None)?;
    let failed = AtomicBool::new(false);
    let stop = Stopping { failed: &failed, interrupted };
    if found < points && ledger.state(&base.key, BASE)?.is_none() {
        let options = options(study);
        let settings = Settings { solver: solvers()[0], options: &options };
        let first = first(base, settings, stop)?;
        if let Some((plan, state)) = first {
            let (digest, csv) = plan;
            ledger.put(&base.key, BASE, None, Some((&digest, &csv)), Some(&state))?;
        }
    }
    let chains = chains(base, ledger, points)?;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| -> Result<(), SweepError> {
        let (sender, receiver): (SyncSender<Result<Done, SweepError>>, Receiver<_>) = sync_channel(0);
        for _ in 0..threads.min(chains.len()) {
            let (sender, chains, next) = (sender.clone(), &chains, &next);
            scope.spawn(move || {
                // Scenario and policy stay on their thread.
                let own = Base::open(study, registry).map_err(SweepError::Input);
                let worked = own.and_then(|own| {
                    let worker = Worker { study, base: &own, sender: &sender, stop };
                    while let Some(chain) = chains.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if stop.stopped() || !worker.chain(chain)? {
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
    if going.done < points {
        return Ok(End::Interrupted);
    }
    ledger.finish(&base.key)?;
    Ok(End::Finished)
}

/// A chain with points to do.
pub(super) struct Chain {
    pub number: usize,
    /// The first point that is not there.
    pub next: usize,
    pub end: usize,
    pub base: Option<State>,
    pub last: Option<State>,
    /// Plans of both.
    pub plans: [Option<String>; 2],
}

/// The number of a chain in the ledger.
fn chain_id(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn chains(base: &Base<'_>, ledger: &Ledger, points: usize) -> Result<Vec<Chain>, SweepError> {
    let plan = |state: &Option<State>| -> Result<Option<String>, LedgerError> {
        Ok(state.as_ref().map(|state| ledger.plan(&state.plan)).transpose()?.flatten())
    };
    let of_base = ledger.state(&base.key, BASE)?;
    let plan_of_base = plan(&of_base)?;
    let mut chains = Vec::new();
    for number in 0..points.div_ceil(CHAIN) {
        let (start, end) = (number * CHAIN, points.min((number + 1) * CHAIN));
        // The points of a chain are written down in order.
        let next = start + ledger.done(&base.key, start, end)?.len();
        if next < end {
            let last = if next > start { ledger.state(&base.key, chain_id(number))? } else { None };
            let plans = [plan_of_base.clone(), plan(&last)?];
            chains.push(Chain { number, next, end, base: of_base.clone(), last, plans });
        }
    }
    Ok(chains)
}

/// Solves the base, from nothing. `None` where it has no plan.
#[allow(clippy::type_complexity)]
pub(super) fn first(
    base: &Base<'_>,
    settings: Settings<'_>,
    mut stop: Stopping<'_>,
) -> Result<Option<((String, String), State)>, SweepError> {
    let opened = &base.opened;
    let again = crate::search::search_again(&opened.scenario, &opened.policy, None, settings, &mut stop)?;
    let crate::search::Again::Solved(proposal, known) = again else { return Ok(None) };
    if stop.stopped() || !proposal.failing.is_empty() {
        return Ok(None);
    }
    let csv = plan_text(&opened.scenario, &proposal.plan);
    let digest = crate::digest::sha256(csv.as_bytes());
    let state = State { point: None, plan: digest.clone(), bytes: known.to_bytes() };
    Ok(Some(((digest, csv), state)))
}

/// Something to start from, and where it was found out.
struct Start {
    values: Vec<Option<Value>>,
    before: Before,
}

pub(super) struct Worker<'a> {
    pub study: &'a Study,
    pub base: &'a Base<'a>,
    pub sender: &'a SyncSender<Result<Done, SweepError>>,
    pub stop: Stopping<'a>,
}

impl Worker<'_> {
    /// Goes through a chain; `false` where it was stopped.
    pub fn chain(&self, chain: &Chain) -> Result<bool, SweepError> {
        let options = options(self.study);
        let settings = Settings { solver: solvers()[0], options: &options };
        let of_base = self.start(chain.base.as_ref(), chain.plans[0].as_deref());
        let mut last = self.start(chain.last.as_ref(), chain.plans[1].as_deref());
        for point in chain.next..chain.end {
            let started = Instant::now();
            let values = self.base.points.point(point);
            let before = [last.as_ref(), of_base.as_ref()].into_iter().flatten().min_by(|one, other| {
                let far = |start: &Start| self.base.points.distance(&start.values, &values);
                far(one).total_cmp(&far(other))
            });
            let before = before.map(|start| &start.before);
            let solved = solve(self.base, point, before, settings, &mut { self.stop })?;
            if self.stop.stopped() {
                // What an interrupt cut off is no result.
                return Ok(false);
            }
            let Solved { row, plan, before } = solved;
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
            if let Some(before) = before {
                last = Some(Start { values, before });
            }
            let seconds = started.elapsed().as_secs_f64();
            let done =
                Done { chain: chain_id(chain.number), row: Some((row, seconds)), plan: written, state };
            if self.sender.send(Ok(done)).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What was written down, ready to start from.
    fn start(&self, state: Option<&State>, plan: Option<&str>) -> Option<Start> {
        let state = state?;
        let values = match state.point {
            Some(point) => self.base.points.point(point),
            None => vec![None; self.base.points.parameters().len()],
        };
        let opened = self.base.at(&values).ok()?;
        let layout = layout(&opened.scenario, &opened.policy);
        let plan = read_plan(plan?, &opened.scenario)?;
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
    let solved = solve(base, point, None, settings, &mut Unobserved)?;
    let plan = solved.plan.map(|plan| plan_text(&base.opened.scenario, &plan));
    Ok((solved.row, plan))
}
