//! What comes from a strange source, or in a doubtful frame, lowers, ends and satisfies nothing: the account stands as before, but for what began.

use alarmcore::{AccountState, Desk, Incident, IncidentEvent, Input, Outcome, Output, Rule, Standing};
use contactid::{Class, Qualifier};

use super::Witness;

/// How an account stood before a signal of it that weighs nothing.
pub(super) struct Before {
    state: AccountState,
    /// Its open incidents.
    open: Vec<Incident>,
}

impl Before {
    /// `None` of whatever is no such signal.
    pub(super) fn of(desk: &Desk, input: &Input) -> Option<Self> {
        let Input::Signal(received) = input else { return None };
        let account = received.report.account?;
        let snapshot = desk.snapshot();
        let card = snapshot.accounts.iter().find(|card| card.account == account)?;
        let listed = card.sources.as_deref().zip(received.report.source);
        let elsewhere = listed.is_some_and(|(sources, source)| !sources.allows(source));
        let strange = (elsewhere && !desk.policy().source.strange_weighs) || received.report.marks.is_doubtful();
        let open = snapshot.incidents.into_iter().filter(|incident| incident.account == Some(account));
        let state = desk.account(&account).cloned().unwrap_or_else(|| AccountState::of(card));
        strange.then(|| Self { state, open: open.collect() })
    }
}

impl Witness {
    pub(super) fn check_strange(&self, before: Option<Before>, input: &Input, said: &[Output]) {
        let (Some(Before { state: before, open }), Input::Signal(received)) = (before, input) else { return };
        let now = self.desk.account(&before.account).expect("it was heard");
        let silent = |state: &AccountState| AccountState {
            alarms: Default::default(),
            bypassed: Default::default(),
            troubles: Default::default(),
            trips: Default::default(),
            path_failed_at: None,
            ..state.clone()
        };
        assert_eq!(silent(now), silent(&before), "a strange source moves the account: {received:?}");
        let places = |list: &[Standing]| list.iter().map(|one| (one.code, one.group, one.number)).collect::<Vec<_>>();
        for (now, before) in
            [(&now.alarms, &before.alarms), (&now.bypassed, &before.bypassed), (&now.troubles, &before.troubles)]
        {
            assert!(places(now).starts_with(&places(before)), "a strange source ends what stands: {received:?}");
        }
        let trips = |state: &AccountState| state.trips.iter().map(|one| one.count).sum::<u32>();
        assert_eq!(trips(now), trips(&before), "a strange source brings a zone nearer to swinging: {received:?}");
        for output in said {
            match output {
                Output::Record(record) => match &record.event {
                    IncidentEvent::Lowered { .. } => panic!("lowered by a strange source: {received:?}"),
                    IncidentEvent::SignalJoined { evidence, rule } if evidence.signal == received.id => {
                        let class = evidence.code.map(|code| code.class());
                        let ends = evidence.qualifier == Some(Qualifier::Restore) && class != Some(Class::OpenClose);
                        let calms = ends || class == Some(Class::Cancel);
                        let beside = *rule == Rule::NotWeighed || rule.is_of_line();
                        assert!(beside || !calms || *rule == Rule::UnknownCode, "{rule} by a strange source");
                    }
                    _ => {}
                },
                Output::Dispose(of) if of.signal != received.id => {
                    let settled = matches!(of.rule, Rule::RestoreWaitRestored | Rule::CancelInTime);
                    assert!(!settled || of.outcome != Outcome::Logged, "settled by a strange source: {of:?}");
                }
                _ => {}
            }
        }
        for then in open {
            let Some(now) = self.desk.incident(then.id) else { continue };
            assert_eq!(now.cancelled, then.cancelled, "cancelled by a strange source: {received:?}");
            // What waited beside an intrusion that is held joins it when the wait is over.
            let waited = said.iter().any(
                |output| matches!(output, Output::Dispose(of) if of.signal != received.id && of.rule == Rule::RestoreJoined),
            );
            let restored = |incident: &Incident| incident.origins.iter().filter(|origin| origin.restored).count();
            assert!(waited || restored(now) <= restored(&then), "restored by a strange source: {received:?}");
        }
    }
}
