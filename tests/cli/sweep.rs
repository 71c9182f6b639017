//! `allot sweep` and `allot runs`, on a programme whose best plans can be told by hand (20 units for two sites that
//! need 10 of each of two sectors, the first half of a need worth 1 a unit, the second a half) and on real ones.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::Value;

use crate::Small;
use crate::support::program::{json, root, run_to, stderr, stdout};
use crate::support::{World, policy_text};

fn small() -> Small {
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"need_cap\"",
        "rule = \"maximum_lines\"\nnumber = 4",
        "rule = \"need_floor\"\nshare = 0",
    ];
    Small::new(&World::full(1, &[20], &[&[10, 10], &[10, 10]]), &policy_text(&rules))
}

fn study(small: &Small, text: &str) -> String {
    let file = small.path("study.toml");
    std::fs::write(&file, format!("scenario = \"scenario\"\ngap = 0\n{text}")).unwrap();
    file.display().to_string()
}

/// Rows of points.ndjson.
fn rows(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("points.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn swept(small: &Small, text: &str) -> Vec<Value> {
    run_to(0, ["sweep", &study(small, text), "--quiet", "--out", &small.out()]);
    rows(&small.path("out"))
}

fn column<'a>(rows: &'a [Value], name: &str) -> Vec<&'a Value> {
    rows.iter().map(|row| row.pointer(&format!("/{name}")).unwrap()).collect()
}

const CAPACITY: &str = "[[parameters]]\nname = \"capacity\"\npath = \"tables.provinces[*].capacity_2026\"\n";
const LINES: &str = "[[parameters]]\nname = \"lines\"\npath = \"policy.rules.R3.number\"\n";

#[test]
fn a_grid_has_the_best_value_of_each_combination() {
    let small = small();
    let text =
        format!("{CAPACITY}values = [10, 20, 40]\n{LINES}values = [4, 1]\n[design]\nkind = \"grid\"\n");
    let rows = swept(&small, &text);
    // Four lines: 10 at 1; 20 at 1; 20 at 1 and 20 at a half. One line: 5 at 1 and 5 at a half.
    let wanted = [(10, 4, 10.0), (10, 1, 7.5), (20, 1, 7.5), (20, 4, 20.0), (40, 4, 30.0), (40, 1, 7.5)];
    for (row, (capacity, lines, value)) in rows.iter().zip(wanted) {
        assert_eq!(
            row["parameters"],
            serde_json::json!({ "capacity": f64::from(capacity), "lines": f64::from(lines) })
        );
        assert_eq!((&row["status"], row["value"].as_f64()), (&"optimal".into(), Some(value)), "{row:#}");
    }
    assert_eq!(rows.len(), 6);
    // The same rows in Parquet.
    let file = std::fs::File::open(small.path("out/points.parquet")).unwrap();
    let parquet = SerializedFileReader::new(file).unwrap();
    let values: Vec<String> = parquet
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let find =
                |name: &str| row.get_column_iter().find(|(column, _)| *column == name).unwrap().1.to_string();
            format!("{} {} {}", find("point"), find("parameters.capacity"), find("value"))
        })
        .collect();
    assert_eq!(values[4], "4 40.0 30.0");
    assert_eq!(values.len(), 6);
}

#[test]
fn lists_leave_out_what_stays_as_it_is_and_operations_start_from_it() {
    let small = small();
    let text = "[[parameters]]\nname = \"more\"\npath = \"tables.provinces[province_id=p1].capacity_2026\"\n\
        change = \"multiply\"\nvalues = [0.5]\n\
        [[parameters]]\nname = \"fewer\"\npath = \"policy.rules.R3.number\"\nchange = \"add\"\nvalues = [-1]\n\
        [design]\nkind = \"list\"\npoints = [{}, { more = 0.5 }, { fewer = -3 }]\n";
    let rows = swept(&small, text);
    assert_eq!(column(&rows, "value"), [&Value::from(20.0), &Value::from(10.0), &Value::from(7.5)]);
    assert_eq!(rows[1]["parameters"], serde_json::json!({ "more": 0.5, "fewer": null }));
}

