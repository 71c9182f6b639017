//! What is measured of who builds what, by hand.

use allot::audit::{Industries, Metrics};
use allot::domain::{ParkKind, Plan, Scenario};
use allot::units::Micro;
use approx::assert_relative_eq;

use crate::fixture::{industrial, neighbours, one_year, park, plan};

fn measure(scenario: &Scenario, plan: &Plan, id: &str) -> f64 {
    Metrics::of(scenario, plan, None).get(id).unwrap()
}

/// C13: a 30, b 10 (in the joint park). C17: a 20, b 40, c 20 (in the enclave).
fn sample(scenario: &Scenario) -> Plan {
    let c17 = [("E", "a", "r", 2024, 20), ("E", "b", "s", 2024, 25), ("W", "b", "s", 2024, 15)];
    let rest = [
        ("E", "a", "h", 2024, 30),
        ("E", "b", "h", 2024, 4),
        ("W", "b", "h", 2024, 6),
        ("W", "c", "r", 2024, 12),
        ("W", "c", "s", 2024, 8),
    ];
    plan(scenario, &[&c17[..], &rest].concat())
}

#[test]
fn duplication_is_what_both_of_two_neighbours_build() {
    let mut scenario = industrial();
    let plan = sample(&scenario);
    let duplication = |scenario: &Scenario| measure(scenario, &plan, "duplication");
    // a–b: 2 · (10 + 20) of 100; b–c: 2 · 20 of 70.
    assert_relative_eq!(duplication(&scenario), (60.0 + 40.0) / (100.0 + 70.0));
    neighbours(&mut scenario, &[(0, 1)]);
    assert_relative_eq!(duplication(&scenario), 0.6);
    neighbours(&mut scenario, &[]);
    assert_eq!(Metrics::of(&scenario, &plan, None).get("duplication"), None);
}

#[test]
fn duplication_goes_from_none_to_all() {
    let scenario = industrial();
    let of = |amounts: &[_]| measure(&scenario, &plan(&scenario, amounts), "duplication");
    assert_relative_eq!(of(&[("E", "a", "h", 2024, 30), ("E", "b", "s", 2024, 7)]), 0.0);
    let pair = [("E", "a", "r", 2024, 30), ("W", "b", "s", 2024, 30)];
    // b is a neighbour of c too, where nothing is built.
    assert_relative_eq!(of(&pair), 60.0 / 90.0);
    assert_relative_eq!(of(&[&pair[..], &[("W", "c", "r", 2024, 30)]].concat()), 1.0);
    // c is no neighbour of a: what they both build is not counted, though their money is.
    assert_relative_eq!(of(&[("E", "a", "r", 2024, 30), ("W", "c", "r", 2024, 30)]), 0.0);
}

#[test]
fn parks_and_concentration() {
    let scenario = industrial();
    let built = Industries::of(&scenario, &sample(&scenario)).unwrap();
    let industry = |id: &str| scenario.industry(id).unwrap();
    let site = |id: &str| scenario.site(id).unwrap();
    assert_relative_eq!(measure(&scenario, &sample(&scenario), "industry_money"), 120.0);
    assert_relative_eq!(measure(&scenario, &sample(&scenario), "park_share"), 30.0 / 120.0);
    let (sites, hhi) = built.concentration(industry("C17"));
    assert_eq!(sites, 3);
    assert_relative_eq!(hhi.unwrap(), (400.0 + 1600.0 + 400.0) / 6400.0);
    assert_eq!(built.concentration(industry("F")), (0, None));
    let counts = built.neighbours_with(&scenario);
    assert_eq!(counts.get(&(site("b"), industry("C17"))), Some(&2));
    assert_eq!(counts.get(&(site("c"), industry("C17"))), Some(&1));
    assert_eq!(counts.get(&(site("c"), industry("C13"))), None);
}

#[test]
fn quotients_compare_a_place_with_all() {
    let scenario = industrial();
    let built = Industries::of(&scenario, &sample(&scenario)).unwrap();
    let c13 = scenario.industry("C13").unwrap();
    let quotients = built.quotients(|site| site);
    // a has 30 of 50 in C13, all together 40 of 120.
    assert_relative_eq!(quotients[&(scenario.site("a").unwrap(), c13)].1, 0.6 / (40.0 / 120.0));
    assert!(!quotients.contains_key(&(scenario.site("c").unwrap(), c13)));
    // Region N: 40 of 100.
    let by_region = built.quotients_by_region(&scenario);
    assert_relative_eq!(by_region[&(scenario.region("N").unwrap(), c13)].1, 0.4 / (40.0 / 120.0));
}

#[test]
fn benefits_are_shared_out_and_none_is_counted_twice() {
    let mut scenario = industrial();
    let plan = sample(&scenario);
    let built = Industries::of(&scenario, &plan).unwrap();
    // Of the enclave's 20 a has 60%, b 15%, c 25%.
    let expected = [62.0, 53.0, 5.0].map(Micro::from_f64);
    assert_eq!(built.benefits, expected);
    assert_eq!(built.benefits.into_iter().sum::<Micro>(), plan.total().micro());
    // Needs: a h 40, r 60; b h 50, s 30; c r 80, s 20. E covers all of what it pays, W half at b.
    // c's r: 12 · 25% there, 12 · 60% at a; b needs no r. c's s: 8 · 25%, and 8 · 15% at b; a needs no s.
    let [a, b, c] = [30.0 + 20.0 + 7.2, 4.0 + 3.0 + 30.0, 3.0 + 2.0];
    assert_relative_eq!(measure(&scenario, &plan, "benefit_coverage"), (a + b + c) / 280.0);
    assert_relative_eq!(measure(&scenario, &plan, "coverage"), (50.0 + 7.0 + 30.0 + 20.0) / 280.0);
    scenario.parks = vec![park("joint", ParkKind::Joint, 1, &[0], None, &[])];
    assert_eq!(Metrics::of(&scenario, &plan, None).get("benefit_coverage"), None);
}

#[test]
fn without_industries_nothing_is_measured() {
    let scenario = one_year();
    let plan = plan(&scenario, &[("E", "a", "r", 2024, 20)]);
    assert_eq!(Industries::of(&scenario, &plan), None);
    assert!(Metrics::of(&scenario, &plan, None).whole.iter().all(|metric| metric.id != "industry_money"));
}
