//! The sets and data of section 1 of the model: provinces, sites, sectors, links, lines, needs.
//!
//! All lists are sorted by id, so the order of rows in an input file never reaches a solver.

use std::collections::BTreeMap;

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ColumnSource, Industry, Neighbours, Park, Talent};
use crate::units::{Micro, Money, Ratio};

macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )*};
}

positions! {
    /// Position of a province in [`Scenario::provinces`].
    ProvinceId;
    /// Position of a site in [`Scenario::sites`].
    SiteId;
    /// Position of a sector in [`Scenario::sectors`].
    SectorId;
    /// Position of a region in [`Scenario::regions`].
    RegionId;
    /// Position of a link in [`Scenario::links`].
    LinkId;
    /// Position of a candidate line in [`Scenario::lines`].
    LineId;
    /// Position of a need in [`Scenario::needs`].
    NeedId;
    /// Position of an industry in [`Scenario::industries`].
    IndustryId;
    /// Position of a profession in [`Talent::professions`].
    ProfessionId;
    /// Position of a group of secondees in [`Talent::secondees`].
    SecondeesId;
    /// Position of a group of posts in [`Talent::posts`].
    PostsId;
    /// Position of a candidate placement in [`Talent::candidates`].
    CandidateId;
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Something with a stable id, a name and groups.
pub trait Named {
    /// The id in the input.
    fn id(&self) -> &str;
    /// The name in both languages.
    fn name(&self) -> &Text;
    /// The groups that it is in.
    fn groups(&self) -> &[String];
}

macro_rules! named {
    ($($kind:ty)*) => {$(
        impl Named for $kind {
            fn id(&self) -> &str { &self.id }
            fn name(&self) -> &Text { &self.name }
            fn groups(&self) -> &[String] { &self.groups }
        }
    )*};
}
named!(Province Site Sector);

/// What one unit of money is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoneyUnit {
    /// ISO 4217 code.
    pub currency: String,
    /// Currency in one unit.
    pub unit: i64,
    /// Currency in one amount of a table or policy.
    pub amounts_in: i64,
}

impl MoneyUnit {
    /// Whole units of a table's or policy's amount, rounded up: for floors and tickets.
    pub fn at_least(&self, amount: Ratio) -> Money {
        self.per_person(amount).ceil()
    }

    /// Whole units of a table's or policy's amount, rounded down: for limits.
    pub fn at_most(&self, amount: Ratio) -> Money {
        Micro(self.currency(amount).div_euclid(i128::from(self.unit.max(1)))).floor()
    }

    /// Millionths of currency.
    fn currency(&self, amount: Ratio) -> i128 {
        i128::from(amount.micros()) * i128::from(self.amounts_in)
    }

    /// Exact money a person of a policy's amount a person, in millionths of a unit, rounded up.
    pub fn per_person(&self, amount: Ratio) -> Micro {
        Micro(-((-self.currency(amount)).div_euclid(i128::from(self.unit.max(1)))))
    }
}

/// A donor (支援方).
#[derive(Debug, Clone)]
pub struct Province {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Groups.
    pub groups: Vec<String>,
    /// Share of a year's unspent capacity that the next year may use.
    pub carry_over: Ratio,
}

/// Sites of one region share its priority and its floors.
#[derive(Debug, Clone)]
pub struct Region {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// A recipient (受援地).
#[derive(Debug, Clone)]
pub struct Site {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Groups.
    pub groups: Vec<String>,
    /// Its region.
    pub region: RegionId,
    /// County, prefecture or another word of the programme; empty when not given.
    pub level: String,
    /// Persons.
    pub population: Option<i64>,
    /// What it can spend well, by year (`None`: no limit).
    pub absorption: Vec<Option<Money>>,
    /// Where it is.
    pub coordinates: Option<Coordinates>,
}

/// A place on the globe, in decimal degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coordinates {
    /// North of the equator, −90 to 90.
    pub latitude: Ratio,
    /// East of Greenwich, −180 to 180.
    pub longitude: Ratio,
}

/// A field of spending.
#[derive(Debug, Clone)]
pub struct Sector {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Groups, for example `livelihood`.
    pub groups: Vec<String>,
    /// The industry that money for it builds, if it is one.
    pub industry: Option<IndustryId>,
}

