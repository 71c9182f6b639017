//! `plan.json`: everything about a run in one document, with a documented schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::industry::IndustryRecord;
use super::members::MembersRecord;
use super::talent::TalentRecord;
use crate::audit::{Audit, Coverage, Metric, Metrics, Unit};
use crate::domain::{ColumnSource, Finding, Plan, Relation, Scenario, Text};
use crate::input::PlanPlaces;
use crate::model::{Sense, Strength};
use crate::policy::Policy;
use crate::rules::{Family, Resource};
use crate::search::{StageStatus, Status};
use crate::solve::Stop;
use crate::verify::{StageVerdict, Verdict};

/// Version of the layout of [`PlanDocument`]; it rises when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// A plan with all that is known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanDocument {
    /// Version of this layout.
    pub schema_version: u32,
    /// The programme.
    pub scenario: ScenarioHead,
    /// The policy.
    pub policy: PolicyHead,
    /// Who and what the ids stand for.
    pub members: MembersRecord,
    /// How good the plan is known to be.
    pub status: StatusRecord,
    /// Objective stages, in order.
    pub stages: Vec<StageRecord>,
    /// Numbers about the whole, beside those of the last plan and of the baseline.
    pub metrics: Vec<MetricRecord>,
    /// Money and coverage by province, site, region and sector.
    pub coverage: CoverageRecord,
    /// Who builds what; none where no sector has an industry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<IndustryRecord>,
    /// Who is placed where; none where there are neither secondees nor posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talent: Option<TalentRecord>,
    /// Every rule: measured, asked, slack, pass or fail.
    pub rules: Vec<RuleRecord>,
    /// Funded lines.
    pub lines: Vec<LineRecord>,
    /// Safeguards: excluded lines with their recorded reasons.
    pub exclusions: Vec<ExclusionRecord>,
    /// Where the columns of the scenario's tables come from; empty where it does not say.
    pub provenance: Vec<ColumnSource>,
    /// How the plan was made.
    pub run: RunRecord,
}

/// The programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioHead {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Years of the horizon.
    pub years: Vec<i32>,
    /// ISO 4217 code.
    pub currency: String,
    /// Currency in one unit of money.
    pub unit: i64,
}

/// The policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyHead {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What it is for.
    pub description: Text,
}

/// How good the plan is known to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatusRecord {
    /// `optimal` within the asked gaps, `feasible`, or `broken` when a hard rule fails.
    pub status: Status,
    /// Largest gap of all stages; none where a stage has no bound.
    pub gap: Option<f64>,
    /// Whether the search was interrupted by its user.
    pub interrupted: bool,
    /// Whether the verifier, which shares nothing with model and solver, found that every hard rule holds and
    /// proved a bound for every stage.
    pub certified: bool,
}

/// A stage of the objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageRecord {
    /// Kind of objective.
    pub kind: String,
    /// `minimise` or `maximise`.
    pub sense: String,
    /// Exact value of the written plan.
    pub value: f64,
    /// No plan that keeps what earlier stages reached is better, as the solver claims.
    pub bound: Option<f64>,
    /// Distance of value and bound, relative to the value.
    pub gap: Option<f64>,
    /// No plan that is as good as this one in the stages before is better, as the verifier proved.
    pub proved_bound: Option<f64>,
    /// Distance of value and that bound, relative to the value.
    pub proved_gap: Option<f64>,
    /// Gap that was asked of it.
    pub asked_gap: f64,
    /// Share of its value that it leaves to later stages.
    pub tolerance: f64,
    /// Whether it is as near to its bound as was asked, the tolerance taken into account.
    pub closed: bool,
    /// `finished`, `time_limit`, `work_limit` or `interrupted`.
    pub stop: String,
}

/// A number about the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricRecord {
    /// Id, name, unit and value.
    #[serde(flatten)]
    pub metric: Metric,
    /// The same of the last plan, where the scenario has one.
    pub last_plan: Option<f64>,
    /// The same of the baseline policy's plan.
    pub baseline: Option<f64>,
}

/// Money and coverage by kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoverageRecord {
    /// By province.
    pub province: Vec<CoverageOf>,
    /// By site.
    pub site: Vec<CoverageOf>,
    /// By region.
    pub region: Vec<CoverageOf>,
    /// By sector.
    pub sector: Vec<CoverageOf>,
}

