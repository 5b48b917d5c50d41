//! What must hold at the end of a day: nothing is lost, and the journal alone gives everything the desk keeps.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{
    AnswerStanding, Authority, FalseCallsEvent, Family, FollowUpEvent, FollowUpReason, FollowUpRecord, HandOffState,
    Held, Incident, IncidentEvent, Kind, Outcome, Record, Resolution, SceneEnd, SignalId, Subject, Telling, TestEnd,
    TestRecord, TheirAnswer, Timestamp, evolve, evolve_false_calls, evolve_follow_up, evolve_test,
};

use super::{Witness, fold};

impl Witness {
    /// The journal alone gives the false calls of every account; none is counted twice, and each was closed as false.
    pub(super) fn check_false_calls(&self) {
        for (account, records) in &self.false_calls {
            let folded = records.iter().fold(None, |calls, record| Some(evolve_false_calls(calls, record)));
            assert_eq!(folded.as_ref(), self.desk.false_calls(*account), "the journal gives other false calls");
            let mut counted = BTreeSet::new();
            for record in records {
                let FalseCallsEvent::Counted { incident, .. } = record.event else { continue };
                assert!(counted.insert(incident), "incident {incident} is counted twice");
                let closed = fold(self.records[&incident].clone());
                assert!(closed.is_closed() && closed.is_false(), "incident {incident} was not false");
            }
        }
    }

    /// Of each call that says when to call again comes one follow-up, by whoever called, in that moment, due then; and no other.
    fn check_calls_again(&self) {
        let said = self.records.iter().flat_map(|(incident, records)| {
            records.iter().filter_map(|record| match record.event {
                IncidentEvent::Called { again_at: Some(due), .. } => Some((*incident, record.at, record.by, due)),
                _ => None,
            })
        });
        let made = self.follow_ups.values().filter_map(|records| match records[0].event {
            FollowUpEvent::Created {
                subject: Subject::Incident(incident),
                due_at,
                reason: Some(FollowUpReason::CallAgain),
                ..
            } => Some((incident, records[0].at, records[0].by, due_at)),
            _ => None,
        });
        let (mut said, mut made): (Vec<_>, Vec<_>) = (said.collect(), made.collect());
        said.sort_unstable();
        made.sort_unstable();
        assert_eq!(said, made, "calls to be made again");
    }

    /// The journal alone gives every follow-up: each rang once for each time it was due, and is there until it is done.
    pub(super) fn check_follow_ups(&self) {
        self.check_calls_again();
        for (id, records) in &self.follow_ups {
            let bare = records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            });
            let folded = bare.fold(None, |before, record| evolve_follow_up(before, &record)).unwrap();
            let open = self.desk.follow_ups().find(|open| open.id == *id);
            assert_eq!(open, Some(&folded).filter(|folded| folded.done_at.is_none()), "follow-up {id}");
            let rang = records.iter().filter(|record| matches!(record.event, FollowUpEvent::Rang {}));
            assert!(rang.clone().all(|record| record.by.is_none()));
            assert_eq!(
                rang.map(|record| record.at).next_back(),
                folded.rang_at.or(rang_before(records)),
                "{records:?}"
            );
        }
    }

    /// The journal alone gives every test; each ended by its limit, and no limit was lifted beyond the policy's.
    pub(super) fn check_test_folds(&self) {
        for (id, records) in &self.tests {
            let bare = records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            });
            let fold = |session, record: TestRecord| evolve_test(session, &record);
            let folded = records.iter().cloned().fold(None, fold).unwrap();
            assert_eq!(Some(&folded), bare.fold(None, fold).as_ref(), "free text decides something");
            match folded.ended_at {
                None => assert_eq!(self.desk.test(folded.account), Some(&folded), "the journal gives another test"),
                Some(at) => {
                    assert!(at <= folded.until, "test {id} ended after its limit");
                    assert!(folded.ending != Some(TestEnd::AtLimit) || at == folded.until, "test {id} ended elsewhen");
                }
            }
            let lasts = folded.until.secs_since(folded.started_at);
            assert!(lasts <= i64::from(self.policy.on_test.supervisor_max_s), "test {id} may last {lasts} s");
        }
    }

    /// Invariant 12: every signal has exactly one final disposition, or is held and has none.
    pub(super) fn check_conservation(&self) {
        let held: BTreeSet<SignalId> =
            self.desk.snapshot().held.iter().map(|Held { received, .. }| received.id).collect();
        for id in &self.received {
            let of = self.dispositions.get(id).map(Vec::as_slice).unwrap_or_default();
            let finals = of.iter().filter(|disposition| disposition.outcome.is_final()).count();
            assert_eq!(finals, usize::from(!held.contains(id)), "signal {id} has {finals} final dispositions: {of:?}");
            assert!(of.len() <= 2, "signal {id} was decided too often: {of:?}");
            for disposition in of {
                if let Outcome::Repeat { of } = disposition.outcome {
                    assert!(of < *id && self.received.contains(&of), "signal {id} repeats one that never was");
                }
            }
        }
    }

    /// The journal alone, with or without its free text, gives every incident exactly; and people end incidents, not rules.
    pub(super) fn check_folds(&self) {
        for (id, records) in &self.records {
            let folded = fold(records.clone());
            let without_text = fold(records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            }));
            assert_eq!(folded, without_text, "free text decides something");
            match self.desk.incident(*id) {
                Some(live) => assert_eq!(&folded, live, "the journal gives another incident"),
                None => assert!(folded.is_closed(), "incident {id} is gone, and not closed"),
            }
            if folded.is_closed() {
                let mut closings = records.iter().filter(|record| matches!(record.event, IncidentEvent::Closed { .. }));
                assert!(closings.all(|record| record.by.is_some()), "incident {id} was closed by nobody");
                assert!(
                    folded.kind.family() == Family::Service || folded.verdict.is_some(),
                    "an alarm was closed without a verdict"
                );
                let merged = folded.resolution == Some(Resolution::Merged);
                assert!(!merged || folded.taken_at.is_none(), "a group took over what somebody had in hand");
            }
            if folded.is_closed() && folded.scene_end() == Some(SceneEnd::HandedToPolice) {
                // They may cancel it after our own closing.
                let took = folded.hand_offs.iter().any(|one| one.to == Authority::Police && one.accepted == Some(true));
                assert!(took, "handed to police who did not take it");
            }
            if let Some(guard) = folded.guard.filter(|_| folded.is_closed()) {
                let left = folded.dispatch_of(guard.unit).and_then(|dispatch| dispatch.left_at);
                assert!(left.is_some_and(|left| left >= guard.until), "incident {id} was closed, and its guard gone");
            }
            let confirms =
                |record: &&Record| matches!(record.event, IncidentEvent::Raised { reason, .. } if reason.confirms());
            let confirmed = records.iter().filter(confirms).count();
            assert_eq!(
                confirmed,
                usize::from(folded.confirmed.is_some()),
                "incident {id} has more confirmations than it stands for"
            );
            assert!(confirmed == 0 || folded.kind.family() != Family::Service, "a trouble is confirmed");
            check_hand_offs(records, &folded);
            assert!(folded.kind != Kind::UnknownAccount || folded.signals as usize <= self.received.len());
        }
    }
}

