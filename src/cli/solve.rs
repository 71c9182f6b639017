//! `allot solve`: the main job, from a scenario to an audited proposal in a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::explain::{Told, tell_conflicts, wrong_number};
use super::folder::{Folder, StagedFile};
use super::progress::{Progress, catch_interrupts, is_interrupted};
use super::{Exit, Opened, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::audit::{Audit, audit};
use crate::domain::Plan;
use crate::input::{self, PlanFile};
use crate::policy::Policy;
use crate::report::document::{InputRecord, OptionsRecord, RunRecord, Sources};
use crate::report::{PlanDocument, industry_csv, metrics_csv, plan_csv, rules_csv, summary, talent_csv};
use crate::rules::Registry;
use crate::search::{self, Outcome, Proposal, Settings, Status, judge};
use crate::solve::{self, Options, Stop};
use crate::verify::{Files, Input, verify};

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
    /// Policy whose plan is shown beside this one, or none
    #[arg(long, default_value = "status-quo", value_name = "POLICY")]
    baseline: String,
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
    let date = match run_date() {
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
            let job = Job { args, opened: &opened, settings, reading, started, date };
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

/// The day of the run in UTC. Documents that are made from it bear it, so that they can be made again; who wants
/// equal runs on different days sets `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch/>).
fn run_date() -> Result<String, String> {
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Err(_) => time::OffsetDateTime::now_utc(),
        Ok(text) => text
            .parse()
            .ok()
            .and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(seconds).ok())
            .ok_or_else(|| {
                format!("SOURCE_DATE_EPOCH is '{text}'; set it to seconds since 1970, or take it out of the environment")
            })?,
    };
    Ok(now.date().to_string())
}

struct Job<'a> {
    args: &'a SolveArgs,
    opened: &'a Opened,
    settings: Settings<'a>,
    reading: f64,
    started: Instant,
    date: String,
}