/// Money and coverage of one, beside the money of the last plan and of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoverageOf {
    /// Id, money, need and coverage.
    #[serde(flatten)]
    pub now: Coverage,
    /// Units of money in the last plan, where the scenario has one.
    pub last_plan: Option<i64>,
    /// Units of money in the baseline policy's plan.
    pub baseline: Option<i64>,
}

/// A rule and what was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRecord {
    /// Id in the policy.
    pub id: String,
    /// Kind.
    pub rule: String,
    /// Family; none for the check of candidate lines.
    #[schemars(with = "Option<Family>")]
    pub family: Option<String>,
    /// What it counts.
    #[schemars(with = "Option<Resource>")]
    pub resource: Option<String>,
    /// Title.
    pub title: Text,
    /// Law, plan or decision that it comes from.
    pub source: String,
    /// Whether no plan may break it.
    pub hard: bool,
    /// Price of falling short, where it is soft.
    pub penalty: Option<f64>,
    /// Parameters in force.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub parameters: serde_json::Value,
    /// Whether it holds everywhere.
    pub passes: bool,
    /// What was measured, instance by instance.
    pub findings: Vec<FindingRecord>,
}

/// One instance of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingRecord {
    /// Ids that it is about; empty for the whole programme.
    pub scope: Vec<String>,
    /// How `measured` and `threshold` are to be read.
    pub unit: Unit,
    /// What was measured; none for a share of nothing.
    pub measured: Option<f64>,
    /// `>=` or `<=`.
    pub relation: String,
    /// What is asked.
    pub threshold: f64,
    /// Room left, in units of money or in counts; negative by how much it fails.
    pub slack: f64,
    /// Whether it holds, decided in integers.
    pub passes: bool,
    /// Rows of the audited file by which it fails, as `file:row`, where the rule can name them. Only
    /// `allot audit` has such a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<String>,
}

/// A funded line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineRecord {
    /// Who gives.
    pub province_id: String,
    /// Who receives.
    pub site_id: String,
    /// For what.
    pub sector_id: String,
    /// Units of money by year, in the order of `scenario.years`.
    pub amounts: Vec<i64>,
    /// Units of money over the horizon.
    pub total: i64,
    /// Units of money in the last plan.
    pub last_plan: i64,
}

/// A safeguard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExclusionRecord {
    /// Province, or none for all.
    pub province_id: Option<String>,
    /// Site, or none for all.
    pub site_id: Option<String>,
    /// Sector, or none for all.
    pub sector_id: Option<String>,
    /// Recorded reason.
    pub reason: String,
}

/// How the plan was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// Version of allot.
    pub version: String,
    /// Day of the run, in UTC, as YYYY-MM-DD; that of the environment's `SOURCE_DATE_EPOCH`, where it is set.
    pub date: String,
    /// Files that were read, with their hashes.
    pub inputs: Vec<InputRecord>,
    /// `--set` arguments.
    pub overrides: Vec<String>,
    /// Options of the search.
    pub options: OptionsRecord,
    /// Seconds, by step. They and the day are the only parts of the document that differ between equal runs.
    pub seconds: std::collections::BTreeMap<String, f64>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputRecord {
    /// The file as it was named, or `table <name>` for a table that a program gave.
    pub file: String,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Options of the search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OptionsRecord {
    /// Name of the solver.
    pub solver: String,
    /// Its version.
    pub solver_version: String,
    /// Relative gap.
    pub gap: f64,
    /// Seconds for all stages together.
    pub time_limit: Option<f64>,
    /// Branch-and-bound nodes for each stage.
    pub node_limit: Option<u64>,
    /// Threads.
    pub threads: usize,
    /// Seed.
    pub seed: u32,
    /// Policy that the plan is compared with.
    pub baseline: Option<String>,
}

/// What a document is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The programme.
    pub scenario: &'a Scenario,
    /// The policy.
    pub policy: &'a Policy,
    /// The plan, as read back from its file.
    pub plan: &'a Plan,
    /// Its check.
    pub audit: &'a Audit,
    /// How good it is known to be.
    pub status: Status,
    /// Its stages.
    pub stages: &'a [StageStatus],
    /// What the verifier found.
    pub verdict: &'a Verdict,
    /// The baseline policy's plan.
    pub baseline: Option<&'a Plan>,
    /// Whether the search was interrupted.
    pub interrupted: bool,
}

