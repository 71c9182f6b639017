//! What every bench of building ends with.

use allot::solve::Problem;

/// Hands a problem to HiGHS, as the solver does before it runs.
pub fn hand_over(problem: &Problem) {
    let int = |number: usize| highs_sys::HighsInt::try_from(number).unwrap();
    let starts: Vec<_> = problem.starts.iter().map(|&start| int(start)).collect();
    let columns: Vec<_> = problem.columns.iter().map(|&column| int(column)).collect();
    let integer: Vec<_> = problem.integer.iter().map(|&i| highs_sys::HighsInt::from(i)).collect();
    // SAFETY: arrays of the lengths that are passed with them, which live through the calls.
    unsafe {
        let highs = highs_sys::Highs_create();
        highs_sys::Highs_setBoolOptionValue(highs, c"output_flag".as_ptr(), 0);
        let status = highs_sys::Highs_passMip(
            highs,
            int(problem.costs.len()),
            int(problem.row_lower.len()),
            int(problem.columns.len()),
            highs_sys::kHighsMatrixFormatRowwise,
            highs_sys::kHighsObjSenseMinimize,
            0.0,
            problem.costs.as_ptr(),
            problem.lower.as_ptr(),
            problem.upper.as_ptr(),
            problem.row_lower.as_ptr(),
            problem.row_upper.as_ptr(),
            starts.as_ptr(),
            columns.as_ptr(),
            problem.coefficients.as_ptr(),
            integer.as_ptr(),
        );
        assert_ne!(status, highs_sys::kHighsStatusError, "HiGHS refused the model");
        highs_sys::Highs_destroy(highs);
    }
}
