use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, rows_and_shared, soft};
use allot::model::Strength::Hard;

const KIND: &str = "maximum_provinces_per_site";

#[test]
fn rows_and_the_links_that_they_activate() {
    // Only b has two links.
    assert_eq!(
        rows_and_shared(&one_year(), KIND, "number = 1", Hard),
        [
            "active[E,b] in 0..1 Binary",
            "open[E,b,h] in 0..1 Binary",
            "open[E,b,s] in 0..1 Binary",
            "active[W,b] in 0..1 Binary",
            "open[W,b,h] in 0..1 Binary",
            "open[W,b,s] in 0..1 Binary",
            "open[E,b,h]: x[E,b,h,2024] - 490 open[E,b,h] <= 0",
            "active[E,b,h]: -active[E,b] + open[E,b,h] <= 0",
            "open[E,b,s]: x[E,b,s,2024] - 490 open[E,b,s] <= 0",
            "active[E,b,s]: -active[E,b] + open[E,b,s] <= 0",
            "open[W,b,h]: x[W,b,h,2024] - 490 open[W,b,h] <= 0",
            "active[W,b,h]: -active[W,b] + open[W,b,h] <= 0",
            "open[W,b,s]: x[W,b,s,2024] - 490 open[W,b,s] <= 0",
            "active[W,b,s]: -active[W,b] + open[W,b,s] <= 0",
            "maximum_provinces_per_site[R1;b]: active[E,b] + active[W,b] <= 1",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "number = 1\nselect = { levels = ['county'] }", Hard), NONE);
}

#[test]
fn soft_rows_count_what_is_over() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 1", soft()),
        [
            "over[R1;b] in 0..inf Count",
            "maximum_provinces_per_site[R1;b]: active[E,b] + active[W,b] - over[R1;b] <= 1",
            "over[R1;b] costs 2.5 in maximum_provinces_per_site[R1;b]",
        ]
    );
}

#[test]
fn check_counts_provinces() {
    let scenario = one_year();
    let check = |amounts: &[_]| findings(&scenario, KIND, "number = 1", &plan(&scenario, amounts));
    let one = [("E", "b", "h", 2024, 1), ("E", "b", "s", 2024, 1)];
    assert_eq!(check(&one), ["a: slack 1", "b: slack 0", "c: slack 1"]);
    let two = [("E", "b", "h", 2024, 1), ("W", "b", "h", 2024, 1)];
    assert_eq!(check(&two), ["a: slack 1", "b: short 1", "c: slack 1"]);
    // No candidate: W has no pairing with a.
    let stray = [("E", "a", "h", 2024, 1), ("W", "a", "h", 2024, 1)];
    assert_eq!(check(&stray), ["a: short 1", "b: slack 1", "c: slack 1"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "number = 1\nselect = { regions = ['N'] }"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nselect = { site_groups = ['x'] }"),
        ["E031 the scenario has no site group 'x'"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nselect = { sectors = ['h'] }"),
        ["E030 select chooses by sectors, which this rule does not look at"]
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
