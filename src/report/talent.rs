//! Who is placed where: the part `talent` of `plan.json`, and the table `talent.csv`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audit::Staffing;
use crate::domain::{Pair, Plan, PostsId, ProfessionId, RegionId, Scenario, SecondeesId};
use crate::units::{Micro, Ratio};

/// Secondees and posts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TalentRecord {
    /// Each placement.
    pub placements: Vec<PlacementRecord>,
    /// Each group of posts.
    pub posts: Vec<PostsRecord>,
    /// Each group of secondees.
    pub secondees: Vec<SecondeesRecord>,
    /// Posts of each profession in each region: how many of whom it has to ask for.
    pub structure: Vec<StructureRecord>,
}

/// A placement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlacementRecord {
    /// Who.
    pub secondees_id: String,
    /// Where.
    pub posts_id: String,
    /// Persons.
    pub number: i64,
    /// Who sends them.
    pub province_id: String,
    /// Their profession.
    pub profession_id: String,
    /// Their grade.
    pub grade: i64,
    /// Site of the posts.
    pub site_id: String,
    /// Profession of the posts.
    pub post_profession_id: String,
    /// Grade that the posts ask.
    pub post_grade: i64,
    /// Share of full time that each gives.
    pub full_time: Ratio,
    /// How well they fit, 0 to 1.
    pub fit: Ratio,
}

/// A group of posts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PostsRecord {
    /// Id.
    pub id: String,
    /// Its site.
    pub site_id: String,
    /// Its profession.
    pub profession_id: String,
    /// Full-time posts.
    pub number: i64,
    /// Of them filled.
    pub filled: f64,
    /// Of them vacant.
    pub vacant: f64,
    /// Groups of secondees who may fill them; 0: no province can.
    pub candidates: usize,
}

/// A group of secondees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecondeesRecord {
    /// Id.
    pub id: String,
    /// Who sends them.
    pub province_id: String,
    /// Their profession.
    pub profession_id: String,
    /// Persons.
    pub number: i64,
    /// Of them placed.
    pub sent: i64,
    /// Of them not placed.
    pub idle: i64,
    /// Groups of posts that they may fill; 0: no post uses them.
    pub candidates: usize,
}

/// Posts of a profession in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StructureRecord {
    /// The region.
    pub region_id: String,
    /// The profession.
    pub profession_id: String,
    /// Full-time posts: what is needed.
    pub posts: i64,
    /// Full-time secondees who may fill any of them; other regions may want them too.
    pub reach: f64,
    /// Full-time posts filled.
    pub filled: f64,
    /// Full-time posts that stay vacant: what the region has to ask for beside.
    pub vacant: f64,
}

impl TalentRecord {
    /// Puts it together.
    pub fn new(scenario: &Scenario, plan: &Plan, staffing: &Staffing) -> Self {
        let talent = &scenario.talent;
        let mut of_posts: BTreeMap<PostsId, usize> = BTreeMap::new();
        let mut of_secondees: BTreeMap<SecondeesId, usize> = BTreeMap::new();
        for candidate in &talent.candidates {
            *of_posts.entry(candidate.posts).or_default() += 1;
            *of_secondees.entry(candidate.secondees).or_default() += 1;
        }
        let profession = |id: ProfessionId| talent.professions[id.0].id.clone();
        let posts = talent.posts.iter().zip(&staffing.filled).enumerate();
        let posts = posts.map(|(position, (group, filled))| PostsRecord {
            id: group.id.clone(),
            site_id: scenario.sites[group.site.0].id.clone(),
            profession_id: profession(group.asks.profession),
            number: group.number,
            filled: filled.as_f64(),
            vacant: (Micro::whole(group.number) - *filled).as_f64(),
            candidates: of_posts.get(&PostsId(position)).copied().unwrap_or_default(),
        });
        let secondees = talent.secondees.iter().zip(&staffing.sent).enumerate();
        let secondees = secondees.map(|(position, (group, sent))| SecondeesRecord {
            id: group.id.clone(),
            province_id: scenario.provinces[group.province.0].id.clone(),
            profession_id: profession(group.offers.profession),
            number: group.number,
            sent: *sent,
            idle: group.number - sent,
            candidates: of_secondees.get(&SecondeesId(position)).copied().unwrap_or_default(),
        });
        Self {
            placements: placements(scenario, plan),
            posts: posts.collect(),
            secondees: secondees.collect(),
            structure: structure(scenario, staffing),
        }
    }
}

