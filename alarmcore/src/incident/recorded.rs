//! From the records of an incident back to the acts that people did: the journal keeps what happened, not what was asked.

use super::{Command, HoldReason, IncidentEvent, Standing, Telling};
use crate::id::OperatorId;
use crate::unit::ChosenBy;

/// Stands for a text that an act needs and that is kept apart from the journal. Nothing is decided by it.
const TEXT: &str = "-";

impl IncidentEvent {
    /// The act that this event of a person says was done, and its second person; `None` of an event that only follows from
    /// the one before it. `before` is the event that the same person's act recorded just before, in the same stream and at
    /// the same moment.
    ///
    /// [`decide`](super::decide) makes of the act the events that were recorded, as far as the incident stands as it stood;
    /// free text that is missing is written as a dash.
    pub fn act(&self, before: Option<&Self>) -> Option<(Command, Option<OperatorId>)> {
        let needed = |text: &Option<String>| Some(text.clone().unwrap_or_else(|| TEXT.to_owned()));
        let command = match self.clone() {
            Self::Taken {} => Command::Take,
            Self::TakenOver { .. } => Command::TakeOver,
            Self::Released { note } => Command::Release { note },
            Self::PutOnHold { reason, minutes, note } => {
                let note = note.or_else(|| (reason == HoldReason::Other).then(|| TEXT.to_owned()));
                Command::Hold { reason: Some(reason), minutes, note }
            }
            Self::Resumed {} => Command::Resume,
            Self::Called { contact, result, number, numbers, compared, again_at, note, .. } => {
                Command::Call { contact, result, number, numbers, compared, again_at, note }
            }
            Self::Observed { source, saw, note } => Command::Observe { source, saw, note },
            Self::LevelSet { level, note } => Command::SetLevel { level, note: needed(&note) },
            Self::VerifiedFalse { cause, second, note } => {
                return Some((Command::VerifyFalse { cause: Some(cause), note }, second));
            }
            Self::UnitOffered { unit, choice, .. } => {
                let by_cost = choice.is_some_and(|choice| choice.by == ChosenBy::Cost);
                let unit = (!by_cost).then_some(unit);
                match before {
                    Some(Self::PreProcessed { note }) => Command::PreProcess { unit, note: note.clone() },
                    _ => Command::Offer { unit },
                }
            }
            Self::UnitAccepted { unit } => Command::Accept { unit },
            Self::UnitAnswered { unit, offer, answer, message, speaks, note } => {
                // What it found on the scene is an event of its own.
                Command::RecordUnitAnswer { unit, offer, answer, message, speaks, note, scene: None }
            }
            Self::OfferFailed { unit, offer, note } => Command::FailOffer { unit, offer, note },
            Self::RecallFailed { unit, offer, note } => Command::FailRecall { unit, offer, note },
            Self::OfferDelivered { unit, offer } => Command::ConfirmOffer { unit, offer },
            Self::UnitTold { unit, note, .. } => Command::TellUnit { unit, note },
            Self::UnitUntold { unit, offer, note } => Command::FailTelling { unit, offer, note },
            Self::UnitDeclined { unit, note } => Command::Decline { unit, note },
            Self::UnitWithdrawn { unit, note } => Command::Withdraw { unit, note },
            Self::UnitDeparted { unit } => Command::Depart { unit },
            Self::UnitArrived { unit } => Command::Arrive { unit },
            Self::SceneReported { unit, doors, windows, entry_signs, persons, photos, note } => {
                Command::ReportScene { unit, doors, windows, entry_signs, persons, photos, note }
            }
            Self::UnitLeft { unit } => Command::Leave { unit },
            Self::SceneFalse { cause, second, note } => {
                return Some((Command::SceneFalse { cause: Some(cause), note }, second));
            }
            Self::EndedUndetermined { end, contact, unit, until, check_at, second, note, .. } => {
                return Some((Command::EndUndetermined { end, contact, unit, until, check_at, note }, second));
            }
            Self::ConfirmedReal { basis, note } => Command::ConfirmReal { basis, note },
            Self::Overturned { cause, second, note } => {
                return Some((Command::Overturn { cause: Some(cause), note }, Some(second)));
            }
            Self::OwnerNotified { contact, note } => Command::NotifyOwner { contact, note },
            Self::OwnerArrived {} => Command::OwnerArrived,
            Self::WishRecorded { police, insurer, loss_minor, currency, note } => {
                Command::RecordWish { police, insurer, loss_minor, currency: Some(currency), note }
            }
            Self::HandedOff { to, reference, note, .. } => Command::HandOff { to, reference, note },
            Self::HandOffAccepted { number, reference, note } => {
                Command::AnswerHandOff { number, accepted: true, reference, note }
            }
            Self::HandOffRejected { number, note } => {
                Command::AnswerHandOff { number, accepted: false, reference: None, note }
            }
            Self::ChargeTaken { number, case_number, officer } => Command::TakeCharge { number, officer, case_number },
            Self::HandOffDelivered { number, sequence, note } => Command::ConfirmDelivery { number, sequence, note },
            Self::HandOffFailed { number, sequence, note } => Command::FailDelivery { number, sequence, note },
            // Whoever finds it false asks every machine that has it to cancel, in the same act.
            Self::AuthorityTold { telling: Telling::Cancel, .. }
                if before.is_some_and(Self::is_followed_by_cancels) =>
            {
                return None;
            }
            Self::AuthorityTold { number, telling, contact, second, note, .. } => {
                // A message consists of its text.
                let note = if telling == Telling::Note { needed(&note) } else { note };
                return Some((Command::TellAuthority { number, telling, contact, note }, second));
            }
            Self::AuthorityAnswered { number, answer, standing, reason, outcome, eta_s, reference, message, note } => {
                let (from, unread) = (None, standing == Standing::Unread);
                Command::RecordAnswer { number, answer, from, reason, outcome, eta_s, reference, message, unread, note }
            }
            Self::LossListed { quantity, value_minor, currency, item, evidence } => {
                let item = item.unwrap_or_else(|| TEXT.to_owned());
                Command::ListLoss { item, quantity, value_minor, currency: Some(currency), evidence }
            }
            Self::LossesSigned { signed_by } => Command::SignLosses { signed_by: needed(&signed_by) },
            Self::DispatchRecorded { unit, people, findings, signed_by } => Command::RecordDispatch {
                unit,
                people: needed(&people),
                findings: needed(&findings),
                signed_by: needed(&signed_by),
            },
            Self::CaseRecorded { note } => Command::RecordCase { note: needed(&note) },
            Self::Settled { settlement, note } => Command::Settle { settlement: Some(settlement), note },
            Self::Closed { note, .. } => match before {
                Some(Self::VerifiedFalse { .. } | Self::Settled { .. }) => return None,
                Some(before) if before.is_cancel() => return None,
                _ => Command::Close { note },
            },
            Self::StepTicked { step, note } => Command::TickStep { step, note },
            Self::StepSkipped { step, passed: None, second, note } => {
                return Some((Command::SkipStep { step, note: needed(&note) }, second));
            }
            Self::ContactAnswered { answer, note } => Command::AnswerContact { answer, note },
            Self::Noted { note } => Command::Note { note: note.unwrap_or_else(|| TEXT.to_owned()) },
            // Of these the first waits for its unit, which the next event names; the others follow from what was done.
            Self::PreProcessed { .. }
            | Self::StepSkipped { passed: Some(_), .. }
            | Self::Opened { .. }
            | Self::SignalJoined { .. }
            | Self::Raised { .. }
            | Self::Lowered { .. }
            | Self::OwnerLost { .. }
            | Self::HoldOver {}
            | Self::Escalated { .. }
            | Self::RestoreAwaited { .. }
            | Self::RestoreDue { .. }
            | Self::ActDue { .. }
            | Self::ActOverdue { .. }
            | Self::PoliceResponse { .. }
            | Self::Grouped { .. }
            | Self::Merged { .. }
            | Self::ContactAsked { .. }
            | Self::Interrupted { .. }
            | Self::Queued { .. }
            | Self::Overflowed { .. }
            | Self::Fed { .. }
            | Self::FeedOver { .. }
            | Self::Continued {}
            | Self::OfferExpired { .. }
            | Self::AnswerAwaited { .. }
            | Self::UnitOutOfService { .. }
            | Self::UnitSilent { .. }
            | Self::HandOffUnanswered { .. }
            | Self::HandOffsFollowed { .. }
            | Self::HandOffsLeft {} => return None,
        };
        Some((command, None))
    }

    /// Did the act that recorded this ask to cancel, too, where there was somebody to ask?
    const fn is_followed_by_cancels(&self) -> bool {
        matches!(
            self,
            Self::VerifiedFalse { .. }
                | Self::SceneFalse { .. }
                | Self::Overturned { .. }
                | Self::AuthorityAnswered { .. }
        ) || self.is_cancel()
    }

    const fn is_cancel(&self) -> bool {
        matches!(self, Self::AuthorityTold { telling: Telling::Cancel, .. })
    }
}
