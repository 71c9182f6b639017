//! What a plan looks like in numbers: defined here once, computed from the scenario and the plan alone.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Unit;
use super::industry::{Industries, benefit_coverage};
use super::talent::Staffing;
use crate::domain::{NeighbourSource, Plan, Scenario, Text};
use crate::units::{Micro, Money};

/// How many of the largest sites `top_share` looks at.
const TOP: usize = 5;

/// A number with its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Metric {
    /// Stable id.
    pub id: String,
    /// Name.
    pub title: Text,
    /// How to read it.
    pub unit: Unit,
    /// Its value; none where it has no meaning (a mean of nothing).
    pub value: Option<f64>,
}

/// Money, need and coverage of one province, site, region or sector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Its id.
    pub id: String,
    /// Units of money that it gives or gets.
    pub money: i64,
    /// Units of need (for a province: of the needs it may fund).
    pub need: i64,
    /// Share of the need that is covered, 0 to 1; none where there is no need.
    pub coverage: Option<f64>,
}

/// What a plan measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics {
    /// Numbers about the whole.
    pub whole: Vec<Metric>,
    /// Money and coverage, by kind (`province`, `site`, `region`, `sector`).
    pub by: BTreeMap<&'static str, Vec<Coverage>>,
    /// Who builds what, where sectors have industries.
    pub industries: Option<Industries>,
    /// Who is placed where, where there are secondees or posts.
    pub staffing: Option<Staffing>,
}

/// A number as it is measured, before it has a name.
pub type Measured = Option<f64>;

fn metric(id: &str, zh: &str, en: &str, unit: Unit, value: Measured) -> Metric {
    Metric { id: id.to_owned(), title: Text { zh: zh.to_owned(), en: en.to_owned() }, unit, value }
}

fn share(part: f64, whole: f64) -> Measured {
    (whole > 0.0).then(|| part / whole)
}

impl Metrics {
    /// Measures a plan. Lines below `ticket` are thin.
    pub fn of(scenario: &Scenario, plan: &Plan, ticket: Option<Money>) -> Self {
        let tickets: Vec<Money> = plan.lines().iter().map(crate::domain::PlanLine::total).collect();
        let total = plan.total();
        let links: BTreeSet<_> = plan.lines().iter().map(|line| (line.province, line.site)).collect();
        let by_site = plan.group_by(|line| line.site);
        let sites: Vec<f64> = by_site.values().map(|money| money.as_f64()).collect();
        let thin = ticket.map(|ticket| tickets.iter().filter(|t| **t < ticket).sum::<Money>().as_f64());
        // Herfindahl-Hirschman index: the sum of squared shares; its inverse is the number of equal sites
        // that would be as concentrated.
        let hhi = share(sites.iter().map(|money| money * money).sum(), total.as_f64() * total.as_f64());
        let covered = covered(scenario, plan);
        let need: Money = scenario.needs.iter().map(|n| n.amount).sum();
        let covered_sum: Micro = covered.iter().copied().sum();
        let budget = scenario.budget_sum();
        let count = |number: usize| Some(number as f64);
        let mut whole = vec![
            metric("money", "资金总额", "Money allocated", Unit::Money, Some(total.as_f64())),
            metric(
                "budget_use",
                "财力使用率",
                "Share of capacity allocated",
                Unit::Share,
                share(total.as_f64(), budget.as_f64()),
            ),
            metric(
                "coverage",
                "需求满足率",
                "Share of need covered",
                Unit::Share,
                share(covered_sum.as_f64(), need.as_f64()),
            ),
            metric("lines", "资金线数", "Funded lines", Unit::Count, count(tickets.len())),
            metric("links", "结对关系数", "Active links", Unit::Count, count(links.len())),
            metric(
                "mean_ticket",
                "平均单线金额",
                "Mean ticket",
                Unit::Money,
                share(total.as_f64(), tickets.len() as f64),
            ),
            metric("median_ticket", "单线金额中位数", "Median ticket", Unit::Money, median(&tickets)),
            metric(
                "thinness",
                "低于起点金额的资金占比",
                "Share of money in lines below the ticket",
                Unit::Share,
                thin.and_then(|thin| share(thin, total.as_f64())),
            ),
            metric("hhi", "受援地集中度指数", "Herfindahl-Hirschman index of sites", Unit::Ratio, hhi),
            metric(
                "effective_sites",
                "有效受援地数",
                "Effective number of sites (1/HHI)",
                Unit::Ratio,
                hhi.map(|hhi| 1.0 / hhi),
            ),
            metric(
                "top_share",
                "前五受援地资金占比",
                "Share of the five largest sites",
                Unit::Share,
                share(top(&sites), total.as_f64()),
            ),
            metric(
                "gini_per_capita",
                "人均资金基尼系数",
                "Gini coefficient of money a person",
                Unit::Ratio,
                gini(scenario, &by_site),
            ),
        ];
        let industries = Industries::of(scenario, plan);
        whole.extend(industries.iter().flat_map(|industries| of_industry(scenario, plan, industries)));
        let staffing = Staffing::of(scenario, plan);
        whole.extend(staffing.iter().flat_map(|staffing| of_talent(scenario, staffing)));
        Self { whole, by: breakdown(scenario, plan, &covered), industries, staffing }
    }