#[test]
fn a_point_without_a_plan_is_a_result_with_its_reason() {
    let small = small();
    // One line gets at most 10; half of all needs is 20.
    let text = format!(
        "[[parameters]]\nname = \"floor\"\npath = \"policy.rules.R4.share\"\nvalues = [0]\n{LINES}values = [1]\n\
         [design]\nkind = \"list\"\n\
         points = [{{ floor = 0.25 }}, {{ floor = 0.5, lines = 1 }}, {{ floor = 0.5 }}, {{ floor = 7 }}]\n"
    );
    let rows = swept(&small, &text);
    assert_eq!(column(&rows, "status"), ["optimal", "infeasible", "optimal", "invalid"]);
    let reason = rows[1]["reason"].as_str().unwrap();
    assert!(reason.contains("R4 (need_floor)") || reason.contains("R3 (maximum_lines)"), "{reason}");
    assert!(rows[3]["reason"].as_str().unwrap().contains("rules.R4"), "{}", rows[3]["reason"]);
    assert_eq!(rows[1]["plan"], Value::Null);
    let told = stdout(&run_to(
        0,
        ["sweep", &small.path("study.toml").display().to_string(), "--quiet", "--out", &small.out()],
    ));
    assert!(told.contains("1 infeasible, 1 invalid, 2 optimal") && told.contains("Without a plan"), "{told}");
}

#[test]
fn stress_takes_from_each_province_and_switches_each_rule_off() {
    let small = small();
    let rows = swept(&small, "[design]\nkind = \"stress\"\nprovinces = 0.5\nrules = true\n");
    assert_eq!(rows.len(), 1 + 1 + 4);
    assert_eq!(rows[0]["value"], 20.0);
    assert_eq!((&rows[1]["parameters"]["province.p1"], &rows[1]["value"]), (&0.5.into(), &10.0.into()));
    // Without the budget all needs are met.
    assert_eq!((&rows[2]["parameters"]["rule.R1"], &rows[2]["value"]), (&false.into(), &30.0.into()));
}

#[test]
fn a_front_trades_value_against_lines() {
    let small = small();
    let text = format!(
        "{LINES}values = [1, 2, 3, 4]\n[design]\nkind = \"pareto\"\n\
         objectives = [{{ metric = \"value\", most = true }}, {{ metric = \"lines\" }}]\n"
    );
    let file = study(&small, &text);
    let told = stderr(&run_to(2, ["sweep", &file, "--quiet", "--out", &small.out()]));
    assert!(told.contains("no metric 'value'"), "{told}");
    let file = study(&small, &text.replace("\"value\"", "\"coverage\""));
    run_to(0, ["sweep", &file, "--quiet", "--out", &small.out()]);
    let summary = crate::support::program::read_json(&small.path("out/summary.json"));
    let points = summary["front"]["points"].as_array().unwrap();
    // One line can take 10 of 40; two or more all 20, so that the front has two points.
    assert_eq!(points.len(), 2, "{points:?}");
    assert_eq!(points[0]["values"], serde_json::json!([0.5, 2.0]));
    assert_eq!(points[1]["values"], serde_json::json!([0.25, 1.0]));
}

#[test]
fn lines_are_chosen_before_the_point_is_known() {
    let small = small();
    let text =
        format!("{CAPACITY}values = [10, 20, 40]\n{LINES}values = [4, 2]\n[design]\nkind = \"grid\"\n");
    let file = study(&small, &text);
    run_to(0, ["sweep", &file, "--quiet", "--choose", "regret", "--out", &small.out()]);
    let summary = crate::support::program::read_json(&small.path("out/summary.json"));
    let candidates = summary["chosen"]["candidates"].as_array().unwrap();
    assert!(candidates.len() >= 2, "{candidates:?}");
    let regrets: Vec<f64> =
        candidates.iter().map(|candidate| candidate["regret"].as_f64().unwrap()).collect();
    assert!(regrets.is_sorted(), "{regrets:?}");
    // Four lines can do whatever two can: no regret where four are allowed; where two are, two of the four.
    let four = candidates.iter().find(|candidate| candidate["lines"] == 4).unwrap();
    assert_eq!(four["regret"], 0.0, "{candidates:?}");
}

#[test]
fn a_plan_that_is_still_good_enough_is_settled_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("study.toml");
    let scenario = root().join("scenarios/wenchuan");
    let text = format!(
        "scenario = \"{}\"\n[[parameters]]\nname = \"ticket\"\npath = \"policy.rules.R2.amount\"\n\
         values = [20000, 19999, 19900]\n[design]\nkind = \"grid\"\n",
        scenario.display()
    );
    std::fs::write(&file, text).unwrap();
    let out = folder.path().join("out");
    let (file, out_text) = (file.display().to_string(), out.display().to_string());
    run_to(0, ["sweep", &file, "--quiet", "--out", &out_text]);
    let rows = rows(&out);
    for (point, row) in rows.iter().enumerate() {
        assert_eq!((&row["how"], &row["status"]), (&"settled".into(), &"optimal".into()), "{row:#}");
        assert_eq!(row["plan"], rows[0]["plan"]);
        // Solved from nothing, the best value is between the same two ends.
        let replayed = json(&run_to(0, ["runs", "replay", &out_text, &point.to_string()]));
        assert_eq!((&replayed["agrees"], &replayed["replayed"]["how"]), (&true.into(), &"solved".into()));
    }
}

