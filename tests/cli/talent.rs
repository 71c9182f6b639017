//! People from the command line: what is written, audited and matched.

use std::path::Path;

use serde_json::Value;

use crate::solved_starter;
use crate::support::program::{broken, json, read_json, rule, run_to, stderr, stdout};

/// A policy that judges who is sent where.
const TALENT: &str = r#"
id = "talent"
title = { zh = "人才", en = "Talent" }
[[stages]]
kind = "fit"
[rules.T1]
rule = "team_size"
title = { zh = "组团", en = "Teams" }
[rules.T2]
rule = "requires"
title = { zh = "同步", en = "Money with its team" }
of = "both"
select = { sectors = ["health"] }
professions = ["doctor"]
[rules.T3]
rule = "park_capacity"
title = { zh = "园区", en = "Parks" }
[rules.T4]
rule = "exclusion"
title = { zh = "排除", en = "Excluded" }
"#;

/// An audit of the starter with a plan's money and people, as JSON.
fn audited(code: i32, folder: &Path, talent: &str) -> Value {
    let [policy, people] = ["talent.toml", "people.csv"].map(|name| folder.join(name).display().to_string());
    std::fs::write(&policy, TALENT).unwrap();
    std::fs::write(&people, talent).unwrap();
    let plan = solved_starter().join("plan.csv").display().to_string();
    let arguments = ["audit", "scenarios/starter", "--policy", &policy, "--plan", &plan, "--talent", &people];
    json(&run_to(code, arguments.iter().copied().chain(["--format", "json"])))
}

#[test]
fn an_audit_names_the_rows_of_people() {
    let folder = tempfile::tempdir().unwrap();
    let talent = "secondees_id,posts_id,number\na-doctors,l1-doctors,2\nb-nurses,u2-nurses,3\n\
        a-doctors,u1-doctors,7\nd-engineers,l2-nurses,1\n";
    let document = audited(1, folder.path(), talent);
    let at = |id: &str| -> Vec<String> {
        let findings = rule(&document, id)["findings"].as_array().unwrap().iter();
        let rows = findings.flat_map(|finding| finding["at"].as_array().cloned().unwrap_or_default());
        rows.map(|row| row.as_str().unwrap().rsplit_once('/').unwrap().1.to_owned()).collect()
    };
    // An engineer is no nurse; nine of eight doctors; seven in six posts.
    assert_eq!(at("PEOPLE"), ["people.csv:5", "people.csv:2", "people.csv:4", "people.csv:4"]);
    assert_eq!(at("T1"), ["people.csv:2"], "two where three are a team");
    assert_eq!(broken(&document)[..2], ["PEOPLE", "T1"]);
    let health = rule(&document, "T2")["findings"].as_array().unwrap();
    assert!(health.iter().any(|finding| finding["unit"] == "count" && finding["passes"] == false));
    assert!(health.iter().any(|finding| finding["unit"] == "money"));
}

#[test]
fn the_written_people_pass_and_without_them_nobody_is_sent() {
    let plan = solved_starter().join("plan.csv").display().to_string();
    let people = solved_starter().join("talent.csv").display().to_string();
    let starter = ["audit", "scenarios/starter", "--plan", &plan, "--format", "json"];
    let vacancy = "policy.rules={ V = { rule = \"maximum_vacancy\", share = 0.1, title = { zh = \"空\", en = \"V\" } } }";
    let passes = json(&run_to(0, starter.iter().copied().chain(["--talent", &people, "--set", vacancy])));
    assert_eq!(passes["passes"], true);
    let fails = json(&run_to(1, starter.iter().copied().chain(["--set", vacancy])));
    assert_eq!(broken(&fails), ["V"]);
}

#[test]
fn a_wrong_file_of_people_is_told_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("talent.csv").display().to_string();
    let plan = solved_starter().join("plan.csv").display().to_string();
    for (row, place) in [
        ("a-doctor,l1-doctors,2", "E012] {file}:2:secondees_id"),
        ("a-doctors,l1-doctors,", "E010] {file}:2:number"),
        ("a-doctors,l1-doctors,0", "E017] {file}:2:number"),
        ("a-doctors,l1-doctors,1.5", "E014] {file}:2:number"),
    ] {
        std::fs::write(&file, format!("secondees_id,posts_id,number\n{row}\n")).unwrap();
        let output = run_to(2, ["audit", "scenarios/starter", "--plan", &plan, "--talent", &file]);
        let place = place.replace("{file}", &file);
        assert!(stderr(&output).contains(&place), "{row}: {}", stderr(&output));
    }
}

#[test]
fn the_document_tells_what_is_needed_and_what_is_not_used() {
    let document = read_json(&solved_starter().join("plan.json"));
    let talent = &document["talent"];
    let table = std::fs::read_to_string(solved_starter().join("talent.csv")).unwrap();
    assert_eq!(talent["placements"].as_array().unwrap().len() + 1, table.lines().count());
    let of = |list: &str, id: &str| {
        let list = talent[list].as_array().unwrap();
        list.iter().find(|record| record["id"] == id).unwrap().clone()
    };
    assert_eq!(of("posts", "u1-specialists")["filled"], 1.0, "four quarters of full time");
    assert_eq!(of("secondees", "b-engineers")["idle"], 1);
    let structure = talent["structure"].as_array().unwrap();
    let sum = |key: &str| structure.iter().map(|record| record[key].as_f64().unwrap()).sum::<f64>();
    assert!((sum("posts") - sum("filled") - sum("vacant")).abs() < 1e-9);
    assert!((sum("posts") - 45.0).abs() < 1e-9);
}

#[test]
fn a_policy_about_people_alone_needs_people() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("talent.toml").display().to_string();
    std::fs::write(&policy, TALENT).unwrap();
    run_to(0, ["check", "scenarios/starter", "--policy", &policy]);
    let told = json(&run_to(2, ["check", "scenarios/wenchuan", "--policy", &policy, "--format", "json"]));
    let codes = told.as_array().unwrap().iter().map(|told| (&told["code"], &told["column"]));
    assert!(codes.into_iter().any(|(code, column)| code == "E030" && column == "stages"), "{told}");
}

#[test]
fn people_are_matched_to_posts() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("matches.csv").display().to_string();
    let said = stderr(&run_to(0, ["match", "scenarios/starter", "--out", &out]));
    assert!(said.contains("5 of 6 people in 6 posts, from 6 pairs that fit"), "{said}");
    let table = std::fs::read_to_string(&out).unwrap();
    assert_eq!(table.lines().nth(1), Some("n01,q01,prov-a,upland-1,doctor,1"));
    assert!(!table.contains("q05"), "nobody knows roads");
    run_to(2, ["match", "scenarios/wenchuan", "--out", &out]);
    run_to(2, ["match", "scenarios/starter", "--out", "no/such/folder/matches.csv"]);
}

#[test]
fn a_generated_instance_with_talent_is_solved() {
    let folder = tempfile::tempdir().unwrap();
    let [with, out, matches] =
        ["with", "out", "matches.csv"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let size = ["--provinces", "3", "--sites", "8", "--sectors", "4", "--years", "2", "--links", "2"];
    let more = ["--industry", "--talent", "--people", "200", "--out", &with];
    run_to(0, [&["bench", "generate"][..], &more, &size].concat());
    let checked = stdout(&run_to(0, ["check", &with]));
    assert!(!checked.contains("warning"), "{checked}");
    run_to(0, ["solve", &with, "--quiet", "--baseline", "none", "--gap", "0.02", "--out", &out]);
    run_to(0, ["match", &with, "--out", &matches]);
}
