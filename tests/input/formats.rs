//! Order, encodings and amounts: what must not matter does not, what must is exact.

use allot::domain::ProvinceId;
use allot::units::{Money, Ratio};

use crate::common::{Fixture, TABLES, all_found, shown};

/// A table with its rows and its columns in the opposite order.
fn reversed(text: &str) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().rev().map(str::to_owned).collect()).collect();
    rows[1..].reverse();
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("bytes")).expect("text")
}

#[test]
fn the_small_scenario_is_read() {
    let loaded = Fixture::new().loaded();
    let scenario = &loaded.scenario;
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    assert_eq!(loaded.policy.as_deref(), Some("concentrate"));
    assert_eq!(scenario.lines.len(), 3 + 2 + 2 + 3);
    assert_eq!(scenario.budget(ProvinceId(0), 1), Money(1200));
    assert_eq!(scenario.sites[0].absorption, [Some(Money(900)); 2]);
    assert_eq!(scenario.sites[1].absorption, [None; 2]);
    assert_eq!(scenario.money.amounts_in, 10_000);
    assert_eq!(scenario.commitments.len(), 2);
    assert_eq!(scenario.commitments[0].year, Some(0));
    let s2 = scenario.site("s2").expect("a site");
    let need = scenario.find_need(s2, scenario.sector("health").expect("a sector")).expect("a need");
    assert_eq!(scenario.needs[need.0].weight, Ratio::from_micros(1_500_000));
    assert_eq!(scenario.needs[need.0].lines.len(), 2);
    for (position, link) in scenario.links.iter().enumerate() {
        assert!(scenario.lines[link.lines.clone()].iter().all(|line| line.link.0 == position));
    }
    let sorted = |lines: &[allot::domain::Line]| lines.is_sorted_by_key(|l| (l.province, l.site, l.sector));
    assert!(sorted(&scenario.lines));
}

#[test]
fn every_file_is_listed_with_its_digest() {
    let fixture = Fixture::new();
    let inputs = fixture.loaded().inputs;
    assert_eq!(inputs.len(), 1 + TABLES.len());
    assert!(inputs[0].path.ends_with("scenario.toml"));
    let needs = inputs.iter().find(|input| input.path.ends_with("needs.csv")).expect("needs.csv");
    assert_eq!(needs.sha256.len(), 64);
    fixture.append("needs.csv", "");
    let again = fixture.loaded().inputs;
    let changed: Vec<_> = inputs.iter().zip(&again).filter(|(a, b)| a != b).collect();
    assert_eq!(changed.len(), 1);
}

#[test]
fn the_order_of_rows_and_columns_does_not_matter() {
    let fixture = Fixture::new();
    let before = shown(&fixture.loaded());
    for table in TABLES {
        let file = format!("{table}.csv");
        fixture.write(&file, reversed(&fixture.read(&file)));
    }
    assert_eq!(before, shown(&fixture.loaded()));
}

#[test]
fn byte_order_marks_line_ends_and_blank_lines_do_not_matter() {
    let fixture = Fixture::new();
    let before = shown(&fixture.loaded());
    for table in TABLES {
        let file = format!("{table}.csv");
        let mut text = fixture.read(&file).replace('\n', " \r\n");
        if !text.contains('"') {
            text = text.replace(',', " ,\t");
        }
        fixture.write(&file, format!("\u{FEFF}\r\n{text}\r\n,,\r\n"));
    }
    let toml = fixture.read("scenario.toml").replace('\n', "\r\n");
    fixture.write("scenario.toml", format!("\u{FEFF}{toml}"));
    assert_eq!(before, shown(&fixture.loaded()));
}

#[test]
fn rows_are_counted_as_lines_of_the_file() {
    let fixture = Fixture::new();
    let text = "\r\n\r\nsite_id,sector_id,amount\r\n\r\ns1,health,1\r\n\"s2\",\"health\",\"a\r\nb\"\r\n\r\n,,\r\ns3,health,x\r\n";
    let found = fixture.write("needs.csv", text).load().expect_err("wrong amounts");
    assert_eq!(fixture.told(&found), ["E014 needs.csv:6:amount", "E014 needs.csv:10:amount"]);
    let found = fixture.write("needs.csv", text.replace("\r\n", "\r")).load().expect_err("wrong amounts");
    assert_eq!(fixture.told(&found), ["E014 needs.csv:6:amount", "E014 needs.csv:10:amount"]);
}

#[test]
fn rounding_goes_the_safe_way_and_is_told_once_a_column() {
    let fixture = Fixture::new();
    fixture.replace("scenario.toml", "amounts_in = 10000", "amounts_in = 500");
    for (table, amount) in [("needs", ",100\n"), ("commitments", ",50\n"), ("commitments", ",30\n")] {
        fixture.replace(&format!("{table}.csv"), amount, ",101\n");
    }
    fixture.replace("sector_capacity.csv", "150", "151");
    let loaded = fixture.loaded();
    let scenario = &loaded.scenario;
    assert_eq!(scenario.needs[0].amount, Money(51), "50.5 to the nearest");
    assert_eq!(scenario.sector_capacity.values().next(), Some(&Money(75)), "75.5 down");
    let expected =
        ["W002 commitments.csv:2:amount", "W002 needs.csv:2:amount", "W002 sector_capacity.csv:2:amount"];
    assert_eq!(fixture.told(&loaded.warnings), expected);
}

