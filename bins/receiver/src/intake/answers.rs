//! Sending the answers beside the next commit.
//!
//! A send costs a few microseconds, and a hundred of them as much as a commit: a thread of their own lets the disk work
//! meanwhile. One or two answers are sent at once, because waking a thread would take longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::queue::Waiting;

/// Up to so many answers are not worth waking a thread.
const FEW: usize = 2;
/// Commits whose answers may wait to be sent, before commits wait for them.
const COMMITS_AHEAD: usize = 4;

/// The thread that sends.
#[derive(Debug)]
pub(super) struct Answers {
    batches: Option<SyncSender<Vec<Waiting>>>,
    unsent: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Answers {
    pub(super) fn start() -> Self {
        let (batches, waiting) = sync_channel::<Vec<Waiting>>(COMMITS_AHEAD);
        let unsent = Arc::new(AtomicUsize::new(0));
        let sent = unsent.clone();
        let thread = super::named("answers", move || {
            for frames in waiting {
                send(frames);
                sent.fetch_sub(1, Ordering::Release);
            }
        });
        Self { batches: Some(batches), unsent, thread: Some(thread) }
    }

    /// Sends the answers of frames that are durable, in their order and behind all that were handed in before.
    pub(super) fn send(&self, frames: Vec<Waiting>) {
        if frames.len() <= FEW && self.unsent.load(Ordering::Acquire) == 0 {
            return send(frames);
        }
        self.unsent.fetch_add(1, Ordering::Relaxed);
        if let Some(batches) = &self.batches
            && batches.send(frames).is_err()
        {
            tracing::error!("the sending thread is gone: these answers are lost, and their reports will be repeated");
        }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        drop(self.batches.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn send(frames: Vec<Waiting>) {
    for frame in frames {
        frame.way.answer(&frame.answer);
    }
}
