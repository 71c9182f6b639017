//! When there is no plan: which rules and which numbers of the tables cannot hold together, a proof of it
//! where one is found, and the cheapest changes any one of which is enough.
//!
//! 1. The linear relaxation in which every row may be missed at a price. Where something is missed, only rows
//!    with a dual value can be to blame; else all rules are asked, with their yes-or-no decisions.
//! 2. A smallest conflict of these: by a deletion filter in the relaxation, which answers quickly, where that sees it;
//!    else by `QuickXplain`.
//! 3. A proof in integers (see [`proof`]).
//! 4. Each member is taken out: where the others then have a plan, it is needed for the conflict.
//! 5. The same without the rows that were found, for further conflicts: those share no row.
//! 6. Repairs: every number on which a row rests is moved as little as will do, and the scenario so changed
//!    is read and solved.

mod elastic;
mod implied;
mod proof;
mod quickxplain;
mod repair;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::domain::Scenario;
use crate::input::Places;
use crate::model::{Name, Strength};
use crate::policy::Policy;
use crate::search::{Observer, Settings};
use crate::solve::SolverError;
use elastic::{Elastic, Verdict};
pub use proof::{Balance, Proof};
use quickxplain::quickxplain;
pub use repair::{Repair, Verified, Written, set_of_cell};

/// Longest time for all of it, where no time limit is given.
const LONGEST: Duration = Duration::from_secs(60);
/// Most members of a conflict of which it is asked whether each is needed: more, nobody reads one by one.
const MOST_TRIED: usize = 40;
/// Most members of a conflict of which the least change is asked.
const MOST_MEASURED: usize = 12;

/// Whether a row belongs to a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// Without it the others have a plan.
    Proved,
    /// Whether the others have a plan without it was not known in time.
    Possible,
}

/// A row of a rule that cannot be met together with the others.
#[derive(Debug, Clone)]
pub struct Member {
    /// Position of the rule in the policy.
    pub rule: usize,
    /// The ids that the row is about.
    pub scope: Vec<String>,
    /// Which of the rule's rows, where it has several on one subject.
    pub part: &'static str,
    /// Least and largest amount that the row lets through, where it has one of its own and not zero.
    pub limit: Option<(f64, f64)>,
    /// Whether it is measured in money, and not in counts.
    pub in_money: bool,
    /// Whether it is needed for the conflict.
    pub membership: Membership,
    /// By how much it must give when the others are kept.
    pub short_by: Option<f64>,
    /// The numbers on which it rests, and where they are written.
    pub rests_on: Vec<Written>,
}

/// Rows that cannot be met together.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// Its members, rule by rule.
    pub members: Vec<Member>,
    /// A proof in integers; without one it is the solver's claim.
    pub proof: Option<Proof>,
    /// Changes any one of which takes it away, the smallest first.
    pub repairs: Vec<Repair>,
}

/// A row that gives in the cheapest way to make room.
#[derive(Debug, Clone, PartialEq)]
pub struct MustGive {
    /// Position of the rule in the policy.
    pub rule: usize,
    /// The ids that the row is about.
    pub scope: Vec<String>,
    /// By how much: units of money, or a count.
    pub by: f64,
    /// Whether `by` is money.
    pub in_money: bool,
}

/// Whether there is more than was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Further {
    /// Without the rows that were found there is a plan.
    None,
    /// There is another conflict.
    Some,
    /// Not known in time.
    Unknown,
}

/// Why there is no plan.
#[derive(Debug, Clone)]
pub struct Infeasibility {
    /// Conflicts that share no row.
    pub conflicts: Vec<Conflict>,
    /// Whether there are others.
    pub further: Further,
    /// One way to make room for a plan, at the least sum of changes.
    pub least_change: Vec<MustGive>,
    /// Seconds that it took.
    pub seconds: f64,
}

/// Reads scenario and policy again with more of what `--set` takes; `None` where they then have errors.
pub type Reopen<'a> = &'a dyn Fn(&[String]) -> Option<(Scenario, Policy)>;

/// A scenario and its policy as they were read, and a way to read them again with changes.
pub struct Case<'a> {
    /// The programme.
    pub scenario: &'a Scenario,
    /// Its policy.
    pub policy: &'a Policy,
    /// Where the scenario's numbers are written.
    pub places: &'a Places,
    /// Reads both again.
    pub reopen: Reopen<'a>,
}