impl PlanDocument {
    /// Puts a document together.
    pub fn new(sources: Sources<'_>, run: RunRecord) -> Self {
        let Sources { scenario, policy, plan, audit, status, stages, verdict, baseline, interrupted } =
            sources;
        let ticket = policy.ticket(scenario);
        let metrics = Metrics::of(scenario, plan, ticket);
        let last = last_plan(scenario);
        let last = last.as_ref().map(|plan| Metrics::of(scenario, plan, ticket).of_money());
        let baseline = baseline.map(|plan| Metrics::of(scenario, plan, ticket));
        let of = |other: &Option<Metrics>, id: &str| other.as_ref().and_then(|metrics| metrics.get(id));
        let by = |kind: &str| coverage_of(kind, &metrics, last.as_ref(), baseline.as_ref());
        let gaps: Option<Vec<f64>> = stages.iter().map(|stage| stage.gap).collect();
        Self {
            schema_version: SCHEMA_VERSION,
            scenario: ScenarioHead {
                id: scenario.id.clone(),
                title: scenario.title.clone(),
                years: scenario.years.clone(),
                currency: scenario.money.currency.clone(),
                unit: scenario.money.unit,
            },
            policy: PolicyHead {
                id: policy.id.clone(),
                title: policy.title.clone(),
                description: policy.description.clone(),
            },
            members: MembersRecord::of(scenario),
            status: StatusRecord {
                status,
                gap: gaps.map(|gaps| gaps.into_iter().fold(0.0, f64::max)),
                interrupted,
                certified: verdict.certified,
            },
            stages: stages
                .iter()
                .enumerate()
                .map(|(at, stage)| stage_record(stage, verdict.stage(at)))
                .collect(),
            coverage: CoverageRecord {
                province: by("province"),
                site: by("site"),
                region: by("region"),
                sector: by("sector"),
            },
            metrics: metrics
                .whole
                .iter()
                .map(|metric| MetricRecord {
                    metric: metric.clone(),
                    last_plan: of(&last, &metric.id),
                    baseline: of(&baseline, &metric.id),
                })
                .collect(),
            industry: metrics.industries.as_ref().map(|now| {
                let [last, baseline] = [&last, &baseline]
                    .map(|other| other.as_ref().and_then(|metrics| metrics.industries.as_ref()));
                IndustryRecord::new(scenario, now, last, baseline)
            }),
            talent: metrics.staffing.as_ref().map(|staffing| TalentRecord::new(scenario, plan, staffing)),
            rules: rule_records(policy, audit, &PlanPlaces::default()),
            lines: line_records(scenario, plan),
            exclusions: exclusion_records(scenario),
            provenance: scenario.provenance.clone(),
            run,
        }
    }

    /// As JSON text.
    ///
    /// # Errors
    /// Never for a document that was made here; the serialiser's own error otherwise.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

fn coverage_of(
    kind: &str,
    now: &Metrics,
    last: Option<&Metrics>,
    baseline: Option<&Metrics>,
) -> Vec<CoverageOf> {
    let rows = now.by.get(kind).map_or(&[][..], Vec::as_slice);
    // All plans are measured over the same members in the same order.
    let money = |of: Option<&Metrics>, at: usize| Some(of?.by.get(kind)?.get(at)?.money);
    let row = |(at, now): (usize, &Coverage)| CoverageOf {
        now: now.clone(),
        last_plan: money(last, at),
        baseline: money(baseline, at),
    };
    rows.iter().enumerate().map(row).collect()
}

/// The last plan of a scenario as a plan; `None` when there is none. Commitments without a year count in
/// the first one: only their totals are looked at.
pub fn last_plan(scenario: &Scenario) -> Option<Plan> {
    let amounts = scenario.commitments.iter().map(|commitment| {
        let line = &scenario.lines[commitment.line.0];
        (line.province, line.site, line.sector, commitment.year.unwrap_or(0), commitment.amount)
    });
    (!scenario.commitments.is_empty()).then(|| Plan::new(scenario.years.len(), amounts))
}

/// The word for why a stage stopped.
pub fn stop_word(stop: Stop) -> &'static str {
    match stop {
        Stop::Finished => "finished",
        Stop::TimeLimit => "time_limit",
        Stop::WorkLimit => "work_limit",
        Stop::Interrupted => "interrupted",
    }
}

