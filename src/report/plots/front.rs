//! A front: the first two of what a study trades off, with the knee.

use super::svg::{Anchor, BLUE, GREY, GRID, INK, RED, Scale, Svg, short};
use crate::sweep::Summary;

/// The front of a study that has one.
pub fn front_svg(summary: &Summary) -> Option<String> {
    let front = summary.front.as_ref().filter(|front| !front.points.is_empty())?;
    let [of_y, of_x, ..] = front.metrics.as_slice() else { return None };
    let (left, right, top, bottom) = (90.0, 730.0, 74.0, 470.0);
    let below = format!("{of_y} against {of_x}: {} points that no other is better than", front.points.len());
    let mut svg = Svg::new(760.0, 520.0, &summary.title, &below);
    let x = Scale::over(front.points.iter().map(|point| point.values[1]), left, right);
    let y = Scale::over(front.points.iter().map(|point| point.values[0]), bottom, top);
    for tick in x.ticks() {
        svg.line((x.at(tick), top), (x.at(tick), bottom), GRID, 1.0);
        svg.text(x.at(tick), bottom + 18.0, &short(tick), Anchor::Middle, GREY);
    }
    for tick in y.ticks() {
        svg.line((left, y.at(tick)), (right, y.at(tick)), GRID, 1.0);
        svg.text(left - 8.0, y.at(tick) + 4.0, &short(tick), Anchor::End, GREY);
    }
    svg.text(f64::midpoint(left, right), bottom + 38.0, of_x, Anchor::Middle, INK);
    svg.text(left - 8.0, top - 8.0, of_y, Anchor::End, INK);
    let points: Vec<(f64, f64)> =
        front.points.iter().map(|point| (x.at(point.values[1]), y.at(point.values[0]))).collect();
    if front.metrics.len() == 2 {
        svg.path(&points, BLUE, 1.5, 0.6);
    }
    for (point, at) in front.points.iter().zip(&points) {
        svg.dot(at.0, at.1, 4.0, BLUE);
        if front.knee == Some(point.point) {
            svg.dot(at.0, at.1, 6.0, RED);
            let label = format!(
                "knee: point {}, {} at {}",
                point.point,
                short(point.values[0]),
                short(point.values[1])
            );
            let (x, anchor) =
                if at.0 > 480.0 { (at.0 - 10.0, Anchor::End) } else { (at.0 + 10.0, Anchor::Start) };
            svg.text(x, at.1 + 18.0, &label, anchor, RED);
        }
    }
    Some(svg.finish())
}
