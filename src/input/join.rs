//! Puts the tables together: ids become positions, pairings and needs become candidate lines.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;

use super::cells::{LARGEST_AMOUNT, Reading};
use super::index::Index;
use super::layers::Head;
use super::table::Table;
use super::{checks, commitments, exclusions, needs, pairings, priorities, provinces};
use super::{regions, sector_capacity, sectors, sites};
use crate::diagnostics::Code;
use crate::domain::{
    Commitment, Line, LineId, Link, LinkId, Need, NeedId, ProvinceId, Scenario, SectorId, Site, SiteId,
};
use crate::units::Money;

/// All tables that there are, by name.
pub(super) type Tables = BTreeMap<&'static str, Table>;

/// What the tables hold, resolved, with the rows that later checks point at.
pub(super) struct Parts {
    pub provinces: Vec<provinces::Row>,
    pub sites: Vec<sites::Row>,
    pub commitments: Vec<commitments::Row>,
    pub exclusions: Vec<exclusions::Row>,
}

/// Reads all tables and joins them. What is wrong is told, and then what comes out is not to be used.
pub(super) fn scenario(head: Head, tables: &Tables, reading: &mut Reading) -> Scenario {
    let get = |name: &str| tables.get(name);
    let complete = |name: &str| get(name).is_some();
    let provinces = get("provinces").map_or_else(Vec::new, |table| provinces::read(table, reading));
    let sectors = get("sectors").map_or_else(Vec::new, |table| sectors::read(table, reading));
    let regions = get("regions").map(|table| regions::read(table, reading));
    let (sites, regions) =
        get("sites").map_or_else(Default::default, |table| sites::read(table, regions, reading));

    let ids = provinces.iter().map(|row| row.province.id.as_str());
    let mut province_index = Index::new("province", "provinces", ids, complete("provinces"));
    let ids = sites.iter().map(|row| row.site.id.as_str());
    let mut site_index = Index::new("site", "sites", ids, complete("sites"));
    let ids = sectors.iter().map(|sector| sector.id.as_str());
    let mut sector_index = Index::new("sector", "sectors", ids, complete("sectors"));
    let region_table = if complete("regions") { "regions" } else { "sites" };
    let ids = regions.iter().map(|region| region.id.as_str());
    let mut region_index = Index::new("region", region_table, ids, complete("sites"));
    let (p, s, k) = (&mut province_index, &mut site_index, &mut sector_index);

    let pairings = get("pairings").map_or_else(Vec::new, |table| pairings::read(table, p, s, reading));
    let needs = get("needs").map_or_else(Vec::new, |table| needs::read(table, s, k, reading));
    let weights = get("priorities")
        .map(|table| priorities::read(table, [&mut *s, &mut region_index, &mut *k], reading))
        .unwrap_or_default();
    let capacity = get("sector_capacity")
        .map_or_else(BTreeMap::new, |table| sector_capacity::read(table, p, k, reading));
    let promised =
        get("commitments").map_or_else(Vec::new, |table| commitments::read(table, p, s, k, reading));
    let excluded =
        get("exclusions").map_or_else(Vec::new, |table| exclusions::read(table, [p, s, k], reading));

    let parts = Parts { provinces, sites, commitments: promised, exclusions: excluded };
    let years = head.years.len();
    let mut scenario = Scenario {
        id: head.id,
        title: head.title,
        years: head.years,
        money: head.money,
        budgets: Array2::from_shape_fn((parts.provinces.len(), years), |(p, t)| {
            parts.provinces[p].capacity[t].0.0
        }),
        provinces: parts.provinces.iter().map(|row| row.province.clone()).collect(),
        regions,
        sites: parts.sites.iter().map(|row| row.site.clone()).collect(),
        sectors,
        links: pairings.into_iter().map(link).collect(),
        lines: Vec::new(),
        needs: Vec::new(),
        sector_capacity: capacity,
        commitments: Vec::new(),
        exclusions: parts.exclusions.iter().map(|row| row.exclusion.clone()).collect(),
    };
    scenario.needs = join_needs(needs, &parts.commitments, &weights, &scenario.sites);
    join_lines(&mut scenario);
    join_commitments(&mut scenario, &parts, tables, reading);
    checks::check(&scenario, &parts, tables, reading);
    scenario
}

