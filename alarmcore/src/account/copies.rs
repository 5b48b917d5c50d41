//! Frames sent again, and events that came over two paths: which signal is a copy of which.
//!
//! A frame sent again is the same content under the same number. A second path says the same event on another line, under the numbers
//! of another transmitter. A second trip of a zone is neither: its transmitter counts on, whichever line it takes. Two transmitters on
//! one line cannot be told from one whose numbers leap, and a trip must not be lost: there, each is an event of its own.

use contactid::{Code, Qualifier, Signal};

use super::{AccountState, Recent};
use crate::id::SignalId;
use crate::report::Report;
use crate::time::Timestamp;

/// What became of a signal among those of the last minutes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied {
    /// It is new.
    No,
    /// The frame was sent again.
    Repeat,
    /// A second path said it, too.
    Duplicate,
}

/// How far one transmitter counts on between two events at most: numbers nearer than this are taken to be of one counter.
const NEAR: u16 = 64;
/// The largest sequence number; 1 follows.
const LAST: u16 = 9999;

impl AccountState {
    /// How many frames are remembered for recognising repeats and copies.
    pub const RECENT: usize = 16;
    /// For how many seconds the same frame says nothing new to the state of its account.
    pub(crate) const REPEATING_S: u32 = 600;
    /// For how many seconds after its last sight a frame is remembered at all: six hours. As long after its first sight it is the first again.
    pub(crate) const REMEMBERED_S: i64 = 6 * 3600;
    /// For how many seconds an event waits for its copy from a second path.
    pub const COPIED_S: u32 = 60;

    /// The signal that this one is a repeat of: the same frame once more, within so many seconds of the first. Beyond them the next window
    /// begins, and its first frame is no repeat: however long a transmitter goes on, what it says is heard once in each.
    pub fn repeat_of(&self, report: &Report, window_s: u32) -> Option<SignalId> {
        let sequence = report.sequence.filter(|_| report.content != 0)?;
        let same = |recent: &&Recent| {
            recent.is_frame(report.content, sequence, report.part) && recent.is_within(window_s, report.received_at)
        };
        self.recent.iter().find(same).map(|recent| recent.signal)
    }

    /// The signal that this one is a copy of, from a second path and within [`AccountState::COPIED_S`]: the oldest of the same
    /// event that has no copy yet.
    pub fn duplicate_of(&self, report: &Report) -> Option<SignalId> {
        // Whoever tells of what the panel has reported is a witness, and no second path.
        let is_again = report.is_by_person() || self.repeat_of(report, Self::REPEATING_S).is_some();
        let place = self.original(report, event_of(report).filter(|_| !is_again)?)?;
        self.recent.get(place).map(|first| first.signal)
    }

    fn original(&self, report: &Report, event: u32) -> Option<usize> {
        let (line, sequence) = (digest(&report.line) as u16, report.sequence.unwrap_or(0));
        self.recent.iter().position(|first| {
            let in_time = (0..=i64::from(Self::COPIED_S)).contains(&report.received_at.secs_since(first.at));
            let other_path = first.line != line && !is_of_one_counter(first.sequence, sequence);
            first.event == event && !first.copied && in_time && other_path
        })
    }

