//! The input as the verifier takes it: the programme and the rules in force, after overrides, in whole
//! numbers. `solve` records it as `input.json`; it can be made again from the scenario and compared.

use serde::{Deserialize, Serialize};

use crate::domain::{Named as _, NeighbourSource, ParkKind, Scenario};
use crate::model::Strength;
use crate::policy::Policy;

/// Version of the layout.
pub const FORMAT: u32 = 1;

/// A programme and the policy in force. Money in whole units; shares, weights and effectiveness in
/// millionths; members by id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Version of this layout.
    pub format: u32,
    /// Id of the scenario.
    pub scenario: String,
    /// Id of the policy.
    pub policy: String,
    /// The horizon.
    pub years: Vec<i32>,
    /// Currency in one unit of money.
    pub unit: i64,
    /// Currency in one amount of a rule's parameters.
    pub amounts_in: i64,
    /// Donors.
    pub provinces: Vec<Province>,
    /// Recipients.
    pub sites: Vec<Site>,
    /// Fields of spending.
    pub sectors: Vec<Sector>,
    /// Industries.
    pub industries: Vec<Industry>,
    /// Pairs of neighbouring sites; none where nothing is said of neighbours.
    pub neighbours: Option<Vec<(String, String)>>,
    /// Parks.
    pub parks: Vec<Park>,
    /// Pairings.
    pub links: Vec<Link>,
    /// Needs, weighted.
    pub needs: Vec<Need>,
    /// What provinces can supply in sectors.
    pub sector_capacity: Vec<SectorCapacity>,
    /// The last plan.
    pub commitments: Vec<Commitment>,
    /// Lines that may not be funded.
    pub exclusions: Vec<Exclusion>,
    /// Professions.
    pub professions: Vec<Profession>,
    /// Groups of secondees.
    pub secondees: Vec<Secondees>,
    /// Groups of posts.
    pub posts: Vec<Posts>,
    /// Teams of the last plan.
    pub teams: Vec<Team>,
    /// Rules in force.
    pub rules: Vec<RuleInForce>,
    /// Objective stages, in order.
    pub stages: Vec<StageInForce>,
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
    )*};
}

