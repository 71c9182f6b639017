//! One run: a scenario and a policy, opened; and the plan that a search found for them, audited, certified and made
//! into the files that are handed on.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use crate::audit::audit;
use crate::diagnostics::Diagnostics;
use crate::domain::Plan;
use crate::folder::Folder;
use crate::input::{self, Loaded, Source, plan_of_bytes};
use crate::policy::Policy;
use crate::report::document::{InputRecord, OptionsRecord, RunRecord, Sources};
use crate::report::{PlanDocument, industry_csv, metrics_csv, plan_csv, rules_csv, talent_csv};
use crate::rules::Registry;
use crate::search::{self, Proposal, Settings, judge};
use crate::verify::{Files, Input, verify};

/// The files of a run; `industry.csv` and `talent.csv` only where there is something to say, `prices.json` once
/// `explain … --into` has put it there.
pub const FILES: [&str; 9] = [
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

/// A scenario and its policy, ready to be solved.
#[derive(Debug)]
pub struct Opened {
    /// The scenario.
    pub loaded: Loaded,
    /// The policy.
    pub policy: Policy,
    /// What is odd about both.
    pub warnings: Diagnostics,
}

impl Opened {
    /// Reads scenario and policy; without a policy's name or path, the scenario's own.
    ///
    /// # Errors
    /// All that was found, warnings too.
    pub fn read(source: &Source, policy: Option<&str>, registry: &Registry) -> Result<Self, Diagnostics> {
        let loaded = match input::load_source(source) {
            Ok(loaded) => loaded,
            Err(mut diagnostics) => {
                // The policy's own errors belong to the same pass, as far as they can be told without the scenario.
                if let Some(name) = policy {
                    let none = toml::Table::new();
                    if let Err(more) = Policy::read(name, Path::new("."), registry, &none, &[]) {
                        diagnostics.extend(more);
                    }
                }
                return Err(diagnostics.sorted());
            }
        };
        let mut warnings = loaded.warnings.clone();
        match read_policy(&loaded, policy, registry) {
            Ok(policy) => {
                warnings.extend(policy.presolve(&loaded.scenario));
                let warnings = warnings.sorted();
                if warnings.has_errors() { Err(warnings) } else { Ok(Self { loaded, policy, warnings }) }
            }
            Err(errors) => {
                warnings.extend(errors);
                Err(warnings.sorted())
            }
        }
    }

    /// The policy that a plan is compared with; `None` where there is none, or it is the same.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn baseline(&self, name: &str, registry: &Registry) -> Result<Option<Policy>, Diagnostics> {
        if name == "none" {
            return Ok(None);
        }
        let policy = Policy::read(name, Path::new("."), registry, &self.loaded.policy_parameters, &[])?;
        Ok((policy.id != self.policy.id).then_some(policy))
    }

    /// Every file that was read with its digest, the policy last.
    pub fn inputs(&self) -> Vec<InputRecord> {
        let read = self.loaded.inputs.iter();
        let read = read.map(|input| InputRecord { file: input.path.clone(), sha256: input.sha256.clone() });
        let policy = InputRecord { file: self.policy.file.clone(), sha256: self.policy.sha256.clone() };
        read.chain([policy]).collect()
    }
}

fn read_policy(loaded: &Loaded, name: Option<&str>, registry: &Registry) -> Result<Policy, Diagnostics> {
    let named = name.or(loaded.policy.as_deref()).unwrap_or("concentrate");
    // A policy that the user names stands where the user stands; the scenario's own, beside the scenario.
    let folder = if name.is_some() { Path::new(".") } else { &loaded.policy_folder };
    Policy::read(named, folder, registry, &loaded.policy_parameters, &loaded.policy_sets)
}

/// The day of a run in UTC. Documents that are made from it bear it, so that they can be made again; who wants
/// equal runs on different days sets `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch/>).
///
/// # Errors
/// When that is no time.
pub fn date() -> Result<String, String> {
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

/// How a plan was found.
pub struct Search<'a> {
    /// For what.
    pub opened: &'a Opened,
    /// With what.
    pub settings: Settings<'a>,
    /// The changes that were asked for, as `--set` takes them.
    pub overrides: &'a [String],
    /// The baseline policy's id and plan.
    pub baseline: Option<(String, Plan)>,
    /// Whether its user interrupted it.
    pub interrupted: bool,
    /// The day.
    pub date: String,
    /// Seconds that reading took.
    pub reading: f64,
    /// When all of it began.
    pub started: Instant,
}

