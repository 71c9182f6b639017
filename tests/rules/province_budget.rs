use crate::fixture::{NONE, caps, findings, notes, plan, ratio, refuses, rows, scenario, soft};
use allot::domain::Scenario;
use allot::model::Strength::Hard;

const KIND: &str = "province_budget";

/// W may carry over half of what it has not spent.
fn carrying() -> Scenario {
    let mut scenario = scenario();
    scenario.provinces[1].carry_over = ratio(0.5);
    scenario
}

#[test]
fn rows_stand_for_each_province_and_year_with_what_is_carried_over() {
    assert_eq!(
        rows(&carrying(), KIND, "", Hard),
        [
            "carried[R1;W,2024] in 0..25 Money",
            "province_budget[R1;E,2024]: x[E,a,h,2024] + x[E,a,r,2024] + x[E,b,h,2024] + x[E,b,s,2024] <= 60",
            "province_budget[R1;E,2025]: x[E,a,h,2025] + x[E,a,r,2025] + x[E,b,h,2025] + x[E,b,s,2025] <= 60",
            "province_budget[R1;W,2024]: x[W,b,h,2024] + x[W,b,s,2024] + x[W,c,r,2024] + x[W,c,s,2024] <= 50",
            "carried[R1;W,2024]: 0.5 x[W,b,h,2024] + 0.5 x[W,b,s,2024] + 0.5 x[W,c,r,2024] + 0.5 x[W,c,s,2024] \
             + carried[R1;W,2024] <= 25",
            "province_budget[R1;W,2025]: x[W,b,h,2025] + x[W,b,s,2025] + x[W,c,r,2025] + x[W,c,s,2025] \
             - carried[R1;W,2024] <= 40",
        ]
    );
}

#[test]
fn what_a_soft_budget_overspends_is_not_taken_from_what_is_carried_over() {
    let rows = rows(&carrying(), KIND, "", soft());
    let of_w: Vec<_> = rows.iter().filter(|row| row.contains("R1;W")).collect();
    assert_eq!(
        of_w,
        [
            "over[R1;W,2024] in 0..inf DerivedMoney",
            "carried[R1;W,2024] in 0..inf Money",
            "over[R1;W,2025] in 0..inf DerivedMoney",
            "province_budget[R1;W,2024]: x[W,b,h,2024] + x[W,b,s,2024] + x[W,c,r,2024] + x[W,c,s,2024] \
             - over[R1;W,2024] <= 50",
            "carried[R1;W,2024]: 0.5 x[W,b,h,2024] + 0.5 x[W,b,s,2024] + 0.5 x[W,c,r,2024] + 0.5 x[W,c,s,2024] \
             - 0.5 over[R1;W,2024] + carried[R1;W,2024] <= 25",
            "province_budget[R1;W,2025]: x[W,b,h,2025] + x[W,b,s,2025] + x[W,c,r,2025] + x[W,c,s,2025] \
             - carried[R1;W,2024] - over[R1;W,2025] <= 40",
            "over[R1;W,2024] costs 2.5 in province_budget[R1;W,2024]",
            "over[R1;W,2025] costs 2.5 in province_budget[R1;W,2025]",
        ]
    );
}

#[test]
fn check_carries_over_whole_units() {
    let scenario = carrying();
    let check = |amounts: &[_]| findings(&scenario, KIND, "", &plan(&scenario, amounts));
    // Of 21 unspent, half is 10 and a half: 10 are carried over, so 2025 has 50.
    let just = [("E", "a", "h", 2024, 60), ("W", "c", "r", 2024, 29), ("W", "b", "h", 2025, 50)];
    assert_eq!(check(&just), ["E,2024: slack 0", "E,2025: slack 60", "W,2024: slack 21", "W,2025: slack 0"]);
    let over = [("E", "a", "h", 2024, 61), ("W", "c", "r", 2024, 29), ("W", "b", "h", 2025, 51)];
    assert_eq!(check(&over), ["E,2024: short 1", "E,2025: slack 60", "W,2024: slack 21", "W,2025: short 1"]);
    // What is overspent is not taken from the next year.
    let early = [("W", "c", "r", 2024, 51)];
    assert_eq!(
        check(&early),
        ["E,2024: slack 60", "E,2025: slack 60", "W,2024: short 1", "W,2025: slack 40"]
    );
    // No candidate: E has no pairing with c.
    let stray = [("E", "c", "s", 2025, 62)];
    assert_eq!(
        check(&stray),
        ["E,2024: slack 60", "E,2025: short 2", "W,2024: slack 50", "W,2025: slack 65"]
    );
}

#[test]
fn has_nothing_to_say_beforehand() {
    assert_eq!(notes(&scenario(), KIND, ""), NONE);
}

#[test]
fn limits_lines_to_the_budget_and_what_can_be_carried_over() {
    // W in 2025: 40 and half of 50; in all never more than 50 + 40.
    assert_eq!(
        caps(&carrying(), KIND, ""),
        [
            "E,a,h: 120 [60, 60]",
            "E,a,r: 120 [60, 60]",
            "E,b,h: 120 [60, 60]",
            "E,b,s: 120 [60, 60]",
            "W,b,h: 90 [50, 65]",
            "W,b,s: 90 [50, 65]",
            "W,c,r: 90 [50, 65]",
            "W,c,s: 90 [50, 65]",
        ]
    );
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "carry_over = 1", "carry_over");
}
