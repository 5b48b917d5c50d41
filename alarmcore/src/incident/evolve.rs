//! Event to incident: changes, and never refuses.

use super::blank::blank;
use super::{
    Call, Cancelled, Claimed, ContactAnswer, Dispatch, DispatchState, Escalated, Evidence, Family, FirstContact, Guard,
    HandOff, InQueue, Incident, IncidentEvent, Kind, Missing, Observation, Offered, Origin, Record, Resolution, Stage,
    Standing, Telling, Verdict, Wish,
};
use crate::disposition::Rule;
use crate::id::{OperatorId, UnitId};
use crate::pack::Claim;
use crate::plan::{PlanGiven, StepMark};
use crate::queue::Priority;
use crate::restore::Place;
use crate::time::Timestamp;
use contactid::{AccountNumber, Class, Qualifier};

/// Adds one record to an incident. The first record of a stream opens it.
///
/// A record that does not fit (a first one that opens nothing, or one out of its place) still makes an incident: a damaged
/// journal must be readable. [`decide`](super::decide) never makes such a record.
pub fn evolve(incident: Option<Incident>, record: &Record) -> Incident {
    let mut incident = incident.unwrap_or_else(|| blank(record.incident, record.at));
    incident.evolve(record);
    incident
}

impl Incident {
    /// Adds one record, as [`evolve()`] does.
    pub(crate) fn evolve(&mut self, record: &Record) {
        self.version = record.version;
        self.changed_at = record.at;
        let before = self.units_know();
        self.add(record);
        self.is_worked_on(record);
        if before.is_some() && self.units_know() != before {
            self.units_miss(record.at);
        }
        if record.by.is_some_and(|by| by != OperatorId::OUTSIDE) {
            self.see_missed(record.at);
        }
        if self.owner.is_some() || self.calling_since.is_none() {
            self.offered = None;
        }
        self.watch_fire(record);
        self.weigh(record);
    }

