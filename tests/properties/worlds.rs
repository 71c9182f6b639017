//! Small scenarios and policies from chance.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::support::{Park, Province, Site, World};

/// Largest number of provinces, sites, sectors and years.
#[derive(Debug, Clone, Copy)]
pub struct Size(pub usize, pub usize, pub usize, pub usize);

pub const SMALL: Size = Size(3, 4, 3, 3);
pub const TINY: Size = Size(2, 2, 2, 2);

/// A rule with parameters; shares in hundredths, money in amounts of the tables.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    Ticket(i64),
    TicketOfLinks(i64),
    TicketOfYears(i64),
    LinesPerSite(i64),
    LinesPerProvince(i64),
    Provinces(i64),
    Sectors(i64),
    Sites(i64),
    Focus(i64, i64),
    Dominance(i64, i64),
    GroupAtLeast(i64),
    GroupAtMost(i64),
    Floor(i64),
    Phasing(i64),
    Use(i64),
    Continuity(i64),
    Ramp(i64),
    Equity(i64),
    NoDuplication(i64),
    ClusterMinimum(i64),
    ParkShare(i64),
    ParkCapacity,
    Enclave(i64),
    Exclusion,
}

fn share(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

impl Rule {
    /// Its table in a policy, money times a factor.
    pub fn text(self, factor: i64) -> String {
        let group = "group = { sector_groups = [\"livelihood\"] }";
        match self {
            Self::Ticket(amount) => format!("rule = \"minimum_ticket\"\namount = {}", amount * factor),
            Self::TicketOfLinks(amount) => {
                format!("rule = \"minimum_ticket\"\nof = \"link\"\namount = {}", amount * factor)
            }
            Self::TicketOfYears(amount) => {
                format!("rule = \"minimum_ticket\"\nof = \"line_year\"\namount = {}", amount * factor)
            }
            Self::LinesPerSite(number) => {
                format!("rule = \"maximum_lines\"\nnumber = {number}\nper = \"site\"")
            }
            Self::LinesPerProvince(number) => {
                format!("rule = \"maximum_lines\"\nnumber = {number}\nper = \"province\"")
            }
            Self::Provinces(number) => format!("rule = \"maximum_provinces_per_site\"\nnumber = {number}"),
            Self::Sectors(number) => format!("rule = \"maximum_sectors_per_site\"\nnumber = {number}"),
            Self::Sites(number) => format!("rule = \"maximum_sites_per_province\"\nnumber = {number}"),
            Self::Focus(number, alpha) => {
                format!("rule = \"focus_share\"\nnumber = {number}\nshare = {}", share(alpha))
            }
            Self::Dominance(number, alpha) => {
                format!("rule = \"dominance_cap\"\nnumber = {number}\nshare = {}", share(alpha))
            }
            Self::GroupAtLeast(min) => {
                format!("rule = \"group_share\"\n{group}\nper = \"province\"\nmin = {}", share(min))
            }
            Self::GroupAtMost(max) => format!("rule = \"group_share\"\n{group}\nmax = {}", share(max)),
            Self::Floor(alpha) => format!("rule = \"need_floor\"\nshare = {}", share(alpha)),
            Self::Phasing(alpha) => format!(
                "rule = \"phasing\"\npath = [{}]\nselect = {{ sector_groups = [\"livelihood\"] }}",
                share(alpha)
            ),
            Self::Use(alpha) => format!("rule = \"budget_use\"\nshare = {}", share(alpha)),
            Self::Continuity(keep) => format!("rule = \"continuity\"\nkeep = {}", share(keep)),
            Self::Ramp(change) => format!("rule = \"ramp\"\nup = {0}\ndown = {0}", share(change)),
            Self::Equity(band) => format!("rule = \"equity_band\"\nbelow = {0}\nabove = {0}", share(band)),
            Self::NoDuplication(number) => format!("rule = \"no_duplication\"\nnumber = {number}"),
            Self::ClusterMinimum(amount) => {
                format!("rule = \"cluster_minimum\"\namount = {}", amount * factor)
            }
            Self::ParkShare(beta) => format!("rule = \"park_share\"\nshare = {}", share(beta)),
            Self::ParkCapacity => "rule = \"park_capacity\"".to_owned(),
            Self::Enclave(amount) => format!("rule = \"enclave\"\namount = {}", amount * factor),
            Self::Exclusion => "rule = \"exclusion\"".to_owned(),
        }
    }

    /// The same rule asking for more.
    pub fn tightened(self) -> Self {
        match self {
            Self::Ticket(amount) => Self::Ticket(amount + amount / 3 + 1),
            Self::TicketOfLinks(amount) => Self::TicketOfLinks(amount + amount / 3 + 1),
            Self::TicketOfYears(amount) => Self::TicketOfYears(amount + amount / 3 + 1),
            Self::LinesPerSite(number) => Self::LinesPerSite(number - 1),
            Self::LinesPerProvince(number) => Self::LinesPerProvince(number - 1),
            Self::Provinces(number) => Self::Provinces(number - 1),
            Self::Sectors(number) => Self::Sectors(number - 1),
            Self::Sites(number) => Self::Sites(number - 1),
            Self::Focus(number, alpha) => Self::Focus(number, (alpha + 10).min(100)),
            Self::Dominance(number, alpha) => Self::Dominance(number, alpha - 10),
            Self::GroupAtLeast(min) => Self::GroupAtLeast((min + 15).min(100)),
            Self::GroupAtMost(max) => Self::GroupAtMost(max - 15),
            Self::Floor(alpha) => Self::Floor(alpha + 5),
            Self::Phasing(alpha) => Self::Phasing((alpha + 15).min(100)),
            Self::Use(alpha) => Self::Use(alpha + 5),
            Self::Continuity(keep) => Self::Continuity((keep + 20).min(100)),
            Self::Ramp(change) => Self::Ramp(change / 2),
            Self::Equity(band) => Self::Equity(band / 2),
            Self::NoDuplication(number) => Self::NoDuplication(number - 1),
            Self::ClusterMinimum(amount) => Self::ClusterMinimum(amount + amount / 3 + 1),
            Self::ParkShare(beta) => Self::ParkShare((beta + 15).min(100)),
            Self::Enclave(amount) => Self::Enclave(amount + amount / 3 + 1),
            Self::ParkCapacity | Self::Exclusion => self,
        }
    }
}

/// The rules that every policy here has, in front of the drawn ones.
const ALWAYS: [&str; 3] = ["rule = \"province_budget\"", "rule = \"need_cap\"", "rule = \"absorption\""];

/// A policy's rules as text, money times a factor.
pub fn texts(rules: &[Rule], factor: i64) -> Vec<String> {
    ALWAYS.iter().map(|rule| (*rule).to_owned()).chain(rules.iter().map(|rule| rule.text(factor))).collect()
}

fn any_rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        4 => (20..300_i64).prop_map(Rule::Ticket),
        1 => (20..400_i64).prop_map(Rule::TicketOfLinks),
        1 => (10..100_i64).prop_map(Rule::TicketOfYears),
        2 => (1..4_i64).prop_map(Rule::LinesPerSite),
        1 => (1..5_i64).prop_map(Rule::LinesPerProvince),
        2 => (1..3_i64).prop_map(Rule::Provinces),
        1 => (1..3_i64).prop_map(Rule::Sectors),
        1 => (1..4_i64).prop_map(Rule::Sites),
        2 => (1..3_i64, 30..95_i64).prop_map(|(number, alpha)| Rule::Focus(number, alpha)),
        1 => (1..3_i64, 60..95_i64).prop_map(|(number, alpha)| Rule::Dominance(number, alpha)),
        2 => (10..90_i64).prop_map(Rule::GroupAtLeast),
        1 => (20..90_i64).prop_map(Rule::GroupAtMost),
        2 => (3..15_i64).prop_map(Rule::Floor),
        2 => (10..80_i64).prop_map(Rule::Phasing),
        1 => (5..40_i64).prop_map(Rule::Use),
        1 => (20..100_i64).prop_map(Rule::Continuity),
        1 => (20..90_i64).prop_map(Rule::Ramp),
        1 => (20..90_i64).prop_map(Rule::Equity),
        2 => (1..3_i64).prop_map(Rule::NoDuplication),
        1 => (50..500_i64).prop_map(Rule::ClusterMinimum),
        1 => (10..60_i64).prop_map(Rule::ParkShare),
        1 => (5..60_i64).prop_map(Rule::Enclave),
        1 => Just(Rule::ParkCapacity),
        1 => Just(Rule::Exclusion),
    ]
}

