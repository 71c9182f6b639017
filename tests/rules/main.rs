//! Each rule: the rows that it adds, its check, what it says before a solve, the limits that it gives.
//! `agreement` holds rows and check against each other; `registry` adds a rule from outside.

#![allow(clippy::unwrap_used)]

mod absorption;
mod agreement;
mod budget_use;
mod cluster_minimum;
mod continuity;
mod dominance_cap;
mod enclave;
mod equity_band;
mod exclusion;
mod fixture;
mod focus_share;
mod group_share;
mod maximum_lines;
mod maximum_provinces_per_site;
mod maximum_sectors_per_site;
mod maximum_sites_per_province;
mod maximum_vacancy;
mod metrics_of_industry;
mod minimum_ticket;
mod need_cap;
mod need_floor;
mod no_duplication;
mod park_capacity;
mod park_share;
mod per_capita_floor;
mod phasing;
mod profession_share;
mod province_budget;
mod ramp;
mod region_floor;
mod registry;
mod requires;
mod samples;
mod scale_cap;
mod sector_capacity;
mod shared_people;
mod team_continuity;
mod team_size;
