//! Progress on stderr: one line that is rewritten on a terminal, plain lines when piped. And Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::search::Observer;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on the first Ctrl-C asks the search to stop with its best plan, and the second ends the
/// program.
pub fn catch_interrupts() {
    // Where no handler can be set (none is, in a fresh process), Ctrl-C ends the program as usual.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        tell!("\ninterrupted: stopping with the best plan so far (Ctrl-C again to give up)");
    });
}

/// Whether Ctrl-C was pressed.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// How often a line is written when stderr is no terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(2);

/// Shows how a search goes.
pub struct Progress {
    label: String,
    bar: Option<ProgressBar>,
    quiet: bool,
    started: Instant,
    stage: String,
    stage_started: Instant,
    value: Option<f64>,
    bound: Option<f64>,
    last_line: Instant,
}

impl Progress {
    /// Starts the clock. `label` says what is solved.
    pub fn start(label: &str, quiet: bool) -> Self {
        let now = Instant::now();
        let bar = (!quiet && super::is_interactive()).then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self {
            label: label.to_owned(),
            bar,
            quiet,
            started: now,
            stage: String::new(),
            stage_started: now,
            value: None,
            bound: None,
            last_line: now,
        }
    }

    fn line(&self) -> String {
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
        let gap = match (self.value, self.bound) {
            (Some(value), Some(bound)) if value != 0.0 => {
                format!("{:.3}%", 100.0 * ((bound - value) / value).abs())
            }
            (Some(_), Some(0.0)) => "0%".to_owned(),
            _ => "-".to_owned(),
        };
        format!(
            "{} {:<13} best {:>12}  bound {:>12}  gap {:>7}  {:>5.1} s",
            self.label,
            self.stage,
            number(self.value),
            number(self.bound),
            gap,
            self.started.elapsed().as_secs_f64(),
        )
    }

    fn close_stage(&self) {
        if self.quiet || self.stage.is_empty() {
            return;
        }
        // A stage that reported nothing has nothing to show but its time.
        let line = if self.value.is_none() && self.bound.is_none() {
            let seconds = self.stage_started.elapsed().as_secs_f64();
            format!("{} {:<13} done in {seconds:.1} s", self.label, self.stage)
        } else {
            self.line()
        };
        match &self.bar {
            Some(bar) => bar.println(line),
            None => tell!("{line}"),
        }
    }

    /// Ends the display.
    pub fn finish(&mut self) {
        self.close_stage();
        self.stage.clear();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Progress {
    fn stage(&mut self, kind: &str) {
        self.close_stage();
        kind.clone_into(&mut self.stage);
        self.stage_started = Instant::now();
        self.last_line = self.stage_started;
        (self.value, self.bound) = (None, None);
    }

    fn progress(&mut self, value: Option<f64>, bound: Option<f64>) {
        (self.value, self.bound) = (value.or(self.value), bound.or(self.bound));
        match &self.bar {
            Some(bar) => bar.set_message(self.line()),
            None if !self.quiet && self.last_line.elapsed() >= PLAIN_EVERY => {
                tell!("{}", self.line());
                self.last_line = Instant::now();
            }
            None => {}
        }
    }

    fn stopped(&self) -> bool {
        is_interrupted()
    }
}
