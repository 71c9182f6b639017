//! Whole runs on the three scenarios, held against recorded ones in `tests/golden/<scenario>/`.
//!
//! Record them anew, after a change that is meant, with
//! `ALLOT_REGENERATE=1 cargo test --release --test golden`, and look at the difference before committing.
//!
//! What is compared is what every machine must agree on. A solver stops within a gap, and which of many
//! plans within the gap it stops at may depend on the processor and on the solver's version. So of plans
//! that come out of branching (`starter`, `wenchuan`) this compares the objective values and bounds within
//! their gaps, which rules there are, what they ask, and that they pass; not single lines. `eu-cohesion`
//! is a linear problem whose tie-break makes the optimum unique, so there every cell is compared, to the
//! unit or two that rounding may move. On one machine two runs must agree byte for byte. And a recorded
//! plan must pass today's audit: a check must not change its mind.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod compare;

use std::path::{Path, PathBuf};

use compare::{Metrics, Rows, Stages};
use support::program::{read_json, root, run_to};

const TABLES: [&str; 3] = ["plan.csv", "metrics.csv", "rules.csv"];

struct Golden {
    scenario: &'static str,
    folder: tempfile::TempDir,
    again: tempfile::TempDir,
}

impl Golden {
    /// Solves twice; records when asked to.
    fn run(scenario: &'static str) -> Self {
        let [folder, again] = [(); 2].map(|()| {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path().to_str().unwrap();
            run_to(0, ["solve", &format!("scenarios/{scenario}"), "--quiet", "--out", out]);
            folder
        });
        let this = Self { scenario, folder, again };
        if std::env::var_os("ALLOT_REGENERATE").is_some_and(|value| value == "1") {
            std::fs::create_dir_all(this.recorded("")).unwrap();
            for table in TABLES {
                std::fs::copy(this.folder.path().join(table), this.recorded(table)).unwrap();
            }
            let stages = Stages::of(&read_json(&this.folder.path().join("plan.json")));
            std::fs::write(this.recorded("stages.csv"), stages.to_csv()).unwrap();
        }
        this
    }

    fn recorded(&self, name: &str) -> PathBuf {
        root().join("tests/golden").join(self.scenario).join(name)
    }

    fn is_repeatable(&self) {
        for table in TABLES {
            let read = |folder: &Path| std::fs::read(folder.join(table)).unwrap();
            assert_eq!(read(self.folder.path()), read(self.again.path()), "{table} differs between two runs");
        }
    }

    fn keeps_its_objectives(&self) {
        let now = Stages::of(&read_json(&self.folder.path().join("plan.json")));
        let recorded = Stages::read(&self.recorded("stages.csv"));
        now.assert_close(&recorded);
    }

    /// The recorded plan passes.
    fn recorded_plan_passes(&self) {
        let plan = self.recorded("plan.csv");
        run_to(0, ["audit", &format!("scenarios/{}", self.scenario), "--plan", plan.to_str().unwrap()]);
    }

    fn tables(&self, name: &str) -> (Rows, Rows) {
        (Rows::read(&self.folder.path().join(name)), Rows::read(&self.recorded(name)))
    }

    fn keeps_its_rules(&self, measured: bool) {
        let (now, recorded) = self.tables("rules.csv");
        compare::rules(&now, &recorded, measured);
    }

    fn keeps_its_metrics(&self, values: Metrics) {
        let (now, recorded) = self.tables("metrics.csv");
        compare::metrics(&now, &recorded, values);
    }
}

#[test]
fn starter() {
    let golden = Golden::run("starter");
    golden.is_repeatable();
    golden.keeps_its_objectives();
    golden.keeps_its_rules(false);
    golden.keeps_its_metrics(Metrics::Whole);
    golden.recorded_plan_passes();
}

#[test]
fn wenchuan() {
    let golden = Golden::run("wenchuan");
    golden.is_repeatable();
    golden.keeps_its_objectives();
    golden.keeps_its_rules(false);
    golden.keeps_its_metrics(Metrics::Whole);
    golden.recorded_plan_passes();
}

#[test]
fn eu_cohesion() {
    let golden = Golden::run("eu-cohesion");
    golden.is_repeatable();
    golden.keeps_its_objectives();
    golden.keeps_its_rules(true);
    golden.keeps_its_metrics(Metrics::All);
    golden.recorded_plan_passes();
    let (now, recorded) = golden.tables("plan.csv");
    compare::plans(&now, &recorded);
}
