//! Annexes: the same figures in every format, what is wrong told at once, nothing half-written; and in a browser.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod expected;
mod figures;
mod readers;
mod redline;
mod safety;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use support::program::run_to;

/// Formats that every machine can make.
pub const FORMATS: &str = "html,xlsx,docx";

/// A run of a scenario with its annexes, made once.
pub struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    fn new(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        run_to(0, ["solve", &format!("scenarios/{scenario}"), "--quiet", "--out", out]);
        run_to(0, ["annex", out, "--format", FORMATS]);
        Self { folder }
    }

    /// Makes print too; says so and does nothing where the machine has no fonts for it.
    #[cfg(feature = "pdf")]
    pub fn print(&self) -> bool {
        let output = support::program::run(["annex", self.path().to_str().unwrap(), "--format", "pdf"]);
        let told = support::program::stderr(&output);
        if told.contains("no font has") {
            eprintln!("SKIPPED: {told}");
            return false;
        }
        assert!(output.status.success(), "{told}");
        true
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Some lines, three years, no last plan.
pub fn wenchuan() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| Made::new("wenchuan"))
}

/// Many lines, one year, a last plan.
pub fn eu_cohesion() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| Made::new("eu-cohesion"))
}
