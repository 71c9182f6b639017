//! Takes a problem apart: which columns belong to which site, and which rows a block understands.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::group::Group;
use super::need::{Line, Need};
use super::sets::Sets;
use super::{Block, Blocks, Focus};
use crate::domain::{LineId, LinkId, NeedId, Scenario, SiteId};
use crate::formulation::Bundled;
use crate::model::{Built, ColumnId, ColumnKind, Model, RowId};
use crate::solve::Problem;

/// Most sets of links that a block looks at one by one.
const MOST_SETS: f64 = 4096.0;

/// What a column is to the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Money(LineId),
    Year,
    Open(LineId),
    Active(LinkId),
    Other,
}

/// One term of a row.
#[derive(Debug, Clone, Copy)]
struct Term {
    role: Role,
    column: usize,
    factor: f64,
}

/// Binaries without which lines stay closed, with those lines and the rows that say so.
type Openings = BTreeMap<usize, Vec<(LineId, usize)>>;

/// Columns of money that may stand behind a gate: the site, and the row that ties it to the site's money.
type Gates = BTreeMap<usize, (usize, usize)>;

pub(super) struct Reader<'a> {
    scenario: &'a Scenario,
    built: &'a Built,
    bundled: &'a Bundled,
    problem: &'a Problem,
    roles: Vec<Role>,
    blocks: Vec<Block>,
    /// Position of each need in its block.
    needs: HashMap<NeedId, usize>,
    /// Block, need and position in it of each line.
    places: HashMap<LineId, (usize, usize, usize)>,
    inside: Vec<bool>,
    priced: Vec<bool>,
}

impl<'a> Reader<'a> {
    pub fn new(scenario: &'a Scenario, built: &'a Built, bundled: &'a Bundled, problem: &'a Problem) -> Self {
        let model = &bundled.model;
        let mut roles = vec![Role::Other; model.column_count()];
        for line in scenario.line_ids() {
            for year in 0..built.years() {
                roles[bundled.column(built.year(line, year)).0] = Role::Year;
            }
        }
        for line in scenario.line_ids() {
            roles[bundled.column(built.total(line)).0] = Role::Money(line);
            if let Some(open) = built.open(line) {
                roles[bundled.column(open).0] = Role::Open(line);
            }
        }
        for link in (0..scenario.links.len()).map(LinkId) {
            if let Some(active) = built.active(link) {
                roles[bundled.column(active).0] = Role::Active(link);
            }
        }
        let (inside, priced) = (vec![false; model.column_count()], vec![true; model.row_count()]);
        let blocks = vec![Block::default(); scenario.sites.len()];
        let (needs, places) = (HashMap::new(), HashMap::new());
        Self { scenario, built, bundled, problem, roles, blocks, needs, places, inside, priced }
    }

    pub fn read(mut self) -> Option<Blocks> {
        self.add_lines();
        let model = &self.bundled.model;
        let (mut gates, mut openings) = (Gates::new(), Openings::new());
        for row in (0..model.row_count()).map(RowId) {
            self.read_row(row, &mut gates, &mut openings);
        }
        self.add_focus(model, &gates);
        self.add_groups(&openings);
        self.add_beside();
        let mut known: HashMap<(usize, usize), Arc<Sets>> = HashMap::new();
        for block in &mut self.blocks {
            let (links, most) = (block.links.len(), block.most_links.min(block.links.len()));
            if Sets::count(links, most) > MOST_SETS {
                return None;
            }
            let sets = known.entry((links, most)).or_insert_with(|| Arc::new(Sets::new(links, most)));
            block.sets = Arc::clone(sets);
        }
        let families = self.families();
        let counts = self.bundled.model.kinds.iter().map(|kind| !kind.is_money()).collect();
        Some(Blocks { sites: self.blocks, inside: self.inside, priced: self.priced, families, counts })
    }

