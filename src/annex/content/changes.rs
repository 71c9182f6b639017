//! What changed against another run: the run itself, the figures, the rules, the lines.

use std::collections::BTreeMap;

use super::Maker;
use super::cover::measured;
use crate::annex::document::{Block, Cell, Kind, Level, Mark, Table};
use crate::annex::messages::Arg;
use crate::annex::number::day;
use crate::annex::redline::redline;
use crate::annex::run::Run;
use crate::annex::{Lang, names::Names};
use crate::domain::Text;

/// Marks what differs where it stands, and lists it in a part behind the overview.
pub(super) fn write(maker: &mut Maker<'_>, other: &Run) {
    let mut parts = std::mem::take(&mut maker.blocks);
    part(maker, other, &mut parts);
    let is_part = |block: &Block| matches!(block, Block::Heading(1, ..));
    let second = parts.iter().skip(1).position(is_part).map_or(parts.len(), |at| at + 1);
    parts.splice(second..second, std::mem::take(&mut maker.blocks));
    maker.blocks = parts;
}

fn part(maker: &mut Maker<'_>, other: &Run, parts: &mut Vec<Block>) {
    maker.heading(1, "part-changes");
    maker.paragraph(maker.say("changes-intro"));
    let heads = heads(maker, other);
    maker.blocks.push(Block::Facts(heads));
    let money = |run: &Run| (run.document.scenario.unit, run.document.scenario.currency.clone());
    if money(other) != money(maker.run) {
        maker.paragraph(maker.say("changes-other-unit"));
        return;
    }
    let mut theirs = Maker::of(other, maker.messages);
    theirs.parts();
    redline(parts, &theirs.blocks);
    let tables = [metrics(maker, other), rules(maker, other), sites(maker, other), lines(maker, other)];
    if tables.iter().all(|table| table.rows.is_empty()) {
        maker.paragraph(maker.say("changes-none"));
    }
    maker.tables(tables);
}

fn heads(maker: &Maker<'_>, other: &Run) -> Vec<(Text, Cell)> {
    let told = |run: &Run| {
        let date =
            Text { zh: day(&run.document.run.date, Lang::Zh), en: day(&run.document.run.date, Lang::En) };
        let hash: String = run.input_sha256.chars().take(12).collect();
        let what = [
            ("scenario", Arg::Plain(run.document.scenario.id.as_str())),
            ("policy", Arg::Plain(run.document.policy.id.as_str())),
            ("date", Arg::Text(&date)),
            ("hash", Arg::Plain(&hash)),
        ];
        Cell::Text(maker.with("run-told", &what))
    };
    vec![(maker.say("fact-this-run"), told(maker.run)), (maker.say("fact-other-run"), told(other))]
}

/// A table that compares amounts: names, then before, now and the difference.
fn of_amounts(maker: &Maker<'_>, id: &str, caption: &str, names: &[&'static str]) -> Table {
    let names = names.iter().map(|key| (Kind::Name, *key));
    let amounts = ["head-other-run", "head-this-run", "head-change"].map(|key| (Kind::Number, key));
    maker.new_table(id, caption, names.chain(amounts).chain([(Kind::Word, "head-mark")]))
}

/// Adds a row where two amounts differ.
fn push_amounts(
    maker: &Maker<'_>,
    table: &mut Table,
    names: Vec<Cell>,
    before: Option<i64>,
    now: Option<i64>,
) {
    let (mark, key) = match (before, now) {
        (before, now) if before == now => return,
        (None, _) => (Mark::New, "mark-new"),
        (_, None) => (Mark::Gone, "mark-gone"),
        _ => (Mark::Changed, "mark-changed"),
    };
    let change = now.unwrap_or_default() - before.unwrap_or_default();
    let amounts = [
        Cell::or_empty(before, Cell::Money),
        Cell::or_empty(now, Cell::Money),
        Cell::Change(change),
        maker.word(key),
    ];
    table.push_marked(mark, [names, amounts.to_vec()].concat());
}

fn metrics(maker: &Maker<'_>, other: &Run) -> Table {
    let mut table = maker.new_table(
        "changed_metrics",
        "table-changed-metrics",
        [
            (Kind::Prose, "head-metric"),
            (Kind::Number, "head-other-run"),
            (Kind::Number, "head-this-run"),
            (Kind::Word, "head-mark"),
        ],
    );
    for record in &maker.run.document.metrics {
        let before = other.document.metrics.iter().find(|before| before.metric.id == record.metric.id);
        let (before, now) = (before.and_then(|before| before.metric.value), record.metric.value);
        if before != now {
            let unit = record.metric.unit;
            let values = [before, now].map(|value| measured(unit, value));
            let name = [Cell::Text(record.metric.title.clone())];
            let changed = [maker.word("mark-changed")];
            table.push_marked(Mark::Changed, name.into_iter().chain(values).chain(changed).collect());
        }
    }
    table
}

