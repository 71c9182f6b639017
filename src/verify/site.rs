//! The best that one site can do at given prices: a small problem, solved exactly (rounded up by less than
//! 10⁻¹⁸ a step). Links are active or not, lines are closed or have at least their ticket, a need's value
//! rises ever more slowly with what covers it, and money of a focus site may earn more.

use super::exact::{TooLarge, add, mul, sub, up};

/// Why there is no bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A number does not fit into 128 bits.
    TooLarge,
    /// The multipliers let some money earn without end.
    Unlimited,
    /// The certificate is not what it should be.
    Wrong(String),
}

impl From<TooLarge> for Why {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// Most sets of links of a site that are looked at one by one; with more, links cost nothing and are
/// not limited, which can only raise the bound.
const MOST_SETS: usize = 4096;
/// Most lines of a need whose yes or no is looked at; with more, they need no ticket and cost nothing.
const MOST_CHOICES: usize = 12;
/// Most gates of needs that hang together which are looked at open and closed; the others cost nothing.
const MOST_GATES: usize = 6;

/// A line at prices.
#[derive(Debug, Clone)]
pub struct Line {
    /// Need covered by a unit, in millionths; over 0.
    pub effect: i128,
    /// The least if it is open, and the most, in units.
    pub least: i128,
    /// None is no limit.
    pub most: Option<i128>,
    /// What opening costs; below 0 where a case asks for lines.
    pub open: i128,
    /// Whether it is open in any case.
    pub must: bool,
    /// What a unit earns: so many units (none is all the rest) each so much; falling.
    pub pieces: Vec<(Option<i128>, i128)>,
    /// What each unit earns more at a focus site.
    pub bonus: i128,
}

/// A need with a line of each link of the site, in the same order.
#[derive(Debug, Clone)]
pub struct Need {
    /// Millionths of a unit covered, and what each earns; falling.
    pub segments: Vec<(i128, i128)>,
    /// The most that may be covered, in millionths of a unit.
    pub cap: Option<i128>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Lines that are open only at a price for all of them together: an industry that is built at the site.
#[derive(Debug, Clone)]
pub struct Gate {
    /// At least 0.
    pub price: i128,
    /// Need and link of each line, at least one.
    pub lines: Vec<(usize, usize)>,
}

/// Needs that share gates, and those gates. Most needs are by themselves, without one.
#[derive(Debug, Default)]
struct Part<'a> {
    needs: Vec<usize>,
    gates: Vec<&'a Gate>,
}

/// A site at prices.
#[derive(Debug, Clone)]
pub struct Site {
    /// What each link costs, and whether it is active in any case.
    pub links: Vec<(i128, bool)>,
    /// The most links.
    pub most_links: usize,
    /// Its needs.
    pub needs: Vec<Need>,
    /// Whether it may be a focus site, and must be, and what that costs.
    pub focus: (bool, bool, i128),
    /// What costs once for several lines.
    pub gates: Vec<Gate>,
}

impl Site {
    /// The most that it can earn; none where nothing can be done.
    pub fn best(&self) -> Result<Option<i128>, Why> {
        let (may, must, place) = self.focus;
        let plain = if must { None } else { self.choose(false)? };
        if !(may || must) {
            return Ok(plain);
        }
        let Some(focused) = self.choose(true)? else { return Ok(plain) };
        Ok(plain.max(Some(sub(focused, if must { 0 } else { place })?)))
    }

    fn choose(&self, focused: bool) -> Result<Option<i128>, Why> {
        let matter =
            self.most_links < self.links.len() || self.links.iter().any(|(cost, must)| *cost != 0 || *must);
        if let Some(sets) = sets(self.links.len(), self.most_links).filter(|_| matter) {
            return self.choose_links(&sets, focused);
        }
        // Links that a case asks for are worth something by themselves.
        let mut sum = self.links.iter().try_fold(0, |sum, (cost, _)| sub(sum, (*cost).min(0)))?;
        for part in self.parts() {
            let mut best = None;
            for way in part.ways()? {
                let needs = part
                    .needs
                    .iter()
                    .map(|&need| self.needs[need].choose_lines(focused, |link| way.closes(need, link)));
                let values: Option<Vec<i128>> = needs.collect::<Result<_, _>>()?;
                let Some(values) = values else { continue };
                best = best.max(Some(values.into_iter().try_fold(sub(0, way.price)?, add)?));
            }
            let Some(best) = best else { return Ok(None) };
            sum = add(sum, best)?;
        }
        Ok(Some(sum))
    }

