//! One page that needs nothing else: no file beside it, no network. Without its script it is a plain document.

use std::fmt::Write as _;

use super::document::{Annex, Block, Cell, Column, Kind, Level, Mark, Table, Verdict};
use super::messages::{Arg, Messages};
use super::svg::{Medium, escaped, svg};
use super::{Chart, Lang};
use crate::domain::Text;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// What the script puts a number in the place of.
const SLOT: &str = "{}";

/// The annex as a page, in one language or in several to switch between.
pub fn html(annex: &Annex, langs: &[Lang]) -> String {
    let unit = &annex.unit;
    let mut page =
        Page { out: String::new(), langs, unit, messages: Messages::default(), tables: 0, figures: 0 };
    page.document(annex);
    page.out
}

struct Page<'a> {
    out: String,
    langs: &'a [Lang],
    unit: &'a Text,
    messages: Messages,
    tables: usize,
    figures: usize,
}

impl Page<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A text in each language that is asked for, hidden where it is not the chosen one.
    fn both(&self, text: &Text) -> String {
        let mut shown = self.langs.iter().map(|lang| lang.of(text));
        let first = shown.next().unwrap_or_default();
        if shown.all(|other| other == first) {
            return escaped(first);
        }
        let span = |lang: &Lang| {
            let text = escaped(lang.of(text));
            format!("<span lang={}>{text}</span>", lang.tag())
        };
        self.langs.iter().map(span).collect()
    }

    fn say(&self, key: &str) -> String {
        self.both(&self.messages.say(key))
    }

    fn document(&mut self, annex: &Annex) {
        let first = self.langs.first().copied().unwrap_or(Lang::En);
        let title = escaped(first.of(&annex.title));
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"{0}\" data-lang=\"{0}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             script-src 'unsafe-inline'\">\n<title>{title}</title>\n<style>{STYLE}{1}</style>\n</head>\n<body>\n",
            first.tag(),
            self.marks()
        );
        let skip = self.say("ui-skip");
        let _ = write!(self.out, "<a class=skip href=\"#text\">{skip}</a>\n<header>\n");
        if self.langs.len() > 1 {
            let other = self.say("ui-other-language");
            let label = self.messages.say("ui-language");
            let _ = writeln!(
                self.out,
                "<button id=language type=button aria-label=\"{} / {}\">{other}</button>",
                label.zh, label.en
            );
        }
        let (title, subtitle) = (self.both(&annex.title), self.both(&annex.subtitle));
        let _ = write!(self.out, "<h1>{title}</h1>\n<p class=subtitle>{subtitle}</p>\n</header>\n");
        self.contents(annex);
        self.push("<main id=text>\n");
        let mut open = false;
        for block in &annex.blocks {
            if let Block::Heading(1, id, _) = block {
                if open {
                    self.push("</section>\n");
                }
                open = true;
                let _ = writeln!(self.out, "<section aria-labelledby={id}>");
            }
            self.block(block);
        }
        if open {
            self.push("</section>\n");
        }
        let words = ["ui-filter", "ui-filter-table", "ui-sort", "ui-rows"].map(|key| self.words(key, SLOT));
        let words = serde_json::json!({
            "filter": words[0], "filterTable": words[1], "sort": words[2], "rows": words[3],
        });
        // A closing tag inside a JSON text would end the script.
        let words = words.to_string().replace('<', "\\u003c");
        let _ =
            write!(self.out, "</main>\n<script>const WORDS={words};\n{SCRIPT}</script>\n</body>\n</html>\n");
    }

    /// Words that the style puts before what changed, by language.
    fn marks(&self) -> String {
        let word = |lang: Lang, key: &str| {
            let text = self.messages.in_language(lang, key, &[("value", Arg::Plain(""))]);
            // As a string of CSS, in which no tag can end the style.
            serde_json::Value::from(text).to_string().replace('<', "\\3c ")
        };
        let of_language = |lang: &Lang| {
            let [was, new, gone] = ["was", "mark-new", "mark-gone"].map(|key| word(*lang, key));
            format!("html[data-lang={}]{{--was:{was};--new:{new};--gone:{gone}}}", lang.tag())
        };
        self.langs.iter().map(of_language).collect()
    }

    /// A message for the script, by language, with something for it to replace.
    fn words(&self, key: &str, slot: &str) -> serde_json::Value {
        let text = self.messages.with(key, &[("number", Arg::Plain(slot))]);
        self.langs
            .iter()
            .map(|lang| (lang.tag().to_owned(), lang.of(&text).into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn contents(&mut self, annex: &Annex) {
        let head = self.say("ui-contents");
        let _ = writeln!(
            self.out,
            "<nav aria-labelledby=contents><details><summary id=contents>{head}</summary><ol>"
        );
        for block in &annex.blocks {
            if let Block::Heading(level, id, text) = block {
                let text = self.both(text);
                let _ = writeln!(self.out, "<li class=l{level}><a href=\"#{id}\">{text}</a></li>");
            }
        }
        self.push("</ol></details></nav>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, id, text) => {
                let text = self.both(text);
                let _ = writeln!(self.out, "<h{0} id={id}>{text}</h{0}>", level + 1);
            }
            Block::Paragraph(words) => {
                let words = self.cell(words);
                let _ = writeln!(self.out, "<p>{words}</p>");
            }
            Block::Facts(facts) => {
                self.push("<dl>\n");
                for (name, cell) in facts {
                    let (name, cell) = (self.both(name), self.cell(cell));
                    let _ = writeln!(self.out, "<div><dt>{name}</dt><dd>{cell}</dd></div>");
                }
                self.push("</dl>\n");
            }
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn chart(&mut self, chart: &Chart) {
        self.figures += 1;
        let what = [("number", Arg::Count(self.figures)), ("caption", Arg::Text(&chart.caption))];
        let caption = self.both(&self.messages.with("ui-figure", &what));
        let summary = self.both(&chart.summary);
        let drawing = svg(chart, self.langs, Medium::Page);
        let id = chart.id;
        let _ = writeln!(
            self.out,
            "<figure class=chart id=\"chart-{id}\"><details open><summary id=\"{id}-c\">{caption}</summary>\
             <div class=scroll tabindex=0 role=group aria-labelledby=\"{id}-c\">{drawing}</div></details>\
             <figcaption id=\"{id}-s\">{summary}</figcaption></figure>"
        );
    }

    fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Changed(cells) => match &**cells {
                [was, Cell::Empty] => format!("<del>{}</del>", self.cell(was)),
                [Cell::Empty, now] => format!("<ins>{}</ins>", self.cell(now)),
                [was, now] => format!("<del>{}</del> <ins>{}</ins>", self.cell(was), self.cell(now)),
            },
            Cell::Text(text) => self.both(text),
            Cell::Verdict(verdict, text) => {
                let class = match verdict {
                    Verdict::Pass => "pass",
                    Verdict::Fail => "fail",
                    Verdict::Short => "short",
                };
                format!("<span class={class}>{}</span>", self.both(text))
            }
            other => escaped(&other.show(Lang::En)),
        }
    }

    fn table(&mut self, table: &Table) {
        self.tables += 1;
        let what = [("number", Arg::Count(self.tables)), ("caption", Arg::Text(&table.caption))];
        let caption = self.both(&self.messages.with("ui-table", &what));
        let unit = [("unit", Arg::Text(self.unit))];
        let unit = table.has_money().then(|| self.both(&self.messages.with("amounts-in", &unit)));
        let unit = unit.map(|unit| format!(" <small>{unit}</small>")).unwrap_or_default();
        let id = &table.id;
        let _ = write!(
            self.out,
            "<div class=scroll tabindex=0 role=group aria-labelledby=\"{id}-t\">\
             <table id=\"table-{id}\"><caption id=\"{id}-t\">{caption}{unit}</caption>\n<thead>"
        );
        if let Some(groups) = table.groups() {
            self.push("<tr>");
            for (group, span) in groups {
                let text = group.map(|group| self.both(group)).unwrap_or_default();
                let tag = if group.is_some() { "th scope=colgroup" } else { "td" };
                let end = &tag[..2];
                let _ = write!(self.out, "<{tag} colspan={span}>{text}</{end}>");
            }
            self.push("</tr>\n");
        }
        self.push("<tr>");
        for column in &table.columns {
            let head = self.both(&column.head);
            let _ = write!(self.out, "<th scope=col{}>{head}</th>", class(column));
        }
        self.push("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            let level = match row.level {
                Level::Body => None,
                Level::Subtotal => Some("sub"),
                Level::Total => Some("sum"),
            };
            let mark = row.mark.map(|mark| match mark {
                Mark::New => "new",
                Mark::Gone => "gone",
                Mark::Changed => "changed",
            });
            let classes: Vec<&str> = level.into_iter().chain(mark).collect();
            if classes.is_empty() {
                self.push("<tr>");
            } else {
                let _ = write!(self.out, "<tr class=\"{}\">", classes.join(" "));
            }
            for (at, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                let shown = match cell {
                    // A row of sums says nothing of what it does not add up.
                    Cell::Empty if row.level != Level::Body => String::new(),
                    cell => self.cell(cell),
                };
                match cell.now() {
                    Cell::Share(share) if column.kind == Kind::Share => {
                        let width = 100.0 * share.clamp(0.0, 1.0);
                        let _ = write!(self.out, "<td class=\"n bar\" style=\"--w:{width:.0}%\">{shown}");
                    }
                    _ if at == 0 => {
                        let _ = write!(self.out, "<th scope=row>{shown}");
                    }
                    _ => {
                        let _ = write!(self.out, "<td{}>{shown}", class(column));
                    }
                }
            }
            self.push("\n");
        }
        self.push("</tbody></table></div>\n");
    }
}

fn class(column: &Column) -> &'static str {
    match column.kind {
        Kind::Number | Kind::Share => " class=n",
        Kind::Prose => " class=p",
        Kind::Word => " class=w",
        Kind::Name => "",
    }
}
