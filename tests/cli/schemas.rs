//! `allot schema`: the schemas are schemas, and the files that the program reads and writes keep to them.

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use crate::solved_starter;
use crate::support::program::{json, read_json, root, run_to};

/// The schema as a validator, after a check that it is a schema itself.
fn schema(of: &str) -> Validator {
    let schema = json(&run_to(0, ["schema", of]));
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{of} is no JSON schema: {error}"));
    jsonschema::validator_for(&schema).unwrap()
}

fn toml(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

fn read_toml(path: &Path) -> Value {
    toml(&std::fs::read_to_string(path).unwrap())
}

#[track_caller]
fn keeps_to(validator: &Validator, document: &Value, what: &str) {
    let errors: Vec<_> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn every_scenario_keeps_to_its_schema() {
    let validator = schema("scenario");
    for name in ["starter", "wenchuan", "eu-cohesion"] {
        keeps_to(&validator, &read_toml(&root().join("scenarios").join(name).join("scenario.toml")), name);
    }
}

#[test]
fn an_override_file_keeps_to_it_too() {
    keeps_to(&schema("scenario"), &read_toml(&root().join("scenarios/wenchuan/cross-pairing.toml")), "cross");
}

#[test]
fn a_misspelt_scenario_does_not() {
    let validator = schema("scenario");
    let file = root().join("scenarios/starter/scenario.toml");
    let good = std::fs::read_to_string(file).unwrap();
    assert!(validator.is_valid(&toml(&good)));
    for (right, wrong) in [
        ("amounts_in = 10000", "amount_in = 10000"),
        ("years = [2026, 2027, 2028]", "years = \"2026-2028\""),
        ("unit = 10000", "unit = \"ten thousand\""),
        ("[money]", "[monney]"),
    ] {
        let bad = good.replacen(right, wrong, 1);
        assert_ne!(good, bad);
        assert!(!validator.is_valid(&toml(&bad)), "{wrong}");
    }
}

#[test]
fn every_policy_keeps_to_its_schema() {
    let validator = schema("policy");
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("models")).unwrap() {
        let path = entry.unwrap().path();
        keeps_to(&validator, &read_toml(&path), &path.display().to_string());
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn a_misspelt_policy_does_not() {
    let validator = schema("policy");
    let good = std::fs::read_to_string(root().join("models/concentrate.toml")).unwrap();
    for (right, wrong) in [
        ("amount = 5000", "amont = 5000"),
        ("rule = \"minimum_ticket\"", "rule = \"minimal_ticket\""),
        ("number = 8\n", ""),
        ("sector_groups = [\"livelihood\"]", "sector_group = [\"livelihood\"]"),
        ("per = \"province\"", "per = \"provence\""),
        ("kind = \"coverage\"", "kind = \"covrage\""),
        ("tolerance = 0.005", "tolerence = 0.005"),
        ("[rules.R1]", "[rule.R1]"),
    ] {
        let bad = good.replacen(right, wrong, 1);
        assert_ne!(good, bad);
        assert!(!validator.is_valid(&toml(&bad)), "{wrong}");
    }
}

#[test]
fn a_written_plan_keeps_to_its_schema() {
    let validator = schema("plan");
    let plan = read_json(&solved_starter().join("plan.json"));
    keeps_to(&validator, &plan, "plan.json");
    for (key, value) in [("status", Value::from("fine")), ("lines", Value::from(3)), ("stages", Value::Null)]
    {
        let mut bad = plan.clone();
        bad[key] = value;
        assert!(!validator.is_valid(&bad), "{key}");
        bad.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&bad), "{key} is required");
    }
}
