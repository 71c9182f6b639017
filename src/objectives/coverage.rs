//! Most weighted need covered, with falling marginal value.
//!
//! A need `n` is cut into segments `q` of width `h_q·n` and value `g_q` a unit. With `v[s,k,q]` the need
//! covered in a segment:
//!
//! ```text
//! max Σ w[s,k] · g_q · v[s,k,q]     Σ_q v[s,k,q] ≤ Σₚ e[p,s] · X[p,s,k]     0 ≤ v[s,k,q] ≤ h_q · n[s,k]
//! ```
//!
//! The values fall, so the segments fill in order without binaries.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Assessment, Context, Objective};
use crate::domain::NeedId;
use crate::model::{Bound, Builder, ColumnKind, Sense, Subject, Terms};
use crate::units::{MICRO, Micro, Ratio};

pub(super) const PURPOSE: &str = "Most weighted need covered, the first part of each need counting most.";

/// A part of each need and what covering it is worth.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Segment {
    /// Share of the need.
    width: Ratio,
    /// Value of a covered unit.
    value: Ratio,
}

/// Parameters of `coverage`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Segments")]
pub struct Coverage {
    segments: Vec<Segment>,
}

/// Parameters of `coverage`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Segments {
    /// Parts of each need in order: widths add up to at most 1, values do not rise.
    #[serde(default = "three_steps")]
    segments: Vec<Segment>,
}

fn three_steps() -> Vec<Segment> {
    let segment =
        |width, value| Segment { width: Ratio::from_micros(width), value: Ratio::from_micros(value) };
    vec![segment(400_000, 1_000_000), segment(350_000, 600_000), segment(250_000, 250_000)]
}

impl TryFrom<Segments> for Coverage {
    type Error = String;

    fn try_from(Segments { segments }: Segments) -> Result<Self, String> {
        let width: i64 = segments.iter().map(|s| s.width.micros()).sum();
        if segments.is_empty() || segments.iter().any(|s| s.width <= Ratio::ZERO || s.value < Ratio::ZERO) {
            return Err("segments must have positive widths and values of at least 0".to_owned());
        }
        if width > MICRO {
            return Err(format!(
                "the widths of segments add up to {}, more than 1",
                Ratio::from_micros(width)
            ));
        }
        if segments.windows(2).any(|pair| pair[0].value < pair[1].value) {
            return Err("the values of segments must not rise (marginal value falls)".to_owned());
        }
        Ok(Self { segments })
    }
}

impl Objective for Coverage {
    fn sense(&self) -> Sense {
        Sense::Maximise
    }

    fn build(&self, context: Context<'_>, builder: &mut Builder<'_>) -> Terms {
        let scenario = builder.scenario();
        let mut objective = Vec::with_capacity(scenario.needs.len() * self.segments.len());
        for (position, need) in scenario.needs.iter().enumerate() {
            if need.lines.is_empty() || need.amount.0 == 0 {
                continue;
            }
            let id = NeedId(position);
            let mut terms = Vec::with_capacity(need.lines.len() + self.segments.len());
            for &line in &need.lines {
                let effectiveness = scenario.link_of(&scenario.lines[line.0]).effectiveness;
                terms.push((builder.total(line), -effectiveness.as_f64()));
            }
            // Where lines are opened and closed, a segment needs a funded line (`v_q ≤ h_q·n·Σ y`): the
            // perspective of the concave value. Without it a relaxation opens 40% of a line to get all of
            // the first segment. The same for any other decision without which the need gets no money.
            let gates = builder.gates(id).to_vec();
            let open: Option<Vec<_>> = need.lines.iter().map(|&line| builder.open_if_asked(line)).collect();
            for (q, segment) in self.segments.iter().enumerate() {
                let width = (need.amount * segment.width).as_f64();
                let covered =
                    builder.column("covered", Subject::Segment(id, q), ColumnKind::DerivedMoney, 0.0, width);
                if let Some(open) = &open {
                    let terms = open.iter().map(|&column| (column, -width)).chain([(covered, 1.0)]);
                    builder.define("covered", Subject::Segment(id, q), "open", terms, Bound::AtMost(0.0));
                }
                for &gate in &gates {
                    let terms = vec![(covered, 1.0), (gate, -width)];
                    builder.define("covered", Subject::Segment(id, q), "gate", terms, Bound::AtMost(0.0));
                }
                terms.push((covered, 1.0));
                objective.push((covered, context.weights[position].as_f64() * segment.value.as_f64()));
            }
            builder.define("covered", Subject::Need(id), "", terms, Bound::AtMost(0.0));
        }
        objective
    }

    fn value(&self, context: Context<'_>, assessment: Assessment<'_>) -> Micro {
        let scenario = context.scenario;
        let covered = assessment.plan.covered(scenario);
        let mut value = 0_i128;
        for ((need, weight), covered) in scenario.needs.iter().zip(context.weights).zip(covered) {
            let mut rest = covered;
            for segment in &self.segments {
                let part = rest.min(need.amount * segment.width);
                rest = rest - part;
                // millionths of a unit × millionths × millionths
                value += part.0 * i128::from(segment.value.micros()) * i128::from(weight.micros());
            }
        }
        Micro(value.div_euclid(i128::from(MICRO) * i128::from(MICRO)))
    }
}
