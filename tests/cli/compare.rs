//! `allot compare` on a programme whose plans can be told by hand: two sites that need 10 of each of two sectors,
//! 20 units for them, the first half of a need worth 1 a unit, the second a half.

use calamine::{Data, Reader as _, Xlsx};
use serde_json::Value;

use crate::Small;
use crate::support::program::{json, run_to, stderr, stdout};
use crate::support::{World, policy_text};

/// A scenario, and overrides on it: more money, one site's need gone, a rule's number changed.
fn small() -> Small {
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"need_cap\"",
        "rule = \"maximum_lines\"\nnumber = 4\nper = \"all\"",
    ];
    let small = Small::new(&World::full(1, &[20], &[&[10, 10], &[10, 10]]), &policy_text(&rules));
    let other = "parent = \"scenario\"\n\
        [[rows]]\ntable = \"provinces\"\nwhere = { province_id = \"p1\" }\nset = { capacity_2026 = 40 }\n\
        [[rows]]\ntable = \"needs\"\nwhere = { site_id = \"s2\", sector_id = \"k2\" }\nremove = true\n\
        [[rows]]\ntable = \"priorities\"\nadd = { kind = \"site\", id = \"s1\", weight = 2 }\n\
        [policy_parameters.test.rules.R3]\nnumber = 3\n";
    std::fs::write(small.path("other.toml"), other).unwrap();
    small
}

fn compared(small: &Small, more: &[&str]) -> Value {
    let (one, two) = (small.scenario(), small.path("other.toml").display().to_string());
    json(&run_to(0, [&["compare", &one, &two, "--quiet", "--format", "json"], more].concat()))
}

fn find<'a>(list: &'a Value, keys: &[(&str, &str)]) -> &'a Value {
    let rows = list.as_array().unwrap();
    let is_it = |row: &&Value| keys.iter().all(|(key, text)| row[key] == *text);
    rows.iter().find(is_it).unwrap_or_else(|| panic!("no {keys:?} in {list:#}"))
}

#[test]
fn every_difference_of_the_input_is_told_with_its_places() {
    let small = small();
    let found = compared(&small, &[]);
    assert_eq!(found["input"].as_array().unwrap().len(), 4, "{:#}", found["input"]);
    let cell = find(&found["input"], &[("of", "provinces")]);
    assert_eq!((&cell["what"], &cell["column"]), (&"p1".into(), &"capacity_2026".into()));
    assert_eq!((&cell["before"], &cell["after"]), (&"20".into(), &"40".into()));
    assert!(cell["before_at"]["file"].as_str().unwrap().ends_with("provinces.csv"), "{cell}");
    assert_eq!(cell["before_at"]["row"], 2);
    assert!(cell["after_at"]["file"].as_str().unwrap().ends_with("other.toml"), "{cell}");
    assert_eq!(cell["after_at"]["row"], 5);
    let gone = find(&found["input"], &[("of", "needs")]);
    assert_eq!(
        (&gone["what"], &gone["before"], &gone["after"]),
        (&"s2 k2".into(), &"amount=10".into(), &Value::Null)
    );
    let new = find(&found["input"], &[("of", "priorities")]);
    assert_eq!(
        (&new["what"], &new["before"], &new["after"]),
        (&"site s1".into(), &Value::Null, &"weight=2".into())
    );
    let rule = find(&found["input"], &[("of", "policy")]);
    assert_eq!(rule["what"], "R3 maximum_lines");
    assert_eq!((&rule["before"], &rule["after"]), (&"number=4".into(), &"number=3".into()));
}

#[test]
fn plans_are_told_apart_by_member_and_by_line() {
    let small = small();
    let found = compared(&small, &[]);
    let money = |by: &str, id: &str| find(&found["money"], &[("by", by), ("id", id)])["amounts"].clone();
    assert_eq!(money("province", "p1"), serde_json::json!([20, 30]));
    assert_eq!(money("site", "s1"), serde_json::json!([10, 20]));
    assert_eq!(money("sector", "k2"), serde_json::json!([10, 10]));
    assert_eq!(money("year", "2026"), serde_json::json!([20, 30]));
    // 5 on each of four lines before; 10 on each of three after.
    let closed = find(&found["lines"], &[("site_id", "s2"), ("sector_id", "k2")]);
    assert_eq!(
        (&closed["amounts"], &closed["changes"]),
        (&serde_json::json!([5, 0]), &serde_json::json!(["closed"]))
    );
    let changed = find(&found["lines"], &[("site_id", "s1"), ("sector_id", "k1")]);
    assert_eq!(changed["changes"], serde_json::json!(["changed"]));
    let rule = find(&found["rules"], &[("rule", "maximum_lines")]);
    let measured = |side: usize| rule["sides"][side]["tightest"]["measured"].as_f64();
    assert_eq!((measured(0), measured(1)), (Some(4.0), Some(3.0)));
    assert_eq!(find(&found["metrics"], &[("id", "lines")])["values"], serde_json::json!([4.0, 3.0]));
    assert_eq!(find(&found["stages"], &[("kind", "coverage")])["sides"][0]["value"], 20.0);
}

