//! A small programme, and the words in which the tests speak of rows, findings and notes.
//!
//! Provinces `E`, `W`; sites `a` (county) and `b` (prefecture) in region `N`, `c` (county) in `S`; sectors
//! `h`, `s` (group `livelihood`) and `r` (group `industry`); years 2024 and 2025.
//!
//! | line | need | budget by year |
//! |---|---|---|
//! | `E,a,h` | 40 = 10 + 30 | `E` 60, 60 |
//! | `E,a,r` | 60 | |
//! | `E,b,h` and `W,b,h` (cross-pairing, one half) | 50 | `W` 50, 40 |
//! | `E,b,s` and `W,b,s` (cross-pairing, one half) | 30 | |
//! | `W,c,r` | 80 | |
//! | `W,c,s` | 20 | |

use std::collections::BTreeMap;
use std::sync::Arc;

use allot::domain::{
    Commitment, Exclusion, Industry, IndustryId, LastTeam, Line, LineId, Link, LinkId, MoneyUnit, Need,
    NeedId, NeighbourSource, Neighbours, Park, ParkKind, Plan, Posts, PostsId, Profession, ProfessionId,
    Province, ProvinceId, Qualification, Region, RegionId, Scenario, Secondees, SecondeesId, Sector,
    SectorId, Site, SiteId, Talent, Text,
};
use allot::model::{Builder, Built, ColumnId, Limits, Model, RowId, Strength};
use allot::rules::{Notes, Registry, Rule};
use allot::units::{Money, Ratio};
use ndarray::Array2;

/// A ratio from a decimal.
pub fn ratio(number: f64) -> Ratio {
    Ratio::from_f64(number).unwrap()
}

/// Soft, at 2.5 a unit.
pub fn soft() -> Strength {
    Strength::Soft(ratio(2.5))
}

fn name(id: &str) -> Text {
    Text { zh: id.to_owned(), en: id.to_owned() }
}

fn groups(list: &[&str]) -> Vec<String> {
    list.iter().map(|&group| group.to_owned()).collect()
}

fn province(id: &str, group: &str) -> Province {
    Province { id: id.to_owned(), name: name(id), groups: groups(&[group]), carry_over: Ratio::ZERO }
}

fn site(id: &str, region: usize, level: &str, population: i64, years: usize) -> Site {
    Site {
        id: id.to_owned(),
        name: name(id),
        groups: Vec::new(),
        region: RegionId(region),
        level: level.to_owned(),
        population: Some(population),
        absorption: vec![None; years],
        coordinates: None,
    }
}

fn sector(id: &str, group: &str) -> Sector {
    Sector { id: id.to_owned(), name: name(id), groups: groups(&[group]), industry: None }
}

/// One link: province, site, effectiveness.
pub type LinkRow = (usize, usize, f64);
/// One need: site, sector, amount.
pub type NeedRow = (usize, usize, i64);

/// The programme above over some years from 2024.
pub fn over(years: usize, budgets: Array2<i64>, links: &[LinkRow], needs: &[NeedRow]) -> Scenario {
    let needs: Vec<Need> = needs
        .iter()
        .map(|&(site, sector, amount)| Need {
            site: SiteId(site),
            sector: SectorId(sector),
            amount: Money(amount),
            by_year: None,
            weight: Ratio::ONE,
            lines: Vec::new(),
        })
        .collect();
    let mut scenario = Scenario {
        id: "small".to_owned(),
        title: name("small"),
        years: (2024..).take(years).collect(),
        money: MoneyUnit { currency: "CNY".to_owned(), unit: 10_000, amounts_in: 10_000 },
        provinces: vec![province("E", "coast"), province("W", "inland")],
        budgets,
        regions: vec![
            Region { id: "N".to_owned(), name: name("N") },
            Region { id: "S".to_owned(), name: name("S") },
        ],
        sites: vec![
            site("a", 0, "county", 10, years),
            site("b", 0, "prefecture", 20, years),
            site("c", 1, "county", 10, years),
        ],
        sectors: vec![sector("h", "livelihood"), sector("r", "industry"), sector("s", "livelihood")],
        links: Vec::new(),
        lines: Vec::new(),
        needs,
        sector_capacity: BTreeMap::new(),
        commitments: Vec::new(),
        exclusions: Vec::new(),
        industries: Vec::new(),
        neighbours: Neighbours::default(),
        parks: Vec::new(),
        talent: Talent::default(),
        provenance: Vec::new(),
    };
    for &(province, site, effectiveness) in links {
        let (province, site, link) = (ProvinceId(province), SiteId(site), LinkId(scenario.links.len()));
        let first = scenario.lines.len();
        for (n, need) in scenario.needs.iter_mut().enumerate().filter(|(_, need)| need.site == site) {
            need.lines.push(LineId(scenario.lines.len()));
            scenario.lines.push(Line { link, province, site, sector: need.sector, need: NeedId(n) });
        }
        scenario.links.push(Link {
            province,
            site,
            cross: effectiveness < 1.0,
            effectiveness: ratio(effectiveness),
            lines: first..scenario.lines.len(),
        });
    }
    scenario
}

