use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, soft};
use allot::model::Strength::Hard;

const KIND: &str = "maximum_sectors_per_site";

#[test]
fn a_sector_that_several_lines_can_fund_has_a_column() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 1", Hard),
        [
            "sector[R1;b,h] in 0..1 Binary",
            "sector[R1;b,s] in 0..1 Binary",
            "maximum_sectors_per_site[R1;a]: open[E,a,h] + open[E,a,r] <= 1",
            "sector[R1;E,b,h]: -sector[R1;b,h] + open[E,b,h] <= 0",
            "sector[R1;W,b,h]: -sector[R1;b,h] + open[W,b,h] <= 0",
            "sector[R1;E,b,s]: -sector[R1;b,s] + open[E,b,s] <= 0",
            "sector[R1;W,b,s]: -sector[R1;b,s] + open[W,b,s] <= 0",
            "maximum_sectors_per_site[R1;b]: sector[R1;b,h] + sector[R1;b,s] <= 1",
            "maximum_sectors_per_site[R1;c]: open[W,c,r] + open[W,c,s] <= 1",
        ]
    );
}

#[test]
fn soft_rows_count_what_is_over() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 1\nselect = { provinces = ['W'], sites = ['b'] }", soft()),
        [
            "over[R1;b] in 0..inf Count",
            "maximum_sectors_per_site[R1;b]: open[W,b,h] + open[W,b,s] - over[R1;b] <= 1",
            "over[R1;b] costs 2.5 in maximum_sectors_per_site[R1;b]",
        ]
    );
}

#[test]
fn check_counts_sectors() {
    let scenario = one_year();
    let check = |amounts: &[_]| findings(&scenario, KIND, "number = 1", &plan(&scenario, amounts));
    let one = [("E", "b", "h", 2024, 1), ("W", "b", "h", 2024, 1)];
    assert_eq!(check(&one), ["a: slack 1", "b: slack 0", "c: slack 1"]);
    let two = [("E", "b", "h", 2024, 1), ("W", "b", "s", 2024, 1)];
    assert_eq!(check(&two), ["a: slack 1", "b: short 1", "c: slack 1"]);
    // No candidate: c needs no h.
    let stray = [("W", "c", "r", 2024, 1), ("W", "c", "h", 2024, 1)];
    assert_eq!(check(&stray), ["a: slack 1", "b: slack 1", "c: short 1"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "number = 1"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nselect = { sector_groups = ['x'] }"),
        ["E031 the scenario has no sector group 'x'"]
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
