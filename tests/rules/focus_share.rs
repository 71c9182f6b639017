use crate::fixture::{NONE, caps, findings, notes, one_year, plan, refuses, rows, rule, scenario, soft};
use allot::domain::SiteId;
use allot::model::Strength::Hard;
use allot::model::{Builder, Limits, Name, Subject};

const KIND: &str = "focus_share";

#[test]
fn rows_choose_focus_sites_and_count_their_money() {
    // Nothing limits the provinces: a and b can take the 490 that there are.
    assert_eq!(
        rows(&one_year(), KIND, "number = 1\nshare = 0.6\nfixed_out = ['c']", Hard),
        [
            "focus[R1;a] in 0..1 Binary",
            "focus_money[R1;a] in 0..490 DerivedMoney",
            "focus[R1;b] in 0..1 Binary",
            "focus_money[R1;b] in 0..490 DerivedMoney",
            "focus_money[R1;a].paid: -x[E,a,h,2024] - x[E,a,r,2024] + focus_money[R1;a] <= 0",
            "focus_money[R1;a].chosen: -490 focus[R1;a] + focus_money[R1;a] <= 0",
            "focus_money[R1;b].paid: -x[E,b,h,2024] - x[E,b,s,2024] - x[W,b,h,2024] - x[W,b,s,2024] \
             + focus_money[R1;b] <= 0",
            "focus_money[R1;b].chosen: -490 focus[R1;b] + focus_money[R1;b] <= 0",
            "focus[R1].number: focus[R1;a] + focus[R1;b] <= 1",
            "focus_share[R1].share: -0.6 x[E,a,h,2024] - 0.6 x[E,a,r,2024] - 0.6 x[E,b,h,2024] \
             - 0.6 x[E,b,s,2024] - 0.6 x[W,b,h,2024] - 0.6 x[W,b,s,2024] - 0.6 x[W,c,r,2024] \
             - 0.6 x[W,c,s,2024] + focus_money[R1;a] + focus_money[R1;b] >= 0",
        ]
    );
}

#[test]
fn a_fixed_site_is_chosen_and_takes_a_place_even_without_money() {
    // c has no line in h: one of two places is left.
    let parameters =
        "number = 2\nshare = 0.5\nfixed_in = ['a', 'c', 'c']\nselect = { sectors = ['h'], sites = ['a'] }";
    assert_eq!(
        rows(&one_year(), KIND, parameters, soft()),
        [
            "focus[R1;a] in 1..1 Binary",
            "focus_money[R1;a] in 0..490 DerivedMoney",
            "short[R1] in 0..inf DerivedMoney",
            "focus_money[R1;a].paid: -x[E,a,h,2024] + focus_money[R1;a] <= 0",
            "focus_money[R1;a].chosen: -490 focus[R1;a] + focus_money[R1;a] <= 0",
            "focus[R1].number: focus[R1;a] <= 1",
            "focus_share[R1].share: -0.5 x[E,a,h,2024] + focus_money[R1;a] + short[R1] >= 0",
            "short[R1] costs 2.5 in focus_share[R1].share",
        ]
    );
}

#[test]
fn focus_money_is_limited_by_what_hard_rules_limit() {
    let most = |rules: &[&str]| -> Vec<f64> {
        let scenario = one_year();
        let mut caps = Limits::loose(&scenario);
        for kind in rules {
            rule(kind, "").tighten(&scenario, &mut caps);
        }
        let mut builder = Builder::new(&scenario, caps);
        builder.speak_for(0, KIND, Hard);
        rule(KIND, "number = 1\nshare = 0.5").build(&mut builder);
        let model = builder.finish().model;
        let limit = |site| {
            let subject = Subject::Site(SiteId(site));
            let name = Name { what: "focus_money", rule: Some(0), subject, part: "" };
            model.upper[model.column_names.iter().position(|other| *other == name).unwrap()]
        };
        (0..3).map(limit).collect()
    };
    // Needs of a 40 + 60, of b 50 + 30 from E or twice that from W, not both, of c 80 + 20.
    assert_eq!(most(&["need_cap"]), [100.0, 160.0, 100.0]);
    // W has 90 in all.
    assert_eq!(most(&["need_cap", "province_budget"]), [100.0, 160.0, 90.0]);
}

#[test]
fn check_takes_the_best_choice() {
    let scenario = scenario();
    let check =
        |parameters: &str, amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let amounts = [
        ("E", "a", "h", 2024, 30),
        ("E", "a", "r", 2025, 30),
        ("E", "b", "h", 2024, 15),
        ("W", "c", "r", 2024, 25),
    ];
    assert_eq!(check("number = 1\nshare = 0.6", &amounts), ["all: slack 0"]);
    assert_eq!(check("number = 1\nshare = 0.61", &amounts), ["all: short 1"]);
    assert_eq!(check("number = 2\nshare = 0.85", &amounts), ["all: slack 0"]);
    // c has 25, so one place fixed for it leaves a with 60.
    assert_eq!(check("number = 2\nshare = 0.86\nfixed_in = ['c', 'c']", &amounts), ["all: short 1"]);
    assert_eq!(check("number = 1\nshare = 0.6\nfixed_in = ['c']", &amounts), ["all: short 35"]);
    assert_eq!(check("number = 2\nshare = 0.4\nfixed_out = ['a']", &amounts), ["all: slack 0"]);
    // No candidates count like others: E has no pairing with c.
    assert_eq!(check("number = 1\nshare = 1", &[("E", "c", "h", 2024, 7)]), ["all: slack 0"]);
    assert_eq!(check("number = 1\nshare = 1", &[]), ["all: slack 0"]);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "number = 1\nshare = 0.5\nfixed_in = ['a', 'a']"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nshare = 0.5\nselect = { sectors = ['x'] }"),
        ["E031 the scenario has no sector 'x'"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nshare = 1.5\nfixed_out = ['x']"),
        ["E031 the scenario has no site 'x'", "E041 share = 1.5 is more than the whole"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nshare = 0.5\nfixed_in = ['a', 'b']"),
        ["E041 fixed_in names 2 sites where 1 may be focus sites"]
    );
    assert_eq!(
        notes(&scenario, KIND, "number = 1\nshare = 0.5\nfixed_in = ['a']\nfixed_out = ['a']"),
        ["E041 'a' stands in fixed_in and in fixed_out"]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "number = 1\nshare = 0.5"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "number = 1\nshare = 0.5\nfixed = []", "fixed");
    refuses(KIND, "number = 1\nshare = 'half'", "share");
    refuses(KIND, "number = 1\nshare = 0.5\nfixed_in = 'a'", "fixed_in");
}
