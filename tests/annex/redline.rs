//! What changed between two runs is listed, and marked where it stands: what each format strikes out is what the other
//! run says, and what it leaves is what this one says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::readers::{html, number};
use super::support::program::{read_json, run_to};
use super::wenchuan;

/// Money of a sector at a site, in the other run and in this one.
type Pairs = BTreeMap<String, [Option<i64>; 2]>;

struct Compared {
    other: tempfile::TempDir,
    out: tempfile::TempDir,
}

/// `wenchuan` against the same with fewer lines a site, made once.
fn compared() -> &'static Compared {
    static MADE: OnceLock<Compared> = OnceLock::new();
    MADE.get_or_init(|| {
        let made = Compared { other: tempfile::tempdir().unwrap(), out: tempfile::tempdir().unwrap() };
        let [other, out, run] =
            [made.other.path(), made.out.path(), wenchuan().path()].map(|path| path.to_str().unwrap());
        let set = "policy.rules.R3.number=5";
        let solve =
            ["solve", "scenarios/wenchuan", "--quiet", "--baseline", "none", "--set", set, "--out", other];
        run_to(0, solve);
        run_to(
            0,
            ["annex", run, "--format", "html,xlsx,docx", "--lang", "en", "--against", other, "--out", out],
        );
        made
    })
}

/// The page that marks what changed.
pub fn page() -> std::path::PathBuf {
    compared().out.path().join("annex.html")
}

fn file_of(archive: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(archive).unwrap()).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// Sums of the lines of both runs by site and sector, by names; those that are not the same.
fn expected() -> Pairs {
    let mut pairs = Pairs::new();
    for (at, folder) in [compared().other.path(), wenchuan().path()].into_iter().enumerate() {
        let plan = read_json(&folder.join("plan.json"));
        let name = |kind: &str, id: &serde_json::Value| {
            let members = plan["members"][kind].as_array().unwrap();
            let member = members.iter().find(|member| member["id"] == *id).unwrap();
            member["title"]["en"].as_str().unwrap().to_owned()
        };
        for line in plan["lines"].as_array().unwrap() {
            let key = [name("sites", &line["site_id"]), name("sectors", &line["sector_id"])].join(" ");
            let sum = pairs.entry(key).or_default()[at].get_or_insert(0);
            *sum += line["total"].as_i64().unwrap();
        }
    }
    pairs.retain(|_, [was, now]| was != now);
    let kinds = [(true, false), (false, true), (true, true)];
    let is = |kind: &(bool, bool)| pairs.values().any(|[was, now]| (was.is_some(), now.is_some()) == *kind);
    assert!(kinds.iter().all(is), "dropped, new and changed ones");
    pairs
}

/// The number between two tags.
fn between(html: &str, open: &str, close: &str) -> Option<i64> {
    number(html.split_once(open)?.1.split_once(close)?.0)
}

#[test]
fn a_page_marks_what_changed_where_it_stands() {
    let page = std::fs::read_to_string(page()).unwrap();
    let table = page.split_once("<table id=\"table-site_sector\">").unwrap().1;
    let body = table.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let mut found = Pairs::new();
    for row in body.split("<tr").skip(1).filter(|row| !row.contains("class=\"su")) {
        let cells: Vec<&str> = row.split("<t").skip(1).map(|cell| cell.split_once('>').unwrap().1).collect();
        let pair = match row.split('"').nth(1).filter(|_| row.starts_with(" class")) {
            Some("new") => [None, number(cells[3])],
            Some("gone") => [between(cells[3], "<del>", "</del>"), None],
            Some("changed") => [between(cells[3], "<del>", "</del>"), between(cells[3], "<ins>", "</ins>")],
            _ => continue,
        };
        found.insert(format!("{} {}", cells[0], cells[1]), pair);
    }
    assert_eq!(found, expected());
}

