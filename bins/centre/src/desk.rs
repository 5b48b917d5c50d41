//! The way to the one thread that decides and writes: orders go in, answers come back when they are durable.

mod seat;
mod thread;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alarmcore::{
    AccountNumber, Command, FalseCallsCommand, FalseCallsRefusal, FollowUpCommand, FollowUpId, FollowUpRefusal,
    IncidentId, Input, LoweredCommand, LoweredRefusal, OperatorId, Refusal, StormCommand, StormId, StormRefusal,
    TestCommand, TestRefusal, Timestamp,
};
use opsmodel::store::{Centre, StoreError};
use tokio::sync::oneshot;

use crate::problem::Problem;

pub(crate) use seat::Seat;
pub(crate) use thread::start;

/// Orders that may wait. A person does not wait behind more than this many; beyond it the answer is "busy".
const ORDERS_MAX: usize = 256;

/// The way to the desk, cheap to clone.
#[derive(Clone)]
pub struct DeskHandle {
    orders: SyncSender<Order>,
    /// A wake-up is under way already.
    woken: Arc<AtomicBool>,
    /// Why the desk does not work at the moment.
    fault: Arc<Mutex<Option<String>>>,
    /// When its last turn ended that did not fail.
    turned: Arc<Mutex<Instant>>,
}

/// An operator's act.
#[derive(Clone, Debug)]
pub enum Act {
    /// On an incident.
    Incident {
        /// Who acts.
        by: OperatorId,
        /// On which incident.
        incident: IncidentId,
        /// What is done.
        command: Command,
        /// The second person of a four-eyes act, who has signed in the same request.
        second: Option<OperatorId>,
    },
    /// On the test of an account.
    Test {
        /// Who acts.
        by: OperatorId,
        /// Is that a supervisor?
        supervisor: bool,
        /// The account.
        account: AccountNumber,
        /// What is done.
        command: TestCommand,
        /// The second person, who has signed in the same request.
        second: Option<OperatorId>,
    },
    /// On the false alarms of an account.
    FalseCalls {
        /// Who acts.
        by: OperatorId,
        /// The account.
        account: AccountNumber,
        /// What is done.
        command: FalseCallsCommand,
    },
    /// On a follow-up.
    FollowUp {
        /// Who acts.
        by: OperatorId,
        /// Which; `None` for a new one.
        follow_up: Option<FollowUpId>,
        /// What is done.
        command: FollowUpCommand,
    },
    /// On a row of the board of lowered protection.
    Lowered {
        /// Who acts.
        by: OperatorId,
        /// The account.
        account: AccountNumber,
        /// What is done.
        command: LoweredCommand,
    },
    /// On a storm.
    Storm {
        /// Who acts.
        by: OperatorId,
        /// Is that a supervisor?
        supervisor: bool,
        /// Which; `None` for one that is to be declared.
        storm: Option<StormId>,
        /// What is done.
        command: StormCommand,
        /// The second person of a four-eyes act, who has signed in the same request.
        second: Option<OperatorId>,
    },
}

impl Act {
    /// What the desk is told.
    fn input(self, at: Timestamp) -> Input {
        match self {
            Self::Incident { by, incident, command, second } => Input::Act { at, by, incident, command, second },
            Self::FalseCalls { by, account, command } => Input::FalseCalls { at, by, account, command },
            Self::FollowUp { by, follow_up, command } => Input::FollowUp { at, by, follow_up, command },
            Self::Test { by, supervisor, account, command, second } => {
                Input::Test { at, by, supervisor, account, command, second }
            }
            Self::Lowered { by, account, command } => Input::Lowered { at, by, account, command },
            Self::Storm { by, supervisor, storm, command, second } => {
                Input::Storm { at, by, supervisor, storm, command, second }
            }
        }
    }
}

/// An act that is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Done {
    /// The last journal entry after it.
    pub seq: u64,
    /// The version of the incident, test, follow-up or storm after it.
    pub version: u32,
}

