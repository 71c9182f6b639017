//! What a rule sees while it adds its columns and rows: the shared variables of the programme
//! (money, funded lines, active links, placed people), created when first asked for, and its own.

use std::collections::BTreeMap;

use super::{Bound, ColumnId, ColumnKind, Model, Name, RowId, Subject, Terms};
use crate::domain::{
    Candidate, CandidateId, Line, LineId, LinkId, NeedId, PostsId, ProvinceId, Scenario, SecondeesId, SiteId,
};
use crate::units::{Money, Ratio};

/// How firmly a rule is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// No plan may break it.
    Hard,
    /// A plan may fall short, at a price: units of objective for each unit of money short, or for
    /// each one over a count.
    Soft(Ratio),
}

/// What hard rules and the data say of columns before any row is built: upper limits on the money of each line, and
/// of all lines of a province, a site or a need; and how many persons a team has at the least, if any come.
#[derive(Debug, Clone)]
pub struct Limits {
    province: Vec<Money>,
    site: Vec<Money>,
    need: Vec<Money>,
    total: Vec<Money>,
    by_year: Vec<Money>,
    years: usize,
    /// Of the team of each candidate placement: fewest persons where it comes, and whether it does.
    least_team: Vec<i64>,
    team_comes: Vec<bool>,
}

impl Limits {
    /// No rule has spoken yet: a line can take all the money there is, or cover all need there is.
    pub fn loose(scenario: &Scenario) -> Self {
        let need: Money = scenario.needs.iter().map(|n| n.amount).sum();
        let committed: Money = scenario.commitments.iter().map(|c| c.amount).sum();
        let everything = scenario.budget_sum() + need + committed;
        let years = scenario.years.len();
        Self {
            province: vec![everything; scenario.provinces.len()],
            site: vec![everything; scenario.sites.len()],
            need: vec![everything; scenario.needs.len()],
            total: vec![everything; scenario.lines.len()],
            by_year: vec![everything; scenario.lines.len() * years],
            years,
            least_team: vec![1; scenario.talent.candidates.len()],
            team_comes: vec![false; scenario.talent.candidates.len()],
        }
    }

    /// Where a team comes at all, it has at least so many persons.
    pub fn raise_team(&mut self, team: &[CandidateId], least: i64) {
        for candidate in team {
            let known = &mut self.least_team[candidate.0];
            *known = (*known).max(least);
        }
    }

    /// A team comes.
    pub fn send_team(&mut self, team: &[CandidateId]) {
        for candidate in team {
            self.team_comes[candidate.0] = true;
        }
    }

    /// Money of all lines of a province over the horizon is at most this.
    pub fn limit_province(&mut self, province: ProvinceId, most: Money) {
        let cap = &mut self.province[province.0];
        *cap = (*cap).min(most);
    }

    /// Money of all lines of a site over the horizon is at most this.
    pub fn limit_site(&mut self, site: SiteId, most: Money) {
        let cap = &mut self.site[site.0];
        *cap = (*cap).min(most);
    }

    /// Money of all lines of a need over the horizon is at most this.
    pub fn limit_need(&mut self, need: NeedId, most: Money) {
        let cap = &mut self.need[need.0];
        *cap = (*cap).min(most);
    }

    /// Money of a line over the horizon is at most this.
    pub fn limit_total(&mut self, line: LineId, most: Money) {
        self.total[line.0] = self.total[line.0].min(most);
    }

    /// Money of a line in a year is at most this.
    pub fn limit_year(&mut self, line: LineId, year: usize, most: Money) {
        let cap = &mut self.by_year[line.0 * self.years + year];
        *cap = (*cap).min(most);
    }

