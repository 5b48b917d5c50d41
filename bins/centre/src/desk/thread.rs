//! The thread that owns the desk: one turn after the other, and a fresh start from the store when the store failed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use alarmcore::{Policy, Timestamp};
use opsmodel::crm::Change;
use opsmodel::store::StoreError;
use tokio::sync::oneshot;

use super::seat::{Lines, Seat};
use super::{Act, CardWrite, DeskHandle, Done, NotDone, ORDERS_MAX, Order, now};
use crate::cards::Cards;
use crate::live::{self, Live};
use crate::outside::Outside;
use crate::presence::Seen;
use crate::room::{Lack, Room};

/// How often the desk looks whether another process has written cards, and whether an effect is owed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a failure of the store, the first and the longest wait before the next try.
const WAIT_FIRST: Duration = Duration::from_millis(100);
const WAIT_MAX: Duration = Duration::from_secs(5);
/// The longest rest between two turns while signals pour in.
const REST_MAX: Duration = Duration::from_millis(250);

/// The desk's priority among threads, as `nice` counts it.
const NICENESS: i32 = 10;

/// The running thread. It ends when it is told to, never by itself.
pub(crate) struct DeskThread {
    handle: DeskHandle,
    thread: JoinHandle<()>,
}

impl DeskThread {
    /// Disposes of what is in the log by now, commits it and ends.
    pub(crate) fn end(self) {
        self.handle.end();
        if self.thread.join().is_err() {
            tracing::error!("the desk broke off");
        }
    }
}

/// Loads the desk from the store in `dir` and starts its thread.
///
/// # Errors
/// The store cannot be opened or read, or there is no room for a thread.
pub(crate) fn start(
    dir: PathBuf,
    policy: Policy,
    cards: Arc<Cards>,
    live: Live,
    seen: Seen,
    outside: Outside,
    room: Room,
) -> anyhow::Result<(DeskHandle, DeskThread)> {
    let started = now();
    let mut seat = Seat::open(&dir, &policy, &seen, started)?;
    let change =
        Change { by: None, at: now(), origin: "start of the centre".into(), reason: "the policy in force".into() };
    if seat.centre().put_policy(&policy, &change)? {
        tracing::info!(version = policy.version, packs = ?policy.packs, "a policy comes into force");
    }
    seat.centre().take_back(&outside.names(), now(), |effect| outside.is_lost(effect))?;
    cards.show(seat.cards()?);
    cards.plan(seat.expected(now())?, None);
    let (sender, orders) = sync_channel(ORDERS_MAX);
    let turned = Arc::new(Mutex::new(Instant::now()));
    let handle = DeskHandle { orders: sender, woken: Arc::default(), fault: Arc::default(), turned };
    let DeskHandle { woken, fault, turned, .. } = handle.clone();
    let (seat, written, looked) = (Some(seat), false, Instant::now());
    let clerk = Clerk {
        dir,
        policy,
        cards,
        live,
        seen,
        outside,
        room,
        orders,
        woken,
        fault,
        turned,
        started,
        seat,
        written,
        looked,
    };
    let thread = std::thread::Builder::new().name("desk".into()).spawn(move || clerk.work())?;
    Ok((handle.clone(), DeskThread { handle, thread }))
}

/// What runs on the thread.
struct Clerk {
    dir: PathBuf,
    policy: Policy,
    cards: Arc<Cards>,
    live: Live,
    seen: Seen,
    outside: Outside,
    room: Room,
    orders: Receiver<Order>,
    woken: Arc<AtomicBool>,
    fault: Arc<Mutex<Option<String>>>,
    turned: Arc<Mutex<Instant>>,
    /// Since when the desk hears what is answered: the start of the centre, or the end of the last failure of the store.
    started: Timestamp,
    /// `None` after the store failed: what the desk in memory knows might not be what is stored.
    seat: Option<Seat>,
    /// A card that the desk works by was written here.
    written: bool,
    looked: Instant,
}

/// Orders that were taken from the channel together.
#[derive(Default)]
struct Taken {
    acts: Vec<Act>,
    answers: Vec<oneshot::Sender<Result<Done, NotDone>>>,
    writes: Vec<CardWrite>,
    /// A card is written that the desk works by.
    changes_desk: bool,
    end: bool,
}

