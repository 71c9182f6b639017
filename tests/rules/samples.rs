//! Random small programmes, plans on their candidate lines, and parameters of each rule.

use std::fmt;

use allot::domain::{
    Commitment, Exclusion, IndustryId, LineId, ParkKind, Plan, PostsId, ProvinceId, Scenario, SecondeesId,
    SectorId, SiteId,
};
use allot::units::{Money, Ratio};
use ndarray::Array2;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::fixture::{LinkRow, NeedRow, industries, neighbours, over, park, qualification, ratio, staff};

/// A programme, a plan and a rule's parameters.
#[derive(Clone)]
pub struct Sample {
    pub scenario: Scenario,
    pub plan: Plan,
    pub parameters: String,
}

impl fmt::Debug for Sample {
    /// What a failure needs to be understood: names and labels of the programme are always the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenario, plan, parameters } = self;
        writeln!(f, "{parameters}years {:?}, budgets {}", scenario.years, scenario.budgets)?;
        for (p, province) in scenario.provinces.iter().enumerate() {
            writeln!(f, "{} {:?}: carries {}", province.id, ProvinceId(p), province.carry_over)?;
        }
        for site in &scenario.sites {
            writeln!(f, "{}: {:?} people, absorbs {:?}", site.id, site.population, site.absorption)?;
        }
        for line in scenario.line_ids() {
            let candidate = &scenario.lines[line.0];
            let (need, link) = (&scenario.needs[candidate.need.0], scenario.link_of(candidate));
            let paid = plan.find(candidate.province, candidate.site, candidate.sector);
            write!(f, "{}: ", scenario.line_names(line).join(","))?;
            write!(f, "need {} {:?}, effect {}, ", need.amount, need.by_year, link.effectiveness)?;
            writeln!(f, "paid {:?}", paid.map(|paid| &paid.by_year))?;
        }
        writeln!(f, "{:?}", scenario.commitments)?;
        writeln!(f, "{:?}", scenario.exclusions)?;
        for sector in &scenario.sectors {
            write!(f, "{}: {:?}; ", sector.id, sector.industry)?;
        }
        writeln!(f, "{:?}", scenario.neighbours.clusters)?;
        writeln!(f, "{:?}", scenario.parks)?;
        writeln!(f, "{:#?}, placed {:?}", scenario.talent, plan.placements())?;
        write!(f, "{:?}", scenario.sector_capacity)
    }
}

const YEARS: usize = 3;
const LINES: usize = 18;

/// What the programme says beside its lines.
#[derive(Debug, Clone)]
struct Tables {
    carry_over: Vec<f64>,
    people: Vec<Option<i64>>,
    absorption: Vec<Vec<Option<i64>>>,
    sector_capacity: Vec<(usize, usize, i64)>,
    commitments: Vec<(usize, Option<usize>, i64)>,
    exclusions: Vec<(Option<usize>, Option<usize>, Option<usize>)>,
    by_year: Vec<Option<Vec<i64>>>,
    industry: Option<Industry>,
    staff: Staff,
}

/// Secondees (province, profession, grade, halves of full time, number), posts (site, the same, team) and the last
/// plan's teams.
#[derive(Debug, Clone)]
struct Staff {
    secondees: Vec<(usize, usize, i64, i64, i64)>,
    posts: Vec<(usize, usize, i64, i64, i64, Option<i64>)>,
    last: Vec<((usize, usize, usize), i64)>,
}

fn staff_rows() -> impl Strategy<Value = Staff> {
    let secondees = vec((0..2_usize, 0..2_usize, 1..=3_i64, 1..=2_i64, 1..=4_i64), 0..5);
    let team = option::weighted(0.6, 1..=4_i64);
    let posts = vec((0..3_usize, 0..2_usize, 1..=3_i64, 1..=2_i64, 1..=3_i64, team), 0..6);
    let last = btree_map((0..2_usize, 0..3_usize, 0..2_usize), 1..=4_i64, 0..4);
    (secondees, posts, last).prop_map(|(secondees, posts, last)| Staff {
        secondees,
        posts,
        last: last.into_iter().collect(),
    })
}

const SECONDEES: [&str; 4] = ["ga", "gb", "gc", "gd"];
const POSTS: [&str; 5] = ["ja", "jb", "jc", "jd", "je"];

