//! Tables that a program gives instead of a file.

use std::path::Path;

use allot::diagnostics::Diagnostics;
use allot::input::{Loaded, Source, TableColumn, load, load_source};

fn starter() -> Source {
    Source { path: Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/starter"), ..Source::default() }
}

fn tables(loaded: &Loaded) -> Vec<(String, Vec<TableColumn>)> {
    loaded.tables().into_iter().map(|(name, columns)| (name.to_owned(), columns)).collect()
}

/// The starter with a table changed.
fn given(table: &str, change: impl FnOnce(&mut Vec<TableColumn>)) -> Result<Loaded, Diagnostics> {
    let read = load_source(&starter()).expect("the starter");
    let mut columns = tables(&read).into_iter().find(|(name, _)| name == table).expect("the table").1;
    change(&mut columns);
    load_source(&Source { tables: [(table.to_owned(), columns)].into(), ..starter() })
}

#[test]
fn a_scenario_of_given_tables_is_the_one_that_was_read() {
    let read = load_source(&starter()).expect("the starter");
    let again = load_source(&Source { tables: tables(&read).into_iter().collect(), ..starter() });
    let again = again.expect("the same tables");
    assert_eq!(format!("{:?}", again.scenario), format!("{:?}", read.scenario));
    assert_eq!(tables(&again), tables(&read));
    assert!(again.inputs.iter().any(|input| input.path == "table needs"));
}

#[test]
fn its_rows_are_counted_from_nought() {
    let found = given("needs", |columns| columns[2].cells[3] = "-1".to_owned()).expect_err("a negative need");
    let told: Vec<String> =
        found.iter().map(|found| format!("{} {}", found.code.id(), found.place)).collect();
    assert_eq!(told, ["E015 table needs:3:amount"]);
}

#[test]
fn a_table_that_is_none_is_told() {
    let ragged = given("needs", |columns| drop(columns[1].cells.pop())).expect_err("a ragged table");
    assert!(ragged.iter().any(|found| found.code.id() == "E003" && found.place.file == "table needs"));
    let twice = given("needs", |columns| columns.push(columns[0].clone())).expect_err("a column twice");
    assert!(twice.iter().any(|found| found.code.id() == "E007"));
    let tables = [("neds".to_owned(), Vec::new())].into();
    let unknown = load_source(&Source { tables, ..starter() }).expect_err("no such table");
    assert!(unknown.iter().any(|found| found.code.id() == "E021" && found.action.contains("needs")));
}

/// Codes are texts also where all of them are digits.
const CODES: [&str; 4] = ["industry", "industry_id", "industries", "parent"];

#[test]
fn columns_of_numbers_are_those_that_hold_numbers() {
    let mut wrong = Vec::new();
    for scenario in ["starter", "wenchuan", "eu-cohesion", "oasis"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
        for (table, columns) in load(&folder, &[]).expect(scenario).tables() {
            for TableColumn { name, is_number, cells } in columns {
                let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
                let numbers = filled.iter().all(|cell| cell.parse::<f64>().is_ok());
                if !filled.is_empty() && numbers != is_number && !CODES.contains(&name.as_str()) {
                    wrong.push(format!("{scenario}: {table}.{name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
