use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "equity_band";

#[test]
fn rows_compare_each_site_with_its_part_of_all_money() {
    // 60% and 150% of the mean; a has a quarter of the people, b a half.
    assert_eq!(
        rows(&one_year(), KIND, "below = 0.4\nabove = 0.5", Hard),
        [
            "money[R1] in 0..inf DerivedMoney",
            "money[R1]: x[E,a,h,2024] + x[E,a,r,2024] + x[E,b,h,2024] + x[E,b,s,2024] + x[W,b,h,2024] \
             + x[W,b,s,2024] + x[W,c,r,2024] + x[W,c,s,2024] - money[R1] = 0",
            "equity_band[R1;a].lower: x[E,a,h,2024] + x[E,a,r,2024] - 0.15 money[R1] >= 0",
            "equity_band[R1;a].upper: x[E,a,h,2024] + x[E,a,r,2024] - 0.375 money[R1] <= 0",
            "equity_band[R1;b].lower: x[E,b,h,2024] + x[E,b,s,2024] + x[W,b,h,2024] + x[W,b,s,2024] \
             - 0.3 money[R1] >= 0",
            "equity_band[R1;b].upper: x[E,b,h,2024] + x[E,b,s,2024] + x[W,b,h,2024] + x[W,b,s,2024] \
             - 0.75 money[R1] <= 0",
            "equity_band[R1;c].lower: x[W,c,r,2024] + x[W,c,s,2024] - 0.15 money[R1] >= 0",
            "equity_band[R1;c].upper: x[W,c,r,2024] + x[W,c,s,2024] - 0.375 money[R1] <= 0",
        ]
    );
}

#[test]
fn soft_rows_and_a_site_without_people() {
    let mut scenario = one_year();
    scenario.sites[1].population = None;
    assert_eq!(
        rows(&scenario, KIND, "below = 0.4\nselect = { sectors = ['r'] }", soft()),
        [
            "money[R1] in 0..inf DerivedMoney",
            "short[R1;a] in 0..inf DerivedMoney",
            "short[R1;c] in 0..inf DerivedMoney",
            "money[R1]: x[E,a,r,2024] + x[W,c,r,2024] - money[R1] = 0",
            "equity_band[R1;a].lower: x[E,a,r,2024] - 0.3 money[R1] + short[R1;a] >= 0",
            "equity_band[R1;c].lower: x[W,c,r,2024] - 0.3 money[R1] + short[R1;c] >= 0",
            "short[R1;a] costs 2.5 in equity_band[R1;a].lower",
            "short[R1;c] costs 2.5 in equity_band[R1;c].lower",
        ]
    );
}

#[test]
fn check_compares_with_the_mean() {
    let scenario = scenario();
    let check =
        |amounts: &[_]| findings(&scenario, KIND, "below = 0.4\nabove = 0.5", &plan(&scenario, amounts));
    // 80 in all: 12 to 30 for a and c, 24 to 60 for b.
    let just = [
        ("E", "a", "h", 2024, 12),
        ("E", "b", "h", 2024, 20),
        ("W", "b", "h", 2025, 28),
        ("W", "c", "r", 2024, 20),
    ];
    assert_eq!(
        check(&just),
        ["a: slack 0", "a: slack 18", "b: slack 24", "b: slack 12", "c: slack 8", "c: slack 10"]
    );
    let less = [("E", "a", "h", 2024, 11), ("E", "b", "h", 2024, 38), ("W", "c", "r", 2024, 31)];
    assert_eq!(
        check(&less),
        ["a: short 1", "a: slack 19", "b: slack 14", "b: slack 22", "c: slack 19", "c: short 1"]
    );
    // No candidates count like others: E has no pairing with c.
    let stray = [("E", "c", "h", 2024, 40)];
    assert_eq!(
        check(&stray),
        ["a: short 6", "a: slack 15", "b: short 12", "b: slack 30", "c: slack 34", "c: short 25"]
    );
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    let notes_of = |parameters: &str| notes(&scenario, KIND, parameters);
    assert_eq!(notes_of("below = 0.4\nabove = 0.5"), NONE);
    assert_eq!(notes_of(""), ["W003 neither below nor above is given"]);
    assert_eq!(
        notes_of("above = 0.5\nselect = { sites = ['x'] }"),
        ["E031 the scenario has no site 'x'", "W010 no selected site has a population"]
    );
    // c needs no h.
    assert_eq!(
        notes_of("below = 0.4\nselect = { sectors = ['h'] }"),
        ["E041 site 'c' has no candidate line, so it cannot be near the mean"]
    );
    assert_eq!(notes_of("below = 1\nselect = { sectors = ['h'] }"), NONE);
    // As the note advises.
    assert_eq!(notes_of("below = 0.4\nselect = { sectors = ['h'], except = { sites = ['c'] } }"), NONE);
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "below = 0.4"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "band = 0.4", "band");
    refuses(KIND, "below = '40%'", "below");
}
