//! `allot verify`: whether a written plan is what its certificate says.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Exit, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::rules::Registry;
use crate::verify::{Files, Input, Verdict, verify};

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Folder with plan.csv, input.json, certificate.json and, where there are people, talent.csv, as solve wrote them
    dir: PathBuf,
    /// Scenario to compare the recorded input with [default: the recorded input is taken as it is]
    scenario: Option<PathBuf>,
    /// The policy that was given to solve
    #[arg(long, short, requires = "scenario")]
    policy: Option<String>,
    /// The changes that were given to solve
    #[arg(long = "set", value_name = "PATH=VALUE", requires = "scenario")]
    sets: Vec<String>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value = "text")]
    format: VerifyFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum VerifyFormat {
    /// For reading.
    Text,
    /// For programs.
    Json,
}

/// Runs `verify`.
pub fn run(args: VerifyArgs, registry: &Registry) -> Exit {
    let expected = match args.scenario {
        None => None,
        Some(scenario) => {
            let named = ScenarioArgs { scenario, policy: args.policy, sets: args.sets };
            match named.open(registry).map(|opened| Input::of(&opened.loaded.scenario, &opened.policy)) {
                Ok(Ok(input)) => Some(input),
                Ok(Err(error)) => return defect(&error),
                Err(diagnostics) => {
                    print_diagnostics(&diagnostics);
                    return Exit::BadInput;
                }
            }
        }
    };
    let read = |name: &str| {
        let path = args.dir.join(name);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let verdict = match (read("input.json"), read("plan.csv"), read("certificate.json")) {
        (Ok(input), Ok(plan), Ok(certificate)) => {
            let talent = std::fs::read(args.dir.join("talent.csv")).ok();
            let talent = talent.as_deref();
            let files = Files { input: &input, plan: &plan, talent, certificate: &certificate };
            let mut verdict = verify(files);
            if let Some(expected) = &expected {
                verdict.compare(&input, expected);
            }
            verdict
        }
        (input, plan, certificate) => {
            let missing = [input, plan, certificate].into_iter().filter_map(Result::err);
            Verdict { reasons: missing.collect(), ..Verdict::default() }
        }
    };
    match args.format {
        VerifyFormat::Text => print_data(text(&verdict, expected.is_some()).as_bytes()),
        VerifyFormat::Json => match serde_json::to_string_pretty(&verdict) {
            Ok(text) => print_data(format!("{text}\n").as_bytes()),
            Err(error) => return defect(&error),
        },
    }
    if verdict.certified { Exit::Done } else { Exit::NotCertified }
}

fn text(verdict: &Verdict, compared: bool) -> String {
    let mut out = String::new();
    if verdict.certified {
        let input =
            if compared { "and of the scenario named" } else { "which was not compared with a scenario" };
        let within = verdict.widest_gap().map(|gap| format!(" to within {:.4}%", 100.0 * gap));
        let within = within.unwrap_or_default();
        let _ = writeln!(out, "certified{within}, for the input in input.json, {input}:");
        let _ = writeln!(
            out,
            "every hard rule holds, and no plan as good in the stages before is beyond the bounds"
        );
    } else {
        let _ = writeln!(out, "NOT CERTIFIED:");
        for reason in &verdict.reasons {
            let _ = writeln!(out, "  {reason}");
        }
    }
    for broken in &verdict.broken {
        let _ = writeln!(out, "  {} {} fails by {}", broken.rule, broken.of.join(" "), broken.by);
    }
    for stage in &verdict.stages {
        let or_none = |number: &Option<String>| number.clone().unwrap_or_else(|| "-".to_owned());
        let gap = stage.gap.map_or_else(|| "-".to_owned(), |gap| format!("{:.4}%", 100.0 * gap));
        let (value, bound) = (or_none(&stage.value), or_none(&stage.bound));
        let _ = writeln!(out, "  {:<14} value {value:>20}   bound {bound:>20}   gap {gap}", stage.kind);
    }
    out
}
