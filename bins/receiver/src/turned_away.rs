//! Whom the receiver turned away: connections for which there is no place. What is refused cannot say what it had to say, so that it
//! stands in the log, and whoever watches the receiver is told.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the log speaks of the same reason.
const SAID_EVERY: Duration = Duration::from_secs(60);
/// For how long a reason holds after the last refusal, though there is a place again: so that few of those who come and go make no end.
const HOLDS: Duration = Duration::from_secs(15);
/// Addresses that are kept apart; of more than that it is only known that there are more.
const ADDRESSES: usize = 64;

/// Why a connection has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoPlace {
    /// All places are taken: so many.
    Full(usize),
    /// This address has as many as one address may have: so many.
    Address(IpAddr, usize),
    /// So has more than one address, besides those that are named.
    Others(usize),
    /// The system gives no connection: files run out.
    System,
}

/// What was refused for one reason.
#[derive(Clone, Copy, Debug)]
struct Refused {
    last: Instant,
    said: Instant,
    unsaid: u64,
}

/// Whom the receiver turned away lately.
#[derive(Debug, Default)]
pub(crate) struct TurnedAway(Mutex<BTreeMap<NoPlace, Refused>>);

impl TurnedAway {
    /// Somebody was refused: the log says so the first time, and then once in a while with how often it was.
    pub(crate) fn refuse(&self, why: NoPlace, at: Instant) {
        let Some(times) = self.note(why, at) else { return };
        match why {
            NoPlace::Full(all) => tracing::warn!(times, "connections are refused: all {all} places are taken"),
            NoPlace::Address(address, most) => {
                tracing::warn!(
                    times,
                    "connections of {address} are refused: {most} of it are open, as many as one address may have"
                );
            }
            NoPlace::Others(most) => {
                tracing::warn!(times, "connections of more addresses are refused: {most} of each are open");
            }
            NoPlace::System => {
                tracing::warn!(
                    times,
                    "a connection cannot be accepted; if files run out, raise the hard limit, `ulimit -Hn`"
                );
            }
        }
    }

    /// Takes note of it; says how often it was since it was last said, where it is to be said again.
    fn note(&self, why: NoPlace, at: Instant) -> Option<u64> {
        let mut all = self.all();
        let addresses = all.keys().filter(|known| matches!(known, NoPlace::Address(..))).count();
        let why = match why {
            NoPlace::Address(_, most) if addresses >= ADDRESSES && !all.contains_key(&why) => NoPlace::Others(most),
            why => why,
        };
        match all.get_mut(&why) {
            None => {
                all.insert(why, Refused { last: at, said: at, unsaid: 0 });
                Some(1)
            }
            Some(refused) => {
                refused.last = at;
                refused.unsaid += 1;
                let due = at.duration_since(refused.said) >= SAID_EVERY;
                due.then(|| {
                    refused.said = at;
                    std::mem::take(&mut refused.unsaid)
                })
            }
        }
    }

    /// Why connections are refused now: what was refused and would be again, or was lately. What is over is forgotten.
    pub(crate) fn lately(&self, now: Instant, lacks: impl Fn(&NoPlace) -> bool) -> Vec<NoPlace> {
        let mut all = self.all();
        all.retain(|why, refused| now.duration_since(refused.last) < HOLDS || lacks(why));
        all.keys().copied().collect()
    }

    /// Each change is whole: a panic elsewhere leaves no half of one.
    fn all(&self) -> MutexGuard<'_, BTreeMap<NoPlace, Refused>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> NoPlace {
        NoPlace::Address(IpAddr::from([192, 0, 2, last]), 1000)
    }

    #[test]
    fn a_reason_is_said_once_a_minute_and_is_over_when_nobody_was_refused_for_a_while() {
        let (turned, at) = (TurnedAway::default(), Instant::now());
        let after = |secs| at + Duration::from_secs(secs);
        assert_eq!(turned.lately(at, |_| false), []);
        assert_eq!(turned.note(address(7), at), Some(1));
        assert_eq!(turned.note(address(7), after(1)), None);
        assert_eq!(turned.note(NoPlace::Full(50_000), after(2)), Some(1), "another reason is said at once");
        assert_eq!(turned.lately(after(2), |_| false), [NoPlace::Full(50_000), address(7)]);
        for secs in 3..60 {
            assert_eq!(turned.note(address(7), after(secs)), None);
        }
        assert_eq!(turned.note(address(7), after(60)), Some(59), "all that were refused since");
        assert_eq!(turned.lately(after(74), |_| false), [address(7)]);
        assert_eq!(turned.lately(after(75), |why| *why == address(7)), [address(7)], "there is still no place");
        assert_eq!(turned.lately(after(75), |_| false), []);
        assert_eq!(turned.note(address(7), after(76)), Some(1), "it begins anew");
    }

    #[test]
    fn addresses_without_end_take_no_room() {
        let (turned, at) = (TurnedAway::default(), Instant::now());
        for last in 0..=255 {
            let said = turned.note(address(last), at);
            assert_eq!(said.is_some(), usize::from(last) <= ADDRESSES, "{last}");
        }
        assert_eq!(turned.lately(at, |_| false).len(), ADDRESSES + 1);
        assert_eq!(turned.note(address(0), at), None, "those that are known stay known");
    }
}
