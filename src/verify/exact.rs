//! Whole numbers of 128 bits that never wrap: what does not fit is said to be too large, and nothing is
//! claimed then.
//!
//! Money is counted in units, coefficients in millionths, multipliers in billionths of a thousandth (10⁻¹²),
//! their products, the values, in 10⁻¹⁸.

/// Millionths in one.
pub const MICRO: i128 = 1_000_000;
/// What multipliers are counted in: so many in one.
pub const PICO: i128 = 1_000_000_000_000;

/// A number does not fit into 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// The sum.
pub fn add(a: i128, b: i128) -> Result<i128, TooLarge> {
    a.checked_add(b).ok_or(TooLarge)
}

/// The difference.
pub fn sub(a: i128, b: i128) -> Result<i128, TooLarge> {
    a.checked_sub(b).ok_or(TooLarge)
}

/// The product.
pub fn mul(a: i128, b: i128) -> Result<i128, TooLarge> {
    a.checked_mul(b).ok_or(TooLarge)
}

/// The quotient by a positive number, rounded down.
pub fn down(a: i128, by: i128) -> i128 {
    a.div_euclid(by)
}

/// The quotient by a positive number, rounded up.
pub fn up(a: i128, by: i128) -> i128 {
    -(-a).div_euclid(by)
}

/// `multiplier × number`, the multiplier counted in 10⁻¹², rounded down to a whole number.
pub fn times_down(multiplier: i128, number: i128) -> Result<i128, TooLarge> {
    let (whole, rest) = (down(number, PICO), number.rem_euclid(PICO));
    add(mul(multiplier, whole)?, down(mul(multiplier, rest)?, PICO))
}

/// A number counted in 10⁻¹⁸ as a decimal with six places, rounded down.
pub fn decimal_down(atto: i128) -> String {
    let micro = down(atto, PICO);
    let size = micro.unsigned_abs();
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", size / MICRO.unsigned_abs(), size % MICRO.unsigned_abs())
}

/// The same, rounded up.
pub fn decimal_up(atto: i128) -> String {
    decimal_down(mul(up(atto, PICO), PICO).unwrap_or(atto))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_goes_the_way_it_says() {
        assert_eq!((down(-7, 2), up(-7, 2), down(7, 2), up(7, 2)), (-4, -3, 3, 4));
        assert_eq!(times_down(PICO / 2, 5), Ok(2));
        assert_eq!(times_down(PICO / 2, -5), Ok(-3));
        let third = PICO * MICRO / 3;
        assert_eq!((decimal_down(third), decimal_up(third)), ("0.333333".to_owned(), "0.333334".to_owned()));
        assert_eq!(
            (decimal_down(-third), decimal_up(-third)),
            ("-0.333334".to_owned(), "-0.333333".to_owned())
        );
        assert_eq!(mul(i128::MAX, 2), Err(TooLarge));
    }
}