    fn parts(&self) -> Vec<Part<'_>> {
        let mut part_of: Vec<usize> = (0..self.needs.len()).collect();
        for gate in &self.gates {
            let part = part_of[gate.lines[0].0];
            for &(need, _) in &gate.lines {
                let other = part_of[need];
                part_of.iter_mut().filter(|of| **of == other).for_each(|of| *of = part);
            }
        }
        let mut parts: Vec<Part<'_>> = (0..self.needs.len()).map(|_| Part::default()).collect();
        part_of.iter().enumerate().for_each(|(need, &part)| parts[part].needs.push(need));
        self.gates.iter().for_each(|gate| parts[part_of[gate.lines[0].0]].gates.push(gate));
        for part in &mut parts {
            part.gates.truncate(MOST_GATES);
        }
        parts.retain(|part| !part.needs.is_empty());
        parts
    }

    /// Looks at every set of links; `sets` are in the order of their sizes.
    fn choose_links(&self, sets: &[Vec<usize>], focused: bool) -> Result<Option<i128>, Why> {
        let positions: std::collections::HashMap<&[usize], usize> =
            sets.iter().enumerate().map(|(position, set)| (set.as_slice(), position)).collect();
        let without: Vec<Vec<usize>> = sets
            .iter()
            .map(|set| {
                let rest =
                    |out: usize| set.iter().copied().filter(move |link| *link != out).collect::<Vec<_>>();
                set.iter().map(|&out| positions[rest(out).as_slice()]).collect()
            })
            .collect();
        let mut totals = Vec::with_capacity(sets.len());
        for set in sets {
            let cost = set.iter().try_fold(0, |sum, link| add(sum, self.links[*link].0))?;
            let has_all = (0..self.links.len()).all(|link| !self.links[link].1 || set.contains(&link));
            totals.push(if has_all { Some(sub(0, cost)?) } else { None });
        }
        let mut values: Vec<Option<i128>> = Vec::with_capacity(sets.len());
        for part in self.parts() {
            let mut best: Vec<Option<i128>> = vec![None; sets.len()];
            for way in part.ways()? {
                let mut sums = vec![Some(sub(0, way.price)?); sets.len()];
                for &need in &part.needs {
                    let lines = &self.needs[need].lines;
                    let must = |link: &usize| lines[*link].must;
                    values.clear();
                    for (set, without) in sets.iter().zip(&without) {
                        let may = !set.iter().any(|&link| way.closes(need, link))
                            && (0..lines.len()).filter(must).all(|link| set.contains(&link));
                        let all = if may {
                            self.needs[need].with(set.iter().map(|&link| &lines[link]), focused)?
                        } else {
                            None
                        };
                        // With some of them closed: what the sets with one link less can do.
                        let fewer = without.iter().filter_map(|&smaller: &usize| values[smaller]);
                        values.push(all.into_iter().chain(fewer).max());
                    }
                    add_all(&mut sums, &values)?;
                }
                best.iter_mut().zip(sums).for_each(|(best, sum)| *best = (*best).max(sum));
            }
            add_all(&mut totals, &best)?;
        }
        Ok(totals.into_iter().flatten().max())
    }
}

/// Adds what each set comes to; none where one of the two cannot be.
fn add_all(totals: &mut [Option<i128>], values: &[Option<i128>]) -> Result<(), TooLarge> {
    for (total, value) in totals.iter_mut().zip(values) {
        *total = total.zip(*value).map(|(total, value)| add(total, value)).transpose()?;
    }
    Ok(())
}

/// Some gates open, at their price, the others closed.
struct Way<'a> {
    price: i128,
    closed: Vec<&'a Gate>,
}

impl Way<'_> {
    fn closes(&self, need: usize, link: usize) -> bool {
        self.closed.iter().any(|gate| gate.lines.contains(&(need, link)))
    }
}

impl Part<'_> {
    /// Each way to have the gates open or closed.
    fn ways(&self) -> Result<Vec<Way<'_>>, TooLarge> {
        let way = |open: usize| {
            let mut way = Way { price: 0, closed: Vec::new() };
            for (bit, gate) in self.gates.iter().enumerate() {
                if open >> bit & 1 == 1 {
                    way.price = add(way.price, gate.price)?;
                } else {
                    way.closed.push(gate);
                }
            }
            Ok(way)
        };
        (0..1_usize << self.gates.len()).map(way).collect()
    }
}