#[test]
fn the_change_is_taken_apart() {
    let small = small();
    let found = compared(&small, &["--attribute"]);
    let metrics = found["metrics"].as_array().unwrap();
    let at = |id: &str| metrics.iter().position(|row| row["id"] == id).unwrap();
    let attribution = &found["attribution"][0];
    let step = |how: &str, what: &str, metric: &str| {
        find(&attribution[how], &[("what", what)])["metrics"][at(metric)].clone()
    };
    // Alone: all needs are met with 40, which is what the money buys; three lines leave 20 on them; a need less
    // changes nothing of the sum.
    assert_eq!(step("alone", "provinces p1 capacity_2026", "money"), Value::from(40.0));
    assert_eq!(step("alone", "policy R3 maximum_lines", "lines"), Value::from(3.0));
    assert_eq!(step("alone", "needs s2 k2", "money"), Value::from(20.0));
    // In order the last step is the other side.
    let last = attribution["in_order"].as_array().unwrap().last().unwrap();
    for metric in ["money", "lines", "coverage"] {
        assert_eq!(last["metrics"][at(metric)], metrics[at(metric)]["values"][1], "{metric}");
    }
}

#[test]
fn a_run_is_compared_as_it_was_written() {
    let small = small();
    let other = small.path("other.toml").display().to_string();
    let [one, two] = ["one", "two"].map(|name| small.path(name).display().to_string());
    run_to(0, ["solve", &small.scenario(), "--quiet", "--baseline", "none", "--out", &one]);
    run_to(0, ["solve", &other, "--quiet", "--baseline", "none", "--out", &two]);
    let of_runs = json(&run_to(0, ["compare", &one, &two, "--quiet", "--format", "json"]));
    let of_scenarios = compared(&small, &[]);
    for part in ["input", "money", "lines", "metrics", "rules"] {
        assert_eq!(of_runs[part], of_scenarios[part], "{part}");
    }
    // The input is no longer that of the run.
    let needs = small.path("scenario/needs.csv");
    let text = std::fs::read_to_string(&needs).unwrap();
    std::fs::write(&needs, text.replace("10", "11")).unwrap();
    let told = stderr(&run_to(2, ["compare", &one, &two, "--quiet"]));
    assert_eq!(told.matches("needs.csv").count(), 2, "both are told in one pass: {told}");
    assert!(told.contains("solve again"), "{told}");
}

#[test]
fn equal_sides_have_no_difference() {
    let small = small();
    let scenario = small.scenario();
    let output = run_to(0, ["compare", &scenario, &scenario, "--quiet", "--attribute"]);
    let told = stdout(&output);
    assert!(told.contains(": 0 differences"), "{told}");
    assert!(told.contains("0 opened, 0 closed, 0 changed, 4 the same"), "{told}");
}

#[test]
fn tables_and_workbooks_say_the_same() {
    let small = small();
    let (one, two) = (small.scenario(), small.path("other.toml").display().to_string());
    let book = small.path("book.xlsx").display().to_string();
    let output = run_to(0, ["compare", &one, &two, "--quiet", "--format", "csv", "--xlsx", &book]);
    let csv = stdout(&output);
    assert!(csv.contains("\nmoney,province p1,scenario,20\nmoney,province p1,other,30\n"), "{csv}");
    assert!(csv.contains("\nlines,p1 s2 k2,other: change,closed\n"), "{csv}");
    let mut workbook: Xlsx<_> = calamine::open_workbook(&book).unwrap();
    let names = ["input", "money", "lines", "metrics", "stages", "rules", "attribution"];
    assert_eq!(workbook.sheet_names(), names);
    let money = workbook.worksheet_range("money").unwrap();
    let row = money.rows().find(|row| row[0] == Data::String("province".to_owned())).unwrap();
    assert_eq!(row[2..], [Data::Float(20.0), Data::Float(30.0)]);
    let again = small.path("again.xlsx").display().to_string();
    run_to(0, ["compare", &one, &two, "--quiet", "--xlsx", &again]);
    assert_eq!(std::fs::read(book).unwrap(), std::fs::read(again).unwrap(), "the same bytes each time");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let small = small();
    let scenario = small.scenario();
    let euros = small.path("euros.toml");
    std::fs::write(&euros, "parent = \"scenario\"\n[money]\ncurrency = \"EUR\"\n").unwrap();
    let told = stderr(&run_to(2, ["compare", &scenario, euros.to_str().unwrap(), "--quiet"]));
    assert!(told.contains("money.currency") && told.contains("EUR"), "{told}");
    let policies = ["--policy", "a", "--policy", "b", "--policy", "c"];
    let told = stderr(&run_to(2, [&["compare", &scenario, &scenario][..], &policies].concat()));
    assert!(told.contains("3 policies for 2 sides"), "{told}");
    // Errors of both sides in one pass.
    let told = stderr(&run_to(2, ["compare", "no-such-a", "no-such-b", "--quiet"]));
    assert!(told.contains("no-such-a") && told.contains("no-such-b"), "{told}");
    run_to(2, ["compare", &scenario]);
}
