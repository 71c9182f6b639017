//! People, alone and together with money: every placement of tiny programmes, and every matching of few people.

use std::fmt::Write as _;

use allot::audit::{audit, check_matches};
use allot::domain::{Pair, Plan, PostsId, Scenario, SecondeesId};
use allot::search::{Settings, match_people};
use allot::solve::{Options, find};

use crate::naive::{COVERAGE_SCALE, Table, coverage};
use crate::proofs::proofs_hold;
use crate::support::{Dice, Posts, Secondees, World, policy, policy_with_stages, solve};
use crate::truth::{as_plan, each_plan};

/// Persons by group of secondees and of posts.
type People = Vec<Vec<i64>>;

/// A rule with its parameters; shares in hundredths. `Requires` are about sector `k1` and profession `d1`.
#[derive(Debug, Clone, Copy)]
enum Rule {
    ScaleCap(i64),
    ScaleCapPerSite(i64),
    /// Largest share of profession `d2`.
    ProfessionShare(i64),
    TeamSize,
    MaximumVacancy(i64),
    TeamContinuity(i64),
    LineRequires(i64),
    TeamRequires(i64),
}

impl Rule {
    fn text(self) -> String {
        let share = |hundredths: i64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let requires = "rule = \"requires\"\nselect = { sectors = [\"k1\"] }\nprofessions = [\"d1\"]";
        match self {
            Self::ScaleCap(number) => format!("rule = \"scale_cap\"\nnumber = {number}"),
            Self::ScaleCapPerSite(number) => {
                format!("rule = \"scale_cap\"\nnumber = {number}\nper = \"site\"")
            }
            Self::ProfessionShare(beta) => {
                format!("rule = \"profession_share\"\nprofessions = [\"d2\"]\nmax = {}", share(beta))
            }
            Self::TeamSize => "rule = \"team_size\"".to_owned(),
            Self::MaximumVacancy(alpha) => format!("rule = \"maximum_vacancy\"\nshare = {}", share(alpha)),
            Self::TeamContinuity(alpha) => format!("rule = \"team_continuity\"\nkeep = {}", share(alpha)),
            Self::LineRequires(number) => format!("{requires}\nnumber = {number}"),
            Self::TeamRequires(amount) => format!("{requires}\nof = \"team\"\namount = {amount}"),
        }
    }

    fn holds(self, world: &World, plan: &Table, people: &People) -> bool {
        let sum = |accept: &dyn Fn(&Secondees, &Posts) -> bool| -> i64 {
            let pairs = world.secondees.iter().zip(people);
            let row = |(group, row): (&Secondees, &Vec<i64>)| -> i64 {
                let posts = world.posts.iter().zip(row).filter(|(posts, _)| accept(group, posts));
                posts.map(|(_, number)| number).sum()
            };
            pairs.map(row).sum()
        };
        let sites = 0..world.sites.len();
        let doctors = |site: usize| sum(&|_, posts| posts.site == site && posts.profession == 0);
        let money = |site: usize| plan.sum(|[_, s, k, _]| s == site && k == 0);
        match self {
            Self::ScaleCap(most) => sum(&|_, _| true) <= most,
            Self::ScaleCapPerSite(most) => {
                sites.clone().all(|site| sum(&|_, posts| posts.site == site) <= most)
            }
            Self::ProfessionShare(beta) => {
                100 * sum(&|_, posts| posts.profession == 1) <= beta * sum(&|_, _| true)
            }
            Self::TeamSize => (0..world.provinces.len()).all(|p| {
                sites.clone().all(|s| {
                    (0..2).all(|k| {
                        let here = |posts: &&Posts| posts.site == s && posts.profession == k;
                        let team = world.posts.iter().filter(here).filter_map(|posts| posts.team).max();
                        let sent = sum(&|group, posts| group.province == p && here(&posts));
                        sent == 0 || sent >= team.unwrap_or(0)
                    })
                })
            }),
            Self::MaximumVacancy(alpha) => {
                let posts: i64 = world.posts.iter().map(|posts| posts.number).sum();
                let halves: i64 = filled(world, people).iter().sum();
                100 * (2 * posts - halves) <= alpha * 2 * posts
            }
            Self::TeamContinuity(alpha) => world.last.iter().all(|&(p, s, k, number)| {
                let here = |group: &Secondees, posts: &Posts| {
                    (group.province, posts.site, posts.profession) == (p, s, k)
                };
                100 * sum(&here) >= alpha * number
            }),
            Self::LineRequires(number) => sites.clone().all(|s| money(s) == 0 || doctors(s) >= number),
            Self::TeamRequires(amount) => sites.clone().all(|s| doctors(s) == 0 || money(s) >= amount),
        }
    }
}

