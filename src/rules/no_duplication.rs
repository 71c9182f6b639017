//! Neighbours do not all build the same (同质化): in a cluster `Q` of neighbouring sites at most so many
//! build an industry `i`, `Σ_(s∈Q) u[s,i] ≤ n[i]`, where `y[p,s,k] ≤ u[s,i]` for every sector `k` of `i`.
//!
//! A cluster is a maximal clique of the neighbour graph, so its row is as tight as rows over pairs can be
//! made (for `n = 1` it is a facet of the stable set polytope: Padberg, 1973). Where only one line can build
//! the industry at a site, `u` is that line's `y`. Where several lines can fund a need, each could be open in
//! part; so `u` is a gate of all its money, too.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::clusters::{self, Candidates, candidates, key_of, number_of, scope};
use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{
    Finding, IndustryId, IndustryLevel, LineId, NeedId, Plan, PlanLine, Relation, Scenario, Selection, SiteId,
};
use crate::model::{Bound, Builder, ColumnId, ColumnKind, Subject, Terms};

pub(super) const PURPOSE: &str = "Of sites that are all neighbours, at most so many build the same industry.";

/// Parameters of `no_duplication`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoDuplication {
    /// The most sites of a cluster that build an industry.
    #[serde(default = "one")]
    number: u32,
    /// Another number for some industries; a section's is for each of its divisions.
    #[serde(default)]
    by_industry: BTreeMap<String, u32>,
    /// How finely industries are told apart.
    #[serde(default)]
    level: IndustryLevel,
    /// Which lines count.
    #[serde(default)]
    select: Selection,
}

fn one() -> u32 {
    1
}

impl NoDuplication {
    fn most(&self, scenario: &Scenario, industry: IndustryId) -> usize {
        number_of(scenario, &self.by_industry, industry, self.number) as usize
    }

    fn candidates(&self, scenario: &Scenario) -> Candidates {
        candidates(scenario, &self.select.mask(scenario), self.level)
    }
}

/// Whether the industry is built at a site.
fn built(builder: &mut Builder<'_>, industry: IndustryId, site: SiteId, lines: &[LineId]) -> ColumnId {
    if let [line] = lines {
        return builder.open(*line);
    }
    let scenario = builder.scenario();
    let subject = Subject::Scope(scope(scenario, industry, &[site]));
    let built = builder.column("industry", subject, ColumnKind::Binary, 0.0, 1.0);
    for &line in lines {
        let pair = vec![(builder.open(line), 1.0), (built, -1.0)];
        builder.define("industry", Subject::Line(line), "", pair, Bound::AtMost(0.0));
    }
    // Several lines of one need can each be open in part; all of its money is tighter.
    let of: BTreeSet<NeedId> = lines.iter().map(|line| scenario.lines[line.0].need).collect();
    for need in of {
        let all = &scenario.needs[need.0].lines;
        if all.len() > 1 && all.iter().all(|line| lines.contains(line)) {
            builder.gate(need, built, "industry");
        }
    }
    built
}

impl Rule for NoDuplication {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        let candidates = self.candidates(scenario);
        if !clusters::check(scenario, &self.select, &self.by_industry, &candidates, notes) {
            return;
        }
        let could_be_more = |cluster: &Vec<SiteId>| {
            candidates.iter().any(|(industry, sites)| {
                let could = cluster.iter().filter(|site| sites.contains_key(site)).count();
                could > self.most(scenario, *industry)
            })
        };
        if !scenario.neighbours.clusters.iter().any(could_be_more) {
            notes.push(
                Code::ThresholdHasNoEffect,
                "in no cluster of neighbours could more sites build the same industry than may",
                "lower number, or take the rule out",
            );
        }
    }

    fn dials(&self, scenario: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        match key_of(scenario, ids, &self.by_industry) {
            Some(industry) => vec![Dial::more_of(&["by_industry", industry])],
            None => vec![Dial::more_of(&["number"])],
        }
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for (industry, sites) in self.candidates(scenario) {
            let most = self.most(scenario, industry);
            let mut columns: BTreeMap<SiteId, ColumnId> = BTreeMap::new();
            for cluster in &scenario.neighbours.clusters {
                let could: Vec<_> = cluster.iter().filter_map(|site| sites.get_key_value(site)).collect();
                if could.len() <= most {
                    continue;
                }
                let terms = could.into_iter().map(|(site, lines)| {
                    let column =
                        columns.entry(*site).or_insert_with(|| built(builder, industry, *site, lines));
                    (*column, 1.0)
                });
                let terms: Terms = terms.collect();
                let subject = Subject::Scope(scope(scenario, industry, cluster));
                builder.require(subject, "", terms, Bound::AtMost(most as f64));
            }
        }
    }

    /// Looks at every cluster and industry that the plan builds there, and names the lines that build it where
    /// they are too many.
    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let built = clusters::built(scenario, plan, &self.select.mask(scenario), self.level);
        let finding = |(industry, scope, lines): (IndustryId, Vec<String>, Vec<&PlanLine>)| {
            let sites: BTreeSet<SiteId> = lines.iter().map(|line| line.site).collect();
            Finding::count(scope, sites.len(), Relation::AtMost, self.most(scenario, industry))
                .on_lines(&lines)
        };
        built.into_iter().map(finding).collect()
    }
}
