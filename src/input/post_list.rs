//! Table `post_list`: single posts, for matching one to one.

use super::cells::Range;
use super::columns::Column;
use super::index::{Index, Seen};
use super::qualification::{Columns, PROFESSION, SKILLS};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{SinglePost, SiteId};
use crate::units::Ratio;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "post_list",
    required: false,
    key: &["post_id"],
    meaning: "single posts, for matching one to one",
    columns: &[
        ColumnSpec::required("post_id", "stable id"),
        ColumnSpec::required("site_id", "where"),
        PROFESSION,
        ColumnSpec::optional("grade", "rank asked for, 1 to 99; default 1").number(),
        ColumnSpec::optional("priority", "weight of the post, over 0 and at most 1000; default 1").number(),
        ColumnSpec::optional("months", "shortest stay; default 0").number(),
        ColumnSpec::optional("full_time", "least share of full time that it admits; default 1").number(),
        SKILLS,
    ],
};

/// Reads them, by id.
pub(super) fn read(
    table: &Table,
    sites: &mut Index<'_>,
    professions: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<SinglePost> {
    let [id, site, priority] = ["post_id", "site_id", "priority"].map(|name| Column::of(table, name));
    let columns = Columns::of(table, 0);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let raw = columns.read(&mut row);
        let priority = row.ratio(&priority, Range::positive_to(1000), Ratio::ONE);
        let (post, place) = (row.id(&id), row.id(&site));
        let place = sites.resolve(place, table, at, "site_id", reading);
        let asks = raw.resolve(professions, table, at, reading);
        let Some(id) = post.filter(|id| seen.is_new(*id, at, id, reading)) else { continue };
        let (Some(site), Some(asks)) = (place, asks) else { continue };
        list.push(SinglePost { id: id.to_owned(), site: SiteId(site), asks, priority });
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}
