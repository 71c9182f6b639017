//! Rules: what each asks, what was measured, whether it holds, and what it costs.

use super::Maker;
use super::cover::{measured, objective};
use crate::annex::document::{Cell, Kind, Level, Table, Verdict};
use crate::annex::messages::Arg;
use crate::annex::number::decimal;
use crate::annex::run::PriceInterval;
use crate::domain::Text;
use crate::report::document::{FindingRecord, RuleRecord};

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(1, "part-rules");
    maker.paragraph(maker.say("rules-intro"));
    let table = table(maker);
    maker.table(table);
    if let Some(prices) = &maker.run.prices {
        let objective = objective(maker, &prices.main_objective.objective);
        maker.paragraph(maker.with("prices-note", &[("objective", Arg::Text(&objective))]));
    } else {
        maker.paragraph(maker.say("prices-none"));
    }
    maker.heading(2, "part-failing");
    let failing = failing(maker);
    if failing.rows.is_empty() {
        maker.paragraph(maker.say("failing-none"));
    }
    maker.table(failing);
}

fn verdict(maker: &Maker<'_>, hard: bool, passes: bool) -> Cell {
    match (passes, hard) {
        (true, _) => Cell::Verdict(Verdict::Pass, maker.say("verdict-pass")),
        (false, true) => Cell::Verdict(Verdict::Fail, maker.say("verdict-fail")),
        (false, false) => Cell::Verdict(Verdict::Short, maker.say("verdict-short")),
    }
}

/// The instance with the least room, a failing one first.
fn tightest(rule: &RuleRecord) -> Option<&FindingRecord> {
    rule.findings.iter().min_by(|a, b| a.passes.cmp(&b.passes).then(a.slack.total_cmp(&b.slack)))
}

fn scope(maker: &Maker<'_>, ids: &[String]) -> Text {
    if ids.is_empty() {
        return maker.say("scope-programme");
    }
    let names: Vec<Text> = ids.iter().map(|id| maker.names.any(id)).collect();
    let list = |of: fn(&Text) -> &str| names.iter().map(of).collect::<Vec<_>>().join(" · ");
    Text { zh: list(|text| &text.zh), en: list(|text| &text.en) }
}

fn threshold(maker: &Maker<'_>, finding: &FindingRecord) -> Text {
    let number = measured(finding.unit, Some(finding.threshold));
    let number = number.show(crate::annex::Lang::En);
    let key = if finding.relation == ">=" { "at-least" } else { "at-most" };
    maker.with(key, &[("number", Arg::Plain(&number))])
}

fn table(maker: &Maker<'_>) -> Table {
    let tightest_head = maker.say("head-tightest");
    let mut columns = vec![
        maker.head(Kind::Word, "head-rule"),
        maker.head(Kind::Name, "head-title"),
        maker.head(Kind::Name, "head-source"),
        maker.head(Kind::Word, "head-strength"),
        maker.head(Kind::Number, "head-instances"),
        maker.head(Kind::Number, "head-failing"),
        maker.head(Kind::Name, "head-where").under(&tightest_head),
        maker.head(Kind::Number, "head-asked").under(&tightest_head),
        maker.head(Kind::Number, "head-measured").under(&tightest_head),
        maker.head(Kind::Word, "head-verdict"),
    ];
    if maker.run.prices.is_some() {
        columns.push(maker.head(Kind::Number, "head-price"));
    }
    let mut table = Table::new("rules", maker.say("table-rules"), columns);
    for rule in &maker.run.document.rules {
        let finding = tightest(rule);
        let failing = rule.findings.iter().filter(|finding| !finding.passes).count();
        let mut cells = vec![
            Cell::Code(rule.id.clone()),
            Cell::Text(rule.title.clone()),
            if rule.source.is_empty() { Cell::Empty } else { Cell::Code(rule.source.clone()) },
            maker.word(if rule.hard { "strength-hard" } else { "strength-soft" }),
            Cell::count(rule.findings.len()),
            Cell::count(failing),
            finding.map_or(Cell::Empty, |finding| Cell::Text(scope(maker, &finding.scope))),
            finding.map_or(Cell::Empty, |finding| Cell::Text(threshold(maker, finding))),
            finding.map_or(Cell::Empty, |finding| measured(finding.unit, finding.measured)),
            verdict(maker, rule.hard, rule.passes),
        ];
        if let Some(prices) = &maker.run.prices {
            cells.push(prices.of(&rule.id).map_or(Cell::Empty, |price| Cell::Text(interval(maker, price))));
        }
        table.push(Level::Body, cells);
    }
    table
}

/// Where a price lies. What is not known in time is said so.
fn interval(maker: &Maker<'_>, price: PriceInterval) -> Text {
    let least = price.least.map(|least| decimal(least.floor().max(0.0), 0));
    let most = price.most.map(|most| decimal(most.ceil(), 0));
    match (&least, &most) {
        (Some(least), Some(most)) if least == most => {
            maker.with("price-about", &[("number", Arg::Plain(least))])
        }
        (Some(least), Some(most)) => {
            maker.with("price-between", &[("least", Arg::Plain(least)), ("most", Arg::Plain(most))])
        }
        (Some(least), None) => maker.with("at-least", &[("number", Arg::Plain(least))]),
        (None, Some(most)) => maker.with("at-most", &[("number", Arg::Plain(most))]),
        (None, None) => maker.say("price-unknown"),
    }
}

/// Every instance that fails.
fn failing(maker: &Maker<'_>) -> Table {
    let mut table = maker.new_table(
        "failing",
        "table-failing",
        [
            (Kind::Name, "head-rule"),
            (Kind::Name, "head-title"),
            (Kind::Name, "head-where"),
            (Kind::Number, "head-asked"),
            (Kind::Number, "head-measured"),
            (Kind::Number, "head-missing"),
            (Kind::Word, "head-verdict"),
        ],
    );
    for rule in &maker.run.document.rules {
        for finding in rule.findings.iter().filter(|finding| !finding.passes) {
            table.push(
                Level::Body,
                vec![
                    Cell::Code(rule.id.clone()),
                    Cell::Text(rule.title.clone()),
                    Cell::Text(scope(maker, &finding.scope)),
                    Cell::Text(threshold(maker, finding)),
                    measured(finding.unit, finding.measured),
                    Cell::Amount(-finding.slack),
                    verdict(maker, rule.hard, false),
                ],
            );
        }
    }
    table
}

/// Codes of rules that leave no room somewhere among `ids`, with commas between.
pub(super) fn without_room(maker: &Maker<'_>, ids: &[&str]) -> String {
    let years: Vec<String> = maker.run.document.scenario.years.iter().map(i32::to_string).collect();
    let about = |finding: &FindingRecord| {
        let known = |id: &String| ids.contains(&id.as_str()) || years.contains(id);
        finding.slack < 1.0 && finding.scope.iter().all(known)
    };
    let rules = maker.run.document.rules.iter().filter(|rule| rule.findings.iter().any(about));
    rules.map(|rule| rule.id.as_str()).collect::<Vec<_>>().join(", ")
}
