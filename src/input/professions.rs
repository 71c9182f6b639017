//! Table `professions`: who may stand in for whom.

use super::cells::Range;
use super::columns::Column;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::shares::{self, basis_points};
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{Profession, ProfessionId, Text};
use crate::units::Ratio;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "professions",
    required: false,
    key: &["profession_id"],
    meaning: "professions of secondees and posts, and who may stand in for whom",
    columns: &[
        ColumnSpec::required("profession_id", "stable id"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
        ColumnSpec::optional(
            "substitutes",
            "who else may fill its posts, and how well: profession=basis points with ; between",
        ),
        ColumnSpec::optional("grade_loss", "fit lost in its posts for each grade below; default 0.25")
            .number(),
    ],
};

/// Fit that is lost where the table does not say.
const GRADE_LOSS: Ratio = Ratio::from_micros(250_000);

/// Reads them, by id.
pub(super) fn read(table: &Table, reading: &mut Reading) -> Vec<Profession> {
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en] = ["profession_id", "name_zh", "name_en"].map(column);
    let [substitutes, loss] = ["substitutes", "grade_loss"].map(column);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };
        let shares = shares::read(&mut row, &substitutes, "profession").unwrap_or_default();
        let grade_loss = row.ratio(&loss, Range::SHARE, GRADE_LOSS);
        let Some(id) = row.id(&id) else { continue };
        if seen.is_new(id, at, id, reading) {
            list.push((id, name, shares, grade_loss, at));
        }
    }
    list.sort_unstable_by_key(|(id, ..)| *id);
    let mut index = Index::new("profession", "professions", list.iter().map(|(id, ..)| *id), true);
    let mut professions = Vec::with_capacity(list.len());
    for (own, name, shares, grade_loss, at) in list {
        let mut substitutes = Vec::with_capacity(shares.len());
        for (other, points) in shares {
            if other == own {
                let cause = format!("'{own}' is named as its own substitute");
                let action = "take it out: a profession fills its own posts with fit 1";
                reading.complain(table, at, "substitutes", Code::OutOfRange, cause, action);
            } else if let Some(other) = index.resolve(Some(other), table, at, "substitutes", reading) {
                substitutes.push((ProfessionId(other), basis_points(points)));
            }
        }
        professions.push(Profession { id: own.to_owned(), name, substitutes, grade_loss });
    }
    professions
}

/// Professions of which nothing is known but their ids.
pub(super) fn named<'t>(ids: impl Iterator<Item = &'t str>) -> Vec<Profession> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let name = |id: &str| Text { zh: id.to_owned(), en: id.to_owned() };
    let profession = |id: &str| Profession {
        id: id.to_owned(),
        name: name(id),
        substitutes: Vec::new(),
        grade_loss: GRADE_LOSS,
    };
    ids.into_iter().map(profession).collect()
}
