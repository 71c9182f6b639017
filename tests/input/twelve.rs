//! A folder with twelve different mistakes: one load tells them all.

use crate::common::{Fixture, all_found};

#[test]
fn twelve_mistakes_are_told_at_once() {
    let fixture = Fixture::new();
    fixture.replace("scenario.toml", "policy =", "polcy =");
    fixture.replace("provinces.csv", "north,北省,North,,0,", "north,北省,North,,3,");
    fixture.replace("provinces.csv", "west,西省", "we st,西省");
    fixture.replace("regions.csv", "Plains", "");
    fixture.replace("sites.csv", "120000", "many");
    fixture.append("sectors.csv", "roads,道路,Roads again,,");
    fixture.replace("pairings.csv", "cross", "crooss");
    fixture.replace("needs.csv", "s2,schools,100", "s2,schools,-100").append("needs.csv", "s4,roads,5");
    fixture.replace("priorities.csv", "sector,health,2", "sector,health,2,2");
    fixture.remove("sector_capacity.csv").write("sector_capacity.xlsx", "not a workbook");
    fixture.replace("commitments.csv", "2021", "2031");
    fixture.replace("exclusions.csv", "reason", "because");
    let found = all_found(fixture.load());
    let expected = [
        "E010 regions.csv:3:name_en",
        "E005 exclusions.csv:1:reason",
        "E003 priorities.csv:3",
        "E003 sector_capacity.xlsx",
        "E019 commitments.csv:2:year",
        "W001 exclusions.csv:1:because",
        "E015 needs.csv:6:amount",
        "E012 needs.csv:10:site_id",
        "E018 pairings.csv:3:kind",
        "E012 pairings.csv:5:province_id",
        "E017 provinces.csv:3:carry_over",
        "E011 provinces.csv:4:province_id",
        "E002 scenario.toml:4:polcy",
        "E013 sectors.csv:5:sector_id",
        "E014 sites.csv:2:population",
    ];
    let (mut told, mut expected) = (fixture.told(&found), expected.map(str::to_owned).to_vec());
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    let errors = found.by_code().keys().filter(|code| code.id().starts_with('E')).count();
    assert!(errors >= 12, "{errors} kinds of errors");
}
