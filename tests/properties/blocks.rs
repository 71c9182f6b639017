//! The bound by site: below every optimum for any multipliers, and at the relaxation's own dual values no
//! worse than the relaxation.

use std::path::Path;

use allot::domain::Scenario;
use allot::formulation::{Bundled, Firmness, Scaled, formulate};
use allot::generator::{Shape, generate};
use allot::input;
use allot::model::RowId;
use allot::policy::Policy;
use allot::rules::Registry;
use allot::search::{Ascent, Blocks, Found, Leaning, Settings, Unobserved, run_stages};
use allot::solve::{Options, Problem, Progress, find};

/// A synthetic instance. Some rules are switched off, by the bits of `off`.
fn read(folder: &Path, shape: Shape, seed: u64, off: u64) -> (Scenario, Policy) {
    for (file, text) in generate(shape, seed) {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let loaded = input::load(folder, &[]).unwrap();
    let switched = ["R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"].iter().enumerate();
    let sets: Vec<_> = switched
        .filter(|(bit, _)| off >> bit & 1 == 1)
        .map(|(_, id)| (["rules", id, "enabled"].map(str::to_owned).to_vec(), toml::Value::Boolean(false)))
        .collect();
    let policy =
        Policy::read("policy.toml", folder, &Registry::standard(), &toml::Table::new(), &sets).unwrap();
    (loaded.scenario, policy)
}

/// A problem of a synthetic instance, taken apart.
fn instance(seed: u64, off: u64) -> (Problem, Blocks) {
    let links = [Some(2), Some(3), None][usize::try_from(seed % 3).unwrap()];
    let shape =
        Shape { provinces: 3, sites: 5, sectors: 3, years: 1 + usize::try_from(seed % 2).unwrap(), links };
    let folder = tempfile::tempdir().unwrap();
    let (scenario, policy) = read(folder.path(), shape, seed, off);
    let scenario = &scenario;
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
        let relaxed = problem.relaxation();
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

#[test]
fn an_ascent_stays_below_the_optimum_and_its_regrets_take_no_optimum_away() {
    let highs = find("highs").unwrap();
    let exact = Options { gap: 0.0, ..Options::default() };
    let (mut taken, mut kernels) = (0, 0);
    for seed in 1..=40_u64 {
        let (problem, blocks) = instance(seed, seed.wrapping_mul(0x9e37_79b9) >> 9 & 0xff);
        let mut watch = |_: Progress| true;
        let Some(point) = highs.solve(&problem, &exact, &mut watch).unwrap().point else { continue };
        let optimum = problem.cost(&point);
        let tolerance = 1e-6 * optimum.abs().max(1.0);
        let mut ascent = Ascent::new(&blocks, &problem, 1, None);
        let first = ascent.bound();
        for _ in 0..120 {
            ascent.step(&problem, None);
            assert!(ascent.bound() <= optimum + tolerance, "seed {seed}: {} above {optimum}", ascent.bound());
        }
        assert!(ascent.bound() >= first, "seed {seed}: an ascent does not fall");
        let again = blocks.evaluate(&problem, ascent.multipliers(), 2, None);
        assert_eq!(again.to_bits(), ascent.bound().to_bits(), "seed {seed}: threads change nothing");

        let regrets = blocks.regrets(&problem, ascent.multipliers());
        let narrowed = blocks.narrowed(&problem, &regrets, optimum - ascent.bound());
        let best = highs.solve(&narrowed, &exact, &mut watch).unwrap().point.expect("the optimum stays");
        let cost = problem.cost(&best);
        assert!((cost - optimum).abs() <= tolerance, "seed {seed}: {cost}, and {optimum} before");
        let fixed =
            |p: &Problem| (0..p.costs.len()).filter(|c| p.integer[*c] && p.lower[*c] >= p.upper[*c]).count();
        taken += fixed(&narrowed) - fixed(&problem);

        // A kernel's points are points of the whole, and a plan that was there stays one.
        let leaning = Leaning { regrets: &regrets, mean: ascent.mean() };
        let kernel = blocks.kernel(&problem, leaning, Some(&point), 3);
        let best = highs.solve(&kernel, &exact, &mut watch).unwrap().point.expect("the plan stays");
        assert!((problem.cost(&best) - optimum).abs() <= tolerance, "seed {seed}: the plan was the optimum");
        let binaries = problem.integer.iter().filter(|integer| **integer).count();
        kernels += usize::from(binaries - fixed(&kernel) < binaries / 2);
    }
    assert!(taken > 0 && kernels > 0, "{taken} decisions taken, {kernels} small kernels");
}

#[test]
fn a_regret_is_what_it_costs_to_be_made_to_decide_otherwise() {
    let mut compared = 0;
    for seed in 1..=30_u64 {
        let (problem, blocks) = instance(seed, seed.wrapping_mul(0x9e37_79b9) >> 11 & 0xff);
        let mut ascent = Ascent::new(&blocks, &problem, 1, None);
        for _ in 0..40 {
            ascent.step(&problem, None);
        }
        let regrets = blocks.regrets(&problem, ascent.multipliers());
        let made = |column: usize, value: f64| {
            let mut made = problem.clone();
            (made.lower[column], made.upper[column]) = (value, value);
            blocks.bound(&made, ascent.multipliers())
        };
        let open =
            |column: &usize| problem.integer[*column] && problem.lower[*column] < problem.upper[*column];
        for column in (0..problem.costs.len()).filter(open).filter(|column| regrets[*column].is_finite()) {
            let (no, yes) = (made(column, 0.0), made(column, 1.0));
            let free = blocks.bound(&problem, ascent.multipliers());
            assert!(
                (no.min(yes) - free).abs() <= 1e-9 * free.abs().max(1.0),
                "seed {seed}: {no} {yes} {free}"
            );
            let tolerance = 1e-9 * (no.abs() + yes.abs()).max(1.0);
            let regret = regrets[column];
            assert!(
                (yes - no - regret).abs() <= tolerance,
                "seed {seed}, column {column}: {regret}, {no} {yes}"
            );
            compared += usize::from(regret != 0.0);
        }
    }
    assert!(compared > 500, "{compared} decisions compared");
}

#[test]
fn a_search_comes_to_the_optimum_of_small_instances() {
    let highs = find("highs").unwrap();
    let options = Options { gap: 1e-5, ..Options::default() };
    let exact = Options { gap: 0.0, ..Options::default() };
    let mut solved = 0;
    for seed in 1..=206_u64 {
        let folder = tempfile::tempdir().unwrap();
        let links = [Some(2), Some(3), None][usize::try_from(seed % 3).unwrap()];
        let years = 1 + usize::try_from(seed % 2).unwrap();
        let shape = match seed {
            // Large enough for neighbourhoods, and looks of the solver in between.
            201.. => Shape { provinces: 4, sites: 64, sectors: 3, years: 1, links: Some(2) },
            _ => Shape { provinces: 3, sites: 4, sectors: 3, years, links },
        };
        let (scenario, policy) = read(folder.path(), shape, seed, seed.wrapping_mul(0x9e37_79b9) >> 5 & 0xff);
        let formulation = formulate(&scenario, &policy, &policy.need_weights(&scenario), Firmness::AsWritten);
        let mut scaled = Scaled::new(&formulation.built.model, scenario.budget_sum().as_f64());
        let factor = scaled.set_objective(&formulation.stages[0].terms, formulation.stages[0].sense);
        let alone = highs.solve(&scaled.problem, &exact, &mut |_: Progress| true).unwrap();
        let settings = Settings { solver: highs, options: &options };
        let found =
            run_stages(&scenario, &formulation, scenario.budget_sum().as_f64(), settings, &mut Unobserved);
        match (found.unwrap(), alone.point) {
            (Found::Point { stages, .. }, Some(point)) => {
                let optimum = factor * scaled.problem.cost(&point);
                let off = (stages[0].value - optimum).abs() / optimum.abs().max(1.0);
                assert!(off < 2e-5, "seed {seed}: {} where HiGHS has {optimum}", stages[0].value);
                let bound = stages[0].bound.unwrap();
                assert!(bound >= optimum * (1.0 - 1e-7), "seed {seed}: bound {bound} below {optimum}");
                solved += 1;
            }
            (Found::Infeasible, None) => {}
            (found, alone) => panic!("seed {seed}: {found:?}, HiGHS alone: {}", alone.is_some()),
        }
    }
    assert!(solved > 100, "only {solved} instances have a plan");
}

/// Instances too large for the solver alone and small enough for a test: here the plans come from prices,
/// dives and neighbourhoods.
#[test]
fn a_search_by_neighbourhoods_repeats_itself_and_keeps_every_row() {
    for (seed, links) in [(1, Some(2)), (2, None)] {
        let folder = tempfile::tempdir().unwrap();
        let shape = Shape { provinces: 8, sites: 60, sectors: 4, years: 2, links };
        let (scenario, policy) = read(folder.path(), shape, seed, 0);
        let formulation = formulate(&scenario, &policy, &policy.need_weights(&scenario), Firmness::AsWritten);
        let largest = scenario.budget_sum().as_f64();
        let run = |threads: usize| {
            let options = Options { gap: 0.01, threads, ..Options::default() };
            let settings = Settings { solver: find("highs").unwrap(), options: &options };
            match run_stages(&scenario, &formulation, largest, settings, &mut Unobserved).unwrap() {
                Found::Point { point, stages, .. } => (point, stages),
                other => panic!("seed {seed}: {other:?}"),
            }
        };
        let (point, stages) = run(1);
        for threads in [1, 2] {
            let (again, _) = run(threads);
            let differ = point.iter().zip(&again).filter(|(a, b)| a.to_bits() != b.to_bits()).count();
            assert_eq!(differ, 0, "seed {seed}, {threads} threads: values of columns");
        }
        let coverage = stages.iter().find(|stage| stage.kind == "coverage").unwrap();
        let bound = coverage.bound.unwrap();
        assert!(coverage.value <= bound, "seed {seed}: {} above its bound {bound}", coverage.value);
        assert!(coverage.value >= 0.99 * bound, "seed {seed}: {} far from {bound}", coverage.value);
        let model = &formulation.built.model;
        for row in 0..model.row_count() {
            let size = model.row(RowId(row)).map(|(column, factor)| (factor * point[column.0]).abs());
            let tolerance = 1e-6 * size.fold(1.0, f64::max);
            let activity = model.activity(RowId(row), &point);
            assert!(
                activity >= model.row_lower[row] - tolerance && activity <= model.row_upper[row] + tolerance,
                "seed {seed}: {:?} is {activity}",
                model.row_names[row]
            );
        }
    }
}
