use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "region_floor";

#[test]
fn rows_stand_for_each_region_with_a_floor() {
    // 40.5 is 41 whole units.
    assert_eq!(
        rows(&one_year(), KIND, "amount = 30\nby_region = { S = 40.5 }", Hard),
        [
            "region_floor[R1;N]: x[E,a,h,2024] + x[E,a,r,2024] + x[E,b,h,2024] + x[E,b,s,2024] \
             + x[W,b,h,2024] + x[W,b,s,2024] >= 30",
            "region_floor[R1;S]: x[W,c,r,2024] + x[W,c,s,2024] >= 41",
        ]
    );
    assert_eq!(
        rows(&scenario(), KIND, "amount = 30\nselect = { except = { sites = ['a', 'b'] } }", Hard),
        ["region_floor[R1;S]: total[W,c,r] + total[W,c,s] >= 30"]
    );
}

#[test]
fn soft_rows_may_fall_short_at_a_price() {
    // Money is short even where no line can bring any.
    assert_eq!(
        rows(&one_year(), KIND, "by_region = { S = 7 }\nselect = { provinces = ['E'] }", soft()),
        [
            "short[R1;S] in 0..inf DerivedMoney",
            "region_floor[R1;S]: short[R1;S] >= 7",
            "short[R1;S] costs 2.5 in region_floor[R1;S]",
        ]
    );
}

#[test]
fn check_adds_up_each_region() {
    let scenario = scenario();
    let check = |amounts: &[_]| {
        findings(&scenario, KIND, "amount = 30\nby_region = { S = 40.5 }", &plan(&scenario, amounts))
    };
    let just = [("E", "a", "h", 2024, 20), ("W", "b", "s", 2025, 10), ("W", "c", "r", 2024, 41)];
    assert_eq!(check(&just), ["N: slack 0", "S: slack 0"]);
    let less = [("E", "a", "h", 2024, 20), ("W", "b", "s", 2025, 9), ("W", "c", "r", 2024, 41)];
    assert_eq!(check(&less), ["N: short 1", "S: slack 0"]);
    // No candidates count like others: E has no pairing with c.
    assert_eq!(check(&[("E", "c", "h", 2024, 50)]), ["N: short 30", "S: slack 9"]);
}

#[test]
fn says_what_cannot_be_reached() {
    let scenario = one_year();
    let notes = |parameters: &str| notes(&scenario, KIND, parameters);
    assert_eq!(notes("amount = 90"), NONE);
    assert_eq!(notes(""), ["W010 no selected region has a floor"]);
    assert_eq!(
        notes("amount = 1\nby_region = { X = 2 }"),
        ["E031 by_region names the region 'X', which the scenario does not have"]
    );
    assert_eq!(
        notes("by_region = { S = 91 }"),
        ["E040 region 'S' asks for 91 units; the provinces that may fund it have 90"]
    );
    assert_eq!(
        notes("by_region = { N = 150, S = 80 }"),
        ["E040 the floors add up to 230 units; all provinces together have 210"]
    );
    assert_eq!(
        notes("amount = 1\nselect = { sectors = ['x'] }"),
        [
            "E031 the scenario has no sector 'x'",
            "E040 region 'N' asks for 1 units; the provinces that may fund it have 0",
            "E040 region 'S' asks for 1 units; the provinces that may fund it have 0",
        ]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "amount = 30"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "share = 0.5", "share");
    refuses(KIND, "amount = '1 million'", "amount");
    refuses(KIND, "by_region = { S = true }", "by_region.S");
}
