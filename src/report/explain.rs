//! Answers of `allot explain`, for reading.

use std::fmt::Write as _;

use super::PlanDocument;
use super::conflict::{amount, label};
use crate::explain::{
    Answer, Backbone, BackboneLine, CurvePoint, Duals, Facts, Interval, RulePrice, Run, Sameness, Share,
    Shift, Subject, Way,
};

/// Most lines of a list.
const MOST: usize = 10;

fn interval(interval: &Interval) -> String {
    match (interval.least, interval.most) {
        (Some(least), Some(most)) if (most - least).abs() < 0.5 => format!("about {}", amount(most.round())),
        (Some(least), Some(most)) => format!("{} to {}", amount(least.floor()), amount(most.ceil())),
        (Some(least), None) => format!("at least {}", amount(least.floor())),
        (None, Some(most)) => format!("at most {}", amount(most.ceil())),
        (None, None) => "not known in time".to_owned(),
    }
}

fn value_and_bound(value: Option<f64>, bound: Option<f64>) -> String {
    let value = value.map_or("no plan".to_owned(), |value| amount(value.round()));
    bound.map_or_else(|| value.clone(), |bound| format!("{value} (bound {})", amount(bound.round())))
}

/// What everything else is about.
pub fn base_text(subject: &Subject, base: &Run) -> String {
    let (value, bound) = base.value_and_bound();
    format!("main objective {}: {}\n", subject.objective(), value_and_bound(Some(value), bound))
}

fn write_shifts(out: &mut String, shifts: &[Shift]) {
    for shift in shifts.iter().take(MOST) {
        let line = format!("{} {} {}", shift.province, shift.site, shift.sector);
        let (before, after) = (amount(shift.before as f64), amount(shift.after as f64));
        let _ = writeln!(out, "  {line:<50} {before:>14} → {after:>14}");
    }
    if shifts.len() > MOST {
        let _ = writeln!(out, "  … and {} others", shifts.len() - MOST);
    }
}

/// The price of one rule, and the curve over its threshold.
pub fn price_text(price: &RulePrice, curve: Option<&[CurvePoint]>) -> String {
    let mut out = format!("{} {} ({})\n", price.id, price.title.en, price.kind);
    let _ = writeln!(out, "without it: {}", value_and_bound(price.value, price.bound));
    let _ = writeln!(out, "price of the rule: {}{}", interval(&price.price), earlier(price));
    if !price.shifts.is_empty() {
        let _ = writeln!(out, "lines that change without it:");
        write_shifts(&mut out, &price.shifts);
    }
    match curve {
        None => {}
        Some([]) => out.push_str("the rule has no number of its own: its amounts are cells of tables\n"),
        Some(points) => {
            let _ = writeln!(out, "best value by {}:", points[0].key);
            for point in points {
                let value = value_and_bound(point.value, point.bound);
                let _ = writeln!(out, "  {:>12} {value}", amount(point.threshold));
            }
        }
    }
    out
}

/// What is different before the main stage, in brackets.
fn earlier(price: &RulePrice) -> String {
    let each = price.earlier.iter().map(|stage| {
        let [with, without] = stage.values.map(|value| amount(value.round()));
        format!(" ({} before it: {with} → {without})", stage.kind)
    });
    each.collect()
}

/// Prices of all rules.
pub fn prices_text(prices: &[RulePrice]) -> String {
    let mut out = String::from("price of each rule: how much better the best plan is without it\n");
    let widest = prices.iter().map(|price| price.kind.len()).max().unwrap_or(0);
    for price in prices {
        let RulePrice { id, kind, .. } = price;
        let _ = writeln!(out, "  {id:<5} {kind:<widest$}  {}{}", interval(&price.price), earlier(price));
    }
    out
}

/// Why a line or a site is funded or not.
pub fn answer_text(answer: &Answer, scenario_rules: &dyn Fn(&str) -> String) -> String {
    let mut out = format!(
        "{}: {} of {} needed\n",
        label(&answer.about),
        if answer.money > 0 { amount(answer.money as f64) } else { "nothing".to_owned() },
        amount(answer.need as f64)
    );
    if let Some(reason) = &answer.excluded {
        let _ = writeln!(out, "excluded: {reason}");
    }
    let way = match answer.forced {
        Way::In => "with money for it",
        Way::Out => "without money for it",
    };
    match (answer.possible, &answer.cost) {
        (Some(true), Some(cost)) => {
            let _ = writeln!(out, "{way} the main objective is worse by {}", interval(cost));
            if !answer.shifts.is_empty() {
                let _ = writeln!(out, "what gives way:");
                write_shifts(&mut out, &answer.shifts);
            }
        }
        (Some(false), _) => {
            let _ = writeln!(out, "{way} there is no plan");
        }
        _ => {
            let _ = writeln!(out, "{way} no plan was found in time");
        }
    }
    if !answer.binding.is_empty() {
        let _ = writeln!(out, "rules without room in the plan that look at it:");
        for binding in answer.binding.iter().take(MOST) {
            let (id, scope) = (&binding.rule, label(&binding.scope));
            let measured = binding.measured.map(amount).unwrap_or_default();
            let threshold = amount(binding.threshold);
            let title = scenario_rules(id);
            let _ = writeln!(out, "  {id} {title} ({}) {scope}: {measured} of {threshold}", binding.kind);
        }
        if answer.binding.len() > MOST {
            let _ = writeln!(out, "  … and {} others", answer.binding.len() - MOST);
        }
    }
    out
}