    /// The limit over the horizon of some lines of one site together: the least of what their provinces
    /// can pay, of what their needs can take, and of what the site can spend.
    pub fn at_site(&self, scenario: &Scenario, lines: &[LineId]) -> Money {
        let mut by_province: BTreeMap<ProvinceId, Money> = BTreeMap::new();
        let mut by_need: BTreeMap<NeedId, Money> = BTreeMap::new();
        let mut most = Money(i64::MAX);
        for &id in lines {
            let line = &scenario.lines[id.0];
            for sum in [by_province.entry(line.province).or_default(), by_need.entry(line.need).or_default()]
            {
                // Lines without a limit of their own hold the sum of everything; adding must not overflow.
                *sum = Money(sum.0.saturating_add(self.total(id).0));
            }
            most = most.min(self.site[line.site.0]);
        }
        let paid = by_province.into_iter().map(|(province, money)| money.min(self.province[province.0]));
        let taken = by_need.into_iter().map(|(need, money)| money.min(self.need[need.0]));
        most.min(paid.sum()).min(taken.sum()).max(Money::ZERO)
    }

    /// The limit over the horizon, the years' limits taken into account.
    pub fn total(&self, line: LineId) -> Money {
        let years = &self.by_year[line.0 * self.years..(line.0 + 1) * self.years];
        // Years without a limit of their own hold the sum of everything; adding those must not overflow.
        let by_year = years.iter().fold(0_i64, |sum, cap| sum.saturating_add(cap.0));
        self.total[line.0].min(Money(by_year)).max(Money::ZERO)
    }

    /// The limit in a year.
    pub fn year(&self, line: LineId, year: usize) -> Money {
        self.by_year[line.0 * self.years + year].min(self.total[line.0]).max(Money::ZERO)
    }
}

/// A column by which a soft rule's row falls short.
#[derive(Debug, Clone)]
pub struct Slack {
    /// The column.
    pub column: ColumnId,
    /// The row that it relaxes.
    pub row: RowId,
    /// Which rule instance.
    pub rule: usize,
    /// Objective for each unit.
    pub penalty: Ratio,
}

#[derive(Debug, Clone, Copy)]
struct Speaker {
    rule: usize,
    kind: &'static str,
    strength: Strength,
}

/// Builds a [`Model`] over a scenario.
#[derive(Debug)]
pub struct Builder<'a> {
    scenario: &'a Scenario,
    limits: Limits,
    model: Model,
    slacks: Vec<Slack>,
    year: Vec<ColumnId>,
    total: Vec<ColumnId>,
    total_row: Vec<RowId>,
    open: Vec<Option<ColumnId>>,
    active: Vec<Option<ColumnId>>,
    /// None until somebody asks for people.
    placed: Option<Vec<ColumnId>>,
    gates: BTreeMap<NeedId, Vec<ColumnId>>,
    speaker: Option<Speaker>,
}

impl<'a> Builder<'a> {
    /// The money columns and, where there are several years, each line's total.
    pub fn new(scenario: &'a Scenario, limits: Limits) -> Self {
        let mut builder = Self {
            scenario,
            limits,
            model: Model::new(),
            slacks: Vec::new(),
            year: Vec::new(),
            total: Vec::new(),
            total_row: Vec::new(),
            open: vec![None; scenario.lines.len()],
            active: vec![None; scenario.links.len()],
            placed: None,
            gates: BTreeMap::new(),
            speaker: None,
        };
        // A policy with a rule of every family has so many; the lines' cells are most of it.
        let (cells, needs) = (scenario.lines.len() * (scenario.years.len() + 2), 4 * scenario.needs.len());
        builder.model.reserve(cells + needs, 5 * scenario.lines.len() + needs, 6 * cells);
        for line in scenario.line_ids() {
            builder.add_money(line);
        }
        builder
    }

    fn add_money(&mut self, line: LineId) {
        let years = self.scenario.years.len();
        let first = self.model.column_count();
        let cells = (first..first + years).map(ColumnId);
        for year in 0..years {
            let most = self.limits.year(line, year).as_f64();
            self.column("x", Subject::LineYear(line, year), ColumnKind::Money, 0.0, most);
        }
        self.year.extend(cells.clone());
        if years == 1 {
            self.total.push(ColumnId(first));
            return;
        }
        let most = self.limits.total(line).as_f64();
        let total = self.column("total", Subject::Line(line), ColumnKind::DerivedMoney, 0.0, most);
        self.total.push(total);
        let terms = cells.map(|cell| (cell, 1.0)).chain([(total, -1.0)]);
        let row = self.define("total", Subject::Line(line), "", terms, Bound::Exactly(0.0));
        self.total_row.push(row);
    }