/// Up to four rules.
pub fn rules() -> impl Strategy<Value = Vec<Rule>> {
    proptest::collection::vec(any_rule(), 0..=4)
}

/// A scenario of at most a size.
pub fn world(size: Size) -> impl Strategy<Value = World> {
    let Size(provinces, sites, sectors, years) = size;
    (1..=provinces, 1..=sites, 1..=sectors, 1..=years)
        .prop_flat_map(|(p, s, k, t)| {
            let industry = industry(s, k);
            (Just(t), members(p, s, k, t), grid(p, s), needs(s, k), extras(p, s, k), industry)
        })
        .prop_map(|(years, (provinces, sites, sectors), pairings, needs, extras, industry)| {
            let (industries, neighbours, parks) = industry;
            let (site_weights, commitments, exclusions) = extras;
            // A promise stands on a pairing.
            let paired = |p, s| pairings.iter().any(|&(q, r, _)| (q, r) == (p, s));
            let commitments = commitments
                .into_iter()
                .filter(|&(p, s, ..): &(usize, usize, _, _, _)| paired(p, s))
                .collect();
            World {
                years,
                unit: 1,
                amounts_in: 1,
                provinces,
                sites,
                sectors,
                pairings,
                needs,
                sector_capacity: Vec::new(),
                site_weights,
                commitments,
                exclusions,
                industries,
                neighbours,
                parks,
                secondees: Vec::new(),
                posts: Vec::new(),
                last: Vec::new(),
            }
        })
}

