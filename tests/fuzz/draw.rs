//! What is drawn: a small scenario with all its tables, a policy of any rules and stages, and how the plan is
//! tampered with.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::{Posts, Secondees, World, policy_with_stages};
use crate::worlds::{Size, world};

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    pub world: World,
    pub stages: String,
    /// Text of each rule's table.
    pub rules: Vec<String>,
    /// Which cell of the plan is changed, and by how much; what it loses another cell may get.
    pub tampered: Tampering,
}

/// Nothing of it where `cell` is none.
#[derive(Debug, Clone, Default)]
pub struct Tampering {
    pub cell: Option<Index>,
    pub by: i64,
    pub to: Option<Index>,
}

impl Case {
    pub fn policy(&self) -> String {
        policy_with_stages(&self.stages, &self.rules)
    }

    /// The same rules with other stages.
    pub fn policy_with(&self, stages: &str) -> String {
        policy_with_stages(stages, &self.rules)
    }
}

/// Any case.
pub fn case() -> impl Strategy<Value = Case> {
    let size = Size(3, 3, 3, 2);
    let tampered =
        (any::<Index>(), prop_oneof![Just(-1_i64), Just(1), -400..400_i64], any::<Option<Index>>())
            .prop_map(|(cell, by, to)| Tampering { cell: Some(cell), by, to });
    (people(world(size)), stages(), vec(any_rule(), 0..=5), frame(), tampered).prop_map(
        |(world, stages, drawn, frame, tampered)| {
            let priced = stages.contains("shortfall");
            // Where no stage prices what is short, a soft rule would say nothing.
            let rules = frame.into_iter().chain(drawn).map(|(text, penalty)| match penalty {
                Some(penalty) if priced => format!("{text}strength = \"soft\"\npenalty = {penalty}\n"),
                _ => text,
            });
            Case { world, stages, rules: rules.collect(), tampered }
        },
    )
}

/// Mostly the three rules without which money is not scarce.
fn frame() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    (any::<[bool; 3]>(), any::<[bool; 3]>()).prop_map(|(first, second)| {
        let kinds = ["province_budget", "need_cap", "absorption"];
        let rules = kinds.into_iter().zip(first.into_iter().zip(second));
        let kept = rules.filter(|(kind, (a, b))| *kind == "province_budget" || *a || *b);
        kept.map(|(kind, _)| (format!("rule = \"{kind}\"\n"), None)).collect()
    })
}

fn people(world: impl Strategy<Value = World>) -> impl Strategy<Value = World> {
    let group = (any::<Index>(), 0..2_usize, 1..6_i64, 1..=2_i64);
    let posts = (any::<Index>(), 0..2_usize, 1..6_i64, 50..200_i64, weighted(0.3, 1..4_i64));
    let last = (any::<Index>(), any::<Index>(), 0..2_usize, 1..4_i64);
    let capacity = (any::<Index>(), any::<Index>(), 20..900_i64);
    (world, weighted(0.3, (vec(group, 1..4), vec(posts, 1..4), weighted(0.4, last))), weighted(0.2, capacity))
        .prop_map(|(mut world, people, capacity)| {
            let (provinces, sites) = (world.provinces.len(), world.sites.len());
            if let Some((p, k, most)) = capacity {
                world.sector_capacity = vec![(p.index(provinces), k.index(world.sectors.len()), most)];
            }
            if let Some((secondees, posts, last)) = people {
                let group = |(p, profession, number, halves): (Index, usize, i64, i64)| Secondees {
                    province: p.index(provinces),
                    profession,
                    number,
                    halves,
                };
                let post =
                    |(s, profession, number, priority, team): (Index, usize, i64, i64, Option<i64>)| Posts {
                        site: s.index(sites),
                        profession,
                        number,
                        priority,
                        team,
                    };
                world.secondees = secondees.into_iter().map(group).collect();
                world.posts = posts.into_iter().map(post).collect();
                let link = |p: usize, s: usize| world.pairings.iter().any(|(q, r, _)| (*q, *r) == (p, s));
                let last = last.map(|(p, s, k, number)| (p.index(provinces), s.index(sites), k, number));
                world.last = last.into_iter().filter(|(p, s, ..)| link(*p, *s)).collect();
            }
            world
        })
}

