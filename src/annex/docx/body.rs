//! The blocks of an annex as paragraphs, tables and pictures. What changed against another run is a tracked change.

use std::fmt::Write as _;

use super::template::Template;
use crate::annex::Lang;
use crate::annex::chart::Chart;
use crate::annex::document::{Annex, Block, Cell, Kind, Level, Mark, Row, Table, Verdict};
use crate::annex::messages::{Arg, Messages};
use crate::annex::picture::{Picture, Pictures};
use crate::annex::svg::escaped;
use crate::domain::Text;

/// Twentieths of a point that a digit of a table takes, and the margins of a cell.
const DIGIT: usize = 112;
const MARGINS: usize = 150;

const LEFT: &str = "<w:jc w:val=\"left\"/>";
const CENTER: &str = "<w:jc w:val=\"center\"/>";
const RIGHT: &str = "<w:jc w:val=\"right\"/>";

/// What stands where a number will be.
const SLOT: &str = "\u{1}";

/// English metric units in a twentieth of a point.
const EMU: usize = 635;
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
/// Names of drawings; a user's template need not know them.
const SPACES: &str = "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
                      xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
                      xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
                      xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// Whether words are put in or taken out.
#[derive(Clone, Copy, PartialEq)]
enum Track {
    None,
    In,
    Out,
}

impl Track {
    fn element(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::In => Some("ins"),
            Self::Out => Some("del"),
        }
    }
}

/// The name of a heading's bookmark: letters, digits and lines below are all that word processors take.
pub(super) fn bookmark(heading: &str) -> String {
    heading.replace('-', "_")
}

/// The id by which a document refers to the picture of a chart.
pub(super) fn relation(chart: &str) -> String {
    format!("annexChart-{chart}")
}

pub(super) struct Body<'a> {
    out: String,
    annex: &'a Annex,
    lang: Lang,
    messages: &'a Messages,
    template: &'a Template,
    pictures: &'a Pictures,
    tables: usize,
    figures: usize,
    /// Of bookmarks, pictures and tracked changes.
    ids: usize,
}

/// The style of a paragraph, among its properties.
fn style(id: Option<&str>) -> String {
    id.map(|id| format!("<w:pStyle w:val=\"{}\"/>", escaped(id))).unwrap_or_default()
}

