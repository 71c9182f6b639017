//! Who builds what, where: a plan's money by site and industry, and what is measured of it.

use std::collections::BTreeMap;

use crate::domain::{IndustryId, IndustryLevel, Plan, RegionId, Scenario, SiteId};
use crate::units::{MICRO, Micro, Money};

/// Money of an industry at a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Built {
    /// All of it.
    pub money: Money,
    /// What of it is in a park.
    pub in_park: Money,
}

/// What a plan builds. Money of sectors without an industry is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Industries {
    /// By site and industry, as sectors are coded.
    pub built: BTreeMap<(SiteId, IndustryId), Built>,
    /// Money of each park, in the order of [`Scenario::parks`], whatever its sectors.
    pub parks: Vec<Money>,
    /// Money of each site, the benefits of enclaves shared out: in the order of [`Scenario::sites`].
    pub benefits: Vec<Micro>,
}

impl Industries {
    /// Measures a plan; `None` where no sector has an industry.
    pub fn of(scenario: &Scenario, plan: &Plan) -> Option<Self> {
        scenario.sectors.iter().find(|sector| sector.industry.is_some())?;
        let mut this = Self {
            built: BTreeMap::new(),
            parks: vec![Money::ZERO; scenario.parks.len()],
            benefits: vec![Micro::ZERO; scenario.sites.len()],
        };
        for line in plan.lines() {
            let money = line.total();
            let park = scenario.parks.iter().position(|park| park.holds(line.site, line.sector));
            if let Some(park) = park {
                this.parks[park] += money;
            }
            let shares = park.map_or(&[][..], |park| &scenario.parks[park].benefits);
            for (site, share) in shares {
                this.benefits[site.0] += money * *share;
            }
            if shares.is_empty() {
                this.benefits[line.site.0] += money.micro();
            }
            if let Some(industry) = scenario.industry_of(line.sector, IndustryLevel::Division) {
                let built = this.built.entry((line.site, industry)).or_default();
                built.money += money;
                built.in_park += if park.is_some() { money } else { Money::ZERO };
            }
        }
        Some(this)
    }

    /// All money of industry.
    pub fn money(&self) -> Money {
        self.built.values().map(|built| built.money).sum()
    }

    /// Money of an industry at a site.
    pub fn at(&self, site: SiteId, industry: IndustryId) -> Built {
        self.built.get(&(site, industry)).copied().unwrap_or_default()
    }

    /// Money by industry.
    pub fn by_industry(&self) -> BTreeMap<IndustryId, Built> {
        let mut sums: BTreeMap<IndustryId, Built> = BTreeMap::new();
        for ((_, industry), built) in &self.built {
            let sum = sums.entry(*industry).or_default();
            sum.money += built.money;
            sum.in_park += built.in_park;
        }
        sums
    }

    /// Number of sites that build an industry, and its Herfindahl-Hirschman index over them.
    pub fn concentration(&self, industry: IndustryId) -> (usize, Option<f64>) {
        let here = self.built.iter().filter(|((_, of), built)| *of == industry && built.money > Money::ZERO);
        let sites: Vec<f64> = here.map(|(_, built)| built.money.as_f64()).collect();
        let all: f64 = sites.iter().sum();
        let hhi = (all > 0.0).then(|| sites.iter().map(|money| money * money).sum::<f64>() / (all * all));
        (sites.len(), hhi)
    }

    /// Share of the industry's money that is in parks.
    pub fn park_share(&self) -> Option<f64> {
        let in_park: Money = self.built.values().map(|built| built.in_park).sum();
        let all = self.money();
        (all > Money::ZERO).then(|| in_park.as_f64() / all.as_f64())
    }

    /// How much of what neighbours build both of them build, from 0 to 1: over pairs `(a,b)` of neighbours and
    /// industries `i`, `2 · Σ min(X[a,i], X[b,i]) / Σ (X[a] + X[b])`. It is the similarity of Bray and Curtis
    /// (1957), summed over pairs; between two sites with equal money, the index of Finger and Kreinin (1979).
    /// `None` where no neighbours build anything.
    pub fn duplication(&self, scenario: &Scenario) -> Option<f64> {
        let mut at_site: Vec<BTreeMap<IndustryId, i128>> = vec![BTreeMap::new(); scenario.sites.len()];
        for ((site, industry), built) in &self.built {
            at_site[site.0].insert(*industry, built.money.0.into());
        }
        let (mut both, mut all) = (0, 0);
        for (a, b) in &scenario.neighbours.pairs {
            let (a, b) = (&at_site[a.0], &at_site[b.0]);
            both += a.iter().filter_map(|(i, money)| Some(*money.min(b.get(i)?))).sum::<i128>();
            all += a.values().chain(b.values()).sum::<i128>();
        }
        (all > 0).then(|| 2.0 * both as f64 / all as f64)
    }

