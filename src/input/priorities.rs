//! Table `priorities`: how much more one site, region or sector counts than another.

use super::cells::Range;
use super::columns::Column;
use super::index::{Index, Seen};
use super::reading::Reading;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::domain::{RegionId, SectorId, SiteId};
use crate::units::{MICRO, Ratio};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "priorities",
    required: false,
    key: &["kind", "id"],
    meaning: "how much more one site, region or sector counts than another; 1 where no row says otherwise",
    columns: &[
        ColumnSpec::required("kind", "site, region or sector"),
        ColumnSpec::required("id", "its id"),
        ColumnSpec::required("weight", "over 0, at most 1000").number(),
    ],
};

const KINDS: [&str; 3] = ["site", "region", "sector"];

/// The weight of each site, region and sector.
#[derive(Default)]
pub(super) struct Priorities([std::collections::HashMap<usize, Ratio>; 3]);

impl Priorities {
    /// Site × region × sector, rounded once to a millionth, and at least that: a need never counts for nothing.
    pub fn weight(&self, site: SiteId, region: RegionId, sector: SectorId) -> Ratio {
        let one = |kind: usize, position: usize| {
            i128::from(self.0[kind].get(&position).copied().unwrap_or(Ratio::ONE).micros())
        };
        let micro = i128::from(MICRO);
        let product = one(0, site.0) * one(1, region.0) * one(2, sector.0);
        let rounded = (product + micro * micro / 2) / (micro * micro);
        Ratio::from_micros(i64::try_from(rounded).unwrap_or(i64::MAX).max(1))
    }
}

/// Reads them; the indexes are those of sites, regions and sectors.
pub(super) fn read(table: &Table, indexes: &mut [&mut Index<'_>; 3], reading: &mut Reading) -> Priorities {
    let [kind, id, weight] = ["kind", "id", "weight"].map(|name| Column::of(table, name));
    let mut seen = Seen::new(table);
    let mut priorities = Priorities::default();
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        if !row.filled(&kind) {
            row.tell_empty(&kind);
        }
        let (word, name) = (row.choice(&kind, &KINDS), row.id(&id));
        if !row.filled(&weight) {
            row.tell_empty(&weight);
        }
        let ratio = row.ratio(&weight, Range::positive_to(1000), Ratio::ONE);
        let Some(which) = KINDS.iter().position(|known| Some(*known) == word) else { continue };
        let Some(position) = indexes[which].resolve(name, table, at, "id", reading) else { continue };
        let shown = format!("{}, {}", KINDS[which], name.unwrap_or_default());
        if seen.is_new((which, position), at, &shown, reading) {
            priorities.0[which].insert(position, ratio);
        }
    }
    priorities
}
