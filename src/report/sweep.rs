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

/// A part of what is told of a run, for text and page alike.
pub(super) struct Section {
    pub title: String,
    pub topic: Topic,
    /// A heading and its rows; the first so many columns are words, the others numbers.
    pub rows: Vec<Vec<String>>,
    pub words: usize,
    pub notes: Vec<String>,
}

/// What a section is about: which picture goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Overview,
    Effects,
    Front,
    Lines,
    Choice,
    Reasons,
}

impl Section {
    fn new(topic: Topic, title: String) -> Self {
        Self { title, topic, rows: Vec::new(), words: 0, notes: Vec::new() }
    }

    fn heading<const N: usize>(&mut self, words: usize, heading: [&str; N]) {
        self.words = words;
        self.rows.push(heading.map(str::to_owned).to_vec());
    }
}

/// A finished run in a few lines.
pub fn summary_text(summary: &Summary) -> String {
    let mut out = format!("{}\n{}\n", summary.title, headline(summary));
    for Section { title, rows, words, notes, .. } in sections(summary) {
        let _ = writeln!(out, "\n{title}");
        table(&mut out, words, &rows);
        for note in notes {
            let _ = writeln!(out, "  {note}");
        }
    }
    out
}

/// How many points there are, and what became of them.
pub(super) fn headline(summary: &Summary) -> String {
    let by_status: Vec<String> =
        summary.by_status.iter().map(|(status, count)| format!("{count} {status}")).collect();
    format!(
        "{} points: {}; {} settled without solving, {} with lines from before; {} distinct plans",
        summary.points,
        by_status.join(", "),
        summary.settled,
        summary.reallocated,
        summary.plans
    )
}

/// All that is told of a run.
pub(super) fn sections(summary: &Summary) -> Vec<Section> {
    let of = [overview(summary)].into_iter().chain(effects(summary)).chain(front(summary));
    of.chain([stability(summary)]).chain(chosen(summary)).chain(reasons(summary)).collect()
}

fn overview(summary: &Summary) -> Section {
    let mut section = Section::new(Topic::Overview, "Over the points with a plan".to_owned());
    section.heading(1, ["", "least", "mean", "most"]);
    let main = summary.objective.as_deref().unwrap_or("value");
    let of_main = summary.value.iter().map(|range| (format!("objective {main}"), range));
    let metrics = summary.metrics.iter().map(|(id, range)| (id.clone(), range));
    for (name, range) in of_main.chain(metrics) {
        section.rows.push([vec![name], [range.least, range.mean, range.most].map(amount).to_vec()].concat());
    }
    section.notes.extend(summary.gap.map(|gap| format!("largest gap of {main}: {:.3}%", 100.0 * gap)));
    section
}

fn effects(summary: &Summary) -> Option<Section> {
    if summary.effects.is_empty() {
        return None;
    }
    let base = summary.base.map_or_else(|| "-".to_owned(), amount);
    let mut section = Section::new(Topic::Effects, format!("One at a time (the base is {base})"));
    section.heading(1, ["parameter", "at", "least", "at", "most", "no plan"]);
    for effect in summary.effects.iter().take(ROWS) {
        let end = |(at, value): &(String, f64)| {
            [at.clone(), if value.is_finite() { amount(*value) } else { "-".to_owned() }]
        };
        let without = if effect.without > 0 { effect.without.to_string() } else { String::new() };
        let cells = [vec![effect.parameter.clone()], end(&effect.least).to_vec(), end(&effect.most).to_vec()];
        section.rows.push([cells.concat(), vec![without]].concat());
    }
    section.notes.extend(more(summary.effects.len()));
    Some(section)
}

fn more(rows: usize) -> Option<String> {
    (rows > ROWS).then(|| format!("… {} more, see summary.json", rows - ROWS))
}

fn front(summary: &Summary) -> Option<Section> {
    let front = summary.front.as_ref()?;
    let mut section = Section::new(Topic::Front, format!("Front: {} points", front.points.len()));
    section.words = 1;
    section.rows.push([vec!["point".to_owned()], front.metrics.clone(), vec![String::new()]].concat());
    for point in front.points.iter().take(ROWS) {
        let knee = if front.knee == Some(point.point) { "knee" } else { "" };
        let values: Vec<String> = point.values.iter().map(|value| amount(*value)).collect();
        section.rows.push([vec![point.point.to_string()], values, vec![knee.to_owned()]].concat());
    }
    section.notes.extend(more(front.points.len()));
    Some(section)
}

fn stability(summary: &Summary) -> Section {
    let with_plan: usize =
        ["optimal", "feasible"].iter().filter_map(|status| summary.by_status.get(*status)).sum();
    let always = summary.lines.iter().filter(|line| line.points == with_plan).count();
    let rare = summary.lines.iter().filter(|line| 2 * line.points < with_plan).count();
    let lines = summary.lines.len();
    let title =
        format!("Lines: {lines} are funded at some point, {always} at every one, {rare} at less than half");
    Section::new(Topic::Lines, title)
}

fn chosen(summary: &Summary) -> Option<Section> {
    let chosen = summary.chosen.as_ref()?;
    let word = match chosen.criterion {
        Criterion::Regret => "least largest regret",
        Criterion::Mean => "best mean",
        Criterion::Worst => "best worst case",
    };
    let title = format!(
        "Lines to open now: {word} over {} points, the first is chosen ({} of {} plans looked at)",
        chosen.points,
        chosen.candidates.len(),
        chosen.plans
    );
    let mut section = Section::new(Topic::Choice, title);
    section.heading(0, ["plan of point", "lines", "no plan", "regret", "mean", "worst"]);
    let or_none = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), amount);
    for candidate in &chosen.candidates {
        section.rows.push(vec![
            candidate.point.to_string(),
            candidate.lines.to_string(),
            candidate.without.to_string(),
            or_none(candidate.regret),
            or_none(candidate.mean),
            or_none(candidate.worst),
        ]);
    }
    Some(section)
}

fn reasons(summary: &Summary) -> Option<Section> {
    let mut section = Section::new(Topic::Reasons, "Without a plan".to_owned());
    section.notes = summary.reasons.iter().map(|(reason, count)| format!("{count} × {reason}")).collect();
    (!section.notes.is_empty()).then_some(section)
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
