//! Table `provinces`: donors and what they can give.

use super::cells::{Range, RowReader};
use super::columns::{Amounts, Column, YearlyColumns};
use super::decimal::{Decimal, Rounding};
use super::index::Seen;
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{Province, Text};
use crate::units::{MICRO, Money, Ratio};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "provinces",
    required: true,
    key: &["province_id"],
    meaning: "donors and what they can give, with the capacity in one of three forms: the same each year; \
              for each year; or revenue × rate × (1 + growth) to the power of the years before",
    columns: &[
        ColumnSpec::required("province_id", "stable id"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
        ColumnSpec::optional("groups", "groups that policies select by, with ; between them"),
        ColumnSpec::optional(
            "carry_over",
            "share of a year's rest that the next year may use, 0 to 1; default 0",
        )
        .number(),
        ColumnSpec::optional("capacity", "capacity, the same each year").number(),
        ColumnSpec::optional("capacity_YYYY", "capacity of one year; needs a column for every year").number(),
        ColumnSpec::optional("revenue", "revenue that the capacity is a share of").number(),
        ColumnSpec::optional("rate", "share of the revenue, 0 to 1; goes with revenue").number(),
        ColumnSpec::optional(
            "growth",
            "growth of the capacity from one year to the next, -1 to 10; default 0",
        )
        .number(),
    ],
};

const GROWTH: Range =
    Range { least: Ratio::from_micros(-MICRO), most: Ratio::from_micros(10 * MICRO), open: false };

/// A province and its row.
pub(super) struct Row {
    pub at: usize,
    pub province: Province,
    /// By year, each with the column that it stands in.
    pub capacity: Vec<(Money, String)>,
}

struct Columns {
    capacity: YearlyColumns,
    revenue: Column,
    rate: Column,
    growth: Column,
}

/// Reads them, by id.
pub(super) fn read(table: &Table, reading: &mut Reading) -> Vec<Row> {
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en, groups, carry] =
        ["province_id", "name_zh", "name_en", "groups", "carry_over"].map(column);
    let [revenue, rate, growth] = ["revenue", "rate", "growth"].map(column);
    let columns = Columns { capacity: YearlyColumns::of(table, "capacity", reading), revenue, rate, growth };
    if !columns.capacity.exist() && !columns.revenue.exists() {
        table.missing_column("capacity", &mut reading.found);
    }
    if columns.revenue.exists() && !columns.rate.exists() {
        table.missing_column("rate", &mut reading.found);
    }
    let years = reading.years.len();
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };
        let (groups, carry_over) = (row.list(&groups), row.ratio(&carry, Range::SHARE, Ratio::ZERO));
        let capacity = capacity(&mut row, &columns, years);
        let Some(id) = row.id(&id) else { continue };
        if seen.is_new(id, at, id, reading) {
            for (amount, column) in &capacity {
                reading.extremes.see(*amount, || table.place(at, column));
            }
            list.push(Row {
                at,
                province: Province { id: id.to_owned(), name, groups, carry_over },
                capacity,
            });
        }
    }
    list.sort_by(|a, b| a.province.id.cmp(&b.province.id));
    list
}

/// The capacity by year; nothing where it is missing or wrong, which is told.
fn capacity(row: &mut RowReader<'_, '_>, columns: &Columns, years: usize) -> Vec<(Money, String)> {
    let yearly = &columns.capacity;
    let amounts = row.yearly(yearly, Rounding::Down);
    if row.filled(&columns.revenue) {
        if !matches!(amounts, Amounts::Empty) {
            row.tell_conflict(&columns.revenue, &yearly.first().name);
        }
        let by_year = grown(row, columns, years).unwrap_or_else(|| vec![Money::ZERO; years]);
        return by_year.into_iter().map(|amount| (amount, columns.revenue.name.clone())).collect();
    }
    match &amounts {
        Amounts::ByYear(_) => row.tell_empty_years(yearly),
        Amounts::Empty if yearly.exist() => row.tell_empty(yearly.first()),
        Amounts::Empty => row.tell_empty(&columns.revenue),
        Amounts::Single(_) | Amounts::Bad => {}
    }
    (0..years).map(|year| (amounts.in_year(year), yearly.of_year(&amounts, year).name.clone())).collect()
}

/// Revenue × rate in the first year, grown each year and rounded down. Counted in millionths of a unit.
fn grown(row: &mut RowReader<'_, '_>, columns: &Columns, years: usize) -> Option<Vec<Money>> {
    if !row.filled(&columns.rate) {
        row.tell_empty(&columns.rate);
    }
    let (revenue, rate) = (row.amount(&columns.revenue), row.optional_ratio(&columns.rate, Range::SHARE));
    let growth = row.ratio(&columns.growth, GROWTH, Ratio::ZERO);
    let (revenue, rate): (Decimal, Ratio) = (revenue?, rate?);
    let factor = i128::from(MICRO + growth.micros());
    let mut micro = revenue.micro_units(row.scale(), rate).unwrap_or(i128::MAX);
    let mut by_year = Vec::with_capacity(years);
    for _ in 0..years {
        by_year.push(row.bounded(&columns.revenue, micro / i128::from(MICRO))?);
        micro = micro.checked_mul(factor).unwrap_or(i128::MAX) / i128::from(MICRO);
    }
    Some(by_year)
}
