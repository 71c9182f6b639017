//! Least change from the last plan: `min Σ |X[p,s,k] − x⁰[p,s,k]|`, written with `X − x⁰ = u − d`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::domain::LineId;
use crate::model::{Bound, Builder, ColumnKind, Sense, Subject, Terms};
use crate::units::{Micro, Money};

pub(super) const PURPOSE: &str = "Least total change from the last plan (the table commitments).";

/// Parameters of `change`: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {}

/// Adds `|money − target|` of a column as two columns, and returns their sum.
pub(super) fn deviation(
    builder: &mut Builder<'_>,
    what: &'static str,
    subject: &Subject,
    money: crate::model::ColumnId,
    target: f64,
) -> Terms {
    if target == 0.0 {
        return vec![(money, 1.0)];
    }
    let side = |builder: &mut Builder<'_>, side| {
        builder.column(side, subject.clone(), ColumnKind::DerivedMoney, 0.0, f64::INFINITY)
    };
    let (above, below) = (side(builder, "above_target"), side(builder, "below_target"));
    let terms = vec![(money, 1.0), (above, -1.0), (below, 1.0)];
    builder.define(what, subject.clone(), "", terms, Bound::Exactly(target));
    vec![(above, 1.0), (below, 1.0)]
}

impl Objective for Change {
    fn sense(&self) -> Sense {
        Sense::Minimise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let last = context.scenario.committed_totals();
        let mut objective = Vec::new();
        for (line, before) in last.into_iter().enumerate() {
            let money = builder.total(LineId(line));
            objective.extend(deviation(
                builder,
                "last_plan",
                &Subject::Line(LineId(line)),
                money,
                before.as_f64(),
            ));
        }
        objective
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let scenario = context.scenario;
        let mut last: BTreeMap<_, Money> = BTreeMap::new();
        for commitment in &scenario.commitments {
            let line = &scenario.lines[commitment.line.0];
            *last.entry((line.province, line.site, line.sector)).or_default() += commitment.amount;
        }
        let mut moved = 0_i64;
        for line in assessment.plan.lines() {
            let before = last.remove(&(line.province, line.site, line.sector)).unwrap_or_default();
            moved += (line.total() - before).0.abs();
        }
        moved += last.values().map(|amount| amount.0).sum::<i64>();
        Micro::whole(moved)
    }
}
