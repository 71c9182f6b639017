//! Mixes of rules and programmes as dice give them, the same on every machine.

use crate::naive::Rule;
use crate::support::{Dice, World};
use crate::truth::{Whole, compare};

fn world(dice: &mut Dice) -> World {
    let years = if dice.percent(30) { 2 } else { 1 };
    let most = if years == 2 { 3 } else { 6 };
    let capacities = [dice.between(1, most), dice.between(1, most)];
    let mut even = |most: i64| 2 * dice.between(1, most);
    let needs = [[even(4), even(4)], [even(4), even(4)]];
    let mut world = World::full(years, &capacities, &[&needs[0], &needs[1]]);
    if years == 2 {
        world.pairings = vec![(0, 0, 100), (1, 1, 100)];
    }
    world.site_weights = vec![(0, 100 + 10 * dice.between(0, 5))];
    if dice.percent(30) {
        world.sites[1].absorption = Some(dice.between(1, 5));
    }
    let capacity = world.provinces[0].capacity[0];
    if dice.percent(30) {
        world.commitments = vec![(0, 0, 0, None, dice.between(1, capacity.min(world.needs[0].2)))];
    }
    world
}

/// Rules under which whole limits make whole plans.
fn network_rules(dice: &mut Dice) -> Vec<Rule> {
    let mut rules = vec![Rule::ProvinceBudget, Rule::NeedCap, Rule::Absorption];
    let count = |dice: &mut Dice| usize::try_from(dice.between(1, 3)).unwrap();
    if dice.percent(60) {
        rules.push(Rule::MinimumTicket(dice.between(2, 4)));
    }
    if dice.percent(40) {
        rules.push(Rule::MaximumLines(count(dice)));
    }
    if dice.percent(40) {
        rules.push(Rule::MaximumProvincesPerSite(1));
    }
    if dice.percent(40) {
        rules.push(Rule::MaximumLinesPerSite(count(dice)));
    }
    if dice.percent(30) {
        rules.push(Rule::MaximumSectorsPerSite(1));
    }
    if dice.percent(40) {
        rules.push(Rule::Continuity(100));
    }
    if dice.percent(30) {
        rules.push(Rule::BudgetUse(100));
    }
    rules
}

fn share_rules(dice: &mut Dice) -> Vec<Rule> {
    let mut rules = network_rules(dice);
    rules.retain(|rule| !matches!(rule, Rule::BudgetUse(_)));
    let share = |dice: &mut Dice| 5 * dice.between(6, 18);
    match dice.between(0, 4) {
        0 => rules.push(Rule::FocusShare(1, share(dice))),
        1 => rules.push(Rule::GroupShare(share(dice) / 2, 100)),
        2 => rules.push(Rule::GroupShare(0, share(dice))),
        3 => rules.push(Rule::DominanceCap(1, share(dice).max(55))),
        _ => rules.push(Rule::Phasing(share(dice))),
    }
    if dice.percent(40) {
        rules.push(Rule::NeedFloor(5 * dice.between(1, 6)));
    }
    rules
}

#[test]
fn whole_limits_make_whole_plans() {
    let mut without = 0;
    for seed in 0..200 {
        let mut dice = Dice(seed);
        let (world, rules) = (world(&mut dice), network_rules(&mut dice));
        without += usize::from(!compare(&world, &rules, Whole::Exact));
    }
    assert!((10..120).contains(&without), "{without} of 200 have no plan: the dice should give both kinds");
}

#[test]
fn shares_keep_the_truth_between_plan_and_bound() {
    for seed in 1000..1200 {
        let mut dice = Dice(seed);
        let (world, rules) = (world(&mut dice), share_rules(&mut dice));
        compare(&world, &rules, Whole::Between);
    }
}
