//! A comparison, for reading, for programs and for spreadsheets.

use std::fmt::Write as _;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::text::{number, table};
use crate::audit::Unit;
use crate::compare::{Change, Comparison, InputDifference, RuleCell, Step};
use crate::diagnostics::Place;
use crate::units::grouped;

/// Rows of a list that are shown for reading.
const ROWS: usize = 25;
/// Metrics whose attribution is shown for reading.
const TOLD: [&str; 4] = ["money", "coverage", "lines", "mean_ticket"];

/// A cell of a table.
enum Cell {
    Text(String),
    Number(f64),
    Empty,
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn number(value: Option<f64>) -> Self {
        value.map_or(Self::Empty, Self::Number)
    }
}

/// One of the tables of a comparison. The first columns, up to `labels`, say which row it is.
struct Table {
    name: &'static str,
    labels: usize,
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

fn header(labels: &[&str], sides: &[String]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).chain(sides.iter().cloned()).collect()
}

fn place(place: Option<&Place>) -> Cell {
    place.map_or(Cell::Empty, |place| Cell::text(place.to_string()))
}

fn tables(comparison: &Comparison) -> Vec<Table> {
    let labels: Vec<String> = comparison.sides.iter().map(|side| side.label.clone()).collect();
    let text = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
    let input = comparison.input.iter().map(|difference| {
        vec![
            Cell::text(labels[difference.side].clone()),
            Cell::text(difference.of.clone()),
            Cell::text(difference.what.clone()),
            text(&difference.column),
            text(&difference.before),
            text(&difference.after),
            place(difference.before_at.as_ref()),
            place(difference.after_at.as_ref()),
        ]
    });
    let money = comparison.money.iter().map(|row| {
        let amounts = row.amounts.iter().map(|amount| Cell::number(amount.map(|amount| amount as f64)));
        [Cell::text(row.by), Cell::text(row.id.clone())].into_iter().chain(amounts).collect()
    });
    let lines = comparison.lines.iter().map(|row| {
        let ids = [&row.province_id, &row.site_id, &row.sector_id].map(|id| Cell::text(id.clone()));
        let amounts = row.amounts.iter().map(|amount| Cell::Number(*amount as f64));
        let changes = row.changes.iter().map(|change| Cell::text(word(*change)));
        ids.into_iter().chain(amounts).chain(changes).collect()
    });
    let metrics = comparison.metrics.iter().map(|row| {
        let values = row.values.iter().map(|value| Cell::number(*value));
        let names = [&row.id, &row.title.en, &row.title.zh].map(|name| Cell::text(name.clone()));
        names.into_iter().chain(values).collect()
    });
    let stages = comparison.stages.iter().map(|row| {
        let both = |cell: &Option<crate::compare::StageCell>| {
            [Cell::number(cell.map(|cell| cell.value)), Cell::number(cell.and_then(|cell| cell.bound))]
        };
        [Cell::text(row.kind.clone())].into_iter().chain(row.sides.iter().flat_map(both)).collect()
    });
    let rules = comparison.rules.iter().map(|row| {
        let cells = row.sides.iter().flat_map(|cell| match cell {
            None => [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty],
            Some(cell) => [
                Cell::text(cell.id.clone()),
                Cell::number(cell.tightest.as_ref().and_then(|tightest| tightest.measured)),
                Cell::number(cell.tightest.as_ref().map(|tightest| tightest.threshold)),
                Cell::text(verdict(cell)),
            ],
        });
        [Cell::text(row.rule.clone()), Cell::text(row.title.en.clone())].into_iter().chain(cells).collect()
    });
    let attribution = comparison.attribution.iter().flat_map(|attribution| {
        [("alone", &attribution.alone), ("in order", &attribution.in_order)].into_iter().flat_map(
            |(how, steps)| {
                steps.iter().map(|step| {
                    let names = [labels[attribution.side].as_str(), how, &step.what, step.status];
                    let values = comparison.metrics.iter().enumerate();
                    let values = values.map(|(at, _)| Cell::number(step.metrics.get(at).copied().flatten()));
                    names.into_iter().map(Cell::text).chain(values).collect()
                })
            },
        )
    });
    let each = |what: &[&str]| -> Vec<String> {
        labels.iter().flat_map(|label| what.iter().map(move |what| format!("{label}: {what}"))).collect()
    };
    let changes: Vec<String> = labels[1..].iter().map(|label| format!("{label}: change")).collect();
    let metric_ids: Vec<String> = comparison.metrics.iter().map(|row| row.id.clone()).collect();
    let of = |name, labels, header, rows| Table { name, labels, header, rows };
    vec![
        of(
            "input",
            4,
            header(&["side", "of", "what", "column", "before", "after", "before at", "after at"], &[]),
            input.collect(),
        ),
        of("money", 2, header(&["by", "id"], &labels), money.collect()),
        of(
            "lines",
            3,
            [header(&["province_id", "site_id", "sector_id"], &labels), changes].concat(),
            lines.collect(),
        ),
        of("metrics", 1, header(&["metric", "name", "名称"], &labels), metrics.collect()),
        of("stages", 1, header(&["stage"], &each(&["value", "bound"])), stages.collect()),
        of(
            "rules",
            2,
            header(&["rule", "title"], &each(&["id", "measured", "asked", "verdict"])),
            rules.collect(),
        ),
        of(
            "attribution",
            3,
            header(&["side", "how", "difference", "status"], &metric_ids),
            attribution.collect(),
        ),
    ]
}

