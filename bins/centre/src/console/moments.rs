//! The time line of an incident: every event in words.

use std::collections::BTreeMap;

use alarmcore::{
    AnswerStanding, ContactId, Currency, Escalated, Incident, IncidentEvent, OperatorId, Plans, TheirAnswer, Timestamp,
    UnitAnswer, UnitId, progress,
};
use opsmodel::crm::OperatorCard;
use opsmodel::store::query::{ContactRow, Moment, UnitRow};

use super::signals::Line;
use super::spelling;
use crate::i18n::Words;

/// A line of the time line.
pub(super) struct Entry {
    pub(super) at: Timestamp,
    pub(super) by: Option<String>,
    pub(super) what: String,
    /// Facts and free text, as far as there are any.
    pub(super) more: Vec<String>,
    /// `mark`, `good`, `bad` or nothing.
    pub(super) tone: &'static str,
}

/// What events name by number, by name.
pub(super) struct Names<'a> {
    pub(super) w: &'a Words,
    pub(super) incident: &'a Incident,
    /// The people of the account's card.
    pub(super) contacts: &'a [ContactRow],
    /// Those of whom the card said something else when an event named them, by its journal entry.
    pub(super) named_later: Option<&'a BTreeMap<u64, ContactRow>>,
    pub(super) units: &'a [UnitRow],
    pub(super) signals: &'a [Line],
    pub(super) plans: &'a Plans,
    pub(super) people: &'a [OperatorCard],
}

