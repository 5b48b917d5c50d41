//! Which acts the desk would grant at this moment: the page offers those and no others.

use alarmcore::{
    Act, Authority, Basis, CallResult, Cause, Check, Claim, Command, ContactId, DispatchState, Family, HoldReason,
    Incident, OperatorId, Policy, Refusal, ResolveGroup, SceneEnd, Settlement, Sight, Source, Timestamp, UnitId,
    decide, owed,
};
use opsmodel::store::query::{Outgoing, UnitRow};

use super::handed::Handed;
use super::moments::{Names, money};

/// What the panel of acts shows.
pub(super) struct Offers {
    pub(super) take: bool,
    pub(super) take_over: bool,
    pub(super) release: bool,
    pub(super) hold: bool,
    pub(super) resume: bool,
    /// For how many minutes it may be on hold at most.
    pub(super) hold_minutes: u32,
    pub(super) hold_reasons: Vec<(&'static str, &'static str)>,
    pub(super) call: bool,
    pub(super) verify_false: bool,
    pub(super) pre_process: bool,
    pub(super) offer: bool,
    pub(super) confirm_real: bool,
    pub(super) scene_false: bool,
    pub(super) end_undetermined: bool,
    pub(super) overturn: bool,
    /// Somebody is threatened: verifying it false needs a second person, and so do the ends at the scene.
    pub(super) verify_needs_two: bool,
    pub(super) scene_needs_two: bool,
    /// The scene report says that somebody was there: to end it with nothing found needs a second person.
    pub(super) nothing_needs_two: bool,
    pub(super) settle: bool,
    pub(super) notify_owner: bool,
    pub(super) owner_arrived: bool,
    pub(super) wish: bool,
    pub(super) hand_off: bool,
    pub(super) list_loss: bool,
    pub(super) sign_losses: bool,
    pub(super) record_case: bool,
    pub(super) close: bool,
    pub(super) note: bool,
    pub(super) observe: bool,
    pub(super) sources: Vec<(&'static str, &'static str)>,
    pub(super) sights: Vec<(&'static str, &'static str)>,
    /// The causes that would be taken, under the groups of the tree of resolutions.
    pub(super) causes: Vec<(&'static str, Vec<(&'static str, &'static str)>)>,
    pub(super) ends: Vec<(&'static str, &'static str)>,
    /// The units that could keep guard: those on the scene.
    pub(super) guards: Vec<(UnitId, String)>,
    pub(super) bases: Vec<(&'static str, &'static str)>,
    pub(super) checks: Vec<(&'static str, &'static str)>,
    pub(super) settlements: Vec<(&'static str, &'static str)>,
    pub(super) authorities: Vec<(&'static str, &'static str)>,
    pub(super) results: Vec<(&'static str, &'static str)>,
    /// Units that can be sent now.
    pub(super) free: Vec<(UnitId, String)>,
    pub(super) jobs: Vec<Job>,
    pub(super) hand_offs: Vec<Handed>,
    /// What still stands between the incident and its closing.
    pub(super) owed: Vec<String>,
    pub(super) losses: Vec<String>,
    /// The act that the branch asks for next, by its word; nothing where the operator has to choose.
    pub(super) next: &'static str,
}

/// A unit's dispatch and its possible next steps.
pub(super) struct Job {
    pub(super) unit: UnitId,
    pub(super) name: String,
    pub(super) label: &'static str,
    pub(super) state: &'static str,
    pub(super) until: Option<Timestamp>,
    /// When it is expected on the scene.
    pub(super) expected: Option<Timestamp>,
    /// When the incident calls because it is not there.
    pub(super) arrive_by: Option<Timestamp>,
    /// Since when it is missed.
    pub(super) late: Option<Timestamp>,
    /// Since when it is to be asked how it is.
    pub(super) silent: Option<Timestamp>,
    pub(super) accept: bool,
    pub(super) depart: bool,
    pub(super) arrive: bool,
    pub(super) leave: bool,
    pub(super) withdraw: bool,
    pub(super) tell: bool,
    /// Since when there is something that it was not told.
    pub(super) untold: Option<Timestamp>,
    /// Does a machine tell it?
    pub(super) by_machine: bool,
    pub(super) report: bool,
    pub(super) record: bool,
}

/// Who looks at the incident, under which policy, and when.
pub(super) struct Viewer<'a> {
    pub(super) operator: OperatorId,
    pub(super) supervisor: bool,
    pub(super) policy: &'a Policy,
    pub(super) now: Timestamp,
}

