//! An upper bound by weak duality. Every limit that a multiplier prices is taken out, and what is beyond it
//! is charged; what is left falls apart into sites. Whatever the multipliers, as long as none is negative, no
//! plan that keeps the rules earns more than the sum: `Σ λ·limit + Σ_sites max (value − λ·used)`. Rules that
//! are not priced and not kept inside a site are left out, which can only raise the bound.
//!
//! A stage that wants the least is turned round: the most of minus its value.

use std::collections::{BTreeMap, HashMap};

use super::certificate::{ANY, Count, Decision, Leaf, StageProof};
use super::exact::{MICRO, PICO, add, mul, sub, times_down, up};
use super::people;
use super::programme::Programme;
use super::rules::{Focus, Requires, Row, Rule, Shape, Terms};
use super::site::{Gate, Line, Need, Site, Why};
use super::stages::Objective;

/// What the hard rules, or the assumptions of a case, say about single lines, needs and sites.
#[derive(Debug, Clone)]
pub struct Limits {
    least: Vec<i128>,
    most: Vec<Option<i128>>,
    cap: Vec<Option<i128>>,
    most_links: Vec<usize>,
    /// Lines and links that are funded in any case.
    must: Vec<bool>,
    must_links: Vec<bool>,
    /// The fewest persons of a team that comes at all.
    team: Vec<i128>,
}

fn lower(limit: &mut Option<i128>, to: i128) {
    *limit = Some(limit.map_or(to, |limit| limit.min(to)));
}

impl Limits {
    /// Collects them.
    pub fn of(programme: &Programme<'_>, rules: &[Rule<'_>]) -> Self {
        let (lines, years) = (programme.lines.len(), programme.horizon());
        let mut this = Self {
            least: vec![0; lines],
            most: vec![None; lines],
            cap: vec![None; programme.input.needs.len()],
            most_links: programme.links_at.iter().map(Vec::len).collect(),
            must: vec![false; lines],
            must_links: vec![false; programme.input.links.len()],
            team: vec![1; programme.candidates.len()],
        };
        let mut by_year: Vec<Option<i128>> = vec![None; lines * years];
        for rule in rules.iter().filter(|rule| rule.input.penalty.is_none()) {
            match &rule.shape {
                Shape::Ticket(least) => {
                    this.least.iter_mut().zip(least).for_each(|(own, least)| *own = (*own).max(*least));
                }
                Shape::Budget => this.add_budgets(programme, &mut by_year),
                Shape::Teams(teams) => {
                    for (_, own, least) in teams {
                        let team = programme.candidates[own[0]].team;
                        this.team[team] = this.team[team].max(*least);
                    }
                }
                _ => rule
                    .rows
                    .iter()
                    .for_each(|row| this.add_row(programme, &rule.input.kind, row, &mut by_year)),
            }
        }
        for line in 0..lines {
            let years: Option<i128> = by_year[line * years..(line + 1) * years].iter().copied().sum();
            if let Some(most) = years {
                lower(&mut this.most[line], most);
            }
            let cap = this.cap[programme.lines[line].need];
            if let Some(cap) = cap {
                lower(&mut this.most[line], cap / programme.effect(line));
            }
        }
        this
    }

    /// Keeps an assumption about a single line or link.
    fn assume(&mut self, programme: &Programme<'_>, row: &Row) {
        let number = row.limit / MICRO;
        match &row.terms {
            Terms::Lines(lines) => {
                if let ([line], true, 1) = (lines.as_slice(), row.at_least, number) {
                    self.must[*line] = true;
                } else if let ([line], false, 0) = (lines.as_slice(), row.at_least, number) {
                    self.most[*line] = Some(0);
                }
            }
            Terms::Links(links) => {
                if let ([link], true, 1) = (links.as_slice(), row.at_least, number) {
                    self.must_links[*link] = true;
                } else if let ([link], false, 0) = (links.as_slice(), row.at_least, number) {
                    programme.of_link[*link].clone().for_each(|line| self.most[line] = Some(0));
                }
            }
            Terms::Cells(_) | Terms::Totals(_) | Terms::People(_) => {}
        }
    }

    fn add_budgets(&mut self, programme: &Programme<'_>, by_year: &mut [Option<i128>]) {
        let years = programme.horizon();
        for (position, line) in programme.lines.iter().enumerate() {
            let province = &programme.input.provinces[line.province];
            let mut available = 0;
            for (year, budget) in province.budget.iter().enumerate() {
                available = i128::from(*budget) + available * i128::from(province.carry_over) / MICRO;
                lower(&mut by_year[position * years + year], available);
            }
            lower(&mut self.most[position], province.budget.iter().map(|b| i128::from(*b)).sum());
        }
    }

    /// A limit on money together is one on each line of it.
    fn add_row(&mut self, programme: &Programme<'_>, kind: &str, row: &Row, by_year: &mut [Option<i128>]) {
        let years = programme.horizon();
        match (kind, &row.terms) {
            ("need_cap", Terms::Totals(lines)) => {
                if let Some((line, _)) = lines.first() {
                    lower(&mut self.cap[programme.lines[*line].need], row.limit);
                }
            }
            ("exclusion" | "sector_capacity" | "park_capacity", Terms::Totals(lines)) => {
                for &(line, _) in lines {
                    lower(&mut self.most[line], row.limit / MICRO);
                }
            }
            ("absorption", Terms::Cells(cells)) => {
                for &(line, year, _) in cells {
                    lower(&mut by_year[line * years + year], row.limit / MICRO);
                }
            }
            ("maximum_provinces_per_site", _) => {
                // By the row's own id: a pairing whose site has no need has no line to tell the site.
                if let Some(Ok(site)) = row.of.first().map(|id| programme.site(id)) {
                    let most = usize::try_from(row.limit / MICRO).unwrap_or(usize::MAX);
                    let own = &mut self.most_links[site];
                    *own = (*own).min(most);
                }
            }
            _ => {}
        }
    }
}

