use crate::fixture::{NONE, caps, findings, industrial, notes, one_year, plan, refuses, rows, soft};
use allot::model::Strength::Hard;

const KIND: &str = "park_capacity";

#[test]
fn a_row_stands_for_each_park_with_a_capacity() {
    assert_eq!(
        rows(&industrial(), KIND, "", Hard),
        ["park_capacity[R1;remote]: x[W,c,r,2024] + x[W,c,s,2024] <= 70"]
    );
    assert_eq!(
        rows(&industrial(), KIND, "", soft()),
        [
            "over[R1;remote] in 0..inf DerivedMoney",
            "park_capacity[R1;remote]: x[W,c,r,2024] + x[W,c,s,2024] - over[R1;remote] <= 70",
            "over[R1;remote] costs 2.5 in park_capacity[R1;remote]",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "", Hard), NONE);
}

#[test]
fn check_sums_what_is_in_the_park() {
    let scenario = industrial();
    let check = |amounts: &[_]| findings(&scenario, KIND, "", &plan(&scenario, amounts));
    assert_eq!(check(&[("W", "c", "r", 2024, 60), ("W", "c", "s", 2024, 10)]), ["remote: slack 0"]);
    // No candidate counts too: E is not paired with c. Other sectors and sites do not.
    let more = [("E", "c", "r", 2024, 71), ("W", "c", "h", 2024, 9), ("W", "b", "s", 2024, 9)];
    assert_eq!(check(&more), ["remote: short 1"]);
}

#[test]
fn limits_its_lines() {
    assert_eq!(caps(&industrial(), KIND, ""), ["W,c,r: 70 [70]", "W,c,s: 70 [70]"]);
}

#[test]
fn has_nothing_to_say_and_no_parameters() {
    assert_eq!(notes(&industrial(), KIND, ""), NONE);
    refuses(KIND, "capacity = 1", "capacity");
}
