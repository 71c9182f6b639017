use crate::fixture::{NONE, caps, findings, notes, one_year, refuses, rows, sending, soft, staffed};
use allot::model::Strength::Hard;

const KIND: &str = "maximum_vacancy";

#[test]
fn rows_count_full_time_posts() {
    assert_eq!(
        rows(&staffed(), KIND, "share = 0.25\nprofessions = ['doc']", Hard),
        [
            "maximum_vacancy[R1]: placed[ed,ad] + placed[ed,bd] + placed[et,ad] + placed[et,bd] + 0.5 placed[wd,bd] >= 4.5"
        ]
    );
    assert_eq!(
        rows(&staffed(), KIND, "share = 0.5\nper = 'site'\nselect = { regions = ['S'] }", soft()),
        [
            // One post, and nobody for it.
            "short[R1;c] in 0..inf DerivedMoney",
            "maximum_vacancy[R1;c]: short[R1;c] >= 0.5",
            "short[R1;c] costs 2.5 in maximum_vacancy[R1;c]",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "share = 0.5", Hard), NONE);
}

#[test]
fn check_counts_half_days_as_halves() {
    let scenario = staffed();
    let placed = sending(&scenario, &[("ed", "ad", 2), ("wd", "bd", 3)]);
    let by_site = findings(&scenario, KIND, "share = 0.4\nper = 'site'", &placed);
    // a: 1 of 3; b: 2.5 of 4; c: 1 of 1.
    assert_eq!(by_site, ["a: slack 0.2", "b: short 0.9", "c: short 0.6"]);
    assert_eq!(findings(&scenario, KIND, "share = 0.5625", &placed), ["all: slack 0"]);
}

#[test]
fn says_what_nobody_can_reach() {
    let say = |parameters: &str| notes(&staffed(), KIND, parameters);
    assert_eq!(say("share = 0.2"), NONE);
    assert_eq!(say("share = 0.1"), ["E041 of all posts, 1 of 8 posts have nobody who may fill them"]);
    assert_eq!(say("share = 1"), ["W003 share = 1 lets every post stay vacant"]);
    assert_eq!(say("share = 0.5\nper = 'province'"), ["E030 posts are not a province's, nor a sector's"]);
    assert_eq!(
        say("share = 0.5\nselect = { provinces = ['E'] }"),
        ["E030 select chooses by provinces, which this rule does not look at"]
    );
    assert_eq!(
        say("share = 0.5\nselect = { levels = ['town'] }"),
        ["E031 the scenario has no level 'town'", "W010 the rule selects no post"]
    );
}

#[test]
fn limits_no_line_and_refuses_parameters() {
    assert_eq!(caps(&staffed(), KIND, "share = 0.5"), NONE);
    refuses(KIND, "number = 1", "number");
}
