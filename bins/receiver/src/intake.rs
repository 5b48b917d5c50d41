//! Stored first, acknowledged then: the one thread that owns the signal log.
//!
//! It takes everything that waits, commits it as one transaction, and only then sends the answers. While a commit is on
//! its way to the disk the next batch gathers by itself; nothing is ever delayed in order to make a batch larger.

use std::mem;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use alarmcore::SignalId;
use opsmodel::store::{NewSignal, SignalLog, StoreError};

use crate::clock::now;
use crate::counts::{Sheet, Unstored};
use crate::gate::Gate;
use answers::Answers;
use queue::{Batch, Queue};

mod answers;
pub(crate) mod queue;
pub(crate) mod way;

/// How long the counts of heartbeats and noise may wait when no signal takes them along.
const COUNTS_AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// The storing thread.
#[derive(Debug)]
pub struct Intake {
    door: Door,
    thread: Option<JoinHandle<()>>,
}

/// Where the sockets hand their frames in.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) queue: Arc<Queue>,
    pub(crate) unstored: Arc<Unstored>,
}

impl Intake {
    /// Starts the thread. `stored` is called on it after each commit that stored signals, with the last one's number.
    #[must_use]
    pub fn start(log: SignalLog, stored: impl FnMut(SignalId) + Send + 'static) -> Self {
        Self::gated(log, Gate::default(), stored)
    }

    /// The same, which stores and acknowledges nothing while `gate` is closed; heartbeats are answered all the same.
    #[must_use]
    pub fn gated(log: SignalLog, gate: Gate, stored: impl FnMut(SignalId) + Send + 'static) -> Self {
        let door = Door { queue: Arc::new(Queue::new()), unstored: Arc::default() };
        let (answers, sheet) = (Answers::start(), Sheet::default());
        let mut clerk = Clerk { log, gate, door: door.clone(), stored, answers, sheet, trouble: None };
        let thread = named("intake", move || clerk.work());
        Self { door, thread: Some(thread) }
    }

    /// Stores a report that no panel sent, such as the loss of a line: durable when this is done, and `false` when it could
    /// not be stored. It counts as no frame of any line.
    pub async fn report(&self, signal: NewSignal) -> bool {
        self.report_numbered(signal).await.is_some()
    }

    /// The same, with its place in the log; `None` when it could not be stored.
    pub async fn report_numbered(&self, signal: NewSignal) -> Option<SignalId> {
        self.door.queue.put_own(signal).await.ok()
    }

    pub(crate) fn door(&self) -> Door {
        self.door.clone()
    }

    /// Stores and answers what was handed in, and ends. Frames that come later are neither stored nor answered.
    pub fn close(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.door.queue.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        self.end();
    }
}

/// What runs on the thread.
struct Clerk<F> {
    log: SignalLog,
    /// Closed while the disk is needed for something else.
    gate: Gate,
    door: Door,
    stored: F,
    answers: Answers,
    /// Counts that are not durable yet.
    sheet: Sheet,
    trouble: Option<Trouble>,
}

/// The store refuses to write.
struct Trouble {
    unanswered: u64,
}

impl<F: FnMut(SignalId)> Clerk<F> {
    fn work(&mut self) {
        let mut batch = Batch::default();
        while self.door.queue.take(&mut batch, COUNTS_AT_LEAST_EVERY) {
            self.commit(&mut batch);
        }
        // The last counts.
        self.commit(&mut batch);
    }

    /// One transaction, and what follows from it.
    fn commit(&mut self, batch: &mut Batch) {
        self.door.unstored.drain_into(&mut self.sheet, now());
        for frame in batch.frames.iter().filter(|frame| frame.stored) {
            let row = self.sheet.row(frame.received_at, frame.line);
            row.received += 1;
            *(if frame.acknowledged { &mut row.acknowledged } else { &mut row.refused }) += 1;
        }
        if batch.signals.is_empty() && self.sheet.rows().is_empty() {
            self.answers.send(mem::take(&mut batch.frames));
            return;
        }
        let stored = match self.gate.pass() {
            Some(_passing) => self.log.append(&batch.signals, self.sheet.rows()).map_err(Some),
            None => Err(None),
        };
        match stored {
            Ok(stored) => {
                self.answers.send(mem::take(&mut batch.frames));
                batch.signals.clear();
                for (place, own) in batch.own.drain(..) {
                    // Whoever gave it up does not need to know.
                    let _ = stored.get(place).map(|stored| own.send(stored.id()));
                }
                self.sheet.clear();
                self.recovered();
                if let Some(last) = stored.last() {
                    (self.stored)(last.id());
                }
            }
            Err(error) => self.failed(error.as_ref(), batch),
        }
    }

    /// Nothing of the batch is stored, so none of its signals is acknowledged: the panels will repeat them. Without an error the gate
    /// is closed.
    fn failed(&mut self, error: Option<&StoreError>, batch: &mut Batch) {
        for frame in batch.frames.iter().filter(|frame| frame.stored && frame.acknowledged) {
            let row = self.sheet.row(frame.received_at, frame.line);
            row.acknowledged -= 1;
            row.refused += 1;
        }
        batch.signals.clear();
        batch.own.clear();
        let unanswered = batch.withhold();
        self.answers.send(mem::take(&mut batch.frames));
        if self.trouble.is_none() {
            match error {
                None => tracing::error!("signals are held up and NOT acknowledged, until there is room on the disk"),
                Some(error) => {
                    let advice = if error.is_full() {
                        "free space on the disk or move the folder to a larger one; nothing needs to be restarted"
                    } else {
                        "see that the folder can be written and the disk is sound; nothing needs to be restarted"
                    };
                    tracing::error!("signals cannot be stored and are NOT acknowledged: {error}; {advice}");
                }
            }
        }
        self.trouble.get_or_insert(Trouble { unanswered: 0 }).unanswered += unanswered;
    }

    fn recovered(&mut self) {
        if let Some(Trouble { unanswered }) = self.trouble.take() {
            tracing::warn!("signals are stored and acknowledged again; {unanswered} frames got no answer meanwhile");
        }
    }
}

impl Batch {
    /// Nothing is durable: only what needed no storing keeps its answer. Gives the number of frames that lose theirs.
    fn withhold(&mut self) -> u64 {
        let unstored = self.frames.iter_mut().filter(|frame| frame.stored);
        unstored.map(|frame| frame.answer.clear()).count() as u64
    }
}

/// A thread whose name shows in the system's own tools.
///
/// # Panics
/// When the system has no thread left to give, at the start of the program.
fn named(name: &str, work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name.to_owned()).spawn(work).expect("the system gives a thread")
}