    /// The same without people: the last plan's are not known by group, so nothing can be measured of them.
    #[must_use]
    pub fn of_money(mut self) -> Self {
        if self.staffing.take().is_some() {
            self.whole.retain(|metric| !TALENT.contains(&metric.id.as_str()));
        }
        self
    }

    /// A number about the whole, by id.
    pub fn get(&self, id: &str) -> Measured {
        self.whole.iter().find(|metric| metric.id == id).and_then(|metric| metric.value)
    }
}

/// Numbers about industry; those about neighbours and enclaves only where the scenario has some.
fn of_industry(scenario: &Scenario, plan: &Plan, industries: &Industries) -> Vec<Metric> {
    let mut list = vec![metric(
        "industry_money",
        "产业资金",
        "Money of industry",
        Unit::Money,
        Some(industries.money().as_f64()),
    )];
    if scenario.neighbours.source != NeighbourSource::None {
        list.push(metric(
            "duplication",
            "相邻受援地产业重复指数",
            "Duplication of industry among neighbours",
            Unit::Ratio,
            industries.duplication(scenario),
        ));
    }
    if !scenario.parks.is_empty() {
        list.push(metric(
            "park_share",
            "产业资金入园比例",
            "Share of industry in parks",
            Unit::Share,
            industries.park_share(),
        ));
    }
    if scenario.parks.iter().any(|park| !park.benefits.is_empty()) {
        list.push(metric(
            "benefit_coverage",
            "飞地收益分享后的需求满足率",
            "Share of need covered, benefits of enclaves shared out",
            Unit::Share,
            benefit_coverage(scenario, plan),
        ));
    }
    list
}

/// Ids of the numbers about people and posts.
const TALENT: [&str; 4] = ["people", "posts_filled", "vacancy", "fit"];

/// Numbers about people and posts.
fn of_talent(scenario: &Scenario, staffing: &Staffing) -> [Metric; 4] {
    let (people, filled) = (staffing.people() as f64, staffing.all_filled().as_f64());
    [
        metric(TALENT[0], "选派人数", "Persons placed", Unit::Count, Some(people)),
        metric(TALENT[1], "到位岗位数（折合全职）", "Full-time posts filled", Unit::Posts, Some(filled)),
        metric(TALENT[2], "岗位空缺率", "Share of posts vacant", Unit::Share, staffing.vacancy(scenario)),
        metric(TALENT[3], "人岗匹配度", "Mean fit of filled posts", Unit::Share, staffing.mean_fit()),
    ]
}

/// Need covered, each need up to its amount, in millionths of a unit.
fn covered(scenario: &Scenario, plan: &Plan) -> Vec<Micro> {
    plan.covered(scenario)
        .into_iter()
        .zip(&scenario.needs)
        .map(|(covered, need)| covered.min(need.amount.micro()))
        .collect()
}

