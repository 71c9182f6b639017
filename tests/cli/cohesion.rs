//! Real data: thematic concentration of the published cohesion plan, recomputed here straight from the
//! Commission's table, and whether `solve` meets it wherever it can be met.

use std::collections::BTreeMap;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::program::{json, read_json, root, rule, run_to};

const SCENARIO: &str = "scenarios/eu-cohesion";
const POLICY: [&str; 2] = ["--policy", "models/erdf-2014-2020.toml"];

/// Category of regions, its rule on themes 01-04 and its rule on theme 04 by country, then for the Union;
/// the two thresholds.
const RULES: [(&str, [&str; 4], [f64; 2]); 3] = [
    ("More developed", ["R4", "R5", "R10", "R11"], [0.8, 0.2]),
    ("Transition", ["R6", "R7", "R12", "R13"], [0.6, 0.15]),
    ("Less developed", ["R8", "R9", "R14", "R15"], [0.5, 0.12]),
];

const IDS: [(&str, &str); 3] =
    [("More developed", "more"), ("Transition", "transition"), ("Less developed", "less")];

/// ERDF money by category and country: without technical assistance, themes 01-04, theme 04.
type Shares = BTreeMap<(String, String), [f64; 3]>;

fn from_source() -> Shares {
    let file = root().join(SCENARIO).join("source/erdf_cf_2014_2020_planned.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let mut shares = Shares::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        if row["fund"] != "ERDF" || row["theme"] == "TA" {
            continue;
        }
        let amount: f64 = row["eu_amount_eur"].parse().unwrap();
        let theme: u32 = row["theme"].parse().unwrap();
        let key = (row["region_category"].clone(), row["country"].to_lowercase());
        let sums = shares.entry(key).or_default();
        sums[0] += amount;
        if theme <= 4 {
            sums[1] += amount;
        }
        if theme == 4 {
            sums[2] += amount;
        }
    }
    shares
}

fn published() -> Value {
    let plan = ["audit", SCENARIO, "--plan", "scenarios/eu-cohesion/published-plan.csv", "--format", "json"];
    json(&run_to(0, [&plan[..], &POLICY].concat()))
}

