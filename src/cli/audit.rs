//! `allot audit`: checks any plan, ours or not.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Format, ScenarioArgs, defect, print_data, print_diagnostics};
use crate::audit::audit;
use crate::input::{self, PlanFile};
use crate::report::document::rule_records;
use crate::report::{audit_csv, audit_text};
use crate::rules::Registry;

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// The plan: a CSV or XLSX file with `province_id`, `site_id`, `sector_id`, `year`, `amount`
    #[arg(long)]
    plan: PathBuf,
    /// The people of the plan: a CSV or XLSX file with `secondees_id`, `posts_id`, `number`; without it, the plan
    /// sends nobody
    #[arg(long, value_name = "FILE")]
    talent: Option<PathBuf>,
    /// How to print the rule table
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Runs `audit`.
pub fn run(args: &AuditArgs, registry: &Registry) -> Exit {
    let opened = match args.scenario.open(registry) {
        Ok(opened) => opened,
        Err(diagnostics) => {
            print_diagnostics(&diagnostics);
            return Exit::BadInput;
        }
    };
    print_diagnostics(&opened.warnings);
    let scenario = &opened.loaded.scenario;
    let PlanFile { plan, places, warnings } =
        match input::read_plan(&args.plan, args.talent.as_deref(), scenario) {
            Ok(read) => read,
            Err(diagnostics) => {
                print_diagnostics(&diagnostics);
                return Exit::BadInput;
            }
        };
    print_diagnostics(&warnings);
    let audit = audit(scenario, &opened.policy, &plan);
    let rules = rule_records(&opened.policy, &audit, &places);
    let verdict = if audit.passes() { "every hard rule holds" } else { "a hard rule FAILS" };
    match args.format {
        Format::Text => {
            let lines = plan.lines().len();
            let head = format!("plan of {lines} lines, {} units: {verdict}\n", plan.total());
            print_data((head + &audit_text(&rules)).as_bytes());
        }
        Format::Json => {
            let document =
                serde_json::json!({ "passes": audit.passes(), "policy": opened.policy.id, "rules": rules });
            match serde_json::to_string_pretty(&document) {
                Ok(text) => print_data(format!("{text}\n").as_bytes()),
                Err(error) => return defect(&error),
            }
        }
        Format::Csv => match audit_csv(&rules) {
            Ok(bytes) => print_data(&bytes),
            Err(error) => return defect(&error),
        },
    }
    if audit.passes() { Exit::Done } else { Exit::Findings }
}
