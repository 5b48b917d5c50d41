//! Slows down who guesses passwords, by log-in and by address, without locking an operator out for long.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong passwords for one log-in before it has to wait.
const FREE_PER_LOGIN: u32 = 5;
/// Wrong passwords from one address before it has to wait: several operators may sit behind one address.
const FREE_PER_ADDRESS: u32 = 20;
/// The longest wait. An attacker who knows a log-in can delay its owner by this and no more.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// A count that has rested this long is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);
/// Counts kept at once; beyond it the oldest go first.
const COUNTS_MAX: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Login(String),
    Address(IpAddr),
}

impl Who {
    fn free(&self) -> u32 {
        match self {
            Self::Login(_) => FREE_PER_LOGIN,
            Self::Address(_) => FREE_PER_ADDRESS,
        }
    }
}

#[derive(Clone, Copy)]
struct Count {
    failures: u32,
    last: Instant,
}

/// Counts of wrong passwords, bounded and forgetful.
#[derive(Default)]
pub struct Throttle {
    counts: Mutex<HashMap<Who, Count>>,
}

impl Throttle {
    /// How long this attempt has to wait before its password is even looked at; `None` when it may go on.
    pub fn wait(&self, login: &str, address: IpAddr, now: Instant) -> Option<Duration> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        keys(login, address).iter().filter_map(|who| remaining(who, counts.get(who)?, now)).max()
    }

    /// A wrong password was given.
    pub fn failed(&self, login: &str, address: IpAddr, now: Instant) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() + 2 > COUNTS_MAX {
            counts.retain(|_, count| now.duration_since(count.last) < FORGET_AFTER);
        }
        while counts.len() + 2 > COUNTS_MAX {
            let Some(oldest) = counts.iter().min_by_key(|(_, count)| count.last).map(|(who, _)| who.clone()) else {
                break;
            };
            counts.remove(&oldest);
        }
        for who in keys(login, address) {
            let count = counts.entry(who).or_insert(Count { failures: 0, last: now });
            if now.duration_since(count.last) >= FORGET_AFTER {
                count.failures = 0;
            }
            *count = Count { failures: count.failures.saturating_add(1), last: now };
        }
    }

    /// The right password was given: the log-in starts afresh. The address keeps its count, or an attacker with
    /// one account of his own could clear it at will.
    pub fn succeeded(&self, login: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&Who::Login(login.to_lowercase()));
    }
}

fn keys(login: &str, address: IpAddr) -> [Who; 2] {
    [Who::Login(login.to_lowercase()), Who::Address(address)]
}

/// 1, 2, 4 … seconds from the first failure beyond the free ones, counted from the last failure.
fn remaining(who: &Who, count: &Count, now: Instant) -> Option<Duration> {
    let beyond = count.failures.checked_sub(who.free())?;
    let wait = Duration::from_secs(1 << beyond.min(6)).min(WAIT_MAX);
    wait.checked_sub(now.duration_since(count.last)).filter(|rest| !rest.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

    #[test]
    fn the_wait_doubles_to_a_minute_and_ends_by_itself() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let waits: Vec<_> = (0..13)
            .map(|_| {
                throttle.failed("Li", HOME, start);
                throttle.wait("li", HOME, start).map_or(0, |wait| wait.as_secs())
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(throttle.wait("li", HOME, start + Duration::from_secs(60)), None);
        throttle.succeeded("LI");
        assert_eq!(throttle.wait("li", HOME, start), None);
    }

    #[test]
    fn one_address_trying_many_logins_is_slowed_too() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for n in 0..20 {
            throttle.failed(&format!("guess-{n}"), HOME, start);
        }
        assert_eq!(throttle.wait("someone-else", HOME, start), Some(Duration::from_secs(1)));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for n in 0..COUNTS_MAX as u64 + 50 {
            throttle.failed(&format!("guess-{n}"), HOME, start + Duration::from_millis(n));
        }
        assert!(throttle.counts.lock().unwrap().len() <= COUNTS_MAX);
    }
}
