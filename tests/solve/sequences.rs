//! Long sequences of edits.

use allot::generator::Shape;
use allot::solve::{Problem, Progress, find};

use crate::support::Dice;
use crate::twin::{Twin, cold, exact, generated, small};

const SHAPE: Shape = Shape { provinces: 5, sites: 14, sectors: 4, years: 3, links: Some(2) };

/// One edit, chosen by chance: costs, bounds of columns or rows, one budget or all; or all of it back.
fn edit(twin: &mut Twin, original: &Problem, budgets: &[Vec<usize>], dice: &mut Dice) -> &'static str {
    let percent = |dice: &mut Dice, least, most| dice.between(least, most) as f64 / 100.0;
    let any = |dice: &mut Dice, count: usize| {
        usize::try_from(dice.between(0, i64::try_from(count).unwrap() - 1)).unwrap()
    };
    let scaled = |rows: &[usize], factor: f64| -> Vec<(usize, f64, f64)> {
        rows.iter().map(|&row| (row, original.row_lower[row], factor * original.row_upper[row])).collect()
    };
    match dice.between(0, 9) {
        0 | 1 => {
            let rows = &budgets[any(dice, budgets.len())];
            twin.rows(&scaled(rows, percent(dice, 60, 140)));
            "one budget"
        }
        2 | 3 => {
            for rows in budgets {
                twin.rows(&scaled(rows, percent(dice, 60, 140)));
            }
            "all budgets"
        }
        4 => {
            // So little that no floor can be kept.
            for rows in budgets {
                twin.rows(&scaled(rows, 0.05));
            }
            "no budgets"
        }
        5 | 6 => {
            for _ in 0..5 {
                let column = any(dice, original.costs.len());
                twin.cost(column, percent(dice, 50, 150) * original.costs[column]);
            }
            "costs"
        }
        7 => {
            let column = any(dice, original.costs.len());
            let upper = original.upper[column].min(1e4) * percent(dice, 30, 100);
            twin.bounds(column, original.lower[column].min(upper), upper);
            "bounds of a column"
        }
        8 => {
            let row = any(dice, original.row_lower.len());
            let (lower, upper) = (original.row_lower[row], original.row_upper[row]);
            let room = percent(dice, 0, 50);
            twin.rows(&[(row, lower - room, upper + room)]);
            "bounds of a row"
        }
        _ => {
            let rows: Vec<_> = (0..original.row_lower.len())
                .map(|row| (row, original.row_lower[row], original.row_upper[row]))
                .collect();
            twin.rows(&rows);
            "rows back"
        }
    }
}

#[test]
fn sampled_points_of_a_hot_sequence_are_those_of_a_cold_solve() {
    let (mut feasible, mut infeasible) = (0, 0);
    for seed in 1..=3 {
        let (problem, budgets) = generated(SHAPE, seed);
        let original = problem.relaxation();
        let mut twin = Twin::new("highs", original.clone());
        let mut dice = Dice(seed);
        for step in 0..100 {
            let what = edit(&mut twin, &original, &budgets, &mut dice);
            if step % 10 == 9 || what == "no budgets" {
                match twin.agree("highs", &format!("seed {seed}, step {step}, {what}")) {
                    Some(_) => feasible += 1,
                    None => infeasible += 1,
                }
            } else {
                twin.solve();
            }
        }
    }
    assert!(feasible >= 20 && infeasible >= 10, "{feasible} feasible, {infeasible} infeasible");
}

#[test]
fn a_sweep_over_one_budget_after_the_other_finds_the_optima_of_cold_solves() {
    let (problem, budgets) = generated(SHAPE, 5);
    let original = problem.relaxation();
    let mut twin = Twin::new("highs", original.clone());
    twin.solve();
    let mut feasible = 0;
    for (step, percent) in [90, 115, 92, 85, 113].into_iter().enumerate() {
        for (province, rows) in budgets.iter().enumerate() {
            let bounds = |percent: i32| -> Vec<(usize, f64, f64)> {
                let upper = |row: usize| original.row_upper[row] * f64::from(percent) / 100.0;
                rows.iter().map(|&row| (row, original.row_lower[row], upper(row))).collect()
            };
            twin.rows(&bounds(percent));
            let what = format!("step {step}, province {province}, {percent}%");
            feasible += u32::from(twin.agree("highs", &what).is_some());
            twin.rows(&bounds(100));
        }
    }
    assert!(feasible >= 15, "{feasible} feasible");
}

