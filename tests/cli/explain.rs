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
fn wrong_names_are_told() {
    let small = small();
    let output = run_to(2, ["explain", &small.scenario(), "--quiet", "rule", "R9"]);
    assert!(stderr(&output).contains("it has R1, R2, R3"), "{}", stderr(&output));
    run_to(2, ["explain", &small.scenario(), "--quiet", "line", "p1", "s9", "k1"]);
}