/// Halves of full time in each group of posts.
fn filled(world: &World, people: &People) -> Vec<i64> {
    let of = |j: usize| world.secondees.iter().zip(people).map(|(group, row)| group.halves * row[j]).sum();
    (0..world.posts.len()).map(of).collect()
}

/// Tenths of fit.
fn fit(group: &Secondees, posts: &Posts) -> i64 {
    match (group.profession, posts.profession) {
        (a, b) if a == b => 10,
        (1, 0) => 4,
        _ => 0,
    }
}

/// The objective, in 2,000ths: hundredths of priority, tenths of fit, halves of full time.
fn worth(world: &World, people: &People) -> i64 {
    let mut sum = 0;
    for (group, row) in world.secondees.iter().zip(people) {
        for (posts, number) in world.posts.iter().zip(row) {
            sum += posts.priority * fit(group, posts) * group.halves * number;
        }
    }
    sum
}

/// Every placement that sends nobody and fills no post twice.
fn every_placement(world: &World) -> Vec<People> {
    let mut all = vec![vec![vec![0; world.posts.len()]; world.secondees.len()]];
    for (g, group) in world.secondees.iter().enumerate() {
        for (j, posts) in world.posts.iter().enumerate() {
            let linked = world.pairings.iter().any(|&(p, s, _)| (p, s) == (group.province, posts.site));
            if !linked || fit(group, posts) == 0 {
                continue;
            }
            let more = |people: &People| -> Vec<People> {
                let with = |number: i64| {
                    let mut people = people.clone();
                    people[g][j] = number;
                    people
                };
                let keeps = |people: &People| {
                    people[g].iter().sum::<i64>() <= group.number
                        && filled(world, people)[j] <= 2 * posts.number
                };
                (0..=group.number).map(with).filter(keeps).collect()
            };
            all = all.iter().flat_map(more).collect();
        }
    }
    assert!(all.len() <= 20_000, "{} placements are not tiny", all.len());
    all
}

/// As the program knows them. Ids are numbered below ten, so they sort by position.
fn with_people(plan: Plan, people: &People) -> Plan {
    let rows = people.iter().enumerate();
    plan.with_people(rows.flat_map(|(g, row)| {
        row.iter().enumerate().map(move |(j, number)| ((SecondeesId(g), PostsId(j)), *number))
    }))
}

const FIT: &str = "[[stages]]\nkind = \"fit\"\n";
const COVERAGE: &str = "[[stages]]\nkind = \"coverage\"\nsegments = [{ width = 0.5, value = 1 }, { width = 0.5, value = 0.5 }]\n";

/// Holds the search against the best of all plans, and the audit against the rules as they are written here.
/// `None`: no plan; else whether the plan is as good as the best, which fractions of people may hinder.
fn compare(world: &World, rules: &[Rule], stage: &str) -> Option<bool> {
    let scenario = world.load();
    let mut texts: Vec<String> = rules.iter().map(|rule| rule.text()).collect();
    texts.extend(["rule = \"province_budget\"".to_owned(), "rule = \"need_cap\"".to_owned()]);
    let policy = policy(&policy_with_stages(stage, &texts));
    let placements = every_placement(world);
    let (mut best, mut count) = (None, 0_usize);
    each_plan(world, |plan| {
        if !crate::naive::Rule::NeedCap.holds(world, plan) {
            return;
        }
        for people in &placements {
            let holds: Vec<bool> = rules.iter().map(|rule| rule.holds(world, plan, people)).collect();
            if holds.iter().all(|holds| *holds) {
                let value = if stage == FIT { worth(world, people) } else { coverage(world, plan) };
                best = best.max(Some(value));
            }
            count += 1;
            if count % 997 == 1 {
                agrees(
                    world,
                    rules,
                    &holds,
                    &scenario,
                    &policy,
                    &with_people(as_plan(world, &scenario, plan), people),
                );
            }
        }
    });
    let scale = if stage == FIT { 2000.0 } else { COVERAGE_SCALE };
    let solved = solve(&scenario, &policy);
    match (best, solved) {
        (None, None) => None,
        (None, Some(solved)) => {
            assert!(!solved.audit.passes(), "{rules:?}: a plan where none exists");
            None
        }
        (Some(_), None) => panic!("{rules:?}: no plan where one exists: {world:?}"),
        (Some(best), Some(solved)) => {
            let (best, value, bound) = (best as f64 / scale, solved.value(0), solved.bound(0));
            assert!(bound >= best - 1e-6, "{rules:?}: bound {bound} below a plan of {best}: {world:?}");
            if !solved.broken().is_empty() {
                return Some(false);
            }
            assert!(value <= best + 1e-6, "{rules:?}: value {value} over the best of all, {best}");
            proofs_hold(&scenario, &policy, &solved, best);
            Some(value >= best - 1e-6)
        }
    }
}

