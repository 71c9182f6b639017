//! The blocks of an annex as paragraphs and tables.

use std::fmt::Write as _;

use super::template::Template;
use crate::annex::Lang;
use crate::annex::document::{Annex, Block, Cell, Kind, Level, Mark, Row, Table, Verdict};
use crate::annex::messages::{Arg, Messages};
use crate::annex::svg::escaped;
use crate::domain::Text;

/// Twentieths of a point that a digit of a table takes, and the margins of a cell.
const DIGIT: usize = 112;
const MARGINS: usize = 150;

/// What stands where a number will be.
const SLOT: &str = "\u{1}";

pub(super) struct Body<'a> {
    out: String,
    annex: &'a Annex,
    lang: Lang,
    messages: &'a Messages,
    template: &'a Template,
    tables: usize,
    /// Of bookmarks and tracked changes.
    ids: usize,
}

/// The properties of a paragraph in a style.
pub(super) fn style(id: Option<&str>) -> String {
    id.map(|id| format!("<w:pPr><w:pStyle w:val=\"{}\"/></w:pPr>", escaped(id))).unwrap_or_default()
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

fn bold(text: &str) -> String {
    format!("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

impl<'a> Body<'a> {
    /// The XML of all blocks.
    pub fn of(annex: &'a Annex, lang: Lang, messages: &'a Messages, template: &'a Template) -> String {
        let out = String::new();
        let mut body = Body { out, annex, lang, messages, template, tables: 0, ids: 0 };
        let on_side = annex.pages_on_side();
        let mut side = false;
        for (block, wanted) in annex.blocks.iter().zip(on_side) {
            if wanted != side {
                body.end_section(side);
                side = wanted;
            }
            body.block(block);
        }
        if side {
            body.end_section(true);
        }
        body.out
    }

    /// A break to a section with pages turned the other way.
    fn end_section(&mut self, side: bool) {
        let section = self.template.section(side);
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>{section}</w:pPr></w:p>"
        );
    }

    fn say(&self, text: &'a Text) -> &'a str {
        self.lang.of(text)
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading(level, id, text) => {
                let style = style(self.template.style(&format!("heading {level}")));
                self.ids += 1;
                let (number, text) = (self.ids, run(self.say(text)));
                let _ = write!(
                    self.out,
                    "<w:p>{style}<w:bookmarkStart w:id=\"{number}\" w:name=\"{id}\"/>{text}\
                     <w:bookmarkEnd w:id=\"{number}\"/></w:p>"
                );
            }
            Block::Paragraph(text) => {
                let style = style(self.template.style("Body Text"));
                let text = run(self.say(text));
                let _ = write!(self.out, "<w:p>{style}{text}</w:p>");
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Chart(_) => {}
        }
    }

    fn open_table(&mut self, widths: &[usize], has_head: bool) {
        let style = self.template.style("Annex Table").or_else(|| self.template.style("Table Grid"));
        let style = style.map(|id| format!("<w:tblStyle w:val=\"{}\"/>", escaped(id))).unwrap_or_default();
        let total: usize = widths.iter().sum();
        let look = if has_head {
            "<w:tblLook w:val=\"0020\" w:firstRow=\"1\"/>"
        } else {
            "<w:tblLook w:val=\"0000\"/>"
        };
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr>{style}<w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
             <w:tblLayout w:type=\"fixed\"/>{look}</w:tblPr><w:tblGrid>"
        );
        for width in widths {
            let _ = write!(self.out, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.out.push_str("</w:tblGrid>");
    }

    /// A cell: its width, further properties, where its text stands, the runs of it.
    fn cell(&mut self, width: usize, properties: &str, align: &str, runs: &str) {
        let style =
            self.template.style("Table Text").map(|id| format!("<w:pStyle w:val=\"{}\"/>", escaped(id)));
        let _ = write!(
            self.out,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{properties}</w:tcPr><w:p><w:pPr>{}\
             <w:jc w:val=\"{align}\"/></w:pPr>{runs}</w:p></w:tc>",
            style.unwrap_or_default()
        );
    }

    fn facts(&mut self, facts: &'a [(Text, Cell)]) {
        let width = self.template.text_width(false);
        let widths = [width * 3 / 10, width - width * 3 / 10];
        self.open_table(&widths, false);
        for (name, cell) in facts {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            self.cell(widths[0], "", "left", &bold(self.say(name)));
            self.cell(widths[1], "", "left", &run(&cell.show(self.lang)));
            self.out.push_str("</w:tr>");
        }
        // Tables that touch would be one.
        self.out.push_str("</w:tbl><w:p/>");
    }

    fn table(&mut self, table: &'a Table) {
        self.tables += 1;
        self.caption(table);
        let widths = self.widths(table);
        self.open_table(&widths, true);
        self.heads(table, &widths);
        for row in &table.rows {
            self.row(table, row, &widths);
        }
        self.out.push_str("</w:tbl><w:p/>");
    }

    /// Numbered by a field, so that tables can be moved.
    fn caption(&mut self, table: &'a Table) {
        let what = [("number", Arg::Plain(SLOT)), ("caption", Arg::Text(&table.caption))];
        let text = self.messages.in_language(self.lang, "ui-table", &what);
        let (before, after) = text.split_once(SLOT).unwrap_or((&text, ""));
        let style_of = style(self.template.style("caption"));
        let _ = write!(
            self.out,
            "<w:p>{style_of}{}<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText \
             xml:space=\"preserve\"> SEQ Table \\* ARABIC </w:instrText></w:r><w:r><w:fldChar \
             w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>{}</w:p>",
            run(before),
            run(&self.tables.to_string()),
            run(after)
        );
        if table.has_money() {
            let unit = [("unit", Arg::Text(&self.annex.unit))];
            let unit = run(&self.messages.in_language(self.lang, "xlsx-unit", &unit));
            let properties = style(self.template.style("Table Note"));
            let _ = write!(self.out, "<w:p>{properties}{unit}</w:p>");
        }
    }

    /// Widths of the columns: numbers get what they need, words share what is left.
    fn widths(&self, table: &Table) -> Vec<usize> {
        let whole = self.template.text_width(table.is_wide());
        let wants: Vec<(bool, usize)> = (table.wants(self.lang).into_iter())
            .map(|(fixed, want)| (fixed, if fixed { want * DIGIT + MARGINS } else { want }))
            .collect();
        let sum =
            |of: bool| wants.iter().filter(|(fixed, _)| *fixed == of).map(|(_, want)| want).sum::<usize>();
        let (fixed, shared) = (sum(true), sum(false));
        // Where numbers leave no room, all columns shrink.
        let left = whole.saturating_sub(fixed).max(if shared > 0 { whole / 4 } else { 0 });
        let total = fixed + left;
        let scaled = |width: usize| width * whole.min(total) / total.max(1);
        wants
            .into_iter()
            .map(|(is_fixed, want)| {
                scaled(if is_fixed { want } else { want * left / shared.max(1) }).max(300)
            })
            .collect()
    }

    fn heads(&mut self, table: &'a Table, widths: &[usize]) {
        const LOOK: &str =
            "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E8EDF2\"/><w:vAlign w:val=\"center\"/>";
        let rows = table.heads(self.lang);
        for (at, row) in rows.iter().enumerate() {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            let mut heads = row.iter();
            let mut column = 0;
            while column < widths.len() {
                // In the second row, columns without a group go on from the first.
                if at == 1 && table.columns[column].group.is_none() {
                    self.cell(widths[column], &format!("<w:vMerge/>{LOOK}"), "center", "");
                    column += 1;
                    continue;
                }
                let Some((text, columns, rows)) = heads.next() else { break };
                let width = widths[column..column + columns].iter().sum();
                let merge = if *rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
                let span = format!("<w:gridSpan w:val=\"{columns}\"/>{merge}{LOOK}");
                self.cell(width, &span, "center", &bold(text));
                column += columns;
            }
            self.out.push_str("</w:tr>");
        }
    }

    fn row(&mut self, table: &Table, row: &Row, widths: &[usize]) {
        let change = match row.mark {
            Some(Mark::New) => Some("ins"),
            Some(Mark::Gone) => Some("del"),
            Some(Mark::Changed) | None => None,
        };
        self.out.push_str("<w:tr><w:trPr><w:cantSplit/>");
        if let Some(change) = change {
            let tracked = self.tracked(change);
            let _ = write!(self.out, "{tracked}/>");
        }
        self.out.push_str("</w:trPr>");
        let spanned = table.spanned(row);
        for (at, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
            if (1..=spanned).contains(&at) {
                continue;
            }
            let over = if at == 0 { spanned } else { 0 };
            let width: usize = widths[at..=at + over].iter().sum();
            let align = match column.kind {
                Kind::Number | Kind::Share => "right",
                Kind::Word => "center",
                Kind::Name | Kind::Prose => "left",
            };
            let mut look = String::new();
            if row.level != Level::Body {
                look.push_str("<w:b/>");
            }
            match cell {
                Cell::Verdict(Verdict::Fail, _) => look.push_str("<w:b/><w:color w:val=\"A11212\"/>"),
                Cell::Verdict(Verdict::Short, _) => look.push_str("<w:color w:val=\"7A4B00\"/>"),
                _ => {}
            }
            let text = match cell {
                // A row of sums says nothing of what it does not add up.
                Cell::Empty if row.level != Level::Body => String::new(),
                cell => escaped(&cell.show(self.lang)),
            };
            let tag = if change == Some("del") { "delText" } else { "t" };
            let mut runs =
                format!("<w:r><w:rPr>{look}</w:rPr><w:{tag} xml:space=\"preserve\">{text}</w:{tag}></w:r>");
            if let Some(change) = change {
                runs = format!("{}>{runs}</w:{change}>", self.tracked(change));
            }
            let shade = match row.level {
                Level::Subtotal => "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F5F7\"/>",
                _ => "",
            };
            let properties = format!("<w:gridSpan w:val=\"{}\"/>{shade}", over + 1);
            self.cell(width, &properties, align, &runs);
        }
        self.out.push_str("</w:tr>");
    }

    /// The beginning of a tracked change, of the day of the run.
    fn tracked(&mut self, change: &str) -> String {
        self.ids += 1;
        format!(
            "<w:{change} w:id=\"{}\" w:author=\"allot\" w:date=\"{}T00:00:00Z\"",
            self.ids, self.annex.date
        )
    }
}
