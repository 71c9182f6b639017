//! Which decisions the prices leave open.

use super::{Block, Blocks};
use crate::solve::Problem;

/// A decision that the blocks take in nearly all of their answers counts as taken.
const DECIDED: f64 = 0.95;

/// How the blocks decide at some prices: what they cost with another decision, and how often they take each.
#[derive(Debug, Clone, Copy)]
pub struct Leaning<'a> {
    /// See [`Blocks::regrets`].
    pub regrets: &'a [f64],
    /// Mean of the blocks' answers, for each column.
    pub mean: &'a [f64],
}

impl Leaning<'_> {
    /// The decision, where it is beyond a regret and taken nearly always.
    fn decided(&self, column: usize, least: f64) -> Option<bool> {
        let (regret, mean) = (self.regrets[column], self.mean[column]);
        match regret {
            _ if regret.abs() <= least => None,
            _ if regret > 0.0 && mean < 1.0 - DECIDED => Some(false),
            _ if regret < 0.0 && mean > DECIDED => Some(true),
            _ => None,
        }
    }
}

impl Blocks {
    /// The problem with every decision taken but those that the prices leave most open, about `size` of
    /// them (a *kernel*: Angelelli, Mansini and Speranza, 2010), and those that a known plan takes otherwise.
    pub fn kernel(
        &self,
        problem: &Problem,
        leaning: Leaning<'_>,
        plan: Option<&[f64]>,
        size: usize,
    ) -> Problem {
        let mut regrets: Vec<f64> = self
            .sites
            .iter()
            .flat_map(Block::decisions)
            .filter(|column| problem.lower[*column] < problem.upper[*column])
            .map(|column| leaning.regrets[column].abs())
            .collect();
        regrets.sort_by(f64::total_cmp);
        let least = regrets.get(size).copied().unwrap_or(f64::INFINITY);
        let mut kernel = problem.clone();
        for block in &self.sites {
            for column in block.decisions() {
                let decision = leaning.decided(column, least);
                if let Some(decision) =
                    decision.filter(|yes| plan.is_none_or(|plan| (plan[column] > 0.5) == *yes))
                {
                    decide(&mut kernel, column, decision);
                }
            }
            block.follow(&mut kernel);
        }
        kernel
    }

    /// Takes the links of the sites that are clearest about them, a third of those that are not of one mind
    /// (a *dive*). `false` where all are of one mind.
    pub fn dive(&self, problem: &mut Problem, mean: &[f64]) -> bool {
        let mut open: Vec<(f64, &Block)> =
            self.sites.iter().filter_map(|block| Some((block.doubt(problem, mean)?, block))).collect();
        open.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, block) in open.iter().take(open.len().div_ceil(3)) {
            block.take_links(problem, mean);
        }
        !open.is_empty()
    }

    /// The problem without the decisions that cost more than `most` above the bound that the regrets belong
    /// to: no plan that is nearer to the bound takes them.
    pub fn narrowed(&self, problem: &Problem, regrets: &[f64], most: f64) -> Problem {
        let mut narrowed = problem.clone();
        // For the last digits of sums.
        let most = most * (1.0 + 1e-6) + 1e-9;
        for block in &self.sites {
            for column in block.binaries().filter(|column| regrets[*column].abs() > most) {
                decide(&mut narrowed, column, regrets[column] < 0.0);
            }
        }
        narrowed
    }
}

impl Block {
    /// Columns of what is decided with yes or no, but for the links, which follow from their lines.
    fn decisions(&self) -> impl Iterator<Item = usize> {
        let lines = self.needs.iter().flat_map(|need| &need.lines).filter_map(|line| line.open);
        lines.chain(self.focus.as_ref().map(|focus| focus.gate))
    }

    /// The same and the links.
    pub(super) fn binaries(&self) -> impl Iterator<Item = usize> {
        self.decisions().chain(self.links.iter().copied().flatten())
    }

    /// How far the blocks' answers are from one mind about the links, 0.5 at most. `None` where they are of
    /// one mind, or the links are decided.
    fn doubt(&self, problem: &Problem, mean: &[f64]) -> Option<f64> {
        let open = self.links.iter().copied().flatten();
        let open = open.filter(|column| problem.lower[*column] < problem.upper[*column]);
        let doubt = open.map(|column| mean[column].min(1.0 - mean[column])).fold(0.0, f64::max);
        (doubt > 1.0 - DECIDED).then_some(doubt)
    }

    /// The links that most of the answers have, as many as there may be.
    fn take_links(&self, problem: &mut Problem, mean: &[f64]) {
        let mut columns: Vec<usize> = self.links.iter().copied().flatten().collect();
        columns.sort_by(|a, b| mean[*b].total_cmp(&mean[*a]).then(a.cmp(b)));
        for (rank, column) in columns.into_iter().enumerate() {
            decide(problem, column, rank < self.most_links && mean[column] > 0.25);
        }
    }

    /// A link is active where one of its lines is open, and is not where all are closed.
    fn follow(&self, problem: &mut Problem) {
        for (link, column) in self.links.iter().enumerate() {
            let Some(column) = *column else { continue };
            let mut lines = self.needs.iter().flat_map(|need| &need.lines).filter(|line| line.link == link);
            let any = lines.clone().filter_map(|line| line.open).any(|open| problem.lower[open] >= 1.0);
            if any {
                decide(problem, column, true);
            } else if lines.all(|line| line.open.is_some_and(|open| problem.upper[open] <= 0.0)) {
                decide(problem, column, false);
            }
        }
    }
}

/// Takes a decision, where the problem leaves it open.
fn decide(problem: &mut Problem, column: usize, decision: bool) {
    if decision && problem.upper[column] >= 1.0 {
        problem.lower[column] = 1.0;
    } else if !decision && problem.lower[column] <= 0.0 {
        problem.upper[column] = 0.0;
    }
}
