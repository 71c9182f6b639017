//! What a rule costs: how much better the best plan would be without it, and along its threshold.

use std::time::Duration;

use serde::Serialize;

use super::{EarlierStage, Interval, Run, Shift, Subject, shifts};
use crate::conflict::Reopen;
use crate::domain::Text;
use crate::model::Strength;
use crate::search::{Observer, Settings};
use crate::solve::{Options, SolverError};

/// Solving without each rule takes at most so many times as long as solving with all of them.
const TIMES: f64 = 2.0;
/// Shortest time for one of them.
const SHORTEST: Duration = Duration::from_millis(20);

/// The price of a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RulePrice {
    /// Id in the policy.
    pub id: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// Title.
    pub title: Text,
    /// Whether it is hard.
    pub hard: bool,
    /// How much better the best plan is without it; nothing is known where the time did not suffice.
    pub price: Interval,
    /// Stages before the main one in which it makes a difference: with it, and without.
    pub earlier: Vec<EarlierStage>,
    /// Value of the best plan found without it.
    pub value: Option<f64>,
    /// Bound without it.
    pub bound: Option<f64>,
    /// What changes without it.
    pub shifts: Vec<Shift>,
    /// Seconds of solving without it.
    pub seconds: f64,
}

/// Solves without a rule.
///
/// # Errors
/// When a solver breaks down.
pub fn price(
    subject: &Subject,
    base: &Run,
    rule: usize,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<RulePrice, SolverError> {
    let instance = &subject.policy.rules[rule];
    let mut without = subject.clone();
    without.policy.rules.remove(rule);
    let started = std::time::Instant::now();
    let run = without.run(settings, observer)?.filter(|run| run.found.is_some());
    // The plan that there is keeps the other rules too.
    let unknown = Interval { least: (subject.main == 0).then_some(0.0), most: None };
    let (value, bound) = run.as_ref().map_or((None, None), |run| {
        let (value, bound) = run.value_and_bound();
        (Some(value), bound)
    });
    let changed = run.as_ref().and_then(|run| Some(shifts(&subject.scenario, base.plan()?, run.plan()?)));
    Ok(RulePrice {
        id: instance.id.clone(),
        kind: instance.kind.id,
        title: instance.title.clone(),
        hard: instance.strength == Strength::Hard,
        earlier: run.as_ref().map(|run| EarlierStage::of(base, run)).unwrap_or_default(),
        price: run.as_ref().map_or(unknown, |run| Interval::gain(base, run)),
        value,
        bound,
        shifts: changed.unwrap_or_default(),
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// Prices of all rules, in at most twice the time of one solve.
///
/// # Errors
/// When a solver breaks down.
pub fn prices(
    subject: &Subject,
    base: &Run,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<RulePrice>, SolverError> {
    let mut left = Duration::from_secs_f64(TIMES * base.seconds);
    let mut all = Vec::new();
    for rule in 0..subject.policy.rules.len() {
        // What a quick one leaves, the others have.
        let share = left.div_f64((subject.policy.rules.len() - rule) as f64).max(SHORTEST);
        let options = Options { time_limit: Some(share), ..settings.options.clone() };
        let limited = Settings { solver: settings.solver, options: &options };
        let found = price(subject, base, rule, limited, observer)?;
        left = left.saturating_sub(Duration::from_secs_f64(found.seconds));
        all.push(found);
        if observer.stopped() {
            break;
        }
    }
    Ok(all)
}

/// The best plan with another threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The parameter.
    pub key: String,
    /// Its value.
    pub threshold: f64,
    /// Value of the best plan found; none where there is no plan.
    pub value: Option<f64>,
    /// Bound.
    pub bound: Option<f64>,
}

/// Thresholds of a curve, as multiples of the one that is in force.
const MULTIPLES: [f64; 7] = [0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5];

/// Best plans along the first number among a rule's parameters. `reopen` reads scenario and policy with a
/// change. Empty where the rule has no number of its own.
///
/// # Errors
/// When a solver breaks down.
pub fn curve(
    subject: &Subject,
    rule: usize,
    reopen: Reopen<'_>,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<CurvePoint>, SolverError> {
    let instance = &subject.policy.rules[rule];
    let numbers = instance.parameters.iter().filter_map(|(key, value)| {
        let whole = value.as_integer();
        Some((key, whole.map(|whole| whole as f64).or_else(|| value.as_float())?, key == "number"))
    });
    // A share or an amount says more than a count.
    let Some((key, now, whole)) = numbers.min_by_key(|(_, _, whole)| *whole) else { return Ok(Vec::new()) };
    let mut thresholds: Vec<f64> = MULTIPLES
        .iter()
        .map(|multiple| if whole { (now * multiple).round() } else { (now * multiple * 1e6).round() / 1e6 })
        .collect();
    thresholds.dedup();
    let mut points = Vec::new();
    for threshold in thresholds {
        let set = format!("policy.rules.{}.{key}={threshold}", instance.id);
        let mut point = CurvePoint { key: key.clone(), threshold, value: None, bound: None };
        if let Some((scenario, policy)) = reopen(&[set]) {
            let run = Subject::new(scenario, policy).run(settings, observer)?;
            if let Some(run) = run.filter(|run| run.found.is_some()) {
                let (value, bound) = run.value_and_bound();
                (point.value, point.bound) = (Some(value), bound);
            }
        }
        points.push(point);
    }
    Ok(points)
}
