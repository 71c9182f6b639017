//! What is generated from the program's own definitions: the list of rules, completions, the manual.

use allot::objectives;
use allot::rules::Registry;

use crate::support::program::{json, run_to, stdout};

#[test]
fn rules_lists_every_rule_and_objective() {
    let registry = Registry::standard();
    let ids: Vec<&str> = registry.kinds().iter().map(|kind| kind.id).collect();
    assert!(ids.len() >= 21);
    let text = stdout(&run_to(0, ["rules"]));
    for id in ids.iter().copied().chain(objectives::kinds().iter().map(|kind| kind.id)) {
        assert!(text.split_whitespace().any(|word| word == id), "no {id} in\n{text}");
    }
    let listed = json(&run_to(0, ["rules", "--format", "json"]));
    let listed: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["what"] == "rule")
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    assert_eq!(listed, ids);
    let table = stdout(&run_to(0, ["rules", "--format", "csv"]));
    let rows = csv::Reader::from_reader(table.as_bytes()).into_records().map(Result::unwrap).count();
    assert_eq!(rows, ids.len() + objectives::kinds().len());
}

#[test]
fn completions_know_the_subcommands() {
    for shell in ["bash", "zsh", "fish"] {
        let text = stdout(&run_to(0, ["completions", shell]));
        for word in ["solve", "audit", "time-limit", "--set"] {
            let bare = word.trim_start_matches('-');
            assert!(text.contains(bare), "{shell} completions know nothing of {word}");
        }
    }
    run_to(2, ["completions", "no-such-shell"]);
}

#[test]
fn the_manual_has_a_page_for_each_subcommand() {
    let page = stdout(&run_to(0, ["man"]));
    for command in ["solve", "check", "audit", "init", "export", "rules", "schema", "completions"] {
        let heading = format!(".TH allot-{command} ");
        assert!(page.contains(&heading), "no {heading} in the manual");
    }
    assert!(page.contains("Exit codes"), "the exit codes stand in the manual");
}

#[test]
fn help_and_version_are_not_errors() {
    assert!(stdout(&run_to(0, ["--help"])).contains("Exit codes: 0 done"));
    assert_eq!(stdout(&run_to(0, ["--version"])), format!("allot {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_generated_instance_with_industry_is_solved() {
    let folder = tempfile::tempdir().unwrap();
    let [plain, with, out] =
        ["plain", "with", "out"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let size = ["--provinces", "3", "--sites", "8", "--sectors", "4", "--years", "1", "--links", "2"];
    run_to(0, [&["bench", "generate", "--out", &plain][..], &size].concat());
    run_to(0, [&["bench", "generate", "--industry", "--out", &with][..], &size].concat());
    let needs =
        |folder: &str| std::fs::read_to_string(std::path::Path::new(folder).join("needs.csv")).unwrap();
    assert_eq!(needs(&plain), needs(&with));
    let checked = stdout(&run_to(0, ["check", &with]));
    assert!(!checked.contains("warning") && checked.contains("neighbour_radius_km"), "{checked}");
    run_to(0, ["solve", &with, "--quiet", "--baseline", "none", "--gap", "0.02", "--out", &out]);
}
