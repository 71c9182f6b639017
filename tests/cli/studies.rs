//! Studies of many points: `allot sweep --part` and `--merge`, parts that share nothing but files; memory; and the
//! scripts beside the studies of scenarios/wenchuan.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Small;
use crate::support::program::{root, run_to, stderr, stdout};
use crate::support::{World, policy_text};

/// A programme whose points take milliseconds.
fn small() -> Small {
    let rules = ["rule = \"province_budget\"", "rule = \"need_cap\"", "rule = \"maximum_lines\"\nnumber = 4"];
    Small::new(&World::full(1, &[20], &[&[10, 10], &[10, 10]]), &policy_text(&rules))
}

/// So many points, in order; another title is another study.
fn study_of(small: &Small, points: usize, title: &str) -> String {
    let file = small.path(&format!("{title}-{points}.toml"));
    let text = format!(
        "title = \"{title}\"\nscenario = \"scenario\"\n\
         [[parameters]]\nname = \"capacity\"\npath = \"tables.provinces[*].capacity_2026\"\n\
         from = 5\nto = 45\nsteps = {points}\n\
         [design]\nkind = \"grid\"\n"
    );
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn same(one: &Path, other: &Path) {
    for name in ["points.ndjson", "points.parquet", "summary.json", "study.html"] {
        assert!(std::fs::read(one.join(name)).unwrap() == std::fs::read(other.join(name)).unwrap(), "{name}");
    }
}

fn sweep(study: &str, out: &Path, more: &[&str]) {
    run_to(0, ["sweep", study, "--quiet", "--out", out.to_str().unwrap()].iter().chain(more));
}

/// What is said of folders that cannot be put together.
fn refused(study: &str, out: &Path, folders: &[&PathBuf]) -> String {
    let mut arguments = vec!["sweep", study, "--quiet", "--out", out.to_str().unwrap(), "--merge"];
    arguments.extend(folders.iter().map(|folder| folder.to_str().unwrap()));
    let told = stderr(&run_to(2, arguments));
    assert!(!out.join("points.ndjson").exists(), "nothing is put together");
    told
}

#[test]
fn parts_that_are_put_together_are_one_run() {
    let folder = small();
    let study = study_of(&folder, 100, "mine");
    let (whole, merged) = (folder.path("whole"), folder.path("merged"));
    sweep(&study, &whole, &[]);
    let parts: Vec<PathBuf> = (1..=3).map(|part| folder.path(&format!("part{part}"))).collect();
    for (part, out) in ["1/3", "2/3", "3/3"].iter().zip(&parts) {
        sweep(&study, out, &["--part", part]);
    }
    let counts =
        parts.iter().map(|part| std::fs::read_to_string(part.join("points.ndjson")).unwrap().lines().count());
    assert_eq!(counts.collect::<Vec<_>>(), [20, 40, 40]);
    let listed = stdout(&run_to(0, ["runs", "list", parts[0].to_str().unwrap()]));
    assert!(listed.contains("20 of 100") && listed.contains("not finished"), "{listed}");
    let all: Vec<&str> = parts.iter().map(|part| part.to_str().unwrap()).collect();
    sweep(&study, &merged, &[&["--merge"], all.as_slice()].concat());
    same(&whole, &merged);
    let listed = stdout(&run_to(0, ["runs", "list", merged.to_str().unwrap()]));
    assert!(listed.contains("100 of 100") && !listed.contains("not finished"), "{listed}");
    // Put together once more, nothing is there twice.
    sweep(&study, &merged, &[&["--merge"], all.as_slice()].concat());
    same(&whole, &merged);
}

#[test]
fn parts_that_are_missing_doubled_or_foreign_are_all_told() {
    let folder = small();
    let (mine, other) = (study_of(&folder, 100, "mine"), study_of(&folder, 100, "other"));
    let [first, second, foreign, empty, out] =
        ["first", "second", "foreign", "empty", "parts"].map(|name| folder.path(name));
    sweep(&mine, &first, &["--part", "1/5"]);
    sweep(&mine, &second, &["--part", "1/2"]);
    sweep(&other, &foreign, &["--part", "5/5"]);
    std::fs::create_dir(&empty).unwrap();
    let told = refused(&mine, &out, &[&first, &second, &foreign, &empty]);
    for (place, cause) in [
        (&second, format!("points 0 to 19 are also in {}", first.display())),
        (&foreign, "no run is of this study".to_owned()),
        (&empty, "has no ledger.sqlite".to_owned()),
        (&out, "points 40 to 99 are in none of the folders".to_owned()),
    ] {
        let line = told.lines().find(|line| line.contains(&format!("E061] {}:", place.display())));
        assert!(line.is_some_and(|line| line.contains(&cause)), "{}: {cause}\n{told}", place.display());
    }
    let told = refused(&mine, &out, &[&first, &first]);
    assert!(told.contains("points 0 to 19 are also in"), "{told}");
    for (part, cause) in [("0/5", "write it as 3/20"), ("6/5", "write it as 3/20")] {
        let told = stderr(&run_to(2, ["sweep", &mine, "--out", out.to_str().unwrap(), "--part", part]));
        assert!(told.contains(cause), "{told}");
    }
}

/// Bash, with our `allot` first on the path.
fn bash(arguments: &[&str]) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_allot")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut bash = Command::new("bash");
    bash.args(arguments).env("PATH", format!("{}:{path}", program.display()));
    bash
}