fn fill_staff(scenario: &mut Scenario, rows: Staff) {
    let half = |halves: i64| halves as f64 / 2.0;
    let secondees =
        rows.secondees.iter().zip(SECONDEES).map(|(&(p, profession, grade, halves, number), id)| {
            (id, p, qualification(profession, grade, half(halves)), number)
        });
    let posts = rows.posts.iter().zip(POSTS).map(|(&(s, profession, grade, halves, number, team), id)| {
        (id, s, qualification(profession, grade, half(halves)), number, team)
    });
    let last: Vec<_> = rows.last.into_iter().map(|((p, s, k), number)| (p, s, k, number)).collect();
    staff(scenario, &secondees.collect::<Vec<_>>(), &posts.collect::<Vec<_>>(), &last);
}

/// Persons on candidates, as far as there are people and posts: what a plan always keeps.
fn people(scenario: &Scenario, wishes: &[i64]) -> Vec<((SecondeesId, PostsId), i64)> {
    let talent = &scenario.talent;
    let mut left: Vec<i64> = talent.secondees.iter().map(|group| group.number).collect();
    let mut room: Vec<i64> = talent.posts.iter().map(|group| 2 * group.number).collect();
    let mut placed = Vec::new();
    for (candidate, wish) in talent.candidates.iter().zip(wishes) {
        let halves = if talent.full_time(candidate.secondees) == Ratio::ONE { 2 } else { 1 };
        let (left, room) = (&mut left[candidate.secondees.0], &mut room[candidate.posts.0]);
        let number = (*wish).min(*left).min(*room / halves);
        (*left, *room) = (*left - number, *room - number * halves);
        placed.push(((candidate.secondees, candidate.posts), number));
    }
    placed
}

/// Pairs of neighbours, the industry of each sector, parks.
#[derive(Debug, Clone)]
struct Industry {
    pairs: Vec<(usize, usize)>,
    of_sectors: Vec<Option<usize>>,
    parks: Vec<ParkRow>,
}

/// Kind, sectors of a host, capacity, shares in basis points.
type ParkRow = (ParkKind, Vec<usize>, Option<i64>, Vec<(usize, i64)>);

fn industry() -> impl Strategy<Value = Industry> {
    let shares = |host: usize| {
        let away = (host + 1) % 3;
        select(vec![
            (ParkKind::Joint, vec![]),
            (ParkKind::Demonstration, vec![]),
            (ParkKind::Enclave, vec![(host, 3333), (away, 6667)]),
            (ParkKind::Enclave, vec![(away, 5000), ((host + 2) % 3, 5000)]),
        ])
    };
    let park = move |host: usize| {
        let sectors = subsequence(vec![0, 1, 2], 0..=3);
        (shares(host), sectors, option::weighted(0.7, 0..20_i64))
            .prop_map(|((kind, shares), sectors, capacity)| (kind, sectors, capacity, shares))
    };
    let pairs = subsequence(vec![(0, 1), (0, 2), (1, 2)], 0..=3);
    let of_sectors = vec(option::weighted(0.8, 1..4_usize), 3);
    (pairs, of_sectors, [park(0), park(1), park(2)]).prop_map(|(pairs, of_sectors, parks)| Industry {
        pairs,
        of_sectors,
        parks: parks.to_vec(),
    })
}

fn tables() -> impl Strategy<Value = Tables> {
    (
        vec(select(vec![0.0, 0.3, 0.5, 1.0]), 2),
        vec(option::weighted(0.8, 0..9_i64), 3),
        vec(option::of(vec(option::of(0..25_i64), YEARS)), 3),
        vec((0..2_usize, 0..3_usize, 0..30_i64), 0..7),
        vec((0..LINES, option::of(0..YEARS), 1..15_i64), 0..8),
        vec((option::of(0..2_usize), option::of(0..3_usize), option::of(0..3_usize)), 0..3),
        vec(option::of(vec(0..12_i64, YEARS)), 9),
        option::weighted(0.9, industry()),
        staff_rows(),
    )
        .prop_map(
            |(
                carry_over,
                people,
                absorption,
                sector_capacity,
                commitments,
                exclusions,
                by_year,
                industry,
                staff,
            )| Tables {
                carry_over,
                people,
                absorption: absorption.into_iter().map(|a| a.unwrap_or(vec![None; YEARS])).collect(),
                sector_capacity,
                commitments,
                exclusions,
                by_year,
                industry,
                staff,
            },
        )
}

