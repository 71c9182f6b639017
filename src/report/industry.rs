//! Who builds what, where: the part `industry` of `plan.json`, and the table `industry.csv`, this plan beside
//! the last plan and the baseline.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PlanDocument, cell};
use crate::audit::{Built, Industries};
use crate::domain::{IndustryId, NeighbourSource, ParkKind, Scenario, SiteId, Text};
use crate::units::Money;

/// Who builds what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndustryRecord {
    /// The neighbour graph.
    pub neighbours: NeighbourRecord,
    /// Each industry that is built, now or before.
    pub industries: Vec<IndustryTotal>,
    /// Each industry at each site that builds it, now or before.
    pub built: Vec<BuiltRecord>,
    /// Each industry in each region that builds it.
    pub regions: Vec<RegionRecord>,
    /// Each park.
    pub parks: Vec<ParkRecord>,
    /// Each site's money, the benefits of enclaves shared out; empty where no park shares any.
    pub benefits: Vec<BenefitRecord>,
}

/// The neighbour graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeighbourRecord {
    /// Where it comes from: `none`, `table` or `radius`.
    pub source: NeighbourSource,
    /// Number of pairs.
    pub pairs: usize,
    /// Number of maximal sets of sites that are all neighbours.
    pub clusters: usize,
}

/// An industry in the whole programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndustryTotal {
    /// Its code.
    pub id: String,
    /// Name.
    pub title: Text,
    /// Code of its section, where that is known.
    pub parent: Option<String>,
    /// Units of money.
    pub money: i64,
    /// Units of money in parks.
    pub park_money: i64,
    /// Sites that build it.
    pub sites: usize,
    /// Herfindahl-Hirschman index over sites; none where nobody builds it.
    pub hhi: Option<f64>,
    /// Units of money in the last plan, where there is one.
    pub last_plan: Option<i64>,
    /// Units of money in the baseline's plan, where there is one.
    pub baseline: Option<i64>,
}

/// An industry at a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BuiltRecord {
    /// The site.
    pub site_id: String,
    /// The industry.
    pub industry_id: String,
    /// Units of money.
    pub money: i64,
    /// Units of money in parks.
    pub park_money: i64,
    /// Location quotient; none where nothing is built.
    pub location_quotient: Option<f64>,
    /// Neighbours that build it too.
    pub neighbours: usize,
    /// Units of money in the last plan, where there is one.
    pub last_plan: Option<i64>,
    /// Units of money in the baseline's plan, where there is one.
    pub baseline: Option<i64>,
}

/// An industry in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RegionRecord {
    /// The region.
    pub region_id: String,
    /// The industry.
    pub industry_id: String,
    /// Units of money.
    pub money: i64,
    /// Location quotient.
    pub location_quotient: f64,
}

/// A park.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ParkRecord {
    /// Id.
    pub id: String,
    /// Name.
    pub title: Text,
    /// What it is.
    pub kind: ParkKind,
    /// Its host.
    pub host: String,
    /// Units of money in it.
    pub money: i64,
    /// The most; none is no limit.
    pub capacity: Option<i64>,
}

/// A site's money, the benefits of enclaves shared out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenefitRecord {
    /// The site.
    pub site_id: String,
    /// Units of money.
    pub benefit: f64,
}

impl IndustryRecord {
    /// Puts it together from what this plan builds, what the last plan and what the baseline's.
    pub fn new(
        scenario: &Scenario,
        now: &Industries,
        last: Option<&Industries>,
        baseline: Option<&Industries>,
    ) -> Self {
        let plans = [Some(now), last, baseline];
        let graph = &scenario.neighbours;
        Self {
            neighbours: NeighbourRecord {
                source: graph.source,
                pairs: graph.pairs.len(),
                clusters: graph.clusters.len(),
            },
            industries: totals(scenario, now, plans),
            built: built(scenario, now, plans),
            regions: now
                .quotients_by_region(scenario)
                .into_iter()
                .map(|((region, industry), (money, location_quotient))| RegionRecord {
                    region_id: scenario.regions[region.0].id.clone(),
                    industry_id: scenario.industries[industry.0].id.clone(),
                    money: money.0,
                    location_quotient,
                })
                .collect(),
            parks: parks(scenario, now),
            benefits: benefits(scenario, now),
        }
    }
}

