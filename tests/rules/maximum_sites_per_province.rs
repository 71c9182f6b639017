use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, soft};
use allot::model::Strength::Hard;

const KIND: &str = "maximum_sites_per_province";

#[test]
fn rows_stand_for_each_province_with_more_links() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 1", Hard),
        [
            "maximum_sites_per_province[R1;E]: active[E,a] + active[E,b] <= 1",
            "maximum_sites_per_province[R1;W]: active[W,b] + active[W,c] <= 1",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "number = 2", Hard), NONE);
}

#[test]
fn soft_rows_count_what_is_over() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 1\nselect = { provinces = ['W'] }", soft()),
        [
            "over[R1;W] in 0..inf Count",
            "maximum_sites_per_province[R1;W]: active[W,b] + active[W,c] - over[R1;W] <= 1",
            "over[R1;W] costs 2.5 in maximum_sites_per_province[R1;W]",
        ]
    );
}

#[test]
fn check_counts_sites() {
    let scenario = one_year();
    let check = |amounts: &[_]| findings(&scenario, KIND, "number = 1", &plan(&scenario, amounts));
    let one = [("E", "b", "h", 2024, 1), ("E", "b", "s", 2024, 1)];
    assert_eq!(check(&one), ["E: slack 0", "W: slack 1"]);
    let two = [("E", "b", "h", 2024, 1), ("E", "a", "h", 2024, 1)];
    assert_eq!(check(&two), ["E: short 1", "W: slack 1"]);
    // No candidate: W has no pairing with a.
    let stray = [("W", "b", "h", 2024, 1), ("W", "a", "h", 2024, 1)];
    assert_eq!(check(&stray), ["E: slack 1", "W: short 1"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "number = 1\nselect = { provinces = ['E'] }"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nselect = { province_groups = ['x'] }"),
        ["E031 the scenario has no province group 'x'"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nselect = { sites = ['a'] }"),
        ["E030 select chooses by sites, which this rule does not look at"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "number = 1"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "number = 1\nper = 'site'", "per");
    refuses(KIND, "number = 'one'", "number");
}
