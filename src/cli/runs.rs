//! `allot runs`: the ledger of sweeps.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::sweep::tell_failure;
use super::{Exit, print_data};
use crate::report::runs_text;
use crate::rules::Registry;
use crate::sweep::{Base, Ledger, RunHead, Study, SweepError, point_again};

/// Arguments of `runs`.
#[derive(Debug, Args)]
pub struct RunsArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the runs of folders that sweep wrote
    List {
        /// Folders with a ledger.sqlite
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<PathBuf>,
    },
    /// Show a run with its inputs and options, or one of its points with its plan
    Show {
        /// Folder with a ledger.sqlite
        folder: PathBuf,
        /// Number of a point
        point: Option<usize>,
        /// The run: the beginning of its hash [default: the last one]
        #[arg(long)]
        run: Option<String>,
    },
    /// Solve a point again, from nothing, and compare it with what is recorded
    Replay {
        /// Folder with a ledger.sqlite
        folder: PathBuf,
        /// Number of the point
        point: usize,
    },
}

/// Runs `runs`.
pub fn run(args: &RunsArgs, registry: &Registry) -> Exit {
    let done = match &args.what {
        What::List { folders } => list(folders),
        What::Show { folder, point, run } => show(folder, *point, run.as_deref()),
        What::Replay { folder, point } => replay(folder, *point, registry),
    };
    done.unwrap_or_else(tell_failure)
}

/// Opens a ledger that is there.
fn open(folder: &std::path::Path) -> Result<Ledger, SweepError> {
    if !Ledger::is_in(folder) {
        let cause =
            format!("{} has no ledger.sqlite; give a folder that allot sweep wrote", folder.display());
        return Err(SweepError::File(cause));
    }
    Ok(Ledger::open(folder)?)
}

fn list(folders: &[PathBuf]) -> Result<Exit, SweepError> {
    let mut runs = Vec::new();
    for folder in folders {
        runs.extend(open(folder)?.runs()?);
    }
    print_data(runs_text(&runs).as_bytes());
    Ok(Exit::Done)
}

fn find(ledger: &Ledger, wanted: Option<&str>) -> Result<RunHead, SweepError> {
    let runs = ledger.runs()?;
    let of = |run: &RunHead| wanted.is_none_or(|wanted| run.run.starts_with(wanted));
    runs.into_iter()
        .find(of)
        .ok_or_else(|| SweepError::File("there is no such run; allot runs list shows them".to_owned()))
}

fn show(folder: &std::path::Path, point: Option<usize>, wanted: Option<&str>) -> Result<Exit, SweepError> {
    let ledger = open(folder)?;
    let run = find(&ledger, wanted)?;
    let json = match point {
        None => serde_json::json!(run),
        Some(point) => {
            let row = ledger.row(&run.run, point)?.ok_or_else(|| no_point(point, &run))?;
            let plan = row.plan.as_ref().map(|digest| ledger.plan(digest)).transpose()?.flatten();
            serde_json::json!({ "row": row, "plan_csv": plan })
        }
    };
    print_data(format!("{json:#}\n").as_bytes());
    Ok(Exit::Done)
}

fn no_point(point: usize, run: &RunHead) -> SweepError {
    SweepError::File(format!(
        "point {point} is not there; the run has {} of {} points, from 0",
        run.done, run.points
    ))
}

/// A point is replayed with the study and the input as they are now; where they are not those of the run, that is
/// told, and nothing is solved.
fn replay(folder: &std::path::Path, point: usize, registry: &Registry) -> Result<Exit, SweepError> {
    let ledger = open(folder)?;
    let run = find(&ledger, None)?;
    let recorded = ledger.row(&run.run, point)?.ok_or_else(|| no_point(point, &run))?;
    let study = Study::read(std::path::Path::new(&run.study)).map_err(SweepError::Input)?;
    let base = Base::open(&study, registry).map_err(SweepError::Input)?;
    if base.key != run.run {
        let cause = "the study, its input or the version of allot is not that of the run; allot runs show tells theirs";
        return Err(SweepError::File(cause.to_owned()));
    }
    let (row, plan) = point_again(&study, &base, point)?;
    // The best value lies between value and bound, here and there.
    let agrees = match (recorded.value.zip(recorded.bound), row.value.zip(row.bound)) {
        (Some((one, to)), Some((other, other_to))) => {
            let slack = 1e-9 * one.abs().max(1.0);
            one.min(to) <= other.max(other_to) + slack && other.min(other_to) <= one.max(to) + slack
        }
        _ => row.status == recorded.status,
    };
    let json =
        serde_json::json!({ "recorded": recorded, "replayed": row, "agrees": agrees, "plan_csv": plan });
    print_data(format!("{json:#}\n").as_bytes());
    Ok(if agrees { Exit::Done } else { Exit::Findings })
}