/// Says why a scenario has no plan: at most so many conflicts.
///
/// # Errors
/// When a solver breaks down.
pub fn explain(
    case: &Case<'_>,
    most: usize,
    settings: Settings<'_>,
    observer: &mut dyn Observer,
) -> Result<Infeasibility, SolverError> {
    let started = Instant::now();
    let longest = settings.options.time_limit.unwrap_or(LONGEST);
    observer.stage("conflict");
    // What a policy calls soft gives way by itself.
    let mut hard = case.policy.clone();
    hard.rules.retain(|rule| rule.strength == Strength::Hard);
    let solving = (settings.solver, settings.options);
    let mut whole = Elastic::new(case.scenario, &hard, solving, started + longest.mul_f64(0.4))?;
    let mut on = vec![true; whole.demands.len()];
    let (mut conflicts, mut cores) = (Vec::new(), Vec::new());
    let mut further = Further::Unknown;
    while !observer.stopped() {
        let rows = match find(&mut whole, &on)? {
            Found::Rows(_) if conflicts.len() == most => {
                further = Further::Some;
                break;
            }
            Found::Rows(rows) if !rows.is_empty() => rows,
            Found::Nothing => {
                further = Further::None;
                break;
            }
            Found::Rows(_) | Found::Unknown => break,
        };
        let names: Vec<Name> = rows.iter().map(|&row| whole.name(row).clone()).collect();
        let core = Core::new(case, &hard, &names, solving, started + longest.mul_f64(0.6))?;
        rows.iter().filter(|&&row| core.holds(whole.name(row), &hard)).for_each(|&row| on[row] = false);
        conflicts.push(core.conflict);
        cores.push(core.rows);
    }
    observer.stage("repairs");
    repair::add(case, &mut conflicts, &cores, further, settings, started + longest.mul_f64(0.95))?;
    whole.deadline = started + longest;
    let least_change = whole.least_change()?;
    let least_change = least_change.into_iter().map(|(demand, by)| MustGive {
        rule: position(case.policy, &hard, whole.demands[demand].rule),
        scope: whole.name(demand).subject.ids(case.scenario),
        by,
        in_money: whole.in_money(demand),
    });
    let least_change = least_change.collect();
    Ok(Infeasibility { conflicts, further, least_change, seconds: started.elapsed().as_secs_f64() })
}

/// One way to make room for a plan, at the least sum of changes; none where it was not found in a few seconds.
///
/// # Errors
/// When a solver breaks down.
pub fn must_give(
    scenario: &Scenario,
    policy: &Policy,
    settings: Settings<'_>,
) -> Result<Vec<MustGive>, SolverError> {
    let mut hard = policy.clone();
    hard.rules.retain(|rule| rule.strength == Strength::Hard);
    let solving = (settings.solver, settings.options);
    let whole = Elastic::new(scenario, &hard, solving, Instant::now() + LONGEST)?;
    let changes = whole.least_change()?;
    Ok(changes
        .into_iter()
        .map(|(demand, by)| MustGive {
            rule: position(policy, &hard, whole.demands[demand].rule),
            scope: whole.name(demand).subject.ids(scenario),
            by,
            in_money: whole.in_money(demand),
        })
        .collect())
}

/// Position in the policy of a rule of its hard part.
fn position(policy: &Policy, part: &Policy, rule: usize) -> usize {
    policy.rules.iter().position(|other| other.id == part.rules[rule].id).unwrap_or(rule)
}

enum Found {
    /// Rows among which there is a conflict.
    Rows(Vec<usize>),
    /// There is none.
    Nothing,
    /// Not known in time.
    Unknown,
}

/// Rows of a few rules among which there is a conflict.
fn find(whole: &mut Elastic<'_>, on: &[bool]) -> Result<Found, SolverError> {
    let Some(relaxed) = whole.relaxed(on)? else { return Ok(Found::Unknown) };
    let mut rows: Vec<usize> = (0..on.len()).filter(|&row| on[row]).collect();
    let linear = relaxed.is_short();
    if linear && let Some(duals) = &relaxed.duals {
        let speaks = whole.speakers(duals);
        rows.retain(|&row| speaks[row]);
    }
    if linear {
        return Ok(Found::Rows(rows));
    }
    match whole.verdict(on)? {
        Verdict::Never => {}
        Verdict::Together => return Ok(Found::Nothing),
        Verdict::Unknown => return Ok(Found::Unknown),
    }
    let mut asked = vec![false; on.len()];
    let mut rules: Vec<usize> = rows.iter().map(|&row| whole.demands[row].rule).collect();
    rules.dedup();
    let found = quickxplain(rules.len(), &mut |part: &[usize]| {
        for row in 0..on.len() {
            let rule = whole.demands[row].rule;
            asked[row] = on[row] && part.iter().any(|&item| rules[item] == rule);
        }
        Ok::<_, SolverError>(whole.verdict(&asked)? == Verdict::Never)
    })?;
    rows.retain(|&row| found.iter().any(|&item| rules[item] == whole.demands[row].rule));
    Ok(Found::Rows(rows))
}

/// A row by the id of its rule, its ids and its part: the same when the scenario is read with other numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RowKey {
    rule: String,
    scope: Vec<String>,
    part: &'static str,
}

