//! No plan keeps every hard rule: exit 3, the rules that must give and by how much, and no file.

use serde_json::Value;

use crate::Small;
use crate::support::program::{json, run_to, stderr, stdout};
use crate::support::{World, policy_text};

/// A site needs 10 and can take 4; the policy wants 70% of the need met.
fn floor_above_absorption() -> Small {
    let mut world = World::full(1, &[20], &[&[10], &[10]]);
    world.sites[0].absorption = Some(4);
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"absorption\"",
        "rule = \"need_floor\"\nshare = 0.7\nper = \"site\"",
        "rule = \"need_cap\"",
    ];
    Small::new(&world, &policy_text(&rules))
}

fn solve(small: &Small, format: &str) -> std::process::Output {
    run_to(3, ["solve", &small.scenario(), "--quiet", "--out", &small.out(), "--format", format])
}

fn must_give(document: &Value) -> Vec<(&str, &str, f64)> {
    let conflicts = document["must_give"].as_array().unwrap().iter();
    conflicts
        .map(|c| (c["rule"].as_str().unwrap(), c["scope"][0].as_str().unwrap(), c["by"].as_f64().unwrap()))
        .collect()
}

#[test]
fn the_rules_in_the_way_are_named_with_the_amount() {
    let small = floor_above_absorption();
    let document = json(&solve(&small, "json"));
    assert_eq!(document["status"], "infeasible");
    let conflicts = must_give(&document);
    assert_eq!(conflicts.len(), 1, "one rule is enough: {conflicts:?}");
    let (rule, site, by) = conflicts[0];
    assert!(["R2", "R3"].contains(&rule), "either the floor or the absorption: {conflicts:?}");
    assert_eq!(site, "s1");
    assert!((by - 3.0).abs() < 0.01, "7 wanted, 4 possible: {conflicts:?}");
}

#[test]
fn the_text_says_it_in_words() {
    let small = floor_above_absorption();
    let text = stdout(&solve(&small, "text"));
    assert!(text.starts_with("infeasible"), "{text}");
    assert!(text.contains("R2 rule 2 (absorption)") && text.contains("R3 rule 3 (need_floor)"), "{text}");
    assert!(text.contains("policy.toml:"), "the place in the policy: {text}");
    assert!(text.contains("sites.csv:2:absorption = 4"), "the cell: {text}");
    assert!(text.contains("They need 7 units of money; 4 are there."), "{text}");
    assert!(text.contains("s1: by 3 units of money"), "{text}");
}

#[test]
fn nothing_is_written() {
    let small = floor_above_absorption();
    solve(&small, "text");
    let left: Vec<_> = std::fs::read_dir(small.path("out")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_mend_that_is_named_mends_it() {
    let small = floor_above_absorption();
    let arguments = ["solve", &small.scenario(), "--quiet", "--out", &small.out()];
    run_to(0, [&arguments[..], &["--set", "policy.rules.R3.share=0.4"]].concat());
    run_to(0, [&arguments[..], &["--set", "tables.sites[site_id=s1].absorption=7"]].concat());
    run_to(3, [&arguments[..], &["--set", "policy.rules.R3.share=0.41"]].concat());
    run_to(0, [&arguments[..], &["--set", "policy.rules.R3.strength=soft"]].concat());
}

#[test]
fn counts_can_stand_in_the_way() {
    // Two sites with floors, and money for one line only.
    let world = World::full(1, &[20], &[&[10], &[10]]);
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"maximum_lines\"\nnumber = 1",
        "rule = \"need_floor\"\nshare = 0.5\nper = \"site\"",
    ];
    let small = Small::new(&world, &policy_text(&rules));
    let document = json(&solve(&small, "json"));
    let conflicts = document["must_give"].as_array().unwrap().clone();
    assert_eq!(conflicts.len(), 1, "{document}");
    let expected = match conflicts[0]["rule"].as_str().unwrap() {
        "R2" => (1.0, "count"),
        "R3" => (5.0, "money"),
        other => panic!("{other} is not in the way"),
    };
    assert!((conflicts[0]["by"].as_f64().unwrap() - expected.0).abs() < 0.01, "{document}");
    assert_eq!(conflicts[0]["unit"], expected.1);
}

#[test]
fn a_real_scenario_with_a_floor_that_its_other_rules_leave_no_room_for() {
    let starter = "scenarios/starter";
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    // upland-1 needs 165,000 and can be made to absorb 3 × 20,000.
    let concentrate = std::fs::read_to_string("models/concentrate.toml").unwrap();
    let floor = "\n[rules.R14]\nrule = \"need_floor\"\ntitle = { zh = \"底线\", en = \"Floor\" }\nshare = 0.5\n\
        per = \"site\"\nselect = { sites = [\"upland-1\"] }\n";
    std::fs::write(&policy, concentrate + floor).unwrap();
    let out = folder.path().join("out");
    let arguments = ["solve", starter, "--quiet", "--out", out.to_str().unwrap(), "--format", "json"];
    let more =
        ["--policy", policy.to_str().unwrap(), "--set", "tables.sites[site_id=upland-1].absorption=20000"];
    let output = run_to(3, [&arguments[..], &more].concat());
    let document = json(&output);
    let conflicts = must_give(&document);
    assert!(!conflicts.is_empty());
    for (rule, scope, _) in &conflicts {
        assert!(["R9", "R14"].contains(rule) && *scope == "upland-1", "{conflicts:?}");
    }
    let sum: f64 = conflicts.iter().map(|(_, _, by)| by).sum();
    assert!(sum > 22_499.0, "82,500 wanted at an effect of at most 1, 60,000 possible: {conflicts:?}");
}

#[test]
fn a_floor_that_no_budget_reaches_is_told_before_solving() {
    let rules = ["rule = \"province_budget\"", "rule = \"need_floor\"\nshare = 0.9"];
    let small = Small::new(&World::full(1, &[5], &[&[10]]), &policy_text(&rules));
    let output = run_to(2, ["solve", &small.scenario(), "--out", &small.out()]);
    assert!(stderr(&output).contains("error[E040]"), "{}", stderr(&output));
    assert!(stderr(&output).contains("R2 (need_floor)"), "{}", stderr(&output));
    run_to(2, ["check", &small.scenario()]);
}