fn fill(scenario: &mut Scenario, tables: Tables) {
    let years = scenario.years.len();
    for (province, carry_over) in scenario.provinces.iter_mut().zip(tables.carry_over) {
        province.carry_over = ratio(carry_over);
    }
    for ((site, people), absorption) in scenario.sites.iter_mut().zip(tables.people).zip(tables.absorption) {
        site.population = people;
        site.absorption = absorption.into_iter().take(years).map(|most| most.map(Money)).collect();
    }
    for (p, k, most) in tables.sector_capacity {
        scenario.sector_capacity.insert((ProvinceId(p), SectorId(k)), Money(most));
    }
    for (line, year, amount) in tables.commitments {
        if line < scenario.lines.len() && year.is_none_or(|year| year < years) {
            scenario.commitments.push(Commitment { line: LineId(line), year, amount: Money(amount) });
        }
    }
    for (p, s, k) in tables.exclusions {
        let (province, site, sector) = (p.map(ProvinceId), s.map(SiteId), k.map(SectorId));
        scenario.exclusions.push(Exclusion { province, site, sector, reason: "recorded".to_owned() });
    }
    for (need, by_year) in scenario.needs.iter_mut().zip(tables.by_year) {
        if let Some(by_year) = by_year {
            let by_year: Vec<Money> = by_year.into_iter().take(years).map(Money).collect();
            need.amount = by_year.iter().sum();
            need.by_year = Some(by_year);
        }
    }
    fill_staff(scenario, tables.staff);
    if let Some(industry) = tables.industry {
        industries(scenario);
        neighbours(scenario, &industry.pairs);
        for (sector, own) in scenario.sectors.iter_mut().zip(industry.of_sectors) {
            sector.industry = own.map(IndustryId);
        }
        let parks = ["pa", "pb", "pc"].into_iter().zip(industry.parks).enumerate();
        scenario.parks = parks
            .map(|(host, (id, (kind, sectors, capacity, shares)))| {
                park(id, kind, host, &sectors, capacity, &shares)
            })
            .collect();
    }
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let links = btree_map((0..2_usize, 0..3_usize), select(vec![1.0, 1.0, 0.75, 0.5, 0.3]), 2..=6);
    let needs = btree_map((0..3_usize, 0..3_usize), 0..25_i64, 3..=9);
    let budgets = (vec(0..40_i64, YEARS), vec(12..40_i64, YEARS));
    (1..=YEARS, links, needs, budgets, tables()).prop_map(|(years, links, needs, budgets, tables)| {
        let links: Vec<LinkRow> = links.into_iter().map(|((p, s), e)| (p, s, e)).collect();
        let needs: Vec<NeedRow> = needs.into_iter().map(|((s, k), amount)| (s, k, amount)).collect();
        let budgets = [&budgets.0[..years], &budgets.1[..years]].concat();
        let mut scenario = over(years, Array2::from_shape_vec((2, years), budgets).unwrap(), &links, &needs);
        fill(&mut scenario, tables);
        scenario
    })
}

/// Sparse small amounts: what is near a threshold, or exactly on it, should be common.
fn amounts() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let amount = prop_oneof![3 => Just(0), 2 => 1..=4_i64, 2 => 5..=12_i64];
    vec(option::weighted(0.6, vec(amount, YEARS)), LINES).prop_map(|lines| {
        lines.into_iter().map(|by_year| by_year.unwrap_or_else(|| vec![0; YEARS])).collect()
    })
}

/// A sample for a rule.
pub fn sample(kind: &'static str) -> impl Strategy<Value = Sample> {
    let wishes = vec(prop_oneof![2 => Just(0), 3 => 1..=4_i64], 20);
    let drawn = (scenario(), amounts(), wishes, parameters(kind));
    drawn.prop_map(|(scenario, mut amounts, wishes, parameters)| {
        for by_year in &mut amounts {
            by_year.truncate(scenario.years.len());
        }
        let plan = Plan::from_candidates(&scenario, &amounts).with_people(people(&scenario, &wishes));
        Sample { scenario, plan, parameters }
    })
}

fn share() -> impl Strategy<Value = f64> {
    select(vec![0.0, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0])
}

/// A line `key = …` or nothing.
fn maybe(key: &'static str, value: impl Strategy<Value = f64>) -> impl Strategy<Value = String> {
    option::weighted(0.8, value).prop_map(move |v| v.map_or(String::new(), |v| format!("{key} = {v}\n")))
}