fn placements(scenario: &Scenario, plan: &Plan) -> Vec<PlacementRecord> {
    let talent = &scenario.talent;
    let record = |placement: &crate::domain::Placement| {
        let (group, posts) = (&talent.secondees[placement.secondees.0], &talent.posts[placement.posts.0]);
        PlacementRecord {
            secondees_id: group.id.clone(),
            posts_id: posts.id.clone(),
            number: placement.number,
            province_id: scenario.provinces[group.province.0].id.clone(),
            profession_id: talent.professions[group.offers.profession.0].id.clone(),
            grade: group.offers.grade,
            site_id: scenario.sites[posts.site.0].id.clone(),
            post_profession_id: talent.professions[posts.asks.profession.0].id.clone(),
            post_grade: posts.asks.grade,
            full_time: group.offers.full_time,
            fit: talent.fit(&group.offers, &posts.asks),
        }
    };
    plan.placements().iter().map(record).collect()
}

fn structure(scenario: &Scenario, staffing: &Staffing) -> Vec<StructureRecord> {
    let talent = &scenario.talent;
    let key = |posts: PostsId| {
        let group = &talent.posts[posts.0];
        (scenario.sites[group.site.0].region, group.asks.profession)
    };
    let mut sums: BTreeMap<(RegionId, ProfessionId), (i64, Micro)> = BTreeMap::new();
    for (position, (group, filled)) in talent.posts.iter().zip(&staffing.filled).enumerate() {
        let sum = sums.entry(key(PostsId(position))).or_default();
        sum.0 += group.number;
        sum.1 += *filled;
    }
    let mut reach: BTreeMap<(RegionId, ProfessionId), BTreeSet<SecondeesId>> = BTreeMap::new();
    for candidate in &talent.candidates {
        reach.entry(key(candidate.posts)).or_default().insert(candidate.secondees);
    }
    let full_time = |id: &SecondeesId| {
        let group = &talent.secondees[id.0];
        crate::units::Money(group.number) * group.offers.full_time
    };
    let record = |((region, profession), (posts, filled)): ((RegionId, ProfessionId), (i64, Micro))| {
        let in_reach: Micro = reach.get(&(region, profession)).into_iter().flatten().map(full_time).sum();
        StructureRecord {
            region_id: scenario.regions[region.0].id.clone(),
            profession_id: talent.professions[profession.0].id.clone(),
            posts,
            reach: in_reach.as_f64(),
            filled: filled.as_f64(),
            vacant: (Micro::whole(posts) - filled).as_f64(),
        }
    };
    sums.into_iter().map(record).collect()
}

/// Who has which post, as a table.
///
/// # Errors
/// When the CSV writer fails.
pub fn matches_csv(scenario: &Scenario, matched: &[Pair]) -> Result<Vec<u8>, csv::Error> {
    let talent = &scenario.talent;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["person_id", "post_id", "province_id", "site_id", "profession_id", "fit"])?;
    for pair in matched {
        let (person, post) = (&talent.people[pair.person], &talent.post_list[pair.post]);
        writer.write_record([
            &person.id,
            &post.id,
            &scenario.provinces[person.province.0].id,
            &scenario.sites[post.site.0].id,
            &talent.professions[post.asks.profession.0].id,
            &pair.fit.to_string(),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Who is placed where, as a table; `None` where the scenario has neither secondees nor posts. It is what
/// `allot audit` reads beside `plan.csv`.
///
/// # Errors
/// When the CSV writer fails.
pub fn talent_csv(scenario: &Scenario, plan: &Plan) -> Result<Option<Vec<u8>>, csv::Error> {
    if scenario.talent.is_empty() {
        return Ok(None);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "secondees_id",
        "posts_id",
        "number",
        "province_id",
        "profession_id",
        "grade",
        "site_id",
        "post_profession_id",
        "post_grade",
        "full_time",
        "fit",
    ])?;
    for record in placements(scenario, plan) {
        writer.write_record([
            &record.secondees_id,
            &record.posts_id,
            &record.number.to_string(),
            &record.province_id,
            &record.profession_id,
            &record.grade.to_string(),
            &record.site_id,
            &record.post_profession_id,
            &record.post_grade.to_string(),
            &record.full_time.to_string(),
            &record.fit.to_string(),
        ])?;
    }
    writer.into_inner().map(Some).map_err(|error| error.into_error().into())
}
