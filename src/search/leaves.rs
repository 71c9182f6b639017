//! Where one bound is too weak: cases. A group has at least so many funded lines (or active links), or fewer;
//! each case has multipliers, and so a bound, of its own, and the worst of them is a bound for all.
//!
//! Branch and bound, depth first, until every leaf's bound is good enough. In each case the linear relaxation gives
//! multipliers, with which the bound by site is at least as good as the relaxation; an ascent makes them better. What to
//! branch on is tried out (*strong branching*: Achterberg, Koch and Martin, 2005).

use super::Settings;
use super::ascent::Ascent;
use super::blocks::Blocks;
use crate::domain::Scenario;
use crate::model::{Model, Subject};
use crate::solve::{Answer, NewColumn, Options, Problem, Progress, Session, SolverError};
use crate::verify::ANY;

/// Most leaves: a list that is longer is no proof that anybody reads.
const MOST_LEAVES: usize = 200;
/// Steps of the ascent in each case.
const STEPS: usize = 60;
/// A case's ascent ends when it gains less than this share of the bound.
const WORTH: f64 = 1e-4;
/// A number that is nearer than this to a whole one is taken as decided.
const DECIDED: f64 = 1e-6;
/// Branches that are tried out in each case.
const TRIED: usize = 8;
/// Most simplex iterations of a relaxation.
const ITERATIONS: u64 = 20_000;
/// What missing a decision by one costs in the relaxation, as a multiple of the bound that is wanted.
const PRICE: f64 = 1e3;

/// Lines or links that are counted together.
#[derive(Debug, Clone)]
pub struct Group {
    /// Province, site and sector, as far as they are one.
    pub of: Vec<String>,
    /// Whether links are counted, and not lines.
    pub links: bool,
    /// Their columns.
    pub columns: Vec<usize>,
}

/// One side of a branch: a group has at least so many, or fewer.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    /// Position of the group.
    pub group: usize,
    /// How many.
    pub number: usize,
    /// Or fewer.
    pub at_least: bool,
}

/// A case: what was decided, and the multipliers.
#[derive(Debug, Clone)]
pub struct Case {
    /// From the root of the tree.
    pub decided: Vec<Decision>,
    /// One for each row of the problem, then one for each group.
    pub multipliers: Vec<f64>,
}

/// All lines and links, those of each province and of each site, then each by itself.
pub fn groups(scenario: &Scenario, model: &Model) -> Vec<Group> {
    let any = || ANY.to_owned();
    let provinces = scenario.provinces.iter().map(|province| vec![province.id.clone()]);
    let sites = scenario.sites.iter().map(|site| vec![any(), site.id.clone()]);
    let of = std::iter::once(Vec::new()).chain(provinces).chain(sites);
    let mut groups: Vec<Group> = of
        .flat_map(|of| [false, true].map(|links| Group { of: of.clone(), links, columns: Vec::new() }))
        .collect();
    for (column, name) in model.column_names.iter().enumerate() {
        let (province, site, links) = match (name.what, &name.subject) {
            ("open", Subject::Line(line)) => {
                (scenario.lines[line.0].province, scenario.lines[line.0].site, false)
            }
            ("active", Subject::Link(link)) => {
                (scenario.links[link.0].province, scenario.links[link.0].site, true)
            }
            _ => continue,
        };
        for group in [0, 1 + province.0, 1 + scenario.provinces.len() + site.0] {
            groups[2 * group + usize::from(links)].columns.push(column);
        }
        groups.push(Group { of: name.subject.ids(scenario), links, columns: vec![column] });
    }
    groups.retain(|group| !group.columns.is_empty());
    groups
}

/// Cases that together show that nothing costs less than `least`; none where too many would be needed.
///
/// # Errors
/// When the solver breaks down.
pub fn leaves(
    problem: &Problem,
    blocks: &Blocks,
    groups: &[Group],
    start: Vec<f64>,
    least: f64,
    settings: Settings<'_>,
) -> Result<Option<Vec<Case>>, SolverError> {
    let mut tree = Tree::new(problem, blocks, groups, least, settings)?;
    let mut leaves = Vec::new();
    let mut open = vec![Case { decided: Vec::new(), multipliers: start }];
    while let Some(mut case) = open.pop() {
        let bound = tree.bound(&mut case)?;
        if bound >= least {
            leaves.push(case);
            continue;
        }
        if leaves.len() + open.len() + 2 > MOST_LEAVES {
            return Ok(None);
        }
        let Some(branch) = tree.branch(&case.decided)? else { return Ok(None) };
        for at_least in [true, false] {
            let decided = [case.decided.as_slice(), &[Decision { at_least, ..branch }]].concat();
            open.push(Case { decided, multipliers: case.multipliers.clone() });
        }
    }
    Ok(Some(leaves))
}

/// The problem with a row for each group, and its relaxation in a solver.
struct Tree<'a> {
    blocks: &'a Blocks,
    groups: &'a [Group],
    least: f64,
    problem: Problem,
    /// The first group's row.
    first: usize,
    session: Box<dyn Session>,
    options: Options,
    /// The relaxation of the case at hand: its value, and that of each column; none where it has no point.
    relaxed: Option<(f64, Vec<f64>)>,
}

fn go_on(_: Progress) -> bool {
    true
}

