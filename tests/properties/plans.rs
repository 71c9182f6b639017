//! Plans keep their rules and their bounds, tighter rules buy nothing, and money has no unit of its own.

use std::collections::BTreeSet;

use allot::domain::{Plan, Scenario};
use allot::report::plan_csv;
use allot::units::Micro;
use proptest::prelude::*;

use crate::config;
use crate::support::{World, policy, policy_text, policy_with_stages, solve};
use crate::worlds::{Rule, SMALL, rules, texts, world};

/// What a solver's tolerances may shift a value by.
fn slack(value: f64) -> f64 {
    1e-6 * value.abs().max(1.0)
}

proptest! {
    #![proptest_config(config(96))]

    /// Every plan keeps every hard rule by the integer audit, and is no better than the bound.
    #[test]
    fn plans_pass_their_audit_and_stay_below_the_bound(world in world(SMALL), rules in rules()) {
        let (scenario, policy) = (world.load(), policy(&policy_text(&texts(&rules, 1))));
        if let Some(solved) = solve(&scenario, &policy) {
            prop_assert_eq!(solved.broken(), Vec::<String>::new());
            prop_assert!(solved.proposal.failing.is_empty());
            let (value, bound) = (solved.value(0), solved.bound(0));
            prop_assert!(value <= bound + slack(bound), "value {} over bound {}", value, bound);
            // Rounding moves money by units; a need's money is worth three times itself at most. Where two
            // rules leave a share no room (focus at least 77%, dominance at most 77%), all may be lost.
            let pinned = rules.iter().filter(|rule| matches!(rule, Rule::Focus(..) | Rule::Dominance(..))).count()
                .max(rules.iter().filter(|rule| matches!(rule, Rule::GroupAtLeast(_) | Rule::GroupAtMost(_))).count());
            let cells = f64::from(u32::try_from(scenario.lines.len() * scenario.years.len()).unwrap());
            if pinned < 2 {
                prop_assert!(value >= bound - 6.0 * cells - slack(bound), "value {} far below {}", value, bound);
            }
        }
    }

    /// A plan that keeps a tighter rule keeps the looser one.
    #[test]
    fn a_tighter_rule_never_buys_coverage(world in world(SMALL), rules in rules(), which in any::<prop::sample::Index>()) {
        prop_assume!(!rules.is_empty());
        let mut tighter = rules.clone();
        let which = which.index(rules.len());
        tighter[which] = tighter[which].tightened();
        let scenario = world.load();
        let loose = solve(&scenario, &policy(&policy_text(&texts(&rules, 1))));
        let tight = solve(&scenario, &policy(&policy_text(&texts(&tighter, 1))));
        if let Some(tight) = tight {
            let Some(loose) = loose else {
                return Err(TestCaseError::fail("no plan for the looser rule"));
            };
            let (most, bound) = (loose.bound(0), tight.bound(0));
            prop_assert!(tight.value(0) <= most + slack(most), "{} over {}", tight.value(0), most);
            // Solved to a gap of nothing, the bounds are the optima.
            prop_assert!(bound <= most + slack(most), "bound {} over {}", bound, most);
        }
    }

    /// One rule more never buys coverage either.
    #[test]
    fn a_rule_more_never_buys_coverage(world in world(SMALL), rules in rules()) {
        prop_assume!(!rules.is_empty());
        let scenario = world.load();
        let with = solve(&scenario, &policy(&policy_text(&texts(&rules, 1))));
        let without = solve(&scenario, &policy(&policy_text(&texts(&rules[1..], 1))));
        if let Some(with) = with {
            let Some(without) = without else {
                return Err(TestCaseError::fail("no plan without a rule and one with it"));
            };
            prop_assert!(with.bound(0) <= without.bound(0) + slack(without.bound(0)));
        }
    }

    /// Later stages give up no more of an earlier one than it lets them.
    #[test]
    fn stages_keep_what_earlier_ones_reached(world in world(SMALL), rules in rules()) {
        let stages = "[[stages]]\nkind = \"coverage\"\ntolerance = 0.05\n\
            [[stages]]\nkind = \"fragmentation\"\n[[stages]]\nkind = \"tie_break\"\n";
        let scenario = world.load();
        let staged = solve(&scenario, &policy(&policy_with_stages(stages, &texts(&rules, 1))));
        let coverage = "[[stages]]\nkind = \"coverage\"\n";
        let alone = solve(&scenario, &policy(&policy_with_stages(coverage, &texts(&rules, 1))));
        prop_assert_eq!(staged.is_some(), alone.is_some());
        if let (Some(staged), Some(alone)) = (staged, alone) {
            let (reached, best) = (staged.proposal.stages[0].value, alone.proposal.stages[0].value);
            prop_assert!(reached >= 0.95 * best - slack(best), "{} of {}", reached, best);
            prop_assert!(reached <= best + slack(best), "{} of {}", reached, best);
            let lines = staged.audit.values[1];
            let before = fragmentation(&scenario, &alone.proposal.plan);
            prop_assert!(lines <= before, "{:?} lines and links where {:?} do", lines, before);
        }
    }

    /// What can be kept as a hard rule is kept as a soft one, to the unit.
    #[test]
    fn soft_rules_that_can_be_kept_are_kept(world in world(SMALL), rules in rules()) {
        let scenario = world.load();
        let hard = solve(&scenario, &policy(&policy_text(&texts(&rules, 1))));
        prop_assume!(hard.is_some_and(|hard| hard.audit.passes()));
        let stages = "[[stages]]\nkind = \"shortfall\"\n[[stages]]\nkind = \"coverage\"\n\
            [[stages]]\nkind = \"tie_break\"\n";
        let soft: Vec<String> = texts(&rules, 1).iter().map(|rule| format!("{rule}\nstrength = \"soft\"")).collect();
        let solved = solve(&scenario, &policy(&policy_with_stages(stages, &soft))).unwrap();
        prop_assert!(solved.value(0) <= 0.0, "short by {}", solved.value(0));
        for rule in &solved.audit.rules {
            prop_assert!(rule.passes(), "{} ({})", rule.id, rule.kind);
        }
    }

    /// Ten times the money, ten times the coverage: to the solver exactly, in whole units to a few units.
    #[test]
    fn ten_times_the_money_covers_ten_times(world in world(SMALL), rules in rules()) {
        let larger = times_ten(&world);
        let small = solve(&world.load(), &policy(&policy_text(&texts(&rules, 1))));
        let large = solve(&larger.load(), &policy(&policy_text(&texts(&rules, 10))));
        prop_assert_eq!(small.is_some(), large.is_some());
        if let (Some(small), Some(large)) = (small, large) {
            let (ten_bounds, bound) = (10.0 * small.bound(0), large.bound(0));
            // Limits in whole units (a cap of need at an effect of 85%, carried money) are finer with finer units.
            let cells = f64::from(u32::try_from(larger.needs.len() * larger.pairings.len() * larger.years).unwrap());
            let room = 60.0 * cells + slack(bound);
            prop_assert!((ten_bounds - bound).abs() <= room, "{} and {}", ten_bounds, bound);
            prop_assert!((10.0 * small.value(0) - large.value(0)).abs() <= 2.0 * room);
        }
    }

    /// Ten times the amounts, or the same amounts counted in tens: the same plan, byte for byte.
    #[test]
    fn amounts_and_what_they_are_counted_in_are_one_thing(world in world(SMALL), rules in rules()) {
        let larger = times_ten(&world);
        let counted = World { amounts_in: 10, ..world };
        let (one, other) = (larger.load(), counted.load());
        let first = solve(&one, &policy(&policy_text(&texts(&rules, 10))));
        let second = solve(&other, &policy(&policy_text(&texts(&rules, 1))));
        prop_assert_eq!(first.is_some(), second.is_some());
        if let (Some(first), Some(second)) = (first, second) {
            let (first, second) = (first.proposal.plan, second.proposal.plan);
            prop_assert_eq!(plan_csv(&one, &first).unwrap(), plan_csv(&other, &second).unwrap());
        }
    }
}

/// Funded lines and active links.
fn fragmentation(scenario: &Scenario, plan: &Plan) -> Micro {
    let links: BTreeSet<_> = plan.lines().iter().map(|line| (line.province, line.site)).collect();
    assert!(links.len() <= scenario.links.len());
    Micro::whole(i64::try_from(plan.lines().len() + links.len()).unwrap())
}

/// The same programme with ten times the money in its tables.
fn times_ten(world: &World) -> World {
    let mut larger = world.clone();
    for province in &mut larger.provinces {
        province.capacity.iter_mut().for_each(|capacity| *capacity *= 10);
    }
    for site in &mut larger.sites {
        site.absorption = site.absorption.map(|absorption| 10 * absorption);
    }
    larger.needs.iter_mut().for_each(|need| need.2 *= 10);
    larger.parks.iter_mut().for_each(|park| park.capacity = park.capacity.map(|capacity| 10 * capacity));
    larger.commitments.iter_mut().for_each(|commitment| commitment.4 *= 10);
    larger
}
