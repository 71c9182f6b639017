//! Our own words for how good a plan is known to be. A status never claims more than was shown: the
//! value is that of the written plan in whole units, the bound is what the solver showed before rounding.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StageValue;
use crate::model::Sense;
use crate::solve::Stop;
use crate::units::Micro;

/// How good a plan is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every stage is within the gap that was asked of it.
    Optimal,
    /// A plan that keeps every hard rule, with at least one stage further from its bound than asked.
    Feasible,
    /// Hard rules fail.
    Broken,
}

/// A stage, judged by the written plan.
#[derive(Debug, Clone, PartialEq)]
pub struct StageStatus {
    /// Kind of objective.
    pub kind: String,
    /// Largest or smallest.
    pub sense: Sense,
    /// Exact value of the written plan.
    pub value: f64,
    /// No plan that keeps what earlier stages reached is better; `None` where nothing was shown.
    pub bound: Option<f64>,
    /// Distance of value and bound, relative to the value.
    pub gap: Option<f64>,
    /// Gap that was asked of it.
    pub asked_gap: f64,
    /// Share of its value that it leaves to later stages.
    pub tolerance: f64,
    /// Why it stopped.
    pub stop: Stop,
    /// How long it took.
    pub seconds: f64,
}

impl StageStatus {
    /// Whether it is as near to its bound as was asked, what it left to later stages taken into account.
    pub fn is_closed(&self) -> bool {
        self.gap.is_some_and(|gap| gap <= self.asked_gap + self.tolerance + 1e-9)
    }
}

/// Judges a plan: the exact values of its stages against their bounds. `reference` is the size below
/// which an amount of money (not a count) counts as nothing, so that a few units off an optimum of zero are not an infinite gap.
/// The tie-break is not judged: it only chooses among equals.
pub fn judge(
    stages: &[StageValue],
    values: &[Micro],
    breaks: bool,
    reference: f64,
) -> (Status, Vec<StageStatus>) {
    let judged: Vec<StageStatus> = stages
        .iter()
        .zip(values)
        .filter(|(stage, _)| stage.kind != "tie_break")
        .map(|(stage, value)| {
            let value = value.as_f64();
            let reference = if stage.in_money { reference } else { 0.0 };
            let gap = stage.bound.map(|bound| relative_gap(stage.sense, value, bound, reference));
            StageStatus {
                kind: stage.kind.clone(),
                sense: stage.sense,
                value,
                bound: stage.bound,
                gap,
                asked_gap: stage.asked_gap,
                tolerance: stage.tolerance,
                stop: stage.stop,
                seconds: stage.seconds,
            }
        })
        .collect();
    let status = if breaks {
        Status::Broken
    } else if judged.iter().all(StageStatus::is_closed) {
        Status::Optimal
    } else {
        Status::Feasible
    };
    (status, judged)
}

/// Relative gap between a value and a bound; a value beyond its bound (by rounding) has none.
fn relative_gap(sense: Sense, value: f64, bound: f64, reference: f64) -> f64 {
    let behind = match sense {
        Sense::Maximise => bound - value,
        Sense::Minimise => value - bound,
    };
    behind.max(0.0) / value.abs().max(reference).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(value: f64, bound: Option<f64>, tolerance: f64) -> StageValue {
        StageValue {
            kind: "coverage".to_owned(),
            sense: Sense::Maximise,
            in_money: true,
            value,
            bound,
            asked_gap: 0.01,
            tolerance,
            stop: Stop::Finished,
            seconds: 0.0,
            cases: Vec::new(),
        }
    }

    #[test]
    fn a_status_claims_only_what_was_shown() {
        let status =
            |bound, tolerance| judge(&[stage(100.0, bound, tolerance)], &[Micro::whole(100)], false, 1.0).0;
        assert_eq!(status(Some(101.0), 0.0), Status::Optimal);
        assert_eq!(status(Some(102.0), 0.0), Status::Feasible);
        assert_eq!(status(Some(102.0), 0.02), Status::Optimal, "the tolerance was the policy's own choice");
        assert_eq!(status(None, 0.0), Status::Feasible, "no bound, no claim");
        let broken = judge(&[stage(100.0, Some(100.0), 0.0)], &[Micro::whole(100)], true, 1.0).0;
        assert_eq!(broken, Status::Broken);
    }

    #[test]
    fn a_count_has_no_size_below_which_it_is_nothing() {
        let lines = StageValue { sense: Sense::Minimise, in_money: false, ..stage(114.0, Some(77.0), 0.0) };
        let (status, stages) = judge(&[lines], &[Micro::whole(114)], false, 7000.0);
        assert_eq!(status, Status::Feasible);
        assert!(stages[0].gap.is_some_and(|gap| gap > 0.3));
    }

    #[test]
    fn the_written_plan_counts_not_the_solver() {
        let (status, stages) = judge(&[stage(100.0, Some(100.0), 0.0)], &[Micro::whole(90)], false, 1.0);
        assert_eq!(status, Status::Feasible);
        assert!(stages[0].gap.is_some_and(|gap| gap > 0.1));
    }
}
