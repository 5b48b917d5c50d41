//! Which strange sources operators were told of: each once in a while, and not with every signal.

use serde::{Deserialize, Serialize};

use super::SignalSource;
use crate::incident::{IncidentEvent, Record};
use crate::time::Timestamp;

/// The strange sources of one account that operators were told of lately, and when: the newest is never older than the others by more
/// than [`ToldSources::KEPT_S`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldSources(Vec<(SignalSource, Timestamp)>);

impl ToldSources {
    /// How long they are kept, in seconds: a week, and the longest that a policy waits before it tells of the same one again.
    pub const KEPT_S: u32 = 7 * 86_400;
    /// So many of one account are told at most within the time of the policy: whoever changes addresses all the time is told of.
    pub const MAX: usize = 8;

    /// All of them, in the order of the sources.
    pub fn iter(&self) -> impl Iterator<Item = (SignalSource, Timestamp)> {
        self.0.iter().copied()
    }

    /// An operator was told of this one.
    pub fn tell(&mut self, source: SignalSource, at: Timestamp) {
        match self.0.binary_search_by_key(&source, |(known, _)| *known) {
            Ok(place) => self.0[place].1 = self.0[place].1.max(at),
            Err(place) => self.0.insert(place, (source, at)),
        }
        let newest = self.0.iter().map(|(_, at)| *at).max().unwrap_or(at);
        self.0.retain(|(_, at)| newest.secs_since(*at) <= i64::from(Self::KEPT_S));
    }

    /// Is an operator to be told of this one now? A clock that was set back tells once more rather than not at all.
    pub(crate) fn is_due(&self, source: SignalSource, at: Timestamp, again_s: u32) -> bool {
        let lately = self.0.iter().filter(|(_, told)| (0..i64::from(again_s)).contains(&at.secs_since(*told)));
        let (all, this) = lately.fold((0, false), |(all, this), (known, _)| (all + 1, this || *known == source));
        !this && all < Self::MAX
    }
}

/// The source that a record tells an operator of, and when its signal came.
pub fn source_told(record: &Record) -> Option<(SignalSource, Timestamp)> {
    let (IncidentEvent::Opened { evidence, rule, .. } | IncidentEvent::SignalJoined { evidence, rule }) = &record.event
    else {
        return None;
    };
    if rule.is_of_source() { Some((evidence.source?, evidence.received_at)) } else { None }
}
