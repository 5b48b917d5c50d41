//! A bar on standard error for what takes longer than a second, where someone is looking.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is done sooner than this is done without a bar.
const SILENT: Duration = Duration::from_secs(1);

/// Counts towards a total. Silent for the first second, and when standard error is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

impl Progress {
    pub(crate) fn new(total: u64, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}") {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), shown: false }
    }

    pub(crate) fn advance(&mut self, by: u64) {
        self.bar.inc(by);
        if !self.shown && self.started.elapsed() > SILENT {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Turns while something is done whose length is not known. Silent for the first second, and when standard error is no
/// terminal.
pub(crate) struct Waiting {
    bar: ProgressBar,
    /// Dropped when the wait is over.
    over: Option<mpsc::Sender<()>>,
    clock: Option<JoinHandle<()>>,
}

impl Waiting {
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        let (over, waited) = mpsc::channel();
        let shown = bar.clone();
        let clock = thread::spawn(move || {
            if waited.recv_timeout(SILENT) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(120));
            }
        });
        Self { bar, over: Some(over), clock: Some(clock) }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(clock) = self.clock.take() {
            // A bar that could not be shown is no reason to withhold the answer.
            let _ = clock.join();
        }
        self.bar.finish_and_clear();
    }
}
