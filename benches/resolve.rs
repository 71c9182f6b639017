//! How long it takes to solve a linear relaxation again after a budget has changed: in a session, and with a
//! new HiGHS instance each time. linopy is measured on the same folder and the same changes: see benches/peers.
//!
//! ```sh
//! cargo bench --bench resolve -- FOLDER [--changes N]
//! ```
//!
//! Prints a line of JSON for each case, with the changes and the optima. Without a folder it does nothing.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::time::Instant;

use allot::formulation::{Bundled, Firmness, Scaled, formulate};
use allot::model::Subject;
use allot::solve::{Answer, Options, Problem, Progress, find};

#[path = "common/open.rs"]
mod scenario;

const CHANGES: usize = 200;
/// Of the dice; the instance has its own.
const SEED: u64 = 101;

/// Numbers that look random and are the same on every machine (`SplitMix64`; Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0.8 to 1.2.
    fn factor(&mut self) -> f64 {
        0.8 + 0.4 * (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The relaxation of the first stage as the search solves it, and the budget rows of each province.
struct Instance {
    problem: Problem,
    /// What costs must be multiplied with to be the stage's value, in units.
    to_value: f64,
    budgets: Vec<Vec<usize>>,
}

fn instance(folder: &Path) -> Instance {
    let (loaded, policy) = scenario::open(folder);
    let scenario = &loaded.scenario;
    let formulation = formulate(scenario, &policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let bundled = Bundled::of(&formulation);
    let mut scaled = Scaled::new(&bundled.model, scenario.budget_sum().as_f64());
    let to_value = scaled.set_objective(&bundled.stages[0].terms, bundled.stages[0].sense);
    let mut budgets = vec![Vec::new(); scenario.provinces.len()];
    for (row, name) in bundled.model.row_names.iter().enumerate() {
        if let ("province_budget", Subject::ProvinceYear(province, _)) = (name.what, &name.subject) {
            budgets[province.0].push(row);
        }
    }
    assert!(budgets.iter().all(|rows| rows.len() == scenario.years.len()), "a budget row for each year");
    Instance { problem: scaled.problem.relaxation(), to_value, budgets }
}

/// What changes between two solves.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    /// The last province's budget goes back, another's changes: each problem differs from the given one in
    /// one budget.
    OneBudget,
    /// A province's budget changes, and those that changed before stay.
    OneMore,
    /// Every budget.
    AllBudgets,
}

impl Case {
    const ALL: [(&str, Self); 3] =
        [("one-budget", Self::OneBudget), ("one-more", Self::OneMore), ("all-budgets", Self::AllBudgets)];
}

/// Provinces whose budgets become the given ones times a factor.
type Change = Vec<(usize, f64)>;

fn changes(provinces: usize, count: usize, case: Case) -> Vec<Change> {
    let mut dice = Dice(SEED);
    let mut last: Option<usize> = None;
    (0..count)
        .map(|_| {
            if case == Case::AllBudgets {
                return (0..provinces).map(|province| (province, dice.factor())).collect();
            }
            let province = usize::try_from(dice.roll() % provinces as u64).unwrap();
            let back = last.replace(province).filter(|last| case == Case::OneBudget && *last != province);
            back.map(|province| (province, 1.0)).into_iter().chain([(province, dice.factor())]).collect()
        })
        .collect()
}

/// A change as rows with their new bounds.
fn rows(instance: &Instance, change: &Change) -> Vec<(usize, f64, f64)> {
    let problem = &instance.problem;
    let bounds = |&(province, factor): &(usize, f64)| {
        let rows = instance.budgets[province].iter();
        rows.map(move |&row| (row, problem.row_lower[row], factor * problem.row_upper[row]))
    };
    change.iter().flat_map(bounds).collect()
}

/// Changes are solved hot and cold by turns of so many, so that both meet the same machine.
const TURN: usize = 20;

#[derive(Default)]
struct Times {
    seconds: Vec<f64>,
    /// Optimal costs; `None` where there is no feasible point.
    optima: Vec<Option<f64>>,
}

impl Times {
    fn add(&mut self, solve: impl FnOnce() -> Answer) {
        let started = Instant::now();
        let answer = solve();
        self.seconds.push(started.elapsed().as_secs_f64());
        self.optima.push((!answer.infeasible).then_some(answer.bound));
    }
}

fn measure(case: &str, instance: &Instance, changes: &[Change]) {
    let highs = find("highs").unwrap();
    let options = Options { gap: 0.0, ..Options::default() };
    let mut go_on = |_: Progress| true;
    let mut session = highs.open(&instance.problem).unwrap();
    session.solve(&options, &mut go_on).unwrap();
    let mut edited = instance.problem.clone();
    let (mut hot, mut cold) = (Times::default(), Times::default());
    for turn in changes.chunks(TURN) {
        for change in turn {
            let bounds = rows(instance, change);
            hot.add(|| {
                session.set_row_bounds(&bounds).unwrap();
                session.solve(&options, &mut go_on).unwrap()
            });
        }
        for change in turn {
            for (row, lower, upper) in rows(instance, change) {
                (edited.row_lower[row], edited.row_upper[row]) = (lower, upper);
            }
            cold.add(|| highs.solve(&edited, &options, &mut go_on).unwrap());
        }
    }
    for (number, (hot, cold)) in hot.optima.iter().zip(&cold.optima).enumerate() {
        let same = match (hot, cold) {
            (Some(hot), Some(cold)) => (hot - cold).abs() <= 1e-9 * cold.abs(),
            (hot, cold) => hot == cold,
        };
        assert!(same, "{case}, change {number}: {hot:?} in the session, {cold:?} from nothing");
    }
    let value = |cost: &Option<f64>| cost.map(|cost| cost * instance.to_value);
    let record = serde_json::json!({
        "case": case,
        "version": concat!("allot ", env!("CARGO_PKG_VERSION")),
        "columns": instance.problem.costs.len(),
        "rows": instance.problem.row_lower.len(),
        "changes": changes,
        "values": cold.optima.iter().map(value).collect::<Vec<_>>(),
        "hot": hot.seconds,
        "cold": cold.seconds,
    });
    println!("{record}");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let Some(folder) = arguments.first().filter(|word| !word.starts_with("--")) else {
        println!("resolve: name the folder of an instance, as `make bench` does");
        return;
    };
    let count =
        arguments.iter().position(|word| word == "--changes").map(|at| arguments[at + 1].parse().unwrap());
    let instance = instance(Path::new(folder));
    for (name, case) in Case::ALL {
        measure(name, &instance, &changes(instance.budgets.len(), count.unwrap_or(CHANGES), case));
    }
}