/// Why an act was not done.
#[derive(Clone, Debug)]
pub enum NotDone {
    /// The desk refused it; nothing changed.
    Refused(Refusal),
    /// The desk refused it, on a test; nothing changed.
    RefusedTest(TestRefusal),
    /// The desk refused it, on false alarms; nothing changed.
    RefusedFalseCalls(FalseCallsRefusal),
    /// The desk refused it, on a follow-up; nothing changed.
    RefusedFollowUp(FollowUpRefusal),
    /// The desk refused it, on a row of the board; nothing changed.
    RefusedLowered(LoweredRefusal),
    /// The desk refused it, on a storm; nothing changed.
    RefusedStorm(StormRefusal),
    /// The store does not take anything at the moment, or too many orders wait.
    Unavailable,
}

/// What is done with the store between two commits; without one, because it failed, it only says so.
type CardWrite = Box<dyn FnOnce(Option<&mut Centre>) + Send>;

enum Order {
    /// Decide and write.
    Act { act: Act, answer: oneshot::Sender<Result<Done, NotDone>> },
    /// Write a card; one that the desk works by, if so, and it looks for it.
    Write(CardWrite, bool),
    /// Signals were stored.
    Wake,
    /// Write what is decided, and end.
    End,
}

impl DeskHandle {
    /// Does `act` and answers once it is durable.
    ///
    /// # Errors
    /// The desk's refusal, or that it cannot answer now.
    pub async fn act(&self, act: Act) -> Result<Done, NotDone> {
        let (answer, answered) = oneshot::channel();
        self.orders.try_send(Order::Act { act, answer }).map_err(|_| NotDone::Unavailable)?;
        answered.await.unwrap_or(Err(NotDone::Unavailable))
    }

    /// Writes cards with the one connection that writes, and answers once they are durable.
    ///
    /// # Errors
    /// The store does not take it; the cause goes to the log.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Centre) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NotDone> {
        self.order(work, false).await
    }

    /// The same for a card that the desk works by: it is told of it before it decides anything more.
    ///
    /// # Errors
    /// As [`DeskHandle::write`].
    pub async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Centre) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NotDone> {
        self.order(work, true).await
    }

    async fn order<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Centre) -> Result<T, StoreError> + Send + 'static,
        changes_desk: bool,
    ) -> Result<T, NotDone> {
        let (answer, answered) = oneshot::channel();
        let write: CardWrite = Box::new(move |centre| {
            // Whoever gave the order may have gone; the card is written all the same.
            let _ = answer.send(centre.map(work));
        });
        self.orders.try_send(Order::Write(write, changes_desk)).map_err(|_| NotDone::Unavailable)?;
        match answered.await {
            Ok(Some(Ok(written))) => Ok(written),
            Ok(Some(Err(error))) => {
                tracing::error!(%error, "a card could not be written");
                Err(NotDone::Unavailable)
            }
            Ok(None) | Err(_) => Err(NotDone::Unavailable),
        }
    }

    /// Signals were stored: look. Never waits; wake-ups that come together are one.
    pub(crate) fn wake(&self) {
        if !self.woken.swap(true, Ordering::AcqRel)
            && let Err(TrySendError::Full(_)) = self.orders.try_send(Order::Wake)
        {
            // A full channel keeps the desk awake as it is.
            self.woken.store(false, Ordering::Release);
        }
    }

    /// Why the desk does not work at the moment; `None` when it does.
    pub fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// For how long the desk has ended no turn. One that works ends a turn a second.
    pub(crate) fn idle(&self) -> Duration {
        self.turned.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    fn end(&self) {
        let _ = self.orders.send(Order::End);
    }
}

impl From<NotDone> for Problem {
    fn from(not_done: NotDone) -> Self {
        match not_done {
            NotDone::Unavailable => Self::unavailable(),
            NotDone::Refused(refusal) => Self::refused(&refusal),
            NotDone::RefusedTest(refusal) => Self::refused_test(&refusal),
            NotDone::RefusedFalseCalls(refusal) => Self::refused_false_calls(&refusal),
            NotDone::RefusedFollowUp(refusal) => Self::refused_follow_up(&refusal),
            NotDone::RefusedLowered(refusal) => Self::refused_lowered(&refusal),
            NotDone::RefusedStorm(refusal) => Self::refused_storm(&refusal),
        }
    }
}

/// The centre's time: the only clock that desk and pages know.
pub(crate) fn now() -> Timestamp {
    receiver::clock::now()
}
