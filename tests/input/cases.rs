//! Every code that reading can tell, each at its file, row and column.

use std::collections::BTreeSet;

use allot::diagnostics::{Code, Diagnostics};

use crate::common::{Fixture, all_found};
use crate::workbooks;

/// A spoiled scenario and the one thing that is told about it.
struct Case {
    /// `code file:row:column`.
    told: &'static str,
    spoil: fn(&Fixture) -> Diagnostics,
}

fn load(fixture: &Fixture) -> Diagnostics {
    all_found(fixture.load())
}

fn load_set(fixture: &Fixture, set: &str) -> Diagnostics {
    all_found(fixture.load_from("", &[set]))
}

fn plan(fixture: &Fixture) -> Diagnostics {
    fixture.read_plan("plan.csv").expect_err("a wrong plan")
}

/// The three sites on the map: about 36 and 300 km apart.
fn located(fixture: &Fixture) -> &Fixture {
    fixture.replace("sites.csv", "absorption\n", "absorption,latitude,longitude\n");
    fixture.replace("sites.csv", "120000,90\n", "120000,90,31,103.2\n");
    fixture.replace("sites.csv", "80000,\n", "80000,,31.2,103.5\n");
    fixture.replace("sites.csv", "300000,150\n", "300000,150,33.5,102\n")
}

/// Sites within reach of one another, more pairs than can be worked with.
fn crowd(fixture: &Fixture) -> &Fixture {
    located(fixture).remove("neighbours.csv");
    fixture.replace("scenario.toml", "policy =", "neighbour_radius_km = 50\npolicy =");
    for n in 0..1500 {
        fixture.append("sites.csv", &format!("x{n},县,County,hills,county,,,,31,103"));
    }
    fixture
}

macro_rules! cases {
    ($($told:literal $spoil:expr;)*) => { &[$(Case { told: $told, spoil: $spoil },)*] };
}

