//! What is remembered of an account: when it was heard, and what it said lately.

use alloc::{boxed::Box, collections::VecDeque, vec::Vec};

use super::{Policy, Ticket};
use crate::frame::encode;
use crate::{Frame, Message, Reply};

/// An account heard lately, or under supervision.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// When its silence is an alarm.
    pub(super) due_ms: Option<u64>,
    pub(super) heard_ms: u64,
    pub(super) lost: bool,
    recent: VecDeque<Recent>,
    /// When its timer wakes us.
    pub(super) wake_ms: Option<u64>,
}

/// A message that may come again.
#[derive(Debug)]
struct Recent {
    identity: Box<[u8]>,
    until_ms: u64,
    fate: Fate,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Reported, not stored yet.
    Pending(Ticket),
    /// Stored, and answered so.
    Answered(Reply),
}

/// What makes two frames the same message: number, token, data and extended fields, but not the time, which a repeat may
/// carry anew. A plain frame is never the first of an encrypted one: else whoever lacks the key could keep a report away.
pub(super) fn identity(frame: &Frame<'_>, message: &Message<'_>) -> Box<[u8]> {
    let mut identity = Vec::with_capacity(frame.body().len() + 16);
    for part in [frame.sequence_text(), frame.token().as_str()] {
        identity.extend_from_slice(part.as_bytes());
        identity.push(b'"');
    }
    identity.push(u8::from(frame.is_encrypted()));
    let extended: Vec<_> = message.extended().collect();
    encode::inside(message.data(), &extended, &mut identity);
    identity.into()
}

impl Account {
    /// It was heard. Whether it had been lost.
    pub(super) fn hear(&mut self, now_ms: u64, policy: &Policy) -> bool {
        self.heard_ms = now_ms;
        self.due_ms = policy
            .supervision
            .map(|watch| now_ms.saturating_add(watch.interval_ms).saturating_add(watch.tolerance_ms).saturating_add(1));
        core::mem::take(&mut self.lost)
    }

    /// The fate of this message, if it came before and its span still runs. Its span begins anew.
    pub(super) fn repeated(&mut self, identity: &[u8], now_ms: u64, policy: &Policy) -> Option<Fate> {
        let recent = self.recent.iter_mut().find(|r| r.until_ms > now_ms && *r.identity == *identity)?;
        recent.until_ms = now_ms.saturating_add(policy.retry_span_ms);
        Some(recent.fate)
    }

    /// Remembers a message that was reported.
    pub(super) fn remember(&mut self, identity: Box<[u8]>, ticket: Ticket, now_ms: u64, policy: &Policy, most: usize) {
        let until_ms = now_ms.saturating_add(policy.retry_span_ms);
        self.recent.push_back(Recent { identity, until_ms, fate: Fate::Pending(ticket) });
        while self.recent.len() > most {
            self.recent.pop_front();
        }
    }

    /// Settles the message of this ticket: `None` forgets it, so that its repeat is reported.
    pub(super) fn settle(&mut self, ticket: Ticket, reply: Option<Reply>) {
        match reply {
            Some(reply) => {
                for recent in &mut self.recent {
                    if recent.fate == Fate::Pending(ticket) {
                        recent.fate = Fate::Answered(reply);
                    }
                }
            }
            None => self.recent.retain(|recent| recent.fate != Fate::Pending(ticket)),
        }
    }

    /// Forgets what is over. Whether the account has just been silent for too long.
    pub(super) fn wake(&mut self, now_ms: u64) -> bool {
        self.recent.retain(|recent| recent.until_ms > now_ms);
        let lost = self.due_ms.is_some_and(|due_ms| due_ms <= now_ms);
        if lost {
            self.due_ms = None;
            self.lost = true;
        }
        lost
    }

    /// Whether there is nothing more to remember.
    pub(super) fn is_over(&self) -> bool {
        self.recent.is_empty() && self.due_ms.is_none() && !self.lost
    }

    /// When it next wants to be woken.
    pub(super) fn next_ms(&self) -> Option<u64> {
        self.recent.iter().map(|recent| recent.until_ms).chain(self.due_ms).min()
    }
}