/// The array of scenarios/wenchuan/studies/slurm.sh, with a loop in the place of Slurm.
#[test]
fn an_array_of_tasks_needs_only_files() {
    let folder = small();
    let study = study_of(&folder, 100, "mine");
    let (whole, out) = (folder.path("whole"), folder.path("parts"));
    sweep(&study, &whole, &[]);
    let script = root().join("scenarios/wenchuan/studies/slurm.sh");
    let array = "for task in $(seq 1 20); do SLURM_ARRAY_TASK_ID=$task bash \"$1\" \"$2\" \"$3\"; done\n\
        allot sweep \"$2\" --quiet --out \"$3\" --merge \"$3\"/parts/*";
    let arguments = [script.as_os_str(), study.as_ref(), out.as_os_str()];
    let done = bash(&["-euc", array, "array"]).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    same(&whole, &out);
}

/// Peak memory of a sweep in KiB, read while it runs.
#[cfg(target_os = "linux")]
fn peak(study: &str, out: &Path) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_allot"))
        .args(["sweep", study, "--quiet", "--threads", "1", "--out", out.to_str().unwrap()])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(peak).max(peak);
        if let Some(exit) = child.try_wait().unwrap() {
            assert!(exit.success());
            return peak;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn twice_the_points_take_no_more_memory() {
    let folder = small();
    let of = |points| peak(&study_of(&folder, points, "mine"), &folder.path(&format!("out{points}")));
    // What is buffered, of rows and of the ledger, is full by then.
    let (few, many) = (of(1000), of(2000));
    assert!(few > 0 && many as f64 <= 1.2 * few as f64, "{few} KiB for 1,000 points, {many} KiB for 2,000");
}

#[test]
fn an_analysts_script_runs() {
    if !Command::new("jq").arg("--version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: there is no jq");
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let script = root().join("scenarios/wenchuan/studies/brief.sh");
    let done = bash(&[script.to_str().unwrap(), out.path().to_str().unwrap()]).output().unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    let read = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    // 19 provinces and the hard rules, the largest effect first.
    let effects = read("stress.csv");
    assert!(effects.lines().count() > 19 && effects.contains("\"province.guangdong\","), "{effects}");
    let always = read("always.csv");
    assert!(always.lines().count() > 20, "{always}");
    assert!(stdout(&done).contains(&format!("{} lines are funded whatever happens", always.lines().count())));
    // The plan at the knee keeps every rule.
    let rules = read("knee-rules.csv");
    assert!(rules.lines().count() > 10 && !rules.contains("fail"), "{rules}");
    for picture in ["stress/plots/tornado.svg", "front/plots/front.svg"] {
        assert!(read(picture).starts_with("<svg "), "{picture}");
    }
}
