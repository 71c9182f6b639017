//! The rules once more, straight from their one-line descriptions, on a plan as a table of numbers: no
//! code of the program, no tolerance, shares compared as whole numbers in hundredths.

use crate::support::{Park, World};

/// Amounts by province, site, sector and year.
pub struct Table {
    sizes: [usize; 4],
    amounts: Vec<i64>,
}

impl Table {
    pub fn new(world: &World) -> Self {
        let sizes = [world.provinces.len(), world.sites.len(), world.sectors.len(), world.years];
        Self { sizes, amounts: vec![0; sizes.iter().product()] }
    }

    fn position(&self, cell: [usize; 4]) -> usize {
        cell.iter().zip(self.sizes).fold(0, |position, (index, size)| position * size + index)
    }

    pub fn set(&mut self, cell: [usize; 4], amount: i64) {
        let position = self.position(cell);
        self.amounts[position] = amount;
    }

    fn cells(&self) -> impl Iterator<Item = ([usize; 4], i64)> {
        let [_, sites, sectors, years] = self.sizes;
        self.amounts.iter().enumerate().map(move |(position, &amount)| {
            let (rest, t) = (position / years, position % years);
            let (rest, k) = (rest / sectors, rest % sectors);
            ([rest / sites, rest % sites, k, t], amount)
        })
    }

    /// Money of the cells that a test accepts.
    pub fn sum(&self, accept: impl Fn([usize; 4]) -> bool) -> i64 {
        self.cells().filter(|(cell, _)| accept(*cell)).map(|(_, amount)| amount).sum()
    }

    /// Totals of the funded lines.
    fn lines(&self) -> Vec<([usize; 3], i64)> {
        let mut totals = std::collections::BTreeMap::new();
        for ([p, s, k, _], amount) in self.cells() {
            *totals.entry([p, s, k]).or_insert(0) += amount;
        }
        totals.into_iter().filter(|(_, total)| *total > 0).collect()
    }
}

/// A rule with its parameters; shares and effects in hundredths.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    ProvinceBudget,
    NeedCap,
    Absorption,
    MinimumTicket(i64),
    MaximumLines(usize),
    MaximumLinesPerSite(usize),
    MaximumProvincesPerSite(usize),
    MaximumSectorsPerSite(usize),
    FocusShare(usize, i64),
    /// Share of the first sector in all, from and to.
    GroupShare(i64, i64),
    NeedFloorPerSite(i64),
    NeedFloor(i64),
    BudgetUse(i64),
    /// Share of the first sector's money in the first year.
    Phasing(i64),
    Continuity(i64),
    DominanceCap(usize, i64),
    NoDuplication(usize),
    /// All industries as one.
    NoDuplicationOfSections(usize),
    ClusterMinimum(i64),
    ParkCapacity,
    ParkShare(i64),
    Enclave(i64),
}

impl Rule {
    /// The table of the rule in a policy.
    pub fn text(self) -> String {
        let share = |hundredths: i64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
        match self {
            Self::ProvinceBudget => "rule = \"province_budget\"".to_owned(),
            Self::NeedCap => "rule = \"need_cap\"".to_owned(),
            Self::Absorption => "rule = \"absorption\"".to_owned(),
            Self::MinimumTicket(amount) => format!("rule = \"minimum_ticket\"\namount = {amount}"),
            Self::MaximumLines(number) => format!("rule = \"maximum_lines\"\nnumber = {number}"),
            Self::MaximumLinesPerSite(number) => {
                format!("rule = \"maximum_lines\"\nnumber = {number}\nper = \"site\"")
            }
            Self::MaximumProvincesPerSite(number) => {
                format!("rule = \"maximum_provinces_per_site\"\nnumber = {number}")
            }
            Self::MaximumSectorsPerSite(number) => {
                format!("rule = \"maximum_sectors_per_site\"\nnumber = {number}")
            }
            Self::FocusShare(number, alpha) => {
                format!("rule = \"focus_share\"\nnumber = {number}\nshare = {}", share(alpha))
            }
            Self::GroupShare(min, max) => format!(
                "rule = \"group_share\"\ngroup = {{ sectors = [\"k1\"] }}\nmin = {}\nmax = {}",
                share(min),
                share(max)
            ),
            Self::NeedFloorPerSite(alpha) => {
                format!("rule = \"need_floor\"\nshare = {}\nper = \"site\"", share(alpha))
            }
            Self::NeedFloor(alpha) => format!("rule = \"need_floor\"\nshare = {}", share(alpha)),
            Self::BudgetUse(alpha) => format!("rule = \"budget_use\"\nshare = {}", share(alpha)),
            Self::Phasing(alpha) => {
                format!("rule = \"phasing\"\npath = [{}]\nselect = {{ sectors = [\"k1\"] }}", share(alpha))
            }
            Self::Continuity(alpha) => format!("rule = \"continuity\"\nkeep = {}", share(alpha)),
            Self::DominanceCap(number, alpha) => {
                format!("rule = \"dominance_cap\"\nnumber = {number}\nshare = {}", share(alpha))
            }
            Self::NoDuplication(number) => format!("rule = \"no_duplication\"\nnumber = {number}"),
            Self::NoDuplicationOfSections(number) => {
                format!("rule = \"no_duplication\"\nnumber = {number}\nlevel = \"section\"")
            }
            Self::ClusterMinimum(amount) => format!("rule = \"cluster_minimum\"\namount = {amount}"),
            Self::ParkCapacity => "rule = \"park_capacity\"".to_owned(),
            Self::ParkShare(beta) => format!("rule = \"park_share\"\nshare = {}", share(beta)),
            Self::Enclave(amount) => format!("rule = \"enclave\"\namount = {amount}"),
        }
    }