fn word(change: Change) -> &'static str {
    match change {
        Change::Opened => "opened",
        Change::Closed => "closed",
        Change::Changed => "changed",
        Change::Same => "same",
    }
}

fn verdict(cell: &RuleCell) -> &'static str {
    match (cell.passes, cell.hard) {
        (true, _) => "pass",
        (false, true) => "FAIL",
        (false, false) => "short (soft)",
    }
}

/// All of it as JSON.
///
/// # Errors
/// Never for a comparison that was made here; the serialiser's own error otherwise.
pub fn comparison_json(comparison: &Comparison) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(comparison)? + "\n")
}

/// All of it as one table of single values: which table, which row, which column, value.
///
/// # Errors
/// When the CSV writer fails.
pub fn comparison_csv(comparison: &Comparison) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["table", "row", "column", "value"])?;
    let spelled = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(value) => value.to_string(),
        Cell::Empty => String::new(),
    };
    for Table { name, labels, header, rows } in tables(comparison) {
        for row in rows {
            let label: Vec<String> =
                row[..labels].iter().map(spelled).filter(|text| !text.is_empty()).collect();
            for (heading, cell) in header.iter().zip(&row).skip(labels) {
                if !matches!(cell, Cell::Empty) {
                    writer.write_record([name, &label.join(" "), heading, &spelled(cell)])?;
                }
            }
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// All of it as a workbook, one sheet a table.
///
/// # Errors
/// When the workbook writer fails.
pub fn comparison_xlsx(comparison: &Comparison) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The date of the file would make equal comparisons differ.
    let since = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&since));
    for Table { name, header, rows, .. } in tables(comparison) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (line, row) in (1_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Text(text) => drop(sheet.write_string(line, column, text)?),
                    Cell::Number(value) => drop(sheet.write_number(line, column, value)?),
                    Cell::Empty => {}
                }
            }
        }
        for (column, heading) in (0_u16..).zip(header) {
            sheet.write_string(0, column, heading)?;
        }
        sheet.autofit();
    }
    workbook.save_to_buffer()
}

/// For reading.
pub fn comparison_text(comparison: &Comparison) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "money  units of {} {}", grouped(comparison.unit.into()), comparison.currency);
    let mut rows = vec![["", "scenario", "policy", "money", "hard rules"].map(str::to_owned).to_vec()];
    for side in &comparison.sides {
        let holds = if side.passes { "all hold" } else { "FAIL" };
        let (label, scenario, policy) = (side.label.clone(), side.scenario.clone(), side.policy.clone());
        rows.push(vec![label, scenario, policy, grouped(side.money.into()), holds.to_owned()]);
    }
    table(&mut out, 3, &rows);
    inputs(&mut out, comparison);
    metrics(&mut out, comparison);
    stages(&mut out, comparison);
    money(&mut out, comparison);
    lines(&mut out, comparison);
    rules(&mut out, comparison);
    for attribution in &comparison.attribution {
        let label = &comparison.sides[attribution.side].label;
        let first = &comparison.sides[0].label;
        let _ = writeln!(out, "\n{first} with one difference to {label} at a time: change from {first}");
        steps(&mut out, comparison, &attribution.alone, true);
        let _ = writeln!(
            out,
            "\n{first} with one difference to {label} after the other: change from the step before"
        );
        steps(&mut out, comparison, &attribution.in_order, false);
    }
    out
}