records! {
    /// A donor.
    Province {
        /// Id.
        id: String,
        /// Groups.
        groups: Vec<String>,
        /// Share of a year's rest that the next year may use, in millionths.
        carry_over: i64,
        /// Capacity by year.
        budget: Vec<i64>,
    }
    /// A recipient.
    Site {
        /// Id.
        id: String,
        /// Groups.
        groups: Vec<String>,
        /// Id of its region.
        region: String,
        /// Its level.
        level: String,
        /// Persons.
        population: Option<i64>,
        /// What it can spend, by year.
        absorption: Vec<Option<i64>>,
    }
    /// A field of spending.
    Sector {
        /// Id.
        id: String,
        /// Groups.
        groups: Vec<String>,
        /// Code of its industry.
        industry: Option<String>,
    }
    /// An industry.
    Industry {
        /// Code.
        id: String,
        /// Code of its section.
        parent: Option<String>,
    }
    /// A park.
    Park {
        /// Id.
        id: String,
        /// `joint`, `demonstration` or `enclave`.
        kind: String,
        /// Id of its site.
        host: String,
        /// Ids of the sectors that it admits.
        sectors: Vec<String>,
        /// The most money.
        capacity: Option<i64>,
        /// Whose benefit it is: site, and share in millionths.
        benefits: Vec<(String, i64)>,
    }
    /// A profession.
    Profession {
        /// Id.
        id: String,
        /// Who else may fill its posts, and how well, in millionths.
        substitutes: Vec<(String, i64)>,
        /// Fit lost for each grade below what a post asks, in millionths.
        grade_loss: i64,
    }
    /// Secondees who are alike.
    Secondees {
        /// Id.
        id: String,
        /// Who sends them.
        province: String,
        /// Their profession.
        profession: String,
        /// Their rank.
        grade: i64,
        /// How long they stay.
        months: i64,
        /// Share of full time, in millionths.
        full_time: i64,
        /// Persons.
        number: i64,
    }
    /// Posts that are alike.
    Posts {
        /// Id.
        id: String,
        /// Where.
        site: String,
        /// Their profession.
        profession: String,
        /// The rank that they ask.
        grade: i64,
        /// The stay that they ask.
        months: i64,
        /// The share of full time that they ask, in millionths.
        full_time: i64,
        /// Full-time posts.
        number: i64,
        /// Weight, in millionths.
        priority: i64,
        /// Fewest persons of one province together.
        team: Option<i64>,
    }
    /// Persons of a province at a site in the last plan.
    Team {
        /// Who sent them.
        province: String,
        /// Where.
        site: String,
        /// In posts of which profession.
        profession: String,
        /// Persons.
        number: i64,
    }
    /// A pairing.
    Link {
        /// Who gives.
        province: String,
        /// Who receives.
        site: String,
        /// Need covered by a unit of money, in millionths.
        effectiveness: i64,
    }
    /// A need.
    Need {
        /// Where.
        site: String,
        /// For what.
        sector: String,
        /// Over the horizon.
        amount: i64,
        /// By year.
        by_year: Option<Vec<i64>>,
        /// Weight, the policy's factors in it, in millionths.
        weight: i64,
    }
    /// What a province can supply in a sector.
    SectorCapacity {
        /// Who gives.
        province: String,
        /// For what.
        sector: String,
        /// Over the horizon.
        amount: i64,
    }
    /// Money promised before.
    Commitment {
        /// Who gives.
        province: String,
        /// Who receives.
        site: String,
        /// For what.
        sector: String,
        /// When; none is any year.
        year: Option<i32>,
        /// How much.
        amount: i64,
    }
    /// Lines that may not be funded; what is none stands for all.
    Exclusion {
        /// Who would give.
        province: Option<String>,
        /// Who would receive.
        site: Option<String>,
        /// For what.
        sector: Option<String>,
    }
    /// A rule in force.
    RuleInForce {
        /// Its id in the policy.
        id: String,
        /// Its kind.
        kind: String,
        /// Price of a unit short, in millionths, where it is soft; none where it is hard.
        penalty: Option<i64>,
        /// Its parameters.
        parameters: serde_json::Value,
    }
    /// A stage of the objective.
    StageInForce {
        /// Its kind.
        kind: String,
        /// Its parameters.
        parameters: serde_json::Value,
    }
}

