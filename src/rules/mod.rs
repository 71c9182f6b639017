//! Rules: each file holds one rule with its purpose, its mathematics, its parameters, its rows, and a
//! check of any plan that shares nothing with those rows.
//!
//! A new rule is a new file and one line in [`Registry::standard`].

mod absorption;
mod budget_use;
mod cluster_minimum;
mod clusters;
mod continuity;
mod dial;
mod dominance_cap;
mod enclave;
mod equity_band;
mod exclusion;
mod focus_share;
mod group_share;
mod maximum_lines;
mod maximum_provinces_per_site;
mod maximum_sectors_per_site;
mod maximum_sites_per_province;
mod maximum_vacancy;
mod minimum_ticket;
mod need_cap;
mod need_floor;
mod no_duplication;
mod park_capacity;
mod park_share;
mod per_capita_floor;
mod phasing;
mod placements;
mod profession_share;
mod province_budget;
mod ramp;
mod region_floor;
mod requires;
mod scale_cap;
mod sector_capacity;
mod team_continuity;
mod team_size;

pub use dial::{Dial, Towards};

use std::fmt::Debug;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::diagnostics::Code;
use crate::domain::{Finding, Plan, Scenario, Selection};
use crate::model::{Builder, Limits};
use crate::units::{Money, Ratio};
use dial::yearly;

/// A rule with its parameters.
pub trait Rule: Debug + Send + Sync {
    /// Says what the data can never satisfy or what has no effect, before anything is solved.
    fn presolve(&self, _scenario: &Scenario, _notes: &mut Notes) {}

    /// Tells the tightest limits on money and teams that follow from the rule. Called only where the
    /// rule is hard.
    fn tighten(&self, _scenario: &Scenario, _limits: &mut Limits) {}

    /// The least amount of a funded line, if the rule asks for one: the yardstick of thinness.
    fn ticket(&self, _scenario: &Scenario) -> Option<Money> {
        None
    }

    /// What gives one of the rule's rows more room: that of some ids, and of several on one subject that of
    /// a name. Numbers of the policy, cells of the tables.
    fn dials(&self, _scenario: &Scenario, _ids: &[String], _part: &str) -> Vec<Dial> {
        Vec::new()
    }

    /// Adds the rule's columns and rows.
    fn build(&self, builder: &mut Builder<'_>);

    /// Checks a plan in integer arithmetic, from the scenario and the plan alone.
    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding>;
}

/// What a presolve check found: a code, a cause and an action; the caller adds the place.
#[derive(Debug, Default)]
pub struct Notes(pub Vec<(Code, String, String)>);

impl Notes {
    /// Adds one.
    pub fn push(&mut self, code: Code, cause: impl Into<String>, action: impl Into<String>) {
        self.0.push((code, cause.into(), action.into()));
    }

    /// Adds an error for each name in a selection that the scenario does not have.
    pub fn check_selection(&mut self, scenario: &Scenario, selection: &Selection) {
        for name in selection.unknown_names(scenario) {
            self.push(
                Code::UnknownSelection,
                format!("the scenario has no {name}"),
                "use an id or group of the scenario's tables, or take it out",
            );
        }
    }

    /// Adds what is wrong with a least and a largest share of a whole.
    pub fn check_shares(&mut self, min: Option<Ratio>, max: Option<Ratio>) {
        match (min, max) {
            (None, None) => {
                self.push(
                    Code::ThresholdHasNoEffect,
                    "neither min nor max is given",
                    "give min, max or both",
                );
            }
            (Some(min), Some(max)) if min > max => self.push(
                Code::ThresholdOutOfReach,
                format!("min = {min} is larger than max = {max}"),
                "exchange them, or take one out",
            ),
            (Some(min), _) if min > Ratio::ONE => self.push(
                Code::ThresholdOutOfReach,
                format!("min = {min} is more than the whole"),
                "use a share between 0 and 1",
            ),
            _ => {}
        }
    }