impl Job<'_> {
    /// Audits the plan from its written file, then puts every file in place.
    fn write(&self, proposal: &Proposal, registry: &Registry) -> Result<Exit, Exit> {
        let scenario = &self.opened.loaded.scenario;
        let policy = &self.opened.policy;
        let folder = Folder::open(&self.args.out, FILES).map_err(|error| defect(&error))?;
        let bytes = plan_csv(scenario, &proposal.plan).map_err(|error| defect(&error))?;
        let plan_file = folder.stage("plan.csv", &bytes).map_err(|error| defect(&error))?;
        let of_people = talent_csv(scenario, &proposal.plan).map_err(|error| defect(&error))?;
        let of_people = of_people.as_deref();
        let talent = of_people.map(|bytes| folder.stage("talent.csv", bytes)).transpose();
        let talent = talent.map_err(|error| defect(&error))?;
        let people = talent.as_ref().map(StagedFile::path);
        let read = input::read_plan(plan_file.path(), people, scenario);
        let PlanFile { plan, .. } = read.map_err(|diagnostics| {
            print_diagnostics(&diagnostics);
            defect(&"the written plan cannot be read back")
        })?;
        let audit = audit(scenario, policy, &plan);
        let reference = scenario.budget_sum().as_f64() / 1000.0;
        let (status, stages) = judge(&proposal.stages, &audit.values, !audit.passes(), reference);
        let (input, certificate) = self.certify(proposal, (&bytes, of_people))?;
        let (plan_bytes, certified) = (bytes.as_slice(), certificate.as_slice());
        let verdict =
            verify(Files { input: &input, plan: plan_bytes, talent: of_people, certificate: certified });
        let baseline = self.baseline(registry);
        let interrupted = is_interrupted();
        let sources = Sources {
            scenario,
            policy,
            plan: &plan,
            audit: &audit,
            status,
            stages: &stages,
            verdict: &verdict,
            baseline: baseline.as_ref().map(|(_, plan)| plan),
            interrupted,
        };
        let run = self.record(proposal, baseline.as_ref().map(|(id, _)| id.clone()));
        let document = PlanDocument::new(sources, run);
        let json = document.to_json().map_err(|error| defect(&error))?;
        let metrics = metrics_csv(&document).map_err(|error| defect(&error))?;
        let rules = rules_csv(&document).map_err(|error| defect(&error))?;
        let industry = industry_csv(&document).map_err(|error| defect(&error))?;
        let mut contents = vec![
            ("plan.json", json.as_bytes()),
            ("metrics.csv", metrics.as_slice()),
            ("rules.csv", rules.as_slice()),
            ("input.json", input.as_slice()),
            ("certificate.json", certificate.as_slice()),
        ];
        contents.extend(industry.as_deref().map(|bytes| ("industry.csv", bytes)));
        let names: Vec<&str> = contents.iter().map(|(name, _)| *name).collect();
        let names = [vec!["plan.csv"], names, talent.iter().map(|_| "talent.csv").collect()].concat();
        let mut files = vec![plan_file];
        files.extend(talent);
        for (name, bytes) in contents {
            files.push(folder.stage(name, bytes).map_err(|error| defect(&error))?);
        }
        for file in files {
            file.place().map_err(|error| defect(&error))?;
        }
        for old in FILES.iter().filter(|name| !names.contains(name)) {
            folder.forget(old).map_err(|error| defect(&error))?;
        }
        match self.args.format {
            SolveFormat::Text => print_data(summary(&document).as_bytes()),
            SolveFormat::Json => print_data(json.as_bytes()),
        }
        if let [first @ .., last] = names.as_slice() {
            tell!("wrote {} and {last} to {}", first.join(", "), self.args.out.display());
        }
        tell_broken(&audit, policy, proposal);
        Ok(exit_of(status, interrupted, &document))
    }

    /// What the verifier needs beside the plan: `input.json` and `certificate.json`.
    fn certify(&self, proposal: &Proposal, plan: (&[u8], Option<&[u8]>)) -> Result<(Vec<u8>, Vec<u8>), Exit> {
        let (scenario, policy) = (&self.opened.loaded.scenario, &self.opened.policy);
        let input = Input::of(scenario, policy).map_err(|error| defect(&error))?;
        let recorded = serde_json::to_vec(&input).map_err(|error| defect(&error))?;
        let certificate = search::certificate(scenario, policy, (&input, &recorded), plan, &proposal.stages);
        let certificate = serde_json::to_vec_pretty(&certificate).map_err(|error| defect(&error))?;
        Ok((recorded, certificate))
    }

    /// The plan of the baseline policy. It is a yardstick: where it cannot be had, the run goes on without.
    fn baseline(&self, registry: &Registry) -> Option<(String, Plan)> {
        let name = &self.args.baseline;
        if name == "none" || is_interrupted() {
            return None;
        }
        let loaded = &self.opened.loaded;
        let read = Policy::read(name, Path::new("."), registry, &loaded.policy_parameters, &[]);
        let policy = match read {
            Ok(policy) => policy,
            Err(diagnostics) => {
                print_diagnostics(&diagnostics);
                tell!("no baseline is shown");
                return None;
            }
        };
        if policy.id == self.opened.policy.id {
            return None;
        }
        let mut progress = Progress::start(&policy.id, self.args.quiet);
        let outcome = search::search(&loaded.scenario, &policy, self.settings, &mut progress);
        progress.finish();
        match outcome {
            Ok(Outcome::Plan(proposal)) => Some((policy.id, proposal.plan)),
            _ => {
                tell!("the baseline '{}' has no plan here; none is shown", policy.id);
                None
            }
        }
    }

    fn record(&self, proposal: &Proposal, baseline: Option<String>) -> RunRecord {
        let loaded = &self.opened.loaded;
        let policy = &self.opened.policy;
        let mut inputs: Vec<InputRecord> = loaded
            .inputs
            .iter()
            .map(|input| InputRecord { file: input.path.clone(), sha256: input.sha256.clone() })
            .collect();
        inputs.push(InputRecord { file: policy.file.clone(), sha256: policy.sha256.clone() });
        let mut seconds = BTreeMap::from([
            ("read".to_owned(), self.reading),
            ("build".to_owned(), proposal.building),
            ("round".to_owned(), proposal.rounding),
            ("total".to_owned(), self.started.elapsed().as_secs_f64()),
        ]);
        for (position, stage) in proposal.stages.iter().enumerate() {
            seconds.insert(format!("stage {} {}", position + 1, stage.kind), stage.seconds);
        }
        let Settings { solver, options } = self.settings;
        RunRecord {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            date: self.date.clone(),
            inputs,
            overrides: self.args.scenario.sets.clone(),
            options: OptionsRecord {
                solver: solver.id().to_owned(),
                solver_version: solver.version(),
                gap: options.gap,
                time_limit: options.time_limit.map(|limit| limit.as_secs_f64()),
                node_limit: options.node_limit,
                threads: options.threads,
                seed: options.seed,
                baseline,
            },
            seconds,
        }
    }
}

fn tell_broken(audit: &Audit, policy: &Policy, proposal: &Proposal) {
    if audit.passes() {
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

/// What is written.
const FILES: [&str; 9] = [
    "plan.csv",
    "plan.json",
    "metrics.csv",
    "rules.csv",
    "industry.csv",
    "talent.csv",
    "input.json",
    "certificate.json",
    "prices.json",
];