#[test]
fn capacity_can_grow_from_revenue() {
    let fixture = Fixture::new();
    let text = "province_id,name_zh,name_en,revenue,rate,growth\neast,东,East,1000,0.01,0.1\n\
                north,北,North,3333.3,0.01,\nwest,西,West,1000,0.01,-0.5\n";
    let loaded = fixture.write("provinces.csv", text).loaded();
    let budgets: Vec<i64> = loaded.scenario.budgets.iter().copied().collect();
    assert_eq!(budgets, [100, 110, 333, 333, 100, 50]);
    let found = fixture.replace("provinces.csv", "3333.3,0.01,", "3333.3,,").load().expect_err("no rate");
    assert_eq!(fixture.told(&found), ["E010 provinces.csv:3:rate"]);
}

#[test]
fn needs_and_absorption_can_be_given_by_year() {
    let fixture = Fixture::new();
    fixture.replace("needs.csv", "amount", "amount_2021,amount_2022").replace("needs.csv", ",100", ",40,60");
    fixture.replace("sites.csv", "absorption", "absorption_2021,absorption_2022");
    fixture.replace("sites.csv", ",90\n", ",90,\n").replace("sites.csv", "80000,", "80000,,");
    fixture.replace("sites.csv", ",150\n", ",150,0\n");
    let scenario = fixture.loaded().scenario;
    assert_eq!(scenario.needs[0].by_year, Some(vec![Money(400), Money(600)]));
    assert_eq!(scenario.needs[0].amount, Money(1000));
    assert_eq!(scenario.sites[0].absorption, [Some(Money(900)), None]);
    assert_eq!(scenario.sites[2].absorption, [Some(Money(1500)), Some(Money::ZERO)]);
    let found =
        fixture.replace("needs.csv", "s1,health,40,60", "s1,health,,60").load().expect_err("an empty year");
    assert_eq!(fixture.told(&found), ["E010 needs.csv:2:amount_2021"]);
}

#[test]
fn optional_tables_can_be_left_out() {
    let fixture = Fixture::new();
    for table in ["regions", "priorities", "sector_capacity", "commitments", "exclusions"] {
        fixture.remove(&format!("{table}.csv"));
    }
    let scenario = fixture.loaded().scenario;
    let regions: Vec<&str> = scenario.regions.iter().map(|region| region.id.as_str()).collect();
    assert_eq!(regions, ["hills", "plains"]);
    assert!(scenario.needs.iter().all(|need| need.weight == Ratio::ONE));
    fixture.write("regions.csv", "region_id,name_zh,name_en\n");
    assert_eq!(fixture.loaded().scenario.regions.len(), 2, "a table without rows is as good as none");
}

#[test]
fn a_commitment_without_a_need_makes_a_line() {
    let fixture = Fixture::new();
    let before = fixture.loaded().scenario;
    let loaded = fixture.append("commitments.csv", "east,s2,roads,2022,10").loaded();
    assert_eq!(fixture.told(&loaded.warnings), ["W008 commitments.csv:4:sector_id"]);
    assert_eq!(loaded.scenario.needs.len(), before.needs.len() + 1);
    assert_eq!(
        loaded.scenario.lines.len(),
        before.lines.len() + 2,
        "for each province that is paired with it"
    );
    let nothing = Fixture::new();
    nothing.append("commitments.csv", "east,s2,roads,2022,0");
    assert_eq!(shown(&nothing.loaded()), shown(&Fixture::new().loaded()), "a promise of nothing is none");
}

#[test]
fn a_plan_is_read() {
    let fixture = Fixture::new();
    let (plan, odd) = fixture.read_plan("plan.csv").expect("a plan");
    assert!(odd.is_empty());
    assert_eq!((plan.lines().len(), plan.total()), (2, Money(1600)));
    // Whether a line is a candidate is for the audit to say.
    fixture.append("plan.csv", "west,s1,roads,2022,7");
    assert_eq!(fixture.read_plan("plan.csv").expect("a plan").0.lines().len(), 3);
    let noted = "province_id,site_id,sector_id,year,amount,note\nwest,s1,roads,2022,7,as agreed\n";
    let (plan, odd) = fixture.write("plan.csv", noted).read_plan("plan.csv").expect("a plan");
    assert_eq!(plan.total(), Money(7));
    assert_eq!(fixture.told(&odd), ["W001 plan.csv:1:note"]);
}

#[test]
fn one_unreadable_table_does_not_make_all_others_wrong() {
    let fixture = Fixture::new();
    fixture.write("sites.csv", "").replace("sectors.csv", "health,卫生", "health!,卫生");
    let found = all_found(fixture.load());
    let told = fixture.told(&found);
    assert!(
        told.contains(&"E003 sites.csv".to_owned())
            && told.contains(&"E011 sectors.csv:2:sector_id".to_owned())
    );
    assert!(!told.iter().any(|line| line.contains(":site_id")), "{told:?}");
}

#[test]
fn published_scenarios_load_without_a_warning() {
    for name in ["starter", "wenchuan", "wenchuan/cross-pairing.toml", "eu-cohesion"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        let found = all_found(allot::input::load(&path, &[]));
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}
