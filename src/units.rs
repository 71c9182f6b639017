//! Exact amounts: whole money units, decimal ratios with six places, and their products.
//!
//! Everything that decides whether a plan is accepted is counted in these integers. Floating point
//! begins where a model is handed to a solver and ends where its answer is rounded.

use std::borrow::Cow;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Parts in one: ratios are counted in millionths.
pub const MICRO: i64 = 1_000_000;

/// A whole number of money units (the scenario says how much currency a unit is).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// The amount for a solver or for display.
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// The amount in millionths of a unit.
    pub fn micro(self) -> Micro {
        Micro(i128::from(self.0) * i128::from(MICRO))
    }

    /// The whole units of `self × ratio`, rounded down.
    #[must_use]
    pub fn share_floor(self, ratio: Ratio) -> Self {
        (self * ratio).floor()
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Money>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

impl Mul<Ratio> for Money {
    type Output = Micro;
    fn mul(self, ratio: Ratio) -> Micro {
        Micro(i128::from(self.0) * i128::from(ratio.0))
    }
}

impl fmt::Display for Money {
    /// Digits in groups of three.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&grouped(i128::from(self.0)))
    }
}

/// Writes a whole number with a comma between groups of three digits.
pub fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share, rate, weight or effectiveness: a decimal number with six places, held as an integer
/// count of millionths so that a threshold of 0.8 is exactly 4/5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ratio(i64);

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(MICRO);

    /// A ratio of so many millionths.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The count of millionths.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The ratio for a solver or for display.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / MICRO as f64
    }

    /// Reads a number that has at most six decimals and is below 10¹² in size.
    pub fn from_f64(number: f64) -> Option<Self> {
        let micros = number * MICRO as f64;
        let whole = micros.round();
        // 1e-3 of a millionth: far above the error of a double of this size, far below a seventh decimal.
        #[allow(clippy::cast_possible_truncation)]
        (whole.abs() < 1e18 && (micros - whole).abs() <= 1e-3 + whole.abs() * 1e-15)
            .then_some(Self(whole as i64))
    }

    /// `self × other`, rounded half up to a millionth.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let product = i128::from(self.0) * i128::from(other.0);
        let rounded = (product + i128::from(MICRO / 2)).div_euclid(i128::from(MICRO));
        Self(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Micro(i128::from(self.0)).to_string())
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(RatioVisitor)
    }
}

struct RatioVisitor;

impl Visitor<'_> for RatioVisitor {
    type Value = Ratio;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Ratio, E> {
        if number < 0.0 {
            return Err(E::custom(format!(
                "{number} is negative; shares, amounts and weights are at least 0"
            )));
        }
        Ratio::from_f64(number)
            .ok_or_else(|| E::custom(format!("{number} has more than six decimals or is too large")))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Ratio, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Ratio, E> {
        self.visit_f64(number as f64)
    }
}

impl JsonSchema for Ratio {
    fn schema_name() -> Cow<'static, str> {
        "Ratio".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "a decimal number with at most six decimals" })
    }
}

/// An exact product of money and a ratio, or a plain count: millionths in 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micro(pub i128);

impl Micro {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(i128::from(number) * i128::from(MICRO))
    }

    /// The nearest millionth: for showing what a solver said, never for deciding.
    pub fn from_f64(number: f64) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        Self((number * MICRO as f64).round() as i128)
    }

    /// Whole units, rounded towards minus infinity.
    pub fn floor(self) -> Money {
        Money(clamp_i64(self.0.div_euclid(i128::from(MICRO))))
    }

    /// Whole units, rounded towards plus infinity.
    pub fn ceil(self) -> Money {
        Money(clamp_i64(-((-self.0).div_euclid(i128::from(MICRO)))))
    }

    /// The number for display.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / MICRO as f64
    }

    /// The larger of this and nothing.
    #[must_use]
    pub fn positive_part(self) -> Self {
        Self(self.0.max(0))
    }
}

fn clamp_i64(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

impl Add for Micro {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Micro {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Micro {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Micro {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Micro {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Micro {
    /// Plain decimal, without trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let (whole, rest) = (size / MICRO as u128, size % MICRO as u128);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 {
            return f.pad(&format!("{sign}{whole}"));
        }
        f.pad(format!("{sign}{whole}.{rest:06}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_exact_decimals() {
        assert_eq!(Ratio::from_f64(0.1).map(Ratio::micros), Some(100_000));
        assert_eq!(Ratio::from_f64(0.123_456).map(Ratio::micros), Some(123_456));
        assert_eq!(Ratio::from_f64(0.123_456_7), None);
        assert_eq!(Ratio::from_f64(f64::NAN), None);
        assert_eq!(Ratio::from_f64(0.35).expect("two decimals").to_string(), "0.35");
    }

    #[test]
    fn rounding_goes_the_safe_way() {
        let ratio = Ratio::from_f64(0.333_333).expect("six decimals");
        assert_eq!((Money(10) * ratio).floor(), Money(3));
        assert_eq!((Money(10) * ratio).ceil(), Money(4));
        assert_eq!((Money(-10) * ratio).floor(), Money(-4));
        assert_eq!((Money(3) * Ratio::ONE).ceil(), Money(3));
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(Money(-1_234_567).to_string(), "-1,234,567");
        assert_eq!(Money(123).to_string(), "123");
        assert_eq!(format!("{:>6}", Money(12)), "    12");
    }
}
