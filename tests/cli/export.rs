//! `allot export`: other programs can read the model, and it is the model that `solve` solves.

use std::ffi::{CStr, CString, c_void};
use std::path::Path;

use highs_sys as highs;
use tempfile::tempdir;

use crate::Small;
use crate::solved_starter;
use crate::support::program::{names, read_json, run_to, stderr};
use crate::support::{World, policy_text};

/// A model as HiGHS reads it back from a file.
struct ReadBack(*mut c_void);

impl Drop for ReadBack {
    fn drop(&mut self) {
        // SAFETY: made by Highs_create, destroyed once.
        unsafe { highs::Highs_destroy(self.0) }
    }
}

impl ReadBack {
    fn new(path: &Path) -> Self {
        let path = CString::new(path.to_str().unwrap()).unwrap();
        // SAFETY: a live instance and terminated strings.
        unsafe {
            let model = Self(highs::Highs_create());
            highs::Highs_setBoolOptionValue(model.0, c"output_flag".as_ptr(), 0);
            let status = highs::Highs_readModel(model.0, path.as_ptr());
            assert_eq!(status, highs::kHighsStatusOk, "HiGHS cannot read {}", path.to_str().unwrap());
            model
        }
    }

    /// Columns and rows.
    fn shape(&self) -> (usize, usize) {
        // SAFETY: a live instance.
        let (columns, rows) = unsafe { (highs::Highs_getNumCol(self.0), highs::Highs_getNumRow(self.0)) };
        (usize::try_from(columns).unwrap(), usize::try_from(rows).unwrap())
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let (columns, rows) = self.shape();
        let mut buffer = vec![0; 4096];
        let mut spell = |row: bool, position: usize| {
            let position = i32::try_from(position).unwrap();
            // SAFETY: a live instance, a position in it, and far more room than any name of ours takes.
            unsafe {
                let status = if row {
                    highs::Highs_getRowName(self.0, position, buffer.as_mut_ptr())
                } else {
                    highs::Highs_getColName(self.0, position, buffer.as_mut_ptr())
                };
                assert_eq!(status, highs::kHighsStatusOk);
                CStr::from_ptr(buffer.as_ptr()).to_str().unwrap().to_owned()
            }
        };
        let columns = (0..columns).map(|position| spell(false, position)).collect();
        let rows = (0..rows).map(|position| spell(true, position)).collect();
        (columns, rows)
    }

    /// The least objective.
    fn optimum(&self) -> f64 {
        // SAFETY: a live instance and terminated strings.
        unsafe {
            highs::Highs_setDoubleOptionValue(self.0, c"mip_rel_gap".as_ptr(), 1e-6);
            assert_eq!(highs::Highs_run(self.0), highs::kHighsStatusOk);
            assert_eq!(highs::Highs_getModelStatus(self.0), highs::kHighsModelStatusOptimal);
            highs::Highs_getObjectiveValue(self.0)
        }
    }
}

fn export(scenario: &str, to: &Path, more: &[&str]) -> String {
    stderr(&run_to(0, [&["export", scenario, "--to", to.to_str().unwrap()], more].concat()))
}

#[test]
fn read_back_it_has_the_optimum_that_solve_found() {
    let folder = tempdir().unwrap();
    let document = read_json(&solved_starter().join("plan.json"));
    let stage = &document["stages"][1];
    assert_eq!(stage["kind"], "coverage");
    let bound = stage["bound"].as_f64().unwrap();
    for ending in ["mps", "lp"] {
        let file = folder.path().join(format!("starter.{ending}"));
        let said = export("scenarios/starter", &file, &[]);
        assert!(said.contains("to be minimised: minus coverage"), "{said}");
        let model = ReadBack::new(&file);
        let (columns, rows) = model.shape();
        assert!(said.contains(&format!("{columns} columns, {rows} rows")), "{said}");
        // Solve stops at a gap of 0.1%; its bound and the exact optimum are no further apart.
        let optimum = -model.optimum();
        assert!((optimum - bound).abs() <= 1e-3 * bound, "{ending}: {optimum}, bound {bound}");
    }
    assert_eq!(names(folder.path()), ["starter.lp", "starter.mps"], "no temporary files");
}

#[test]
fn names_say_what_a_row_is_about() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("starter.mps");
    export("scenarios/starter", &file, &[]);
    let (columns, rows) = ReadBack::new(&file).names();
    let has = |names: &[String], name: &str| assert!(names.iter().any(|n| n == name), "no {name}");
    has(&columns, "x[prov-a,upland-1,housing,2026]");
    has(&columns, "open[prov-a,upland-1,housing]");
    has(&rows, "minimum_ticket[R2;prov-a,upland-1,housing].lower");
    has(&rows, "province_budget[R1;prov-a,2026]");
    has(&rows, "continuity[R11;prov-b,lowland-2,education].keep");
    let unique = |names: &[String]| names.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!((unique(&columns), unique(&rows)), (columns.len(), rows.len()), "each name stands once");
}

#[test]
fn names_that_the_lp_format_would_confuse_stay_apart() {
    // "a-b" and "a_b" are different ids; "-" means minus in the LP format.
    let small =
        Small::new(&World::full(1, &[10, 4], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    for table in ["provinces", "pairings"] {
        let path = small.path(&format!("scenario/{table}.csv"));
        let text = std::fs::read_to_string(&path).unwrap().replace("p1", "a-b").replace("p2", "a_b");
        std::fs::write(path, text).unwrap();
    }
    let optimum = |ending: &str| {
        let file = small.path(&format!("model.{ending}"));
        export(&small.scenario(), &file, &[]);
        ReadBack::new(&file).optimum()
    };
    // All 14 units: the first halves, 7, and the second ones at one half.
    assert!((optimum("mps") + 10.5).abs() < 1e-6);
    assert!((optimum("lp") + 10.5).abs() < 1e-6);
}

#[test]
fn a_stage_can_be_chosen() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("starter.mps");
    let said = export("scenarios/starter", &file, &["--stage", "fragmentation"]);
    assert!(said.contains("to be minimised: fragmentation"), "{said}");
    let wrong = ["export", "scenarios/starter", "--to", file.to_str().unwrap(), "--stage", "proportional"];
    assert!(stderr(&run_to(2, wrong)).contains("it has shortfall, coverage, fit, fragmentation, tie_break"));
}

#[test]
fn only_what_can_be_written_is_begun() {
    let folder = tempdir().unwrap();
    let other = folder.path().join("model.txt");
    run_to(2, ["export", "scenarios/starter", "--to", other.to_str().unwrap()]);
    run_to(2, ["export", "scenarios/starter", "--to", "no/such/folder/model.mps"]);
    assert!(names(folder.path()).is_empty());
}
