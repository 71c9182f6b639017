//! A small valid scenario in a folder of its own, for tests to spoil.

// Each test binary uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use allot::diagnostics::{Diagnostic, Diagnostics};
use allot::domain::Plan;
use allot::input::{self, Loaded};
use tempfile::TempDir;

/// The tables of the small scenario.
pub const TABLES: [&str; 20] = [
    "provinces",
    "regions",
    "sites",
    "industries",
    "sectors",
    "pairings",
    "needs",
    "priorities",
    "sector_capacity",
    "commitments",
    "exclusions",
    "neighbours",
    "parks",
    "professions",
    "secondees",
    "posts",
    "placements",
    "people",
    "post_list",
    "provenance",
];

/// A copy of tests/common/small.
pub struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// A fresh copy.
    pub fn new() -> Self {
        let fixture = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/small");
        for entry in fs::read_dir(small).expect("the small scenario").map(|entry| entry.expect("an entry")) {
            fs::copy(entry.path(), fixture.path(&entry.file_name().to_string_lossy())).expect("a copy");
        }
        fixture
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// The text of a file.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect(file)
    }

    /// Writes a file.
    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) -> &Self {
        if let Some(folder) = self.path(file).parent() {
            fs::create_dir_all(folder).expect("a folder");
        }
        fs::write(self.path(file), content).expect(file);
        self
    }

    /// Replaces a text that must be there, everywhere in a file.
    pub fn replace(&self, file: &str, from: &str, to: &str) -> &Self {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no '{from}'");
        self.write(file, text.replace(from, to))
    }

    /// Puts a line at the end of a file.
    pub fn append(&self, file: &str, line: &str) -> &Self {
        self.write(file, format!("{}{line}\n", self.read(file)))
    }

    /// Removes a file.
    pub fn remove(&self, file: &str) -> &Self {
        fs::remove_file(self.path(file)).expect(file);
        self
    }

    /// Loads the folder.
    pub fn load(&self) -> Result<Loaded, Diagnostics> {
        self.load_from("", &[])
    }

    /// Loads a file or folder in it, with `--set`.
    pub fn load_from(&self, file: &str, sets: &[&str]) -> Result<Loaded, Diagnostics> {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let path = if file.is_empty() { self.root().to_owned() } else { self.path(file) };
        input::load(&path, &sets)
    }

    /// Reads a plan in it for the scenario in it.
    pub fn read_plan(&self, file: &str) -> Result<(Plan, Diagnostics), Diagnostics> {
        let read = input::read_plan(&self.path(file), None, &self.loaded().scenario)?;
        Ok((read.plan, read.warnings))
    }

    /// Loads the folder, which must be right.
    pub fn loaded(&self) -> Loaded {
        self.load().unwrap_or_else(|found| panic!("{}", self.told(&found).join("\n")))
    }

    /// What was found, each as `code file:row:column` with files relative to the folder.
    pub fn told(&self, found: &Diagnostics) -> Vec<String> {
        found.iter().map(|diagnostic| self.tell(diagnostic)).collect()
    }

    fn tell(&self, diagnostic: &Diagnostic) -> String {
        let root = format!("{}/", self.root().display());
        format!("{} {}", diagnostic.code.id(), diagnostic.place).replace(&root, "")
    }
}

/// Everything that a load says, right or wrong.
pub fn all_found(outcome: Result<Loaded, Diagnostics>) -> Diagnostics {
    outcome.map_or_else(|found| found, |loaded| loaded.warnings)
}

/// A scenario as text: equal texts, equal scenarios.
pub fn shown(loaded: &Loaded) -> String {
    format!("{:#?}", loaded.scenario)
}
