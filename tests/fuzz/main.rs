//! Random scenarios under random policies: does the whole chain from tables to certificate ever say a wrong thing?
//!
//! A short run is a part of `cargo test`. The long one is `FUZZ_SEED=7 cargo test --release --test fuzz --
//! --ignored`; `FUZZ_CASES` is the number of cases (100,000 without it). What fails is shrunk and printed; the
//! shrunk case becomes a test of its own in `found.rs`.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;
// Its rules are for the properties: here policies are drawn with more parameters.
#[allow(dead_code)]
#[path = "../properties/worlds.rs"]
mod worlds;

mod draw;
mod found;
mod judge;

use proptest::test_runner::{Config, RngSeed, TestRunner};

use judge::{Seen, judge, judge_by_python};

fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

fn runner(cases: u32, seed: u64) -> TestRunner {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..Config::default()
    };
    TestRunner::new(config)
}

/// Judges so many cases, and tells what was among them.
fn run(cases: u32, seed: u64) -> Seen {
    let mut runner = runner(cases, seed);
    let seen = std::cell::RefCell::new(Seen::default());
    let result = runner.run(&draw::case(), |case| judge(&case, &mut seen.borrow_mut()));
    let seen = seen.into_inner();
    eprintln!("{seen:?}");
    result.unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
    seen
}

#[test]
fn a_few_cases() {
    let seen = run(150, 20_080_512);
    // A run that never comes to the end of a chain says nothing.
    assert!(seen.certified > 60 && seen.infeasible > 5 && seen.compared > 20, "{seen:?}");
}

#[test]
#[ignore = "100,000 cases take about an hour"]
fn many_cases() {
    let cases = u32::try_from(given("FUZZ_CASES").unwrap_or(100_000)).unwrap();
    run(cases, given("FUZZ_SEED").unwrap_or(1));
}

#[test]
fn both_verifiers_agree() {
    let result = runner(40, 20_080_512).run(&draw::case(), |case| judge_by_python(&case));
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
#[ignore = "two runs of Python for each case"]
fn both_verifiers_agree_on_many() {
    let cases = u32::try_from(given("FUZZ_CASES").unwrap_or(1_000)).unwrap();
    let seed = given("FUZZ_SEED").unwrap_or(1);
    let result = runner(cases, seed).run(&draw::case(), |case| judge_by_python(&case));
    result.unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
}
