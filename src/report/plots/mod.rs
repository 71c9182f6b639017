//! Pictures of a sweep, as SVG: a tornado, a front with its knee, how stable lines are, parallel coordinates.

mod front;
mod parallel;
mod stability;
mod svg;
mod tornado;

pub use front::front_svg;
pub use parallel::{Thread, parallel_svg};
pub use stability::stability_svg;
pub use tornado::tornado_svg;