/// Rows of a document's tables: for each its cells, as they are when all changes are rejected, and when all are
/// accepted.
fn tracked_rows(xml: &str) -> Vec<Vec<[String; 2]>> {
    let mut reader = Reader::from_str(xml);
    let (mut rows, mut inside): (Vec<Vec<[String; 2]>>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                match name.as_str() {
                    "w:tr" => rows.push(Vec::new()),
                    "w:tc" => rows.last_mut().unwrap().push(Default::default()),
                    _ => {}
                }
                inside.push(name);
            }
            Event::Text(text) if inside.iter().any(|name| name == "w:tc") => {
                let is_in = |element: &str| inside.iter().any(|name| name == element);
                let cell = rows.last_mut().unwrap().last_mut().unwrap();
                if !is_in("w:ins") {
                    cell[0].push_str(&text);
                }
                if !is_in("w:del") {
                    cell[1].push_str(&text);
                }
            }
            Event::End(_) => drop(inside.pop()),
            Event::Eof => return rows,
            _ => {}
        }
    }
}

#[test]
fn changes_of_a_document_are_tracked() {
    let xml = file_of(&compared().out.path().join("annex.en.docx"), "word/document.xml");
    let rows = tracked_rows(&xml);
    for (key, [was, now]) in expected() {
        let is_it = |row: &&Vec<[String; 2]>| {
            let name = |which: usize| format!("{} {}", row[0][which], row[1][which]);
            let said = |which: usize| number(&row[3][which]);
            row.len() == 4 && name(usize::from(now.is_some())) == key && [said(0), said(1)] == [was, now]
        };
        assert!(rows.iter().any(|row| is_it(&row)), "{key}: {was:?} {now:?}");
    }
    // Rejecting every change leaves nothing of a new row, accepting every one nothing of a row that is gone.
    assert!(xml.contains("<w:trPr><w:cantSplit/><w:ins ") || xml.contains("<w:trPr><w:cantSplit/><w:del "));
}

#[test]
fn a_workbook_notes_what_another_run_says() {
    let book = compared().out.path().join("annex.en.xlsx");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&book).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut notes = String::new();
    for name in names.iter().filter(|name| name.contains("comments")) {
        notes += &std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    }
    for (key, [was, now]) in expected() {
        match (was, now) {
            (Some(was), _) => {
                let was = was.to_string();
                let digits: String = notes.chars().filter(|c| *c != ',').collect();
                assert!(digits.contains(&format!(">was {was}<")), "{key}: {was}");
            }
            (None, _) => assert!(notes.contains(">new<"), "{key}"),
        }
    }
    // What is gone is no figure any more: the sums of a sheet's rows are those of this run.
    let rows = &super::readers::xlsx(&book)["site_sector"];
    let body = rows[..rows.len() - 1].iter().filter(|row| !row[0].to_string().starts_with("Subtotal"));
    let sum: i64 = body.filter_map(|row| last_number(row)).sum();
    assert_eq!(sum, super::expected::total(&read_json(&wenchuan().file("plan.json"))));
}

fn last_number(row: &[calamine::Data]) -> Option<i64> {
    let is_number = |cell: &&calamine::Data| matches!(cell, calamine::Data::Float(_));
    row.last().filter(is_number).and_then(|cell| number(&cell.to_string()))
}

#[test]
fn changes_are_listed() {
    let page = html(&page(), "en");
    let rule = page["changed_rules"].iter().find(|row| row[0] == "R3").unwrap();
    assert!(rule[2].contains("\"number\":5") && rule[3].contains("\"number\":6"), "{rule:?}");
    assert_eq!(page["changed_rules"].len(), 1);
    // Every change of a line is what both plans say.
    let totals = |folder: &Path| super::expected::total(&read_json(&folder.join("plan.json")));
    let all = page["changed_lines"].last().unwrap();
    let numbers: Vec<i64> = all[3..6].iter().map(|cell| number(cell).unwrap()).collect();
    let (before, now) = (totals(compared().other.path()), totals(wenchuan().path()));
    assert_eq!(numbers, [before, now, now - before]);
}

#[test]
fn a_run_against_itself_has_no_marks() {
    let out = tempfile::tempdir().unwrap();
    let [run, folder] = [wenchuan().path(), out.path()].map(|path| path.to_str().unwrap());
    run_to(0, ["annex", run, "--format", "html,docx", "--lang", "en", "--against", run, "--out", folder]);
    let page = std::fs::read_to_string(out.path().join("annex.html")).unwrap();
    for mark in ["<del>", "<ins>", "class=\"new\"", "class=\"gone\"", "table-changed_lines"] {
        assert!(!page.contains(mark), "{mark}");
    }
    let xml = file_of(&out.path().join("annex.en.docx"), "word/document.xml");
    assert!(!xml.contains("<w:ins ") && !xml.contains("<w:del "));
}
