//! `allot solve`: what it writes, and that it writes the same again.

use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::program::{files, json, names, read_json, run, run_to, stderr, stdout};
use crate::support::{Park, World, policy_text};
use crate::{Small, solved_starter};

/// plan.json without the only part that may differ between equal runs.
fn without_seconds(path: &Path) -> Value {
    let mut document = read_json(path);
    let seconds = document["run"].as_object_mut().unwrap().remove("seconds");
    assert!(seconds.unwrap()["total"].as_f64().unwrap() > 0.0);
    let date = document["run"].as_object_mut().unwrap().remove("date").unwrap();
    assert_eq!(date.as_str().unwrap().len(), "2026-01-31".len());
    document
}

#[test]
fn its_files_and_nothing_else() {
    let expected = [
        "certificate.json",
        "industry.csv",
        "input.json",
        "metrics.csv",
        "plan.csv",
        "plan.json",
        "rules.csv",
        "talent.csv",
    ];
    assert_eq!(names(solved_starter()), expected);
}

#[test]
fn without_industries_and_people_there_are_no_tables_of_them() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    let out = small.path("out");
    std::fs::create_dir(&out).unwrap();
    for old in ["industry.csv", "talent.csv"] {
        std::fs::write(out.join(old), "of another plan").unwrap();
    }
    run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out()]);
    assert_eq!(
        names(&out),
        ["certificate.json", "input.json", "metrics.csv", "plan.csv", "plan.json", "rules.csv"]
    );
    assert!(read_json(&out.join("plan.json")).get("industry").is_none());
}

#[test]
fn who_builds_what_stands_beside_the_last_plan_and_the_baseline() {
    let mut world = World::full(1, &[10], &[&[6, 4], &[8, 4]]);
    world.industries = vec![Some(0)];
    world.neighbours = vec![(0, 1)];
    world.commitments = vec![(0, 0, 0, None, 3)];
    world.parks =
        vec![Park { host: 1, sectors: vec![0], capacity: None, shares: vec![(1, 5000), (0, 5000)] }];
    // Nothing for the second sector, at most one site for the first: 8 of s2's need or 6 of s1's.
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"need_cap\"",
        "rule = \"no_duplication\"",
        "rule = \"maximum_lines\"\nnumber = 0\nselect = { sectors = [\"k2\"] }",
    ];
    let small = Small::new(&world, &policy_text(&rules));
    let output = run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out()]);
    let table = std::fs::read_to_string(small.path("out/industry.csv")).unwrap();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    // The status quo spreads 10 over needs of 6, 4, 8 and 4.
    assert!(rows[0].starts_with("s1,i1,0,0,,0,3,"), "{table}");
    assert!(rows[1].starts_with("s2,i1,8,8,1,0,0,"), "{table}");
    assert!(rows.iter().all(|row| row.rsplit(',').next().unwrap().parse::<i64>().unwrap() > 0), "{table}");
    let document = read_json(&small.path("out/plan.json"));
    let graph = serde_json::json!({ "source": "table", "pairs": 1, "clusters": 1 });
    assert_eq!(document["industry"]["neighbours"], graph);
    assert_eq!(document["industry"]["parks"][0]["money"], 8);
    assert_eq!(document["industry"]["benefits"][0]["benefit"], 4.0);
    let metric = |id: &str| {
        let metrics = document["metrics"].as_array().unwrap();
        metrics.iter().find(|metric| metric["id"] == id).unwrap_or_else(|| panic!("no {id}")).clone()
    };
    assert_eq!(metric("duplication")["value"], 0.0);
    assert!(metric("duplication")["baseline"].as_f64().unwrap() > 0.5, "{}", metric("duplication"));
    assert_eq!(metric("park_share")["value"], 1.0);
    let text = stdout(&output);
    let row = text.lines().find(|line| line.trim_start().starts_with("s2 ")).unwrap();
    assert!(text.contains("Who builds what") && row.contains('8'), "{text}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let again = tempdir().unwrap();
    run_to(0, ["solve", "scenarios/starter", "--out", again.path().to_str().unwrap()]);
    let (first, second) = (files(solved_starter()), files(again.path()));
    for name in ["plan.csv", "rules.csv", "metrics.csv", "industry.csv"] {
        assert_eq!(first[Path::new(name)], second[Path::new(name)], "{name}");
    }
    let [first, second] = [solved_starter(), again.path()].map(|out| without_seconds(&out.join("plan.json")));
    assert_eq!(first, second);
}

#[test]
fn a_second_run_replaces_the_files_and_keeps_others() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    let out = small.path("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("plan.csv"), "old").unwrap();
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out()]);
    assert_eq!(
        names(&out),
        ["certificate.json", "input.json", "metrics.csv", "notes.txt", "plan.csv", "plan.json", "rules.csv"]
    );
    let plan = std::fs::read_to_string(out.join("plan.csv")).unwrap();
    assert!(plan.starts_with("province_id,site_id,sector_id,year,amount\np1,s1,k"), "{plan}");
    assert_eq!(std::fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
}

#[test]
fn stdout_can_be_the_document_that_was_written() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    let output =
        run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out(), "--format", "json"]);
    assert_eq!(output.stdout, std::fs::read(small.path("out/plan.json")).unwrap());
    assert_eq!(
        json(&output)["stages"][0]["bound"],
        8.5,
        "7 of the first halves, 3 of the second at one half"
    );
}