/// A pairing (结对) or an admitted cross-pairing.
#[derive(Debug, Clone)]
pub struct Link {
    /// Who gives.
    pub province: ProvinceId,
    /// Who receives.
    pub site: SiteId,
    /// Whether it is a cross-pairing.
    pub cross: bool,
    /// Need covered by one unit of money: 1 for a province's own pairing, less for a cross-pairing.
    pub effectiveness: Ratio,
    /// Its candidate lines, a run of [`Scenario::lines`].
    pub lines: std::ops::Range<usize>,
}

/// What a site needs in a sector.
#[derive(Debug, Clone)]
pub struct Need {
    /// Where.
    pub site: SiteId,
    /// In which sector.
    pub sector: SectorId,
    /// Over the horizon.
    pub amount: Money,
    /// By year, when the input gives it so.
    pub by_year: Option<Vec<Money>>,
    /// Site priority × region priority × sector priority, rounded to a millionth.
    pub weight: Ratio,
    /// The candidate lines that can cover it.
    pub lines: Vec<LineId>,
}

/// A candidate line `(p,s,k)`: one province funding one sector at one site.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its link.
    pub link: LinkId,
    /// Who gives.
    pub province: ProvinceId,
    /// Who receives.
    pub site: SiteId,
    /// For what.
    pub sector: SectorId,
    /// The need that it covers.
    pub need: NeedId,
}

/// Money already promised: the last plan.
#[derive(Debug, Clone)]
pub struct Commitment {
    /// On which line.
    pub line: LineId,
    /// In which year (position in [`Scenario::years`]); `None` is any year.
    pub year: Option<usize>,
    /// How much.
    pub amount: Money,
}

/// A safeguard: lines that may not be funded, with the recorded reason.
#[derive(Debug, Clone)]
pub struct Exclusion {
    /// `None` is every province.
    pub province: Option<ProvinceId>,
    /// `None` is every site.
    pub site: Option<SiteId>,
    /// `None` is every sector.
    pub sector: Option<SectorId>,
    /// Why, as recorded.
    pub reason: String,
}

impl Exclusion {
    /// Whether it forbids a line.
    pub fn forbids(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> bool {
        self.province.is_none_or(|p| p == province)
            && self.site.is_none_or(|s| s == site)
            && self.sector.is_none_or(|k| k == sector)
    }

    /// The cells of its row: column and text.
    pub fn cells(&self, scenario: &Scenario) -> Vec<(&'static str, String)> {
        let all = || "*".to_owned();
        vec![
            ("province_id", self.province.map_or_else(all, |p| scenario.provinces[p.0].id.clone())),
            ("site_id", self.site.map_or_else(all, |s| scenario.sites[s.0].id.clone())),
            ("sector_id", self.sector.map_or_else(all, |k| scenario.sectors[k.0].id.clone())),
        ]
    }
}

/// A whole programme, read and validated.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// The horizon, ascending.
    pub years: Vec<i32>,
    /// What one unit of money is.
    pub money: MoneyUnit,
    /// Donors, by id.
    pub provinces: Vec<Province>,
    /// Capacity, provinces × years.
    pub budgets: Array2<i64>,
    /// Regions, by id.
    pub regions: Vec<Region>,
    /// Recipients, by id.
    pub sites: Vec<Site>,
    /// Sectors, by id.
    pub sectors: Vec<Sector>,
    /// Pairings, by province and site.
    pub links: Vec<Link>,
    /// Candidate lines, by province, site and sector.
    pub lines: Vec<Line>,
    /// Needs, by site and sector.
    pub needs: Vec<Need>,
    /// What a province can supply well in a sector over the horizon.
    pub sector_capacity: BTreeMap<(ProvinceId, SectorId), Money>,
    /// The last plan; empty when there is none.
    pub commitments: Vec<Commitment>,
    /// Safeguards.
    pub exclusions: Vec<Exclusion>,
    /// Industries, by code.
    pub industries: Vec<Industry>,
    /// Which sites are neighbours.
    pub neighbours: Neighbours,
    /// Parks, by id.
    pub parks: Vec<Park>,
    /// Secondees and posts; empty where the programme sends nobody.
    pub talent: Talent,
    /// Where the columns of its tables come from; empty where nothing is said.
    pub provenance: Vec<ColumnSource>,
}

