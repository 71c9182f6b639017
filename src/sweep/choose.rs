//! A choice before it is known which point comes true: which lines are opened is decided now, how much money goes
//! where is decided then. Candidates are the sets of lines of plans that the sweep found; each is solved again at
//! every point with no other lines. Regret is what the best plan of the point has over it (Savage, 1951).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::base::{Base, Opened};
use super::ledger::Ledger;
use super::runner::{SweepError, read_plan};
use super::study::Study;
use crate::domain::{Exclusion, Plan, Scenario, Text};
use crate::model::{Sense, Strength};
use crate::policy::{Policy, RuleInstance};
use crate::rules::Registry;
use crate::search::{self, Outcome, Settings, Unobserved};
use crate::solve::{Options, solvers};

/// Most candidates.
const MOST: usize = 8;

/// What the choice looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Least largest regret.
    Regret,
    /// Best mean.
    Mean,
    /// Best worst case.
    Worst,
}

/// A set of lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The plan that it is of.
    pub plan: String,
    /// The first point that has this plan.
    pub point: usize,
    /// How many lines.
    pub lines: usize,
    /// At how many points nothing can be done with them.
    pub without: usize,
    /// Largest regret over the points where something can, in units of the main objective.
    pub regret: Option<f64>,
    /// Mean value there.
    pub mean: Option<f64>,
    /// Worst value there.
    pub worst: Option<f64>,
}

/// The choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// What it looked at.
    pub criterion: Criterion,
    /// Points with a plan.
    pub points: usize,
    /// Distinct plans of the sweep; those of the most points are candidates.
    pub plans: usize,
    /// The candidates, the chosen one first. One with which something can be done at more points comes before.
    pub candidates: Vec<Candidate>,
}

/// Chooses among the plans of a finished run.
///
/// # Errors
/// What stands in the way.
pub fn choose(
    study: &Study,
    base: &Base<'_>,
    registry: &Registry,
    threads: usize,
    ledger: &Ledger,
    criterion: Criterion,
) -> Result<Chosen, SweepError> {
    let mut plans: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut best: Vec<(usize, f64)> = Vec::new();
    ledger.each_row::<SweepError>(&base.key, |row| {
        if let (true, Some(plan), Some(value)) = (row.has_plan(), row.plan, row.value) {
            best.push((row.point, value));
            plans.entry(plan).or_insert((0, row.point)).0 += 1;
        }
        Ok(())
    })?;
    let mut order: Vec<(String, (usize, usize))> = plans.clone().into_iter().collect();
    order.sort_by_key(|(_, (count, point))| (std::cmp::Reverse(*count), *point));
    let mut sets: Vec<(String, usize, Plan)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (digest, (_, point)) in order {
        let text = ledger.plan(&digest)?.unwrap_or_default();
        let Some(plan) = read_plan(&text, &base.opened.scenario) else { continue };
        let keys: Vec<_> = plan.lines().iter().map(crate::domain::PlanLine::key).collect();
        if seen.insert(keys) {
            sets.push((digest, point, plan));
        }
        if sets.len() == MOST {
            break;
        }
    }
    let values = values(study, base, registry, threads, &sets, &best)?;
    let sign = sense(&base.opened.policy);
    let mut candidates: Vec<Candidate> = sets
        .into_iter()
        .zip(values)
        .map(|((digest, point, plan), values)| candidate((digest, point, &plan), &values, &best, sign))
        .collect();
    // Worse is larger.
    let badness = |candidate: &Candidate| match criterion {
        Criterion::Regret => candidate.regret,
        Criterion::Mean => candidate.mean.map(|mean| -sign * mean),
        Criterion::Worst => candidate.worst.map(|worst| -sign * worst),
    };
    let key = |candidate: &Candidate| (candidate.without, badness(candidate).unwrap_or(f64::INFINITY));
    candidates.sort_by(|a, b| {
        let ((a_without, a_bad), (b_without, b_bad)) = (key(a), key(b));
        a_without.cmp(&b_without).then(a_bad.total_cmp(&b_bad)).then(a.point.cmp(&b.point))
    });
    Ok(Chosen { criterion, points: best.len(), plans: plans.len(), candidates })
}

/// 1 where more of the main objective is better, −1 where less is.
fn sense(policy: &Policy) -> f64 {
    let main = policy.stages.iter().find(|stage| !stage.objective.prices_shortfall());
    if main.is_some_and(|stage| stage.objective.sense() == Sense::Minimise) { -1.0 } else { 1.0 }
}

