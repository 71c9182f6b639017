//! What is wrong is told at once, with its file; nothing is half-written; no text becomes a formula or a tag.

use std::fs;
use std::io::Write as _;

use super::readers::{docx, html, xlsx};
use super::support::program::{names, run_to, stderr};
use super::wenchuan;

fn copy_of_run() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["plan.json", "plan.csv", "input.json"] {
        fs::copy(wenchuan().file(name), copy.path().join(name)).unwrap();
    }
    copy
}

#[test]
fn files_that_are_not_of_one_run_are_refused() {
    let run = copy_of_run();
    let plan = fs::read_to_string(run.path().join("plan.csv")).unwrap();
    fs::write(run.path().join("plan.csv"), plan.replacen("28273", "28274", 1)).unwrap();
    let told = stderr(&run_to(2, ["annex", run.path().to_str().unwrap(), "--format", "html"]));
    assert!(
        told.contains("E051") && told.contains("plan.csv") && told.contains("not those of plan.json"),
        "{told}"
    );
    assert!(!run.path().join("annex.html").exists());
}

#[test]
fn all_that_is_wrong_is_told_in_one_pass() {
    let run = copy_of_run();
    fs::write(run.path().join("plan.json"), "{\n \"schema_version\": 1 }").unwrap();
    fs::remove_file(run.path().join("input.json")).unwrap();
    let template = run.path().join("template.docx");
    fs::write(&template, "no archive").unwrap();
    let [folder, template] = [run.path(), &template].map(|path| path.to_str().unwrap());
    let told = stderr(&run_to(2, ["annex", folder, "--format", "docx", "--template", template]));
    for part in ["plan.json:2", "input.json", "E052", "template.docx", "3 errors"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn prices_of_another_policy_are_refused() {
    let run = copy_of_run();
    let prices = run.path().join("prices.json");
    let price = r#"{"main_objective":{"objective":"coverage"},"input_sha256":"0",
        "answer":{"rules":[{"id":"R99","kind":"absorption","price":{"least":0,"most":1}}]}}"#;
    fs::write(&prices, price).unwrap();
    let folder = run.path().to_str().unwrap();
    let told = stderr(&run_to(2, ["annex", folder, "--format", "html"]));
    assert!(told.contains("E051") && told.contains("R99") && told.contains("another input"), "{told}");
}

#[test]
fn prices_go_into_a_run_and_its_annexes() {
    let run = copy_of_run();
    let folder = run.path().to_str().unwrap();
    run_to(0, ["explain", folder, "rules", "--quiet", "--into", folder]);
    run_to(0, ["annex", folder, "--format", "html", "--lang", "en"]);
    let page = fs::read_to_string(run.path().join("annex.html")).unwrap();
    assert!(page.contains("The price of a rule is how much better"), "no prices");
    // They are not those of another input.
    let other = ["explain", "scenarios/starter", "rules", "--quiet", "--into", folder];
    assert!(stderr(&run_to(2, other)).contains("input.json is the input of another scenario"));
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let out = tempfile::tempdir().unwrap();
    fs::create_dir(out.path().join("annex.zh.docx")).unwrap();
    let [run, folder] = [wenchuan().path(), out.path()].map(|path| path.to_str().unwrap());
    run_to(2, ["annex", run, "--format", "html,docx", "--out", folder]);
    assert_eq!(names(out.path()), ["annex.zh.docx"]);
}

#[test]
fn names_become_neither_formulas_nor_tags() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let set = r#"tables.sites[site_id=upland-1].name_en="=HYPERLINK(1)<b>&amp;""#;
    run_to(0, ["solve", "scenarios/starter", "--quiet", "--baseline", "none", "--out", folder, "--set", set]);
    run_to(0, ["annex", folder, "--format", "html,xlsx,docx", "--lang", "en"]);
    let name = "=HYPERLINK(1)<b>&amp;";
    let is_name = |cell: &String| cell == name;
    assert!(html(&out.path().join("annex.html"), "en")["site"].iter().flatten().any(is_name));
    assert!(
        docx(&out.path().join("annex.en.docx"))
            .iter()
            .flatten()
            .flatten()
            .any(|cell| cell.contains("=HYPERLINK(1)"))
    );
    let book = xlsx(&out.path().join("annex.en.xlsx"));
    assert!(book["site"].iter().flatten().any(|cell| *cell == calamine::Data::String(name.to_owned())));
}

/// A template of a user: the built-in document with other words, its placeholder parted as word processors do it.
fn template(content: &str, styles: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".docx").tempfile().unwrap();
    let mut archive = zip::ZipWriter::new(file.reopen().unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let document = format!(
        "<w:document {space}><w:body><w:p><w:r><w:t>House of </w:t></w:r><w:r><w:t>{{{{ti</w:t></w:r><w:r>\
         <w:t>tle}}}}</w:t></w:r></w:p>{content}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar \
         w:left=\"1000\" w:right=\"1000\"/></w:sectPr></w:body></w:document>"
    );
    let styles = format!("<w:styles {space}>{styles}</w:styles>");
    for (name, text) in [("word/document.xml", document), ("word/styles.xml", styles)] {
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    file
}

const HEADINGS: &str = "<w:style w:styleId=\"a1\"><w:name w:val=\"heading 1\"/></w:style>\
                        <w:style w:styleId=\"a2\"><w:name w:val=\"heading 2\"/></w:style>";

#[test]
fn a_template_of_the_user_is_filled() {
    let template = template("<w:p><w:r><w:t>{{content}}</w:t></w:r></w:p>", HEADINGS);
    let out = tempfile::tempdir().unwrap();
    let [run, folder, template] =
        [wenchuan().path(), out.path(), template.path()].map(|path| path.to_str().unwrap());
    run_to(0, ["annex", run, "--format", "docx", "--lang", "en", "--out", folder, "--template", template]);
    let mut archive =
        zip::ZipArchive::new(fs::File::open(out.path().join("annex.en.docx")).unwrap()).unwrap();
    let text = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    assert!(text.contains("House of Post-Wenchuan paired assistance"), "the title, from its parts");
    assert!(text.contains("<w:pStyle w:val=\"a1\"/>"), "the template's own style of headings");
    assert!(!text.contains("{{"));
    assert!(text.contains("w:orient=\"landscape\""));
}

#[test]
fn what_a_template_lacks_is_told_at_once() {
    let template = template("<w:p><w:r><w:t>{{contnet}}</w:t></w:r></w:p>", "");
    let [run, template] = [wenchuan().path(), template.path()].map(|path| path.to_str().unwrap());
    let told = stderr(&run_to(2, ["annex", run, "--format", "docx", "--template", template]));
    for part in ["{{contnet}}", "{{content}}", "'heading 1'", "'heading 2'", "4 errors"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn every_column_of_the_real_scenarios_has_a_source() {
    for made in [wenchuan(), super::eu_cohesion()] {
        let plan = super::support::program::read_json(&made.file("plan.json"));
        let columns = plan["provenance"].as_array().unwrap();
        assert!(columns.len() > 20);
        for column in columns {
            assert!(column["provenance"].is_string() && column["source"]["zh"] != "", "{column}");
        }
    }
}
