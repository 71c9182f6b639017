//! `allot solve`: the main job, from a scenario to an audited proposal in a folder.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::explain::{Told, tell_conflicts, wrong_number};
use super::progress::{Progress, catch_interrupts, is_interrupted};
use super::{Exit, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::domain::Plan;
use crate::folder::Folder;
use crate::policy::Policy;
use crate::report::{PlanDocument, summary};
use crate::rules::Registry;
use crate::run::{self, FILES, Run, Search};
use crate::search::{self, Outcome, Proposal, Settings, Status};
use crate::solve::{self, Options, Stop};

/// More amounts (one a line and year) than this have no baseline unless it is asked for: the linear problem of
/// `status-quo` took 19 GB for five million, where the plan took 7.
const FOR_A_BASELINE: usize = 1_000_000;

/// Arguments of `solve`.
#[derive(Debug, Args)]
pub struct SolveArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Folder for plan.csv, plan.json, metrics.csv, rules.csv, input.json, certificate.json, where sectors have
    /// industries industry.csv, and where there are secondees or posts talent.csv; made if it is not there
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Relative gap between plan and bound at which a stage counts as solved; a policy's stage may set its
    /// own
    #[arg(long, default_value_t = 0.001)]
    gap: f64,
    /// Seconds for the stages of one policy (rounding and the baseline come on top); a plan that was
    /// stopped by the clock may differ between runs
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<f64>,
    /// Branch-and-bound nodes for each stage: a limit that gives the same plan on every run
    #[arg(long, value_name = "NODES")]
    node_limit: Option<u64>,
    /// Threads of the solver
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Seed of the solver
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Solver: highs, or microlp (small instances only; it cannot be interrupted)
    #[arg(long, default_value = "highs")]
    solver: String,
    /// Policy whose plan is shown beside this one, or none [default: status-quo; none where there are more than
    /// 1,000,000 amounts]
    #[arg(long, value_name = "POLICY")]
    baseline: Option<String>,
    /// Where there is no plan: the most conflicts that are looked for
    #[arg(long, value_name = "N", default_value_t = 3)]
    conflicts: usize,
    /// What to print on stdout, also when there is no plan
    #[arg(long, value_enum, default_value = "text")]
    format: SolveFormat,
    /// No progress on stderr
    #[arg(long, short)]
    quiet: bool,
}