/// The links of the programme.
pub const LINKS: [LinkRow; 4] = [(0, 0, 1.0), (0, 1, 1.0), (1, 1, 0.5), (1, 2, 1.0)];
/// The needs of the programme.
pub const NEEDS: [NeedRow; 6] = [(0, 0, 40), (0, 1, 60), (1, 0, 50), (1, 2, 30), (2, 1, 80), (2, 2, 20)];

/// Two years, with every optional table: absorption of `a` (50 a year), sector capacity, commitments, an
/// exclusion.
pub fn scenario() -> Scenario {
    let mut scenario = over(2, Array2::from_shape_vec((2, 2), vec![60, 60, 50, 40]).unwrap(), &LINKS, &NEEDS);
    scenario.needs[0].by_year = Some(vec![Money(10), Money(30)]);
    scenario.sites[0].absorption = vec![Some(Money(50)); 2];
    scenario.sector_capacity.insert((ProvinceId(0), SectorId(0)), Money(70));
    scenario.sector_capacity.insert((ProvinceId(1), SectorId(2)), Money(25));
    let line = |p: &str, s: &str, k: &str, scenario: &Scenario| {
        scenario
            .find_line(scenario.province(p).unwrap(), scenario.site(s).unwrap(), scenario.sector(k).unwrap())
            .unwrap()
    };
    scenario.commitments = vec![
        Commitment { line: line("E", "a", "h", &scenario), year: Some(0), amount: Money(10) },
        Commitment { line: line("W", "c", "r", &scenario), year: None, amount: Money(20) },
    ];
    scenario.exclusions = vec![Exclusion {
        province: scenario.province("W"),
        site: scenario.site("b"),
        sector: None,
        reason: "flood plain".to_owned(),
    }];
    scenario
}

/// The same in one year: `E` has 120, `W` has 90; no optional table, no commitment, no exclusion.
pub fn one_year() -> Scenario {
    over(1, Array2::from_shape_vec((2, 1), vec![120, 90]).unwrap(), &LINKS, &NEEDS)
}

/// Industries `C` with the divisions `C13` (sector `h`) and `C17` (sectors `r` and `s`), and `F`, which nobody
/// builds.
pub fn industries(scenario: &mut Scenario) {
    let industry = |id: &str, parent: Option<usize>| Industry {
        id: id.to_owned(),
        name: name(id),
        parent: parent.map(IndustryId),
    };
    scenario.industries =
        vec![industry("C", None), industry("C13", Some(0)), industry("C17", Some(0)), industry("F", None)];
    for (sector, industry) in scenario.sectors.iter_mut().zip([1, 2, 2]) {
        sector.industry = Some(IndustryId(industry));
    }
}

/// Pairs of neighbouring sites.
pub fn neighbours(scenario: &mut Scenario, pairs: &[(usize, usize)]) {
    let pairs = pairs.iter().map(|&(a, b)| (SiteId(a), SiteId(b)));
    let sites = scenario.sites.len();
    scenario.neighbours = Neighbours::new(NeighbourSource::Table, sites, pairs).unwrap();
}

