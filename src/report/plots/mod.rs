//! Pictures of a sweep, as SVG: a tornado, a front with its knee, how stable lines are, parallel coordinates.

mod front;
mod parallel;
mod stability;
mod svg;
mod tornado;

pub use parallel::Thread;
pub(super) use svg::escaped;

use crate::sweep::Summary;

/// The pictures of a study, as far as its design gives them.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// How far each parameter by itself moves the main objective.
    pub tornado: Option<String>,
    /// A front, with its knee.
    pub front: Option<String>,
    /// Which lines are funded at how many points.
    pub stability: Option<String>,
    /// Every point as a line through its parameters and what it reaches.
    pub parallel: Option<String>,
}

impl Pictures {
    /// Draws what there is to draw; `threads` are points on the axes of these parameters.
    pub fn of(summary: &Summary, axes: &[String], threads: &[Thread]) -> Self {
        let objective = summary.objective.as_deref().unwrap_or("value");
        Self {
            tornado: tornado::tornado_svg(summary),
            front: front::front_svg(summary),
            stability: stability::stability_svg(summary),
            parallel: parallel::parallel_svg(&summary.title, objective, axes, threads),
        }
    }

    /// Each with the name of its file.
    pub fn files(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("tornado.svg", self.tornado.as_deref()),
            ("front.svg", self.front.as_deref()),
            ("stability.svg", self.stability.as_deref()),
            ("parallel.svg", self.parallel.as_deref()),
        ]
    }
}
