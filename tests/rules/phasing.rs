use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "phasing";

#[test]
fn rows_stand_for_each_year_of_the_path() {
    assert_eq!(
        rows(&scenario(), KIND, "path = [0.3, 0.9]\nselect = { sectors = ['r'] }", Hard),
        [
            "phasing[R1;2024]: x[E,a,r,2024] - 0.3 total[E,a,r] + x[W,c,r,2024] - 0.3 total[W,c,r] >= 0",
            "phasing[R1;2025]: x[E,a,r,2024] + x[E,a,r,2025] - 0.9 total[E,a,r] + x[W,c,r,2024] \
             + x[W,c,r,2025] - 0.9 total[W,c,r] >= 0",
        ]
    );
    // A share of nothing asks for nothing.
    assert_eq!(
        rows(&scenario(), KIND, "path = [0, 0.9]\nper = 'site'\nselect = { sites = ['c'] }", Hard),
        ["phasing[R1;c,2025]: x[W,c,r,2024] + x[W,c,r,2025] - 0.9 total[W,c,r] + x[W,c,s,2024] \
             + x[W,c,s,2025] - 0.9 total[W,c,s] >= 0",]
    );
    assert_eq!(
        rows(&one_year(), KIND, "path = [0.3]\nselect = { sectors = ['r'] }", Hard),
        ["phasing[R1;2024]: 0.7 x[E,a,r,2024] + 0.7 x[W,c,r,2024] >= 0"]
    );
}

#[test]
fn soft_rows_may_fall_short_at_a_price() {
    assert_eq!(
        rows(
            &scenario(),
            KIND,
            "path = [0.3]\nper = 'region'\nselect = { sites = ['c'], sectors = ['r'] }",
            soft()
        ),
        [
            "short[R1;S,2024] in 0..inf DerivedMoney",
            "phasing[R1;S,2024]: x[W,c,r,2024] - 0.3 total[W,c,r] + short[R1;S,2024] >= 0",
            "short[R1;S,2024] costs 2.5 in phasing[R1;S,2024]",
        ]
    );
}

#[test]
fn check_adds_up_the_years() {
    let scenario = scenario();
    let parameters = "path = [0.3, 1]\nselect = { sectors = ['r'] }";
    let check = |amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let just = [("E", "a", "r", 2024, 30), ("W", "c", "r", 2025, 70), ("E", "a", "h", 2025, 99)];
    assert_eq!(check(&just), ["2024: slack 0", "2025: slack 0"]);
    let less = [("E", "a", "r", 2024, 29), ("W", "c", "r", 2025, 71)];
    assert_eq!(check(&less), ["2024: short 1", "2025: slack 0"]);
    // No candidates count like others: E has no pairing with c.
    assert_eq!(check(&[("E", "c", "r", 2025, 10)]), ["2024: short 3", "2025: slack 0"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = scenario();
    let notes = |parameters: &str| notes(&scenario, KIND, parameters);
    assert_eq!(notes("path = [0.3, 0.3]"), NONE);
    assert_eq!(notes("path = [0.1, 0.2, 0.3]"), ["W003 path has 3 shares for 2 years"]);
    assert_eq!(notes("path = [0.1, 1.2]"), ["E041 path has a share of more than the whole"]);
    assert_eq!(
        notes("path = [0.3, 0.2]"),
        ["W003 path falls from one year to the next, which a cumulative share cannot do"]
    );
    assert_eq!(
        notes("path = [0.3]\nselect = { sector_groups = ['x'] }"),
        ["E031 the scenario has no sector group 'x'"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&scenario(), KIND, "path = [0.3]"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "path = [0.3]\nyear = 2024", "year");
    refuses(KIND, "path = 0.3", "path");
    refuses(KIND, "path = [0.3, 'rest']", "path");
}
