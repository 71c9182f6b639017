//! How stable lines are: in which share of the points each is funded; those that are neither always nor never are
//! named.

use super::svg::{Anchor, BLUE, GREY, GRID, INK, ORANGE, Svg, width};
use crate::sweep::Summary;

/// Lines that are named.
const MOST: usize = 40;

/// The stability of lines; `None` where no point has a plan.
pub fn stability_svg(summary: &Summary) -> Option<String> {
    let points: usize =
        ["optimal", "feasible"].iter().filter_map(|status| summary.by_status.get(*status)).sum();
    if points == 0 || summary.lines.is_empty() {
        return None;
    }
    let always = summary.lines.iter().filter(|line| line.points == points).count();
    let open: Vec<_> = summary.lines.iter().filter(|line| line.points < points).collect();
    // The least certain: nearest to half.
    let mut named = open.clone();
    named.sort_by_key(|line| (2 * line.points).abs_diff(points));
    named.truncate(MOST);
    named.sort_by_key(|line| std::cmp::Reverse(line.points));
    let labels: Vec<String> = named.iter().map(|line| line.line.join(" · ")).collect();
    let left = labels.iter().map(|label| width(label)).fold(120.0, f64::max) + 24.0;
    let (right, top, row) = (left + 440.0, 86.0, 16.0);
    let bottom = top + row * named.len() as f64;
    let more = if open.len() > named.len() {
        format!(", the {} least certain are shown", named.len())
    } else {
        String::new()
    };
    let below = format!(
        "{} lines are funded at some of {points} points: {always} at every one, {} at some{more}",
        summary.lines.len(),
        open.len()
    );
    let mut svg = Svg::new(right + 50.0, bottom + 24.0, &summary.title, &below);
    let at = |share: f64| left + share * (right - left);
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        svg.line((at(share), top - 6.0), (at(share), bottom), GRID, 1.0);
        svg.text(at(share), top - 12.0, &format!("{:.0}%", 100.0 * share), Anchor::Middle, GREY);
    }
    for (position, (line, label)) in named.iter().zip(&labels).enumerate() {
        let y = top + row * position as f64;
        let share = line.points as f64 / points as f64;
        svg.text(left - 8.0, y + 12.0, label, Anchor::End, INK);
        let colour = if share >= 0.5 { BLUE } else { ORANGE };
        svg.bar(left, y + 3.0, at(share) - left, row - 6.0, colour);
        svg.text(at(share) + 4.0, y + 12.0, &format!("{:.0}%", 100.0 * share), Anchor::Start, GREY);
    }
    Some(svg.finish())
}
