//! Every whole-unit plan of a tiny programme, and the comparison of the best with what the search finds.

use allot::audit::audit;
use allot::domain::{Plan, Scenario};
use allot::report::plan_csv;
use allot::verify::Input;
use approx::abs_diff_eq;

use crate::naive::{COVERAGE_SCALE, Rule, Table, coverage};
use crate::proofs::{proofs_hold, verified};
use crate::support::{World, policy, policy_text, solve};

/// Whether rounding can cost anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// With the yes-or-no decisions fixed the rows are those of a network with whole limits: the best of
    /// all plans is in whole units, and rounding costs nothing.
    Exact,
    /// Shares or effects cut across: the best whole plan lies between the rounded one and the bound.
    Between,
}

/// More than this is not tiny.
const MOST_PLANS: usize = 200_000;

fn excluded(world: &World, p: usize, s: usize, k: usize) -> bool {
    world.exclusions.iter().any(|&(ep, es, ek)| {
        ep.is_none_or(|ep| ep == p) && es.is_none_or(|es| es == s) && ek.is_none_or(|ek| ek == k)
    })
}

/// All ways to pay at most `most` on `count` cells.
fn ways(count: usize, most: i64) -> Vec<Vec<i64>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..=most {
        for rest in ways(count - 1, most - first) {
            all.push([vec![first], rest].concat());
        }
    }
    all
}

/// Calls for every plan that keeps the budgets by year; carry-over is not listed.
pub fn each_plan(world: &World, mut visit: impl FnMut(&Table)) {
    let mut groups = Vec::new();
    for (p, province) in world.provinces.iter().enumerate() {
        assert_eq!(province.carry_over, 0);
        for (t, &capacity) in province.capacity.iter().enumerate() {
            let linked = |s| world.pairings.iter().any(|&(q, r, _)| (q, r) == (p, s));
            let cells: Vec<[usize; 4]> = world
                .needs
                .iter()
                .filter(|&&(s, k, _)| linked(s) && !excluded(world, p, s, k))
                .map(|&(s, k, _)| [p, s, k, t])
                .collect();
            let ways = ways(cells.len(), capacity);
            groups.push((cells, ways));
        }
    }
    let plans: usize = groups.iter().map(|(_, ways)| ways.len()).product();
    assert!(plans <= MOST_PLANS, "{plans} plans are not tiny");
    let mut plan = Table::new(world);
    let mut which = vec![0; groups.len()];
    loop {
        for ((cells, ways), &which) in groups.iter().zip(&which) {
            for (cell, amount) in cells.iter().zip(&ways[which]) {
                plan.set(*cell, *amount);
            }
        }
        visit(&plan);
        // Counts up, as on an odometer.
        let Some(position) = (0..groups.len()).find(|&g| which[g] + 1 < groups[g].1.len()) else { return };
        which[position] += 1;
        which[..position].fill(0);
    }
}

/// The best coverage of all plans that keep the rules (in the scale of [`coverage`]); `None` where no plan
/// does.
pub fn truth(world: &World, rules: &[Rule]) -> Option<i64> {
    let mut best = None;
    each_plan(world, |plan| {
        let value = coverage(world, plan);
        if best.is_none_or(|best| value > best) && rules.iter().all(|rule| rule.holds(world, plan)) {
            best = Some(value);
        }
    });
    best
}

/// A plan of the list as the program knows it. Ids are numbered below ten, so they sort by position.
pub fn as_plan(world: &World, scenario: &Scenario, plan: &Table) -> Plan {
    let position = |id: &str| id[1..].parse::<usize>().unwrap() - 1;
    let amounts: Vec<Vec<i64>> = scenario
        .line_ids()
        .map(|line| {
            let [p, s, k] = scenario.line_names(line).map(position);
            (0..world.years).map(|t| plan.sum(|cell| cell == [p, s, k, t])).collect()
        })
        .collect();
    Plan::from_candidates(scenario, &amounts)
}

/// Holds the search against the truth, and the audit against the rules as they are written here, for one
/// in so many plans. Returns whether there is a plan.
pub fn compare(world: &World, rules: &[Rule], whole: Whole) -> bool {
    let scenario = world.load();
    let mut texts: Vec<String> = rules.iter().map(|rule| rule.text()).collect();
    texts.push("rule = \"exclusion\"".to_owned());
    let policy = policy(&policy_text(&texts));
    let best = truth(world, rules);
    let solved = solve(&scenario, &policy);
    match (best, &solved) {
        (None, None) => {}
        (None, Some(solved)) => {
            assert_eq!(
                whole,
                Whole::Between,
                "{rules:?}: a plan where none exists: {:?}",
                solved.proposal.plan
            );
            assert!(!solved.audit.passes(), "{rules:?}: no whole plan exists, and the audit does not say so");
            assert!(!solved.proposal.failing.is_empty());
        }
        (Some(_), None) => panic!("{rules:?}: no plan where one exists"),
        (Some(best), Some(solved)) => {
            let best = best as f64 / COVERAGE_SCALE;
            let (value, bound) = (solved.value(0), solved.bound(0));
            assert_eq!(solved.broken(), Vec::<String>::new(), "{rules:?}");
            assert!(bound >= best - 1e-6, "{rules:?}: bound {bound} below a plan of {best}");
            assert!(value <= best + 1e-6, "{rules:?}: value {value} over the best of all, {best}");
            proofs_hold(&scenario, &policy, solved, best);
            if whole == Whole::Exact {
                assert!(abs_diff_eq!(value, best, epsilon = 1e-6), "{rules:?}: value {value}, best {best}");
                assert!(abs_diff_eq!(bound, best, epsilon = 1e-4), "{rules:?}: bound {bound}, best {best}");
            } else {
                // Rounding moves each cell by little; two units of coverage are the most that was meant.
                assert!(value >= bound - 2.0, "{rules:?}: value {value}, bound {bound}");
            }
        }
    }
    audits_agree(world, rules, &scenario, &policy);
    best.is_some()
}

/// Every so many-th plan is audited by the program too.
fn audits_agree(world: &World, rules: &[Rule], scenario: &Scenario, policy: &allot::policy::Policy) {
    let mut count = 0;
    let recorded = serde_json::to_vec(&Input::of(scenario, policy).unwrap()).unwrap();
    each_plan(world, |plan| {
        count += 1;
        if count % 11 != 1 {
            return;
        }
        let checked = audit(scenario, policy, &as_plan(world, scenario, plan));
        for (outcome, rule) in checked.rules.iter().skip(1).zip(rules) {
            let holds = rule.holds(world, plan);
            assert_eq!(outcome.passes(), holds, "{rule:?}: {:?}", outcome.findings);
        }
        let value = coverage(world, plan) as f64 / COVERAGE_SCALE;
        // The program rounds down to a millionth.
        assert!((checked.values[0].as_f64() - value).abs() < 2e-6);
        let written = plan_csv(scenario, &as_plan(world, scenario, plan)).unwrap();
        let verdict = verified(&recorded, (&written, None), b"");
        assert!(!verdict.certified, "nothing is certified without a certificate");
        for (position, rule) in rules.iter().enumerate() {
            let id = format!("R{}", position + 1);
            let fails = verdict.broken.iter().any(|broken| broken.rule == id);
            assert_eq!(!fails, rule.holds(world, plan), "{rule:?}: {verdict:?}");
        }
        let found: f64 = verdict.stages[0].value.as_ref().unwrap().parse().unwrap();
        assert!((found - checked.values[0].as_f64()).abs() < 1e-9);
    });
}
