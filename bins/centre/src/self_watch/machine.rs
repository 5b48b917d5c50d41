//! The machine: the room on its disk, and its clock.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use alarmcore::{Part, SelfWatchLimits};

use super::watch::{Finding, RESERVE, Said};
use crate::room::{Lack, Room};

/// A clock that was set counts as right again after so long without another step.
const SETTLED_AFTER: Duration = Duration::from_secs(60);

/// What one look finds.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// By the clock that nobody sets.
    steady: Instant,
    /// By the clock that dates signals.
    clock: SystemTime,
    /// How far the centre's time is ahead of it, in milliseconds.
    ahead_ms: i64,
    /// The free room on the disk, in megabytes, where it can be told.
    free_mb: Option<u64>,
}

impl Look {
    fn now(data: &Path) -> Self {
        let free = rustix::fs::statvfs(data).map(|room| room.f_bavail.saturating_mul(room.f_frsize) / 1_000_000);
        let ahead_ms = receiver::clock::ahead_ms();
        Self { steady: Instant::now(), clock: SystemTime::now(), ahead_ms, free_mb: free.ok() }
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

impl Lack {
    /// Said of the room that is kept back for the desk, so many megabytes.
    fn said(self, mb: u64) -> Said {
        match self {
            Self::NoRoom => Said::new(
                format!("there is no room for the {mb} MB that are kept back for the desk"),
                format!("空间不足，无法为接警处理预留 {mb} MB"),
            ),
            Self::InUse => Said::new(
                format!("the disk is full: signals are NOT acknowledged until there is room for {mb} MB again"),
                format!("磁盘已满：在腾出 {mb} MB 之前，新信号一律不予应答"),
            ),
        }
    }
}

impl Said {
    /// Said of a clock that the centre's time waits for.
    fn ahead(self, by_s: i64) -> Self {
        Self::new(
            format!("{}; the centre's time goes on {by_s} s ahead of it, and waits for it", self.en),
            format!("{}；中心时间继续运行，快于该时钟 {by_s} 秒，逐步对齐", self.zh),
        )
    }
}

fn signed(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// What is known of it.
pub(super) struct Machine {
    data: PathBuf,
    room: Room,
    before: Look,
    /// The last step of the clock, while it counts.
    stepped: Option<(Instant, Said)>,
}

impl Machine {
    pub(super) fn new(data: &Path, room: Room) -> Self {
        Self { data: data.to_owned(), room, before: Look::now(data), stepped: None }
    }

    /// How clock and disk are now.
    pub(super) fn look(&mut self, limits: &SelfWatchLimits) -> [Finding; 2] {
        let look = Look::now(&self.data);
        let [clock, mut storage] = self.find(limits, look);
        if let Some(lack) = self.room.lack() {
            storage.faults.insert(RESERVE.into(), lack.said(self.room.mb()));
        }
        [clock, storage]
    }

    fn find(&mut self, limits: &SelfWatchLimits, look: Look) -> [Finding; 2] {
        let step_ms = look.step_ms(&self.before);
        let limit_ms = i64::from(limits.clock_step_s) * 1000;
        let (way, way_zh) = if step_ms < 0 { ("back", "回拨") } else { ("forward", "前拨") };
        let by = format!("{}.{:03} s", step_ms.abs() / 1000, step_ms.abs() % 1000);
        // Less is the time that it takes to look at two clocks.
        let said = if step_ms.abs() < 100 {
            Said::new("not set", "未被调整")
        } else {
            Said::new(format!("set {way} by {by}"), format!("{way_zh} {by}"))
        };
        if limit_ms > 0 && step_ms.abs() > limit_ms {
            self.stepped = Some((look.steady, said.clone()));
        }
        self.stepped.take_if(|(when, _)| look.steady.duration_since(*when) >= SETTLED_AFTER);
        let step = self.stepped.as_ref().map_or(said, |(_, step)| step.clone());
        // A fault for as long as what is dated now is dated wrongly by one of the two.
        let is_ahead = limit_ms > 0 && look.ahead_ms > limit_ms;
        let said = if is_ahead { step.ahead(look.ahead_ms / 1000) } else { step };
        let clock = Finding::one(Part::Clock, is_ahead || self.stepped.is_some(), said);
        self.before = look;
        let free = match look.free_mb {
            Some(free) => Said::new(format!("{free} MB free"), format!("剩余 {free} MB")),
            None => Said::new("free room unknown", "剩余空间未知"),
        };
        let full = look.free_mb.is_some_and(|free| free < u64::from(limits.disk_free_mb));
        [clock, Finding::one(Part::Storage, full, free)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_the_clock_stands_for_a_minute_and_room_on_the_disk_is_told() {
        let limits = SelfWatchLimits::default();
        let dir = tempfile::tempdir().unwrap();
        let mut machine = Machine::new(Path::new("/"), Room::keep(dir.path(), 1));
        let start = Look { steady: Instant::now(), clock: SystemTime::now(), ahead_ms: 0, free_mb: Some(5000) };
        machine.before = start;
        let mut passed = Duration::ZERO;
        let mut set = Duration::ZERO;
        let mut look = |forward_s: u64, free_mb: u64| {
            passed += Duration::from_secs(30);
            set += Duration::from_secs(forward_s);
            let look = Look {
                steady: start.steady + passed,
                clock: start.clock + passed + set,
                ahead_ms: 0,
                free_mb: Some(free_mb),
            };
            machine.find(&limits, look).map(|finding| (!finding.faults.is_empty(), finding.said().en))
        };
        let (settled, free) = ("not set", |mb| format!("{mb} MB free"));
        assert_eq!(look(0, 5000), [(false, settled.into()), (false, free(5000))]);
        assert_eq!(look(61, 900), [(true, "set forward by 61.000 s".into()), (true, free(900))]);
        assert_eq!(look(1, 1023), [(true, "set forward by 61.000 s".into()), (true, free(1023))]);
        assert_eq!(look(0, 1024), [(false, settled.into()), (false, free(1024))]);
    }

    #[test]
    fn a_clock_that_is_set_back_is_a_step() {
        let start = Look { steady: Instant::now(), clock: SystemTime::now(), ahead_ms: 0, free_mb: None };
        let later = Duration::from_secs(10);
        let clock = start.clock - Duration::from_secs(80);
        let back = Look { steady: start.steady + later, clock, ahead_ms: 90_000, free_mb: None };
        assert_eq!(back.step_ms(&start), -90_000);
        let dir = tempfile::tempdir().unwrap();
        let mut machine = Machine::new(Path::new("/"), Room::keep(dir.path(), 1));
        machine.before = start;
        let mut says = |look| {
            let [clock, _] = machine.find(&SelfWatchLimits::default(), look);
            (!clock.faults.is_empty(), clock.said().en)
        };
        let ahead = "the centre's time goes on 90 s ahead of it, and waits for it";
        assert_eq!(says(back), (true, format!("set back by 90.000 s; {ahead}")));
        // It stands for as long as the two differ.
        let settled = Look { steady: back.steady + SETTLED_AFTER, clock: back.clock + SETTLED_AFTER, ..back };
        assert_eq!(says(settled), (true, format!("not set; {ahead}")));
        assert_eq!(says(Look { ahead_ms: 2000, ..settled }), (false, "not set".into()));
    }
}
