//! The cheapest changes: each number on which a conflict rests is moved, in steps of three digits, as little
//! as will do; then the scenario with that change alone is read and solved as `allot solve` would.

use std::time::{Duration, Instant};

use super::elastic::{Elastic, Verdict};
use super::{Case, Conflict, Further, RowKey, part_of, switched_on};
use crate::diagnostics::Place;
use crate::domain::Scenario;
use crate::input::Places;
use crate::policy::{Policy, RuleInstance};
use crate::rules::{Dial, Towards};
use crate::search::{self, Outcome, Settings, Unobserved};
use crate::solve::{Options, SolverError};
use crate::units::Micro;

/// Most numbers of a conflict that are moved.
const MOST_DIALS: usize = 16;
/// Longest time to verify one change.
const LONGEST: Duration = Duration::from_secs(20);
/// Guesses of how far a number has to be moved, before its range is halved again and again.
const GUESSES: i32 = 4;
/// Steps further that a change is taken where what was enough for the conflict is not enough for all rules.
const FURTHER: [i64; 4] = [1, 4, 16, 64];

/// A number of the policy or of a table, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What it is called there.
    pub key: String,
    /// Where.
    pub place: Place,
    /// What it says; `None` for a row that is there or not.
    pub value: Option<f64>,
}

/// How far a repair was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// There is a plan in whole units that passes the audit of every hard rule.
    Plan,
    /// There is such a plan with the first repair of each other conflict.
    WithTheOthers,
    /// It takes this conflict away; whether there is a plan then was not known in time, or there are further
    /// conflicts.
    ConflictOnly,
}

/// A change that is enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The rule whose number it is, where it is one of the policy.
    pub rule: Option<String>,
    /// What is changed.
    pub what: Written,
    /// The new value; `None` where a row is taken out.
    pub to: Option<f64>,
    /// What `--set` takes; `None` where it takes an override file.
    pub set: Option<String>,
    /// How far it was verified.
    pub verified: Verified,
}

impl Repair {
    /// How large the change is, relative to the number; taking a row out comes last.
    fn size(&self) -> f64 {
        match (self.what.value, self.to) {
            (Some(from), Some(to)) => (to - from).abs() / from.abs().max(1e-6),
            _ => f64::INFINITY,
        }
    }
}

/// A number that can be moved.
#[derive(Debug, Clone)]
struct Handle {
    rule: Option<String>,
    dial: Dial,
    written: Written,
    /// A list of which the number is one.
    list: Vec<f64>,
}

/// What a dial says now, and where; `None` where the number is not written.
pub(super) fn written(dial: &Dial, rule: &RuleInstance, places: &Places) -> Option<Written> {
    match dial {
        Dial::Parameter { path, position, .. } => {
            let mut value = rule.parameters.get(path.first()?)?;
            for key in &path[1..] {
                value = value.get(key)?;
            }
            if let Some(position) = position {
                value = value.get(position)?;
            }
            let index = position.map(|position| format!("[{position}]")).unwrap_or_default();
            let key = path.join(".") + &index;
            Some(Written { key, place: rule.place.clone(), value: Some(number(value)?) })
        }
        Dial::Cell { table, row, columns, .. } => {
            let cell = places.find(table, row, columns)?;
            let value = Some(cell.text.parse().ok()?);
            Some(Written { key: cell.column, place: cell.place, value })
        }
        Dial::Row { table, row } => {
            let cell = places.find(table, row, &["reason".to_owned(), row.first()?.0.to_owned()])?;
            let place = Place { column: None, ..cell.place };
            Some(Written { key: (*table).to_owned(), place, value: None })
        }
    }
}

fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

/// A number as it is written into a file or a `--set`.
pub(super) fn digits(value: f64) -> String {
    Micro::from_f64(value).to_string()
}

impl Handle {
    /// Whether both move the same number.
    fn is_same(&self, other: &Self) -> bool {
        (&self.rule, &self.written) == (&other.rule, &other.written)
    }

    /// The step: one in the third digit, and whole where the number is.
    fn step(&self) -> f64 {
        let from = self.written.value.unwrap_or(0.0).abs();
        let whole = matches!(self.dial, Dial::Parameter { whole: true, .. });
        let digit = if from > 0.0 { 10_f64.powf((from.log10() + 1e-12).floor() - 2.0) } else { 0.001 };
        if whole { 1.0 } else { digit.max(1e-6) }
    }