impl Names<'_> {
    pub(super) fn unit(&self, unit: UnitId) -> String {
        let known = self.units.iter().find(|row| row.unit == unit);
        known.map_or_else(|| self.w.n("unit-n", unit.get()), |row| row.name.clone())
    }

    fn contact(&self, contact: ContactId, seq: u64) -> String {
        let later = self.named_later.and_then(|later| later.get(&seq));
        let known = later.or_else(|| self.contacts.iter().find(|row| row.contact == contact));
        known.map_or_else(|| self.w.n("contact-n", contact.get()), |row| row.name.clone())
    }

    fn operator(&self, operator: OperatorId) -> String {
        let known = self.people.iter().find(|card| card.id == operator);
        known.map_or_else(|| operator.to_string(), |card| card.name.clone())
    }

    /// What a step of the incident's plan asks for; its word where the plan has gone.
    fn step(&self, id: &str) -> String {
        let found = progress(self.incident, self.plans);
        let step = found.and_then(|found| found.plan.steps.iter().find(|step| step.id == id));
        step.map_or(id, |step| step.label(self.w.lang)).to_owned()
    }

    fn authority(&self, number: u16) -> String {
        let known = self.incident.hand_offs.iter().find(|hand_off| hand_off.number == number);
        known.map_or_else(String::new, |hand_off| hand_off.to.label(self.w.lang).to_owned())
    }

    /// A step of the chain that nobody has answered: who was called, and what was missing for how long.
    pub(super) fn escalated(&self, step: &Escalated) -> String {
        let lang = self.w.lang;
        let (to, missing) = (step.to.label(lang), step.missing.label(lang));
        format!("{to} · {missing} {}", self.w.n("seconds-n", step.after_s))
    }

    fn yes_no(&self, label: &str, yes: bool) -> String {
        format!("{}: {}", self.w.t(label), self.w.t(if yes { "yes" } else { "no" }))
    }

    fn field(&self, label: &str, text: &Option<String>) -> Option<String> {
        text.as_ref().map(|text| format!("{}: {text}", self.w.t(label)))
    }

    /// The event in words.
    pub(super) fn entry(&self, moment: &Moment) -> Entry {
        let mut event = moment.event.clone();
        let note = event.take_text().and_then(|text| text.0.get("note").cloned());
        let mut more = self.facts(moment);
        more.extend(note);
        Entry {
            at: moment.at,
            by: moment.by_name.clone().or_else(|| match moment.by {
                Some(OperatorId::OUTSIDE) => Some(self.w.t("outside")),
                by => by.map(|by| by.to_string()),
            }),
            what: moment.event.label(self.w.lang).to_owned(),
            more,
            tone: tone(&moment.event),
        }
    }

    fn facts(&self, moment: &Moment) -> Vec<String> {
        use IncidentEvent as E;
        let lang = self.w.lang;
        let signal = |id| self.signals.iter().find(|line| line.id == id).map(Line::in_words);
        match &moment.event {
            E::Opened { evidence, rule, .. } | E::SignalJoined { evidence, rule } => {
                let user = evidence.user.map(|user| self.w.user(user, moment.user_name.as_deref()));
                let from = evidence.source.map(|source| self.w.n("from-source", source));
                let told = signal(evidence.signal).into_iter().chain([rule.label(lang).to_owned()]);
                told.chain(user).chain(from).collect()
            }
            E::Raised { reason, kind, priority, .. } => {
                vec![reason.label(lang).to_owned(), format!("{} P{priority}", kind.label(lang))]
            }
            E::Lowered { priority } => vec![format!("P{priority}")],
            E::OwnerLost { reason, .. } => vec![reason.label(lang).to_owned()],
            E::PutOnHold { reason, minutes, .. } => {
                vec![reason.label(lang).to_owned(), self.w.n("minutes-n", minutes)]
            }
            E::Escalated { to, missing, after_s, policy } => vec![
                to.label(lang).to_owned(),
                format!("{} {}", missing.label(lang), self.w.n("seconds-n", after_s)),
                self.w.n("policy-n", policy),
            ],
            E::Called { contact, result, again_at, .. } => {
                [self.contact(*contact, moment.seq), result.label(lang).to_owned()]
                    .into_iter()
                    .chain(again_at.map(|at| self.w.n("call-again-at", spelling::moment(at, self.incident.opened_at))))
                    .collect()
            }
            E::Observed { source, saw, .. } => {
                vec![source.label(lang).to_owned(), saw.label(lang).to_owned()]
            }
            E::LevelSet { level, .. } => vec![format!("AVS-01: {level} {}", level.label(lang))],
            E::VerifiedFalse { cause, .. } | E::SceneFalse { cause, .. } | E::Overturned { cause, .. } => {
                vec![cause.label(lang).to_owned()]
            }
            E::UnitOffered { unit, choice, .. } => {
                let mut told = vec![self.unit(*unit)];
                if let Some(choice) = choice {
                    told.push(choice.by.label(lang).to_owned());
                    told.extend((!choice.skills.is_empty()).then(|| choice.skills.join(", ")));
                    let costs = choice.order.iter().map(|one| format!("{}: {}", self.unit(one.unit), one.label(lang)));
                    told.extend(costs);
                    told.push(self.w.n("policy-n", choice.policy));
                }
                told
            }
            E::UnitAccepted { unit }
            | E::UnitDeclined { unit, .. }
            | E::OfferExpired { unit }
            | E::UnitOutOfService { unit }
            | E::UnitSilent { unit }
            | E::UnitWithdrawn { unit, .. }
            | E::UnitDeparted { unit }
            | E::UnitArrived { unit }
            | E::UnitLeft { unit } => vec![self.unit(*unit)],
            E::AnswerAwaited { unit, number, until } => {
                let whose = unit.map(|unit| self.unit(unit)).or(number.map(|number| self.authority(number)));
                let until = self.w.n("offer-until", spelling::moment(*until, self.incident.opened_at));
                whose.into_iter().chain([until]).collect()
            }
            E::OfferFailed { unit, offer, .. }
            | E::RecallFailed { unit, offer, .. }
            | E::OfferDelivered { unit, offer }
            | E::UnitTold { unit, offer, .. }
            | E::UnitUntold { unit, offer, .. } => {
                vec![self.unit(*unit), self.w.n("offer-n", offer)]
            }
            E::UnitAnswered { unit, offer, answer, message, .. } => vec![
                self.unit(*unit),
                answer.label(lang).to_owned(),
                self.w.n("offer-n", offer),
                self.w.n("message-n", message),
            ],
            E::SceneReported { unit, doors, windows, entry_signs, persons, photos, .. } => vec![
                self.unit(*unit),
                format!("{}: {}", self.w.t("scene-doors"), doors.label(lang)),
                format!("{}: {}", self.w.t("scene-windows"), windows.label(lang)),
                self.yes_no("scene-entry", *entry_signs),
                format!("{}: {persons}", self.w.t("scene-persons")),
            ]
            .into_iter()
            .chain((!photos.is_empty()).then(|| format!("{}: {}", self.w.t("scene-photos"), photos.join(" · "))))
            .collect(),
            E::ConfirmedReal { basis, .. } => vec![basis.label(lang).to_owned()],
            E::OwnerNotified { contact, .. } => vec![self.contact(*contact, moment.seq)],
            E::WishRecorded { police, insurer, loss_minor, currency, .. } => {
                let wishes = [self.yes_no("wish-police", *police), self.yes_no("wish-insurer", *insurer)];
                let loss = loss_minor.map(|minor| format!("{}: {}", self.w.t("wish-loss"), money(minor, *currency)));
                wishes.into_iter().chain(loss).collect()
            }
            E::HandedOff { to, reference, avs, .. } => [to.label(lang).to_owned()]
                .into_iter()
                .chain(self.field("reference", reference))
                .chain(avs.map(|level| format!("AVS-01: {level} {}", level.label(lang))))
                .collect(),
            E::HandOffAccepted { number, reference, .. } => {
                [self.authority(*number)].into_iter().chain(self.field("reference", reference)).collect()
            }
            E::HandOffRejected { number, .. } => vec![self.authority(*number)],
            E::HandOffDelivered { number, sequence, .. } | E::HandOffFailed { number, sequence, .. } => {
                vec![self.authority(*number), self.w.n("message-n", sequence)]
            }
            E::HandOffUnanswered { number } => vec![self.authority(*number)],
            E::AuthorityTold { number, sequence, telling, contact, signal: about, .. } => {
                [self.authority(*number), telling.label(lang).to_owned(), self.w.n("message-n", sequence)]
                    .into_iter()
                    .chain(contact.map(|contact| self.contact(contact, moment.seq)))
                    .chain(about.and_then(signal))
                    .collect()
            }
            E::AuthorityAnswered { number, answer, standing, reason, outcome, eta_s, reference, .. } => {
                // What cannot be read has no word of its own.
                let word = (*standing != AnswerStanding::Unread).then(|| answer.label(lang).to_owned());
                [self.authority(*number)]
                    .into_iter()
                    .chain(word)
                    .chain(reason.map(|reason| reason.label(lang).to_owned()))
                    .chain(outcome.map(|outcome| outcome.label(lang).to_owned()))
                    .chain(eta_s.map(|seconds| self.w.n("eta-minutes", seconds.div_ceil(60))))
                    .chain(self.field("reference", reference))
                    .chain((*standing != AnswerStanding::Taken).then(|| standing.label(lang).to_owned()))
                    .collect()
            }
            E::ChargeTaken { number, case_number, officer } => [self.authority(*number)]
                .into_iter()
                .chain(self.field("officer", officer))
                .chain(self.field("case-number", case_number))
                .collect(),
            E::LossListed { quantity, value_minor, currency, item, evidence } => item
                .clone()
                .into_iter()
                .chain([format!("× {quantity}"), money(*value_minor, *currency)])
                .chain(evidence.clone())
                .collect(),
            E::LossesSigned { signed_by } => self.field("signed-by", signed_by).into_iter().collect(),
            E::DispatchRecorded { unit, people, findings, signed_by } => [self.unit(*unit)]
                .into_iter()
                .chain(self.field("record-people", people))
                .chain(self.field("record-findings", findings))
                .chain(self.field("signed-by", signed_by))
                .collect(),
            E::Settled { settlement, .. } => vec![settlement.label(lang).to_owned()],
            E::Closed { resolution, .. } => vec![resolution.label(lang).to_owned()],
            E::EndedUndetermined { end, contact, unit, until, check_at, number, .. } => [end.label(lang).to_owned()]
                .into_iter()
                .chain(contact.map(|contact| self.contact(contact, moment.seq)))
                .chain(unit.map(|unit| self.unit(unit)))
                .chain(until.map(|until| self.w.n("guard-until", spelling::moment(until, self.incident.opened_at))))
                .chain(
                    check_at.map(|check| self.w.n("guard-check-at", spelling::moment(check, self.incident.opened_at))),
                )
                .chain(number.map(|number| self.authority(number)))
                .collect(),
            E::StepTicked { step, .. } => vec![self.step(step)],
            E::StepSkipped { step, passed, .. } => {
                [self.step(step)].into_iter().chain(passed.map(|act| self.w.n("passed-by", act.label(lang)))).collect()
            }
            E::ActDue { clause, act, to, .. } => {
                let to = to.map(|to| to.label(lang).to_owned());
                [clause.to_string(), act.label(lang).to_owned()].into_iter().chain(to).collect()
            }
            E::ActOverdue { clause } => vec![clause.to_string()],
            E::PoliceResponse { withdrawn } => match withdrawn {
                Some(clause) => vec![self.w.t("police-withdrawn"), clause.to_string()],
                None => vec![self.w.t("police-come")],
            },
            E::Grouped { storm } | E::ContactAsked { storm } => vec![self.w.n("storm-n", storm)],
            E::Merged { into, storm } => vec![format!("#{into}"), self.w.n("storm-n", storm)],
            E::ContactAnswered { answer, .. } => vec![answer.label(lang).to_owned()],
            E::Interrupted { first } => vec![format!("#{first}")],
            E::Queued { queue, exclusive, skills, language, policy } => {
                let name = queue.as_deref().map_or_else(|| self.w.t("queue-everybody"), str::to_owned);
                let words =
                    skills.iter().map(|skill| skill.to_string()).chain(language.iter().map(|name| name.to_string()));
                [name]
                    .into_iter()
                    .chain(exclusive.then(|| self.w.t("queue-exclusive")))
                    .chain(words)
                    .chain([self.w.n("policy-n", policy)])
                    .collect()
            }
            E::Overflowed { reason } => vec![reason.label(lang).to_owned()],
            E::Fed { to, until, policy } => vec![
                self.operator(*to),
                self.w.n("offer-until", spelling::moment(*until, self.incident.opened_at)),
                self.w.n("policy-n", policy),
            ],
            E::FeedOver { to, reason } => vec![self.operator(*to), reason.label(lang).to_owned()],
            E::RestoreDue { follow_up } => follow_up.iter().map(|incident| format!("#{incident}")).collect(),
            E::RestoreAwaited { .. }
            | E::HandOffsFollowed { .. }
            | E::HandOffsLeft { .. }
            | E::Continued {}
            | E::Taken { .. }
            | E::TakenOver { .. }
            | E::Released { .. }
            | E::HoldOver { .. }
            | E::Resumed { .. }
            | E::PreProcessed { .. }
            | E::OwnerArrived { .. }
            | E::CaseRecorded { .. }
            | E::Noted { .. } => Vec::new(),
        }
    }
}

