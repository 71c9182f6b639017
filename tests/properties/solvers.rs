//! HiGHS and microlp on the same problem: the same optimum, or infeasible to both.

use allot::formulation::{Firmness, Scaled, formulate};
use allot::solve::{Answer, Options, Problem, Progress, find};
use proptest::prelude::*;

use crate::config;
use crate::support::{policy, policy_with_stages, violation};
use crate::worlds::{TINY, rules, texts, world};

fn answer(solver: &str, problem: &Problem) -> Answer {
    let options = Options { gap: 0.0, ..Options::default() };
    let mut go_on = |_: Progress| true;
    find(solver).unwrap().solve(problem, &options, &mut go_on).unwrap()
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn both_solvers_find_the_same_optimum(world in world(TINY), rules in rules()) {
        let stages = "[[stages]]\nkind = \"coverage\"\n[[stages]]\nkind = \"fragmentation\"\n";
        let policy = policy(&policy_with_stages(stages, &texts(&rules, 1)));
        let scenario = world.load();
        let weights = policy.need_weights(&scenario);
        let formulation = formulate(&scenario, &policy, &weights, Firmness::AsWritten);
        let mut scaled = Scaled::new(&formulation.built.model, scenario.budget_sum().as_f64());
        for stage in &formulation.stages {
            scaled.set_objective(&stage.terms, stage.sense);
            let problem = &scaled.problem;
            let [highs, microlp] = ["highs", "microlp"].map(|solver| answer(solver, problem));
            prop_assert_eq!(highs.infeasible, microlp.infeasible, "{}", stage.kind);
            if highs.infeasible {
                continue;
            }
            let (first, second) = (highs.point.unwrap(), microlp.point.unwrap());
            prop_assert!(violation(problem, &first) < 1e-5 && violation(problem, &second) < 1e-5);
            let (first, second) = (problem.cost(&first), problem.cost(&second));
            let room = 1e-5 * first.abs().max(1.0);
            prop_assert!((first - second).abs() <= room, "{}: {} and {}", stage.kind, first, second);
            prop_assert!(highs.bound <= first + room && highs.bound >= first - room);
        }
    }
}
