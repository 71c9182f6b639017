//! Seeded synthetic instances for benchmarks and tests: a scenario folder and a policy with every family
//! of rules on. The same shape and seed give the same files on every machine.

mod industry;
mod policy;
mod talent;

use std::fmt::Write as _;

use crate::random::Random;
pub use industry::with_industry;
pub use talent::{with_people, with_talent};

/// Size of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Donor provinces.
    pub provinces: usize,
    /// Recipient sites.
    pub sites: usize,
    /// Sectors.
    pub sectors: usize,
    /// Years.
    pub years: usize,
    /// Provinces that may fund a site, its own among them; `None`: every province.
    pub links: Option<usize>,
}

/// One file of an instance: name and text.
pub type File = (&'static str, String);

/// Capacity as a share of need: money is short, as it always is.
const CAPACITY_OF_NEED: f64 = 0.6;
/// Mean need of a site in a sector, in units.
const MEAN_NEED: f64 = 6000.0;
/// Sites in a region.
const SITES_PER_REGION: usize = 6;

struct Instance {
    shape: Shape,
    /// Size of each site: needs grow with it.
    size: Vec<f64>,
    /// Need of each site and sector.
    need: Vec<Vec<i64>>,
    /// Own province of each site.
    own: Vec<usize>,
    /// Capacity of each province in a year.
    capacity: Vec<i64>,
    regions: usize,
}

/// Makes the files of an instance.
pub fn generate(shape: Shape, seed: u64) -> Vec<File> {
    let mut random = Random::new(seed);
    let instance = Instance::draw(shape, &mut random);
    vec![
        ("scenario.toml", instance.scenario_toml(seed)),
        ("policy.toml", policy::text(shape, MEAN_NEED)),
        ("provinces.csv", instance.provinces()),
        ("sites.csv", instance.sites(&mut random)),
        ("sectors.csv", instance.sectors()),
        ("pairings.csv", instance.pairings(&mut random)),
        ("needs.csv", instance.needs()),
        ("priorities.csv", instance.priorities(&mut random)),
        ("exclusions.csv", instance.exclusions(&mut random)),
    ]
}

fn whole(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation)]
    let rounded = number.round() as i64;
    rounded
}

impl Instance {
    fn draw(shape: Shape, random: &mut Random) -> Self {
        let size: Vec<f64> = (0..shape.sites).map(|_| random.log_normal(0.6)).collect();
        let need: Vec<Vec<i64>> = size
            .iter()
            .map(|size| {
                let draw = |_| whole(MEAN_NEED * size * random.log_normal(0.7)).max(1);
                (0..shape.sectors).map(draw).collect()
            })
            .collect();
        let all: i64 = need.iter().flatten().sum();
        let weight: Vec<f64> = (0..shape.provinces).map(|_| random.log_normal(0.5)).collect();
        let weights: f64 = weight.iter().sum();
        let capacity = weight
            .iter()
            .map(|w| whole(all as f64 * CAPACITY_OF_NEED * w / weights / shape.years as f64).max(1))
            .collect();
        // Richer provinces own more sites: own sites are drawn with the capacities as weights.
        let mut own: Vec<usize> = (0..shape.sites).map(|s| s % shape.provinces).collect();
        for own in own.iter_mut().skip(shape.provinces) {
            *own = random.weighted(&weight, weights);
        }
        random.shuffle(&mut own);
        let regions = shape.sites.div_ceil(SITES_PER_REGION);
        Self { shape, size, need, own, capacity, regions }
    }

    fn scenario_toml(&self, seed: u64) -> String {
        let years: Vec<String> = (0..self.shape.years).map(|year| (2026 + year).to_string()).collect();
        format!(
            "# Synthetic instance: {:?}, seed {seed}.\nid = \"bench-{seed}\"\n\
             title = {{ zh = \"合成算例\", en = \"Synthetic instance\" }}\nyears = [{}]\npolicy = \"policy.toml\"\n\n\
             [money]\ncurrency = \"CNY\"\nunit = 10000\n",
            self.shape,
            years.join(", "),
        )
    }

    fn provinces(&self) -> String {
        let mut text = "province_id,name_zh,name_en,capacity,carry_over\n".to_owned();
        for (p, capacity) in self.capacity.iter().enumerate() {
            let _ = writeln!(text, "p{p:03},支援方{p},Province {p},{capacity},0");
        }
        text
    }

