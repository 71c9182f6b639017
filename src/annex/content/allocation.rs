//! Allocation: by province and site, by site and sector, by region, by year. Subtotals add up to the unit, as all
//! are sums of whole units.

use std::collections::BTreeMap;

use super::Maker;
use crate::annex::document::{Cell, Column, Kind, Level, Table};
use crate::annex::messages::Arg;
use crate::domain::Text;
use crate::report::document::{CoverageOf, LineRecord};

/// Money now and in the last plan.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    now: i64,
    last: i64,
}

impl Pair {
    fn add(&mut self, other: Self) {
        self.now += other.now;
        self.last += other.last;
    }
}

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(1, "part-allocation");
    let lines = Arg::Count(maker.run.document.lines.len());
    let counted = maker.with("lines-counted", &[("number", lines)]);
    let unit = maker.unit();
    maker.paragraph(
        maker.with("allocation-intro", &[("lines", Arg::Text(&counted)), ("unit", Arg::Text(&unit))]),
    );
    maker.heading(2, "part-by-province-and-site");
    let tables = [by_province(maker), by_province_and_site(maker)];
    maker.tables(tables);
    maker.heading(2, "part-by-site-and-sector");
    let tables = [by_site(maker), by_site_and_sector(maker)];
    maker.tables(tables);
    maker.heading(2, "part-by-region");
    let tables = [by_region(maker), by_sector(maker)];
    maker.tables(tables);
    maker.heading(2, "part-by-year");
    let tables = [by_year_and_province(maker), by_year_and_sector(maker)];
    maker.tables(tables);
}

/// Every line's money, by ids: those of this plan, and those that only the last plan had.
fn pairs(maker: &Maker<'_>) -> BTreeMap<[String; 3], Pair> {
    let mut pairs: BTreeMap<[String; 3], Pair> = BTreeMap::new();
    for line in &maker.run.document.lines {
        let key = [&line.province_id, &line.site_id, &line.sector_id].map(Clone::clone);
        pairs.entry(key).or_default().now += line.total;
    }
    for promised in &maker.run.input.commitments {
        let key = [&promised.province, &promised.site, &promised.sector].map(Clone::clone);
        pairs.entry(key).or_default().last += promised.amount;
    }
    pairs
}

fn summed<K: Ord>(pairs: &BTreeMap<[String; 3], Pair>, key: impl Fn(&[String; 3]) -> K) -> BTreeMap<K, Pair> {
    let mut sums: BTreeMap<K, Pair> = BTreeMap::new();
    for (ids, pair) in pairs {
        sums.entry(key(ids)).or_default().add(*pair);
    }
    sums
}

/// The cells of an amount: now; and the last plan's with the change, where there is one.
fn amounts(maker: &Maker<'_>, pair: Pair) -> Vec<Cell> {
    let mut cells = vec![Cell::Money(pair.now)];
    if maker.has_last_plan() {
        cells.extend([Cell::Money(pair.last), Cell::Change(pair.now - pair.last)]);
    }
    cells
}

/// Their heads.
fn amount_columns(maker: &Maker<'_>) -> Vec<Column> {
    if !maker.has_last_plan() {
        return vec![maker.head(Kind::Number, "head-money")];
    }
    let money = maker.say("head-money");
    ["head-this-plan", "head-last-plan", "head-change"]
        .map(|key| maker.head(Kind::Number, key).under(&money))
        .into()
}

fn columns(maker: &Maker<'_>, names: &[&str]) -> Vec<Column> {
    let mut columns: Vec<_> = names.iter().map(|key| maker.head(Kind::Name, key)).collect();
    columns.extend(amount_columns(maker));
    columns
}

/// A row of sums: the word for it, empty cells up to the amounts, the amounts.
fn sum_row(maker: &Maker<'_>, label: Text, names: usize, pair: Pair) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(label)];
    cells.resize(names, Cell::Empty);
    cells.extend(amounts(maker, pair));
    cells
}

