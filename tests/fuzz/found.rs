//! Cases that were found by the fuzz target, shrunk: each failed once.
