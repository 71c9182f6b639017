//! The synthetic region `scenarios/oasis`, with every family of rules on: money, industry and people.

use std::path::{Path, PathBuf};

use crate::support::program::{json, root, run_to, stdout};

fn recorded(name: &str) -> PathBuf {
    root().join("tests/golden/oasis").join(name)
}

/// Audit of a plan with the recorded people.
fn audit(plan: &Path, code: i32, format: &str) -> std::process::Output {
    let talent = recorded("talent.csv");
    let (plan, talent) = (plan.to_str().unwrap(), talent.to_str().unwrap());
    run_to(code, ["audit", "scenarios/oasis", "--plan", plan, "--talent", talent, "--format", format])
}

#[test]
fn it_is_what_the_generator_writes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("oasis");
    run_to(
        0,
        ["bench", "generate", "--industry", "--talent", "--seed", "20260101", "--out", out.to_str().unwrap()],
    );
    // But for what they are called.
    let own = |text: &str| -> Vec<String> {
        let is_name = |line: &&str| ["#", "id =", "title ="].iter().any(|start| line.starts_with(start));
        text.lines().skip_while(is_name).map(str::to_owned).collect()
    };
    let mut seen = 0;
    for entry in std::fs::read_dir(&out).unwrap() {
        let file = entry.unwrap().file_name();
        let made = std::fs::read_to_string(out.join(&file)).unwrap();
        let kept = std::fs::read_to_string(root().join("scenarios/oasis").join(&file)).unwrap();
        assert!(own(&made) == own(&kept), "{} is not what the generator writes", file.display());
        seen += 1;
    }
    assert!(seen > 12, "{seen} files");
}

#[test]
fn a_recorded_plan_passes_on_money_and_people() {
    let document = json(&audit(&recorded("plan.csv"), 0, "json"));
    let kinds = document["rules"].as_array().unwrap();
    let passing = kinds.iter().filter(|rule| rule["passes"] == true).count();
    assert_eq!(passing, kinds.len());
    for kind in
        ["no_duplication", "cluster_minimum", "park_share", "scale_cap", "maximum_vacancy", "requires"]
    {
        assert!(kinds.iter().any(|rule| rule["rule"] == kind), "no {kind}");
    }
}

/// C14 at a neighbour of s00000 and s00018, which build it.
const DUPLICATE: &str = "p003,s00046,k06,2026,500\n";

/// The third site of a neighbourhood that builds one industry, where two are allowed, is written into the plan by
/// hand.
#[test]
fn a_duplicate_by_hand_is_found_with_file_and_line() {
    let mut plan = std::fs::read_to_string(recorded("plan.csv")).unwrap();
    let row = plan.lines().count() + 1;
    plan.push_str(DUPLICATE);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.csv");
    std::fs::write(&file, plan).unwrap();
    let document = json(&audit(&file, 1, "json"));
    let rules = document["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["rule"] == "no_duplication").unwrap();
    assert_eq!(rule["passes"], false);
    let place = format!("{}:{row}", file.display());
    let findings = rule["findings"].as_array().unwrap();
    let failing: Vec<_> = findings.iter().filter(|finding| finding["passes"] == false).collect();
    assert!(!failing.is_empty());
    for finding in failing {
        assert!(finding["at"].as_array().unwrap().iter().any(|at| at == &place), "{finding}");
    }
    assert!(stdout(&audit(&file, 1, "text")).contains(&place));
}
