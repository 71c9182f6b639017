//! Shares of several members in one cell: `id=basis points` with `;` between.

use super::cells::{RowReader, is_id};
use super::columns::Column;
use super::decimal::Decimal;
use super::near;
use crate::diagnostics::Code;
use crate::units::{MICRO, Ratio};

/// The whole.
pub(super) const BASIS_POINTS: i64 = 10_000;

pub(super) fn basis_points(points: i64) -> Ratio {
    Ratio::from_micros(points * (MICRO / BASIS_POINTS))
}

/// The ids and their basis points as written. `None`: something is wrong, which is told.
pub(super) fn read<'t>(
    row: &mut RowReader<'_, 't>,
    column: &Column,
    kind: &str,
) -> Option<Vec<(&'t str, i64)>> {
    let mut shares: Vec<(&str, i64)> = Vec::new();
    let mut right = true;
    for member in row.text(column).split(';').map(str::trim).filter(|member| !member.is_empty()) {
        let parsed = member.split_once('=').and_then(|(id, points)| {
            let points = Decimal::parse(points.trim()).ok()?.integer()?;
            (is_id(id.trim()) && (1..=BASIS_POINTS).contains(&points)).then_some((id.trim(), points))
        });
        let action = format!("write {kind}=basis points, from 1 to 10000, with ; between: a=6000;b=4000");
        let cause = match parsed {
            None => format!("'{}' is not the share of a {kind}", near::shown(member)),
            Some((id, _)) if shares.iter().any(|(other, _)| *other == id) => {
                format!("'{}' has two shares", near::shown(id))
            }
            Some(share) => {
                shares.push(share);
                continue;
            }
        };
        row.complain(column, Code::OutOfRange, cause, action);
        right = false;
    }
    right.then_some(shares)
}
