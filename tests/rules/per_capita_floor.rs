use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "per_capita_floor";

#[test]
fn rows_multiply_the_amount_by_the_people() {
    // a has 10 people, b 20, c 10.
    assert_eq!(
        rows(&one_year(), KIND, "amount = 2.5\nselect = { sectors = ['h', 'r'] }", Hard),
        [
            "per_capita_floor[R1;a]: x[E,a,h,2024] + x[E,a,r,2024] >= 25",
            "per_capita_floor[R1;b]: x[E,b,h,2024] + x[W,b,h,2024] >= 50",
            "per_capita_floor[R1;c]: x[W,c,r,2024] >= 25",
        ]
    );
    assert_eq!(
        rows(&scenario(), KIND, "amount = 0.33\nper = 'region'\nselect = { sectors = ['h', 'r'] }", Hard),
        [
            "per_capita_floor[R1;N]: total[E,a,h] + total[E,a,r] + total[E,b,h] + total[W,b,h] >= 9.9",
            "per_capita_floor[R1;S]: total[W,c,r] >= 3.3",
        ]
    );
}

#[test]
fn sites_without_people_are_left_out() {
    let mut scenario = one_year();
    scenario.sites[1].population = None;
    assert_eq!(
        rows(&scenario, KIND, "amount = 1\nper = 'region'", Hard),
        [
            "per_capita_floor[R1;N]: x[E,a,h,2024] + x[E,a,r,2024] >= 10",
            "per_capita_floor[R1;S]: x[W,c,r,2024] + x[W,c,s,2024] >= 10",
        ]
    );
    let plan = plan(&scenario, &[("E", "a", "h", 2024, 10), ("E", "b", "h", 2024, 9)]);
    assert_eq!(findings(&scenario, KIND, "amount = 1\nper = 'region'", &plan), ["N: slack 0", "S: short 10"]);
}

#[test]
fn people_of_sites_that_are_taken_out_do_not_count() {
    let parameters = "amount = 1\nper = 'all'\nselect = { except = { sites = ['b', 'c'] } }";
    assert_eq!(
        rows(&one_year(), KIND, parameters, soft()),
        [
            "short[R1] in 0..inf DerivedMoney",
            "per_capita_floor[R1]: x[E,a,h,2024] + x[E,a,r,2024] + short[R1] >= 10",
            "short[R1] costs 2.5 in per_capita_floor[R1]",
        ]
    );
    // Sectors choose money, not people.
    let parameters = "amount = 1\nper = 'all'\nselect = { sites = ['c'], except = { sectors = ['r'] } }";
    assert_eq!(rows(&one_year(), KIND, parameters, Hard), ["per_capita_floor[R1]: x[W,c,s,2024] >= 10"]);
}

#[test]
fn check_divides_by_the_people() {
    let scenario = scenario();
    let check = |amounts: &[_]| findings(&scenario, KIND, "amount = 2.5", &plan(&scenario, amounts));
    let just = [
        ("E", "a", "h", 2024, 25),
        ("E", "b", "h", 2024, 25),
        ("W", "b", "s", 2025, 25),
        ("W", "c", "r", 2024, 25),
    ];
    assert_eq!(check(&just), ["a: slack 0", "b: slack 0", "c: slack 0"]);
    let less = [
        ("E", "a", "h", 2024, 25),
        ("E", "b", "h", 2024, 25),
        ("W", "b", "s", 2025, 24),
        ("W", "c", "r", 2024, 26),
    ];
    assert_eq!(check(&less), ["a: slack 0", "b: short 1", "c: slack 1"]);
    // No candidates count like others: E has no pairing with c.
    assert_eq!(check(&[("E", "c", "h", 2024, 25)]), ["a: short 25", "b: short 50", "c: slack 0"]);
}

#[test]
fn says_what_cannot_be_reached() {
    let scenario = one_year();
    let notes = |parameters: &str| notes(&scenario, KIND, parameters);
    assert_eq!(notes("amount = 5.25"), NONE);
    assert_eq!(notes("amount = 6"), ["E040 the floors add up to 240 units; all provinces have 210"]);
    let people = ["E030 people belong to sites, not to provinces or sectors"];
    assert_eq!(notes("amount = 1\nper = 'province'"), people);
    assert_eq!(notes("amount = 1\nper = 'sector'"), people);
    assert_eq!(
        notes("amount = 1\nselect = { site_groups = ['x'] }"),
        ["E031 the scenario has no site group 'x'", "W010 no selected site has a population",]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "amount = 1"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "amount = 1\nof = 'site'", "of");
    refuses(KIND, "amount = 'x'", "amount");
    refuses(KIND, "amount = 1\nper = 'town'", "per");
}