fn agrees(
    world: &World,
    rules: &[Rule],
    holds: &[bool],
    scenario: &Scenario,
    policy: &allot::policy::Policy,
    plan: &Plan,
) {
    let checked = audit(scenario, policy, plan);
    let of_rules = checked.rules.iter().filter(|rule| !["LINES", "PEOPLE"].contains(&rule.id.as_str()));
    for ((outcome, rule), holds) in of_rules.zip(rules).zip(holds) {
        assert_eq!(outcome.passes(), *holds, "{rule:?}: {:?} {world:?}", outcome.findings);
    }
    let people = checked.rules.iter().find(|rule| rule.id == "PEOPLE").expect("there are people");
    assert!(people.passes(), "{:?}", people.findings);
}

/// Two donors of 3 and 2, two sites, the first sector a need of 2 and 3; doctors and others, posts for them.
fn hospital() -> World {
    let mut world = World::full(1, &[3, 2], &[&[2], &[3]]);
    world.pairings = vec![(0, 0, 100), (0, 1, 100), (1, 1, 100)];
    let secondees = |province, profession, number, halves| Secondees { province, profession, number, halves };
    let posts = |site, profession, number, priority, team| Posts { site, profession, number, priority, team };
    world.secondees = vec![secondees(0, 0, 3, 2), secondees(1, 0, 2, 1), secondees(0, 1, 2, 2)];
    world.posts = vec![posts(0, 0, 2, 150, Some(2)), posts(1, 0, 2, 100, Some(2)), posts(1, 1, 1, 80, None)];
    world.last = vec![(0, 0, 0, 2)];
    world
}

#[test]
fn each_rule_alone_is_solved_to_the_best_of_all_plans() {
    let best = |rules: &[Rule], stage| compare(&hospital(), rules, stage);
    for rule in [
        Rule::ScaleCap(0),
        Rule::ScaleCap(3),
        Rule::ScaleCapPerSite(2),
        Rule::ProfessionShare(25),
        Rule::TeamSize,
        Rule::MaximumVacancy(40),
        Rule::TeamContinuity(50),
        Rule::TeamContinuity(100),
        Rule::LineRequires(2),
        Rule::TeamRequires(2),
    ] {
        for stage in [FIT, COVERAGE] {
            assert_eq!(best(&[rule], stage), Some(true), "{rule:?}");
        }
    }
    assert_eq!(best(&[Rule::MaximumVacancy(0), Rule::ScaleCap(4)], FIT), None);
    assert_eq!(best(&[Rule::TeamContinuity(100), Rule::ScaleCap(1)], COVERAGE), None);
}

#[test]
fn money_waits_for_its_team_and_a_team_for_its_money() {
    let both = [Rule::LineRequires(2), Rule::TeamRequires(2)];
    for stage in [FIT, COVERAGE] {
        assert_eq!(compare(&hospital(), &both, stage), Some(true));
        let scarce = [&both[..], &[Rule::ScaleCap(3), Rule::TeamSize]].concat();
        assert_eq!(compare(&hospital(), &scarce, stage), Some(true));
    }
    // Nobody may come, so nothing may be built.
    let world = hospital();
    let texts =
        [Rule::LineRequires(1).text(), Rule::ScaleCap(0).text(), "rule = \"province_budget\"".to_owned()];
    let solved = solve(&world.load(), &policy(&policy_with_stages(COVERAGE, &texts))).expect("an empty plan");
    assert_eq!((solved.value(0), solved.broken()), (0.0, vec![]));
}

fn any_world(dice: &mut Dice) -> World {
    let mut world = World::full(1, &[dice.between(1, 3), dice.between(1, 3)], &[&[2], &[dice.between(1, 4)]]);
    world.pairings = hospital().pairings;
    let number = |dice: &mut Dice, most: i64| usize::try_from(dice.between(0, most)).unwrap();
    let group = |dice: &mut Dice| Secondees {
        province: number(dice, 1),
        profession: number(dice, 1),
        number: dice.between(1, 3),
        halves: dice.between(1, 2),
    };
    world.secondees = (0..dice.between(1, 3)).map(|_| group(dice)).collect();
    let posts = |dice: &mut Dice| Posts {
        site: number(dice, 1),
        profession: number(dice, 1),
        number: dice.between(1, 2),
        priority: 50 * dice.between(1, 4),
        team: dice.percent(60).then(|| dice.between(2, 3)),
    };
    world.posts = (0..dice.between(1, 3)).map(|_| posts(dice)).collect();
    if dice.percent(50) {
        world.last = vec![(0, 0, 0, dice.between(1, 3))];
    }
    world
}