fn totals(scenario: &Scenario, now: &Industries, plans: [Option<&Industries>; 3]) -> Vec<IndustryTotal> {
    let sums: [Option<BTreeMap<IndustryId, Built>>; 3] = plans.map(|plan| plan.map(Industries::by_industry));
    let all: BTreeSet<IndustryId> = sums.iter().flatten().flat_map(BTreeMap::keys).copied().collect();
    let total = |id: IndustryId| {
        let of = |which: usize| sums[which].as_ref().map(|sums| sums.get(&id).copied().unwrap_or_default());
        let here = of(0).unwrap_or_default();
        let industry = &scenario.industries[id.0];
        let (sites, hhi) = now.concentration(id);
        IndustryTotal {
            id: industry.id.clone(),
            title: industry.name.clone(),
            parent: industry.parent.map(|parent| scenario.industries[parent.0].id.clone()),
            money: here.money.0,
            park_money: here.in_park.0,
            sites,
            hhi,
            last_plan: of(1).map(|built| built.money.0),
            baseline: of(2).map(|built| built.money.0),
        }
    };
    all.into_iter().map(total).collect()
}

fn built(scenario: &Scenario, now: &Industries, plans: [Option<&Industries>; 3]) -> Vec<BuiltRecord> {
    let all: BTreeSet<(SiteId, IndustryId)> =
        plans.iter().flatten().flat_map(|plan| plan.built.keys()).copied().collect();
    let quotients = now.quotients(|site| site);
    let neighbours = now.neighbours_with(scenario);
    let record = |key: (SiteId, IndustryId)| {
        let (site, industry) = key;
        let here = now.at(site, industry);
        let of = |which: usize| plans[which].map(|plan| plan.at(site, industry).money.0);
        BuiltRecord {
            site_id: scenario.sites[site.0].id.clone(),
            industry_id: scenario.industries[industry.0].id.clone(),
            money: here.money.0,
            park_money: here.in_park.0,
            location_quotient: quotients.get(&key).map(|(_, quotient)| *quotient),
            neighbours: neighbours.get(&key).copied().unwrap_or_default(),
            last_plan: of(1),
            baseline: of(2),
        }
    };
    all.into_iter().map(record).collect()
}

fn parks(scenario: &Scenario, now: &Industries) -> Vec<ParkRecord> {
    let record = |(park, money): (&crate::domain::Park, &Money)| ParkRecord {
        id: park.id.clone(),
        title: park.name.clone(),
        kind: park.kind,
        host: scenario.sites[park.host.0].id.clone(),
        money: money.0,
        capacity: park.capacity.map(|most| most.0),
    };
    scenario.parks.iter().zip(&now.parks).map(record).collect()
}

fn benefits(scenario: &Scenario, now: &Industries) -> Vec<BenefitRecord> {
    if scenario.parks.iter().all(|park| park.benefits.is_empty()) {
        return Vec::new();
    }
    let sites = scenario.sites.iter().zip(&now.benefits);
    sites
        .map(|(site, benefit)| BenefitRecord { site_id: site.id.clone(), benefit: benefit.as_f64() })
        .collect()
}

/// Who builds what, as a table; `None` where no sector has an industry.
///
/// # Errors
/// When the CSV writer fails.
pub fn industry_csv(document: &PlanDocument) -> Result<Option<Vec<u8>>, csv::Error> {
    let Some(industry) = &document.industry else { return Ok(None) };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "site_id",
        "industry_id",
        "money",
        "park_money",
        "location_quotient",
        "neighbours",
        "last_plan",
        "baseline",
    ])?;
    for record in &industry.built {
        writer.write_record([
            &record.site_id,
            &record.industry_id,
            &record.money.to_string(),
            &record.park_money.to_string(),
            &cell(record.location_quotient),
            &record.neighbours.to_string(),
            &cell(record.last_plan),
            &cell(record.baseline),
        ])?;
    }
    writer.into_inner().map(Some).map_err(|error| error.into_error().into())
}
