//! Sessions: a problem that is edited inside its solver has the answers of the same problem solved from
//! nothing.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod edits;
mod limits;
mod methods;
mod published;
mod sequences;
mod twin;
