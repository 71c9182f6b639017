use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "need_floor";

#[test]
fn rows_ask_for_a_share_of_the_need_of_each_part() {
    // Half of 40 + 60 + 50 + 30 and of 80 + 20.
    assert_eq!(
        rows(&one_year(), KIND, "share = 0.5\nper = 'region'", Hard),
        [
            "met[R1;a,h] in 0..40 DerivedMoney",
            "met[R1;a,r] in 0..60 DerivedMoney",
            "met[R1;b,h] in 0..50 DerivedMoney",
            "met[R1;b,s] in 0..30 DerivedMoney",
            "met[R1;c,r] in 0..80 DerivedMoney",
            "met[R1;c,s] in 0..20 DerivedMoney",
            "met[R1;a,h]: -x[E,a,h,2024] + met[R1;a,h] <= 0",
            "met[R1;a,r]: -x[E,a,r,2024] + met[R1;a,r] <= 0",
            "met[R1;b,h]: -x[E,b,h,2024] - 0.5 x[W,b,h,2024] + met[R1;b,h] <= 0",
            "met[R1;b,s]: -x[E,b,s,2024] - 0.5 x[W,b,s,2024] + met[R1;b,s] <= 0",
            "need_floor[R1;N]: met[R1;a,h] + met[R1;a,r] + met[R1;b,h] + met[R1;b,s] >= 90",
            "met[R1;c,r]: -x[W,c,r,2024] + met[R1;c,r] <= 0",
            "met[R1;c,s]: -x[W,c,s,2024] + met[R1;c,s] <= 0",
            "need_floor[R1;S]: met[R1;c,r] + met[R1;c,s] >= 50",
        ]
    );
}

#[test]
fn soft_rows_may_fall_short_at_a_price() {
    assert_eq!(
        rows(&one_year(), KIND, "share = 0.333333\nselect = { sites = ['a'], sectors = ['h'] }", soft()),
        [
            "met[R1;a,h] in 0..40 DerivedMoney",
            "short[R1] in 0..inf DerivedMoney",
            "met[R1;a,h]: -x[E,a,h,2024] + met[R1;a,h] <= 0",
            "need_floor[R1]: met[R1;a,h] + short[R1] >= 13.33332",
            "short[R1] costs 2.5 in need_floor[R1]",
        ]
    );
}

#[test]
fn check_counts_no_more_than_is_needed() {
    let scenario = scenario();
    let parameters = "share = 0.5\nper = 'site'\nselect = { regions = ['N'] }";
    let check = |amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    // b: 15 from E, 50 at one half from W.
    let just = [
        ("E", "a", "h", 2024, 99),
        ("E", "a", "r", 2025, 10),
        ("E", "b", "s", 2024, 15),
        ("W", "b", "h", 2024, 50),
    ];
    assert_eq!(check(&just), ["a: slack 0", "b: slack 0"]);
    let less = [
        ("E", "a", "h", 2024, 99),
        ("E", "a", "r", 2025, 9),
        ("E", "b", "s", 2024, 15),
        ("W", "b", "h", 2024, 48),
    ];
    assert_eq!(check(&less), ["a: short 1", "b: short 1"]);
    // No candidates cover nothing: W has no pairing with a, and b needs no r.
    let stray = [("W", "a", "h", 2024, 40), ("E", "b", "r", 2024, 40)];
    assert_eq!(check(&stray), ["a: short 50", "b: short 40"]);
}

#[test]
fn says_what_cannot_be_reached() {
    let scenario = one_year();
    let notes = |parameters: &str| notes(&scenario, KIND, parameters);
    assert_eq!(notes("share = 0.5\nper = 'site'"), NONE);
    // E has 120, W has 90.
    assert_eq!(
        notes("share = 1\nper = 'site'"),
        ["E040 the floor of 'c' asks for 100 units, and the provinces that may fund it can cover 90"]
    );
    // E can cover 120 of b, W 90 at one half.
    assert_eq!(
        notes("share = 3\nselect = { sites = ['b'] }"),
        [
            "E041 share = 3 is more than the whole need",
            "E040 the floor asks for 240 units, and the provinces that may fund it can cover 165",
        ]
    );
    assert_eq!(notes("share = 0.1\nselect = { levels = ['x'] }"), ["E031 the scenario has no level 'x'"]);
    let provinces = ["E030 needs belong to sites and sectors, not to provinces"];
    assert_eq!(notes("share = 0.1\nper = 'province'"), provinces);
    assert_eq!(notes("share = 0.1\nselect = { provinces = ['E'] }"), provinces);
    assert_eq!(notes("share = 0.1\nselect = { except = { province_groups = ['coast'] } }"), provinces);
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "share = 0.5"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "share = 0.5\nof = 'site'", "of");
    refuses(KIND, "share = 'half'", "share");
    refuses(KIND, "share = 0.5\nper = 3", "per");
}