fn candidate(
    (digest, point, plan): (String, usize, &Plan),
    values: &[Option<f64>],
    best: &[(usize, f64)],
    sign: f64,
) -> Candidate {
    let there: Vec<(f64, f64)> =
        values.iter().zip(best).filter_map(|(value, (_, best))| Some(((*value)?, *best))).collect();
    let most = |numbers: &mut dyn Iterator<Item = f64>| numbers.reduce(f64::max);
    let count = there.len() as f64;
    Candidate {
        plan: digest,
        point,
        lines: plan.lines().len(),
        without: values.len() - there.len(),
        regret: most(&mut there.iter().map(|(value, best)| (sign * (best - value)).max(0.0))),
        mean: (count > 0.0).then(|| there.iter().map(|(value, _)| value).sum::<f64>() / count),
        worst: most(&mut there.iter().map(|(value, _)| -sign * value)).map(|worst| -sign * worst),
    }
}

/// What each set of lines is worth at each point: sets × points.
fn values(
    study: &Study,
    base: &Base<'_>,
    registry: &Registry,
    threads: usize,
    sets: &[(String, usize, Plan)],
    points: &[(usize, f64)],
) -> Result<Vec<Vec<Option<f64>>>, SweepError> {
    let _ = base;
    let part = |points: &[(usize, f64)]| -> Result<Vec<Vec<Option<f64>>>, SweepError> {
        let base = Base::open(study, registry).map_err(SweepError::Input)?;
        let options = Options { gap: study.gap, ..Options::default() };
        let settings = Settings { solver: solvers()[0], options: &options };
        let mut values = vec![Vec::new(); sets.len()];
        for (point, _) in points {
            let opened = base.at(&base.points.point(*point)).ok();
            for (values, (_, _, plan)) in values.iter_mut().zip(sets) {
                values.push(match &opened {
                    Some(opened) => value(opened, plan, registry, settings)?,
                    None => None,
                });
            }
        }
        Ok(values)
    };
    let size = points.len().div_ceil(threads.max(1)).max(1);
    let parts = std::thread::scope(|scope| {
        let parts: Vec<_> = points.chunks(size).map(|points| scope.spawn(|| part(points))).collect();
        parts
            .into_iter()
            .map(|part| match part.join() {
                Ok(part) => part,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect::<Result<Vec<_>, _>>()
    })?;
    let mut values = vec![Vec::new(); sets.len()];
    for part in parts {
        for (all, values) in values.iter_mut().zip(part) {
            all.extend(values);
        }
    }
    Ok(values)
}

/// What can be reached with the lines of a plan and no other; `None` where nothing can.
fn value(
    opened: &Opened,
    plan: &Plan,
    registry: &Registry,
    settings: Settings<'_>,
) -> Result<Option<f64>, SweepError> {
    let (scenario, policy) = narrowed(opened, plan, registry);
    let Outcome::Plan(proposal) = search::search(&scenario, &policy, settings, &mut Unobserved)? else {
        return Ok(None);
    };
    let audit = crate::audit::audit(&scenario, &policy, &proposal.plan);
    Ok(audit.values.last().filter(|_| audit.passes()).map(|value| value.as_f64()))
}

/// The programme with the lines of a plan and no other, up to the main objective.
fn narrowed(opened: &Opened, plan: &Plan, registry: &Registry) -> (Scenario, Policy) {
    let (mut scenario, mut policy) = (opened.scenario.clone(), opened.policy.clone());
    let open: BTreeSet<_> = plan.lines().iter().map(crate::domain::PlanLine::key).collect();
    let closed =
        scenario.lines.iter().filter(|line| !open.contains(&(line.province, line.site, line.sector)));
    let exclusions: Vec<Exclusion> = closed
        .map(|line| Exclusion {
            province: Some(line.province),
            site: Some(line.site),
            sector: Some(line.sector),
            reason: "not among the lines that were chosen".to_owned(),
        })
        .collect();
    scenario.exclusions.extend(exclusions);
    if !policy.rules.iter().any(|rule| rule.kind.id == "exclusion")
        && let Some(kind) = registry.find("exclusion")
        && let Ok(rule) = (kind.parse)(toml::Table::new())
    {
        policy.rules.push(RuleInstance {
            id: "CHOICE".to_owned(),
            kind: kind.clone(),
            title: Text::default(),
            source: String::new(),
            strength: Strength::Hard,
            rule,
            parameters: toml::Table::new(),
            place: crate::diagnostics::Place::default(),
        });
    }
    let main = policy.stages.iter().position(|stage| !stage.objective.prices_shortfall()).unwrap_or(0);
    policy.stages.truncate(main + 1);
    (scenario, policy)
}