fn inputs(out: &mut String, comparison: &Comparison) {
    for (position, side) in comparison.sides.iter().enumerate().skip(1) {
        let of_side: Vec<&InputDifference> =
            comparison.input.iter().filter(|difference| difference.side == position).collect();
        let _ = writeln!(out, "\nInput of {}: {} differences", side.label, of_side.len());
        let mut rows = Vec::new();
        for difference in of_side.iter().take(ROWS) {
            let says = |text: &Option<String>| match text {
                None => "(none)".to_owned(),
                Some(text) if text.is_empty() => "(empty)".to_owned(),
                Some(text) => text.clone(),
            };
            let at =
                |place: &Option<Place>| place.as_ref().map(|place| Place { column: None, ..place.clone() });
            let places = [at(&difference.before_at), at(&difference.after_at)];
            let mut places: Vec<String> = places.iter().flatten().map(ToString::to_string).collect();
            places.dedup();
            let what = format!("{} {}", difference.what, difference.column.as_deref().unwrap_or_default());
            let change =
                format!("{} → {}", short(&says(&difference.before)), short(&says(&difference.after)));
            rows.push(vec![difference.of.clone(), what.trim_end().to_owned(), change, places.join(" → ")]);
        }
        table(out, 4, &rows);
        more(out, of_side.len());
    }
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    const SHOWN: usize = 48;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN - 1).chain(['…']).collect()
}

fn more(out: &mut String, count: usize) {
    if count > ROWS {
        let _ = writeln!(out, "  … {} more: --format json, csv, or --xlsx", count - ROWS);
    }
}

/// A title, and the labels of the sides.
fn titled(out: &mut String, title: &str, labels: usize, comparison: &Comparison) -> Vec<Vec<String>> {
    let _ = writeln!(out, "\n{title}");
    let names = comparison.sides.iter().map(|side| side.label.clone());
    vec![vec![String::new(); labels].into_iter().chain(names).collect()]
}

fn metrics(out: &mut String, comparison: &Comparison) {
    let mut rows = titled(out, "Concentration and coverage", 1, comparison);
    for row in &comparison.metrics {
        let values = row.values.iter().map(|value| number(*value, row.unit));
        rows.push([row.title.en.clone()].into_iter().chain(values).collect());
    }
    table(out, 1, &rows);
}

fn stages(out: &mut String, comparison: &Comparison) {
    let mut rows = titled(out, "Stages (value, bound)", 1, comparison);
    for row in &comparison.stages {
        let cells = row.sides.iter().map(|cell| match cell {
            None => "-".to_owned(),
            Some(cell) => {
                let bound = cell.bound.map_or_else(|| "-".to_owned(), |bound| format!("{bound:.2}"));
                format!("{:.2}, {bound}", cell.value)
            }
        });
        rows.push([row.kind.clone()].into_iter().chain(cells).collect());
    }
    table(out, 1, &rows);
}

fn money(out: &mut String, comparison: &Comparison) {
    for by in ["province", "site", "sector", "region", "year"] {
        let mut of: Vec<_> = comparison.money.iter().filter(|row| row.by == by).collect();
        let change = |amounts: &[Option<i64>]| {
            let first = amounts[0].unwrap_or(0);
            amounts.iter().map(|amount| (amount.unwrap_or(0) - first).abs()).max().unwrap_or(0)
        };
        if by != "year" {
            of.sort_by_key(|row| std::cmp::Reverse(change(&row.amounts)));
        }
        let mut rows = titled(out, &format!("Money by {by}"), 1, comparison);
        if comparison.sides.len() == 2 {
            rows[0].push("change".to_owned());
        }
        for row in of.iter().take(ROWS) {
            let amount =
                |amount: Option<i64>| amount.map_or_else(|| "-".to_owned(), |amount| grouped(amount.into()));
            let mut cells: Vec<String> = vec![row.id.clone()];
            cells.extend(row.amounts.iter().map(|value| amount(*value)));
            if let [one, two] = row.amounts[..] {
                cells.push(signed(two.unwrap_or(0) - one.unwrap_or(0)));
            }
            rows.push(cells);
        }
        table(out, 1, &rows);
        more(out, of.len());
    }
}

