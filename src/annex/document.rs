//! What an annex is made of, before it has a format.

use unicode_width::UnicodeWidthStr as _;

use super::Lang;
use super::chart::Chart;
use super::number::{decimal, grouped, percent, signed};
use crate::domain::Text;

/// A document, in every language at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Annex {
    /// What stands on the cover.
    pub title: Text,
    /// Below it.
    pub subtitle: Text,
    /// Day of the run, YYYY-MM-DD.
    pub date: String,
    /// What amounts are counted in, for example 万元.
    pub unit: Text,
    /// Its parts, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading: its level, from 1, and a name for references to it.
    Heading(u8, &'static str, Text),
    /// A paragraph of words.
    Paragraph(Cell),
    /// Names and what is said of each.
    Facts(Vec<(Text, Cell)>),
    /// A table.
    Table(Table),
    /// A chart. What it shows stands in a table too.
    Chart(Chart),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Stable name, for references, sheets and tests.
    pub id: String,
    /// What it shows.
    pub caption: Text,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its head.
    pub head: Text,
    /// A head over this column and its neighbours of the same group.
    pub group: Option<Text>,
    /// What its cells hold.
    pub kind: Kind,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Names and codes: flush left, wide. Those that stand first tell rows apart.
    Name,
    /// Sentences: flush left, the widest.
    Prose,
    /// Numbers: flush right.
    Number,
    /// Shares, that may be shown by a bar.
    Share,
    /// Short words.
    Word,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How it stands to the others.
    pub level: Level,
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// How it differs from another run, where two are compared.
    pub mark: Option<Mark>,
}

/// How a row stands to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// One of many.
    Body,
    /// The sum of those above it, back to the last such row.
    Subtotal,
    /// The sum of all.
    Total,
}

/// How a row differs from another run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is in this run only.
    New,
    /// It is in the other run only.
    Gone,
    /// It is in both, and not the same.
    Changed,
}

/// Whether a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It is hard and fails.
    Fail,
    /// It is soft and falls short.
    Short,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known, or there is nothing.
    Empty,
    /// Words.
    Text(Text),
    /// A code, the same in every language.
    Code(String),
    /// Whole units of money.
    Money(i64),
    /// Whole units of money more or less than in another plan.
    Change(i64),
    /// Units of money that need not be whole, such as a mean.
    Amount(f64),
    /// A share, 0 to 1.
    Share(f64),
    /// A number of things.
    Count(i64),
    /// A number with so many decimals.
    Decimal(f64, u8),
    /// Whether a rule holds, and the word for it.
    Verdict(Verdict, Text),
    /// What another run says, and this one in its place.
    Changed(Box<[Cell; 2]>),
}

impl Cell {
    /// What this run says.
    pub fn now(&self) -> &Self {
        if let Self::Changed(cells) = self { &cells[1] } else { self }
    }

    /// What another run says instead.
    pub fn was(&self) -> Option<&Self> {
        if let Self::Changed(cells) = self { Some(&cells[0]) } else { None }
    }

    /// As it is read in a language.
    pub fn show(&self, lang: Lang) -> String {
        match self {
            Self::Changed(_) => self.now().show(lang),
            Self::Empty => "–".to_owned(),
            Self::Text(text) | Self::Verdict(_, text) => lang.of(text).to_owned(),
            Self::Code(code) => code.clone(),
            Self::Money(units) | Self::Count(units) => grouped(*units),
            Self::Change(units) => signed(*units),
            Self::Amount(units) => decimal(*units, 0),
            Self::Share(share) => percent(*share),
            Self::Decimal(number, places) => decimal(*number, (*places).into()),
        }
    }

