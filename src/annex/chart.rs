//! What charts show, before they are drawn. No chart is a map: no borders are drawn.

use crate::domain::Text;

/// A chart: its stable name, what it shows, and in words for those who cannot see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Stable name.
    pub id: &'static str,
    /// What it shows.
    pub caption: Text,
    /// The same in words.
    pub summary: Text,
    /// What is drawn.
    pub shape: Shape,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Money that flows.
    Sankey(Sankey),
    /// Two bars for each of some.
    Bars(Bars),
    /// A grid of shares.
    Heat(Heat),
    /// Columns of parts, one a year.
    Stacks(Stacks),
    /// A tile for each region.
    Tiles(Tiles),
}

/// Money that flows from left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct Sankey {
    /// Layers of nodes, each a name and its money.
    pub layers: Vec<Vec<(Text, i64)>>,
    /// Flows: the layer of their source, source, target in the next layer, money.
    pub flows: Vec<(usize, usize, usize, i64)>,
}

/// Two bars for each of some.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// What the two bars are.
    pub series: [Text; 2],
    /// Name and amounts.
    pub bars: Vec<(Text, [i64; 2])>,
}

/// A grid of shares, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// Names of the columns.
    pub columns: Vec<Text>,
    /// Name of a row, and a share for each column, where there is one.
    pub rows: Vec<(Text, Vec<Option<f64>>)>,
}

/// Columns of parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Stacks {
    /// Names of the parts.
    pub parts: Vec<Text>,
    /// Name of a column, and the amount of each part.
    pub columns: Vec<(Text, Vec<i64>)>,
}

/// A tile for each of some, in a plain grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiles {
    /// Name, money and share.
    pub tiles: Vec<(Text, i64, Option<f64>)>,
}
