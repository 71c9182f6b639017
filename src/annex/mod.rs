//! The annexes of a guidance document, made from a written run alone: nothing here has seen a scenario's tables,
//! a model or a solver.
//!
//! [`Run`] reads the folder, [`content`] makes one [`Annex`] of it (headings, paragraphs, tables of typed cells,
//! charts), in all languages at once; then there is one file a format. So a figure is the same in every one.

mod chart;
pub mod content;
mod document;
mod docx;
#[cfg(feature = "pdf")]
mod fonts;
mod html;
mod messages;
mod names;
mod number;
#[cfg(feature = "pdf")]
mod pdf;
mod picture;
mod redline;
mod run;
mod svg;
mod xlsx;

pub use chart::{Bars, Chart, Heat, Sankey, Shape, Stacks, Tiles};
pub use document::{Annex, Block, Cell, Column, Kind, Level, Mark, Row, Table, Verdict};
pub use docx::{Template, docx};
#[cfg(feature = "pdf")]
pub use fonts::{Fonts, MissingGlyphs};
pub use html::html;
pub use messages::{Arg, Messages};
#[cfg(feature = "pdf")]
pub use pdf::pdf;
#[cfg(feature = "pdf")]
pub use picture::pictures;
pub use picture::{Picture, Pictures};
pub use run::Run;
pub use xlsx::xlsx;

use crate::domain::Text;

/// A language that annexes are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Chinese, in simplified characters.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Its tag (BCP 47), without a script or country.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// What a text says in it.
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::Zh => &text.zh,
            Self::En => &text.en,
        }
    }
}
