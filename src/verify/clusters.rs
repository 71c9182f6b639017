//! Clusters of neighbours, the maximal sets of sites that are all neighbours of one another, and the lines that
//! build an industry in each.

use std::collections::{BTreeMap, BTreeSet};

use super::programme::Programme;
use super::selection::Mask;

/// The most members that all clusters may have together.
const MOST_MEMBERS: usize = 1_000_000;

/// An industry in a cluster.
#[derive(Debug, Clone)]
pub struct Built {
    /// The industry, then the sites.
    pub of: Vec<String>,
    /// The section that the industry belongs to.
    pub section: Option<String>,
    /// Sites that can build it there, each with its lines.
    pub at: Vec<(usize, Vec<usize>)>,
}

/// All that can be built together, at the level of divisions or of sections.
///
/// # Errors
/// When there are too many clusters, or a neighbour is no site.
pub fn built(programme: &Programme<'_>, mask: &Mask, by_section: bool) -> Result<Vec<Built>, String> {
    let input = programme.input;
    let parent =
        |code: &String| input.industries.iter().find(|i| i.id == *code).and_then(|i| i.parent.clone());
    let mut at_site: Vec<BTreeMap<String, Vec<usize>>> = vec![BTreeMap::new(); input.sites.len()];
    for (position, line) in programme.lines.iter().enumerate().filter(|(_, line)| mask.has(line)) {
        if let Some(own) = &input.sectors[line.sector].industry {
            let section = if by_section { parent(own) } else { None };
            at_site[line.site].entry(section.unwrap_or_else(|| own.clone())).or_default().push(position);
        }
    }
    let mut all = Vec::new();
    for cluster in clusters(programme)? {
        let codes: BTreeSet<&String> = cluster.iter().flat_map(|&site| at_site[site].keys()).collect();
        for code in codes {
            let sites = cluster.iter().map(|&site| input.sites[site].id.clone());
            let at = cluster.iter().filter_map(|&site| Some((site, at_site[site].get(code)?.clone())));
            let of = std::iter::once(code.clone()).chain(sites).collect();
            all.push(Built { of, section: parent(code), at: at.collect() });
        }
    }
    Ok(all)
}

fn clusters(programme: &Programme<'_>) -> Result<Vec<Vec<usize>>, String> {
    let Some(pairs) = &programme.input.neighbours else { return Ok(Vec::new()) };
    let mut near = vec![BTreeSet::new(); programme.input.sites.len()];
    for (a, b) in pairs {
        let (a, b) = (programme.site(a)?, programme.site(b)?);
        near[a].insert(b);
        near[b].insert(a);
    }
    let mut found = Vec::new();
    let sites = (0..near.len()).collect();
    extend(&near, &mut Vec::new(), sites, BTreeSet::new(), &mut found)?;
    Ok(found)
}

/// Bron and Kerbosch (1973): every maximal set with all of `chosen`, some of `open` and none of `done`.
fn extend(
    near: &[BTreeSet<usize>],
    chosen: &mut Vec<usize>,
    mut open: BTreeSet<usize>,
    mut done: BTreeSet<usize>,
    found: &mut Vec<Vec<usize>>,
) -> Result<(), String> {
    let Some(&pivot) = open.union(&done).max_by_key(|site| near[**site].intersection(&open).count()) else {
        let mut cluster = chosen.clone();
        cluster.sort_unstable();
        found.push(cluster);
        let too_many = found.iter().map(Vec::len).sum::<usize>() > MOST_MEMBERS;
        return if too_many {
            Err("input: there are too many clusters of neighbours".to_owned())
        } else {
            Ok(())
        };
    };
    for site in open.difference(&near[pivot]).copied().collect::<Vec<_>>() {
        chosen.push(site);
        let both = |set: &BTreeSet<usize>| set.intersection(&near[site]).copied().collect();
        extend(near, chosen, both(&open), both(&done), found)?;
        chosen.pop();
        open.remove(&site);
        done.insert(site);
    }
    Ok(())
}