    /// The priced rows, each by itself, but for those that look at the same money, each in another year, and
    /// at all years together: where money lies over the years is nearly always a matter of indifference, and
    /// multipliers that move apart for no reason make it jump from one year to another.
    fn families(&self) -> Vec<Vec<usize>> {
        let years = self.built.years();
        // The first year's column of each year column, and which year it is.
        let mut year_of: HashMap<usize, (usize, usize)> = HashMap::new();
        for line in self.scenario.line_ids() {
            let first = self.bundled.column(self.built.year(line, 0)).0;
            for year in 0..years {
                year_of.insert(self.bundled.column(self.built.year(line, year)).0, (first, year));
            }
        }
        let mut families: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<Vec<(usize, u64)>, BTreeMap<usize, usize>> = HashMap::new();
        for row in (0..self.priced.len()).filter(|row| self.priced[*row]) {
            match self.one_year(row, &year_of) {
                Some((year, seen)) if years > 1 => {
                    if let Some(other) = known.entry(seen).or_default().insert(year, row) {
                        families.push(vec![other]);
                    }
                }
                _ => families.push(vec![row]),
            }
        }
        for (_, rows) in known {
            if rows.len() == years {
                families.push(rows.into_values().collect());
            } else {
                families.extend(rows.into_values().map(|row| vec![row]));
            }
        }
        families.sort_unstable();
        families
    }

    /// The year of a row that looks at nothing but money of one year, and at whose, how.
    fn one_year(
        &self,
        row: usize,
        year_of: &HashMap<usize, (usize, usize)>,
    ) -> Option<(usize, Vec<(usize, u64)>)> {
        let range = self.problem.starts[row]..self.problem.starts[row + 1];
        let mut seen = Vec::with_capacity(range.len());
        let mut year = None;
        for (column, factor) in
            self.problem.columns[range.clone()].iter().zip(&self.problem.coefficients[range])
        {
            let &(first, its) = year_of.get(column)?;
            if *year.get_or_insert(its) != its {
                return None;
            }
            seen.push((first, factor.to_bits()));
        }
        seen.sort_unstable();
        year.map(|year| (year, seen))
    }

    fn add_lines(&mut self) {
        for (id, link) in self.scenario.links.iter().enumerate() {
            let block = &mut self.blocks[link.site.0];
            let position = block.links.len();
            let active = self.built.active(LinkId(id));
            block.links.push(active.map(|column| self.bundled.column(column).0));
            block.most_links = block.links.len();
            for line in link.lines.clone().map(LineId) {
                self.add_line(line, position);
            }
        }
        for column in self.blocks.iter().flat_map(|block| block.links.iter().flatten()) {
            self.inside[*column] = true;
        }
    }

    fn add_line(&mut self, id: LineId, link: usize) {
        let line = &self.scenario.lines[id.0];
        let block = &mut self.blocks[line.site.0];
        let next = block.needs.len();
        let need = *self.needs.entry(line.need).or_insert(next);
        if need == next {
            block.needs.push(Need { most: f64::INFINITY, ..Need::default() });
        }
        let money = self.bundled.column(self.built.total(id)).0;
        let open = self.built.open(id).map(|column| self.bundled.column(column).0);
        let years = match self.built.total_row(id) {
            Some(_) => {
                (0..self.built.years()).map(|y| self.bundled.column(self.built.year(id, y)).0).collect()
            }
            None => Vec::new(),
        };
        for column in years.iter().copied().chain([money]).chain(open) {
            self.inside[column] = true;
        }
        let place = block.needs[need].lines.len();
        self.places.insert(id, (line.site.0, need, place));
        let effect = self.scenario.link_of(line).effectiveness.as_f64();
        let most = self.problem.upper[money];
        block.needs[need].lines.push(Line { money, years, open, link, least: 0.0, most, effect });
    }

    fn line(&mut self, id: LineId) -> &mut Line {
        let (site, need, place) = self.places[&id];
        &mut self.blocks[site].needs[need].lines[place]
    }

