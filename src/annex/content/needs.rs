//! What gets nothing, and why: safeguards with their recorded reasons, needs that are not met.

use std::collections::{BTreeMap, BTreeSet};

use super::Maker;
use super::rules::without_room;
use crate::annex::document::{Cell, Kind, Level, Table};
use crate::annex::messages::Arg;
use crate::domain::Text;

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(1, "part-needs");
    maker.heading(2, "part-exclusions");
    let table = exclusions(maker);
    if table.rows.is_empty() {
        maker.paragraph(maker.say("exclusions-none"));
    }
    maker.table(table);
    maker.heading(2, "part-unmet");
    let (nothing, whole) = nothing(maker);
    // The last row is the sum.
    let number = nothing.rows.len().saturating_sub(1);
    let counts = [("number", Arg::Count(number)), ("all", Arg::Count(whole))];
    maker.paragraph(maker.with("unmet-intro", &counts));
    maker.table(nothing);
    let table = partly(maker);
    maker.table(table);
}

fn exclusions(maker: &Maker<'_>) -> Table {
    let mut table = maker.new_table(
        "exclusions",
        "table-exclusions",
        [
            (Kind::Name, "head-province"),
            (Kind::Name, "head-site"),
            (Kind::Name, "head-sector"),
            (Kind::Prose, "head-reason"),
        ],
    );
    for exclusion in &maker.run.document.exclusions {
        let all = || maker.word("every-one");
        let name = |id: &Option<String>, of: &dyn Fn(&str) -> Text| {
            id.as_deref().map_or_else(all, |id| Cell::Text(of(id)))
        };
        table.push(
            Level::Body,
            vec![
                name(&exclusion.province_id, &|id| maker.names.province(id)),
                name(&exclusion.site_id, &|id| maker.names.site(id)),
                name(&exclusion.sector_id, &|id| maker.names.sector(id)),
                Cell::Code(exclusion.reason.clone()),
            ],
        );
    }
    table
}

/// Donors by the sites that they are paired with.
fn donors<'a>(maker: &Maker<'a>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut donors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for link in &maker.run.input.links {
        donors.entry(&link.site).or_default().push(&link.province);
    }
    donors
}

/// Why a need gets nothing, as far as the run shows it.
fn why(maker: &Maker<'_>, site: &str, sector: &str, donors: &[&str]) -> Text {
    let exclusions = &maker.run.input.exclusions;
    let says = |of: &Option<String>, id: &str| of.as_deref().is_none_or(|of| of == id);
    let excluded = |donor: &&str| {
        exclusions.iter().any(|e| says(&e.province, donor) && says(&e.site, site) && says(&e.sector, sector))
    };
    if donors.is_empty() {
        return maker.say("why-no-pairing");
    }
    if donors.iter().all(excluded) {
        return maker.say("why-excluded");
    }
    let ids = [donors, &[site, sector, maker.names.region_id_of(site)]].concat();
    match without_room(maker, &ids) {
        rules if rules.is_empty() => maker.say("why-elsewhere"),
        rules => maker.with("why-no-room", &[("rules", Arg::Plain(&rules))]),
    }
}

/// Needs that get nothing; and how many needs there are.
fn nothing(maker: &Maker<'_>) -> (Table, usize) {
    let mut table = maker.new_table(
        "unmet",
        "table-unmet",
        [
            (Kind::Name, "head-site"),
            (Kind::Name, "head-sector"),
            (Kind::Number, "head-need"),
            (Kind::Prose, "head-why"),
        ],
    );
    let funded: BTreeSet<(&str, &str)> = (maker.run.document.lines.iter())
        .map(|line| (line.site_id.as_str(), line.sector_id.as_str()))
        .collect();
    let donors = donors(maker);
    let needs = || maker.run.input.needs.iter().filter(|need| need.amount > 0);
    let mut sum = 0;
    for need in needs().filter(|need| !funded.contains(&(need.site.as_str(), need.sector.as_str()))) {
        let of_site = donors.get(need.site.as_str()).map_or(&[][..], Vec::as_slice);
        let why = why(maker, &need.site, &need.sector, of_site);
        let names = [maker.names.site(&need.site), maker.names.sector(&need.sector)].map(Cell::Text);
        table.push(Level::Body, [names.to_vec(), vec![Cell::Money(need.amount), Cell::Text(why)]].concat());
        sum += need.amount;
    }
    if !table.rows.is_empty() {
        table.push(Level::Total, vec![maker.word("row-total"), Cell::Empty, Cell::Money(sum), Cell::Empty]);
    }
    (table, needs().count())
}

/// What each site's needs lack, and which rules leave no room there.
fn partly(maker: &Maker<'_>) -> Table {
    let mut table = maker.new_table(
        "unmet_site",
        "table-unmet-site",
        [
            (Kind::Name, "head-site"),
            (Kind::Number, "head-need"),
            (Kind::Number, "head-money"),
            (Kind::Share, "head-covered"),
            (Kind::Name, "head-rules-without-room"),
        ],
    );
    let donors = donors(maker);
    for site in &maker.run.document.coverage.site {
        let of_site = donors.get(site.now.id.as_str()).map_or(&[][..], Vec::as_slice);
        let ids = [of_site, &[site.now.id.as_str(), maker.names.region_id_of(&site.now.id)]].concat();
        let rules = without_room(maker, &ids);
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.site(&site.now.id)),
                Cell::Money(site.now.need),
                Cell::Money(site.now.money),
                Cell::or_empty(site.now.coverage, Cell::Share),
                if rules.is_empty() { Cell::Empty } else { Cell::Code(rules) },
            ],
        );
    }
    table
}
