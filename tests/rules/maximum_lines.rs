use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, soft};
use allot::model::Strength::Hard;

const KIND: &str = "maximum_lines";

#[test]
fn rows_stand_where_there_are_more_lines_than_are_allowed() {
    // a and c have two lines.
    assert_eq!(
        rows(&one_year(), KIND, "number = 2\nper = 'site'", Hard),
        ["maximum_lines[R1;b]: open[E,b,h] + open[E,b,s] + open[W,b,h] + open[W,b,s] <= 2"]
    );
    assert_eq!(rows(&one_year(), KIND, "number = 3\nselect = { sector_groups = ['industry'] }", Hard), NONE);
    assert_eq!(
        rows(&one_year(), KIND, "number = 1\nselect = { sector_groups = ['industry'] }", Hard),
        ["maximum_lines[R1]: open[E,a,r] + open[W,c,r] <= 1"]
    );
}

#[test]
fn soft_rows_count_what_is_over() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 1\nper = 'sector'\nselect = { regions = ['S'] }", soft()),
        NONE
    );
    assert_eq!(
        rows(&one_year(), KIND, "number = 1\nper = 'region'\nselect = { regions = ['S'] }", soft()),
        [
            "over[R1;S] in 0..inf Count",
            "maximum_lines[R1;S]: open[W,c,r] + open[W,c,s] - over[R1;S] <= 1",
            "over[R1;S] costs 2.5 in maximum_lines[R1;S]",
        ]
    );
}

#[test]
fn check_counts_funded_lines() {
    let scenario = one_year();
    let check =
        |amounts: &[_]| findings(&scenario, KIND, "number = 2\nper = 'site'", &plan(&scenario, amounts));
    let full = [("E", "b", "h", 2024, 1), ("W", "b", "h", 2024, 1)];
    assert_eq!(check(&full), ["a: slack 2", "b: slack 0", "c: slack 2"]);
    let over = [("E", "b", "h", 2024, 1), ("W", "b", "h", 2024, 1), ("W", "b", "s", 2024, 1)];
    assert_eq!(check(&over), ["a: slack 2", "b: short 1", "c: slack 2"]);
    // No candidates: a needs no s, W has no pairing with it.
    let stray = [("E", "a", "s", 2024, 1), ("W", "a", "s", 2024, 1), ("W", "a", "h", 2024, 1)];
    assert_eq!(check(&stray), ["a: short 1", "b: slack 2", "c: slack 2"]);
}

#[test]
fn says_what_has_no_effect() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "number = 3\nper = 'site'"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 4\nper = 'site'"),
        ["W003 there are at most 4 candidate lines where 4 are allowed"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nselect = { levels = ['town'] }"),
        ["E031 the scenario has no level 'town'", "W010 the rule selects no candidate line"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "number = 1"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "number = 1\nmost = 1", "most");
    refuses(KIND, "number = -1", "number");
    refuses(KIND, "number = 1.5", "number");
    refuses(KIND, "number = 1\nper = 'link'", "per");
}
