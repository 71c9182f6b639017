//! Overrides and `--set`: each kind, nested, in loops, and wrong.

use allot::units::{Money, Ratio};

use crate::common::{Fixture, all_found};

fn told(fixture: &Fixture, file: &str, sets: &[&str]) -> Vec<String> {
    fixture.told(&all_found(fixture.load_from(file, sets)))
}

#[test]
fn an_override_changes_keys_tables_and_rows() {
    let fixture = Fixture::new();
    fixture.write("more.csv", fixture.read("pairings.csv") + "north,s3,cross,0.5\n");
    let text = r#"
parent = "."
id = "other"
years = [2021, 2022]

[money]
unit = 5000

[tables]
pairings = "more.csv"

[[rows]]
table = "provinces"
where = { province_id = "east" }
set = { carry_over = 0.2, groups = ["a", "b"] }

[[rows]]
table = "needs"
add = { site_id = "s2", sector_id = "roads", amount = 90.5 }

[[rows]]
table = "exclusions"
where = { site_id = "s3" }
remove = true

[[rows]]
table = "sites"
where = { region = "hills" }
set = { level = "town" }
"#;
    let loaded = fixture.write("over.toml", text).load_from("over.toml", &[]).expect("a scenario");
    let scenario = &loaded.scenario;
    assert_eq!((scenario.id.as_str(), scenario.title.en.as_str()), ("other", "Small example"));
    assert_eq!(scenario.links.len(), 5);
    assert_eq!(scenario.provinces[0].carry_over, Ratio::from_micros(200_000));
    assert_eq!(scenario.provinces[0].groups, ["a", "b"]);
    assert_eq!(scenario.needs.len(), 9);
    assert_eq!(scenario.needs[0].amount, Money(200), "the unit is larger, the table means the same");
    assert_eq!(scenario.needs.iter().find(|need| need.amount == Money(181)).map(|need| need.site.0), Some(1));
    assert!(scenario.exclusions.is_empty());
    let levels: Vec<&str> = scenario.sites.iter().map(|site| site.level.as_str()).collect();
    assert_eq!(levels, ["town", "town", "city"]);
    assert!(loaded.inputs[0].path.ends_with("over.toml") && loaded.inputs[1].path.ends_with("scenario.toml"));
    assert!(!loaded.inputs.iter().any(|input| input.path.ends_with("pairings.csv")));
}

#[test]
fn without_amounts_in_a_new_unit_leaves_the_amounts_as_they_are() {
    let fixture = Fixture::new();
    fixture.replace("scenario.toml", "amounts_in = 10000", "");
    let loaded = fixture.load_from("", &["scenario.money.unit=500"]).expect("a scenario");
    assert_eq!(loaded.scenario.needs[0].amount, Money(200));
    assert_eq!((loaded.scenario.money.unit, loaded.scenario.money.amounts_in), (500, 1000));
}

#[test]
fn parents_nest_and_the_last_word_counts() {
    let fixture = Fixture::new();
    fixture.append("scenario.toml", "[policy_parameters.concentrate.rules]\nR2 = { line = 1, share = 0.1 }");
    fixture.write(
        "a/middle.toml",
        "parent = '..'\npolicy = 'mine.toml'\nid = 'middle'\n[policy_parameters.concentrate.rules.R2]\nline = 2\n\
         [[rows]]\ntable = 'needs'\nwhere = { site_id = 's1', sector_id = 'roads' }\nset = { amount = 1 }\n",
    );
    fixture.write(
        "b/top.toml",
        "parent = '../a/middle.toml'\nid = 'top'\n[policy_parameters.other.rules.R1]\nx = true\n\
         [[rows]]\ntable = 'needs'\nwhere = { amount = 1.0 }\nset = { amount = 7 }\n",
    );
    let loaded = fixture.load_from("b/top.toml", &["tables.needs[amount=7].amount=8"]).expect("a scenario");
    assert_eq!(loaded.scenario.id, "top");
    assert_eq!(loaded.policy.as_deref(), Some("mine.toml"));
    assert_eq!(loaded.policy_folder.canonicalize().ok(), fixture.path("a").canonicalize().ok());
    assert_eq!(loaded.folder.canonicalize().ok(), fixture.root().canonicalize().ok());
    let expected = "concentrate.rules.R2 = { line = 2, share = 0.1 }\nother.rules.R1.x = true";
    assert_eq!(loaded.policy_parameters, expected.parse::<toml::Table>().expect("TOML"));
    assert!(loaded.scenario.needs.iter().any(|need| need.amount == Money(80)));
}

#[test]
fn loops_of_parents_are_told() {
    let fixture = Fixture::new();
    fixture.write("a.toml", "parent = 'b.toml'").write("b.toml", "id = 'b'\nparent = './a.toml'");
    assert_eq!(told(&fixture, "a.toml", &[]), ["E022 b.toml:2:parent"]);
    fixture.write("scenario.toml", "parent = '.'");
    assert_eq!(told(&fixture, "", &[]), ["E022 scenario.toml:1:parent"]);
}

