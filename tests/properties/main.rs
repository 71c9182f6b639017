//! What must hold of every scenario and policy, tried on small ones that chance puts together.
//!
//! The seed is fixed, so that a run says the same tomorrow; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` in the
//! environment try others.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod blocks;
mod order;
mod people;
mod plans;
mod solvers;
mod worlds;

use proptest::test_runner::{Config, RngSeed};

/// So many cases from a fixed seed, unless the environment says otherwise.
fn config(cases: u32) -> Config {
    let given = |name: &str| std::env::var_os(name).is_some();
    let default = Config { failure_persistence: None, ..Config::default() };
    Config {
        cases: if given("PROPTEST_CASES") { default.cases } else { cases },
        rng_seed: if given("PROPTEST_RNG_SEED") { default.rng_seed } else { RngSeed::Fixed(20_080_512) },
        max_shrink_iters: 200,
        ..default
    }
}
