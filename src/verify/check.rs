//! Whether a plan keeps a rule, and by how much it falls short: in whole numbers, with no tolerance.

use std::collections::BTreeSet;

use super::clusters::Built;
use super::exact::{MICRO, TooLarge, mul, sub, up};
use super::programme::{Money, Programme};
use super::rules::{Requires, Rule, Shape};
use super::selection::Parts;

/// What falls short: ids, and by how much, in millionths of a unit of money or of one.
pub type Short = (Vec<String>, i128);

impl Rule<'_> {
    /// Every limit of the rule that a plan does not keep; none where the kind of rule is not known.
    pub fn shortfalls(
        &self,
        programme: &Programme<'_>,
        plan: &Money,
    ) -> Result<Option<Vec<Short>>, TooLarge> {
        let rows = self.rows.iter().map(|row| (row.of.clone(), row.shortfall(programme, plan)));
        let mut short: Vec<Short> = rows.filter(|(_, by)| *by > 0).collect();
        let Some(more) = self.beside_rows(programme, plan)? else { return Ok(None) };
        short.extend(more.into_iter().filter(|(_, by)| *by > 0));
        Ok(Some(short))
    }

    fn beside_rows(&self, programme: &Programme<'_>, plan: &Money) -> Result<Option<Vec<Short>>, TooLarge> {
        let years = programme.horizon();
        let total = |line: usize| i128::from(plan.totals[line]);
        Ok(Some(match &self.shape {
            Shape::Unknown => return Ok(None),
            Shape::Rows => Vec::new(),
            Shape::Budget => budgets(programme, plan),
            Shape::Ticket(least) => {
                let funded = (0..least.len()).filter(|&line| total(line) != 0);
                funded.map(|line| (programme.names(line), (least[line] - total(line)) * MICRO)).collect()
            }
            Shape::TicketByYear(least) => {
                let paid = (0..plan.cells.len()).filter(|&cell| plan.cells[cell] != 0);
                let short = |cell: usize| (least[cell / years] - i128::from(plan.cells[cell])) * MICRO;
                paid.map(|cell| (programme.names(cell / years), short(cell))).collect()
            }
            Shape::TicketByLink(least, selected) => {
                let money = |link: usize| -> i128 {
                    programme.of_link[link].clone().filter(|&line| selected[line]).map(total).sum()
                };
                let links = programme.input.links.iter().enumerate().map(|(at, link)| (link, money(at)));
                let ids = |link: &super::input::Link| vec![link.province.clone(), link.site.clone()];
                let short = links.filter(|(_, money)| *money != 0);
                short.map(|(link, money)| (ids(link), (least - money) * MICRO)).collect()
            }
            Shape::Focus(focus) => {
                let mut money = vec![0_i128; focus.may.len()];
                for (position, line) in
                    programme.lines.iter().enumerate().filter(|(line, _)| focus.counts[*line])
                {
                    money[line.site] += total(position);
                }
                let fixed = focus.fixed.iter().filter(|fixed| **fixed).count();
                let mut others: Vec<i128> =
                    (0..money.len()).filter(|&s| focus.may[s] && !focus.fixed[s]).map(|s| money[s]).collect();
                others.sort_unstable_by(|a, b| b.cmp(a));
                let places = usize::try_from(focus.number).unwrap_or(usize::MAX).saturating_sub(fixed);
                let inside = (0..money.len()).filter(|&s| focus.fixed[s]).map(|s| money[s]);
                let inside: i128 = inside.sum::<i128>() + others.iter().take(places).sum::<i128>();
                vec![(Vec::new(), money.iter().sum::<i128>() * focus.share - inside * MICRO)]
            }
            Shape::NeedFloor(floors) => {
                let covered = covered(programme, plan);
                let met =
                    |&need: &usize| covered[need].min(i128::from(programme.input.needs[need].amount) * MICRO);
                let short = |(of, needs, least): &(Vec<String>, Vec<usize>, i128)| {
                    (of.clone(), least - needs.iter().map(met).sum::<i128>())
                };
                floors.iter().map(short).collect()
            }
            Shape::Dominance(number, share, parts) => {
                let mut money = by_part(programme, plan, parts);
                let whole: i128 = money.iter().sum();
                money.sort_unstable_by(|a, b| b.cmp(a));
                let part: i128 = money.iter().take(*number).sum();
                vec![(Vec::new(), part * MICRO - whole * share)]
            }
            Shape::Change(most) => vec![(Vec::new(), change(programme, plan) * MICRO - most)],
            Shape::Equity(sites, factors, parts) => equity(programme, plan, sites, factors, parts)?,
            Shape::Sectors(number, parts) => {
                let mut sectors = vec![BTreeSet::new(); parts.scopes.len()];
                for (position, line) in programme.lines.iter().enumerate().filter(|(l, _)| total(*l) != 0) {
                    if let Some(part) = parts.part(&programme.lines[position]) {
                        sectors[part].insert(line.sector);
                    }
                }
                let over = |found: &BTreeSet<usize>| (found.len() as i128 - *number as i128) * MICRO;
                parts.scopes.iter().zip(&sectors).map(|(of, found)| (of.clone(), over(found))).collect()
            }
            Shape::Sites(limits) => {
                let funded = |lines: &[usize]| lines.iter().any(|&line| total(line) != 0);
                let number = |built: &Built| built.at.iter().filter(|(_, lines)| funded(lines)).count();
                let over = |(most, built): &(i128, Built)| {
                    (built.of.clone(), (number(built) as i128 - most) * MICRO)
                };
                limits.iter().map(over).collect()
            }
            Shape::Together(limits) => {
                let money = limits.iter().map(|(least, built)| {
                    let lines = built.at.iter().flat_map(|(_, lines)| lines);
                    (built, lines.map(|&line| total(line)).sum::<i128>(), least)
                });
                let there = money.filter(|(_, money, _)| *money != 0);
                there.map(|(built, money, least)| (built.of.clone(), (least - money) * MICRO)).collect()
            }
            Shape::Teams(teams) => {
                let sent = teams.iter().map(|(of, own, least)| (of, persons(plan, own), least));
                let there = sent.filter(|(_, persons, _)| *persons != 0);
                there.map(|(of, persons, least)| (of.clone(), (least - persons) * MICRO)).collect()
            }
            Shape::Requires(requires) => required(programme, plan, requires),
        }))
    }
}

