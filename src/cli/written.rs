//! A folder that `solve` wrote, as an argument of other commands.

use std::path::{Path, PathBuf};

use super::ScenarioArgs;
use crate::digest::sha256;
use crate::report::PlanDocument;

/// Whether `solve` wrote this folder.
pub fn is_run(folder: &Path) -> bool {
    folder.join("plan.json").is_file()
}

/// The document of a folder that `solve` wrote.
pub fn read_run(folder: &Path) -> Result<PlanDocument, String> {
    let file = folder.join("plan.json");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: not a plan.json: {error}", file.display()))
}

/// The scenario, policy and changes that a run was made from, with more changes.
pub fn source_of(
    folder: &Path,
    document: &PlanDocument,
    more: &ScenarioArgs,
) -> Result<ScenarioArgs, String> {
    let inputs = &document.run.inputs;
    let (Some(first), Some(last)) = (inputs.first(), inputs.last()) else {
        return Err(format!("{} names no input", folder.join("plan.json").display()));
    };
    let scenario = Path::new(&first.file);
    let is_folder = scenario.file_name().is_some_and(|name| name == "scenario.toml");
    let scenario = if is_folder { scenario.parent().unwrap_or(Path::new(".")) } else { scenario };
    let policy = &document.policy.id;
    let is_built_in = last.file == format!("models/{policy}.toml");
    let policy = if is_built_in { policy.clone() } else { last.file.clone() };
    let sets = document.run.overrides.iter().chain(&more.sets).cloned().collect();
    Ok(ScenarioArgs { scenario: scenario.to_owned(), policy: more.policy.clone().or(Some(policy)), sets })
}

/// A folder that `solve` wrote stands for the scenario, policy and changes that it was made from.
pub fn of_run(args: &ScenarioArgs) -> Result<ScenarioArgs, String> {
    if is_run(&args.scenario) {
        source_of(&args.scenario, &read_run(&args.scenario)?, args)
    } else {
        Ok(args.clone())
    }
}

/// Files that are no longer as they were when a run read them. Policies that are built in have no file.
pub fn changed_since(document: &PlanDocument) -> Vec<PathBuf> {
    let files = document.run.inputs.iter().filter(|input| !input.file.starts_with("models/"));
    let changed =
        files.filter(|input| std::fs::read(&input.file).map_or(true, |bytes| sha256(&bytes) != input.sha256));
    changed.map(|input| PathBuf::from(&input.file)).collect()
}
