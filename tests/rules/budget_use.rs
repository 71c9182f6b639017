use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "budget_use";

#[test]
fn rows_ask_for_a_share_of_each_budget() {
    // 80% of 120 and of 90.
    assert_eq!(
        rows(&one_year(), KIND, "share = 0.8", Hard),
        [
            "budget_use[R1;E]: x[E,a,h,2024] + x[E,a,r,2024] + x[E,b,h,2024] + x[E,b,s,2024] >= 96",
            "budget_use[R1;W]: x[W,b,h,2024] + x[W,b,s,2024] + x[W,c,r,2024] + x[W,c,s,2024] >= 72",
        ]
    );
}

#[test]
fn several_years_are_added_up_and_thresholds_are_rounded_up() {
    // E has 60 + 60; 0.333333 of it is 39.99996.
    assert_eq!(
        rows(&scenario(), KIND, "share = 0.333333\nselect = { province_groups = ['coast'] }", Hard),
        ["budget_use[R1;E]: total[E,a,h] + total[E,a,r] + total[E,b,h] + total[E,b,s] >= 40"]
    );
}

#[test]
fn soft_rows_may_fall_short_at_a_price() {
    assert_eq!(
        rows(&one_year(), KIND, "share = 0.8\nselect = { except = { provinces = ['E'] } }", soft()),
        [
            "short[R1;W] in 0..inf DerivedMoney",
            "budget_use[R1;W]: x[W,b,h,2024] + x[W,b,s,2024] + x[W,c,r,2024] + x[W,c,s,2024] + short[R1;W] >= 72",
            "short[R1;W] costs 2.5 in budget_use[R1;W]",
        ]
    );
}

#[test]
fn check_adds_up_each_province() {
    let scenario = one_year();
    let check = |amounts: &[_]| findings(&scenario, KIND, "share = 0.8", &plan(&scenario, amounts));
    let just = [("E", "a", "h", 2024, 96), ("W", "c", "r", 2024, 72)];
    assert_eq!(check(&just), ["E: slack 0", "W: slack 0"]);
    let less = [("E", "a", "h", 2024, 96), ("W", "c", "r", 2024, 71)];
    assert_eq!(check(&less), ["E: slack 0", "W: short 1"]);
    // No candidate, but paid.
    let stray = [("E", "c", "h", 2024, 96)];
    assert_eq!(check(&stray), ["E: slack 0", "W: short 72"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "share = 1"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "share = 1.5"),
        ["E041 share = 1.5 asks for more than the whole capacity"]
    );
    assert_eq!(
        notes(&scenario, KIND, "share = 1\nselect = { provinces = ['X'] }"),
        ["E031 the scenario has no province 'X'"]
    );
    assert_eq!(
        notes(&scenario, KIND, "share = 1\nselect = { except = { sectors = ['h'] } }"),
        ["E030 select chooses by sectors, which this rule does not look at"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "share = 0.8"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "share = 1\nshares = 1", "shares");
    refuses(KIND, "share = 'much'", "share");
    refuses(KIND, "share = 0.1234567", "share");
    refuses(KIND, "", "share");
    refuses(KIND, "share = 1\nselect = { provinces = 3 }", "select.provinces");
    refuses(KIND, "share = 1\nselect = { province = ['E'] }", "province");
}