    fn towards(&self) -> Towards {
        match self.dial {
            Dial::Parameter { towards, .. } | Dial::Cell { towards, .. } => towards,
            Dial::Row { .. } => Towards::Less,
        }
    }

    /// The value after some steps; `None` where it cannot go so far.
    fn after(&self, steps: i64) -> Option<f64> {
        let (from, step) = (self.written.value?, self.step());
        let tidy = |value: f64| (value / step).round() * step;
        match self.towards() {
            Towards::Less => {
                (from - step * (steps - 1) as f64 > 0.0).then(|| tidy(from - step * steps as f64).max(0.0))
            }
            Towards::More => Some(tidy(from + step * steps as f64)),
            Towards::MoreUpToOne => (from + step * (steps - 1) as f64 + 1e-9 < 1.0)
                .then(|| tidy(from + step * steps as f64).min(1.0)),
        }
    }

    /// The most steps that it can be taken, if there is an end.
    fn most(&self) -> i64 {
        let (from, step) = (self.written.value.unwrap_or(0.0), self.step());
        #[allow(clippy::cast_possible_truncation)]
        let steps = |way: f64| ((way / step) - 1e-6).ceil() as i64;
        match self.towards() {
            Towards::Less => steps(from),
            Towards::More => 1 << 20,
            Towards::MoreUpToOne => steps(1.0 - from),
        }
    }

    /// What `--set` takes for a value.
    fn set(&self, value: f64) -> Option<String> {
        match &self.dial {
            Dial::Parameter { path, position, .. } => {
                let keys: Vec<String> = path.iter().map(|key| quoted(key)).collect();
                let value = match position {
                    None => digits(value),
                    Some(position) => {
                        let mut list = self.list.clone();
                        list[*position] = value;
                        format!("[{}]", list.into_iter().map(digits).collect::<Vec<_>>().join(", "))
                    }
                };
                Some(format!("policy.rules.{}.{}={value}", quoted(self.rule.as_ref()?), keys.join(".")))
            }
            Dial::Cell { table, row, .. } => Some(set_cell(table, row, &self.written.key, value)),
            Dial::Row { .. } => None,
        }
    }
}

/// What `--set` takes to multiply a cell's number by a factor; `None` where it is no such cell.
pub fn set_of_cell(dial: &Dial, places: &Places, factor: f64) -> Option<String> {
    let Dial::Cell { table, row, columns, .. } = dial else { return None };
    let cell = places.find(table, row, columns)?;
    let value: f64 = cell.text.parse().ok()?;
    Some(set_cell(table, row, &cell.column, value * factor))
}

fn set_cell(table: &str, row: &[(&str, String)], column: &str, value: f64) -> String {
    let row: Vec<String> = row.iter().map(|(column, id)| format!("{column}={id}")).collect();
    format!("tables.{table}[{}].{column}={}", row.join(","), digits(value))
}

/// A key of TOML, in quotes where it needs them.
fn quoted(key: &str) -> String {
    let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { key.to_owned() } else { format!("\"{key}\"") }
}

/// Finds the repairs of each conflict and verifies them.
pub(super) fn add(
    case: &Case<'_>,
    conflicts: &mut [Conflict],
    cores: &[Vec<RowKey>],
    further: Further,
    settings: Settings<'_>,
    deadline: Instant,
) -> Result<(), SolverError> {
    // Half of the time that is left finds changes, the rest verifies them.
    let now = Instant::now();
    let to_find = now + deadline.saturating_duration_since(now).mul_f64(0.5);
    let mut all = Vec::new();
    for (conflict, rows) in conflicts.iter().zip(cores) {
        let mut moved = Vec::new();
        for handle in handles(case, conflict) {
            if let Some(steps) = least_steps(case, &handle, rows, settings, to_find)? {
                moved.push((handle, steps));
            }
        }
        moved.sort_by(|a, b| repair(a, Verified::Plan).size().total_cmp(&repair(b, Verified::Plan).size()));
        all.push(moved);
    }
    let firsts: Vec<Option<(Handle, i64)>> = all.iter().map(|moved| moved.first().cloned()).collect();
    for (position, (conflict, moved)) in conflicts.iter_mut().zip(all).enumerate() {
        let others: Option<Vec<&(Handle, i64)>> = firsts
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != position)
            .map(|(_, f)| f.as_ref())
            .collect();
        for (handle, steps) in moved {
            let can_be = others.as_ref().filter(|_| further != Further::Some);
            conflict.repairs.push(verify(case, handle, steps, can_be, settings, deadline)?);
        }
        conflict.repairs.sort_by(|a, b| a.size().total_cmp(&b.size()));
    }
    Ok(())
}

