//! What a check measured: a value against a threshold, exact.

use super::{LineKey, Placement, PlacementKey, PlanLine};
use crate::units::{MICRO, Micro, Money, Ratio};

/// Which side of the threshold passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Measured ≥ threshold.
    AtLeast,
    /// Measured ≤ threshold.
    AtMost,
}

/// A measured value and its threshold, in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Units of money.
    Money {
        /// What was found.
        measured: Micro,
        /// What is asked.
        threshold: Micro,
    },
    /// A part of a whole, of money or of people, against a share of it.
    Share {
        /// The part.
        part: Micro,
        /// The whole.
        whole: Micro,
        /// The asked share.
        threshold: Ratio,
    },
    /// Money a person, against a share of the mean money a person.
    Parity {
        /// Money here.
        money: Micro,
        /// Persons here.
        population: i64,
        /// Money everywhere.
        all_money: Micro,
        /// Persons everywhere.
        all_population: i64,
        /// The asked share of the mean.
        threshold: Ratio,
    },
    /// Full-time posts.
    Posts {
        /// What was found.
        measured: Micro,
        /// What is asked.
        threshold: Micro,
    },
    /// A count.
    Count {
        /// What was found.
        measured: i64,
        /// What is asked.
        threshold: i64,
    },
    /// Money a person.
    PerCapita {
        /// Money.
        money: Micro,
        /// Persons.
        population: i64,
        /// Asked money a person.
        threshold: Micro,
    },
}

impl Measure {
    /// What was found, for display: units, a share, a count, units a person. `None` for a share of nothing.
    pub fn measured(&self) -> Option<f64> {
        match *self {
            Self::Money { measured, .. } | Self::Posts { measured, .. } => Some(measured.as_f64()),
            Self::Share { part, whole, .. } => (whole.0 != 0).then(|| part.0 as f64 / whole.0 as f64),
            Self::Parity { money, population, all_money, all_population, .. } => (all_money.0 != 0)
                .then(|| money.as_f64() / population as f64 / (all_money.as_f64() / all_population as f64)),
            Self::Count { measured, .. } => Some(measured as f64),
            Self::PerCapita { money, population, .. } => Some(money.as_f64() / population as f64),
        }
    }

    /// What is asked, for display.
    pub fn threshold(&self) -> f64 {
        match *self {
            Self::Money { threshold, .. }
            | Self::Posts { threshold, .. }
            | Self::PerCapita { threshold, .. } => threshold.as_f64(),
            Self::Share { threshold, .. } | Self::Parity { threshold, .. } => threshold.as_f64(),
            Self::Count { threshold, .. } => threshold as f64,
        }
    }

    /// Measured − threshold, in money (millionths of a unit) or in counts (millionths of one). A threshold
    /// finer than that is rounded to leave less room, so that the sign is exact.
    fn excess(&self, relation: Relation) -> Micro {
        let quotient = |numerator: i128, denominator: i128| match relation {
            Relation::AtLeast => Micro(-(-numerator).div_euclid(denominator)),
            Relation::AtMost => Micro(numerator.div_euclid(denominator)),
        };
        match *self {
            Self::Money { measured, threshold } | Self::Posts { measured, threshold } => measured - threshold,
            Self::Share { part, whole, threshold } => {
                part - quotient(whole.0 * i128::from(threshold.micros()), i128::from(MICRO))
            }
            Self::Parity { money, population, all_money, all_population, threshold } => {
                let fair = all_money.0 * i128::from(population) * i128::from(threshold.micros());
                money - quotient(fair, i128::from(MICRO) * i128::from(all_population))
            }
            Self::Count { measured, threshold } => Micro::whole(measured - threshold),
            Self::PerCapita { money, population, threshold } => {
                money - Micro(threshold.0 * i128::from(population))
            }
        }
    }
}

/// One instance of a rule, checked: for a province, a line, a year, whatever the rule ranges over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The ids that the instance is about; empty for the whole programme.
    pub scope: Vec<String>,
    /// Measured and asked.
    pub measure: Measure,
    /// Which side passes.
    pub relation: Relation,
    /// The lines of the plan by which the rule fails, where it can name them.
    pub lines: Vec<LineKey>,
    /// The placements of the plan by which the rule fails, where it can name them.
    pub placements: Vec<PlacementKey>,
}

impl Finding {
    /// A measure and which side of its threshold passes.
    pub fn of(scope: Vec<String>, measure: Measure, relation: Relation) -> Self {
        Self { scope, measure, relation, lines: Vec::new(), placements: Vec::new() }
    }

    /// Money at least or at most an amount.
    pub fn money(scope: Vec<String>, measured: Money, relation: Relation, threshold: Money) -> Self {
        Self::exact_money(scope, measured.micro(), relation, threshold.micro())
    }

