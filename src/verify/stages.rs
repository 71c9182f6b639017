//! The objective stages as the verifier knows them, and the exact value of a plan in each.

use serde::Deserialize;

use super::check::{Short, change, covered};
use super::exact::{MICRO, PICO, TooLarge, add, mul};
use super::input::StageInForce;
use super::people::worth;
use super::programme::{Money, Programme};
use super::rules::Rule;
use crate::units::Ratio;

/// What a stage makes largest or smallest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objective {
    /// Least penalised shortfall of soft rules.
    Shortfall,
    /// Most weighted need covered: width and value of each segment, in millionths.
    Coverage(Vec<(i128, i128)>),
    /// Most posts filled by those who fit.
    Fit,
    /// Least change from the last plan.
    Change,
    /// Fewest lines and pairings: what each counts, in millionths.
    Fragmentation(i128, i128),
    /// It only chooses among equals, and is not judged.
    TieBreak,
    /// Not known to this verifier.
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Segment {
    width: Ratio,
    value: Ratio,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoverageParameters {
    segments: Option<Vec<Segment>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FragmentationParameters {
    line: Option<Ratio>,
    link: Option<Ratio>,
}

impl Objective {
    /// Reads a stage.
    ///
    /// # Errors
    /// When a parameter cannot be read.
    pub fn read(stage: &StageInForce) -> Result<Self, String> {
        let micros = |ratio: Ratio| i128::from(ratio.micros());
        let wrong = |error: serde_json::Error| format!("input: stage {}: {error}", stage.kind);
        Ok(match stage.kind.as_str() {
            "shortfall" => Self::Shortfall,
            "fit" => Self::Fit,
            "change" => Self::Change,
            "tie_break" => Self::TieBreak,
            "coverage" => {
                let CoverageParameters { segments } =
                    serde_json::from_value(stage.parameters.clone()).map_err(wrong)?;
                let segments: Vec<_> = match segments {
                    Some(given) => given.iter().map(|s| (micros(s.width), micros(s.value))).collect(),
                    None => vec![(400_000, MICRO), (350_000, 600_000), (250_000, 250_000)],
                };
                let falls = segments.windows(2).all(|pair| pair[0].1 >= pair[1].1);
                if !falls || segments.iter().map(|(width, _)| width).sum::<i128>() > MICRO {
                    return Err(
                        "input: stage coverage: widths or values of segments are out of range".to_owned()
                    );
                }
                Self::Coverage(segments)
            }
            "fragmentation" => {
                let FragmentationParameters { line, link } =
                    serde_json::from_value(stage.parameters.clone()).map_err(wrong)?;
                Self::Fragmentation(line.map_or(MICRO, micros), link.map_or(MICRO, micros))
            }
            _ => Self::Unknown,
        })
    }

    /// Whether the most is wanted.
    pub fn maximises(&self) -> bool {
        matches!(self, Self::Coverage(_) | Self::Fit)
    }

    /// The value of a plan, counted in 10⁻¹⁸; none where the stage, or what it counts, is not known.
    pub fn value(
        &self,
        programme: &Programme<'_>,
        plan: &Money,
        rules: &[Rule<'_>],
        short: &[Option<Vec<Short>>],
    ) -> Result<Option<i128>, TooLarge> {
        Ok(Some(match self {
            Self::Unknown | Self::TieBreak => return Ok(None),
            Self::Shortfall => {
                let mut value = 0;
                for (rule, short) in rules.iter().zip(short) {
                    let Some(penalty) = rule.input.penalty else { continue };
                    let Some(short) = short else { return Ok(None) };
                    for (_, by) in short {
                        value = add(value, mul(mul(*by, i128::from(penalty))?, MICRO)?)?;
                    }
                }
                value
            }
            Self::Coverage(segments) => {
                let mut value = 0;
                for (need, mut rest) in programme.input.needs.iter().zip(covered(programme, plan)) {
                    for (width, worth) in segments {
                        let part = rest.min(i128::from(need.amount) * width);
                        rest -= part;
                        value = add(value, mul(mul(part, *worth)?, i128::from(need.weight))?)?;
                    }
                }
                value
            }
            Self::Fit => {
                let mut value = 0;
                for (candidate, number) in programme.candidates.iter().zip(&plan.people) {
                    value = add(value, mul(worth(programme.input, candidate), i128::from(*number))?)?;
                }
                value
            }
            Self::Change => mul(change(programme, plan), PICO * MICRO)?,
            Self::Fragmentation(line, link) => {
                let funded = |line: &usize| plan.totals[*line] != 0;
                let lines = (0..plan.totals.len()).filter(|line| funded(line)).count();
                let links = programme.of_link.iter().filter(|lines| (**lines).clone().any(|l| funded(&l)));
                mul(line * lines as i128 + link * links.count() as i128, PICO)?
            }
        }))
    }
}
