//! Templates: a document with styles and placeholders, built in or the user's own.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::ops::Range;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::annex::svg::escaped;
use crate::diagnostics::{Code, Diagnostics, Place};

/// Placeholders that become text.
const TEXTS: [&str; 5] = ["title", "subtitle", "date", "date_iso", "unit"];
/// Placeholders that stand alone in a paragraph and become many.
const PARTS: [&str; 2] = ["contents", "content"];
const DOCUMENT: &str = "word/document.xml";
const RELATIONS: &str = "word/_rels/document.xml.rels";
const RELATIONS_SPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const IMAGE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image";
/// Larger parts than these are none of a template.
const LARGEST: u64 = 64 << 20;

/// A part of a package: its name and bytes.
type Part = (String, Vec<u8>);

/// A file of a picture.
pub(super) struct Media<'a> {
    /// The id by which the document refers to it.
    pub relation: String,
    /// Its name, from the document's folder.
    pub name: String,
    pub bytes: &'a [u8],
}

/// A document with styles and placeholders.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
    /// Ids of styles by their names.
    styles: BTreeMap<String, String>,
    /// The properties of its last section.
    section: String,
}

macro_rules! part {
    ($name:literal, $file:expr) => {
        ($name.to_owned(), include_bytes!(concat!("templates/", $file, ".xml")).to_vec())
    };
}

macro_rules! built_in {
    ($style:literal) => {
        vec![
            part!("[Content_Types].xml", "content_types"),
            part!("_rels/.rels", "rels"),
            part!("docProps/core.xml", "core"),
            part!("word/_rels/document.xml.rels", "document_rels"),
            part!("word/document.xml", concat!($style, "_document")),
            part!("word/styles.xml", concat!($style, "_styles")),
            part!("word/numbering.xml", concat!($style, "_numbering")),
            part!("word/footer1.xml", concat!($style, "_footer")),
            part!("word/settings.xml", "settings"),
            part!("word/fontTable.xml", "font_table"),
        ]
    };
}

impl Template {
    /// The layout of official documents by GB/T 9704-2012.
    pub fn gbt9704() -> Self {
        Self::of(built_in!("gbt9704"))
    }

    /// A plain report.
    pub fn plain() -> Self {
        Self::of(built_in!("plain"))
    }

