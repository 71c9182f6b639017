use std::path::Path;

use allot::input::{self, Loaded};
use allot::policy::Policy;
use allot::rules::Registry;

/// A scenario with its own policy.
pub fn open(folder: &Path) -> (Loaded, Policy) {
    let loaded = input::load(folder, &[]).unwrap();
    let policy = Policy::read(
        loaded.policy.as_ref().unwrap(),
        &loaded.policy_folder,
        &Registry::standard(),
        &loaded.policy_parameters,
        &[],
    )
    .unwrap();
    (loaded, policy)
}
