//! A document for print, set by typst: PDF/A, with bookmarks, and tags for those who have it read to them.

mod press;

use serde::Serialize;

use super::document::{Annex, Block, Cell, Kind, Level, Mark, Table};
use super::messages::{Arg, Messages};
use super::number::day;
use super::svg::{Medium, svg};
use super::{Fonts, Lang};

/// Points that a digit of a table takes, and the margins of a cell.
const DIGIT: f64 = 4.9;
const MARGINS: f64 = 8.0;

/// What the layout is given.
#[derive(Serialize)]
struct Data<'a> {
    lang: &'a str,
    title: &'a str,
    subtitle: &'a str,
    date: [u32; 3],
    day: String,
    contents: String,
    serif: Vec<String>,
    sans: Vec<String>,
    sections: Vec<Section<'a>>,
}

/// Blocks on pages that stand, or that lie.
#[derive(Serialize)]
struct Section<'a> {
    side: bool,
    blocks: Vec<Part<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Part<'a> {
    Heading {
        level: u8,
        text: &'a str,
    },
    Paragraph {
        words: Said,
    },
    Facts {
        facts: Vec<(&'a str, Said)>,
    },
    Table {
        caption: String,
        unit: Option<String>,
        /// Whether it is kept on one page.
        whole: bool,
        columns: Vec<Width>,
        heads: Vec<Head<'a>>,
        rows: Vec<Rows>,
    },
    Chart {
        caption: String,
        summary: &'a str,
        svg: String,
    },
}

/// A column: so many points, or a share of what is left.
#[derive(Serialize)]
struct Width {
    fixed: bool,
    size: f64,
    align: &'static str,
}

#[derive(Serialize)]
struct Head<'a> {
    text: &'a str,
    colspan: usize,
    rowspan: usize,
}

/// Rows between two rules: cells of some plain ones, or one that needs care. Each closure that typst calls takes
/// memory, and most rows are plain.
#[derive(Serialize)]
#[serde(untagged)]
enum Rows {
    Plain(Vec<String>),
    One(Row),
}

#[derive(Serialize)]
struct Row {
    /// `body`, `subtotal` or `total`.
    look: &'static str,
    /// `new` or `gone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
    /// How many columns its first cell takes.
    first: usize,
    cells: Vec<Said>,
}

/// What a cell says; before it, what another run says instead.
#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Now(String),
    Changed([String; 2]),
}

fn said(cell: &Cell, lang: Lang) -> Said {
    let show = |cell: &Cell| if *cell == Cell::Empty { String::new() } else { cell.show(lang) };
    match cell {
        Cell::Changed(cells) => Said::Changed([show(&cells[0]), show(&cells[1])]),
        cell => Said::Now(cell.show(lang)),
    }
}

/// The annex as a document for print in one language.
///
/// # Errors
/// Characters that no font has; or what typst says of its input, which would be a defect.
pub fn pdf(annex: &Annex, lang: Lang, fonts: &Fonts) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut setter = Setter { annex, lang, messages: Messages::default(), tables: 0, figures: 0 };
    let json = serde_json::to_string(&setter.data(fonts))?;
    fonts.check(&json)?;
    press::print(json, fonts)
}

struct Setter<'a> {
    annex: &'a Annex,
    lang: Lang,
    messages: Messages,
    tables: usize,
    figures: usize,
}

