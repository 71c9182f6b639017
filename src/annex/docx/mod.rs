//! A document in Office Open XML (ISO/IEC 29500): a template's parts, with the annex put in the place of its
//! placeholders.

mod body;
mod template;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use template::Media;
pub use template::Template;

use super::document::Annex;
use super::messages::Messages;
use super::number::day;
use super::picture::{Picture, Pictures};
use super::svg::escaped;
use super::{Lang, document::Block};
use body::Body;

/// The annex as a document in one language, with those of its charts that there are pictures of.
///
/// # Errors
/// When the archive cannot be written.
pub fn docx(
    annex: &Annex,
    lang: Lang,
    template: &Template,
    pictures: &Pictures,
) -> zip::result::ZipResult<Vec<u8>> {
    let messages = Messages::default();
    let values = [
        ("title", lang.of(&annex.title).to_owned()),
        ("subtitle", lang.of(&annex.subtitle).to_owned()),
        ("date", day(&annex.date, lang)),
        ("date_iso", annex.date.clone()),
        ("unit", lang.of(&annex.unit).to_owned()),
    ];
    let bare;
    let annex = if pictures.is_empty() {
        bare = without_charts(annex);
        &bare
    } else {
        annex
    };
    let body = Body::of(annex, lang, &messages, template, pictures);
    let contents = contents(annex, lang, &messages, template);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The same bytes from the same run: no clock stands in the archive.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in template.filled(&values, &body, &contents, &media(pictures)) {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Files of pictures, each with the id by which the document refers to it.
fn media(pictures: &Pictures) -> Vec<Media<'_>> {
    let media = pictures.iter().map(|(chart, Picture { png, .. })| Media {
        relation: body::relation(chart),
        name: format!("media/annex-{chart}.png"),
        bytes: png,
    });
    media.collect()
}

/// Without charts, and the heading that stands over them alone.
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
    let mut out = format!("<w:p>{}<w:r><w:t>{title}</w:t></w:r></w:p>", body::styled(style));
    for (at, (level, id, text)) in headings.iter().enumerate() {
        let begin = if at == 0 {
            "<w:r><w:fldChar w:fldCharType=\"begin\" w:dirty=\"true\"/></w:r><w:r><w:instrText \
             xml:space=\"preserve\"> TOC \\o \"1-2\" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar \
             w:fldCharType=\"separate\"/></w:r>"
        } else {
            ""
        };
        let end = if at + 1 == headings.len() { "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" } else { "" };
        let (entry, bookmark) = (escaped(lang.of(text)), body::bookmark(id));
        let _ = write!(
            out,
            "<w:p>{}{begin}<w:hyperlink w:anchor=\"{bookmark}\"><w:r><w:t>{entry}</w:t></w:r></w:hyperlink>\
             {end}</w:p>",
            body::styled(template.style(&format!("toc {level}")))
        );
    }
    out
}
