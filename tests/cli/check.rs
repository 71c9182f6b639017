//! `check`: what a policy and its rules are told, each at its place in the policy file, in one pass.

use serde_json::Value;

use crate::support::program::{json, root, run_to, stdout};

/// The built-in policy with more text at its end.
fn policy_with(text: &str) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read_to_string(root().join("models/concentrate.toml")).unwrap() + "\n" + text;
    let path = folder.path().join("policy.toml");
    std::fs::write(&path, &whole).unwrap();
    let path = path.display().to_string();
    (folder, path, whole)
}

fn line_of(text: &str, heading: &str) -> u64 {
    text.lines().position(|line| line.starts_with(heading)).unwrap() as u64 + 1
}

/// Checks the starter with a changed policy: the told codes with row and column.
fn told(code: i32, text: &str, sets: &[&str]) -> (Vec<(String, u64, String)>, String) {
    let (_folder, path, whole) = policy_with(text);
    let mut arguments = vec!["check", "scenarios/starter", "--policy", &path, "--format", "json"];
    for set in sets {
        arguments.extend(["--set", set]);
    }
    let found = json(&run_to(code, arguments));
    let of_policy = |diagnostic: &&Value| diagnostic["file"] == path.as_str();
    let told = found.as_array().unwrap().iter().filter(of_policy).map(|diagnostic| {
        for key in ["cause", "action"] {
            assert!(!diagnostic[key].as_str().unwrap().is_empty(), "{diagnostic}");
        }
        let text = |key: &str| diagnostic[key].as_str().unwrap().to_owned();
        (text("code"), diagnostic["row"].as_u64().unwrap(), text("column"))
    });
    (told.collect(), whole)
}

/// A rule with a title, which every rule needs.
fn rule(id: &str, parameters: &str) -> String {
    format!("[rules.{id}]\ntitle = {{ zh = \"测\", en = \"Test\" }}\n{parameters}\n")
}

#[test]
fn each_code_of_policies_and_rules_is_told_at_its_rule() {
    let cases = [
        ("E030", 2, rule("T1", "rule = \"need_cap\"\nshear = 0.5"), vec![]),
        ("E030", 2, rule("T1", "rule = \"no_such_rule\""), vec![]),
        (
            "E031",
            2,
            rule("T1", "rule = \"need_cap\"")
                + &rule("T2", "rule = \"maximum_lines\"\nnumber = 3\nselect = { regions = [\"nowhere\"] }"),
            vec![],
        ),
        ("E040", 2, rule("T1", "rule = \"region_floor\"\namount = 100000000"), vec![]),
        (
            "E041",
            2,
            rule("T1", "rule = \"group_share\"\ngroup = { sectors = [\"health\"] }\nmin = 1.5"),
            vec![],
        ),
        ("E042", 2, String::new(), vec!["scenario.money.unit=100000000"]),
        ("W003", 0, rule("T1", "rule = \"maximum_lines\"\nnumber = 1000"), vec![]),
        (
            "W003",
            0,
            rule("T1", "rule = \"need_floor\"\nshare = 0.1\nstrength = \"soft\""),
            vec!["policy.stages=[{ kind = \"coverage\" }, { kind = \"fit\" }]"],
        ),
        ("W010", 0, rule("T1", "rule = \"region_floor\""), vec![]),
    ];
    for (code, exit, text, sets) in cases {
        let (told, whole) = told(exit, &text, &sets);
        let id = if text.contains("T2") {
            "T2"
        } else if text.is_empty() {
            "R2"
        } else {
            "T1"
        };
        let row = line_of(&whole, &format!("[rules.{id}]"));
        let wanted = (code.to_owned(), row, format!("rules.{id}"));
        assert!(told.contains(&wanted), "{wanted:?} is missing in {told:?}");
    }
}

#[test]
fn exclusions_that_no_rule_applies_are_told() {
    let (_folder, path, _) = policy_with("");
    let arguments = ["check", "scenarios/starter", "--policy", &path, "--format", "json"];
    let off = ["--set", "policy.rules.R12.enabled=false"];
    let found = json(&run_to(0, arguments.iter().chain(&off)));
    assert_eq!(found[0]["code"], "W007");
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[test]
fn capacities_of_parks_that_no_rule_keeps_are_told() {
    let (_folder, path, _) = policy_with("");
    let arguments = ["check", "scenarios/starter", "--policy", &path, "--format", "json"];
    let off = ["--set", "policy.rules.R13.enabled=false"];
    let found = json(&run_to(0, arguments.iter().chain(&off)));
    assert_eq!(found[0]["code"], "W012");
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[test]
fn people_whom_the_policy_does_not_send_are_told() {
    let stages = "policy.stages=[{ kind = \"coverage\" }]";
    let arguments = ["check", "scenarios/starter", "--format", "json", "--set", stages];
    let found = json(&run_to(0, arguments));
    let told: Vec<&str> =
        found.as_array().unwrap().iter().map(|told| told["code"].as_str().unwrap()).collect();
    assert_eq!(told, ["W015"]);
    let text = stdout(&run_to(0, ["check", "scenarios/starter"]));
    assert!(text.contains("; 50 secondees for 45 posts, 21 candidate placements; "), "{text}");
}

#[test]
fn check_says_where_neighbours_come_from() {
    let text = stdout(&run_to(0, ["check", "scenarios/starter"]));
    assert!(text.contains("; 6 pairs of neighbours in 4 clusters, from the table neighbours; "), "{text}");
    let text = stdout(&run_to(0, ["check", "scenarios/wenchuan"]));
    assert!(!text.contains("neighbours"), "{text}");
}

#[test]
fn every_error_of_a_policy_is_told_in_one_pass() {
    let text = rule("T1", "rule = \"need_cap\"\nshear = 0.5")
        + &rule("T2", "rule = \"no_such_rule\"")
        + &rule("T3", "rule = \"focus_share\"\nnumber = \"three\"\nshare = 0.5")
        + &rule("T4", "rule = \"need_floor\"\nshare = -0.5");
    let (told, _) = told(2, &text, &[]);
    let columns: Vec<&str> = told.iter().map(|(_, _, column)| column.as_str()).collect();
    assert_eq!(columns, ["rules.T1", "rules.T2", "rules.T3", "rules.T4"]);
}