/// The numbers on which a conflict rests, each once: those of the policy first, which are fewer than cells.
fn handles(case: &Case<'_>, conflict: &Conflict) -> Vec<Handle> {
    let mut handles: Vec<Handle> = Vec::new();
    let is_of_policy = |dial: &Dial| matches!(dial, Dial::Parameter { .. });
    for (of_policy, member) in
        [true, false].into_iter().flat_map(|p| conflict.members.iter().map(move |m| (p, m)))
    {
        let instance = &case.policy.rules[member.rule];
        let dials = instance.rule.dials(case.scenario, &member.scope, member.part);
        for dial in dials.into_iter().filter(|dial| is_of_policy(dial) == of_policy) {
            let Some(written) = written(&dial, instance, case.places) else { continue };
            let rule = of_policy.then(|| instance.id.clone());
            let list = match &dial {
                Dial::Parameter { path, position: Some(_), .. } => {
                    let list = instance.parameters.get(&path[0]).and_then(toml::Value::as_array);
                    list.into_iter().flatten().filter_map(number).collect()
                }
                _ => Vec::new(),
            };
            let handle = Handle { rule, dial, written, list };
            if handles.len() < MOST_DIALS && !handles.iter().any(|other| other.is_same(&handle)) {
                handles.push(handle);
            }
        }
    }
    handles
}

/// The scenario and policy with some numbers moved.
fn moved(case: &Case<'_>, changes: &[(&Handle, i64)]) -> Option<(Scenario, Policy)> {
    let mut sets = Vec::new();
    for (handle, steps) in changes {
        if !matches!(handle.dial, Dial::Row { .. }) {
            sets.push(handle.set(handle.after(*steps)?)?);
        }
    }
    let (mut scenario, policy) = (case.reopen)(&sets)?;
    for (handle, _) in changes {
        if let Dial::Row { row, .. } = &handle.dial {
            let keep: Vec<bool> = scenario.exclusions.iter().map(|e| e.cells(&scenario) != *row).collect();
            let mut keep = keep.into_iter();
            scenario.exclusions.retain(|_| keep.next().unwrap_or(true));
        }
    }
    Some((scenario, policy))
}

/// The fewest steps with which the rows can be kept together; `None` where no number of them will do.
fn least_steps(
    case: &Case<'_>,
    handle: &Handle,
    rows: &[RowKey],
    settings: Settings<'_>,
    deadline: Instant,
) -> Result<Option<i64>, SolverError> {
    let after = |steps: i64| -> Result<After, SolverError> {
        let Some((scenario, policy)) = moved(case, &[(handle, steps)]) else { return Ok(After::Not) };
        let part = part_of(&policy, rows);
        let mut model = Elastic::new(&scenario, &part, (settings.solver, settings.options), deadline)?;
        let on = switched_on(&model, &scenario, &part, rows);
        Ok(match model.relaxed(&on)? {
            Some(relaxed) if relaxed.is_short() => After::Short(relaxed.missed),
            Some(_) if model.verdict(&on)? == Verdict::Together => After::Enough,
            _ => After::Not,
        })
    };
    let most = if matches!(handle.dial, Dial::Row { .. }) { 1 } else { handle.most() };
    let (mut not, mut enough) = (0, None);
    let mut short = if most > 4
        && let After::Short(by) = after(0)?
    {
        Some(by)
    } else {
        None
    };
    // How far it has to go if the relaxation goes on being less short as it was so far. It rarely is for long.
    let (mut expected, mut guesses) = (None, GUESSES);
    loop {
        let guess =
            expected.take().filter(|steps| guesses > 0 && enough.is_none_or(|enough| *steps < enough));
        guesses -= i32::from(guess.is_some());
        let next = match (enough, guess) {
            (Some(enough), _) if enough - not <= 1 => return Ok(Some(enough)),
            (_, Some(steps)) => steps,
            (Some(enough), None) => not + (enough - not) / 2,
            (None, None) => (not * 4).max(1),
        };
        if not >= most || Instant::now() >= deadline {
            return Ok(None);
        }
        let next = next.min(most);
        match after(next)? {
            After::Enough => {
                enough = Some(next);
                // One less is the question, where it was guessed well.
                expected = guess.map(|_| next - 1).filter(|before| *before > not);
                guesses = guesses.min(1);
            }
            After::Short(by) => {
                if let Some(before) = short.filter(|before| *before > by) {
                    #[allow(clippy::cast_possible_truncation)]
                    let more = (by / (before - by) * (next - not) as f64 - 1e-6).ceil().min(1e15) as i64;
                    expected = Some(next + more.max(1));
                }
                (not, short) = (next, Some(by));
            }
            After::Not => (not, short) = (next, None),
        }
    }
}

