//! A look that may take long: on a thread of its own, so that no other look waits for it.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// The priority of these threads, as `nice` counts it: everything else goes first.
const NICENESS: i32 = 19;

/// One such look, over and over.
pub(super) struct Aside<T> {
    name: &'static str,
    began: Option<Instant>,
    running: Option<oneshot::Receiver<T>>,
    found: Option<T>,
}

impl<T: Send + 'static> Aside<T> {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, began: None, running: None, found: None }
    }

    /// What the last look found; begins the next one when the last one was begun so long ago and has ended.
    pub(super) fn every(&mut self, time: Duration, look: impl FnOnce() -> T + Send + 'static) -> Option<&T> {
        if let Some(running) = &mut self.running {
            match running.try_recv() {
                Ok(found) => (self.running, self.found) = (None, Some(found)),
                Err(oneshot::error::TryRecvError::Empty) => {}
                Err(oneshot::error::TryRecvError::Closed) => self.running = None,
            }
        }
        if self.running.is_none() && self.began.is_none_or(|began| began.elapsed() >= time) {
            let (answer, answered) = oneshot::channel();
            let looks = move || {
                let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS);
                // Nobody listens any more when the centre ends.
                let _ = answer.send(look());
            };
            if std::thread::Builder::new().name(self.name.into()).spawn(looks).is_ok() {
                (self.running, self.began) = (Some(answered), Some(Instant::now()));
            }
        }
        self.found.as_ref()
    }

    /// How long the look has been going on that has not ended.
    pub(super) fn waits(&self) -> Duration {
        self.running.as_ref().and(self.began).map_or(Duration::ZERO, |began| began.elapsed())
    }
}