fn table(key: &'static str, selections: &'static [&'static str]) -> impl Strategy<Value = String> {
    let with = select(selections).prop_map(move |selection| format!("{key} = {{ {selection} }}\n"));
    prop_oneof![Just(String::new()), with]
}

const NEEDS: &[&str] = &[
    "sites = ['a', 'c']",
    "regions = ['N']",
    "levels = ['county']",
    "sectors = ['h', 'r']",
    "sector_groups = ['livelihood'], sites = ['b']",
    "except = { sites = ['b'] }",
    "except = { regions = ['N'] }",
    "except = { sectors = ['h'] }",
    "except = { sites = ['a'], sectors = ['h'] }",
    "except = { except = { sites = ['a'] } }",
];

const LINES_OF: &[&str] = &[
    "sites = ['a', 'b']",
    "regions = ['S']",
    "provinces = ['E']",
    "province_groups = ['inland'], sectors = ['h', 's']",
    "sector_groups = ['livelihood']",
    "except = { provinces = ['E'] }",
    "except = { sites = ['a'] }",
    "except = { provinces = ['W'], sites = ['b'] }",
];

const PLACES: &[&str] = &[
    "sites = ['a', 'b']",
    "regions = ['S']",
    "levels = ['county']",
    "except = { sites = ['a'] }",
    "except = { regions = ['N'] }",
];

const LINKS_OF: &[&str] = &[
    "provinces = ['E']",
    "sites = ['a', 'b']",
    "province_groups = ['inland'], regions = ['N']",
    "except = { provinces = ['E'] }",
    "except = { provinces = ['W'], sites = ['b'] }",
];

fn per(words: &'static [&'static str], key: &'static str) -> impl Strategy<Value = String> {
    select(words).prop_map(move |word| format!("{key} = '{word}'\n"))
}

const PER: &[&str] = &["all", "province", "site", "region", "level", "sector"];
const PER_LINK: &[&str] = &["all", "province", "site", "region", "level"];
const PER_PLACE: &[&str] = &["all", "site", "region", "level"];

/// A text or nothing.
fn option_of(text: &'static str) -> impl Strategy<Value = String> {
    select(vec!["", text]).prop_map(str::to_owned)
}

fn levels() -> impl Strategy<Value = String> {
    per(&["division", "section"], "level")
}

fn fixed(number: u32, fixed_in: &[&str], fixed_out: &[&str]) -> String {
    let fixed_in = &fixed_in[..fixed_in.len().min(number as usize)];
    format!("number = {number}\nfixed_in = {fixed_in:?}\nfixed_out = {fixed_out:?}\n")
}

/// Parameters of a rule as a policy writes them.
fn parameters(kind: &'static str) -> BoxedStrategy<String> {
    let select_lines = || table("select", LINES_OF);
    let number = || (0..5_u32).prop_map(|number| format!("number = {number}\n"));
    let share_line = || share().prop_map(|share| format!("share = {share}\n"));
    let amount = |most: u32| (0..=4 * most).prop_map(|n| format!("amount = {}\n", f64::from(n) / 4.0));
    let joined = |(a, b, c, d): (String, String, String, String)| [a, b, c, d].concat();
    let none = || Just(String::new());
    match kind {
        "province_budget" | "sector_capacity" | "absorption" | "park_capacity" | "exclusion" => {
            none().boxed()
        }
        "budget_use" => (share_line(), select_lines(), none(), none()).prop_map(joined).boxed(),
        "minimum_ticket" => {
            let of = per(&["line", "link", "line_year"], "of");
            let by_sector = prop_oneof![none(), Just("by_sector = { r = 6, s = 0.5 }\n".to_owned())];
            (amount(10), of, by_sector, select_lines()).prop_map(joined).boxed()
        }
        "maximum_lines" => (number(), per(PER, "per"), select_lines(), none()).prop_map(joined).boxed(),
        "maximum_provinces_per_site" | "maximum_sites_per_province" | "maximum_sectors_per_site" => {
            (number(), select_lines(), none(), none()).prop_map(joined).boxed()
        }
        "focus_share" => {
            let ins = select(vec![&[][..], &["a"], &["c", "b"], &["b", "b"]]);
            let outs = select(vec![&[][..], &["a"], &["b"]]);
            let chosen = (0..4_u32, ins, outs).prop_map(|(number, ins, outs)| fixed(number, ins, outs));
            (chosen, share_line(), select_lines(), none()).prop_map(joined).boxed()
        }
        "dominance_cap" => (number(), share_line(), per(PER, "of"), select_lines()).prop_map(joined).boxed(),
        "group_share" => {
            let group = select(LINES_OF).prop_map(|group| format!("group = {{ {group} }}\n"));
            let bounds = (maybe("min", share()), maybe("max", share())).prop_map(|(a, b)| a + &b);
            (group, table("of", LINES_OF), per(PER, "per"), bounds).prop_map(joined).boxed()
        }
        "need_cap" => {
            let by_year = any::<bool>().prop_map(|by_year| format!("by_year = {by_year}\n"));
            (maybe("share", share()), by_year, none(), none()).prop_map(joined).boxed()
        }
        "need_floor" => {
            let per = per(&["all", "site", "region", "level", "sector"], "per");
            (share_line(), per, table("select", NEEDS), none()).prop_map(joined).boxed()
        }
        "region_floor" => {
            let by_region = prop_oneof![none(), Just("by_region = { S = 9.5 }\n".to_owned())];
            (amount(15), by_region, select_lines(), none()).prop_map(joined).boxed()
        }
        "per_capita_floor" => {
            (amount(5), per(PER_PLACE, "per"), select_lines(), none()).prop_map(joined).boxed()
        }
        "equity_band" => (maybe("below", share()), maybe("above", share()), select_lines(), none())
            .prop_map(joined)
            .boxed(),
        "phasing" => {
            let path = vec(share(), 0..=YEARS).prop_map(|path| format!("path = {path:?}\n"));
            (path, per(PER, "per"), select_lines(), none()).prop_map(joined).boxed()
        }
        "ramp" => {
            let of = per(&["line", "site", "province", "region", "sector", "all"], "of");
            (maybe("down", share()), maybe("up", share()), of, select_lines()).prop_map(joined).boxed()
        }
        "continuity" => {
            (maybe("keep", share()), maybe("change", share()), none(), none()).prop_map(joined).boxed()
        }
        "no_duplication" => {
            let by_industry = option_of("by_industry = { C = 2, C17 = 1 }\n");
            (number(), by_industry, levels(), select_lines()).prop_map(joined).boxed()
        }
        "cluster_minimum" => {
            let by_industry = option_of("by_industry = { C17 = 4.5, C = 9 }\n");
            (amount(15), by_industry, levels(), select_lines()).prop_map(joined).boxed()
        }
        "park_share" => {
            let kinds = option_of("kinds = ['joint', 'enclave']\n");
            let per = (kinds, per(PER, "per")).prop_map(|(a, b)| a + &b);
            (share_line(), per, table("of", LINES_OF), none()).prop_map(joined).boxed()
        }
        "enclave" => (amount(6), table("select", NEEDS), none(), none()).prop_map(joined).boxed(),
        other => of_talent(other),
    }
}