/// A hand-off comes to one end at most, which nothing changes; a message counts once; and whoever it fails for is told.
fn check_hand_offs(records: &[Record], folded: &Incident) {
    let mut ends = BTreeMap::new();
    let mut counted = BTreeSet::new();
    let mut folding = None;
    for (place, record) in records.iter().enumerate() {
        let before = folding.as_ref().map(|incident: &Incident| incident.hand_offs.clone()).unwrap_or_default();
        let so_far = evolve(folding.take(), record);
        for hand_off in &so_far.hand_offs {
            let end = hand_off.state().is_end().then(|| hand_off.state());
            let before = ends.insert(hand_off.number, end).flatten();
            // What failed as far as we know, they may have all the same.
            let had = before == Some(HandOffState::Failed) && end.is_none_or(|end| end != HandOffState::Cancelled);
            assert!(before.is_none() || before == end || had, "hand-off {} ended twice", hand_off.number);
        }
        let calls = |next: Option<&Record>| match next.map(|next| &next.event) {
            Some(IncidentEvent::Raised { .. }) => true,
            _ => so_far.is_closed(),
        };
        match &record.event {
            IncidentEvent::AuthorityAnswered { number, answer, standing, message, .. } => {
                let counts = *standing == AnswerStanding::Taken;
                if let Some(message) = message.as_ref().filter(|_| counts) {
                    assert!(counted.insert((*number, message.clone())), "message {message} counted twice");
                }
                let mut before = before.iter().filter(|one| one.number == *number);
                let unasked = before.any(|one| one.cancel_asked_at.is_none()) && *answer == TheirAnswer::Cancelled;
                let rejects = counts && (*answer == TheirAnswer::Rejected || unasked && !so_far.is_false());
                assert!(!rejects || calls(records.get(place + 1)), "a rejection called nobody");
            }
            IncidentEvent::HandOffFailed { .. } | IncidentEvent::HandOffUnanswered { .. } => {
                let next = records[place + 1..]
                    .iter()
                    .find(|next| !matches!(next.event, IncidentEvent::HandOffUnanswered { .. }));
                assert!(calls(next), "a failed hand-off called nobody");
            }
            // Nobody who was asked not to come is told how it goes on, and what makes them needed again says so.
            IncidentEvent::AuthorityTold {
                number,
                telling: Telling::FurtherAlarm | Telling::Level | Telling::Site,
                ..
            } => {
                let off = so_far.hand_offs.iter().any(|one| one.number == *number && one.cancel_asked_at.is_some());
                assert!(!off, "hand-off {number} was called off, and told more");
            }
            IncidentEvent::SignalJoined { .. } | IncidentEvent::ConfirmedReal { .. } => {
                let needed =
                    so_far.hand_offs.iter().any(|one| one.needed_since == Some(record.at) && so_far.is_needed(one.to));
                let known = before.iter().any(|one| one.needed_since.is_some());
                assert!(!needed || known || calls(records.get(place + 1)), "who is needed again is called by nobody");
            }
            _ => {}
        }
        folding = Some(so_far);
    }
    let open = folded.hand_offs.iter().filter(|hand_off| !hand_off.state().is_end());
    let followed = folded.followed_until.is_some();
    assert!(!folded.is_closed() || followed || open.count() == 0, "a closed incident has hand-offs that never end");
}

/// When it rang for a time that it does not have any more.
fn rang_before(records: &[FollowUpRecord]) -> Option<Timestamp> {
    records.iter().rev().find(|record| matches!(record.event, FollowUpEvent::Rang {})).map(|record| record.at)
}