/// A park in sectors of a host; shares in basis points.
pub fn park(
    id: &str,
    kind: ParkKind,
    host: usize,
    sectors: &[usize],
    capacity: Option<i64>,
    shares: &[(usize, i64)],
) -> Park {
    Park {
        id: id.to_owned(),
        name: name(id),
        kind,
        host: SiteId(host),
        sectors: sectors.iter().copied().map(SectorId).collect(),
        capacity: capacity.map(Money),
        benefits: shares.iter().map(|&(s, points)| (SiteId(s), Ratio::from_micros(100 * points))).collect(),
    }
}

/// [`one_year`] with industries; `b` is a neighbour of `a` and of `c`; a joint park for `h` at `b`, and at `c` an
/// enclave for `r` and `s` of which `c` has 25%, `a` 60% and `b` 15%, with room for 70.
pub fn industrial() -> Scenario {
    let mut scenario = one_year();
    industries(&mut scenario);
    neighbours(&mut scenario, &[(0, 1), (1, 2)]);
    scenario.parks = vec![
        park("joint", ParkKind::Joint, 1, &[0], None, &[]),
        park("remote", ParkKind::Enclave, 2, &[1, 2], Some(70), &[(2, 2500), (0, 6000), (1, 1500)]),
    ];
    scenario
}

/// What a row of secondees or posts says: profession, grade, share of full time.
pub fn qualification(profession: usize, grade: i64, full_time: f64) -> Qualification {
    Qualification {
        profession: ProfessionId(profession),
        grade,
        months: 12,
        full_time: ratio(full_time),
        skills: Vec::new(),
    }
}

/// Groups of secondees: id, province, what they offer, number.
pub type SecondeesRow<'a> = (&'a str, usize, Qualification, i64);
/// Groups of posts: id, site, what they ask, number, team.
pub type PostsRow<'a> = (&'a str, usize, Qualification, i64, Option<i64>);
/// The last plan's teams: province, site, profession, number.
pub type LastRow = (usize, usize, usize, i64);

