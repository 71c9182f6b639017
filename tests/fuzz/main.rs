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

use judge::{Seen, judge};

fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

/// Judges so many cases, and tells what was among them.
fn run(cases: u32, seed: u64) -> Seen {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
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
