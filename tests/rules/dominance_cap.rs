use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::model::Strength::Hard;

const KIND: &str = "dominance_cap";

#[test]
fn rows_bound_the_sum_of_the_largest() {
    assert_eq!(
        rows(&one_year(), KIND, "number = 2\nshare = 0.7", Hard),
        [
            "threshold[R1] in 0..inf DerivedMoney",
            "above[R1;a] in 0..inf DerivedMoney",
            "above[R1;b] in 0..inf DerivedMoney",
            "above[R1;c] in 0..inf DerivedMoney",
            "above[R1;a]: -x[E,a,h,2024] - x[E,a,r,2024] + threshold[R1] + above[R1;a] >= 0",
            "above[R1;b]: -x[E,b,h,2024] - x[E,b,s,2024] - x[W,b,h,2024] - x[W,b,s,2024] + threshold[R1] \
             + above[R1;b] >= 0",
            "above[R1;c]: -x[W,c,r,2024] - x[W,c,s,2024] + threshold[R1] + above[R1;c] >= 0",
            "dominance_cap[R1].share: -0.7 x[E,a,h,2024] - 0.7 x[E,a,r,2024] - 0.7 x[E,b,h,2024] \
             - 0.7 x[E,b,s,2024] - 0.7 x[W,b,h,2024] - 0.7 x[W,b,s,2024] - 0.7 x[W,c,r,2024] \
             - 0.7 x[W,c,s,2024] + 2 threshold[R1] + above[R1;a] + above[R1;b] + above[R1;c] <= 0",
        ]
    );
}

#[test]
fn soft_rows_may_be_exceeded_at_a_price() {
    assert_eq!(
        rows(
            &one_year(),
            KIND,
            "number = 1\nshare = 0.5\nof = 'region'\nselect = { sectors = ['r'] }",
            soft()
        ),
        [
            "threshold[R1] in 0..inf DerivedMoney",
            "above[R1;N] in 0..inf DerivedMoney",
            "above[R1;S] in 0..inf DerivedMoney",
            "over[R1] in 0..inf DerivedMoney",
            "above[R1;N]: -x[E,a,r,2024] + threshold[R1] + above[R1;N] >= 0",
            "above[R1;S]: -x[W,c,r,2024] + threshold[R1] + above[R1;S] >= 0",
            "dominance_cap[R1].share: -0.5 x[E,a,r,2024] - 0.5 x[W,c,r,2024] + threshold[R1] + above[R1;N] \
             + above[R1;S] - over[R1] <= 0",
            "over[R1] costs 2.5 in dominance_cap[R1].share",
        ]
    );
}

#[test]
fn check_adds_up_the_largest() {
    let scenario = scenario();
    let check =
        |parameters: &str, amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let amounts = [
        ("E", "a", "h", 2024, 30),
        ("E", "a", "r", 2025, 20),
        ("E", "b", "h", 2024, 20),
        ("W", "c", "r", 2024, 30),
    ];
    assert_eq!(check("number = 1\nshare = 0.5", &amounts), ["all: slack 0"]);
    assert_eq!(check("number = 1\nshare = 0.49", &amounts), ["all: short 1"]);
    assert_eq!(check("number = 2\nshare = 0.8", &amounts), ["all: slack 0"]);
    assert_eq!(check("number = 1\nshare = 0.7\nof = 'province'", &amounts), ["all: slack 0"]);
    assert_eq!(check("number = 1\nshare = 0.69\nof = 'province'", &amounts), ["all: short 1"]);
    // No candidates count like others: E has no pairing with c.
    assert_eq!(check("number = 1\nshare = 0.5", &[("E", "c", "h", 2024, 8)]), ["all: short 4"]);
    assert_eq!(check("number = 1\nshare = 0.5", &[]), ["all: slack 0"]);
}

#[test]
fn says_what_cannot_be_reached() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "number = 1\nshare = 0.4"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 3\nshare = 0.9"),
        ["E041 the largest 3 of 3 always get everything"]
    );
    // c has no line in h.
    assert_eq!(
        notes(&scenario, KIND, "number = 2\nshare = 0.9\nselect = { sectors = ['h'] }"),
        ["E041 the largest 2 of 2 always get everything"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nshare = 0.3"),
        ["E041 the largest 1 of 3 get at least 1/3, more than 0.3"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nshare = 0.5\nselect = { sites = ['x'] }"),
        ["E031 the scenario has no site 'x'", "W010 the rule selects no candidate line"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "number = 1\nshare = 0.5"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "number = 1\nshare = 0.5\nper = 'site'", "per");
    refuses(KIND, "number = 1\nshare = []", "share");
    refuses(KIND, "number = 1\nshare = 0.5\nof = 'line'", "of");
}
