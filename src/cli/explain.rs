//! `allot explain`: why a plan is as it is, or why there is none.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::progress::{Progress, catch_interrupts, is_interrupted};
use super::{Exit, Opened, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::conflict;
use crate::report::{infeasibility_json, infeasibility_text};
use crate::rules::Registry;
use crate::search::Settings;
use crate::solve::{self, Options};

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Relative gap at which a stage counts as solved
    #[arg(long, default_value_t = 0.001)]
    gap: f64,
    /// Seconds for each solve; for a conflict, for all of it
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<f64>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value = "text")]
    format: ExplainFormat,
    /// No progress on stderr
    #[arg(long, short)]
    quiet: bool,
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For reading.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Which rules and numbers cannot hold together, and what is enough to mend it
    Conflict {
        /// The most conflicts that are looked for
        #[arg(long, value_name = "N", default_value_t = 3)]
        conflicts: usize,
    },
}

/// Which number cannot be used, if any.
pub(super) fn wrong_number(gap: f64, time_limit: Option<f64>) -> Option<String> {
    if !(gap >= 0.0 && gap.is_finite()) {
        return Some(format!("--gap is {gap}; give a share of at least 0, such as 0.001"));
    }
    let limit = time_limit.filter(|limit| !(*limit > 0.0 && *limit <= 1e9))?;
    Some(format!("--time-limit is {limit}; give seconds, over 0 and at most 1000000000"))
}

/// Runs `explain`.
pub fn run(args: &ExplainArgs, registry: &Registry) -> Exit {
    if let Some(wrong) = wrong_number(args.gap, args.time_limit) {
        tell!("{wrong}");
        return Exit::BadInput;
    }
    let opened = match args.scenario.open(registry) {
        Ok(opened) => opened,
        Err(diagnostics) => {
            print_diagnostics(&diagnostics);
            return Exit::BadInput;
        }
    };
    print_diagnostics(&opened.warnings);
    let solver = solve::solvers()[0];
    let time_limit = args.time_limit.map(Duration::from_secs_f64);
    let options = Options { gap: args.gap, time_limit, ..Options::default() };
    let settings = Settings { solver, options: &options };
    catch_interrupts();
    match args.question {
        Question::Conflict { conflicts } => {
            let told = Told { quiet: args.quiet, as_json: args.format == ExplainFormat::Json };
            tell_conflicts(&args.scenario, &opened, conflicts, settings, told, registry)
        }
    }
}

/// How it is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub quiet: bool,
    pub as_json: bool,
}

/// Says which rules and numbers cannot hold together, and what would mend it.
pub(super) fn tell_conflicts(
    scenario: &ScenarioArgs,
    opened: &Opened,
    most: usize,
    settings: Settings<'_>,
    told: Told,
    registry: &Registry,
) -> Exit {
    let policy = &opened.policy;
    let reopen = |sets: &[String]| {
        let opened = scenario.with(sets).open(registry).ok()?;
        Some((opened.loaded.scenario, opened.policy))
    };
    let case = conflict::Case {
        scenario: &opened.loaded.scenario,
        policy,
        places: &opened.loaded.places,
        reopen: &reopen,
    };
    let mut progress = Progress::start(&policy.id, told.quiet);
    let found = conflict::explain(&case, most, settings, &mut progress);
    progress.finish();
    let found = match found {
        Ok(found) => found,
        Err(error) => return defect(&error),
    };
    let text = match told.as_json {
        true => format!("{:#}\n", infeasibility_json(&found, policy)),
        false => infeasibility_text(&found, policy),
    };
    print_data(text.as_bytes());
    match found.further {
        _ if is_interrupted() => Exit::Interrupted,
        conflict::Further::None if found.conflicts.is_empty() => Exit::Done,
        conflict::Further::Unknown if found.conflicts.is_empty() => Exit::StoppedWithout,
        _ => Exit::Infeasible,
    }
}
