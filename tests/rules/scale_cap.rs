use crate::fixture::{NONE, caps, findings, notes, one_year, refuses, rows, sending, soft, staffed};
use allot::model::Strength::Hard;

const KIND: &str = "scale_cap";

#[test]
fn rows_count_persons() {
    assert_eq!(
        rows(&staffed(), KIND, "number = 6", Hard),
        [
            "scale_cap[R1]: placed[ed,ad] + placed[ed,bd] + placed[et,ad] + placed[et,bd] + placed[et,bt] + placed[wd,bd] <= 6"
        ]
    );
    assert_eq!(
        rows(&staffed(), KIND, "number = 2\nper = 'site'\nselect = { provinces = ['E'] }", Hard),
        [
            "scale_cap[R1;a]: placed[ed,ad] + placed[et,ad] <= 2",
            "scale_cap[R1;b]: placed[ed,bd] + placed[et,bd] + placed[et,bt] <= 2",
        ]
    );
    assert_eq!(
        rows(&staffed(), KIND, "number = 1\nper = 'province'\nprofessions = ['tea']", soft()),
        [
            "over[R1;E] in 0..inf Count",
            "scale_cap[R1;E]: placed[et,bt] - over[R1;E] <= 1",
            "over[R1;E] costs 2.5 in scale_cap[R1;E]",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "number = 1", Hard), NONE);
}

#[test]
fn check_counts_persons_whatever_time_they_give() {
    let scenario = staffed();
    let placed = sending(&scenario, &[("ed", "ad", 2), ("wd", "bd", 4)]);
    assert_eq!(findings(&scenario, KIND, "number = 5", &placed), ["all: short 1"]);
    assert_eq!(
        findings(&scenario, KIND, "number = 3\nper = 'province'", &placed),
        ["E: slack 1", "W: short 1"]
    );
    // Who is no candidate counts too.
    let stray = sending(&scenario, &[("wd", "ad", 3)]);
    let by_region = "number = 2\nper = 'region'";
    assert_eq!(findings(&scenario, KIND, by_region, &stray), ["N: short 1", "S: slack 2"]);
}

#[test]
fn says_what_has_no_effect_and_what_is_not_there() {
    assert_eq!(notes(&staffed(), KIND, "number = 8"), NONE);
    // Three posts at a; at b four half days in two posts, and two more.
    assert_eq!(
        notes(&staffed(), KIND, "number = 9"),
        ["W003 at most 9 persons can be placed where 9 are allowed"]
    );
    assert_eq!(
        notes(&staffed(), KIND, "number = 1\nprofessions = ['vet']\nselect = { sectors = ['h'] }"),
        [
            "E030 select chooses by sectors, which this rule does not look at",
            "E031 the scenario has no profession 'vet'",
            "W010 the rule selects no candidate placement",
        ]
    );
    assert_eq!(
        notes(&staffed(), KIND, "number = 1\nper = 'sector'")[0],
        "E030 per = 'sector', and people are not counted by sector"
    );
}

#[test]
fn limits_no_line_and_refuses_parameters() {
    assert_eq!(caps(&staffed(), KIND, "number = 1"), NONE);
    refuses(KIND, "number = 1\nmost = 1", "most");
    refuses(KIND, "number = -1", "number");
}
