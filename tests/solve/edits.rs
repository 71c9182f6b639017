//! Rows and columns that are added, and edits that cannot be made.

use allot::generator::Shape;
use allot::solve::{NewColumn, Problem, Progress, find};

use crate::twin::{Twin, exact, generated, small};

const SOLVERS: [&str; 2] = ["highs", "microlp"];

fn column(cost: f64, upper: f64, integer: bool, entries: &[(usize, f64)]) -> NewColumn {
    NewColumn { cost, lower: 0.0, upper, integer, entries: entries.to_vec() }
}

#[test]
fn added_rows_and_columns_are_those_of_a_rebuilt_problem() {
    for solver in SOLVERS {
        for integer in [false, true] {
            let mut twin = Twin::new(solver, Problem { integer: vec![integer; 3], ..small() });
            twin.agree(solver, "as it was").unwrap();
            assert_eq!(twin.session.add_row(&[(1, 2.0), (2, 1.0)], 1.0, 9.0).unwrap(), 3);
            twin.problem.add_row([(1, 2.0), (2, 1.0)], 1.0, 9.0);
            let before = twin.agree(solver, "a row more").unwrap();
            let new = [
                column(-5.0, 2.5, integer, &[(0, 1.0), (3, 1.0)]),
                column(-0.5, 1.0, false, &[]),
                column(-2.0, 4.0, false, &[(3, -1.0), (1, 2.0)]),
            ];
            assert_eq!(twin.session.add_columns(&new).unwrap(), 3..6);
            twin.problem.add_columns(&new);
            let after = twin.agree(solver, "columns more").unwrap();
            assert!(after < before - 1.0, "they earn something");
            // The new ones can be edited as the old ones.
            twin.cost(5, -1.0);
            twin.bounds(3, 1.0, 2.0);
            twin.rows(&[(3, 0.0, 4.0)]);
            twin.agree(solver, "edits of what was added").unwrap();
        }
    }
}

#[test]
fn what_is_added_is_what_a_rebuilt_problem_has() {
    // Built with its columns from the start, and with the last ones added.
    let mut whole = small();
    whole.add_row([(1, 2.0), (2, 1.0)], 1.0, 9.0);
    let mut grown = Problem {
        costs: vec![-3.0, -2.0],
        lower: vec![0.0; 2],
        upper: vec![10.0; 2],
        integer: vec![false; 2],
        starts: vec![0],
        ..Problem::default()
    };
    grown.add_row([(0, 1.0), (1, 1.0)], f64::NEG_INFINITY, 4.0);
    grown.add_row([(0, 1.0), (1, 3.0)], f64::NEG_INFINITY, 6.0);
    grown.add_row([(0, 1.0)], f64::NEG_INFINITY, 2.0);
    grown.add_row([(1, 2.0)], 1.0, 9.0);
    grown.add_columns(&[column(-1.0, 10.0, false, &[(3, 1.0), (2, -1.0)])]);
    assert_eq!(
        (whole.starts, whole.columns, whole.coefficients, whole.costs),
        (grown.starts, grown.columns, grown.coefficients, grown.costs)
    );
}

#[test]
fn a_cut_on_a_generated_instance_is_kept() {
    let shape = Shape { provinces: 5, sites: 14, sectors: 4, years: 2, links: Some(2) };
    let (problem, budgets) = generated(shape, 3);
    let mut twin = Twin::new("highs", problem.relaxation());
    let value = twin.agree("highs", "as it was").unwrap();
    // As the stage loop does: the value may be no more than one hundredth worse, another cost.
    let terms: Vec<(usize, f64)> =
        problem.costs.iter().copied().enumerate().filter(|(_, cost)| *cost != 0.0).collect();
    twin.session.add_row(&terms, f64::NEG_INFINITY, 0.99 * value).unwrap();
    twin.problem.add_row(terms.iter().copied(), f64::NEG_INFINITY, 0.99 * value);
    for column in 0..problem.costs.len() {
        let in_budget = f64::from(u8::from(problem.integer[column]));
        twin.cost(column, in_budget);
    }
    twin.agree("highs", "fewest lines").unwrap();
    twin.rows(&[(budgets[0][0], f64::NEG_INFINITY, problem.row_upper[budgets[0][0]] * 0.9)]);
    twin.agree("highs", "and less money");
}

