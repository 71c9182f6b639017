//! Table `sectors`.

use super::columns::Column;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{Industry, IndustryId, Sector, Text};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "sectors",
    required: true,
    key: &["sector_id"],
    meaning: "fields of spending",
    columns: &[
        ColumnSpec::required("sector_id", "stable id"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
        ColumnSpec::optional("groups", "groups that policies select by, with ; between them"),
        ColumnSpec::optional("industry", "code of the industry that it builds; empty: it is no industry"),
    ],
};

/// Reads them, by id. Without a table of industries (or rows in it), the industries are those that sectors
/// name.
pub(super) fn read(
    table: &Table,
    industries: Option<Vec<Industry>>,
    reading: &mut Reading,
) -> (Vec<Sector>, Vec<Industry>) {
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en] = ["sector_id", "name_zh", "name_en"].map(column);
    let [groups, industry] = ["groups", "industry"].map(column);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };
        let groups = row.list(&groups);
        let code = row.optional_id(&industry);
        let Some(id) = row.id(&id) else { continue };
        if seen.is_new(id, at, id, reading) {
            list.push((at, code, Sector { id: id.to_owned(), name, groups, industry: None }));
        }
    }
    let industries = industries.filter(|industries| !industries.is_empty());
    let complete = industries.is_some();
    let industries = industries.unwrap_or_else(|| named(list.iter().filter_map(|(_, code, _)| *code)));
    let ids = industries.iter().map(|industry| industry.id.as_str());
    let mut index = Index::new("industry", "industries", ids, complete);
    let sectors = list.into_iter().map(|(at, code, sector)| {
        let industry = index.resolve(code, table, at, "industry", reading).map(IndustryId);
        Sector { industry, ..sector }
    });
    let mut sectors: Vec<Sector> = sectors.collect();
    sectors.sort_by(|a, b| a.id.cmp(&b.id));
    (sectors, industries)
}

/// Industries of which nothing is known but their codes.
fn named<'t>(codes: impl Iterator<Item = &'t str>) -> Vec<Industry> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    let name = |code: &str| Text { zh: code.to_owned(), en: code.to_owned() };
    codes.into_iter().map(|code| Industry { id: code.to_owned(), name: name(code), parent: None }).collect()
}