/// The properties of a paragraph that has a style and no more.
pub(super) fn styled(id: Option<&str>) -> String {
    format!("<w:pPr>{}</w:pPr>", style(id))
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

fn bold(text: &str) -> String {
    format!("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

impl<'a> Body<'a> {
    /// The XML of all blocks.
    pub fn of(
        annex: &'a Annex,
        lang: Lang,
        messages: &'a Messages,
        template: &'a Template,
        pictures: &'a Pictures,
    ) -> String {
        let out = String::new();
        let mut body = Body { out, annex, lang, messages, template, pictures, tables: 0, figures: 0, ids: 0 };
        let on_side = annex.pages_on_side(lang);
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
                let style = styled(self.template.style(&format!("heading {level}")));
                self.ids += 1;
                let (number, name, text) = (self.ids, bookmark(id), run(self.say(text)));
                let _ = write!(
                    self.out,
                    "<w:p>{style}<w:bookmarkStart w:id=\"{number}\" w:name=\"{name}\"/>{text}\
                     <w:bookmarkEnd w:id=\"{number}\"/></w:p>"
                );
            }
            Block::Paragraph(words) => {
                let style = styled(self.template.style("Body Text"));
                let words = self.said(words, Track::None, "", false);
                let _ = write!(self.out, "<w:p>{style}{words}</w:p>");
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => {
                if let Some(picture) = self.pictures.get(chart.id) {
                    self.picture(chart, picture);
                }
            }
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

    /// With a little room behind it: tables that touch would be one.
    fn close_table(&mut self) {
        self.out.push_str(
            "</w:tbl><w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"200\" w:lineRule=\"exact\"/>\
             </w:pPr></w:p>",
        );
    }

    /// A cell: its width, further properties of it and of its paragraph, the runs of that.
    fn cell(&mut self, width: usize, properties: &str, paragraph: &str, runs: &str) {
        let style = style(self.template.style("Table Text"));
        let _ = write!(
            self.out,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{properties}</w:tcPr><w:p><w:pPr>{style}\
             {paragraph}</w:pPr>{runs}</w:p></w:tc>"
        );
    }

    fn facts(&mut self, facts: &'a [(Text, Cell)]) {
        let width = self.template.text_width(false);
        let widths = [width * 3 / 10, width - width * 3 / 10];
        self.open_table(&widths, false);
        for (name, cell) in facts {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            self.cell(widths[0], "", LEFT, &bold(self.say(name)));
            let said = self.said(cell, Track::None, "", true);
            self.cell(widths[1], "", LEFT, &said);
            self.out.push_str("</w:tr>");
        }
        self.close_table();
    }

    fn table(&mut self, table: &'a Table) {
        self.tables += 1;
        self.caption("ui-table", "Table", self.tables, &table.caption, "");
        if table.has_money() {
            let unit = [("unit", Arg::Text(&self.annex.unit))];
            let unit = run(&self.messages.in_language(self.lang, "amounts-in", &unit));
            let style = style(self.template.style("Table Note"));
            let _ = write!(self.out, "<w:p><w:pPr>{style}<w:keepNext/></w:pPr>{unit}</w:p>");
        }
        let widths = self.widths(table);
        self.open_table(&widths, true);
        self.heads(table, &widths);
        for (at, row) in table.rows.iter().enumerate() {
            let is_kept = table.is_short(self.lang) && at + 1 < table.rows.len();
            self.row(table, row, &widths, if is_kept { "<w:keepNext/>" } else { "" });
        }
        self.close_table();
    }

    /// Numbered by a field, so that tables and figures can be moved.
    fn caption(&mut self, key: &str, sequence: &str, number: usize, caption: &Text, properties: &str) {
        let what = [("number", Arg::Plain(SLOT)), ("caption", Arg::Text(caption))];
        let text = self.messages.in_language(self.lang, key, &what);
        let (before, after) = text.split_once(SLOT).unwrap_or((&text, ""));
        let style = style(self.template.style("caption"));
        let _ = write!(
            self.out,
            "<w:p><w:pPr>{style}{properties}</w:pPr>{}<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>\
             <w:instrText xml:space=\"preserve\"> SEQ {sequence} \\* ARABIC </w:instrText></w:r><w:r><w:fldChar \
             w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>{}</w:p>",
            run(before),
            run(&number.to_string()),
            run(after)
        );
    }

    /// A picture as wide as the text, unless it would fill the page, and its caption below it.
    fn picture(&mut self, chart: &'a Chart, picture: &Picture) {
        self.figures += 1;
        self.ids += 1;
        let number = self.ids;
        let (width, height) = (self.template.text_width(false), self.template.text_height() * 4 / 5);
        let (wide, tall) = (picture.width.max(1) as usize, picture.height.max(1) as usize);
        let width = width.min(height * wide / tall);
        let (cx, cy) = (width * EMU, width * tall / wide * EMU);
        let (words, id) = (escaped(self.say(&chart.summary)), relation(chart.id));
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"120\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>\
             <w:ind w:firstLine=\"0\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:drawing><wp:inline {SPACES} \
             distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx}\" cy=\"{cy}\"/><wp:docPr \
             id=\"{number}\" name=\"{0}\" descr=\"{words}\"/><a:graphic><a:graphicData uri=\"{PICTURE}\"><pic:pic>\
             <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"{0}\" descr=\"{words}\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>\
             <a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm><a:prstGeom prst=\"rect\">\
             <a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>\
             </w:p>",
            chart.id
        );
        // What stands below belongs to the next paragraph no more.
        self.caption("ui-figure", "Figure", self.figures, &chart.caption, "<w:keepNext w:val=\"0\"/>");
    }

    /// Widths of the columns: numbers get what they need, words share what is left.
    fn widths(&self, table: &Table) -> Vec<usize> {
        let whole = self.template.text_width(table.is_wide(self.lang));
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
        let keep = format!("<w:keepNext/>{CENTER}");
        for (at, row) in rows.iter().enumerate() {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            let mut heads = row.iter();
            let mut column = 0;
            while column < widths.len() {
                // In the second row, columns without a group go on from the first.
                if at == 1 && table.columns[column].group.is_none() {
                    self.cell(widths[column], &format!("<w:vMerge/>{LOOK}"), &keep, "");
                    column += 1;
                    continue;
                }
                let Some((text, columns, rows)) = heads.next() else { break };
                let width = widths[column..column + columns].iter().sum();
                let merge = if *rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
                let span = format!("<w:gridSpan w:val=\"{columns}\"/>{merge}{LOOK}");
                self.cell(width, &span, &keep, &bold(text));
                column += columns;
            }
            self.out.push_str("</w:tr>");
        }
    }

    /// A row, and what keeps it with the next one.
    fn row(&mut self, table: &Table, row: &Row, widths: &[usize], keep: &str) {
        let track = match row.mark {
            Some(Mark::New) => Track::In,
            Some(Mark::Gone) => Track::Out,
            Some(Mark::Changed) | None => Track::None,
        };
        self.out.push_str("<w:tr><w:trPr><w:cantSplit/>");
        if let Some(change) = track.element() {
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
                Kind::Number | Kind::Share => RIGHT,
                Kind::Word => CENTER,
                Kind::Name | Kind::Prose => LEFT,
            };
            let look = match (row.level, cell.now()) {
                (_, Cell::Verdict(Verdict::Fail, _)) => "<w:b/><w:color w:val=\"A11212\"/>",
                (_, Cell::Verdict(Verdict::Short, _)) => "<w:color w:val=\"7A4B00\"/>",
                (Level::Subtotal | Level::Total, _) => "<w:b/>",
                (Level::Body, _) => "",
            };
            let runs = match cell {
                // A row of sums says nothing of what it does not add up.
                Cell::Empty if row.level != Level::Body => String::new(),
                cell => self.said(cell, track, look, true),
            };
            let shade = match row.level {
                Level::Subtotal => "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F5F7\"/>",
                _ => "",
            };
            let properties = format!("<w:gridSpan w:val=\"{}\"/>{shade}", over + 1);
            self.cell(width, &properties, &format!("{keep}{align}"), &runs);
        }
        self.out.push_str("</w:tr>");
    }

    /// What a cell says; what another run says instead is taken out before it, in a line of its own in tables.
    fn said(&mut self, cell: &Cell, track: Track, look: &str, in_lines: bool) -> String {
        let Cell::Changed(cells) = cell else { return self.tracked_run(cell, track, look, "") };
        let [was, now] = &**cells;
        let end = if in_lines && *now != Cell::Empty { "<w:br/>" } else { "" };
        let was =
            if *was == Cell::Empty { String::new() } else { self.tracked_run(was, Track::Out, look, end) };
        if *now == Cell::Empty { was } else { was + &self.tracked_run(now, Track::In, look, "") }
    }

    fn tracked_run(&mut self, cell: &Cell, track: Track, look: &str, end: &str) -> String {
        let tag = if track == Track::Out { "delText" } else { "t" };
        let look = if look.is_empty() { String::new() } else { format!("<w:rPr>{look}</w:rPr>") };
        let text = escaped(&cell.show(self.lang));
        let run = format!("<w:r>{look}<w:{tag} xml:space=\"preserve\">{text}</w:{tag}>{end}</w:r>");
        track.element().map_or(run.clone(), |change| format!("{}>{run}</w:{change}>", self.tracked(change)))
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
