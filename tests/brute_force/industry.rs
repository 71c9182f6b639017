//! Industry: who builds what next to whom, and parks.

use crate::naive::Rule;
use crate::naive::Rule::{
    ClusterMinimum, Enclave, MinimumTicket, NeedCap, NoDuplication, NoDuplicationOfSections, ParkCapacity,
    ParkShare, ProvinceBudget,
};
use crate::support::{Dice, Park, World};
use crate::truth::{Whole, compare, truth};

/// Three sites in a row, two donors of 4 who meet in the middle; two sectors, each an industry.
fn row() -> World {
    let mut world = World::full(1, &[4, 4], &[&[4, 2], &[2, 6], &[4, 4]]);
    world.pairings = vec![(0, 0, 100), (0, 1, 100), (1, 1, 100), (1, 2, 100)];
    world.site_weights = vec![(1, 130)];
    world.industries = vec![Some(0), Some(1)];
    world.neighbours = vec![(0, 1), (1, 2)];
    world
}

#[test]
fn neighbours_do_not_build_the_same() {
    for number in 0..=3 {
        for graph in [vec![], vec![(0, 1)], vec![(0, 1), (1, 2)], vec![(0, 1), (1, 2), (2, 0)]] {
            let world = World { neighbours: graph, ..row() };
            assert!(compare(&world, &[ProvinceBudget, NeedCap, NoDuplication(number)], Whole::Exact));
            let sections = [ProvinceBudget, NeedCap, NoDuplicationOfSections(number), MinimumTicket(2)];
            assert!(compare(&world, &sections, Whole::Exact));
        }
    }
    // It costs coverage, and the less the more is allowed.
    let best = |number| truth(&row(), &[ProvinceBudget, NeedCap, NoDuplication(number)]).unwrap();
    assert!(best(0) < best(1) && best(1) < best(2), "{} {} {}", best(0), best(1), best(2));
}

#[test]
fn two_sectors_may_be_one_industry_or_none() {
    for industries in [vec![Some(0), Some(0)], vec![None, Some(0)], vec![]] {
        let world = World { industries, ..row() };
        assert!(compare(&world, &[ProvinceBudget, NeedCap, NoDuplication(1)], Whole::Exact));
    }
}

#[test]
fn critical_mass_or_nothing() {
    for amount in 1..=9 {
        let world = World { neighbours: vec![(0, 1)], ..row() };
        assert!(
            compare(&world, &[ProvinceBudget, NeedCap, ClusterMinimum(amount)], Whole::Exact),
            "{amount}"
        );
        assert!(
            compare(&row(), &[ProvinceBudget, NeedCap, ClusterMinimum(amount)], Whole::Between),
            "{amount}"
        );
    }
    // Nobody reaches 9 with 8 in all.
    assert_eq!(truth(&row(), &[ProvinceBudget, NeedCap, ClusterMinimum(9)]), Some(0));
}

#[test]
fn parks_and_enclaves() {
    let mut world = row();
    let park = |host, capacity, shares| Park { host, sectors: vec![0, 1], capacity, shares };
    for capacity in [0, 1, 3, 20] {
        world.parks = vec![
            park(0, Some(capacity), vec![]),
            Park { sectors: vec![1], ..park(1, Some(2), vec![(1, 4000), (0, 3500), (2, 2500)]) },
        ];
        assert!(compare(&world, &[ProvinceBudget, NeedCap, ParkCapacity], Whole::Exact), "{capacity}");
        for share in [10, 50, 75] {
            let rules = [ProvinceBudget, NeedCap, ParkCapacity, ParkShare(share)];
            assert!(compare(&world, &rules, Whole::Between), "{capacity} {share}");
        }
    }
    world.parks = vec![park(1, None, vec![(1, 4000), (0, 3500), (2, 2500)])];
    for amount in 0..=2 {
        let rules = [ProvinceBudget, NeedCap, Enclave(amount)];
        assert!(compare(&world, &rules, Whole::Between), "{amount}");
    }
    // A quarter of the host's 8 is 2, not 3.
    assert!(!compare(&world, &[ProvinceBudget, NeedCap, Enclave(3)], Whole::Between));
    assert!(compare(&world, &[ProvinceBudget, NeedCap, ParkShare(100), NoDuplication(1)], Whole::Exact));
}

fn any_world(dice: &mut Dice) -> World {
    let even = |dice: &mut Dice| 2 * dice.between(1, 3);
    let needs: [[i64; 2]; 3] = std::array::from_fn(|_| [even(dice), even(dice)]);
    let needs = needs.each_ref().map(|needs| &needs[..]);
    let mut world = World::full(1, &[dice.between(1, 4), dice.between(1, 4)], &needs);
    world.pairings = row().pairings;
    world.site_weights = vec![(1, 100 + 10 * dice.between(0, 5))];
    world.industries =
        (0..2).map(|k| dice.percent(85).then_some(if dice.percent(60) { k } else { 0 })).collect();
    world.neighbours = [(0, 1), (1, 2), (0, 2)].into_iter().filter(|_| dice.percent(60)).collect();
    world.parks = (0..3)
        .filter(|_| dice.percent(50))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|host| {
            let away = (host + 1) % 3;
            let shares = if dice.percent(60) { vec![(host, 5000), (away, 5000)] } else { vec![] };
            let capacity = dice.percent(50).then(|| dice.between(0, 6));
            let sectors = if dice.percent(50) { vec![0, 1] } else { vec![1] };
            Park { host, sectors, capacity, shares }
        })
        .collect();
    world
}

#[test]
fn mixes_keep_the_truth_between_plan_and_bound() {
    let mut without = 0;
    for seed in 2000..2150 {
        let mut dice = Dice(seed);
        let world = any_world(&mut dice);
        let mut rules = vec![ProvinceBudget, NeedCap, ParkCapacity];
        let count = usize::try_from(dice.between(1, 2)).unwrap();
        let extra: [Rule; 5] = [
            NoDuplication(count),
            ClusterMinimum(dice.between(2, 5)),
            ParkShare(10 * dice.between(1, 8)),
            Enclave(dice.between(1, 2)),
            MinimumTicket(dice.between(2, 3)),
        ];
        rules.extend(extra.into_iter().filter(|_| dice.percent(40)));
        without += usize::from(!compare(&world, &rules, Whole::Between));
    }
    assert!((5..100).contains(&without), "{without} of 150 have no plan: the dice should give both kinds");
}
