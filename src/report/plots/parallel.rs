//! Parallel coordinates: each point of the sweep is a line through its parameters and what it reaches.

use super::svg::{Anchor, BLUE, GREY, INK, ORANGE, Scale, Svg, cut, short};
use crate::sweep::Row;

/// Axes of parameters that are shown.
const MOST: usize = 9;

/// A point as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// Numbers on the axes; the last one is the main objective.
    pub numbers: Vec<f64>,
}

impl Thread {
    /// The numbers of a row, where it has all of them. `axes` are names of parameters.
    pub fn of(row: &Row, axes: &[String]) -> Option<Self> {
        let parameter = |name: &String| row.parameters.get(name)?.as_f64();
        let numbers: Option<Vec<f64>> = axes.iter().take(MOST).map(parameter).collect();
        let mut numbers = numbers.filter(|_| row.has_plan())?;
        numbers.push(row.value?);
        Some(Self { numbers })
    }
}

/// Parallel coordinates over parameters with numbers at every point; `None` with fewer than two of them.
pub fn parallel_svg(title: &str, objective: &str, axes: &[String], threads: &[Thread]) -> Option<String> {
    let names: Vec<&str> = axes.iter().take(MOST).map(String::as_str).chain([objective]).collect();
    if threads.len() < 2 || names.len() < 3 {
        return None;
    }
    let (left, top, bottom, step) = (80.0, 92.0, 440.0, 130.0);
    let width = left + step * (names.len() - 1) as f64 + 90.0;
    let below = format!(
        "{} points; blue where {objective} is in its upper half, orange where it is below",
        threads.len()
    );
    let mut svg = Svg::new(width.max(640.0), 480.0, title, &below);
    let scales: Vec<Scale> = (0..names.len())
        .map(|at| Scale::over(threads.iter().map(|thread| thread.numbers[at]), bottom, top))
        .collect();
    let mut values: Vec<f64> = threads.iter().filter_map(|thread| thread.numbers.last().copied()).collect();
    values.sort_by(f64::total_cmp);
    let middle = values[values.len() / 2];
    let opacity = (60.0 / threads.len() as f64).clamp(0.08, 0.6);
    for thread in threads {
        let places = thread.numbers.iter().zip(&scales).enumerate();
        let points: Vec<(f64, f64)> =
            places.map(|(at, (number, scale))| (left + step * at as f64, scale.at(*number))).collect();
        let is_high = thread.numbers.last().is_some_and(|value| *value >= middle);
        svg.path(&points, if is_high { BLUE } else { ORANGE }, 1.0, opacity);
    }
    for (at, (name, scale)) in names.iter().zip(&scales).enumerate() {
        let x = left + step * at as f64;
        svg.line((x, top), (x, bottom), INK, 1.0);
        svg.text(x, top - 12.0, &cut(name, step - 8.0), Anchor::Middle, INK);
        for tick in scale.ticks() {
            svg.line((x - 3.0, scale.at(tick)), (x + 3.0, scale.at(tick)), INK, 1.0);
            svg.text(x + 6.0, scale.at(tick) + 4.0, &short(tick), Anchor::Start, GREY);
        }
    }
    Some(svg.finish())
}
