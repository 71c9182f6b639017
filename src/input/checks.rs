//! What is odd about a scenario as a whole: warnings, and sums that are too large.

use std::collections::BTreeSet;

use super::join::{Parts, Tables, check_total};
use super::near;
use super::reading::Reading;
use super::talent;
use crate::diagnostics::Code;
use crate::domain::{Exclusion, Need, ProvinceId, Scenario, SectorId, SiteId};
use crate::units::{MICRO, Money};

/// Amounts further apart than this are trouble for a solver that works with sixteen digits.
const WIDEST_RANGE: i128 = 10_000_000;

/// Checks all; without a table, what depends on it is not checked.
pub(super) fn check(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    totals(scenario, parts, tables, reading);
    amounts_apart(reading);
    let paired = tables.contains_key("pairings") && tables.contains_key("needs");
    if paired && !reading.found.has_errors() {
        commitments_without_need(scenario, parts, tables, reading);
        needs_without_pairing(scenario, parts, tables, reading);
        capacity_without_use(scenario, parts, tables, reading);
        exclusions_of_nothing(scenario, parts, tables, reading);
        talent::check_candidates(scenario, &parts.talent, tables, reading);
    }
}

fn totals(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let sum = |amounts: &mut dyn Iterator<Item = i64>| amounts.map(i128::from).sum::<i128>();
    let all = [
        ("provinces", "all capacity", sum(&mut scenario.budgets.iter().copied())),
        ("needs", "all needs", sum(&mut scenario.needs.iter().map(|need| need.amount.0))),
        ("commitments", "all commitments", sum(&mut parts.commitments.iter().map(|row| row.amount.0))),
    ];
    for (name, what, total) in all {
        if let Some(table) = tables.get(name) {
            check_total(what, total, table, reading);
        }
    }
}

fn amounts_apart(reading: &mut Reading) {
    let (Some((small, place)), Some((large, there))) =
        (&reading.extremes.smallest, &reading.extremes.largest)
    else {
        return;
    };
    if i128::from(large.0) > i128::from(small.0) * WIDEST_RANGE {
        let cause =
            format!("{small} units here and {large} units at {there} are more than 10,000,000 times apart");
        let action = "check both amounts; a larger money.unit makes small ones vanish";
        reading.found.push(Code::CoefficientRange, place.clone(), cause, action);
    }
}

fn commitments_without_need(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let Some(table) = tables.get("commitments") else { return };
    for row in parts.commitments.iter().filter(|row| row.amount > Money::ZERO) {
        let need = scenario.find_need(row.site, row.sector).map(|need| &scenario.needs[need.0]);
        if need.is_none_or(|need| need.amount == Money::ZERO) {
            let (site, sector) = (&scenario.sites[row.site.0].id, &scenario.sectors[row.sector.0].id);
            let cause = format!("money is promised to '{site}' for '{sector}', where there is no need");
            let action = "add the need, or take the row out; it counts as a need of 0";
            reading.complain(table, row.at, "sector_id", Code::CommitmentWithoutNeed, cause, action);
        }
    }
}

fn needs_without_pairing(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let Some(table) = tables.get("sites") else { return };
    let unmet = |need: &&Need| need.lines.is_empty() && need.amount > Money::ZERO;
    let sites: BTreeSet<SiteId> = scenario.needs.iter().filter(unmet).map(|need| need.site).collect();
    for SiteId(site) in sites {
        let cause = format!("'{}' has needs, but no province may fund it", scenario.sites[site].id);
        let action = "add it to pairings, or take its needs out";
        reading.complain(table, parts.sites[site].at, "site_id", Code::NeedWithoutPairing, cause, action);
    }
}

fn capacity_without_use(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let Some(table) = tables.get("provinces") else { return };
    let mut useful = vec![0_i128; scenario.provinces.len()];
    for line in &scenario.lines {
        let need = i128::from(scenario.needs[line.need.0].amount.0);
        let effectiveness = i128::from(scenario.link_of(line).effectiveness.micros());
        useful[line.province.0] += need * i128::from(MICRO) / effectiveness;
    }
    for (row, useful) in parts.provinces.iter().zip(useful) {
        let total: i128 = row.capacity.iter().map(|(amount, _)| i128::from(amount.0)).sum();
        if let Some((_, column)) = row.capacity.first()
            && total > useful
        {
            let cause = format!(
                "'{}' can give {} units over all years, but the needs that it may fund take {} at most",
                row.province.id,
                crate::units::grouped(total),
                crate::units::grouped(useful)
            );
            let action = "check the capacity, the needs and money.amounts_in, or pair it with more sites";
            reading.complain(table, row.at, column, Code::CapacityWithoutUse, cause, action);
        }
    }
}

fn exclusions_of_nothing(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let Some(table) = tables.get("exclusions") else { return };
    let lines = LineSets::new(scenario);
    for row in parts.exclusions.iter().filter(|row| !lines.has_any(scenario, &row.exclusion)) {
        let cause = format!("no candidate line is excluded by this ({})", near::shown(&row.exclusion.reason));
        let action = "check the ids, or take the row out";
        reading.complain(table, row.at, "province_id", Code::ExclusionMatchesNothing, cause, action);
    }
}

/// Which members have candidate lines, so that an exclusion need not be held against each line.
struct LineSets {
    provinces: BTreeSet<ProvinceId>,
    sites: BTreeSet<SiteId>,
    sectors: BTreeSet<SectorId>,
    by_province: BTreeSet<(ProvinceId, SectorId)>,
    by_site: BTreeSet<(SiteId, SectorId)>,
}

impl LineSets {
    fn new(scenario: &Scenario) -> Self {
        let lines = &scenario.lines;
        Self {
            provinces: lines.iter().map(|line| line.province).collect(),
            sites: lines.iter().map(|line| line.site).collect(),
            sectors: lines.iter().map(|line| line.sector).collect(),
            by_province: lines.iter().map(|line| (line.province, line.sector)).collect(),
            by_site: lines.iter().map(|line| (line.site, line.sector)).collect(),
        }
    }

    fn has_any(&self, scenario: &Scenario, exclusion: &Exclusion) -> bool {
        match (exclusion.province, exclusion.site, exclusion.sector) {
            (None, None, None) => !scenario.lines.is_empty(),
            (Some(p), None, None) => self.provinces.contains(&p),
            (None, Some(s), None) => self.sites.contains(&s),
            (None, None, Some(k)) => self.sectors.contains(&k),
            (Some(p), None, Some(k)) => self.by_province.contains(&(p, k)),
            (None, Some(s), Some(k)) => self.by_site.contains(&(s, k)),
            (Some(p), Some(s), None) => {
                scenario.find_link(p, s).is_some_and(|link| !scenario.links[link.0].lines.is_empty())
            }
            (Some(p), Some(s), Some(k)) => scenario.find_line(p, s, k).is_some(),
        }
    }
}
