//! Key points first (突出重点): the chosen focus sites get at least a share of the money.
//!
//! With `f[s]` choosing focus sites and `g[s]` the money that counts as focus money:
//!
//! ```text
//! Σ f ≤ n     g[s] ≤ Σ X[·,s,·]     g[s] ≤ U[s]·f[s]     Σ g ≥ α · Σ X
//! ```
//!
//! The check needs no `f`: the best choice is the fixed sites and then the sites with most money.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "The chosen focus sites get at least a share of the money.";

/// Parameters of `focus_share`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FocusShare {
    /// The most focus sites, those of `fixed_in` among them.
    number: u32,
    /// Least share of the money for the focus sites.
    share: Ratio,
    /// Sites that are focus sites in any case.
    #[serde(default)]
    fixed_in: Vec<String>,
    /// Sites that may not be focus sites.
    #[serde(default)]
    fixed_out: Vec<String>,
    /// Which money counts, and which sites may be chosen.
    #[serde(default)]
    select: Selection,
}

impl FocusShare {
    /// The sites that are focus sites in any case, whether or not they can get money.
    fn fixed(&self, scenario: &Scenario) -> BTreeSet<SiteId> {
        let ids = self.fixed_in.iter().filter(|id| !self.fixed_out.contains(id));
        ids.filter_map(|id| scenario.site(id)).collect()
    }
}

impl Rule for FocusShare {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        for id in self.fixed_in.iter().chain(&self.fixed_out).filter(|id| scenario.site(id).is_none()) {
            notes.push(
                Code::UnknownSelection,
                format!("the scenario has no site '{id}'"),
                "use an id of the table sites",
            );
        }
        if self.share > Ratio::ONE {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("share = {} is more than the whole", self.share),
                "use a share between 0 and 1",
            );
        }
        let fixed = self.fixed(scenario).len();
        if fixed > self.number as usize {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("fixed_in names {fixed} sites where {} may be focus sites", self.number),
                "raise number, or name fewer sites",
            );
        }
        for id in self.fixed_in.iter().filter(|id| self.fixed_out.contains(id)) {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("'{id}' stands in fixed_in and in fixed_out"),
                "take it out of one of them",
            );
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["share"]), Dial::more_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let partition = self.select.partition(scenario, Per::Site);
        let (mut number, mut share) = (Vec::new(), Vec::new());
        // A fixed site that can get no money here takes a place all the same.
        let mut idle = self.fixed(scenario);
        for (scope, lines) in partition.scopes().iter().zip(partition.lines(scenario)) {
            let Some(site) = scenario.site(&scope[0]) else { continue };
            share.extend(lines.iter().map(|&line| (builder.total(line), -self.share.as_f64())));
            if self.fixed_out.contains(&scope[0]) || lines.is_empty() {
                continue;
            }
            let most = builder.site_cap(&lines);
            let least = if idle.remove(&site) { 1.0 } else { 0.0 };
            let focus = builder.column("focus", Subject::Site(site), ColumnKind::Binary, least, 1.0);
            let money =
                builder.column("focus_money", Subject::Site(site), ColumnKind::DerivedMoney, 0.0, most);
            let mut counted: Vec<_> = lines.iter().map(|&line| (builder.total(line), -1.0)).collect();
            counted.push((money, 1.0));
            builder.define("focus_money", Subject::Site(site), "paid", counted, Bound::AtMost(0.0));
            let chosen = vec![(money, 1.0), (focus, -most)];
            builder.define("focus_money", Subject::Site(site), "chosen", chosen, Bound::AtMost(0.0));
            number.push((focus, 1.0));
            share.push((money, 1.0));
        }
        let places = f64::from(self.number) - idle.len() as f64;
        builder.define("focus", Subject::All, "number", number, Bound::AtMost(places));
        builder.require(Subject::All, "share", share, Bound::AtLeast(0.0));
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mask = self.select.mask(scenario);
        let mut money = vec![Money::ZERO; scenario.sites.len()];
        for line in plan.lines().iter().filter(|line| mask.admits_plan_line(line)) {
            money[line.site.0] += line.total();
        }
        let id = |site: &SiteId| &scenario.sites[site.0].id;
        let fixed = self.fixed(scenario);
        let mut others: Vec<SiteId> = (0..scenario.sites.len())
            .map(SiteId)
            .filter(|site| !fixed.contains(site) && !self.fixed_out.contains(id(site)))
            .collect();
        others.sort_by_key(|site| (std::cmp::Reverse(money[site.0]), *site));
        others.truncate((self.number as usize).saturating_sub(fixed.len()));
        let part = fixed.iter().chain(&others).map(|site| money[site.0]).sum();
        let whole = money.iter().sum();
        vec![Finding::share(Vec::new(), part, whole, Relation::AtLeast, self.share)]
    }
}
