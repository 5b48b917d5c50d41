//! Who is at the desk: the screens that are connected and the requests that come, for the desk to know whose incidents call
//! again.
//!
//! A person is there while a live stream of theirs is open. Without one, each request is a sign of them, and the desk counts
//! from the last. A browser that dies takes its stream with it; one whose machine or cable dies is found out by the system's
//! own time-out of data that nobody acknowledges (see [`found_out`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alarmcore::{Input, OperatorId, Presence, Timestamp};
use tokio::net::TcpStream;

use crate::desk::now;

/// How often a live stream says something although nothing happened.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(3);
/// A connection is given up when the other end has acknowledged nothing for so long, in milliseconds.
const UNACKNOWLEDGED_MS: u32 = 5_000;

/// Who is at the desk, cheap to clone.
#[derive(Clone)]
pub struct Seen {
    known: Arc<Mutex<Known>>,
    /// Since when this process runs: before that nobody could be seen.
    since: Timestamp,
}

#[derive(Default)]
struct Known {
    screens: HashMap<OperatorId, usize>,
    last: HashMap<OperatorId, Timestamp>,
    /// What the desk has not been told yet: of each person the first sign and the last.
    news: BTreeMap<OperatorId, Vec<Sign>>,
}

/// What is known of a person from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) at: Timestamp,
    pub(crate) operator: OperatorId,
    pub(crate) presence: Presence,
}

impl From<Sign> for Input {
    fn from(sign: Sign) -> Self {
        let Sign { at, operator, presence } = sign;
        Self::Operator { at, operator, presence }
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self { known: Arc::default(), since: now() }
    }
}

impl Seen {
    /// A live stream of this person is open as long as the screen is kept.
    pub(crate) fn screen(&self, operator: OperatorId) -> Screen {
        let mut known = self.known();
        *known.screens.entry(operator).or_default() += 1;
        known.tell(operator, now(), Presence::Here);
        Screen { seen: self.clone(), operator }
    }

    /// This person asked for something.
    pub(crate) fn asked(&self, operator: OperatorId) {
        self.known().sign(operator, now());
    }

    /// This person has logged out everywhere.
    pub(crate) fn left(&self, operator: OperatorId) {
        let mut known = self.known();
        known.last.remove(&operator);
        known.tell(operator, now(), Presence::Left);
    }

    /// What has become known since this was last asked, for the desk.
    pub(crate) fn news(&self) -> Vec<Sign> {
        std::mem::take(&mut self.known().news).into_values().flatten().collect()
    }

    /// What a desk has to be told that is started anew of those without a screen: of whoever owns something, and of whoever has asked for
    /// something.
    pub(crate) fn of(&self, owners: BTreeSet<OperatorId>) -> Vec<Sign> {
        let known = self.known();
        let absent = |operator: &OperatorId| known.screens.get(operator).is_none_or(|screens| *screens == 0);
        let silent = |operator| {
            let at = known.last.get(&operator).copied().unwrap_or(self.since);
            Sign { at, operator, presence: Presence::Silent }
        };
        let all: BTreeSet<OperatorId> = known.last.keys().copied().chain(owners).collect();
        all.into_iter().filter(absent).map(silent).collect()
    }

    /// Those who have a screen open now.
    pub(crate) fn there(&self) -> Vec<OperatorId> {
        let known = self.known();
        known.screens.iter().filter(|(_, screens)| **screens > 0).map(|(operator, _)| *operator).collect()
    }

    /// Who is at the desk, by the rule of the desk: a screen is open, or the last sign is not `absent_s` seconds old.
    pub(crate) fn present(&self, now: Timestamp, absent_s: u32) -> BTreeSet<OperatorId> {
        let known = self.known();
        let lately = known.last.iter().filter(|(_, at)| at.plus_secs(absent_s) > now).map(|(operator, _)| *operator);
        let screens = known.screens.iter().filter(|(_, screens)| **screens > 0).map(|(operator, _)| *operator);
        lately.chain(screens).collect()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The last sign of somebody without a screen.
    fn sign(&mut self, operator: OperatorId, at: Timestamp) {
        self.last.insert(operator, at);
        if self.screens.get(&operator).is_none_or(|screens| *screens == 0) {
            self.tell(operator, at, Presence::Silent);
        }
    }

    fn tell(&mut self, operator: OperatorId, at: Timestamp, presence: Presence) {
        let signs = self.news.entry(operator).or_default();
        signs.truncate(1);
        signs.push(Sign { at, operator, presence });
    }
}

/// A live stream that is open.
pub(crate) struct Screen {
    seen: Seen,
    operator: OperatorId,
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut known = self.seen.known();
        if let Some(screens) = known.screens.get_mut(&self.operator) {
            *screens = screens.saturating_sub(1);
        }
        known.sign(self.operator, now());
    }
}

/// Lets the system give up a connection whose other end is gone without a word.
pub(crate) fn found_out(connection: &TcpStream) {
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(connection, UNACKNOWLEDGED_MS) {
        tracing::debug!(%error, "a dead connection will be found out late");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seen: &Seen) -> Vec<(u32, Presence)> {
        seen.news().into_iter().map(|sign| (sign.operator.get(), sign.presence)).collect()
    }

    #[test]
    fn whoever_has_a_screen_is_there_and_requests_are_signs_of_the_others() {
        let (seen, li, chen) = (Seen::default(), OperatorId::new(1), OperatorId::new(2));
        let screens = [seen.screen(li), seen.screen(li)];
        seen.asked(li);
        seen.asked(chen);
        assert_eq!(told(&seen), [(1, Presence::Here), (1, Presence::Here), (2, Presence::Silent)]);
        let [first, second] = screens;
        drop(first);
        assert_eq!(told(&seen), []);
        let of = |owners: &[u32]| {
            let signs = seen.of(owners.iter().copied().map(OperatorId::new).collect());
            signs.into_iter().map(|sign| (sign.operator.get(), sign.presence)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[1]), [(2, Presence::Silent)]);
        drop(second);
        assert_eq!(told(&seen), [(1, Presence::Silent)]);
        assert_eq!(of(&[9]), [1, 2, 9].map(|operator| (operator, Presence::Silent)));
        seen.asked(chen);
        assert_eq!(told(&seen), [(2, Presence::Silent)]);
        assert_eq!(seen.present(now(), 60), [li, chen].into());
        let later = now().plus_secs(61);
        let _screen = seen.screen(li);
        assert_eq!(seen.present(later, 60), [li].into());
        assert_eq!(told(&seen), [(1, Presence::Here)]);
        seen.left(chen);
        assert_eq!(seen.present(now(), 60), [li].into());
        assert_eq!(told(&seen), [(2, Presence::Left)]);
    }

    /// The first sign says since when somebody was there, the last one how they are now.
    #[test]
    fn of_many_signs_the_first_and_the_last_are_told() {
        let (seen, li) = (Seen::default(), OperatorId::new(1));
        seen.left(li);
        let begun = now();
        for _ in 0..3 {
            seen.asked(li);
        }
        let _screen = seen.screen(li);
        let signs = seen.news();
        assert_eq!(signs.iter().map(|sign| sign.presence).collect::<Vec<_>>(), [Presence::Left, Presence::Here]);
        assert!(signs[0].at <= begun && begun <= signs[1].at, "{signs:?}");
        assert_eq!(seen.news(), []);
    }
}
