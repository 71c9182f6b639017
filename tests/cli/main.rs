//! The command line end to end: the built program, run as a user runs it, on the real scenarios and on
//! small ones that a test writes.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod certificate;
mod check;
mod cohesion;
mod compare;
mod conflicts;
mod explain;
mod export;
mod generated;
mod infeasible;
mod init;
mod oasis;
mod pipes;
mod rounding;
mod schemas;
mod solve;
#[cfg(unix)]
mod stopping;
mod studies;
mod sweep;
mod talent;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use support::World;
use support::program::run_to;

/// The starter, solved once for all tests that only look at the result.
fn solved_starter() -> &'static Path {
    static SOLVED: OnceLock<PathBuf> = OnceLock::new();
    SOLVED.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-starter");
        let _ = std::fs::remove_dir_all(&out);
        run_to(0, ["solve", "scenarios/starter", "--quiet", "--out", out.to_str().unwrap()]);
        out
    })
}

/// A small scenario with its policy in a folder of its own.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    fn new(world: &World, policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scenario = folder.path().join("scenario");
        std::fs::create_dir(&scenario).unwrap();
        world.write(&scenario);
        std::fs::write(scenario.join("policy.toml"), policy).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn scenario(&self) -> String {
        self.path("scenario").display().to_string()
    }

    fn out(&self) -> String {
        self.path("out").display().to_string()
    }
}