    /// The scenario.
    pub fn scenario(&self) -> &'a Scenario {
        self.scenario
    }

    /// The tightest known limit over the horizon of some lines of one site together.
    pub fn site_cap(&self, lines: &[LineId]) -> f64 {
        self.limits.at_site(self.scenario, lines).as_f64()
    }

    /// The tightest known limit of a line's money over the horizon.
    pub fn line_cap(&self, line: LineId) -> f64 {
        self.limits.total(line).as_f64()
    }

    /// The tightest known limit of a line's money in a year.
    pub fn line_year_cap(&self, line: LineId, year: usize) -> f64 {
        self.limits.year(line, year).as_f64()
    }

    /// Money of a line in a year.
    pub fn year(&self, line: LineId, year: usize) -> ColumnId {
        self.year[line.0 * self.scenario.years.len() + year]
    }

    /// Money of a line over the horizon.
    pub fn total(&self, line: LineId) -> ColumnId {
        self.total[line.0]
    }

    /// Money over the horizon of the lines that a test accepts, each times a factor.
    pub fn total_terms(&self, factor: f64, accept: impl Fn(&Line) -> bool) -> Terms {
        let lines = self.scenario.lines.iter().enumerate();
        lines.filter(|(_, line)| accept(line)).map(|(l, _)| (self.total[l], factor)).collect()
    }

    /// Whether a line is funded: money needs it, `Σₜ x ≤ U·y`.
    pub fn open(&mut self, line: LineId) -> ColumnId {
        if let Some(column) = self.open[line.0] {
            return column;
        }
        let cap = self.line_cap(line);
        let open = self.column("open", Subject::Line(line), ColumnKind::Binary, 0.0, 1.0);
        self.open[line.0] = Some(open);
        let terms = [(self.total(line), 1.0), (open, -cap)];
        self.define("open", Subject::Line(line), "", terms, Bound::AtMost(0.0));
        open
    }

    /// Whether a line is funded, if any rule or objective has asked for that column.
    pub fn open_if_asked(&self, line: LineId) -> Option<ColumnId> {
        self.open[line.0]
    }

    /// Whether a link is active: a funded line needs it, `y ≤ z`.
    pub fn active(&mut self, link: LinkId) -> ColumnId {
        if let Some(column) = self.active[link.0] {
            return column;
        }
        let active = self.column("active", Subject::Link(link), ColumnKind::Binary, 0.0, 1.0);
        self.active[link.0] = Some(active);
        for line in self.scenario.links[link.0].lines.clone().map(LineId) {
            let open = self.open(line);
            let terms = [(open, 1.0), (active, -1.0)];
            self.define("active", Subject::Line(line), "", terms, Bound::AtMost(0.0));
        }
        active
    }

    /// Persons of the candidate placements, each times the factor that is given for it. With the first that
    /// anybody asks for come the rows that every placement keeps: nobody is sent twice, `Σ_j m[g,j] ≤ N[g]`, and
    /// no posts are filled twice, `Σ_g τ[g]·m[g,j] ≤ N[j]`, with `τ` the share of full time.
    pub fn placed_terms(&mut self, factor: impl Fn(&Candidate) -> Option<f64>) -> Terms {
        let candidates = self.scenario.talent.candidates.iter().zip(self.people());
        candidates.filter_map(|(candidate, column)| Some((*column, factor(candidate)?))).collect()
    }

    /// Persons of some candidate placements together.
    pub fn persons(&mut self, candidates: &[CandidateId]) -> Terms {
        let placed = self.people();
        candidates.iter().map(|candidate| (placed[candidate.0], 1.0)).collect()
    }

    fn people(&mut self) -> &[ColumnId] {
        if self.placed.is_none() {
            self.placed = Some(self.add_people());
        }
        self.placed.as_deref().unwrap_or_default()
    }

    fn add_people(&mut self) -> Vec<ColumnId> {
        let talent = &self.scenario.talent;
        let mut placed = Vec::with_capacity(talent.candidates.len());
        let mut sent: Vec<Terms> = vec![Terms::new(); talent.secondees.len()];
        let mut filled: Vec<Terms> = vec![Terms::new(); talent.posts.len()];
        for (position, candidate) in talent.candidates.iter().enumerate() {
            let most = talent.most_placed(candidate) as f64;
            let subject = Subject::Placement(CandidateId(position));
            let column = self.column("placed", subject, ColumnKind::People, 0.0, most);
            placed.push(column);
            sent[candidate.secondees.0].push((column, 1.0));
            filled[candidate.posts.0].push((column, talent.full_time(candidate.secondees).as_f64()));
        }
        for ((position, group), terms) in talent.secondees.iter().enumerate().zip(sent) {
            let subject = Subject::Secondees(SecondeesId(position));
            self.define("sent", subject, "", terms, Bound::AtMost(group.number as f64));
        }
        for ((position, group), terms) in talent.posts.iter().enumerate().zip(filled) {
            let subject = Subject::Posts(PostsId(position));
            self.define("filled", subject, "", terms, Bound::AtMost(group.number as f64));
        }
        placed
    }

    /// At least how many persons come where any of the candidates' teams comes.
    pub fn least_team(&self, candidates: &[CandidateId]) -> i64 {
        candidates.iter().map(|candidate| self.limits.least_team[candidate.0]).min().unwrap_or(1)
    }

    /// Whether it is known that a team comes.
    pub fn team_comes(&self, team: &[CandidateId]) -> bool {
        team.iter().any(|candidate| self.limits.team_comes[candidate.0])
    }

    /// Whether the current rule's rows may be broken, at a price.
    pub fn is_soft(&self) -> bool {
        self.speaker.is_some_and(|speaker| matches!(speaker.strength, Strength::Soft(_)))
    }

    /// Says that all money of a need needs a binary of the current rule, `Σ X ≤ U·u`. Objectives may build on
    /// that: see [`Self::gates`].
    pub fn gate(&mut self, need: NeedId, gate: ColumnId, what: &'static str) {
        let lines = &self.scenario.needs[need.0].lines;
        let mut money: Terms = lines.iter().map(|&line| (self.total(line), 1.0)).collect();
        money.push((gate, -self.site_cap(lines)));
        self.define(what, Subject::Need(need), "money", money, Bound::AtMost(0.0));
        self.gates.entry(need).or_default().push(gate);
    }

    /// The binaries without which a need gets no money, beside those of its lines.
    pub fn gates(&self, need: NeedId) -> &[ColumnId] {
        self.gates.get(&need).map_or(&[], Vec::as_slice)
    }

    /// Adds a column of a rule's own.
    pub fn column(
        &mut self,
        what: &'static str,
        subject: Subject,
        kind: ColumnKind,
        lower: f64,
        upper: f64,
    ) -> ColumnId {
        let rule = self.speaker.map(|s| s.rule);
        // The programme's own quantities belong to no rule, whoever asks for them first.
        let rule = if matches!(what, "x" | "total" | "open" | "active" | "placed") { None } else { rule };
        self.model.add_column(Name { what, rule, subject, part: "" }, kind, lower, upper)
    }

    /// Adds a row that says what a column means: never relaxed.
    pub fn define(
        &mut self,
        what: &'static str,
        subject: Subject,
        part: &'static str,
        terms: impl IntoIterator<Item = (ColumnId, f64)>,
        bound: Bound,
    ) -> RowId {
        let shared = matches!(what, "total" | "open" | "active" | "sent" | "filled");
        let rule = if shared { None } else { self.speaker.map(|s| s.rule) };
        self.model.add_row(Name { what, rule, subject, part }, terms, bound)
    }

    /// Adds a row that the current rule demands; where the rule is soft, it may fall short at its price.
    /// Gives the terms by which it may: none where the rule is hard.
    ///
    /// # Panics
    /// When no rule is speaking: a row without an owner cannot be explained to anybody.
    pub fn require(
        &mut self,
        subject: Subject,
        part: &'static str,
        terms: impl IntoIterator<Item = (ColumnId, f64)>,
        bound: Bound,
    ) -> Terms {
        #[allow(clippy::expect_used)]
        let Speaker { rule, kind, strength } = self.speaker.expect("rows are required by a rule");
        let name = Name { what: kind, rule: Some(rule), subject, part };
        let Strength::Soft(penalty) = strength else {
            self.model.add_row(name, terms, bound);
            return Terms::new();
        };
        let subject = name.subject.clone();
        let row = self.model.add_row(name, terms, bound);
        // A row without terms is a floor or a limit of money: counting rules leave such rows out.
        let money = {
            let mut kinds = self.model.row(row).map(|(column, _)| self.model.kinds[column.0]);
            kinds.next().is_none_or(ColumnKind::is_money) || kinds.any(ColumnKind::is_money)
        };
        let slack_kind = if money { ColumnKind::DerivedMoney } else { ColumnKind::Count };
        let (lower, upper) = bound.interval();
        let mut slack_terms = Terms::new();
        for (wanted, what, sign) in
            [(lower > f64::NEG_INFINITY, "short", 1.0), (upper < f64::INFINITY, "over", -1.0)]
        {
            if wanted {
                let column = self.column(what, subject.clone(), slack_kind, 0.0, f64::INFINITY);
                slack_terms.push((column, sign));
                self.slacks.push(Slack { column, row, rule, penalty });
            }
        }
        self.model.extend_last_row(slack_terms.iter().copied());
        slack_terms
    }

    /// From here on, rows and columns belong to this rule instance.
    pub fn speak_for(&mut self, rule: usize, kind: &'static str, strength: Strength) {
        self.speaker = Some(Speaker { rule, kind, strength });
    }

    /// From here on, rows and columns belong to no rule.
    pub fn speak_for_nobody(&mut self) {
        self.speaker = None;
    }

    /// The slack columns of all soft rules so far.
    pub fn slacks(&self) -> &[Slack] {
        &self.slacks
    }

    /// The finished model with what is needed to read a solution back.
    pub fn finish(self) -> Built {
        Built {
            model: self.model,
            slacks: self.slacks,
            year: self.year,
            total: self.total,
            total_row: self.total_row,
            open: self.open,
            active: self.active,
            placed: self.placed.unwrap_or_default(),
            years: self.scenario.years.len(),
        }
    }
}