fn rules(maker: &Maker<'_>, other: &Run) -> Table {
    let mut table = maker.new_table(
        "changed_rules",
        "table-changed-rules",
        [
            (Kind::Word, "head-rule"),
            (Kind::Name, "head-title"),
            (Kind::Name, "head-other-run"),
            (Kind::Name, "head-this-run"),
            (Kind::Word, "head-mark"),
        ],
    );
    let told = |run: &Run| -> BTreeMap<String, (Text, Text)> {
        let rules = run.document.rules.iter().map(|rule| {
            let parameters = rule.parameters.to_string();
            let what = [("kind", Arg::Plain(rule.rule.as_str())), ("parameters", Arg::Plain(&parameters))];
            let key = if rule.hard { "rule-told-hard" } else { "rule-told-soft" };
            (rule.id.clone(), (rule.title.clone(), maker.with(key, &what)))
        });
        rules.collect()
    };
    let (before, now) = (told(other), told(maker.run));
    let mut ids: Vec<&String> = before.keys().chain(now.keys()).collect();
    ids.sort_by_key(|id| (id.len(), *id));
    ids.dedup();
    for id in ids {
        let (old, new) = (before.get(id), now.get(id));
        let (mark, key) = match (old, new) {
            (Some(old), Some(new)) if old.1 == new.1 => continue,
            (None, _) => (Mark::New, "mark-new"),
            (_, None) => (Mark::Gone, "mark-gone"),
            _ => (Mark::Changed, "mark-changed"),
        };
        let title = new.or(old).map_or_else(Text::default, |(title, _)| title.clone());
        let cell = |of: Option<&(Text, Text)>| of.map_or(Cell::Empty, |(_, told)| Cell::Text(told.clone()));
        let cells = vec![Cell::Code(id.clone()), Cell::Text(title), cell(old), cell(new), maker.word(key)];
        table.push_marked(mark, cells);
    }
    table
}

fn sites(maker: &Maker<'_>, other: &Run) -> Table {
    let mut table = of_amounts(maker, "changed_sites", "table-changed-sites", &["head-site"]);
    let by_id = |run: &Run| -> BTreeMap<String, i64> {
        run.document.coverage.site.iter().map(|site| (site.now.id.clone(), site.now.money)).collect()
    };
    let (before, now) = (by_id(other), by_id(maker.run));
    let others = Names::of(other);
    for id in before.keys().chain(now.keys().filter(|id| !before.contains_key(*id))) {
        let name = if now.contains_key(id) { maker.names.site(id) } else { others.site(id) };
        let amounts = (before.get(id).copied(), now.get(id).copied());
        push_amounts(maker, &mut table, vec![Cell::Text(name)], amounts.0, amounts.1);
    }
    table
}

fn lines(maker: &Maker<'_>, other: &Run) -> Table {
    let names = ["head-province", "head-site", "head-sector"];
    let mut table = of_amounts(maker, "changed_lines", "table-changed-lines", &names);
    let by_ids = |run: &Run| -> BTreeMap<[String; 3], i64> {
        let lines =
            run.document.lines.iter().map(|line| {
                ([&line.province_id, &line.site_id, &line.sector_id].map(Clone::clone), line.total)
            });
        lines.collect()
    };
    let (before, now) = (by_ids(other), by_ids(maker.run));
    let others = Names::of(other);
    let mut ids: Vec<&[String; 3]> = before.keys().chain(now.keys()).collect();
    ids.sort();
    ids.dedup();
    for key in ids {
        let names = if now.contains_key(key) { &maker.names } else { &others };
        let [p, s, k] = key;
        let cells = [names.province(p), names.site(s), names.sector(k)].map(Cell::Text).to_vec();
        push_amounts(maker, &mut table, cells, before.get(key).copied(), now.get(key).copied());
    }
    let sum = |of: &BTreeMap<[String; 3], i64>| of.values().sum::<i64>();
    let (before, now) = (sum(&before), sum(&now));
    if !table.rows.is_empty() {
        let total = [Cell::Money(before), Cell::Money(now), Cell::Change(now - before), Cell::Empty].to_vec();
        let cells = [vec![maker.word("row-all-lines"), Cell::Empty, Cell::Empty], total].concat();
        table.push(Level::Total, cells);
    }
    table
}
