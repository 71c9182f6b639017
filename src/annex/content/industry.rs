//! Industry and parks, where sectors have industries.

use super::Maker;
use crate::annex::document::{Cell, Kind, Level, Table};
use crate::domain::ParkKind;
use crate::report::industry::IndustryRecord;

pub(super) fn write(maker: &mut Maker<'_>) {
    let Some(industry) = &maker.run.document.industry else { return };
    maker.heading(1, "part-industry");
    maker.paragraph(maker.say("industry-intro"));
    let tables = [industries(maker, industry), built(maker, industry), parks(maker, industry)];
    maker.tables(tables);
}

fn industries(maker: &Maker<'_>, industry: &IndustryRecord) -> Table {
    let mut table = maker.new_table(
        "industries",
        "table-industries",
        [
            (Kind::Word, "head-code"),
            (Kind::Name, "head-industry"),
            (Kind::Number, "head-this-plan"),
            (Kind::Number, "head-in-parks"),
            (Kind::Number, "head-sites"),
            (Kind::Number, "head-hhi"),
        ],
    );
    table.columns.extend(maker.heads_of_other_plans());
    for total in &industry.industries {
        let others = [total.last_plan, total.baseline].map(|money| Cell::or_empty(money, Cell::Money));
        let own = [
            Cell::Code(total.id.clone()),
            Cell::Text(total.title.clone()),
            Cell::Money(total.money),
            Cell::Money(total.park_money),
            Cell::count(total.sites),
            Cell::or_empty(total.hhi, |hhi| Cell::Decimal(hhi, 4)),
        ];
        table.push(Level::Body, maker.beside_other_plans(own, others));
    }
    table
}

fn built(maker: &Maker<'_>, industry: &IndustryRecord) -> Table {
    let mut table = maker.new_table(
        "built",
        "table-built",
        [
            (Kind::Name, "head-site"),
            (Kind::Name, "head-industry"),
            (Kind::Number, "head-this-plan"),
            (Kind::Number, "head-in-parks"),
            (Kind::Number, "head-quotient"),
            (Kind::Number, "head-neighbours"),
        ],
    );
    table.columns.extend(maker.heads_of_other_plans());
    for built in &industry.built {
        let others = [built.last_plan, built.baseline].map(|money| Cell::or_empty(money, Cell::Money));
        let own = [
            Cell::Text(maker.names.site(&built.site_id)),
            Cell::Text(maker.names.industry(&built.industry_id)),
            Cell::Money(built.money),
            Cell::Money(built.park_money),
            Cell::or_empty(built.location_quotient, |quotient| Cell::Decimal(quotient, 2)),
            Cell::count(built.neighbours),
        ];
        table.push(Level::Body, maker.beside_other_plans(own, others));
    }
    table
}

fn parks(maker: &Maker<'_>, industry: &IndustryRecord) -> Table {
    let mut table = maker.new_table(
        "parks",
        "table-parks",
        [
            (Kind::Name, "head-park"),
            (Kind::Word, "head-kind"),
            (Kind::Name, "head-host"),
            (Kind::Number, "head-money"),
            (Kind::Number, "head-capacity"),
        ],
    );
    for park in &industry.parks {
        let kind = match park.kind {
            ParkKind::Joint => "park-joint",
            ParkKind::Demonstration => "park-demonstration",
            ParkKind::Enclave => "park-enclave",
        };
        table.push(
            Level::Body,
            vec![
                Cell::Text(park.title.clone()),
                maker.word(kind),
                Cell::Text(maker.names.site(&park.host)),
                Cell::Money(park.money),
                Cell::or_empty(park.capacity, Cell::Money),
            ],
        );
    }
    table
}