/// Somebody else, to ask whether an act that needs two would be granted.
const ANYBODY_ELSE: OperatorId = OperatorId::new(u32::MAX);

impl Viewer<'_> {
    /// Would the desk grant this act, given well?
    pub(super) fn may(&self, incident: &Incident, command: &Command) -> bool {
        let act = Act { at: self.now, by: self.operator, second: Some(ANYBODY_ELSE), command };
        decide(incident, self.policy, &act).is_ok()
    }

    /// Would it grant it to this person alone?
    pub(super) fn alone(&self, incident: &Incident, command: &Command) -> bool {
        let act = Act { at: self.now, by: self.operator, second: None, command };
        decide(incident, self.policy, &act).is_ok()
    }

    /// Does the scene report say otherwise?
    fn is_gainsaid(&self, incident: &Incident, command: &Command) -> bool {
        let act = Act { at: self.now, by: self.operator, second: None, command };
        matches!(decide(incident, self.policy, &act), Err(Refusal::SceneSaysOtherwise { .. }))
    }

    /// Everything that this viewer can do about the incident now.
    pub(super) fn offers(
        &self,
        incident: &Incident,
        units: &[UnitRow],
        owed_outside: &[Outgoing],
        names: &Names<'_>,
    ) -> Offers {
        let w = names.w;
        let may = |command: Command| self.may(incident, &command);
        let note = || Some("note".to_owned());
        let cause = Some(Cause::UserError);
        let contact = ContactId::new(1);
        let free: Vec<_> =
            units.iter().filter(|unit| unit.on_duty && unit.jobs.is_empty() && unit.hidden_jobs == 0).collect();
        let unit = free.first().map_or(UnitId::new(0), |row| row.unit);
        let on_scene = || incident.dispatches.iter().filter(|dispatch| dispatch.state == DispatchState::OnScene);
        let ended = |end| Command::EndUndetermined {
            end,
            contact: Some(contact),
            unit: on_scene().next().map(|dispatch| dispatch.unit),
            until: Some(self.now.plus_secs(3600)),
            check_at: None,
            note: None,
        };
        let ends: Vec<_> = ResolveGroup::Undetermined
            .ends()
            .filter(|&end| may(ended(end)))
            .map(|end| (end.as_str(), end.label(w.lang)))
            .collect();
        let service = incident.kind.family() == Family::Service;
        Offers {
            take: may(Command::Take),
            take_over: self.supervisor && !may(Command::Take) && may(Command::TakeOver),
            release: may(Command::Release { note: note() }),
            hold: may(Command::Hold { reason: Some(HoldReason::CallBack), minutes: 1, note: None }),
            resume: may(Command::Resume),
            hold_minutes: self.policy.hold.of(incident) / 60,
            hold_reasons: HoldReason::ALL.iter().map(|reason| (reason.as_str(), reason.label(w.lang))).collect(),
            call: may(Command::Call {
                contact,
                result: CallResult::NoAnswer,
                number: None,
                numbers: None,
                compared: false,
                again_at: None,
                note: None,
            }),
            verify_false: may(Command::VerifyFalse { cause, note: None }),
            pre_process: may(Command::PreProcess { unit: Some(unit), note: None }),
            offer: may(Command::Offer { unit: Some(unit) }),
            confirm_real: may(Command::ConfirmReal { basis: Basis::Scene, note: None })
                || may(Command::ConfirmReal { basis: Basis::Contact, note: None }),
            scene_false: may(Command::SceneFalse { cause, note: None }),
            end_undetermined: !ends.is_empty(),
            ends,
            guards: on_scene().map(|dispatch| (dispatch.unit, names.unit(dispatch.unit))).collect(),
            overturn: may(Command::Overturn { cause, note: None }),
            verify_needs_two: !self.alone(incident, &Command::VerifyFalse { cause, note: None }),
            scene_needs_two: !self.alone(incident, &Command::SceneFalse { cause, note: None }),
            nothing_needs_two: self.is_gainsaid(incident, &ended(SceneEnd::NoFinding)),
            settle: service && may(Command::Settle { settlement: Some(Settlement::Restored), note: None }),
            notify_owner: may(Command::NotifyOwner { contact, note: None }),
            owner_arrived: may(Command::OwnerArrived),
            wish: may(Command::RecordWish {
                police: true,
                insurer: false,
                loss_minor: None,
                currency: None,
                note: None,
            }),
            hand_off: Authority::ALL.iter().any(|&to| may(Command::HandOff { to, reference: None, note: None })),
            list_loss: may(Command::ListLoss {
                item: "item".into(),
                quantity: 1,
                value_minor: 1,
                currency: None,
                evidence: None,
            }),
            sign_losses: may(Command::SignLosses { signed_by: note() }),
            record_case: may(Command::RecordCase { note: note() }),
            close: may(Command::Close { note: None }),
            note: may(Command::Note { note: "note".into() }),
            observe: may(Command::Observe { source: Source::Video, saw: Sight::Nobody, note: None }),
            sources: Source::ALL.iter().map(|source| (source.as_str(), source.label(w.lang))).collect(),
            sights: Sight::ALL.iter().map(|sight| (sight.as_str(), sight.label(w.lang))).collect(),
            causes: ResolveGroup::ALL
                .iter()
                .map(|group| {
                    let takes = |cause: &Cause| {
                        let cause = Some(*cause);
                        may(Command::VerifyFalse { cause, note: None })
                            || may(Command::SceneFalse { cause, note: None })
                            || may(Command::Overturn { cause, note: None })
                    };
                    let words = |cause: Cause| (cause.as_str(), cause.label(w.lang));
                    (group.label(w.lang), group.causes().filter(takes).map(words).collect::<Vec<_>>())
                })
                .filter(|(_, causes)| !causes.is_empty())
                .collect(),
            bases: Basis::ALL
                .iter()
                .filter(|&&basis| may(Command::ConfirmReal { basis, note: None }))
                .map(|basis| (basis.as_str(), basis.label(w.lang)))
                .collect(),
            checks: Check::ALL.iter().map(|check| (check.as_str(), check.label(w.lang))).collect(),
            settlements: Settlement::ALL.iter().map(|each| (each.as_str(), each.label(w.lang))).collect(),
            authorities: Authority::ALL
                .iter()
                .filter(|&&to| may(Command::HandOff { to, reference: None, note: None }))
                .map(|to| (to.as_str(), to.label(w.lang)))
                .collect(),
            results: CallResult::ALL.iter().map(|result| (result.as_str(), result.label(w.lang))).collect(),
            free: free.iter().map(|row| (row.unit, row.name.clone())).collect(),
            jobs: self.jobs(incident, names),
            hand_offs: self.hand_offs(incident, owed_outside, names),
            owed: if incident.is_closed() { Vec::new() } else { owed_in_words(incident, self.policy, names) },
            next: next(incident, self.policy),
            losses: incident.losses.iter().map(|(currency, minor)| money(*minor, *currency)).collect(),
        }
    }

    fn jobs(&self, incident: &Incident, names: &Names<'_>) -> Vec<Job> {
        let may = |command: Command| self.may(incident, &command);
        let text = || Some("text".to_owned());
        let job = |dispatch: &alarmcore::Dispatch| {
            let unit = dispatch.unit;
            // Of several dispatches of one unit only the last one goes on.
            let last = incident.dispatch_of(unit) == Some(dispatch);
            let may = |command| last && may(command);
            let (doors, windows) = (Check::Intact, Check::Intact);
            Job {
                unit,
                name: names.unit(unit),
                label: dispatch.state.label(names.w.lang),
                state: dispatch.state.as_str(),
                until: (dispatch.state == DispatchState::Offered).then_some(dispatch.until),
                expected: dispatch.expected_at().filter(|_| last),
                arrive_by: dispatch.arrive_by(&self.policy.arrival).filter(|_| last),
                late: dispatch.late_at.filter(|_| last && dispatch.is_under_way()),
                silent: dispatch.silent_at.filter(|_| last && dispatch.state == DispatchState::OnScene),
                accept: may(Command::Accept { unit }),
                depart: may(Command::Depart { unit }),
                arrive: may(Command::Arrive { unit }),
                leave: may(Command::Leave { unit }),
                withdraw: may(Command::Withdraw { unit, note: text() }),
                tell: may(Command::TellUnit { unit, note: text() }),
                untold: dispatch.untold_since.filter(|_| last && dispatch.is_running()),
                by_machine: dispatch.by_machine,
                report: may(Command::ReportScene {
                    unit,
                    doors,
                    windows,
                    entry_signs: false,
                    persons: 0,
                    photos: Vec::new(),
                    note: None,
                }),
                record: may(Command::RecordDispatch { unit, people: text(), findings: text(), signed_by: text() }),
            }
        };
        incident.dispatches.iter().map(job).collect()
    }
}

