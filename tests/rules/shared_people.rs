//! The columns and rows that people always have, and the check of the placements themselves.

use allot::audit::audit;
use allot::domain::{Finding, Scenario};
use allot::model::{Builder, Limits, RowId};
use allot::policy::Policy;
use allot::rules::Registry;

use crate::fixture::{NONE, one_year, sending, staffed};

/// Columns with their limits, then rows.
fn shared(scenario: &Scenario) -> Vec<String> {
    let mut builder = Builder::new(scenario, Limits::loose(scenario));
    builder.placed_terms(|_| Some(1.0));
    // Asked for twice, made once.
    builder.persons(&[]);
    let model = builder.finish().model;
    let spelled = |name: &allot::model::Name| name.spelled(scenario, &[]).to_string();
    let mut lines = Vec::new();
    for (column, name) in model.column_names.iter().enumerate().filter(|(_, name)| name.what == "placed") {
        lines.push(format!("{} to {} {:?}", spelled(name), model.upper[column], model.kinds[column]));
    }
    for (row, name) in model.row_names.iter().enumerate() {
        if matches!(name.what, "sent" | "filled") {
            let term = |(column, factor): (allot::model::ColumnId, f64)| {
                format!("{factor} {}", spelled(&model.column_names[column.0]))
            };
            let terms: Vec<String> = model.row(RowId(row)).map(term).collect();
            lines.push(format!("{}: {} <= {}", spelled(name), terms.join(" + "), model.row_upper[row]));
        }
    }
    lines
}

#[test]
fn nobody_is_sent_twice_and_no_post_is_filled_twice() {
    assert_eq!(
        shared(&staffed()),
        [
            "placed[ed,ad] to 3 People",
            "placed[ed,bd] to 2 People",
            "placed[et,ad] to 2 People",
            "placed[et,bd] to 2 People",
            "placed[et,bt] to 2 People",
            "placed[wd,bd] to 4 People",
            "sent[ed]: 1 placed[ed,ad] + 1 placed[ed,bd] <= 4",
            "sent[et]: 1 placed[et,ad] + 1 placed[et,bd] + 1 placed[et,bt] <= 2",
            "sent[wd]: 1 placed[wd,bd] <= 5",
            "filled[ad]: 1 placed[ed,ad] + 1 placed[et,ad] <= 3",
            "filled[bd]: 1 placed[ed,bd] + 1 placed[et,bd] + 0.5 placed[wd,bd] <= 2",
            "filled[bt]: 1 placed[et,bt] <= 2",
            "filled[cd]:  <= 1",
        ]
    );
    assert_eq!(shared(&one_year()), NONE);
}

/// What the check of placements finds, and whether it names them.
fn people(scenario: &Scenario, placed: &[(&str, &str, i64)]) -> Vec<String> {
    let folder = std::path::Path::new(".");
    let none = toml::Table::new();
    let policy = Policy::read("status-quo", folder, &Registry::standard(), &none, &[]).unwrap();
    let audit = audit(scenario, &policy, &sending(scenario, placed));
    let outcome = audit.rules.iter().find(|rule| rule.id == "PEOPLE");
    let shown = |finding: &Finding| {
        assert!(!finding.passes());
        format!(
            "{}: over by {}, {} rows",
            finding.scope.join(","),
            finding.shortfall(),
            finding.placements.len()
        )
    };
    outcome.map_or(Vec::new(), |outcome| outcome.findings.iter().map(shown).collect())
}

#[test]
fn the_audit_counts_people_and_posts_itself() {
    let scenario = staffed();
    assert_eq!(people(&scenario, &[("ed", "ad", 3), ("ed", "bd", 1), ("wd", "bd", 2)]), NONE);
    // Five of four doctors, one of them too many at a.
    assert_eq!(
        people(&scenario, &[("ed", "ad", 4), ("ed", "bd", 1)]),
        ["ed: over by 1, 2 rows", "ad: over by 1, 1 rows"]
    );
    // Five half days are two and a half posts.
    assert_eq!(people(&scenario, &[("wd", "bd", 5)]), ["bd: over by 0.5, 1 rows"]);
    // Not paired; paired, and no fit: c's post is not for half a day, a doctor is no teacher.
    assert_eq!(people(&scenario, &[("wd", "ad", 1)]), ["wd,ad: over by 1, 1 rows"]);
    let unfit = ["ed,bt: over by 2, 1 rows", "wd,cd: over by 1, 1 rows"];
    assert_eq!(people(&scenario, &[("wd", "cd", 1), ("ed", "bt", 2)]), unfit);
    assert_eq!(people(&one_year(), &[]), NONE);
}

#[test]
fn the_stage_fit_weighs_priority_fit_and_time() {
    let mut scenario = staffed();
    scenario.talent.posts[1].priority = crate::fixture::ratio(1.5);
    let folder = std::path::Path::new(".");
    let none = toml::Table::new();
    let policy = Policy::read("concentrate", folder, &Registry::standard(), &none, &[]).unwrap();
    let fit = policy.stages_in(&scenario).position(|stage| stage.kind == "fit").unwrap();
    let value = |placed: &[_]| audit(&scenario, &policy, &sending(&scenario, placed)).values[fit].to_string();
    assert_eq!(value(&[("ed", "ad", 3)]), "3");
    // One grade below, half a day, priority 1.5; a teacher for a doctor at 0.4.
    assert_eq!(value(&[("wd", "bd", 2)]), "1.125");
    assert_eq!(value(&[("et", "ad", 1), ("wd", "bd", 1)]), "0.9625");
    assert!(policy.stages_in(&one_year()).all(|stage| stage.kind != "fit"));
}
