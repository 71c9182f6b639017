//! Which decisions the prices leave open.

use super::need::Line;
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
        for row in (0..problem.row_lower.len()).filter(|row| self.is_priced(*row)) {
            reopen(problem, &mut kernel, row, leaning.regrets);
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
    /// Columns of what is decided with yes or no, but for links and gates, which follow from their lines.
    fn decisions(&self) -> impl Iterator<Item = usize> {
        let lines = self.needs.iter().flat_map(|need| &need.lines).filter_map(|line| line.open);
        lines.chain(self.focus.as_ref().map(|focus| focus.gate))
    }

    /// The same, and links and gates.
    pub(super) fn binaries(&self) -> impl Iterator<Item = usize> {
        let gates = self.groups.iter().filter_map(|group| group.gate);
        self.decisions().chain(self.links.iter().copied().flatten()).chain(gates)
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

    /// A link or a gate is open where one of its lines is, and is not where all are closed.
    fn follow(&self, problem: &mut Problem) {
        for (link, column) in self.links.iter().enumerate() {
            let lines = self.needs.iter().flat_map(|need| &need.lines).filter(|line| line.link == link);
            follow(problem, *column, lines);
        }
        for group in &self.groups {
            follow(problem, group.gate, group.needs.iter().flat_map(|need| &self.needs[*need].lines));
        }
    }
}

fn follow<'a>(
    problem: &mut Problem,
    column: Option<usize>,
    mut lines: impl Iterator<Item = &'a Line> + Clone,
) {
    let Some(column) = column else { return };
    let any = lines.clone().filter_map(|line| line.open).any(|open| problem.lower[open] >= 1.0);
    if any {
        decide(problem, column, true);
    } else if lines.all(|line| line.open.is_some_and(|open| problem.upper[open] <= 0.0)) {
        decide(problem, column, false);
    }
}

/// Opens decisions of a kernel again where a row on counts does not let all of them be as they are: those with
/// the least regret, and as many again, so that there is something to choose from.
fn reopen(problem: &Problem, kernel: &mut Problem, row: usize, regrets: &[f64]) {
    let range = problem.starts[row]..problem.starts[row + 1];
    let terms = || problem.columns[range.clone()].iter().copied().zip(&problem.coefficients[range.clone()]);
    if terms().any(|(column, _)| !problem.integer[column]) {
        return;
    }
    let corner = |least: bool, kernel: &Problem| -> f64 {
        let at = |column: usize, low: bool| if low { kernel.lower[column] } else { kernel.upper[column] };
        terms().map(|(column, factor)| factor * at(column, (*factor > 0.0) == least)).sum()
    };
    for (excess, least) in [
        (corner(true, kernel) - problem.row_upper[row], true),
        (problem.row_lower[row] - corner(false, kernel), false),
    ] {
        if excess <= 0.0 {
            continue;
        }
        let taken = |column: usize, factor: f64| {
            let is_yes = kernel.lower[column] > problem.lower[column];
            let is_no = kernel.upper[column] < problem.upper[column];
            if (factor > 0.0) == least { is_yes } else { is_no }
        };
        let mut taken: Vec<(usize, f64)> = terms()
            .filter(|(column, factor)| taken(*column, **factor))
            .map(|(column, factor)| (column, factor.abs()))
            .collect();
        taken.sort_by(|a, b| regrets[a.0].abs().total_cmp(&regrets[b.0].abs()).then(a.0.cmp(&b.0)));
        let mut room = 0.0;
        for (column, factor) in taken {
            if room >= 2.0 * excess {
                break;
            }
            (kernel.lower[column], kernel.upper[column]) = (problem.lower[column], problem.upper[column]);
            room += factor;
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
