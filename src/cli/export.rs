//! `allot export`: the model as an MPS or LP file, for other solvers and for reading.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, ScenarioArgs, defect, print_diagnostics};
use crate::formulation::{Firmness, Scaled, formulate};
use crate::model::ColumnKind;
use crate::rules::Registry;
use crate::solve::write_model;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// File to write; its ending (.mps or .lp) chooses the format
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Objective stage to write, by kind [default: the first that is not `shortfall`]
    #[arg(long)]
    stage: Option<String>,
}

/// Other characters for those that the LP format gives a meaning of its own. `-` becomes `~`, which no id
/// has: with `_`, `a-b` and `a_b` would be one name, and HiGHS then drops all names.
fn lp_name(name: &str) -> String {
    name.replace('[', "(").replace(']', ")").replace('-', "~")
}

/// Runs `export`.
pub fn run(args: &ExportArgs, registry: &Registry) -> Exit {
    let ending = args.to.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !matches!(ending, "mps" | "lp") {
        tell!("'{}' must end in .mps or .lp", args.to.display());
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
    let (scenario, policy) = (&opened.loaded.scenario, &opened.policy);
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let wanted = |kind: &str| args.stage.as_deref().map_or(kind != "shortfall", |stage| stage == kind);
    let Some(stage) = formulation.stages.iter().find(|stage| wanted(&stage.kind)) else {
        let kinds: Vec<_> = formulation.stages.iter().map(|stage| stage.kind.as_str()).collect();
        tell!("the policy has no such stage; it has {}", kinds.join(", "));
        return Exit::BadInput;
    };
    let model = &formulation.built.model;
    // In units of money: a scale of one.
    let mut scaled = Scaled::new(model, 1.0);
    scaled.set_objective(&stage.terms, stage.sense);
    // Our stages leave persons fractional; another solver has nothing that makes them whole.
    for (column, kind) in model.kinds.iter().enumerate() {
        scaled.problem.integer[column] |= *kind == ColumnKind::People;
    }
    let ids = policy.rule_ids();
    let spell = |names: &[crate::model::Name]| -> Vec<String> {
        let spelled = names.iter().map(|name| name.spelled(scenario, &ids).to_string());
        spelled.map(|name| if ending == "lp" { lp_name(&name) } else { name }).collect()
    };
    let (columns, rows) = (spell(&model.column_names), spell(&model.row_names));
    // A temporary file beside the target, then a rename: nothing is ever half written.
    let folder = args.to.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    let made =
        match tempfile::Builder::new().prefix(".allot-").suffix(&format!(".{ending}")).tempfile_in(folder) {
            Ok(made) => made,
            Err(error) => {
                tell!("cannot write into {}: {error}", folder.display());
                return Exit::BadInput;
            }
        };
    if let Err(error) = write_model(&scaled.problem, &columns, &rows, made.path()) {
        return defect(&error);
    }
    if let Err(error) = made.persist(&args.to) {
        tell!("cannot write {}: {}", args.to.display(), error.error);
        return Exit::BadInput;
    }
    tell!(
        "wrote {}: {} columns, {} rows, to be minimised: {}{}",
        args.to.display(),
        columns.len(),
        rows.len(),
        if stage.sense == crate::model::Sense::Maximise { "minus " } else { "" },
        stage.kind,
    );
    Exit::Done
}
