//! The watchdog on the desk: what is stored has to be disposed of, and the desk has to go on. What says so is not the desk.

use std::time::{Duration, Instant};

use alarmcore::{Part, SelfWatchLimits, Timestamp};

use super::watch::{CONSOLE, Finding, Said};
use crate::desk::DeskHandle;
use crate::guests::Places;

pub(super) struct Watchdog {
    desk: DeskHandle,
    /// Nobody acts who cannot reach it.
    places: Places,
    /// What was stored before the start waits for the desk since then.
    started: Instant,
}

impl Watchdog {
    pub(super) fn new(desk: DeskHandle, places: Places) -> Self {
        Self { desk, places, started: Instant::now() }
    }

    /// How the desk is, and whether people reach it; nothing where nobody wants to know.
    pub(super) fn look(
        &self,
        limits: &SelfWatchLimits,
        undecided_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Finding> {
        let mut found = self.goes_on(limits, undecided_since, now)?;
        found.faults.extend(self.places.full().map(|all| (CONSOLE.into(), no_place(all))));
        Some(found)
    }

    fn goes_on(&self, limits: &SelfWatchLimits, undecided_since: Option<Timestamp>, now: Timestamp) -> Option<Finding> {
        let limit = Duration::from_secs(limits.undecided_s.into());
        if limit.is_zero() {
            return None;
        }
        let waits = |since: Timestamp| {
            let waited = now.millis().saturating_sub(since.millis()).max(0).cast_unsigned();
            Duration::from_millis(waited).min(self.started.elapsed())
        };
        let (undecided, idle) = (undecided_since.map_or(Duration::ZERO, waits), self.desk.idle());
        let said = if undecided > limit {
            let s = undecided.as_secs();
            Said::new(format!("a stored signal waits for {s} s"), format!("已存信号 {s} 秒未处理"))
        } else if idle > limit {
            let s = idle.as_secs();
            Said::new(format!("nothing was done for {s} s"), format!("已停顿 {s} 秒"))
        } else {
            return Some(Finding::one(Part::Desk, false, Said::new("nothing waits", "无积压")));
        };
        Some(Finding::one(Part::Desk, true, said))
    }
}

fn no_place(all: usize) -> Said {
    Said::new(
        format!("the console has no place for another connection: all {all} are taken"),
        format!("控制台已无空余连接：{all} 个均被占用"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_no_place_is_free_is_a_fault() {
        let said = no_place(256);
        let fault = |faults| Finding { part: Part::Desk, faults, fine: Said::new("nothing waits", "无积压") };
        assert_eq!(fault([(CONSOLE.to_owned(), said.clone())].into()).said(), said);
    }
}
