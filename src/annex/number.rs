//! Numbers and days as they are read. Chinese and English financial tables group digits alike.

use super::Lang;

/// Digits in groups of three.
pub(super) fn grouped(number: i64) -> String {
    crate::units::grouped(number.into()).replace('-', "−")
}

/// The same with a sign in front, also of more.
pub(super) fn signed(number: i64) -> String {
    if number > 0 { format!("+{}", grouped(number)) } else { grouped(number) }
}

/// A number with so many decimals.
pub(super) fn decimal(number: f64, places: usize) -> String {
    let text = format!("{:.places$}", number.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let whole: i64 = whole.parse().unwrap_or(i64::MAX);
    let sign = if number < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
    let point = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{sign}{}{point}", grouped(whole))
}

/// A share with two decimals.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", decimal(100.0 * share, 2))
}

/// A day.
pub(super) fn day(date: &str, lang: Lang) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut parts = date.split('-').map(|part| part.parse::<usize>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day))) = (parts.next(), parts.next(), parts.next())
    else {
        return date.to_owned();
    };
    match (lang, MONTHS.get(month.wrapping_sub(1))) {
        (_, None) => date.to_owned(),
        (Lang::Zh, _) => format!("{year}年{month}月{day}日"),
        (Lang::En, Some(name)) => format!("{day} {name} {year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_in_print() {
        assert_eq!(grouped(-1_234_567), "−1,234,567");
        assert_eq!(signed(1000), "+1,000");
        assert_eq!(signed(0), "0");
        assert_eq!(decimal(-0.004, 2), "0.00");
        assert_eq!(decimal(12_345.678, 1), "12,345.7");
        assert_eq!(percent(0.604_757), "60.48%");
        assert_eq!(day("2026-11-05", Lang::Zh), "2026年11月5日");
        assert_eq!(day("2026-11-05", Lang::En), "5 November 2026");
    }
}
