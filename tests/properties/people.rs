//! Money and people in one problem: the bound by site stays below every optimum, and the search comes to it.

use allot::domain::Scenario;
use allot::formulation::{Bundled, Firmness, Formulation, Scaled, formulate};
use allot::generator::{Shape, generate, with_talent};
use allot::input;
use allot::policy::Policy;
use allot::rules::Registry;
use allot::search::{Ascent, Blocks, Found, Settings, Unobserved, run_stages};
use allot::solve::{Options, Progress, find};

/// Keys of a policy and a value.
type Set = (Vec<String>, toml::Value);

fn set(path: &str, value: &str) -> Set {
    let value: toml::Table = format!("v = {value}").parse().unwrap();
    (path.split('.').map(str::to_owned).collect(), value["v"].clone())
}

/// A synthetic instance with people, and a policy with some keys set.
fn instance_with(seed: u64, sets: &[Set]) -> (Scenario, Policy) {
    let links = [Some(2), Some(3), None][usize::try_from(seed % 3).unwrap()];
    let shape =
        Shape { provinces: 3, sites: 4, sectors: 3, years: 1 + usize::try_from(seed % 2).unwrap(), links };
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in with_talent(generate(shape, seed), shape, seed) {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let loaded = input::load(folder.path(), &[]).unwrap();
    let read = Policy::read("policy.toml", folder.path(), &Registry::standard(), &toml::Table::new(), sets);
    (loaded.scenario, read.unwrap())
}

/// The same. Some rules are switched off, by the bits of `off`.
fn instance(seed: u64, off: u64) -> (Scenario, Policy) {
    let switched = ["R2", "R3", "R5", "R7", "R31", "R32", "R33", "R35"].iter().enumerate();
    let sets: Vec<_> = switched
        .filter(|(bit, _)| off >> bit & 1 == 1)
        .map(|(_, id)| set(&format!("rules.{id}.enabled"), "false"))
        .collect();
    instance_with(seed, &sets)
}

fn bits(seed: u64) -> u64 {
    seed.wrapping_mul(0x9e37_79b9) >> 5 & 0xff
}

fn formulated(scenario: &Scenario, policy: &Policy) -> Formulation {
    formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten)
}

