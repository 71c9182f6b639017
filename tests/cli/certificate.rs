//! `allot verify`, and the second verifier in Python: what they certify, what they refuse, and that they agree
//! to the last digit.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use allot::verify::{Certificate, Files, Leaf, Verdict, prove};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::Small;
use crate::support::program::{json, read_json, root, run, run_to, stderr, stdout};
use crate::support::{World, policy_text, policy_with_stages};

/// Runs the Python verifier: its exit code, and what it says.
fn python(folder: &Path) -> (i32, Value) {
    let output = Command::new("python3")
        .arg(root().join("tools/verify.py"))
        .arg(folder)
        .output()
        .expect("these tests need python3 on the path");
    let said = serde_json::from_slice(&output.stdout);
    (output.status.code().unwrap(), said.unwrap_or_else(|_| panic!("{}", stderr(&output))))
}

/// Runs the program's verifier: its exit code, and what it says.
fn ours(folder: &Path) -> (i32, Value) {
    let output = run(["verify", folder.to_str().unwrap(), "--format", "json"]);
    (output.status.code().unwrap(), json(&output))
}

/// Stage, kind, value and bound.
fn stages(verdict: &Value) -> Vec<[String; 4]> {
    let text = |stage: &Value, key: &str| stage[key].to_string();
    let stages = verdict["stages"].as_array().unwrap().iter();
    stages.map(|stage| ["stage", "kind", "value", "bound"].map(|key| text(stage, key))).collect()
}

#[track_caller]
fn assert_certified(folder: &Path) -> Value {
    let (code, verdict) = ours(folder);
    assert_eq!((code, &verdict["certified"]), (0, &Value::Bool(true)), "{verdict:#}");
    let (code, second) = python(folder);
    assert_eq!((code, &second["certified"]), (0, &Value::Bool(true)), "{second:#}");
    assert_eq!(stages(&verdict), stages(&second));
    verdict
}

#[track_caller]
fn assert_refused(folder: &Path, why: &str) {
    for (who, (code, verdict)) in [("allot", ours(folder)), ("python", python(folder))] {
        assert_eq!(code, 6, "{who}: {verdict:#}");
        assert_eq!(verdict["certified"], false, "{who}");
        let reasons = verdict["reasons"].to_string();
        assert!(reasons.contains(why), "{who}: {reasons} has not: {why}");
    }
}

/// The starter without its people, of whom a certificate says nothing.
fn money() -> String {
    static FOLDER: OnceLock<String> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-money");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        let people = ["professions", "secondees", "posts", "placements", "people", "post_list"];
        for entry in std::fs::read_dir("scenarios/starter").unwrap().map(Result::unwrap) {
            if entry.path().file_stem().is_some_and(|stem| people.iter().all(|table| stem != *table)) {
                std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
            }
        }
        let path = folder.join("scenario.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let is_kept = |line: &&str| !people.iter().any(|table| line.starts_with(&format!("{table} =")));
        let kept: Vec<&str> = text.lines().filter(is_kept).collect();
        std::fs::write(path, kept.join("\n")).unwrap();
        folder.to_str().unwrap().to_owned()
    });
    folder.clone()
}

/// That, solved once.
fn solved_money() -> &'static Path {
    static SOLVED: OnceLock<PathBuf> = OnceLock::new();
    SOLVED.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-money-solved");
        let _ = std::fs::remove_dir_all(&out);
        run_to(0, ["solve", &money(), "--quiet", "--out", out.to_str().unwrap()]);
        out
    })
}

/// A copy of the solved starter, to spoil.
fn copy() -> TempDir {
    let copy = tempdir().unwrap();
    for name in ["plan.csv", "input.json", "certificate.json"] {
        std::fs::copy(solved_money().join(name), copy.path().join(name)).unwrap();
    }
    copy
}

fn edit(folder: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let path = folder.join(name);
    let before = std::fs::read_to_string(&path).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after, "nothing was changed");
    std::fs::write(path, after).unwrap();
}

#[test]
fn a_solved_scenario_is_certified_by_both() {
    let verdict = assert_certified(solved_money());
    let document = read_json(&solved_money().join("plan.json"));
    assert_eq!(document["status"]["certified"], true);
    for (stage, proved) in
        document["stages"].as_array().unwrap().iter().zip(verdict["stages"].as_array().unwrap())
    {
        let bound: f64 = proved["bound"].as_str().unwrap().parse().unwrap();
        assert!((stage["proved_bound"].as_f64().unwrap() - bound).abs() < 1e-6, "{stage:#}");
        assert_eq!(stage["proved_gap"], proved["gap"]);
    }
    let coverage = &document["stages"][1];
    let (claimed, proved) = (coverage["gap"].as_f64().unwrap(), coverage["proved_gap"].as_f64().unwrap());
    assert!((proved - claimed).abs() < 0.0005, "claimed {claimed}, proved {proved}");
}

