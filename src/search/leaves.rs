//! Where one bound is too weak: cases. A line or a link is open, or it is not; each case has multipliers, and
//! so a bound, of its own, and the worst of them is a bound for all. The tree of cases is searched depth
//! first until every leaf's bound is good enough.

use super::ascent::Ascent;
use super::blocks::Blocks;
use crate::solve::Problem;

/// Most leaves: a list that is longer is no proof that anybody reads.
const MOST_LEAVES: usize = 400;
/// Steps of the ascent in each case.
const STEPS: usize = 60;
/// A case's ascent ends when it gains less than this share of the bound.
const WORTH: f64 = 1e-4;

/// A case: what was decided, by column, and the multipliers.
#[derive(Debug, Clone)]
pub struct Case {
    /// Columns of lines and links, and whether each is open.
    pub decided: Vec<(usize, bool)>,
    /// One for each row of the problem.
    pub multipliers: Vec<f64>,
}

/// Cases that together show that nothing costs less than `least`; none where too many would be needed.
/// `columns` are those that may be decided.
pub fn leaves(
    problem: &Problem,
    blocks: &Blocks,
    columns: &[usize],
    start: Vec<f64>,
    least: f64,
    threads: usize,
) -> Option<Vec<Case>> {
    let mut leaves = Vec::new();
    let mut open = vec![Case { decided: Vec::new(), multipliers: start }];
    while let Some(case) = open.pop() {
        let mut problem = problem.clone();
        for &(column, is_open) in &case.decided {
            let value = if is_open { 1.0 } else { 0.0 };
            (problem.lower[column], problem.upper[column]) = (value, value);
        }
        let mut ascent = Ascent::new(blocks, &problem, threads, Some(case.multipliers));
        for _ in 0..STEPS {
            if ascent.bound() >= least || ascent.is_done(WORTH) {
                break;
            }
            ascent.step(&problem, None);
        }
        let (decided, multipliers) = (case.decided, ascent.multipliers().to_vec());
        if ascent.bound() >= least {
            leaves.push(Case { decided, multipliers });
            continue;
        }
        if leaves.len() + open.len() >= MOST_LEAVES {
            return None;
        }
        // What the blocks' decisions are most divided about.
        let free = columns.iter().filter(|column| problem.lower[**column] < problem.upper[**column]);
        let divided = |column: &usize| (ascent.mean()[*column] - 0.5).abs();
        let column = *free.min_by(|a, b| divided(a).total_cmp(&divided(b)))?;
        for is_open in [false, true] {
            let decided = [decided.as_slice(), &[(column, is_open)]].concat();
            open.push(Case { decided, multipliers: multipliers.clone() });
        }
    }
    Some(leaves)
}
