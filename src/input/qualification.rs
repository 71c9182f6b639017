//! The columns by which secondees and posts are held against each other, in the four tables that have them.

use super::cells::{Range, RowReader};
use super::columns::Column;
use super::index::Index;
use super::reading::Reading;
use super::spec::ColumnSpec;
use super::table::Table;
use crate::domain::{ProfessionId, Qualification};
use crate::units::Ratio;

/// Persons or posts in a row.
pub(super) const NUMBERS: std::ops::RangeInclusive<i64> = 1..=1_000_000;
/// Grades; ranks of civil servants and of professional titles have fewer.
const GRADES: std::ops::RangeInclusive<i64> = 1..=99;
/// Fifty years.
const MOST_MONTHS: i64 = 600;

pub(super) const PROFESSION: ColumnSpec = ColumnSpec::required("profession_id", "which profession");
pub(super) const SKILLS: ColumnSpec = ColumnSpec::optional("skills", "names of skills, with ; between them");

/// Where they stand.
pub(super) struct Columns {
    profession: Column,
    grade: Column,
    months: Column,
    full_time: Column,
    skills: Column,
    /// Months where the cell is empty.
    usual_months: i64,
}

/// What a row says, its profession not yet looked up.
pub(super) struct Raw<'t> {
    profession: Option<&'t str>,
    grade: i64,
    months: i64,
    full_time: Ratio,
    skills: Vec<String>,
}

impl Columns {
    /// Looks them up. `usual_months` are those of a row that does not say.
    pub fn of(table: &Table, usual_months: i64) -> Self {
        let column = |name: &str| Column::of(table, name);
        let [profession, grade, months] = ["profession_id", "grade", "months"].map(column);
        let [full_time, skills] = ["full_time", "skills"].map(column);
        Self { profession, grade, months, full_time, skills, usual_months }
    }

    pub fn read<'t>(&self, row: &mut RowReader<'_, 't>) -> Raw<'t> {
        Raw {
            profession: row.id(&self.profession),
            grade: row.whole(&self.grade, GRADES, 1),
            months: row.whole(&self.months, 0..=MOST_MONTHS, self.usual_months),
            full_time: row.ratio(&self.full_time, Range::positive_to(1), Ratio::ONE),
            skills: row.list(&self.skills),
        }
    }
}

impl Raw<'_> {
    /// With its profession; `None` where that is not known, which is told.
    pub fn resolve(
        self,
        professions: &mut Index<'_>,
        table: &Table,
        at: usize,
        reading: &mut Reading,
    ) -> Option<Qualification> {
        let Self { profession, grade, months, full_time, skills } = self;
        let profession = professions.resolve(profession, table, at, "profession_id", reading)?;
        Some(Qualification { profession: ProfessionId(profession), grade, months, full_time, skills })
    }
}
