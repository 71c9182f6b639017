//! What a planner can turn to give a row of a rule more room: a parameter of the policy, a cell of a table,
//! a row of it. A conflict is told in these words, and mended with them.

/// Which way gives more room, and how far it can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// Down to nothing.
    Less,
    /// Up without a limit.
    More,
    /// Up to the whole.
    MoreUpToOne,
}

/// One of the things that a row rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dial {
    /// A number among the rule's parameters: keys, then the position where it is one of a list.
    Parameter {
        /// Keys, outermost first.
        path: Vec<String>,
        /// Position in a list of numbers.
        position: Option<usize>,
        /// Which way gives room.
        towards: Towards,
        /// Whether only whole numbers will do.
        whole: bool,
    },
    /// A cell of a table.
    Cell {
        /// The table.
        table: &'static str,
        /// Columns and ids that choose the row.
        row: Vec<(&'static str, String)>,
        /// Columns that may hold the number; the first that is filled does.
        columns: Vec<String>,
        /// Which way gives room.
        towards: Towards,
    },
    /// A row that forbids something. Without it there is room.
    Row {
        /// The table.
        table: &'static str,
        /// Columns and texts that choose the row.
        row: Vec<(&'static str, String)>,
    },
}

impl Dial {
    fn parameter(path: &[&str], towards: Towards, whole: bool) -> Self {
        let path = path.iter().map(|&key| key.to_owned()).collect();
        Self::Parameter { path, position: None, towards, whole }
    }

    /// A share or amount that asks for something.
    pub fn less(path: &[&str]) -> Self {
        Self::parameter(path, Towards::Less, false)
    }

    /// A share or amount that limits something.
    pub fn more(path: &[&str]) -> Self {
        Self::parameter(path, Towards::More, false)
    }

    /// A share that limits something, up to the whole.
    pub fn more_up_to_one(path: &[&str]) -> Self {
        Self::parameter(path, Towards::MoreUpToOne, false)
    }

    /// A count that asks for something.
    pub fn less_of(path: &[&str]) -> Self {
        Self::parameter(path, Towards::Less, true)
    }

    /// A count that limits something.
    pub fn more_of(path: &[&str]) -> Self {
        Self::parameter(path, Towards::More, true)
    }

    /// A cell of which more gives room.
    pub fn cell<const N: usize>(
        table: &'static str,
        row: [(&'static str, &str); N],
        columns: impl IntoIterator<Item = String>,
    ) -> Self {
        let row = row.map(|(column, id)| (column, id.to_owned())).to_vec();
        Self::Cell { table, row, columns: columns.into_iter().collect(), towards: Towards::More }
    }
}

/// The column of a year, then the one for all years.
pub(super) fn yearly(stem: &str, year: &str) -> [String; 2] {
    [format!("{stem}_{year}"), stem.to_owned()]
}
