//! The people of a plan as a table: who is placed where.

use super::columns::Column;
use super::index::{Index, Seen};
use super::plan::PlanPlaces;
use super::qualification::NUMBERS;
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{PlacementKey, PostsId, Scenario, SecondeesId};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "talent",
    required: false,
    key: &["secondees_id", "posts_id"],
    meaning: "the people of a plan: persons by groups of secondees and of posts",
    columns: &[
        ColumnSpec::required("secondees_id", "who"),
        ColumnSpec::required("posts_id", "where"),
        ColumnSpec::required("number", "persons").number(),
        ColumnSpec::optional("province_id", "who sends them; for the reader, not read"),
        ColumnSpec::optional("profession_id", "theirs; not read"),
        ColumnSpec::optional("grade", "theirs; not read").number(),
        ColumnSpec::optional("site_id", "of the posts; not read"),
        ColumnSpec::optional("post_profession_id", "of the posts; not read"),
        ColumnSpec::optional("post_grade", "of the posts; not read").number(),
        ColumnSpec::optional("full_time", "share of full time of each; not read").number(),
        ColumnSpec::optional("fit", "how well they fit; not read").number(),
    ],
};

/// Reads persons by placement.
pub(super) fn read(
    table: &Table,
    scenario: &Scenario,
    places: &mut PlanPlaces,
    reading: &mut Reading,
) -> Vec<(PlacementKey, i64)> {
    let talent = &scenario.talent;
    let ids = talent.secondees.iter().map(|group| group.id.as_str());
    let mut secondees = Index::new("group of secondees", "the scenario", ids, true).of_optional();
    let ids = talent.posts.iter().map(|group| group.id.as_str());
    let mut posts = Index::new("group of posts", "the scenario", ids, true).of_optional();
    let [who, place, number] = ["secondees_id", "posts_id", "number"].map(|name| Column::of(table, name));
    let mut seen = Seen::new(table);
    let mut people = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = [row.id(&who), row.id(&place)];
        let number = row.required_whole(&number, NUMBERS);
        let resolved = (
            secondees.resolve(ids[0], table, at, "secondees_id", reading),
            posts.resolve(ids[1], table, at, "posts_id", reading),
        );
        let (Some(g), Some(j)) = resolved else { continue };
        if seen.is_new((g, j), at, &ids.map(Option::unwrap_or_default).join(", "), reading) {
            let key = (SecondeesId(g), PostsId(j));
            places.placements.entry(key).or_default().push(table.rows[at].origin.place());
            people.push((key, number));
        }
    }
    people
}
