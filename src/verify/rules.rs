//! The rules as the verifier knows them, from their recorded parameters. What is linear becomes a list of
//! [`Row`]s, which serve twice: a plan has to keep them, and a multiplier prices them. The rest is [`Shape`].
//! A kind that is not here is not known: a plan under such a hard rule cannot be certified.

/// Parameters of rules, as policies write them.
macro_rules! parameters {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* })*) => {$(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name { $($(#[$meta])* $field: $kind,)* }
    )*};
}

mod industry;
mod people;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::clusters::Built;
use super::exact::{MICRO, down, up};
use super::input::RuleInForce;
use super::programme::{Line, Money, Programme};
use super::selection::{Parts, Per, Selection};
use crate::units::Ratio;

/// Terms of a row, each with its coefficient in millionths.
#[derive(Debug, Clone)]
pub enum Terms {
    /// Money of lines in years: line, year, coefficient.
    Cells(Vec<(usize, usize, i128)>),
    /// Money of lines over the horizon.
    Totals(Vec<(usize, i128)>),
    /// Funded lines, each counting one.
    Lines(Vec<usize>),
    /// Active pairings, each counting one.
    Links(Vec<usize>),
    /// Persons of candidates.
    People(Vec<(usize, i128)>),
}

/// A linear limit.
#[derive(Debug, Clone)]
pub struct Row {
    /// Ids and year that it is about.
    pub of: Vec<String>,
    /// Which of several limits on these ids.
    pub part: &'static str,
    /// What is added up.
    pub terms: Terms,
    /// Whether the sum is at least the limit, or at most.
    pub at_least: bool,
    /// The limit, in millionths.
    pub limit: i128,
}

/// What a rule says beside rows.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Nothing.
    Rows,
    /// Not known to this verifier.
    Unknown,
    /// Capacity by year, of which a share of the rest is carried over.
    Budget,
    /// At least so much on a funded line; nothing where 0.
    Ticket(Vec<i128>),
    /// The same in each year with money.
    TicketByYear(Vec<i128>),
    /// At least so much on a pairing's selected lines, if any is funded.
    TicketByLink(i128, Vec<bool>),
    /// The focus sites get a share.
    Focus(Focus),
    /// Needs of a part are met to an amount in millionths: ids, needs, amount.
    NeedFloor(Vec<(Vec<String>, Vec<usize>, i128)>),
    /// The so many largest parts get at most a share.
    Dominance(usize, i128, Parts),
    /// Change from the last plan is at most so much, in millionths.
    Change(i128),
    /// Money a person of sites (site, persons) between shares of the mean.
    Equity(Vec<(usize, i128)>, [Option<i128>; 2], Parts),
    /// At most so many sectors at a site.
    Sectors(usize, Parts),
    /// At most so many sites of a cluster build an industry.
    Sites(Vec<(i128, Built)>),
    /// At least so much in a cluster, if the industry is built there at all.
    Together(Vec<(i128, Built)>),
    /// At least so many of a team, if any of it is placed: ids, candidates, number.
    Teams(Vec<(Vec<String>, Vec<usize>, i128)>),
    /// Money and people require one another.
    Requires(Requires),
}

/// What lines require of people at their site, and people of the lines there.
#[derive(Debug, Clone)]
pub struct Requires {
    /// Persons whom a funded line needs.
    pub persons: Option<i128>,
    /// Money that a site with people needs.
    pub money: Option<i128>,
    /// The lines.
    pub lines: Vec<usize>,
    /// The candidates at each site.
    pub people_at: Vec<Vec<usize>>,
    /// Sites that are looked at.
    pub sites: Vec<bool>,
}

/// Key sites and their share.
#[derive(Debug, Clone)]
pub struct Focus {
    /// How many there may be.
    pub number: i128,
    /// What they get, in millionths.
    pub share: i128,
    /// For each site whether it is one in any case.
    pub fixed: Vec<bool>,
    /// For each site whether it may be one.
    pub may: Vec<bool>,
    /// For each line whether its money counts.
    pub counts: Vec<bool>,
}

/// A rule of the policy.
#[derive(Debug, Clone)]
pub struct Rule<'a> {
    /// As it was recorded.
    pub input: &'a RuleInForce,
    /// Its linear limits.
    pub rows: Vec<Row>,
    /// What it says beside them.
    pub shape: Shape,
}

