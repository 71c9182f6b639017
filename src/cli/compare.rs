//! `allot compare`: scenarios or runs side by side.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::explain::wrong_number;
use super::progress::{Progress, catch_interrupts, is_interrupted};
use super::written::{changed_since, is_run, read_run, source_of};
use super::{Exit, Format, Opened, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::audit::audit;
use crate::compare::{Comparison, Side, StageCell, attribute};
use crate::input;
use crate::report::{comparison_csv, comparison_json, comparison_text, comparison_xlsx};
use crate::rules::Registry;
use crate::search::{self, Outcome, Settings, judge};
use crate::solve::{self, Options};

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Scenario folders, override files, or folders that solve wrote; the others are compared with the first.
    /// Scenarios are solved
    #[arg(num_args = 2.., required = true, value_name = "SIDE")]
    sides: Vec<PathBuf>,
    /// Policy of the scenarios: once for all, or once for each side in order [default: each scenario's own; that
    /// of a run is the one it was made with]
    #[arg(long, short)]
    policy: Vec<String>,
    /// Say how much of the change each difference of the inputs explains: the first side is solved again with
    /// each one alone, and with one after the other
    #[arg(long)]
    attribute: bool,
    /// Relative gap at which a stage counts as solved
    #[arg(long, default_value_t = 0.001)]
    gap: f64,
    /// Seconds for each solve
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<f64>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Also write all tables as a workbook
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// No progress on stderr
    #[arg(long, short)]
    quiet: bool,
}

/// Runs `compare`.
pub fn run(args: &CompareArgs, registry: &Registry) -> Exit {
    compare(args, registry).unwrap_or_else(|exit| exit)
}

fn compare(args: &CompareArgs, registry: &Registry) -> Result<Exit, Exit> {
    if let Some(wrong) = wrong(args) {
        tell!("{wrong}");
        return Err(Exit::BadInput);
    }
    // Before the long run: a file that cannot be written costs nothing now.
    if let Some(path) = &args.xlsx {
        let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
        if let Err(error) = opened {
            tell!("cannot write {}: {error}", path.display());
            return Err(Exit::BadInput);
        }
    }
    let time_limit = args.time_limit.map(Duration::from_secs_f64);
    let options = Options { gap: args.gap, time_limit, ..Options::default() };
    let settings = Settings { solver: solve::solvers()[0], options: &options };
    let opened = open_all(args, registry)?;
    catch_interrupts();
    let mut sides = Vec::new();
    for (Named { label, run, .. }, opened) in named(args)?.into_iter().zip(opened) {
        sides.push(match run {
            Some(run) => read(label, &run, opened)?,
            None => solved(label, opened, settings, args.quiet)?,
        });
    }
    let mut comparison = Comparison::new(&sides);
    if args.attribute {
        let metrics: Vec<String> = comparison.metrics.iter().map(|row| row.id.clone()).collect();
        for side in 1..sides.len() {
            let mut progress = Progress::start(&sides[side].label, args.quiet);
            let found = attribute(&sides, side, &metrics, settings, &mut progress);
            progress.finish();
            comparison.attribution.push(found.map_err(|error| defect(&error))?);
        }
    }
    if let Some(path) = &args.xlsx {
        let bytes = comparison_xlsx(&comparison).map_err(|error| defect(&error))?;
        std::fs::write(path, bytes).map_err(|error| {
            tell!("cannot write {}: {error}", path.display());
            Exit::BadInput
        })?;
    }
    match args.format {
        Format::Text => print_data(comparison_text(&comparison).as_bytes()),
        Format::Json => {
            print_data(comparison_json(&comparison).map_err(|error| defect(&error))?.as_bytes());
        }
        Format::Csv => print_data(&comparison_csv(&comparison).map_err(|error| defect(&error))?),
    }
    Ok(if is_interrupted() { Exit::Interrupted } else { Exit::Done })
}

fn wrong(args: &CompareArgs) -> Option<String> {
    let (policies, sides) = (args.policy.len(), args.sides.len());
    wrong_number(args.gap, args.time_limit).or_else(|| {
        (policies > 1 && policies != sides).then(|| {
            format!("{policies} policies for {sides} sides; give one for all, or one for each side in order")
        })
    })
}

/// A side as it was named: what it is called, what is opened, and where it is a run, its folder.
struct Named {
    label: String,
    scenario: ScenarioArgs,
    run: Option<PathBuf>,
}

