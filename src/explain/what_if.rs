//! Why a line or a site is funded or not: the other way is forced, and what gives way is shown.

use serde::Serialize;

use super::forced::forced;
use super::{Interval, Run, Shift, Subject, shifts};
use crate::domain::{Finding, LineId, ProvinceId, Scenario, SectorId, SiteId};
use crate::policy::RuleInstance;
use crate::search::{Observer, Settings};
use crate::solve::SolverError;
use crate::units::{Micro, Money};

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A line.
    Line(ProvinceId, SiteId, SectorId),
    /// All lines of a site.
    Site(SiteId),
}

/// Which way it was forced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// It gets money.
    In,
    /// It gets none.
    Out,
}

/// A rule without room in the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    /// Id of the rule.
    pub rule: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// The ids that it is about.
    pub scope: Vec<String>,
    /// What was found.
    pub measured: Option<f64>,
    /// What is asked.
    pub threshold: f64,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Ids of what was asked about.
    pub about: Vec<String>,
    /// Units of money that it gets in the plan.
    pub money: i64,
    /// Units of money that are needed there.
    pub need: i64,
    /// The recorded reason, where a safeguard excludes it.
    pub excluded: Option<String>,
    /// Which way it was forced.
    pub forced: Way,
    /// Whether there is a plan then; `None` where none was found in time.
    pub possible: Option<bool>,
    /// Replacement cost: how much worse the best plan is then.
    pub cost: Option<Interval>,
    /// What gives way.
    pub shifts: Vec<Shift>,
    /// Rules without room in the plan that look at it.
    pub binding: Vec<Binding>,
}

/// Whether a rule's instance is about what was asked: each of its ids is one of it, its region or level, or
/// a year; or it is about the whole programme. A site's own has the site among its ids.
fn looks_at(scenario: &Scenario, target: Target, about: &[String], scope: &[String]) -> bool {
    let (Target::Line(_, site, _) | Target::Site(site)) = target;
    let site = &scenario.sites[site.0];
    let region = &scenario.regions[site.region.0].id;
    let is_year = |id: &String| id.parse().is_ok_and(|year| scenario.year(year).is_some());
    let is_near = |id: &String| about.contains(id) || id == region || *id == site.level || is_year(id);
    scope.iter().all(is_near) || (matches!(target, Target::Site(_)) && scope.contains(&site.id))
}

/// Forces the other way. The demand that was added comes with it, for a conflict to be told where there is
/// no such plan. `None` where it is no candidate line.
///
/// # Errors
/// When a solver breaks down.
pub fn what_if(
    subject: &Subject,
    base: &Run,
    target: Target,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<(Answer, RuleInstance)>, SolverError> {
    let scenario = &subject.scenario;
    let lines: Vec<LineId> = match target {
        Target::Line(p, s, k) => scenario.find_line(p, s, k).into_iter().collect(),
        Target::Site(s) => scenario.line_ids().filter(|line| scenario.lines[line.0].site == s).collect(),
    };
    let (Some((plan, audit)), false) = (&base.found, lines.is_empty()) else { return Ok(None) };
    let money: Money = lines.iter().map(|&line| plan.on(scenario, line)).sum();
    let mut needs: Vec<usize> = lines.iter().map(|line| scenario.lines[line.0].need.0).collect();
    needs.sort_unstable();
    needs.dedup();
    let need: Money = needs.iter().map(|&need| scenario.needs[need].amount).sum();
    let way = if money > Money::ZERO { Way::Out } else { Way::In };
    let about = match target {
        Target::Line(..) => scenario.line_names(lines[0]).map(str::to_owned).to_vec(),
        Target::Site(s) => vec![scenario.sites[s.0].id.clone()],
    };
    let excluded = match target {
        Target::Line(p, s, k) => scenario.exclusion_of(p, s, k).map(|exclusion| exclusion.reason.clone()),
        Target::Site(_) => None,
    };
    let demand = forced(lines, way == Way::In);
    let mut other = subject.clone();
    other.policy.rules.push(demand.clone());
    let run = other.run(settings, observer)?;
    let plan_then = run.as_ref().and_then(Run::plan);
    let concerns = |finding: &&Finding| looks_at(scenario, target, &about, &finding.scope);
    let binding = audit.rules.iter().flat_map(|rule| {
        let tight = rule.findings.iter().filter(concerns).filter(|finding| finding.slack() < Micro::whole(1));
        tight.map(|finding| Binding {
            rule: rule.id.clone(),
            kind: rule.kind,
            scope: finding.scope.clone(),
            measured: finding.measure.measured(),
            threshold: finding.measure.threshold(),
        })
    });
    let answer = Answer {
        money: money.0,
        need: need.0,
        excluded,
        forced: way,
        possible: run.as_ref().map(|run| run.found.is_some()),
        cost: run.as_ref().filter(|run| run.found.is_some()).map(|run| Interval::gain(run, base)),
        shifts: plan_then.map(|then| shifts(scenario, plan, then)).unwrap_or_default(),
        binding: binding.filter(|binding| binding.kind != crate::audit::CANDIDATE_LINES).collect(),
        about,
    };
    Ok(Some((answer, demand)))
}
