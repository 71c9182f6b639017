//! No few may take nearly all: the `n` largest get at most a share of the money.
//!
//! The sum of the `n` largest is convex, so no binaries are needed (Ogryczak and Tamir, 2003, "Minimizing
//! the sum of the k largest functions in linear time"):
//!
//! ```text
//! n·τ + Σ d[s] ≤ α · Σ X     d[s] ≥ Σ X[·,s,·] − τ     d[s] ≥ 0     τ ≥ 0
//! ```

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Per, Plan, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::Ratio;

pub(super) const PURPOSE: &str = "The largest few get at most a share of the money.";

/// Parameters of `dominance_cap`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DominanceCap {
    /// How many of the largest.
    number: u32,
    /// Their largest share of the money.
    share: Ratio,
    /// The largest what: `site` (the default), `region`, `province`, `level` or `sector`.
    #[serde(default = "site")]
    of: Per,
    /// Which money counts.
    #[serde(default)]
    select: Selection,
}

fn site() -> Per {
    Per::Site
}

impl Rule for DominanceCap {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        let parts = self.select.partition(scenario, self.of).lines(scenario);
        let members = parts.iter().filter(|lines| !lines.is_empty()).count();
        let number = self.number as usize;
        if members == 0 {
            notes.push(
                Code::NothingToCount,
                "the rule selects no candidate line",
                "widen select, or take the rule out",
            );
        } else if number >= members && self.share < Ratio::ONE {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("the largest {number} of {members} always get everything"),
                "lower number, or take the rule out",
            );
        } else if i64::from(self.number) * 1_000_000
            > self.share.micros() * i64::try_from(members).unwrap_or(1)
        {
            notes.push(
                Code::ThresholdOutOfReach,
                format!(
                    "the largest {number} of {members} get at least {number}/{members}, more than {}",
                    self.share
                ),
                "raise share, or lower number",
            );
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_up_to_one(&["share"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let partition = self.select.partition(scenario, self.of);
        let most = f64::INFINITY;
        let tau = builder.column("threshold", Subject::All, ColumnKind::DerivedMoney, 0.0, most);
        let mut share = vec![(tau, f64::from(self.number))];
        for (scope, lines) in partition.scopes().iter().zip(partition.lines(scenario)) {
            let subject = Subject::Scope(scope.clone());
            let above = builder.column("above", subject.clone(), ColumnKind::DerivedMoney, 0.0, most);
            let mut terms = vec![(above, 1.0), (tau, 1.0)];
            terms.extend(lines.iter().map(|&line| (builder.total(line), -1.0)));
            builder.define("above", subject, "", terms, Bound::AtLeast(0.0));
            share.push((above, 1.0));
            share.extend(lines.iter().map(|&line| (builder.total(line), -self.share.as_f64())));
        }
        builder.require(Subject::All, "share", share, Bound::AtMost(0.0));
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mut money = self.select.partition(scenario, self.of).money(plan);
        let whole = money.iter().sum();
        money.sort_unstable_by(|a, b| b.cmp(a));
        let part = money.iter().take(self.number as usize).sum();
        vec![Finding::share(Vec::new(), part, whole, Relation::AtMost, self.share)]
    }
}
