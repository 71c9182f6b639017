//! A document for print, set by typst: PDF/A, with bookmarks, and tags for those who have it read to them.

mod fonts;
mod press;

use serde::Serialize;

pub use fonts::{Fonts, MissingGlyphs};

use super::Lang;
use super::document::{Annex, Block, Cell, Kind, Level, Mark, Table};
use super::messages::{Arg, Messages};
use super::number::day;
use super::svg::{Medium, svg};

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
        text: &'a str,
    },
    Facts {
        facts: Vec<(&'a str, String)>,
    },
    Table {
        caption: String,
        unit: Option<String>,
        columns: Vec<Width>,
        heads: Vec<Head<'a>>,
        rows: Vec<Line>,
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

#[derive(Serialize)]
struct Line {
    /// `b` body, `s` subtotal, `t` total, `n` new, `g` gone, `c` changed.
    look: &'static str,
    /// How many columns its first cell takes.
    first: usize,
    cells: Vec<String>,
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
    tables: i64,
    figures: i64,
}

impl<'a> Setter<'a> {
    fn data(&mut self, fonts: &Fonts) -> Data<'a> {
        let annex = self.annex;
        let mut date = annex.date.split('-').map(|part| part.parse().unwrap_or(1));
        let date = [(); 3].map(|()| date.next().unwrap_or(1));
        let mut sections: Vec<Section<'a>> = Vec::new();
        for (block, side) in annex.blocks.iter().zip(annex.pages_on_side()) {
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
            Block::Paragraph(text) => Part::Paragraph { text: lang.of(text) },
            Block::Facts(facts) => Part::Facts {
                facts: facts.iter().map(|(name, cell)| (lang.of(name), cell.show(lang))).collect(),
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
            unit: table.has_money().then(|| self.messages.in_language(self.lang, "xlsx-unit", &unit)),
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
            rows: table.rows.iter().map(|row| line(table, row, self.lang)).collect(),
        }
    }
}

fn line(table: &Table, row: &super::document::Row, lang: Lang) -> Line {
    let look = match (row.level, row.mark) {
        (Level::Subtotal, _) => "s",
        (Level::Total, _) => "t",
        (Level::Body, None) => "b",
        (Level::Body, Some(Mark::New)) => "n",
        (Level::Body, Some(Mark::Gone)) => "g",
        (Level::Body, Some(Mark::Changed)) => "c",
    };
    let spanned = table.spanned(row);
    // A row of sums says nothing of what it does not add up.
    let show = |cell: &Cell| match cell {
        Cell::Empty if row.level != Level::Body => String::new(),
        cell => cell.show(lang),
    };
    let kept = row.cells.iter().enumerate().filter(|(at, _)| !(1..=spanned).contains(at));
    Line { look, first: spanned + 1, cells: kept.map(|(_, cell)| show(cell)).collect() }
}
