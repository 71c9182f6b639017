use crate::fixture::{
    NONE, caps, findings, notes, one_year, plan, refuses, rows, rows_and_shared, rows_beside, soft, staffed,
    with_people,
};
use allot::model::Strength::Hard;

const KIND: &str = "requires";
const HEALTH: &str = "select = { sectors = ['h'] }\nprofessions = ['doc']\nnumber = 2";

#[test]
fn a_funded_line_needs_its_team() {
    assert_eq!(
        rows(&staffed(), KIND, HEALTH, Hard),
        [
            "requires[R1;E,a,h].team: -2 open[E,a,h] + placed[ed,ad] + placed[et,ad] >= 0",
            "requires[R1;E,b,h].team: placed[ed,bd] + placed[et,bd] + placed[wd,bd] - 2 open[E,b,h] >= 0",
            "requires[R1;W,b,h].team: placed[ed,bd] + placed[et,bd] + placed[wd,bd] - 2 open[W,b,h] >= 0",
        ]
    );
    let shared = rows_and_shared(&staffed(), KIND, HEALTH, Hard);
    assert!(shared.contains(&"open[E,a,h]: x[E,a,h,2024] - 490 open[E,a,h] <= 0".to_owned()), "{shared:?}");
    assert_eq!(
        rows(&staffed(), KIND, "select = { sites = ['a'], sectors = ['h'] }\nprofessions = ['tea']", soft()),
        [
            // No teacher can come: each funded line is one short.
            "short[R1;E,a,h] in 0..inf Count",
            "requires[R1;E,a,h].team: -open[E,a,h] + short[R1;E,a,h] >= 0",
            "short[R1;E,a,h] costs 2.5 in requires[R1;E,a,h].team",
        ]
    );
}

#[test]
fn whoever_comes_comes_as_a_whole_team() {
    let one = "select = { sectors = ['h'] }\nprofessions = ['doc']";
    let beside = |strength| rows_beside(&staffed(), ("team_size", ""), KIND, one, strength);
    assert_eq!(
        beside(Hard),
        [
            "requires[R1;E,a,h].team: -2 open[E,a,h] + placed[ed,ad] + placed[et,ad] >= 0",
            "requires[R1;E,b,h].team: placed[ed,bd] + placed[et,bd] + placed[wd,bd] - 3 open[E,b,h] >= 0",
            "requires[R1;W,b,h].team: placed[ed,bd] + placed[et,bd] + placed[wd,bd] - 3 open[W,b,h] >= 0",
        ]
    );
    // What is short is counted against the one that is asked.
    assert_eq!(beside(soft()), rows(&staffed(), KIND, one, soft()));
}

#[test]
fn a_team_needs_money() {
    let parameters = "of = 'team'\nselect = { sectors = ['h'] }\nprofessions = ['doc']\namount = 7.5";
    assert_eq!(
        rows(&staffed(), KIND, parameters, Hard),
        [
            "staffed[R1;a] in 0..1 Binary",
            "staffed[R1;b] in 0..1 Binary",
            "staffed[R1;a]: -3 staffed[R1;a] + placed[ed,ad] + placed[et,ad] <= 0",
            "requires[R1;a].money: x[E,a,h,2024] - 8 staffed[R1;a] >= 0",
            "staffed[R1;b]: placed[ed,bd] + placed[et,bd] + placed[wd,bd] - 4 staffed[R1;b] <= 0",
            "requires[R1;b].money: x[E,b,h,2024] + x[W,b,h,2024] - 8 staffed[R1;b] >= 0",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "of = 'team'", Hard), NONE);
    let both = rows(&staffed(), KIND, "of = 'both'\nselect = { sites = ['a'] }", Hard);
    assert_eq!(both.len(), 5, "two lines, and the site: {both:?}");
}

#[test]
fn check_looks_at_money_and_people() {
    let scenario = staffed();
    let money =
        plan(&scenario, &[("E", "a", "h", 2024, 5), ("W", "b", "h", 2024, 9), ("E", "b", "s", 2024, 3)]);
    let joint = with_people(&scenario, money, &[("ed", "ad", 1), ("et", "ad", 1), ("wd", "bd", 1)]);
    let check = |parameters: &str| findings(&scenario, KIND, parameters, &joint);
    assert_eq!(check(HEALTH), ["E,a,h: slack 0", "W,b,h: short 1"]);
    let team = "of = 'team'\nselect = { sectors = ['h'] }\namount = 6";
    assert_eq!(check(team), ["a: short 1", "b: slack 3"]);
    assert_eq!(check("of = 'both'\nselect = { sites = ['a'], sectors = ['r'] }"), ["a: short 1"]);
    // Another site's people and other professions are no team.
    assert_eq!(check("select = { sites = ['a'] }\nprofessions = ['tea']"), ["E,a,h: short 1"]);
}

#[test]
fn says_which_lines_cannot_be_funded() {
    let say = |parameters: &str| notes(&staffed(), KIND, parameters);
    assert_eq!(say(&format!("{HEALTH}\nof = 'both'")), NONE);
    assert_eq!(
        say("select = { sectors = ['r'] }\nnumber = 6"),
        [
            "W003 at most 3 persons can come to 'a', so none of its lines is funded",
            "W003 at most 0 persons can come to 'c', so none of its lines is funded",
        ]
    );
    assert_eq!(
        say("select = { sectors = ['x'] }\nprofessions = ['vet']"),
        [
            "E031 the scenario has no sector 'x'",
            "E031 the scenario has no profession 'vet'",
            "W010 the rule selects no candidate line",
            "W010 the rule selects no candidate placement",
        ]
    );
}

#[test]
fn limits_no_line_and_refuses_parameters() {
    assert_eq!(caps(&staffed(), KIND, ""), NONE);
    refuses(KIND, "of = 'people'", "people");
    refuses(KIND, "least = 1", "least");
}
