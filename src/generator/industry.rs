//! Industry on top of a synthetic instance: where sites are, what sectors build, parks, and the rules on them.
//! The instance itself stays as it was drawn.

use std::fmt::Write as _;

use super::{File, Instance, MEAN_NEED, Shape, whole};
use crate::random::Random;

/// Of two regions beside one another, in degrees: some of their sites are neighbours.
const REGION_DEGREES: f64 = 1.0;
/// Kilometres.
const RADIUS: i64 = 60;
/// The streams of an instance and of what is laid over it differ.
const STREAM: u64 = 0x696e_6475_7374_7279;

/// Adds it to the files of [`super::generate`] for the same shape and seed.
#[must_use]
pub fn with_industry(files: Vec<File>, shape: Shape, seed: u64) -> Vec<File> {
    let instance = Instance::draw(shape, &mut Random::new(seed));
    let mut random = Random::new(seed ^ STREAM);
    let mut files: Vec<File> = files
        .into_iter()
        .map(|(name, text)| {
            let text = match name {
                "scenario.toml" => {
                    text.replace("\n[money]", &format!("neighbour_radius_km = {RADIUS}\n\n[money]"))
                }
                "sites.csv" => coordinates(&text, &instance, &mut random),
                "sectors.csv" => industries_of(&text, shape),
                "policy.toml" => text + &rules(),
                _ => text,
            };
            (name, text)
        })
        .collect();
    files.push(("industries.csv", industries(shape)));
    files.push(("parks.csv", parks(&instance)));
    files
}

/// The rows of a table with something behind each.
fn widened(text: &str, heading: &str, mut cell: impl FnMut(usize) -> String) -> String {
    let mut wide = String::with_capacity(2 * text.len());
    for (position, row) in text.lines().enumerate() {
        let more = if position == 0 { heading.to_owned() } else { cell(position - 1) };
        let _ = writeln!(wide, "{row},{more}");
    }
    wide
}

/// Regions on a grid, the sites of a region around its middle.
fn coordinates(text: &str, instance: &Instance, random: &mut Random) -> String {
    let across = (1..=instance.regions).find(|n| n * n >= instance.regions).unwrap_or(1);
    widened(text, "latitude,longitude", |site| {
        let region = site % instance.regions;
        let (row, column) = (region / across, region % across);
        let mut around =
            |start: f64, cell: usize| start + (cell as f64 + 0.8 * (random.unit() - 0.5)) * REGION_DEGREES;
        format!("{:.4},{:.4}", around(30.0, row), around(80.0, column))
    })
}

/// The division of a sector: the second half of the sectors are industry, two to a division.
fn division(sector: usize, sectors: usize) -> Option<String> {
    (2 * sector >= sectors).then(|| format!("C{}", 13 + (sector - sectors.div_ceil(2)) / 2))
}

fn industries_of(text: &str, shape: Shape) -> String {
    widened(text, "industry", |sector| division(sector, shape.sectors).unwrap_or_default())
}

fn industries(shape: Shape) -> String {
    let mut text = "industry_id,name_zh,name_en,parent\nC,制造业,Manufacturing,\n".to_owned();
    let mut divisions: Vec<String> = (0..shape.sectors).filter_map(|k| division(k, shape.sectors)).collect();
    divisions.dedup();
    for code in divisions {
        let _ = writeln!(text, "{code},大类{code},Division {code},C");
    }
    text
}

/// In every third region a joint park, in every third an enclave for a site of another region.
fn parks(instance: &Instance) -> String {
    let mut text = "park_id,name_zh,name_en,kind,host,capacity,benefit_shares\n".to_owned();
    for host in 0..instance.regions.min(instance.shape.sites) {
        let industry: i64 = instance.need[host][instance.shape.sectors / 2..].iter().sum();
        let capacity = whole(industry as f64 * 0.6);
        let home = (host + instance.regions / 2 + 1) % instance.shape.sites;
        let (kind, shares) = match host % 3 {
            0 => ("joint", String::new()),
            1 if home != host => ("enclave", format!("s{host:05}=4000;s{home:05}=6000")),
            _ => continue,
        };
        let _ = writeln!(text, "m{host:03},园区{host},Park {host},{kind},s{host:05},{capacity},{shares}");
    }
    text
}

fn rules() -> String {
    format!(
        r#"
[rules.R21]
rule = "no_duplication"
title = {{ zh = "产业不重复", en = "No duplication" }}
number = 2

[rules.R22]
rule = "cluster_minimum"
title = {{ zh = "起步规模", en = "Critical mass" }}
amount = {}

[rules.R23]
rule = "park_capacity"
title = {{ zh = "园区容量", en = "Capacity of parks" }}

[rules.R24]
rule = "park_share"
title = {{ zh = "入园比例", en = "Share of parks" }}
share = 0.2
"#,
        whole(MEAN_NEED * 0.7)
    )
}
