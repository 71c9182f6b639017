//! Whole units: cases where a coarse unit of money cannot keep a rule end with exit 1 and its name; cases
//! where shares and an effectiveness below one make rounding a problem of its own succeed.

use serde_json::Value;

use crate::Small;
use crate::support::program::{broken, names, read_json, run_to, stderr, stdout};
use crate::support::{World, policy_text};

fn arguments(small: &Small) -> [String; 5] {
    ["solve".into(), small.scenario(), "--quiet".into(), "--out".into(), small.out()]
}

fn document(small: &Small) -> Value {
    read_json(&small.path("out/plan.json"))
}

/// Exit 1, and every file that says why: a plan is written and labelled. `failing` are the rules that
/// cannot be had together; at least one of them is named, and none beside them.
#[track_caller]
fn cannot_keep(world: &World, rules: &[&str], failing: &[&str]) {
    let small = Small::new(world, &policy_text(rules));
    let output = run_to(1, arguments(&small));
    let said = stderr(&output);
    assert!(said.contains("no whole units"), "{said}");
    assert!(said.contains("use a finer unit of money"), "{said}");
    let document = document(&small);
    assert_eq!(document["status"]["status"], "broken");
    let broken = broken(&document);
    assert!(!broken.is_empty());
    for id in broken {
        assert!(failing.contains(&id.as_str()), "{id} is not to blame: {said}");
        assert!(said.contains(&format!("{id} (rule {})", id.trim_start_matches('R'))), "{said}");
    }
    assert_eq!(
        names(&small.path("out")),
        ["certificate.json", "input.json", "metrics.csv", "plan.csv", "plan.json", "rules.csv"]
    );
    let plan = small.path("out/plan.csv");
    run_to(1, ["audit", &small.scenario(), "--plan", plan.to_str().unwrap()]);
}

/// Exit 0, every hard rule kept; returns the plan document.
#[track_caller]
fn keeps(world: &World, rules: &[&str]) -> Value {
    let small = Small::new(world, &policy_text(rules));
    run_to(0, arguments(&small));
    let document = document(&small);
    assert_eq!(broken(&document), Vec::<String>::new());
    document
}

const ALL_OF_IT: &str = "rule = \"budget_use\"\nshare = 1";
const BUDGET: &str = "rule = \"province_budget\"";
const NO_MORE: &str = "rule = \"need_cap\"";

fn exact_share(share: &str) -> String {
    format!("rule = \"group_share\"\ngroup = {{ sectors = [\"k1\"] }}\nmin = {share}\nmax = {share}")
}

#[test]
fn a_half_of_an_odd_number_cannot_be_had() {
    let world = World::full(1, &[7], &[&[9, 9]]);
    cannot_keep(&world, &[BUDGET, ALL_OF_IT, &exact_share("0.5")], &["R2", "R3"]);
}

#[test]
fn a_half_of_an_even_number_can() {
    let document = keeps(&World::full(1, &[8], &[&[9, 9]]), &[BUDGET, ALL_OF_IT, &exact_share("0.5")]);
    assert_eq!(document["lines"][0]["total"], 4);
    assert_eq!(document["lines"][1]["total"], 4);
}

#[test]
fn a_third_is_no_decimal_number() {
    // 0.333333 of 9 is 2.999997: at least that and at most that has no whole number.
    let world = World::full(1, &[9], &[&[9, 9]]);
    cannot_keep(&world, &[BUDGET, ALL_OF_IT, &exact_share("0.333333")], &["R2", "R3"]);
    let band = "rule = \"group_share\"\ngroup = { sectors = [\"k1\"] }\nmin = 0.333333\nmax = 0.333334";
    let document = keeps(&world, &[BUDGET, ALL_OF_IT, band]);
    assert_eq!(document["lines"][0]["total"], 3);
}

#[test]
fn a_coarse_unit_fails_where_a_fine_one_does() {
    // Capacity 70 in amounts; a unit of ten amounts makes it seven units.
    let mut world = World::full(1, &[70], &[&[90, 90]]);
    world.unit = 10;
    cannot_keep(&world, &[BUDGET, ALL_OF_IT, &exact_share("0.5")], &["R2", "R3"]);
    world.unit = 5;
    let document = keeps(&world, &[BUDGET, ALL_OF_IT, &exact_share("0.5")]);
    assert_eq!(document["lines"][0]["total"], 7, "seven units of five");
}