#[test]
fn the_summary_has_what_a_planner_asks_for() {
    let small = Small::new(
        &World::full(1, &[10], &[&[6, 8]]),
        &policy_text(&["rule = \"province_budget\"", "rule = \"minimum_ticket\"\namount = 4"]),
    );
    let output = run_to(0, ["solve", &small.scenario(), "--out", &small.out()]);
    let text = stdout(&output);
    for part in
        ["By province", "By site", "Funded lines", "Mean ticket", "status-quo", "R2", "minimum_ticket"]
    {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let row =
        |label: &str| text.lines().find(|line| line.trim_start().starts_with(label)).unwrap().to_owned();
    assert!(row("p1").ends_with("10"), "{text}");
    assert!(row("R2").ends_with("pass"), "{text}");
}

#[test]
fn both_solvers_write_the_same_plan_where_the_best_is_unique() {
    // Nine units on needs of 6 and 8 with halves worth 1 and 1/2, a ticket of 4 and the first need dearer.
    let mut world = World::full(1, &[9], &[&[6], &[8]]);
    world.site_weights = vec![(0, 200)];
    let rules =
        ["rule = \"province_budget\"", "rule = \"minimum_ticket\"\namount = 4", "rule = \"need_cap\""];
    let small = Small::new(&world, &(policy_text(&rules)));
    let plans = ["highs", "microlp"].map(|solver| {
        let arguments = ["solve", &small.scenario(), "--quiet", "--out", &small.out(), "--solver", solver];
        run_to(0, arguments);
        std::fs::read_to_string(small.path("out/plan.csv")).unwrap()
    });
    assert_eq!(plans[0], plans[1]);
    // 5 + 4 gives 3·2 + 2·1 + 4·1 = 12; 6 on the first leaves 3, below the ticket.
    assert_eq!(plans[0], "province_id,site_id,sector_id,year,amount\np1,s1,k1,2026,5\np1,s2,k1,2026,4\n");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_solving() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("out")] {
        let output = run_to(2, ["solve", "scenarios/starter", "--out", out.to_str().unwrap()]);
        let said = stderr(&output);
        assert!(said.contains("cannot write into"), "{said}");
        assert!(!said.contains("coverage"), "nothing was solved: {said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_told_before_solving() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    let taken = small.path("out/plan.json");
    std::fs::create_dir_all(&taken).unwrap();
    let output = run_to(2, ["solve", &small.scenario(), "--out", &small.out()]);
    assert!(stderr(&output).contains("plan.json"), "{}", stderr(&output));
    assert_eq!(names(&small.path("out")), ["plan.json"], "nothing half written");
}

#[test]
fn bad_input_is_told_with_its_place() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let solve = |scenario: &str, more: &[&str]| {
        let arguments = [&["solve", scenario, "--out", out.to_str().unwrap()], more].concat();
        stderr(&run_to(2, arguments))
    };
    assert!(solve("no/such/folder", &[]).contains("no/such/folder"));
    assert!(solve("scenarios/starter", &["--policy", "no-such-policy"]).contains("no-such-policy"));
    assert!(solve("scenarios/starter", &["--solver", "cplex"]).contains("highs, microlp"));
    assert!(solve("scenarios/starter", &["--gap=-1"]).contains("--gap is -1"));
    assert!(solve("scenarios/starter", &["--set", "policy.rules.R2.amont=3"]).contains("amont"));
    assert!(solve("scenarios/starter", &["--set", "policy.rules.R99.amount=3"]).contains("R99"));
    let capacity = "tables.provinces[province_id=prov-a].capacity_2026=-5";
    let said = solve("scenarios/starter", &["--set", capacity]);
    assert!(said.contains("error[E015]"), "{said}");
    assert!(!out.exists(), "bad input leaves no folder behind");
}

#[test]
fn a_parameter_can_be_set_on_the_command_line() {
    let small = Small::new(
        &World::full(1, &[12], &[&[10, 10], &[10, 10]]),
        &policy_text(&["rule = \"province_budget\"", "rule = \"minimum_ticket\"\namount = 3"]),
    );
    let lines = |set: &str| {
        run_to(0, ["solve", &small.scenario(), "--quiet", "--out", &small.out(), "--set", set]);
        let document = read_json(&small.path("out/plan.json"));
        assert_eq!(document["run"]["overrides"][0], set);
        document["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["total"].as_i64().unwrap())
            .min()
            .unwrap()
    };
    assert!(lines("policy.rules.R2.amount=3") >= 3);
    assert!(lines("policy.rules.R2.amount=6") >= 6);
    assert_eq!(lines("policy.rules.R2.amount=12"), 12);
}

#[test]
fn an_override_file_is_a_scenario() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    let less = "parent = \"scenario\"\nid = \"less\"\n[[rows]]\ntable = \"provinces\"\n\
        where = { province_id = \"p1\" }\nset = { capacity_2026 = 4 }\n";
    std::fs::write(small.path("less.toml"), less).unwrap();
    let scenario = small.path("less.toml");
    run_to(0, ["solve", scenario.to_str().unwrap(), "--quiet", "--out", &small.out()]);
    let document = read_json(&small.path("out/plan.json"));
    assert_eq!(document["scenario"]["id"], "less");
    assert_eq!(document["metrics"][0]["value"], 4.0, "all of the smaller capacity");
}

#[test]
fn no_baseline_when_none_is_wanted() {
    let small = Small::new(&World::full(1, &[10], &[&[6, 8]]), &policy_text(&["rule = \"province_budget\""]));
    let solve = |baseline: &str| {
        let out = small.out();
        run(["solve", &small.scenario(), "--quiet", "--out", &out, "--baseline", baseline]);
        read_json(&small.path("out/plan.json"))
    };
    assert_eq!(solve("none")["metrics"][0]["baseline"], Value::Null);
    let baseline = solve("status-quo")["metrics"][0]["baseline"].as_f64().unwrap();
    assert!((9.0..=10.0).contains(&baseline), "a proportional split of 10, rounded down: {baseline}");
}