#[test]
fn scenarios_are_certified_as_far_as_the_solver_claims() {
    for name in ["starter", "wenchuan", "eu-cohesion"] {
        let out = tempdir().unwrap();
        let folder = out.path().to_str().unwrap();
        let scenario = format!("scenarios/{name}");
        run_to(0, ["solve", &scenario, "--quiet", "--baseline", "none", "--out", folder]);
        assert_certified(out.path());
        assert!(stdout(&run_to(0, ["verify", folder, &scenario])).contains("and of the scenario named"));
        let document = read_json(&out.path().join("plan.json"));
        for stage in document["stages"].as_array().unwrap() {
            let (claimed, proved) = (stage["gap"].as_f64().unwrap(), stage["proved_gap"].as_f64().unwrap());
            assert!((proved - claimed).abs() < 0.0005, "{name}: {stage:#}");
        }
    }
}

#[test]
fn a_plan_edited_by_one_unit_is_refused() {
    let folder = copy();
    edit(folder.path(), "plan.csv", |text| {
        let (head, last) = text.trim_end().rsplit_once(',').unwrap();
        format!("{head},{}\n", last.parse::<i64>().unwrap() - 1)
    });
    assert_refused(folder.path(), "plan.csv: it is not the file that the certificate is for");
    // With a digest to fit, the value is another one.
    let plan = std::fs::read(folder.path().join("plan.csv")).unwrap();
    edit(folder.path(), "certificate.json", |text| {
        let mut certificate: Value = serde_json::from_str(&text).unwrap();
        certificate["plan_sha256"] = Value::String(allot::digest::sha256(&plan));
        certificate.to_string()
    });
    let (_, verdict) = ours(folder.path());
    assert!(verdict["reasons"].to_string().contains("value and bound are"), "{verdict:#}");
    assert_eq!(python(folder.path()).0, 6);
}

#[test]
fn more_money_than_there_is_is_told_by_its_rule() {
    let folder = copy();
    edit(folder.path(), "plan.csv", |text| {
        let (head, last) = text.trim_end().rsplit_once(',').unwrap();
        format!("{head},{}\n", last.parse::<i64>().unwrap() + 1_000_000)
    });
    let (_, verdict) = ours(folder.path());
    assert!(verdict["broken"].as_array().unwrap().iter().any(|broken| broken["rule"] == "R1"), "{verdict:#}");
    assert!(python(folder.path()).1["reasons"].to_string().contains("R1"));
}

