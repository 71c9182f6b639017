//! The same figure in every format, and that of `plan.json`.

#[cfg(feature = "pdf")]
use std::collections::BTreeMap;

use calamine::Data;

use super::expected::{tables, total};
use super::readers::{docx, html, money, number, xlsx};
use super::support::program::read_json;
use super::{Made, eu_cohesion, wenchuan};

fn has_last_plan(input: &serde_json::Value) -> bool {
    !input["commitments"].as_array().unwrap().is_empty()
}

fn agree(made: &Made) {
    let plan = read_json(&made.file("plan.json"));
    let input = read_json(&made.file("input.json"));
    let (expected, last) = (tables(&plan, &input), has_last_plan(&input));
    for lang in ["zh", "en"] {
        let page = html(&made.file("annex.html"), lang);
        for (id, amounts) in &expected {
            assert_eq!(&money(id, &page[*id], last), amounts, "{id} of the page in {lang}");
        }
        in_document(made, lang, &expected, last);
        in_workbook(made, lang, &expected, last);
    }
}

/// Tables of a document have no names: each that is expected is one of them.
fn in_document(made: &Made, lang: &str, expected: &super::expected::Tables, last: bool) {
    let found = docx(&made.file(&format!("annex.{lang}.docx")));
    for (id, amounts) in expected {
        let is_it =
            |rows: &&super::readers::Cells| rows.len() == amounts.len() && &money(id, rows, last) == amounts;
        assert!(found.iter().any(|rows| is_it(&rows)), "{id} of the document in {lang}");
    }
}

fn in_workbook(made: &Made, lang: &str, expected: &super::expected::Tables, last: bool) {
    let found = xlsx(&made.file(&format!("annex.{lang}.xlsx")));
    for (id, amounts) in expected {
        let rows = found[*id].iter().map(|row| {
            let width = row.iter().rposition(|cell| *cell != Data::Empty).unwrap() + 1;
            row[..width].iter().map(|cell| match cell {
                // Typed: amounts are numbers in the file.
                Data::Float(number) => format!("{number:.0}"),
                Data::Int(number) => number.to_string(),
                other => other.to_string(),
            })
        });
        let rows = rows.map(Iterator::collect).collect();
        assert_eq!(&money(id, &rows, last), amounts, "{id} of the workbook in {lang}");
    }
}

#[test]
fn every_format_says_what_the_plan_says() {
    agree(wenchuan());
    agree(eu_cohesion());
}

/// The text of a page has no cells, so numbers are counted.
#[cfg(feature = "pdf")]
#[test]
fn print_says_what_the_plan_says() {
    for made in [wenchuan(), eu_cohesion()] {
        if !made.print() {
            return;
        }
        let plan = read_json(&made.file("plan.json"));
        let expected = tables(&plan, &read_json(&made.file("input.json")));
        for lang in ["zh", "en"] {
            let Some(text) = super::readers::pdf(&made.file(&format!("annex.{lang}.pdf"))) else { return };
            let mut printed: BTreeMap<i64, usize> = BTreeMap::new();
            for number in text.split_whitespace().filter_map(number) {
                *printed.entry(number).or_default() += 1;
            }
            let mut wanted: BTreeMap<i64, usize> = BTreeMap::new();
            // Small numbers are printed for other reasons too, and zero says little.
            for amount in expected.values().flatten().filter(|amount| **amount >= 1000) {
                *wanted.entry(*amount).or_default() += 1;
            }
            let missing: Vec<_> = wanted
                .iter()
                .filter(|(amount, count)| printed.get(amount).copied().unwrap_or(0) < **count)
                .collect();
            assert!(missing.is_empty(), "{lang}: {missing:?}");
        }
    }
}

/// Every chart of the page is a picture in the document, with words for those who cannot see it.
#[cfg(feature = "pdf")]
#[test]
fn a_document_has_the_charts_of_the_page() {
    for made in [wenchuan(), eu_cohesion()] {
        if !made.print() {
            return;
        }
        let page = std::fs::read_to_string(made.file("annex.html")).unwrap();
        let charts: Vec<&str> =
            page.split("id=\"chart-").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
        assert!(charts.len() >= 4, "{charts:?}");
        for lang in ["zh", "en"] {
            let file = std::fs::File::open(made.file(&format!("annex.{lang}.docx"))).unwrap();
            let mut archive = zip::ZipArchive::new(file).unwrap();
            let mut part = |name: &str| {
                let mut bytes = Vec::new();
                std::io::copy(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
                bytes
            };
            let [text, relations, types] =
                ["word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"]
                    .map(|name| String::from_utf8(part(name)).unwrap());
            assert!(types.contains("Extension=\"png\""));
            for chart in &charts {
                let target = format!("media/annex-{chart}.png");
                let picture = part(&format!("word/{target}"));
                assert!(picture.starts_with(b"\x89PNG") && picture.len() > 5000, "{chart}");
                let relation = relations.split("<Relationship ").find(|one| one.contains(&target)).unwrap();
                let id = relation.split_once("Id=\"").unwrap().1.split_once('"').unwrap().0;
                assert!(text.contains(&format!("r:embed=\"{id}\"")), "{chart}");
                let named = text.split_once(&format!("name=\"{chart}\" descr=\"")).unwrap().1;
                assert!(named.split_once('"').unwrap().0.chars().count() > 20, "{chart}");
            }
        }
    }
}

#[test]
fn subtotals_add_up_to_the_unit() {
    for made in [wenchuan(), eu_cohesion()] {
        let plan = read_json(&made.file("plan.json"));
        let page = html(&made.file("annex.html"), "en");
        let input = read_json(&made.file("input.json"));
        for id in ["province", "province_site", "site", "site_sector", "region", "sector"] {
            let amounts = money(id, &page[id], has_last_plan(&input));
            assert_eq!(amounts.last(), Some(&total(&plan)), "{id}");
        }
    }
}

#[test]
fn metrics_and_rules_are_those_of_the_plan() {
    let plan = read_json(&wenchuan().file("plan.json"));
    let page = html(&wenchuan().file("annex.html"), "en");
    let rules: Vec<(&str, &str)> =
        page["rules"].iter().map(|row| (row[0].as_str(), row[9].as_str())).collect();
    let expected: Vec<(&str, &str)> = (plan["rules"].as_array().unwrap().iter())
        .map(|rule| (rule["id"].as_str().unwrap(), if rule["passes"] == true { "pass" } else { "FAIL" }))
        .collect();
    assert_eq!(rules, expected);
    let lines = page["metrics"].iter().find(|row| row[0] == "Funded lines").unwrap();
    assert_eq!(number(&lines[1]).unwrap(), i64::try_from(plan["lines"].as_array().unwrap().len()).unwrap());
}

#[test]
fn a_page_of_a_large_programme_stays_small_and_needs_nothing_else() {
    let page = std::fs::read_to_string(eu_cohesion().file("annex.html")).unwrap();
    assert!(page.len() < 5_000_000, "{}", page.len());
    // Names of namespaces and of our licence aside, nothing is fetched from anywhere.
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    for link in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!elsewhere.contains(link), "{link}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let again = tempfile::tempdir().unwrap();
    let (run, out) = (wenchuan().path().to_str().unwrap(), again.path().to_str().unwrap());
    super::run_to(0, ["annex", run, "--format", super::FORMATS, "--out", out]);
    let made = super::support::program::files(again.path());
    assert!(made.len() >= 5);
    for (name, bytes) in made {
        assert!(
            std::fs::read(wenchuan().file(name.to_str().unwrap())).unwrap() == bytes,
            "{}",
            name.display()
        );
    }
}
