//! `allot init`.

use tempfile::tempdir;

use crate::support::program::{allot, files, names, run, run_to, stderr, stdout};

#[test]
fn a_new_scenario_checks_and_solves_without_a_word() {
    let folder = tempdir().unwrap();
    let scenario = folder.path().join("new/mine");
    let scenario = scenario.to_str().unwrap();
    run_to(0, ["init", scenario]);
    let check = run_to(0, ["check", scenario]);
    assert_eq!(stderr(&check), "", "no errors and no warnings");
    assert!(stdout(&check).starts_with("starter: 4 provinces, 6 sites"), "{}", stdout(&check));
    let out = folder.path().join("out");
    let solve = run_to(0, ["solve", scenario, "--quiet", "--out", out.to_str().unwrap()]);
    assert!(!stderr(&solve).contains("warning"), "{}", stderr(&solve));
    assert_eq!(names(folder.path()), ["new", "out"], "nothing beside what was asked for");
    assert_eq!(names(&folder.path().join("new")), ["mine"], "no temporary folder is left");
}

#[test]
fn it_is_the_starter_of_the_repository() {
    let folder = tempdir().unwrap();
    run_to(0, ["init", folder.path().to_str().unwrap()]);
    let starter = files(&crate::support::program::root().join("scenarios/starter"));
    assert_eq!(files(folder.path()), starter, "an empty folder may be there already");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let before = files(folder.path());
    let output = run_to(2, ["init", folder.path().to_str().unwrap()]);
    assert!(stderr(&output).contains("not empty"), "{}", stderr(&output));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn a_file_is_left_alone() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("scenario");
    std::fs::write(&file, "mine").unwrap();
    run_to(2, ["init", file.to_str().unwrap()]);
    assert_eq!(names(folder.path()), ["scenario"]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn a_name_without_a_folder_stands_in_the_working_folder() {
    let folder = tempdir().unwrap();
    let output = allot().current_dir(folder.path()).args(["init", "mine"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(folder.path().join("mine/scenario.toml").is_file());
}

#[test]
fn usage_errors_are_bad_input() {
    assert_eq!(run(["init"]).status.code(), Some(2));
    assert_eq!(run(["no-such-command"]).status.code(), Some(2));
    assert_eq!(run(["solve", "scenarios/starter"]).status.code(), Some(2), "--out is required");
}