    fn sites(&self, random: &mut Random) -> String {
        let mut text = "site_id,name_zh,name_en,region,level,groups,population,absorption\n".to_owned();
        for s in 0..self.shape.sites {
            let level = if s % 4 == 0 { "prefecture" } else { "county" };
            let group = if random.unit() < 0.3 { "key" } else { "other" };
            let population = whole(100_000.0 * self.size[s] * random.log_normal(0.3)).max(1000);
            let need: i64 = self.need[s].iter().sum();
            // Loose for most sites: what is needed could be spent in half of the years.
            let absorption = whole(need as f64 * 2.0 / self.shape.years as f64).max(1);
            let region = s % self.regions;
            let _ = writeln!(
                text,
                "s{s:05},受援地{s},Site {s},r{region:03},{level},{group},{population},{absorption}"
            );
        }
        text
    }

    fn sectors(&self) -> String {
        let mut text = "sector_id,name_zh,name_en,groups\n".to_owned();
        for k in 0..self.shape.sectors {
            // The first half of the sectors are livelihoods.
            let group = if 2 * k < self.shape.sectors { "livelihood" } else { "industry" };
            let _ = writeln!(text, "k{k:02},领域{k},Sector {k},{group}");
        }
        text
    }

    fn pairings(&self, random: &mut Random) -> String {
        let mut text = "province_id,site_id,kind,effectiveness\n".to_owned();
        for (s, &own) in self.own.iter().enumerate() {
            let mut others: Vec<usize> = (0..self.shape.provinces).filter(|p| *p != own).collect();
            if let Some(links) = self.shape.links {
                random.shuffle(&mut others);
                others.truncate(links.saturating_sub(1));
            }
            let _ = writeln!(text, "p{own:03},s{s:05},own,1");
            for p in others {
                let effectiveness = 80 + random.below(16);
                let _ = writeln!(text, "p{p:03},s{s:05},cross,0.{effectiveness}");
            }
        }
        text
    }

    fn needs(&self) -> String {
        let mut text = "site_id,sector_id,amount\n".to_owned();
        for (s, needs) in self.need.iter().enumerate() {
            for (k, need) in needs.iter().enumerate() {
                let _ = writeln!(text, "s{s:05},k{k:02},{need}");
            }
        }
        text
    }

    fn priorities(&self, random: &mut Random) -> String {
        let mut text = "kind,id,weight\n".to_owned();
        let mut weight = |low: u64, span: u64| (low + random.below(span)) as f64 / 100.0;
        for s in 0..self.shape.sites {
            let _ = writeln!(text, "site,s{s:05},{}", weight(80, 71));
        }
        for r in 0..self.regions {
            let _ = writeln!(text, "region,r{r:03},{}", weight(90, 31));
        }
        for k in 0..self.shape.sectors {
            let _ = writeln!(text, "sector,k{k:02},{}", weight(80, 61));
        }
        text
    }

    fn exclusions(&self, random: &mut Random) -> String {
        let mut text = "province_id,site_id,sector_id,reason\n".to_owned();
        let last = self.shape.sectors - 1;
        let mut sites: Vec<usize> = (0..self.shape.sites).collect();
        random.shuffle(&mut sites);
        for s in sites.iter().take(self.shape.sites.div_ceil(20)) {
            let _ = writeln!(text, "*,s{s:05},k{last:02},synthetic: protected area");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides_everything() {
        let shape = Shape { provinces: 3, sites: 7, sectors: 4, years: 2, links: Some(2) };
        assert_eq!(generate(shape, 1), generate(shape, 1));
        assert_ne!(generate(shape, 1), generate(shape, 2));
    }

    #[test]
    fn industry_adds_to_an_instance_and_changes_nothing_of_it() {
        let shape = Shape { provinces: 3, sites: 9, sectors: 5, years: 2, links: Some(2) };
        let plain = generate(shape, 1);
        let with = with_industry(plain.clone(), shape, 1);
        for ((name, before), (same, after)) in plain.iter().zip(&with) {
            assert_eq!(name, same);
            if !matches!(*name, "scenario.toml" | "policy.toml") {
                assert_eq!(before.lines().count(), after.lines().count(), "{name}");
                assert!(before.lines().zip(after.lines()).all(|(before, after)| after.starts_with(before)));
            }
        }
        assert_eq!(with, with_industry(plain, shape, 1));
    }

    #[test]
    fn talent_adds_to_an_instance_and_changes_nothing_of_it() {
        let shape = Shape { provinces: 3, sites: 9, sectors: 5, years: 2, links: Some(2) };
        let plain = generate(shape, 1);
        let with = with_people(with_talent(plain.clone(), shape, 1), shape, 1, 20);
        for (before, after) in plain.iter().zip(&with) {
            assert!(before == after || before.0 == "policy.toml", "{}", before.0);
        }
        assert_eq!(with, with_people(with_talent(plain, shape, 1), shape, 1, 20));
        assert_eq!(with[with.len() - 1].1.lines().count(), 21);
    }
}
