//! What changed against another run: the run itself, the figures, the rules, the lines.

use std::collections::BTreeMap;

use super::Maker;
use super::cover::measured;
use crate::annex::document::{Block, Cell, Column, Kind, Level, Mark, Table};
use crate::annex::messages::Arg;
use crate::annex::number::day;
use crate::annex::run::Run;
use crate::annex::{Lang, names::Names};
use crate::domain::Text;

pub(super) fn write(maker: &mut Maker<'_>, other: &Run) {
    maker.heading(1, "part-changes");
    maker.paragraph(maker.say("changes-intro"));
    let heads = heads(maker, other);
    maker.blocks.push(Block::Facts(heads));
    if other.document.scenario.unit != maker.run.document.scenario.unit
        || other.document.scenario.currency != maker.run.document.scenario.currency
    {
        maker.paragraph(maker.say("changes-other-unit"));
        return;
    }
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

/// Heads of a table that compares: names, then before, now and the difference.
fn columns(maker: &Maker<'_>, names: &[&str]) -> Vec<Column> {
    let mut columns: Vec<_> = names.iter().map(|key| maker.head(Kind::Name, key)).collect();
    columns
        .extend(["head-other-run", "head-this-run", "head-change"].map(|key| maker.head(Kind::Number, key)));
    columns.push(maker.head(Kind::Word, "head-mark"));
    columns
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
    let mut heads = vec![maker.head(Kind::Prose, "head-metric")];
    heads.extend(["head-other-run", "head-this-run"].map(|key| maker.head(Kind::Number, key)));
    heads.push(maker.head(Kind::Word, "head-mark"));
    let mut table = Table::new("changed_metrics", maker.say("table-changed-metrics"), heads);
    for record in &maker.run.document.metrics {
        let before = other.document.metrics.iter().find(|before| before.metric.id == record.metric.id);
        let (before, now) = (before.and_then(|before| before.metric.value), record.metric.value);
        if before != now {
            let unit = record.metric.unit;
            let name = Cell::Text(record.metric.title.clone());
            let changed = maker.word("mark-changed");
            table
                .push_marked(Mark::Changed, vec![name, measured(unit, before), measured(unit, now), changed]);
        }
    }
    table
}

fn rules(maker: &Maker<'_>, other: &Run) -> Table {
    let heads = vec![
        maker.head(Kind::Word, "head-rule"),
        maker.head(Kind::Name, "head-title"),
        maker.head(Kind::Name, "head-other-run"),
        maker.head(Kind::Name, "head-this-run"),
        maker.head(Kind::Word, "head-mark"),
    ];
    let mut table = Table::new("changed_rules", maker.say("table-changed-rules"), heads);
    let told = |run: &Run| -> BTreeMap<String, (Text, String)> {
        let rules = run.document.rules.iter().map(|rule| {
            let strength = if rule.hard { String::new() } else { " (soft)".to_owned() };
            let code = format!("{}{strength} {}", rule.rule, rule.parameters);
            (rule.id.clone(), (rule.title.clone(), code))
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
        let cell = |of: Option<&(Text, String)>| of.map_or(Cell::Empty, |(_, code)| Cell::Code(code.clone()));
        let cells = vec![Cell::Code(id.clone()), Cell::Text(title), cell(old), cell(new), maker.word(key)];
        table.push_marked(mark, cells);
    }
    table
}

fn sites(maker: &Maker<'_>, other: &Run) -> Table {
    let columns = columns(maker, &["head-site"]);
    let mut table = Table::new("changed_sites", maker.say("table-changed-sites"), columns);
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
    let columns = columns(maker, &["head-province", "head-site", "head-sector"]);
    let mut table = Table::new("changed_lines", maker.say("table-changed-lines"), columns);
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