fn by_province(maker: &Maker<'_>) -> Table {
    let mut heads = vec![
        maker.head(Kind::Name, "head-province"),
        maker.head(Kind::Number, "head-capacity"),
        maker.head(Kind::Share, "head-used"),
        maker.head(Kind::Number, "head-sites"),
        maker.head(Kind::Number, "head-lines"),
    ];
    heads.extend(amount_columns(maker));
    let mut table = Table::new("province", maker.say("table-province"), heads);
    let pairs = pairs(maker);
    let sums = summed(&pairs, |ids| ids[0].clone());
    let mut links: BTreeMap<&str, i64> = BTreeMap::new();
    let mut lines: BTreeMap<&str, i64> = BTreeMap::new();
    for ((province, _), pair) in &summed(&pairs, |ids| (ids[0].clone(), ids[1].clone())) {
        if let (Some((key, _)), true) = (sums.get_key_value(province), pair.now != 0) {
            *links.entry(key).or_default() += 1;
        }
    }
    for line in &maker.run.document.lines {
        *lines.entry(&line.province_id).or_default() += 1;
    }
    let (mut whole, mut capacity) = (Pair::default(), 0);
    let used = |money: i64, capacity: i64| {
        if capacity > 0 { Cell::Share(money as f64 / capacity as f64) } else { Cell::Empty }
    };
    for province in &maker.run.input.provinces {
        let id = province.id.as_str();
        let (pair, most) = (sums.get(id).copied().unwrap_or_default(), province.budget.iter().sum::<i64>());
        let count = |of: &BTreeMap<&str, i64>| Cell::Count(of.get(id).copied().unwrap_or_default());
        let name = Cell::Text(maker.names.province(id));
        let mut cells = vec![name, Cell::Money(most), used(pair.now, most), count(&links), count(&lines)];
        cells.extend(amounts(maker, pair));
        table.push(Level::Body, cells);
        whole.add(pair);
        capacity += most;
    }
    let count = |of: &BTreeMap<&str, i64>| Cell::Count(of.values().sum());
    let label = maker.word("row-total");
    let mut cells =
        vec![label, Cell::Money(capacity), used(whole.now, capacity), count(&links), count(&lines)];
    cells.extend(amounts(maker, whole));
    table.push(Level::Total, cells);
    table
}

fn by_province_and_site(maker: &Maker<'_>) -> Table {
    let heads = columns(maker, &["head-province", "head-site", "head-region"]);
    let mut table = Table::new("province_site", maker.say("table-province-site"), heads);
    let pairs = pairs(maker);
    let links = summed(&pairs, |ids| (ids[0].clone(), ids[1].clone()));
    let mut whole = Pair::default();
    for (province, sum) in summed(&pairs, |ids| ids[0].clone()) {
        let name = maker.names.province(&province);
        for ((_, site), pair) in
            links.range((province.clone(), String::new())..).take_while(|(key, _)| key.0 == province)
        {
            let place = [name.clone(), maker.names.site(site), maker.names.region_of(site)].map(Cell::Text);
            table.push(Level::Body, [place.to_vec(), amounts(maker, *pair)].concat());
        }
        let label = maker.with("row-subtotal", &[("name", Arg::Text(&name))]);
        table.push(Level::Subtotal, sum_row(maker, label, 3, sum));
        whole.add(sum);
    }
    table.push(Level::Total, sum_row(maker, maker.say("row-total"), 3, whole));
    table
}

/// Need, money and what is covered of some members, beside the money of other plans.
fn coverage(
    maker: &Maker<'_>,
    id: &str,
    caption: &str,
    names: &[&str],
    rows: &[CoverageOf],
    name: impl Fn(&str) -> Vec<Text>,
) -> Table {
    let figures = [(Kind::Number, "head-need"), (Kind::Number, "head-money"), (Kind::Share, "head-covered")];
    let heads = names.iter().map(|key| (Kind::Name, *key)).chain(figures);
    let mut table = maker.new_table(id, caption, heads);
    table.columns.extend(maker.heads_of_other_plans());
    let figures = |need: i64, money: i64, covered: Option<f64>, others: [Option<i64>; 2]| {
        let own = [Cell::Money(need), Cell::Money(money), Cell::or_empty(covered, Cell::Share)];
        maker.beside_other_plans(own, others.map(|money| Cell::or_empty(money, Cell::Money)))
    };
    for row in rows {
        let now = &row.now;
        let names = name(&now.id).into_iter().map(Cell::Text).collect();
        let figures = figures(now.need, now.money, now.coverage, [row.last_plan, row.baseline]);
        table.push(Level::Body, [names, figures].concat());
    }
    let sum = |of: fn(&CoverageOf) -> Option<i64>| rows.iter().map(of).sum::<Option<i64>>();
    let [need, money] = [sum(|row| Some(row.now.need)), sum(|row| Some(row.now.money))];
    let of_whole = maker.run.document.metrics.iter().find(|record| record.metric.id == "coverage");
    let covered = of_whole.and_then(|record| record.metric.value);
    let others = [sum(|row| row.last_plan), sum(|row| row.baseline)];
    let mut cells = vec![maker.word("row-total")];
    cells.resize(names.len(), Cell::Empty);
    cells.extend(figures(need.unwrap_or_default(), money.unwrap_or_default(), covered, others));
    table.push(Level::Total, cells);
    table
}

fn by_site(maker: &Maker<'_>) -> Table {
    let name = |id: &str| vec![maker.names.site(id), maker.names.region_of(id)];
    let rows = &maker.run.document.coverage.site;
    coverage(maker, "site", "table-site", &["head-site", "head-region"], rows, name)
}

