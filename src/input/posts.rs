//! Table `posts`: the posts that wait for secondees, in groups of posts that are alike.

use super::cells::Range;
use super::columns::Column;
use super::index::{Index, Seen};
use super::qualification::{Columns, NUMBERS, PROFESSION};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{Posts, SiteId};
use crate::units::Ratio;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "posts",
    required: false,
    key: &["posts_id"],
    meaning: "posts at sites that wait for secondees, in groups of posts that are alike",
    columns: &[
        ColumnSpec::required("posts_id", "stable id of the group"),
        ColumnSpec::required("site_id", "where"),
        PROFESSION,
        ColumnSpec::optional("grade", "rank asked for, 1 to 99; default 1").number(),
        ColumnSpec::required("number", "full-time posts").number(),
        ColumnSpec::optional("priority", "weight of a filled post, over 0 and at most 1000; default 1")
            .number(),
        ColumnSpec::optional(
            "team",
            "fewest persons of one province in posts of this profession at the site, or none; empty: no team",
        )
        .number(),
        ColumnSpec::optional("months", "shortest stay; default 0").number(),
        ColumnSpec::optional("full_time", "least share of full time that a flexible post admits; default 1")
            .number(),
    ],
};

/// Reads them, by id.
pub(super) fn read(
    table: &Table,
    sites: &mut Index<'_>,
    professions: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<(usize, Posts)> {
    let column = |name: &str| Column::of(table, name);
    let [id, site, number] = ["posts_id", "site_id", "number"].map(column);
    let [priority, team] = ["priority", "team"].map(column);
    let columns = Columns::of(table, 0);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let raw = columns.read(&mut row);
        let number = row.required_whole(&number, NUMBERS);
        let priority = row.ratio(&priority, Range::positive_to(1000), Ratio::ONE);
        let team = row.filled(&team).then(|| row.whole(&team, NUMBERS, 1));
        let (id, place) = (row.id(&id), row.id(&site));
        let place = sites.resolve(place, table, at, "site_id", reading);
        let asks = raw.resolve(professions, table, at, reading);
        let Some(id) = id.filter(|id| seen.is_new(*id, at, id, reading)) else { continue };
        let (Some(site), Some(asks)) = (place, asks) else { continue };
        let site = SiteId(site);
        list.push((at, Posts { id: id.to_owned(), site, asks, number, priority, team }));
    }
    list.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    list
}