impl Clerk {
    fn work(mut self) {
        // Where processors are short, acknowledging goes before deciding. On Linux this holds for this thread alone; a system
        // that does not grant it loses speed under overload and nothing else.
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS);
        let (mut patience, mut rest) = (Duration::ZERO, Duration::ZERO);
        let mut wait = WAIT_FIRST;
        let mut ending = false;
        loop {
            let Taken { acts, answers, writes, changes_desk, end } = self.take(patience, rest);
            ending |= end;
            let began = Instant::now();
            match self.turn(acts) {
                Ok((verdicts, next)) => {
                    // Before the answers: whoever has one finds the desk working.
                    self.recovered();
                    // An answer that nobody waits for any more is dropped.
                    answers.into_iter().zip(verdicts).for_each(|(answer, verdict)| drop(answer.send(verdict)));
                    writes.into_iter().for_each(|write| write(self.seat.as_mut().map(Seat::centre)));
                    // The next turn tells the desk of the card as it now is; a short wait makes that turn soon.
                    self.written = changes_desk;
                    if ending && !next.is_zero() {
                        return;
                    }
                    // While signals pour in, the intake has the other half of the time; an operator's act ends the rest.
                    let pouring = self.woken.load(Ordering::Acquire) && !ending;
                    rest = if pouring { began.elapsed().min(REST_MAX) } else { Duration::ZERO };
                    let next = if changes_desk { Duration::ZERO } else { next };
                    (patience, wait) = (next.max(rest), WAIT_FIRST);
                }
                Err(error) => {
                    answers.into_iter().for_each(|answer| drop(answer.send(Err(NotDone::Unavailable))));
                    let has_room = self.failed(&error);
                    writes.into_iter().for_each(|write| write(None));
                    if ending {
                        return;
                    }
                    if has_room {
                        // At once: whoever else fills the disk finds that room, too.
                        (patience, rest) = (Duration::ZERO, Duration::ZERO);
                    } else {
                        (patience, rest, wait) = (wait, wait, (wait * 2).min(WAIT_MAX));
                    }
                }
            }
        }
    }

    /// Waits up to `patience` for an order, and takes those that came with it. Stored signals are an order like any other,
    /// but for those that come within `rest`: they wait until it is over.
    fn take(&self, patience: Duration, rest: Duration) -> Taken {
        let began = Instant::now();
        let (mut until, rested) = (began + patience, began + rest);
        let mut taken = Taken::default();
        loop {
            let order = match self.orders.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(order) => order,
                Err(RecvTimeoutError::Timeout) => return taken,
                // Nobody can give an order any more.
                Err(RecvTimeoutError::Disconnected) => Order::End,
            };
            let now = Instant::now();
            match order {
                Order::Act { act, answer } => {
                    taken.acts.push(act);
                    taken.answers.push(answer);
                    until = now;
                }
                Order::Write(write, changes_desk) => {
                    taken.changes_desk |= changes_desk;
                    taken.writes.push(write);
                    until = now;
                }
                // Cleared before the log is read: what is stored from here on wakes us again.
                Order::Wake => {
                    self.woken.store(false, Ordering::Release);
                    until = until.min(rested.max(now));
                }
                Order::End => {
                    taken.end = true;
                    until = now;
                }
            }
        }
    }

    /// One turn of the desk, which is loaded anew where it has to be; and how long nothing will be due after it.
    fn turn(&mut self, acts: Vec<Act>) -> Result<(Vec<Result<Done, NotDone>>, Duration), StoreError> {
        let (seat, lines) = self.caught_up()?;
        let mut seat = match seat {
            Some(seat) => seat,
            None => {
                if self.fault.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                    self.started = now();
                }
                let seat = Seat::open(&self.dir, &self.policy, &self.seen, self.started)?;
                self.cards.show(seat.cards()?);
                self.cards.plan(seat.expected(now())?, None);
                self.live.publish(live::Change::default());
                seat
            }
        };
        let now = now();
        seat.cramp(self.room.lack() == Some(Lack::InUse))?;
        let turned = seat.turn(self.seen.news(), acts, now)?;
        self.cards.plan(lines.iter().map(|(account, _)| (*account, seat.expected_of(*account, now))), None);
        self.cards.renew(lines.into_iter().map(|(account, promised)| (account, seat.line(account, promised))));
        // While signals wait, what they bring is not missing.
        self.cards.plan(turned.expected, (!turned.is_behind).then_some(now));
        let rung = seat.perform(now, &self.outside)?;
        if turned.change.is_some() || rung.rings() {
            let live::Rung { alerts, ring } = rung;
            self.live.publish(live::Change { alerts, ring, ..turned.change.unwrap_or_default() });
        }
        let until_deadline = seat.deadline().map(|deadline| deadline.millis().saturating_sub(now.millis()));
        self.seat = Some(seat);
        let next = match until_deadline {
            _ if turned.is_behind => Duration::ZERO,
            Some(millis) => Duration::from_millis(millis.max(1).cast_unsigned()).min(LOOK_EVERY),
            None => LOOK_EVERY,
        };
        Ok((turned.verdicts, next))
    }

    /// The desk with what it does not know yet of cards, where it need not be loaded anew for them.
    fn caught_up(&mut self) -> Result<(Option<Seat>, Lines), StoreError> {
        let written = std::mem::take(&mut self.written);
        let Some(mut seat) = self.seat.take() else { return Ok((None, Lines::new())) };
        if !written && (!self.is_time_to_look() || !seat.is_outdated()?) {
            return Ok((Some(seat), Lines::new()));
        }
        match seat.catch_up(now(), &self.cards.directory.load())? {
            Some(lines) => {
                self.live.publish(live::Change::default());
                Ok((Some(seat), lines))
            }
            None => {
                tracing::info!("cards were written: the desk is loaded anew");
                Ok((None, Lines::new()))
            }
        }
    }

    fn is_time_to_look(&mut self) -> bool {
        let due = self.looked.elapsed() >= LOOK_EVERY;
        if due {
            self.looked = Instant::now();
        }
        due
    }

    /// The desk in memory may know what is not stored: it goes, and the next turn loads it from the store. Says whether there is
    /// room now that was not there when it failed.
    fn failed(&mut self, error: &StoreError) -> bool {
        self.seat = None;
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        if fault.is_none() {
            let advice = if error.is_full() {
                "free space on the disk; nothing needs to be restarted"
            } else {
                "signals are still taken in; see that the folder can be written and the disk is sound; nothing needs to be restarted"
            };
            tracing::error!("the desk cannot work: {error}; {advice}");
        }
        *fault = Some(error.to_string());
        drop(fault);
        self.room.give(error)
    }

    fn recovered(&self) {
        self.room.desk_works();
        *self.turned.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        if self.fault.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::warn!("the desk works again");
        }
    }
}