/// A plan and the files that are handed on.
#[derive(Debug)]
pub struct Run {
    /// `plan.json`.
    pub document: PlanDocument,
    /// Files by name, in the order in which they are told.
    pub files: Vec<(&'static str, Vec<u8>)>,
}

/// A defect: what was found cannot be handed on.
pub type Defect = Box<dyn std::error::Error + Send + Sync>;

impl Search<'_> {
    /// Audits a plan from the bytes of its file, certifies it, and makes every file.
    ///
    /// # Errors
    /// A defect of ours.
    pub fn finish(self, proposal: &Proposal) -> Result<Run, Defect> {
        let (scenario, policy) = (&self.opened.loaded.scenario, &self.opened.policy);
        let written = plan_csv(scenario, &proposal.plan)?;
        let people = talent_csv(scenario, &proposal.plan)?;
        let read = plan_of_bytes(&written, people.as_deref(), scenario).map_err(|found| {
            let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
            format!("the written plan cannot be read back: {}", lines.join("; "))
        })?;
        let plan = read.plan;
        let audit = audit(scenario, policy, &plan);
        let reference = scenario.budget_sum().as_f64() / 1000.0;
        let (status, stages) = judge(&proposal.stages, &audit.values, !audit.passes(), reference);
        let (input, certificate) = self.certify(proposal, (&written, people.as_deref()))?;
        let verdict = verify(Files {
            input: &input,
            plan: &written,
            talent: people.as_deref(),
            certificate: &certificate,
        });
        let sources = Sources {
            scenario,
            policy,
            plan: &plan,
            audit: &audit,
            status,
            stages: &stages,
            verdict: &verdict,
            baseline: self.baseline.as_ref().map(|(_, plan)| plan),
            interrupted: self.interrupted,
        };
        let document = PlanDocument::new(sources, self.record(proposal));
        let json = document.to_json()?.into_bytes();
        let (metrics, rules) = (metrics_csv(&document)?, rules_csv(&document)?);
        let industry = industry_csv(&document)?;
        let mut files = vec![
            ("plan.csv", written),
            ("plan.json", json),
            ("metrics.csv", metrics),
            ("rules.csv", rules),
            ("input.json", input),
            ("certificate.json", certificate),
        ];
        files.extend(industry.map(|bytes| ("industry.csv", bytes)));
        files.extend(people.map(|bytes| ("talent.csv", bytes)));
        Ok(Run { document, files })
    }

    /// What the verifier needs beside the plan: `input.json` and `certificate.json`.
    fn certify(
        &self,
        proposal: &Proposal,
        plan: (&[u8], Option<&[u8]>),
    ) -> Result<(Vec<u8>, Vec<u8>), Defect> {
        let (scenario, policy) = (&self.opened.loaded.scenario, &self.opened.policy);
        let input = Input::of(scenario, policy)?;
        let recorded = serde_json::to_vec(&input)?;
        let certificate = search::certificate(scenario, policy, (&input, &recorded), plan, &proposal.stages);
        Ok((recorded, serde_json::to_vec_pretty(&certificate)?))
    }

    fn record(&self, proposal: &Proposal) -> RunRecord {
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
            inputs: self.opened.inputs(),
            overrides: self.overrides.to_vec(),
            options: OptionsRecord {
                solver: solver.id().to_owned(),
                solver_version: solver.version(),
                gap: options.gap,
                time_limit: options.time_limit.map(|limit| limit.as_secs_f64()),
                node_limit: options.node_limit,
                threads: options.threads,
                seed: options.seed,
                baseline: self.baseline.as_ref().map(|(id, _)| id.clone()),
            },
            seconds,
        }
    }
}

/// Writes a run's files, by name, into a folder, all or none, and takes out those of an earlier run that this one has
/// not.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write(folder: &Path, files: &[(&str, &[u8])]) -> std::io::Result<()> {
    let folder = Folder::open(folder, FILES)?;
    let staged = files.iter().map(|(name, bytes)| folder.stage(name, bytes));
    for file in staged.collect::<Result<Vec<_>, _>>()? {
        file.place()?;
    }
    for old in FILES.iter().filter(|old| files.iter().all(|(name, _)| name != *old)) {
        folder.forget(old)?;
    }
    Ok(())
}
