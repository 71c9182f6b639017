//! Which sites are neighbours, and the clusters that they form: the maximal cliques of the graph.

use serde::{Deserialize, Serialize};

use super::SiteId;

/// The most pairs of neighbours.
pub const MOST_PAIRS: usize = 1_000_000;
/// The most members that all clusters may have together: rules have a term for each. A graph of `n` sites may
/// have 3^(n/3) clusters (Moon and Moser, 1965).
pub const MOST_MEMBERS: usize = 1_000_000;

/// Where the pairs come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NeighbourSource {
    /// Nothing is said of neighbours.
    #[default]
    None,
    /// The table `neighbours`.
    Table,
    /// Coordinates and a radius.
    Radius,
}

/// The neighbour graph. Every site is in at least one cluster; one without neighbours is alone in its own.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    /// Where it comes from.
    pub source: NeighbourSource,
    /// Pairs of neighbours, ascending, the smaller id first.
    pub pairs: Vec<(SiteId, SiteId)>,
    /// Maximal sets of sites that are all neighbours of one another, ascending; none without a source.
    pub clusters: Vec<Vec<SiteId>>,
}

/// There are more than can be worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyClusters;

impl Neighbours {
    /// Finds the clusters of `sites` sites. Pairs may come in any order, each once; none is of one site.
    ///
    /// # Errors
    /// When all clusters together have more than [`MOST_MEMBERS`] members.
    pub fn new(
        source: NeighbourSource,
        sites: usize,
        pairs: impl IntoIterator<Item = (SiteId, SiteId)>,
    ) -> Result<Self, TooManyClusters> {
        let mut pairs: Vec<_> = pairs.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
        pairs.sort_unstable();
        let mut of = vec![Vec::new(); sites];
        for &(a, b) in &pairs {
            of[a.0].push(b.0);
            of[b.0].push(a.0);
        }
        for of in &mut of {
            of.sort_unstable();
        }
        let mut search = Search { of: &of, clique: Vec::new(), found: Vec::new(), members: 0 };
        for (site, of) in of.iter().enumerate() {
            let (before, after) = of.split_at(of.partition_point(|other| *other < site));
            search.clique.push(site);
            search.extend(after.to_vec(), before.to_vec())?;
            search.clique.pop();
        }
        search.found.sort_unstable();
        Ok(Self { source, pairs, clusters: search.found })
    }

    /// Whether two sites are neighbours.
    pub fn are(&self, a: SiteId, b: SiteId) -> bool {
        self.pairs.binary_search(&(a.min(b), a.max(b))).is_ok()
    }
}

/// The algorithm of Bron and Kerbosch (1973) with the pivot of Tomita, Tanaka and Takahashi (2006).
struct Search<'a> {
    /// Neighbours of each site, ascending.
    of: &'a [Vec<usize>],
    clique: Vec<usize>,
    found: Vec<Vec<SiteId>>,
    /// Of all that were found.
    members: usize,
}

impl Search<'_> {
    /// Finds every maximal clique that holds `clique`, some of `open` and none of `done`: both are the sites
    /// that are neighbours of all in `clique`, ascending.
    fn extend(&mut self, mut open: Vec<usize>, mut done: Vec<usize>) -> Result<(), TooManyClusters> {
        if open.is_empty() && done.is_empty() {
            let mut cluster: Vec<SiteId> = self.clique.iter().copied().map(SiteId).collect();
            cluster.sort_unstable();
            self.members += cluster.len();
            self.found.push(cluster);
        }
        if self.members > MOST_MEMBERS {
            return Err(TooManyClusters);
        }
        for site in self.branches(&open, &done) {
            self.clique.push(site);
            self.extend(common(&open, &self.of[site]), common(&done, &self.of[site]))?;
            self.clique.pop();
            open.retain(|other| *other != site);
            let place = done.partition_point(|other| *other < site);
            done.insert(place, site);
        }
        Ok(())
    }

    /// The members of `open` that are not neighbours of the pivot, the site with most neighbours there: any
    /// maximal clique holds the pivot or one of them.
    fn branches(&self, open: &[usize], done: &[usize]) -> Vec<usize> {
        let mut fewest = open.to_vec();
        // Sites that are done come first: only one of those can leave no branch at all.
        for &pivot in done.iter().chain(open) {
            if fewest.is_empty() || (fewest.len() == 1 && done.binary_search(&pivot).is_err()) {
                break;
            }
            if open.len() - common(open, &self.of[pivot]).len() < fewest.len() {
                let apart = |site: &usize| self.of[pivot].binary_search(site).is_err();
                fewest = open.iter().copied().filter(apart).collect();
            }
        }
        fewest
    }
}

/// What two ascending lists have in common.
fn common(a: &[usize], b: &[usize]) -> Vec<usize> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().copied().filter(|member| many.binary_search(member).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clusters(sites: usize, pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let pairs = pairs.iter().map(|&(a, b)| (SiteId(a), SiteId(b)));
        let found = Neighbours::new(NeighbourSource::Table, sites, pairs).expect("few").clusters;
        found.into_iter().map(|cluster| cluster.into_iter().map(|site| site.0).collect()).collect()
    }

    #[test]
    fn clusters_are_maximal_cliques() {
        assert_eq!(clusters(3, &[]), [[0], [1], [2]]);
        // Two triangles on a common side, a tail, and a site alone.
        let pairs = [(1, 0), (2, 0), (1, 2), (3, 1), (2, 3), (3, 4)];
        assert_eq!(clusters(6, &pairs), [vec![0, 1, 2], vec![1, 2, 3], vec![3, 4], vec![5]]);
        let everybody: Vec<_> = (0..300).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
        assert_eq!(clusters(300, &everybody), [(0..300).collect::<Vec<_>>()]);
    }

    /// Every set of sites, tried.
    #[test]
    fn none_is_missed_and_none_is_invented() {
        for graph in (0..1_u32 << 15).step_by(7) {
            let all = (0..6).flat_map(|b| (0..b).map(move |a| (a, b)));
            let pairs: Vec<(usize, usize)> =
                all.enumerate().filter(|(bit, _)| graph >> bit & 1 == 1).map(|(_, pair)| pair).collect();
            let members = |set: u32| (0..6_usize).filter(move |site| set >> site & 1 == 1);
            let is_clique = |set: u32| {
                members(set).all(|b| members(set).filter(|a| *a < b).all(|a| pairs.contains(&(a, b))))
            };
            let maximal = |set: &u32| {
                is_clique(*set) && (0..6).all(|site| set >> site & 1 == 1 || !is_clique(set | 1 << site))
            };
            let mut expected: Vec<Vec<usize>> =
                (1..64_u32).filter(maximal).map(|set| members(set).collect()).collect();
            expected.sort();
            assert_eq!(clusters(6, &pairs), expected, "{pairs:?}");
        }
    }

    #[test]
    fn too_many_clusters_are_refused() {
        // Moon and Moser: groups of three, neighbours exactly across groups: 3^11 clusters of 11.
        let pairs = (0..33).flat_map(|b| (0..b).map(move |a| (a, b))).filter(|(a, b)| a / 3 != b / 3);
        let pairs = pairs.map(|(a, b)| (SiteId(a), SiteId(b)));
        assert_eq!(Neighbours::new(NeighbourSource::Table, 33, pairs).err(), Some(TooManyClusters));
    }
}
