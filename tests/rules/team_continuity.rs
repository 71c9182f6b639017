use crate::fixture::{NONE, caps, findings, notes, one_year, refuses, rows, sending, soft, staffed};
use allot::model::Strength::Hard;

const KIND: &str = "team_continuity";

#[test]
fn rows_keep_a_share_of_each_team_in_whole_persons() {
    assert_eq!(
        rows(&staffed(), KIND, "keep = 0.5", Hard),
        [
            "team_continuity[R1;E,a,doc]: placed[ed,ad] + placed[et,ad] >= 2",
            "team_continuity[R1;W,b,doc]: placed[wd,bd] >= 1",
        ]
    );
    assert_eq!(
        rows(&staffed(), KIND, "keep = 1", soft())[..2],
        ["short[R1;E,a,doc] in 0..inf Count", "short[R1;W,b,doc] in 0..inf Count"]
    );
    assert_eq!(rows(&one_year(), KIND, "keep = 1", Hard), NONE);
}

#[test]
fn check_counts_by_province_site_and_profession() {
    let scenario = staffed();
    let placed = sending(&scenario, &[("ed", "ad", 1), ("ed", "bd", 2), ("wd", "bd", 3)]);
    let found = findings(&scenario, KIND, "keep = 0.6", &placed);
    assert_eq!(found, ["E,a,doc: short 1", "W,b,doc: slack 1"]);
}

#[test]
fn says_who_cannot_stay() {
    let mut scenario = staffed();
    assert_eq!(notes(&scenario, KIND, "keep = 1"), NONE);
    scenario.talent.last[1].number = 9;
    assert_eq!(
        notes(&scenario, KIND, "keep = 0.5"),
        ["E041 5 of the last team 'W, b, doc' are to stay, and 4 can be placed there"]
    );
    assert_eq!(notes(&one_year(), KIND, "keep = 1"), ["W010 nothing is known of the last plan's teams"]);
}

#[test]
fn limits_no_line_and_refuses_parameters() {
    assert_eq!(caps(&staffed(), KIND, "keep = 1"), NONE);
    refuses(KIND, "", "keep");
    refuses(KIND, "keep = 1\nchange = 0.5", "change");
}