#[test]
fn the_same_edits_give_the_same_points() {
    let (problem, budgets) = generated(SHAPE, 4);
    let original = problem.relaxation();
    let run = || -> Vec<Option<Vec<f64>>> {
        let mut twin = Twin::new("highs", original.clone());
        let mut dice = Dice(4);
        let step = |_| {
            edit(&mut twin, &original, &budgets, &mut dice);
            twin.solve().point
        };
        (0..40).map(step).collect()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_problem_with_integers_solved_again_is_as_good_as_solved_once() {
    let shape = Shape { provinces: 3, sites: 5, sectors: 3, years: 2, links: Some(2) };
    let (original, budgets) = generated(shape, 7);
    let mut twin = Twin::new("highs", original.clone());
    let mut dice = Dice(7);
    let mut solved = 0;
    for step in 0..12 {
        let what = edit(&mut twin, &original, &budgets, &mut dice);
        solved += u32::from(twin.agree("highs", &format!("step {step}, {what}")).is_some());
    }
    assert!(solved >= 6, "{solved} feasible");
}

#[test]
fn integers_can_come_and_go() {
    let shape = Shape { provinces: 3, sites: 5, sectors: 3, years: 2, links: Some(2) };
    let (problem, budgets) = generated(shape, 8);
    let integers: Vec<usize> = (0..problem.integer.len()).filter(|&c| problem.integer[c]).collect();
    let mut twin = Twin::new("highs", problem.relaxation());
    let relaxation = twin.agree("highs", "relaxed").unwrap();
    twin.integer(&integers, true);
    let whole = twin.agree("highs", "whole").unwrap();
    assert!(whole >= relaxation - 1e-6);
    // Rows and columns that come while the basis of the relaxation is put aside.
    let wanted = budgets[0][0];
    let new = allot::solve::NewColumn {
        cost: -1.0,
        lower: 0.0,
        upper: 50.0,
        integer: false,
        entries: vec![(wanted, 1.0)],
    };
    let added = twin.session.add_columns(std::slice::from_ref(&new)).unwrap();
    twin.problem.add_columns(&[new]);
    let row = twin.session.add_row(&[(added.start, 1.0)], f64::NEG_INFINITY, 30.0).unwrap();
    twin.problem.add_row([(added.start, 1.0)], f64::NEG_INFINITY, 30.0);
    assert_eq!(row + 1, twin.problem.row_lower.len());
    twin.integer(&integers, false);
    twin.agree("highs", "relaxed again").unwrap();
    let half = integers.len() / 2;
    twin.integer(&integers[half..], true);
    twin.agree("highs", "half of them").unwrap();
    twin.integer(&integers, false);
    twin.agree("highs", "and back").unwrap();
}

#[test]
fn both_solvers_agree_on_every_edit() {
    for integer in [false, true] {
        let mut highs = Twin::new("highs", Problem { integer: vec![integer; 3], ..small() });
        let mut microlp = Twin::new("microlp", highs.problem.clone());
        let mut dice = Dice(11);
        let mut infeasible = 0;
        for step in 0..60 {
            let what = dice.between(0, 3);
            let place = usize::try_from(dice.between(0, 2)).unwrap();
            let (a, b) = (dice.between(-4, 8) as f64, dice.between(-4, 8) as f64);
            for twin in [&mut highs, &mut microlp] {
                match what {
                    0 => twin.cost(place, a),
                    1 => twin.bounds(place, a.max(0.0), b.max(0.0)),
                    2 => twin.rows(&[(place, a.min(b) - 3.0, a.max(b))]),
                    _ => twin.bounds(place, 0.0, 10.0),
                }
            }
            let [one, other] = [&mut highs, &mut microlp].map(Twin::solve);
            assert_eq!(one.infeasible, other.infeasible, "step {step}");
            infeasible += u32::from(one.infeasible);
            let [one, other] = [one, other].map(|answer| answer.point.map(|p| highs.problem.cost(&p)));
            match (one, other) {
                (Some(one), Some(other)) => {
                    assert!((one - other).abs() < 1e-6, "step {step}: {one} and {other}");
                }
                (one, other) => assert_eq!(one, other, "step {step}"),
            }
        }
        assert!((3..50).contains(&infeasible), "{infeasible} infeasible");
    }
}

#[test]
fn a_start_is_used_and_may_be_dropped() {
    let shape = Shape { provinces: 3, sites: 5, sectors: 3, years: 1, links: Some(2) };
    let (problem, _) = generated(shape, 9);
    let best = cold("highs", &problem, &exact());
    let point = best.point.unwrap();
    let mut session = find("highs").unwrap().open(&problem).unwrap();
    session.set_start(Some(&point)).unwrap();
    // The first thing that is heard of is as good as the start.
    let mut first = None;
    let mut watch = |progress: Progress| {
        first = first.or(progress.value);
        true
    };
    session.solve(&exact(), &mut watch).unwrap();
    let value = problem.cost(&point);
    assert!((first.unwrap() - value).abs() <= 1e-6 * value.abs(), "{first:?} and {value}");
    // One that is not feasible does no harm.
    session.set_start(Some(&vec![1.0; point.len()])).unwrap();
    let again = session.solve(&exact(), &mut |_: Progress| true).unwrap();
    assert!((problem.cost(&again.point.unwrap()) - value).abs() <= 1e-7 * value.abs());
    session.set_start(None).unwrap();
    let again = session.solve(&exact(), &mut |_: Progress| true).unwrap();
    assert!((problem.cost(&again.point.unwrap()) - value).abs() <= 1e-7 * value.abs());
}