    fn add(&mut self, record: &Record) {
        let at = record.at;
        match &record.event {
            IncidentEvent::Opened { account, kind, priority, evidence, rule, policy, plan } => {
                self.open(*account, *kind, *priority, evidence, *rule, *policy);
                self.plan.clone_from(plan);
            }
            IncidentEvent::SignalJoined { evidence, rule } => self.join(evidence, *rule),
            IncidentEvent::Lowered { priority } => self.priority = *priority,
            IncidentEvent::Raised { .. } => self.raised(record),
            IncidentEvent::Taken {} | IncidentEvent::TakenOver { .. } => {
                self.owner = record.by;
                self.interrupted = None;
                self.taken_at.get_or_insert(at);
                self.stamp_urgent(at, |urgent| &mut urgent.taken_at);
                (self.calling_since, self.unseen) = (None, None);
                self.end_hold(at);
                self.answer_escalation(Missing::Take);
                if self.stage == Stage::New {
                    self.stage = Stage::Taken;
                }
            }
            IncidentEvent::Released { .. } => {
                self.owner = None;
                self.interrupted = None;
                self.end_hold(at);
                self.calling_since.get_or_insert(at);
            }
            IncidentEvent::OwnerLost { .. } => {
                self.owner = None;
                self.interrupted = None;
                if self.hold.is_none() {
                    self.calling_since.get_or_insert(at);
                }
            }
            IncidentEvent::PutOnHold { reason, minutes, .. } => self.put_on_hold(at, *reason, *minutes),
            IncidentEvent::HoldOver {} => {
                self.end_hold(at);
                self.calling_since.get_or_insert(at);
            }
            IncidentEvent::Resumed {} => self.end_hold(at),
            IncidentEvent::Escalated { to, missing, after_s, .. } => {
                self.escalated.push(Escalated { to: *to, missing: *missing, after_s: *after_s, at });
            }
            IncidentEvent::Called { contact, result, number, numbers, correct_by, again_at, .. } => {
                self.act(at);
                let (contact, result, number, numbers) = (*contact, *result, *number, *numbers);
                let (by, correct_by, again_at) = (record.by, *correct_by, *again_at);
                let call = Call { contact, result, at, by, number, numbers, correct_by, again_at };
                if call.result.reaches_user() {
                    self.meet(Claim::Call, None, at);
                }
                if call.reached_the_site() {
                    self.meet(Claim::CallSite, None, at);
                }
                self.calls.push(call);
                if self.stage == Stage::Taken {
                    self.stage = Stage::Verifying;
                }
            }
            IncidentEvent::Observed { source, saw, .. } => {
                self.act(at);
                self.observed.push(Observation { source: *source, saw: *saw, at });
            }
            IncidentEvent::LevelSet { .. } => self.act(at),
            IncidentEvent::VerifiedFalse { cause, .. } => {
                self.act(at);
                self.decide(at, Verdict::False { cause: *cause });
            }
            IncidentEvent::PreProcessed { .. } => {
                self.act(at);
                self.stage = Stage::PreProcessed;
            }
            IncidentEvent::UnitOffered { unit, until, choice } => {
                // What the desk does by itself is nobody's act.
                if record.by.is_some() {
                    self.act(at);
                }
                if choice.as_ref().is_some_and(|choice| choice.anew) {
                    self.asked.clear();
                }
                self.asked.push(*unit);
                self.dispatched_at.get_or_insert(at);
                self.stamp_urgent(at, |urgent| &mut urgent.dispatched_at);
                self.dispatches.push(Dispatch::offered(*unit, at, *until, choice.as_deref()));
            }
            IncidentEvent::AnswerAwaited { unit, number, until } => {
                unit.iter().for_each(|unit| self.amend(*unit, |dispatch| dispatch.until = *until));
                number.iter().for_each(|number| self.answer(*number, |hand_off| hand_off.answer_by = Some(*until)));
            }
            event @ (IncidentEvent::UnitAccepted { .. }
            | IncidentEvent::UnitAnswered { .. }
            | IncidentEvent::UnitDeclined { .. }
            | IncidentEvent::OfferExpired { .. }
            | IncidentEvent::OfferFailed { .. }
            | IncidentEvent::RecallFailed { .. }
            | IncidentEvent::OfferDelivered { .. }
            | IncidentEvent::UnitTold { .. }
            | IncidentEvent::UnitUntold { .. }
            | IncidentEvent::UnitOutOfService { .. }
            | IncidentEvent::UnitWithdrawn { .. }
            | IncidentEvent::UnitDeparted { .. }
            | IncidentEvent::UnitArrived { .. }
            | IncidentEvent::SceneReported { .. }
            | IncidentEvent::UnitSilent { .. }
            | IncidentEvent::UnitLeft { .. }) => self.unit_moved(event, at),
            IncidentEvent::SceneFalse { cause, .. } | IncidentEvent::Overturned { cause, .. } => {
                self.act(at);
                self.decide(at, Verdict::False { cause: *cause });
                self.stage = Stage::FalseOnScene;
            }
            IncidentEvent::EndedUndetermined { end, unit, check_at, until, .. } => {
                self.act(at);
                self.decide(at, Verdict::Undetermined { end: *end });
                self.guard = unit.zip(*until).map(|(unit, until)| Guard { unit, until, due: check_at.or(Some(until)) });
                self.stage = Stage::Undetermined;
            }
            IncidentEvent::ConfirmedReal { basis, .. } => {
                self.act(at);
                self.decide(at, Verdict::Real { basis: *basis });
                self.stage = Stage::Real;
                self.need_cancelled(at);
            }
            IncidentEvent::OwnerNotified { .. } => {
                self.act(at);
                self.owner_notified_at.get_or_insert(at);
                self.advance(Stage::OwnerNotified);
                self.meet(Claim::Call, None, at);
            }
            IncidentEvent::OwnerArrived {} => self.owner_arrived_at = Some(at),
            IncidentEvent::WishRecorded { police, insurer, loss_minor, currency, .. } => {
                self.act(at);
                let (police, insurer, loss_minor, currency) = (*police, *insurer, *loss_minor, *currency);
                self.wish = Some(Wish { police, insurer, loss_minor, currency, at });
            }
            IncidentEvent::HandedOff { number, to, reference, answer_by, .. } => {
                self.act(at);
                let asked = HandOff::asked(*number, *to, at, *answer_by);
                self.hand_offs.push(HandOff { reference: reference.clone(), ..asked });
                self.advance(Stage::HandedOff);
                self.meet(Claim::HandOff, Some(*to), at);
            }
            IncidentEvent::HandOffAccepted { number, reference, .. } => self.answer(*number, |hand_off| {
                hand_off.answered(true, at);
                if reference.is_some() {
                    hand_off.reference.clone_from(reference);
                }
            }),
            IncidentEvent::HandOffRejected { number, .. } => {
                self.answer(*number, |hand_off| hand_off.answered(false, at));
            }
            IncidentEvent::HandOffDelivered { number, sequence, .. } => {
                let by_machine = record.by == Some(OperatorId::OUTSIDE);
                self.answer(*number, |hand_off| hand_off.delivered(*sequence, at, by_machine));
            }
            IncidentEvent::HandOffFailed { number, sequence, .. } => {
                let by_machine = record.by == Some(OperatorId::OUTSIDE);
                self.answer(*number, |hand_off| hand_off.failed(*sequence, at, by_machine));
            }
            IncidentEvent::HandOffUnanswered { number } => {
                self.answer(*number, |hand_off| (hand_off.answer_by, hand_off.cancel_answer_by) = (None, None));
            }
            IncidentEvent::AuthorityTold { number, sequence, telling, .. } => self.answer(*number, |hand_off| {
                hand_off.sent = *sequence;
                hand_off.on_the_way.insert(*sequence);
                match telling {
                    Telling::Cancel => hand_off.asked_to_cancel(*sequence, at),
                    Telling::Site => hand_off.address_told_at = Some(at),
                    _ => {}
                }
            }),
            IncidentEvent::AuthorityAnswered {
                number,
                answer,
                standing,
                reason,
                outcome,
                eta_s,
                reference,
                message,
                ..
            } => {
                let is_false = self.is_false();
                self.answer(*number, |hand_off| {
                    hand_off.heard.extend(message.clone());
                    hand_off.by_machine |= record.by == Some(OperatorId::OUTSIDE);
                    if *standing != Standing::Taken {
                        return;
                    }
                    hand_off.hear(*answer, is_false, at);
                    hand_off.rejection = reason.or(hand_off.rejection);
                    hand_off.outcome = outcome.or(hand_off.outcome);
                    if let Some(seconds) = *eta_s {
                        hand_off.expects(at.plus_secs(seconds));
                    }
                    if reference.is_some() {
                        hand_off.reference.clone_from(reference);
                    }
                });
                if *standing != Standing::Unread {
                    self.answered_by(*number, at);
                }
            }
            IncidentEvent::HandOffsFollowed { until } => self.followed_until = Some(*until),
            IncidentEvent::HandOffsLeft {} => {
                self.followed_until = None;
                self.leave_hand_offs(at, |_| true);
            }
            IncidentEvent::ChargeTaken { number, case_number, .. } => self.answer(*number, |hand_off| {
                hand_off.charge_taken_at = Some(at);
                hand_off.case_number.clone_from(case_number);
            }),
            IncidentEvent::LossListed { value_minor, currency, .. } => {
                self.loss_lines += 1;
                let sum = self.losses.entry(*currency).or_insert(0);
                *sum = sum.saturating_add(*value_minor);
            }
            IncidentEvent::LossesSigned { .. } => {
                self.losses_signed_at = Some(at);
                self.advance(Stage::LossListed);
            }
            IncidentEvent::DispatchRecorded { unit, .. } => {
                self.amend(*unit, |dispatch| dispatch.recorded_at = Some(at));
            }
            IncidentEvent::CaseRecorded { .. } => {
                self.case_recorded_at = Some(at);
                self.advance(Stage::Recorded);
            }
            IncidentEvent::Settled { settlement, .. } => {
                self.act(at);
                self.settlement = Some(*settlement);
                self.decided_at = Some(at);
            }
            IncidentEvent::Closed { resolution, .. } => {
                self.closed_at = Some(at);
                self.resolution = Some(*resolution);
                self.stage = Stage::Closed;
                (self.calling_since, self.unseen) = (None, None);
                self.unacted_since = None;
                self.escalated.clear();
                self.end_hold(at);
                self.end_guard_check();
                // Who telephoned is not called back; a machine may have a last word.
                self.leave_hand_offs(at, |hand_off| !hand_off.by_machine);
            }
            IncidentEvent::StepTicked { step, .. } => self.mark(step, false, record),
            IncidentEvent::StepSkipped { step, .. } => self.mark(step, true, record),
            IncidentEvent::RestoreAwaited { until } => self.restore_due = Some(*until),
            IncidentEvent::RestoreDue { .. } => self.restore_due = None,
            IncidentEvent::ActDue { clause, act, to, until } => self.claims.push(Claimed {
                clause: clause.clone(),
                act: *act,
                to: *to,
                since: at,
                until: *until,
                done_at: None,
                overdue_at: None,
            }),
            IncidentEvent::ActOverdue { clause } => {
                for claim in self.claims.iter_mut().filter(|claim| claim.clause == *clause) {
                    claim.overdue_at = Some(at);
                }
            }
            IncidentEvent::PoliceResponse { withdrawn } => self.withdrawn.clone_from(withdrawn),
            IncidentEvent::Grouped { storm } => self.storm = Some(*storm),
            IncidentEvent::Merged { .. } => {
                self.closed_at = Some(at);
                self.resolution = Some(Resolution::Merged);
                self.stage = Stage::Closed;
                (self.calling_since, self.unseen) = (None, None);
            }
            IncidentEvent::ContactAsked { storm } => {
                self.first_contact = Some(FirstContact { storm: *storm, at, answer: None, answered_at: None });
            }
            IncidentEvent::ContactAnswered { answer, .. } => {
                // Whoever called for help is in danger, whatever is said after it.
                let stays = *answer != ContactAnswer::Help;
                let cried = |contact: &&mut FirstContact| stays && contact.answer == Some(ContactAnswer::Help);
                if let Some(contact) = self.first_contact.as_mut().filter(|contact| !cried(contact)) {
                    (contact.answer, contact.answered_at) = (Some(*answer), Some(at));
                }
            }
            IncidentEvent::Queued { queue, exclusive, skills, language, .. } => {
                let (exclusive, skills, language) = (*exclusive, skills.clone(), language.clone());
                let into = |name| Box::new(InQueue { name, exclusive, skills, language, overflow: None });
                self.queue = queue.clone().map(into);
            }
            IncidentEvent::Overflowed { reason } => {
                if let Some(queue) = &mut self.queue {
                    queue.overflow = Some(*reason);
                }
            }
            IncidentEvent::Fed { to, until, .. } => {
                self.offered = Some(Offered { to: *to, since: at, until: *until });
            }
            IncidentEvent::FeedOver { .. } => self.offered = None,
            IncidentEvent::Interrupted { first } => self.interrupted = Some(*first),
            IncidentEvent::Continued {} => {
                self.interrupted = None;
                // Nobody goes on by themselves: the one who has it is called back.
                if record.by.is_none() {
                    self.calling_since.get_or_insert(at);
                }
            }
            IncidentEvent::Noted { .. } => {}
        }
    }

