//! Each rule: the rows that it adds, its check, what it says before a solve, the limits that it gives.
//! `agreement` holds rows and check against each other; `registry` adds a rule from outside.

#![allow(clippy::unwrap_used)]

mod agreement;
mod fixture;
mod samples;