/// What a change does for the rows of a conflict.
enum After {
    /// They can be kept.
    Enough,
    /// The relaxation is still short of so much.
    Short(f64),
    /// They cannot be kept, or it is not known.
    Not,
}

fn repair((handle, steps): &(Handle, i64), verified: Verified) -> Repair {
    let to = handle.after(*steps);
    let set = to.and_then(|to| handle.set(to));
    Repair { rule: handle.rule.clone(), what: handle.written.clone(), to, set, verified }
}

/// Solves with the change; where it is not enough for all rules, a little further.
fn verify(
    case: &Case<'_>,
    handle: Handle,
    steps: i64,
    others: Option<&Vec<&(Handle, i64)>>,
    settings: Settings<'_>,
    deadline: Instant,
) -> Result<Repair, SolverError> {
    let Some(others) = others else { return Ok(repair(&(handle, steps), Verified::ConflictOnly)) };
    let most = if matches!(handle.dial, Dial::Row { .. }) { 1 } else { handle.most() };
    for further in std::iter::once(0).chain(FURTHER).map(|more| (steps + more * (steps / 64 + 1)).min(most)) {
        // Where several conflicts rest on one number, it goes as far as the furthest of them needs.
        let mut changes: Vec<(&Handle, i64)> = Vec::new();
        for (other, steps) in others.iter().map(|(other, steps)| (other, *steps)).chain([(&handle, further)])
        {
            match changes.iter_mut().find(|(known, _)| known.is_same(other)) {
                Some((_, most)) => *most = steps.max(*most),
                None => changes.push((other, steps)),
            }
        }
        let left = deadline.saturating_duration_since(Instant::now()).min(LONGEST);
        let Some((scenario, policy)) = moved(case, &changes).filter(|_| !left.is_zero()) else { break };
        let found = has_plan(&scenario, policy, settings, left)?;
        if found.is_none() {
            break;
        }
        if found == Some(true) {
            let verified = if others.is_empty() { Verified::Plan } else { Verified::WithTheOthers };
            return Ok(repair(&(handle, further), verified));
        }
    }
    Ok(repair(&(handle, steps), Verified::ConflictOnly))
}

/// Whether there is a plan in whole units that keeps every hard rule; `None` where it was not known in time. Any will
/// do: one stage, a wide gap.
fn has_plan(
    scenario: &Scenario,
    mut policy: Policy,
    settings: Settings<'_>,
    longest: Duration,
) -> Result<Option<bool>, SolverError> {
    policy.stages.truncate(1);
    for stage in &mut policy.stages {
        stage.gap = None;
    }
    let options = Options { gap: 1.0, time_limit: Some(longest), ..settings.options.clone() };
    let settings = Settings { solver: settings.solver, options: &options };
    let outcome = search::search(scenario, &policy, settings, &mut Unobserved)?;
    Ok(match outcome {
        Outcome::Plan(proposal) => Some(proposal.failing.is_empty()),
        Outcome::Infeasible => Some(false),
        Outcome::Nothing(_) => None,
    })
}
