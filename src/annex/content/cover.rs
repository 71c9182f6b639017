//! Cover and status: what the run is of, how good it is known to be, and the figures that count.

use super::Maker;
use super::{charts, concentration};
use crate::annex::Lang;
use crate::annex::document::{Block, Cell, Kind, Level, Table};
use crate::annex::messages::Arg;
use crate::annex::number::{day, percent};
use crate::audit::Unit;
use crate::domain::Text;
use crate::search::Status;

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(1, "part-cover");
    let facts = facts(maker);
    maker.blocks.push(Block::Facts(facts));
    maker.paragraph(maker.say("cover-proposal"));
    maker.heading(2, "part-stages");
    let stages = stages(maker);
    maker.table(stages);
    maker.paragraph(maker.say("stages-note"));
    maker.heading(2, "part-metrics");
    let metrics = metrics(maker, "metrics", "table-metrics", |id| !concentration::measures(id));
    maker.table(metrics);
    charts::write(maker);
}

fn facts(maker: &Maker<'_>) -> Vec<(Text, Cell)> {
    let document = &maker.run.document;
    let (scenario, status) = (&document.scenario, &document.status);
    let years = match scenario.years.as_slice() {
        [first, .., last] => {
            let (first, last) = (first.to_string(), last.to_string());
            maker.with("years-range", &[("first", Arg::Plain(&first)), ("last", Arg::Plain(&last))])
        }
        [only] => maker.with("year-one", &[("year", Arg::Plain(&only.to_string()))]),
        [] => Text::default(),
    };
    let date = Text { zh: day(&document.run.date, Lang::Zh), en: day(&document.run.date, Lang::En) };
    let gap = status.gap.map_or_else(
        || maker.say("gap-unknown"),
        |gap| maker.with("gap-known", &[("gap", Arg::Plain(&percent(gap)))]),
    );
    let word = maker.say(match status.status {
        Status::Optimal => "status-optimal",
        Status::Feasible => "status-feasible",
        Status::Broken => "status-broken",
    });
    let status_text =
        maker.with("status-with-gap", &[("status", Arg::Text(&word)), ("gap", Arg::Text(&gap))]);
    let certified = if status.certified { "certified-yes" } else { "certified-no" };
    let mut facts = vec![
        (maker.say("fact-programme"), Cell::Text(scenario.title.clone())),
        (maker.say("fact-scenario"), Cell::Code(scenario.id.clone())),
        (maker.say("fact-policy"), Cell::Text(document.policy.title.clone())),
        (maker.say("fact-years"), Cell::Text(years)),
        (maker.say("fact-unit"), Cell::Text(maker.unit())),
        (maker.say("fact-date"), Cell::Text(date)),
        (maker.say("fact-version"), Cell::Code(document.run.version.clone())),
        (maker.say("fact-status"), Cell::Text(status_text)),
        (maker.say("fact-certified"), maker.word(certified)),
        (maker.say("fact-hash"), Cell::Code(maker.run.input_sha256.clone())),
    ];
    if status.interrupted {
        facts.push((maker.say("fact-interrupted"), maker.word("interrupted-yes")));
    }
    facts
}

/// The name of an objective.
pub(super) fn objective(maker: &Maker<'_>, kind: &str) -> Text {
    match kind {
        "shortfall" => maker.say("objective-shortfall"),
        "coverage" => maker.say("objective-coverage"),
        "fit" => maker.say("objective-fit"),
        "proportional" => maker.say("objective-proportional"),
        "change" => maker.say("objective-change"),
        "fragmentation" => maker.say("objective-fragmentation"),
        "blend" => maker.say("objective-blend"),
        other => Text { zh: other.to_owned(), en: other.to_owned() },
    }
}

fn stages(maker: &Maker<'_>) -> Table {
    let mut table = maker.new_table(
        "stages",
        "table-stages",
        [
            (Kind::Name, "head-stage"),
            (Kind::Word, "head-sense"),
            (Kind::Number, "head-value"),
            (Kind::Number, "head-bound"),
            (Kind::Number, "head-gap"),
            (Kind::Number, "head-proved-gap"),
            (Kind::Number, "head-asked-gap"),
        ],
    );
    for stage in &maker.run.document.stages {
        let number = |value: f64| Cell::Decimal(value, 2);
        let sense = if stage.sense == "minimise" { "sense-minimise" } else { "sense-maximise" };
        table.push(
            Level::Body,
            vec![
                Cell::Text(objective(maker, &stage.kind)),
                maker.word(sense),
                number(stage.value),
                Cell::or_empty(stage.bound, number),
                Cell::or_empty(stage.gap, Cell::Share),
                Cell::or_empty(stage.proved_gap, Cell::Share),
                Cell::Share(stage.asked_gap),
            ],
        );
    }
    table
}

/// A number of a metric or finding, as its unit says.
pub(super) fn measured(unit: Unit, value: Option<f64>) -> Cell {
    Cell::or_empty(value, |value| match unit {
        Unit::Money => Cell::Amount(value),
        Unit::Share => Cell::Share(value),
        #[allow(clippy::cast_possible_truncation)]
        Unit::Count => Cell::Count(value as i64),
        Unit::Posts => Cell::Decimal(value, 2),
        Unit::MoneyPerPerson | Unit::Ratio => Cell::Decimal(value, 4),
    })
}

/// Those figures of the plan that are wanted, beside those of other plans.
pub(super) fn metrics(maker: &Maker<'_>, id: &str, caption: &str, wanted: impl Fn(&str) -> bool) -> Table {
    let heads = [(Kind::Prose, "head-metric"), (Kind::Number, "head-this-plan")];
    let mut table = maker.new_table(id, caption, heads);
    table.columns.extend(maker.heads_of_other_plans());
    for record in maker.run.document.metrics.iter().filter(|record| wanted(&record.metric.id)) {
        let unit = record.metric.unit;
        let own = [Cell::Text(record.metric.title.clone()), measured(unit, record.metric.value)];
        let others = [record.last_plan, record.baseline].map(|value| measured(unit, value));
        table.push(Level::Body, maker.beside_other_plans(own, others));
    }
    table
}
