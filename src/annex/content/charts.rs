//! Charts of what the tables hold. A large programme is drawn by its largest members, and what is left by one.

use std::collections::BTreeMap;

use super::Maker;
use crate::annex::chart::{Bars, Chart, Heat, Sankey, Shape, Stacks, Tiles};
use crate::annex::document::Block;
use crate::annex::messages::Arg;
use crate::domain::Text;

/// Most members of a layer of the flows, and most pairs of bars.
const MOST: usize = 16;
/// Most rows of the grid of coverage; with more sites, it is drawn by region.
const MOST_ROWS: usize = 60;

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(2, "part-charts");
    for (id, shape, caption, summary) in [
        ("flows", flows(maker), "chart-flows", "chart-flows-summary"),
        ("bars", bars(maker), "chart-bars", "chart-bars-summary"),
        ("heat", heat(maker), "chart-heat", "chart-heat-summary"),
        ("phases", phases(maker), "chart-phases", "chart-phases-summary"),
        ("tiles", tiles(maker), "chart-tiles", "chart-tiles-summary"),
    ] {
        let Some(shape) = shape else { continue };
        let unit = maker.unit();
        let caption = maker.with(caption, &[("unit", Arg::Text(&unit))]);
        maker.blocks.push(Block::Chart(Chart { id, caption, summary: maker.say(summary), shape }));
    }
}

/// The largest of some, and for each id its position among them; the others share a last one.
struct Layer {
    nodes: Vec<(Text, i64)>,
    position: BTreeMap<String, usize>,
}

fn layer(maker: &Maker<'_>, sums: &BTreeMap<&str, i64>, name: impl Fn(&str) -> Text) -> Layer {
    let mut sorted: Vec<_> = sums.iter().filter(|(_, money)| **money > 0).collect();
    sorted.sort_by_key(|(id, money)| (std::cmp::Reverse(**money), **id));
    let shown = if sorted.len() > MOST { MOST - 1 } else { sorted.len() };
    let mut nodes: Vec<_> = sorted.iter().take(shown).map(|(id, money)| (name(id), **money)).collect();
    let mut position = BTreeMap::new();
    for (at, (id, _)) in sorted.iter().enumerate() {
        position.insert((**id).to_owned(), at.min(shown));
    }
    if sorted.len() > shown {
        let rest = sorted[shown..].iter().map(|(_, money)| **money).sum();
        let count = Arg::Count(sorted.len() - shown);
        nodes.push((maker.with("others", &[("number", count)]), rest));
    }
    Layer { nodes, position }
}

fn flows(maker: &Maker<'_>) -> Option<Shape> {
    let lines = &maker.run.document.lines;
    let mut sums: [BTreeMap<&str, i64>; 3] = Default::default();
    for line in lines {
        for (sum, id) in sums.iter_mut().zip([&line.province_id, &line.site_id, &line.sector_id]) {
            *sum.entry(id).or_default() += line.total;
        }
    }
    let layers = [
        layer(maker, &sums[0], |id| maker.names.province(id)),
        layer(maker, &sums[1], |id| maker.names.site(id)),
        layer(maker, &sums[2], |id| maker.names.sector(id)),
    ];
    let mut flows: BTreeMap<(usize, usize, usize), i64> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.total > 0) {
        let at = |which: usize, id: &str| layers[which].position[id];
        let (p, s, k) = (at(0, &line.province_id), at(1, &line.site_id), at(2, &line.sector_id));
        *flows.entry((0, p, s)).or_default() += line.total;
        *flows.entry((1, s, k)).or_default() += line.total;
    }
    let flows: Vec<_> =
        flows.into_iter().map(|((layer, from, to), money)| (layer, from, to, money)).collect();
    let layers = layers.map(|layer| layer.nodes).to_vec();
    (!flows.is_empty()).then_some(Shape::Sankey(Sankey { layers, flows }))
}