    /// A user's template.
    ///
    /// # Errors
    /// All that it lacks: a document, the placeholder `{{content}}`, styles of headings; and placeholders that are
    /// not known.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        let mut found = Diagnostics::new();
        let mut tell = |cause: String, action: &str| {
            found.push(Code::BadTemplate, Place::file(path.display().to_string()), cause, action);
        };
        let parts = match unpacked(path) {
            Ok(parts) => parts,
            Err(error) => {
                tell(
                    format!("it is no document that can be read: {error}"),
                    "save it as .docx in a word processor",
                );
                return Err(found);
            }
        };
        let template = Self::of(parts);
        for (name, text) in template.texts() {
            match paragraphs(text) {
                Ok(paragraphs) => {
                    for unknown in paragraphs.iter().flat_map(|paragraph| unknown(&paragraph.text)) {
                        let known = TEXTS.iter().chain(&PARTS).map(|known| format!("{{{{{known}}}}}"));
                        let known = known.collect::<Vec<_>>().join(", ");
                        tell(
                            format!("{name} has the unknown placeholder {{{{{unknown}}}}}"),
                            &format!("use one of {known}"),
                        );
                    }
                }
                Err(error) => {
                    tell(format!("{name} is malformed: {error}"), "save it again in a word processor");
                }
            }
        }
        if !template.places(PARTS[1]) {
            let action = "write {{content}} alone in a paragraph, where the annex is to be, outside tables and text boxes";
            tell("no paragraph of its text is the placeholder {{content}}".to_owned(), action);
        }
        for name in ["heading 1", "heading 2"] {
            if template.style(name).is_none() {
                tell(
                    format!("it has no style '{name}'"),
                    "use the built-in styles of headings once, and save it",
                );
            }
        }
        if template.section.is_empty() {
            tell(
                "it does not say how large its pages are".to_owned(),
                "set up the page in a word processor, and save it",
            );
        }
        if found.is_empty() { Ok(template) } else { Err(found) }
    }

    fn of(parts: Vec<Part>) -> Self {
        let text = |name: &str| {
            let part = parts.iter().find(|(part, _)| part == name);
            part.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok()).unwrap_or_default()
        };
        let document = text(DOCUMENT);
        let section = document.rfind("<w:sectPr").and_then(|from| {
            let end = document[from..].find("</w:sectPr>")? + "</w:sectPr>".len();
            Some(document[from..from + end].to_owned())
        });
        let styles = styles(text("word/styles.xml")).unwrap_or_default();
        Self { styles, section: section.unwrap_or_default(), parts }
    }

    /// Parts that hold the text of pages.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_text = |name: &str| {
            name == DOCUMENT || name.starts_with("word/header") || name.starts_with("word/footer")
        };
        let texts = self.parts.iter().filter(move |(name, _)| is_text(name));
        texts.filter_map(|(name, bytes)| Some((name.as_str(), std::str::from_utf8(bytes).ok()?)))
    }

    /// Whether a paragraph of the text is a placeholder.
    fn places(&self, part: &str) -> bool {
        let document = self.texts().find(|(name, _)| *name == DOCUMENT);
        let paragraphs = document.and_then(|(_, text)| paragraphs(text).ok()).unwrap_or_default();
        paragraphs.iter().any(|paragraph| paragraph.in_body && paragraph.is(part))
    }

    /// The id of a style by its name.
    pub(super) fn style(&self, name: &str) -> Option<&str> {
        self.styles.get(&name.to_lowercase()).map(String::as_str)
    }

    /// The properties of a section, on pages that stand or lie.
    pub(super) fn section(&self, side: bool) -> String {
        let Some((range, width, height)) = self.page() else { return self.section.clone() };
        if !side {
            return self.section.clone();
        }
        let turned = format!("<w:pgSz w:w=\"{height}\" w:h=\"{width}\" w:orient=\"landscape\"/>");
        format!("{}{turned}{}", &self.section[..range.start], &self.section[range.end..])
    }

    /// Where the size of pages is written, and it: width and height in twentieths of a point.
    fn page(&self) -> Option<(Range<usize>, usize, usize)> {
        let from = self.section.find("<w:pgSz")?;
        let end = from + self.section[from..].find("/>")? + 2;
        let element = &self.section[from..end];
        Some((from..end, attribute(element, "w:w")?, attribute(element, "w:h")?))
    }

    /// Width of the text in twentieths of a point, on pages that stand or lie.
    pub(super) fn text_width(&self, side: bool) -> usize {
        let (_, width, height) = self.page().unwrap_or((0..0, 11_906, 16_838));
        let page = if side { height } else { width };
        page.saturating_sub(self.margin("w:left") + self.margin("w:right")).max(2000)
    }

    /// Height of the text in twentieths of a point, on pages that stand.
    pub(super) fn text_height(&self) -> usize {
        let (_, _, height) = self.page().unwrap_or((0..0, 11_906, 16_838));
        height.saturating_sub(self.margin("w:top") + self.margin("w:bottom")).max(2000)
    }

    fn margin(&self, name: &str) -> usize {
        let margins = self.section.find("<w:pgMar").map_or("", |from| &self.section[from..]);
        attribute(margins, name).unwrap_or(1134)
    }

    /// Every part, with placeholders filled, and the files of pictures.
    pub(super) fn filled(
        &self,
        values: &[(&str, String)],
        body: &str,
        contents: &str,
        media: &[Media<'_>],
    ) -> Vec<Part> {
        let parts = self.parts.iter().map(|(name, bytes)| {
            let text = self.texts().find(|(text, _)| text == name).map(|(_, text)| text);
            let filled = match text {
                Some(text) => filled(text, values, body, contents).into_bytes(),
                // Ours has a title and a day to fill; a user's has its own.
                None if name == "docProps/core.xml" => {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    replaced(&text, values).into_bytes()
                }
                None => bytes.clone(),
            };
            (name.clone(), filled)
        });
        let mut parts: Vec<Part> = parts.collect();
        if !media.is_empty() {
            let png = "<Default Extension=\"png\" ContentType=\"image/png\"/>";
            let is_known = |text: &str| text.contains("Extension=\"png\"");
            enter(&mut parts, "[Content_Types].xml", "Types", TYPES, png, is_known);
        }
        for Media { relation, name, bytes } in media {
            let entry = format!("<Relationship Id=\"{relation}\" Type=\"{IMAGE}\" Target=\"{name}\"/>");
            enter(&mut parts, RELATIONS, "Relationships", RELATIONS_SPACE, &entry, |_| false);
            parts.push((format!("word/{name}"), bytes.to_vec()));
        }
        parts
    }
}

fn unpacked(path: &Path) -> Result<Vec<Part>, Box<dyn std::error::Error>> {
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(path)?))?;
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at)?;
        if part.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        let name = part.name()?.into_owned();
        part.by_ref().take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Err(format!("{name} is larger than {} MiB", LARGEST >> 20).into());
        }
        parts.push((name, bytes));
    }
    if parts.iter().all(|(name, _)| name != DOCUMENT) {
        return Err(format!("it has no {DOCUMENT}").into());
    }
    Ok(parts)
}