fn persons(plan: &Money, candidates: &[usize]) -> i128 {
    candidates.iter().map(|&candidate| i128::from(plan.people[candidate])).sum()
}

fn required(programme: &Programme<'_>, plan: &Money, requires: &Requires) -> Vec<Short> {
    let sites = &programme.input.sites;
    let there: Vec<i128> = requires.people_at.iter().map(|own| persons(plan, own)).collect();
    let mut money = vec![0; sites.len()];
    let mut short = Vec::new();
    for &line in requires.lines.iter().filter(|&&line| plan.totals[line] != 0) {
        let site = programme.lines[line].site;
        money[site] += i128::from(plan.totals[line]);
        if let Some(persons) = requires.persons {
            short.push((programme.names(line), (persons - there[site]) * MICRO));
        }
    }
    if let Some(least) = requires.money {
        let staffed = (0..sites.len()).filter(|&site| requires.sites[site] && there[site] > 0);
        short.extend(staffed.map(|site| (vec![sites[site].id.clone()], (least - money[site]) * MICRO)));
    }
    short
}

/// Money spent over capacity, with as much carried over as may be.
fn budgets(programme: &Programme<'_>, plan: &Money) -> Vec<Short> {
    let years = programme.horizon();
    let mut spent = vec![vec![0_i128; years]; programme.input.provinces.len()];
    for (position, line) in programme.lines.iter().enumerate() {
        let paid = &plan.cells[position * years..(position + 1) * years];
        for (spent, amount) in spent[line.province].iter_mut().zip(paid) {
            *spent += i128::from(*amount);
        }
    }
    let mut short = Vec::new();
    for (province, spent) in programme.input.provinces.iter().zip(spent) {
        let mut carried = 0;
        for (year, spent) in spent.into_iter().enumerate() {
            let rest = i128::from(province.budget[year]) + carried - spent;
            short.push((vec![province.id.clone(), programme.input.years[year].to_string()], -rest * MICRO));
            carried = rest.max(0) * i128::from(province.carry_over) / MICRO;
        }
    }
    short
}

/// Money of each part.
fn by_part(programme: &Programme<'_>, plan: &Money, parts: &Parts) -> Vec<i128> {
    let mut money = vec![0; parts.scopes.len()];
    for (line, total) in programme.lines.iter().zip(&plan.totals) {
        if let Some(part) = parts.part(line) {
            money[part] += i128::from(*total);
        }
    }
    money
}

/// What each need is covered with, in millionths of a unit; it may be more than is needed.
pub fn covered(programme: &Programme<'_>, plan: &Money) -> Vec<i128> {
    let mut covered = vec![0; programme.input.needs.len()];
    for (position, line) in programme.lines.iter().enumerate() {
        covered[line.need] += i128::from(plan.totals[position]) * programme.effect(position);
    }
    covered
}

/// Units by which a plan differs from the last one.
pub fn change(programme: &Programme<'_>, plan: &Money) -> i128 {
    // The input was read before: its last plan is on lines.
    let last = programme.last_plan().unwrap_or_default();
    plan.totals.iter().zip(last).map(|(now, before)| (i128::from(*now) - i128::from(before)).abs()).sum()
}

fn equity(
    programme: &Programme<'_>,
    plan: &Money,
    sites: &[(usize, i128)],
    factors: &[Option<i128>; 2],
    parts: &Parts,
) -> Result<Vec<Short>, TooLarge> {
    let mut money = vec![0_i128; programme.input.sites.len()];
    for (line, total) in programme.lines.iter().zip(&plan.totals).filter(|(line, _)| parts.mask.has(line)) {
        money[line.site] += i128::from(*total);
    }
    let (all, people) = sites.iter().fold((0, 0), |(m, p), (site, people)| (m + money[*site], p + people));
    let mut short = Vec::new();
    for &(site, own) in sites {
        for (factor, sign) in factors.iter().zip([1, -1]) {
            let Some(factor) = factor else { continue };
            // In millionths of a unit times all people.
            let fair = mul(mul(all, own)?, *factor)?;
            let by = sub(fair, mul(mul(money[site], people)?, MICRO)?)?;
            short.push((vec![programme.input.sites[site].id.clone()], up(sign * by, people)));
        }
    }
    Ok(short)
}
