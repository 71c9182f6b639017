use crate::fixture::{NONE, caps, findings, industrial, notes, one_year, plan, refuses, rows, soft};
use allot::model::Strength::Hard;

const KIND: &str = "park_share";

#[test]
fn rows_hold_what_is_in_parks_against_all_industry() {
    let mut scenario = industrial();
    scenario.sectors[2].industry = None;
    // s is no industry: its money counts nowhere, though an enclave admits it.
    assert_eq!(
        rows(&scenario, KIND, "share = 0.25", Hard),
        [
            "park_share[R1]: -0.25 x[E,a,h,2024] - 0.25 x[E,a,r,2024] + 0.75 x[E,b,h,2024] + 0.75 x[W,b,h,2024] + 0.75 x[W,c,r,2024] >= 0"
        ]
    );
    assert_eq!(
        rows(
            &scenario,
            KIND,
            "share = 0.25\nkinds = ['enclave']\nper = 'site'\nof = { sectors = ['r'] }",
            soft()
        ),
        [
            "short[R1;a] in 0..inf DerivedMoney",
            "short[R1;c] in 0..inf DerivedMoney",
            "park_share[R1;a]: -0.25 x[E,a,r,2024] + short[R1;a] >= 0",
            "park_share[R1;c]: 0.75 x[W,c,r,2024] + short[R1;c] >= 0",
            "short[R1;a] costs 2.5 in park_share[R1;a]",
            "short[R1;c] costs 2.5 in park_share[R1;c]",
        ]
    );
}

#[test]
fn check_measures_the_share() {
    let scenario = industrial();
    let check =
        |parameters: &str, amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let amounts = [("E", "a", "r", 2024, 30), ("E", "b", "h", 2024, 6), ("W", "c", "s", 2024, 4)];
    assert_eq!(check("share = 0.25", &amounts), ["all: slack 0"]);
    assert_eq!(check("share = 0.25\nkinds = ['joint']", &amounts), ["all: short 4"]);
    assert_eq!(
        check("share = 0.25\nof = { industries = ['C13'] }\nper = 'region'", &amounts),
        ["N: slack 4.5", "S: slack 0"]
    );
    // No candidate counts like others: c needs no h, and no park there admits it.
    assert_eq!(
        check("share = 0.5", &[("W", "c", "h", 2024, 2), ("W", "c", "r", 2024, 1)]),
        ["all: short 0.5"]
    );
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = industrial();
    assert_eq!(notes(&scenario, KIND, "share = 0.5"), NONE);
    assert_eq!(notes(&scenario, KIND, "share = 1.5"), ["E041 share = 1.5 is more than the whole"]);
    assert_eq!(
        notes(&scenario, KIND, "share = 0.5\nper = 'site'"),
        ["W003 'a' has no candidate line in a park, so its industry could get nothing at all"]
    );
    assert_eq!(
        notes(&scenario, KIND, "share = 0.5\nkinds = ['demonstration']"),
        ["W003 the programme has no candidate line in a park, so its industry could get nothing at all"]
    );
    assert_eq!(
        notes(&scenario, KIND, "share = 0.5\nof = { sites = ['z'] }"),
        [
            "E031 the scenario has no site 'z'",
            "W010 the rule selects no candidate line of a sector with an industry",
        ]
    );
    assert_eq!(
        notes(&one_year(), KIND, "share = 0.5"),
        ["W010 the rule selects no candidate line of a sector with an industry"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&industrial(), KIND, "share = 0.5"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "", "share");
    refuses(KIND, "share = 0.5\nkinds = ['enclaves']", "kinds");
    refuses(KIND, "share = 0.5\ngroup = {}", "group");
}
