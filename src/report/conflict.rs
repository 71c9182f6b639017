//! Why there is no plan: for reading, and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::conflict::{Conflict, Further, Infeasibility, Member, Membership, Repair, Verified, Written};
use crate::diagnostics::Place;
use crate::policy::Policy;
use crate::units::{Micro, grouped};

/// Most rows of a rule that are shown.
const MOST_ROWS: usize = 6;

/// An amount, at most three decimals, thousands grouped.
pub(super) fn amount(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    let text = Micro::from_f64(rounded).to_string();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    if rest.is_empty() { whole } else { format!("{whole}.{rest}") }
}

/// Rounded up to a whole unit: what would do.
fn enough(value: f64) -> f64 {
    (value - 1e-6 * value.abs().max(1.0)).ceil()
}

fn place(written: &Written) -> String {
    match written.place.column {
        Some(_) => written.place.to_string(),
        None => format!("{}:{}", written.place, written.key),
    }
}

/// What is known of whether there is a plan.
enum Known {
    /// The rules hold together.
    Plan,
    /// They do not.
    NoPlan,
    /// Neither was seen in time.
    Nothing,
}

impl Known {
    /// A search may have `shown` that there is no plan.
    fn of(found: &Infeasibility, shown: bool) -> Self {
        match found.further {
            _ if shown || !found.conflicts.is_empty() => Self::NoPlan,
            Further::None => Self::Plan,
            Further::Some | Further::Unknown => Self::Nothing,
        }
    }
}

/// Why there is no plan, in a planner's words. A search may have `shown` that there is none.
pub fn infeasibility_text(found: &Infeasibility, policy: &Policy, shown: bool) -> String {
    match Known::of(found, shown) {
        Known::Plan => {
            return "no conflict: there is a plan that keeps every hard rule, in fractions of a unit\n"
                .to_owned();
        }
        Known::Nothing => {
            return "not known: no conflict was found in time, nor a plan\n\
                    give it more time (--time-limit), or let allot solve look for a plan\n"
                .to_owned();
        }
        Known::NoPlan => {}
    }
    let mut out = String::from("infeasible: no plan keeps every hard rule");
    let proved = found.conflicts.iter().any(|conflict| conflict.proof.is_some());
    out.push_str(if proved { " (proved in integers)\n" } else { " (the solver's claim)\n" });
    if found.conflicts.is_empty() {
        out.push_str(
            "which rules are in conflict could not be shown: the time was over, or fractions of a unit of money\n\
             would do; then a finer unit ([money] unit in scenario.toml) helps\n",
        );
    }
    for (position, conflict) in found.conflicts.iter().enumerate() {
        write_conflict(&mut out, conflict, position + 1, policy);
    }
    let _ = match found.further {
        Further::None => Ok(()),
        Further::Some => writeln!(out, "\nThere are further conflicts: --conflicts N shows more."),
        Further::Unknown => writeln!(out, "\nWhether there are further conflicts was not known in time."),
    };
    if !found.least_change.is_empty() {
        out.push_str("\nOne way to make room with the least total change:\n");
        for give in &found.least_change {
            let rule = &policy.rules[give.rule];
            let by = if give.in_money {
                format!("{} units of money", amount(enough(give.by)))
            } else {
                format!("{:.0} too many", give.by.ceil())
            };
            let _ = writeln!(out, "  {} ({}) {}: by {by}", rule.id, rule.kind.id, label(&give.scope));
        }
    }
    out
}

pub(super) fn label(scope: &[String]) -> String {
    if scope.is_empty() { "programme".to_owned() } else { scope.join(" ") }
}

fn write_conflict(out: &mut String, conflict: &Conflict, number: usize, policy: &Policy) {
    let mut rules: Vec<usize> = conflict.members.iter().map(|member| member.rule).collect();
    rules.dedup();
    let count = match rules.len() {
        1 => "1 rule cannot hold".to_owned(),
        n => format!("{n} rules cannot hold together"),
    };
    let proof = match conflict.proof {
        None => "the solver's claim".to_owned(),
        Some(proof) if proof.cases == 1 => "proved in integers".to_owned(),
        Some(proof) => format!("proved in integers, {} cases", proof.cases),
    };
    let _ = writeln!(out, "\nConflict {number}: {count} ({proof})");
    for rule in rules {
        let instance = &policy.rules[rule];
        // A rule that the file does not have was added by an override.
        let place = match instance.place.row {
            Some(row) => format!("{}:{row}", instance.place.file),
            None => "added by an override".to_owned(),
        };
        let _ = writeln!(out, "  {} {} ({}) {place}", instance.id, instance.title.en, instance.kind.id);
        let members: Vec<&Member> = conflict.members.iter().filter(|member| member.rule == rule).collect();
        for member in members.iter().take(MOST_ROWS) {
            write_member(out, member, &instance.place);
        }
        if members.len() > MOST_ROWS {
            let _ = writeln!(out, "      … and {} others", members.len() - MOST_ROWS);
        }
    }
    if let Some(balance) = conflict.proof.and_then(|proof| proof.balance)
        && balance.available > 0.0
    {
        let (needed, available) = (amount(balance.needed), amount(balance.available));
        let unit = if balance.in_money { " units of money" } else { "" };
        let _ = writeln!(out, "  They need {needed}{unit}; {available} are there.");
    }
    write_repairs(out, conflict);
}