impl Need {
    /// The most it can earn when every line may be open that is not closed; none where nothing can be done.
    fn choose_lines(&self, focused: bool, closed: impl Fn(usize) -> bool) -> Result<Option<i128>, Why> {
        let (out, lines): (Vec<_>, Vec<_>) =
            self.lines.iter().enumerate().partition(|(link, _)| closed(*link));
        if out.iter().any(|(_, line)| line.must) {
            return Ok(None);
        }
        let lines = lines.into_iter().map(|(_, line)| line);
        let is_free = |line: &&Line| line.must || (line.least == 0 && line.open == 0);
        let (free, choices): (Vec<&Line>, Vec<&Line>) = lines.clone().partition(is_free);
        if choices.len() > MOST_CHOICES {
            let loose: Vec<Line> =
                lines.map(|line| Line { least: 0, open: line.open.min(0), ..line.clone() }).collect();
            return self.with(loose.iter(), focused);
        }
        let mut best = None;
        for set in 0..1_usize << choices.len() {
            let chosen =
                choices.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, line)| *line);
            best = best.max(self.with(free.iter().copied().chain(chosen), focused)?);
        }
        Ok(best)
    }

    /// The most it can earn when just these lines are open; none where they cannot be.
    fn with<'a>(&self, open: impl Iterator<Item = &'a Line>, focused: bool) -> Result<Option<i128>, Why> {
        let (mut value, mut covered) = (0, 0);
        // What may come on top of the tickets: units, what one earns, what one covers.
        let mut more: Vec<(Option<i128>, i128, i128)> = Vec::new();
        for line in open {
            if line.most.is_some_and(|most| most < line.least) {
                return Ok(None);
            }
            value = sub(value, line.open)?;
            covered = add(covered, mul(line.least, line.effect)?)?;
            let bonus = if focused { line.bonus } else { 0 };
            let (mut least, mut room) = (line.least, line.most.map(|most| most - line.least));
            for &(units, earns) in &line.pieces {
                let earns = add(earns, bonus)?;
                let first = units.map_or(least, |units| units.min(least));
                value = add(value, mul(first, earns)?)?;
                least -= first;
                let rest = match (units.map(|units| units - first), room) {
                    (Some(units), Some(room)) => Some(units.min(room)),
                    (units, room) => units.or(room),
                };
                room = room.zip(rest).map(|(room, rest)| room - rest).or(room);
                if rest != Some(0) {
                    more.push((rest, earns, line.effect));
                }
            }
        }
        if self.cap.is_some_and(|cap| covered > cap) {
            return Ok(None);
        }
        // What covers the next part of the need at the least cost comes first.
        for at in 1..more.len() {
            let mut place = at;
            while place > 0 && is_dearer(more[place - 1], more[place])? {
                more.swap(place - 1, place);
                place -= 1;
            }
        }
        let mut segments = self.segments.iter().copied();
        // What is left of the segment at hand: none is without end.
        let (mut left, mut worth) = (Some(0), 0);
        let mut before = covered;
        let mut is_full = false;
        loop {
            while left == Some(0) {
                (left, worth) = segments.next().map_or((None, 0), |(size, worth)| (Some(size), worth));
            }
            let taken = left.map_or(before, |left| left.min(before));
            value = add(value, mul(taken, worth)?)?;
            (before, left) = (before - taken, left.map(|left| left - taken));
            if before == 0 {
                break;
            }
        }
        for (units, earns, effect) in more {
            let mut rest = units.map(|units| mul(units, effect)).transpose()?;
            while rest != Some(0) && !is_full {
                while left == Some(0) {
                    (left, worth) = segments.next().map_or((None, 0), |(size, worth)| (Some(size), worth));
                }
                let gain = add(mul(effect, worth)?, earns)?;
                if gain <= 0 {
                    // Nothing behind earns more.
                    return Ok(Some(value));
                }
                let room = self.cap.map(|cap| cap - covered);
                let Some(part) = [rest, left, room].into_iter().flatten().min() else {
                    return Err(Why::Unlimited);
                };
                value = add(value, up(mul(part, gain)?, effect))?;
                covered = add(covered, part)?;
                (rest, left) = (rest.map(|rest| rest - part), left.map(|left| left - part));
                is_full = self.cap == Some(covered);
            }
        }
        Ok(Some(value))
    }
}

/// Whether covering with the first costs more than with the second.
fn is_dearer(
    first: (Option<i128>, i128, i128),
    second: (Option<i128>, i128, i128),
) -> Result<bool, TooLarge> {
    Ok(mul(first.1, second.2)? < mul(second.1, first.2)?)
}

/// All sets of at most so many links, the smaller first; none where there are too many.
fn sets(links: usize, most: usize) -> Option<Vec<Vec<usize>>> {
    let mut sets = vec![Vec::new()];
    let mut start = 0;
    for _ in 0..most.min(links) {
        let end = sets.len();
        for position in start..end {
            let first = sets[position].last().map_or(0, |last: &usize| last + 1);
            for link in first..links {
                let longer = [sets[position].as_slice(), &[link]].concat();
                sets.push(longer);
            }
            if sets.len() > MOST_SETS {
                return None;
            }
        }
        start = end;
    }
    Some(sets)
}
