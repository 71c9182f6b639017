//! What an annex says, one file a part, each from the run's own files.

mod allocation;
mod assumptions;
mod changes;
mod charts;
mod concentration;
mod cover;
mod industry;
mod needs;
mod rules;
mod talent;

use super::document::{Annex, Block, Cell, Column, Kind, Table};
use super::messages::{Arg, Messages};
use super::names::Names;
use super::run::Run;
use crate::domain::Text;

/// Makes the annex of a run; marks what changed where it is set against another.
pub fn annex(run: &Run, against: Option<&Run>) -> Annex {
    let messages = Messages::default();
    let mut maker = Maker::of(run, &messages);
    maker.parts();
    if let Some(other) = against {
        changes::write(&mut maker, other);
    }
    let document = &run.document;
    Annex {
        title: document.scenario.title.clone(),
        subtitle: maker.with("annex-subtitle", &[("policy", Arg::Text(&document.policy.title))]),
        date: document.run.date.clone(),
        unit: maker.unit(),
        blocks: maker.blocks,
    }
}

/// What the parts are written with.
struct Maker<'a> {
    run: &'a Run,
    messages: &'a Messages,
    names: Names<'a>,
    blocks: Vec<Block>,
}

impl<'a> Maker<'a> {
    fn of(run: &'a Run, messages: &'a Messages) -> Self {
        Self { run, messages, names: Names::of(run), blocks: Vec::new() }
    }

    /// All that is said of the run itself.
    fn parts(&mut self) {
        cover::write(self);
        allocation::write(self);
        concentration::write(self);
        rules::write(self);
        industry::write(self);
        talent::write(self);
        needs::write(self);
        assumptions::write(self);
    }

    fn say(&self, key: &str) -> Text {
        self.messages.say(key)
    }

    fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Text {
        self.messages.with(key, args)
    }

    /// A cell of words.
    fn word(&self, key: &str) -> Cell {
        Cell::Text(self.say(key))
    }

    /// A column with the head `key`.
    fn head(&self, kind: Kind, key: &str) -> Column {
        Column::new(kind, self.say(key))
    }

    fn heading(&mut self, level: u8, key: &'static str) {
        let text = self.say(key);
        self.blocks.push(Block::Heading(level, key, text));
    }

    fn paragraph(&mut self, text: Text) {
        self.blocks.push(Block::Paragraph(Cell::Text(text)));
    }

    /// A table without rows, with the caption and the heads of some messages.
    fn new_table<'k>(
        &self,
        id: &str,
        caption: &str,
        heads: impl IntoIterator<Item = (Kind, &'k str)>,
    ) -> Table {
        let columns = heads.into_iter().map(|(kind, key)| self.head(kind, key)).collect();
        Table::new(id, self.say(caption), columns)
    }

    /// A table, unless it has no rows.
    fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(table));
        }
    }

    /// Those of some tables that have rows.
    fn tables(&mut self, tables: impl IntoIterator<Item = Table>) {
        for table in tables {
            self.table(table);
        }
    }

    /// What amounts are counted in.
    fn unit(&self) -> Text {
        let scenario = &self.run.document.scenario;
        let currency = self.with("currency", &[("code", Arg::Plain(&scenario.currency))]);
        let size = scenario.unit.to_string();
        let (key, grouped) = match scenario.unit {
            1 => ("unit-one", String::new()),
            10_000 => ("unit-ten-thousand", String::new()),
            1_000_000 => ("unit-million", String::new()),
            unit => ("unit-other", if unit < 10_000 { size } else { super::number::grouped(unit) }),
        };
        self.with(key, &[("currency", Arg::Text(&currency)), ("size", Arg::Plain(&grouped))])
    }

    /// Whether there is a last plan to set beside this one.
    fn has_last_plan(&self) -> bool {
        !self.run.input.commitments.is_empty()
    }

    /// Whether there is a baseline to set beside this one.
    fn has_baseline(&self) -> bool {
        self.run.document.run.options.baseline.is_some()
    }

    /// Some cells or heads, and behind them those of the last plan and of the baseline, where there are such.
    fn beside_other_plans<T>(
        &self,
        own: impl IntoIterator<Item = T>,
        [last_plan, baseline]: [T; 2],
    ) -> Vec<T> {
        let last_plan = self.has_last_plan().then_some(last_plan);
        let others = last_plan.into_iter().chain(self.has_baseline().then_some(baseline));
        own.into_iter().chain(others).collect()
    }

    /// The heads of those.
    fn heads_of_other_plans(&self) -> Vec<Column> {
        let heads = ["head-last-plan", "head-baseline"].map(|key| self.head(Kind::Number, key));
        self.beside_other_plans([], heads)
    }
}
