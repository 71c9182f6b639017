//! What the documentation and the schema promise.

use std::fs;
use std::path::Path;

use allot::diagnostics::{Code, Severity};
use allot::input::{scenario_schema, tables};

use crate::common::TABLES;

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).expect(name)
}

#[test]
fn each_code_is_explained() {
    let text = document("codes.md");
    for code in Code::ALL {
        let heading = format!("\n### {}: {}\n", code.id(), code.title());
        let at = text
            .find(&heading)
            .unwrap_or_else(|| panic!("docs/codes.md has no heading '{}'", heading.trim()));
        let section = text[at + heading.len()..].split("\n### ").next().unwrap_or_default();
        assert!(section.contains("*Example:*") && section.contains("*What to do:*"), "{}", code.id());
    }
    assert_eq!(text.matches("\n### ").count(), Code::ALL.len());
}

#[test]
fn the_first_letter_of_a_code_is_its_severity() {
    for code in Code::ALL {
        assert_eq!(code.id().starts_with('E'), code.severity() == Severity::Error, "{}", code.id());
    }
}

#[test]
fn each_table_and_column_is_documented() {
    let text = document("input.md");
    assert_eq!(tables().iter().map(|table| table.name).collect::<Vec<_>>(), TABLES);
    for table in tables() {
        let row = text.lines().find(|line| line.starts_with(&format!("| `{}` |", table.name)));
        let row = row.unwrap_or_else(|| panic!("docs/input.md has no table {}", table.name));
        for column in table.columns {
            let marked = format!("**`{}`**", column.name);
            assert!(row.contains(&format!("`{}`", column.name)), "{}.{}", table.name, column.name);
            assert_eq!(row.contains(&marked), column.required, "{}.{}", table.name, column.name);
        }
        assert!(table.key.iter().all(|key| table.columns.iter().any(|column| column.name == *key)));
    }
}

#[test]
fn the_schema_admits_what_is_admitted() {
    let schema = serde_json::to_value(scenario_schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let admits = |text: &str| {
        let document: toml::Table = text.parse().expect("TOML");
        validator.is_valid(&serde_json::to_value(document).expect("JSON"))
    };
    let small =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/small/scenario.toml"));
    assert!(admits(&small.expect("the small scenario")));
    assert!(admits("parent = '.'\n[[rows]]\ntable = 'needs'\nadd = { site_id = 's1', amount = 2.5 }"));
    assert!(admits("parent = '.'\n[policy_parameters.concentrate.rules.R2]\nline = 200"));
    assert!(!admits("id = 'a'"));
    assert!(!admits("parent = '.'\nyeers = [2000]"));
    assert!(!admits("parent = '.'\n[tables]\nneed = 'needs.csv'"));
    assert!(schema["properties"]["years"]["description"].is_string());
}