type Members = (Vec<Province>, Vec<Site>, Vec<&'static str>);

fn members(p: usize, s: usize, k: usize, years: usize) -> impl Strategy<Value = Members> {
    let capacity = proptest::collection::vec(50..1500_i64, years);
    let carry_over = prop_oneof![2 => Just(0_i64), 1 => 1..100_i64];
    let province =
        (capacity, carry_over).prop_map(|(capacity, carry_over)| Province { capacity, carry_over });
    let absorption = proptest::option::weighted(0.4, 50..2000_i64);
    let region = select(vec!["north", "south"]);
    let site = (region, proptest::option::weighted(0.8, 100..9000_i64), absorption)
        .prop_map(|(region, population, absorption)| Site { region, population, absorption });
    // The first sector is in the group that rules ask for.
    let sectors = proptest::collection::vec(select(vec!["livelihood", "industry", ""]), k - 1)
        .prop_map(|others| [vec!["livelihood"], others].concat());
    (proptest::collection::vec(province, p), proptest::collection::vec(site, s), sectors)
}

/// Pairings, at least one, some less effective.
fn grid(p: usize, s: usize) -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    let all: Vec<(usize, usize)> = (0..p).flat_map(|p| (0..s).map(move |s| (p, s))).collect();
    let count = all.len();
    let effects = proptest::collection::vec(select(vec![100, 100, 85, 90, 70, 33]), count);
    (subsequence(all, 1.max(count / 2)..=count), effects)
        .prop_map(|(pairs, effects)| pairs.into_iter().zip(effects).map(|((p, s), e)| (p, s, e)).collect())
}

fn needs(s: usize, k: usize) -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    let all: Vec<(usize, usize)> = (0..s).flat_map(|s| (0..k).map(move |k| (s, k))).collect();
    let count = all.len();
    let amounts = proptest::collection::vec(30..1500_i64, count);
    (subsequence(all, 1.max(count / 2)..=count), amounts)
        .prop_map(|(cells, amounts)| cells.into_iter().zip(amounts).map(|((s, k), n)| (s, k, n)).collect())
}

type Industry = (Vec<Option<usize>>, Vec<(usize, usize)>, Vec<Park>);

/// Industries of sectors, neighbours, and a park that the first site hosts.
fn industry(s: usize, k: usize) -> impl Strategy<Value = Industry> {
    let industries = proptest::collection::vec(proptest::option::weighted(0.8, 0..2_usize), k);
    let all: Vec<(usize, usize)> = (0..s).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
    let count = all.len();
    let park = (subsequence((0..k).collect::<Vec<_>>(), 1..=k), proptest::option::of(20..900_i64)).prop_map(
        move |(sectors, capacity)| {
            let shares = if s > 1 { vec![(0, 4000), (s - 1, 6000)] } else { Vec::new() };
            Park { host: 0, sectors, capacity, shares }
        },
    );
    let parks = proptest::option::weighted(0.5, park).prop_map(|one| one.into_iter().collect());
    (industries, subsequence(all, 0..=count), parks)
}

type Commitments = Vec<(usize, usize, usize, Option<usize>, i64)>;
type Exclusions = Vec<(Option<usize>, Option<usize>, Option<usize>)>;

fn extras(
    p: usize,
    s: usize,
    k: usize,
) -> impl Strategy<Value = (Vec<(usize, i64)>, Commitments, Exclusions)> {
    let weights = proptest::collection::vec(50..300_i64, s)
        .prop_map(|weights| weights.into_iter().enumerate().collect::<Vec<_>>());
    let commitment = (0..p, 0..s, 0..k, 1..40_i64).prop_map(|(p, s, k, amount)| (p, s, k, None, amount));
    let commitments = proptest::option::weighted(0.3, commitment).prop_map(|one| one.into_iter().collect());
    let exclusion = (proptest::option::of(0..p), 0..s, 0..k).prop_map(|(p, s, k)| (p, Some(s), Some(k)));
    let exclusions = proptest::option::weighted(0.3, exclusion).prop_map(|one| one.into_iter().collect());
    (weights, commitments, exclusions)
}
