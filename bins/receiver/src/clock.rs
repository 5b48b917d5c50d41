//! The centre's time, by which signals are dated and everything that waits becomes due. It never goes back: where the machine's clock
//! is set back, it goes on by the clock that nobody sets, a twentieth more slowly, until that of the machine has caught up. Otherwise
//! every wait that runs, be it a fire that nobody has taken, would stand still for as long as the clock was set back by.
//!
//! Where the machine's clock is set forward, it follows at once: what was due meanwhile is due now.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use alarmcore::Timestamp;

/// It loses one part in so many while it is ahead of the machine's clock.
const SLOWER_BY: i64 = 20;

/// The last time that was told, with the moment of it by the clock that nobody sets.
static LAST: Mutex<Option<Told>> = Mutex::new(None);

#[derive(Clone, Copy, Debug)]
struct Told {
    /// In nanoseconds since 1970.
    at: i64,
    steady: Instant,
}

impl Told {
    /// The time after so many nanoseconds, while the machine's clock shows `machine`.
    fn after(self, passed: i64, machine: i64) -> i64 {
        machine.max(self.at.saturating_add(passed - passed / SLOWER_BY))
    }
}

/// The centre's time.
pub fn now() -> Timestamp {
    millis(tell(machine_nanos()))
}

/// The time that the machine's clock shows: what the clocks of panels are held against, and what they are set by.
pub fn machine() -> Timestamp {
    millis(machine_nanos())
}

/// How far the centre's time is ahead of the machine's clock, in milliseconds.
pub fn ahead_ms() -> i64 {
    let machine = machine_nanos();
    (tell(machine) - machine) / 1_000_000
}

/// The centre's time is no earlier than this: what an earlier run has stored is not dated later than what follows it.
pub fn not_before(at: Timestamp) {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let floor = at.millis().saturating_mul(1_000_000);
    if last.is_none_or(|last| last.at < floor) {
        *last = Some(Told { at: floor, steady: Instant::now() });
    }
}

fn tell(machine: i64) -> i64 {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let steady = Instant::now();
    let at = last.map_or(machine, |last| last.after(nanos(steady.saturating_duration_since(last.steady)), machine));
    *last = Some(Told { at, steady });
    at
}

fn machine_nanos() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, nanos)
}

fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

const fn millis(nanos: i64) -> Timestamp {
    Timestamp::from_millis(nanos / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    /// The times that are told second by second, in seconds, where the machine's clock shows these.
    fn course(shown: &[i64]) -> Vec<i64> {
        let steady = Instant::now();
        let mut told = Told { at: shown[0] * SECOND, steady };
        let mut course = vec![shown[0]];
        for machine in &shown[1..] {
            told = Told { at: told.after(SECOND, machine * SECOND), steady };
            course.push(told.at / SECOND);
        }
        course
    }

    /// Set back by an hour, it goes on, loses a twentieth and has caught up after twenty hours; set forward, it follows at once.
    #[test]
    fn it_never_goes_back_and_catches_up() {
        assert_eq!(course(&[100, 101, 41, 42, 43]), [100, 101, 101, 102, 103]);
        assert_eq!(course(&[100, 101, 161, 162]), [100, 101, 161, 162]);
        let back: Vec<i64> = (0..80_000).map(|second| if second < 10 { second } else { second - 3600 }).collect();
        let told = course(&back);
        assert!(told.windows(2).all(|pair| pair[0] <= pair[1]), "it goes back");
        assert!(told[71_900] > back[71_900] && told[72_100] == back[72_100], "{} {}", told[71_900], back[71_900]);
    }

    #[test]
    fn it_begins_where_an_earlier_run_has_ended() {
        let floor = machine().plus_secs(3600);
        not_before(floor);
        assert!(now() >= floor && ahead_ms() > 3_590_000, "{:?} {}", now(), ahead_ms());
        not_before(machine());
        assert!(now() >= floor);
    }
}
