//! The backbone: lines that every good plan funds, and lines that none does; and good plans that differ as
//! much as possible (modelling to generate alternatives: Brill, Chang and Hopkins, 1982).
//!
//! A plan is *good* when it keeps every hard rule and is within a share of the best plan that is known. Three
//! ways to know of a line, the cheapest first:
//!
//! * the bound by site with the line decided otherwise: where it is worse than what is good, that is proved;
//! * the good plans that were found: a line that one funds and another does not is in neither set;
//! * a solve with the line decided otherwise, for some of those that are left.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::forced::forced;
use super::{Run, Subject, sign};
use crate::domain::{LineId, Plan};
use crate::formulation::{Bundled, Firmness, Scaled, formulate};
use crate::model::{Builder, Sense, Terms};
use crate::objectives::{Assessment, Context, Objective};
use crate::policy::Stage;
use crate::search::{Ascent, Blocks, Observer, Settings};
use crate::solve::{Options, SolverError};
use crate::units::{Micro, Money, Ratio};

/// Most steps towards the best multipliers.
const STEPS: usize = 400;
/// They end when a step gains less than this part of the bound.
const WORTH: f64 = 1e-5;

/// What is known of a set of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Every good plan funds it: the bound without it is worse than what is good.
    InAll,
    /// No good plan funds it.
    InNone,
    /// Some do and some do not: both were found.
    InSome,
    /// Every good plan that was found funds it.
    InAllFound,
    /// No good plan that was found funds it.
    InNoneFound,
}

/// A line and what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BackboneLine {
    /// Who gives.
    pub province: String,
    /// Who receives.
    pub site: String,
    /// For what.
    pub sector: String,
    /// What is known.
    pub share: Share,
    /// Its money in each good plan that was found, the best one first.
    pub money: Vec<i64>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backbone {
    /// Largest distance from the best plan, as a share of its value.
    pub within: f64,
    /// Value of the main objective in each good plan.
    pub values: Vec<f64>,
    /// How many lines each good plan funds that the first one does not.
    pub new_lines: Vec<usize>,
    /// How many lines were settled by the bound by site alone.
    pub by_bound: usize,
    /// How many solves were spent on lines.
    pub solves: usize,
    /// Each candidate line.
    pub lines: Vec<BackboneLine>,
}

/// As few as possible of the lines that other plans fund.
#[derive(Debug)]
struct Different {
    /// How many plans fund each line.
    used: Vec<u32>,
}

impl Objective for Different {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let used = |line: LineId| f64::from(self.used[line.0]);
        let lines = context.scenario.line_ids().filter(|line| self.used[line.0] > 0);
        lines.map(|line| (builder.open(line), used(line))).collect()
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let funded = |line: &LineId| assessment.plan.on(context.scenario, *line) > Money::ZERO;
        let lines = context.scenario.line_ids().filter(funded);
        Micro::whole(lines.map(|line| i64::from(self.used[line.0])).sum())
    }

    fn in_money(&self) -> bool {
        false
    }
}

