//! What the end-to-end, golden, property and brute-force tests share: small scenarios written as folders,
//! policies written as text, a search with its audit, and the built program.

// Each test binary uses a part of this.
#![allow(dead_code)]

pub mod program;
mod world;

use std::fmt::Write as _;
use std::path::Path;

use allot::audit::{Audit, audit};
use allot::domain::Scenario;
use allot::input;
use allot::policy::Policy;
use allot::rules::Registry;
use allot::search::{Outcome, Proposal, Settings, Unobserved, search};
use allot::solve::{Options, Problem, find};

#[allow(unused_imports)]
pub use world::{Park, Posts, Province, Secondees, Sheet, Site, World};

/// A policy with one stage of coverage in two equal segments and rules `R1`, `R2` … in order; each rule is
/// the text of its table.
pub fn policy_text<S: AsRef<str>>(rules: &[S]) -> String {
    let coverage = "[[stages]]\nkind = \"coverage\"\n\
        segments = [{ width = 0.5, value = 1 }, { width = 0.5, value = 0.5 }]\n";
    policy_with_stages(coverage, rules)
}

/// A policy with stages of one's own.
pub fn policy_with_stages<S: AsRef<str>>(stages: &str, rules: &[S]) -> String {
    let mut text = format!("id = \"test\"\ntitle = {{ zh = \"试\", en = \"test\" }}\n{stages}\n");
    for (position, rule) in rules.iter().enumerate() {
        let number = position + 1;
        let title = format!("{{ zh = \"则{number}\", en = \"rule {number}\" }}");
        writeln!(text, "[rules.R{number}]\ntitle = {title}\n{}", rule.as_ref()).unwrap();
    }
    text
}

/// Reads a policy from its text.
pub fn policy(text: &str) -> Policy {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    std::fs::write(&file, text).unwrap();
    let none = toml::Table::new();
    let read = Policy::read(&file.display().to_string(), folder.path(), &Registry::standard(), &none, &[]);
    read.unwrap_or_else(|found| panic!("{:#?}\n{text}", found.iter().collect::<Vec<_>>()))
}

/// Reads a scenario folder, which must be free of errors.
pub fn load(folder: &Path) -> Scenario {
    match input::load(folder, &[]) {
        Ok(loaded) => loaded.scenario,
        Err(found) => panic!("{:#?}", found.iter().collect::<Vec<_>>()),
    }
}

/// A plan with its audit.
pub struct Solved {
    /// The plan and its stages before rounding.
    pub proposal: Proposal,
    /// Its check.
    pub audit: Audit,
}

impl Solved {
    /// Exact value of the written plan in a stage.
    pub fn value(&self, stage: usize) -> f64 {
        self.audit.values[stage].as_f64()
    }

    /// Bound of a stage.
    pub fn bound(&self, stage: usize) -> f64 {
        self.proposal.stages[stage].bound.expect("the stage was solved to its end")
    }

    /// Ids of the hard rules that the plan breaks.
    pub fn broken(&self) -> Vec<String> {
        self.audit.rules.iter().filter(|rule| rule.breaks()).map(|rule| rule.id.clone()).collect()
    }
}

/// Solves to a gap of nothing; `None` is infeasible.
pub fn solve(scenario: &Scenario, policy: &Policy) -> Option<Solved> {
    solve_by("highs", scenario, policy)
}

/// Solves to a gap of nothing with a named solver; `None` is infeasible.
pub fn solve_by(solver: &str, scenario: &Scenario, policy: &Policy) -> Option<Solved> {
    let options = Options { gap: 0.0, ..Options::default() };
    let settings = Settings { solver: find(solver).unwrap(), options: &options };
    match search(scenario, policy, settings, &mut Unobserved).unwrap() {
        Outcome::Plan(proposal) => {
            let audit = audit(scenario, policy, &proposal.plan);
            Some(Solved { proposal, audit })
        }
        Outcome::Infeasible => None,
        Outcome::Nothing(stop) => panic!("stopped without a plan: {stop:?}"),
    }
}

/// Numbers that look random and are the same on every machine (`SplitMix64`; Steele, Lea and Flood, 2014).
pub struct Dice(pub u64);

impl Dice {
    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.roll() % width).unwrap()
    }

    /// Heads so many times in a hundred.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// Any order of a list.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let other = self.between(0, i64::try_from(end).unwrap());
            list.swap(end, usize::try_from(other).unwrap());
        }
    }
}

/// How far a point is from keeping bounds, rows and whole numbers: the largest violation.
pub fn violation(problem: &Problem, point: &[f64]) -> f64 {
    let beyond = |value: f64, lower: f64, upper: f64| (lower - value).max(value - upper).max(0.0);
    let columns = (0..point.len()).map(|c| {
        let whole = if problem.integer[c] { (point[c] - point[c].round()).abs() } else { 0.0 };
        beyond(point[c], problem.lower[c], problem.upper[c]).max(whole)
    });
    let rows = (0..problem.row_lower.len()).map(|row| {
        let range = problem.starts[row]..problem.starts[row + 1];
        let terms = problem.columns[range.clone()].iter().zip(&problem.coefficients[range]);
        let activity = terms.map(|(&column, coefficient)| coefficient * point[column]).sum();
        beyond(activity, problem.row_lower[row], problem.row_upper[row])
    });
    columns.chain(rows).fold(0.0, f64::max)
}
