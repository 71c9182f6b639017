//! Reads the money columns of tables back from each format, by means that the writers do not share.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Tables in order: rows of cells, heads left out.
pub type Cells = Vec<Vec<String>>;

/// A number as it is printed.
pub fn number(text: &str) -> Option<i64> {
    let plain: String = text.trim().chars().filter(|c| *c != ',').collect();
    plain.replace('\u{2212}', "-").trim_start_matches('+').parse().ok()
}

/// Where the money stands in the rows of a table: for rows of sums counted from the end, as their first cells are
/// merged in some formats.
pub fn money(id: &str, rows: &Cells, has_last_plan: bool) -> Vec<i64> {
    // Columns behind the money: change and last plan; or covered, and the other plans.
    let behind = match (id, has_last_plan) {
        ("site" | "region" | "sector", true) => 3,
        ("site" | "region" | "sector", false) | (_, true) => 2,
        (_, false) => 0,
    };
    rows.iter().filter_map(|row| number(row.get(row.len().checked_sub(1 + behind)?)?)).collect()
}

/// The tables of a page by their names, in the language whose spans are taken.
pub fn html(path: &Path, lang: &str) -> BTreeMap<String, Cells> {
    let page = std::fs::read_to_string(path).unwrap();
    let mut tables = BTreeMap::new();
    for part in page.split("<table id=\"table-").skip(1) {
        let (id, rest) = part.split_once('"').unwrap();
        let body = rest.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
        let rows = body.split("<tr").skip(1).map(|row| {
            let cells = row.split("<t").skip(1).filter(|cell| cell.starts_with(['d', 'h']));
            cells.map(|cell| words(cell.split_once('>').unwrap().1, lang)).collect()
        });
        tables.insert(id.to_owned(), rows.collect());
    }
    tables
}

/// Text without tags; of spans in several languages, that of one.
fn words(html: &str, lang: &str) -> String {
    let chosen = format!("<span lang={lang}>");
    let html = html.split_once(&chosen).map_or(html, |(_, rest)| rest.split_once("</span>").unwrap().0);
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .trim()
        .to_owned()
}

/// The tables of a document, in order.
pub fn docx(path: &Path) -> Vec<Cells> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut reader = Reader::from_str(&xml);
    let (mut tables, mut is_head) = (Vec::<Cells>::new(), false);
    let (mut in_cell, mut in_text) = (false, false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => match start.name().as_ref() {
                "w:tbl" => tables.push(Vec::new()),
                "w:tr" => {
                    is_head = false;
                    tables.last_mut().unwrap().push(Vec::new());
                }
                "w:tc" => {
                    in_cell = true;
                    tables.last_mut().unwrap().last_mut().unwrap().push(String::new());
                }
                "w:t" | "w:delText" => in_text = in_cell,
                _ => {}
            },
            Event::Empty(start) if start.name().as_ref() == "w:tblHeader" => is_head = true,
            Event::Text(text) if in_text => {
                let cell =
                    tables.last_mut().and_then(|table| table.last_mut()).and_then(|row| row.last_mut());
                if let Some(cell) = cell {
                    cell.push_str(&text);
                }
            }
            Event::End(end) => match end.name().as_ref() {
                "w:t" | "w:delText" => in_text = false,
                "w:tc" => in_cell = false,
                "w:tr" if is_head => drop(tables.last_mut().unwrap().pop()),
                _ => {}
            },
            Event::Eof => return tables,
            _ => {}
        }
    }
}

/// The tables of a workbook by their names, without the row of the total, which is no part of a named range; that
/// is read from the row below. Numbers are printed as whole numbers.
pub fn xlsx(path: &Path) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let names = book.defined_names().to_vec();
    let mut tables = BTreeMap::new();
    for (name, range) in names {
        let Some(id) = name.strip_prefix("allot_") else { continue };
        let (sheet, cells) = range.rsplit_once('!').unwrap();
        let sheet = book.worksheet_range(sheet.trim_matches('\'')).unwrap();
        let rows: Vec<usize> =
            cells.split(':').map(|cell| cell.rsplit_once('$').unwrap().1.parse().unwrap()).collect();
        // One row more: the total.
        let wanted = (rows[0] - 1)..=rows[1];
        let start = sheet.start().unwrap().0 as usize;
        let found = sheet.rows().enumerate().filter(|(at, _)| wanted.contains(&(at + start)));
        tables.insert(id.to_owned(), found.map(|(_, row)| row.to_vec()).collect());
    }
    tables
}

/// The text of print, by pdftotext of poppler; where that is not there this says so.
#[cfg(feature = "pdf")]
pub fn pdf(path: &Path) -> Option<String> {
    match std::process::Command::new("pdftotext").arg("-layout").arg(path).arg("-").output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            eprintln!("SKIPPED: pdftotext cannot be run ({error}); the figures of print were not read back");
            None
        }
    }
}
