//! Assumptions: where the numbers come from, the method in one page, the run's record, words.

use super::Maker;
use crate::annex::document::{Block, Cell, Kind, Level, Table};
use crate::annex::messages::Arg;
use crate::domain::{Provenance, Text};

/// Words that are explained, with what they mean.
const GLOSSARY: [(&str, &str); 12] = [
    ("term-line", "meaning-line"),
    ("term-ticket", "meaning-ticket"),
    ("term-need", "meaning-need"),
    ("term-coverage", "meaning-coverage"),
    ("term-focus", "meaning-focus"),
    ("term-thinness", "meaning-thinness"),
    ("term-hhi", "meaning-hhi"),
    ("term-baseline", "meaning-baseline"),
    ("term-last-plan", "meaning-last-plan"),
    ("term-gap", "meaning-gap"),
    ("term-certified", "meaning-certified"),
    ("term-hard", "meaning-hard"),
];

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(1, "part-assumptions");
    maker.heading(2, "part-provenance");
    let table = provenance(maker);
    maker.paragraph(maker.say(if table.rows.is_empty() { "provenance-none" } else { "provenance-intro" }));
    maker.table(table);
    maker.heading(2, "part-method");
    for key in
        ["method-model", "method-stages", "method-units", "method-audit", "method-bound", "method-limits"]
    {
        maker.paragraph(maker.say(key));
    }
    maker.heading(2, "part-record");
    let record = record(maker);
    maker.blocks.push(Block::Facts(record));
    let inputs = inputs(maker);
    maker.table(inputs);
    maker.heading(2, "part-glossary");
    let mut table = maker.new_table(
        "glossary",
        "table-glossary",
        [(Kind::Name, "head-term"), (Kind::Prose, "head-meaning")],
    );
    for (term, meaning) in GLOSSARY {
        table.push(Level::Body, vec![maker.word(term), maker.word(meaning)]);
    }
    maker.table(table);
}

fn provenance(maker: &Maker<'_>) -> Table {
    let mut table = maker.new_table(
        "provenance",
        "table-provenance",
        [
            (Kind::Name, "head-table"),
            (Kind::Name, "head-column"),
            (Kind::Word, "head-kind"),
            (Kind::Prose, "head-source"),
        ],
    );
    for column in &maker.run.document.provenance {
        let kind = match column.provenance {
            Some(Provenance::Sourced) => "kind-sourced",
            Some(Provenance::Derived) => "kind-derived",
            Some(Provenance::Illustrative) => "kind-illustrative",
            None => "kind-not-stated",
        };
        let source =
            if column.source == Text::default() { Cell::Empty } else { Cell::Text(column.source.clone()) };
        let names = [&column.table, &column.column].map(|name| Cell::Code(name.clone()));
        table.push(Level::Body, [names.to_vec(), vec![maker.word(kind), source]].concat());
    }
    table
}

fn record(maker: &Maker<'_>) -> Vec<(Text, Cell)> {
    let run = &maker.run.document.run;
    let options = &run.options;
    let solver = [("name", Arg::Plain(&options.solver)), ("version", Arg::Plain(&options.solver_version))];
    let mut facts = vec![
        (maker.say("fact-version"), Cell::Code(run.version.clone())),
        (maker.say("fact-solver"), Cell::Text(maker.with("solver-named", &solver))),
        (maker.say("fact-gap"), Cell::Share(options.gap)),
        (maker.say("fact-threads"), Cell::count(options.threads)),
        (maker.say("fact-seed"), Cell::Code(options.seed.to_string())),
    ];
    if let Some(limit) = options.time_limit {
        facts.push((maker.say("fact-time-limit"), Cell::Decimal(limit, 1)));
    }
    if let Some(baseline) = &options.baseline {
        facts.push((maker.say("fact-baseline"), Cell::Code(baseline.clone())));
    }
    for change in &run.overrides {
        facts.push((maker.say("fact-override"), Cell::Code(change.clone())));
    }
    facts
}

fn inputs(maker: &Maker<'_>) -> Table {
    let mut table =
        maker.new_table("inputs", "table-inputs", [(Kind::Name, "head-file"), (Kind::Prose, "head-hash")]);
    for input in &maker.run.document.run.inputs {
        table.push(Level::Body, [&input.file, &input.sha256].map(|text| Cell::Code(text.clone())).to_vec());
    }
    table
}
