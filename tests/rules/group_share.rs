use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "group_share";

const LIVELIHOOD: &str = "group = { sector_groups = ['livelihood'] }\n";

#[test]
fn rows_stand_for_each_part_of_the_whole() {
    let parameters =
        format!("{LIVELIHOOD}of = {{ sites = ['a', 'c'] }}\nper = 'site'\nmin = 0.4\nmax = 0.75");
    assert_eq!(
        rows(&one_year(), KIND, &parameters, Hard),
        [
            "group_share[R1;a].lower: 0.6 x[E,a,h,2024] - 0.4 x[E,a,r,2024] >= 0",
            "group_share[R1;a].upper: 0.25 x[E,a,h,2024] - 0.75 x[E,a,r,2024] <= 0",
            "group_share[R1;c].lower: -0.4 x[W,c,r,2024] + 0.6 x[W,c,s,2024] >= 0",
            "group_share[R1;c].upper: -0.75 x[W,c,r,2024] + 0.25 x[W,c,s,2024] <= 0",
        ]
    );
}

#[test]
fn soft_rows_fall_short_or_over_at_a_price() {
    let parameters = format!("{LIVELIHOOD}of = {{ sites = ['a'] }}\nmin = 0.4\nmax = 1");
    assert_eq!(
        rows(&one_year(), KIND, &parameters, soft()),
        [
            "short[R1] in 0..inf DerivedMoney",
            "over[R1] in 0..inf DerivedMoney",
            "group_share[R1].lower: 0.6 x[E,a,h,2024] - 0.4 x[E,a,r,2024] + short[R1] >= 0",
            "group_share[R1].upper: -x[E,a,r,2024] - over[R1] <= 0",
            "short[R1] costs 2.5 in group_share[R1].lower",
            "over[R1] costs 2.5 in group_share[R1].upper",
        ]
    );
}

#[test]
fn check_measures_the_part_inside_the_whole() {
    let scenario = scenario();
    let parameters = format!("{LIVELIHOOD}of = {{ regions = ['N'] }}\nper = 'site'\nmin = 0.4\nmax = 0.75");
    let check = |amounts: &[_]| findings(&scenario, KIND, &parameters, &plan(&scenario, amounts));
    // Money at c is outside the whole.
    let just = [("E", "a", "h", 2024, 40), ("E", "a", "r", 2025, 60), ("W", "c", "s", 2024, 20)];
    assert_eq!(check(&just), ["a: slack 0", "a: slack 35", "b: slack 0", "b: slack 0"]);
    let less = [("E", "a", "h", 2024, 39), ("E", "a", "r", 2024, 61), ("E", "b", "h", 2024, 4)];
    assert_eq!(check(&less), ["a: short 1", "a: slack 36", "b: slack 2.4", "b: short 1"]);
    // No candidates count like others: b needs no r.
    let stray = [("E", "b", "r", 2024, 10)];
    assert_eq!(check(&stray), ["a: slack 0", "a: slack 0", "b: short 4", "b: slack 7.5"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    let notes = |parameters: &str| notes(&scenario, KIND, &format!("{LIVELIHOOD}{parameters}"));
    assert_eq!(notes("min = 0.5\nmax = 0.5"), NONE);
    assert_eq!(notes(""), ["W003 neither min nor max is given"]);
    assert_eq!(notes("min = 0.5\nmax = 0.4"), ["E041 min = 0.5 is larger than max = 0.4"]);
    assert_eq!(notes("min = 1.5"), ["E041 min = 1.5 is more than the whole"]);
    assert_eq!(
        notes("max = 0.5\nof = { provinces = ['E'], sites = ['c'] }"),
        ["W010 the rule selects no candidate line"]
    );
    assert_eq!(
        notes("min = 0.5\nof = { sectors = ['r'] }"),
        ["W003 the programme has no candidate line in the group, so it could get nothing at all"]
    );
    assert_eq!(
        notes("min = 0.5\nper = 'site'\nof = { sectors = ['r'], except = { sites = ['a'] } }"),
        ["W003 'c' has no candidate line in the group, so it could get nothing at all"]
    );
    assert_eq!(
        notes("max = 0.5\nof = { regions = ['X'] }"),
        ["E031 the scenario has no region 'X'", "W010 the rule selects no candidate line",]
    );
    assert_eq!(
        crate::fixture::notes(&scenario, KIND, "group = { levels = ['x'] }\nmax = 0.5"),
        ["E031 the scenario has no level 'x'"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, &format!("{LIVELIHOOD}max = 0.5")), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "group = {}\nleast = 0.5", "least");
    refuses(KIND, "min = 0.5", "group");
    refuses(KIND, "group = {}\nmin = 'half'", "min");
    refuses(KIND, "group = { except = { site = ['a'] } }", "site");
    refuses(KIND, "group = { except = { sites = 'a' } }", "group.except.sites");
}