/// Every place of a document that holds a number or a text, with another one there.
fn spoiled(document: &Value) -> Vec<Value> {
    let other = |value: &Value| match value {
        Value::Number(number) => number.as_i64().map(|number| Value::from(number + 1)),
        Value::String(text) => {
            // Another last digit, or another last letter.
            let (last, head) =
                text.chars().last().map(|last| (last, &text[..text.len() - last.len_utf8()]))?;
            let next = if last == '9' { '8' } else { char::from_u32(last as u32 + 1)? };
            Some(Value::String(format!("{head}{next}")))
        }
        _ => None,
    };
    match document {
        Value::Array(items) => (0..items.len())
            .flat_map(|at| {
                spoiled(&items[at]).into_iter().map(move |new| {
                    let mut items = items.clone();
                    items[at] = new;
                    Value::Array(items)
                })
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| {
                spoiled(value).into_iter().map(move |new| {
                    let mut fields = fields.clone();
                    fields[key] = new;
                    Value::Object(fields)
                })
            })
            .collect(),
        leaf => other(leaf).into_iter().collect(),
    }
}

#[test]
fn any_changed_field_is_refused_or_changes_nothing_that_is_proved() {
    let read = |name: &str| std::fs::read(solved_money().join(name)).unwrap();
    let (input, plan) = (read("input.json"), read("plan.csv"));
    // Many cases in the last stage have many fields that say the same: it is proved without any here.
    let mut certificate: Certificate = serde_json::from_slice(&read("certificate.json")).unwrap();
    let last = certificate.stages.last_mut().unwrap();
    last.leaves = vec![Leaf::default()];
    last.bound = prove(&serde_json::from_slice(&input).unwrap(), &plan, None, last).unwrap().1;
    let certificate = serde_json::to_vec(&certificate).unwrap();
    let verify = |input: &[u8], plan: &[u8], certificate: &[u8]| {
        allot::verify::verify(Files { input, plan, talent: None, certificate })
    };
    let good = verify(&input, &plan, &certificate);
    assert!(good.certified);
    let certificates = spoiled(&serde_json::from_slice(&certificate).unwrap());
    assert!(certificates.len() > 30);
    for spoiled in certificates {
        let verdict = verify(&input, &plan, spoiled.to_string().as_bytes());
        // A multiplier may differ by less than what can be told of the bound: it proves the same.
        let proved = |verdict: &Verdict| {
            verdict.stages.iter().map(|stage| (stage.value.clone(), stage.bound.clone())).collect::<Vec<_>>()
        };
        assert!(!verdict.certified || proved(&verdict) == proved(&good), "{spoiled:#}");
    }
    for spoiled in spoiled(&serde_json::from_slice(&input).unwrap()) {
        assert!(!verify(spoiled.to_string().as_bytes(), &plan, &certificate).certified);
    }
    for at in 0..plan.len() {
        let mut spoiled = plan.clone();
        spoiled[at] = if spoiled[at] == b'1' { b'2' } else { b'1' };
        assert_eq!(verify(&input, &spoiled, &certificate).certified, spoiled == plan);
    }
}

#[test]
fn what_is_missing_or_malformed_is_not_certified() {
    for name in ["plan.csv", "input.json", "certificate.json"] {
        let folder = copy();
        edit(folder.path(), name, |text| text[..text.len() / 2].to_owned());
        assert_eq!((ours(folder.path()).0, python(folder.path()).0), (6, 6), "half of {name}");
        std::fs::remove_file(folder.path().join(name)).unwrap();
        assert_refused(folder.path(), name);
    }
    let output = run_to(6, ["verify", "no-such-folder"]);
    assert!(stdout(&output).starts_with("NOT CERTIFIED"), "{}", stdout(&output));
}

/// The starter's certificate with the one case of `coverage` taken apart by a decision.
fn taken_apart(decision: &Value) -> (TempDir, Value) {
    let folder = copy();
    let mut certificate = read_json(&folder.path().join("certificate.json"));
    let stage = &mut certificate["stages"][1];
    assert_eq!(stage["leaves"].as_array().unwrap().len(), 1, "{}", stage["kind"]);
    let leaves = [true, false].map(|at_least| {
        let mut leaf = stage["leaves"][0].clone();
        let mut decision = decision.clone();
        decision["at_least"] = Value::Bool(at_least);
        leaf["decided"] = Value::Array(vec![decision]);
        leaf
    });
    stage["leaves"] = Value::Array(leaves.to_vec());
    std::fs::write(folder.path().join("certificate.json"), certificate.to_string()).unwrap();
    (folder, certificate)
}

#[test]
fn cases_have_to_be_all_there_are() {
    let decision = serde_json::json!({ "count": "lines", "of": ["prov-a"], "number": 9, "value": "0" });
    let (folder, certificate) = taken_apart(&decision);
    // Without a multiplier for it, the decision says nothing, and both cases prove what the one did.
    assert_certified(folder.path());
    let path = folder.path().join("certificate.json");
    let leaf = "/stages/1/leaves/1";
    for (place, value) in [
        (format!("{leaf}/decided/0/number"), serde_json::json!(10)),
        (format!("{leaf}/decided/0/at_least"), serde_json::json!(true)),
        (format!("{leaf}/decided/0/of"), serde_json::json!(["prov-b"])),
        (format!("{leaf}/decided/0/count"), serde_json::json!("links")),
        (format!("{leaf}/decided"), serde_json::json!([])),
        ("/stages/1/leaves".to_owned(), serde_json::json!([])),
        ("/stages/1/leaves".to_owned(), Value::Array(vec![certificate["stages"][1]["leaves"][0].clone()])),
    ] {
        let mut spoiled = certificate.clone();
        *spoiled.pointer_mut(&place).unwrap() = value;
        std::fs::write(&path, spoiled.to_string()).unwrap();
        assert_refused(folder.path(), "cases are not all that there are");
    }
}

#[test]
fn both_verifiers_find_the_same_in_any_case() {
    for (count, of, number, value) in [
        ("lines", vec!["prov-a"], 9, "200000000000"),
        ("links", vec!["prov-d"], 2, "500000000000"),
        ("lines", vec![], 30, "200000000000"),
        ("links", vec!["*", "upland-1"], 2, "100000000000"),
        ("lines", vec!["prov-a", "upland-1"], 3, "900000000000"),
        ("lines", vec!["prov-a", "upland-1", "housing"], 1, "0"),
        ("lines", vec!["prov-d", "lowland-3", "health"], 1, "300000000000"),
        ("links", vec!["prov-a", "upland-2"], 1, "0"),
    ] {
        let decision = serde_json::json!({ "count": count, "of": of, "number": number, "value": value });
        let (folder, _) = taken_apart(&decision);
        let (first, second) = (ours(folder.path()).1, python(folder.path()).1);
        assert_eq!(stages(&first).len(), 3, "{first:#}");
        assert_eq!(stages(&first), stages(&second), "{decision}");
        let other = |reason: &Value| !reason.to_string().contains("value and bound are");
        assert!(!first["reasons"].as_array().unwrap().iter().any(other), "{first:#}");
    }
}

#[test]
fn another_scenario_is_told_apart() {
    let folder = solved_money().to_str().unwrap();
    run_to(0, ["verify", folder, &money()]);
    let set = "tables.needs[site_id=lowland-1,sector_id=housing].amount=1";
    let output = run_to(6, ["verify", folder, &money(), "--set", set]);
    assert!(stdout(&output).contains("it differs in needs"), "{}", stdout(&output));
    run_to(2, ["verify", folder, "scenarios/none"]);
}

#[test]
fn rules_on_industry_are_known_to_both() {
    let mut world = World::full(1, &[10], &[&[6, 4], &[8, 4]]);
    world.industries = vec![Some(0)];
    world.neighbours = vec![(0, 1)];
    let rules = ["rule = \"province_budget\"", "rule = \"need_cap\"", "rule = \"no_duplication\""];
    let small = Small::new(&world, &policy_text(&rules));
    run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out()]);
    assert_certified(&small.path("out"));
    // Both sites build the industry: told by its rule, also where the digest fits.
    std::fs::write(
        small.path("out/plan.csv"),
        "province_id,site_id,sector_id,year,amount\np1,s1,k1,2026,5\np1,s2,k1,2026,5\n",
    )
    .unwrap();
    assert_refused(&small.path("out"), "R3");
}