fn write_member(out: &mut String, member: &Member, rule: &Place) {
    let mut text = label(&member.scope);
    let unit = if member.in_money { " units" } else { "" };
    // Which way it is short: up for a limit, down for what is asked.
    let way = match member.limit {
        Some((lower, _)) if lower.is_finite() => Some(("at least", lower, -1.0)),
        Some((_, upper)) if upper.is_finite() => Some(("at most", upper, 1.0)),
        _ => None,
    };
    match (way, member.short_by) {
        (Some((word, limit, sign)), Some(by)) if by > 0.0 => {
            let other = limit + sign * enough(by);
            let _ = write!(text, ": {word} {}{unit}, {} would do", amount(limit), amount(other.max(0.0)));
        }
        (Some((word, limit, _)), _) => {
            let _ = write!(text, ": {word} {}{unit}", amount(limit));
        }
        (None, Some(by)) if by > 0.0 => {
            let _ = write!(text, ": short by {}{unit}", amount(enough(by)));
        }
        (None, _) => {}
    }
    if member.membership == Membership::Possible {
        text.push_str(" (possibly not needed for the conflict)");
    }
    let _ = writeln!(out, "      {text}");
    for written in &member.rests_on {
        let value = written.value.map(|value| format!(" = {}", amount(value))).unwrap_or_default();
        // A parameter stands in the table of its rule, which is named above.
        let at = if written.place == *rule { written.key.clone() } else { place(written) };
        let _ = writeln!(out, "        {at}{value}");
    }
}

/// What is changed, and to what.
fn change(repair: &Repair) -> String {
    let rule = repair.rule.as_ref().map(|rule| format!("{rule} ")).unwrap_or_default();
    match (repair.what.value, repair.to) {
        (Some(from), Some(to)) => format!("{rule}{} {} → {}", repair.what.key, amount(from), amount(to)),
        _ => "take the row out".to_owned(),
    }
}

fn write_repairs(out: &mut String, conflict: &Conflict) {
    for (verified, heading) in [
        (Verified::Plan, "Any one of these is enough; with each a plan was found:"),
        (Verified::WithTheOthers, "Any one of these, with one from each other conflict; a plan was found:"),
        (
            Verified::ConflictOnly,
            "Any one of these takes this conflict away; no plan was looked for or found:",
        ),
    ] {
        let repairs: Vec<&Repair> = conflict.repairs.iter().filter(|r| r.verified == verified).collect();
        if repairs.is_empty() {
            continue;
        }
        let _ = writeln!(out, "  {heading}");
        for repair in repairs {
            let at =
                if repair.rule.is_some() { String::new() } else { format!(" ({})", place(&repair.what)) };
            let _ = writeln!(out, "    {}{at}", change(repair));
            if let Some(set) = &repair.set {
                let _ = writeln!(out, "      --set '{set}'");
            }
        }
    }
    if conflict.repairs.is_empty() {
        out.push_str("  No single number mends it, or none was found in time.\n");
    }
}

fn written_json(written: &Written) -> Value {
    json!({
        "key": written.key,
        "file": written.place.file,
        "row": written.place.row,
        "column": written.place.column,
        "value": written.value,
    })
}

fn member_json(member: &Member, policy: &Policy) -> Value {
    let finite = |value: f64| value.is_finite().then_some(value);
    let rule = &policy.rules[member.rule];
    json!({
        "rule": rule.id,
        "kind": rule.kind.id,
        "title": rule.title,
        "file": rule.place.file,
        "row": rule.place.row,
        "scope": member.scope,
        "part": member.part,
        "unit": if member.in_money { "money" } else { "count" },
        "at_least": member.limit.and_then(|limit| finite(limit.0)),
        "at_most": member.limit.and_then(|limit| finite(limit.1)),
        "short_by": member.short_by,
        "status": member.membership,
        "rests_on": member.rests_on.iter().map(written_json).collect::<Vec<_>>(),
    })
}

fn repair_json(repair: &Repair) -> Value {
    json!({
        "rule": repair.rule,
        "what": written_json(&repair.what),
        "to": repair.to,
        "set": repair.set,
        "verified": repair.verified,
    })
}

/// Why there is no plan, as JSON. A search may have `shown` that there is none.
pub fn infeasibility_json(found: &Infeasibility, policy: &Policy, shown: bool) -> Value {
    let status = match Known::of(found, shown) {
        Known::Plan => "no_conflict",
        Known::NoPlan => "infeasible",
        Known::Nothing => "unknown",
    };
    let conflicts: Vec<Value> = found
        .conflicts
        .iter()
        .map(|conflict| {
            let members = conflict.members.iter().map(|member| member_json(member, policy));
            let balance = conflict.proof.and_then(|proof| proof.balance);
            json!({
                "proved": conflict.proof.is_some(),
                "cases": conflict.proof.map(|proof| proof.cases),
                "needed": balance.map(|balance| balance.needed),
                "available": balance.map(|balance| balance.available),
                "unit": balance.map(|balance| if balance.in_money { "money" } else { "count" }),
                "members": members.collect::<Vec<_>>(),
                "repairs": conflict.repairs.iter().map(repair_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    let is_member = |rule: usize| found.conflicts.iter().flat_map(|c| &c.members).any(|m| m.rule == rule);
    let excluded = policy.rules.iter().enumerate().filter(|(rule, _)| !is_member(*rule));
    let must_give: Vec<Value> = found
        .least_change
        .iter()
        .map(|give| {
            json!({
                "rule": policy.rules[give.rule].id,
                "kind": policy.rules[give.rule].kind.id,
                "scope": give.scope,
                "by": give.by,
                "unit": if give.in_money { "money" } else { "count" },
            })
        })
        .collect();
    json!({
        "status": status,
        "conflicts": conflicts,
        "further": found.further,
        "excluded": excluded.map(|(_, rule)| rule.id.clone()).collect::<Vec<_>>(),
        "must_give": must_give,
        "seconds": found.seconds,
    })
}
