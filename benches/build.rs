//! How long it takes from tables on disk to a model inside HiGHS, on synthetic instances, and how long the
//! shipped scenarios take in all. `make bench` prints a table; nothing here passes or fails.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::time::Instant;

use allot::formulation::{Firmness, Scaled, formulate};
use allot::generator::{Shape, generate};
use allot::search::{Outcome, Settings, Unobserved, search};
use allot::solve::{Options, find};

#[path = "common/hand_over.rs"]
mod common;
#[path = "common/open.rs"]
mod scenario;

/// Each figure is the median of so many runs.
const RUNS: usize = 5;

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn build(shape: Shape, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in generate(shape, 1) {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let (mut reading, mut building, mut handing) = (Vec::new(), Vec::new(), Vec::new());
    let (mut money, mut columns, mut rows) = (0, 0, 0);
    for _ in 0..RUNS {
        let started = Instant::now();
        let (loaded, policy) = scenario::open(folder.path());
        reading.push(started.elapsed().as_secs_f64());
        let scenario = &loaded.scenario;
        let started = Instant::now();
        let formulation = formulate(scenario, &policy, &policy.need_weights(scenario), Firmness::AsWritten);
        let mut scaled = Scaled::new(&formulation.built.model, scenario.budget_sum().as_f64());
        scaled.set_objective(&formulation.stages[0].terms, formulation.stages[0].sense);
        building.push(started.elapsed().as_secs_f64());
        let started = Instant::now();
        common::hand_over(&scaled.problem);
        handing.push(started.elapsed().as_secs_f64());
        money = scenario.lines.len() * scenario.years.len();
        (columns, rows) = (formulation.built.model.column_count(), formulation.built.model.row_count());
    }
    let (reading, building, handing) = (median(reading), median(building), median(handing));
    println!(
        "| {name} | {money} | {columns} | {rows} | {reading:.3} | {building:.3} | {handing:.3} | {:.3} |",
        reading + building + handing
    );
}

fn solve(name: &str) {
    let (loaded, policy) =
        scenario::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name));
    let options = Options::default();
    let settings = Settings { solver: find("highs").unwrap(), options: &options };
    let seconds = (0..RUNS).map(|_| {
        let started = Instant::now();
        let outcome = search(&loaded.scenario, &policy, settings, &mut Unobserved).unwrap();
        assert!(matches!(outcome, Outcome::Plan(_)), "no plan for {name}");
        started.elapsed().as_secs_f64()
    });
    println!("| {name} | {} | {:.2} |", policy.id, median(seconds.collect()));
}

fn main() {
    println!("From tables on disk to a model inside HiGHS, seconds, median of {RUNS} runs, one thread:\n");
    println!("| shape | money variables | columns | rows | read | build | hand over | in all |");
    println!("|---|---|---|---|---|---|---|---|");
    let small = Shape { provinces: 19, sites: 82, sectors: 8, years: 5, links: Some(2) };
    build(small, "19×82×8×5, 2 links");
    build(Shape { links: None, ..small }, "19×82×8×5, every link");
    let large = Shape { provinces: 31, sites: 2800, sectors: 12, years: 5, links: Some(3) };
    build(large, "31×2,800×12×5, 3 links");
    println!("\nFrom a scenario in memory to a plan in whole units, seconds, median of {RUNS} runs:\n");
    println!("| scenario | policy | seconds |");
    println!("|---|---|---|");
    solve("wenchuan");
    solve("eu-cohesion");
}
