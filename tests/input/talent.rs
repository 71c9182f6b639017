//! Professions, secondees and posts: what is read, and who may be placed where.

use allot::domain::{Candidate, Scenario};
use allot::units::{MICRO, Ratio};

use crate::common::Fixture;

fn scenario(fixture: &Fixture) -> Scenario {
    fixture.loaded().scenario
}

/// Every candidate as `secondees → posts: fit`.
fn candidates(scenario: &Scenario) -> Vec<String> {
    let talent = &scenario.talent;
    let shown = |candidate: &Candidate| {
        let (who, place) = (&talent.secondees[candidate.secondees.0].id, &talent.posts[candidate.posts.0].id);
        format!("{who} → {place}: {}", candidate.fit)
    };
    talent.candidates.iter().map(shown).collect()
}

#[test]
fn candidates_are_those_who_are_linked_and_fit() {
    let fixture = Fixture::new();
    let all = |fixture: &Fixture| candidates(&scenario(fixture));
    // One grade below costs a quarter; a nurse in a doctor's post, two grades below, three tenths of one half.
    let doctors = ["e-doctors → s1-doctors: 0.75", "e-doctors → s2-doctors: 1"];
    let rest = [
        "e-nurses → s1-doctors: 0.15",
        "e-nurses → s2-doctors: 0.3",
        "n-doctors → s2-doctors: 1",
        "n-teachers → s2-teachers: 1",
    ];
    assert_eq!(all(&fixture), [&doctors[..], &rest].concat());
    // A longer stay than anybody's at s1, no part-time at s2.
    fixture.replace("posts.csv", ",3,12,", ",3,19,").replace("posts.csv", ",0.4", ",");
    let whole = ["e-doctors → s2-doctors: 1", "e-nurses → s2-doctors: 0.3", "n-teachers → s2-teachers: 1"];
    assert_eq!(all(&fixture), whole);
}

#[test]
fn without_a_table_the_professions_are_those_that_are_named() {
    let fixture = Fixture::new();
    let talent = scenario(fixture.remove("professions.csv")).talent;
    let ids: Vec<&str> = talent.professions.iter().map(|profession| profession.id.as_str()).collect();
    assert_eq!(ids, ["doctor", "nurse", "teacher"]);
    assert!(talent.professions.iter().all(|profession| {
        profession.substitutes.is_empty() && profession.grade_loss == Ratio::from_micros(MICRO / 4)
    }));
}

#[test]
fn cells_that_say_nothing_have_defaults() {
    let talent = scenario(&Fixture::new()).talent;
    let nurses = &talent.secondees[1];
    assert_eq!((nurses.offers.months, nurses.offers.full_time, nurses.number), (12, Ratio::ONE, 2));
    let teachers = &talent.posts[2];
    assert_eq!((teachers.asks.months, teachers.priority, teachers.team), (0, Ratio::ONE, None));
    assert_eq!(talent.posts[0].team, Some(3));
    assert_eq!((talent.last[0].number, talent.people.len(), talent.post_list.len()), (3, 3, 2));
}

#[test]
fn what_is_refused_is_named_and_says_why() {
    let fixture = Fixture::new();
    fixture.write("people.csv", "person_id,province_id,profession_id,宗教信仰\na7,east,doctor,x\n");
    let found = fixture.load().expect_err("a column that is refused");
    let told = found.iter().next().expect("one error");
    assert!(told.cause.contains("宗教信仰") && told.cause.contains("belief of a person"), "{}", told.cause);
    // An official number is not repeated.
    fixture.write("people.csv", "person_id,province_id,profession_id\n110105194912310021,east,doctor\n");
    let found = fixture.load().expect_err("an official number");
    assert!(found.iter().all(|told| !told.to_string().contains("1949")), "{found:?}");
}
