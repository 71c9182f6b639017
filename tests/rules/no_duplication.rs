use crate::fixture::{
    NONE, caps, findings, industrial, neighbours, notes, one_year, plan, refuses, rows, rule, soft,
};
use allot::model::Strength::Hard;
use allot::model::{Builder, ColumnId, Limits, RowId};
use allot::units::Ratio;

const KIND: &str = "no_duplication";

#[test]
fn rows_stand_for_clusters_in_which_too_many_could_build() {
    assert_eq!(
        rows(&industrial(), KIND, "", Hard),
        [
            "industry[R1;C13,b] in 0..1 Binary",
            "industry[R1;C17,b] in 0..1 Binary",
            "industry[R1;C17,c] in 0..1 Binary",
            "industry[R1;E,b,h]: -industry[R1;C13,b] + open[E,b,h] <= 0",
            "industry[R1;W,b,h]: -industry[R1;C13,b] + open[W,b,h] <= 0",
            // All money of a need that two lines can fund.
            "industry[R1;b,h].money: x[E,b,h,2024] + x[W,b,h,2024] - 490 industry[R1;C13,b] <= 0",
            // Only one line can build at a.
            "no_duplication[R1;C13,a,b]: open[E,a,h] + industry[R1;C13,b] <= 1",
            "industry[R1;E,b,s]: -industry[R1;C17,b] + open[E,b,s] <= 0",
            "industry[R1;W,b,s]: -industry[R1;C17,b] + open[W,b,s] <= 0",
            "industry[R1;b,s].money: x[E,b,s,2024] + x[W,b,s,2024] - 490 industry[R1;C17,b] <= 0",
            "no_duplication[R1;C17,a,b]: open[E,a,r] + industry[R1;C17,b] <= 1",
            "industry[R1;W,c,r]: -industry[R1;C17,c] + open[W,c,r] <= 0",
            "industry[R1;W,c,s]: -industry[R1;C17,c] + open[W,c,s] <= 0",
            "no_duplication[R1;C17,b,c]: industry[R1;C17,b] + industry[R1;C17,c] <= 1",
        ]
    );
}

#[test]
fn segments_of_a_need_are_tied_to_its_gate() {
    let scenario = industrial();
    let mut builder = Builder::new(&scenario, Limits::loose(&scenario));
    builder.speak_for(0, KIND, Hard);
    rule(KIND, "select = { sectors = ['h'] }").build(&mut builder);
    let segments = toml::from_str("segments = [{ width = 0.5, value = 1 }]").unwrap();
    let coverage = allot::objectives::parse("coverage", segments).unwrap();
    builder.speak_for_nobody();
    let weights = vec![Ratio::ONE; scenario.needs.len()];
    coverage.build(allot::objectives::Context { scenario: &scenario, weights: &weights }, &mut builder);
    let model = builder.finish().model;
    let ids = ["R1".to_owned()];
    let rows = (0..model.row_count()).filter(|row| model.row_names[*row].part == "gate").map(|row| {
        let spelled = |column: ColumnId| model.column_names[column.0].spelled(&scenario, &ids).to_string();
        let terms = model.row(RowId(row)).map(|(column, factor)| format!("{factor} {}", spelled(column)));
        format!("{} <= {}", terms.collect::<Vec<_>>().join(" "), model.row_upper[row])
    });
    // h at a has one line, whose own opening is as tight; nobody asks about other sectors.
    assert_eq!(rows.collect::<Vec<_>>(), ["-25 industry[R1;C13,b] 1 covered[b,h,1] <= 0"]);
}

#[test]
fn a_clique_has_one_row() {
    let mut scenario = industrial();
    neighbours(&mut scenario, &[(0, 1), (1, 2), (0, 2)]);
    let parameters = "number = 2\nselect = { sectors = ['r', 's'], provinces = ['E'] }";
    assert_eq!(rows(&scenario, KIND, parameters, Hard), NONE, "a and b alone can build C17");
    assert_eq!(
        rows(&scenario, KIND, "number = 2\nselect = { sectors = ['r', 's'] }", Hard).last().unwrap(),
        "no_duplication[R1;C17,a,b,c]: open[E,a,r] + industry[R1;C17,b] + industry[R1;C17,c] <= 2"
    );
}

#[test]
fn allowances_are_by_industry_and_a_section_speaks_for_its_divisions() {
    let counts = |parameters: &str| rows(&industrial(), KIND, parameters, Hard).len();
    assert_eq!(counts("by_industry = { C = 2 }"), 0);
    assert_eq!(counts("by_industry = { C = 2, C13 = 1 }"), 5);
    assert_eq!(
        rows(&industrial(), KIND, "number = 0\nby_industry = { C17 = 5 }", Hard).last().unwrap(),
        "no_duplication[R1;C13,b,c]: industry[R1;C13,b] <= 0"
    );
}