fn by_region(maker: &Maker<'_>) -> Table {
    let name = |id: &str| vec![maker.names.region(id)];
    let rows = &maker.run.document.coverage.region;
    coverage(maker, "region", "table-region", &["head-region"], rows, name)
}

fn by_sector(maker: &Maker<'_>) -> Table {
    let name = |id: &str| vec![maker.names.sector(id)];
    let rows = &maker.run.document.coverage.sector;
    coverage(maker, "sector", "table-sector", &["head-sector"], rows, name)
}

fn by_site_and_sector(maker: &Maker<'_>) -> Table {
    let mut heads = vec![
        maker.head(Kind::Name, "head-site"),
        maker.head(Kind::Name, "head-sector"),
        maker.head(Kind::Number, "head-need"),
    ];
    heads.extend(amount_columns(maker));
    let mut table = Table::new("site_sector", maker.say("table-site-sector"), heads);
    let pairs = summed(&pairs(maker), |ids| (ids[1].clone(), ids[2].clone()));
    let needs: BTreeMap<(&str, &str), i64> = (maker.run.input.needs.iter())
        .map(|need| ((need.site.as_str(), need.sector.as_str()), need.amount))
        .collect();
    let (mut whole, mut whole_need) = (Pair::default(), 0);
    for site in &maker.run.input.sites {
        let name = maker.names.site(&site.id);
        let (mut sum, mut sum_need) = (Pair::default(), 0);
        let of_site = pairs.range((site.id.clone(), String::new())..).take_while(|(key, _)| key.0 == site.id);
        for ((_, sector), pair) in of_site.filter(|(_, pair)| pair.now != 0 || pair.last != 0) {
            let need = needs.get(&(site.id.as_str(), sector.as_str())).copied().unwrap_or_default();
            let place = [name.clone(), maker.names.sector(sector)].map(Cell::Text).to_vec();
            table.push(Level::Body, [place, vec![Cell::Money(need)], amounts(maker, *pair)].concat());
            sum.add(*pair);
            sum_need += need;
        }
        if sum.now != 0 || sum.last != 0 {
            let label = maker.with("row-subtotal", &[("name", Arg::Text(&name))]);
            let cells = vec![Cell::Text(label), Cell::Empty, Cell::Money(sum_need)];
            table.push(Level::Subtotal, [cells, amounts(maker, sum)].concat());
        }
        whole.add(sum);
        whole_need += sum_need;
    }
    let cells = vec![maker.word("row-total"), Cell::Empty, Cell::Money(whole_need)];
    table.push(Level::Total, [cells, amounts(maker, whole)].concat());
    table
}

/// Phases: the money of each year, by the members that lines name.
fn by_year<'a>(
    maker: &Maker<'a>,
    id: &str,
    caption: &str,
    head: &str,
    member: impl Fn(&'a LineRecord) -> (&'a str, Text),
) -> Table {
    let document = &maker.run.document;
    let year = |year: &i32| {
        let year = year.to_string();
        Column::new(Kind::Number, Text { zh: year.clone(), en: year })
    };
    let mut columns = vec![maker.head(Kind::Name, head)];
    columns.extend(document.scenario.years.iter().map(year));
    columns.push(maker.head(Kind::Number, "row-total"));
    let mut table = Table::new(id, maker.say(caption), columns);
    let nothing = vec![0; document.scenario.years.len()];
    let mut sums: BTreeMap<&str, (Text, Vec<i64>)> = BTreeMap::new();
    let mut whole = nothing.clone();
    for line in &document.lines {
        let (id, name) = member(line);
        let (_, sum) = sums.entry(id).or_insert_with(|| (name, nothing.clone()));
        for (year, amount) in line.amounts.iter().enumerate() {
            sum[year] += amount;
            whole[year] += amount;
        }
    }
    let cells = |name: Cell, sum: &[i64]| {
        let total = [sum.iter().sum()];
        let amounts = sum.iter().chain(&total).map(|amount| Cell::Money(*amount));
        [name].into_iter().chain(amounts).collect::<Vec<_>>()
    };
    for (name, sum) in sums.into_values() {
        table.push(Level::Body, cells(Cell::Text(name), &sum));
    }
    table.push(Level::Total, cells(maker.word("row-total"), &whole));
    table
}

fn by_year_and_province(maker: &Maker<'_>) -> Table {
    by_year(maker, "year_province", "table-year-province", "head-province", |line| {
        (&line.province_id, maker.names.province(&line.province_id))
    })
}

fn by_year_and_sector(maker: &Maker<'_>) -> Table {
    by_year(maker, "year_sector", "table-year-sector", "head-sector", |line| {
        (&line.sector_id, maker.names.sector(&line.sector_id))
    })
}
