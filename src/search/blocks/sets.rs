//! Which links of a site may be active together.

use std::collections::{HashMap, VecDeque};

/// All sets of at most so many of some links, the smaller before the larger.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// Positions of each set's links.
    pub members: Vec<Vec<usize>>,
    /// For each set, the sets with one link less.
    pub smaller: Vec<Vec<usize>>,
}

impl Sets {
    pub fn new(links: usize, most: usize) -> Self {
        let mut this = Self::default();
        let mut position: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut queue = VecDeque::from([Vec::new()]);
        while let Some(set) = queue.pop_front() {
            let without = |leave: usize| {
                let rest: Vec<usize> = set.iter().copied().filter(|link| *link != leave).collect();
                position[&rest]
            };
            this.smaller.push(set.iter().map(|&link| without(link)).collect());
            position.insert(set.clone(), this.members.len());
            if set.len() < most {
                let next = set.last().map_or(0, |last| last + 1);
                queue.extend((next..links).map(|link| [set.as_slice(), &[link]].concat()));
            }
            this.members.push(set);
        }
        this
    }

    /// How many there are, as a number that does not overflow.
    pub fn count(links: usize, most: usize) -> f64 {
        let binomial =
            |choose: usize| -> f64 { (0..choose).map(|i| (links - i) as f64 / (i + 1) as f64).product() };
        (0..=most.min(links)).map(binomial).sum()
    }
}
