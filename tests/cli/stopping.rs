//! Stopped early: by the clock, by a count of nodes, by Ctrl-C. What is written is whole, labelled and
//! passes its audit.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::tempdir;

use crate::support::program::{names, read_json, root, run, run_to, stderr};

/// The scenario that no solver finishes soon.
const LARGE: &str = "scenarios/wenchuan/cross-pairing.toml";

fn assert_whole_and_clean(out: &Path) {
    assert_eq!(
        names(out),
        ["certificate.json", "input.json", "metrics.csv", "plan.csv", "plan.json", "rules.csv"]
    );
    run_to(0, ["audit", LARGE, "--plan", out.join("plan.csv").to_str().unwrap()]);
}

#[test]
fn the_clock_stops_it_with_a_plan_or_without_but_never_half_way() {
    for limit in ["0.001", "0.3", "2"] {
        let folder = tempdir().unwrap();
        let out = folder.path().join("out");
        let output = run([
            "solve",
            LARGE,
            "--quiet",
            "--time-limit",
            limit,
            "--gap",
            "0",
            "--out",
            out.to_str().unwrap(),
        ]);
        match output.status.code() {
            Some(4) => {
                assert_whole_and_clean(&out);
                let document = read_json(&out.join("plan.json"));
                assert_eq!(document["status"]["status"], "feasible", "no claim beyond what was shown");
                let stages = document["stages"].as_array().unwrap();
                assert!(stages.iter().any(|stage| stage["stop"] == "time_limit"), "{stages:?}");
            }
            Some(5) => {
                assert!(stderr(&output).contains("stopped without a plan"));
                assert!(names(&out).is_empty());
            }
            other => panic!("{limit} s: exit {other:?}\n{}", stderr(&output)),
        }
    }
}

#[test]
fn a_limit_of_nodes_gives_the_same_plan_again() {
    let plans = [1, 2].map(|_| {
        let folder = tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let arguments = ["solve", "scenarios/starter", "--quiet", "--node-limit", "1", "--out", out];
        let code = run(arguments).status.code();
        assert!(matches!(code, Some(0 | 4)), "{code:?}");
        let plan = folder.path().join("plan.csv");
        run_to(0, ["audit", "scenarios/starter", "--plan", plan.to_str().unwrap()]);
        (code, std::fs::read(plan).unwrap())
    });
    assert_eq!(plans[0], plans[1]);
}

#[test]
fn ctrl_c_ends_with_the_best_plan_so_far() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let mut child = Command::new(env!("CARGO_BIN_EXE_allot"))
        .current_dir(root())
        .args(["solve", LARGE, "--gap", "0", "--out", out.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    // Lines come while it works: the second stage's first one is a plan with its value.
    while !line.contains("coverage") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it could be interrupted");
    }
    assert!(line.contains("best ") && line.contains("bound "), "{line}");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest}");
    assert!(rest.contains("interrupted: stopping with the best plan so far"), "{rest}");
    assert_whole_and_clean(&out);
    let document = read_json(&out.join("plan.json"));
    assert_eq!(document["status"]["interrupted"], true);
    assert_ne!(document["status"]["status"], "optimal");
    let summary = String::from_utf8(output.stdout).unwrap();
    assert!(summary.contains("interrupted"), "the label is on the summary too:\n{summary}");
}

#[test]
fn a_solver_without_a_plan_in_time_has_stopped_and_not_failed() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    let scenario = "scenarios/wenchuan";
    let arguments =
        ["solve", scenario, "--solver", "microlp", "--time-limit", "0.2", "--baseline", "none", "--quiet"];
    let output = run(arguments.iter().chain(&["--out", out]));
    assert!(matches!(output.status.code(), Some(0 | 4 | 5)), "{}", stderr(&output));
}