fn stage_record(stage: &StageStatus, proved: Option<&StageVerdict>) -> StageRecord {
    StageRecord {
        kind: stage.kind.clone(),
        sense: match stage.sense {
            Sense::Minimise => "minimise",
            Sense::Maximise => "maximise",
        }
        .to_owned(),
        value: stage.value,
        bound: stage.bound,
        gap: stage.gap,
        proved_bound: proved.and_then(|proved| proved.bound.as_ref()?.parse().ok()),
        proved_gap: proved.and_then(|proved| proved.gap),
        asked_gap: stage.asked_gap,
        tolerance: stage.tolerance,
        closed: stage.is_closed(),
        stop: stop_word(stage.stop).to_owned(),
    }
}

/// The word of a serialisable enum.
fn word(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// Every rule of an audit of a plan whose lines and people stand in these places.
pub fn rule_records(policy: &Policy, audit: &Audit, places: &PlanPlaces) -> Vec<RuleRecord> {
    audit
        .rules
        .iter()
        .map(|outcome| {
            let instance = policy.rules.iter().find(|rule| rule.id == outcome.id);
            let parameters = instance.and_then(|rule| serde_json::to_value(&rule.parameters).ok());
            RuleRecord {
                id: outcome.id.clone(),
                rule: outcome.kind.to_owned(),
                family: instance.and_then(|rule| word(&rule.kind.family)),
                resource: instance.and_then(|rule| word(&rule.kind.resource)),
                title: outcome.title.clone(),
                source: instance.map(|rule| rule.source.clone()).unwrap_or_default(),
                hard: outcome.strength == Strength::Hard,
                penalty: match outcome.strength {
                    Strength::Hard => None,
                    Strength::Soft(penalty) => Some(penalty.as_f64()),
                },
                parameters: parameters.unwrap_or_else(|| serde_json::json!({})),
                passes: outcome.passes(),
                findings: outcome.findings.iter().map(|finding| finding_record(finding, places)).collect(),
            }
        })
        .collect()
}

/// One finding, for display.
pub fn finding_record(finding: &Finding, places: &PlanPlaces) -> FindingRecord {
    let lines = finding.lines.iter().filter_map(|line| places.lines.get(line));
    let placements = finding.placements.iter().filter_map(|key| places.placements.get(key));
    let rows = lines.chain(placements).flatten();
    FindingRecord {
        scope: finding.scope.clone(),
        unit: Unit::from(&finding.measure),
        measured: finding.measure.measured(),
        relation: match finding.relation {
            Relation::AtLeast => ">=",
            Relation::AtMost => "<=",
        }
        .to_owned(),
        threshold: finding.measure.threshold(),
        slack: finding.slack().as_f64(),
        passes: finding.passes(),
        at: rows.map(ToString::to_string).collect(),
    }
}

fn line_records(scenario: &Scenario, plan: &Plan) -> Vec<LineRecord> {
    let last = scenario.committed_totals();
    plan.lines()
        .iter()
        .map(|line| LineRecord {
            province_id: scenario.provinces[line.province.0].id.clone(),
            site_id: scenario.sites[line.site.0].id.clone(),
            sector_id: scenario.sectors[line.sector.0].id.clone(),
            amounts: line.by_year.iter().map(|amount| amount.0).collect(),
            total: line.total().0,
            last_plan: scenario.find_line(line.province, line.site, line.sector).map_or(0, |id| last[id.0].0),
        })
        .collect()
}

fn exclusion_records(scenario: &Scenario) -> Vec<ExclusionRecord> {
    scenario
        .exclusions
        .iter()
        .map(|exclusion| ExclusionRecord {
            province_id: exclusion.province.map(|p| scenario.provinces[p.0].id.clone()),
            site_id: exclusion.site.map(|s| scenario.sites[s.0].id.clone()),
            sector_id: exclusion.sector.map(|k| scenario.sectors[k.0].id.clone()),
            reason: exclusion.reason.clone(),
        })
        .collect()
}