    fn open(
        &mut self,
        account: Option<AccountNumber>,
        kind: Kind,
        priority: Priority,
        evidence: &Evidence,
        rule: Rule,
        policy: u32,
    ) {
        self.account = account;
        self.kind = kind;
        self.priority = priority;
        self.rule = rule;
        self.policy = policy;
        self.received_at = if rule.shows_late() { self.opened_at } else { evidence.received_at };
        self.first_signal = evidence.signal;
        self.join(evidence, rule);
    }

    fn join(&mut self, evidence: &Evidence, rule: Rule) {
        self.signals = self.signals.saturating_add(1);
        self.last_signal = evidence.signal;
        self.marks = self.marks.with(evidence.marks);
        let Some(code) = evidence.code else { return };
        let class = code.class();
        // That a panel runs away is no zone's doing: whichever signal was one too many says nothing of where.
        if rule == Rule::Runaway {
            return;
        }
        // What only pretends to cancel or to restore leaves everything as it is, and so does what is told for its line alone.
        let ends =
            class == Class::Cancel || evidence.qualifier == Some(Qualifier::Restore) && class != Class::OpenClose;
        if ends && (rule == Rule::NotWeighed || rule.is_of_line()) {
            return;
        }
        if class == Class::Cancel {
            self.cancelled = Some(Cancelled { at: evidence.received_at, by: evidence.number });
            return;
        }
        let place = Place { code, group: evidence.group, number: evidence.number };
        let restores = evidence.qualifier == Some(Qualifier::Restore) && class != Class::OpenClose;
        if !restores && Kind::of(class).family() != Family::Service && self.is_news(&place) {
            self.need_again(self.changed_at);
        }
        if restores {
            for origin in self.origins.iter_mut().filter(|origin| place.ends(&origin.place())) {
                origin.restored = true;
            }
        } else if let Some(origin) = self.origins.iter_mut().find(|origin| origin.place() == place) {
            origin.signals = origin.signals.saturating_add(1);
            origin.restored = false;
        } else if self.origins.len() < Self::ORIGINS {
            let Place { code, group, number } = place;
            self.origins.push(Origin { code, class, group, number, signals: 1, restored: false });
        }
    }