#[test]
fn no_multipliers_give_a_bound_above_the_optimum() {
    let highs = find("highs").unwrap();
    let exact = Options { gap: 0.0, ..Options::default() };
    let mut compared = 0;
    for seed in 1..=12_u64 {
        let (scenario, policy) = instance(seed, bits(seed));
        let formulation = formulated(&scenario, &policy);
        let bundled = Bundled::of(&formulation);
        let mut scaled = Scaled::new(&bundled.model, scenario.budget_sum().as_f64());
        // Coverage, then fit: also a stage of people has a bound.
        for stage in &bundled.stages {
            scaled.set_objective(&stage.terms, stage.sense);
            let problem = &scaled.problem;
            let blocks = Blocks::of(&scenario, &formulation.built, &bundled, problem).unwrap();
            let Some(point) = highs.solve(problem, &exact, &mut |_: Progress| true).unwrap().point else {
                continue;
            };
            let optimum = problem.cost(&point);
            let tolerance = 1e-6 * optimum.abs().max(1.0);
            let relaxation = highs.solve(&problem.relaxation(), &exact, &mut |_: Progress| true).unwrap();
            let duals = relaxation.duals.unwrap();
            let at_duals = blocks.bound(problem, &duals);
            assert!(at_duals <= optimum + tolerance, "seed {seed}: {at_duals} above {optimum}");
            assert!(
                at_duals >= relaxation.bound - tolerance,
                "seed {seed}: {at_duals}, {}",
                relaxation.bound
            );
            let mut ascent = Ascent::new(&blocks, problem, 1, None);
            for _ in 0..100 {
                ascent.step(problem, None);
                assert!(
                    ascent.bound() <= optimum + tolerance,
                    "seed {seed}: {} above {optimum}",
                    ascent.bound()
                );
            }
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} problems have a plan");
}

#[test]
fn a_search_comes_to_the_optimum_of_money_and_people() {
    let highs = find("highs").unwrap();
    let options = Options { gap: 1e-5, ..Options::default() };
    let exact = Options { gap: 0.0, ..Options::default() };
    let mut solved = 0;
    for seed in 1..=30_u64 {
        let (scenario, policy) = instance(seed, bits(seed));
        let formulation = formulated(&scenario, &policy);
        let largest = scenario.budget_sum().as_f64();
        let mut scaled = Scaled::new(&formulation.built.model, largest);
        let factor = scaled.set_objective(&formulation.stages[0].terms, formulation.stages[0].sense);
        let alone = highs.solve(&scaled.problem, &exact, &mut |_: Progress| true).unwrap();
        let settings = Settings { solver: highs, options: &options };
        let found = run_stages(&scenario, &formulation, largest, settings, &mut Unobserved).unwrap();
        match (found, alone.point) {
            (Found::Point { stages, .. }, Some(point)) => {
                let optimum = factor * scaled.problem.cost(&point);
                let off = (stages[0].value - optimum).abs() / optimum.abs().max(1.0);
                assert!(off < 2e-5, "seed {seed}: {} where HiGHS has {optimum}", stages[0].value);
                for stage in &stages[..2] {
                    let bound = stage.bound.unwrap();
                    assert!(
                        bound >= stage.value * (1.0 - 1e-7),
                        "seed {seed}: {bound} below {}",
                        stage.value
                    );
                }
                // The second stage, with what the first reached kept.
                let kept: Vec<(usize, f64)> = scaled
                    .problem
                    .costs
                    .iter()
                    .copied()
                    .enumerate()
                    .filter(|(_, cost)| *cost != 0.0)
                    .collect();
                let most = stages[0].value / factor;
                scaled.problem.add_row(kept, f64::NEG_INFINITY, most + 2e-5 * most.abs());
                let factor = scaled.set_objective(&formulation.stages[1].terms, formulation.stages[1].sense);
                let point = highs.solve(&scaled.problem, &exact, &mut |_: Progress| true).unwrap().point;
                let best = factor * scaled.problem.cost(&point.expect("what the search has"));
                assert!(
                    stages[1].value <= best * (1.0 + 1e-6),
                    "seed {seed}: fit {} over {best}",
                    stages[1].value
                );
                assert!(
                    stages[1].value >= best * (1.0 - 1e-3),
                    "seed {seed}: fit {} of {best}",
                    stages[1].value
                );
                solved += 1;
            }
            (Found::Infeasible, None) => {}
            (found, alone) => panic!("seed {seed}: {found:?}, HiGHS alone: {}", alone.is_some()),
        }
    }
    assert!(solved > 15, "only {solved} instances have a plan");
}

/// The optimum of a policy's first stage, larger is better; `None` is infeasible.
fn optimum(scenario: &Scenario, policy: &Policy) -> Option<f64> {
    let options = Options { gap: 0.0, ..Options::default() };
    let settings = Settings { solver: find("highs").unwrap(), options: &options };
    let largest = scenario.budget_sum().as_f64();
    match run_stages(scenario, &formulated(scenario, policy), largest, settings, &mut Unobserved).unwrap() {
        Found::Point { stages, .. } => stages[0].bound,
        Found::Infeasible => None,
        Found::Nothing(stop) => panic!("stopped without a plan: {stop:?}"),
    }
}

#[test]
fn a_tighter_rule_on_people_buys_neither_coverage_nor_fit() {
    let tighter = [
        ("rules.R31.number", ["30", "15"]),
        ("rules.R32.max", ["0.25", "0.1"]),
        ("rules.R33.number", ["2", "4"]),
        ("rules.R34.share", ["0.6", "0.45"]),
        ("rules.R35.keep", ["0.5", "1"]),
        ("rules.R36.number", ["1", "3"]),
    ];
    let (mut felt, mut compared) = (0, 0);
    for seed in 1..=3_u64 {
        for stage in ["coverage", "fit"] {
            let stages = set("stages", &format!("[{{ kind = \"{stage}\" }}]"));
            for (key, values) in tighter {
                let of = |value: &str| {
                    let (scenario, policy) = instance_with(seed, &[stages.clone(), set(key, value)]);
                    optimum(&scenario, &policy)
                };
                let [loose, tight] = values.map(of);
                let Some(tight) = tight else { continue };
                let loose =
                    loose.unwrap_or_else(|| panic!("seed {seed}, {key}: no plan for the looser rule"));
                let slack = 1e-6 * loose.abs().max(1.0);
                assert!(tight <= loose + slack, "seed {seed}, {stage}, {key}: {tight} over {loose}");
                (felt, compared) = (felt + usize::from(tight < loose - slack), compared + 1);
            }
        }
    }
    assert!(felt > 4 && compared > 15, "{felt} of {compared} changes are felt");
}
