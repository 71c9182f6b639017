use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "absorption";

#[test]
fn rows_stand_for_each_site_and_year_with_a_limit() {
    assert_eq!(
        rows(&scenario(), KIND, "", Hard),
        [
            "absorption[R1;a,2024]: x[E,a,h,2024] + x[E,a,r,2024] <= 50",
            "absorption[R1;a,2025]: x[E,a,h,2025] + x[E,a,r,2025] <= 50",
        ]
    );
}

#[test]
fn soft_rows_may_be_exceeded_at_a_price() {
    let mut scenario = scenario();
    scenario.sites[0].absorption[1] = None;
    assert_eq!(
        rows(&scenario, KIND, "", soft()),
        [
            "over[R1;a,2024] in 0..inf DerivedMoney",
            "absorption[R1;a,2024]: x[E,a,h,2024] + x[E,a,r,2024] - over[R1;a,2024] <= 50",
            "over[R1;a,2024] costs 2.5 in absorption[R1;a,2024]",
        ]
    );
}

#[test]
fn check_adds_up_each_year() {
    let scenario = scenario();
    let full = [("E", "a", "h", 2024, 30), ("E", "a", "r", 2024, 20), ("E", "b", "h", 2024, 99)];
    assert_eq!(
        findings(&scenario, KIND, "", &plan(&scenario, &full)),
        ["a,2024: slack 0", "a,2025: slack 50"]
    );
    let over = [("E", "a", "h", 2024, 30), ("E", "a", "r", 2024, 21)];
    assert_eq!(
        findings(&scenario, KIND, "", &plan(&scenario, &over)),
        ["a,2024: short 1", "a,2025: slack 50"]
    );
    // No candidate: W has no pairing with a.
    let stray = [("E", "a", "h", 2025, 50), ("W", "a", "s", 2025, 2)];
    assert_eq!(
        findings(&scenario, KIND, "", &plan(&scenario, &stray)),
        ["a,2024: slack 50", "a,2025: short 2"]
    );
}

#[test]
fn has_nothing_to_say_beforehand() {
    assert_eq!(notes(&scenario(), KIND, ""), NONE);
    // A policy may ask for what a scenario does not have: the table is optional.
    assert_eq!(notes(&one_year(), KIND, ""), NONE);
}

#[test]
fn limits_the_lines_of_the_site() {
    assert_eq!(caps(&scenario(), KIND, ""), ["E,a,h: 100 [50, 50]", "E,a,r: 100 [50, 50]"]);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "amount = 1", "amount");
}