/// A finished model and the positions of the programme's own columns in it.
#[derive(Debug, Clone)]
pub struct Built {
    /// Rows and columns.
    pub model: Model,
    /// Slack columns of soft rules.
    pub slacks: Vec<Slack>,
    year: Vec<ColumnId>,
    total: Vec<ColumnId>,
    total_row: Vec<RowId>,
    open: Vec<Option<ColumnId>>,
    active: Vec<Option<ColumnId>>,
    placed: Vec<ColumnId>,
    years: usize,
}

impl Built {
    /// Money column of a line in a year.
    pub fn year(&self, line: LineId, year: usize) -> ColumnId {
        self.year[line.0 * self.years + year]
    }

    /// Money column of a line over the horizon (its only year's column where there is one year).
    pub fn total(&self, line: LineId) -> ColumnId {
        self.total[line.0]
    }

    /// The row that adds a line's years up, where there are several.
    pub fn total_row(&self, line: LineId) -> Option<RowId> {
        self.total_row.get(line.0).copied()
    }

    /// Number of lines.
    pub fn lines(&self) -> usize {
        self.total.len()
    }

    /// Number of years.
    pub fn years(&self) -> usize {
        self.years
    }

    /// Binary of a funded line, where any rule or objective uses it.
    pub fn open(&self, line: LineId) -> Option<ColumnId> {
        self.open[line.0]
    }

    /// Persons of each candidate placement, where any rule or objective uses them; else none.
    pub fn placed(&self) -> &[ColumnId] {
        &self.placed
    }

    /// Binary of an active link, where any rule or objective uses it.
    pub fn active(&self, link: LinkId) -> Option<ColumnId> {
        self.active[link.0]
    }
}
