//! Nothing below critical mass: an industry `i` that is built in a cluster `Q` of neighbouring sites gets at
//! least a minimum of money there, or none: `Σ_(s∈Q) X[s,i] ≥ m[i] · o[Q,i]`, where `y[p,s,k] ≤ o[Q,i]`.
//!
//! A cluster is a maximal set of sites that are all neighbours; a site without neighbours is one by itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::clusters::{self, Candidates, candidates, key_of, number_of, scope};
use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{
    Finding, IndustryId, IndustryLevel, LineId, Plan, PlanLine, Relation, Scenario, Selection,
};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str =
    "An industry that is built in a cluster of neighbours gets a minimum of money there, or none.";

/// Parameters of `cluster_minimum`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterMinimum {
    /// The least money of an industry in a cluster over the horizon, counted as the tables count amounts.
    amount: Ratio,
    /// Another amount for some industries; a section's is for each of its divisions.
    #[serde(default)]
    by_industry: BTreeMap<String, Ratio>,
    /// How finely industries are told apart.
    #[serde(default)]
    level: IndustryLevel,
    /// Which lines count.
    #[serde(default)]
    select: Selection,
}

impl ClusterMinimum {
    fn least(&self, scenario: &Scenario, industry: IndustryId) -> Money {
        scenario.money.at_least(number_of(scenario, &self.by_industry, industry, self.amount))
    }

    fn candidates(&self, scenario: &Scenario) -> Candidates {
        candidates(scenario, &self.select.mask(scenario), self.level)
    }
}

impl Rule for ClusterMinimum {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        clusters::check(scenario, &self.select, &self.by_industry, &self.candidates(scenario), notes);
        for (label, amount) in std::iter::once(("amount", &self.amount))
            .chain(self.by_industry.iter().map(|(id, amount)| (id.as_str(), amount)))
        {
            if scenario.money.at_least(*amount) > scenario.budget_sum() {
                notes.push(
                    Code::ThresholdOutOfReach,
                    format!("all capacity together does not reach {label} = {amount}"),
                    "lower it, or exclude the industry",
                );
            }
        }
    }

    fn dials(&self, scenario: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        match key_of(scenario, ids, &self.by_industry) {
            Some(industry) => vec![Dial::less(&["by_industry", industry])],
            None => vec![Dial::less(&["amount"])],
        }
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for (industry, sites) in self.candidates(scenario) {
            let least = self.least(scenario, industry).as_f64();
            for cluster in &scenario.neighbours.clusters {
                let lines: Vec<LineId> =
                    cluster.iter().filter_map(|site| sites.get(site)).flatten().copied().collect();
                if lines.is_empty() {
                    continue;
                }
                let subject = Subject::Scope(scope(scenario, industry, cluster));
                let built = if let [line] = lines[..] {
                    builder.open(line)
                } else {
                    let built = builder.column("cluster", subject.clone(), ColumnKind::Binary, 0.0, 1.0);
                    for &line in &lines {
                        let pair = vec![(builder.open(line), 1.0), (built, -1.0)];
                        // A line can be in several clusters.
                        let ids = [scope(scenario, industry, cluster), Subject::Line(line).ids(scenario)];
                        let subject = Subject::Scope(ids.concat());
                        builder.define("cluster", subject, "", pair, Bound::AtMost(0.0));
                    }
                    built
                };
                let mut terms: Vec<_> = lines.iter().map(|&line| (builder.total(line), 1.0)).collect();
                terms.push((built, -least));
                builder.require(subject, "", terms, Bound::AtLeast(0.0));
            }
        }
    }

    /// Looks at every cluster and industry that the plan builds there, and names its lines where they get too
    /// little.
    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let built = clusters::built(scenario, plan, &self.select.mask(scenario), self.level);
        let finding = |(industry, scope, lines): (IndustryId, Vec<String>, Vec<&PlanLine>)| {
            let money = lines.iter().map(|line| line.total()).sum();
            let least = self.least(scenario, industry);
            Finding::money(scope, money, Relation::AtLeast, least).on_lines(&lines)
        };
        built.into_iter().map(finding).collect()
    }
}
