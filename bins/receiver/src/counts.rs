//! What each line carried, minute by minute: counted where it happens, written with the next commit.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use alarmcore::Timestamp;
use opsmodel::store::LineCount;

/// The way a frame came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// DC-09 on a TCP connection.
    Tcp,
    /// DC-09 in a datagram.
    Udp,
}

impl Line {
    const ALL: [Self; 2] = [Self::Tcp, Self::Udp];

    /// The name in the log and in the counts.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "dc09-tcp",
            Self::Udp => "dc09-udp",
        }
    }
}

/// Frames that are not stored, counted until the next commit takes them along.
#[derive(Debug, Default)]
pub(crate) struct Unstored {
    supervised: [AtomicU32; 2],
    noise: [AtomicU32; 2],
}

impl Unstored {
    /// A heartbeat was acknowledged.
    pub(crate) fn supervised(&self, line: Line) {
        self.supervised[line as usize].fetch_add(1, Relaxed);
    }

    /// Something came that is no intact report: line noise, a damaged frame, another protocol.
    pub(crate) fn noise(&self, line: Line) {
        self.noise[line as usize].fetch_add(1, Relaxed);
    }

    /// Adds everything counted so far to the minute of `now`.
    pub(crate) fn drain_into(&self, sheet: &mut Sheet, now: Timestamp) {
        for line in Line::ALL {
            let supervised = self.supervised[line as usize].swap(0, Relaxed);
            let noise = self.noise[line as usize].swap(0, Relaxed);
            if supervised + noise > 0 {
                let row = sheet.row(now, line);
                row.received += supervised;
                row.supervised += supervised;
                row.noise += noise;
            }
        }
    }
}

/// The counts of one commit: a row for each minute and line, hardly ever more than two.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    rows: Vec<LineCount>,
}

impl Sheet {
    /// The row of a minute and line.
    pub(crate) fn row(&mut self, at: Timestamp, line: Line) -> &mut LineCount {
        let minute = at.millis().div_euclid(60_000);
        let place = self.rows.iter().position(|row| row.minute == minute && row.line == line.name());
        let place = place.unwrap_or_else(|| {
            self.rows.push(LineCount {
                minute,
                line: line.name().to_owned(),
                received: 0,
                acknowledged: 0,
                supervised: 0,
                refused: 0,
                noise: 0,
            });
            self.rows.len() - 1
        });
        &mut self.rows[place]
    }

    /// The rows, for the commit.
    pub(crate) fn rows(&self) -> &[LineCount] {
        &self.rows
    }

    /// They are durable.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }
}
