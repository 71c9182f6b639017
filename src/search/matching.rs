//! Matching people to posts one to one: the assignment problem (Kuhn, 1955) over those pairs alone that are linked and
//! fit, `max Σ π[j] · fit[i,j] · x[i,j]` with each person and each post at most once. Its matrix is that of a bipartite
//! graph, so a vertex of the linear problem is whole.

use super::Settings;
use crate::domain::{Pair, Scenario};
use crate::solve::{Method, NewColumn, Options, Problem, Progress, SolverError};

/// Who has which post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// The pairs that are matched, by person.
    pub matched: Vec<Pair>,
    /// How many pairs there were to choose from.
    pub eligible: usize,
}

/// Pairs of a person, and of a post, with which the linear problem begins.
const FIRST: usize = 8;
/// Pairs of a person that one round adds.
const MORE: usize = 4;
/// What a pair must promise beyond the prices to be added.
const PROMISE: f64 = 1e-9;

/// Finds the matching of the highest priority and fit.
///
/// The linear problem is *sifted*: it is solved over the most promising pairs, those that its prices call for are added,
/// and so on until there are none. By duality its optimum is then that of all pairs.
///
/// # Errors
/// When the solver breaks down, or does not come to a vertex.
pub fn match_people(scenario: &Scenario, settings: Settings<'_>) -> Result<Matching, SolverError> {
    let talent = &scenario.talent;
    let pairs = talent.pairs_over(&scenario.links);
    let people = talent.people.len();
    let worth: Vec<f64> = pairs.iter().map(|pair| worth(scenario, pair)).collect();
    let column = |pair: usize| NewColumn {
        cost: -worth[pair],
        lower: 0.0,
        upper: 1.0,
        integer: false,
        entries: vec![(pairs[pair].person, 1.0), (people + pairs[pair].post, 1.0)],
    };
    let mut waiting = vec![true; pairs.len()];
    let mut inside = first(&pairs, &worth);
    for pair in &inside {
        waiting[*pair] = false;
    }
    let mut problem = Problem { starts: vec![0], ..Problem::default() };
    for _ in 0..people + talent.post_list.len() {
        problem.add_row([], f64::NEG_INFINITY, 1.0);
    }
    problem.add_columns(&inside.iter().map(|pair| column(*pair)).collect::<Vec<_>>());
    let mut session = settings.solver.open(&problem)?;
    let options = Options { method: Method::Simplex, ..settings.options.clone() };
    let point = loop {
        let answer = session.solve(&options, &mut |_: Progress| true)?;
        let (Some(point), Some(duals)) = (answer.point, answer.duals) else {
            return Err(SolverError("no matching was found".to_owned()));
        };
        let promise =
            |pair: usize| worth[pair] + duals[pairs[pair].person] + duals[people + pairs[pair].post];
        let more = promising(&pairs, |pair| if waiting[pair] { promise(pair) } else { 0.0 });
        if more.is_empty() {
            break point;
        }
        for pair in &more {
            waiting[*pair] = false;
        }
        session.add_columns(&more.iter().map(|pair| column(*pair)).collect::<Vec<_>>())?;
        inside.extend(more);
    };
    if point.iter().any(|value| (value - value.round()).abs() > 1e-6) {
        return Err(SolverError("the matching is not whole".to_owned()));
    }
    let matched = inside.iter().zip(point).filter(|(_, value)| *value > 0.5);
    let mut matched: Vec<Pair> = matched.map(|(pair, _)| pairs[*pair]).collect();
    matched.sort_unstable_by_key(|pair| pair.person);
    Ok(Matching { matched, eligible: pairs.len() })
}

/// Priority times fit.
fn worth(scenario: &Scenario, pair: &Pair) -> f64 {
    scenario.talent.post_list[pair.post].priority.as_f64() * pair.fit.as_f64()
}

/// The best pairs of each person and of each post.
fn first(pairs: &[Pair], worth: &[f64]) -> Vec<usize> {
    let mut chosen = best(pairs, FIRST, |pair| pair.person, |pair| worth[pair]);
    chosen.extend(best(pairs, FIRST, |pair| pair.post, |pair| worth[pair]));
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// The pairs of each person that promise most, if they promise anything.
fn promising(pairs: &[Pair], promise: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut chosen = best(pairs, MORE, |pair| pair.person, &promise);
    chosen.retain(|pair| promise(*pair) > PROMISE);
    chosen
}

/// So many positions of each group of pairs, the largest values first; of equal ones the first.
fn best(
    pairs: &[Pair],
    number: usize,
    group: impl Fn(&Pair) -> usize,
    value: impl Fn(usize) -> f64,
) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|&a, &b| {
        group(&pairs[a]).cmp(&group(&pairs[b])).then(value(b).total_cmp(&value(a))).then(a.cmp(&b))
    });
    let groups = order.chunk_by(|&a, &b| group(&pairs[a]) == group(&pairs[b]));
    groups.flat_map(|members| members.iter().take(number).copied()).collect()
}