#[test]
fn at_the_level_of_sections_all_divisions_are_one() {
    assert_eq!(
        rows(&industrial(), KIND, "level = 'section'\nselect = { provinces = ['E'] }", Hard),
        [
            "industry[R1;C,a] in 0..1 Binary",
            "industry[R1;C,b] in 0..1 Binary",
            "industry[R1;E,a,h]: -industry[R1;C,a] + open[E,a,h] <= 0",
            "industry[R1;E,a,r]: -industry[R1;C,a] + open[E,a,r] <= 0",
            "industry[R1;E,b,h]: -industry[R1;C,b] + open[E,b,h] <= 0",
            "industry[R1;E,b,s]: -industry[R1;C,b] + open[E,b,s] <= 0",
            "no_duplication[R1;C,a,b]: industry[R1;C,a] + industry[R1;C,b] <= 1",
        ]
    );
}

#[test]
fn soft_rows_count_what_is_over() {
    let parameters = "select = { provinces = ['E'], sectors = ['h'] }";
    assert_eq!(
        rows(&industrial(), KIND, parameters, soft()),
        [
            "over[R1;C13,a,b] in 0..inf Count",
            "no_duplication[R1;C13,a,b]: open[E,a,h] + open[E,b,h] - over[R1;C13,a,b] <= 1",
            "over[R1;C13,a,b] costs 2.5 in no_duplication[R1;C13,a,b]",
        ]
    );
}

#[test]
fn check_counts_sites_of_each_cluster() {
    let scenario = industrial();
    let check = |amounts: &[_]| findings(&scenario, KIND, "", &plan(&scenario, amounts));
    assert_eq!(check(&[]), NONE);
    // Two donors, one site.
    let one = [("E", "b", "h", 2024, 1), ("W", "b", "h", 2024, 1)];
    assert_eq!(check(&one), ["C13,a,b: slack 0", "C13,b,c: slack 0"]);
    let two = [("E", "a", "r", 2024, 1), ("W", "b", "s", 2024, 1)];
    assert_eq!(check(&two), ["C17,a,b: short 1", "C17,b,c: slack 0"]);
    // a and c are no neighbours; r and s are one industry.
    let apart = [("E", "a", "r", 2024, 1), ("W", "c", "s", 2024, 1), ("W", "c", "r", 2024, 1)];
    assert_eq!(check(&apart), ["C17,a,b: slack 0", "C17,b,c: slack 0"]);
    // No candidate: c needs no h.
    let stray = [("W", "c", "h", 2024, 1), ("E", "b", "h", 2024, 1)];
    assert_eq!(check(&stray), ["C13,a,b: slack 0", "C13,b,c: short 1"]);
}

#[test]
fn check_names_the_lines_that_are_too_many() {
    let scenario = industrial();
    let amounts = [("E", "a", "r", 2024, 1), ("E", "b", "s", 2024, 1), ("W", "b", "s", 2024, 1)];
    let found = rule(KIND, "").check(&scenario, &plan(&scenario, &amounts));
    let named = |position: usize| {
        let lines = found[position].lines.iter();
        lines.map(|&(p, s, k)| scenario.line_names(scenario.find_line(p, s, k).unwrap()).join(",")).collect()
    };
    let lines: Vec<String> = named(0);
    assert_eq!(lines, ["E,a,r", "E,b,s", "W,b,s"]);
    assert_eq!(named(1), NONE, "what holds names no line");
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = industrial();
    assert_eq!(notes(&scenario, KIND, ""), NONE);
    assert_eq!(
        notes(&scenario, KIND, "number = 2"),
        ["W003 in no cluster of neighbours could more sites build the same industry than may"]
    );
    assert_eq!(
        notes(&scenario, KIND, "by_industry = { C15 = 2 }\nselect = { industries = ['X'] }"),
        [
            "E031 the scenario has no industry 'X'",
            "E031 by_industry names the industry 'C15', which the scenario does not have",
            "W010 the rule selects no candidate line of a sector with an industry",
        ]
    );
    assert_eq!(notes(&one_year(), KIND, ""), ["W003 the scenario says of no sites that they are neighbours"]);
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&industrial(), KIND, "number = 0"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "most = 1", "most");
    refuses(KIND, "number = -1", "number");
    refuses(KIND, "level = 'class'", "level");
    refuses(KIND, "by_industry = { C = 0.5 }", "by_industry.C");
}
