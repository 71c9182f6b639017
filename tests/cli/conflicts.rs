//! Eleven scenarios without a plan, each with one reason: it is found, proved in integers, told with the cells
//! on which it rests, and every repair that is proposed gives a plan when it is made.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Small;
use crate::support::program::{json, run_to, stdout};
use crate::support::{World, policy_text};

const BUDGET: &str = "rule = \"province_budget\"";
const NEEDED: &str = "rule = \"need_cap\"";
const HALF_USED: &str = "rule = \"budget_use\"\nshare = 0.5";

struct Seeded {
    small: Small,
    /// Ids of the rules that cannot hold together.
    rules: &'static [&'static str],
}

fn seeded(world: &World, rules: &[&str], expected: &'static [&'static str]) -> Seeded {
    Seeded { small: Small::new(world, &policy_text(rules)), rules: expected }
}

/// Two sites in need of two sectors, one province with 20 a year.
fn world() -> World {
    World::full(1, &[20], &[&[10, 10], &[10, 10]])
}

#[track_caller]
fn is_explained(Seeded { small, rules }: &Seeded) -> Value {
    let scenario = small.scenario();
    let out = small.out();
    let solve = ["solve", &scenario, "--quiet", "--out", &out, "--format", "json"];
    let document = json(&run_to(3, solve));
    let conflicts = document["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 1, "{document:#}");
    assert_eq!(document["further"], "none", "{document:#}");
    let conflict = &conflicts[0];
    let members = conflict["members"].as_array().unwrap();
    let named: BTreeSet<&str> = members.iter().map(|m| m["rule"].as_str().unwrap()).collect();
    assert_eq!(named, rules.iter().copied().collect(), "{document:#}");
    assert_eq!(conflict["proved"], true, "{document:#}");
    for member in members {
        assert_eq!(member["status"], "proved", "{document:#}");
        assert!(!member["rests_on"].as_array().unwrap().is_empty(), "{document:#}");
    }
    let excluded = document["excluded"].as_array().unwrap();
    assert!(excluded.iter().all(|id| !rules.contains(&id.as_str().unwrap())), "{document:#}");
    let repairs = conflict["repairs"].as_array().unwrap();
    assert!(!repairs.is_empty(), "{document:#}");
    for repair in repairs {
        assert_eq!(repair["verified"], "plan", "{document:#}");
        // A row that is taken out is no --set.
        if let Some(set) = repair["set"].as_str() {
            run_to(0, ["solve", &scenario, "--quiet", "--baseline", "none", "--out", &out, "--set", set]);
        }
    }
    document
}

/// What the repair of a number proposes.
#[track_caller]
fn repaired(document: &Value, set: &str) -> f64 {
    let repairs = document["conflicts"][0]["repairs"].as_array().unwrap();
    let found = repairs.iter().find(|repair| repair["set"].as_str().is_some_and(|s| s.starts_with(set)));
    found.unwrap_or_else(|| panic!("no repair {set}: {document:#}"))["to"].as_f64().unwrap()
}

#[test]
fn a_floor_against_a_budget() {
    let floor = "rule = \"need_floor\"\nshare = 0.8\nper = \"site\"";
    let found = is_explained(&seeded(&world(), &[BUDGET, floor], &["R1", "R2"]));
    assert!((repaired(&found, "policy.rules.R2.share") - 0.5).abs() < 1e-9, "32 wanted, 20 there");
    assert!((repaired(&found, "tables.provinces[province_id=p1].capacity_2026") - 32.0).abs() < 1e-9);
    let conflict = &found["conflicts"][0];
    assert_eq!((conflict["needed"].as_f64(), conflict["available"].as_f64()), (Some(32.0), Some(20.0)));
    assert_eq!(conflict["unit"], "money");
    let files: Vec<&str> = conflict["members"][0]["rests_on"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["file"].as_str().unwrap())
        .collect();
    assert!(files[0].ends_with("provinces.csv"), "{found:#}");
    assert_eq!(conflict["members"][0]["rests_on"][0]["row"], 2);
}

#[test]
fn a_ticket_against_a_cap() {
    let rules =
        [BUDGET, NEEDED, "rule = \"minimum_ticket\"\namount = 12", "rule = \"need_floor\"\nshare = 0.1"];
    let found = is_explained(&seeded(&world(), &rules, &["R2", "R3", "R4"]));
    assert!(repaired(&found, "policy.rules.R3.amount") <= 10.0, "a need is 10");
}

#[test]
fn a_share_against_a_share() {
    let rules = [
        BUDGET,
        HALF_USED,
        "rule = \"group_share\"\ngroup = { sector_groups = [\"livelihood\"] }\nmin = 0.6",
        "rule = \"group_share\"\ngroup = { sector_groups = [\"industry\"] }\nmin = 0.6",
    ];
    let found = is_explained(&seeded(&world(), &rules, &["R2", "R3", "R4"]));
    assert!((repaired(&found, "policy.rules.R3.min") - 0.4).abs() < 1e-9);
}

#[test]
fn an_exclusion_against_a_floor() {
    let mut world = world();
    world.exclusions = vec![(None, Some(1), None)];
    let rules = [BUDGET, "rule = \"exclusion\"", "rule = \"need_floor\"\nshare = 0.3\nper = \"site\""];
    let found = is_explained(&seeded(&world, &rules, &["R2", "R3"]));
    let repairs = found["conflicts"][0]["repairs"].as_array().unwrap();
    assert!(repairs.iter().any(|r| r["what"]["key"] == "exclusions" && r["to"].is_null()), "{found:#}");
}

#[test]
fn a_ticket_against_a_lines_limit() {
    // Each site needs a line of 12; there is money for one line and a half.
    let rules = [
        BUDGET,
        "rule = \"minimum_ticket\"\namount = 12",
        "rule = \"need_floor\"\nshare = 0.3\nper = \"site\"",
    ];
    let found = is_explained(&seeded(&world(), &rules, &["R1", "R2", "R3"]));
    assert!((repaired(&found, "policy.rules.R2.amount") - 10.0).abs() < 1e-9, "20 for two lines");
}

#[test]
fn floors_against_a_lines_limit() {
    let rules = [
        BUDGET,
        "rule = \"maximum_lines\"\nnumber = 1",
        "rule = \"need_floor\"\nshare = 0.3\nper = \"site\"",
    ];
    let found = is_explained(&seeded(&world(), &rules, &["R2", "R3"]));
    assert!((repaired(&found, "policy.rules.R2.number") - 2.0).abs() < 1e-9);
    assert_eq!(found["conflicts"][0]["unit"], "count", "{found:#}");
}

#[test]
fn an_absorption_against_a_floor() {
    let mut world = world();
    world.sites[0].absorption = Some(4);
    let rules = [BUDGET, "rule = \"absorption\"", "rule = \"need_floor\"\nshare = 0.4\nper = \"site\""];
    let found = is_explained(&seeded(&world, &rules, &["R2", "R3"]));
    assert!((repaired(&found, "tables.sites[site_id=s1].absorption") - 8.0).abs() < 1e-9);
}

#[test]
fn commitments_against_a_budget() {
    // 12 are promised for a year that has 10; over both years there is enough.
    let mut world = World::full(2, &[10], &[&[10, 10], &[10, 10]]);
    world.commitments = vec![(0, 0, 0, Some(0), 6), (0, 1, 1, Some(0), 6)];
    let rules = [BUDGET, "rule = \"continuity\"\nkeep = 1"];
    is_explained(&seeded(&world, &rules, &["R1", "R2"]));
}

#[test]
fn an_equity_band_against_a_need_cap() {
    let mut world = World::full(1, &[100], &[&[100], &[2]]);
    for site in &mut world.sites {
        site.population = Some(1000);
    }
    let rules = [BUDGET, HALF_USED, NEEDED, "rule = \"equity_band\"\nbelow = 0.5"];
    is_explained(&seeded(&world, &rules, &["R2", "R3", "R4"]));
}

#[test]
fn phasing_against_a_ramp() {
    let world = World::full(2, &[20], &[&[20], &[20]]);
    let rules =
        [BUDGET, HALF_USED, "rule = \"phasing\"\npath = [0.8]", "rule = \"ramp\"\ndown = 0.1\nof = \"all\""];
    let found = is_explained(&seeded(&world, &rules, &["R2", "R3", "R4"]));
    assert!(repaired(&found, "policy.rules.R3.path") < 0.53, "{found:#}");
}

#[test]
fn a_dominance_cap_against_a_group_share() {
    let world = World::full(1, &[20], &[&[20], &[20], &[20]]);
    let rules = [
        BUDGET,
        HALF_USED,
        "rule = \"dominance_cap\"\nnumber = 1\nshare = 0.5",
        "rule = \"group_share\"\ngroup = { sites = [\"s2\"] }\nmin = 0.7",
    ];
    let found = is_explained(&seeded(&world, &rules, &["R2", "R3", "R4"]));
    assert!((repaired(&found, "policy.rules.R4.min") - 0.5).abs() < 1e-9);
    assert!((repaired(&found, "policy.rules.R3.share") - 0.7).abs() < 1e-9);
}

#[test]
fn two_conflicts_are_told_apart_and_mended_together() {
    let mut world = World::full(1, &[100], &[&[10], &[10]]);
    world.sites[0].absorption = Some(4);
    world.exclusions = vec![(None, Some(1), None)];
    let rules = [
        BUDGET,
        "rule = \"absorption\"",
        "rule = \"exclusion\"",
        "rule = \"need_floor\"\nshare = 0.7\nselect = { sites = [\"s1\"] }",
        "rule = \"need_floor\"\nshare = 0.5\nselect = { sites = [\"s2\"] }",
    ];
    let small = Small::new(&world, &policy_text(&rules));
    let scenario = small.scenario();
    let found = json(&run_to(3, ["explain", &scenario, "--quiet", "--format", "json", "conflict"]));
    let conflicts = found["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 2, "{found:#}");
    for conflict in conflicts {
        assert!(conflict["repairs"].as_array().unwrap().iter().all(|r| r["verified"] == "with_the_others"));
    }
    let one = json(&run_to(
        3,
        ["explain", &scenario, "--quiet", "--format", "json", "conflict", "--conflicts", "1"],
    ));
    assert_eq!((one["conflicts"].as_array().unwrap().len(), &one["further"]), (1, &Value::from("some")));
}

#[test]
fn where_there_is_a_plan_there_is_no_conflict() {
    let small = Small::new(&world(), &policy_text(&[BUDGET, NEEDED]));
    let output = run_to(0, ["explain", &small.scenario(), "--quiet", "conflict"]);
    assert!(stdout(&output).starts_with("no conflict"), "{}", stdout(&output));
}

#[test]
fn without_time_nothing_is_claimed() {
    let small = Small::new(&world(), &policy_text(&[BUDGET, NEEDED]));
    let scenario = small.scenario();
    let quick = ["explain", &scenario, "--quiet", "--time-limit", "0.000000001"];
    let text = run_to(5, [&quick[..], &["conflict"]].concat());
    assert!(stdout(&text).starts_with("not known"), "{}", stdout(&text));
    let found = json(&run_to(5, [&quick[..], &["--format", "json", "conflict"]].concat()));
    assert_eq!((&found["status"], &found["further"]), (&Value::from("unknown"), &Value::from("unknown")));
}
