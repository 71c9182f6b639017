use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "sector_capacity";

#[test]
fn rows_stand_for_each_capacity() {
    assert_eq!(
        rows(&scenario(), KIND, "", Hard),
        [
            "sector_capacity[R1;E,h]: total[E,a,h] + total[E,b,h] <= 70",
            "sector_capacity[R1;W,s]: total[W,b,s] + total[W,c,s] <= 25",
        ]
    );
}

#[test]
fn soft_rows_may_be_exceeded_at_a_price() {
    let mut scenario = scenario();
    scenario.sector_capacity.pop_last();
    assert_eq!(
        rows(&scenario, KIND, "", soft()),
        [
            "over[R1;E,h] in 0..inf DerivedMoney",
            "sector_capacity[R1;E,h]: total[E,a,h] + total[E,b,h] - over[R1;E,h] <= 70",
            "over[R1;E,h] costs 2.5 in sector_capacity[R1;E,h]",
        ]
    );
}

#[test]
fn check_adds_up_sites_and_years() {
    let scenario = scenario();
    let check = |amounts: &[_]| findings(&scenario, KIND, "", &plan(&scenario, amounts));
    let full = [("E", "a", "h", 2024, 30), ("E", "b", "h", 2025, 40), ("W", "b", "s", 2024, 25)];
    assert_eq!(check(&full), ["E,h: slack 0", "W,s: slack 0"]);
    let over = [("E", "a", "h", 2024, 30), ("E", "b", "h", 2025, 41)];
    assert_eq!(check(&over), ["E,h: short 1", "W,s: slack 25"]);
    // No candidate: E has no pairing with c; E has no capacity in s.
    let stray = [("E", "c", "h", 2024, 73), ("E", "c", "s", 2024, 99)];
    assert_eq!(check(&stray), ["E,h: short 3", "W,s: slack 25"]);
}

#[test]
fn has_nothing_to_say_beforehand() {
    assert_eq!(notes(&scenario(), KIND, ""), NONE);
    // A policy may ask for what a scenario does not have: the table is optional.
    assert_eq!(notes(&one_year(), KIND, ""), NONE);
}

#[test]
fn limits_the_lines_of_the_sector() {
    assert_eq!(
        caps(&scenario(), KIND, ""),
        ["E,a,h: 70 [70, 70]", "E,b,h: 70 [70, 70]", "W,b,s: 25 [25, 25]", "W,c,s: 25 [25, 25]"]
    );
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "amount = 1", "amount");
}