    /// Keeps a row in its block where its shape is known.
    fn read_row(&mut self, row: RowId, gates: &mut Gates, openings: &mut Openings) {
        let range = self.problem.starts[row.0]..self.problem.starts[row.0 + 1];
        let terms: Vec<Term> = self.problem.columns[range.clone()]
            .iter()
            .zip(&self.problem.coefficients[range])
            .map(|(&column, &factor)| Term { role: self.roles[column], column, factor })
            .collect();
        let (lower, upper) = (self.problem.row_lower[row.0], self.problem.row_upper[row.0]);
        if let (Some((line, gate)), f64::NEG_INFINITY, 0.0) = (self.line_and_gate(&terms), lower, upper) {
            openings.entry(gate).or_default().push((line, row.0));
        }
        let (at_most, at_least) = (lower == f64::NEG_INFINITY, upper == f64::INFINITY);
        let kept = match (lower, upper) {
            (0.0, 0.0) => is_total(&terms),
            (0.0, _) if at_least => self.read_ticket(&terms),
            (_, 0.0) if at_most => {
                self.read_opening(&terms)
                    || self.is_activity(&terms)
                    || self.read_segments(&terms)
                    || self.read_gated(&terms, row, gates)
                    || self.is_segment_opening(&terms)
            }
            _ if at_most => self.read_link_limit(&terms, upper) || self.read_need_cap(&terms, upper),
            _ => false,
        };
        self.priced[row.0] = !kept;
    }

    /// `X − U·y ≤ 0`: money needs an open line.
    fn read_opening(&mut self, terms: &[Term]) -> bool {
        let Some((line, cap)) = line_and_open(terms) else { return false };
        let line = self.line(line);
        line.most = line.most.min(-cap);
        true
    }

    /// `X − m·y ≥ 0`: an open line has at least its ticket.
    fn read_ticket(&mut self, terms: &[Term]) -> bool {
        let Some((line, ticket)) = line_and_open(terms) else { return false };
        let line = self.line(line);
        line.least = line.least.max(-ticket);
        true
    }

    /// `y − z ≤ 0`: an open line needs its link.
    fn is_activity(&self, terms: &[Term]) -> bool {
        let pair = |open: &Term, active: &Term| match (open.role, active.role) {
            (Role::Open(line), Role::Active(link)) => {
                self.scenario.lines[line.0].link == link && is(open.factor, 1.0) && is(active.factor, -1.0)
            }
            _ => false,
        };
        matches!(terms, [a, b] if pair(a, b) || pair(b, a))
    }