    /// For each site and industry that it builds, how many of its neighbours build it too; those with none are
    /// left out.
    pub fn neighbours_with(&self, scenario: &Scenario) -> BTreeMap<(SiteId, IndustryId), usize> {
        let mut at_site: Vec<Vec<IndustryId>> = vec![Vec::new(); scenario.sites.len()];
        for ((site, industry), _) in self.built.iter().filter(|(_, built)| built.money > Money::ZERO) {
            at_site[site.0].push(*industry);
        }
        let mut counts = BTreeMap::new();
        for (a, b) in &scenario.neighbours.pairs {
            for industry in at_site[a.0].iter().filter(|industry| at_site[b.0].contains(industry)) {
                *counts.entry((*a, *industry)).or_default() += 1;
                *counts.entry((*b, *industry)).or_default() += 1;
            }
        }
        counts
    }

    /// Location quotients of the places that sites are in (Isard, 1960): an industry's share of the place's
    /// industry over its share of all industry, `(X[r,i] / X[r]) / (X[i] / X)`. Above 1 the place is specialised
    /// in it.
    pub fn quotients<P: Ord + Copy>(
        &self,
        place: impl Fn(SiteId) -> P,
    ) -> BTreeMap<(P, IndustryId), (Money, f64)> {
        let mut here: BTreeMap<(P, IndustryId), Money> = BTreeMap::new();
        let mut of_place: BTreeMap<P, Money> = BTreeMap::new();
        for ((site, industry), built) in self.built.iter().filter(|(_, built)| built.money > Money::ZERO) {
            *here.entry((place(*site), *industry)).or_default() += built.money;
            *of_place.entry(place(*site)).or_default() += built.money;
        }
        let (of_industry, all) = (self.by_industry(), self.money().as_f64());
        let quotient = |((place, industry), money): ((P, IndustryId), Money)| {
            let own = money.as_f64() / of_place[&place].as_f64();
            let everywhere = of_industry[&industry].money.as_f64() / all;
            ((place, industry), (money, own / everywhere))
        };
        here.into_iter().map(quotient).collect()
    }

    /// The same by region.
    pub fn quotients_by_region(&self, scenario: &Scenario) -> BTreeMap<(RegionId, IndustryId), (Money, f64)> {
        self.quotients(|site| scenario.sites[site.0].region)
    }
}

/// Share of all need that is covered where the benefits of enclaves are shared out: money of an enclave covers
/// the need for its sector of each site by the site's share, each need up to its amount. `None` where no park
/// shares its benefits, or nothing is needed.
pub fn benefit_coverage(scenario: &Scenario, plan: &Plan) -> Option<f64> {
    scenario.parks.iter().find(|park| !park.benefits.is_empty())?;
    // Millionths of a millionth of a unit: money × effectiveness × share, exactly.
    let whole = i128::from(MICRO) * i128::from(MICRO);
    let mut covered = vec![0_i128; scenario.needs.len()];
    for line in plan.lines() {
        let Some(link) = scenario.find_link(line.province, line.site) else { continue };
        let effect = (line.total() * scenario.links[link.0].effectiveness).0;
        let shares = scenario.park_at(line.site, line.sector).map_or(&[][..], |park| &park.benefits);
        let own = [(line.site, crate::units::Ratio::ONE)];
        for (site, share) in if shares.is_empty() { &own[..] } else { shares } {
            if let Some(need) = scenario.find_need(*site, line.sector) {
                covered[need.0] += effect * i128::from(share.micros());
            }
        }
    }
    let needs = || scenario.needs.iter().map(|need| i128::from(need.amount.0) * whole);
    let met: i128 = covered.into_iter().zip(needs()).map(|(covered, need)| covered.min(need)).sum();
    let all: i128 = needs().sum();
    (all > 0).then(|| met as f64 / all as f64)
}
