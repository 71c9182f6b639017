use crate::fixture::{NONE, caps, findings, notes, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "exclusion";

#[test]
fn rows_close_excluded_candidate_lines() {
    assert_eq!(
        rows(&scenario(), KIND, "", Hard),
        ["exclusion[R1;W,b,h]: total[W,b,h] <= 0", "exclusion[R1;W,b,s]: total[W,b,s] <= 0"]
    );
}

#[test]
fn soft_rows_may_be_exceeded_at_a_price() {
    let mut scenario = scenario();
    scenario.exclusions[0].sector = scenario.sector("s");
    assert_eq!(
        rows(&scenario, KIND, "", soft()),
        [
            "over[R1;W,b,s] in 0..inf DerivedMoney",
            "exclusion[R1;W,b,s]: total[W,b,s] - over[R1;W,b,s] <= 0",
            "over[R1;W,b,s] costs 2.5 in exclusion[R1;W,b,s]",
        ]
    );
}

#[test]
fn check_looks_at_excluded_lines_candidates_or_not() {
    let scenario = scenario();
    let check = |amounts: &[_]| findings(&scenario, KIND, "", &plan(&scenario, amounts));
    assert_eq!(check(&[("E", "b", "h", 2024, 9)]), ["W,b,h: slack 0", "W,b,s: slack 0"]);
    assert_eq!(check(&[("W", "b", "s", 2025, 1)]), ["W,b,h: slack 0", "W,b,s: short 1"]);
    // No candidate: b needs no r.
    assert_eq!(check(&[("W", "b", "r", 2025, 5)]), ["W,b,h: slack 0", "W,b,r: short 5", "W,b,s: slack 0"]);
}

#[test]
fn has_nothing_to_say_beforehand() {
    assert_eq!(notes(&scenario(), KIND, ""), NONE);
}

#[test]
fn limits_excluded_lines_to_nothing() {
    assert_eq!(caps(&scenario(), KIND, ""), ["W,b,h: 0 [0, 0]", "W,b,s: 0 [0, 0]"]);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "lines = []", "lines");
}
