//! What a planner reads on the terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::document::{CoverageOf, FindingRecord, MetricRecord, PlanDocument, RuleRecord, StageRecord};
use super::industry::{BuiltRecord, IndustryRecord};
use super::talent::TalentRecord;
use crate::audit::{Coverage, Unit};
use crate::search::Status;
use crate::units::grouped;

/// Rows of a table of provinces or sites that are shown; the files have them all.
const ROWS: usize = 30;
/// Failing instances of a rule that are shown.
const FAILURES: usize = 12;

/// Columns of text, each as wide as its widest cell; the first `left` are flush left, the others right.
pub(super) fn table(out: &mut String, left: usize, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|c| rows.iter().filter_map(|row| row.get(c)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    for row in rows {
        let mut line = String::from(" ");
        for (c, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[c] - cell.width());
            let _ = if c < left { write!(line, " {cell}{pad} ") } else { write!(line, " {pad}{cell} ") };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// A number in its unit, short.
pub(super) fn number(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else { return "-".to_owned() };
    #[allow(clippy::cast_possible_truncation)]
    let whole = |value: f64| grouped(value.round() as i128);
    match unit {
        Unit::Money | Unit::Count => whole(value),
        Unit::Posts => format!("{value:.1}"),
        Unit::Share => format!("{:.2}%", 100.0 * value),
        Unit::Ratio | Unit::MoneyPerPerson => format!("{value:.4}"),
    }
}

fn status_line(document: &PlanDocument) -> String {
    let status = &document.status;
    let word = match status.status {
        Status::Optimal => "optimal: every stage is within the gap that was asked of it".to_owned(),
        Status::Feasible => {
            let open = document.stages.iter().filter(|stage| !stage.closed);
            let open: Vec<String> = open.map(open_stage).collect();
            format!("feasible, not shown to be optimal: {}", open.join("; "))
        }
        Status::Broken => "BROKEN: a hard rule fails in whole units".to_owned(),
    };
    let interrupted = if status.interrupted { "; interrupted: the best plan so far" } else { "" };
    format!("{word}{interrupted}; {}", certified(document))
}

/// The verifier's verdict with the widest gap that it proves, which says how much the word is worth.
fn certified(document: &PlanDocument) -> String {
    if !document.status.certified {
        return "not certified".to_owned();
    }
    let gaps: Option<Vec<f64>> = document.stages.iter().map(|stage| stage.proved_gap).collect();
    match gaps.map(|gaps| gaps.into_iter().fold(0.0, f64::max)) {
        Some(gap) => format!("certified to within {:.3}%", 100.0 * gap),
        None => "certified, but for how near a stage of no value is to its bound".to_owned(),
    }
}

/// A stage that is further from its bound than was asked.
fn open_stage(stage: &StageRecord) -> String {
    let kind = &stage.kind;
    match stage.gap {
        Some(gap) => format!("{kind} has a gap of {:.3}%", 100.0 * gap),
        None => format!("{kind} has no bound"),
    }
}

/// The summary of a run.
pub fn summary(document: &PlanDocument) -> String {
    let mut out = String::new();
    let scenario = &document.scenario;
    let _ = writeln!(out, "{} · {}", scenario.title.zh, scenario.title.en);
    let _ = writeln!(out, "policy    {} · {}", document.policy.title.zh, document.policy.title.en);
    let _ = writeln!(out, "money     units of {} {}", grouped(scenario.unit.into()), scenario.currency);
    let _ = writeln!(out, "status    {}", status_line(document));
    stages(&mut out, document);
    places(&mut out, "By province", "given", false, &document.coverage.province);
    places(&mut out, "By site", "received", true, &document.coverage.site);
    metrics(&mut out, document);
    if let Some(industry) = &document.industry {
        industries(&mut out, document, industry);
    }
    if let Some(talent) = &document.talent {
        people(&mut out, talent);
    }
    let _ = writeln!(out, "\nRules");
    rules(&mut out, &document.rules);
    out
}

fn stages(out: &mut String, document: &PlanDocument) {
    let _ = writeln!(out, "\nStages");
    let mut rows = vec![
        ["stage", "value", "bound", "gap", "proved", "asked", "left to later stages"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let percent = |share: f64| format!("{:.3}%", 100.0 * share);
    for stage in &document.stages {
        rows.push(vec![
            stage.kind.clone(),
            format!("{:.2}", stage.value),
            stage.bound.map_or_else(|| "-".to_owned(), |bound| format!("{bound:.2}")),
            stage.gap.map_or_else(|| "-".to_owned(), percent),
            stage.proved_gap.map_or_else(|| "-".to_owned(), percent),
            percent(stage.asked_gap),
            percent(stage.tolerance),
        ]);
    }
    table(out, 1, &rows);
}

fn places(out: &mut String, title: &str, verb: &str, with_need: bool, places: &[CoverageOf]) {
    let mut sorted: Vec<&Coverage> = places.iter().map(|place| &place.now).collect();
    sorted.sort_by(|a, b| b.money.cmp(&a.money).then_with(|| a.id.cmp(&b.id)));
    let _ = writeln!(out, "\n{title}");
    let mut rows = vec![vec!["id".to_owned(), verb.to_owned()]];
    if with_need {
        rows[0].extend(["need".to_owned(), "covered".to_owned()]);
    }
    for place in sorted.iter().take(ROWS) {
        let mut row = vec![place.id.clone(), grouped(place.money.into())];
        if with_need {
            row.extend([grouped(place.need.into()), number(place.coverage, Unit::Share)]);
        }
        rows.push(row);
    }
    table(out, 1, &rows);
    if sorted.len() > ROWS {
        let _ = writeln!(out, "  … {} more, see metrics.csv", sorted.len() - ROWS);
    }
}

fn metrics(out: &mut String, document: &PlanDocument) {
    let _ = writeln!(out, "\nConcentration and coverage");
    let has_last = document.metrics.iter().any(|metric| metric.last_plan.is_some());
    let baseline = document.run.options.baseline.as_deref();
    let mut header = vec![String::new(), "this plan".to_owned()];
    header.extend(has_last.then(|| "last plan".to_owned()));
    header.extend(baseline.map(str::to_owned));
    let mut rows = vec![header];
    for MetricRecord { metric, last_plan, baseline: of_baseline } in &document.metrics {
        let mut row = vec![metric.title.en.clone(), number(metric.value, metric.unit)];
        row.extend(has_last.then(|| number(*last_plan, metric.unit)));
        row.extend(baseline.map(|_| number(*of_baseline, metric.unit)));
        rows.push(row);
    }
    table(out, 1, &rows);
}

/// Who builds what, beside the last plan and the baseline: the industries, then the sites.
fn industries(out: &mut String, document: &PlanDocument, industry: &IndustryRecord) {
    let baseline = document.run.options.baseline.as_deref();
    let has_last = industry.industries.iter().any(|total| total.last_plan.is_some());
    let money = |amount: i64| grouped(amount.into());
    let others = |last: Option<i64>, of_baseline: Option<i64>| {
        let last = has_last.then(|| last.map_or_else(|| "-".to_owned(), money));
        let other = baseline.map(|_| of_baseline.map_or_else(|| "-".to_owned(), money));
        [last, other].into_iter().flatten()
    };
    let mut heads: Vec<String> = vec!["this plan".to_owned()];
    heads.extend(has_last.then(|| "last plan".to_owned()));
    heads.extend(baseline.map(str::to_owned));
    let _ = writeln!(out, "\nIndustries");
    let mut rows = vec![[vec!["id".to_owned()], heads.clone(), vec!["in parks".to_owned()]].concat()];
    rows[0].extend(["sites", "HHI"].map(str::to_owned));
    for total in &industry.industries {
        let mut row = vec![total.id.clone(), money(total.money)];
        row.extend(others(total.last_plan, total.baseline));
        row.extend([money(total.park_money), total.sites.to_string(), number(total.hhi, Unit::Ratio)]);
        rows.push(row);
    }
    table(out, 1, &rows);
    let mut sorted: Vec<&BuiltRecord> = industry.built.iter().collect();
    sorted.sort_by_key(|built| std::cmp::Reverse(built.money));
    let _ = writeln!(out, "\nWho builds what");
    let mut rows = vec![[vec!["site".to_owned(), "industry".to_owned()], heads].concat()];
    rows[0].push("neighbours too".to_owned());
    for built in sorted.iter().take(ROWS) {
        let mut row = vec![built.site_id.clone(), built.industry_id.clone(), money(built.money)];
        row.extend(others(built.last_plan, built.baseline));
        row.push(built.neighbours.to_string());
        rows.push(row);
    }
    table(out, 2, &rows);
    if sorted.len() > ROWS {
        let _ = writeln!(out, "  … {} more, see industry.csv", sorted.len() - ROWS);
    }
}

/// What each region needs and gets of each profession; the posts that nobody can fill and the people whom no post
/// uses.
fn people(out: &mut String, talent: &TalentRecord) {
    let posts = |number: f64| self::number(Some(number), Unit::Posts);
    let _ = writeln!(out, "\nPosts by region and profession (full-time)");
    let mut rows = vec![
        ["region", "profession", "posts", "in reach", "filled", "to ask for"].map(str::to_owned).to_vec(),
    ];
    let mut sorted: Vec<_> = talent.structure.iter().collect();
    sorted.sort_by(|a, b| b.vacant.total_cmp(&a.vacant));
    for record in sorted.iter().take(ROWS) {
        let mut row =
            vec![record.region_id.clone(), record.profession_id.clone(), grouped(record.posts.into())];
        row.extend([record.reach, record.filled, record.vacant].map(posts));
        rows.push(row);
    }
    table(out, 2, &rows);
    if sorted.len() > ROWS {
        let _ = writeln!(out, "  … {} more, see metrics.csv", sorted.len() - ROWS);
    }
    let mut list = |title: &str, ids: Vec<String>| {
        if !ids.is_empty() {
            let _ = writeln!(out, "{title}: {}", few(&ids, ", "));
        }
    };
    let unfillable = talent.posts.iter().filter(|group| group.candidates == 0);
    list("Posts that no province can fill", unfillable.map(|group| group.id.clone()).collect());
    let idle = talent.secondees.iter().filter(|group| group.idle > 0);
    let idle = idle.map(|group| format!("{} ({} of {})", group.id, group.idle, group.number));
    list("Secondees whom no post uses", idle.collect());
}

/// The rule table of an audit.
pub fn audit_text(rules_of: &[RuleRecord]) -> String {
    let mut out = String::new();
    rules(&mut out, rules_of);
    let named = |rule: &&RuleRecord| rule.findings.iter().any(|finding| !finding.at.is_empty());
    for rule in rules_of.iter().filter(named) {
        let _ = writeln!(out, "\nRows by which {} ({}) fails", rule.id, rule.rule);
        let failing = rule.findings.iter().filter(|finding| !finding.at.is_empty());
        let rows: Vec<Vec<String>> =
            failing.take(FAILURES).map(|finding| vec![place(finding), few(&finding.at, ", ")]).collect();
        table(&mut out, 2, &rows);
    }
    out
}

/// What a finding is about.
fn place(finding: &FindingRecord) -> String {
    if finding.scope.is_empty() { "programme".to_owned() } else { few(&finding.scope, " ") }
}

/// The first few of a list, and how many more there are.
fn few(list: &[String], between: &str) -> String {
    const SHOWN: usize = 8;
    match list.len() {
        more if more > SHOWN => format!("{} … {} more", list[..SHOWN].join(between), more - SHOWN),
        _ => list.join(between),
    }
}

fn rules(out: &mut String, rules: &[RuleRecord]) {
    let header = ["id", "rule", "title", "where", "measured", "", "asked", "slack", ""];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for rule in rules {
        let mut findings: Vec<&FindingRecord> = rule.findings.iter().collect();
        findings.sort_by(|a, b| a.passes.cmp(&b.passes).then(a.slack.total_cmp(&b.slack)));
        let verdict = match (rule.passes, rule.hard) {
            (true, _) => "pass",
            (false, true) => "FAIL",
            (false, false) => "short (soft)",
        };
        let failing = findings.iter().filter(|finding| !finding.passes).count();
        let shown = failing.clamp(1, FAILURES);
        if findings.is_empty() {
            let head = [
                rule.id.as_str(),
                &rule.rule,
                &rule.title.en,
                "nothing to check",
                "-",
                "",
                "-",
                "-",
                verdict,
            ];
            rows.push(head.map(str::to_owned).to_vec());
        }
        for (position, finding) in findings.iter().take(shown).enumerate() {
            let head =
                if position == 0 { [rule.id.as_str(), &rule.rule, &rule.title.en] } else { ["", "", ""] };
            let mut row = head.map(str::to_owned).to_vec();
            row.push(place(finding));
            row.push(number(finding.measured, finding.unit));
            row.push(finding.relation.replace(">=", "≥").replace("<=", "≤"));
            row.push(number(Some(finding.threshold), finding.unit));
            row.push(number(Some(finding.slack), Unit::Money));
            row.push(verdict.to_owned());
            rows.push(row);
        }
        if failing > shown {
            rows.push(vec![
                String::new(),
                String::new(),
                format!("… {} more fail, see rules.csv", failing - shown),
            ]);
        }
    }
    table(out, 4, &rows);
}