#[test]
fn each_set_has_its_effect() {
    let fixture = Fixture::new();
    let sets = [
        "policy.rules.R2.line=300",
        "policy.rules.R2.share = 0.5",
        "policy.objective.\"a b\"=[1, 2]",
        "scenario.id=other",
        "scenario.years=[2021]",
        "scenario.title={ zh = \"题\", en = \"T=1\" }",
        "tables.provinces[province_id=east].carry_over=0.2",
        "tables.needs[site_id=s1,sector_id=roads].amount=0.30",
        "tables.sectors[sector_id=roads].groups=x;y",
        "tables.commitments[province_id=east].year=",
    ];
    let loaded = fixture.load_from("", &sets).expect("a scenario");
    let scenario = &loaded.scenario;
    let policy: Vec<String> =
        loaded.policy_sets.iter().map(|(keys, value)| format!("{} {value}", keys.join("/"))).collect();
    assert_eq!(policy, ["rules/R2/line 300", "rules/R2/share 0.5", "objective/a b [1, 2]"]);
    assert_eq!((scenario.id.as_str(), scenario.title.en.as_str()), ("other", "T=1"));
    assert_eq!(scenario.years, [2021]);
    assert_eq!(scenario.provinces[0].carry_over, Ratio::from_micros(200_000));
    assert_eq!(scenario.needs[1].amount, Money(3));
    assert_eq!(scenario.sectors[1].groups, ["x", "y"]);
    assert_eq!(scenario.commitments[0].year, None);
    assert_eq!(fixture.told(&loaded.warnings), ["W001 provinces.csv:1:capacity_2022"]);
}

#[test]
fn wrong_sets_are_told_with_what_there_is() {
    let fixture = Fixture::new();
    for (set, told_at) in [
        ("nothing", "E021 --set nothing"),
        ("money.unit=1", "E021 --set money.unit=1"),
        ("policy.rules", "E021 --set policy.rules"),
        ("scenario.yeers=[2021]", "E021 --set scenario.yeers=[2021]:yeers"),
        ("scenario.years=soon", "E021 --set scenario.years=soon:years"),
        ("scenario.parent=.", "E021 --set scenario.parent=."),
        ("scenario.years=[2021,2023]", "E019 --set scenario.years=[2021,2023]:years"),
        ("tables.needs.amount=1", "E021 --set tables.needs.amount=1"),
        ("tables.needs[site_id].amount=1", "E021 --set tables.needs[site_id].amount=1"),
        ("tables.need[site_id=s1].amount=1", "E021 --set tables.need[site_id=s1].amount=1:tables"),
        ("tables.needs[site=s1].amount=1", "E021 --set tables.needs[site=s1].amount=1:site"),
        ("tables.needs[site_id=s9].amount=1", "E021 --set tables.needs[site_id=s9].amount=1:site_id"),
        ("tables.needs[site_id=s1].sum=1", "E021 --set tables.needs[site_id=s1].sum=1:sum"),
        (
            "tables.regions[region_id=hills].name_en=",
            "E010 --set tables.regions[region_id=hills].name_en=:name_en",
        ),
        ("scenario.tables.needs=no.csv", "E001 --set scenario.tables.needs=no.csv:tables.needs"),
    ] {
        assert_eq!(told(&fixture, "", &[set]), [told_at]);
    }
    let found = all_found(fixture.load_from("", &["tables.needs[site=s1].amount=1"]));
    let action = &found.iter().next().expect("one error").action;
    assert!(action.contains("site_id"), "{action}");
}

#[test]
fn wrong_overrides_are_told_all_at_once() {
    let fixture = Fixture::new();
    let text = r#"parent = "."
[tables]
need = "needs.csv"
[[rows]]
table = "needs"
where = { site_id = "s1" }
[[rows]]
table = "needs"
where = { site_id = "s8" }
remove = true
[[rows]]
table = "needz"
add = { site_id = "s1" }
[[rows]]
table = "needs"
add = { site_id = "s2", sector_id = "roads", sum = 1 }
[[rows]]
table = "provinces"
where = { province_id = "east" }
set = { carry_over = 2, groups = { a = 1 } }
[[rows]]
table = "sites"
were = { site_id = "s1" }
[[rows]]
table = "commitments"
add = { province_id = "east", site_id = "s1", sector_id = "roads", amount = -1 }
"#;
    let expected = [
        "E021 over.toml:3:tables.need",
        "E021 over.toml:4:rows[0]",
        "E021 over.toml:9:rows[1].where.site_id",
        "E021 over.toml:12:rows[2].table",
        "E010 over.toml:14:amount",
        "E021 over.toml:16:rows[3].add.sum",
        "E017 over.toml:20:carry_over",
        "E021 over.toml:20:rows[4].set.groups",
        "E002 over.toml:23:rows[5]",
        "E015 over.toml:26:amount",
    ];
    assert_eq!(told(fixture.write("over.toml", text), "over.toml", &[]), expected);
}

#[test]
fn rows_can_be_added_to_a_table_that_is_not_there() {
    let fixture = Fixture::new();
    fixture.remove("exclusions.csv");
    let text = "parent = '.'\n[[rows]]\ntable = 'exclusions'\n\
                add = { province_id = '*', site_id = 's1', sector_id = 'roads', reason = 'a mine' }\n";
    let loaded = fixture.write("over.toml", text).load_from("over.toml", &[]).expect("a scenario");
    assert_eq!(loaded.scenario.exclusions.len(), 1);
    fixture.replace("over.toml", "'*'", "'east', kind = 1");
    assert_eq!(told(&fixture, "over.toml", &[]), ["E021 over.toml:4:rows[0].add.kind"]);
}

#[test]
fn a_column_that_the_file_does_not_have_can_be_set() {
    let fixture = Fixture::new();
    let sets = ["tables.pairings[province_id=west].kind=cross"];
    fixture.write("pairings.csv", "province_id,site_id\neast,s1\nnorth,s2\nwest,s3\n");
    let loaded = fixture.load_from("", &sets).expect("a scenario");
    let crosses: Vec<bool> = loaded.scenario.links.iter().map(|link| link.cross).collect();
    assert_eq!(crosses, [false, false, true]);
}