impl<'a> Setter<'a> {
    fn data(&mut self, fonts: &Fonts) -> Data<'a> {
        let annex = self.annex;
        let mut date = annex.date.split('-').map(|part| part.parse().unwrap_or(1));
        let date = [(); 3].map(|()| date.next().unwrap_or(1));
        let mut sections: Vec<Section<'a>> = Vec::new();
        for (block, side) in annex.blocks.iter().zip(annex.pages_on_side(self.lang)) {
            let part = self.part(block);
            match sections.last_mut() {
                Some(section) if section.side == side => section.blocks.push(part),
                _ => sections.push(Section { side, blocks: vec![part] }),
            }
        }
        Data {
            lang: self.lang.tag(),
            title: self.lang.of(&annex.title),
            subtitle: self.lang.of(&annex.subtitle),
            date,
            day: day(&annex.date, self.lang),
            contents: self.messages.in_language(self.lang, "ui-contents", &[]),
            serif: fonts.serif(self.lang),
            sans: fonts.sans(self.lang),
            sections,
        }
    }

    fn part(&mut self, block: &'a Block) -> Part<'a> {
        let lang = self.lang;
        match block {
            Block::Heading(level, _, text) => Part::Heading { level: *level, text: lang.of(text) },
            Block::Paragraph(words) => Part::Paragraph { words: said(words, lang) },
            Block::Facts(facts) => Part::Facts {
                facts: facts.iter().map(|(name, cell)| (lang.of(name), said(cell, lang))).collect(),
            },
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => {
                self.figures += 1;
                let what = [("number", Arg::Count(self.figures)), ("caption", Arg::Text(&chart.caption))];
                Part::Chart {
                    caption: self.messages.in_language(lang, "ui-figure", &what),
                    summary: lang.of(&chart.summary),
                    svg: svg(chart, &[lang], Medium::Paper),
                }
            }
        }
    }

    fn table(&mut self, table: &'a Table) -> Part<'a> {
        self.tables += 1;
        let what = [("number", Arg::Count(self.tables)), ("caption", Arg::Text(&table.caption))];
        let unit = [("unit", Arg::Text(&self.annex.unit))];
        let heads = table.heads(self.lang).into_iter().flatten();
        let columns = table.wants(self.lang).into_iter().zip(&table.columns);
        Part::Table {
            caption: self.messages.in_language(self.lang, "ui-table", &what),
            unit: table.has_money().then(|| self.messages.in_language(self.lang, "amounts-in", &unit)),
            whole: table.is_short(self.lang),
            columns: columns
                .map(|((fixed, want), column)| Width {
                    fixed,
                    size: if fixed { want as f64 * DIGIT + MARGINS } else { want as f64 },
                    align: match column.kind {
                        Kind::Number | Kind::Share => "right",
                        Kind::Word => "center",
                        Kind::Name | Kind::Prose => "left",
                    },
                })
                .collect(),
            heads: heads.map(|(text, colspan, rowspan)| Head { text, colspan, rowspan }).collect(),
            rows: rows(table, self.lang),
        }
    }
}

fn rows(table: &Table, lang: Lang) -> Vec<Rows> {
    // Plain rows between two rules.
    const RULED: usize = 5;
    let mut all = Vec::new();
    for row in &table.rows {
        let is_marked = matches!(row.mark, Some(Mark::New | Mark::Gone));
        if row.level != Level::Body || is_marked || row.cells.iter().any(|cell| cell.was().is_some()) {
            all.push(Rows::One(one(table, row, lang)));
            continue;
        }
        let cells = row.cells.iter().map(|cell| cell.show(lang));
        match all.last_mut() {
            Some(Rows::Plain(plain)) if plain.len() < RULED * table.columns.len() => plain.extend(cells),
            _ => all.push(Rows::Plain(cells.collect())),
        }
    }
    all
}

fn one(table: &Table, row: &super::document::Row, lang: Lang) -> Row {
    let look = match row.level {
        Level::Body => "body",
        Level::Subtotal => "subtotal",
        Level::Total => "total",
    };
    let mark = row.mark.and_then(|mark| match mark {
        Mark::New => Some("new"),
        Mark::Gone => Some("gone"),
        Mark::Changed => None,
    });
    let spanned = table.spanned(row);
    // A row of sums says nothing of what it does not add up.
    let show = |cell: &Cell| match cell {
        Cell::Empty if row.level != Level::Body => Said::Now(String::new()),
        cell => said(cell, lang),
    };
    let kept = row.cells.iter().enumerate().filter(|(at, _)| !(1..=spanned).contains(at));
    Row { look, mark, first: spanned + 1, cells: kept.map(|(_, cell)| show(cell)).collect() }
}