impl Scenario {
    /// Capacity of a province in a year.
    pub fn budget(&self, province: ProvinceId, year: usize) -> Money {
        Money(self.budgets[[province.0, year]])
    }

    /// Capacity of a province over the horizon.
    pub fn budget_total(&self, province: ProvinceId) -> Money {
        Money(self.budgets.row(province.0).sum())
    }

    /// Capacity of all provinces over the horizon.
    pub fn budget_sum(&self) -> Money {
        Money(self.budgets.sum())
    }

    /// The link of a line.
    pub fn link_of(&self, line: &Line) -> &Link {
        &self.links[line.link.0]
    }

    /// Positions of all candidate lines.
    pub fn line_ids(&self) -> impl Iterator<Item = LineId> + use<> {
        (0..self.lines.len()).map(LineId)
    }

    /// The candidate line of three members, if there is one.
    pub fn find_line(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> Option<LineId> {
        self.lines
            .binary_search_by_key(&(province, site, sector), |l| (l.province, l.site, l.sector))
            .ok()
            .map(LineId)
    }

    /// The link of two members, if there is one.
    pub fn find_link(&self, province: ProvinceId, site: SiteId) -> Option<LinkId> {
        self.links.binary_search_by_key(&(province, site), |l| (l.province, l.site)).ok().map(LinkId)
    }

    /// The need of two members, if there is one.
    pub fn find_need(&self, site: SiteId, sector: SectorId) -> Option<NeedId> {
        self.needs.binary_search_by_key(&(site, sector), |n| (n.site, n.sector)).ok().map(NeedId)
    }

    /// The three ids of a line.
    pub fn line_names(&self, line: LineId) -> [&str; 3] {
        let line = &self.lines[line.0];
        [&self.provinces[line.province.0].id, &self.sites[line.site.0].id, &self.sectors[line.sector.0].id]
    }

    /// The last plan's money on each candidate line, over the horizon.
    pub fn committed_totals(&self) -> Vec<Money> {
        let mut totals = vec![Money::ZERO; self.lines.len()];
        for commitment in &self.commitments {
            totals[commitment.line.0] += commitment.amount;
        }
        totals
    }

    /// The exclusion that forbids a line, if there is one.
    pub fn exclusion_of(&self, province: ProvinceId, site: SiteId, sector: SectorId) -> Option<&Exclusion> {
        self.exclusions.iter().find(|e| e.forbids(province, site, sector))
    }
}

/// Position of an id in a list sorted by id.
pub(crate) fn position<T: Named>(list: &[T], id: &str) -> Option<usize> {
    list.binary_search_by(|member| member.id().cmp(id)).ok()
}

impl Scenario {
    /// A province by id.
    pub fn province(&self, id: &str) -> Option<ProvinceId> {
        position(&self.provinces, id).map(ProvinceId)
    }

    /// A site by id.
    pub fn site(&self, id: &str) -> Option<SiteId> {
        position(&self.sites, id).map(SiteId)
    }

    /// A sector by id.
    pub fn sector(&self, id: &str) -> Option<SectorId> {
        position(&self.sectors, id).map(SectorId)
    }

    /// A region by id.
    pub fn region(&self, id: &str) -> Option<RegionId> {
        self.regions.binary_search_by(|region| region.id.as_str().cmp(id)).ok().map(RegionId)
    }

    /// Position of a year.
    pub fn year(&self, year: i32) -> Option<usize> {
        self.years.binary_search(&year).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_become_units_in_the_safe_direction() {
        let money = MoneyUnit { currency: "CNY".to_owned(), unit: 10_000, amounts_in: 1 };
        let amount = |yuan: f64| Ratio::from_f64(yuan).expect("six decimals");
        assert_eq!(money.at_least(amount(9_999.999_999)), Money(1));
        assert_eq!(money.at_most(amount(9_999.999_999)), Money(0));
        assert_eq!(money.at_least(amount(10_000.000_001)), Money(2));
        assert_eq!(money.at_least(amount(20_000.0)), Money(2));
    }
}
