//! Puts the tables together: ids become positions, pairings and needs become candidate lines.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;

use super::cells::LARGEST_AMOUNT;
use super::index::Index;
use super::layers::{Head, Radius};
use super::reading::Reading;
use super::table::Table;
use super::{checks, commitments, exclusions, industries, needs, neighbours, pairings, parks};
use super::{priorities, provenance, provinces, regions, sector_capacity, sectors, sites, talent};
use crate::diagnostics::Code;
use crate::domain::{
    Commitment, Industry, Line, LineId, Link, LinkId, Need, NeedId, Neighbours, Park, ProvinceId, Region,
    Scenario, Sector, SectorId, SiteId,
};
use crate::units::Money;

/// All tables that there are, by name.
pub(super) type Tables = BTreeMap<&'static str, Table>;

/// What the tables hold, resolved: some as the scenario has it, some with the rows that later checks point at.
pub(super) struct Parts {
    pub provinces: Vec<provinces::Row>,
    pub sites: Vec<sites::Row>,
    pub commitments: Vec<commitments::Row>,
    pub exclusions: Vec<exclusions::Row>,
    pub talent: talent::Parts,
    regions: Vec<Region>,
    sectors: Vec<Sector>,
    pairings: Vec<pairings::Row>,
    needs: Vec<needs::Row>,
    priorities: priorities::Priorities,
    sector_capacity: BTreeMap<(ProvinceId, SectorId), Money>,
    industries: Vec<Industry>,
    neighbours: Neighbours,
    parks: Vec<Park>,
}

/// Reads all tables and joins them. What is wrong is told, and then what comes out is not to be used.
pub(super) fn scenario(head: Head, tables: &Tables, reading: &mut Reading) -> Scenario {
    let parts = read_parts(tables, head.neighbour_radius.as_ref(), reading);
    let shape = (parts.provinces.len(), head.years.len());
    let mut scenario = Scenario {
        id: head.id,
        title: head.title,
        years: head.years,
        money: head.money,
        budgets: Array2::from_shape_fn(shape, |(p, t)| parts.provinces[p].capacity[t].0.0),
        provinces: parts.provinces.iter().map(|row| row.province.clone()).collect(),
        regions: parts.regions.clone(),
        sites: parts.sites.iter().map(|row| row.site.clone()).collect(),
        sectors: parts.sectors.clone(),
        links: parts.pairings.iter().map(link).collect(),
        lines: Vec::new(),
        needs: join_needs(&parts),
        sector_capacity: parts.sector_capacity.clone(),
        commitments: Vec::new(),
        exclusions: parts.exclusions.iter().map(|row| row.exclusion.clone()).collect(),
        industries: parts.industries.clone(),
        neighbours: parts.neighbours.clone(),
        parks: parts.parks.clone(),
        talent: parts.talent.talent.clone(),
        provenance: provenance::read(tables, reading),
    };
    scenario.talent.candidates = scenario.talent.candidates_over(&scenario.links);
    join_lines(&mut scenario);
    join_commitments(&mut scenario, &parts, tables, reading);
    talent::check_last(&scenario, &parts.talent, tables, reading);
    checks::check(&scenario, &parts, tables, reading);
    scenario
}

/// Reads each table after those that it refers to.
fn read_parts(tables: &Tables, radius: Option<&Radius>, reading: &mut Reading) -> Parts {
    let get = |name: &str| tables.get(name);
    let provinces = get("provinces").map(|table| provinces::read(table, reading)).unwrap_or_default();
    let industries = get("industries").map(|table| industries::read(table, reading));
    let (sectors, industries) =
        get("sectors").map(|table| sectors::read(table, industries, reading)).unwrap_or_default();
    let regions = get("regions").map(|table| regions::read(table, reading));
    let (sites, regions) = get("sites").map(|table| sites::read(table, regions, reading)).unwrap_or_default();

    let complete = |name: &str| get(name).is_some();
    let ids = provinces.iter().map(|row| row.province.id.as_str());
    let p = &mut Index::new("province", "provinces", ids, complete("provinces"));
    let ids = sites.iter().map(|row| row.site.id.as_str());
    let s = &mut Index::new("site", "sites", ids, complete("sites"));
    let ids = sectors.iter().map(|sector| sector.id.as_str());
    let k = &mut Index::new("sector", "sectors", ids, complete("sectors"));
    let ids = regions.iter().map(|region| region.id.as_str());
    let r = &mut Index::new("region", "regions", ids, complete("sites"));
    let ids = industries.iter().map(|industry| industry.id.as_str());
    let codes = &mut Index::new("industry", "industries", ids, true).of_optional();

    let pairings = get("pairings").map(|table| pairings::read(table, p, s, reading)).unwrap_or_default();
    let needs = get("needs").map(|table| needs::read(table, s, k, reading)).unwrap_or_default();
    let priorities = get("priorities").map(|table| priorities::read(table, &mut [s, r, k], reading));
    let capacity = get("sector_capacity").map(|table| sector_capacity::read(table, p, k, reading));
    let commitments = get("commitments").map(|table| commitments::read(table, p, s, k, reading));
    let exclusions = get("exclusions").map(|table| exclusions::read(table, [p, s, k], reading));
    let neighbours = neighbours::read(tables, radius, &sites, s, reading);
    let talent = talent::read(tables, p, s, reading);
    let known = parks::Known { industries: &industries, sectors: &sectors };
    let parks = get("parks").map(|table| parks::read(table, [s, codes, k], &known, reading));
    Parts {
        parks: parks.unwrap_or_default(),
        talent,
        neighbours,
        commitments: commitments.unwrap_or_default(),
        exclusions: exclusions.unwrap_or_default(),
        priorities: priorities.unwrap_or_default(),
        sector_capacity: capacity.unwrap_or_default(),
        provinces,
        sites,
        regions,
        sectors,
        industries,
        pairings,
        needs,
    }
}

fn link(row: &pairings::Row) -> Link {
    let pairings::Row { province, site, cross, effectiveness } = *row;
    Link { province, site, cross, effectiveness, lines: 0..0 }
}

/// Needs as written, and one of nothing for each commitment without one: by site and sector.
fn join_needs(parts: &Parts) -> Vec<Need> {
    let need = |site: SiteId, sector: SectorId, amount: Money, by_year: Option<Vec<Money>>| {
        let region = parts.sites[site.0].site.region;
        let weight = parts.priorities.weight(site, region, sector);
        Need { site, sector, amount, by_year, weight, lines: Vec::new() }
    };
    let known: BTreeSet<(SiteId, SectorId)> = parts.needs.iter().map(|row| (row.site, row.sector)).collect();
    let promised = parts.commitments.iter().filter(|row| row.amount > Money::ZERO);
    let without: BTreeSet<(SiteId, SectorId)> =
        promised.map(|row| (row.site, row.sector)).filter(|key| !known.contains(key)).collect();
    let mut needs: Vec<Need> =
        parts.needs.iter().map(|row| need(row.site, row.sector, row.amount, row.by_year.clone())).collect();
    needs.extend(without.into_iter().map(|(site, sector)| need(site, sector, Money::ZERO, None)));
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
