//! A document in Office Open XML (ISO/IEC 29500): a template's parts, with the annex put in the place of its
//! placeholders.

mod body;
mod template;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub use template::Template;

use super::document::Annex;
use super::messages::Messages;
use super::number::day;
use super::svg::escaped;
use super::{Lang, document::Block};
use body::Body;

/// The annex as a document in one language.
///
/// # Errors
/// When the archive cannot be written.
pub fn docx(annex: &Annex, lang: Lang, template: &Template) -> zip::result::ZipResult<Vec<u8>> {
    let messages = Messages::default();
    let values = [
        ("title", lang.of(&annex.title).to_owned()),
        ("subtitle", lang.of(&annex.subtitle).to_owned()),
        ("date", day(&annex.date, lang)),
        ("date_iso", annex.date.clone()),
        ("unit", lang.of(&annex.unit).to_owned()),
    ];
    // Charts are not drawn here, so nor is the heading over them.
    let annex = &without_charts(annex);
    let body = Body::of(annex, lang, &messages, template);
    let contents = contents(annex, lang, &messages, template);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The same bytes from the same run: no clock stands in the archive.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in template.filled(&values, &body, &contents) {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn without_charts(annex: &Annex) -> Annex {
    let mut annex = annex.clone();
    let is_chart = |block: Option<&Block>| matches!(block, Some(Block::Chart(_)));
    let blocks = std::mem::take(&mut annex.blocks);
    let shown = blocks.iter().enumerate().filter(|(at, block)| match block {
        Block::Chart(_) => false,
        Block::Heading(..) => !is_chart(blocks.get(at + 1)),
        _ => true,
    });
    annex.blocks = shown.map(|(_, block)| block.clone()).collect();
    annex
}

/// A table of contents: a field that a word processor brings up to date, with the headings until it does.
fn contents(annex: &Annex, lang: Lang, messages: &Messages, template: &Template) -> String {
    let headings: Vec<_> = (annex.blocks.iter())
        .filter_map(|block| {
            if let Block::Heading(level, id, text) = block { Some((*level, *id, text)) } else { None }
        })
        .filter(|(level, ..)| *level <= 2)
        .collect();
    let title = escaped(&messages.in_language(lang, "ui-contents", &[]));
    let style = template.style("TOC Heading").or_else(|| template.style("toc heading"));
    let mut out = format!("<w:p>{}<w:r><w:t>{title}</w:t></w:r></w:p>", body::style(style));
    for (at, (level, id, text)) in headings.iter().enumerate() {
        let begin = if at == 0 {
            "<w:r><w:fldChar w:fldCharType=\"begin\" w:dirty=\"true\"/></w:r><w:r><w:instrText \
             xml:space=\"preserve\"> TOC \\o \"1-2\" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar \
             w:fldCharType=\"separate\"/></w:r>"
        } else {
            ""
        };
        let end = if at + 1 == headings.len() { "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" } else { "" };
        let entry = escaped(lang.of(text));
        let _ = write!(
            out,
            "<w:p>{}{begin}<w:hyperlink w:anchor=\"{id}\"><w:r><w:t>{entry}</w:t></w:r></w:hyperlink>{end}</w:p>",
            body::style(template.style(&format!("toc {level}")))
        );
    }
    out
}
