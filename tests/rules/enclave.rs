use crate::fixture::{NONE, caps, findings, industrial, notes, one_year, park, plan, refuses, rows, soft};
use allot::domain::ParkKind;
use allot::model::Strength::Hard;

const KIND: &str = "enclave";

#[test]
fn a_row_stands_for_each_home_site() {
    assert_eq!(
        rows(&industrial(), KIND, "amount = 7.5", Hard),
        [
            "enclave[R1;a]: 0.6 x[W,c,r,2024] + 0.6 x[W,c,s,2024] >= 8",
            "enclave[R1;b]: 0.15 x[W,c,r,2024] + 0.15 x[W,c,s,2024] >= 8",
        ]
    );
    assert_eq!(
        rows(&industrial(), KIND, "amount = 8\nselect = { levels = ['county'] }", soft()),
        [
            "short[R1;a] in 0..inf DerivedMoney",
            "enclave[R1;a]: 0.6 x[W,c,r,2024] + 0.6 x[W,c,s,2024] + short[R1;a] >= 8",
            "short[R1;a] costs 2.5 in enclave[R1;a]",
        ]
    );
}

#[test]
fn a_site_may_be_home_and_host() {
    let mut scenario = industrial();
    scenario.parks[0] = park("near", ParkKind::Enclave, 1, &[0], None, &[(1, 5000), (2, 5000)]);
    // b hosts an enclave and is at home in another; its share of its own counts.
    assert_eq!(
        rows(&scenario, KIND, "amount = 8\nselect = { sites = ['b'] }", Hard),
        [
            "enclave[R1;b]: 0.5 x[E,b,h,2024] + 0.5 x[W,b,h,2024] + 0.15 x[W,c,r,2024] + 0.15 x[W,c,s,2024] >= 8"
        ]
    );
}

#[test]
fn check_shares_the_benefit_exactly() {
    let scenario = industrial();
    let check = |amounts: &[_]| findings(&scenario, KIND, "amount = 3", &plan(&scenario, amounts));
    assert_eq!(check(&[("W", "c", "r", 2024, 20)]), ["a: slack 9", "b: slack 0"]);
    assert_eq!(
        check(&[("W", "c", "r", 2024, 10), ("W", "c", "s", 2024, 9)]),
        ["a: slack 8.4", "b: short 0.15"]
    );
    // What the home sites get themselves is no benefit of an enclave.
    assert_eq!(check(&[("E", "a", "h", 2024, 40), ("W", "c", "h", 2024, 9)]), ["a: short 3", "b: short 3"]);
    // No candidate counts: E is not paired with c.
    assert_eq!(check(&[("E", "c", "s", 2024, 20)]), ["a: slack 9", "b: slack 0"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = industrial();
    assert_eq!(
        notes(&scenario, KIND, "amount = 10.5"),
        ["E041 the capacity of its enclaves gives 'b' 10.5 units at most, not 11"]
    );
    assert_eq!(notes(&scenario, KIND, "amount = 10"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nselect = { sites = ['c'] }"),
        ["W010 no selected site has a share of an enclave elsewhere"]
    );
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nselect = { sectors = ['r'], sites = ['a'] }"),
        ["E030 select chooses by sectors, which this rule does not look at"]
    );
    assert_eq!(
        notes(&one_year(), KIND, "amount = 1"),
        ["W010 no selected site has a share of an enclave elsewhere"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&industrial(), KIND, "amount = 3"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "", "amount");
    refuses(KIND, "amount = 1\nshare = 0.5", "share");
}