impl<'a> Tree<'a> {
    fn new(
        problem: &Problem,
        blocks: &'a Blocks,
        groups: &'a [Group],
        least: f64,
        settings: Settings<'_>,
    ) -> Result<Self, SolverError> {
        let mut problem = problem.clone();
        let first = problem.row_lower.len();
        for Group { columns, .. } in groups {
            problem.add_row(columns.iter().map(|column| (*column, 1.0)), f64::NEG_INFINITY, f64::INFINITY);
        }
        // A case that cannot be has multipliers too: what was decided may be missed, at a price.
        let cost = PRICE * least.abs().max(1.0);
        let missed = |sign: f64| {
            let column = move |row| NewColumn {
                cost,
                lower: 0.0,
                upper: f64::INFINITY,
                integer: false,
                entries: vec![(row, sign)],
            };
            (first..first + groups.len()).map(column)
        };
        let mut relaxation = problem.relaxation();
        relaxation.add_columns(&missed(1.0).chain(missed(-1.0)).collect::<Vec<_>>());
        let session = settings.solver.open(&relaxation)?;
        let options =
            Options { time_limit: None, iteration_limit: Some(ITERATIONS), ..settings.options.clone() };
        Ok(Self { blocks, groups, least, problem, first, session, options, relaxed: None })
    }

    /// The range of a group's number that decisions leave.
    fn range(&self, group: usize, decided: &[Decision]) -> (usize, usize) {
        let mut range = (0, self.groups[group].columns.len());
        for decision in decided.iter().filter(|decision| decision.group == group) {
            if decision.at_least {
                range.0 = range.0.max(decision.number);
            } else {
                range.1 = range.1.min(decision.number - 1);
            }
        }
        range
    }

    /// Limits of the groups' rows; none where decisions say nothing.
    fn limits(&self, group: usize, decided: &[Decision]) -> (f64, f64) {
        let (least, most) = self.range(group, decided);
        let lower = if least > 0 { least as f64 } else { f64::NEG_INFINITY };
        let upper = if most < self.groups[group].columns.len() { most as f64 } else { f64::INFINITY };
        (lower, upper)
    }

    /// The relaxation under decisions.
    fn relax(&mut self, decided: &[Decision]) -> Result<Answer, SolverError> {
        let rows: Vec<(usize, f64, f64)> = (0..self.groups.len())
            .map(|group| {
                let (lower, upper) = self.limits(group, decided);
                (self.first + group, lower, upper)
            })
            .collect();
        self.session.set_row_bounds(&rows)?;
        self.session.solve(&self.options, &mut go_on)
    }

    /// The best bound of a case that is found, and its multipliers.
    fn bound(&mut self, case: &mut Case) -> Result<f64, SolverError> {
        let mut problem = self.problem.clone();
        for group in 0..self.groups.len() {
            let limits = self.limits(group, &case.decided);
            (problem.row_lower[self.first + group], problem.row_upper[self.first + group]) = limits;
            if let ([column], (least, most)) =
                (self.groups[group].columns.as_slice(), self.range(group, &case.decided))
            {
                problem.lower[*column] = problem.lower[*column].max(least as f64);
                problem.upper[*column] = problem.upper[*column].min(most as f64);
            }
        }
        let mut start = case.multipliers.clone();
        start.resize(problem.row_lower.len(), 0.0);
        let mut starts = vec![start];
        let answer = self.relax(&case.decided)?;
        self.relaxed = answer.point.map(|point| (answer.bound, point));
        starts.extend(answer.duals);
        let bounds = starts.iter().map(|start| self.blocks.bound(&problem, start));
        let best = bounds.zip(0..).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |(_, at)| at);
        let mut ascent =
            Ascent::new(self.blocks, &problem, self.options.threads, Some(starts.swap_remove(best)));
        for _ in 0..STEPS {
            if ascent.bound() >= self.least || ascent.is_done(WORTH) {
                break;
            }
            ascent.step(&problem, None);
        }
        case.multipliers = ascent.multipliers().to_vec();
        Ok(ascent.bound())
    }

    /// What to decide next: of what the relaxation is divided about, what moves it most on both sides.
    fn branch(&mut self, decided: &[Decision]) -> Result<Option<Decision>, SolverError> {
        let Some((value, point)) = self.relaxed.take() else { return Ok(None) };
        let mut divided: Vec<(f64, Decision)> = Vec::new();
        for (group, Group { columns, .. }) in self.groups.iter().enumerate() {
            let (least, most) = self.range(group, decided);
            let sum: f64 = columns.iter().map(|column| point[*column]).sum();
            let from_whole = (sum - sum.round()).abs();
            if least < most && from_whole > DECIDED {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let number = (sum.max(0.0) as usize + 1).clamp(least + 1, most);
                divided.push((from_whole, Decision { group, number, at_least: true }));
            }
        }
        divided.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.group.cmp(&b.1.group)));
        divided.truncate(TRIED);
        let mut best = (f64::NEG_INFINITY, None);
        for (_, branch) in divided {
            let mut score = 1.0;
            for at_least in [true, false] {
                let tried = [decided, &[Decision { at_least, ..branch }]].concat();
                let answer = self.relax(&tried)?;
                let reached = if answer.point.is_some() { answer.bound.min(self.least) } else { self.least };
                score *= (reached - value).max(1e-9);
            }
            if score > best.0 {
                best = (score, Some(branch));
            }
        }
        Ok(best.1)
    }
}
