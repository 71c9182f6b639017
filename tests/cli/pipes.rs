//! A reader that goes away (`allot … | head`) is no failure of ours.

use std::process::{Command, ExitStatus, Stdio};

use crate::Small;
use crate::support::program::root;
use crate::support::{World, policy_text};

/// Runs with stdout or stderr closed before anything is written to it; returns the status and what came
/// on the other.
fn closed(arguments: &[&str], close_stdout: bool) -> (ExitStatus, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_allot"))
        .current_dir(root())
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if close_stdout {
        drop(child.stdout.take());
    } else {
        drop(child.stderr.take());
    }
    let output = child.wait_with_output().unwrap();
    let open = if close_stdout { output.stderr } else { output.stdout };
    (output.status, String::from_utf8(open).unwrap())
}

#[test]
fn stdout_may_be_closed() {
    for arguments in [
        &["rules"][..],
        &["schema", "policy"],
        &["man"],
        &["completions", "bash"],
        &["check", "scenarios/starter"],
        &["audit", "scenarios/eu-cohesion", "--plan", "scenarios/eu-cohesion/published-plan.csv"],
    ] {
        let (status, said) = closed(arguments, true);
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        assert_eq!(status.code(), Some(0), "{arguments:?}: {said}");
    }
}

#[test]
fn a_plan_is_written_whoever_listens() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    for close_stdout in [true, false] {
        let _ = std::fs::remove_dir_all(small.path("out"));
        let (status, said) = closed(&["solve", &small.scenario(), "--out", &small.out()], close_stdout);
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(status.code(), Some(0), "{said}");
        assert!(small.path("out/plan.json").is_file());
    }
}

#[test]
fn diagnostics_may_go_unheard() {
    let (status, _) = closed(&["check", "no/such/folder"], false);
    assert_eq!(status.code(), Some(2));
}
