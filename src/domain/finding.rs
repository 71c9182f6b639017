//! What a check measured: a value against a threshold, exact.

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
    /// A part of a whole, against a share of it.
    Share {
        /// Money of the part.
        part: Micro,
        /// Money of the whole.
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
            Self::Money { measured, .. } => Some(measured.as_f64()),
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
            Self::Money { threshold, .. } | Self::PerCapita { threshold, .. } => threshold.as_f64(),
            Self::Share { threshold, .. } | Self::Parity { threshold, .. } => threshold.as_f64(),
            Self::Count { threshold, .. } => threshold as f64,
        }
    }

    /// Measured − threshold, in money (millionths of a unit) or in counts (millionths of one).
    fn excess(&self) -> Micro {
        match *self {
            Self::Money { measured, threshold } => measured - threshold,
            // part − threshold × whole; the product is rounded towards failing by less than a millionth
            // of a unit, so `passes` compares without the division.
            Self::Share { part, whole, threshold } => {
                part - Micro((whole.0 * i128::from(threshold.micros())).div_euclid(i128::from(MICRO)))
            }
            Self::Parity { money, population, all_money, all_population, threshold } => {
                let fair = all_money.0 * i128::from(population) * i128::from(threshold.micros());
                money - Micro(fair.div_euclid(i128::from(MICRO) * i128::from(all_population)))
            }
            Self::Count { measured, threshold } => Micro::whole(measured - threshold),
            Self::PerCapita { money, population, threshold } => {
                money - Micro(threshold.0 * i128::from(population))
            }
        }
    }

    fn exact_sign(&self) -> std::cmp::Ordering {
        match *self {
            Self::Share { part, whole, threshold } => {
                (part.0 * i128::from(MICRO)).cmp(&(whole.0 * i128::from(threshold.micros())))
            }
            Self::Parity { money, population, all_money, all_population, threshold } => {
                (money.0 * i128::from(all_population) * i128::from(MICRO))
                    .cmp(&(all_money.0 * i128::from(population) * i128::from(threshold.micros())))
            }
            _ => self.excess().0.cmp(&0),
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
}

impl Finding {
    /// Money at least or at most an amount.
    pub fn money(scope: Vec<String>, measured: Money, relation: Relation, threshold: Money) -> Self {
        Self::exact_money(scope, measured.micro(), relation, threshold.micro())
    }

    /// Money in millionths of a unit at least or at most an amount.
    pub fn exact_money(scope: Vec<String>, measured: Micro, relation: Relation, threshold: Micro) -> Self {
        Self { scope, measure: Measure::Money { measured, threshold }, relation }
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
        Self { scope, measure: Measure::Share { part, whole, threshold }, relation }
    }

    /// A count at least or at most a number.
    pub fn count(scope: Vec<String>, measured: usize, relation: Relation, threshold: usize) -> Self {
        let (measured, threshold) = (count_i64(measured), count_i64(threshold));
        Self { scope, measure: Measure::Count { measured, threshold }, relation }
    }

    /// Money a person at least or at most an amount.
    pub fn per_capita(
        scope: Vec<String>,
        money: Money,
        population: i64,
        relation: Relation,
        threshold: Micro,
    ) -> Self {
        Self { scope, measure: Measure::PerCapita { money: money.micro(), population, threshold }, relation }
    }

    /// Whether the rule holds here, exactly.
    pub fn passes(&self) -> bool {
        match self.relation {
            Relation::AtLeast => self.measure.exact_sign().is_ge(),
            Relation::AtMost => self.measure.exact_sign().is_le(),
        }
    }

    /// Room left before the rule fails (negative: by how much it fails), in units of money or counts.
    pub fn slack(&self) -> Micro {
        match self.relation {
            Relation::AtLeast => self.measure.excess(),
            Relation::AtMost => -self.measure.excess(),
        }
    }

    /// By how much the rule fails, in units of money or counts; nothing when it holds.
    pub fn shortfall(&self) -> Micro {
        if self.passes() { Micro::ZERO } else { (-self.slack()).positive_part() }
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
    fn slack_is_in_money() {
        let found =
            Finding::share(vec![], Money(70), Money(100), Relation::AtLeast, Ratio::from_micros(800_000));
        assert!(!found.passes());
        assert_eq!(found.shortfall(), Micro::whole(10));
        assert_eq!(found.slack(), Micro::whole(-10));
    }
}
