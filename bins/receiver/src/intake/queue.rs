//! The bounded queue between the sockets and the one thread that stores.
//!
//! Everything that waits is one [`Batch`]; the storing thread swaps it for an empty one, so that a hundred frames cost one
//! lock and one wake-up. The room is counted by a semaphore: a full queue makes the sockets wait, and TCP the panels.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alarmcore::{SignalId, Timestamp};
use opsmodel::store::NewSignal;
use tokio::sync::{Semaphore, oneshot};

use super::way::Way;
use crate::counts::Line;

/// Frames that may wait for a commit. A commit takes all of them, so this also bounds how long one takes.
const ROOM: usize = 2048;

/// What has come and is not stored yet.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The rows of the commit.
    pub(crate) signals: Vec<NewSignal>,
    /// What follows the commit, in the order of arrival.
    pub(crate) frames: Vec<Waiting>,
    /// Who waits for the centre's own reports to be durable, each with its place among the rows.
    pub(crate) own: Vec<(usize, oneshot::Sender<SignalId>)>,
    /// Nothing more will come.
    closed: bool,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.own.is_empty()
    }
}

/// A frame whose answer waits for the commit.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// When the whole frame was there.
    pub(crate) received_at: Timestamp,
    /// The line it came on.
    pub(crate) line: Line,
    /// Has it signals in the batch? A heartbeat that only waits for its turn has none.
    pub(crate) stored: bool,
    /// Is the answer an acknowledgement?
    pub(crate) acknowledged: bool,
    /// The answer, already spelt out; empty for silence.
    pub(crate) answer: Vec<u8>,
    /// Where it goes.
    pub(crate) way: Way,
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Queue {
    batch: Mutex<Batch>,
    filled: Condvar,
    room: Semaphore,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self { batch: Mutex::default(), filled: Condvar::new(), room: Semaphore::new(ROOM) }
    }

    /// Hands a frame over, waiting for room. `false` when the queue is closed: the frame is not stored and must not be
    /// answered.
    pub(crate) async fn put(&self, signals: impl IntoIterator<Item = NewSignal>, frame: Waiting) -> bool {
        let permit = match self.room.try_acquire() {
            Ok(permit) => permit,
            Err(_) => match self.room.acquire().await {
                Ok(permit) => permit,
                Err(_) => return false,
            },
        };
        permit.forget();
        let mut batch = self.lock();
        if batch.closed {
            return false;
        }
        let was_empty = batch.is_empty();
        batch.signals.extend(signals);
        batch.frames.push(frame);
        drop(batch);
        if was_empty {
            self.filled.notify_one();
        }
        true
    }

    /// Hands over a report that no panel sent. What it gives is its place in the log once the report is durable, and fails when it is
    /// not stored.
    pub(crate) fn put_own(&self, signal: NewSignal) -> oneshot::Receiver<SignalId> {
        let (stored, told) = oneshot::channel();
        let mut batch = self.lock();
        if !batch.closed {
            let place = batch.signals.len();
            batch.signals.push(signal);
            batch.own.push((place, stored));
            drop(batch);
            self.filled.notify_one();
        }
        told
    }

    /// Swaps what waits for the empty `batch`, waiting up to `patience` for something to come. `false` when the queue
    /// is closed and nothing is left.
    pub(crate) fn take(&self, batch: &mut Batch, patience: Duration) -> bool {
        let mut waiting = self.lock();
        if waiting.is_empty() && !waiting.closed {
            waiting = self.filled.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        let closed = waiting.closed;
        std::mem::swap(&mut *waiting, batch);
        waiting.closed = closed;
        drop(waiting);
        self.room.add_permits(batch.frames.len());
        !(closed && batch.is_empty())
    }

    /// Lets nothing more in; what is in is still stored.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.room.close();
        self.filled.notify_one();
    }

    /// A batch is whole after each change, so a panic elsewhere cannot have left half of one.
    fn lock(&self) -> MutexGuard<'_, Batch> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