    /// Whether a plan keeps it.
    pub fn holds(self, world: &World, plan: &Table) -> bool {
        let whole = plan.sum(|_| true);
        let sites = 0..world.sites.len();
        let counts = |key: &dyn Fn([usize; 3]) -> [usize; 2], group: usize, most: usize| {
            let members: std::collections::BTreeSet<_> =
                plan.lines().iter().map(|(ids, _)| key(*ids)).collect();
            (0..group).all(|g| members.iter().filter(|member| member[0] == g).count() <= most)
        };
        match self {
            Self::ProvinceBudget => world.provinces.iter().enumerate().all(|(p, province)| {
                let paid = |year| plan.sum(|[q, _, _, t]| q == p && t == year);
                province.capacity.iter().enumerate().all(|(year, capacity)| paid(year) <= *capacity)
            }),
            Self::NeedCap => {
                (0..world.needs.len()).all(|n| covered(world, plan, n) <= 100 * world.needs[n].2)
            }
            Self::Absorption => sites.clone().all(|site| {
                let paid = |year| plan.sum(|[_, s, _, t]| s == site && t == year);
                world.sites[site]
                    .absorption
                    .is_none_or(|most| (0..world.years).all(|year| paid(year) <= most))
            }),
            Self::MinimumTicket(amount) => plan.lines().iter().all(|(_, total)| *total >= amount),
            Self::MaximumLines(most) => plan.lines().len() <= most,
            Self::MaximumLinesPerSite(most) => {
                let of = |site| plan.lines().iter().filter(|([_, s, _], _)| *s == site).count();
                sites.clone().all(|site| of(site) <= most)
            }
            Self::MaximumProvincesPerSite(most) => counts(&|[p, s, _]| [s, p], sites.len(), most),
            Self::MaximumSectorsPerSite(most) => counts(&|[_, s, k]| [s, k], sites.len(), most),
            Self::FocusShare(number, alpha) => 100 * largest(world, plan, number) >= alpha * whole,
            Self::DominanceCap(number, alpha) => 100 * largest(world, plan, number) <= alpha * whole,
            Self::GroupShare(min, max) => {
                let part = plan.sum(|[_, _, k, _]| k == 0);
                100 * part >= min * whole && 100 * part <= max * whole
            }
            Self::NeedFloorPerSite(alpha) => {
                sites.clone().all(|site| floor_met(world, plan, alpha, Some(site)))
            }
            Self::NeedFloor(alpha) => floor_met(world, plan, alpha, None),
            Self::BudgetUse(alpha) => world.provinces.iter().enumerate().all(|(p, province)| {
                100 * plan.sum(|[q, ..]| q == p) >= alpha * province.capacity.iter().sum::<i64>()
            }),
            Self::Phasing(alpha) => {
                100 * plan.sum(|[_, _, k, t]| k == 0 && t == 0) >= alpha * plan.sum(|[_, _, k, _]| k == 0)
            }
            Self::Continuity(alpha) => world.commitments.iter().all(|&(p, s, k, year, amount)| {
                100 * plan.sum(|[q, r, j, t]| [q, r, j] == [p, s, k] && year.is_none_or(|y| y == t))
                    >= alpha * amount
            }),
            Self::NoDuplication(most) => {
                industries(world).all(|i| builders(world, plan, &|k| world.industries[k] == Some(i), most))
            }
            Self::NoDuplicationOfSections(most) => {
                builders(world, plan, &|k| world.industries[k].is_some(), most)
            }
            Self::ClusterMinimum(amount) => industries(world).all(|i| {
                maximal_cliques(world).iter().all(|sites| {
                    let inside = |s: usize| sites >> s & 1 == 1;
                    let money = plan.sum(|[_, s, k, _]| inside(s) && world.industries[k] == Some(i));
                    money == 0 || money >= amount
                })
            }),
            Self::ParkCapacity => {
                world.parks.iter().all(|park| park.capacity.is_none_or(|most| in_park(plan, park) <= most))
            }
            Self::ParkShare(beta) => {
                let industry = plan.sum(|[_, _, k, _]| world.industries[k].is_some());
                let inside = plan.sum(|[_, s, k, _]| {
                    world.industries[k].is_some()
                        && world.parks.iter().any(|park| park.host == s && park.sectors.contains(&k))
                });
                100 * inside >= beta * industry
            }
            Self::Enclave(amount) => sites.clone().all(|site| {
                let away = |park: &&Park| park.host != site && park.shares.iter().any(|(s, _)| *s == site);
                if !world.parks.iter().any(|park| away(&park)) {
                    return true;
                }
                let shares = world.parks.iter().flat_map(|park| {
                    park.shares.iter().filter(|(s, _)| *s == site).map(move |(_, points)| (park, points))
                });
                shares.map(|(park, points)| points * in_park(plan, park)).sum::<i64>() >= 10_000 * amount
            }),
        }
    }
}