#[test]
fn a_floor_on_need_can_ask_for_half_a_unit() {
    // An effect of 0.5 and a need of 5 give 10 units exactly; a floor of 0.5 asks for 5 exactly.
    let mut world = World::full(1, &[20], &[&[5]]);
    world.pairings = vec![(0, 0, 50)];
    let floor = "rule = \"need_floor\"\nshare = 0.5";
    let cap = "rule = \"need_cap\"\nshare = 0.5";
    let document = keeps(&world, &[BUDGET, cap, floor]);
    assert_eq!(document["lines"][0]["total"], 5);
    // At an effect of 0.4, 2.5 covered needs 6.25 units: none covers exactly half. That no line can take
    // more than 6 is known before solving, so it is infeasible, and the unit is named as a cause.
    world.pairings = vec![(0, 0, 40)];
    let small = Small::new(&world, &policy_text(&[BUDGET, floor, cap]));
    let output = run_to(3, arguments(&small));
    assert!(stdout(&output).contains("a finer unit"), "{}", stdout(&output));
}

#[test]
fn effectiveness_and_shares_together_are_repaired() {
    // Caps of need at an effect of 0.85 fall between units, and shares cut across provinces and sites.
    let mut world = World::full(2, &[1003, 877], &[&[1201, 999, 733], &[1399, 871, 601]]);
    world.pairings = vec![(0, 0, 100), (0, 1, 85), (1, 0, 85), (1, 1, 100)];
    let share = "rule = \"group_share\"\ngroup = { sector_groups = [\"livelihood\"] }\nper = \"province\"\nmin = 0.43\nmax = 0.47";
    let focus = "rule = \"focus_share\"\nnumber = 1\nshare = 0.57";
    let phasing = "rule = \"phasing\"\npath = [0.53]\nselect = { sector_groups = [\"livelihood\"] }";
    let ticket = "rule = \"minimum_ticket\"\namount = 201";
    let document = keeps(&world, &[BUDGET, NO_MORE, share, focus, phasing, ticket]);
    let stage = &document["stages"][0];
    assert!(stage["gap"].as_f64().unwrap() <= 1e-3, "a few units cost little: {stage}");
}

#[test]
fn carried_money_is_whole_too() {
    // A third of what is left of 100 may be carried: whole units, rounded down.
    let mut world = World::full(3, &[100], &[&[301, 77]]);
    world.provinces[0].capacity = vec![100, 50, 10];
    world.provinces[0].carry_over = 33;
    world.sites[0].absorption = Some(61);
    let document = keeps(&world, &[BUDGET, NO_MORE, "rule = \"absorption\""]);
    let by_year = |year: usize| -> i64 {
        let lines = document["lines"].as_array().unwrap().iter();
        lines.map(|line| line["amounts"][year].as_i64().unwrap()).sum()
    };
    // At best 61, then 61 of 50 and the 12 that were carried, then 10; rounding may cost a unit or two.
    let [first, second, third] = [by_year(0), by_year(1), by_year(2)];
    assert!((130..=132).contains(&(first + second + third)), "{first} {second} {third}");
    assert!(second > 50, "carried money was used: {second}");
    let carried = (100 - first) * 33 / 100;
    assert!(second <= 50 + carried && third <= 10 + (50 + carried - second) * 33 / 100);
}

#[test]
fn met_soft_rules_stay_met_to_the_unit() {
    let soft = "rule = \"group_share\"\nstrength = \"soft\"\ngroup = { sectors = [\"k1\"] }\nmin = 0.3";
    let stages = "[[stages]]\nkind = \"shortfall\"\n[[stages]]\nkind = \"coverage\"\n[[stages]]\nkind = \"tie_break\"\n";
    let mut world = World::full(1, &[1001], &[&[700, 900]]);
    world.site_weights = vec![(0, 150)];
    let policy = crate::support::policy_with_stages(stages, &[BUDGET, NO_MORE, soft]);
    let small = Small::new(&world, &policy);
    run_to(0, arguments(&small));
    let document = document(&small);
    assert_eq!(document["stages"][0]["value"], 0.0, "no shortfall in the written plan");
}