    /// Keeps the frame among the last ones, and says whether it is a copy of one of them.
    pub(super) fn remember(&mut self, signal: SignalId, report: &Report) -> Copied {
        let (content, part, at) = (report.content, report.part, report.received_at);
        let numbered = report.sequence.filter(|_| content != 0);
        let event = event_of(report);
        if numbered.is_none() && event.is_none() {
            return Copied::No;
        }
        let same = |recent: &&mut Recent| numbered.is_some_and(|sequence| recent.is_frame(content, sequence, part));
        let mut gone_ms = 0;
        if let Some(recent) = self.recent.iter_mut().find(same) {
            gone_ms = recent.gone_ms(at).filter(|ms| i64::from(*ms) <= Self::REMEMBERED_S * 1000).unwrap_or(0);
            if recent.is_within(Self::REPEATING_S, at) {
                recent.gone_ms = gone_ms;
                recent.at = at;
                return Copied::Repeat;
            }
        }
        let original = event.and_then(|event| self.original(report, event));
        if let Some(first) = original.and_then(|place| self.recent.get_mut(place)) {
            first.copied = true;
        }
        // An account that says little keeps little: what came long ago is a repeat of nothing any more, and room is taken for
        // one frame at a time.
        self.recent.retain(|recent| {
            let same = numbered.is_some_and(|sequence| recent.is_frame(content, sequence, part));
            !same && at.secs_since(recent.at) <= Self::REMEMBERED_S
        });
        if self.recent.len() == Self::RECENT {
            self.recent.pop_front();
        }
        self.recent.shrink_to(self.recent.len() + 1);
        self.recent.reserve_exact(1);
        let (sequence, line) = (report.sequence.unwrap_or(0), digest(&report.line) as u16);
        let (event, copied) = (event.unwrap_or(0), original.is_some());
        self.recent.push_back(Recent { content, sequence, part, signal, at, gone_ms, event, line, copied });
        if original.is_some() { Copied::Duplicate } else { Copied::No }
    }
}

impl Recent {
    fn is_frame(&self, content: u64, sequence: u16, part: u16) -> bool {
        (self.content, self.sequence, self.part) == (content, sequence, part)
    }

    /// How long after its first sight it is seen at this moment.
    fn gone_ms(&self, at: Timestamp) -> Option<u32> {
        u32::try_from((at.millis() - self.at.millis()).max(0) + i64::from(self.gone_ms)).ok()
    }

    /// Is it seen at this moment in the window in which it was seen last? Windows follow one another from its first sight on.
    fn is_within(&self, window_s: u32, at: Timestamp) -> bool {
        let window = |gone_ms: u32| i64::from(gone_ms) / (i64::from(window_s) * 1000 + 1);
        self.gone_ms(at).is_some_and(|gone_ms| window(gone_ms) == window(self.gone_ms))
    }
}

/// Do both numbers come from one counter, the one not being the other? 0 stands for a transmitter without numbers.
fn is_of_one_counter(first: u16, then: u16) -> bool {
    let on = (then % LAST + LAST - first % LAST) % LAST;
    first != 0 && then != 0 && on != 0 && on.min(LAST - on) <= NEAR
}

/// What tells one event from another, but for when and how it came; `None` for what says nothing.
fn event_of(report: &Report) -> Option<u32> {
    let Signal { code, qualifier, group, number, user, device_time, .. } = report.signal.as_ref()?;
    let qualifier = match qualifier {
        Qualifier::New => 1,
        Qualifier::Restore => 3,
        Qualifier::Status => 6,
    };
    let fold = match code {
        Code::Cid(code) => FOLD.byte(b'C').number(Some(code.number().into())),
        Code::Sia(code) => FOLD.byte(b'S').text(&code.letters()),
        Code::Own(code) => FOLD.text(code.list().as_str().as_bytes()).byte(b':').text(code.as_str().as_bytes()),
    };
    let fold = fold.byte(qualifier).number(group.map(u32::from)).number(*number).number(*user);
    let fold = device_time.iter().fold(fold, |fold, time| fold.text(time.as_bytes()));
    Some(fold.0)
}

fn digest(text: &str) -> u32 {
    FOLD.text(text.as_bytes()).0
}

/// FNV-1a: the same on every machine, for ever.
#[derive(Clone, Copy)]
struct Fold(u32);

const FOLD: Fold = Fold(0x811c_9dc5);

impl Fold {
    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u32).wrapping_mul(0x0100_0193))
    }

    fn text(self, text: &[u8]) -> Self {
        text.iter().fold(self, |fold, byte| fold.byte(*byte))
    }

    /// A number takes five bytes, and none takes one: no two rows of numbers fold alike by where they are cut.
    fn number(self, number: Option<u32>) -> Self {
        number.map_or(self.byte(0), |number| self.byte(1).text(&number.to_le_bytes()))
    }
}