/// Before and after, by site: the last plan, or the baseline where there is none.
fn bars(maker: &Maker<'_>) -> Option<Shape> {
    let (before, key) = match (maker.has_last_plan(), maker.has_baseline()) {
        (true, _) => (true, "head-last-plan"),
        (false, true) => (false, "head-baseline"),
        (false, false) => return None,
    };
    let mut bars: Vec<_> = (maker.run.document.coverage.site.iter())
        .map(|site| {
            let other = if before { site.last_plan } else { site.baseline };
            (maker.names.site(&site.now.id), [other.unwrap_or_default(), site.now.money])
        })
        .collect();
    bars.sort_by_key(|(_, amounts)| std::cmp::Reverse(amounts[0].max(amounts[1])));
    bars.truncate(MOST);
    Some(Shape::Bars(Bars { series: [maker.say(key), maker.say("head-this-plan")], bars }))
}

/// Covered share by site and sector; by region and sector where there are many sites.
fn heat(maker: &Maker<'_>) -> Option<Shape> {
    let input = &maker.run.input;
    let effect: BTreeMap<(&str, &str), i64> = (input.links.iter())
        .map(|link| ((link.province.as_str(), link.site.as_str()), link.effectiveness))
        .collect();
    // Covered need in millionths of a unit, by site and sector.
    let mut covering: BTreeMap<(&str, &str), i128> = BTreeMap::new();
    for line in &maker.run.document.lines {
        let effect = effect.get(&(line.province_id.as_str(), line.site_id.as_str())).copied().unwrap_or(0);
        *covering.entry((&line.site_id, &line.sector_id)).or_default() +=
            i128::from(effect) * i128::from(line.total);
    }
    let by_region = input.sites.len() > MOST_ROWS;
    let row_of =
        |site: &'_ str| if by_region { maker.names.region_id_of(site).to_owned() } else { site.to_owned() };
    let mut grid: BTreeMap<(String, &str), (i128, i128)> = BTreeMap::new();
    for need in input.needs.iter().filter(|need| need.amount > 0) {
        let whole = i128::from(need.amount) * 1_000_000;
        let covered =
            covering.get(&(need.site.as_str(), need.sector.as_str())).copied().unwrap_or(0).min(whole);
        let cell = grid.entry((row_of(&need.site), &need.sector)).or_default();
        *cell = (cell.0 + covered, cell.1 + whole);
    }
    let mut rows: Vec<String> = grid.keys().map(|(row, _)| row.clone()).collect();
    rows.dedup();
    let name = |row: &str| if by_region { maker.names.region(row) } else { maker.names.site(row) };
    let share = |row: &str, sector: &str| {
        grid.get(&(row.to_owned(), sector)).map(|(covered, whole)| *covered as f64 / *whole as f64)
    };
    let sectors = || input.sectors.iter().map(|sector| sector.id.as_str());
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (name(row), sectors().map(|sector| share(row, sector)).collect::<Vec<_>>()))
        .collect();
    (!rows.is_empty()).then(|| {
        Shape::Heat(Heat { columns: sectors().map(|sector| maker.names.sector(sector)).collect(), rows })
    })
}

/// Money by year and sector; nothing to see in a single year.
fn phases(maker: &Maker<'_>) -> Option<Shape> {
    let document = &maker.run.document;
    if document.scenario.years.len() < 2 {
        return None;
    }
    let sectors: Vec<&str> = document.members.sectors.iter().map(|sector| sector.id.as_str()).collect();
    let mut columns: Vec<(Text, Vec<i64>)> = (document.scenario.years.iter())
        .map(|year| (Text { zh: year.to_string(), en: year.to_string() }, vec![0; sectors.len()]))
        .collect();
    for line in &document.lines {
        let Some(part) = sectors.iter().position(|sector| *sector == line.sector_id) else { continue };
        for (column, amount) in columns.iter_mut().zip(&line.amounts) {
            column.1[part] += amount;
        }
    }
    let parts = sectors.iter().map(|sector| maker.names.sector(sector)).collect();
    Some(Shape::Stacks(Stacks { parts, columns }))
}

fn tiles(maker: &Maker<'_>) -> Option<Shape> {
    let regions = &maker.run.document.coverage.region;
    let tiles = regions
        .iter()
        .map(|region| (maker.names.region(&region.now.id), region.now.money, region.now.coverage))
        .collect();
    (!regions.is_empty()).then_some(Shape::Tiles(Tiles { tiles }))
}
