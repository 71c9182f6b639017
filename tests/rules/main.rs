//! Each rule: the rows that it adds, its check, what it says before a solve, the limits that it gives.
//! `agreement` holds rows and check against each other; `registry` adds a rule from outside.

#![allow(clippy::unwrap_used)]

mod absorption;
mod agreement;
mod budget_use;
mod fixture;
mod maximum_lines;
mod maximum_provinces_per_site;
mod maximum_sectors_per_site;
mod maximum_sites_per_province;
mod minimum_ticket;
mod province_budget;
mod samples;
mod sector_capacity;
