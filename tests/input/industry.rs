//! Industries, neighbours and parks: what is read, and what follows from it.

use allot::domain::{Industry, IndustryLevel, NeighbourSource, ParkKind, Scenario, SiteId};
use allot::units::{Money, Ratio};

use crate::common::Fixture;

fn scenario(fixture: &Fixture) -> Scenario {
    fixture.loaded().scenario
}

#[test]
fn industries_have_two_levels() {
    let scenario = scenario(&Fixture::new());
    let code = |sector: &str, level| {
        let industry =
            scenario.industry_of(scenario.sector(sector).expect("an id of the small scenario"), level);
        industry.map(|industry| scenario.industries[industry.0].id.as_str())
    };
    assert_eq!(code("roads", IndustryLevel::Division), Some("F42"));
    assert_eq!(code("roads", IndustryLevel::Section), Some("F"));
    assert_eq!(code("schools", IndustryLevel::Division), None);
}

#[test]
fn without_a_table_the_industries_are_those_of_the_sectors() {
    let fixture = Fixture::new();
    fixture.remove("industries.csv").replace("parks.csv", ",Q,", ",Q86,");
    let scenario = scenario(&fixture);
    let codes: Vec<(&str, bool)> = scenario
        .industries
        .iter()
        .map(|Industry { id, parent, .. }| (id.as_str(), parent.is_some()))
        .collect();
    assert_eq!(codes, [("F42", false), ("Q86", false)]);
    assert_eq!(scenario.parks.len(), 2);
    // A park's industry that no sector has is unknown, also where no sector has any.
    fixture.replace("sectors.csv", "F42", "").replace("sectors.csv", "Q86", "");
    let found = fixture.load().expect_err("unknown industries");
    assert_eq!(fixture.told(&found), ["E012 parks.csv:2:industries", "E012 parks.csv:3:industries"]);
}

#[test]
fn parks_hold_the_sectors_that_they_admit() {
    let scenario = scenario(&Fixture::new());
    let [clinic, works] = &scenario.parks[..] else { panic!("two parks") };
    assert_eq!((clinic.kind, works.kind), (ParkKind::Enclave, ParkKind::Joint));
    // 50 × 10,000 in units of 1,000.
    assert_eq!((clinic.capacity, works.capacity), (Some(Money(500)), None));
    let share = |basis_points: i64| Ratio::from_micros(basis_points * 100);
    let site = |id: &str| scenario.site(id).expect("an id of the small scenario");
    assert_eq!(clinic.benefits, [(site("s3"), share(2500)), (site("s1"), share(7500))]);
    let at = |id: &str, sector: &str| {
        scenario
            .park_at(site(id), scenario.sector(sector).expect("an id of the small scenario"))
            .map(|park| park.id.as_str())
    };
    assert_eq!(at("s3", "health"), Some("clinic"));
    assert_eq!(at("s3", "roads"), None);
    assert_eq!(at("s1", "health"), None);
    assert_eq!((at("s1", "roads"), at("s1", "schools")), (Some("works"), Some("works")));
}

#[test]
fn a_park_that_names_nothing_admits_every_industry() {
    let fixture = Fixture::new();
    fixture.replace("parks.csv", "F42,schools", ",");
    let scenario = scenario(&fixture);
    let admitted: Vec<&str> =
        scenario.parks[1].sectors.iter().map(|sector| scenario.sectors[sector.0].id.as_str()).collect();
    assert_eq!(admitted, ["health", "roads"]);
}

#[test]
fn neighbours_come_from_the_table() {
    let neighbours = scenario(&Fixture::new()).neighbours;
    assert_eq!(neighbours.source, NeighbourSource::Table);
    assert_eq!(neighbours.pairs, [(SiteId(0), SiteId(1)), (SiteId(1), SiteId(2))]);
    assert_eq!(neighbours.clusters, neighbours.pairs.iter().map(|(a, b)| vec![*a, *b]).collect::<Vec<_>>());
    assert!(neighbours.are(SiteId(2), SiteId(1)) && !neighbours.are(SiteId(0), SiteId(2)));
    let fixture = Fixture::new();
    let none = scenario(fixture.remove("neighbours.csv")).neighbours;
    assert_eq!((none.source, none.clusters.len()), (NeighbourSource::None, 0));
}

/// Sites with coordinates, no table.
fn located(coordinates: [&str; 3], radius: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.remove("neighbours.csv");
    fixture.replace("sites.csv", "absorption\n", "absorption,latitude,longitude\n");
    for (end, place) in ["120000,90\n", "80000,\n", "300000,150\n"].into_iter().zip(coordinates) {
        fixture.replace("sites.csv", end, &format!("{},{place}\n", end.trim_end()));
    }
    fixture.replace("scenario.toml", "policy =", &format!("neighbour_radius_km = {radius}\npolicy ="));
    fixture
}

#[test]
fn neighbours_come_from_great_circles() {
    let pairs = |coordinates, radius: &str| scenario(&located(coordinates, radius)).neighbours.pairs;
    let [ab, bc, ac] = [(0, 1), (1, 2), (0, 2)].map(|(a, b)| (SiteId(a), SiteId(b)));
    // A degree of a meridian is 111.195 km on this sphere.
    let meridian = ["10,50", "11,50", "12.5,50"];
    assert_eq!(pairs(meridian, "111.19"), []);
    assert_eq!(pairs(meridian, "111.2"), [ab]);
    assert_eq!(pairs(meridian, "170"), [ab, bc]);
    assert_eq!(pairs(meridian, "278"), [ab, ac, bc]);
    // At 60° north a degree of longitude is half as long; across the date line it is as short.
    let parallel = ["60,179.5", "60,-179.5", "60,178"];
    assert_eq!(pairs(parallel, "55.5"), []);
    assert_eq!(pairs(parallel, "55.6"), [ab]);
    assert_eq!(pairs(parallel, "84"), [ab, ac]);
    // Over the pole; and the other side of the Earth, which is too far.
    assert_eq!(pairs(["89,0", "89,180", "0,0"], "223"), [ab]);
    assert_eq!(pairs(["0,0", "0,180", "90,0"], "20000"), [ac, bc]);
}

#[test]
fn an_override_may_change_the_source() {
    let fixture = located(["10,50", "11,50", "12.5,50"], "50");
    let over = "parent = '.'\nneighbour_radius_km = 300\n";
    fixture.write("wide.toml", over);
    let load =
        |file, sets: &[&str]| fixture.load_from(file, sets).expect("right").scenario.neighbours.pairs.len();
    assert_eq!((load("", &[]), load("wide.toml", &[])), (0, 3));
    assert_eq!(load("", &["scenario.neighbour_radius_km=120"]), 1);
}
