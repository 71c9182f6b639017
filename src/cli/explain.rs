//! `allot explain`: why a plan is as it is, or why there is none.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::progress::{Progress, catch_interrupts, is_interrupted};
use super::written::{of_run, read_run};
use super::{Exit, Opened, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::conflict;
use crate::digest::sha256;
use crate::domain::Scenario;
use crate::explain::{self, Run, Subject, Target};
use crate::folder::{Folder, StagedFile};
use crate::policy::Policy;
use crate::report::{explain as report, infeasibility_json, infeasibility_text};
use crate::rules::{Dial, Registry};
use crate::search::Settings;
use crate::solve::{self, Options, SolverError};
use crate::verify::Input;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Relative gap at which a stage counts as solved: every difference is known to within it
    #[arg(long, global = true, default_value_t = 0.001)]
    gap: f64,
    /// Seconds for each solve; for a conflict, for all of it
    #[arg(long, global = true, value_name = "SECONDS")]
    time_limit: Option<f64>,
    /// What to print on stdout
    #[arg(long, global = true, value_enum, default_value = "text")]
    format: ExplainFormat,
    /// No progress on stderr
    #[arg(long, short, global = true)]
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
    /// What a rule costs: the best plan without it
    Rule {
        /// Id of the rule in the policy
        id: String,
        /// Also the best plans along the rule's threshold
        #[arg(long)]
        curve: bool,
    },
    /// What each rule costs, in at most twice the time of one solve
    Rules {
        /// Folder that solve wrote: the prices are written into it too, and its annexes show them
        #[arg(long, value_name = "RUN_DIR")]
        into: Option<PathBuf>,
    },
    /// Why a line is funded or not: the other way is forced, and what gives way is shown
    Line {
        /// Who gives
        province: String,
        /// Who receives
        site: String,
        /// For what
        sector: String,
    },
    /// Why a site is funded or not
    Site {
        /// The site
        site: String,
    },
    /// Lines that every good plan funds, and lines that none does
    Backbone {
        /// How far from the best plan a good one may be, as a share of its value
        #[arg(long, default_value_t = 0.01)]
        within: f64,
        /// Good plans to be found that differ as much as possible
        #[arg(long, default_value_t = 3)]
        plans: usize,
        /// Most solves on single lines, each with twice the time of the first solve
        #[arg(long, default_value_t = 10)]
        solves: usize,
    },
    /// What a little more of a number is worth
    Duals {
        /// How many numbers
        #[arg(long, default_value_t = 10)]
        most: usize,
        /// For how many of them the whole problem is solved again
        #[arg(long, default_value_t = 2)]
        finite: usize,
    },
    /// Why a change of the input changed nothing, or what it changed; asked of a folder that solve wrote
    WhySame {
        /// Another folder that solve wrote
        other: PathBuf,
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
    if let Question::WhySame { other } = &args.question {
        return why_same(args, other);
    }
    let scenario = match of_run(&args.scenario) {
        Ok(scenario) => scenario,
        Err(cause) => {
            tell!("{cause}");
            return Exit::BadInput;
        }
    };
    let opened = match scenario.open(registry) {
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
    let told = Told { quiet: args.quiet, as_json: args.format == ExplainFormat::Json, shown: false };
    if let Question::Conflict { conflicts } = args.question {
        return tell_conflicts(&scenario, &opened, conflicts, settings, told, registry);
    }
    let mut progress = Progress::start(&opened.policy.id, args.quiet);
    let subject = Subject::new(opened.loaded.scenario.clone(), opened.policy.clone());
    let case = Asked { scenario: &scenario, opened: &opened, subject: &subject, settings, registry };
    let answer = case.answer(&args.question, &mut progress);
    progress.finish();
    match answer {
        Ok(Answered { text, json, exit }) => {
            let out = if told.as_json { format!("{json:#}\n") } else { text };
            print_data(out.as_bytes());
            if is_interrupted() { Exit::Interrupted } else { exit }
        }
        Err(Failure::Input(cause)) => {
            tell!("{cause}");
            Exit::BadInput
        }
        Err(Failure::Infeasible) => {
            tell!("the policy has no plan here; allot explain SCENARIO conflict says why");
            Exit::Infeasible
        }
        Err(Failure::Nothing) => {
            tell!("no plan was found in time; give it more time or a larger gap");
            Exit::StoppedWithout
        }
        Err(Failure::Solver(error)) => defect(&error),
    }
}

fn why_same(args: &ExplainArgs, other: &Path) -> Exit {
    let read = read_run(&args.scenario.scenario).and_then(|this| Ok((this, read_run(other)?)));
    let (this, other) = match read {
        Ok(both) => both,
        Err(cause) => {
            tell!("{cause}");
            tell!("    give two folders that allot solve wrote");
            return Exit::BadInput;
        }
    };
    let found = explain::why_same(&report::facts(&this), &report::facts(&other));
    let text = match args.format {
        ExplainFormat::Text => report::sameness_text(&found),
        ExplainFormat::Json => format!("{:#}\n", serde_json::json!(found)),
    };
    print_data(text.as_bytes());
    Exit::Done
}

/// An answer in both forms.
struct Answered {
    text: String,
    json: Value,
    exit: Exit,
}

/// Why there is no answer.
enum Failure {
    Input(String),
    Infeasible,
    Nothing,
    Solver(SolverError),
}

impl From<SolverError> for Failure {
    fn from(error: SolverError) -> Self {
        Self::Solver(error)
    }
}

struct Asked<'a> {
    scenario: &'a ScenarioArgs,
    opened: &'a Opened,
    subject: &'a Subject,
    settings: Settings<'a>,
    registry: &'a Registry,
}

impl Asked<'_> {
    fn reopen(&self, sets: &[String]) -> Option<(Scenario, Policy)> {
        let opened = self.scenario.with(sets).open(self.registry).ok()?;
        Some((opened.loaded.scenario, opened.policy))
    }

    fn rule(&self, id: &str) -> Result<usize, Failure> {
        let rules = &self.subject.policy.rules;
        rules.iter().position(|rule| rule.id == id).ok_or_else(|| {
            let known: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
            Failure::Input(format!("the policy has no rule '{id}'; it has {}", known.join(", ")))
        })
    }

    fn target(&self, question: &Question) -> Result<Target, Failure> {
        let scenario = &self.subject.scenario;
        let unknown = |kind: &str, id: &str| Failure::Input(format!("the scenario has no {kind} '{id}'"));
        match question {
            Question::Line { province, site, sector } => Ok(Target::Line(
                scenario.province(province).ok_or_else(|| unknown("province", province))?,
                scenario.site(site).ok_or_else(|| unknown("site", site))?,
                scenario.sector(sector).ok_or_else(|| unknown("sector", sector))?,
            )),
            Question::Site { site } => {
                Ok(Target::Site(scenario.site(site).ok_or_else(|| unknown("site", site))?))
            }
            _ => Err(Failure::Nothing),
        }
    }

    fn answer(&self, question: &Question, progress: &mut Progress) -> Result<Answered, Failure> {
        // A wrong id costs nothing now.
        match question {
            Question::Rule { id, .. } => drop(self.rule(id)?),
            Question::Line { .. } | Question::Site { .. } => drop(self.target(question)?),
            Question::Rules { into: Some(folder) } => drop(self.digest_of(folder)?),
            _ => {}
        }
        let base = self.subject.run(self.settings, progress)?.ok_or(Failure::Nothing)?;
        if base.plan().is_none() {
            return Err(Failure::Infeasible);
        }
        let (value, bound) = base.value_and_bound();
        let head = json!({ "objective": self.subject.objective(), "value": value, "bound": bound });
        let (text, answer, exit) = self.about(question, &base, progress)?;
        let text = report::base_text(self.subject, &base) + &text;
        let mut json = json!({ "main_objective": head, "answer": answer });
        if let Question::Rules { into: Some(folder) } = question {
            json["input_sha256"] = json!(self.digest_of(folder)?);
            let failed = |error: std::io::Error| {
                Failure::Input(format!("cannot write prices.json into {}: {error}", folder.display()))
            };
            let bytes = format!("{json:#}\n");
            let open = Folder::open(folder, ["prices.json"]).map_err(failed)?;
            open.stage("prices.json", bytes.as_bytes()).and_then(StagedFile::place).map_err(failed)?;
            tell!("wrote prices.json to {}", folder.display());
        }
        Ok(Answered { text, json, exit })
    }

    /// Digest of a run's `input.json`, if that is the input that is asked about.
    fn digest_of(&self, run: &Path) -> Result<String, Failure> {
        let file = run.join("input.json");
        let recorded = std::fs::read(&file).map_err(|error| {
            Failure::Input(format!("{}: {error}; give a folder that solve wrote", file.display()))
        })?;
        let asked = Input::of(&self.opened.loaded.scenario, &self.opened.policy).ok();
        if serde_json::from_slice::<Input>(&recorded).ok() != asked {
            let cause = "is the input of another scenario or policy, or one of them has changed since";
            return Err(Failure::Input(format!("{} {cause}; run allot solve again", file.display())));
        }
        Ok(sha256(&recorded))
    }

    fn about(
        &self,
        question: &Question,
        base: &Run,
        progress: &mut Progress,
    ) -> Result<(String, Value, Exit), Failure> {
        let (subject, settings) = (self.subject, self.settings);
        let reopen = |sets: &[String]| self.reopen(sets);
        Ok(match question {
            Question::Rule { id, curve } => {
                let rule = self.rule(id)?;
                let price = explain::price(subject, base, rule, settings, progress)?;
                let points = match curve {
                    true => Some(explain::curve(subject, rule, &reopen, settings, progress)?),
                    false => None,
                };
                let text = report::price_text(&price, points.as_deref());
                (text, json!({ "rule": price, "curve": points }), Exit::Done)
            }
            Question::Rules { .. } => {
                let prices = explain::prices(subject, base, settings, progress)?;
                (report::prices_text(&prices), json!({ "rules": prices }), Exit::Done)
            }
            Question::Line { .. } | Question::Site { .. } => {
                self.what_if(self.target(question)?, base, progress)?
            }
            Question::Backbone { within, plans, solves } => {
                let asked = (*within, *plans, *solves);
                let found = explain::backbone(subject, base, asked, settings, progress)?;
                let found = found.ok_or(Failure::Nothing)?;
                (report::backbone_text(&found), json!(found), Exit::Done)
            }
            Question::Duals { most, finite } => {
                let places = &self.opened.loaded.places;
                let changed = |dial: &Dial, factor: f64| {
                    let set = conflict::set_of_cell(dial, places, factor)?;
                    self.reopen(&[set])
                };
                let asked = (*most, *finite);
                let found = explain::duals(subject, base, asked, &changed, settings, progress)?;
                let cause = "the problem with the funded lines frozen does not come to the plan's value, so its shadow \
                             prices would mislead; explain rule and explain line answer by solving";
                let found = found.ok_or_else(|| Failure::Input(cause.to_owned()))?;
                (report::duals_text(&found), json!(found), Exit::Done)
            }
            Question::Conflict { .. } | Question::WhySame { .. } => return Err(Failure::Nothing),
        })
    }

    fn what_if(
        &self,
        target: Target,
        base: &Run,
        progress: &mut Progress,
    ) -> Result<(String, Value, Exit), Failure> {
        let found = explain::what_if(self.subject, base, target, self.settings, progress)?;
        let Some((answer, demand)) = found else {
            let cause = "it is no candidate line: the two are not paired, or there is no such need";
            return Err(Failure::Input(cause.to_owned()));
        };
        let title = |id: &str| {
            let rule = self.subject.policy.rules.iter().find(|rule| rule.id == id);
            rule.map(|rule| rule.title.en.clone()).unwrap_or_default()
        };
        let mut text = report::answer_text(&answer, &title);
        let mut why = Value::Null;
        if answer.possible == Some(false) {
            // The rules that cannot hold together with it; a repair of it was not asked for.
            let mut policy = self.subject.policy.clone();
            policy.rules.push(demand);
            let case = conflict::Case {
                scenario: &self.subject.scenario,
                policy: &policy,
                places: &self.opened.loaded.places,
                reopen: &|_| None,
            };
            let conflicts = conflict::explain(&case, 1, self.settings, progress)?;
            text += &infeasibility_text(&conflicts, &policy, true);
            why = infeasibility_json(&conflicts, &policy, true);
        }
        Ok((text, json!({ "what_if": answer, "why": why }), Exit::Done))
    }
}

/// How it is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub quiet: bool,
    pub as_json: bool,
    /// Whether a search has shown that there is no plan.
    pub shown: bool,
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
    let text = if told.as_json {
        format!("{:#}\n", infeasibility_json(&found, policy, told.shown))
    } else {
        infeasibility_text(&found, policy, told.shown)
    };
    print_data(text.as_bytes());
    match found.further {
        _ if is_interrupted() => Exit::Interrupted,
        conflict::Further::None if found.conflicts.is_empty() => Exit::Done,
        conflict::Further::Unknown if found.conflicts.is_empty() => Exit::StoppedWithout,
        _ => Exit::Infeasible,
    }
}