/// What a stage is worth, and what the multipliers charge, all counted in 10⁻¹⁸ but where said.
struct Prices {
    constant: i128,
    /// For a unit of a line, and what comes on top in a year.
    totals: Vec<i128>,
    cells: Option<Vec<i128>>,
    lines: Vec<i128>,
    links: Vec<i128>,
    /// For a person of each candidate.
    people: Vec<i128>,
    /// For each team that comes at all.
    teams: Vec<i128>,
    /// For building at a site with some of its lines.
    gates: BTreeMap<(usize, Vec<usize>), i128>,
    /// For each millionth of a unit met of a need, in 10⁻¹².
    met: Vec<i128>,
    /// A unit of a focus site's money earns the first more; a place costs the second.
    focus: Option<(Focus, i128, i128)>,
    /// What shortfall of soft rules costs at most, in 10⁻¹².
    shortfall: i128,
}

/// The stages before, with the plan's value in each, and the one at hand behind them.
pub struct Stages<'a> {
    /// What each is.
    pub objectives: &'a [Objective],
    /// The plan's value in each.
    pub values: &'a [Option<i128>],
}

/// The multipliers of a rule that have not been used yet, by ids and part.
type Given = HashMap<(Vec<String>, String), i128>;

/// An assumption as a row: so many of the lines or links, or fewer.
fn assumed(programme: &Programme<'_>, decision: &Decision) -> Result<Row, Why> {
    let Decision { count, of, number, at_least, .. } = decision;
    let wrong = || Why::Wrong(format!("a case is about nothing that is counted: {}", of.join(" ")));
    let id = |at: usize| of.get(at).filter(|id| *id != ANY);
    let province = id(0).map(|id| programme.province(id)).transpose().map_err(Why::Wrong)?;
    let site = id(1).map(|id| programme.site(id)).transpose().map_err(Why::Wrong)?;
    let sector = id(2).map(|id| programme.sector(id)).transpose().map_err(Why::Wrong)?;
    let has = |line: &super::programme::Line| {
        province.is_none_or(|province| line.province == province)
            && site.is_none_or(|site| line.site == site)
            && sector.is_none_or(|sector| line.sector == sector)
    };
    let lines: Vec<usize> = (0..programme.lines.len()).filter(|&line| has(&programme.lines[line])).collect();
    let terms = match (count, sector) {
        (Count::Lines, _) => Terms::Lines(lines),
        (Count::Links, None) => {
            let mut links: Vec<usize> = lines.iter().map(|&line| programme.lines[line].link).collect();
            links.dedup();
            Terms::Links(links)
        }
        (Count::Links, Some(_)) => return Err(wrong()),
    };
    let limit = i128::try_from(*number).map_err(|_| Why::TooLarge)? - i128::from(!*at_least);
    Ok(Row { of: Vec::new(), part: "", terms, at_least: *at_least, limit: mul(limit, MICRO)? })
}

