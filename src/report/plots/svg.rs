//! The few marks that the pictures are made of.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::units::grouped;

/// Text and axes.
pub const INK: &str = "#222222";
/// What is said beside.
pub const GREY: &str = "#777777";
/// Lines behind the marks.
pub const GRID: &str = "#e4e4e4";
/// Marks.
pub const BLUE: &str = "#2b6ca3";
/// Marks on the other side.
pub const ORANGE: &str = "#c8641b";
/// What is to be seen first.
pub const RED: &str = "#b3261e";

/// A picture that is being drawn.
pub struct Svg {
    width: f64,
    height: f64,
    title: String,
    body: String,
}

/// How a text stands at its point.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// An empty picture with a title and a line below it.
    pub fn new(width: f64, height: f64, title: &str, below: &str) -> Self {
        let mut svg = Self { width, height, title: format!("{title}: {below}"), body: String::new() };
        svg.sized(16.0, 26.0, title, (Anchor::Start, INK), 16.0);
        svg.sized(16.0, 44.0, below, (Anchor::Start, GREY), 12.0);
        svg
    }

    fn sized(&mut self, x: f64, y: f64, text: &str, (anchor, colour): (Anchor, &str), size: f64) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = writeln!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-size=\"{size}\">{}</text>",
            escaped(text)
        );
    }

    /// A text.
    pub fn text(&mut self, x: f64, y: f64, text: &str, anchor: Anchor, colour: &str) {
        self.sized(x, y, text, (anchor, colour), 12.0);
    }

    /// A straight line.
    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str, width: f64) {
        let _ = writeln!(
            self.body,
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
        );
    }

    /// A line through points.
    pub fn path(&mut self, points: &[(f64, f64)], colour: &str, width: f64, opacity: f64) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            self.body,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-opacity=\"{opacity}\"/>",
            points.join(" ")
        );
    }

    /// A bar between two heights or widths.
    pub fn bar(&mut self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>",
            width.max(0.5)
        );
    }

    /// A dot.
    pub fn dot(&mut self, x: f64, y: f64, radius: f64, colour: &str) {
        let _ = writeln!(self.body, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{colour}\"/>");
    }

    /// The picture as text.
    pub fn finish(self) -> String {
        let Self { width, height, title, body } = self;
        let title = escaped(&title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"Helvetica, Arial, 'Noto Sans CJK SC', sans-serif\">\n\
             <title>{title}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{body}</svg>\n"
        )
    }
}

/// A text between tags.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// About how wide a text is at most, in the size of labels; one of Chinese characters is twice as wide as one of letters.
pub fn width(text: &str) -> f64 {
    6.8 * text.width() as f64
}

/// A text, cut where it is wider than there is room.
pub fn cut(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if width(&kept) + width("…") + width(letter.encode_utf8(&mut [0; 4])) > room {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// A scale from numbers to places.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Over some numbers, with a little room at both ends.
    pub fn over(numbers: impl IntoIterator<Item = f64>, start: f64, end: f64) -> Self {
        let (from, to) =
            numbers.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), number| {
                (from.min(number), to.max(number))
            });
        let room = if to > from { 0.03 * (to - from) } else { to.abs().max(1.0) * 0.01 };
        let (from, to) = if from.is_finite() { (from - room, to + room) } else { (0.0, 1.0) };
        Self { from, to, start, end }
    }

    /// Where a number is.
    pub fn at(&self, number: f64) -> f64 {
        self.start + (number - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// A few round numbers on it.
    pub fn ticks(&self) -> Vec<f64> {
        let rough = (self.to - self.from) / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough).unwrap_or(rough);
        let first = (self.from / step).ceil();
        (0..12).map(|at| (first + f64::from(at)) * step).take_while(|tick| *tick <= self.to).collect()
    }
}

/// A number, short.
pub fn short(number: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    if number.abs() >= 1000.0 {
        grouped(number.round() as i128)
    } else {
        let text = format!("{number:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}
