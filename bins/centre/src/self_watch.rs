//! The centre watches itself: the room on its disk, and its clock. What fails, and what works again, goes the way of every
//! signal: stored first, then disposed of by the desk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use alarmcore::{Kind, Part, Report, SelfWatchLimits, Timestamp};
use opsmodel::store::query::Reader;
use opsmodel::store::{Answer, NewSignal};
use receiver::Intake;

use crate::desk::now;

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A clock that was set counts as right again after so long without another step.
const SETTLED_AFTER: Duration = Duration::from_secs(60);
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Looks until the task is dropped.
pub(crate) async fn watch(limits: SelfWatchLimits, data: PathBuf, intake: Arc<Intake>) {
    let mut watch = Watch::new(limits, stands(&data), Look::now(&data));
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        for report in watch.look(Look::now(&data), now()) {
            let signal = NewSignal { report, peer: "centre".into(), answer: Answer::None, raw: Vec::new() };
            // A disk that is full stores nothing: the desk says so in its own way, and the next look finds the same.
            if !intake.report(signal).await {
                watch.forget();
            }
        }
    }
}

/// Is a fault of the centre open since before it was started? Whether it still stands the first look says.
fn stands(data: &Path) -> bool {
    let queue = Reader::open(data).and_then(|reader| reader.queue());
    queue.is_ok_and(|queue| queue.rows.iter().any(|row| row.kind == Kind::Centre))
}

/// What one look finds.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// By the clock that nobody sets.
    steady: Instant,
    /// By the clock that dates signals.
    clock: SystemTime,
    /// The free room on the disk, in megabytes, where it can be told.
    free_mb: Option<u64>,
}

impl Look {
    fn now(data: &Path) -> Self {
        let free = rustix::fs::statvfs(data).map(|room| room.f_bavail.saturating_mul(room.f_frsize) / 1_000_000);
        Self { steady: Instant::now(), clock: SystemTime::now(), free_mb: free.ok() }
    }

    /// By how many milliseconds the clock was set forward since an earlier look; less than none where it was set back.
    fn step_ms(&self, before: &Self) -> i64 {
        let steady = signed(self.steady.saturating_duration_since(before.steady));
        match self.clock.duration_since(before.clock) {
            Ok(passed) => signed(passed) - steady,
            Err(back) => -signed(back.duration()) - steady,
        }
    }
}

fn signed(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// What is known of the parts.
struct Watch {
    limits: SelfWatchLimits,
    before: Look,
    /// The last step of the clock, while it counts.
    stepped: Option<Instant>,
    full: bool,
    /// The parts may have failed before the start: the first look says how they are.
    unsure: bool,
    /// The day of the last look.
    day: Option<i64>,
}

impl Watch {
    fn new(limits: SelfWatchLimits, unsure: bool, before: Look) -> Self {
        Self { limits, before, stepped: None, full: false, unsure, day: None }
    }

    /// What could not be stored is said again.
    fn forget(&mut self) {
        (self.stepped, self.full, self.unsure) = (None, false, true);
    }

    /// What this look finds otherwise than the one before.
    fn look(&mut self, look: Look, at: Timestamp) -> Vec<Report> {
        let mut reports = Vec::new();
        let step_ms = look.step_ms(&self.before);
        let unsure = std::mem::take(&mut self.unsure);
        let limit_ms = i64::from(self.limits.clock_step_s) * 1000;
        let way = if step_ms < 0 { "back" } else { "forward" };
        let said = format!("set {way} by {}.{:03} s", step_ms.abs() / 1000, step_ms.abs() % 1000);
        if limit_ms > 0 && step_ms.abs() > limit_ms {
            self.stepped = Some(look.steady);
            reports.push(Part::Clock.report(at, true, said.clone()));
        } else if unsure || self.stepped.is_some_and(|when| look.steady.duration_since(when) >= SETTLED_AFTER) {
            self.stepped = None;
            reports.push(Part::Clock.report(at, false, said.clone()));
        }
        let free = look.free_mb.map_or_else(|| "free room unknown".to_owned(), |free| format!("{free} MB free"));
        let full = look.free_mb.is_some_and(|free| free < u64::from(self.limits.disk_free_mb));
        if full != self.full || unsure {
            self.full = full;
            reports.push(Part::Storage.report(at, full, free.clone()));
        }
        let day = at.millis().div_euclid(DAY_MS);
        if self.day.replace(day).is_some_and(|before| before != day) {
            reports.push(Part::checked(at, format!("{free}; clock {said}")));
        }
        self.before = look;
        reports
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of looks that come ten seconds apart, with the steps of the clock in milliseconds and the free megabytes.
    fn said(unsure: bool, looks: &[(i64, u64)]) -> Vec<Vec<(String, bool, String)>> {
        let start = Look { steady: Instant::now(), clock: SystemTime::now(), free_mb: Some(5000) };
        let mut watch = Watch::new(SelfWatchLimits::default(), unsure, start);
        let (mut clock, mut at) = (start.clock, Timestamp::from_millis(DAY_MS - 25_000));
        let tell = |report: Report| {
            let signal = report.signal.unwrap();
            (signal.code.to_string(), signal.qualifier == contactid::Qualifier::New, signal.text.unwrap())
        };
        let mut steady = start.steady;
        looks
            .iter()
            .map(|&(step_ms, free_mb)| {
                steady += LOOK_EVERY;
                let passed = 10_000 + step_ms;
                clock = match u64::try_from(passed) {
                    Ok(passed) => clock + Duration::from_millis(passed),
                    Err(_) => clock - Duration::from_millis(passed.unsigned_abs()),
                };
                at = at.plus_secs(10);
                watch.look(Look { steady, clock, free_mb: Some(free_mb) }, at).into_iter().map(tell).collect()
            })
            .collect()
    }

    fn one(code: &str, fails: bool, text: &str) -> (String, bool, String) {
        (code.into(), fails, text.into())
    }

    #[test]
    fn each_fault_is_said_once_and_so_is_its_end() {
        let clock = |fails, text| one("626", fails, text);
        let looks = [
            (0, 5000),
            (61_000, 900),
            (-1000, 800),
            (0, 1024),
            (0, 5000),
            (0, 5000),
            (0, 5000),
            (0, 5000),
            (-90_000, 5000),
        ];
        let told = said(false, &looks);
        assert_eq!(told[0], []);
        assert_eq!(told[1], [clock(true, "set forward by 61.000 s"), one("623", true, "900 MB free")]);
        // The next day has begun.
        assert_eq!(told[2], [one("602", true, "800 MB free; clock set back by 1.000 s")]);
        assert_eq!(told[3], [one("623", false, "1024 MB free")]);
        assert_eq!(told[4..7], [[], [], []]);
        assert_eq!(told[7], [clock(false, "set forward by 0.000 s")]);
        assert_eq!(told[8], [clock(true, "set back by 90.000 s")]);
    }

    #[test]
    fn after_a_restart_the_first_look_says_how_things_are() {
        let told = said(true, &[(0, 300), (0, 300)]);
        assert_eq!(told[0], [one("626", false, "set forward by 0.000 s"), one("623", true, "300 MB free")]);
        assert_eq!(told[1], []);
    }
}