impl RowKey {
    fn of(name: &Name, scenario: &Scenario, policy: &Policy) -> Self {
        let rule = name.rule.map(|rule| policy.rules[rule].id.clone()).unwrap_or_default();
        Self { rule, scope: name.subject.ids(scenario), part: name.part }
    }
}

/// The rules of some rows.
fn part_of(policy: &Policy, rows: &[RowKey]) -> Policy {
    let mut part = policy.clone();
    part.rules.retain(|rule| rows.iter().any(|row| row.rule == rule.id));
    part
}

/// A conflict with the rows in it.
struct Core<'a> {
    conflict: Conflict,
    rows: Vec<RowKey>,
    scenario: &'a Scenario,
}

impl<'a> Core<'a> {
    /// Takes rows out as long as there is no plan, in a model of their rules alone.
    fn new(
        case: &Case<'a>,
        hard: &Policy,
        names: &[Name],
        solving: (&'a dyn crate::solve::Solver, &crate::solve::Options),
        deadline: Instant,
    ) -> Result<Self, SolverError> {
        let scenario = case.scenario;
        let keys: Vec<RowKey> = names.iter().map(|name| RowKey::of(name, scenario, hard)).collect();
        let part = part_of(hard, &keys);
        let mut model = Elastic::new(scenario, &part, solving, deadline)?;
        let mut on = switched_on(&model, scenario, &part, &keys);
        if !model.shrink(&mut on)? {
            let rows: Vec<usize> = (0..on.len()).filter(|&row| on[row]).collect();
            let mut asked = vec![false; on.len()];
            let found = quickxplain(rows.len(), &mut |part: &[usize]| {
                asked.fill(false);
                for &item in part {
                    asked[rows[item]] = true;
                }
                Ok::<_, SolverError>(model.verdict(&asked)? == Verdict::Never)
            })?;
            on.fill(false);
            for item in found {
                on[rows[item]] = true;
            }
        }
        let mut proof = proof::prove(&mut model, &on)?;
        // What yes-or-no decisions rule out by themselves can need fewer rows than the relaxation did.
        let all = on.clone();
        let is_short_list = on.iter().filter(|on| **on).count() <= MOST_TRIED;
        let mut memberships = BTreeMap::new();
        for row in 0..on.len() {
            if !std::mem::replace(&mut on[row], false) {
                continue;
            }
            let membership = match if is_short_list { model.verdict(&on)? } else { Verdict::Unknown } {
                Verdict::Never => continue,
                Verdict::Together => Membership::Proved,
                Verdict::Unknown => Membership::Possible,
            };
            on[row] = true;
            memberships.insert(row, membership);
        }
        if on != all {
            proof = match proof::prove(&mut model, &on)? {
                None if proof.is_some() => {
                    // What is proved is worth more than what is small.
                    on = all;
                    memberships =
                        (0..on.len()).filter(|&row| on[row]).map(|row| (row, Membership::Possible)).collect();
                    proof
                }
                fewer => fewer,
            };
        }
        let mut members = Vec::new();
        for (&row, &membership) in &memberships {
            let measured = members.len() < MOST_MEASURED && Instant::now() < model.deadline;
            let short_by = if measured { model.least_missed(row, &on)? } else { None };
            members.push(member(case, &part, &model, row, membership, short_by));
        }
        let rows = memberships.keys().map(|&row| RowKey::of(model.name(row), scenario, &part)).collect();
        Ok(Self { conflict: Conflict { members, proof, repairs: Vec::new() }, rows, scenario })
    }

    fn holds(&self, name: &Name, policy: &Policy) -> bool {
        self.rows.contains(&RowKey::of(name, self.scenario, policy))
    }
}

/// Which demands of a model are among some rows.
fn switched_on(model: &Elastic<'_>, scenario: &Scenario, policy: &Policy, rows: &[RowKey]) -> Vec<bool> {
    let is_among = |demand| rows.contains(&RowKey::of(model.name(demand), scenario, policy));
    (0..model.demands.len()).map(is_among).collect()
}

fn member(
    case: &Case<'_>,
    part: &Policy,
    model: &Elastic<'_>,
    row: usize,
    membership: Membership,
    short_by: Option<f64>,
) -> Member {
    let name = model.name(row);
    let demand = &model.demands[row];
    let limits = (model.model.row_lower[demand.row], model.model.row_upper[demand.row]);
    let limit =
        Some(limits).filter(|&(lower, upper)| [lower, upper].iter().any(|l| l.is_finite() && *l != 0.0));
    let scope = name.subject.ids(case.scenario);
    let rule = position(case.policy, part, demand.rule);
    let instance = &case.policy.rules[rule];
    let dials = instance.rule.dials(case.scenario, &scope, name.part);
    let rests_on = dials.iter().filter_map(|dial| repair::written(dial, instance, case.places)).collect();
    let in_money = model.in_money(row);
    Member { rule, scope, part: name.part, limit, in_money, membership, short_by, rests_on }
}
