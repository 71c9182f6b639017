//! A finished run in a few numbers, collected row by row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::base::Base;
use super::choose::Chosen;
use super::front::{Collector, Front};
use super::ledger::{Ledger, LedgerError};
use super::point::{How, Row};

/// Smallest, mean and largest of a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// Smallest.
    pub least: f64,
    /// Mean.
    pub mean: f64,
    /// Largest.
    pub most: f64,
}

/// What one parameter does by itself: a bar of a tornado.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// The parameter.
    pub parameter: String,
    /// Its value where the objective is lowest, and the objective there.
    pub least: (String, f64),
    /// Its value where the objective is highest, and the objective there.
    pub most: (String, f64),
    /// Points at which there was no plan.
    pub without: usize,
}

/// How often a line is funded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LineShare {
    /// Province, site and sector.
    pub line: [String; 3],
    /// In how many of the points with a plan.
    pub points: usize,
}

/// A run in a few numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Title of the study.
    pub title: String,
    /// SHA-256 of input, study, options and version.
    pub run: String,
    /// Points that are there.
    pub points: usize,
    /// Points by status.
    pub by_status: BTreeMap<String, usize>,
    /// Points that were settled without solving.
    pub settled: usize,
    /// Points for which lines from before were good enough, with the money placed anew.
    pub reallocated: usize,
    /// Kind of the main objective.
    pub objective: Option<String>,
    /// Values of the main objective.
    pub value: Option<Range>,
    /// Largest gap of the main objective.
    pub gap: Option<f64>,
    /// Metrics over the points with a plan.
    pub metrics: BTreeMap<String, Range>,
    /// Value of the base, where a point is the base.
    pub base: Option<f64>,
    /// For designs of one at a time: each parameter's own effect, the largest first.
    pub effects: Vec<Effect>,
    /// For fronts.
    pub front: Option<Front>,
    /// Distinct plans.
    pub plans: usize,
    /// Lines that some plan funds, the most stable first.
    pub lines: Vec<LineShare>,
    /// Reasons why there is no plan: the most frequent ones, each with how often.
    pub reasons: Vec<(String, usize)>,
    /// The choice, where one was asked for.
    pub chosen: Option<Chosen>,
}

#[derive(Default)]
struct Spread {
    count: usize,
    sum: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn see(&mut self, number: f64) {
        (self.least, self.most) =
            if self.count == 0 { (number, number) } else { (self.least.min(number), self.most.max(number)) };
        self.sum += number;
        self.count += 1;
    }

    fn range(&self) -> Option<Range> {
        let (least, most) = (self.least, self.most);
        (self.count > 0).then(|| Range { least, mean: self.sum / self.count as f64, most })
    }
}

/// Reasons that are kept.
const REASONS: usize = 10;

impl Summary {
    /// Sums a run up.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn of(title: &str, base: &Base<'_>, ledger: &Ledger) -> Result<Self, LedgerError> {
        let (mut by_status, mut reasons) = (BTreeMap::new(), BTreeMap::<String, usize>::new());
        let mut metrics: BTreeMap<String, Spread> = BTreeMap::new();
        let (mut value, mut gap) = (Spread::default(), Spread::default());
        let (mut settled, mut reallocated, mut points) = (0, 0, 0);
        let (mut objective, mut of_base) = (None, None);
        let mut effects: BTreeMap<String, Effect> = BTreeMap::new();
        let mut front = Collector::new(&base.objectives);
        let mut plans: BTreeMap<String, usize> = BTreeMap::new();
        ledger.each_row::<LedgerError>(&base.key, |row| {
            points += 1;
            *by_status.entry(row.status.clone()).or_default() += 1;
            settled += usize::from(row.how == Some(How::Settled));
            reallocated += usize::from(row.how == Some(How::Reallocated));
            front.see(&row);
            if base.points.is_one_at_a_time() {
                effect(&row, &mut effects, &mut of_base);
            }
            if !row.has_plan() {
                *reasons.entry(row.reason.clone().unwrap_or_default()).or_default() += 1;
                return Ok(());
            }
            row.value.into_iter().for_each(|number| value.see(number));
            row.gap.into_iter().for_each(|number| gap.see(number));
            for (id, number) in &row.metrics {
                number
                    .as_f64()
                    .into_iter()
                    .for_each(|number| metrics.entry(id.clone()).or_default().see(number));
            }
            objective = row.objective.or(objective.take());
            *plans.entry(row.plan.unwrap_or_default()).or_default() += 1;
            Ok(())
        })?;
        let mut effects: Vec<Effect> = effects.into_values().collect();
        let swing = |effect: &Effect| {
            let base = of_base.unwrap_or(effect.least.1);
            (effect.most.1 - base).abs().max((effect.least.1 - base).abs())
        };
        effects.retain(|effect| effect.least.1.is_finite() || effect.without > 0);
        effects.sort_by(|a, b| swing(b).total_cmp(&swing(a)).then(a.parameter.cmp(&b.parameter)));
        let mut reasons: Vec<(String, usize)> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        reasons.truncate(REASONS);
        Ok(Self {
            title: title.to_owned(),
            run: base.key.clone(),
            points,
            by_status,
            settled,
            reallocated,
            objective,
            value: value.range(),
            gap: gap.range().map(|range| range.most),
            metrics: metrics.into_iter().filter_map(|(id, spread)| Some((id, spread.range()?))).collect(),
            base: of_base,
            effects,
            front: (!base.objectives.is_empty()).then(|| front.finish()),
            plans: plans.len(),
            lines: lines(ledger, &plans)?,
            reasons,
            chosen: None,
        })
    }
}

fn effect(row: &Row, effects: &mut BTreeMap<String, Effect>, of_base: &mut Option<f64>) {
    let mut changed = row.parameters.iter().filter(|(_, value)| !value.is_null());
    let Some((parameter, at)) = changed.next() else {
        *of_base = row.value;
        return;
    };
    let at = at.as_str().map_or_else(|| at.to_string(), str::to_owned);
    let effect = effects.entry(parameter.clone()).or_insert_with(|| Effect {
        parameter: parameter.clone(),
        least: (String::new(), f64::INFINITY),
        most: (String::new(), f64::NEG_INFINITY),
        without: 0,
    });
    match row.value.filter(|_| row.has_plan()) {
        None => effect.without += 1,
        Some(value) => {
            if value < effect.least.1 {
                effect.least = (at.clone(), value);
            }
            if value > effect.most.1 {
                effect.most = (at, value);
            }
        }
    }
}

/// How often each line is funded.
fn lines(ledger: &Ledger, plans: &BTreeMap<String, usize>) -> Result<Vec<LineShare>, LedgerError> {
    let mut lines: BTreeMap<[String; 3], usize> = BTreeMap::new();
    for (digest, count) in plans {
        let text = ledger.plan(digest)?.unwrap_or_default();
        let mut funded: Vec<[String; 3]> = text
            .lines()
            .skip(1)
            .filter_map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                (cells.len() == 5 && !cells[3].is_empty()).then(|| [0, 1, 2].map(|at| cells[at].to_owned()))
            })
            .collect();
        funded.sort();
        funded.dedup();
        for line in funded {
            *lines.entry(line).or_default() += count;
        }
    }
    let mut shares: Vec<LineShare> =
        lines.into_iter().map(|(line, points)| LineShare { line, points }).collect();
    shares.sort_by(|a, b| b.points.cmp(&a.points).then(a.line.cmp(&b.line)));
    Ok(shares)
}