const CASES: &[Case] = cases! {
    "E001 scenario.toml:11:tables.needs" |f| load(f.append("scenario.toml", "[tables]").append("scenario.toml", "needs = 'none.csv'"));
    "E001 scenario.toml" |f| load(f.remove("scenario.toml"));
    "E001 nowhere" |f| all_found(f.load_from("nowhere", &[]));
    "E001 over.toml:1:parent" |f| { f.write("over.toml", "parent = 'nowhere'"); all_found(f.load_from("over.toml", &[])) };
    "E002 scenario.toml:4:yeers" |f| load(f.replace("scenario.toml", "policy =", "yeers = 1\npolicy ="));
    "E002 scenario.toml:8:money.unit" |f| load(f.replace("scenario.toml", "unit = 1000", "unit = 'much'"));
    "E002 scenario.toml:4" |f| load(f.replace("scenario.toml", "years = [2021, 2022]", "years = [2021, 2022"));
    "E002 scenario.toml:title" |f| load(f.replace("scenario.toml", "title = { zh = \"小例\", en = \"Small example\" }", ""));
    "E002 scenario.toml:11:tables.need" |f| load(f.append("scenario.toml", "[tables]").append("scenario.toml", "need = 'needs.csv'"));
    "E003 needs.csv:3" |f| load(f.replace("needs.csv", "s1,roads,100", "s1,roads"));
    "E003 needs.csv:3" |f| load(f.replace("needs.csv", "s1,roads,100", "s1,roads,1,000"));
    "E003 sites.csv:3:name_zh" |f| { let text = f.read("sites.csv").replace("二县", "BYTES"); let at = text.find("BYTES").expect("bytes"); let mut bytes = text.into_bytes(); bytes[at..at + 4].copy_from_slice(b"\xB6\xFE\xCF\xD8"); load(f.write("sites.csv", bytes)) };
    "E003 needs.csv" |f| load(f.write("needs.csv", "\n\n"));
    "E003 needs.csv" |f| load(f.write("needs.csv", "\u{FEFF}"));
    "E003 needs.csv" |f| load(f.write("needs.csv", b"\xFF\xFEs\0i\0t\0e\0"));
    "E003 needs.csv:1" |f| { let text = f.read("needs.csv").replace(',', ";"); load(f.write("needs.csv", text)) };
    "E003 needs.xlsx" |f| { let text = f.read("needs.csv"); f.remove("needs.csv"); load(f.write("needs.xlsx", text)) };
    "E004 needs.csv" |f| load(f.remove("needs.csv"));
    "E005 exclusions.csv:1:reason" |f| load(f.write("exclusions.csv", "province_id,site_id,sector_id\n*,s3,roads\n"));
    "E005 needs.csv:1:amount" |f| load(f.write("needs.csv", "site_id,sector_id\ns1,roads\n"));
    "E005 provinces.csv:1:capacity_2022" |f| { f.replace("provinces.csv", ",capacity_2022", ""); load(f.replace("provinces.csv", ",120\n", "\n").replace("provinces.csv", ",80\n", "\n").replace("provinces.csv", ",60\n", "\n")) };
    "E006 needs.xlsx" |f| { f.remove("needs.csv"); load(f.write("needs.xlsx", workbooks::bomb(false))) };
    "E007 needs.csv:1:amount" |f| { let text = f.read("needs.csv").replace(",100", ",100,100").replace(",amount", ",amount,amount"); load(f.write("needs.csv", text)) };
    "E008 provinces.csv:3:capacity" |f| { let text = f.read("provinces.csv").replace("_2022\n", "_2022,capacity\n").replace(",120\n", ",120,\n").replace(",80\n", ",80,80\n").replace(",60\n", ",60,\n"); load(f.write("provinces.csv", text)) };
    "E010 sites.csv:3:name_en" |f| load(f.replace("sites.csv", "Second County", " "));
    "E010 needs.csv:4:amount" |f| load(f.replace("needs.csv", "s1,schools,100", "s1,schools,"));
    "E010 provinces.csv:3:capacity_2022" |f| load(f.replace("provinces.csv", "0,80,80", "0,80,"));
    "E011 sectors.csv:4:groups" |f| load(f.replace("sectors.csv", "Schools,livelihood", "Schools,live lihood"));
    "E011 scenario.toml:1:id" |f| load(f.replace("scenario.toml", "\"small\"", "\"too small\""));
    "E012 pairings.csv:3:site_id" |f| load(f.replace("pairings.csv", "east,s2,cross,0.8", "east,s22,cross,0.8"));
    "E012 sites.csv:3:region" |f| load(f.replace("sites.csv", "Second County,hills", "Second County,hils"));
    "E012 commitments.csv:2:site_id" |f| load(f.replace("commitments.csv", "east,s1", "east,s3"));
    "E012 priorities.csv:2:id" |f| load(f.replace("priorities.csv", "hills", "hill"));
    "E012 plan.csv:3:sector_id" |f| plan(f.replace("plan.csv", "health,2022", "heelth,2022"));
    "E013 needs.csv:10:site_id, sector_id" |f| load(f.append("needs.csv", "s1,roads,100"));
    "E013 sites.csv:5:site_id" |f| load(f.append("sites.csv", "s1,一县,First County,hills,county,,1,"));
    "E013 plan.csv:5:province_id, site_id, sector_id, year" |f| plan(f.append("plan.csv", "east,s1,health,2021,1"));
    "E014 needs.csv:9:amount" |f| load(f.replace("needs.csv", "s3,schools,100", "s3,schools,\"1,000\""));
    "E014 sites.csv:2:population" |f| load(f.replace("sites.csv", "120000", "120000.5"));
    "E015 sector_capacity.csv:2:amount" |f| load(f.replace("sector_capacity.csv", "150", "-150"));
    "E015 plan.csv:4:amount" |f| plan(f.replace("plan.csv", "600", "-600"));
    "E016 sector_capacity.csv:2:amount" |f| load(f.replace("sector_capacity.csv", "150", "900000000000001"));
    "E016 sector_capacity.csv:2:amount" |f| load(f.replace("sector_capacity.csv", "150", "1e30"));
    "E016 plan.csv" |f| plan(f.replace("plan.csv", ",500", ",5000000000000000"));
    "E017 pairings.csv:3:effectiveness" |f| load(f.replace("pairings.csv", "0.8", "0"));
    "E017 provinces.csv:2:carry_over" |f| load(f.replace("provinces.csv", "0.1", "1.1"));
    "E017 priorities.csv:2:weight" |f| load(f.replace("priorities.csv", "1.5", "1.1234567"));
    "E017 sites.csv:2:population" |f| load(f.replace("sites.csv", "120000", "0"));
    "E017 scenario.toml:8:money.unit" |f| load(f.replace("scenario.toml", "unit = 1000\n", "unit = 0\n"));
    "E018 pairings.csv:3:kind" |f| load(f.replace("pairings.csv", "cross", "crossed"));
    "E018 priorities.csv:4:kind" |f| load(f.replace("priorities.csv", "site,", "sites,"));
    "E018 scenario.toml:7:money.currency" |f| load(f.replace("scenario.toml", "CNY", "yuan"));
    "E019 scenario.toml:3:years" |f| load(f.replace("scenario.toml", "2021, 2022", "2021, 2023"));
    "E019 commitments.csv:2:year" |f| load(f.replace("commitments.csv", "2021", "2020"));
    "E019 plan.csv:2:year" |f| plan(f.replace("plan.csv", "2021,500", "2020,500"));
    "E020 needs.csv:1" |f| load(f.write("needs.csv", "site_id,sector_id,amount\n").remove("commitments.csv"));
    "E021 --set tables.sights[site_id=s1].region=hills:tables" |f| load_set(f, "tables.sights[site_id=s1].region=hills");
    "E021 --set policy" |f| load_set(f, "policy");
    "E022 over.toml:1:parent" |f| { f.write("over.toml", "parent = 'over.toml'"); all_found(f.load_from("over.toml", &[])) };
    "E050 plan.csv:3" |f| plan(f.replace("plan.csv", "2022,500", "2022"));
    "E050 plan.csv:3:amount" |f| plan(f.replace("plan.csv", "2022,500", "2022,500.5"));
    "W001 sectors.csv:1:group" |f| load(f.replace("sectors.csv", "groups", "group"));
    "W001 sectors.csv:1:(column 4)" |f| load(f.replace("sectors.csv", "groups", ""));
    "W002 needs.csv:3:amount" |f| load(f.replace("needs.csv", "s1,roads,100", "s1,roads,100.25").replace("needs.csv", "s2,health,100", "s2,health,100.01"));
    "W004 needs.csv:3:amount" |f| load(f.replace("needs.csv", "s1,roads,100", "s1,roads,0.1").replace("needs.csv", "s1,schools,100", "s1,schools,2000000"));
    "W005 sites.csv:5:site_id" |f| load(f.append("sites.csv", "s4,四县,Fourth,hills,county,,,").append("needs.csv", "s4,roads,5"));
    "W006 provinces.csv:2:capacity_2021" |f| load(f.replace("provinces.csv", "100,120", "1000,120"));
    "W008 commitments.csv:3:sector_id" |f| load(f.replace("commitments.csv", "north,s2,schools", "north,s2,roads"));
    "W009 exclusions.csv:3:province_id" |f| load(f.append("exclusions.csv", "north,s1,health,never paired"));
    "E005 sites.csv:1:latitude" |f| load(f.remove("neighbours.csv").replace("scenario.toml", "policy =", "neighbour_radius_km = 50\npolicy ="));
    "E008 scenario.toml:4:neighbour_radius_km" |f| load(located(f).replace("scenario.toml", "policy =", "neighbour_radius_km = 50\npolicy ="));
    "E008 parks.csv:3:benefit_shares" |f| load(f.replace("parks.csv", "schools,,", "schools,,s2=10000"));
    "E010 parks.csv:2:benefit_shares" |f| load(f.replace("parks.csv", "s3=2500;s1=7500", ""));
    "E010 parks.csv:2:benefit_shares" |f| load(f.replace("parks.csv", "s3=2500;s1=7500", "s3=10000"));
    "E010 sites.csv:3:latitude" |f| load(located(f).remove("neighbours.csv").replace("sites.csv", ",31.2,103.5", ",,").replace("scenario.toml", "policy =", "neighbour_radius_km = 50\npolicy ="));
    "E010 sites.csv:3:longitude" |f| load(located(f).replace("sites.csv", ",103.5", ","));
    "E011 parks.csv:3:industries" |f| load(f.replace("parks.csv", "F42", "F 42"));
    "E012 industries.csv:3:parent" |f| load(f.replace("industries.csv", "engineering,F", "engineering,G"));
    "E012 neighbours.csv:3:site_a" |f| load(f.replace("neighbours.csv", "s3", "s33"));
    "E012 parks.csv:2:benefit_shares" |f| load(f.replace("parks.csv", "s1=7500", "s11=7500"));
    "E012 parks.csv:2:host" |f| load(f.replace("parks.csv", "enclave,s3", "enclave,s4"));
    "E012 parks.csv:3:industries" |f| load(f.replace("parks.csv", "F42", "F43"));
    "E012 parks.csv:3:sectors" |f| load(f.replace("parks.csv", "schools", "school"));
    "E012 sectors.csv:3:industry" |f| load(f.replace("sectors.csv", "F42", "F43"));
    "E013 neighbours.csv:4:site_a, site_b" |f| load(f.append("neighbours.csv", "s2,s1"));
    "E013 parks.csv:4:host" |f| load(f.append("parks.csv", "more,又一园,Another,demonstration,s1,F,,,"));
    "E015 parks.csv:2:capacity" |f| load(f.replace("parks.csv", ",50,", ",-50,"));
    "E017 industries.csv:6:parent" |f| load(f.append("industries.csv", "F421,铁路,Railways,F42"));
    "E017 parks.csv:2:benefit_shares" |f| load(f.replace("parks.csv", "s1=7500", "s1=7600"));
    "E017 parks.csv:2:benefit_shares" |f| load(f.replace("parks.csv", "s1=7500", "s1:7500"));
    "E017 parks.csv:2:benefit_shares" |f| load(f.replace("parks.csv", "s1=7500", "s3=7500"));
    "E017 scenario.toml:4:neighbour_radius_km" |f| load(f.remove("neighbours.csv").replace("scenario.toml", "policy =", "neighbour_radius_km = 0\npolicy ="));
    "E017 sites.csv:2:latitude" |f| load(located(f).replace("sites.csv", "31,103", "91,103"));
    "E018 parks.csv:2:kind" |f| load(f.replace("parks.csv", "enclave", "enclaves"));
    "E023 neighbours.csv:3:site_b" |f| load(f.replace("neighbours.csv", "s3,s2", "s2,s2"));
    "E024 scenario.toml:4:neighbour_radius_km" |f| load(crowd(f));
    "W001 parks.csv:1:ethnicity" |f| load(f.replace("parks.csv", "benefit_shares\n", "benefit_shares,ethnicity\n").replace("parks.csv", "7500\n", "7500,\n").replace("parks.csv", "schools,,\n", "schools,,,\n"));
    "E010 secondees.csv:2:number" |f| load(f.replace("secondees.csv", "doctor,3,4,", "doctor,3,,"));
    "E010 people.csv:3:profession_id" |f| load(f.replace("people.csv", "nurse", ""));
    "E011 people.csv:2:skills" |f| load(f.replace("people.csv", "icu;mri", "i cu;mri"));
    "E012 professions.csv:2:substitutes" |f| load(f.replace("professions.csv", "nurse=3000", "nurs=3000"));
    "E012 secondees.csv:5:profession_id" |f| load(f.replace("secondees.csv", "teacher", "teecher"));
    "E012 posts.csv:4:site_id" |f| load(f.replace("posts.csv", "s2,teacher", "s22,teacher"));
    "E012 placements.csv:2:site_id" |f| load(f.replace("placements.csv", "east,s1", "east,s3"));
    "E012 people.csv:4:province_id" |f| load(f.replace("people.csv", "north", "nort"));
    "E012 post_list.csv:3:profession_id" |f| load(f.replace("post_list.csv", "teacher", "tutor"));
    "E013 secondees.csv:6:secondees_id" |f| load(f.append("secondees.csv", "e-nurses,east,nurse,2,2,,"));
    "E013 posts.csv:5:posts_id" |f| load(f.append("posts.csv", "s2-teachers,s2,teacher,2,2,,,,"));
    "E013 placements.csv:3:province_id, site_id, profession_id" |f| load(f.append("placements.csv", "east,s1,doctor,1"));
    "E014 posts.csv:2:team" |f| load(f.replace("posts.csv", "4,3,2,3,12", "4,3,2,2.5,12"));
    "E017 secondees.csv:2:grade" |f| load(f.replace("secondees.csv", "doctor,3,4", "doctor,0,4"));
    "E017 secondees.csv:4:full_time" |f| load(f.replace("secondees.csv", "24,0.5", "24,1.5"));
    "E017 posts.csv:3:priority" |f| load(f.replace("posts.csv", "1,1,1.5", "1,1,0"));
    "E017 posts.csv:2:number" |f| load(f.replace("posts.csv", "doctor,4,3", "doctor,4,0"));
    "E017 professions.csv:2:substitutes" |f| load(f.replace("professions.csv", "nurse=3000", "doctor=3000"));
    "E017 professions.csv:2:substitutes" |f| load(f.replace("professions.csv", "nurse=3000", "nurse=0.3"));
    "E017 professions.csv:2:grade_loss" |f| load(f.replace("professions.csv", "3000,0.25", "3000,1.25"));
    "E025 people.csv:1:ethnicity" |f| load(f.write("people.csv", "person_id,province_id,profession_id,ethnicity\na7,east,doctor,x\n"));
    "E025 people.csv:1:民族" |f| load(f.write("people.csv", "person_id,province_id,profession_id,民族\na7,east,doctor,x\n"));
    "E025 secondees.csv:1:政治面貌" |f| load(f.write("secondees.csv", "secondees_id,province_id,profession_id,number,政治面貌\ne,east,doctor,1,x\n").remove("posts.csv"));
    "E025 people.csv:2:person_id" |f| load(f.replace("people.csv", "a7,", "11010519491231002X,"));
    "E025 people.csv:3:person_id" |f| load(f.replace("people.csv", "b2,", "13800138000,"));
    "W001 people.csv:1:remark" |f| load(f.write("people.csv", "person_id,province_id,profession_id,remark\na7,east,doctor,x\n"));
    "E010 provenance.csv:2:table" |f| load(f.replace("provenance.csv", "regions,*", ",*"));
    "E012 provenance.csv:3:column" |f| load(f.replace("provenance.csv", "name_zh", "name_fr"));
    "E013 provenance.csv:4:table, column" |f| load(f.append("provenance.csv", "regions,*,derived,,"));
    "E018 provenance.csv:2:table" |f| load(f.replace("provenance.csv", "regions,*", "region,*"));
    "E018 provenance.csv:3:kind" |f| load(f.replace("provenance.csv", "sourced", "source"));
    "W013 posts.csv:5:posts_id" |f| load(f.append("posts.csv", "s3-teachers,s3,teacher,1,1,,,,"));
    "W014 secondees.csv:6:secondees_id" |f| load(f.append("secondees.csv", "w-teachers,west,teacher,1,1,,"));
    "W011 parks.csv:3:industries" |f| load(f.replace("parks.csv", "F42,schools", "P,").append("industries.csv", "P,教育,Education,"));
};