fn median(amounts: &[Money]) -> Measured {
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        even if even % 2 == 0 => Some(f64::midpoint(sorted[middle - 1].as_f64(), sorted[middle].as_f64())),
        _ => Some(sorted[middle].as_f64()),
    }
}

fn top(amounts: &[f64]) -> f64 {
    let mut sorted = amounts.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.iter().take(TOP).sum()
}

/// Gini coefficient of money a person over people: 0 when everybody gets the same. Sites without a
/// population are left out; the area under the Lorenz curve is summed by trapezoids (Gini, 1912).
fn gini(scenario: &Scenario, by_site: &BTreeMap<crate::domain::SiteId, Money>) -> Measured {
    let mut sites: Vec<(f64, f64)> = scenario
        .sites
        .iter()
        .enumerate()
        .filter_map(|(s, site)| {
            let people = site.population.filter(|people| *people > 0)?;
            let money = by_site.get(&crate::domain::SiteId(s)).copied().unwrap_or_default();
            Some((people as f64, money.as_f64()))
        })
        .collect();
    sites.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let people: f64 = sites.iter().map(|(people, _)| people).sum();
    let money: f64 = sites.iter().map(|(_, money)| money).sum();
    if money <= 0.0 {
        return None;
    }
    let (mut so_far, mut area) = (0.0, 0.0);
    for (persons, amount) in sites {
        area += persons / people * (2.0 * so_far + amount) / money / 2.0;
        so_far += amount;
    }
    Some(1.0 - 2.0 * area)
}

fn breakdown(scenario: &Scenario, plan: &Plan, covered: &[Micro]) -> BTreeMap<&'static str, Vec<Coverage>> {
    let needs = || scenario.needs.iter().zip(covered);
    let site_region = |site: crate::domain::SiteId| scenario.sites[site.0].region.0;
    let by_place = |count: usize,
                    id: &dyn Fn(usize) -> String,
                    of_need: &dyn Fn(&crate::domain::Need) -> usize,
                    of_line: &dyn Fn(&crate::domain::PlanLine) -> usize| {
        let mut rows = vec![(Money::ZERO, Money::ZERO, Micro::ZERO); count];
        for (need, covered) in needs() {
            let row = &mut rows[of_need(need)];
            row.1 += need.amount;
            row.2 += *covered;
        }
        for line in plan.lines() {
            rows[of_line(line)].0 += line.total();
        }
        let coverage = |(position, (money, need, covered)): (usize, (Money, Money, Micro))| Coverage {
            id: id(position),
            money: money.0,
            need: need.0,
            coverage: share(covered.as_f64(), need.as_f64()),
        };
        rows.into_iter().enumerate().map(coverage).collect::<Vec<_>>()
    };
    let site =
        by_place(scenario.sites.len(), &|s| scenario.sites[s].id.clone(), &|n| n.site.0, &|l| l.site.0);
    let region = by_place(
        scenario.regions.len(),
        &|r| scenario.regions[r].id.clone(),
        &|n| site_region(n.site),
        &|l| site_region(l.site),
    );
    let sector =
        by_place(scenario.sectors.len(), &|k| scenario.sectors[k].id.clone(), &|n| n.sector.0, &|l| {
            l.sector.0
        });
    let given = plan.group_by(|line| line.province);
    let mut fundable = vec![Money::ZERO; scenario.provinces.len()];
    for line in &scenario.lines {
        fundable[line.province.0] += scenario.needs[line.need.0].amount;
    }
    let province = scenario
        .provinces
        .iter()
        .enumerate()
        .map(|(p, province)| Coverage {
            id: province.id.clone(),
            money: given.get(&crate::domain::ProvinceId(p)).copied().unwrap_or_default().0,
            need: fundable[p].0,
            coverage: None,
        })
        .collect();
    BTreeMap::from([("province", province), ("site", site), ("region", region), ("sector", sector)])
}
