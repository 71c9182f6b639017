//! The extension module `allot._allot`: what the Python package needs of the library. `python/allot` dresses it.

// Arguments come from Python by value.
#![allow(clippy::needless_pass_by_value)]

mod errors;
mod plan;
mod scenario;
mod sweep;
mod table;
mod waiting;

use pyo3::prelude::*;

#[pymodule]
mod _allot {
    #[pymodule_export]
    use super::plan::{plan_table, write_run};
    #[pymodule_export]
    use super::scenario::OpenScenario;
    #[pymodule_export]
    use super::sweep::{OpenStudy, begin, run_chain, study_text};
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::waiting::Cancel;

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
