//! `allot init`: a starter scenario with comments, which runs as it is.

use std::path::PathBuf;

use clap::Args;

use super::Exit;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder to make; it must not exist, or must be empty
    folder: PathBuf,
}

macro_rules! starter {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../scenarios/starter/", $name))),)*]
    };
}

const FILES: &[(&str, &str)] = starter!(
    "scenario.toml" "README.md" "provinces.csv" "regions.csv" "sites.csv" "industries.csv" "sectors.csv"
    "pairings.csv"
    "needs.csv" "priorities.csv" "sector_capacity.csv" "commitments.csv" "exclusions.csv" "neighbours.csv"
    "parks.csv" "professions.csv" "secondees.csv" "posts.csv" "placements.csv" "people.csv" "post_list.csv"
    "provenance.csv"
);

/// Runs `init`.
pub fn run(args: &InitArgs) -> Exit {
    match super::write_new_folder(&args.folder, FILES.iter().copied()) {
        Ok(()) => {
            tell!("wrote a starter scenario to {}; next:", args.folder.display());
            tell!("    allot check {0}\n    allot solve {0} --out out", args.folder.display());
            Exit::Done
        }
        Err(error) => {
            tell!("cannot write {}: {error}", args.folder.display());
            Exit::BadInput
        }
    }
}
