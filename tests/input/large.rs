//! A scenario of the size of a whole country loads without a wait.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::common::Fixture;

#[test]
fn a_hundred_thousand_lines_load_quickly() {
    const SITES: usize = 2_800;
    const PROVINCES: usize = 31;
    const SECTORS: usize = 12;
    let fixture = Fixture::new();
    for table in [
        "regions",
        "priorities",
        "sector_capacity",
        "commitments",
        "exclusions",
        "industries",
        "neighbours",
        "parks",
        "secondees",
        "posts",
        "placements",
        "people",
        "post_list",
    ] {
        fixture.remove(&format!("{table}.csv"));
    }
    let mut provinces = String::from("province_id,name_zh,name_en,capacity\n");
    let mut sectors = String::from("sector_id,name_zh,name_en\n");
    let mut sites = String::from("site_id,name_zh,name_en,region\n");
    let mut pairings = String::from("province_id,site_id,kind,effectiveness\n");
    let mut needs = String::from("site_id,sector_id,amount\n");
    let mut exclusions = String::from("province_id,site_id,sector_id,reason\n");
    for p in 0..PROVINCES {
        writeln!(provinces, "p{p},省,P,1000").expect("text");
    }
    for k in 0..SECTORS {
        writeln!(sectors, "k{k},业,K").expect("text");
    }
    for s in 0..SITES {
        writeln!(sites, "s{s},县,S,r{}", s % 40).expect("text");
        writeln!(exclusions, "*,s{s},k{},a reason", s % SECTORS).expect("text");
        for offset in 0..3 {
            writeln!(pairings, "p{},s{s},cross,0.{}", (s + offset * 7) % PROVINCES, 9 - offset)
                .expect("text");
        }
        for k in 0..SECTORS {
            writeln!(needs, "s{s},k{k},{}.5", 100 + (s * 37 + k * 11) % 900).expect("text");
        }
    }
    fixture.write("provinces.csv", provinces).write("sectors.csv", sectors).write("sites.csv", sites);
    fixture.write("pairings.csv", pairings).write("needs.csv", needs).write("exclusions.csv", exclusions);
    let start = Instant::now();
    let loaded = fixture.loaded();
    let taken = start.elapsed();
    println!("loaded in {taken:?}");
    assert_eq!((loaded.scenario.lines.len(), loaded.scenario.links.len()), (100_800, 8_400));
    // It takes a tenth of this on an idle machine.
    assert!(taken < Duration::from_secs(2), "{taken:?}");
    let wrong = fixture.read("needs.csv").replace(",k", ",q");
    let start = Instant::now();
    let found = fixture.write("needs.csv", wrong).load().expect_err("unknown sectors");
    let taken = start.elapsed();
    assert_eq!(found.counts().0, SITES * SECTORS);
    assert!(taken < Duration::from_secs(4), "{taken:?}");
}