/// Stages in any of the orders that policies have them in.
fn stages() -> impl Strategy<Value = String> {
    let tolerance = select(vec!["0", "0.02", "0.2"]);
    let segments = select(vec![
        "",
        "segments = [{ width = 0.5, value = 1 }, { width = 0.5, value = 0.5 }]\n",
        "segments = [{ width = 0.3, value = 1 }]\n",
    ]);
    let counted = select(vec!["", "link = 0\n", "line = 3\nlink = 2\n"]);
    let lists: Vec<&[&str]> = vec![
        &["coverage"],
        &["coverage"],
        &["coverage", "fragmentation"],
        &["coverage", "fragmentation", "tie_break"],
        &["shortfall", "coverage"],
        &["shortfall", "coverage", "fragmentation"],
        &["shortfall", "change"],
        &["fragmentation", "coverage"],
        &["change", "coverage"],
        &["coverage", "fit"],
        &["fit", "coverage", "fragmentation"],
        &["coverage", "proportional"],
        &["blend"],
    ];
    (select(lists), tolerance, segments, counted).prop_map(|(kinds, tolerance, segments, counted)| {
        let own = |kind: &str| match kind {
            "coverage" => segments.to_owned(),
            "fragmentation" => counted.to_owned(),
            "blend" => {
                "parts = [{ kind = \"coverage\", weight = 1 }, { kind = \"fragmentation\", weight = 40 }]\n"
                    .to_owned()
            }
            _ => String::new(),
        };
        let keeps = |kind: &str| {
            if kind == "tie_break" { String::new() } else { format!("tolerance = {tolerance}\n") }
        };
        let texts =
            kinds.iter().map(|kind| format!("[[stages]]\nkind = \"{kind}\"\n{}{}", keeps(kind), own(kind)));
        texts.collect::<Vec<_>>().concat()
    })
}

fn line(key: &'static str, values: &[&'static str]) -> impl Strategy<Value = String> {
    weighted(0.5, select(values.to_vec()))
        .prop_map(move |value| value.map(|value| format!("{key} = {value}\n")).unwrap_or_default())
}

/// A selection, mostly none.
fn selection(key: &'static str) -> impl Strategy<Value = String> {
    let tables = [
        "{ sector_groups = [\"livelihood\"] }",
        "{ sectors = [\"k1\"] }",
        "{ sites = [\"s1\"] }",
        "{ regions = [\"north\"] }",
        "{ provinces = [\"p1\"] }",
        "{ except = { sites = [\"s1\"], sectors = [\"k1\"] } }",
        "{ sectors = [\"k1\"], except = { provinces = [\"p1\"] } }",
        "{ except = { sites = [\"s1\"] } }",
    ];
    weighted(0.35, select(tables.to_vec()))
        .prop_map(move |table| table.map(|table| format!("{key} = {table}\n")).unwrap_or_default())
}

fn per(key: &'static str) -> impl Strategy<Value = String> {
    line(key, &["\"province\"", "\"site\"", "\"region\"", "\"sector\""])
}

fn place(key: &'static str) -> impl Strategy<Value = String> {
    line(key, &["\"site\"", "\"region\""])
}

fn whole(key: &'static str, range: std::ops::Range<i64>) -> impl Strategy<Value = String> {
    range.prop_map(move |number| format!("{key} = {number}\n"))
}

/// A share in hundredths, or with more digits.
fn share(key: &'static str, range: std::ops::Range<i64>) -> impl Strategy<Value = String> {
    (range, prop_oneof![4 => Just(0_i64), 1 => 0..10_000_i64]).prop_map(move |(hundredths, rest)| {
        format!("{key} = {:.6}\n", hundredths as f64 / 100.0 + rest as f64 / 1e6)
    })
}

