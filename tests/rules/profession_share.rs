use crate::fixture::{NONE, caps, findings, notes, one_year, refuses, rows, sending, soft, staffed};
use allot::model::Strength::Hard;

const KIND: &str = "profession_share";

#[test]
fn rows_hold_a_part_against_the_whole() {
    assert_eq!(
        rows(
            &staffed(),
            KIND,
            "professions = ['tea']\nmin = 0.25\nmax = 0.5\nselect = { provinces = ['E'] }",
            Hard
        ),
        [
            "profession_share[R1].lower: -0.25 placed[ed,ad] - 0.25 placed[ed,bd] - 0.25 placed[et,ad] - 0.25 placed[et,bd] + 0.75 placed[et,bt] >= 0",
            "profession_share[R1].upper: -0.5 placed[ed,ad] - 0.5 placed[ed,bd] - 0.5 placed[et,ad] - 0.5 placed[et,bd] + 0.5 placed[et,bt] <= 0",
        ]
    );
    assert_eq!(
        rows(&staffed(), KIND, "professions = ['doc']\nmax = 0.5\nper = 'site'", soft()),
        [
            "over[R1;a] in 0..inf Count",
            "over[R1;b] in 0..inf Count",
            "profession_share[R1;a].upper: 0.5 placed[ed,ad] + 0.5 placed[et,ad] - over[R1;a] <= 0",
            "profession_share[R1;b].upper: 0.5 placed[ed,bd] + 0.5 placed[et,bd] - 0.5 placed[et,bt] + 0.5 placed[wd,bd] - over[R1;b] <= 0",
            "over[R1;a] costs 2.5 in profession_share[R1;a].upper",
            "over[R1;b] costs 2.5 in profession_share[R1;b].upper",
        ]
    );
    assert_eq!(rows(&one_year(), KIND, "professions = ['tea']\nmin = 0.1", Hard), NONE);
}

#[test]
fn check_counts_the_profession_of_the_posts() {
    let scenario = staffed();
    // A teacher in a doctor's post is a doctor here.
    let placed = sending(&scenario, &[("ed", "ad", 2), ("et", "ad", 1), ("et", "bt", 1)]);
    let check = |parameters: &str| findings(&scenario, KIND, parameters, &placed);
    assert_eq!(check("professions = ['tea']\nmin = 0.25\nmax = 0.2"), ["all: slack 0", "all: short 0.2"]);
    assert_eq!(
        check("professions = ['tea']\nmin = 0.5\nper = 'site'"),
        ["a: short 1.5", "b: slack 0.5", "c: slack 0"]
    );
}

#[test]
fn says_what_cannot_be() {
    let say = |parameters: &str| notes(&staffed(), KIND, parameters);
    assert_eq!(say("professions = ['tea']\nmin = 0.1"), NONE);
    assert_eq!(say("professions = ['tea']"), ["W003 neither min nor max is given"]);
    assert_eq!(
        say("professions = ['tea']\nmin = 0.5\nmax = 0.4"),
        ["E041 min = 0.5 is larger than max = 0.4"]
    );
    assert_eq!(
        say("professions = ['vet']\nmax = 0.4"),
        ["E031 the scenario has no profession 'vet'", "W010 the rule selects no candidate placement"]
    );
}

#[test]
fn limits_no_line_and_refuses_parameters() {
    assert_eq!(caps(&staffed(), KIND, "professions = ['tea']\nmin = 0.1"), NONE);
    refuses(KIND, "min = 0.1", "professions");
    refuses(KIND, "professions = ['tea']\nleast = 0.1", "least");
}