/// A study of linear problems on real data, long enough to be cut off.
fn long_study(folder: &Path, points: usize) -> String {
    let file = folder.join("study.toml");
    let scenario = root().join("scenarios/wenchuan");
    let text = format!(
        "scenario = \"{}\"\npolicy = \"status-quo\"\n\
         [[parameters]]\nname = \"revenue\"\npath = \"tables.provinces[*].revenue\"\nchange = \"multiply\"\neach = true\n\
         distribution = {{ kind = \"normal\", mean = 1, deviation = 0.1, from = 0.5 }}\n\
         [design]\nkind = \"monte-carlo\"\npoints = {points}\nseed = 3\n",
        scenario.display()
    );
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = long_study(folder.path(), 45);
    let outs: Vec<PathBuf> = [1, 2, 3].map(|threads| folder.path().join(format!("out{threads}"))).to_vec();
    for (threads, out) in ["1", "2", "3"].iter().zip(&outs) {
        run_to(0, ["sweep", &file, "--quiet", "--threads", threads, "--out", out.to_str().unwrap()]);
    }
    for name in ["points.ndjson", "points.parquet", "summary.json"] {
        let [one, two, three] = [0, 1, 2].map(|at: usize| std::fs::read(outs[at].join(name)).unwrap());
        assert!(one == two && two == three, "{name}");
    }
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let file = long_study(folder.path(), 150);
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    run_to(0, ["sweep", &file, "--quiet", "--threads", "2", "--out", whole.to_str().unwrap()]);
    let cut_text = cut.to_str().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_allot"))
        .args(["sweep", &file, "--quiet", "--threads", "2", "--out", cut_text])
        .spawn()
        .unwrap();
    let written =
        || std::fs::read_to_string(cut.join("points.ndjson")).map_or(0, |text| text.matches('\n').count());
    let started = Instant::now();
    while written() < 30 {
        assert!(started.elapsed() < Duration::from_secs(120), "no points came");
        std::thread::sleep(Duration::from_millis(5));
    }
    // SIGKILL.
    child.kill().unwrap();
    child.wait().unwrap();
    let seen = written();
    assert!((30..150).contains(&seen), "it was cut off in between: {seen}");
    let listed = stdout(&run_to(0, ["runs", "list", cut_text]));
    let there: usize =
        listed.split(" of 150").next().unwrap().split_whitespace().last().unwrap().parse().unwrap();
    assert!(there >= seen && listed.contains("not finished"), "{seen} {listed}");
    // What was there is not solved again: the second run only says how it goes on.
    let told = stderr(&run_to(0, ["sweep", &file, "--threads", "1", "--out", cut_text]));
    assert!(told.contains(&format!("{there} of 150 points")), "{told}");
    for name in ["points.ndjson", "points.parquet", "summary.json"] {
        assert_eq!(
            std::fs::read(whole.join(name)).unwrap(),
            std::fs::read(cut.join(name)).unwrap(),
            "{name}"
        );
    }
    // And a third one has nothing to do.
    let started = Instant::now();
    run_to(0, ["sweep", &file, "--quiet", "--out", cut_text]);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_ledger_lists_shows_and_replays() {
    let small = small();
    let text = format!("title = \"Mine\"\n{CAPACITY}values = [10, 20]\n[design]\nkind = \"grid\"\n");
    swept(&small, &text);
    let out = small.out();
    let listed = stdout(&run_to(0, ["runs", "list", &out]));
    assert!(listed.contains("2 of 2") && listed.contains("finished") && listed.contains("test"), "{listed}");
    let shown = json(&run_to(0, ["runs", "show", &out]));
    assert_eq!((&shown["title"], &shown["points"]), (&"Mine".into(), &2.into()));
    let inputs: Value = serde_json::from_str(shown["inputs"].as_str().unwrap()).unwrap();
    assert!(inputs.as_array().unwrap().iter().any(|input| input[0].as_str().unwrap().ends_with("needs.csv")));
    let point = json(&run_to(0, ["runs", "show", &out, "1"]));
    assert_eq!(point["row"]["value"], 20.0);
    assert!(
        point["plan_csv"].as_str().unwrap().starts_with("province_id,site_id,sector_id,year,amount\np1,")
    );
    assert_eq!(json(&run_to(0, ["runs", "replay", &out, "1"]))["agrees"], true);
    // Another input is another run.
    let needs = small.path("scenario/needs.csv");
    std::fs::write(&needs, std::fs::read_to_string(&needs).unwrap().replace("10", "12")).unwrap();
    let told = stderr(&run_to(2, ["runs", "replay", &out, "1"]));
    assert!(told.contains("not that of the run"), "{told}");
    let told = stderr(&run_to(2, ["runs", "show", &out, "7"]));
    assert!(told.contains("2 of 2 points"), "{told}");
    let told = stderr(&run_to(2, ["runs", "list", "scenarios"]));
    assert!(told.contains("no ledger.sqlite"), "{told}");
}

#[test]
fn everything_that_is_wrong_with_a_study_is_told_at_once() {
    let small = small();
    let file = small.path("study.toml");
    let text = "gap = -1\ncolour = 3\n\
        [[parameters]]\nname = \"a\"\npath = \"tables.provinces[*].capacity\"\n\
        [[parameters]]\nname = \"a\"\npath = \"rules.R1\"\nvalues = [1]\n\
        [[parameters]]\nname = \"b\"\npath = \"policy.rules.R3.number\"\nvalues = []\n\
        [[parameters]]\nname = \"c\"\npath = \"policy.rules.R3.number\"\ndistribution = { kind = \"uniform\", from = 2, to = 1 }\n\
        [[parameters]]\nname = \"d\"\npath = \"policy.rules.R3.number\"\nvalue = [1]\n\
        [design]\nkind = \"latin-hypercube\"\npoints = 0\n";
    std::fs::write(&file, text).unwrap();
    let told = stderr(&run_to(2, ["sweep", file.to_str().unwrap(), "--out", &small.out()]));
    let name = file.display().to_string();
    for (row, key, cause) in [
        (None, "scenario", "names no scenario"),
        (Some(1), "gap", "-1 is no gap"),
        (Some(2), "colour", "unknown field"),
        (Some(3), "parameters[0]", "either values"),
        (Some(7), "parameters[1].name", "two parameters 'a'"),
        (Some(8), "parameters[1].path", "begins with"),
        (Some(13), "parameters[2].values", "no value"),
        (Some(17), "parameters[3].distribution", "from must be below to"),
        (Some(21), "parameters[4]", "unknown field"),
        (Some(24), "design.points", "0 points"),
    ] {
        let place = row.map_or(format!("{name}:{key}"), |row| format!("{name}:{row}:{key}"));
        let line = told.lines().find(|line| line.contains(&format!("{place}:")));
        assert!(line.is_some_and(|line| line.contains(cause)), "{place} {cause}\n{told}");
    }
    // Every error says what to do.
    assert!(told.lines().filter(|line| line.starts_with("error")).count() >= 10, "{told}");
    assert!(!small.path("out").exists(), "nothing is made for a study that is wrong");
}

#[test]
fn paths_that_lead_nowhere_are_told_before_anything_is_solved() {
    let small = small();
    let parameter = |name: &str, path: &str, more: &str| {
        format!("[[parameters]]\nname = \"{name}\"\npath = \"{path}\"\nvalues = [1]\n{more}\n")
    };
    let text = [
        parameter("rule", "policy.rules.R9.number", ""),
        parameter("key", "policy.rules.R3.nmber", "change = \"multiply\""),
        parameter("table", "tables.provinzes[*].capacity", ""),
        parameter("row", "tables.provinces[province_id=p9].capacity_2026", ""),
        parameter("column", "tables.provinces[*].capasity_2026", ""),
        "[design]\nkind = \"grid\"\n".to_owned(),
    ]
    .concat();
    let told = stderr(&run_to(2, ["sweep", &study(&small, &text), "--out", &small.out()]));
    for cause in [
        "no rule 'R9'; it has R1, R2, R3, R4",
        "has no number 'nmber'",
        "no table 'provinzes'",
        "no row of provinces has province_id = 'p9'",
        "no column 'capasity_2026'",
    ] {
        assert!(told.contains(cause), "{cause}\n{told}");
    }
}
