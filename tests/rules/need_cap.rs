use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "need_cap";

#[test]
fn rows_stand_for_each_need_and_for_its_years() {
    // Only the need of a in h is given by year.
    assert_eq!(
        rows(&scenario(), KIND, "by_year = true", Hard),
        [
            "need_cap[R1;a,h]: total[E,a,h] <= 40",
            "need_cap[R1;a,h,2024]: x[E,a,h,2024] <= 10",
            "need_cap[R1;a,h,2025]: x[E,a,h,2025] <= 30",
            "need_cap[R1;a,r]: total[E,a,r] <= 60",
            "need_cap[R1;b,h]: total[E,b,h] + 0.5 total[W,b,h] <= 50",
            "need_cap[R1;b,s]: total[E,b,s] + 0.5 total[W,b,s] <= 30",
            "need_cap[R1;c,r]: total[W,c,r] <= 80",
            "need_cap[R1;c,s]: total[W,c,s] <= 20",
        ]
    );
}

#[test]
fn soft_rows_may_be_exceeded_at_a_price() {
    let mut scenario = one_year();
    scenario.needs.iter_mut().skip(1).for_each(|need| need.lines.clear());
    assert_eq!(
        rows(&scenario, KIND, "share = 0.4", soft()),
        [
            "over[R1;a,h] in 0..inf DerivedMoney",
            "need_cap[R1;a,h]: x[E,a,h,2024] - over[R1;a,h] <= 16",
            "over[R1;a,h] costs 2.5 in need_cap[R1;a,h]",
        ]
    );
}

#[test]
fn check_adds_up_what_is_covered() {
    let scenario = scenario();
    let check =
        |parameters: &str, amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let full = [
        ("E", "a", "h", 2024, 10),
        ("E", "a", "h", 2025, 30),
        ("E", "b", "h", 2024, 25),
        ("W", "b", "h", 2025, 50),
    ];
    assert_eq!(
        check("by_year = true", &full),
        [
            "a,h: slack 0",
            "a,h,2024: slack 0",
            "a,h,2025: slack 0",
            "a,r: slack 60",
            "b,h: slack 0",
            "b,s: slack 30",
            "c,r: slack 80",
            "c,s: slack 20",
        ]
    );
    // One unit of a cross-pairing covers half a unit.
    let over = [("E", "a", "h", 2024, 11), ("E", "a", "r", 2024, 61), ("W", "b", "h", 2024, 101)];
    assert_eq!(
        check("by_year = true", &over),
        [
            "a,h: slack 29",
            "a,h,2024: short 1",
            "a,h,2025: slack 30",
            "a,r: short 1",
            "b,h: short 0.5",
            "b,s: slack 30",
            "c,r: slack 80",
            "c,s: slack 20",
        ]
    );
    // No candidates: W has no pairing with a, and a needs no s.
    let stray = [("W", "a", "h", 2024, 41), ("E", "a", "s", 2024, 3)];
    assert_eq!(
        check("", &stray),
        [
            "a,h: short 1",
            "a,r: slack 60",
            "b,h: slack 50",
            "b,s: slack 30",
            "c,r: slack 80",
            "c,s: slack 20",
            "E,a,s: short 3",
        ]
    );
}

#[test]
fn has_nothing_to_say_beforehand() {
    assert_eq!(notes(&scenario(), KIND, "by_year = true"), NONE);
    // A policy may ask for what a scenario does not have: the table is optional.
    assert_eq!(notes(&one_year(), KIND, "by_year = true"), NONE);
}

#[test]
fn limits_lines_to_what_their_effect_may_cover() {
    // 55% of 50 is 27.5: 27 whole units of E, or 55 units of W at one half.
    assert_eq!(
        caps(&scenario(), KIND, "share = 0.55\nby_year = true"),
        [
            "E,a,h: 21 [5, 16]",
            "E,a,r: 33 [33, 33]",
            "E,b,h: 27 [27, 27]",
            "E,b,s: 16 [16, 16]",
            "W,b,h: 55 [55, 55]",
            "W,b,s: 33 [33, 33]",
            "W,c,r: 44 [44, 44]",
            "W,c,s: 11 [11, 11]",
        ]
    );
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "factor = 1", "factor");
    refuses(KIND, "share = 'all'", "share");
    refuses(KIND, "by_year = 1", "by_year");
}