#[test]
fn each_mistake_is_told_at_its_place_and_alone() {
    let mut wrong = Vec::new();
    for case in CASES {
        let fixture = Fixture::new();
        let found = (case.spoil)(&fixture);
        let told = fixture.told(&found);
        if told != [case.told] {
            let full: Vec<String> = found.iter().map(ToString::to_string).collect();
            wrong.push(format!("expected {}\n{}", case.told, full.join("\n")));
        }
        for diagnostic in found.iter() {
            assert!(!diagnostic.cause.is_empty() && !diagnostic.action.is_empty(), "{}", case.told);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Codes that are told elsewhere: by policies, by rules, by formulations, by annexes, by studies.
const ELSEWHERE: &[&str] = &[
    "E030", "E031", "E040", "E041", "E042", "E051", "E052", "E060", "E061", "W003", "W007", "W010", "W012",
    "W015",
];

#[test]
fn each_code_has_a_case() {
    let tested: BTreeSet<&str> =
        CASES.iter().map(|case| &case.told[..4]).chain(ELSEWHERE.iter().copied()).collect();
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(tested, all);
}

#[test]
fn a_near_miss_is_recognised() {
    let fixture = Fixture::new();
    fixture.replace("pairings.csv", "north,s2", "nort,s2").replace("commitments.csv", "north", "east");
    let found = fixture.load().expect_err("an unknown province");
    let action = &found.iter().next().expect("one error").action;
    assert!(action.contains("did you mean 'north'"), "{action}");
}

#[test]
fn near_misses_of_industries_and_neighbours_are_recognised() {
    let fixture = Fixture::new();
    fixture.replace("sectors.csv", "F42", "F4Z").replace("neighbours.csv", "s3,s2", "s3,s2x");
    let found = fixture.load().expect_err("two unknown ids");
    let actions: Vec<&str> = found.iter().map(|diagnostic| diagnostic.action.as_str()).collect();
    assert!(actions[0].contains("did you mean 's2'"), "{actions:?}");
    assert!(actions[1].contains("did you mean 'F42'"), "{actions:?}");
}

#[test]
fn the_first_of_two_rows_is_named() {
    let fixture = Fixture::new();
    let found = fixture.append("needs.csv", "s1,roads,100").load().expect_err("a duplicate");
    let cause = &found.iter().next().expect("one error").cause;
    assert!(cause.contains("needs.csv:3"), "{cause}");
}
