//! Where one bound is too weak: cases. A group has at least so many funded lines (or active links), or fewer;
//! each case has multipliers, and so a bound, of its own, and the worst of them is a bound for all. Groups are
//! those of a province, which sum over sites what the bound by site takes apart, then single lines and links.
//! The tree of cases is searched depth first until every leaf's bound is good enough.

use super::ascent::Ascent;
use super::blocks::Blocks;
use crate::domain::Scenario;
use crate::model::{Model, Subject};
use crate::solve::Problem;

/// Most leaves: a list that is longer is no proof that anybody reads.
const MOST_LEAVES: usize = 64;
/// Steps of the ascent in each case.
const STEPS: usize = 120;
/// A case's ascent ends when it gains less than this share of the bound.
const WORTH: f64 = 1e-4;
/// A number that is nearer than this to a whole one is taken as decided.
const DECIDED: f64 = 0.05;

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
    /// One for each row of the problem, then one for each decision about a group of several.
    pub multipliers: Vec<f64>,
}

/// Lines and links of each province, then each by itself.
pub fn groups(scenario: &Scenario, model: &Model) -> Vec<Group> {
    let group =
        |p: usize, links| Group { of: vec![scenario.provinces[p].id.clone()], links, columns: Vec::new() };
    let provinces = 0..scenario.provinces.len();
    let mut groups: Vec<Group> = provinces.flat_map(|p| [group(p, false), group(p, true)]).collect();
    for (column, name) in model.column_names.iter().enumerate() {
        let (province, links) = match (name.what, &name.subject) {
            ("open", Subject::Line(line)) => (scenario.lines[line.0].province, false),
            ("active", Subject::Link(link)) => (scenario.links[link.0].province, true),
            _ => continue,
        };
        groups[2 * province.0 + usize::from(links)].columns.push(column);
        groups.push(Group { of: name.subject.ids(scenario), links, columns: vec![column] });
    }
    groups
}

/// Cases that together show that nothing costs less than `least`; none where too many would be needed.
pub fn leaves(
    problem: &Problem,
    blocks: &Blocks,
    groups: &[Group],
    start: Vec<f64>,
    least: f64,
    threads: usize,
) -> Option<Vec<Case>> {
    let mut leaves = Vec::new();
    let mut open = vec![Case { decided: Vec::new(), multipliers: start }];
    while let Some(Case { decided, mut multipliers }) = open.pop() {
        let mut problem = problem.clone();
        for decision in &decided {
            decision.write(&mut problem, groups);
        }
        multipliers.resize(problem.row_lower.len(), 0.0);
        let mut ascent = Ascent::new(blocks, &problem, threads, Some(multipliers));
        for _ in 0..STEPS {
            if ascent.bound() >= least || ascent.is_done(WORTH) {
                break;
            }
            ascent.step(&problem, None);
        }
        let multipliers = ascent.multipliers().to_vec();
        if ascent.bound() >= least {
            leaves.push(Case { decided, multipliers });
            continue;
        }
        if leaves.len() + open.len() >= MOST_LEAVES {
            return None;
        }
        let branch = branch(&decided, groups, ascent.mean())?;
        for at_least in [true, false] {
            let decided = [decided.as_slice(), &[Decision { at_least, ..branch }]].concat();
            open.push(Case { decided, multipliers: multipliers.clone() });
        }
    }
    Some(leaves)
}

/// What the blocks' decisions are most divided about: a number of several, or else a single one.
fn branch(decided: &[Decision], groups: &[Group], mean: &[f64]) -> Option<Decision> {
    let (mut several, mut single) = ((0.5 - DECIDED, None), (f64::INFINITY, None));
    for (group, Group { columns, .. }) in groups.iter().enumerate() {
        let mut range = (0, columns.len());
        for decision in decided.iter().filter(|decision| decision.group == group) {
            if decision.at_least {
                range.0 = range.0.max(decision.number);
            } else {
                range.1 = range.1.min(decision.number - 1);
            }
        }
        if range.0 >= range.1 {
            continue;
        }
        let sum: f64 = columns.iter().map(|column| mean[*column]).sum();
        let sum = sum.clamp(range.0 as f64, range.1 as f64);
        let divided = (sum.fract() - 0.5).abs();
        let best = if columns.len() > 1 { &mut several } else { &mut single };
        if divided < best.0 {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let number = (sum as usize + 1).min(range.1);
            *best = (divided, Some(Decision { group, number, at_least: true }));
        }
    }
    several.1.or(single.1)
}

impl Decision {
    fn write(self, problem: &mut Problem, groups: &[Group]) {
        match groups[self.group].columns.as_slice() {
            [column] => {
                let value = if self.at_least { 1.0 } else { 0.0 };
                (problem.lower[*column], problem.upper[*column]) = (value, value);
            }
            columns => {
                let ones = columns.iter().map(|column| (*column, 1.0));
                let (number, fewer) = (self.number as f64, self.number as f64 - 1.0);
                let (lower, upper) =
                    if self.at_least { (number, f64::INFINITY) } else { (f64::NEG_INFINITY, fewer) };
                problem.add_row(ones, lower, upper);
            }
        }
    }
}