/// What is owed first says what to do next.
fn next(incident: &Incident, policy: &Policy) -> &'static str {
    let unit_step = |unit: UnitId| match incident.dispatch_of(unit).map(|dispatch| dispatch.state) {
        Some(DispatchState::Offered) => "accept",
        Some(DispatchState::Accepted) => "depart",
        Some(DispatchState::EnRoute) => "arrive",
        _ => "report-scene",
    };
    let send_step = || match incident.dispatches.iter().find(|dispatch| dispatch.is_under_way()) {
        Some(dispatch) => unit_step(dispatch.unit),
        None if incident.is_pre_processed() => "offer",
        None => "pre-process",
    };
    let act = |refusal: &Refusal| match refusal {
        Refusal::OwnerNotNotified => Some("notify-owner"),
        Refusal::WishMissing => Some("record-wish"),
        Refusal::HandOffMissing { .. } | Refusal::ActDue { act: Claim::HandOff, .. } => Some("hand-off"),
        Refusal::ActDue { act: Claim::Send, .. } => Some(send_step()),
        Refusal::ActDue { act: Claim::Call | Claim::CallSite, .. } => Some("call"),
        Refusal::HandOffOpen { .. } => Some("answer-hand-off"),
        Refusal::CancelMissing { .. } => Some("tell-authority"),
        Refusal::LossesNotSigned if incident.loss_lines == 0 => Some("list-loss"),
        Refusal::LossesNotSigned => Some("sign-losses"),
        Refusal::CaseRecordMissing => Some("record-case"),
        Refusal::SettlementMissing => Some("settle"),
        Refusal::UnitUnderWay { unit } => Some(unit_step(*unit)),
        Refusal::SceneReportMissing { .. } | Refusal::ReportTooOld { .. } => Some("report-scene"),
        Refusal::NotYetLeft { .. } => Some("leave"),
        Refusal::DispatchRecordMissing { .. } => Some("record-dispatch"),
        _ => None,
    };
    owed(incident, policy).iter().find_map(act).unwrap_or_default()
}

fn owed_in_words(incident: &Incident, policy: &Policy, names: &Names<'_>) -> Vec<String> {
    owed(incident, policy).iter().map(|refusal| in_words(refusal, names)).collect()
}

/// A refusal as a person reads it. The desk knows units by number; pages name them.
pub(super) fn in_words(refusal: &Refusal, names: &Names<'_>) -> String {
    let text = refusal.label(names.w.lang);
    match refusal {
        Refusal::UnitUnderWay { unit }
        | Refusal::SceneReportMissing { unit }
        | Refusal::SceneSaysOtherwise { unit }
        | Refusal::DispatchRecordMissing { unit }
        | Refusal::GuardLeftEarly { unit }
        | Refusal::NotYetLeft { unit } => {
            let number = names.w.n("unit-in-refusal", unit.get());
            text.replace(&number, &names.unit(*unit))
        }
        _ => text,
    }
}