fn parameters<T: DeserializeOwned>(rule: &RuleInForce) -> Result<T, String> {
    serde_json::from_value(rule.parameters.clone())
        .map_err(|error| format!("input: rule {}: {error}", rule.id))
}

fn micros(ratio: Ratio) -> i128 {
    i128::from(ratio.micros())
}

fn micro_units(amount: i64) -> i128 {
    i128::from(amount) * MICRO
}

parameters! {
    NoParameters {}
    Portion { share: Ratio, #[serde(default)] select: Selection, }
    TicketOf {
        amount: Ratio,
        #[serde(default)] of: Of,
        #[serde(default)] by_sector: BTreeMap<String, Ratio>,
        #[serde(default)] select: Selection,
    }
    Counted { number: u32, #[serde(default)] per: Per, #[serde(default)] select: Selection, }
    FocusOf {
        number: u32,
        share: Ratio,
        #[serde(default)] fixed_in: Vec<String>,
        #[serde(default)] fixed_out: Vec<String>,
        #[serde(default)] select: Selection,
    }
    DominanceOf { number: u32, share: Ratio, of: Option<Per>, #[serde(default)] select: Selection, }
    GroupOf {
        group: Selection,
        #[serde(default)] of: Selection,
        #[serde(default)] per: Per,
        min: Option<Ratio>,
        max: Option<Ratio>,
    }
    CapOf { share: Option<Ratio>, #[serde(default)] by_year: bool, }
    FloorOf { share: Ratio, #[serde(default)] per: Per, #[serde(default)] select: Selection, }
    RegionOf {
        #[serde(default)] amount: Ratio,
        #[serde(default)] by_region: BTreeMap<String, Ratio>,
        #[serde(default)] select: Selection,
    }
    PersonOf { amount: Ratio, per: Option<Per>, #[serde(default)] select: Selection, }
    EquityOf { below: Option<Ratio>, above: Option<Ratio>, #[serde(default)] select: Selection, }
    PhasingOf { path: Vec<Ratio>, #[serde(default)] per: Per, #[serde(default)] select: Selection, }
    RampOf {
        down: Option<Ratio>,
        up: Option<Ratio>,
        of: Option<String>,
        #[serde(default)] select: Selection,
    }
    ContinuityOf { keep: Option<Ratio>, change: Option<Ratio>, }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    #[default]
    Line,
    Link,
    LineYear,
}

/// Whether a limit of a kind of rule can be priced in a bound. The others are left out of bounds, or kept
/// inside a site: tickets.
pub fn is_priced(kind: &str, part: &str) -> bool {
    match kind {
        "province_budget"
        | "budget_use"
        | "sector_capacity"
        | "absorption"
        | "maximum_lines"
        | "maximum_provinces_per_site"
        | "maximum_sites_per_province"
        | "group_share"
        | "need_cap"
        | "need_floor"
        | "region_floor"
        | "per_capita_floor"
        | "phasing"
        | "ramp"
        | "exclusion"
        | "focus_share"
        | "park_capacity"
        | "park_share"
        | "enclave"
        | "scale_cap"
        | "profession_share"
        | "maximum_vacancy"
        | "team_continuity"
        | "team_size"
        | "no_duplication"
        | "cluster_minimum" => true,
        "continuity" => part == "keep",
        "requires" => part == "team",
        _ => false,
    }
}

/// What every plan with people has to keep, whatever its policy: nobody is sent twice, and no post filled twice.
pub const PEOPLE: &str = "PEOPLE";

static OF_PEOPLE: LazyLock<RuleInForce> = LazyLock::new(|| RuleInForce {
    id: PEOPLE.to_owned(),
    kind: "people".to_owned(),
    penalty: None,
    parameters: serde_json::json!({}),
});

/// Reads all rules.
///
/// # Errors
/// When a parameter cannot be read.
pub fn read<'a>(programme: &'a Programme<'a>) -> Result<Vec<Rule<'a>>, String> {
    let rules = programme.input.rules.iter();
    let rules = rules.chain((!programme.candidates.is_empty()).then(|| &*OF_PEOPLE));
    rules.map(|rule| Reader { programme, rule, rows: Vec::new() }.read()).collect()
}

struct Reader<'a> {
    programme: &'a Programme<'a>,
    rule: &'a RuleInForce,
    rows: Vec<Row>,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<Rule<'a>, String> {
        let shape = match self.rule.kind.as_str() {
            "province_budget" => {
                parameters::<NoParameters>(self.rule)?;
                Shape::Budget
            }
            "budget_use" => self.budget_use()?,
            "sector_capacity" => self.sector_capacity()?,
            "absorption" => self.absorption()?,
            "minimum_ticket" => self.ticket()?,
            "maximum_lines" => self.maximum_lines()?,
            "maximum_provinces_per_site" => self.maximum_links(1)?,
            "maximum_sites_per_province" => self.maximum_links(0)?,
            "maximum_sectors_per_site" => {
                let Counted { number, select, .. } = parameters(self.rule)?;
                Shape::Sectors(number as usize, Parts::of(&select, Per::Site, self.programme.input))
            }
            "focus_share" => self.focus()?,
            "dominance_cap" => {
                let DominanceOf { number, share, of, select } = parameters(self.rule)?;
                let parts = Parts::of(&select, of.unwrap_or(Per::Site), self.programme.input);
                Shape::Dominance(number as usize, micros(share), parts)
            }
            "group_share" => self.group_share()?,
            "need_cap" => self.need_cap()?,
            "need_floor" => self.need_floor()?,
            "region_floor" => self.region_floor()?,
            "per_capita_floor" => self.per_capita_floor()?,
            "equity_band" => self.equity()?,
            "phasing" => self.phasing()?,
            "ramp" => self.ramp()?,
            "continuity" => self.continuity()?,
            "exclusion" => self.exclusion()?,
            "park_capacity" => self.park_capacity()?,
            "no_duplication" => self.no_duplication()?,
            "cluster_minimum" => self.cluster_minimum()?,
            "park_share" => self.park_share()?,
            "enclave" => self.enclave()?,
            "people" => self.people(),
            "scale_cap" => self.scale_cap()?,
            "profession_share" => self.profession_share()?,
            "team_size" => self.team_size()?,
            "maximum_vacancy" => self.maximum_vacancy()?,
            "team_continuity" => self.team_continuity()?,
            "requires" => self.requires()?,
            _ => Shape::Unknown,
        };
        Ok(Rule { input: self.rule, rows: self.rows, shape })
    }

    fn push(&mut self, of: Vec<String>, part: &'static str, terms: Terms, at_least: bool, limit: i128) {
        self.rows.push(Row { of, part, terms, at_least, limit });
    }

    /// The same coefficient for the money of some lines.
    fn totals(lines: &[usize]) -> Terms {
        Terms::Totals(lines.iter().map(|&line| (line, MICRO)).collect())
    }

    /// Millionths of a unit from an amount as the policy counts it, rounded up.
    fn per_person(&self, amount: Ratio) -> i128 {
        up(
            micros(amount) * i128::from(self.programme.input.amounts_in),
            i128::from(self.programme.input.unit),
        )
    }

    /// Whole units, in millionths, from an amount as the policy counts it, rounded up.
    fn at_least(&self, amount: Ratio) -> i128 {
        up(self.per_person(amount), MICRO) * MICRO
    }

    fn year_name(&self, year: usize) -> String {
        self.programme.input.years[year].to_string()
    }

    fn budget_use(&mut self) -> Result<Shape, String> {
        let Portion { share, select } = parameters(self.rule)?;
        let programme = self.programme;
        let parts = Parts::of(&select, Per::Province, programme.input);
        for scope in parts.scopes {
            let province = programme.province(&scope[0])?;
            let budget = programme.input.provinces[province].budget.iter();
            let all: i128 = budget.map(|amount| i128::from(*amount)).sum();
            let lines = programme.lines.iter().enumerate().filter(|(_, line)| line.province == province);
            let lines: Vec<usize> = lines.map(|(position, _)| position).collect();
            self.push(scope, "", Self::totals(&lines), true, up(all * micros(share), MICRO) * MICRO);
        }
        Ok(Shape::Rows)
    }

    fn sector_capacity(&mut self) -> Result<Shape, String> {
        parameters::<NoParameters>(self.rule)?;
        let programme = self.programme;
        for most in &programme.input.sector_capacity {
            let (province, sector) = (programme.province(&most.province)?, programme.sector(&most.sector)?);
            let lines = programme.lines.iter().enumerate();
            let lines = lines.filter(|(_, line)| line.province == province && line.sector == sector);
            let lines: Vec<usize> = lines.map(|(position, _)| position).collect();
            let of = vec![most.province.clone(), most.sector.clone()];
            self.push(of, "", Self::totals(&lines), false, micro_units(most.amount));
        }
        Ok(Shape::Rows)
    }

    fn absorption(&mut self) -> Result<Shape, String> {
        parameters::<NoParameters>(self.rule)?;
        let programme = self.programme;
        for (s, site) in programme.input.sites.iter().enumerate() {
            let lines = programme.links_at[s].iter().flat_map(|&link| programme.of_link[link].clone());
            let lines: Vec<usize> = lines.collect();
            for (year, most) in site.absorption.iter().enumerate() {
                let Some(most) = most else { continue };
                let cells = lines.iter().map(|&line| (line, year, MICRO)).collect();
                let of = vec![site.id.clone(), self.year_name(year)];
                self.push(of, "", Terms::Cells(cells), false, micro_units(*most));
            }
        }
        Ok(Shape::Rows)
    }

    fn ticket(&mut self) -> Result<Shape, String> {
        let TicketOf { amount, of, by_sector, select } = parameters(self.rule)?;
        let programme = self.programme;
        let mask = select.mask(programme.input);
        if of == Of::Link {
            let selected = programme.lines.iter().map(|line| mask.has(line)).collect();
            return Ok(Shape::TicketByLink(down(self.at_least(amount), MICRO), selected));
        }
        let least = |line: &Line| {
            let id = &programme.input.sectors[line.sector].id;
            let amount = by_sector.get(id).copied().unwrap_or(amount);
            if mask.has(line) { down(self.at_least(amount), MICRO) } else { 0 }
        };
        let least = programme.lines.iter().map(least).collect();
        Ok(if of == Of::Line { Shape::Ticket(least) } else { Shape::TicketByYear(least) })
    }

    fn maximum_lines(&mut self) -> Result<Shape, String> {
        let Counted { number, per, select } = parameters(self.rule)?;
        let parts = Parts::of(&select, per, self.programme.input);
        for (scope, lines) in parts.scopes.iter().zip(parts.lines(self.programme)) {
            self.push(scope.clone(), "", Terms::Lines(lines), false, i128::from(number) * MICRO);
        }
        Ok(Shape::Rows)
    }

    /// At most so many pairings of a province (0) or of a site (1).
    fn maximum_links(&mut self, kind: usize) -> Result<Shape, String> {
        let Counted { number, select, .. } = parameters(self.rule)?;
        let programme = self.programme;
        let per = [Per::Province, Per::Site][kind];
        for scope in Parts::of(&select, per, programme.input).scopes {
            let of = |link: &super::input::Link| [&link.province, &link.site][kind] == &scope[0];
            let links = programme.input.links.iter().enumerate().filter(|(_, link)| of(link));
            let links = Terms::Links(links.map(|(position, _)| position).collect());
            self.push(scope, "", links, false, i128::from(number) * MICRO);
        }
        Ok(Shape::Rows)
    }

    fn focus(&mut self) -> Result<Shape, String> {
        let FocusOf { number, share, fixed_in, fixed_out, select } = parameters(self.rule)?;
        let (programme, mask) = (self.programme, select.mask(self.programme.input));
        let sites = || programme.input.sites.iter().map(|site| &site.id);
        let fixed: Vec<bool> = sites().map(|id| fixed_in.contains(id) && !fixed_out.contains(id)).collect();
        Ok(Shape::Focus(Focus {
            number: i128::from(number),
            share: micros(share),
            fixed,
            may: sites().map(|id| !fixed_out.contains(id)).collect(),
            counts: programme.lines.iter().map(|line| mask.has(line)).collect(),
        }))
    }

    fn group_share(&mut self) -> Result<Shape, String> {
        let GroupOf { group, of, per, min, max } = parameters(self.rule)?;
        let programme = self.programme;
        let group = group.mask(programme.input);
        let parts = Parts::of(&of, per, programme.input);
        for (scope, lines) in parts.scopes.iter().zip(parts.lines(programme)) {
            for (share, part) in [(min, "lower"), (max, "upper")] {
                let Some(share) = share else { continue };
                let inside = |line: usize| if group.has(&programme.lines[line]) { MICRO } else { 0 };
                let terms = lines.iter().map(|&line| (line, inside(line) - micros(share))).collect();
                self.push(scope.clone(), part, Terms::Totals(terms), part == "lower", 0);
            }
        }
        Ok(Shape::Rows)
    }

    fn need_cap(&mut self) -> Result<Shape, String> {
        let CapOf { share, by_year } = parameters(self.rule)?;
        let share = share.map_or(MICRO, micros);
        let programme = self.programme;
        let mut lines = vec![Vec::new(); programme.input.needs.len()];
        for (position, line) in programme.lines.iter().enumerate() {
            lines[line.need].push(position);
        }
        for (need, lines) in programme.input.needs.iter().zip(lines) {
            let of = vec![need.site.clone(), need.sector.clone()];
            let terms = lines.iter().map(|&line| (line, programme.effect(line))).collect();
            self.push(of.clone(), "", Terms::Totals(terms), false, i128::from(need.amount) * share);
            for (year, amount) in need.by_year.iter().filter(|_| by_year).flatten().enumerate() {
                let cells = lines.iter().map(|&line| (line, year, programme.effect(line))).collect();
                let of = [of.clone(), vec![self.year_name(year)]].concat();
                self.push(of, "", Terms::Cells(cells), false, i128::from(*amount) * share);
            }
        }
        Ok(Shape::Rows)
    }

    fn need_floor(&mut self) -> Result<Shape, String> {
        let FloorOf { share, per, select } = parameters(self.rule)?;
        let programme = self.programme;
        let parts = Parts::of(&select, per, programme.input);
        let mut needs = vec![Vec::new(); parts.scopes.len()];
        for (position, need) in programme.input.needs.iter().enumerate() {
            let (site, sector) = (programme.site(&need.site)?, programme.sector(&need.sector)?);
            if let Some(part) = parts.part_of_need(site, sector) {
                needs[part].push(position);
            }
        }
        let floors = parts.scopes.into_iter().zip(needs).filter(|(_, needs)| !needs.is_empty());
        let floor = |needs: &[usize]| {
            needs.iter().map(|&need| i128::from(programme.input.needs[need].amount)).sum::<i128>()
        };
        Ok(Shape::NeedFloor(
            floors
                .map(|(of, needs)| {
                    let least = floor(&needs) * micros(share);
                    (of, needs, least)
                })
                .collect(),
        ))
    }

    fn region_floor(&mut self) -> Result<Shape, String> {
        let RegionOf { amount, by_region, select } = parameters(self.rule)?;
        let parts = Parts::of(&select, Per::Region, self.programme.input);
        for (scope, lines) in parts.scopes.iter().zip(parts.lines(self.programme)) {
            let floor = self.at_least(by_region.get(&scope[0]).copied().unwrap_or(amount));
            self.push(scope.clone(), "", Self::totals(&lines), true, floor);
        }
        Ok(Shape::Rows)
    }

    fn per_capita_floor(&mut self) -> Result<Shape, String> {
        let PersonOf { amount, per, select } = parameters(self.rule)?;
        let programme = self.programme;
        let parts = Parts::of(&select, per.unwrap_or(Per::Site), programme.input);
        let mut groups = vec![(0_i128, Vec::new()); parts.scopes.len()];
        for (s, site) in programme.input.sites.iter().enumerate() {
            let (Some(people), Some(part)) = (site.population, parts.part_of_site(s)) else { continue };
            groups[part].0 += i128::from(people);
            let lines = programme.links_at[s].iter().flat_map(|&link| programme.of_link[link].clone());
            groups[part].1.extend(lines.filter(|&line| parts.mask.has(&programme.lines[line])));
        }
        let floor = self.per_person(amount);
        for (scope, (people, lines)) in parts.scopes.iter().zip(groups) {
            if people > 0 {
                self.push(scope.clone(), "", Self::totals(&lines), true, floor * people);
            }
        }
        Ok(Shape::Rows)
    }

    fn equity(&mut self) -> Result<Shape, String> {
        let EquityOf { below, above, select } = parameters(self.rule)?;
        let parts = Parts::of(&select, Per::Site, self.programme.input);
        let mut sites = Vec::new();
        for scope in &parts.scopes {
            let site = self.programme.site(&scope[0])?;
            let people = self.programme.input.sites[site].population.filter(|people| *people > 0);
            sites.extend(people.map(|people| (site, i128::from(people))));
        }
        let factors = [below.map(|b| (MICRO - micros(b)).max(0)), above.map(|a| MICRO + micros(a))];
        Ok(Shape::Equity(sites, factors, parts))
    }

    fn phasing(&mut self) -> Result<Shape, String> {
        let PhasingOf { path, per, select } = parameters(self.rule)?;
        let parts = Parts::of(&select, per, self.programme.input);
        let years = self.programme.horizon();
        for (scope, lines) in parts.scopes.iter().zip(parts.lines(self.programme)) {
            for (until, share) in path.iter().enumerate().take(years) {
                let factor =
                    |year: usize| if year <= until { MICRO - micros(*share) } else { -micros(*share) };
                let cells =
                    lines.iter().flat_map(|&line| (0..years).map(move |year| (line, year, factor(year))));
                let of = [scope.clone(), vec![self.year_name(until)]].concat();
                let cells = Terms::Cells(cells.collect());
                self.push(of, "", cells, true, 0);
            }
        }
        Ok(Shape::Rows)
    }

    fn ramp(&mut self) -> Result<Shape, String> {
        let RampOf { down, up, of, select } = parameters(self.rule)?;
        let programme = self.programme;
        let per = match of.as_deref().unwrap_or("site") {
            "site" => Per::Site,
            "province" => Per::Province,
            "region" => Per::Region,
            "sector" => Per::Sector,
            "all" | "line" => Per::All,
            other => return Err(format!("input: rule {}: of = \"{other}\" is not known", self.rule.id)),
        };
        let parts = Parts::of(&select, per, programme.input);
        let mut groups: Vec<_> = parts.scopes.iter().cloned().zip(parts.lines(programme)).collect();
        if of.as_deref() == Some("line") {
            let lines = groups.into_iter().flat_map(|(_, lines)| lines);
            groups = lines.map(|line| (programme.names(line), vec![line])).collect();
        }
        let factors = [
            (down.map(|down| (MICRO - micros(down)).max(0)), "lower"),
            (up.map(|up| MICRO + micros(up)), "upper"),
        ];
        for (scope, lines) in groups {
            for year in 1..programme.horizon() {
                for (factor, part) in factors {
                    let Some(factor) = factor else { continue };
                    let cells =
                        lines.iter().flat_map(|&line| [(line, year, MICRO), (line, year - 1, -factor)]);
                    let of = [scope.clone(), vec![self.year_name(year)]].concat();
                    self.push(of, part, Terms::Cells(cells.collect()), part == "lower", 0);
                }
            }
        }
        Ok(Shape::Rows)
    }

    fn continuity(&mut self) -> Result<Shape, String> {
        let ContinuityOf { keep, change } = parameters(self.rule)?;
        let (programme, last) = (self.programme, self.programme.last_plan()?);
        let mut kept = BTreeMap::new();
        for promised in &programme.input.commitments {
            let line = programme.line(&promised.province, &promised.site, &promised.sector)?;
            let year = promised.year.map(|year| programme.year(year)).transpose()?;
            *kept.entry((line, year)).or_insert(0_i128) += i128::from(promised.amount);
        }
        for ((line, year), amount) in kept {
            let Some(keep) = keep else { break };
            let committed = if year.is_some() { amount } else { i128::from(last[line]) };
            let least = up(committed * micros(keep), MICRO) * MICRO;
            let mut of = programme.names(line);
            let terms = match year {
                None => Terms::Totals(vec![(line, MICRO)]),
                Some(year) => {
                    of.push(self.year_name(year));
                    Terms::Cells(vec![(line, year, MICRO)])
                }
            };
            self.push(of, "keep", terms, true, least);
        }
        let all: i128 = last.iter().map(|amount| i128::from(*amount)).sum();
        Ok(change.map_or(Shape::Rows, |change| Shape::Change(all * micros(change))))
    }

    fn exclusion(&mut self) -> Result<Shape, String> {
        parameters::<NoParameters>(self.rule)?;
        for (line, excluded) in self.programme.excluded().into_iter().enumerate() {
            if excluded {
                self.push(self.programme.names(line), "", Self::totals(&[line]), false, 0);
            }
        }
        Ok(Shape::Rows)
    }

    fn park_capacity(&mut self) -> Result<Shape, String> {
        parameters::<NoParameters>(self.rule)?;
        let programme = self.programme;
        for park in &programme.input.parks {
            let Some(most) = park.capacity else { continue };
            let host = programme.site(&park.host)?;
            let inside = |line: &Line| {
                line.site == host && park.sectors.contains(&programme.input.sectors[line.sector].id)
            };
            let lines = programme.lines.iter().enumerate().filter(|(_, line)| inside(line));
            let lines: Vec<usize> = lines.map(|(position, _)| position).collect();
            self.push(vec![park.id.clone()], "", Self::totals(&lines), false, micro_units(most));
        }
        Ok(Shape::Rows)
    }
}

impl Row {
    /// What a plan has beyond the limit where it may not: 0 where it keeps it. In millionths.
    pub fn shortfall(&self, programme: &Programme<'_>, plan: &Money) -> i128 {
        let years = programme.horizon();
        let funded = |line: usize| plan.totals[line] != 0;
        let sum: i128 = match &self.terms {
            Terms::Cells(terms) => {
                let cell = |line: usize, year: usize| i128::from(plan.cells[line * years + year]);
                terms.iter().map(|&(line, year, factor)| factor * cell(line, year)).sum()
            }
            Terms::Totals(terms) => {
                terms.iter().map(|&(line, factor)| factor * i128::from(plan.totals[line])).sum()
            }
            Terms::Lines(lines) => lines.iter().map(|&line| if funded(line) { MICRO } else { 0 }).sum(),
            Terms::Links(links) => {
                let active = |link: usize| programme.of_link[link].clone().any(funded);
                links.iter().map(|&link| if active(link) { MICRO } else { 0 }).sum()
            }
            Terms::People(terms) => {
                terms.iter().map(|&(candidate, factor)| factor * i128::from(plan.people[candidate])).sum()
            }
        };
        (if self.at_least { self.limit - sum } else { sum - self.limit }).max(0)
    }
}
