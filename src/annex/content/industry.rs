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

fn count(number: usize) -> Cell {
    Cell::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn industries(maker: &Maker<'_>, industry: &IndustryRecord) -> Table {
    let columns = vec![
        maker.head(Kind::Word, "head-code"),
        maker.head(Kind::Name, "head-industry"),
        maker.head(Kind::Number, "head-this-plan"),
        maker.head(Kind::Number, "head-last-plan"),
        maker.head(Kind::Number, "head-baseline"),
        maker.head(Kind::Number, "head-in-parks"),
        maker.head(Kind::Number, "head-sites"),
        maker.head(Kind::Number, "head-hhi"),
    ];
    let mut table = Table::new("industries", maker.say("table-industries"), columns);
    for total in &industry.industries {
        table.push(
            Level::Body,
            vec![
                Cell::Code(total.id.clone()),
                Cell::Text(total.title.clone()),
                Cell::Money(total.money),
                Cell::or_empty(total.last_plan, Cell::Money),
                Cell::or_empty(total.baseline, Cell::Money),
                Cell::Money(total.park_money),
                count(total.sites),
                Cell::or_empty(total.hhi, |hhi| Cell::Decimal(hhi, 4)),
            ],
        );
    }
    table
}

fn built(maker: &Maker<'_>, industry: &IndustryRecord) -> Table {
    let columns = vec![
        maker.head(Kind::Name, "head-site"),
        maker.head(Kind::Name, "head-industry"),
        maker.head(Kind::Number, "head-this-plan"),
        maker.head(Kind::Number, "head-last-plan"),
        maker.head(Kind::Number, "head-baseline"),
        maker.head(Kind::Number, "head-in-parks"),
        maker.head(Kind::Number, "head-quotient"),
        maker.head(Kind::Number, "head-neighbours"),
    ];
    let mut table = Table::new("built", maker.say("table-built"), columns);
    for built in &industry.built {
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.site(&built.site_id)),
                Cell::Text(maker.names.industry(&built.industry_id)),
                Cell::Money(built.money),
                Cell::or_empty(built.last_plan, Cell::Money),
                Cell::or_empty(built.baseline, Cell::Money),
                Cell::Money(built.park_money),
                Cell::or_empty(built.location_quotient, |quotient| Cell::Decimal(quotient, 2)),
                count(built.neighbours),
            ],
        );
    }
    table
}

fn parks(maker: &Maker<'_>, industry: &IndustryRecord) -> Table {
    let columns = vec![
        maker.head(Kind::Name, "head-park"),
        maker.head(Kind::Word, "head-kind"),
        maker.head(Kind::Name, "head-host"),
        maker.head(Kind::Number, "head-money"),
        maker.head(Kind::Number, "head-capacity"),
    ];
    let mut table = Table::new("parks", maker.say("table-parks"), columns);
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