    /// `Σ z ≤ n` over all links of one site.
    fn read_link_limit(&mut self, terms: &[Term], upper: f64) -> bool {
        let link = |term: &Term| match term.role {
            Role::Active(link) if is(term.factor, 1.0) => Some(self.scenario.links[link.0].site),
            _ => None,
        };
        let sites: Option<Vec<SiteId>> = terms.iter().map(link).collect();
        let Some(&site) = sites.as_ref().and_then(|sites| sites.first()) else { return false };
        let one = sites.iter().flatten().all(|other| *other == site);
        let block = &mut self.blocks[site.0];
        if !one || block.links.len() != terms.len() {
            return false;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = upper.max(0.0).floor() as usize;
        block.most_links = block.most_links.min(most);
        true
    }

    /// Block and need of terms that are the money of all lines of one need, each times `sign` and its
    /// effectiveness.
    fn whole_need(&self, terms: &[&Term], sign: f64) -> Option<(usize, usize)> {
        let place = |term: &&Term| match term.role {
            Role::Money(line) => Some((self.places[&line], term.factor)),
            _ => None,
        };
        let places: Vec<_> = terms.iter().map(place).collect::<Option<_>>()?;
        let ((site, need, _), _) = *places.first()?;
        let lines = &self.blocks[site].needs[need].lines;
        let fits = places.iter().all(|((s, n, place), factor)| {
            *s == site && *n == need && is(*factor, sign * lines[*place].effect)
        });
        (fits && places.len() == lines.len()).then_some((site, need))
    }

    /// `Σ e·X ≤ n`: no more than the need.
    fn read_need_cap(&mut self, terms: &[Term], upper: f64) -> bool {
        let all: Vec<&Term> = terms.iter().collect();
        let Some((site, need)) = self.whole_need(&all, 1.0) else { return false };
        let need = &mut self.blocks[site].needs[need];
        need.most = need.most.min(upper);
        true
    }

    /// The terms that are no columns of the programme, if each is a plain quantity of money from nothing
    /// upwards that no block has yet; and the rest.
    fn derived<'t>(&self, terms: &'t [Term]) -> Option<(Vec<usize>, Vec<&'t Term>)> {
        let (own, rest): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|term| term.role == Role::Other);
        let plain = own.iter().all(|term| {
            let money = self.bundled.model.kinds[term.column] == ColumnKind::DerivedMoney;
            let from_nothing = is(self.problem.lower[term.column], 0.0);
            is(term.factor, 1.0) && money && from_nothing && !self.inside[term.column]
        });
        (plain && !own.is_empty()).then(|| (own.iter().map(|term| term.column).collect(), rest))
    }

    /// `Σ v − Σ e·X ≤ 0` over one need: its segments.
    fn read_segments(&mut self, terms: &[Term]) -> bool {
        let Some((columns, lines)) = self.derived(terms) else { return false };
        let Some((site, need)) = self.whole_need(&lines, -1.0) else { return false };
        let bounded = columns.iter().all(|column| self.problem.upper[*column].is_finite());
        let need = &mut self.blocks[site].needs[need];
        if !bounded || !need.segments.is_empty() {
            return false;
        }
        for column in columns {
            self.inside[column] = true;
            need.segments.push((column, self.problem.upper[column]));
        }
        true
    }

    /// `g − Σ X ≤ 0` over all lines of a site: money that counts once more, if a gate turns up.
    fn read_gated(&mut self, terms: &[Term], row: RowId, gates: &mut Gates) -> bool {
        let Some((columns, lines)) = self.derived(terms) else { return false };
        let site = |term: &&Term| match term.role {
            Role::Money(line) if is(term.factor, -1.0) => Some(self.scenario.lines[line.0].site),
            _ => None,
        };
        let sites: Option<Vec<SiteId>> = lines.iter().map(site).collect();
        let (Some(sites), [money]) = (sites, columns.as_slice()) else { return false };
        let Some(&first) = sites.first() else { return false };
        let all: usize = self.blocks[first.0].needs.iter().map(|need| need.lines.len()).sum();
        if sites.len() != all || sites.iter().any(|site| *site != first) {
            return false;
        }
        gates.insert(*money, (first.0, row.0));
        true
    }

    /// `v − h·Σ y ≤ 0` on a segment: follows from whole decisions, so nothing is lost without it.
    fn is_segment_opening(&self, terms: &[Term]) -> bool {
        let (opens, rest): (Vec<&Term>, Vec<&Term>) =
            terms.iter().partition(|term| matches!(term.role, Role::Open(_)));
        let covered = matches!(rest.as_slice(), [term] if is(term.factor, 1.0) && self.inside[term.column]);
        covered && opens.iter().all(|term| term.factor < 0.0)
    }

    /// A site's money behind a gate: `g − U·f ≤ 0` with a binary `f`. Without the gate, the row that tied
    /// the money to the site is priced after all.
    fn add_focus(&mut self, model: &Model, gates: &Gates) {
        let mut gated: HashMap<usize, (usize, usize)> = HashMap::new();
        for row in 0..model.row_count() {
            let terms: Vec<(ColumnId, f64)> = model.row(RowId(row)).collect();
            if let [(a, 1.0), (b, cap)] | [(b, cap), (a, 1.0)] = terms.as_slice()
                && gates.contains_key(&a.0)
                && *cap < 0.0
                && model.row_upper[row] == 0.0
                && model.kinds[b.0] == ColumnKind::Binary
            {
                gated.insert(a.0, (row, b.0));
            }
        }
        for (&money, &(site, tie)) in gates {
            match gated.get(&money) {
                Some(&(row, gate)) if self.blocks[site].focus.is_none() => {
                    self.priced[row] = false;
                    self.blocks[site].focus = Some(Focus { gate, money });
                    self.inside[gate] = true;
                    self.inside[money] = true;
                }
                _ => self.priced[tie] = true,
            }
        }
    }
}

