//! What the rules on clusters of neighbours have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::Notes;
use crate::diagnostics::Code;
use crate::domain::{
    IndustryId, IndustryLevel, LineId, Mask, NeighbourSource, Plan, PlanLine, Scenario, Selection, SiteId,
};

/// Candidate lines that can build an industry, by site.
pub(super) type Candidates = BTreeMap<IndustryId, BTreeMap<SiteId, Vec<LineId>>>;

/// The candidate lines that a selection admits, by the industry that they build and by site: for rows.
pub(super) fn candidates(scenario: &Scenario, mask: &Mask, level: IndustryLevel) -> Candidates {
    let mut candidates = Candidates::new();
    for (position, line) in scenario.lines.iter().enumerate().filter(|(_, line)| mask.admits_line(line)) {
        if let Some(industry) = scenario.industry_of(line.sector, level) {
            let sites = candidates.entry(industry).or_default();
            sites.entry(line.site).or_default().push(LineId(position));
        }
    }
    candidates
}

/// What a plan builds in each cluster: the industry, the cluster, the lines. For checks, which share nothing
/// with rows.
pub(super) fn built<'p>(
    scenario: &Scenario,
    plan: &'p Plan,
    mask: &Mask,
    level: IndustryLevel,
) -> Vec<(IndustryId, Vec<String>, Vec<&'p PlanLine>)> {
    let mut at_site: Vec<Vec<(IndustryId, &PlanLine)>> = vec![Vec::new(); scenario.sites.len()];
    for line in plan.lines().iter().filter(|line| mask.admits_plan_line(line)) {
        if let Some(own) = scenario.sectors[line.sector.0].industry {
            let section = scenario.industries[own.0].parent.filter(|_| level == IndustryLevel::Section);
            at_site[line.site.0].push((section.unwrap_or(own), line));
        }
    }
    let mut all = Vec::new();
    for cluster in &scenario.neighbours.clusters {
        let here = || cluster.iter().flat_map(|site| &at_site[site.0]);
        for industry in here().map(|(industry, _)| *industry).collect::<BTreeSet<_>>() {
            let lines = here().filter(|(of, _)| *of == industry).map(|(_, line)| *line).collect();
            all.push((industry, scope(scenario, industry, cluster), lines));
        }
    }
    all
}

/// The ids of an industry and of the sites of a cluster.
pub(super) fn scope(scenario: &Scenario, industry: IndustryId, cluster: &[SiteId]) -> Vec<String> {
    let sites = cluster.iter().map(|site| scenario.sites[site.0].id.clone());
    std::iter::once(scenario.industries[industry.0].id.clone()).chain(sites).collect()
}

/// The number of an industry: its own where it has one, else its section's, else the one for all.
pub(super) fn number_of<T: Copy>(
    scenario: &Scenario,
    numbers: &BTreeMap<String, T>,
    industry: IndustryId,
    all: T,
) -> T {
    let industry = &scenario.industries[industry.0];
    let section = || industry.parent.and_then(|section| numbers.get(&scenario.industries[section.0].id));
    numbers.get(&industry.id).or_else(section).copied().unwrap_or(all)
}

/// The key of the number that is in force for the industry of a row, where it is not the one for all.
pub(super) fn key_of<'n, T>(
    scenario: &Scenario,
    ids: &[String],
    numbers: &'n BTreeMap<String, T>,
) -> Option<&'n str> {
    let industry = &scenario.industries[scenario.industry(ids.first()?)?.0];
    let section = || numbers.get_key_value(&scenario.industries[industry.parent?.0].id);
    numbers.get_key_value(&industry.id).or_else(section).map(|(key, _)| key.as_str())
}

/// Notes names that the scenario does not have, and what leaves nothing to look at. Returns whether there is
/// anything.
pub(super) fn check<T>(
    scenario: &Scenario,
    select: &Selection,
    numbers: &BTreeMap<String, T>,
    candidates: &Candidates,
    notes: &mut Notes,
) -> bool {
    notes.check_selection(scenario, select);
    for id in numbers.keys().filter(|id| scenario.industry(id).is_none()) {
        notes.push(
            Code::UnknownSelection,
            format!("by_industry names the industry '{id}', which the scenario does not have"),
            "use a code of the table industries",
        );
    }
    if scenario.neighbours.source == NeighbourSource::None {
        notes.push(
            Code::ThresholdHasNoEffect,
            "the scenario says of no sites that they are neighbours",
            "add the table neighbours, or neighbour_radius_km to scenario.toml",
        );
    } else if candidates.is_empty() {
        notes.push(
            Code::NothingToCount,
            "the rule selects no candidate line of a sector with an industry",
            "fill in the column industry of sectors, or widen select",
        );
    } else {
        return true;
    }
    false
}