#[test]
fn people_are_known_to_both() {
    let out = tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    run_to(0, ["solve", "scenarios/starter", "--quiet", "--baseline", "none", "--out", folder]);
    let verdict = assert_certified(out.path());
    assert!(stages(&verdict).iter().any(|stage| stage[1] == "\"fit\""), "{verdict:#}");
    let said = stdout(&run_to(0, ["verify", folder, "scenarios/starter"]));
    assert!(said.starts_with("certified to within "), "{said}");
    // One person more, with a digest to fit: another value, or somebody is sent twice.
    edit(out.path(), "talent.csv", |text| {
        let (head, row) = text.split_once('\n').unwrap();
        let mut cells: Vec<String> = row.lines().next().unwrap().split(',').map(str::to_owned).collect();
        cells[2] = (cells[2].parse::<i64>().unwrap() + 1).to_string();
        let rest = row.split_once('\n').unwrap().1;
        format!("{head}\n{}\n{rest}", cells.join(","))
    });
    assert_refused(out.path(), "talent.csv: it is not the file that the certificate is for");
    let talent = std::fs::read(out.path().join("talent.csv")).unwrap();
    edit(out.path(), "certificate.json", |text| {
        let mut certificate: Value = serde_json::from_str(&text).unwrap();
        certificate["talent_sha256"] = Value::String(allot::digest::sha256(&talent));
        certificate.to_string()
    });
    assert_eq!((ours(out.path()).0, python(out.path()).0), (6, 6));
    std::fs::remove_file(out.path().join("talent.csv")).unwrap();
    assert_refused(out.path(), "talent.csv: it is not there");
}

#[test]
fn a_stage_that_the_verifier_does_not_know_is_not_certified() {
    let world = World::full(1, &[10], &[&[6, 4], &[8, 4]]);
    let rules = ["rule = \"province_budget\"", "rule = \"need_cap\""];
    let stages = "[[stages]]\nkind = \"proportional\"\n";
    let small = Small::new(&world, &policy_with_stages(stages, &rules));
    run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out()]);
    assert_eq!(read_json(&small.path("out/plan.json"))["status"]["certified"], false);
    assert_eq!((ours(&small.path("out")).0, python(&small.path("out")).0), (6, 6));
}