fn rule<S, Parts>(kind: &'static str, parts: S) -> BoxedStrategy<String>
where
    S: Strategy<Value = Parts> + 'static,
    Parts: Joined,
{
    parts.prop_map(move |parts| format!("rule = \"{kind}\"\n{}", parts.joined())).boxed()
}

/// Lines of a rule, one behind the other.
trait Joined: std::fmt::Debug {
    fn joined(self) -> String;
}

impl Joined for String {
    fn joined(self) -> String {
        self
    }
}

impl Joined for (String, String) {
    fn joined(self) -> String {
        self.0 + &self.1
    }
}

impl Joined for (String, String, String) {
    fn joined(self) -> String {
        self.0 + &self.1 + &self.2
    }
}

impl Joined for (String, String, String, String) {
    fn joined(self) -> String {
        self.0 + &self.1 + &self.2 + &self.3
    }
}

/// Any rule, and the price of falling short of it where it is soft.
fn any_rule() -> impl Strategy<Value = (String, Option<String>)> {
    let rules = prop_oneof![
        14 => of_money(),
        4 => of_industry(),
        5 => of_people(),
    ];
    (rules, weighted(0.3, select(vec!["1", "0.5", "30"])))
        .prop_map(|(text, penalty)| (text, penalty.map(str::to_owned)))
}

fn of_money() -> BoxedStrategy<String> {
    let group = || {
        select(vec![
            "{ sector_groups = [\"livelihood\"] }",
            "{ sites = [\"s1\"] }",
            "{ regions = [\"north\"] }",
        ])
        .prop_map(|group| format!("group = {group}\n"))
    };
    prop_oneof![
        3 => rule("minimum_ticket", (whole("amount", 5..300), line("of", &["\"link\"", "\"line_year\""]), selection("select"))),
        2 => rule("maximum_lines", (whole("number", 0..6), per("per"), selection("select"))),
        1 => rule("maximum_provinces_per_site", (whole("number", 0..3), selection("select"))),
        1 => rule("maximum_sites_per_province", (whole("number", 0..3), selection("select"))),
        1 => rule("maximum_sectors_per_site", (whole("number", 0..3), selection("select"))),
        2 => rule("focus_share", (whole("number", 1..3), share("share", 20..95), line("fixed_in", &["[\"s1\"]"]), selection("select"))),
        1 => rule("dominance_cap", (whole("number", 1..3), share("share", 40..99), line("of", &["\"province\"", "\"sector\""]), selection("select"))),
        1 => rule("group_share", (group(), share("min", 5..80), per("per"), selection("of"))),
        1 => rule("group_share", (group(), share("max", 20..95), per("per"), selection("of"))),
        1 => rule("need_cap", share("share", 20..100)),
        2 => rule("need_floor", (share("share", 1..25), line("per", &["\"site\"", "\"region\"", "\"sector\""]), selection("select"))),
        1 => rule("region_floor", (whole("amount", 1..300), selection("select"))),
        1 => rule("per_capita_floor", (select(vec!["amount = 0.01\n", "amount = 0.125\n"]).prop_map(str::to_owned), place("per"), selection("select"))),
        1 => rule("equity_band", (share("below", 20..100), share("above", 20..150), selection("select"))),
        1 => rule("phasing", (select(vec!["path = [0.4]\n", "path = [0.25, 1]\n"]).prop_map(str::to_owned), per("per"), selection("select"))),
        1 => rule("ramp", (share("up", 10..120), line("down", &["0.3", "0.75"]), line("of", &["\"line\"", "\"province\"", "\"region\""]), selection("select"))),
        1 => rule("continuity", (share("keep", 20..100), line("change", &["0.5", "3"]))),
        1 => rule("budget_use", (share("share", 2..60), selection("select"))),
        1 => rule("exclusion", Just(String::new())),
        1 => rule("sector_capacity", Just(String::new())),
    ]
    .boxed()
}

fn of_industry() -> BoxedStrategy<String> {
    let level = || line("level", &["\"section\""]);
    prop_oneof![
        2 => rule("no_duplication", (whole("number", 1..3), level(), line("by_industry", &["{ I = 1, i1 = 2 }"]), selection("select"))),
        2 => rule("cluster_minimum", (whole("amount", 10..400), level(), line("by_industry", &["{ i1 = 60 }"]), selection("select"))),
        1 => rule("park_capacity", Just(String::new())),
        1 => rule("park_share", (share("share", 5..70), line("kinds", &["[\"enclave\"]", "[\"joint\", \"enclave\"]"]), per("per"), selection("of"))),
        1 => rule("enclave", whole("amount", 1..90)),
    ]
    .boxed()
}

fn of_people() -> BoxedStrategy<String> {
    let professions = || line("professions", &["[\"d1\"]", "[\"d2\"]"]);
    prop_oneof![
        1 => rule("scale_cap", (whole("number", 0..5), line("per", &["\"province\"", "\"site\""]), professions())),
        1 => rule("profession_share", (Just("professions = [\"d1\"]\n".to_owned()), share("min", 10..80), place("per"))),
        1 => rule("team_size", (whole("number", 1..4), professions())),
        1 => rule("maximum_vacancy", (share("share", 30..100), place("per"), professions())),
        1 => rule("team_continuity", share("keep", 20..100)),
        2 => rule("requires", (line("of", &["\"line\"", "\"team\"", "\"both\""]), whole("number", 1..3), select(vec!["select = { sectors = [\"k1\"] }\n", "select = { sectors = [\"k1\"] }\namount = 20\n"]).prop_map(str::to_owned), professions())),
    ]
    .boxed()
}