    /// Its number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Changed(_) => self.now().number(),
            Self::Empty | Self::Text(_) | Self::Code(_) | Self::Verdict(..) => None,
            Self::Money(units) | Self::Change(units) | Self::Count(units) => Some(*units as f64),
            Self::Amount(number) | Self::Share(number) | Self::Decimal(number, _) => Some(*number),
        }
    }

    /// A number of things.
    pub fn count(number: usize) -> Self {
        Self::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// A number that may be unknown.
    pub fn or_empty<T>(value: Option<T>, cell: impl Fn(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }
}

impl Table {
    /// An empty table.
    pub fn new(id: &str, caption: Text, columns: Vec<Column>) -> Self {
        Self { id: id.to_owned(), caption, columns, rows: Vec::new() }
    }

    /// How many of the first columns tell one row from another.
    pub fn keys(&self) -> usize {
        self.columns.iter().take_while(|column| column.kind == Kind::Name).count().max(1)
    }

    /// Adds a row.
    pub fn push(&mut self, level: Level, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.id);
        self.rows.push(Row { level, cells, mark: None });
    }

    /// Adds a row that differs from another run.
    pub fn push_marked(&mut self, mark: Mark, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.id);
        self.rows.push(Row { level: Level::Body, cells, mark: Some(mark) });
    }

    /// Whether it counts money.
    pub fn has_money(&self) -> bool {
        self.rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|cell| matches!(cell.was().unwrap_or(cell), Cell::Money(_)))
    }

    /// Whether it wants a page on its side: where a page that stands does not hold its numbers and a fair part of
    /// its words.
    pub fn is_wide(&self, lang: Lang) -> bool {
        // In digits, at the size that tables are printed in: a page that stands, a line of words, the margins of a cell.
        const PAGE: usize = 96;
        const WORDS: usize = 24;
        const MARGINS: usize = 2;
        let width = |(fixed, want): (bool, usize)| MARGINS + if fixed { want } else { want.min(WORDS) };
        self.wants(lang).into_iter().map(width).sum::<usize>() > PAGE
    }

    /// Whether it is kept on one page: few rows, of few lines each.
    pub fn is_short(&self, lang: Lang) -> bool {
        self.rows.len() <= 20 && !self.is_wide(lang)
    }

    /// What its columns want: whether all of it, as numbers and short words do, and how much, in digits. What is
    /// left of a page's width is shared among the others.
    pub fn wants(&self, lang: Lang) -> Vec<(bool, usize)> {
        let widest = |at: usize, is_number: bool| {
            // The word of a sum may take the empty cells beside it.
            let rows = self.rows.iter().filter(|row| is_number || row.level == Level::Body);
            let width = |cell: &Cell| {
                let was = cell.was().map_or(0, |was| was.show(lang).width());
                cell.show(lang).width().max(was)
            };
            rows.map(|row| width(&row.cells[at])).max().unwrap_or(0)
        };
        let has_prose = self.columns.iter().any(|column| column.kind == Kind::Prose);
        let want = |(at, column): (usize, &Column)| {
            let head = lang.of(&column.head);
            // A head is broken between words, which are bold; a Chinese one anywhere.
            let word =
                |word: &str| if word.is_ascii() { (word.len() + 1).min(14) } else { word.width().min(8) };
            let word = head.split_whitespace().map(word).max().unwrap_or(0);
            let head = head.width();
            match column.kind {
                Kind::Number | Kind::Share | Kind::Word => (true, widest(at, true).max(word)),
                Kind::Name => {
                    let want = widest(at, false).max(head).clamp(6, 34);
                    // Beside sentences, short names are not broken.
                    (has_prose && want <= 16, want)
                }
                Kind::Prose => (false, widest(at, false).max(head).clamp(12, 70)),
            }
        };
        self.columns.iter().enumerate().map(want).collect()
    }

    /// Cells of a row of sums that its word may take, beside its own.
    pub fn spanned(&self, row: &Row) -> usize {
        if row.level == Level::Body {
            return 0;
        }
        let is_free = |(cell, column): &(&Cell, &Column)| {
            **cell == Cell::Empty && matches!(column.kind, Kind::Name | Kind::Prose)
        };
        row.cells.iter().zip(&self.columns).skip(1).take_while(is_free).count()
    }

    /// The rows of its head: in each, texts with the columns and rows that they span.
    pub fn heads<'a>(&'a self, lang: Lang) -> Vec<Vec<(&'a str, usize, usize)>> {
        let own = |column: &'a Column| lang.of(&column.head);
        let Some(groups) = self.groups() else {
            return vec![self.columns.iter().map(|column| (own(column), 1, 1)).collect()];
        };
        let mut at = 0;
        let mut first = Vec::new();
        for (group, span) in groups {
            first.push(
                group.map_or_else(|| (own(&self.columns[at]), 1, 2), |group| (lang.of(group), span, 1)),
            );
            at += span;
        }
        let grouped = self.columns.iter().filter(|column| column.group.is_some());
        vec![first, grouped.map(|column| (own(column), 1, 1)).collect()]
    }

    /// Heads over several columns: each with how many columns it spans; none over a column without a group.
    pub fn groups(&self) -> Option<Vec<(Option<&Text>, usize)>> {
        if self.columns.iter().all(|column| column.group.is_none()) {
            return None;
        }
        let mut spans: Vec<(Option<&Text>, usize)> = Vec::new();
        for column in &self.columns {
            match (spans.last_mut(), &column.group) {
                (Some((Some(last), span)), Some(group)) if *last == group => *span += 1,
                (_, group) => spans.push((group.as_ref(), 1)),
            }
        }
        Some(spans)
    }
}

impl Column {
    /// A column without a group.
    pub fn new(kind: Kind, head: Text) -> Self {
        Self { head, group: None, kind }
    }

    /// The same under a head that it shares with its neighbours.
    #[must_use]
    pub fn under(mut self, group: &Text) -> Self {
        self.group = Some(group.clone());
        self
    }
}

impl Annex {
    /// Which blocks stand on a page on its side: wide tables, with the headings right before them.
    pub fn pages_on_side(&self, lang: Lang) -> Vec<bool> {
        let mut sides = vec![false; self.blocks.len()];
        let mut next = false;
        for (at, block) in self.blocks.iter().enumerate().rev() {
            sides[at] = match block {
                Block::Table(table) => table.is_wide(lang),
                Block::Heading(..) | Block::Paragraph(_) => next,
                Block::Facts(_) | Block::Chart(_) => false,
            };
            next = sides[at];
        }
        sides
    }

    /// Its tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks
            .iter()
            .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
    }
}
