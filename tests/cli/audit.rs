//! `allot audit`: a plan from anywhere is checked in integers.

use std::path::Path;

use tempfile::tempdir;

use crate::solved_starter;
use crate::support::program::{broken, json, rule, run_to, stderr, stdout};

const HEADER: &str = "province_id,site_id,sector_id,year,amount\n";

fn plan_of_starter() -> String {
    std::fs::read_to_string(solved_starter().join("plan.csv")).unwrap()
}

/// A plan in a file of its own.
fn written(plan: &str) -> (tempfile::TempDir, String) {
    let folder = tempdir().unwrap();
    let file = folder.path().join("plan.csv");
    std::fs::write(&file, plan).unwrap();
    let name = file.to_str().unwrap().to_owned();
    (folder, name)
}

fn arguments<'a>(plan: &'a str, format: &'a str) -> [&'a str; 6] {
    ["audit", "scenarios/starter", "--plan", plan, "--format", format]
}

#[test]
fn a_solved_plan_passes() {
    let plan = solved_starter().join("plan.csv");
    let output = run_to(0, ["audit", "scenarios/starter", "--plan", plan.to_str().unwrap()]);
    assert!(stdout(&output).contains("every hard rule holds"), "{}", stdout(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn its_table_is_the_one_that_was_written_with_the_plan() {
    let plan = solved_starter().join("plan.csv");
    let output = run_to(0, arguments(plan.to_str().unwrap(), "csv"));
    let written = std::fs::read_to_string(solved_starter().join("rules.csv")).unwrap();
    assert_eq!(stdout(&output), written);
}

#[test]
fn one_amount_less_breaks_the_promise_that_it_kept() {
    let promised = "prov-a,upland-1,housing,2026,18000\n";
    let plan = plan_of_starter();
    assert!(plan.contains(promised), "the commitment of the scenario is kept exactly: {plan}");
    let (_folder, file) = written(&plan.replace(promised, "prov-a,upland-1,housing,2026,17999\n"));
    let document = json(&run_to(1, arguments(&file, "json")));
    assert_eq!(document["passes"], false);
    assert!(broken(&document).contains(&"R11".to_owned()));
    let findings = rule(&document, "R11")["findings"].as_array().unwrap().clone();
    let failing: Vec<_> = findings.iter().filter(|finding| finding["passes"] == false).collect();
    assert_eq!(failing.len(), 1);
    assert_eq!(failing[0]["scope"], serde_json::json!(["prov-a", "upland-1", "housing", "2026"]));
    assert_eq!(failing[0]["slack"], -1.0, "one unit short, no tolerance");
}

#[test]
fn one_amount_more_breaks_a_budget_and_the_text_says_so() {
    let plan = plan_of_starter();
    let first = plan.lines().nth(1).unwrap();
    let (ids, amount) = first.rsplit_once(',').unwrap();
    let more = amount.parse::<i64>().unwrap() + 1_000_000;
    let (_folder, file) = written(&plan.replace(first, &format!("{ids},{more}")));
    let output = run_to(1, ["audit", "scenarios/starter", "--plan", &file]);
    let text = stdout(&output);
    assert!(text.contains("a hard rule FAILS"), "{text}");
    let row = text.lines().find(|line| line.trim_start().starts_with("R1 ")).unwrap();
    assert!(row.ends_with("FAIL"), "{row}");
    assert!(row.contains("prov-a"), "{row}");
}

#[test]
fn money_on_a_line_that_does_not_exist_fails() {
    // prov-d is not paired with lowland-1.
    let stray = plan_of_starter() + "prov-d,lowland-1,health,2028,1\n";
    let (_folder, file) = written(&stray);
    let document = json(&run_to(1, arguments(&file, "json")));
    assert!(broken(&document).contains(&"LINES".to_owned()), "{:?}", broken(&document));
    let finding = &rule(&document, "LINES")["findings"][0];
    assert_eq!(finding["scope"], serde_json::json!(["prov-d", "lowland-1", "health"]));
}

#[test]
fn the_order_of_rows_and_columns_is_free() {
    let plan = plan_of_starter();
    let mut rows: Vec<String> =
        plan.lines().skip(1).map(|row| row.split(',').rev().collect::<Vec<_>>().join(",")).collect();
    rows.reverse();
    let turned = format!("amount,year,sector_id,site_id,province_id\n{}\n", rows.join("\n"));
    let (_folder, file) = written(&turned);
    let written = std::fs::read_to_string(solved_starter().join("rules.csv")).unwrap();
    assert_eq!(stdout(&run_to(0, arguments(&file, "csv"))), written);
}

#[test]
fn the_empty_plan_breaks_promises_and_nothing_else() {
    let (_folder, file) = written(HEADER);
    let document = json(&run_to(1, arguments(&file, "json")));
    assert_eq!(broken(&document), ["R11"]);
}

#[test]
fn a_plan_that_cannot_be_read_is_bad_input() {
    for (plan, place) in [
        ("prov-z,upland-1,health,2026,10\n", ":2:province_id"),
        ("prov-a,upland-1,health,2031,10\n", ":2:year"),
        ("prov-a,upland-1,health,2026,ten\n", ":2:amount"),
        ("prov-a,upland-1,health,2026,1.5\n", ":2:amount"),
    ] {
        let (_folder, file) = written(&format!("{HEADER}{plan}"));
        let output = run_to(2, arguments(&file, "json"));
        assert!(stderr(&output).contains(place), "{plan}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
    let missing = Path::new("no/such/plan.csv");
    run_to(2, arguments(missing.to_str().unwrap(), "text"));
}

#[test]
fn another_policy_may_judge_the_same_plan() {
    let plan = solved_starter().join("plan.csv");
    let policy = ["--policy", "models/status-quo.toml"];
    let output = run_to(0, [&arguments(plan.to_str().unwrap(), "json")[..], &policy].concat());
    let document = json(&output);
    assert_eq!(document["policy"], "status-quo");
    let rules = document["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 7, "five rules and the checks of lines and of people");
}

/// A policy that judges who builds what.
const INDUSTRY: &str = r#"
id = "industry"
title = { zh = "产业", en = "Industry" }
[[stages]]
kind = "coverage"
[rules.R1]
rule = "no_duplication"
title = { zh = "相邻受援地产业不重复", en = "Neighbours do not all build the same" }
[rules.R2]
rule = "park_capacity"
title = { zh = "不超过园区容量", en = "Within the capacity of parks" }
[rules.R3]
rule = "exclusion"
title = { zh = "不予安排", en = "Excluded" }
"#;

#[test]
fn a_duplicate_pair_is_found_with_file_and_line() {
    // upland-1 and upland-2 are neighbours; lowland-1 is a neighbour of neither.
    let rows = "prov-a,lowland-1,industry,2026,10\nprov-a,upland-1,industry,2026,10\n\
        prov-a,upland-1,health,2026,10\nprov-b,upland-2,industry,2027,10\n\
        prov-a,upland-1,industry,2027,10\n";
    let (folder, file) = written(&format!("{HEADER}{rows}"));
    let policy = folder.path().join("industry.toml");
    std::fs::write(&policy, INDUSTRY).unwrap();
    let policy = ["--policy", policy.to_str().unwrap()];
    let document = json(&run_to(1, [&arguments(&file, "json")[..], &policy].concat()));
    assert_eq!(broken(&document), ["R1"]);
    let findings = rule(&document, "R1")["findings"].as_array().unwrap().clone();
    let failing: Vec<_> = findings.iter().filter(|finding| finding["passes"] == false).collect();
    assert_eq!(failing.len(), 1, "{failing:?}");
    assert_eq!(failing[0]["scope"], serde_json::json!(["C13", "upland-1", "upland-2"]));
    let named = [3, 6, 5].map(|row| format!("{file}:{row}"));
    assert_eq!(failing[0]["at"], serde_json::json!(named));
    let text = stdout(&run_to(1, [&arguments(&file, "text")[..], &policy].concat()));
    let row = text.lines().find(|line| line.trim_start().starts_with("C13 upland-1 upland-2")).unwrap();
    assert!(named.iter().all(|place| row.contains(place)), "{text}");
    // One of the two goes, and the plan passes.
    let (folder, file) =
        written(&format!("{HEADER}{}", rows.replace("prov-b,upland-2,industry,2027,10\n", "")));
    let document = json(&run_to(0, [&arguments(&file, "json")[..], &policy].concat()));
    assert_eq!(document["passes"], true);
    drop(folder);
}