fn link(row: pairings::Row) -> Link {
    let pairings::Row { province, site, cross, effectiveness } = row;
    Link { province, site, cross, effectiveness, lines: 0..0 }
}

/// Needs as written, and one of nothing for each commitment without one: by site and sector.
fn join_needs(
    rows: Vec<needs::Row>,
    commitments: &[commitments::Row],
    weights: &priorities::Priorities,
    sites: &[Site],
) -> Vec<Need> {
    let known: BTreeSet<(SiteId, SectorId)> = rows.iter().map(|row| (row.site, row.sector)).collect();
    let promised: BTreeSet<(SiteId, SectorId)> = commitments
        .iter()
        .filter(|row| row.amount > Money::ZERO)
        .map(|row| (row.site, row.sector))
        .filter(|key| !known.contains(key))
        .collect();
    let zero = promised.into_iter().map(|(site, sector)| needs::Row {
        site,
        sector,
        amount: Money::ZERO,
        by_year: None,
    });
    let mut needs: Vec<Need> = rows
        .into_iter()
        .chain(zero)
        .map(|row| Need {
            site: row.site,
            sector: row.sector,
            amount: row.amount,
            by_year: row.by_year,
            weight: weights.weight(row.site, sites[row.site.0].region, row.sector),
            lines: Vec::new(),
        })
        .collect();
    needs.sort_by_key(|need| (need.site, need.sector));
    needs
}

/// A line for each link and each need of its site. Links are sorted, needs are sorted: so are lines.
fn join_lines(scenario: &mut Scenario) {
    let Scenario { links, needs, lines, .. } = scenario;
    for (position, link) in links.iter_mut().enumerate() {
        let first = needs.partition_point(|need| need.site < link.site);
        let start = lines.len();
        for (offset, need) in needs[first..].iter_mut().take_while(|need| need.site == link.site).enumerate()
        {
            need.lines.push(LineId(lines.len()));
            lines.push(Line {
                link: LinkId(position),
                province: link.province,
                site: link.site,
                sector: need.sector,
                need: NeedId(first + offset),
            });
        }
        link.lines = start..lines.len();
    }
}

fn join_commitments(scenario: &mut Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let Some(table) = tables.get("commitments") else { return };
    let mut joined = Vec::with_capacity(parts.commitments.len());
    for row in parts.commitments.iter().filter(|row| row.amount > Money::ZERO) {
        let name = |ProvinceId(p), SiteId(s)| (&scenario.provinces[p].id, &scenario.sites[s].id);
        let (province, site) = name(row.province, row.site);
        let Some(line) = scenario.find_line(row.province, row.site, row.sector) else {
            if tables.contains_key("pairings") {
                let cause =
                    format!("'{province}' has promised money to '{site}', but the two are not paired");
                let action = "add the pairing to pairings, or take the row out";
                reading.complain(table, row.at, "site_id", Code::UnknownId, cause, action);
            }
            continue;
        };
        joined.push(Commitment { line, year: row.year, amount: row.amount });
    }
    scenario.commitments = joined;
}

/// Tells when amounts that are each countable are not so together.
pub(super) fn check_total(what: &str, total: i128, table: &Table, reading: &mut Reading) {
    if total > i128::from(LARGEST_AMOUNT) {
        let cause = format!(
            "the sum of {what} is {} units, more than {}",
            crate::units::grouped(total),
            Money(LARGEST_AMOUNT)
        );
        let mut place = table.header.place();
        place.row = None;
        reading.found.push(Code::AbsurdAmount, place, cause, "check the amounts, or use a larger money.unit");
    }
}
