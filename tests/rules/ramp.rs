use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "ramp";

#[test]
fn rows_compare_each_year_with_the_year_before() {
    assert_eq!(
        rows(&scenario(), KIND, "down = 0.2\nup = 0.5\nselect = { sites = ['a'] }", Hard),
        [
            "ramp[R1;a,2025].lower: -0.8 x[E,a,h,2024] + x[E,a,h,2025] - 0.8 x[E,a,r,2024] \
             + x[E,a,r,2025] >= 0",
            "ramp[R1;a,2025].upper: -1.5 x[E,a,h,2024] + x[E,a,h,2025] - 1.5 x[E,a,r,2024] \
             + x[E,a,r,2025] <= 0",
        ]
    );
    assert_eq!(
        rows(&scenario(), KIND, "down = 0.2\nof = 'line'\nselect = { sites = ['c'] }", Hard),
        [
            "ramp[R1;W,c,r,2025].lower: -0.8 x[W,c,r,2024] + x[W,c,r,2025] >= 0",
            "ramp[R1;W,c,s,2025].lower: -0.8 x[W,c,s,2024] + x[W,c,s,2025] >= 0",
        ]
    );
    assert_eq!(
        rows(&scenario(), KIND, "up = 0\nof = 'all'\nselect = { sectors = ['r'] }", Hard),
        ["ramp[R1;2025].upper: -x[E,a,r,2024] + x[E,a,r,2025] - x[W,c,r,2024] + x[W,c,r,2025] <= 0",]
    );
    assert_eq!(rows(&one_year(), KIND, "up = 0", Hard), NONE);
}

#[test]
fn soft_rows_fall_short_or_over_at_a_price() {
    let parameters = "down = 0.2\nup = 0.5\nof = 'province'\nselect = { sites = ['a'], sectors = ['h'] }";
    assert_eq!(
        rows(&scenario(), KIND, parameters, soft())[..6],
        [
            "short[R1;E,2025] in 0..inf DerivedMoney",
            "over[R1;E,2025] in 0..inf DerivedMoney",
            "ramp[R1;E,2025].lower: -0.8 x[E,a,h,2024] + x[E,a,h,2025] + short[R1;E,2025] >= 0",
            "ramp[R1;E,2025].upper: -1.5 x[E,a,h,2024] + x[E,a,h,2025] - over[R1;E,2025] <= 0",
            "short[R1;E,2025] costs 2.5 in ramp[R1;E,2025].lower",
            "over[R1;E,2025] costs 2.5 in ramp[R1;E,2025].upper",
        ]
    );
}

#[test]
fn check_compares_the_years() {
    let scenario = scenario();
    let check =
        |parameters: &str, amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let band = "down = 0.2\nup = 0.5\nselect = { regions = ['N'] }\n";
    let just = [
        ("E", "a", "h", 2024, 50),
        ("E", "a", "r", 2025, 40),
        ("E", "b", "h", 2024, 10),
        ("W", "b", "h", 2025, 15),
    ];
    assert_eq!(
        check(band, &just),
        ["a,2025: slack 0", "a,2025: slack 35", "b,2025: slack 7", "b,2025: slack 0"]
    );
    let wide = [
        ("E", "a", "h", 2024, 50),
        ("E", "a", "r", 2025, 39),
        ("E", "b", "h", 2024, 10),
        ("W", "b", "h", 2025, 16),
    ];
    assert_eq!(
        check(band, &wide),
        ["a,2025: short 1", "a,2025: slack 36", "b,2025: slack 8", "b,2025: short 1"]
    );
    // Each line that is funded, candidate or not: W has no pairing with a.
    let lines = [("E", "a", "h", 2024, 10), ("E", "a", "h", 2025, 8), ("W", "a", "h", 2024, 10)];
    assert_eq!(check("down = 0.2\nof = 'line'", &lines), ["E,a,h,2025: slack 0", "W,a,h,2025: short 8"]);
    assert_eq!(check("up = 0\nselect = { sites = ['a'] }", &[("W", "a", "s", 2025, 3)]), ["a,2025: short 3"]);
}

#[test]
fn says_what_has_no_effect() {
    let scenario = scenario();
    assert_eq!(notes(&scenario, KIND, "up = 0.5"), NONE);
    assert_eq!(notes(&scenario, KIND, ""), ["W003 neither down nor up is given"]);
    assert_eq!(notes(&one_year(), KIND, "up = 0.5"), ["W003 the scenario has one year"]);
    assert_eq!(
        notes(&scenario, KIND, "up = 0.5\nselect = { provinces = ['x'] }"),
        ["E031 the scenario has no province 'x'"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&scenario(), KIND, "up = 0.5"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "per = 'site'", "per");
    refuses(KIND, "up = 'much'", "up");
    refuses(KIND, "of = 'level'", "of");
}
