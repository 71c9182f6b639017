//! Which sites are neighbours: the table `neighbours`, or coordinates and a radius.

use super::columns::Column;
use super::index::{Index, Seen};
use super::join::Tables;
use super::layers::Radius;
use super::reading::Reading;
use super::sites;
use super::spec::{ColumnSpec, TableSpec};
use super::table::Table;
use crate::diagnostics::{Code, Place};
use crate::domain::{MOST_MEMBERS, MOST_PAIRS, NeighbourSource, Neighbours, SiteId};
use crate::units::grouped;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "neighbours",
    required: false,
    key: &["site_a", "site_b"],
    meaning: "pairs of sites that are neighbours, each once, in either order",
    columns: &[ColumnSpec::required("site_a", "one of the two"), ColumnSpec::required("site_b", "the other")],
};

/// Mean radius of the Earth in kilometres: R₁ of the International Union of Geodesy and Geophysics.
const EARTH_KM: f64 = 6371.0088;

/// Reads the table, or measures distances where `scenario.toml` gives a radius, and finds the clusters.
pub(super) fn read(
    tables: &Tables,
    radius: Option<&Radius>,
    rows: &[sites::Row],
    sites: &mut Index<'_>,
    reading: &mut Reading,
) -> Neighbours {
    let table = tables.get("neighbours");
    let listed = table.map(|table| (table, read_rows(table, sites, reading)));
    let (source, pairs, place) = match (listed, radius) {
        (Some((table, listed)), None) => {
            (NeighbourSource::Table, listed, Place { row: None, ..table.header.place() })
        }
        (None, Some(radius)) => {
            (NeighbourSource::Radius, within(radius, rows, tables, reading), radius.place.clone())
        }
        (Some((table, listed)), Some(radius)) => {
            if !listed.is_empty() {
                let cause = format!("{} lists neighbours too", table.header.file);
                let action = "take the key out, or the rows of the table";
                reading.found.push(Code::ConflictingColumns, radius.place.clone(), cause, action);
            }
            (NeighbourSource::Radius, within(radius, rows, tables, reading), radius.place.clone())
        }
        (None, None) => return Neighbours::default(),
    };
    let action = "use fewer pairs or a smaller radius: who is a neighbour of everybody says nothing";
    if pairs.len() > MOST_PAIRS {
        let cause = format!("there are more than {} pairs of neighbours", grouped(MOST_PAIRS as i128));
        reading.found.push(Code::TooManyNeighbours, place, cause, action);
        return Neighbours::default();
    }
    Neighbours::new(source, rows.len(), pairs).unwrap_or_else(|_| {
        let cause = format!(
            "the sets of sites that are all neighbours of one another have more than {} members together",
            grouped(MOST_MEMBERS as i128)
        );
        reading.found.push(Code::TooManyNeighbours, place, cause, action);
        Neighbours::default()
    })
}

fn read_rows(table: &Table, sites: &mut Index<'_>, reading: &mut Reading) -> Vec<(SiteId, SiteId)> {
    let columns = ["site_a", "site_b"].map(|name| Column::of(table, name));
    let mut seen = Seen::new(table);
    let mut pairs = Vec::with_capacity(table.rows.len());
    for at in 0..table.rows.len() {
        let mut row = reading.row(table, at);
        let ids = [0, 1].map(|which| row.id(&columns[which]));
        let [a, b] = [0, 1]
            .map(|which| sites.resolve(ids[which], table, at, &columns[which].name, reading).map(SiteId));
        let (Some(a), Some(b)) = (a, b) else { continue };
        if a == b {
            let cause = format!("'{}' is given as its own neighbour", ids[0].unwrap_or_default());
            reading.complain(table, at, "site_b", Code::OwnNeighbour, cause, "name two sites");
            continue;
        }
        let pair = (a.min(b), a.max(b));
        if seen.is_new(pair, at, &ids.map(Option::unwrap_or_default).join(", "), reading) {
            pairs.push(pair);
        }
    }
    pairs
}

/// Pairs of sites whose great-circle distance is at most the radius; every site must say where it is. Stops
/// above [`MOST_PAIRS`].
///
/// A distance is compared by its chord, which takes multiplications alone; sine and cosine come from `libm`
/// rather than from the machine. So every machine finds the same pairs.
fn within(
    radius: &Radius,
    rows: &[sites::Row],
    tables: &Tables,
    reading: &mut Reading,
) -> Vec<(SiteId, SiteId)> {
    let Some(table) = tables.get("sites") else { return Vec::new() };
    if table.position("latitude").is_none() {
        table.missing_column("latitude", &mut reading.found);
        return Vec::new();
    }
    let angle = radius.km.as_f64() / EARTH_KM;
    let half = libm::sin(0.5 * angle);
    let most = 4.0 * half * half;
    let mut points = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter().enumerate() {
        let Some(place) = row.site.coordinates else {
            let cause = format!("{} asks where '{}' is", radius.place, row.site.id);
            reading.complain(
                table,
                row.at,
                "latitude",
                Code::MissingValue,
                cause,
                "fill in both coordinates",
            );
            continue;
        };
        let [north, east] = [place.latitude, place.longitude].map(|degrees| degrees.as_f64().to_radians());
        let on_circle = libm::cos(north);
        let point = [on_circle * libm::cos(east), on_circle * libm::sin(east), libm::sin(north)];
        points.push((north, point, SiteId(position)));
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut pairs = Vec::new();
    for (first, (north, here, a)) in points.iter().enumerate() {
        // Further north than the radius is too far; a little more, for the last digit of a sum.
        let near = points[first + 1..].iter().take_while(|(other, ..)| other - north <= angle + 1e-9);
        for (_, there, b) in near {
            let chord: f64 = here.iter().zip(there).map(|(a, b)| (a - b) * (a - b)).sum();
            if chord <= most {
                pairs.push((*a, *b));
            }
        }
        if pairs.len() > MOST_PAIRS {
            break;
        }
    }
    pairs
}
