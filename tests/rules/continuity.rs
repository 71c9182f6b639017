use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, scenario, soft};
use allot::domain::{Commitment, LineId};
use allot::model::Strength::Hard;
use allot::units::Money;

const KIND: &str = "continuity";

#[test]
fn rows_keep_commitments_in_their_year_and_limit_change() {
    // 75% of 10 in 2024 is 7.5, of 20 in any year 15; 10% of 30.
    assert_eq!(
        rows(&scenario(), KIND, "keep = 0.75\nchange = 0.1", Hard),
        [
            "up[R1;E,a,h] in 0..inf DerivedMoney",
            "down[R1;E,a,h] in 0..inf DerivedMoney",
            "up[R1;W,c,r] in 0..inf DerivedMoney",
            "down[R1;W,c,r] in 0..inf DerivedMoney",
            "continuity[R1;E,a,h,2024].keep: x[E,a,h,2024] >= 8",
            "continuity[R1;W,c,r].keep: total[W,c,r] >= 15",
            "change[R1;E,a,h]: total[E,a,h] - up[R1;E,a,h] + down[R1;E,a,h] = 10",
            "change[R1;W,c,r]: total[W,c,r] - up[R1;W,c,r] + down[R1;W,c,r] = 20",
            "continuity[R1].change: total[E,a,r] + total[E,b,h] + total[E,b,s] + total[W,b,h] + total[W,b,s] \
             + total[W,c,s] + up[R1;E,a,h] + down[R1;E,a,h] + up[R1;W,c,r] + down[R1;W,c,r] <= 3",
        ]
    );
}

#[test]
fn a_commitment_of_any_year_comes_on_top_of_those_with_a_year() {
    let mut scenario = scenario();
    scenario.commitments.pop();
    scenario.commitments.push(Commitment { line: LineId(0), year: None, amount: Money(5) });
    assert_eq!(
        rows(&scenario, KIND, "keep = 1", soft()),
        [
            "short[R1;E,a,h] in 0..inf DerivedMoney",
            "short[R1;E,a,h,2024] in 0..inf DerivedMoney",
            "continuity[R1;E,a,h].keep: total[E,a,h] + short[R1;E,a,h] >= 15",
            "continuity[R1;E,a,h,2024].keep: x[E,a,h,2024] + short[R1;E,a,h,2024] >= 10",
            "short[R1;E,a,h] costs 2.5 in continuity[R1;E,a,h].keep",
            "short[R1;E,a,h,2024] costs 2.5 in continuity[R1;E,a,h,2024].keep",
        ]
    );
    let plan = plan(&scenario, &[("E", "a", "h", 2024, 11), ("E", "a", "h", 2025, 3)]);
    assert_eq!(findings(&scenario, KIND, "keep = 1", &plan), ["E,a,h: short 1", "E,a,h,2024: slack 1"]);
}

#[test]
fn check_compares_with_the_last_plan() {
    let scenario = scenario();
    let check =
        |amounts: &[_]| findings(&scenario, KIND, "keep = 0.75\nchange = 0.1", &plan(&scenario, amounts));
    let just = [("E", "a", "h", 2024, 8), ("W", "c", "r", 2024, 5), ("W", "c", "r", 2025, 16)];
    assert_eq!(check(&just), ["E,a,h,2024: slack 0", "W,c,r: slack 6", "all: slack 0"]);
    let less = [("E", "a", "h", 2024, 7), ("E", "a", "h", 2025, 3), ("W", "c", "r", 2025, 16)];
    assert_eq!(check(&less), ["E,a,h,2024: short 1", "W,c,r: slack 1", "all: short 1"]);
    // No candidate is all change: W has no pairing with a. So is a commitment that is not funded at all.
    let stray = [("E", "a", "h", 2024, 10), ("W", "a", "s", 2024, 2)];
    assert_eq!(check(&stray), ["E,a,h,2024: slack 2", "W,c,r: short 15", "all: short 19"]);
}

#[test]
fn says_what_cannot_be_kept() {
    let mut scenario = scenario();
    assert_eq!(notes(&scenario, KIND, "keep = 1\nchange = 0.1"), NONE);
    assert_eq!(notes(&scenario, KIND, ""), ["W003 neither keep nor change is given"]);
    // A policy may ask for what a scenario does not have: the table is optional.
    assert_eq!(notes(&one_year(), KIND, "keep = 1"), NONE);
    // W has 90: 20 in any year and 70 in 2024 just fit, on one line or on two.
    for line in [6, 7] {
        scenario.commitments.truncate(2);
        scenario.commitments.push(Commitment { line: LineId(line), year: Some(0), amount: Money(70) });
        assert_eq!(notes(&scenario, KIND, "keep = 1"), NONE);
        scenario.commitments.push(Commitment { line: LineId(5), year: Some(0), amount: Money(1) });
        assert_eq!(
            notes(&scenario, KIND, "keep = 1"),
            ["E040 commitments of 'W' that are kept come to 91 units; its capacity is 90"]
        );
    }
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&scenario(), KIND, "keep = 1\nchange = 0"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "share = 1", "share");
    refuses(KIND, "keep = true", "keep");
    refuses(KIND, "change = 'some'", "change");
}
