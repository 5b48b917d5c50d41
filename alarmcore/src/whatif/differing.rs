//! What differs about one incident: what became of it in the one course, and in the other.

use std::fmt;

use contactid::AccountNumber;
use serde::Serialize;

use super::course::Course;
use super::trace::Trace;
use crate::id::SignalId;
use crate::incident::{Incident, Kind, Rank, Refusal};
use crate::time::Timestamp;
use crate::words::words;

/// What an incident is recognised by under any policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Opening {
    /// The signal that opened it.
    pub signal: SignalId,
    /// What it was opened for; of one that stood at the beginning, what it was about then.
    pub kind: Kind,
    /// How many were opened before it by the same signal, for the same: not counting those that were closed when the replay
    /// begins. What does not restore can be shown more than once.
    pub nth: u32,
}

/// How an incident is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "shown", rename_all = "kebab-case")]
pub enum Shown {
    /// By itself.
    Itself {
        /// Since when.
        at: Timestamp,
        /// Was it there already when the replay begins?
        before: bool,
    },
    /// As a part of another.
    PartOf {
        /// The signal that opened that one.
        signal: SignalId,
    },
    /// Not at all.
    Nowhere,
}

words! {
    /// What can differ about an incident.
    Aspect {
        /// Whether and since when it is shown.
        Shown "shown" "Shown" "显示",
        /// How urgent it was opened.
        Priority "priority" "Priority when opened" "产生时级别",
        /// How urgent it ever was.
        MostUrgent "most-urgent" "Most urgent priority" "最高级别",
        /// What it is about in the end.
        Kind "kind" "Kind" "警情类型",
        /// How often it called again, and why.
        Raised "raised" "Raised" "升级",
        /// How often a cancel at the panel lowered it, and to what.
        Lowered "lowered" "Lowered" "降级",
        /// Whom the chain called, after how many seconds without a take or an act.
        Escalated "escalated" "Escalated" "逐级上报",
        /// The acts that clauses of rule packs asked for, and by when.
        Due "due" "Acts due by rules" "规则要求的处置",
        /// The queue that it is in.
        Queue "queue" "Queue" "队列",
        /// The units that were asked.
        Units "units" "Units asked" "通知出警单位",
        /// The authorities that it was handed to.
        HandOffs "hand-offs" "Handed off to" "移交对象",
        /// The acts that the rules refused, and why.
        Refused "refused" "Acts refused" "被拒绝的操作",
        /// How many acts found no incident.
        Dropped "dropped" "Acts dropped" "落空的操作",
        /// How many acts were done later than they are recorded, because it was shown later.
        Late "late" "Acts later" "推迟的操作",
        /// From the receipt of its first signal to the first act of a person.
        FirstAct "first-act" "First act" "首次处置",
        /// Since when it is closed, and as what.
        Closed "closed" "Closed" "消警",
        /// Something else that its records say, or the moments at which they say the same.
        Records "records" "Records" "记录",
    }
}

/// One thing that differs about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What.
    pub aspect: Aspect,
    /// Under the old policy, in stable words; empty for none.
    pub old: String,
    /// Under the new policy.
    pub new: String,
}

/// An incident of which something else became under the new policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// The incident.
    pub opening: Opening,
    /// Its account.
    pub account: Option<AccountNumber>,
    /// How it is shown under the old policy.
    pub old: Shown,
    /// How it is shown under the new one.
    pub new: Shown,
    /// What differs.
    pub differences: Vec<Difference>,
}

impl Shown {
    /// Was an incident of its own opened for it since the replay began?
    pub const fn is_opened(&self) -> bool {
        matches!(self, Self::Itself { before: false, .. })
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Itself { at, .. } => write!(f, "shown {at}"),
            Self::PartOf { signal } if signal.is_anew() => f.write_str("part of an incident of what is not recorded"),
            Self::PartOf { signal } => write!(f, "part of the incident of signal {signal}"),
            Self::Nowhere => f.write_str("not shown"),
        }
    }
}

/// One course's side of an incident.
struct Side<'c> {
    shown: Shown,
    own: Option<(&'c Incident, &'c Trace)>,
    dropped: u32,
}

/// What differs about the incident of this opening; `None` where nothing does.
pub(super) fn differing(old: &Course, new: &Course, opening: Opening) -> Option<Differing> {
    let [old, new] = [old, new].map(|course| Side::of(course, opening));
    let incident = old.own.or(new.own).map(|(incident, _)| incident)?;
    let differences = differences(&old, &new);
    let differs = !differences.is_empty();
    differs.then_some(Differing { opening, account: incident.account, old: old.shown, new: new.shown, differences })
}

