//! A sweep, for reading.

use std::fmt::Write as _;

use super::text::table;
use crate::sweep::{Criterion, RunHead, Summary};
use crate::units::grouped;

/// Rows of a list that are shown.
const ROWS: usize = 15;

fn amount(number: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    if number.abs() >= 1000.0 { grouped(number.round() as i128) } else { format!("{number:.4}") }
}

/// A finished run in a few lines.
pub fn summary_text(summary: &Summary) -> String {
    let mut out = String::new();
    let by_status: Vec<String> =
        summary.by_status.iter().map(|(status, count)| format!("{count} {status}")).collect();
    let _ = writeln!(out, "{}", summary.title);
    let _ = writeln!(
        out,
        "{} points: {}; {} settled without solving; {} distinct plans",
        summary.points,
        by_status.join(", "),
        summary.settled,
        summary.plans
    );
    let mut rows = vec![["", "least", "mean", "most"].map(str::to_owned).to_vec()];
    let main = summary.objective.as_deref().unwrap_or("value");
    let of_main = summary.value.iter().map(|range| (format!("objective {main}"), range));
    let metrics = summary.metrics.iter().map(|(id, range)| (id.clone(), range));
    for (name, range) in of_main.chain(metrics) {
        rows.push([vec![name], [range.least, range.mean, range.most].map(amount).to_vec()].concat());
    }
    let _ = writeln!(out, "\nOver the points with a plan");
    table(&mut out, 1, &rows);
    if let Some(gap) = summary.gap {
        let _ = writeln!(out, "  largest gap of {main}: {:.3}%", 100.0 * gap);
    }
    effects(&mut out, summary);
    front(&mut out, summary);
    stability(&mut out, summary);
    chosen(&mut out, summary);
    if !summary.reasons.is_empty() {
        let _ = writeln!(out, "\nWithout a plan");
        for (reason, count) in &summary.reasons {
            let _ = writeln!(out, "  {count} × {reason}");
        }
    }
    out
}

fn effects(out: &mut String, summary: &Summary) {
    if summary.effects.is_empty() {
        return;
    }
    let base = summary.base.map_or_else(|| "-".to_owned(), amount);
    let _ = writeln!(out, "\nOne at a time (the base is {base})");
    let mut rows = vec![["parameter", "at", "least", "at", "most", "no plan"].map(str::to_owned).to_vec()];
    for effect in summary.effects.iter().take(ROWS) {
        let end = |(at, value): &(String, f64)| {
            [at.clone(), if value.is_finite() { amount(*value) } else { "-".to_owned() }]
        };
        let without = if effect.without > 0 { effect.without.to_string() } else { String::new() };
        let cells = [vec![effect.parameter.clone()], end(&effect.least).to_vec(), end(&effect.most).to_vec()];
        rows.push([cells.concat(), vec![without]].concat());
    }
    table(out, 1, &rows);
    if summary.effects.len() > ROWS {
        let _ = writeln!(out, "  … {} more, see summary.json", summary.effects.len() - ROWS);
    }
}

fn front(out: &mut String, summary: &Summary) {
    let Some(front) = &summary.front else { return };
    let _ = writeln!(out, "\nFront: {} points", front.points.len());
    let mut rows = vec![[vec!["point".to_owned()], front.metrics.clone(), vec![String::new()]].concat()];
    for point in front.points.iter().take(ROWS) {
        let knee = if front.knee == Some(point.point) { "knee" } else { "" };
        let values: Vec<String> = point.values.iter().map(|value| amount(*value)).collect();
        rows.push([vec![point.point.to_string()], values, vec![knee.to_owned()]].concat());
    }
    table(out, 1, &rows);
    if front.points.len() > ROWS {
        let _ = writeln!(out, "  … {} more, see summary.json", front.points.len() - ROWS);
    }
}

fn stability(out: &mut String, summary: &Summary) {
    let with_plan: usize =
        ["optimal", "feasible"].iter().filter_map(|status| summary.by_status.get(*status)).sum();
    let always = summary.lines.iter().filter(|line| line.points == with_plan).count();
    let rare = summary.lines.iter().filter(|line| 2 * line.points < with_plan).count();
    let _ = writeln!(
        out,
        "\nLines: {} are funded at some point, {always} at every one, {rare} at less than half",
        summary.lines.len()
    );
}

fn chosen(out: &mut String, summary: &Summary) {
    let Some(chosen) = &summary.chosen else { return };
    let word = match chosen.criterion {
        Criterion::Regret => "least largest regret",
        Criterion::Mean => "best mean",
        Criterion::Worst => "best worst case",
    };
    let _ = writeln!(
        out,
        "\nLines to open now: {word} over {} points, the first is chosen ({} of {} plans looked at)",
        chosen.points,
        chosen.candidates.len(),
        chosen.plans
    );
    let mut rows =
        vec![["plan of point", "lines", "no plan", "regret", "mean", "worst"].map(str::to_owned).to_vec()];
    let or_none = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), amount);
    for candidate in &chosen.candidates {
        rows.push(vec![
            candidate.point.to_string(),
            candidate.lines.to_string(),
            candidate.without.to_string(),
            or_none(candidate.regret),
            or_none(candidate.mean),
            or_none(candidate.worst),
        ]);
    }
    table(out, 0, &rows);
}

/// Runs of a ledger.
pub fn runs_text(runs: &[RunHead]) -> String {
    let mut out = String::new();
    let mut rows = vec![
        ["run", "started", "study", "scenario", "policy", "points", "seconds", ""]
            .map(str::to_owned)
            .to_vec(),
    ];
    for run in runs {
        rows.push(vec![
            run.run[..12].to_owned(),
            run.started.clone(),
            run.study.clone(),
            run.scenario.clone(),
            run.policy.clone(),
            format!("{} of {}", run.done, run.points),
            if run.finished { format!("{:.1}", run.seconds) } else { "-".to_owned() },
            if run.finished { "finished" } else { "not finished" }.to_owned(),
        ]);
    }
    table(&mut out, 5, &rows);
    out
}
