//! A study in pieces, for whoever hands them out to other processes or machines: the base first, then each chain by
//! itself. The rows are those of a run in one piece.

use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;

use super::base::Base;
use super::ledger::State;
use super::point::Row;
use super::runner::{Chain, Stopping, SweepError, Worker, chain_length, first, options};
use super::study::Study;
use crate::digest::sha256;
use crate::search::Settings;
use crate::solve::solvers;

/// What every chain may start from: the base's plan, and what was found out with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The plan, in the words of `plan.csv`.
    pub plan: String,
    /// What is known of each stage, as the search writes it down.
    pub known: Vec<u8>,
}

/// A row, and its plan in the words of `plan.csv` where it has one.
pub type ChainRow = (Row, Option<String>);

/// Solves the base, from nothing. `None` where it has no plan, or was stopped; chains then start from nothing.
///
/// # Errors
/// What stands in the way.
pub fn begin(
    study: &Study,
    base: &Base<'_>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Beginning>, SweepError> {
    let options = options(study);
    let settings = Settings { solver: solvers()[0], options: &options };
    let stop = Stopping { failed: &AtomicBool::new(false), interrupted };
    let first = first(base, settings, stop)?;
    Ok(first.map(|(state, plan)| Beginning { plan, known: state.bytes }))
}

/// How many chains a study has.
pub fn chain_count(base: &Base<'_>) -> usize {
    let points = base.points.count().unwrap_or(0);
    points.div_ceil(chain_length(points))
}

/// SHA-256 of all that a chain's rows depend on: the study's [`Base::key`] and which points these are.
pub fn chain_key(study: &str, number: usize) -> String {
    sha256(format!("{study}\nchain {number}").as_bytes())
}

/// Solves the points of a chain: its rows, in order. `None` where it was stopped, or there is no such chain.
///
/// # Errors
/// What stands in the way.
pub fn run_chain(
    study: &Study,
    base: &Base<'_>,
    number: usize,
    beginning: Option<&Beginning>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Vec<ChainRow>>, SweepError> {
    let points = base.points.count().unwrap_or(0);
    let length = chain_length(points);
    let (start, end) = (number.saturating_mul(length), number.saturating_add(1).saturating_mul(length));
    if start >= points {
        return Ok(None);
    }
    let of_base = beginning.map(|Beginning { plan, known }| {
        let state = State { point: None, plan: sha256(plan.as_bytes()), bytes: known.clone() };
        (state, plan.clone())
    });
    let chain = Chain {
        number: i64::try_from(number).unwrap_or(i64::MAX),
        positions: start..end.min(points),
        solved: Vec::new(),
    };
    // Room for all rows, so that nobody needs to listen while they come.
    let (sender, receiver) = sync_channel(length);
    let stop = Stopping { failed: &AtomicBool::new(false), interrupted };
    let order = base.points.order();
    let worker = Worker { study, base, order: &order, sender: &sender, stop };
    let of_base = of_base.and_then(|written| worker.start(&written));
    let finished = worker.chain(&chain, of_base.as_ref())?;
    drop(sender);
    let mut rows = Vec::new();
    for done in receiver {
        let done = done?;
        rows.extend(done.row.map(|(row, _)| (row, done.plan.map(|(_, text)| text))));
    }
    Ok(finished.then_some(rows))
}
