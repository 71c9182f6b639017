//! A tornado: how far each parameter by itself moves the main objective, the largest first.

use super::svg::{Anchor, BLUE, GREY, GRID, INK, ORANGE, Scale, Svg, short, width};
use crate::sweep::Summary;

/// Bars that are shown.
const MOST: usize = 20;

/// The tornado of a design of one at a time; `None` of any other.
pub fn tornado_svg(summary: &Summary) -> Option<String> {
    let base = summary.base?;
    let effects: Vec<_> =
        summary.effects.iter().filter(|effect| effect.least.1.is_finite()).take(MOST).collect();
    if effects.is_empty() {
        return None;
    }
    let left = effects.iter().map(|effect| width(&effect.parameter)).fold(100.0, f64::max) + 60.0;
    let (right, top, row) = (left + 670.0, 86.0, 24.0);
    let bottom = top + row * effects.len() as f64;
    let objective = summary.objective.as_deref().unwrap_or("value");
    let below = format!("{objective} with one parameter changed; the line is the base, {}", short(base));
    let mut svg = Svg::new(right + 80.0, bottom + 30.0, &summary.title, &below);
    let ends = effects.iter().flat_map(|effect| [effect.least.1, effect.most.1]);
    let scale = Scale::over(ends.chain([base]), left, right);
    for tick in scale.ticks() {
        svg.line((scale.at(tick), top - 8.0), (scale.at(tick), bottom), GRID, 1.0);
        svg.text(scale.at(tick), top - 14.0, &short(tick), Anchor::Middle, GREY);
    }
    for (at, effect) in effects.iter().enumerate() {
        let y = top + row * at as f64;
        svg.text(left - 10.0, y + 15.0, &effect.parameter, Anchor::End, INK);
        for ((value, number), colour) in [(&effect.least, ORANGE), (&effect.most, BLUE)] {
            let (from, to) = (scale.at(base).min(scale.at(*number)), scale.at(base).max(scale.at(*number)));
            let is_less = *number < base;
            // Each end on its own side of the base.
            if (colour == ORANGE) != is_less {
                continue;
            }
            svg.bar(from, y + 4.0, to - from, row - 8.0, colour);
            let (x, anchor) = if is_less { (from - 4.0, Anchor::End) } else { (to + 4.0, Anchor::Start) };
            svg.text(x, y + 15.0, value, anchor, GREY);
        }
    }
    svg.line((scale.at(base), top - 8.0), (scale.at(base), bottom), INK, 1.5);
    Some(svg.finish())
}