    /// A person did something about it: the first time is kept, and it need not call any more, but for what nobody has looked at.
    /// Its chain ends, but for that of a fire that waits for the fire brigade.
    fn act(&mut self, at: Timestamp) {
        self.first_act_at.get_or_insert(at);
        self.stamp_urgent(at, |urgent| &mut urgent.first_act_at);
        self.unacted_since = None;
        if self.unplaced_since.is_none() {
            self.answer_escalation(Missing::Act);
        }
        self.end_hold(at);
        if self.owner.is_some() && self.unseen.is_none() {
            self.calling_since = None;
            self.answer_escalation(Missing::Take);
        }
    }

    /// What it turned out to be; a guard is kept only for what is undetermined.
    fn decide(&mut self, at: Timestamp, verdict: Verdict) {
        (self.verdict, self.decided_at, self.guard) = (Some(verdict), Some(at), None);
    }

    pub(super) fn end_guard_check(&mut self) {
        if let Some(guard) = &mut self.guard {
            guard.due = None;
        }
    }

    /// Another plan begins at its start: what a person said of the steps of the one before says nothing of it.
    pub(super) fn follow(&mut self, plan: &PlanGiven) {
        if self.plan.as_ref().is_none_or(|before| before.plan != plan.plan) {
            self.steps.clear();
        }
        self.plan = Some(plan.clone());
    }

