//! `allot explain` on a scenario whose answers can be told by hand: 20 units for two sites that need 10 of each
//! of two sectors, the first half of a need worth 1 a unit, the second a half.

use serde_json::Value;

use crate::Small;
use crate::support::program::{json, run_to, stderr};
use crate::support::{World, policy_text};

fn small() -> Small {
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"need_cap\"",
        "rule = \"group_share\"\ngroup = { sites = [\"s1\"] }\nmin = 0.75",
    ];
    Small::new(&World::full(1, &[20], &[&[10, 10], &[10, 10]]), &policy_text(&rules))
}

fn asked(question: &[&str]) -> Value {
    let small = small();
    let scenario = small.scenario();
    let head = ["explain", &scenario, "--quiet", "--gap", "0", "--format", "json"];
    json(&run_to(0, [&head[..], question].concat()))["answer"].clone()
}

/// Whether an interval holds a number and is no wider than what rounding to whole units may cost.
#[track_caller]
fn is_about(interval: &Value, number: f64) {
    let (least, most) = (interval["least"].as_f64().unwrap(), interval["most"].as_f64().unwrap());
    assert!(
        least <= number + 1e-6 && number <= most + 1e-6 && most - least < 0.01,
        "{interval} is not {number}"
    );
}

#[test]
fn a_rule_costs_what_the_best_plan_gains_without_it() {
    // 15 for s1: 10 at 1 and 5 at a half; 5 for s2 at 1: 17.5. Without the rule 20 at 1.
    is_about(&asked(&["rule", "R3"])["rule"]["price"], 2.5);
    let all = asked(&["rules"]);
    assert_eq!(all["rules"].as_array().unwrap().len(), 3);
    let curve = asked(&["rule", "R3", "--curve"]);
    let values: Vec<f64> =
        curve["curve"].as_array().unwrap().iter().filter_map(|p| p["value"].as_f64()).collect();
    assert!(values.is_sorted_by(|a, b| a >= b), "a larger share never helps: {values:?}");
}

#[test]
fn a_site_costs_what_is_lost_without_it() {
    // Without s2 all 20 go to s1: 10 at 1 and 10 at a half.
    let site = asked(&["site", "s2"]);
    assert_eq!(site["what_if"]["forced"], "out");
    is_about(&site["what_if"]["cost"], 2.5);
}

#[test]
fn a_line_that_cannot_be_is_told_with_the_rules_in_the_way() {
    let mut world = World::full(1, &[20], &[&[10, 10], &[10, 10]]);
    world.exclusions = vec![(None, Some(0), Some(0))];
    let small = Small::new(&world, &policy_text(&["rule = \"province_budget\"", "rule = \"exclusion\""]));
    let found = json(&run_to(
        0,
        ["explain", &small.scenario(), "--quiet", "--format", "json", "line", "p1", "s1", "k1"],
    ));
    let answer = &found["answer"];
    assert_eq!(
        (answer["what_if"]["possible"].as_bool(), &answer["what_if"]["excluded"]),
        (Some(false), &Value::from("a test"))
    );
    let members = answer["why"]["conflicts"][0]["members"].as_array().unwrap();
    let rules: Vec<&str> = members.iter().map(|m| m["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"R2") && rules.contains(&"WHAT-IF"), "{rules:?}");
}

#[test]
fn a_unit_of_money_is_worth_what_its_share_allows() {
    // Of one unit more three quarters go to s1 at a half, a quarter to s2 at 1; of one less the same is lost.
    let found = asked(&["duals", "--most", "3", "--finite", "1"]);
    let budget = found["rows"].as_array().unwrap().iter().find(|row| row["rule"] == "R1").unwrap();
    for side in ["more", "less"] {
        assert!((budget[side].as_f64().unwrap() - 0.625).abs() < 1e-6, "{budget:#}");
    }
    // Solved again in whole units: 16 of 21 for s1, 15 of 19.
    assert_eq!(budget["step"], 1.0);
    for (side, exact) in [("gained", 0.5), ("lost", 1.0)] {
        let between = &budget["finite"][side];
        let (least, most) = (between["least"].as_f64().unwrap(), between["most"].as_f64().unwrap());
        assert!(least <= exact + 1e-6 && exact <= most + 1e-6 && most - least < 1.0, "{side}: {between:#}");
    }
    // Of a cap of needs that leaves room nothing is told.
    assert!(found["rows"].as_array().unwrap().iter().all(|row| row["rule"] != "R2"), "{found:#}");
}

#[test]
fn what_every_good_plan_funds_is_told() {
    // s1 needs 15 of its two lines of 10; whichever line of s2 gets the 5, it is worth the same.
    let found = asked(&["backbone", "--solves", "8"]);
    let of = |site: &str| -> Vec<&str> {
        let lines = found["lines"].as_array().unwrap().iter().filter(|line| line["site"] == site);
        lines.map(|line| line["share"].as_str().unwrap()).collect()
    };
    assert_eq!((of("s1"), of("s2")), (vec!["in_all"; 2], vec!["in_some"; 2]), "{found:#}");
    let values: Vec<f64> = found["values"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert!(values.len() > 1 && values.iter().all(|value| *value >= 0.99 * 17.5), "{values:?}");
}

#[test]
fn a_change_is_told_apart_from_one_that_could_not_matter() {
    let small = small();
    let run = |out: &str, set: &[&str]| {
        let out = small.path(out).display().to_string();
        let scenario = small.scenario();
        let head = ["solve", &scenario, "--quiet", "--gap", "0", "--baseline", "none", "--out", &out];
        run_to(0, [&head[..], set].concat());
        out
    };
    let first = run("first", &[]);
    let told = |other: &str| json(&run_to(0, ["explain", other, "--format", "json", "why-same", &first]));
    // More of each need may be met: no need is full where that would help.
    let same = told(&run("wider", &["--set", "policy.rules.R2.share=1.5"]));
    assert_eq!(
        (&same["same_plan"], &same["shifts"]),
        (&Value::Bool(true), &serde_json::json!([])),
        "{same:#}"
    );
    assert_eq!(same["overrides"], serde_json::json!(["+ policy.rules.R2.share=1.5"]));
    let changed = &same["rules"][0];
    assert_eq!((&changed["rule"], &changed["was_changed"]), (&Value::from("R2"), &Value::Bool(true)));
    // 14 of 20 are enough for s1: one unit more goes to s2, where it is worth twice as much.
    let other = told(&run("less", &["--set", "policy.rules.R3.min=0.7"]));
    assert_eq!(other["same_plan"], false);
    assert_eq!(other["stages"][0]["values"], serde_json::json!([18.0, 17.5]));
    assert_eq!(other["stages"][0]["may_be_equal"], false);
    let moved: i64 = other["shifts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shift| shift["after"].as_i64().unwrap() - shift["before"].as_i64().unwrap())
        .sum();
    assert_eq!(moved, 0, "{other:#}");
}

#[test]
fn wrong_names_are_told() {
    let small = small();
    let output = run_to(2, ["explain", &small.scenario(), "--quiet", "rule", "R9"]);
    assert!(stderr(&output).contains("it has R1, R2, R3"), "{}", stderr(&output));
    run_to(2, ["explain", &small.scenario(), "--quiet", "line", "p1", "s9", "k1"]);
}