#[test]
fn mixes_keep_the_truth_below_the_bound() {
    let (mut without, mut worse, mut all) = (0, 0, 0);
    for seed in 3000..3300 {
        let mut dice = Dice(seed);
        let world = any_world(&mut dice);
        let every: [Rule; 8] = [
            Rule::ScaleCap(dice.between(1, 5)),
            Rule::ScaleCapPerSite(dice.between(1, 3)),
            Rule::ProfessionShare(10 * dice.between(1, 9)),
            Rule::TeamSize,
            Rule::MaximumVacancy(10 * dice.between(3, 9)),
            Rule::TeamContinuity(50),
            Rule::LineRequires(dice.between(1, 2)),
            Rule::TeamRequires(dice.between(1, 2)),
        ];
        let rules: Vec<Rule> = every.into_iter().filter(|_| dice.percent(40)).collect();
        // Where nobody fits a post there is no stage `fit`.
        let is_fit = dice.percent(50) && !world.load().talent.candidates.is_empty();
        let stage = if is_fit { FIT } else { COVERAGE };
        match compare(&world, &rules, stage) {
            None => without += 1,
            Some(is_best) => (all, worse) = (all + 1, worse + usize::from(!is_best)),
        }
    }
    assert!((20..200).contains(&without), "{without} of 300 have no plan: the dice should give both kinds");
    // Fractions of people in the stages may decide otherwise than whole people would.
    assert!(worse * 20 <= all, "{worse} of {all} plans are not the best");
}

/// The best sum of priority times fit of all matchings, person by person.
fn best_matching(pairs: &[Pair], worth: &dyn Fn(&Pair) -> i64, person: usize, taken: u32) -> i64 {
    let Some(last) = pairs.iter().map(|pair| pair.person).max() else { return 0 };
    if person > last {
        return 0;
    }
    let without = best_matching(pairs, worth, person + 1, taken);
    let own = pairs.iter().filter(|pair| pair.person == person && taken >> pair.post & 1 == 0);
    let with = own.map(|pair| worth(pair) + best_matching(pairs, worth, person + 1, taken | 1 << pair.post));
    with.max().unwrap_or(0).max(without)
}

#[test]
fn few_people_are_matched_as_well_as_can_be() {
    let options = Options::default();
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let world = World::full(1, &[9, 9], &[&[2], &[2]]);
        let folder = tempfile::tempdir().unwrap();
        world.write(folder.path());
        let skills = |dice: &mut Dice| ["", "a", "b", "a;b"][usize::try_from(dice.between(0, 3)).unwrap()];
        let mut people = "person_id,province_id,profession_id,grade,skills\n".to_owned();
        let mut posts = "post_id,site_id,profession_id,grade,priority,skills\n".to_owned();
        for n in 1..=dice.between(2, 7) {
            let row = (dice.between(1, 2), dice.between(1, 2), dice.between(1, 3), skills(&mut dice));
            writeln!(people, "n{n},p{},d{},{},{}", row.0, row.1, row.2, row.3).unwrap();
        }
        for n in 1..=dice.between(2, 7) {
            let row = (dice.between(1, 2), dice.between(1, 2), dice.between(1, 3), dice.between(1, 3));
            writeln!(posts, "q{n},s{},d{},{},{},{}", row.0, row.1, row.2, row.3, skills(&mut dice)).unwrap();
        }
        std::fs::write(folder.path().join("people.csv"), people).unwrap();
        std::fs::write(folder.path().join("post_list.csv"), posts).unwrap();
        let scenario = crate::support::load(folder.path());
        let pairs = scenario.talent.pairs_over(&scenario.links);
        let worth = |pair: &Pair| {
            scenario.talent.post_list[pair.post].priority.micros() / 1_000_000 * pair.fit.micros()
        };
        let settings = Settings { solver: find("highs").unwrap(), options: &options };
        let matching = match_people(&scenario, settings).unwrap();
        assert_eq!(check_matches(&scenario, &matching.matched), Vec::<String>::new());
        let sum: i64 = matching.matched.iter().map(worth).sum();
        assert_eq!(sum, best_matching(&pairs, &worth, 0, 0), "seed {seed}");
        assert_eq!(matching.eligible, pairs.len());
        // The check sees what is wrong.
        if let Some(pair) = matching.matched.first() {
            let twice = [*pair, *pair];
            assert_eq!(check_matches(&scenario, &twice).len(), 2, "a person twice, a post twice");
        }
    }
}
