//! The documents keep their word: commands run and print what is shown, examples are read and fit the
//! starter scenario, links resolve, and nothing that the program has goes unmentioned.

mod markdown;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use allot::input;
use allot::objectives;
use allot::policy::Policy;
use allot::rules::Registry;
use markdown::{Block, blocks, links};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ALLOT: &str = env!("CARGO_BIN_EXE_allot");

fn read(name: &str) -> String {
    let path = Path::new(ROOT).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Markdown files of the package, relative to its root; what is built, fetched or hidden left out.
fn documents() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of the package") {
            let path = entry.expect("an entry of it").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !name.starts_with('.') && !matches!(name, "target" | "out") {
                walk(&path, found);
            } else if path.is_file() && path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(ROOT), &mut found);
    found.sort();
    let relative = |path: PathBuf| path.strip_prefix(ROOT).expect("below the root").display().to_string();
    found.into_iter().map(relative).collect()
}

/// README.md and the files of docs/, which speak about the program.
fn manuals() -> Vec<(String, String)> {
    let names = documents().into_iter().filter(|name| name == "README.md" || name.starts_with("docs/"));
    names.map(|name| (name.clone(), read(&name))).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder to copy to");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let path = entry.expect("an entry of it").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// Runs a line as a reader would type it, with our `allot` first on the path.
#[cfg(unix)]
fn run(line: &str, folder: &Path) -> Output {
    let mut path = std::ffi::OsString::from(Path::new(ALLOT).parent().expect("a folder"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// Words of a line, so that the width of columns does not matter.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(unix)]
#[test]
fn commands_run_and_print_what_is_shown() {
    let mut wrong = Vec::new();
    for (name, text) in manuals() {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["scenarios", "models"] {
            copy_folder(&Path::new(ROOT).join(part), &folder.path().join(part));
        }
        let mut printed: Option<BTreeSet<String>> = None;
        for Block { language, lines, first, follows_another } in blocks(&text) {
            if language == "text"
                && follows_another
                && let Some(printed) = printed.take()
            {
                for (offset, line) in lines.iter().enumerate() {
                    let shown = words(line);
                    if !shown.is_empty() && shown != "…" && !printed.contains(&shown) {
                        wrong.push(format!("{name}:{}: is not printed: {line}", first + offset));
                    }
                }
            }
            printed = None;
            for (offset, line) in lines.iter().enumerate() {
                if language != "sh" || !line.starts_with("allot ") {
                    continue;
                }
                let wanted = line.split_once("# exit ").map_or(0, |(_, code)| {
                    code.trim().parse::<i32>().unwrap_or_else(|_| panic!("{name}: an exit code: {line}"))
                });
                let Output { status, stdout, stderr } = run(line, folder.path());
                let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
                if status.code() != Some(wanted) {
                    let place = first + offset;
                    wrong.push(format!("{name}:{place}: {status}, not {wanted}: {line}\n{stderr}"));
                }
                printed = Some(stdout.lines().chain(stderr.lines()).map(words).collect());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Examples of docs/policy.md of one kind: the line where each begins, and its text.
fn examples(language: &str) -> Vec<(usize, String)> {
    let text = read("docs/policy.md");
    let marked = blocks(&text).into_iter().filter(|block| block.language == language);
    marked.map(|block| (block.first, block.lines.join("\n"))).collect()
}

/// Reads a policy and holds it against the starter scenario: no error and no warning.
fn fits_the_starter(policy: &str) -> Result<Policy, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.toml");
    fs::write(&path, policy).expect("a policy file");
    let starter = input::load(&Path::new(ROOT).join("scenarios/starter"), &[]).expect("the starter");
    let none = toml::Table::new();
    let tell = |found: allot::diagnostics::Diagnostics| {
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let name = path.display().to_string();
    let policy = Policy::read(&name, folder.path(), &Registry::standard(), &none, &[]).map_err(tell)?;
    let found = policy.presolve(&starter.scenario);
    if found.is_empty() { Ok(policy) } else { Err(tell(found)) }
}

const HEAD: &str = "id = \"example\"\ntitle = { zh = \"例\", en = \"Example\" }\n";
/// Without the second one the starter's secondees are warned of.
const STAGE: &str = "[[stages]]\nkind = \"coverage\"\n[[stages]]\nkind = \"fit\"\n";
/// Rules without which the starter's exclusions and parks are warned of.
const ALWAYS: &str = "[rules.X]\nrule = \"exclusion\"\ntitle = { zh = \"例\", en = \"Example\" }\n\
    [rules.Y]\nrule = \"park_capacity\"\ntitle = { zh = \"例\", en = \"Example\" }\n";

#[test]
fn rule_examples_are_read_and_every_kind_has_one() {
    let mut shown = BTreeSet::new();
    for (line, example) in examples("toml rule") {
        let policy = fits_the_starter(&format!("{HEAD}{STAGE}{ALWAYS}[rules.R1]\n{example}\n"))
            .unwrap_or_else(|error| panic!("docs/policy.md:{line}: {error}"));
        shown.extend(policy.rules.iter().filter(|rule| rule.id == "R1").map(|rule| rule.kind.id));
    }
    let known: BTreeSet<_> = Registry::standard().kinds().iter().map(|kind| kind.id).collect();
    assert_eq!(shown, known, "every kind of rule has an example in docs/policy.md");
}

#[test]
fn stage_examples_are_read_and_every_kind_has_one() {
    let mut shown = BTreeSet::new();
    for (line, example) in examples("toml stage") {
        let kind = example.parse::<toml::Table>().expect("TOML")["kind"].as_str().expect("a kind").to_owned();
        let rules = format!("{ALWAYS}\n");
        let policy = fits_the_starter(&format!("{HEAD}{STAGE}[[stages]]\n{example}\n{rules}"))
            .unwrap_or_else(|error| panic!("docs/policy.md:{line}: {error}"));
        assert_eq!(policy.stages.last().map(|stage| stage.kind.clone()), Some(kind.clone()));
        shown.insert(kind);
    }
    let known: BTreeSet<_> = objectives::kinds().iter().map(|kind| kind.id.to_owned()).collect();
    assert_eq!(shown, known, "every kind of objective has an example in docs/policy.md");
}

#[test]
fn whole_policies_and_scenario_parts_are_read() {
    let policies = examples("toml policy");
    assert!(!policies.is_empty());
    for (line, example) in policies {
        let example = format!("{example}\n{ALWAYS}");
        fits_the_starter(&example).unwrap_or_else(|error| panic!("docs/policy.md:{line}: {error}"));
    }
    let parts = examples("toml scenario");
    assert!(!parts.is_empty());
    for (line, example) in parts {
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(&Path::new(ROOT).join("scenarios/starter"), &folder.path().join("starter"));
        let file = folder.path().join("override.toml");
        fs::write(&file, format!("parent = \"starter\"\n{example}\n")).expect("an override file");
        let output = Command::new(ALLOT).arg("check").arg(&file).output().expect("allot runs");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "docs/policy.md:{line}: {told}");
    }
    let marks = ["toml rule", "toml stage", "toml policy", "toml scenario"];
    for block in blocks(&read("docs/policy.md")).iter().filter(|block| block.language.starts_with("toml")) {
        assert!(marks.contains(&block.language.as_str()), "docs/policy.md:{}: unmarked TOML", block.first);
    }
}

#[test]
fn parameter_tables_name_every_parameter() {
    let text = read("docs/policy.md");
    let schema = serde_json::to_value(allot::policy::schema(&Registry::standard())).expect("a schema");
    let mut wrong = Vec::new();
    let of_rules = schema["properties"]["rules"]["additionalProperties"]["oneOf"].as_array();
    let of_stages = schema["properties"]["stages"]["items"]["oneOf"].as_array();
    for variant in of_rules.into_iter().chain(of_stages).flatten() {
        let parts = variant["allOf"].as_array().expect("common keys, parameters, name");
        let names = parts[2]["properties"].as_object().expect("a name");
        let kind = names.values().next().and_then(|name| name["const"].as_str()).expect("its constant");
        let reference = parts[1]["$ref"].as_str().expect("a reference").trim_start_matches('#');
        let parameters = schema.pointer(reference).and_then(|schema| schema["properties"].as_object());
        let heading = format!("# `{kind}`\n");
        let section = text.split_once(&heading).map_or("", |(_, rest)| rest);
        let section = section.split("\n#").next().unwrap_or_default();
        for parameter in parameters.into_iter().flat_map(serde_json::Map::keys) {
            if !section.contains(&format!("| `{parameter}` |")) {
                wrong.push(format!("{kind}: {parameter}"));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/policy.md has no table row for {wrong:?}");
}

#[test]
fn links_resolve() {
    let mut wrong = Vec::new();
    for name in documents() {
        let text = read(&name);
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(p, a)| (p, Some(a)));
            let folder = Path::new(&name).parent().unwrap_or(Path::new(""));
            let target = if path.is_empty() { PathBuf::from(&name) } else { folder.join(path) };
            let there = Path::new(ROOT).join(&target);
            let found = match anchor {
                None => there.exists(),
                Some(anchor) => {
                    fs::read_to_string(&there).is_ok_and(|text| markdown::anchors(&text).contains(anchor))
                }
            };
            if !found {
                wrong.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_goes_unmentioned() {
    let readme = read("README.md");
    let help = Command::new(ALLOT).arg("--help").output().expect("allot runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let commands =
        help.split_once("Commands:").and_then(|(_, rest)| rest.split_once("\n\n")).expect("a list").0;
    let commands: Vec<_> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        assert!(readme.contains(&format!("`allot {command}")), "README.md: allot {command}");
    }
    for code in [0, 1, 2, 3, 4, 5, 6, 101, 130] {
        for (name, text) in [("README.md", &readme), ("docs/output.md", &read("docs/output.md"))] {
            assert!(text.contains(&format!("\n| {code} |")), "{name}: exit code {code}");
        }
    }
    let kinds = Registry::standard().kinds().iter().map(|kind| kind.id).collect::<Vec<_>>();
    for kind in kinds.into_iter().chain(objectives::kinds().iter().map(|kind| kind.id)) {
        assert!(readme.contains(&format!("`{kind}`")), "README.md: {kind}");
    }
    let input_md = read("docs/input.md");
    for table in input::tables() {
        assert!(input_md.contains(&format!("| `{}` |", table.name)), "docs/input.md: {}", table.name);
        for column in table.columns {
            assert!(input_md.contains(&format!("`{}`", column.name)), "docs/input.md: {}", column.name);
        }
    }
}

#[test]
fn outputs_are_explained() {
    let text = read("docs/output.md");
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = Path::new(ROOT).join("scenarios/starter");
    let out = folder.path().join("out");
    let mut command = Command::new(ALLOT);
    command.arg("solve").arg(&scenario).args(["--quiet", "--baseline", "none", "--out"]).arg(&out);
    let output = command.output().expect("allot runs");
    // The files come with any plan, also with one that whole units break.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    let plan = fs::read_to_string(out.join("plan.json")).expect("plan.json");
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("JSON");
    let mut names: BTreeSet<String> = plan.as_object().expect("an object").keys().cloned().collect();
    for part in ["/status", "/stages/0", "/rules/0", "/rules/2/findings/0", "/lines/0", "/exclusions/0"] {
        let part = plan.pointer(part).and_then(serde_json::Value::as_object).expect("a part of plan.json");
        names.extend(part.keys().cloned());
    }
    for part in ["/talent", "/talent/posts/0", "/talent/secondees/0", "/talent/structure/0"] {
        let part = plan.pointer(part).and_then(serde_json::Value::as_object).expect("a part of plan.json");
        names.extend(part.keys().cloned());
    }
    for part in ["/run", "/run/options", "/run/inputs/0", "/coverage", "/scenario", "/policy"] {
        let part = plan.pointer(part).and_then(serde_json::Value::as_object).expect("a part of plan.json");
        names.extend(part.keys().cloned());
    }
    let metrics = plan["metrics"].as_array().expect("metrics");
    names.extend(metrics.iter().filter_map(|metric| metric["id"].as_str().map(str::to_owned)));
    for file in ["plan.csv", "metrics.csv", "rules.csv", "talent.csv"] {
        let table = fs::read_to_string(out.join(file)).expect("a table");
        names.extend(table.lines().next().unwrap_or_default().split(',').map(str::to_owned));
    }
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !["`", "["].iter().any(|end| text.contains(&format!("`{name}{end}"))))
        .filter(|name| !text.contains(&format!(".{name}`")))
        .collect();
    assert!(missing.is_empty(), "docs/output.md does not explain {missing:?}");
}