fn signed(amount: i64) -> String {
    let sign = if amount > 0 { "+" } else { "" };
    format!("{sign}{}", grouped(amount.into()))
}

fn lines(out: &mut String, comparison: &Comparison) {
    let count = |side: usize, wanted: Change| {
        comparison.lines.iter().filter(|row| row.changes[side] == wanted).count()
    };
    for (side, head) in comparison.sides.iter().enumerate().skip(1) {
        let [opened, closed, changed] =
            [Change::Opened, Change::Closed, Change::Changed].map(|change| count(side - 1, change));
        let same = count(side - 1, Change::Same) + comparison.same_lines;
        let _ = writeln!(
            out,
            "\nLines of {}: {opened} opened, {closed} closed, {changed} changed, {same} the same",
            head.label
        );
    }
    let mut rows = titled(out, "Largest changes of lines", 3, comparison);
    rows[0].push(String::new());
    for row in comparison.lines.iter().take(ROWS) {
        let mut cells = vec![row.province_id.clone(), row.site_id.clone(), row.sector_id.clone()];
        cells.extend(row.amounts.iter().map(|amount| grouped((*amount).into())));
        cells.push(row.changes.iter().map(|change| word(*change)).collect::<Vec<_>>().join(", "));
        rows.push(cells);
    }
    table(out, 3, &rows);
    more(out, comparison.lines.len());
}

fn rules(out: &mut String, comparison: &Comparison) {
    let mut rows = titled(out, "Rules (tightest instance)", 2, comparison);
    for row in &comparison.rules {
        let cells = row.sides.iter().map(|cell| match cell {
            None => "no such rule".to_owned(),
            Some(cell) => match &cell.tightest {
                None => format!("{} nothing to check", cell.id),
                Some(tightest) => format!(
                    "{} {} {} {} {}",
                    cell.id,
                    number(tightest.measured, tightest.unit),
                    tightest.relation.replace(">=", "≥").replace("<=", "≤"),
                    number(Some(tightest.threshold), tightest.unit),
                    verdict(cell)
                ),
            },
        });
        rows.push([row.rule.clone(), row.title.en.clone()].into_iter().chain(cells).collect());
    }
    table(out, 2, &rows);
}

/// Changes of a few metrics, each from the first side or from the step before.
fn steps(out: &mut String, comparison: &Comparison, steps: &[Step], from_first: bool) {
    let told: Vec<usize> =
        TOLD.iter().filter_map(|id| comparison.metrics.iter().position(|row| row.id == *id)).collect();
    let mut rows = vec![vec!["difference".to_owned(), String::new()]];
    rows[0].extend(told.iter().map(|at| comparison.metrics[*at].title.en.clone()));
    let first: Vec<Option<f64>> = comparison.metrics.iter().map(|row| row.values[0]).collect();
    let mut before = first.clone();
    for step in steps {
        let status = if step.status == "solved" { "" } else { step.status };
        let more =
            if step.differences > 1 { format!(" ({} differences)", step.differences) } else { String::new() };
        let mut row = vec![format!("{}{more}", step.what), status.to_owned()];
        for &at in &told {
            let now = step.metrics.get(at).copied().flatten();
            row.push(match (now, before[at]) {
                (Some(now), Some(before)) => change(now - before, comparison.metrics[at].unit),
                _ => "-".to_owned(),
            });
        }
        if !from_first && !step.metrics.is_empty() {
            before.clone_from(&step.metrics);
        }
        rows.push(row);
    }
    table(out, 2, &rows);
}

/// A change with its sign; of shares, in percentage points.
fn change(change: f64, unit: Unit) -> String {
    let sign = if change > 0.0 { "+" } else { "" };
    match unit {
        Unit::Share => format!("{sign}{:.2} pp", 100.0 * change),
        _ => format!("{sign}{}", number(Some(change), unit)),
    }
}
