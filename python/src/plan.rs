//! The tables of a `plan.json`, and a run's files on disk.

use std::path::PathBuf;

use allot::report::PlanDocument;
use allot::report::document::CoverageOf;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use serde::Serialize;

use crate::table::{Cells, Table};

/// What can be asked for.
const TABLES: &str =
    "lines, provinces, sites, regions, sectors, metrics, rules, stages, industry, placements";

/// A table of a plan document (the bytes of `plan.json`).
#[pyfunction]
pub fn plan_table(document: &[u8], name: &str) -> PyResult<Table> {
    let document: PlanDocument = serde_json::from_slice(document)
        .map_err(|error| PyValueError::new_err(format!("plan.json: {error}")))?;
    let columns = match name {
        "lines" => lines(&document),
        "provinces" => coverage(&document.coverage.province),
        "sites" => coverage(&document.coverage.site),
        "regions" => coverage(&document.coverage.region),
        "sectors" => coverage(&document.coverage.sector),
        "metrics" => metrics(&document),
        "rules" => rules(&document),
        "stages" => stages(&document),
        "industry" => industry(&document),
        "placements" => placements(&document),
        _ => return Err(PyKeyError::new_err(format!("no table '{name}'; there are {TABLES}"))),
    };
    Table::of(columns)
}

/// Writes a run's files into a folder, all or none.
#[pyfunction]
pub fn write_run(py: Python<'_>, folder: PathBuf, files: Vec<(String, Vec<u8>)>) -> PyResult<()> {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    py.detach(|| allot::run::write(&folder, &files))?;
    Ok(())
}

type Columns = Vec<(String, Cells)>;

fn column(name: &str, cells: Cells) -> (String, Cells) {
    (name.to_owned(), cells)
}

fn text<T>(name: &str, rows: &[T], of: impl Fn(&T) -> &str) -> (String, Cells) {
    column(name, Cells::Text(rows.iter().map(|row| Some(of(row).to_owned())).collect()))
}

fn whole<T>(name: &str, rows: &[T], of: impl Fn(&T) -> Option<i64>) -> (String, Cells) {
    column(name, Cells::Whole(rows.iter().map(of).collect()))
}

fn number<T>(name: &str, rows: &[T], of: impl Fn(&T) -> Option<f64>) -> (String, Cells) {
    column(name, Cells::Number(rows.iter().map(of).collect()))
}

fn truth<T>(name: &str, rows: &[T], of: impl Fn(&T) -> bool) -> (String, Cells) {
    column(name, Cells::Truth(rows.iter().map(|row| Some(of(row))).collect()))
}

/// The word that a value has in `plan.json`.
fn word<T, V: Serialize>(name: &str, rows: &[T], of: impl Fn(&T) -> V) -> (String, Cells) {
    let word = |row| serde_json::to_value(of(row)).ok()?.as_str().map(str::to_owned);
    column(name, Cells::Text(rows.iter().map(word).collect()))
}

fn count(number: usize) -> Option<i64> {
    i64::try_from(number).ok()
}

fn lines(document: &PlanDocument) -> Columns {
    let rows = &document.lines;
    let mut columns = vec![
        text("province_id", rows, |row| &row.province_id),
        text("site_id", rows, |row| &row.site_id),
        text("sector_id", rows, |row| &row.sector_id),
    ];
    for (at, year) in document.scenario.years.iter().enumerate() {
        columns.push(whole(&format!("amount_{year}"), rows, |row| row.amounts.get(at).copied()));
    }
    columns.push(whole("total", rows, |row| Some(row.total)));
    columns.push(whole("last_plan", rows, |row| Some(row.last_plan)));
    columns
}

fn coverage(rows: &[CoverageOf]) -> Columns {
    vec![
        text("id", rows, |row| &row.now.id),
        whole("money", rows, |row| Some(row.now.money)),
        whole("need", rows, |row| Some(row.now.need)),
        number("coverage", rows, |row| row.now.coverage),
        whole("last_plan", rows, |row| row.last_plan),
        whole("baseline", rows, |row| row.baseline),
    ]
}