    /// Money in millionths of a unit at least or at most an amount.
    pub fn exact_money(scope: Vec<String>, measured: Micro, relation: Relation, threshold: Micro) -> Self {
        Self::of(scope, Measure::Money { measured, threshold }, relation)
    }

    /// A part at least or at most a share of a whole.
    pub fn share(
        scope: Vec<String>,
        part: Money,
        whole: Money,
        relation: Relation,
        threshold: Ratio,
    ) -> Self {
        let (part, whole) = (part.micro(), whole.micro());
        Self::of(scope, Measure::Share { part, whole, threshold }, relation)
    }

    /// A count at least or at most a number.
    pub fn count(scope: Vec<String>, measured: usize, relation: Relation, threshold: usize) -> Self {
        let (measured, threshold) = (count_i64(measured), count_i64(threshold));
        Self::of(scope, Measure::Count { measured, threshold }, relation)
    }

    /// Persons at least or at most a number.
    pub fn people(scope: Vec<String>, measured: i64, relation: Relation, threshold: i64) -> Self {
        Self::of(scope, Measure::Count { measured, threshold }, relation)
    }

    /// Full-time posts at least or at most a number.
    pub fn posts(scope: Vec<String>, measured: Micro, relation: Relation, threshold: Micro) -> Self {
        Self::of(scope, Measure::Posts { measured, threshold }, relation)
    }

    /// A part of people or posts at least or at most a share of a whole.
    pub fn share_of_people(
        scope: Vec<String>,
        part: Micro,
        whole: Micro,
        relation: Relation,
        threshold: Ratio,
    ) -> Self {
        Self::of(scope, Measure::Share { part, whole, threshold }, relation)
    }

    /// Money a person at least or at most an amount.
    pub fn per_capita(
        scope: Vec<String>,
        money: Money,
        population: i64,
        relation: Relation,
        threshold: Micro,
    ) -> Self {
        let measure = Measure::PerCapita { money: money.micro(), population, threshold };
        Self::of(scope, measure, relation)
    }

    /// The same with the lines of the plan that were counted, kept where the rule fails.
    #[must_use]
    pub fn on_lines(mut self, lines: &[&PlanLine]) -> Self {
        if !self.passes() {
            self.lines = lines.iter().map(|line| line.key()).collect();
        }
        self
    }

    /// The same with the placements of the plan that were counted, kept where the rule fails.
    #[must_use]
    pub fn on_placements<'p>(mut self, placements: impl IntoIterator<Item = &'p Placement>) -> Self {
        if !self.passes() {
            self.placements = placements.into_iter().map(Placement::key).collect();
        }
        self
    }

    /// Whether the rule holds here, exactly.
    pub fn passes(&self) -> bool {
        self.slack() >= Micro::ZERO
    }

    /// Room left before the rule fails (negative: by how much it fails), in units of money or counts.
    pub fn slack(&self) -> Micro {
        let excess = self.measure.excess(self.relation);
        match self.relation {
            Relation::AtLeast => excess,
            Relation::AtMost => -excess,
        }
    }

    /// By how much the rule fails, in units of money or counts; nothing when it holds.
    pub fn shortfall(&self) -> Micro {
        (-self.slack()).positive_part()
    }
}

fn count_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_compared_exactly() {
        let third = Ratio::from_micros(333_333);
        let just = Finding::share(vec![], Money(1), Money(3), Relation::AtLeast, third);
        assert!(just.passes());
        let over = Finding::share(vec![], Money(1), Money(3), Relation::AtMost, third);
        assert!(!over.passes(), "1/3 is over 0.333333");
        let none = Finding::share(vec![], Money(0), Money(0), Relation::AtLeast, third);
        assert!(none.passes(), "a share of nothing asks for nothing");
    }

    #[test]
    fn what_fails_by_less_than_a_millionth_has_a_shortfall() {
        // A third of the people have 1 unit of 3.000001: the fair part is 1.000000333…
        let parity = |relation| Finding {
            scope: vec![],
            measure: Measure::Parity {
                money: Micro::whole(1),
                population: 1,
                all_money: Micro(3_000_001),
                all_population: 3,
                threshold: Ratio::ONE,
            },
            relation,
            lines: vec![],
            placements: vec![],
        };
        let below = parity(Relation::AtLeast);
        assert!(!below.passes());
        assert_eq!(below.shortfall(), Micro(1));
        let above = parity(Relation::AtMost);
        assert!(above.passes());
        assert_eq!((above.slack(), above.shortfall()), (Micro::ZERO, Micro::ZERO));
    }

    #[test]
    fn slack_is_in_money() {
        let found =
            Finding::share(vec![], Money(70), Money(100), Relation::AtLeast, Ratio::from_micros(800_000));
        assert!(!found.passes());
        assert_eq!(found.shortfall(), Micro::whole(10));
        assert_eq!(found.slack(), Micro::whole(-10));
    }
}