#[test]
fn edits_out_of_range_are_refused_and_change_nothing() {
    let nan = f64::NAN;
    let up = f64::INFINITY;
    for solver in SOLVERS {
        let mut twin = Twin::new(solver, small());
        let before = twin.agree(solver, "before").unwrap();
        let session = &mut twin.session;
        let refused = [
            (session.set_costs(&[(0, 9.0), (3, 1.0)]), "no column 3"),
            (session.set_costs(&[(0, nan)]), "no cost of column 0"),
            (session.set_costs(&[(0, up)]), "no cost of column 0"),
            (session.set_column_bounds(&[(0, 0.0, 0.0), (7, 0.0, 1.0)]), "no column 7"),
            (session.set_column_bounds(&[(1, nan, 1.0)]), "no bounds of column 1"),
            (session.set_column_bounds(&[(1, up, up)]), "no bounds of column 1"),
            (session.set_row_bounds(&[(0, 0.0, 0.0), (3, 0.0, 1.0)]), "no row 3"),
            (session.set_row_bounds(&[(2, 0.0, nan)]), "no bounds of row 2"),
            (session.set_row_bounds(&[(2, -up, -up)]), "no bounds of row 2"),
            (session.set_integer(&[0, 1, 3], true), "no column 3"),
            (session.add_row(&[(3, 1.0)], 0.0, 1.0).map(drop), "no column 3"),
            (session.add_row(&[(1, nan)], 0.0, 1.0).map(drop), "no coefficient"),
            (session.add_row(&[(1, 1.0), (1, 2.0)], 0.0, 1.0).map(drop), "twice"),
            (session.add_row(&[(1, 1.0)], 0.0, nan).map(drop), "no bounds"),
            (session.add_columns(&[column(0.0, 1.0, false, &[(3, 1.0)])]).map(drop), "no row 3"),
            (session.add_columns(&[column(nan, 1.0, false, &[])]).map(drop), "no column can have"),
            (session.add_columns(&[column(0.0, 1.0, true, &[(0, 1.0), (0, 1.0)])]).map(drop), "twice"),
            (session.set_start(Some(&[0.0; 2])), "2 values for 3 columns"),
            (session.set_start(Some(&[0.0, nan, 0.0])), "no value to start from"),
        ];
        for (result, wanted) in refused {
            let told = result.expect_err(wanted).to_string();
            assert!(told.contains(wanted), "{solver}: {told} instead of {wanted}");
        }
        let after = twin.agree(solver, "after").unwrap();
        assert!((before - after).abs() < 1e-9, "{solver}: {before}, {after}");
    }
}

#[test]
fn nothing_to_edit_is_no_error() {
    for solver in SOLVERS {
        let mut twin = Twin::new(solver, small());
        twin.session.set_costs(&[]).unwrap();
        twin.session.set_column_bounds(&[]).unwrap();
        twin.session.set_row_bounds(&[]).unwrap();
        twin.session.set_integer(&[], true).unwrap();
        assert_eq!(twin.session.add_columns(&[]).unwrap(), 3..3);
        twin.agree(solver, "no edits").unwrap();
        // An empty row holds when nothing is allowed.
        twin.session.add_row(&[], 0.0, 1.0).unwrap();
        twin.problem.add_row([], 0.0, 1.0);
        twin.agree(solver, "an empty row").unwrap();
        twin.rows(&[(3, 1.0, 2.0)]);
        assert_eq!(twin.agree(solver, "an empty row that cannot hold"), None);
    }
}

#[test]
fn where_a_place_is_named_twice_the_last_edit_counts() {
    for solver in SOLVERS {
        let mut twin = Twin::new(solver, small());
        twin.session.set_costs(&[(2, 5.0), (0, -1.0), (2, -7.0)]).unwrap();
        (twin.problem.costs[0], twin.problem.costs[2]) = (-1.0, -7.0);
        twin.session.set_row_bounds(&[(2, 0.0, 0.0), (2, -5.0, 1.0)]).unwrap();
        (twin.problem.row_lower[2], twin.problem.row_upper[2]) = (-5.0, 1.0);
        twin.agree(solver, "twice").unwrap();
    }
}

#[test]
fn a_problem_can_grow_from_nothing() {
    for solver in SOLVERS {
        let empty = Problem { starts: vec![0], ..Problem::default() };
        let mut session = find(solver).unwrap().open(&empty).unwrap();
        let mut go_on = |_: Progress| true;
        let answer = session.solve(&exact(), &mut go_on).unwrap();
        assert_eq!((answer.infeasible, answer.point), (false, Some(Vec::new())));
        assert_eq!(session.add_row(&[], 1.0, 3.0).unwrap(), 0);
        assert!(session.solve(&exact(), &mut go_on).unwrap().infeasible, "{solver}");
        session.add_columns(&[column(2.0, 10.0, false, &[(0, 1.0)])]).unwrap();
        let answer = session.solve(&exact(), &mut go_on).unwrap();
        assert!((answer.point.unwrap()[0] - 1.0).abs() < 1e-9, "{solver}");
    }
}
