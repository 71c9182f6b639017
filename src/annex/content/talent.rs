//! Secondees and posts, where the run has them: groups and numbers, nobody by name.

use super::Maker;
use crate::annex::document::{Cell, Kind, Level, Table};
use crate::report::talent::TalentRecord;

pub(super) fn write(maker: &mut Maker<'_>) {
    let Some(talent) = &maker.run.document.talent else { return };
    maker.heading(1, "part-talent");
    maker.paragraph(maker.say("talent-intro"));
    let tables =
        [placements(maker, talent), structure(maker, talent), open(maker, talent), idle(maker, talent)];
    maker.tables(tables);
}

fn placements(maker: &Maker<'_>, talent: &TalentRecord) -> Table {
    let mut table = maker.new_table(
        "placements",
        "table-placements",
        [
            (Kind::Name, "head-province"),
            (Kind::Name, "head-site"),
            (Kind::Name, "head-profession"),
            (Kind::Name, "head-secondees"),
            (Kind::Name, "head-posts-group"),
            (Kind::Number, "head-persons"),
            (Kind::Share, "head-full-time"),
            (Kind::Share, "head-fit"),
        ],
    );
    let mut sum = 0;
    for placement in &talent.placements {
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.province(&placement.province_id)),
                Cell::Text(maker.names.site(&placement.site_id)),
                Cell::Text(maker.names.profession(&placement.post_profession_id)),
                Cell::Code(placement.secondees_id.clone()),
                Cell::Code(placement.posts_id.clone()),
                Cell::Count(placement.number),
                Cell::Share(placement.full_time.as_f64()),
                Cell::Share(placement.fit.as_f64()),
            ],
        );
        sum += placement.number;
    }
    if !table.rows.is_empty() {
        let mut cells = vec![maker.word("row-total")];
        cells.resize(5, Cell::Empty);
        cells.extend([Cell::Count(sum), Cell::Empty, Cell::Empty]);
        table.push(Level::Total, cells);
    }
    table
}

fn structure(maker: &Maker<'_>, talent: &TalentRecord) -> Table {
    let mut table = maker.new_table(
        "structure",
        "table-structure",
        [
            (Kind::Name, "head-region"),
            (Kind::Name, "head-profession"),
            (Kind::Number, "head-posts"),
            (Kind::Number, "head-reach"),
            (Kind::Number, "head-filled"),
            (Kind::Number, "head-vacant"),
        ],
    );
    for row in &talent.structure {
        let posts = |number: f64| Cell::Decimal(number, 2);
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.region(&row.region_id)),
                Cell::Text(maker.names.profession(&row.profession_id)),
                Cell::Count(row.posts),
                posts(row.reach),
                posts(row.filled),
                posts(row.vacant),
            ],
        );
    }
    table
}

/// Posts that are not all filled.
fn open(maker: &Maker<'_>, talent: &TalentRecord) -> Table {
    let mut table = maker.new_table(
        "vacant",
        "table-vacant",
        [
            (Kind::Name, "head-site"),
            (Kind::Name, "head-profession"),
            (Kind::Name, "head-posts-group"),
            (Kind::Number, "head-posts"),
            (Kind::Number, "head-vacant"),
            (Kind::Name, "head-why"),
        ],
    );
    for posts in talent.posts.iter().filter(|posts| posts.vacant > 0.0) {
        let why = if posts.candidates == 0 { "why-nobody-fits" } else { "why-not-enough" };
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.site(&posts.site_id)),
                Cell::Text(maker.names.profession(&posts.profession_id)),
                Cell::Code(posts.id.clone()),
                Cell::Count(posts.number),
                Cell::Decimal(posts.vacant, 2),
                maker.word(why),
            ],
        );
    }
    table
}

/// Secondees whom no post uses.
fn idle(maker: &Maker<'_>, talent: &TalentRecord) -> Table {
    let mut table = maker.new_table(
        "idle",
        "table-idle",
        [
            (Kind::Name, "head-province"),
            (Kind::Name, "head-profession"),
            (Kind::Name, "head-secondees"),
            (Kind::Number, "head-persons"),
            (Kind::Number, "head-idle"),
        ],
    );
    for group in talent.secondees.iter().filter(|group| group.idle > 0) {
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.province(&group.province_id)),
                Cell::Text(maker.names.profession(&group.profession_id)),
                Cell::Code(group.id.clone()),
                Cell::Count(group.number),
                Cell::Count(group.idle),
            ],
        );
    }
    table
}