fn differences(old: &Side<'_>, new: &Side<'_>) -> Vec<Difference> {
    if old.dropped == new.dropped && old.own.map(|(_, trace)| trace) == new.own.map(|(_, trace)| trace) {
        return Vec::new();
    }
    let both = old.own.is_some() && new.own.is_some();
    let told = Aspect::ALL.iter().filter(|aspect| both || !aspect.is_of_one()).map(|aspect| Difference {
        aspect: *aspect,
        old: old.say(*aspect),
        new: new.say(*aspect),
    });
    let mut differences: Vec<_> = told.filter(|told| told.old != told.new).collect();
    if let (true, Some((_, old)), Some((_, new))) = (differences.is_empty(), old.own, new.own)
        && old.entries != new.entries
    {
        differences.push(records(old, new));
    }
    differences
}

/// The kinds of records of which the two have others, or at other moments.
fn records(old: &Trace, new: &Trace) -> Difference {
    let of = |trace: &Trace, other: &Trace| {
        let differ = trace.entries.iter().filter(|(kind, entries)| other.entries.get(kind) != Some(entries));
        list(differ.map(|(kind, entries)| format!("{} {kind}, last {}", entries.count, entries.last)))
    };
    let (old, mut new) = (of(old, new), of(new, old));
    if old == new {
        new.push_str(", otherwise");
    }
    Difference { aspect: Aspect::Records, old, new }
}

impl Aspect {
    /// Has only an incident of its own this, so that nothing is said by its absence?
    const fn is_of_one(self) -> bool {
        matches!(self, Self::Priority | Self::MostUrgent | Self::Kind | Self::Queue | Self::Closed)
    }
}

impl<'c> Side<'c> {
    fn of(course: &'c Course, opening: Opening) -> Self {
        let own = course.own(opening);
        let shown = match own {
            Some((incident, trace)) => Shown::Itself { at: incident.opened_at, before: trace.opened_as.is_none() },
            None => course.holder(opening.signal).map_or(Shown::Nowhere, |signal| Shown::PartOf { signal }),
        };
        Self { shown, own, dropped: course.dropped_of(opening) }
    }

    /// In stable words; nothing where there is none.
    fn say(&self, aspect: Aspect) -> String {
        match (aspect, self.own) {
            (Aspect::Shown, _) => self.shown.to_string(),
            (Aspect::Dropped, _) => some(self.dropped),
            (_, None) => String::new(),
            (aspect, Some((incident, trace))) => say(aspect, incident, trace),
        }
    }
}

fn say(aspect: Aspect, incident: &Incident, trace: &Trace) -> String {
    match aspect {
        Aspect::Priority => trace.opened_as.map(|priority| priority.to_string()).unwrap_or_default(),
        Aspect::MostUrgent => trace.most_urgent.to_string(),
        Aspect::Kind => incident.kind.to_string(),
        Aspect::Raised => list(trace.raised.iter().map(|(reason, times)| format!("{times} {reason}"))),
        Aspect::Lowered => list(trace.lowered.iter().map(|(priority, times)| format!("{times} to {priority}"))),
        Aspect::Escalated => chain(trace),
        Aspect::Due => list(incident.claims.iter().map(|claim| {
            let to = claim.to.map(|to| format!(" {to}")).unwrap_or_default();
            format!("{} {}{to} until {}", claim.clause, claim.act, claim.until)
        })),
        Aspect::Queue => incident.queue.as_ref().map(|queue| queue.name.to_string()).unwrap_or_default(),
        Aspect::Units => list(incident.dispatches.iter().map(|dispatch| dispatch.unit.to_string())),
        Aspect::HandOffs => list(incident.hand_offs.iter().map(|hand_off| hand_off.to.to_string())),
        Aspect::Refused => list(trace.refused.iter().map(|(at, refusal)| refused(*at, refusal))),
        Aspect::Late => some(trace.late),
        Aspect::FirstAct => incident
            .first_act_at
            .map(|at| format!("{} ms", at.millis().saturating_sub(incident.received_at.millis())))
            .unwrap_or_default(),
        Aspect::Closed => match (incident.closed_at, incident.resolution) {
            (Some(at), Some(resolution)) => format!("{resolution} {at}"),
            (Some(at), None) => at.to_string(),
            (None, _) => "open".to_owned(),
        },
        // Told of a side, or of both together.
        Aspect::Shown | Aspect::Dropped | Aspect::Records => String::new(),
    }
}

/// Whom it called, after how many seconds without what, and how often where that was not once.
fn chain(trace: &Trace) -> String {
    list(Rank::ALL.iter().filter_map(|rank| {
        let steps = trace.escalated.iter().filter(|((_, _, to), _)| to == rank);
        let steps = steps.map(|((missing, after_s, _), times)| match times {
            1 => format!("{missing} {after_s} s"),
            times => format!("{times} x {missing} {after_s} s"),
        });
        let steps = steps.collect::<Vec<_>>().join(", ");
        (!steps.is_empty()).then(|| format!("{rank} {steps}"))
    }))
}

/// Each desk counts its incidents by itself: the number that a refusal names says nothing here.
fn refused(at: Timestamp, refusal: &Refusal) -> String {
    match refusal {
        Refusal::AlreadyClosed { .. } | Refusal::NoSuchIncident { .. } => format!("{at} it is closed"),
        refusal => format!("{at} {refusal}"),
    }
}

fn some(count: u32) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}