fn industries(world: &World) -> impl Iterator<Item = usize> {
    let most = world.industries.iter().flatten().max().copied();
    0..most.map_or(0, |most| most + 1)
}

fn in_park(plan: &Table, park: &Park) -> i64 {
    plan.sum(|[_, s, k, _]| s == park.host && park.sectors.contains(&k))
}

/// Whether the sites of a set, one bit each, are all neighbours of one another. Where no table says who is a
/// neighbour, there are no such sets, not even of one site.
fn is_clique(world: &World, set: usize) -> bool {
    if world.neighbours.is_empty() {
        return false;
    }
    let inside = |s: usize| set >> s & 1 == 1;
    (0..world.sites.len()).all(|b| {
        (0..b).all(|a| {
            !inside(a)
                || !inside(b)
                || world.neighbours.contains(&(a, b))
                || world.neighbours.contains(&(b, a))
        })
    })
}

fn maximal_cliques(world: &World) -> Vec<usize> {
    let cliques: Vec<usize> = (1..1 << world.sites.len()).filter(|&set| is_clique(world, set)).collect();
    let inside_another = |set: usize| cliques.iter().any(|&other| other != set && other & set == set);
    cliques.iter().copied().filter(|&set| !inside_another(set)).collect()
}

/// Whether no more than so many sites that are all neighbours build what a test says.
fn builders(world: &World, plan: &Table, is_it: &dyn Fn(usize) -> bool, most: usize) -> bool {
    let builds = |site: usize| plan.sum(|[_, s, k, _]| s == site && is_it(k)) > 0;
    let set: usize = (0..world.sites.len()).filter(|&site| builds(site)).map(|site| 1 << site).sum();
    (1..1 << world.sites.len())
        .filter(|&clique| clique & set == clique && is_clique(world, clique))
        .all(|clique: usize| clique.count_ones() as usize <= most)
}

/// Need covered, in hundredths of an amount, without a limit.
fn covered(world: &World, plan: &Table, need: usize) -> i64 {
    let (site, sector, _) = world.needs[need];
    let links = world.pairings.iter().filter(|(_, s, _)| *s == site);
    links.map(|&(p, _, effect)| effect * plan.sum(|[q, s, k, _]| [q, s, k] == [p, site, sector])).sum()
}

fn floor_met(world: &World, plan: &Table, alpha: i64, site: Option<usize>) -> bool {
    let needs = (0..world.needs.len()).filter(|&n| site.is_none_or(|site| world.needs[n].0 == site));
    let (mut met, mut asked) = (0, 0);
    for need in needs {
        let amount = world.needs[need].2;
        met += covered(world, plan, need).min(100 * amount);
        asked += alpha * amount;
    }
    met >= asked
}

fn largest(world: &World, plan: &Table, number: usize) -> i64 {
    let mut money: Vec<i64> = (0..world.sites.len()).map(|site| plan.sum(|[_, s, _, _]| s == site)).collect();
    money.sort_unstable_by(|a, b| b.cmp(a));
    money.iter().take(number).sum()
}

/// The value of coverage with two halves at 1 and 1/2, in 20,000ths: hundredths of an amount, of a weight,
/// and halves.
pub fn coverage(world: &World, plan: &Table) -> i64 {
    let weight =
        |site| world.site_weights.iter().find(|(s, _)| *s == site).map_or(100, |(_, weight)| *weight);
    (0..world.needs.len())
        .map(|need| {
            let (site, _, amount) = world.needs[need];
            let covered = covered(world, plan, need).min(100 * amount);
            let first = covered.min(50 * amount);
            weight(site) * (2 * first + (covered - first))
        })
        .sum()
}

/// [`coverage`] in units of money.
pub const COVERAGE_SCALE: f64 = 20_000.0;