impl SolveArgs {
    /// Which number cannot be used, if any.
    fn wrong_number(&self) -> Option<String> {
        wrong_number(self.gap, self.time_limit)
            .or_else(|| (self.threads == 0).then(|| "--threads is 0; give at least 1".to_owned()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SolveFormat {
    /// A summary.
    Text,
    /// The document that is also written as plan.json.
    Json,
}

/// Runs `solve`.
pub fn run(args: &SolveArgs, registry: &Registry) -> Exit {
    let started = Instant::now();
    let Some(solver) = solve::find(&args.solver) else {
        let known: Vec<_> = solve::solvers().iter().map(|solver| solver.id()).collect();
        tell!("there is no solver '{}'; there are {}", args.solver, known.join(", "));
        return Exit::BadInput;
    };
    if let Some(wrong) = args.wrong_number() {
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
    let date = match run::date() {
        Ok(date) => date,
        Err(wrong) => {
            tell!("{wrong}");
            return Exit::BadInput;
        }
    };
    // Before the long run: a folder that cannot be written to costs nothing now.
    if let Err(error) = Folder::open(&args.out, FILES) {
        tell!("cannot write into {}: {error}", args.out.display());
        return Exit::BadInput;
    }
    let reading = started.elapsed().as_secs_f64();
    let options = Options {
        gap: args.gap,
        time_limit: args.time_limit.map(Duration::from_secs_f64),
        node_limit: args.node_limit,
        threads: args.threads,
        seed: args.seed,
        ..Options::default()
    };
    let settings = Settings { solver, options: &options };
    catch_interrupts();
    let mut progress = Progress::start(&opened.policy.id, args.quiet);
    let outcome = search::search(&opened.loaded.scenario, &opened.policy, settings, &mut progress);
    progress.finish();
    match outcome {
        Ok(Outcome::Plan(proposal)) => {
            let search = Search {
                opened: &opened,
                settings,
                overrides: &args.scenario.sets,
                baseline: None,
                interrupted: false,
                date,
                reading,
                started,
            };
            let job = Job { args, search };
            job.write(&proposal, registry).unwrap_or_else(|failure| failure)
        }
        Ok(Outcome::Infeasible) => {
            let told = Told { quiet: args.quiet, as_json: args.format == SolveFormat::Json, shown: true };
            match tell_conflicts(&args.scenario, &opened, args.conflicts, settings, told, registry) {
                // The search has shown it, whether or not a conflict was found in time.
                Exit::Done | Exit::StoppedWithout => Exit::Infeasible,
                exit => exit,
            }
        }
        Ok(Outcome::Nothing(stop)) => {
            tell!("stopped without a plan ({})", crate::report::document::stop_word(stop));
            tell!("    give it more time, a larger gap, or a policy with fewer hard rules");
            if stop == Stop::Interrupted { Exit::Interrupted } else { Exit::StoppedWithout }
        }
        Err(error) => defect(&error),
    }
}

struct Job<'a> {
    args: &'a SolveArgs,
    search: Search<'a>,
}

impl Job<'_> {
    /// Makes every file, puts them in place, and prints.
    fn write(mut self, proposal: &Proposal, registry: &Registry) -> Result<Exit, Exit> {
        let policy = &self.search.opened.policy;
        self.search.baseline = self.baseline(registry);
        self.search.interrupted = is_interrupted();
        let Run { document, files } = self.search.finish(proposal).map_err(|error| defect(&error))?;
        let contents: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        run::write(&self.args.out, &contents).map_err(|error| defect(&error))?;
        match self.args.format {
            SolveFormat::Text => print_data(summary(&document).as_bytes()),
            SolveFormat::Json => {
                let json = files.iter().find(|(name, _)| *name == "plan.json");
                print_data(json.map_or(&[], |(_, bytes)| bytes));
            }
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        if let [first @ .., last] = names.as_slice() {
            tell!("wrote {} and {last} to {}", first.join(", "), self.args.out.display());
        }
        tell_broken(document.status.status, policy, proposal);
        Ok(exit_of(document.status.status, document.status.interrupted, &document))
    }

    /// The plan of the baseline policy. It is a yardstick: where it cannot be had, the run goes on without.
    fn baseline(&self, registry: &Registry) -> Option<(String, Plan)> {
        if is_interrupted() {
            return None;
        }
        let Search { opened, settings, .. } = self.search;
        let scenario = &opened.loaded.scenario;
        let amounts = scenario.lines.len() * scenario.years.len();
        if self.args.baseline.is_none() && amounts > FOR_A_BASELINE {
            tell!("no baseline is shown beside a plan of {amounts} amounts: it would need far more memory");
            tell!("    --baseline status-quo asks for it all the same");
            return None;
        }
        let name = self.args.baseline.as_deref().unwrap_or("status-quo");
        let policy = match opened.baseline(name, registry) {
            Ok(policy) => policy?,
            Err(diagnostics) => {
                print_diagnostics(&diagnostics);
                tell!("no baseline is shown");
                return None;
            }
        };
        let mut progress = Progress::start(&policy.id, self.args.quiet);
        let outcome = search::search(scenario, &policy, settings, &mut progress);
        progress.finish();
        match outcome {
            Ok(Outcome::Plan(proposal)) => Some((policy.id, proposal.plan)),
            _ => {
                tell!("the baseline '{}' has no plan here; none is shown", policy.id);
                None
            }
        }
    }
}

fn tell_broken(status: Status, policy: &Policy, proposal: &Proposal) {
    if status != Status::Broken {
        return;
    }
    let rules: Vec<String> = proposal
        .failing
        .iter()
        .map(|&position| format!("{} ({})", policy.rules[position].id, policy.rules[position].title.en))
        .collect();
    tell!("no whole units were found near the solution that keep these rules: {}", rules.join(", "));
    tell!("    use a finer unit of money ([money] unit in scenario.toml), or give the rules more room");
}

fn exit_of(status: Status, interrupted: bool, document: &PlanDocument) -> Exit {
    match status {
        _ if interrupted => Exit::Interrupted,
        Status::Broken => Exit::Findings,
        Status::Optimal => Exit::Done,
        Status::Feasible if document.stages.iter().all(|stage| stage.stop == "finished") => Exit::Done,
        Status::Feasible => Exit::StoppedWithPlan,
    }
}
