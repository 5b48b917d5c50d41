//! What must hold of offers to operators after every input: one at most for each person and each incident, to whoever may be
//! offered it, nothing kept back where somebody could be, and nothing else of the incident touched.

use std::collections::BTreeSet;

use alarmcore::{
    FeedEnd, Incident, IncidentEvent, Offered, OperatorCard, OperatorId, Output, Priority, Record, Snapshot, Stage,
    evolve,
};

use super::Witness;

impl Witness {
    pub(super) fn check_feed(&self, said: &[Output]) {
        for output in said {
            let Output::Record(record) = output else { continue };
            if matches!(record.event, IncidentEvent::Fed { .. } | IncidentEvent::FeedOver { .. }) {
                self.check_offer(record);
            }
        }
        let snapshot = self.desk.snapshot();
        let offered = || snapshot.incidents.iter().filter_map(|incident| Some((incident, incident.offered?)));
        let rules = self.policy.feed;
        if !rules.enabled {
            assert_eq!(offered().count(), 0, "something is offered where operators pick");
            return;
        }
        let mut asked = BTreeSet::new();
        for (incident, Offered { to, since, until }) in offered() {
            let id = incident.id;
            assert!(asked.insert(to), "operator {to} is offered two at once");
            assert!(waits(incident), "incident {id} is offered, and nobody is missed");
            assert_eq!(until, since.plus_secs(rules.offer_s.get()));
            let card = snapshot.operators.iter().find(|card| card.operator == to);
            assert!(
                card.is_some_and(|card| is_for(&snapshot, card, incident, rules.supervisors)),
                "incident {id} is not for {to}"
            );
            let busy = in_hand(&snapshot, to);
            let lower = busy.is_none_or(|busy| first(incident) && incident.priority.is_above(busy));
            assert!(lower, "incident {id} is offered to {to}, who is busy");
        }
        let asleep = |operator| snapshot.attention.get(&operator).is_some_and(|one| one.missed_at.is_some());
        for incident in snapshot.incidents.iter().filter(|incident| waits(incident) && incident.offered.is_none()) {
            for card in snapshot.operators.iter().filter(|card| is_for(&snapshot, card, incident, rules.supervisors)) {
                let to = card.operator;
                if asleep(to) || snapshot.silent.contains_key(&to) {
                    continue;
                }
                let urgent = first(incident);
                let above =
                    |other: Option<Priority>| other.is_none_or(|other| urgent && incident.priority.is_above(other));
                let has = offered().find(|(_, offered)| offered.to == to).map(|(other, _)| other.priority);
                let could = above(has) && above(in_hand(&snapshot, to));
                assert!(!could, "incident {} waits, and {to} could be offered it", incident.id);
            }
        }
    }

    /// An offer or its end changes nothing else of the incident: not who sees it, and no clock.
    fn check_offer(&self, record: &Record) {
        let records = self.records[&record.incident].iter().take_while(|before| before.version < record.version);
        let before = records.fold(None, |incident, record| Some(evolve(incident, record))).unwrap();
        let after = evolve(Some(before.clone()), record);
        let Incident { version, changed_at, offered, .. } = after;
        let expected = Incident { version, changed_at, offered, ..before.clone() };
        assert_eq!(after, expected);
        assert_ne!(before.offered.is_some(), after.offered.is_some());
        if let IncidentEvent::FeedOver { to, reason } = record.event {
            let was = before.offered.unwrap();
            assert_eq!(was.to, to);
            let late = reason == FeedEnd::NotTaken;
            assert!(record.at <= was.until && (!late || record.at == was.until), "{was:?} ended by {record:?}");
        }
    }
}

fn waits(incident: &Incident) -> bool {
    incident.owner.is_none() && incident.calling_since.is_some()
}

fn first(incident: &Incident) -> bool {
    incident.priority == Priority::LIFE_SAFETY
}

fn is_for(snapshot: &Snapshot, card: &OperatorCard, incident: &Incident, supervisors: bool) -> bool {
    let there =
        |queue| snapshot.operators.iter().any(|one| one.serves(queue) && snapshot.present.contains(&one.operator));
    let theirs = incident.queue.as_deref().is_none_or(|queue| match queue.overflow {
        None if queue.exclusive => card.serves(queue),
        None => card.serves(queue) || first(incident) || !there(queue),
        Some(_) => true,
    });
    let fed = !card.paused && (supervisors || !card.supervisor);
    theirs && fed && snapshot.present.contains(&card.operator)
}

/// The most urgent of what somebody has in hand: what is on hold, or waits for a unit, is not.
fn in_hand(snapshot: &Snapshot, operator: OperatorId) -> Option<Priority> {
    let theirs = snapshot.incidents.iter().filter(|incident| incident.owner == Some(operator));
    let goes_on = theirs.filter(|incident| incident.hold.is_none() && incident.interrupted.is_none());
    let busy = goes_on.filter(|incident| {
        matches!(incident.stage, Stage::Taken | Stage::Verifying | Stage::Real) || incident.calling_since.is_some()
    });
    busy.map(|incident| incident.priority).min()
}
