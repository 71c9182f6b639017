//! Decimal numbers as they are written, exactly: 0.1 is a tenth.

use crate::units::{MICRO, Ratio};

/// Digits that fit beside a factor of 10¹² in 128 bits.
const MOST_DIGITS: usize = 25;
/// The largest admitted number of currency in a unit.
pub(super) const LARGEST_UNIT: i64 = 1_000_000_000_000;

/// `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Why a text is no [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalError {
    /// It is not a number.
    NotANumber,
    /// It has more digits than can be counted.
    TooLong,
}

/// In which direction a part of a unit is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// Down: what is there must not be overstated.
    Down,
    /// To the nearest, a half upwards.
    Nearest,
}

/// What an amount in a table is, and what a unit is, in currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MoneyScale {
    /// Currency in one table amount.
    pub amounts_in: i64,
    /// Currency in one unit.
    pub unit: i64,
}

impl Decimal {
    /// Reads `-12.50` or `1.25e3`.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (number, exponent) = match rest.split_once(['e', 'E']) {
            None => (rest, 0),
            Some((number, exponent)) => {
                (number, exponent.parse::<i32>().map_err(|_| DecimalError::NotANumber)?)
            }
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits_only(whole) || !digits_only(fraction) {
            return Err(DecimalError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Ok(Self { mantissa: 0, scale: 0 });
        }
        let scale = i64::try_from(fraction.len()).unwrap_or(i64::MAX) - i64::from(exponent);
        let mantissa = Self::shifted(digits, scale)?;
        Ok(Self {
            mantissa: if negative { -mantissa } else { mantissa },
            scale: u32::try_from(scale.max(0)).unwrap_or(u32::MAX),
        })
    }

    /// The digits as an integer, with the zeros that a negative scale appends.
    fn shifted(digits: &str, scale: i64) -> Result<i128, DecimalError> {
        let zeros = usize::try_from(-scale.min(0)).map_err(|_| DecimalError::TooLong)?;
        if digits.len().saturating_add(zeros) > MOST_DIGITS
            || usize::try_from(scale).is_ok_and(|scale| scale > MOST_DIGITS)
        {
            return Err(DecimalError::TooLong);
        }
        let number: i128 = digits.parse().map_err(|_| DecimalError::TooLong)?;
        Ok(number * 10_i128.pow(u32::try_from(zeros).map_err(|_| DecimalError::TooLong)?))
    }

    /// Whether it is under nothing.
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The same number as a ratio, if six decimals hold it.
    pub fn ratio(self) -> Option<Ratio> {
        let (numerator, denominator) =
            (self.mantissa.checked_mul(i128::from(MICRO))?, 10_i128.pow(self.scale));
        if numerator % denominator != 0 {
            return None;
        }
        i64::try_from(numerator / denominator).ok().map(Ratio::from_micros)
    }

    /// The same number in millionths, rounded down.
    pub fn micros(self) -> Option<i128> {
        Some(self.mantissa.checked_mul(i128::from(MICRO))?.div_euclid(10_i128.pow(self.scale)))
    }

    /// The same number as an integer, if it is whole.
    pub fn integer(self) -> Option<i64> {
        (self.scale == 0).then(|| i64::try_from(self.mantissa).ok()).flatten()
    }

    /// `self × amounts_in / unit` in whole units, and whether something was rounded off.
    pub fn units(self, scale: MoneyScale, rounding: Rounding) -> (i128, bool) {
        let numerator = self.mantissa * i128::from(scale.amounts_in);
        let denominator = i128::from(scale.unit) * 10_i128.pow(self.scale);
        let (down, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
        let up = rounding == Rounding::Nearest && rest >= denominator - rest;
        (down + i128::from(up), rest != 0)
    }

    /// `self × amounts_in / unit × ratio` in millionths of a unit, rounded down. `None`: too large.
    pub fn micro_units(self, scale: MoneyScale, ratio: Ratio) -> Option<i128> {
        let numerator = self
            .mantissa
            .checked_mul(i128::from(scale.amounts_in))?
            .checked_mul(i128::from(ratio.micros()))?;
        Some(numerator.div_euclid(i128::from(scale.unit) * 10_i128.pow(self.scale)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str, amounts_in: i64, unit: i64, rounding: Rounding) -> (i128, bool) {
        Decimal::parse(text).expect("a number").units(MoneyScale { amounts_in, unit }, rounding)
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(units("0.1", 100_000_000, 10_000, Rounding::Down), (1_000, false));
        assert_eq!(units("0.29", 100, 1, Rounding::Down), (29, false));
        assert_eq!(units("12.5", 1, 1, Rounding::Down), (12, true));
        assert_eq!(units("12.5", 1, 1, Rounding::Nearest), (13, true));
        assert_eq!(units("-12.5", 1, 1, Rounding::Down), (-13, true));
        assert_eq!(units("1.25E+3", 1, 10, Rounding::Down), (125, false));
        assert!(!units("9999999999999999999999999", 1_000_000_000_000, 1, Rounding::Down).1);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", "-", ".", "1,000", "1 000", "1e", "0x1", "inf", "NaN", "１２", "--1", "1.2.3", "1e1e1"]
        {
            assert_eq!(Decimal::parse(text), Err(DecimalError::NotANumber), "{text}");
        }
        for text in ["1e26", "1e-26", "12345678901234567890123456", "1e2147483647", "1e-2147483648"] {
            assert_eq!(Decimal::parse(text), Err(DecimalError::TooLong), "{text}");
        }
        assert_eq!(Decimal::parse("0e99").map(Decimal::integer), Ok(Some(0)));
    }

    #[test]
    fn ratios_have_six_decimals() {
        let ratio = |text| Decimal::parse(text).ok().and_then(Decimal::ratio).map(Ratio::micros);
        assert_eq!(ratio("0.85"), Some(850_000));
        assert_eq!(ratio("0.1234560"), Some(123_456));
        assert_eq!(ratio("0.1234567"), None);
    }
}
