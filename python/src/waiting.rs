//! Long work beside the interpreter: other Python threads run, and Ctrl-C is heard.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use allot::search::Observer;
use pyo3::prelude::*;

use crate::errors;

/// How often signals and cancellations are looked at.
const BEAT: Duration = Duration::from_millis(50);

/// Stops what it was given to, once it is set; within one process.
#[pyclass(frozen, module = "allot._allot")]
#[derive(Default)]
pub struct Cancel(AtomicBool);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Stops the work.
    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// An observer that stops when it is told to.
pub struct Stoppable<'a>(pub &'a AtomicBool);

impl Observer for Stoppable<'_> {
    fn stage(&mut self, _: &str) {}
    fn progress(&mut self, _: Option<f64>, _: Option<f64>) {}
    fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Does long work on a thread of its own, detached from the interpreter. It is given a flag that says when to stop.
///
/// # Errors
/// What a signal handler raises (`KeyboardInterrupt`), after the work has stopped; `DefectError` where it panicked.
pub fn wait_for<T: Send>(
    py: Python<'_>,
    cancel: Option<&Cancel>,
    work: impl FnOnce(&AtomicBool) -> T + Send,
) -> PyResult<T> {
    let (stop, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let waiting = std::thread::current();
    let (outcome, raised) = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // Also when it panics, the one who waits must wake up.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&stop)));
            done.store(true, Ordering::Release);
            waiting.unpark();
            outcome
        });
        let mut raised = Ok(());
        while raised.is_ok() && !done.load(Ordering::Acquire) {
            py.detach(|| std::thread::park_timeout(BEAT));
            raised = py.check_signals();
            if raised.is_err() || cancel.is_some_and(|cancel| cancel.0.load(Ordering::Relaxed)) {
                stop.store(true, Ordering::Relaxed);
            }
        }
        (py.detach(|| worker.join()), raised)
    });
    raised?;
    match outcome {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(panic)) | Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Err(errors::defect(py, &text.unwrap_or_else(|| "a panic".to_owned())))
        }
    }
}
