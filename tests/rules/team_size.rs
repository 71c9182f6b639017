use crate::fixture::{
    NONE, caps, findings, notes, one_year, refuses, rows, rows_beside, sending, soft, staffed,
};
use allot::model::Strength::Hard;

const KIND: &str = "team_size";

#[test]
fn a_team_is_whole_or_not_there() {
    assert_eq!(
        rows(&staffed(), KIND, "select = { provinces = ['E'] }", Hard),
        [
            "team[R1;E,a,doc] in 0..1 Binary",
            "team[R1;E,b,doc] in 0..1 Binary",
            // Three posts at a, two at b: no team of three full-time doctors can be there.
            "team[R1;E,a,doc]: -3 team[R1;E,a,doc] + placed[ed,ad] + placed[et,ad] <= 0",
            "team_size[R1;E,a,doc]: -2 team[R1;E,a,doc] + placed[ed,ad] + placed[et,ad] >= 0",
            "team[R1;E,b,doc]: placed[ed,bd] + placed[et,bd] - 2 team[R1;E,b,doc] <= 0",
            "team_size[R1;E,b,doc]: placed[ed,bd] + placed[et,bd] - 3 team[R1;E,b,doc] >= 0",
        ]
    );
    assert_eq!(
        rows(&staffed(), KIND, "professions = ['tea']\nnumber = 2", soft()),
        [
            "team[R1;E,b,tea] in 0..1 Binary",
            "short[R1;E,b,tea] in 0..inf Count",
            "team[R1;E,b,tea]: -2 team[R1;E,b,tea] + placed[et,bt] <= 0",
            "team_size[R1;E,b,tea]: -2 team[R1;E,b,tea] + placed[et,bt] + short[R1;E,b,tea] >= 0",
            "short[R1;E,b,tea] costs 2.5 in team_size[R1;E,b,tea]",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "number = 2", Hard), NONE);
}

#[test]
fn a_team_that_stays_is_there() {
    let beside = |keep: &str| rows_beside(&staffed(), ("team_continuity", keep), KIND, "", Hard);
    let stay = [
        "team[R1;E,a,doc] in 1..1 Binary",
        "team[R1;E,b,doc] in 0..1 Binary",
        "team[R1;W,b,doc] in 1..1 Binary",
    ];
    assert_eq!(beside("keep = 0.5")[..3], stay);
    assert_eq!(beside("keep = 0"), rows(&staffed(), KIND, "", Hard));
}

#[test]
fn check_counts_each_province_by_itself() {
    let scenario = staffed();
    let check = |placed: &[_]| findings(&scenario, KIND, "", &sending(&scenario, placed));
    assert_eq!(check(&[("ed", "ad", 1), ("et", "ad", 1)]), ["E,a,doc: slack 0"]);
    assert_eq!(check(&[("ed", "bd", 1), ("wd", "bd", 2)]), ["E,b,doc: short 2", "W,b,doc: short 1"]);
    assert_eq!(check(&[("et", "bt", 1)]), NONE, "these posts need no team");
    let one = sending(&scenario, &[("et", "bt", 1)]);
    assert_eq!(findings(&scenario, KIND, "number = 2", &one), ["E,b,tea: short 1"]);
}

#[test]
fn says_what_has_no_effect() {
    assert_eq!(notes(&staffed(), KIND, ""), NONE);
    assert_eq!(
        notes(&staffed(), KIND, "professions = ['tea']"),
        ["W003 no post that is selected needs a team of two or more"]
    );
}

#[test]
fn limits_no_line_and_refuses_parameters() {
    assert_eq!(caps(&staffed(), KIND, ""), NONE);
    refuses(KIND, "size = 1", "size");
}
