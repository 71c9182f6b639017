//! Which tables and columns there are: one source for the reader, its warnings and the documentation.

/// A table of a scenario.
#[derive(Debug)]
pub struct TableSpec {
    /// Its name, and the stem of its file.
    pub name: &'static str,
    /// Whether every scenario has it.
    pub required: bool,
    /// The columns that tell its rows apart.
    pub key: &'static [&'static str],
    /// What a row is, in one line.
    pub meaning: &'static str,
    /// Its columns.
    pub columns: &'static [ColumnSpec],
}

/// A column of a table.
#[derive(Debug)]
pub struct ColumnSpec {
    /// Its heading; `_YYYY` at the end stands for one column a year of the scenario.
    pub name: &'static str,
    /// Whether every row has it.
    pub required: bool,
    /// What it says, in one line.
    pub meaning: &'static str,
    /// Whether its filled cells are numbers.
    pub is_number: bool,
}

impl ColumnSpec {
    pub(super) const fn required(name: &'static str, meaning: &'static str) -> Self {
        Self { name, required: true, meaning, is_number: false }
    }

    pub(super) const fn optional(name: &'static str, meaning: &'static str) -> Self {
        Self { name, required: false, meaning, is_number: false }
    }

    /// The same, with cells that are numbers.
    pub(super) const fn number(self) -> Self {
        Self { is_number: true, ..self }
    }

    /// Whether a heading means this column in a scenario of these years.
    pub fn is_named(&self, heading: &str, years: &[i32]) -> bool {
        match self.name.strip_suffix("YYYY") {
            None => self.name == heading,
            Some(stem) => heading
                .strip_prefix(stem)
                .is_some_and(|rest| years.iter().any(|year| year.to_string() == rest)),
        }
    }
}

impl TableSpec {
    /// The column that a heading means in a scenario of these years.
    pub fn column(&self, heading: &str, years: &[i32]) -> Option<&'static ColumnSpec> {
        self.columns.iter().find(|column| column.is_named(heading, years))
    }

    /// The headings that it knows in a scenario of these years, for messages.
    pub(super) fn headings(&self, years: &[i32]) -> Vec<String> {
        self.columns
            .iter()
            .flat_map(|column| match column.name.strip_suffix("YYYY") {
                None => vec![column.name.to_owned()],
                Some(stem) => years.iter().map(|year| format!("{stem}{year}")).collect(),
            })
            .collect()
    }
}

static TABLES: [TableSpec; 20] = [
    super::provinces::SPEC,
    super::regions::SPEC,
    super::sites::SPEC,
    super::industries::SPEC,
    super::sectors::SPEC,
    super::pairings::SPEC,
    super::needs::SPEC,
    super::priorities::SPEC,
    super::sector_capacity::SPEC,
    super::commitments::SPEC,
    super::exclusions::SPEC,
    super::neighbours::SPEC,
    super::parks::SPEC,
    super::professions::SPEC,
    super::secondees::SPEC,
    super::posts::SPEC,
    super::placements::SPEC,
    super::people::SPEC,
    super::post_list::SPEC,
    super::provenance::SPEC,
];

/// All tables of a scenario, in reading order.
pub fn tables() -> &'static [TableSpec] {
    &TABLES
}

/// The table in which a plan is written.
pub fn plan_table() -> &'static TableSpec {
    static PLAN: TableSpec = super::plan::SPEC;
    &PLAN
}

/// The table in which the people of a plan are written.
pub fn talent_table() -> &'static TableSpec {
    static TALENT: TableSpec = super::placed::SPEC;
    &TALENT
}

pub(super) fn find(name: &str) -> Option<&'static TableSpec> {
    TABLES.iter().find(|table| table.name == name)
}