impl Input {
    /// From a scenario and a policy as they were read.
    ///
    /// # Errors
    /// When a parameter cannot be written as JSON.
    // A table of fields, read better whole.
    #[allow(clippy::too_many_lines)]
    pub fn of(scenario: &Scenario, policy: &Policy) -> Result<Self, serde_json::Error> {
        let province = |p: crate::domain::ProvinceId| scenario.provinces[p.0].id.clone();
        let site = |s: crate::domain::SiteId| scenario.sites[s.0].id.clone();
        let sector = |k: crate::domain::SectorId| scenario.sectors[k.0].id.clone();
        let industry = |i: crate::domain::IndustryId| scenario.industries[i.0].id.clone();
        let profession = |k: crate::domain::ProfessionId| scenario.talent.professions[k.0].id.clone();
        let weights = policy.need_weights(scenario);
        let rule = |rule: &crate::policy::RuleInstance| {
            Ok(RuleInForce {
                id: rule.id.clone(),
                kind: rule.kind.id.to_owned(),
                penalty: match rule.strength {
                    Strength::Hard => None,
                    Strength::Soft(penalty) => Some(penalty.micros()),
                },
                parameters: serde_json::to_value(&rule.parameters)?,
            })
        };
        let stage = |stage: &crate::policy::Stage| {
            Ok(StageInForce {
                kind: stage.kind.clone(),
                parameters: serde_json::to_value(&stage.parameters)?,
            })
        };
        Ok(Self {
            format: FORMAT,
            scenario: scenario.id.clone(),
            policy: policy.id.clone(),
            years: scenario.years.clone(),
            unit: scenario.money.unit,
            amounts_in: scenario.money.amounts_in,
            provinces: (scenario.provinces.iter().zip(scenario.budgets.rows()))
                .map(|(p, budget)| Province {
                    id: p.id.clone(),
                    groups: p.groups().to_vec(),
                    carry_over: p.carry_over.micros(),
                    budget: budget.to_vec(),
                })
                .collect(),
            sites: (scenario.sites.iter())
                .map(|s| Site {
                    id: s.id.clone(),
                    groups: s.groups.clone(),
                    region: scenario.regions[s.region.0].id.clone(),
                    level: s.level.clone(),
                    population: s.population,
                    absorption: s.absorption.iter().map(|most| most.map(|most| most.0)).collect(),
                })
                .collect(),
            sectors: (scenario.sectors.iter())
                .map(|k| Sector {
                    id: k.id.clone(),
                    groups: k.groups.clone(),
                    industry: k.industry.map(industry),
                })
                .collect(),
            industries: (scenario.industries.iter())
                .map(|i| Industry { id: i.id.clone(), parent: i.parent.map(industry) })
                .collect(),
            neighbours: (scenario.neighbours.source != NeighbourSource::None)
                .then(|| scenario.neighbours.pairs.iter().map(|&(a, b)| (site(a), site(b))).collect()),
            parks: (scenario.parks.iter())
                .map(|park| Park {
                    id: park.id.clone(),
                    kind: match park.kind {
                        ParkKind::Joint => "joint",
                        ParkKind::Demonstration => "demonstration",
                        ParkKind::Enclave => "enclave",
                    }
                    .to_owned(),
                    host: site(park.host),
                    sectors: park.sectors.iter().map(|&k| sector(k)).collect(),
                    capacity: park.capacity.map(|most| most.0),
                    benefits: park.benefits.iter().map(|&(s, share)| (site(s), share.micros())).collect(),
                })
                .collect(),
            professions: (scenario.talent.professions.iter())
                .map(|own| Profession {
                    id: own.id.clone(),
                    substitutes: (own.substitutes.iter())
                        .map(|&(other, fit)| (profession(other), fit.micros()))
                        .collect(),
                    grade_loss: own.grade_loss.micros(),
                })
                .collect(),
            secondees: (scenario.talent.secondees.iter())
                .map(|group| Secondees {
                    id: group.id.clone(),
                    province: province(group.province),
                    profession: profession(group.offers.profession),
                    grade: group.offers.grade,
                    months: group.offers.months,
                    full_time: group.offers.full_time.micros(),
                    number: group.number,
                })
                .collect(),
            posts: (scenario.talent.posts.iter())
                .map(|group| Posts {
                    id: group.id.clone(),
                    site: site(group.site),
                    profession: profession(group.asks.profession),
                    grade: group.asks.grade,
                    months: group.asks.months,
                    full_time: group.asks.full_time.micros(),
                    number: group.number,
                    priority: group.priority.micros(),
                    team: group.team,
                })
                .collect(),
            teams: (scenario.talent.last.iter())
                .map(|team| Team {
                    province: province(team.province),
                    site: site(team.site),
                    profession: profession(team.profession),
                    number: team.number,
                })
                .collect(),
            links: (scenario.links.iter())
                .map(|link| Link {
                    province: province(link.province),
                    site: site(link.site),
                    effectiveness: link.effectiveness.micros(),
                })
                .collect(),
            needs: (scenario.needs.iter().zip(weights))
                .map(|(need, weight)| Need {
                    site: site(need.site),
                    sector: sector(need.sector),
                    amount: need.amount.0,
                    by_year: need.by_year.as_ref().map(|years| years.iter().map(|amount| amount.0).collect()),
                    weight: weight.micros(),
                })
                .collect(),
            sector_capacity: (scenario.sector_capacity.iter())
                .map(|(&(p, k), most)| SectorCapacity {
                    province: province(p),
                    sector: sector(k),
                    amount: most.0,
                })
                .collect(),
            commitments: (scenario.commitments.iter())
                .map(|promised| {
                    let line = &scenario.lines[promised.line.0];
                    Commitment {
                        province: province(line.province),
                        site: site(line.site),
                        sector: sector(line.sector),
                        year: promised.year.map(|year| scenario.years[year]),
                        amount: promised.amount.0,
                    }
                })
                .collect(),
            exclusions: (scenario.exclusions.iter())
                .map(|e| Exclusion {
                    province: e.province.map(province),
                    site: e.site.map(site),
                    sector: e.sector.map(sector),
                })
                .collect(),
            rules: policy.rules.iter().map(rule).collect::<Result<_, serde_json::Error>>()?,
            stages: policy.stages_in(scenario).map(stage).collect::<Result<_, serde_json::Error>>()?,
        })
    }
}
