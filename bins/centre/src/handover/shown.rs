//! The lists that were shown: what somebody signs is what they saw, whatever has changed since.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use alarmcore::{OperatorId, Timestamp};

/// For how long a list that was shown can be signed. After that it has to be looked at again.
pub(crate) const HOLDS_S: u32 = 15 * 60;
/// How much of such lists is kept at a time, in bytes; the newest is kept in any case.
const ROOM: usize = 32 * 1024 * 1024;
/// And how many.
const LISTS: usize = 256;

/// A list as it was shown to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    /// To whom: what is kept from one person another may be shown.
    pub(super) to: OperatorId,
    /// When it was last.
    pub(super) at: Timestamp,
    pub(super) digest: String,
    pub(super) text: String,
    pub(super) as_of: u64,
    pub(super) open: u32,
}

/// The lists that were shown lately, the newest last. Only in memory: after a restart everybody looks again.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<VecDeque<List>>);

impl Shown {
    pub(super) fn put(&self, list: List) {
        let mut all = self.all();
        all.retain(|known| known.is_within(list.at) && !(known.to == list.to && known.digest == list.digest));
        all.push_back(list);
        let mut bytes: usize = all.iter().map(|known| known.text.len()).sum();
        while all.len() > 1 && (bytes > ROOM || all.len() > LISTS) {
            bytes -= all.pop_front().map_or(0, |oldest| oldest.text.len());
        }
    }

    /// The list of this digest, where it was shown to this person within [`HOLDS_S`].
    pub(super) fn get(&self, to: OperatorId, digest: &str, now: Timestamp) -> Option<List> {
        let all = self.all();
        all.iter().find(|known| known.to == to && known.digest == digest && known.is_within(now)).cloned()
    }

    /// Each change is whole: a panic elsewhere leaves no half of one.
    fn all(&self) -> MutexGuard<'_, VecDeque<List>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn is_within(&self, now: Timestamp) -> bool {
        now <= self.at.plus_secs(HOLDS_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(to: u16, second: u32, digest: &str, bytes: usize) -> List {
        let (to, at) = (OperatorId::new(to.into()), Timestamp::default().plus_secs(second));
        List { to, at, digest: digest.into(), text: "x".repeat(bytes), as_of: 1, open: 0 }
    }

    #[test]
    fn a_list_is_that_of_whom_it_was_shown_to_and_for_a_while() {
        let (shown, at) = (Shown::default(), |second| Timestamp::default().plus_secs(second));
        shown.put(list(1, 0, "a", 1));
        assert_eq!(shown.get(OperatorId::new(1), "a", at(HOLDS_S)), Some(list(1, 0, "a", 1)));
        assert_eq!(shown.get(OperatorId::new(1), "a", at(HOLDS_S + 1)), None);
        assert_eq!(shown.get(OperatorId::new(2), "a", at(1)), None);
        assert_eq!(shown.get(OperatorId::new(1), "b", at(1)), None);
        // Looked at again: it counts from then, and is kept once.
        shown.put(list(1, 60, "a", 1));
        assert_eq!(shown.get(OperatorId::new(1), "a", at(HOLDS_S + 60)), Some(list(1, 60, "a", 1)));
        assert_eq!(shown.all().len(), 1);
        // What nobody can sign any more takes no room.
        shown.put(list(2, HOLDS_S + 61, "b", 1));
        assert_eq!(shown.all().len(), 1);
    }

    #[test]
    fn lists_take_no_room_without_end() {
        let shown = Shown::default();
        for number in 0..400 {
            shown.put(list(1, 0, &number.to_string(), 1));
        }
        assert_eq!(shown.all().len(), LISTS);
        shown.put(list(2, 0, "long", ROOM + 1));
        assert_eq!(shown.all().iter().map(|one| one.digest.as_str()).collect::<Vec<_>>(), ["long"]);
    }
}
