//! Time limits, node limits and interrupts, also in solves that are not the first.

use std::time::Duration;

use allot::generator::Shape;
use allot::solve::{Options, Problem, Progress, Stop, find};

use crate::twin::{cold, exact, generated};

const SHAPE: Shape = Shape { provinces: 8, sites: 30, sectors: 6, years: 3, links: Some(2) };

/// All budgets times a factor.
fn cut(problem: &Problem, budgets: &[Vec<usize>], factor: f64) -> Vec<(usize, f64, f64)> {
    let rows = budgets.iter().flatten();
    rows.map(|&row| (row, problem.row_lower[row], factor * problem.row_upper[row])).collect()
}

#[test]
fn an_interrupt_stops_a_solve_and_the_next_goes_on() {
    let (problem, budgets) = generated(SHAPE, 5);
    let problem = problem.relaxation();
    let best = cold("highs", &problem, &exact()).bound;
    let mut session = find("highs").unwrap().open(&problem).unwrap();
    let stopped = session.solve(&exact(), &mut |_: Progress| false).unwrap();
    assert_eq!((stopped.stop, stopped.infeasible), (Stop::Interrupted, false));
    assert!(stopped.bound.is_infinite(), "an interrupted solve has shown nothing");
    let whole = session.solve(&exact(), &mut |_: Progress| true).unwrap();
    assert_eq!(whole.stop, Stop::Finished);
    assert!((whole.bound - best).abs() <= 1e-7 * best.abs());
    // From its basis: after some iterations, and then to the end.
    let cut = cut(&problem, &budgets, 0.8);
    session.set_row_bounds(&cut).unwrap();
    let mut calls = 0;
    let mut three = |_: Progress| {
        calls += 1;
        calls < 3
    };
    assert_eq!(session.solve(&exact(), &mut three).unwrap().stop, Stop::Interrupted);
    assert_eq!(calls, 3, "nothing is asked after a stop");
    let mut edited = problem.clone();
    for &(row, lower, upper) in &cut {
        (edited.row_lower[row], edited.row_upper[row]) = (lower, upper);
    }
    let best = cold("highs", &edited, &exact()).bound;
    let whole = session.solve(&exact(), &mut |_: Progress| true).unwrap();
    assert!((whole.bound - best).abs() <= 1e-7 * best.abs());
}

#[test]
fn a_search_can_be_interrupted_twice() {
    let (problem, _) = generated(SHAPE, 5);
    let mut session = find("highs").unwrap().open(&problem).unwrap();
    for _ in 0..2 {
        let answer = session.solve(&exact(), &mut |_: Progress| false).unwrap();
        assert_eq!(answer.stop, Stop::Interrupted);
    }
}

#[test]
fn a_time_limit_is_for_one_solve() {
    let (problem, budgets) = generated(SHAPE, 6);
    let problem = problem.relaxation();
    let mut session = find("highs").unwrap().open(&problem).unwrap();
    let none = Options { time_limit: Some(Duration::ZERO), ..exact() };
    assert_eq!(session.solve(&none, &mut |_: Progress| true).unwrap().stop, Stop::TimeLimit);
    // Time used up by earlier solves is not counted: the clock of the instance is far beyond this limit
    // when the last of them begins. The watch sleeps, so that time passes in every one.
    let limit = Options { time_limit: Some(Duration::from_secs(20)), ..exact() };
    let mut slept = false;
    let mut sleepy = |_: Progress| {
        if !std::mem::replace(&mut slept, true) {
            std::thread::sleep(Duration::from_secs(1));
        }
        true
    };
    assert_eq!(session.solve(&limit, &mut sleepy).unwrap().stop, Stop::Finished);
    let short = Options { time_limit: Some(Duration::from_millis(900)), ..exact() };
    session.set_row_bounds(&cut(&problem, &budgets, 0.9)).unwrap();
    let answer = session.solve(&short, &mut |_: Progress| true).unwrap();
    assert_eq!(
        answer.stop,
        Stop::Finished,
        "the second that the solve before took is not held against this one"
    );
    // A limit is gone when the next solve has none.
    session.set_row_bounds(&cut(&problem, &budgets, 0.7)).unwrap();
    assert_eq!(session.solve(&none, &mut |_: Progress| true).unwrap().stop, Stop::TimeLimit);
    assert_eq!(session.solve(&exact(), &mut |_: Progress| true).unwrap().stop, Stop::Finished);
}

#[test]
fn a_node_limit_is_for_one_solve() {
    let shape = Shape { provinces: 4, sites: 10, sectors: 4, years: 2, links: Some(2) };
    let (problem, _) = generated(shape, 6);
    let mut session = find("highs").unwrap().open(&problem).unwrap();
    let few = Options { node_limit: Some(1), ..exact() };
    let first = session.solve(&few, &mut |_: Progress| true).unwrap();
    let whole = session.solve(&Options { gap: 1e-3, ..exact() }, &mut |_: Progress| true).unwrap();
    assert_eq!(whole.stop, Stop::Finished);
    let again = session.solve(&few, &mut |_: Progress| true).unwrap();
    assert_eq!((first.stop, first.bound.to_bits()), (again.stop, again.bound.to_bits()));
}
