use crate::fixture::{
    NONE, caps, findings, industrial, neighbours, notes, one_year, plan, refuses, rows, soft,
};
use allot::model::Strength::Hard;

const KIND: &str = "cluster_minimum";

#[test]
fn rows_stand_for_each_cluster_and_industry() {
    assert_eq!(
        rows(&industrial(), KIND, "amount = 60\nby_industry = { C13 = 25.5 }", Hard),
        [
            "cluster[R1;C13,a,b] in 0..1 Binary",
            "cluster[R1;C13,b,c] in 0..1 Binary",
            "cluster[R1;C17,a,b] in 0..1 Binary",
            "cluster[R1;C17,b,c] in 0..1 Binary",
            "cluster[R1;C13,a,b,E,a,h]: -cluster[R1;C13,a,b] + open[E,a,h] <= 0",
            "cluster[R1;C13,a,b,E,b,h]: -cluster[R1;C13,a,b] + open[E,b,h] <= 0",
            "cluster[R1;C13,a,b,W,b,h]: -cluster[R1;C13,a,b] + open[W,b,h] <= 0",
            "cluster_minimum[R1;C13,a,b]: x[E,a,h,2024] + x[E,b,h,2024] + x[W,b,h,2024] - 26 cluster[R1;C13,a,b] >= 0",
            "cluster[R1;C13,b,c,E,b,h]: open[E,b,h] - cluster[R1;C13,b,c] <= 0",
            "cluster[R1;C13,b,c,W,b,h]: open[W,b,h] - cluster[R1;C13,b,c] <= 0",
            "cluster_minimum[R1;C13,b,c]: x[E,b,h,2024] + x[W,b,h,2024] - 26 cluster[R1;C13,b,c] >= 0",
            "cluster[R1;C17,a,b,E,a,r]: -cluster[R1;C17,a,b] + open[E,a,r] <= 0",
            "cluster[R1;C17,a,b,E,b,s]: -cluster[R1;C17,a,b] + open[E,b,s] <= 0",
            "cluster[R1;C17,a,b,W,b,s]: -cluster[R1;C17,a,b] + open[W,b,s] <= 0",
            "cluster_minimum[R1;C17,a,b]: x[E,a,r,2024] + x[E,b,s,2024] + x[W,b,s,2024] - 60 cluster[R1;C17,a,b] >= 0",
            "cluster[R1;C17,b,c,E,b,s]: open[E,b,s] - cluster[R1;C17,b,c] <= 0",
            "cluster[R1;C17,b,c,W,b,s]: open[W,b,s] - cluster[R1;C17,b,c] <= 0",
            "cluster[R1;C17,b,c,W,c,r]: -cluster[R1;C17,b,c] + open[W,c,r] <= 0",
            "cluster[R1;C17,b,c,W,c,s]: -cluster[R1;C17,b,c] + open[W,c,s] <= 0",
            "cluster_minimum[R1;C17,b,c]: x[E,b,s,2024] + x[W,b,s,2024] + x[W,c,r,2024] + x[W,c,s,2024] - 60 cluster[R1;C17,b,c] >= 0",
        ]
    );
}

#[test]
fn one_line_alone_is_its_own_decision_and_soft_rows_fall_short() {
    let mut scenario = industrial();
    neighbours(&mut scenario, &[]);
    let parameters = "amount = 60\nselect = { sites = ['a'], industries = ['C17'] }";
    assert_eq!(
        rows(&scenario, KIND, parameters, soft()),
        [
            "short[R1;C17,a] in 0..inf DerivedMoney",
            "cluster_minimum[R1;C17,a]: x[E,a,r,2024] - 60 open[E,a,r] + short[R1;C17,a] >= 0",
            "short[R1;C17,a] costs 2.5 in cluster_minimum[R1;C17,a]",
        ]
    );
}

#[test]
fn check_sums_what_a_cluster_builds() {
    let scenario = industrial();
    let check = |amounts: &[_]| findings(&scenario, KIND, "amount = 60", &plan(&scenario, amounts));
    assert_eq!(check(&[]), NONE);
    let both = [("E", "b", "s", 2024, 10), ("W", "c", "r", 2024, 50), ("E", "a", "r", 2024, 49)];
    assert_eq!(check(&both), ["C17,a,b: short 1", "C17,b,c: slack 0"]);
    // No candidate counts like others: a needs no s.
    let stray = [("E", "a", "s", 2024, 1)];
    assert_eq!(check(&stray), ["C17,a,b: short 59"]);
    let sections = "amount = 60\nlevel = 'section'";
    let mixed = plan(&scenario, &[("E", "a", "h", 2024, 30), ("E", "a", "r", 2024, 31)]);
    assert_eq!(findings(&scenario, KIND, sections, &mixed), ["C,a,b: slack 1"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = industrial();
    assert_eq!(notes(&scenario, KIND, "amount = 210"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "amount = 210.5\nby_industry = { C13 = 300, C99 = 1 }"),
        [
            "E031 by_industry names the industry 'C99', which the scenario does not have",
            "E041 all capacity together does not reach amount = 210.5",
            "E041 all capacity together does not reach C13 = 300",
        ]
    );
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nselect = { industries = ['F'] }"),
        ["W010 the rule selects no candidate line of a sector with an industry"]
    );
    assert_eq!(
        notes(&one_year(), KIND, "amount = 1"),
        ["W003 the scenario says of no sites that they are neighbours"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&industrial(), KIND, "amount = 60"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "", "amount");
    refuses(KIND, "amount = 'much'", "amount");
    refuses(KIND, "amount = 1\nnumber = 2", "number");
}
