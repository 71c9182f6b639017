//! Table `people`: single secondees, for matching one to one. Ids, professions, grades and skills only.

use super::columns::Column;
use super::index::{Index, Seen};
use super::qualification::{Columns, PROFESSION, SKILLS};
use super::reading::Reading;
use super::secondees::USUAL_MONTHS;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{Person, ProvinceId};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "people",
    required: false,
    key: &["person_id"],
    meaning: "single secondees, for matching one to one: ids, professions, grades and skills only",
    columns: &[
        ColumnSpec::required("person_id", "an id that says nothing about the person"),
        ColumnSpec::required("province_id", "who sends the person"),
        PROFESSION,
        ColumnSpec::optional("grade", "rank, 1 to 99, the higher the more senior; default 1").number(),
        ColumnSpec::optional("months", "how long the person stays; default 12").number(),
        ColumnSpec::optional("full_time", "share of full time that the person gives; default 1").number(),
        SKILLS,
    ],
};

/// Reads them, by id.
pub(super) fn read(
    table: &Table,
    provinces: &mut Index<'_>,
    professions: &mut Index<'_>,
    reading: &mut Reading,
) -> Vec<Person> {
    let [id, province] = ["person_id", "province_id"].map(|name| Column::of(table, name));
    let columns = Columns::of(table, USUAL_MONTHS);
    let mut seen = Seen::new(table);
    let mut list = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let raw = columns.read(&mut row);
        let (person, sender) = (row.id(&id), row.id(&province));
        if let Some(what) = person.and_then(official_number) {
            // Not shown: it is not for a log either.
            let cause = format!("the id has the form of {what}");
            let action = "number people afresh, and keep the list of who is who elsewhere";
            row.complain(&id, Code::PersonalData, cause, action);
        }
        let sender = provinces.resolve(sender, table, at, "province_id", reading);
        let offers = raw.resolve(professions, table, at, reading);
        let Some(id) = person.filter(|id| seen.is_new(*id, at, id, reading)) else { continue };
        let (Some(province), Some(offers)) = (sender, offers) else { continue };
        list.push(Person { id: id.to_owned(), province: ProvinceId(province), offers });
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}

/// The form of a number that says who somebody is: of a resident identity card (18 digits, the last may be X), or
/// of a mobile telephone (11 digits from 13 to 19 on).
fn official_number(id: &str) -> Option<&'static str> {
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    match id.len() {
        18 if id[..17].bytes().all(|byte| byte.is_ascii_digit()) && (digits || id.ends_with(['X', 'x'])) => {
            Some("an identity card's number")
        }
        11 if digits && id.starts_with('1') && !id[1..].starts_with(['0', '1', '2']) => {
            Some("a telephone number")
        }
        _ => None,
    }
}
