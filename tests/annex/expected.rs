//! What the tables must say, computed from `plan.json` alone and in another way than the annex does it.

use std::collections::BTreeMap;

use serde_json::Value;

/// Name of a table, and its money column row by row, sums included.
pub type Tables = BTreeMap<&'static str, Vec<i64>>;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

/// Every group's amounts with their sum behind, and the sum of all at the end.
fn with_sums(groups: BTreeMap<&str, Vec<i64>>) -> Vec<i64> {
    let whole: i64 = groups.values().flatten().sum();
    let rows = groups.into_values().flat_map(|amounts| {
        let sum = amounts.iter().sum();
        [amounts, vec![sum]].concat()
    });
    rows.chain([whole]).collect()
}

/// Sums of lines by one id within another, in order.
fn nested<'a>(lines: &'a [Value], outer: &str, inner: &str, committed: &[Value]) -> Vec<i64> {
    let mut sums: BTreeMap<&'a str, BTreeMap<&'a str, i64>> = BTreeMap::new();
    for line in lines {
        *sums.entry(text(line, outer)).or_default().entry(text(line, inner)).or_default() +=
            line["total"].as_i64().unwrap();
    }
    let mut with_nothing: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    for (outer, inner) in sums {
        with_nothing.insert(outer, inner);
    }
    // Lines that only the last plan had are listed too, with nothing.
    let [outer, inner] = [outer, inner].map(|key| key.trim_end_matches("_id"));
    for line in committed {
        with_nothing.entry(text(line, outer)).or_default().entry(text(line, inner)).or_default();
    }
    with_sums(with_nothing.into_iter().map(|(key, inner)| (key, inner.into_values().collect())).collect())
}

/// What the tables of amounts must say.
pub fn tables(plan: &Value, input: &Value) -> Tables {
    let lines = plan["lines"].as_array().unwrap();
    let committed = input["commitments"].as_array().unwrap();
    let by = |kind: &str| {
        let mut amounts: Vec<i64> = plan["coverage"][kind]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["money"].as_i64().unwrap())
            .collect();
        amounts.push(amounts.iter().sum());
        amounts
    };
    BTreeMap::from([
        ("province_site", nested(lines, "province_id", "site_id", committed)),
        ("site_sector", nested(lines, "site_id", "sector_id", committed)),
        ("site", by("site")),
        ("region", by("region")),
        ("sector", by("sector")),
        ("province", by("province")),
    ])
}

/// Measured values of rules, of the instance with the least room, as the annex prints them.
pub fn total(plan: &Value) -> i64 {
    plan["lines"].as_array().unwrap().iter().map(|line| line["total"].as_i64().unwrap()).sum()
}