/// Whether cases are all there are: at each branch of the tree, one side says yes where the other says no.
fn is_whole(leaves: &[&Leaf], depth: usize) -> bool {
    match leaves {
        [] => false,
        [leaf] => leaf.decided.len() == depth,
        [first, ..] => {
            let Some(branch) = first.decided.get(depth) else { return false };
            let same = |other: &Decision| {
                (other.count, &other.of, other.number) == (branch.count, &branch.of, branch.number)
            };
            let side = |at_least: bool| -> Vec<&Leaf> {
                let on_it = |leaf: &&Leaf| leaf.decided[depth].at_least == at_least;
                leaves.iter().copied().filter(on_it).collect()
            };
            leaves.iter().all(|leaf| leaf.decided.get(depth).is_some_and(same))
                && is_whole(&side(true), depth + 1)
                && is_whole(&side(false), depth + 1)
        }
    }
}

/// The bound that a proof gives: no plan that is as good as this one in the stages before earns more.
///
/// # Errors
/// When the proof is not what it should be, or gives none.
pub fn bound(
    programme: &Programme<'_>,
    rules: &[Rule<'_>],
    limits: &Limits,
    stages: &Stages<'_>,
    proof: &StageProof,
) -> Result<i128, Why> {
    if !is_whole(&proof.leaves.iter().collect::<Vec<_>>(), 0) {
        return Err(Why::Wrong(format!("stage {}: its cases are not all that there are", proof.stage)));
    }
    let bounds =
        proof.leaves.iter().map(|leaf| leaf_bound(programme, rules, limits, stages, proof.stage, leaf));
    // A case in which nothing can be earned cannot be: it does not count.
    let bounds = bounds.collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
    bounds.max().ok_or_else(|| Why::Wrong(format!("stage {}: no case can be", proof.stage)))
}

/// The bound of one case; none where it cannot be.
fn leaf_bound(
    programme: &Programme<'_>,
    rules: &[Rule<'_>],
    limits: &Limits,
    stages: &Stages<'_>,
    stage: usize,
    proof: &Leaf,
) -> Result<Option<i128>, Why> {
    let now = stage - 1;
    let mut limits = limits.clone();
    let mut weights = vec![0; stages.objectives.len()];
    weights[now] = PICO;
    let mut constant = 0;
    for kept in &proof.kept {
        let stage = kept.stage.checked_sub(1).filter(|stage| *stage < now);
        let value = stage.and_then(|stage| stages.values[stage]);
        let (Some(stage), Some(value), true) = (stage, value, kept.value >= 0) else {
            return Err(Why::Wrong(format!("stage {}: it keeps no stage {}", now + 1, kept.stage)));
        };
        weights[stage] = add(weights[stage], kept.value)?;
        let value = if stages.objectives[stage].maximises() { value } else { sub(0, value)? };
        constant = sub(constant, times_down(kept.value, value)?)?;
    }
    let mut prices = Prices {
        constant,
        totals: vec![0; programme.lines.len()],
        cells: None,
        lines: vec![0; programme.lines.len()],
        links: vec![0; programme.input.links.len()],
        people: vec![0; programme.candidates.len()],
        teams: vec![0; programme.candidates.len()],
        gates: BTreeMap::new(),
        met: vec![0; programme.input.needs.len()],
        focus: None,
        shortfall: 0,
    };
    for decision in &proof.decided {
        let row = assumed(programme, decision)?;
        if decision.value < 0 {
            return Err(Why::Wrong(format!("stage {}: a case has a negative multiplier", now + 1)));
        }
        limits.assume(programme, &row);
        prices.add_row(programme, &row, decision.value)?;
    }
    for (objective, weight) in stages.objectives.iter().zip(&weights) {
        if *objective == Objective::Shortfall {
            prices.shortfall = add(prices.shortfall, *weight)?;
        }
    }
    let mut by_rule: HashMap<&str, Given> = HashMap::new();
    for multiplier in &proof.multipliers {
        let key = (multiplier.of.clone(), multiplier.part.clone());
        let twice = by_rule.entry(&multiplier.rule).or_default().insert(key, multiplier.value).is_some();
        if twice || multiplier.value < 0 {
            let name = [std::slice::from_ref(&multiplier.rule), &multiplier.of].concat().join(" ");
            return Err(Why::Wrong(format!("stage {}: {name} is there twice, or negative", now + 1)));
        }
    }
    for rule in rules {
        if let Some(mut given) = by_rule.remove(rule.input.id.as_str()) {
            prices.add_rule(programme, &limits, rule, &mut given)?;
            if let Some(((of, part), _)) = given.into_iter().next() {
                let name = format!("{} {} {part}", rule.input.id, of.join(" "));
                return Err(Why::Wrong(format!("stage {}: there is no limit {name}", now + 1)));
            }
        }
    }
    if let Some(rule) = by_rule.keys().next() {
        return Err(Why::Wrong(format!("stage {}: there is no rule {rule}", now + 1)));
    }
    prices.sum(programme, &limits, stages.objectives, &weights)
}

impl Prices {
    fn add_rule(
        &mut self,
        programme: &Programme<'_>,
        limits: &Limits,
        rule: &Rule<'_>,
        given: &mut Given,
    ) -> Result<(), Why> {
        let mut take = |of: &[String], part: &str| given.remove(&(of.to_vec(), part.to_owned())).unwrap_or(0);
        // A soft rule falls short at its penalty, so no limit of it is worth more.
        let ceiling = match rule.input.penalty {
            None => i128::MAX,
            Some(penalty) => mul(self.shortfall, i128::from(penalty))? / MICRO,
        };
        let allow = |multiplier: i128| {
            let dear = || Why::Wrong(format!("{}: a multiplier is over the rule's penalty", rule.input.id));
            if multiplier <= ceiling { Ok(multiplier) } else { Err(dear()) }
        };
        for row in &rule.rows {
            let multiplier = allow(take(&row.of, row.part))?;
            if multiplier != 0 {
                self.add_row(programme, row, multiplier)?;
            }
        }
        match &rule.shape {
            Shape::Budget => {
                for (position, province) in programme.input.provinces.iter().enumerate() {
                    let of = |year: &i32| [province.id.clone(), year.to_string()];
                    let years = programme.input.years.iter();
                    let multipliers: Vec<i128> = years.map(|year| take(&of(year), "")).collect();
                    // What a unit of a year's capacity is worth: to be spent then, or carried over.
                    let mut worth = 0;
                    for (year, multiplier) in multipliers.iter().enumerate().rev() {
                        worth = up(mul(worth, i128::from(province.carry_over))?, MICRO)
                            .max(mul(*multiplier, MICRO)?);
                        allow(up(worth, MICRO))?;
                        self.constant = add(self.constant, mul(worth, i128::from(province.budget[year]))?)?;
                    }
                    if multipliers.iter().any(|multiplier| *multiplier != 0) {
                        let years = programme.horizon();
                        let of_province = |l: &usize| programme.lines[*l].province == position;
                        for line in (0..programme.lines.len()).filter(of_province) {
                            for (year, multiplier) in multipliers.iter().enumerate() {
                                self.charge_cell(line * years + year, mul(*multiplier, MICRO)?, programme)?;
                            }
                        }
                    }
                }
            }
            Shape::Focus(focus) => {
                let (share, place) = (allow(take(&[], "share"))?, take(&[], "number"));
                if (share, place) != (0, 0) {
                    if self.focus.is_some() {
                        return Err(Why::Wrong("only one rule focus_share can be priced".to_owned()));
                    }
                    let fixed = focus.fixed.iter().filter(|fixed| **fixed).count();
                    let (bonus, place) = (mul(share, MICRO)?, mul(place, MICRO)?);
                    let free = focus.number - fixed as i128;
                    self.constant = add(self.constant, mul(place, free)?)?;
                    for line in (0..focus.counts.len()).filter(|&line| focus.counts[line]) {
                        self.totals[line] = add(self.totals[line], mul(share, focus.share)?)?;
                    }
                    self.focus = Some((focus.clone(), bonus, place));
                }
            }
            Shape::NeedFloor(floors) => {
                for (of, needs, least) in floors {
                    let multiplier = allow(take(of, ""))?;
                    self.constant = sub(self.constant, mul(multiplier, *least)?)?;
                    for &need in needs {
                        self.met[need] = add(self.met[need], multiplier)?;
                    }
                }
            }
            _ => self.add_conditions(programme, limits, rule, &mut take, &allow)?,
        }
        Ok(())
    }

    /// Rules that ask for something where something else is there. `take` gives the multiplier of a limit, `allow`
    /// refuses one that is too dear.
    fn add_conditions(
        &mut self,
        programme: &Programme<'_>,
        limits: &Limits,
        rule: &Rule<'_>,
        take: &mut dyn FnMut(&[String], &str) -> i128,
        allow: &dyn Fn(i128) -> Result<i128, Why>,
    ) -> Result<(), Why> {
        match &rule.shape {
            Shape::Sites(limits) => {
                for (most, built) in limits {
                    let multiplier = allow(take(&built.of, ""))?;
                    self.constant = add(self.constant, mul(mul(multiplier, MICRO)?, *most)?)?;
                    for (site, lines) in &built.at {
                        self.charge_gate(*site, lines, mul(multiplier, MICRO)?)?;
                    }
                }
            }
            // The money of all sites is at least the least, if one of them builds.
            Shape::Together(limits) => {
                for (least, built) in limits {
                    let mut all = 0;
                    for (site, lines) in &built.at {
                        let id = &programme.input.sites[*site].id;
                        let multiplier = take(&[built.of.as_slice(), std::slice::from_ref(id)].concat(), "");
                        self.charge_gate(*site, lines, mul(mul(multiplier, MICRO)?, *least)?)?;
                        all = allow(add(all, multiplier)?)?;
                    }
                    for &line in built.at.iter().flat_map(|(_, lines)| lines) {
                        self.totals[line] = sub(self.totals[line], mul(all, MICRO)?)?;
                    }
                }
            }
            Shape::Teams(teams) => {
                for (of, own, least) in teams {
                    let multiplier = mul(allow(take(of, ""))?, MICRO)?;
                    let team = programme.candidates[own[0]].team;
                    self.teams[team] = add(self.teams[team], mul(multiplier, *least)?)?;
                    self.pay_people(own, multiplier)?;
                }
            }
            Shape::Requires(Requires { persons: Some(persons), lines, people_at, .. }) => {
                for &line in lines {
                    let multiplier = mul(allow(take(&programme.names(line), "team"))?, MICRO)?;
                    let own = &people_at[programme.lines[line].site];
                    // Whoever comes comes as a whole team.
                    let whole =
                        own.iter().map(|&candidate| limits.team[programme.candidates[candidate].team]);
                    let is_raised = *persons > 0 && rule.input.penalty.is_none();
                    let least = whole.min().filter(|_| is_raised).unwrap_or(0).max(*persons);
                    self.lines[line] = add(self.lines[line], mul(multiplier, least)?)?;
                    self.pay_people(own, multiplier)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn charge_gate(&mut self, site: usize, lines: &[usize], price: i128) -> Result<(), Why> {
        if price != 0 {
            let own = self.gates.entry((site, lines.to_vec())).or_default();
            *own = add(*own, price)?;
        }
        Ok(())
    }

    fn pay_people(&mut self, candidates: &[usize], price: i128) -> Result<(), Why> {
        for &candidate in candidates.iter().filter(|_| price != 0) {
            self.people[candidate] = sub(self.people[candidate], price)?;
        }
        Ok(())
    }

    fn charge_cell(&mut self, cell: usize, price: i128, programme: &Programme<'_>) -> Result<(), Why> {
        let size = programme.lines.len() * programme.horizon();
        let cells = self.cells.get_or_insert_with(|| vec![0; size]);
        cells[cell] = add(cells[cell], price)?;
        Ok(())
    }

    fn add_row(&mut self, programme: &Programme<'_>, row: &Row, multiplier: i128) -> Result<(), Why> {
        let multiplier = if row.at_least { -multiplier } else { multiplier };
        self.constant = add(self.constant, mul(multiplier, row.limit)?)?;
        match &row.terms {
            Terms::Cells(terms) => {
                for &(line, year, factor) in terms {
                    let price = mul(multiplier, factor)?;
                    self.charge_cell(line * programme.horizon() + year, price, programme)?;
                }
            }
            Terms::Totals(terms) => {
                for &(line, factor) in terms {
                    self.totals[line] = add(self.totals[line], mul(multiplier, factor)?)?;
                }
            }
            Terms::Lines(lines) => {
                for &line in lines {
                    self.lines[line] = add(self.lines[line], mul(multiplier, MICRO)?)?;
                }
            }
            Terms::Links(links) => {
                for &link in links {
                    self.links[link] = add(self.links[link], mul(multiplier, MICRO)?)?;
                }
            }
            Terms::People(terms) => {
                for &(candidate, factor) in terms {
                    self.people[candidate] = add(self.people[candidate], mul(multiplier, factor)?)?;
                }
            }
        }
        Ok(())
    }

    /// What all together come to.
    fn sum(
        mut self,
        programme: &Programme<'_>,
        limits: &Limits,
        objectives: &[Objective],
        weights: &[i128],
    ) -> Result<Option<i128>, Why> {
        let mut segments: Vec<Vec<(i128, i128)>> = vec![Vec::new(); programme.input.needs.len()];
        let mut change: Option<i128> = None;
        for (objective, &weight) in objectives.iter().zip(weights).filter(|(_, weight)| **weight != 0) {
            match objective {
                Objective::Coverage(steps) => {
                    if segments.iter().any(|segments| !segments.is_empty()) {
                        return Err(Why::Wrong("only one stage coverage can be priced".to_owned()));
                    }
                    for (need, segments) in programme.input.needs.iter().zip(&mut segments) {
                        for (width, value) in steps {
                            // In 10⁻¹² for each millionth of a unit, rounded up.
                            let worth = mul(mul(i128::from(need.weight), *value)?, weight)?;
                            segments.push((i128::from(need.amount) * width, up(worth, PICO)));
                        }
                    }
                }
                Objective::Fit => {
                    for (own, candidate) in self.people.iter_mut().zip(&programme.candidates) {
                        let earns = up(mul(weight, people::worth(programme.input, candidate))?, PICO);
                        *own = sub(*own, earns)?;
                    }
                }
                Objective::Change => change = Some(mul(weight, MICRO)?),
                Objective::Fragmentation(line, link) => {
                    for own in &mut self.lines {
                        *own = add(*own, mul(weight, *line)?)?;
                    }
                    for own in &mut self.links {
                        *own = add(*own, mul(weight, *link)?)?;
                    }
                }
                Objective::Shortfall => {}
                Objective::TieBreak | Objective::Unknown => {
                    return Err(Why::Wrong("it is about a stage that is not known".to_owned()));
                }
            }
        }
        for (need, (segments, met)) in programme.input.needs.iter().zip(segments.iter_mut().zip(&self.met)) {
            let inside: i128 = segments.iter().map(|(size, _)| size).sum();
            for (_, worth) in segments.iter_mut() {
                *worth = add(*worth, *met)?;
            }
            segments.push((i128::from(need.amount) * MICRO - inside, *met));
        }
        let last = if change.is_some() { programme.last_plan().map_err(Why::Wrong)? } else { Vec::new() };
        let earns = self.people.iter().map(|price| sub(0, *price)).collect::<Result<Vec<_>, _>>()?;
        let mut sum =
            add(self.constant, people::best(programme.input, &programme.candidates, &earns, &self.teams)?)?;
        for site in 0..programme.input.sites.len() {
            let (problem, constant) =
                self.site(programme, limits, site, &segments, change.zip(Some(last.as_slice())))?;
            let Some(best) = problem.best()? else { return Ok(None) };
            sum = add(add(sum, constant)?, best)?;
        }
        Ok(Some(sum))
    }

    /// A site's problem, and what does not depend on it.
    fn site(
        &self,
        programme: &Programme<'_>,
        limits: &Limits,
        site: usize,
        segments: &[Vec<(i128, i128)>],
        change: Option<(i128, &[i64])>,
    ) -> Result<(Site, i128), Why> {
        let links = &programme.links_at[site];
        let years = programme.horizon();
        let mut constant = 0;
        let mut needs = Vec::with_capacity(programme.needs_at[site].len());
        for (place, &need) in programme.needs_at[site].iter().enumerate() {
            let mut lines = Vec::with_capacity(links.len());
            for &link in links {
                let line = programme.of_link[link].start + place;
                let year = self
                    .cells
                    .as_ref()
                    .and_then(|cells| cells[line * years..(line + 1) * years].iter().min());
                let earns = sub(0, add(self.totals[line], year.copied().unwrap_or(0))?)?;
                let pieces = match change {
                    None => vec![(None, earns)],
                    Some((price, last)) => {
                        let before = i128::from(last[line]);
                        constant = sub(constant, mul(price, before)?)?;
                        vec![(Some(before), add(earns, price)?), (None, sub(earns, price)?)]
                    }
                };
                let counts = self.focus.as_ref().filter(|(focus, ..)| focus.counts[line]);
                lines.push(Line {
                    effect: programme.effect(line),
                    least: limits.least[line],
                    most: limits.most[line],
                    open: self.lines[line],
                    must: limits.must[line],
                    pieces,
                    bonus: counts.map_or(0, |(_, bonus, _)| *bonus),
                });
            }
            needs.push(Need { segments: segments[need].clone(), cap: limits.cap[need], lines });
        }
        let focus = self.focus.as_ref();
        let focus =
            focus.map_or((false, false, 0), |(focus, _, place)| (focus.may[site], focus.fixed[site], *place));
        let links = links.iter().map(|&link| (self.links[link], limits.must_links[link])).collect();
        let gates = self.gates.range((site, Vec::new())..(site + 1, Vec::new()));
        let gates = gates.map(|((_, lines), price)| {
            let places = lines.iter().map(|&line| {
                let link = programme.lines[line].link;
                let link_at = programme.links_at[site].binary_search(&link).unwrap_or(usize::MAX);
                (line - programme.of_link[link].start, link_at)
            });
            Gate { price: *price, lines: places.collect() }
        });
        let gates = gates.collect();
        Ok((Site { links, most_links: limits.most_links[site], needs, focus, gates }, constant))
    }
}