/// Measured shares by scope.
fn measured(document: &Value, id: &str) -> BTreeMap<String, f64> {
    let findings = rule(document, id)["findings"].as_array().unwrap().iter();
    let scope = |finding: &Value| {
        let ids: Vec<&str> =
            finding["scope"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        ids.join(" ")
    };
    findings.map(|finding| (scope(finding), finding["measured"].as_f64().unwrap())).collect()
}

#[test]
fn the_audit_of_the_published_plan_gives_the_shares_of_every_country_and_of_the_union() {
    let (shares, document) = (from_source(), published());
    let mut compared = 0;
    for (category, ids, _) in RULES {
        let short = IDS.iter().find(|(name, _)| *name == category).unwrap().1;
        let countries: Vec<_> = shares.iter().filter(|((c, _), _)| c == category).collect();
        for part in [1, 2] {
            let by_country = measured(&document, ids[part - 1]);
            assert_eq!(by_country.len(), countries.len(), "{category}");
            for ((_, country), sums) in &countries {
                let ours = by_country[&format!("erdf-{country}-{short}")];
                let theirs = sums[part] / sums[0];
                // Four of the 1,982 published amounts have fractions of a euro.
                assert!((ours - theirs).abs() < 1e-9, "{category} {country} {part}: {ours} {theirs}");
                compared += 1;
            }
            let whole = |position: usize| countries.iter().map(|(_, sums)| sums[position]).sum::<f64>();
            let union = measured(&document, ids[part + 1])[""];
            assert!((union - whole(part) / whole(0)).abs() < 1e-9, "{category} {part}: {union}");
        }
    }
    assert_eq!(compared, 2 * (22 + 11 + 17), "every envelope of the three categories");
}

#[test]
fn it_says_which_published_envelopes_are_below_a_threshold() {
    let (shares, document) = (from_source(), published());
    for (category, ids, thresholds) in RULES {
        for part in [1, 2] {
            let id = ids[part - 1];
            let expected = shares
                .iter()
                .filter(|((c, _), sums)| c == category && sums[part] < thresholds[part - 1] * sums[0]);
            let failing = rule(&document, id)["findings"].as_array().unwrap().iter();
            let failing = failing.filter(|finding| finding["passes"] == false).count();
            assert_eq!(failing, expected.count(), "{id}");
            // Over the whole Union all six are met.
            assert_eq!(rule(&document, ids[part + 1])["passes"], true);
        }
    }
}

/// Needs and envelopes of the scenario, read here without the program's own reader.
struct Tables {
    capacity: BTreeMap<String, f64>,
    envelope: BTreeMap<String, String>,
    needs: Vec<(String, String, f64)>,
}

impl Tables {
    fn read() -> Self {
        let rows = |name: &str| -> Vec<BTreeMap<String, String>> {
            let file = root().join(SCENARIO).join(format!("{name}.csv"));
            csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
        };
        let provinces = rows("provinces").into_iter();
        let needs = rows("needs").into_iter();
        Self {
            capacity: provinces
                .map(|row| (row["province_id"].clone(), row["capacity"].parse().unwrap()))
                .collect(),
            envelope: rows("pairings")
                .into_iter()
                .map(|row| (row["site_id"].clone(), row["province_id"].clone()))
                .collect(),
            needs: needs
                .map(|row| (row["site_id"].clone(), row["sector_id"].clone(), row["amount"].parse().unwrap()))
                .collect(),
        }
    }

    fn need(&self, envelope: &str, themes: &[&str]) -> f64 {
        let of = self
            .needs
            .iter()
            .filter(|(site, theme, _)| self.envelope[site] == envelope && themes.contains(&theme.as_str()));
        of.map(|(_, _, amount)| amount).sum()
    }

    /// No plan that spends the envelope in full and no theme beyond its need gives the themes a larger
    /// share of what is not technical assistance: all their need, over the least that the rest can be.
    fn largest_share(&self, envelope: &str, themes: &[&str]) -> f64 {
        let whole = self.capacity[envelope] - self.need(envelope, &["ta"]);
        (self.need(envelope, themes) / whole).min(1.0)
    }
}

#[test]
fn solve_meets_every_share_that_can_be_met() {
    let folder = tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    run_to(0, [&["solve", SCENARIO, "--quiet", "--out", out][..], &POLICY].concat());
    let document = read_json(&folder.path().join("plan.json"));
    let tables = Tables::read();
    let mut short = Vec::new();
    for (_, ids, thresholds) in RULES {
        for (part, themes) in [&["to01", "to02", "to03", "to04"][..], &["to04"]].into_iter().enumerate() {
            for finding in rule(&document, ids[part])["findings"].as_array().unwrap() {
                let envelope = finding["scope"][0].as_str().unwrap();
                let most = tables.largest_share(envelope, themes);
                let share = finding["measured"].as_f64().unwrap();
                assert!(share <= most + 1e-12, "{envelope}: {share} is over what can be, {most}");
                if finding["passes"] == false {
                    assert!(most < thresholds[part], "{envelope} could reach {most} and has {share}");
                    // What cannot be met is met as far as it can be, to the euro.
                    let euro = 1.0 / tables.capacity[envelope];
                    assert!(share > most - 3.0 * euro, "{envelope}: {share} where {most} can be had");
                    short.push((ids[part], envelope.to_owned()));
                }
            }
            assert_eq!(rule(&document, ids[part + 2])["passes"], true);
        }
    }
    assert_eq!(short.len(), 10, "{short:?}");
    // Every other rule is hard and holds.
    let plan = folder.path().join("plan.csv");
    let audit = ["audit", SCENARIO, "--plan", plan.to_str().unwrap()];
    run_to(0, [&audit[..], &POLICY].concat());
}
