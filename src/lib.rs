//! `allot`: allocates the money of donors to the needs of recipients, few and substantial lines first.
//!
//! Read the modules in the order in which data flows; each may use only those listed after it.

pub mod cli;

pub mod run;

pub mod annex;
pub mod generator;
pub mod report;

pub mod compare;
pub mod sweep;

pub mod explain;

pub mod audit;
pub mod conflict;
pub mod search;

pub mod verify;

pub mod formulation;
pub mod solve;

pub mod input;
pub mod policy;

pub mod objectives;
pub mod rules;

pub mod model;

pub mod domain;

pub mod diagnostics;
pub mod digest;
pub mod folder;
mod random;
pub mod units;