fn named(args: &CompareArgs) -> Result<Vec<Named>, Exit> {
    let name = |(position, path): (usize, &PathBuf)| {
        let policy = if args.policy.len() > 1 { args.policy.get(position) } else { args.policy.first() };
        let scenario = ScenarioArgs { scenario: path.clone(), policy: policy.cloned(), sets: Vec::new() };
        if !is_run(path) {
            return Ok(Named { label: String::new(), scenario, run: None });
        }
        let own = ScenarioArgs { policy: None, ..scenario };
        let document = read_run(path)?;
        let changed: Vec<String> =
            changed_since(&document).iter().map(|file| file.display().to_string()).collect();
        if !changed.is_empty() {
            let folder = path.display();
            return Err(format!(
                "{folder} was made from other input: changed since, or not there: {}\n    solve again, or compare \
                 the scenarios themselves",
                changed.join(", ")
            ));
        }
        let scenario = source_of(path, &document, &own)?;
        Ok(Named { label: String::new(), scenario, run: Some(path.clone()) })
    };
    let named: Vec<Result<Named, String>> = args.sides.iter().enumerate().map(name).collect();
    let wrong: Vec<&String> = named.iter().filter_map(|side| side.as_ref().err()).collect();
    for cause in &wrong {
        tell!("{cause}");
    }
    if !wrong.is_empty() {
        return Err(Exit::BadInput);
    }
    let mut sides: Vec<Named> = named.into_iter().flatten().collect();
    let labels = labels(args, &sides);
    for (side, label) in sides.iter_mut().zip(labels) {
        side.label = label;
    }
    Ok(sides)
}

/// Short names that tell the sides apart: the last part of the path, with the policy where two are the same.
fn labels(args: &CompareArgs, sides: &[Named]) -> Vec<String> {
    let stem = |path: &Path| path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let with_policy = |(path, side): (&PathBuf, &Named)| {
        side.scenario.policy.as_ref().map_or_else(|| stem(path), |policy| stem(Path::new(policy)))
    };
    let distinct =
        |names: &[String]| names.iter().all(|name| names.iter().filter(|n| *n == name).count() == 1);
    let by_path: Vec<String> = args.sides.iter().map(|path| stem(path)).collect();
    let by_policy: Vec<String> = args.sides.iter().zip(sides).map(with_policy).collect();
    let whole: Vec<String> = args.sides.iter().map(|path| path.display().to_string()).collect();
    [by_path, by_policy, whole].into_iter().find(|names| distinct(names)).unwrap_or_else(|| {
        args.sides.iter().enumerate().map(|(at, path)| format!("{} {}", at + 1, stem(path))).collect()
    })
}

/// Opens every side: what is wrong with any of them is told in one pass.
fn open_all(args: &CompareArgs, registry: &Registry) -> Result<Vec<Opened>, Exit> {
    let mut all = Vec::new();
    let sides = named(args)?;
    for Named { scenario, .. } in &sides {
        match scenario.open(registry) {
            Ok(opened) => {
                print_diagnostics(&opened.warnings);
                all.push(opened);
            }
            Err(diagnostics) => print_diagnostics(&diagnostics),
        }
    }
    if all.len() < sides.len() {
        return Err(Exit::BadInput);
    }
    let money = |opened: &Opened| {
        let money = &opened.loaded.scenario.money;
        (money.currency.clone(), money.unit)
    };
    let first = money(&all[0]);
    if let Some((side, (currency, unit))) =
        sides.iter().zip(all.iter().map(money)).find(|(_, of)| *of != first)
    {
        tell!(
            "{} counts money in units of {unit} {currency}, {} in units of {} {}",
            side.label,
            sides[0].label,
            first.1,
            first.0
        );
        tell!("    give them the same money.currency and money.unit in scenario.toml or an override file");
        return Err(Exit::BadInput);
    }
    Ok(all)
}

/// A side whose plan was written.
fn read(label: String, folder: &Path, opened: Opened) -> Result<Side, Exit> {
    let people = Some(folder.join("talent.csv")).filter(|file| file.is_file());
    let plan = input::read_plan(&folder.join("plan.csv"), people.as_deref(), &opened.loaded.scenario);
    let plan = plan.map_err(|diagnostics| {
        print_diagnostics(&diagnostics);
        Exit::BadInput
    })?;
    let document = read_run(folder).map_err(|cause| {
        tell!("{cause}");
        Exit::BadInput
    })?;
    let stages = document.stages.into_iter().map(|stage| {
        let cell = StageCell { value: stage.value, bound: stage.bound };
        (stage.kind, cell)
    });
    Ok(Side::new(label, (opened.loaded, opened.policy), plan.plan, stages.collect()))
}

/// A side that is solved now.
fn solved(label: String, opened: Opened, settings: Settings<'_>, quiet: bool) -> Result<Side, Exit> {
    let Opened { loaded, policy, .. } = opened;
    let mut progress = Progress::start(&label, quiet);
    let outcome = search::search(&loaded.scenario, &policy, settings, &mut progress);
    progress.finish();
    match outcome {
        Ok(Outcome::Plan(proposal)) => {
            let audit = audit(&loaded.scenario, &policy, &proposal.plan);
            let reference = loaded.scenario.budget_sum().as_f64() / 1000.0;
            let (_, stages) = judge(&proposal.stages, &audit.values, false, reference);
            let stages = stages.into_iter().map(|stage| {
                let cell = StageCell { value: stage.value, bound: stage.bound };
                (stage.kind, cell)
            });
            Ok(Side::new(label, (loaded, policy), proposal.plan, stages.collect()))
        }
        Ok(Outcome::Infeasible) => {
            tell!("{label} has no plan; allot explain SCENARIO conflict says why");
            Err(Exit::Infeasible)
        }
        Ok(Outcome::Nothing(_)) => {
            tell!("{label}: stopped without a plan; give it more time or a larger gap");
            Err(Exit::StoppedWithout)
        }
        Err(error) => Err(defect(&error)),
    }
}
