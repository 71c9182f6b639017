//! Tiny programmes of which every whole-unit plan can be listed. The best of them that keeps the rules is
//! the truth; the search, its bound and the audit are held against it.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod industry;
mod mixes;
mod naive;
mod proofs;
mod talent;
mod truth;

use naive::Rule::{
    Absorption, BudgetUse, Continuity, DominanceCap, FocusShare, GroupShare, MaximumLines,
    MaximumLinesPerSite, MaximumProvincesPerSite, MaximumSectorsPerSite, MinimumTicket, NeedCap, NeedFloor,
    NeedFloorPerSite, Phasing, ProvinceBudget,
};
use support::World;
use truth::{Whole, compare, truth};

/// Two donors of 6 and 5, two sites with two needs each: every line is a candidate.
fn square() -> World {
    let mut world = World::full(1, &[6, 5], &[&[4, 6], &[6, 2]]);
    world.site_weights = vec![(0, 120), (1, 100)];
    world
}

/// Each donor has a site of its own, two years, three units a year.
fn two_years() -> World {
    let mut world = World::full(2, &[3, 3], &[&[4, 4], &[6, 2]]);
    world.pairings = vec![(0, 0, 100), (1, 1, 100)];
    world
}

#[test]
fn budgets_and_needs_alone() {
    assert!(compare(&square(), &[ProvinceBudget], Whole::Exact));
    assert!(compare(&square(), &[ProvinceBudget, NeedCap], Whole::Exact));
}

#[test]
fn tickets() {
    for ticket in 1..=6 {
        assert!(compare(&square(), &[ProvinceBudget, NeedCap, MinimumTicket(ticket)], Whole::Exact));
    }
    // Above every need: only the empty plan is left.
    let best = truth(&square(), &[ProvinceBudget, NeedCap, MinimumTicket(7)]).unwrap();
    assert_eq!(best, 0);
    assert!(compare(&square(), &[ProvinceBudget, NeedCap, MinimumTicket(7)], Whole::Exact));
}

#[test]
fn counts() {
    for number in 0..=3 {
        for rule in [
            MaximumLines(number),
            MaximumLinesPerSite(number),
            MaximumProvincesPerSite(number),
            MaximumSectorsPerSite(number),
        ] {
            assert!(compare(&square(), &[ProvinceBudget, NeedCap, rule], Whole::Exact), "{rule:?}");
        }
    }
}

#[test]
fn tickets_and_counts_together() {
    let rules = [ProvinceBudget, NeedCap, MinimumTicket(3), MaximumLines(3), MaximumProvincesPerSite(1)];
    assert!(compare(&square(), &rules, Whole::Exact));
    let rules = [ProvinceBudget, NeedCap, MinimumTicket(2), MaximumSectorsPerSite(1), MaximumLines(2)];
    assert!(compare(&square(), &rules, Whole::Exact));
}

#[test]
fn absorption_and_floors() {
    let mut world = square();
    world.sites[0].absorption = Some(3);
    world.sites[1].absorption = Some(5);
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Absorption, MinimumTicket(2)], Whole::Exact));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Absorption, NeedFloorPerSite(25)], Whole::Exact));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Absorption, NeedFloorPerSite(30)], Whole::Exact));
    // The first site would need 4 of 10 and takes 3.
    assert!(!compare(&world, &[ProvinceBudget, NeedCap, Absorption, NeedFloorPerSite(40)], Whole::Exact));
}

#[test]
fn shares() {
    for (min, max) in [(50, 100), (0, 25), (50, 50), (20, 40)] {
        let rules = [ProvinceBudget, NeedCap, GroupShare(min, max)];
        assert!(compare(&square(), &rules, Whole::Between), "{min} {max}");
    }
    for (number, share) in [(1, 50), (1, 75), (1, 100), (2, 100)] {
        let rules = [ProvinceBudget, NeedCap, FocusShare(number, share), MinimumTicket(2)];
        assert!(compare(&square(), &rules, Whole::Between), "{number} {share}");
    }
    assert!(compare(&square(), &[ProvinceBudget, NeedCap, DominanceCap(1, 60)], Whole::Between));
    assert!(compare(&square(), &[ProvinceBudget, NeedCap, DominanceCap(1, 50)], Whole::Between));
}

#[test]
fn all_the_money_on_one_site() {
    // 100% on one focus site leaves nothing in fractions, so the truth is met exactly.
    assert!(compare(&square(), &[ProvinceBudget, NeedCap, FocusShare(1, 100)], Whole::Exact));
}

#[test]
fn the_last_plan_is_kept() {
    let mut world = square();
    world.commitments = vec![(1, 0, 0, None, 3), (0, 1, 1, Some(0), 2)];
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Continuity(100)], Whole::Exact));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Continuity(50), MinimumTicket(2)], Whole::Exact));
    assert!(!compare(&world, &[ProvinceBudget, Continuity(100), MaximumLines(1)], Whole::Exact));
}

#[test]
fn step_by_step() {
    let world = two_years();
    for share in [0, 50, 75, 100] {
        assert!(compare(&world, &[ProvinceBudget, NeedCap, Phasing(share)], Whole::Between), "{share}");
    }
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Phasing(100), MinimumTicket(4)], Whole::Exact));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, Phasing(50), NeedFloor(50)], Whole::Between));
    let tight = [ProvinceBudget, NeedCap, MinimumTicket(4), MaximumLinesPerSite(1), BudgetUse(60)];
    assert!(compare(&world, &tight, Whole::Exact));
}

#[test]
fn no_plan_exactly_where_none_exists() {
    let world = square();
    // Of 18 needed, 11 can be paid: 61%.
    assert!(compare(&world, &[ProvinceBudget, NeedFloor(61)], Whole::Exact));
    // 10 of 18 are in reach of one line a site: 6 + 4 with one donor each … of 6 and 5: not of 4 + 6.
    for floor in [10, 20, 30, 40, 50, 60] {
        for lines in [1, 2, 3, 4] {
            compare(&world, &[ProvinceBudget, NeedCap, NeedFloor(floor), MaximumLines(lines)], Whole::Exact);
        }
    }
    // Use all and open one line: 6 and 5 cannot both be one line.
    assert!(!compare(&world, &[ProvinceBudget, BudgetUse(100), MaximumLines(1)], Whole::Exact));
    assert!(compare(&world, &[ProvinceBudget, BudgetUse(100), MaximumLines(2)], Whole::Exact));
    assert!(!compare(
        &world,
        &[ProvinceBudget, NeedCap, BudgetUse(100), MaximumLines(2), MinimumTicket(6)],
        Whole::Exact
    ));
}

#[test]
fn cross_pairings_cover_less() {
    let mut world = square();
    world.pairings = vec![(0, 0, 100), (0, 1, 50), (1, 0, 50), (1, 1, 100)];
    // Halves of even needs: break points and caps stay whole or half.
    assert!(compare(&world, &[ProvinceBudget, NeedCap, MinimumTicket(2)], Whole::Between));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, MaximumLines(2)], Whole::Between));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, NeedFloorPerSite(40)], Whole::Between));
}

#[test]
fn excluded_lines_are_not_funded() {
    let mut world = square();
    world.exclusions = vec![(Some(0), Some(0), None), (None, Some(1), Some(1))];
    // The list of plans leaves excluded lines out; the policy has to, too.
    assert!(compare(&world, &[ProvinceBudget, NeedCap, MinimumTicket(2)], Whole::Exact));
}