fn metrics(document: &PlanDocument) -> Columns {
    let rows = &document.metrics;
    vec![
        text("id", rows, |row| &row.metric.id),
        text("title_zh", rows, |row| &row.metric.title.zh),
        text("title_en", rows, |row| &row.metric.title.en),
        word("unit", rows, |row| row.metric.unit),
        number("value", rows, |row| row.metric.value),
        number("last_plan", rows, |row| row.last_plan),
        number("baseline", rows, |row| row.baseline),
    ]
}

fn rules(document: &PlanDocument) -> Columns {
    let rows: Vec<_> = document
        .rules
        .iter()
        .flat_map(|rule| rule.findings.iter().map(move |finding| (rule, finding)))
        .collect();
    let scopes: Vec<String> = rows.iter().map(|(_, finding)| finding.scope.join(" ")).collect();
    vec![
        text("rule_id", &rows, |(rule, _)| &rule.id),
        text("rule", &rows, |(rule, _)| &rule.rule),
        text("title_zh", &rows, |(rule, _)| &rule.title.zh),
        text("title_en", &rows, |(rule, _)| &rule.title.en),
        truth("hard", &rows, |(rule, _)| rule.hard),
        text("scope", &scopes, |scope| scope),
        word("unit", &rows, |(_, finding)| finding.unit),
        number("measured", &rows, |(_, finding)| finding.measured),
        text("relation", &rows, |(_, finding)| &finding.relation),
        number("threshold", &rows, |(_, finding)| Some(finding.threshold)),
        number("slack", &rows, |(_, finding)| Some(finding.slack)),
        truth("passes", &rows, |(_, finding)| finding.passes),
    ]
}

fn stages(document: &PlanDocument) -> Columns {
    let rows = &document.stages;
    vec![
        text("kind", rows, |row| &row.kind),
        text("sense", rows, |row| &row.sense),
        number("value", rows, |row| Some(row.value)),
        number("bound", rows, |row| row.bound),
        number("gap", rows, |row| row.gap),
        number("proved_bound", rows, |row| row.proved_bound),
        number("proved_gap", rows, |row| row.proved_gap),
        number("asked_gap", rows, |row| Some(row.asked_gap)),
        number("tolerance", rows, |row| Some(row.tolerance)),
        truth("closed", rows, |row| row.closed),
        text("stop", rows, |row| &row.stop),
    ]
}

fn industry(document: &PlanDocument) -> Columns {
    let rows = document.industry.as_ref().map_or(&[][..], |industry| &industry.built);
    vec![
        text("site_id", rows, |row| &row.site_id),
        text("industry_id", rows, |row| &row.industry_id),
        whole("money", rows, |row| Some(row.money)),
        whole("park_money", rows, |row| Some(row.park_money)),
        number("location_quotient", rows, |row| row.location_quotient),
        whole("neighbours", rows, |row| count(row.neighbours)),
        whole("last_plan", rows, |row| row.last_plan),
        whole("baseline", rows, |row| row.baseline),
    ]
}

fn placements(document: &PlanDocument) -> Columns {
    let rows = document.talent.as_ref().map_or(&[][..], |talent| &talent.placements);
    vec![
        text("secondees_id", rows, |row| &row.secondees_id),
        text("posts_id", rows, |row| &row.posts_id),
        whole("number", rows, |row| Some(row.number)),
        text("province_id", rows, |row| &row.province_id),
        text("profession_id", rows, |row| &row.profession_id),
        whole("grade", rows, |row| Some(row.grade)),
        text("site_id", rows, |row| &row.site_id),
        text("post_profession_id", rows, |row| &row.post_profession_id),
        whole("post_grade", rows, |row| Some(row.post_grade)),
        number("full_time", rows, |row| Some(row.full_time.as_f64())),
        number("fit", rows, |row| Some(row.fit.as_f64())),
    ]
}
