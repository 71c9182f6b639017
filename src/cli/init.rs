//! `allot init`: a starter scenario with comments, which runs as it is.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder to make; it must not exist or be empty
    folder: PathBuf,
}

macro_rules! starter {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../scenarios/starter/", $name))),)*]
    };
}

const FILES: &[(&str, &str)] = starter!(
    "scenario.toml" "README.md" "provinces.csv" "regions.csv" "sites.csv" "sectors.csv" "pairings.csv"
    "needs.csv" "priorities.csv" "sector_capacity.csv" "commitments.csv" "exclusions.csv"
);

/// Runs `init`.
pub fn run(args: &InitArgs) -> Exit {
    match write(&args.folder) {
        Ok(()) => {
            eprintln!("wrote a starter scenario to {}; next:", args.folder.display());
            eprintln!("    allot check {0}\n    allot solve {0} --out out", args.folder.display());
            Exit::Done
        }
        Err(error) => {
            eprintln!("cannot write {}: {error}", args.folder.display());
            Exit::BadInput
        }
    }
}

/// Writes all files into a temporary folder beside the target, then renames it.
fn write(folder: &Path) -> std::io::Result<()> {
    let exists = folder.exists();
    if exists && std::fs::read_dir(folder)?.next().is_some() {
        return Err(std::io::Error::other("the folder is not empty"));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let made = tempfile::Builder::new().prefix(".allot-init-").tempdir_in(parent)?;
    // The folder inside, so that the new one gets ordinary permissions and not a temporary folder's.
    let inside = made.path().join("scenario");
    std::fs::create_dir(&inside)?;
    for (name, text) in FILES {
        std::fs::write(inside.join(name), text)?;
    }
    if exists {
        std::fs::remove_dir(folder)?;
    }
    std::fs::rename(&inside, folder)
}