/// Doctors, for whom teachers may stand in at 0.4, and teachers.
pub fn staff(
    scenario: &mut Scenario,
    secondees: &[SecondeesRow<'_>],
    posts: &[PostsRow<'_>],
    last: &[LastRow],
) {
    let profession = |id: &str, substitutes| Profession {
        id: id.to_owned(),
        name: name(id),
        substitutes,
        grade_loss: ratio(0.25),
    };
    let secondees = secondees.iter().map(|(id, province, offers, number)| Secondees {
        id: (*id).to_owned(),
        province: ProvinceId(*province),
        offers: offers.clone(),
        number: *number,
    });
    let posts = posts.iter().map(|(id, site, asks, number, team)| Posts {
        id: (*id).to_owned(),
        site: SiteId(*site),
        asks: asks.clone(),
        number: *number,
        priority: Ratio::ONE,
        team: *team,
    });
    let last = last.iter().map(|&(province, site, profession, number)| LastTeam {
        province: ProvinceId(province),
        site: SiteId(site),
        profession: ProfessionId(profession),
        number,
    });
    scenario.talent = Talent {
        professions: vec![profession("doc", vec![(ProfessionId(1), ratio(0.4))]), profession("tea", vec![])],
        secondees: secondees.collect(),
        posts: posts.collect(),
        last: last.collect(),
        ..Talent::default()
    };
    scenario.talent.candidates = scenario.talent.candidates_over(&scenario.links);
}

/// [`one_year`] with people. `E` has 4 doctors (`ed`) and 2 teachers (`et`), `W` 5 doctors of half a day (`wd`). `a`
/// needs 3 doctors (`ad`, a team of 2), `b` 2 doctors, also part-time (`bd`, a team of 3) and 2 teachers (`bt`), `c` 1
/// doctor (`cd`), whom nobody can send. The last plan had 3 doctors of `E` at `a` and 2 of `W` at `b`.
pub fn staffed() -> Scenario {
    let mut scenario = one_year();
    let secondees = [
        ("ed", 0, qualification(0, 2, 1.0), 4),
        ("et", 0, qualification(1, 2, 1.0), 2),
        ("wd", 1, qualification(0, 1, 0.5), 5),
    ];
    let posts = [
        ("ad", 0, qualification(0, 2, 1.0), 3, Some(2)),
        ("bd", 1, qualification(0, 2, 0.5), 2, Some(3)),
        ("bt", 1, qualification(1, 1, 1.0), 2, None),
        ("cd", 2, qualification(0, 1, 1.0), 1, None),
    ];
    staff(&mut scenario, &secondees, &posts, &[(0, 0, 0, 3), (1, 1, 0, 2)]);
    scenario
}

/// A plan that sends people and no money: group of secondees, group of posts, persons.
pub fn sending(scenario: &Scenario, people: &[(&str, &str, i64)]) -> Plan {
    with_people(scenario, Plan::default(), people)
}

/// A plan that sends people too.
pub fn with_people(scenario: &Scenario, plan: Plan, people: &[(&str, &str, i64)]) -> Plan {
    let talent = &scenario.talent;
    plan.with_people(people.iter().map(|&(secondees, posts, number)| {
        let secondees = talent.secondees.iter().position(|group| group.id == secondees).unwrap();
        let posts = talent.posts.iter().position(|group| group.id == posts).unwrap();
        ((SecondeesId(secondees), PostsId(posts)), number)
    }))
}

/// A plan from ids.
pub fn plan(scenario: &Scenario, amounts: &[(&str, &str, &str, i32, i64)]) -> Plan {
    Plan::new(
        scenario.years.len(),
        amounts.iter().map(|&(p, s, k, year, amount)| {
            (
                scenario.province(p).unwrap(),
                scenario.site(s).unwrap(),
                scenario.sector(k).unwrap(),
                scenario.year(year).unwrap(),
                Money(amount),
            )
        }),
    )
}

/// A rule of the standard registry.
pub fn rule(kind: &str, parameters: &str) -> Arc<dyn Rule> {
    let table = toml::from_str(parameters).unwrap();
    (Registry::standard().find(kind).unwrap().parse)(table).unwrap()
}

/// The message that parameters which cannot be read give.
pub fn error(kind: &str, parameters: &str) -> String {
    let table = toml::from_str(parameters).unwrap();
    (Registry::standard().find(kind).unwrap().parse)(table).unwrap_err()
}

/// A model with nothing in it but one rule.
pub fn built(scenario: &Scenario, kind: &'static str, rule: &dyn Rule, strength: Strength) -> Built {
    built_within(Limits::loose(scenario), scenario, kind, rule, strength)
}

/// The same, within limits that are known already.
fn built_within(
    mut limits: Limits,
    scenario: &Scenario,
    kind: &'static str,
    rule: &dyn Rule,
    strength: Strength,
) -> Built {
    if strength == Strength::Hard {
        rule.tighten(scenario, &mut limits);
    }
    let mut builder = Builder::new(scenario, limits);
    builder.speak_for(0, kind, strength);
    rule.build(&mut builder);
    builder.finish()
}

fn number(value: f64) -> String {
    let text = format!("{value:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn terms(model: &Model, row: RowId, spelled: impl Fn(ColumnId) -> String) -> String {
    let mut text = String::new();
    for (column, coefficient) in model.row(row) {
        let sign = if coefficient < 0.0 { "-" } else { "+" };
        match (text.is_empty(), sign) {
            (true, "+") => {}
            (true, _) => text.push('-'),
            (false, _) => text.extend([" ", sign, " "]),
        }
        if (coefficient.abs() - 1.0).abs() > f64::EPSILON {
            text.push_str(&number(coefficient.abs()));
            text.push(' ');
        }
        text.push_str(&spelled(column));
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

/// What a rule adds to an empty model: its columns, its rows, its slacks; `open` and `active` columns and
/// their rows, which belong to no rule, only when `shared` is asked for.
pub fn added(
    scenario: &Scenario,
    kind: &'static str,
    rule: &dyn Rule,
    strength: Strength,
    shared: bool,
) -> Vec<String> {
    spelled(scenario, &built(scenario, kind, rule, strength), shared)
}

fn spelled(scenario: &Scenario, built: &Built, shared: bool) -> Vec<String> {
    let model = &built.model;
    let ids = ["R1".to_owned()];
    let column = |column: ColumnId| model.column_names[column.0].spelled(scenario, &ids).to_string();
    let money = |what: &str| matches!(what, "x" | "total" | "placed" | "sent" | "filled");
    let admitted = |what: &str, rule: Option<usize>| rule.is_some() || shared && !money(what);
    let mut lines = Vec::new();
    for c in 0..model.column_count() {
        let name = &model.column_names[c];
        if admitted(name.what, name.rule) {
            let (lower, upper) = (number(model.lower[c]), number(model.upper[c]));
            lines.push(format!("{} in {lower}..{upper} {:?}", column(ColumnId(c)), model.kinds[c]));
        }
    }
    for r in 0..model.row_count() {
        let name = &model.row_names[r];
        if admitted(name.what, name.rule) {
            let (lower, upper) = (model.row_lower[r], model.row_upper[r]);
            let bound = match (lower.is_finite(), upper.is_finite()) {
                (true, true) => format!("= {}", number(upper)),
                (true, false) => format!(">= {}", number(lower)),
                (false, _) => format!("<= {}", number(upper)),
            };
            let terms = terms(model, RowId(r), column);
            lines.push(format!("{}: {terms} {bound}", name.spelled(scenario, &ids)));
        }
    }
    for slack in &built.slacks {
        let row = model.row_names[slack.row.0].spelled(scenario, &ids);
        lines.push(format!("{} costs {} in {row}", column(slack.column), slack.penalty));
    }
    lines
}

/// What a standard rule adds of its own, in the words of [`added`].
pub fn rows(scenario: &Scenario, kind: &'static str, parameters: &str, strength: Strength) -> Vec<String> {
    added(scenario, kind, &*rule(kind, parameters), strength, false)
}

/// The same, where another rule is hard too; its rows are not there.
pub fn rows_beside(
    scenario: &Scenario,
    (other, its): (&str, &str),
    kind: &'static str,
    parameters: &str,
    strength: Strength,
) -> Vec<String> {
    let mut limits = Limits::loose(scenario);
    rule(other, its).tighten(scenario, &mut limits);
    spelled(scenario, &built_within(limits, scenario, kind, &*rule(kind, parameters), strength), false)
}

/// The same with the columns and rows of `open` and `active` that it asked for.
pub fn rows_and_shared(
    scenario: &Scenario,
    kind: &'static str,
    parameters: &str,
    strength: Strength,
) -> Vec<String> {
    added(scenario, kind, &*rule(kind, parameters), strength, true)
}

/// What a rule finds in a plan: the scope, and the slack where it holds or the shortfall where it fails.
pub fn findings(scenario: &Scenario, kind: &str, parameters: &str, plan: &Plan) -> Vec<String> {
    let found = rule(kind, parameters).check(scenario, plan);
    found
        .iter()
        .map(|finding| {
            let scope = if finding.scope.is_empty() { "all".to_owned() } else { finding.scope.join(",") };
            if finding.passes() {
                format!("{scope}: slack {}", finding.slack())
            } else {
                format!("{scope}: short {}", finding.shortfall())
            }
        })
        .collect()
}

/// What a rule says before anything is solved: code and cause.
pub fn notes(scenario: &Scenario, kind: &str, parameters: &str) -> Vec<String> {
    let mut notes = Notes::default();
    rule(kind, parameters).presolve(scenario, &mut notes);
    notes.0.into_iter().map(|(code, cause, _)| format!("{} {cause}", code.id())).collect()
}

/// The lines whose limits a hard rule lowers: over the horizon, and by year.
pub fn caps(scenario: &Scenario, kind: &str, parameters: &str) -> Vec<String> {
    let loose = Limits::loose(scenario);
    let mut caps = loose.clone();
    rule(kind, parameters).tighten(scenario, &mut caps);
    let years = 0..scenario.years.len();
    let mut lines = Vec::new();
    for line in scenario.line_ids() {
        let by_year: Vec<i64> = years.clone().map(|year| caps.year(line, year).0).collect();
        let total = caps.total(line).0;
        if total != loose.total(line).0
            || by_year[..] != years.clone().map(|y| loose.year(line, y).0).collect::<Vec<_>>()
        {
            lines.push(format!("{}: {total} {by_year:?}", scenario.line_names(line).join(",")));
        }
    }
    lines
}

/// Asserts that parameters are refused with a message that names the key.
pub fn refuses(kind: &str, parameters: &str, key: &str) {
    let message = error(kind, parameters);
    assert!(message.contains(&format!("`{key}`")), "{kind} with {parameters:?}: {message}");
}

/// Nothing, of the type that the words above have.
pub const NONE: [&str; 0] = [];