/// The backbone.
pub fn backbone_text(backbone: &Backbone) -> String {
    let of = |share: Share| backbone.lines.iter().filter(move |line| line.share == share).collect::<Vec<_>>();
    let mut out = format!("plans within {}% of the best:\n", amount(backbone.within * 100.0));
    for (share, words) in [
        (Share::InAll, "funded in every one (proved)"),
        (Share::InAllFound, "funded in every one that was found (undecided)"),
        (Share::InSome, "funded in some (refuted both ways)"),
        (Share::InNoneFound, "funded in none that was found (undecided)"),
        (Share::InNone, "funded in none (proved)"),
    ] {
        let _ = writeln!(out, "  {:>6} lines {words}", of(share).len());
    }
    let _ = writeln!(
        out,
        "{} settled by the bound by site alone, {} solves on single lines",
        backbone.by_bound, backbone.solves
    );
    out.push_str("good plans that differ as much as possible:\n");
    for (position, (value, new)) in backbone.values.iter().zip(&backbone.new_lines).enumerate() {
        let note =
            if position == 0 { "the best".to_owned() } else { format!("{new} lines that it does not fund") };
        let _ = writeln!(out, "  plan {:<3} {:>16}  {note}", position + 1, amount(value.round()));
    }
    let name = |line: &BackboneLine| format!("{} {} {}", line.province, line.site, line.sector);
    for (share, words) in [
        (Share::InAll, "funded in every good plan (proved)"),
        (Share::InAllFound, "funded in every good plan that was found"),
        (Share::InSome, "funded in some good plans"),
    ] {
        let mut lines = of(share);
        lines.sort_by_key(|line| std::cmp::Reverse(line.money.iter().max().copied()));
        if !lines.is_empty() {
            let _ = writeln!(out, "{words}, the largest:");
        }
        for line in lines.iter().take(MOST) {
            let money: Vec<String> = line.money.iter().map(|money| amount(*money as f64)).collect();
            let _ = writeln!(out, "  {:<50} {}", name(line), money.join(" | "));
        }
    }
    out
}

/// Shadow prices.
pub fn duals_text(duals: &Duals) -> String {
    let mut out = format!(
        "shadow prices of the linear problem with the funded lines frozen (value {}):\n\
         what one unit more adds to the main objective, and what one unit less takes away\n",
        amount(duals.value.round())
    );
    let price =
        |price: Option<f64>| price.map_or_else(|| "no plan".to_owned(), |price| format!("{price:.4}"));
    for row in &duals.rows {
        let about = format!("{} {} {}", row.rule, row.kind, label(&row.scope));
        let _ = writeln!(
            out,
            "  {about:<44} {:>14}  more {:>8}  less {:>8}",
            amount(row.amount),
            price(row.more),
            price(row.less)
        );
        if let Some(finite) = &row.finite {
            let told = |part: &Option<Interval>| part.as_ref().map_or("no plan in time".to_owned(), interval);
            let _ = writeln!(
                out,
                "      lines free, {} more: gains {}; less: loses {}",
                amount(row.step.round()),
                told(&finite.gained),
                told(&finite.lost)
            );
        }
    }
    out
}

/// What a run says of itself.
pub fn facts(document: &PlanDocument) -> Facts {
    let tightest = |rule: &super::document::RuleRecord| {
        let least = rule.findings.iter().min_by(|a, b| a.slack.total_cmp(&b.slack));
        let scope = least.map(|finding| finding.scope.clone()).unwrap_or_default();
        (rule.id.clone(), (rule.rule.clone(), least.map(|finding| finding.slack), scope))
    };
    let line = |line: &super::document::LineRecord| {
        ([line.province_id.clone(), line.site_id.clone(), line.sector_id.clone()], line.total)
    };
    let run = &document.run;
    Facts {
        inputs: run.inputs.iter().map(|input| (input.file.clone(), input.sha256.clone())).collect(),
        overrides: run.overrides.clone(),
        stages: document.stages.iter().map(|s| (s.kind.clone(), s.value, s.bound)).collect(),
        lines: document.lines.iter().map(line).collect(),
        rules: document.rules.iter().map(tightest).collect(),
    }
}

/// Why two runs are the same, or where they differ.
pub fn sameness_text(found: &Sameness) -> String {
    let mut out = String::new();
    if found.files.is_empty() && found.overrides.is_empty() {
        out.push_str("no file and no --set differs\n");
    }
    for file in &found.files {
        let _ = writeln!(out, "file differs: {file}");
    }
    for set in &found.overrides {
        let _ = writeln!(out, "--set {set}");
    }
    let same = if found.same_plan {
        "the plans are the same to the unit".to_owned()
    } else {
        format!("{} lines differ", found.shifts.len())
    };
    let _ = writeln!(out, "{same}");
    for stage in &found.stages {
        let [this, other] = stage.values.map(|value| amount(value.round()));
        let [bound, other_bound] =
            stage.bounds.map(|bound| bound.map_or("-".to_owned(), |b| amount(b.round())));
        let equal = if stage.may_be_equal {
            "the best values may be the same"
        } else {
            "the best values differ, as the bounds say"
        };
        let _ = writeln!(
            out,
            "  {}: {other} (bound {other_bound}) → {this} (bound {bound}): {equal}",
            stage.kind
        );
    }
    for room in &found.rules {
        let [this, other] = room.slack.map(|slack| slack.map_or("nothing to check".to_owned(), amount));
        let what = if room.was_changed { "was changed" } else { "has no room in one of them" };
        let scope = label(&room.scope);
        let _ =
            writeln!(out, "  {} ({}) {what}; least room {other} → {this} ({scope})", room.rule, room.kind);
        if room.was_changed && room.slack.iter().all(|slack| slack.is_none_or(|slack| slack >= 1.0)) {
            let _ = writeln!(out, "      it binds in neither, so the change could not matter to these plans");
        }
    }
    write_shifts(&mut out, &found.shifts);
    out
}