impl Reader<'_> {
    /// Line and gate of `y − u`.
    fn line_and_gate(&self, terms: &[Term]) -> Option<(LineId, usize)> {
        let pair = |open: &Term, gate: &Term| match (open.role, gate.role) {
            (Role::Open(line), Role::Other) if is(open.factor, 1.0) && is(gate.factor, -1.0) => {
                self.is_binary(gate.column).then_some((line, gate.column))
            }
            _ => None,
        };
        match terms {
            [a, b] => pair(a, b).or_else(|| pair(b, a)),
            _ => None,
        }
    }

    /// `y ≤ u` for all lines of some needs of one site: together or not at all. A need that has such a gate already
    /// gets no other; the second one stays priced.
    fn add_groups(&mut self, openings: &Openings) {
        // The gate of each money, line and segment of a group's needs.
        let mut gate_of: HashMap<usize, usize> = HashMap::new();
        let mut is_grouped: Vec<Vec<bool>> =
            self.blocks.iter().map(|block| vec![false; block.needs.len()]).collect();
        for (&gate, lines) in openings {
            let places: Vec<(usize, usize, usize)> =
                lines.iter().map(|(line, _)| self.places[line]).collect();
            let (site, _, _) = places[0];
            let mut needs: Vec<usize> = places.iter().map(|place| place.1).collect();
            needs.sort_unstable();
            needs.dedup();
            let block = &mut self.blocks[site];
            let all: usize =
                needs.iter().filter_map(|need| block.needs.get(*need)).map(|n| n.lines.len()).sum();
            if places.iter().any(|place| place.0 != site)
                || all != lines.len()
                || self.inside[gate]
                || needs.iter().any(|need| is_grouped[site][*need])
            {
                continue;
            }
            self.inside[gate] = true;
            for &need in &needs {
                is_grouped[site][need] = true;
                let need = &block.needs[need];
                gate_of.extend(need.lines.iter().map(|line| (line.money, gate)));
                gate_of.extend(need.segments.iter().map(|segment| (segment.0, gate)));
            }
            for (_, row) in lines {
                self.priced[*row] = false;
            }
            block.groups.push(Group { gate: Some(gate), needs });
        }
        for (block, is_grouped) in self.blocks.iter_mut().zip(is_grouped) {
            let alone = (0..block.needs.len()).filter(|need| !is_grouped[*need]);
            block.groups.extend(alone.map(|need| Group { gate: None, needs: vec![need] }));
        }
        let rows = (0..self.priced.len()).filter(|row| self.priced[*row]);
        let implied: Vec<usize> = rows.filter(|row| self.is_implied(*row, &gate_of)).collect();
        for row in implied {
            self.priced[row] = false;
        }
    }

    /// `Σ X − U·u ≤ 0` or `Σ v − U·u ≤ 0` over what the gate `u` closes, where `U` limits nothing else: follows
    /// from whole decisions, so nothing is lost without it.
    fn is_implied(&self, row: usize, gate_of: &HashMap<usize, usize>) -> bool {
        if self.problem.row_lower[row] != f64::NEG_INFINITY || self.problem.row_upper[row] != 0.0 {
            return false;
        }
        let range = self.problem.starts[row]..self.problem.starts[row + 1];
        let terms =
            || self.problem.columns[range.clone()].iter().zip(&self.problem.coefficients[range.clone()]);
        let Some((&gate, cap)) =
            terms().find(|(column, _)| self.roles[**column] == Role::Other && self.is_binary(**column))
        else {
            return false;
        };
        // Money of a need is limited by the need, too: what it comes to, and least effectiveness.
        let (mut most, mut needs) = (0.0, BTreeMap::<(usize, usize), (f64, f64)>::new());
        for (&column, &factor) in terms().filter(|(column, _)| **column != gate) {
            if gate_of.get(&column) != Some(&gate) || factor < 0.0 {
                return false;
            }
            match self.roles[column] {
                Role::Money(line) if is(factor, 1.0) => {
                    let (site, need, place) = self.places[&line];
                    let line = &self.blocks[site].needs[need].lines[place];
                    let (sum, effect) = needs.entry((site, need)).or_insert((0.0, f64::INFINITY));
                    (*sum, *effect) = (*sum + line.most, effect.min(line.effect));
                }
                _ => most += factor * self.problem.upper[column],
            }
        }
        for ((site, need), (sum, effect)) in needs {
            most += sum.min(self.blocks[site].needs[need].most / effect);
        }
        most <= -cap * (1.0 + 1e-9)
    }

    /// Columns that stand in no row with those of two sites.
    fn add_beside(&mut self) {
        let mut site_of: Vec<Option<usize>> = vec![None; self.inside.len()];
        for (site, block) in self.blocks.iter().enumerate() {
            block.columns().into_iter().for_each(|column| site_of[column] = Some(site));
        }
        let talent = &self.scenario.talent;
        for (candidate, &column) in talent.candidates.iter().zip(self.built.placed()) {
            let site = talent.posts[candidate.posts.0].site.0;
            let column = self.bundled.column(column).0;
            site_of[column] = Some(site);
            self.blocks[site].beside.push(column);
        }
        // Of the others: the site of all rows, if it is one.
        let mut seen: Vec<Option<usize>> = vec![None; self.inside.len()];
        let mut is_shared = vec![false; self.inside.len()];
        for columns in self.problem.starts.windows(2).map(|row| &self.problem.columns[row[0]..row[1]]) {
            let mut sites = columns.iter().filter_map(|column| site_of[*column]);
            let first = sites.next();
            let is_one = first.is_some() && sites.all(|site| Some(site) == first);
            for &column in columns.iter().filter(|column| site_of[**column].is_none()) {
                is_shared[column] |= !is_one || seen[column].is_some_and(|site| Some(site) != first);
                seen[column] = first;
            }
        }
        for (column, site) in seen.into_iter().enumerate() {
            if let Some(site) = site.filter(|_| !is_shared[column]) {
                self.blocks[site].beside.push(column);
            }
        }
    }

    fn is_binary(&self, column: usize) -> bool {
        self.bundled.model.kinds[column] == ColumnKind::Binary
    }
}

/// Whether two numbers of a model are the same: coefficients are copied, never computed with.
fn is(number: f64, other: f64) -> bool {
    (number - other).abs() < 1e-12
}

/// `Σ years − Σ X = 0`: the row that adds years up.
fn is_total(terms: &[Term]) -> bool {
    terms.iter().all(|term| match term.role {
        Role::Year => is(term.factor, 1.0),
        Role::Money(_) => is(term.factor, -1.0),
        _ => false,
    })
}

/// Line and coefficient of `X − c·y`.
fn line_and_open(terms: &[Term]) -> Option<(LineId, f64)> {
    let pair = |money: &Term, open: &Term| match (money.role, open.role) {
        (Role::Money(line), Role::Open(same)) if line == same => {
            (is(money.factor, 1.0) && open.factor < 0.0).then_some((line, open.factor))
        }
        _ => None,
    };
    match terms {
        [a, b] => pair(a, b).or_else(|| pair(b, a)),
        _ => None,
    }
}