/// Finds it: some alternatives, and at most so many solves on single lines, each with a limit.
///
/// # Errors
/// When a solver breaks down.
pub fn backbone(
    subject: &Subject,
    base: &Run,
    (within, alternatives, solves): (f64, usize, usize),
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Backbone>, SolverError> {
    let Some(plan) = base.plan() else { return Ok(None) };
    let sense = subject.policy.stages[subject.main].objective.sense();
    let best = base.known().value;
    let good = best - within * best.abs();
    let mut known = Known { plans: vec![plan.clone()], values: vec![best] };
    for _ in 0..alternatives {
        if observer.stopped() {
            break;
        }
        let mut other = subject.clone();
        let used = subject.scenario.line_ids().map(|line| known.funding(subject, line));
        let used = used.map(|count| u32::try_from(count).unwrap_or(u32::MAX)).collect();
        // Not quite the whole share, so that the gap of this solve does not take the plan out of it.
        other.policy.stages[subject.main].tolerance =
            Ratio::from_f64((within * 0.8 * 1e6).round() / 1e6).unwrap_or_default();
        other.policy.stages.push(Stage {
            kind: "difference".to_owned(),
            parameters: toml::Table::new(),
            tolerance: Ratio::ZERO,
            gap: Some(0.05),
            objective: Arc::new(Different { used }),
        });
        let run = other.run(settings, observer)?;
        known.add(run, good);
    }
    let proved = by_bound(subject, good);
    let mut shares: Vec<Option<Share>> = proved.iter().map(|(share, _)| *share).collect();
    let settled = shares.iter().flatten().count();
    // Those about which the bound is surest first: the others will hardly be proved by a solve.
    let mut open: Vec<usize> = (0..shares.len()).filter(|&line| shares[line].is_none()).collect();
    open.sort_by(|&a, &b| proved[b].1.abs().total_cmp(&proved[a].1.abs()));
    let mut spent = 0;
    for line in open {
        let funding = known.funding(subject, LineId(line));
        let is_mixed = funding > 0 && funding < known.plans.len();
        if is_mixed || spent >= solves || observer.stopped() {
            continue;
        }
        spent += 1;
        let mut other = subject.clone();
        other.policy.rules.push(forced(vec![LineId(line)], funding == 0));
        let time_limit =
            settings.options.time_limit.or_else(|| Some(Duration::from_secs_f64(2.0 * base.seconds)));
        let options = Options { time_limit, ..settings.options.clone() };
        let run = other.run(Settings { solver: settings.solver, options: &options }, observer)?;
        let worse = run
            .as_ref()
            .is_some_and(|run| run.found.is_none() || run.known().bound.is_some_and(|bound| bound < good));
        if worse {
            shares[line] = Some(if funding == 0 { Share::InNone } else { Share::InAll });
        } else {
            known.add(run, good);
        }
    }
    let first = known.plans[0].clone();
    let new_lines = known.plans.iter().map(|plan| {
        plan.lines().iter().filter(|line| first.find(line.province, line.site, line.sector).is_none()).count()
    });
    let new_lines = new_lines.collect();
    let lines = shares.into_iter().enumerate().map(|(line, share)| known.line(subject, LineId(line), share));
    let lines = lines.collect();
    let values = known.values.iter().map(|value| sign(sense) * value).collect();
    Ok(Some(Backbone { within, values, new_lines, by_bound: settled, solves: spent, lines }))
}

/// The good plans that were found.
struct Known {
    plans: Vec<Plan>,
    /// Value of each; more is better.
    values: Vec<f64>,
}

impl Known {
    /// Keeps the plan of a run, where it is good and new.
    fn add(&mut self, run: Option<Run>, good: f64) {
        let Some((value, (plan, _))) = run.and_then(|run| Some((run.known().value, run.found?))) else {
            return;
        };
        if value >= good && !self.plans.contains(&plan) {
            self.plans.push(plan);
            self.values.push(value);
        }
    }

    /// How many of them fund a line.
    fn funding(&self, subject: &Subject, line: LineId) -> usize {
        self.plans.iter().filter(|plan| plan.on(&subject.scenario, line) > Money::ZERO).count()
    }

    fn line(&self, subject: &Subject, line: LineId, proved: Option<Share>) -> BackboneLine {
        let [province, site, sector] = subject.scenario.line_names(line).map(str::to_owned);
        let funding = self.funding(subject, line);
        let found = match funding {
            0 => Share::InNoneFound,
            all if all == self.plans.len() => Share::InAllFound,
            _ => Share::InSome,
        };
        let money = self.plans.iter().map(|plan| plan.on(&subject.scenario, line).0).collect();
        BackboneLine { province, site, sector, share: proved.unwrap_or(found), money }
    }
}

/// What the bound by site says of each line, and by how much it is worse with the line decided otherwise, in
/// a solver's units. Nothing where the problem cannot be taken apart by site.
fn by_bound(subject: &Subject, good: f64) -> Vec<(Option<Share>, f64)> {
    let Subject { scenario, policy, main } = subject;
    let mut said = vec![(None, 0.0); scenario.lines.len()];
    let formulation = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let bundled = Bundled::of(&formulation);
    let mut scaled = Scaled::new(&bundled.model, scenario.budget_sum().as_f64());
    let stage = &bundled.stages[*main];
    let factor = scaled.set_objective(&stage.terms, stage.sense);
    let problem = &scaled.problem;
    let Some(blocks) = Blocks::of(scenario, &formulation.built, &bundled, problem) else { return said };
    let mut ascent = Ascent::new(&blocks, problem, 1, None);
    for _ in 0..STEPS {
        if ascent.is_done(WORTH) {
            break;
        }
        ascent.step(problem, None);
    }
    // A plan is good up to this cost; a solver's last digits are left to it.
    let most = good * sign(stage.sense) / factor;
    let most = most + 1e-7 * most.abs().max(1.0);
    let regrets = blocks.regrets(problem, ascent.multipliers());
    for line in scenario.line_ids() {
        let Some(open) = formulation.built.open(line) else { continue };
        let regret = regrets[bundled.column(open).0];
        let share = if regret < 0.0 { Share::InAll } else { Share::InNone };
        said[line.0] = ((ascent.bound() + regret.abs() > most).then_some(share), regret);
    }
    said
}