    fn mark(&mut self, step: &str, skipped: bool, record: &Record) {
        self.steps.push(StepMark { step: step.to_owned(), skipped, at: record.at, by: record.by });
    }

    /// The stages of branch 3 follow one another, but may be left out: never go back.
    fn advance(&mut self, stage: Stage) {
        if self.is_real() && self.stage < stage {
            self.stage = stage;
        }
    }

    pub(super) fn amend(&mut self, unit: UnitId, change: impl FnOnce(&mut Dispatch)) {
        if let Some(dispatch) = self.dispatches.iter_mut().rev().find(|dispatch| dispatch.unit == unit) {
            change(dispatch);
        }
    }

    pub(super) fn step(&mut self, unit: UnitId, state: DispatchState, stamp: impl FnOnce(&mut Dispatch)) {
        self.amend(unit, |dispatch| {
            dispatch.state = state;
            stamp(dispatch);
        });
    }

    /// A unit will not come after all: back to where the operator must find another.
    pub(super) fn lose(&mut self, unit: UnitId, state: DispatchState) {
        self.step(unit, state, |_| {});
        self.undo(Claim::Send);
        let others_come = self.dispatches.iter().any(Dispatch::is_running);
        if self.stage == Stage::Dispatched && !others_come {
            self.stage = Stage::PreProcessed;
        }
    }

    fn answer(&mut self, number: u16, change: impl FnOnce(&mut HandOff)) {
        if let Some(hand_off) = self.hand_offs.iter_mut().find(|hand_off| hand_off.number == number) {
            change(hand_off);
        }
        self.undo(Claim::HandOff);
    }
}