    /// Adds an error when a selection chooses by something that the rule does not look at.
    pub fn check_keys(&mut self, selection: &Selection, known: &[&str]) {
        for key in selection.keys().into_iter().filter(|key| !known.contains(key)) {
            self.push(
                Code::BadPolicy,
                format!("select chooses by {key}, which this rule does not look at"),
                format!("use {} only", known.join(", ")),
            );
        }
    }
}

/// What a rule is for, in the order in which the documents list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// What provinces can give and sites can take.
    Capacity,
    /// Against many small lines (撒胡椒面).
    ThinSpreading,
    /// Key points first (突出重点).
    Concentration,
    /// Need met and shared fairly.
    NeedAndFairness,
    /// Step by step (分步骤).
    Time,
    /// Who builds what, where.
    Industry,
    /// Who is sent where (人才选派), alone and together with money.
    Talent,
    /// Lines that may not be funded.
    Safeguards,
}

/// What a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Units of money on lines.
    Money,
    /// Persons in posts.
    People,
    /// What money needs of people, and people of money.
    MoneyAndPeople,
}

/// A kind of rule: how a policy names it, and how its parameters are read.
#[derive(Debug, Clone)]
pub struct RuleKind {
    /// The name in a policy.
    pub id: &'static str,
    /// What it is for.
    pub family: Family,
    /// What it counts.
    pub resource: Resource,
    /// One sentence.
    pub purpose: &'static str,
    /// Reads the parameters of an instance; the error is for the policy's author.
    pub parse: fn(toml::Table) -> Result<Arc<dyn Rule>, String>,
    /// JSON schema of the parameters.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

impl RuleKind {
    /// A kind whose parameters are the fields of `R`.
    pub fn of<R>(id: &'static str, family: Family, purpose: &'static str) -> Self
    where
        R: Rule + DeserializeOwned + JsonSchema + 'static,
    {
        Self {
            id,
            family,
            resource: Resource::Money,
            purpose,
            parse: |parameters| match parameters.try_into::<R>() {
                Ok(rule) => Ok(Arc::new(rule)),
                // The message, and the key that it is about where the message does not name it.
                Err(error) => Err(error.to_string().trim_end().replace('\n', ", ")),
            },
            schema: |generator| generator.subschema_for::<R>(),
        }
    }
}

impl RuleKind {
    /// The same, counting something else than money.
    #[must_use]
    pub fn counting(self, resource: Resource) -> Self {
        Self { resource, ..self }
    }
}

/// The kinds of rules that a policy can use.
#[derive(Debug, Clone)]
pub struct Registry {
    kinds: Vec<RuleKind>,
}

impl Registry {
    /// Every rule of this package.
    pub fn standard() -> Self {
        use Family::{
            Capacity, Concentration, Industry, NeedAndFairness, Safeguards, Talent, ThinSpreading, Time,
        };
        let people = |kind: RuleKind| kind.counting(Resource::People);
        let kinds = vec![
            RuleKind::of::<province_budget::ProvinceBudget>(
                "province_budget",
                Capacity,
                province_budget::PURPOSE,
            ),
            RuleKind::of::<budget_use::BudgetUse>("budget_use", Capacity, budget_use::PURPOSE),
            RuleKind::of::<sector_capacity::SectorCapacity>(
                "sector_capacity",
                Capacity,
                sector_capacity::PURPOSE,
            ),
            RuleKind::of::<absorption::Absorption>("absorption", Capacity, absorption::PURPOSE),
            RuleKind::of::<minimum_ticket::MinimumTicket>(
                "minimum_ticket",
                ThinSpreading,
                minimum_ticket::PURPOSE,
            ),
            RuleKind::of::<maximum_lines::MaximumLines>(
                "maximum_lines",
                ThinSpreading,
                maximum_lines::PURPOSE,
            ),
            RuleKind::of::<maximum_provinces_per_site::MaximumProvincesPerSite>(
                "maximum_provinces_per_site",
                ThinSpreading,
                maximum_provinces_per_site::PURPOSE,
            ),
            RuleKind::of::<maximum_sites_per_province::MaximumSitesPerProvince>(
                "maximum_sites_per_province",
                ThinSpreading,
                maximum_sites_per_province::PURPOSE,
            ),
            RuleKind::of::<maximum_sectors_per_site::MaximumSectorsPerSite>(
                "maximum_sectors_per_site",
                ThinSpreading,
                maximum_sectors_per_site::PURPOSE,
            ),
            RuleKind::of::<focus_share::FocusShare>("focus_share", Concentration, focus_share::PURPOSE),
            RuleKind::of::<dominance_cap::DominanceCap>(
                "dominance_cap",
                Concentration,
                dominance_cap::PURPOSE,
            ),
            RuleKind::of::<group_share::GroupShare>("group_share", Concentration, group_share::PURPOSE),
            RuleKind::of::<need_cap::NeedCap>("need_cap", NeedAndFairness, need_cap::PURPOSE),
            RuleKind::of::<need_floor::NeedFloor>("need_floor", NeedAndFairness, need_floor::PURPOSE),
            RuleKind::of::<region_floor::RegionFloor>("region_floor", NeedAndFairness, region_floor::PURPOSE),
            RuleKind::of::<per_capita_floor::PerCapitaFloor>(
                "per_capita_floor",
                NeedAndFairness,
                per_capita_floor::PURPOSE,
            ),
            RuleKind::of::<equity_band::EquityBand>("equity_band", NeedAndFairness, equity_band::PURPOSE),
            RuleKind::of::<phasing::Phasing>("phasing", Time, phasing::PURPOSE),
            RuleKind::of::<ramp::Ramp>("ramp", Time, ramp::PURPOSE),
            RuleKind::of::<continuity::Continuity>("continuity", Time, continuity::PURPOSE),
            RuleKind::of::<no_duplication::NoDuplication>(
                "no_duplication",
                Industry,
                no_duplication::PURPOSE,
            ),
            RuleKind::of::<cluster_minimum::ClusterMinimum>(
                "cluster_minimum",
                Industry,
                cluster_minimum::PURPOSE,
            ),
            RuleKind::of::<park_capacity::ParkCapacity>("park_capacity", Industry, park_capacity::PURPOSE),
            RuleKind::of::<park_share::ParkShare>("park_share", Industry, park_share::PURPOSE),
            RuleKind::of::<enclave::Enclave>("enclave", Industry, enclave::PURPOSE),
            people(RuleKind::of::<scale_cap::ScaleCap>("scale_cap", Talent, scale_cap::PURPOSE)),
            people(RuleKind::of::<profession_share::ProfessionShare>(
                "profession_share",
                Talent,
                profession_share::PURPOSE,
            )),
            people(RuleKind::of::<team_size::TeamSize>("team_size", Talent, team_size::PURPOSE)),
            people(RuleKind::of::<maximum_vacancy::MaximumVacancy>(
                "maximum_vacancy",
                Talent,
                maximum_vacancy::PURPOSE,
            )),
            people(RuleKind::of::<team_continuity::TeamContinuity>(
                "team_continuity",
                Talent,
                team_continuity::PURPOSE,
            )),
            RuleKind::of::<requires::Requires>("requires", Talent, requires::PURPOSE)
                .counting(Resource::MoneyAndPeople),
            RuleKind::of::<exclusion::Exclusion>("exclusion", Safeguards, exclusion::PURPOSE),
        ];
        Self { kinds }
    }

    /// The same with one kind more.
    #[must_use]
    pub fn with(mut self, kind: RuleKind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// A kind by its name in a policy.
    pub fn find(&self, id: &str) -> Option<&RuleKind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// All kinds.
    pub fn kinds(&self) -> &[RuleKind] {
        &self.kinds
    }
}

/// The ids of a line of a plan.
fn plan_line_ids(scenario: &Scenario, line: &crate::domain::PlanLine) -> Vec<String> {
    vec![
        scenario.provinces[line.province.0].id.clone(),
        scenario.sites[line.site.0].id.clone(),
        scenario.sectors[line.sector.0].id.clone(),
    ]
}
