//! A site works on few sectors at a time: `Σₖ h[s,k] ≤ n`, where `y[p,s,k] ≤ h[s,k]`.
//!
//! Where only one line can fund a sector at a site, `h` is that line's `y`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::domain::{Finding, LineId, NeedId, Per, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, ColumnKind, Subject};

pub(super) const PURPOSE: &str = "A site is funded in at most so many sectors.";

/// Parameters of `maximum_sectors_per_site`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumSectorsPerSite {
    /// The most sectors.
    number: u32,
    /// Which sites (by `sites`, `site_groups`, `regions` and `levels`) and which sectors count.
    #[serde(default)]
    select: Selection,
}

impl Rule for MaximumSectorsPerSite {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_of(&["number"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let partition = self.select.partition(scenario, Per::Site);
        let mut needs = vec![Vec::new(); scenario.sites.len()];
        for (position, need) in scenario.needs.iter().enumerate() {
            let admitted = |line: &&LineId| {
                let line = &scenario.lines[line.0];
                partition.part(line.province, line.site, line.sector).is_some()
            };
            let lines: Vec<LineId> = need.lines.iter().filter(admitted).copied().collect();
            if !lines.is_empty() {
                needs[need.site.0].push((NeedId(position), lines));
            }
        }
        for (s, needs) in needs.into_iter().enumerate() {
            if needs.len() <= self.number as usize {
                continue;
            }
            let mut terms = Vec::with_capacity(needs.len());
            for (need, lines) in needs {
                if let [line] = lines[..] {
                    terms.push((builder.open(line), 1.0));
                    continue;
                }
                let worked = builder.column("sector", Subject::Need(need), ColumnKind::Binary, 0.0, 1.0);
                for line in lines {
                    let pair = vec![(builder.open(line), 1.0), (worked, -1.0)];
                    builder.define("sector", Subject::Line(line), "", pair, Bound::AtMost(0.0));
                }
                terms.push((worked, 1.0));
            }
            builder.require(Subject::Site(SiteId(s)), "", terms, Bound::AtMost(f64::from(self.number)));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let partition = self.select.partition(scenario, Per::Site);
        let mut sectors = vec![BTreeSet::new(); partition.scopes().len()];
        for line in plan.lines() {
            if let Some(part) = partition.part(line.province, line.site, line.sector) {
                sectors[part].insert(line.sector);
            }
        }
        let scopes = partition.scopes().iter().cloned();
        scopes
            .zip(sectors)
            .map(|(scope, sectors)| {
                Finding::count(scope, sectors.len(), Relation::AtMost, self.number as usize)
            })
            .collect()
    }
}
