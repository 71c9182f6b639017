//! Names of rows and columns, kept as positions and spelled out only when somebody reads them.

use std::fmt;

use crate::domain::{
    CandidateId, LineId, LinkId, NeedId, PostsId, ProvinceId, Scenario, SecondeesId, SectorId, SiteId,
};

/// What a row or column is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The whole programme.
    All,
    /// A line over the horizon.
    Line(LineId),
    /// A line in a year.
    LineYear(LineId, usize),
    /// A link.
    Link(LinkId),
    /// A province.
    Province(ProvinceId),
    /// A province in a year.
    ProvinceYear(ProvinceId, usize),
    /// A province and a sector.
    ProvinceSector(ProvinceId, SectorId),
    /// A site.
    Site(SiteId),
    /// A site in a year.
    SiteYear(SiteId, usize),
    /// A site and a sector.
    SiteSector(SiteId, SectorId),
    /// A need.
    Need(NeedId),
    /// A need in a year.
    NeedYear(NeedId, usize),
    /// A segment of a need.
    Segment(NeedId, usize),
    /// A candidate placement.
    Placement(CandidateId),
    /// A group of secondees.
    Secondees(SecondeesId),
    /// A group of posts.
    Posts(PostsId),
    /// A year.
    Year(usize),
    /// Ids that a rule ranges over.
    Scope(Vec<String>),
    /// Ids that a rule ranges over, in a year.
    ScopeYear(Vec<String>, usize),
}

impl Subject {
    /// Its ids, in the order province, site, sector, year.
    pub fn ids(&self, scenario: &Scenario) -> Vec<String> {
        let province = |p: ProvinceId| scenario.provinces[p.0].id.clone();
        let site = |s: SiteId| scenario.sites[s.0].id.clone();
        let sector = |k: SectorId| scenario.sectors[k.0].id.clone();
        let year = |t: usize| scenario.years[t].to_string();
        let line = |l: LineId| scenario.line_names(l).map(str::to_owned).to_vec();
        let need = |n: NeedId| vec![site(scenario.needs[n.0].site), sector(scenario.needs[n.0].sector)];
        let secondees = |g: SecondeesId| scenario.talent.secondees[g.0].id.clone();
        let posts = |j: PostsId| scenario.talent.posts[j.0].id.clone();
        match self {
            Self::All => Vec::new(),
            Self::Line(l) => line(*l),
            Self::LineYear(l, t) => [line(*l), vec![year(*t)]].concat(),
            Self::Link(link) => {
                let link = &scenario.links[link.0];
                vec![province(link.province), site(link.site)]
            }
            Self::Province(p) => vec![province(*p)],
            Self::ProvinceYear(p, t) => vec![province(*p), year(*t)],
            Self::ProvinceSector(p, k) => vec![province(*p), sector(*k)],
            Self::Site(s) => vec![site(*s)],
            Self::SiteYear(s, t) => vec![site(*s), year(*t)],
            Self::SiteSector(s, k) => vec![site(*s), sector(*k)],
            Self::Need(n) => need(*n),
            Self::NeedYear(n, t) => [need(*n), vec![year(*t)]].concat(),
            Self::Segment(n, q) => [need(*n), vec![(q + 1).to_string()]].concat(),
            Self::Placement(candidate) => {
                let candidate = scenario.talent.candidates[candidate.0];
                vec![secondees(candidate.secondees), posts(candidate.posts)]
            }
            Self::Secondees(g) => vec![secondees(*g)],
            Self::Posts(j) => vec![posts(*j)],
            Self::Year(t) => vec![year(*t)],
            Self::Scope(ids) => ids.clone(),
            Self::ScopeYear(ids, t) => [ids.clone(), vec![year(*t)]].concat(),
        }
    }
}

/// A name such as `minimum_ticket[R3;guangdong,wenchuan,education].lower`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// A rule's kind for its rows, the quantity for columns.
    pub what: &'static str,
    /// Position of the rule instance in the policy; `None` for definitions that no rule owns.
    pub rule: Option<usize>,
    /// What it is about.
    pub subject: Subject,
    /// Which of several rows or columns on one subject; may be empty.
    pub part: &'static str,
}

impl Name {
    /// Spells the name; `rule_ids` are the policy's rule ids in order.
    pub fn spelled<'a>(
        &'a self,
        scenario: &'a Scenario,
        rule_ids: &'a [String],
    ) -> impl fmt::Display + use<'a> {
        Spelled { name: self, scenario, rule_ids }
    }
}

struct Spelled<'a> {
    name: &'a Name,
    scenario: &'a Scenario,
    rule_ids: &'a [String],
}

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Name { what, rule, subject, part } = self.name;
        let ids = subject.ids(self.scenario).join(",");
        let inside = rule.map(|position| self.rule_ids[position].clone());
        let inside: Vec<String> = inside.into_iter().chain((!ids.is_empty()).then_some(ids)).collect();
        write!(f, "{what}")?;
        if !inside.is_empty() {
            write!(f, "[{}]", inside.join(";"))?;
        }
        if part.is_empty() { Ok(()) } else { write!(f, ".{part}") }
    }
}
