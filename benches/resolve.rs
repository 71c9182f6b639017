//! How long it takes to solve a linear relaxation again after a budget has changed: in a session, and with a
//! new HiGHS instance each time. `make bench` prints a table, and a line of JSON for each case; nothing here
//! passes or fails. `ALLOT_BENCH_CHANGES` sets the number of changes.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Instant;

use allot::formulation::{Bundled, Firmness, Scaled, formulate};
use allot::generator::{Shape, generate};
use allot::input;
use allot::model::Subject;
use allot::policy::Policy;
use allot::rules::Registry;
use allot::solve::{Answer, Options, Problem, Progress, find};

const SHAPE: Shape = Shape { provinces: 19, sites: 82, sectors: 8, years: 5, links: Some(2) };
const SEED: u64 = 101;
const CHANGES: usize = 200;

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
    budgets: Vec<Vec<usize>>,
}

fn instance() -> Instance {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in generate(SHAPE, SEED) {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let loaded = input::load(folder.path(), &[]).unwrap();
    let policy =
        Policy::read("policy.toml", folder.path(), &Registry::standard(), &toml::Table::new(), &[]).unwrap();
    let scenario = &loaded.scenario;
    let formulation = formulate(scenario, &policy, &policy.need_weights(scenario), Firmness::AsWritten);
    let bundled = Bundled::of(&formulation);
    let mut scaled = Scaled::new(&bundled.model, scenario.budget_sum().as_f64());
    scaled.set_objective(&bundled.stages[0].terms, bundled.stages[0].sense);
    let mut budgets = vec![Vec::new(); scenario.provinces.len()];
    for (row, name) in bundled.model.row_names.iter().enumerate() {
        if let ("province_budget", Subject::ProvinceYear(province, _)) = (name.what, &name.subject) {
            budgets[province.0].push(row);
        }
    }
    assert!(budgets.iter().all(|rows| rows.len() == SHAPE.years), "a budget row for each year");
    let problem = Problem { integer: vec![false; scaled.problem.integer.len()], ..scaled.problem };
    Instance { problem, budgets }
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

/// Rows of budgets with their new bounds.
type Change = Vec<(usize, f64, f64)>;

fn changes(instance: &Instance, count: usize, case: Case) -> Vec<Change> {
    let mut dice = Dice(SEED);
    let problem = &instance.problem;
    let changed = |province: usize, factor: f64| {
        let rows = instance.budgets[province].iter();
        rows.map(move |&row| (row, problem.row_lower[row], factor * problem.row_upper[row]))
    };
    let provinces = instance.budgets.len();
    let mut last: Option<usize> = None;
    (0..count)
        .map(|_| {
            if case == Case::AllBudgets {
                return (0..provinces).flat_map(|p| changed(p, dice.factor()).collect::<Vec<_>>()).collect();
            }
            let province = usize::try_from(dice.roll() % provinces as u64).unwrap();
            let back = last.replace(province).filter(|last| case == Case::OneBudget && *last != province);
            back.into_iter().flat_map(|p| changed(p, 1.0)).chain(changed(province, dice.factor())).collect()
        })
        .collect()
}

/// Changes are solved hot and cold by turns of so many, so that both meet the same machine.
const TURN: usize = 20;

#[derive(Default)]
struct Times {
    seconds: Vec<f64>,
    values: Vec<f64>,
}

impl Times {
    fn add(&mut self, solve: impl FnOnce() -> Answer) {
        let started = Instant::now();
        let answer = solve();
        self.seconds.push(started.elapsed().as_secs_f64());
        self.values.push(if answer.infeasible { f64::INFINITY } else { answer.bound });
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let place = (share * (sorted.len() - 1) as f64).round() as usize;
        sorted[place]
    }

    fn total(&self) -> f64 {
        self.seconds.iter().sum()
    }
}

fn compare(case: &str, instance: &Instance, changes: &[Change]) {
    let highs = find("highs").unwrap();
    let options = Options { gap: 0.0, ..Options::default() };
    let mut go_on = |_: Progress| true;
    let mut session = highs.open(&instance.problem).unwrap();
    session.solve(&options, &mut go_on).unwrap();
    let mut edited = instance.problem.clone();
    let (mut hot, mut cold) = (Times::default(), Times::default());
    for turn in changes.chunks(TURN) {
        for change in turn {
            hot.add(|| {
                session.set_row_bounds(change).unwrap();
                session.solve(&options, &mut go_on).unwrap()
            });
        }
        for change in turn {
            for &(row, lower, upper) in change {
                (edited.row_lower[row], edited.row_upper[row]) = (lower, upper);
            }
            cold.add(|| highs.solve(&edited, &options, &mut go_on).unwrap());
        }
    }
    let differs = |(hot, cold): (&f64, &f64)| {
        if hot.is_infinite() && cold.is_infinite() { 0.0 } else { (hot - cold).abs() / cold.abs().max(1.0) }
    };
    let difference = hot.values.iter().zip(&cold.values).map(differs).fold(0.0, f64::max);
    let (fast, slow) = (hot.quantile(0.5), cold.quantile(0.5));
    let (all_fast, all_slow) = (hot.total(), cold.total());
    println!(
        "| {case} | {} | {:.2} | {:.2} | {:.1} | {all_fast:.3} | {all_slow:.3} | {:.1} | {difference:.1e} |",
        changes.len(),
        1e3 * fast,
        1e3 * slow,
        slow / fast,
        all_slow / all_fast,
    );
    println!(
        "{}",
        serde_json::json!({
            "bench": "resolve", "case": case, "changes": changes.len(), "seed": SEED,
            "hot_median_s": fast, "hot_p95_s": hot.quantile(0.95), "hot_total_s": all_fast,
            "cold_median_s": slow, "cold_p95_s": cold.quantile(0.95), "cold_total_s": all_slow,
            "ratio_of_medians": slow / fast, "ratio_of_totals": all_slow / all_fast,
            "largest_relative_difference": difference,
            "infeasible": cold.values.iter().filter(|value| value.is_infinite()).count(),
        })
    );
}

fn main() {
    let count = std::env::var("ALLOT_BENCH_CHANGES").map_or(CHANGES, |text| text.parse().unwrap());
    let instance = instance();
    println!(
        "A relaxation of {} columns and {} rows solved again, one thread, medians in milliseconds, totals in \
         seconds:\n",
        instance.problem.costs.len(),
        instance.problem.row_lower.len()
    );
    println!("| case | changes | hot | cold | ratio | hot in all | cold in all | ratio | differ |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, case) in Case::ALL {
        compare(name, &instance, &changes(&instance, count, case));
    }
}