/// Puts an entry at the end of a list in a part, which is made where it is not there.
fn enter(
    parts: &mut Vec<Part>,
    name: &str,
    list: &str,
    space: &str,
    entry: &str,
    is_known: impl Fn(&str) -> bool,
) {
    if parts.iter().all(|(part, _)| part != name) {
        parts.push((name.to_owned(), format!("<{list} xmlns=\"{space}\"></{list}>").into_bytes()));
    }
    for (_, bytes) in parts.iter_mut().filter(|(part, _)| part == name) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if !is_known(&text) {
            *bytes = text.replace(&format!("</{list}>"), &format!("{entry}</{list}>")).into_bytes();
        }
    }
}

/// The number of an attribute of the first element of a text.
fn attribute(element: &str, name: &str) -> Option<usize> {
    let mut reader = Reader::from_str(element);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => return value(&start, name)?.parse().ok(),
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn value(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

/// Ids of styles by their names, in small letters: names of built-in styles are the same in every language.
fn styles(xml: &str) -> Result<BTreeMap<String, String>, quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    let (mut styles, mut current) = (BTreeMap::new(), None);
    loop {
        match reader.read_event()? {
            Event::Start(start) if start.name().as_ref() == "w:style" => current = value(&start, "w:styleId"),
            Event::Empty(start) if start.name().as_ref() == "w:name" => {
                if let (Some(id), Some(name)) = (current.take(), value(&start, "w:val")) {
                    styles.insert(name.to_lowercase(), id);
                }
            }
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// A paragraph of a part: where it stands, and where its pieces of text stand.
struct Paragraph {
    range: Range<usize>,
    /// Whether it stands in the text itself, not in a table or box.
    in_body: bool,
    pieces: Vec<Range<usize>>,
    /// Its pieces together: word processors part a placeholder as they like.
    text: String,
}

impl Paragraph {
    fn is(&self, placeholder: &str) -> bool {
        self.text.trim() == format!("{{{{{placeholder}}}}}")
    }
}

fn paragraphs(xml: &str) -> Result<Vec<Paragraph>, quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    let (mut done, mut open): (Vec<Paragraph>, Vec<Paragraph>) = (Vec::new(), Vec::new());
    let (mut depth, mut text_from) = (0, None);
    let place = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    loop {
        let from = place(&reader);
        match reader.read_event()? {
            Event::Start(start) => {
                if start.name().as_ref() == "w:p" {
                    let (in_body, text) = (depth == 2, String::new());
                    open.push(Paragraph { range: from..from, in_body, pieces: Vec::new(), text });
                } else if start.name().as_ref() == "w:t" {
                    text_from = Some(place(&reader));
                }
                depth += 1;
            }
            Event::End(end) => {
                depth -= 1;
                if let ("w:t", Some(piece), Some(paragraph)) =
                    (end.name().as_ref(), text_from.take(), open.last_mut())
                {
                    paragraph.text.push_str(&xml[piece..from]);
                    paragraph.pieces.push(piece..from);
                } else if end.name().as_ref() == "w:p"
                    && let Some(mut paragraph) = open.pop()
                {
                    paragraph.range.end = place(&reader);
                    done.push(paragraph);
                }
            }
            Event::Eof => return Ok(done),
            _ => {}
        }
    }
}

/// Names of placeholders in a text that are not known.
fn unknown(text: &str) -> Vec<String> {
    let names = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name);
    names.filter(|name| !TEXTS.contains(name) && !PARTS.contains(name)).map(str::to_owned).collect()
}

fn replaced(text: &str, values: &[(&str, String)]) -> String {
    let fill = |text: String, (name, value): &(&str, String)| {
        text.replace(&format!("{{{{{name}}}}}"), &escaped(value))
    };
    values.iter().fold(text.to_owned(), fill)
}

/// A part with its placeholders filled. It was read before, so it is not malformed.
fn filled(xml: &str, values: &[(&str, String)], body: &str, contents: &str) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for paragraph in paragraphs(xml).unwrap_or_default() {
        if paragraph.in_body && paragraph.is(PARTS[1]) {
            edits.push((paragraph.range, body.to_owned()));
        } else if paragraph.in_body && paragraph.is(PARTS[0]) {
            edits.push((paragraph.range, contents.to_owned()));
        } else if paragraph.text.contains("{{") {
            // The whole text goes where its first piece was, and keeps the look of that.
            let mut text = Some(replaced(&paragraph.text, values));
            edits.extend(paragraph.pieces.into_iter().map(|piece| (piece, text.take().unwrap_or_default())));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut from) = (String::with_capacity(xml.len() + body.len()), 0);
    for (range, text) in edits {
        out.push_str(&xml[from..range.start]);
        out.push_str(&text);
        from = range.end;
    }
    out.push_str(&xml[from..]);
    out
}
