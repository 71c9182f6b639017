//! The tables about secondees and posts, put together.

use std::collections::BTreeSet;

use super::cells::is_id;
use super::index::Index;
use super::join::Tables;
use super::reading::Reading;
use super::{people, placements, post_list, posts, professions, secondees};
use crate::diagnostics::Code;
use crate::domain::{LastTeam, Posts, PostsId, Scenario, Secondees, SecondeesId, Talent};

/// The tables that name professions.
const TABLES: [&str; 5] = ["secondees", "posts", "placements", "people", "post_list"];

/// What they hold, some with the rows that later checks point at.
pub(super) struct Parts {
    pub talent: Talent,
    secondees: Vec<usize>,
    posts: Vec<usize>,
    last: Vec<usize>,
}

/// Reads them. Without a table of professions (or rows in it), the professions are those that the others name.
pub(super) fn read(
    tables: &Tables,
    provinces: &mut Index<'_>,
    sites: &mut Index<'_>,
    reading: &mut Reading,
) -> Parts {
    let listed = tables.get("professions").map(|table| professions::read(table, reading));
    let listed = listed.filter(|professions| !professions.is_empty());
    let complete = listed.is_some();
    let professions = listed.unwrap_or_else(|| professions::named(named_in(tables)));
    let ids = professions.iter().map(|profession| profession.id.as_str());
    let known = &mut Index::new("profession", "professions", ids, complete);
    let get = |name: &str| tables.get(name);
    let groups = get("secondees").map(|table| secondees::read(table, provinces, known, reading));
    let (secondee_rows, secondees): (Vec<usize>, Vec<Secondees>) =
        groups.unwrap_or_default().into_iter().unzip();
    let groups = get("posts").map(|table| posts::read(table, sites, known, reading));
    let (post_rows, posts): (Vec<usize>, Vec<Posts>) = groups.unwrap_or_default().into_iter().unzip();
    let last = get("placements").map(|table| placements::read(table, provinces, sites, known, reading));
    let (last_rows, last): (Vec<usize>, Vec<LastTeam>) = last.unwrap_or_default().into_iter().unzip();
    let people = get("people").map(|table| people::read(table, provinces, known, reading));
    let post_list = get("post_list").map(|table| post_list::read(table, sites, known, reading));
    let (people, post_list) = (people.unwrap_or_default(), post_list.unwrap_or_default());
    let talent = Talent { professions, secondees, posts, candidates: Vec::new(), last, people, post_list };
    Parts { talent, secondees: secondee_rows, posts: post_rows, last: last_rows }
}

fn named_in(tables: &Tables) -> impl Iterator<Item = &str> {
    TABLES.iter().filter_map(|name| tables.get(name)).flat_map(|table| {
        let column = table.position("profession_id");
        let cells = table.rows.iter().filter_map(move |row| Some(row.cells[column?].text()));
        cells.filter(|id| is_id(id))
    })
}

/// Tells whom the last plan sent without a pairing.
pub(super) fn check_last(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let (Some(table), true) = (tables.get("placements"), tables.contains_key("pairings")) else { return };
    for (team, &at) in scenario.talent.last.iter().zip(&parts.last) {
        if scenario.find_link(team.province, team.site).is_none() {
            let (province, site) = (&scenario.provinces[team.province.0].id, &scenario.sites[team.site.0].id);
            let cause = format!("'{province}' has sent people to '{site}', but the two are not paired");
            let action = "add the pairing to pairings, or take the row out";
            reading.complain(table, at, "site_id", Code::UnknownId, cause, action);
        }
    }
}

/// Tells which posts nobody may fill, and who fits no post.
pub(super) fn check_candidates(scenario: &Scenario, parts: &Parts, tables: &Tables, reading: &mut Reading) {
    let talent = &scenario.talent;
    let both = [tables.get("secondees"), tables.get("posts")];
    let [Some(secondees), Some(posts)] = both else { return };
    let filled: BTreeSet<PostsId> = talent.candidates.iter().map(|candidate| candidate.posts).collect();
    let used: BTreeSet<SecondeesId> = talent.candidates.iter().map(|candidate| candidate.secondees).collect();
    for (position, group) in talent.posts.iter().enumerate() {
        if !filled.contains(&PostsId(position)) {
            let paired = scenario.links.iter().any(|link| link.site == group.site);
            let cause = if paired {
                format!("no province paired with the site has secondees who fit '{}'", group.id)
            } else {
                format!("'{}' is at a site that no province is paired with", group.id)
            };
            let action = "widen substitutes, months or full_time, ask a province for such people, or pair it";
            reading.complain(
                posts,
                parts.posts[position],
                "posts_id",
                Code::PostsWithoutSecondees,
                cause,
                action,
            );
        }
    }
    for (position, group) in talent.secondees.iter().enumerate() {
        if !used.contains(&SecondeesId(position)) {
            let cause = format!("'{}' fits no post at the sites of its province", group.id);
            let action =
                "check profession, grade, months and full_time, or pair the province with other sites";
            let at = parts.secondees[position];
            reading.complain(secondees, at, "secondees_id", Code::SecondeesWithoutPosts, cause, action);
        }
    }
}
