//! The input layer: what is read, what is refused, and where it says so.

#[path = "../common/mod.rs"]
mod common;

mod cases;
mod documents;
mod formats;
mod given;
mod industry;
mod large;
mod overrides;
mod robust;
mod talent;
mod twelve;
mod workbooks;
