//! Table `parks`: designated joint parks, demonstration parks and enclaves.

use super::cells::RowReader;
use super::columns::Column;
use super::decimal::Rounding;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::shares::{self, BASIS_POINTS, basis_points};
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::Code;
use crate::domain::{Industry, IndustryId, Park, ParkKind, Sector, SectorId, SiteId, Text};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "parks",
    required: false,
    key: &["park_id"],
    meaning: "designated parks: what the host builds in the admitted sectors is built in the park",
    columns: &[
        ColumnSpec::required("park_id", "stable id"),
        ColumnSpec::required("name_zh", "name in Chinese"),
        ColumnSpec::required("name_en", "name in English"),
        ColumnSpec::required("kind", "joint, demonstration or enclave"),
        ColumnSpec::required("host", "id of the site where it is"),
        ColumnSpec::optional("industries", "industries that it admits, with ; between them"),
        ColumnSpec::optional(
            "sectors",
            "sectors that it admits beside; with neither: every sector of an industry",
        ),
        ColumnSpec::optional("capacity", "most money over the horizon; empty: no limit").number(),
        ColumnSpec::optional(
            "benefit_shares",
            "enclaves only: site=basis points with ; between, what the host keeps included; together 10000",
        ),
    ],
};

const KINDS: [(&str, ParkKind); 3] =
    [("joint", ParkKind::Joint), ("demonstration", ParkKind::Demonstration), ("enclave", ParkKind::Enclave)];

/// What parks refer to.
pub(super) struct Known<'a> {
    pub industries: &'a [Industry],
    pub sectors: &'a [Sector],
}

/// Reads them, by id; `indexes` are those of sites, industries and sectors.
pub(super) fn read(
    table: &Table,
    indexes: [&mut Index<'_>; 3],
    known: &Known<'_>,
    reading: &mut Reading,
) -> Vec<Park> {
    let [sites, industries, sectors] = indexes;
    let column = |name: &str| Column::of(table, name);
    let [id, zh, en, kind, host] = ["park_id", "name_zh", "name_en", "kind", "host"].map(column);
    let [of_industry, of_sector] = ["industries", "sectors"].map(column);
    let [capacity, benefits] = ["capacity", "benefit_shares"].map(column);
    let (mut seen, mut taken) = (Seen::new(table), Seen::of(table, &["host"]));
    let mut list: Vec<Park> = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let name = Text { zh: row.required_text(&zh).to_owned(), en: row.required_text(&en).to_owned() };
        if !row.filled(&kind) {
            row.tell_empty(&kind);
        }
        let word = row.choice(&kind, &KINDS.map(|(word, _)| word));
        let codes = row.list(&of_industry);
        let ids = row.list(&of_sector);
        let capacity = row.money(&capacity, Rounding::Down);
        let shares = shares::read(&mut row, &benefits, "site");
        let (id, host_id) = (row.id(&id), row.id(&host));
        let mut resolve = |index: &mut Index<'_>, id: &str, column: &Column| {
            index.resolve(Some(id), table, at, &column.name, reading)
        };
        let codes: Option<Vec<usize>> =
            codes.iter().map(|code| resolve(industries, code, &of_industry)).collect();
        let ids: Option<Vec<usize>> = ids.iter().map(|id| resolve(sectors, id, &of_sector)).collect();
        let host = host_id.and_then(|id| resolve(sites, id, &host)).map(SiteId);
        let shares: Option<Vec<(SiteId, i64)>> = shares.and_then(|shares| {
            let site = |(id, points)| resolve(sites, id, &benefits).map(|site| (SiteId(site), points));
            shares.into_iter().map(site).collect()
        });
        let (Some(id), Some(codes), Some(ids)) = (id, codes, ids) else { continue };
        let (Some(host), Some(shares), Some(word)) = (host, shares, word) else { continue };
        let kind = KINDS.iter().find(|(known, _)| *known == word).map_or(ParkKind::Joint, |(_, kind)| *kind);
        if !seen.is_new(id, at, id, reading) {
            continue;
        }
        check_shares(&mut reading.row(table, at), &benefits, kind, host, &shares);
        let park = Park {
            id: id.to_owned(),
            name,
            kind,
            host,
            sectors: admitted(&codes, &ids, known),
            capacity,
            benefits: shares.into_iter().map(|(site, points)| (site, basis_points(points))).collect(),
        };
        if park.sectors.is_empty() {
            let cause = format!("the park '{id}' admits no sector of the scenario");
            let action = "give a sector one of its industries, or name its sectors";
            reading.complain(table, at, "industries", Code::ParkWithoutSector, cause, action);
        }
        for sector in &park.sectors {
            let shown = format!("{}, {}", host_id.unwrap_or_default(), known.sectors[sector.0].id);
            // One park of a host for each sector: else it is not clear which of them has the money.
            taken.is_new((park.host, *sector), at, &shown, reading);
        }
        list.push(park);
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}

/// The sectors of these industries, and these; every sector of an industry where none is named.
fn admitted(codes: &[usize], ids: &[usize], known: &Known<'_>) -> Vec<SectorId> {
    let all = codes.is_empty() && ids.is_empty();
    let of = |industry: IndustryId| {
        let section = known.industries[industry.0].parent;
        codes.iter().any(|&code| industry.0 == code || section == Some(IndustryId(code)))
    };
    let sectors = known.sectors.iter().enumerate();
    sectors
        .filter(|(position, sector)| {
            ids.contains(position) || sector.industry.is_some_and(|industry| all || of(industry))
        })
        .map(|(position, _)| SectorId(position))
        .collect()
}

fn check_shares(
    row: &mut RowReader<'_, '_>,
    column: &Column,
    kind: ParkKind,
    host: SiteId,
    shares: &[(SiteId, i64)],
) {
    if kind != ParkKind::Enclave {
        if !shares.is_empty() {
            let cause = "only an enclave shares its benefits";
            row.complain(column, Code::ConflictingColumns, cause, "empty the cell, or use kind = enclave");
        }
        return;
    }
    if !shares.iter().any(|(site, _)| *site != host) {
        let cause = "an enclave has a home site beside its host, and none is named";
        let action = "write the share of each site: host=4000;home=6000";
        row.complain(column, Code::MissingValue, cause, action);
        return;
    }
    let sum: i64 = shares.iter().map(|(_, points)| points).sum();
    if sum != BASIS_POINTS {
        let cause = format!("the shares add up to {sum} basis points");
        let action = "they add up to 10000; what is left to the host is a share too";
        row.complain(column, Code::OutOfRange, cause, action);
    }
}
