//! Simplex and interior point.

use allot::generator::Shape;
use allot::solve::{Method, Options, Progress, Stop, find};

use crate::twin::{cold, exact, generated, small};

const SHAPE: Shape = Shape { provinces: 8, sites: 30, sectors: 6, years: 3, links: Some(2) };

#[test]
fn interior_point_and_simplex_agree() {
    let (problem, _) = generated(SHAPE, 2);
    let problem = problem.relaxation();
    let simplex = cold("highs", &problem, &Options { method: Method::Simplex, ..exact() });
    let interior = cold("highs", &problem, &Options { method: Method::InteriorPoint, ..exact() });
    let room = 1e-5 * simplex.bound.abs();
    assert_eq!(interior.stop, Stop::Finished);
    assert!(interior.bound <= simplex.bound + 1e-7 * simplex.bound.abs(), "a bound is not above the optimum");
    assert!(interior.bound >= simplex.bound - room);
    assert!((problem.cost(&interior.point.unwrap()) - simplex.bound).abs() <= room);
    // The Lagrangian value of its dual values is near the optimum: they are multipliers of use.
    let duals = interior.duals.unwrap();
    assert_eq!(duals.len(), problem.row_lower.len());
    let mut reduced = problem.costs.clone();
    let mut value = 0.0;
    for (row, &dual) in duals.iter().enumerate() {
        let side = if dual > 0.0 { problem.row_lower[row] } else { problem.row_upper[row] };
        // A multiplier of the wrong sign is one of zero.
        let dual = if side.is_finite() { dual } else { 0.0 };
        value += if dual == 0.0 { 0.0 } else { dual * side };
        for place in problem.starts[row]..problem.starts[row + 1] {
            reduced[problem.columns[place]] -= dual * problem.coefficients[place];
        }
    }
    for (column, &cost) in reduced.iter().enumerate() {
        let at = if cost > 0.0 { problem.lower[column] } else { problem.upper[column] };
        // A column without an upper bound has a reduced cost of nothing but noise.
        value += if at.is_finite() { cost * at } else { 0.0 };
    }
    assert!((value - simplex.bound).abs() <= 1e-4 * simplex.bound.abs(), "{value} and {}", simplex.bound);
}

#[test]
fn methods_can_change_within_a_session() {
    let (problem, budgets) = generated(SHAPE, 2);
    let problem = problem.relaxation();
    let mut session = find("highs").unwrap().open(&problem).unwrap();
    let methods =
        [Method::Choose, Method::InteriorPoint, Method::Simplex, Method::InteriorPoint, Method::Choose];
    let mut edited = problem.clone();
    for (step, method) in methods.into_iter().enumerate() {
        let row = budgets[step][0];
        edited.row_upper[row] *= 0.9;
        session.set_row_bounds(&[(row, edited.row_lower[row], edited.row_upper[row])]).unwrap();
        let options = Options { method, ..exact() };
        let answer = session.solve(&options, &mut |_: Progress| true).unwrap();
        let value = cold("highs", &edited, &exact()).bound;
        assert!(
            (answer.bound - value).abs() <= 1e-5 * value.abs(),
            "{method:?}: {} and {value}",
            answer.bound
        );
    }
}

#[test]
fn an_interrupted_interior_point_method_claims_nothing() {
    let (problem, _) = generated(SHAPE, 2);
    let options = Options { method: Method::InteriorPoint, ..exact() };
    let answer =
        find("highs").unwrap().solve(&problem.relaxation(), &options, &mut |_: Progress| false).unwrap();
    assert_eq!(answer.stop, Stop::Interrupted);
    assert!(answer.bound.is_infinite());
}

#[test]
fn interior_point_sees_that_nothing_is_feasible() {
    let (problem, budgets) = generated(SHAPE, 2);
    let mut problem = problem.relaxation();
    for &row in budgets.iter().flatten() {
        problem.row_upper[row] *= 0.01;
    }
    let answer = cold("highs", &problem, &Options { method: Method::InteriorPoint, ..exact() });
    assert!(answer.infeasible && answer.point.is_none());
}

#[test]
fn the_number_of_threads_can_change_from_solve_to_solve() {
    let highs = find("highs").unwrap();
    let problem = small();
    let mut session = highs.open(&problem).unwrap();
    let mut watch = |_: Progress| true;
    let mut costs = Vec::new();
    for threads in [1, 2, 1, 3, 2] {
        let options = Options { threads, ..exact() };
        for answer in [
            highs.solve(&problem, &options, &mut watch).unwrap(),
            session.solve(&options, &mut watch).unwrap(),
        ] {
            costs.push(problem.cost(&answer.point.unwrap()));
        }
    }
    assert!(costs.iter().all(|cost| (cost - costs[0]).abs() < 1e-9), "{costs:?}");
}