/// The same of the rules on talent.
fn of_talent(kind: &'static str) -> BoxedStrategy<String> {
    let number = || (0..5_u32).prop_map(|number| format!("number = {number}\n"));
    let share_line = || share().prop_map(|share| format!("share = {share}\n"));
    let joined = |(a, b, c, d): (String, String, String, String)| [a, b, c, d].concat();
    let none = || Just(String::new());
    match kind {
        "scale_cap" => {
            let professions = option_of("professions = ['doc']\n");
            (number(), per(PER_LINK, "per"), table("select", LINKS_OF), professions).prop_map(joined).boxed()
        }
        "profession_share" => {
            let professions = select(vec!["professions = ['tea']\n", "professions = ['doc', 'tea']\n"]);
            let bounds = (maybe("min", share()), maybe("max", share())).prop_map(|(a, b)| a + &b);
            let per = (professions, per(PER_LINK, "per")).prop_map(|(a, b)| a.to_owned() + &b);
            (per, table("select", LINKS_OF), bounds, none()).prop_map(joined).boxed()
        }
        "team_size" => {
            let number = prop_oneof![none(), (0..4_u32).prop_map(|number| format!("number = {number}\n"))];
            let professions = option_of("professions = ['doc']\n");
            (number, table("select", LINKS_OF), professions, none()).prop_map(joined).boxed()
        }
        "maximum_vacancy" => {
            let professions = option_of("professions = ['doc']\n");
            (share_line(), per(PER_PLACE, "per"), table("select", PLACES), professions)
                .prop_map(joined)
                .boxed()
        }
        "team_continuity" => {
            let keep = share().prop_map(|keep| format!("keep = {keep}\n"));
            (keep, none(), none(), none()).prop_map(joined).boxed()
        }
        "requires" => {
            let professions = option_of("professions = ['doc']\n");
            let amount =
                prop_oneof![none(), (0..40_u32).prop_map(|n| format!("amount = {}\n", f64::from(n) / 4.0))];
            let parts = (professions, amount).prop_map(|(a, b)| a + &b);
            (per(&["line", "team", "both"], "of"), number(), table("select", LINES_OF), parts)
                .prop_map(joined)
                .boxed()
        }
        other => panic!("say what parameters '{other}' can have"),
    }
}
