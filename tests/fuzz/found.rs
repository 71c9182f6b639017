//! Cases that were found by the fuzz target, shrunk: each failed once.

use crate::draw::{Case, Tampering};
use crate::judge::{Seen, judge};
use crate::support::World;

/// Judges a case; nothing is changed in its plan.
fn holds(world: World, stages: &[&str], rules: &[&str]) -> Seen {
    let case = Case {
        world,
        stages: stages.iter().map(|stage| format!("[[stages]]\n{stage}\n")).collect::<Vec<_>>().concat(),
        rules: rules.iter().map(|rule| format!("{rule}\n")).collect(),
        tampered: Tampering::default(),
    };
    let mut seen = Seen::default();
    judge(&case, &mut seen).unwrap();
    seen
}

/// HiGHS ended the last stage with an error.
#[test]
fn nothing_is_left_to_the_last_stage() {
    let seen = holds(
        World::full(1, &[50], &[&[50, 50]]),
        &[
            "kind = \"shortfall\"",
            "kind = \"coverage\"\nsegments = [{ width = 0.3, value = 1 }]",
            "kind = \"fragmentation\"\nlink = 0",
        ],
        &[
            "rule = \"province_budget\"",
            "rule = \"need_cap\"",
            "rule = \"maximum_lines\"\nnumber = 5\nper = \"region\"\nstrength = \"soft\"\npenalty = 1",
            "rule = \"dominance_cap\"\nnumber = 2\nshare = 0.573781\nstrength = \"soft\"\npenalty = 0.5",
        ],
    );
    assert_eq!(seen.certified, 1);
}

/// A pairing whose site has no need lent another site's limit on pairings to the bound: a wrong certificate.
#[test]
fn a_pairing_without_needs_limits_no_other_site() {
    let mut world = World::full(1, &[50], &[&[], &[30]]);
    world.pairings = vec![(0, 0, 100), (0, 1, 100)];
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"maximum_provinces_per_site\"\nnumber = 0\nselect = { sites = [\"s1\"] }",
    ];
    assert_eq!(holds(world, &["kind = \"coverage\"", "kind = \"fragmentation\""], &rules).certified, 1);
}
