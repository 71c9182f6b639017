//! The command line: one file a subcommand. It prints what the library computed.

/// Writes a line to stderr. Unlike `eprintln!`, it does not panic when the reader went away
/// (`allot … 2>&1 | head`).
macro_rules! tell {
    ($($part:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($part)*);
    }};
}

mod annex;
mod audit;
mod bench;
mod check;
mod compare;
mod explain;
mod export;
mod init;
mod matches;
mod progress;
mod reference;
mod rules;
mod runs;
mod solve;
mod sweep;
mod verify;
mod written;

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::diagnostics::Diagnostics;
use crate::input::Source;
use crate::rules::Registry;
use crate::run::Opened;

/// Why the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done,
    /// A hard rule fails: in an audit, or in whole units after solving.
    Findings,
    /// Bad input or usage; also errors that `check` found.
    BadInput,
    /// The hard rules leave no plan.
    Infeasible,
    /// Stopped early, with a plan.
    StoppedWithPlan,
    /// Stopped early, without a plan.
    StoppedWithout,
    /// A plan is not certified.
    NotCertified,
    /// A defect of this program or of a solver.
    Defect,
    /// Interrupted by the user; the best plan so far is written, if there was one.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::BadInput => 2,
            Exit::Infeasible => 3,
            Exit::StoppedWithPlan => 4,
            Exit::StoppedWithout => 5,
            Exit::NotCertified => 6,
            Exit::Defect => 101,
            Exit::Interrupted => 130,
        })
    }
}

/// Allocates the money of donors to the needs of recipients: few, substantial lines; key points first.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 a hard rule fails (in an audit, or in whole units after solving); \
2 bad input or usage, also errors that check found; 3 infeasible; 4 stopped early with a plan; 5 stopped without one; \
6 not certified (verify); 101 a defect of allot; 130 interrupted (the best plan so far is written).";

#[derive(Debug, Subcommand)]
enum Command {
    /// Propose an allocation and write it, audited, to a folder
    Solve(solve::SolveArgs),
    /// Report every error and warning of a scenario and its policy in one pass
    Check(check::CheckArgs),
    /// Show where scenarios or plans differ, and what explains it
    Compare(compare::CompareArgs),
    /// Solve a study of many points: grids, draws, stress tests, fronts
    Sweep(sweep::SweepArgs),
    /// List, show and replay what sweep recorded
    Runs(runs::RunsArgs),
    /// Say why a plan is as it is, or why there is none
    Explain(explain::ExplainArgs),
    /// Check any plan against a policy, in integer arithmetic
    Audit(audit::AuditArgs),
    /// Write the annexes of a guidance document from a written run
    Annex(annex::AnnexArgs),
    /// Match single people to single posts, one to one
    Match(matches::MatchArgs),
    /// Verify a written plan and its certificate in integer arithmetic
    Verify(verify::VerifyArgs),
    /// Write a starter scenario that runs as it is
    Init(init::InitArgs),
    /// Write the model as an MPS or LP file with readable names
    Export(export::ExportArgs),
    /// List the kinds of rules and objectives that a policy can use
    Rules(rules::RulesArgs),
    /// Make instances for benchmarks
    Bench(bench::BenchArgs),
    /// Print the JSON schema of a file that allot reads or writes
    Schema(reference::SchemaArgs),
    /// Print shell completions
    Completions(reference::CompletionsArgs),
    /// Print the manual page (roff)
    Man,
}

/// How results are printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// A scenario, its overrides and its policy.
#[derive(Debug, Clone, Args)]
struct ScenarioArgs {
    /// Scenario folder, or a TOML file of overrides on one
    scenario: PathBuf,
    /// Policy: a name (concentrate, status-quo, erdf-2014-2020) or a TOML file, relative to where you
    /// stand [default: the scenario's]
    #[arg(long, short)]
    policy: Option<String>,
    /// Change a value: policy.rules.R2.amount=300, scenario.money.unit=1000, or
    /// `tables.provinces[province_id=shanghai].carry_over=0.2`; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
}

impl ScenarioArgs {
    /// The same with more changes.
    fn with(&self, sets: &[String]) -> Self {
        let mut more = self.clone();
        more.sets.extend_from_slice(sets);
        more
    }

    /// Reads scenario and policy. The error holds all that was found, warnings too.
    fn open(&self, registry: &Registry) -> Result<Opened, Diagnostics> {
        let source = Source { path: self.scenario.clone(), sets: self.sets.clone(), ..Source::default() };
        Opened::read(&source, self.policy.as_deref(), registry)
    }
}

/// Writes diagnostics to stderr, and how many there are.
fn print_diagnostics(diagnostics: &Diagnostics) {
    let _ = std::io::stderr().lock().write_all(diagnostics_text(diagnostics).as_bytes());
}

/// Diagnostics for reading, and how many there are; nothing when there is nothing to say.
fn diagnostics_text(diagnostics: &Diagnostics) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        let _ = writeln!(text, "{diagnostic}");
    }
    let plural = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let (errors, warnings) = diagnostics.counts();
    if errors + warnings > 0 {
        let _ = writeln!(text, "{}, {}", plural(errors, "error"), plural(warnings, "warning"));
    }
    text
}

/// Writes to stdout. A reader that went away (`| head`) is no error of ours.
fn print_data(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
}

/// Tells a failure that is not the input's.
fn defect(error: &dyn std::fmt::Display) -> Exit {
    tell!("allot failed: {error}");
    tell!("    This is a defect of allot or of its solver. Please report it with the scenario.");
    Exit::Defect
}

/// Writes all files into a temporary folder beside the target, then renames it.
fn write_new_folder<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a str, &'a str)>,
) -> std::io::Result<()> {
    let exists = folder.exists();
    if exists && std::fs::read_dir(folder)?.next().is_some() {
        return Err(std::io::Error::other("the folder is not empty"));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let made = tempfile::Builder::new().prefix(".allot-").tempdir_in(parent)?;
    // The folder inside, so that the new one gets ordinary permissions and not a temporary folder's.
    let inside = made.path().join("scenario");
    std::fs::create_dir(&inside)?;
    for (name, text) in files {
        std::fs::write(inside.join(name), text)?;
    }
    if exists {
        std::fs::remove_dir(folder)?;
    }
    std::fs::rename(&inside, folder)
}

/// Whether stderr is read by a person at a terminal.
fn is_interactive() -> bool {
    std::io::stderr().is_terminal()
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let registry = Registry::standard();
    let exit = match Cli::parse().command {
        Command::Solve(args) => solve::run(&args, &registry),
        Command::Check(args) => check::run(&args, &registry),
        Command::Compare(args) => compare::run(&args, &registry),
        Command::Sweep(args) => sweep::run(&args, &registry),
        Command::Runs(args) => runs::run(&args, &registry),
        Command::Explain(args) => explain::run(&args, &registry),
        Command::Audit(args) => audit::run(&args, &registry),
        Command::Annex(args) => annex::run(&args),
        Command::Match(args) => matches::run(&args),
        Command::Verify(args) => verify::run(args, &registry),
        Command::Init(args) => init::run(&args),
        Command::Export(args) => export::run(&args, &registry),
        Command::Rules(args) => rules::run(&args, &registry),
        Command::Bench(args) => bench::run(&args),
        Command::Schema(args) => reference::schema(&args, &registry),
        Command::Completions(args) => reference::completions(&args, Cli::command()),
        Command::Man => reference::man(&Cli::command()),
    };
    exit.into()
}
