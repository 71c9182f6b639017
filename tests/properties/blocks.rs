//! The bound by site: below every optimum for any multipliers, and at the relaxation's own dual values no
//! worse than the relaxation.

use allot::formulation::{Bundled, Firmness, Scaled, formulate};
use allot::generator::{Shape, generate};
use allot::input;
use allot::policy::Policy;
use allot::rules::Registry;
use allot::search::Blocks;
use allot::solve::{Options, Problem, Progress, find};

/// A problem of a synthetic instance, taken apart. Some rules are switched off, by the bits of `off`.
fn instance(seed: u64, off: u64) -> (Problem, Blocks) {
    let links = [Some(2), Some(3), None][usize::try_from(seed % 3).unwrap()];
    let shape =
        Shape { provinces: 3, sites: 5, sectors: 3, years: 1 + usize::try_from(seed % 2).unwrap(), links };
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in generate(shape, seed) {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let loaded = input::load(folder.path(), &[]).unwrap();
    let switched = ["R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"].iter().enumerate();
    let sets: Vec<_> = switched
        .filter(|(bit, _)| off >> bit & 1 == 1)
        .map(|(_, id)| (["rules", id, "enabled"].map(str::to_owned).to_vec(), toml::Value::Boolean(false)))
        .collect();
    let policy =
        Policy::read("policy.toml", folder.path(), &Registry::standard(), &toml::Table::new(), &sets)
            .unwrap();
    let scenario = &loaded.scenario;
    let formulation = formulate(scenario, &policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let bundled = Bundled::of(&formulation);
    let mut scaled = Scaled::new(&bundled.model, scenario.budget_sum().as_f64());
    scaled.set_objective(&bundled.stages[0].terms, bundled.stages[0].sense);
    let blocks = Blocks::of(scenario, &formulation.built, &bundled, &scaled.problem).unwrap();
    (scaled.problem, blocks)
}

#[test]
fn no_multipliers_give_a_bound_above_the_optimum() {
    let highs = find("highs").unwrap();
    let exact = Options { gap: 0.0, ..Options::default() };
    let mut gained = 0;
    for seed in 1..=24_u64 {
        let (problem, blocks) = instance(seed, seed.wrapping_mul(0x9e37_79b9) >> 7 & 0xff);
        let mut watch = |_: Progress| true;
        let best = highs.solve(&problem, &exact, &mut watch).unwrap();
        let Some(point) = best.point else { continue };
        let optimum = problem.cost(&point);
        let relaxed = Problem { integer: vec![false; problem.integer.len()], ..problem.clone() };
        let relaxation = highs.solve(&relaxed, &exact, &mut watch).unwrap();
        let duals = relaxation.duals.unwrap();
        let tolerance = 1e-6 * optimum.abs().max(1.0);
        let at_duals = blocks.bound(&problem, &duals);
        assert!(at_duals <= optimum + tolerance, "seed {seed}: {at_duals} above {optimum}");
        assert!(
            at_duals >= relaxation.bound - tolerance,
            "seed {seed}: {at_duals} below {}",
            relaxation.bound
        );
        gained += usize::from(at_duals > relaxation.bound + tolerance);
        let mut state = seed;
        for _ in 0..40 {
            let moved: Vec<f64> = duals
                .iter()
                .map(|dual| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let factor = (state >> 40) as f64 / f64::from(1 << 24);
                    // Any size, also of rows whose dual value is nothing; the sign is the bound's own affair.
                    2.0 * factor * dual + if (state >> 33).trailing_zeros() >= 3 { factor - 0.5 } else { 0.0 }
                })
                .collect();
            let bound = blocks.bound(&problem, &moved);
            assert!(bound <= optimum + tolerance, "seed {seed}: {bound} above {optimum}");
        }
    }
    assert!(gained > 0, "whole decisions in the blocks should gain something somewhere");
}