fn tone(event: &IncidentEvent) -> &'static str {
    use IncidentEvent as E;
    match event {
        E::Opened { .. }
        | E::Raised { .. }
        | E::OwnerLost { .. }
        | E::Escalated { .. }
        | E::ConfirmedReal { .. }
        | E::HandOffRejected { .. }
        | E::ActOverdue { .. }
        | E::HandOffFailed { .. }
        | E::HandOffUnanswered { .. }
        | E::AuthorityAnswered { answer: TheirAnswer::Rejected | TheirAnswer::CancelRefused, .. }
        | E::AuthorityAnswered { standing: AnswerStanding::Unread, .. }
        | E::UnitAnswered { answer: UnitAnswer::Declined | UnitAnswer::Help, .. }
        | E::OfferExpired { .. }
        | E::OfferFailed { .. }
        | E::RecallFailed { .. }
        | E::UnitUntold { .. }
        | E::UnitOutOfService { .. }
        | E::UnitSilent { .. }
        | E::Interrupted { .. } => "bad",
        E::Taken { .. }
        | E::ActDue { .. }
        | E::PoliceResponse { .. }
        | E::TakenOver { .. }
        | E::PreProcessed { .. }
        | E::UnitArrived { .. }
        | E::UnitAnswered { answer: UnitAnswer::OnSite, .. }
        | E::AuthorityTold { .. }
        | E::UnitTold { .. }
        | E::HandedOff { .. } => "mark",
        E::VerifiedFalse { .. }
        | E::SceneFalse { .. }
        | E::Closed { .. }
        | E::Settled { .. }
        | E::AuthorityAnswered { standing: AnswerStanding::Taken, .. }
        | E::HandOffAccepted { .. } => "good",
        _ => "",
    }
}

/// An amount as people write it: `¥ 1,280.50`.
pub(super) fn money(minor: i64, currency: Currency) -> String {
    let (sign, minor) = if minor < 0 { ("-", minor.unsigned_abs()) } else { ("", minor.unsigned_abs()) };
    let whole = (minor / 100).to_string();
    let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    let unit = if currency == Currency::CNY { "¥" } else { currency.as_str() };
    format!("{sign}{unit} {}.{:02}", groups.join(","), minor % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped() {
        assert_eq!(money(128_050, Currency::CNY), "¥ 1,280.50");
        assert_eq!(money(-5, Currency::CNY), "-¥ 0.05");
        assert_eq!(money(1_234_567_800, "EUR".parse().unwrap()), "EUR 12,345,678.00");
    }
}
