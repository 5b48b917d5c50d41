//! What is sent, the same for every way; `centre outside form` describes it.

use alarmcore::{
    AccountNumber, Authority, AvsChange, AvsLevel, ClosingStage, Dispatch, DispatchState, Effect, FollowUpId, HandOff,
    HandOffState, IncidentEvent, IncidentId, Lang, OverrideEnd, Policy, SignalId, StormEventKind, StormId, Telling,
    Timestamp, UnitId,
};
use opsmodel::store::query::{AccountSheet, ContactRow, IncidentPage, Reader, SignalRow, StormPage, seal};
use opsmodel::store::{StoreError, generation_of};
use serde_json::{Value, json};

use super::dc09;

/// The form of messages and answers in words, for whoever builds the other end.
pub(crate) const FORM_IN_WORDS: &str = include_str!("../../outside-form.txt");

/// The form of the messages; counted up with every change that a reader could stumble over.
const FORM: u32 = 1;
/// How many signals of an incident its hand-off names: the last.
const SIGNALS_MAX: usize = 20;

/// What becomes of an effect that goes a way out.
pub(super) enum Made {
    /// It is sent.
    Send(Value),
    /// What it was about is over: it is not sent at all, for this reason.
    Over(&'static str),
    /// Its time is over, and the desk has not said so, or what is to be instead: it is looked at again.
    Unsaid,
}

/// What is sent for an effect that came to be owed at `at`, under the outbox number `id`.
///
/// # Errors
/// The store could not be read, or does not hold what the effect names.
pub(super) fn made(
    reader: &Reader,
    rules: (&str, &Policy),
    id: &str,
    at: Timestamp,
    effect: &Effect,
    now: Timestamp,
) -> Result<Made, String> {
    match stands(reader, id, at, effect, now).map_err(|error| error.to_string())? {
        Some(made) => Ok(made),
        None => of(reader, rules, id, at, effect).map(Made::Send),
    }
}

/// Why an effect is not sent, or not yet; nothing where it is.
fn stands(
    reader: &Reader,
    id: &str,
    at: Timestamp,
    effect: &Effect,
    now: Timestamp,
) -> Result<Option<Made>, StoreError> {
    let over = |over: bool, why: &'static str| over.then_some(Made::Over(why));
    Ok(match *effect {
        Effect::Offer { incident, unit, .. } => {
            let page = reader.incident(incident)?;
            let dispatch = page.as_ref().and_then(|page| page.incident.dispatches.iter().rfind(this(unit, at)));
            match dispatch {
                Some(offer) if !offer.is_running() => Some(Made::Over("the offer was over before it was sent")),
                Some(offer) if offer.state == DispatchState::Offered && offer.until <= now => Some(Made::Unsaid),
                _ => None,
            }
        }
        Effect::Recall { incident, unit } => {
            over(reader.never_offered(incident, unit, id)?, "its offer was never sent")
        }
        Effect::TellUnit { incident, offer, .. } => {
            let page = reader.incident(incident)?;
            let place = usize::from(offer).checked_sub(1);
            let dispatch = page.as_ref().zip(place).and_then(|(page, place)| page.incident.dispatches.get(place));
            over(!dispatch.is_some_and(Dispatch::is_running), "its unit does not have the job any more")
        }
        Effect::TellAuthority { incident, number, .. } => {
            let page = reader.incident(incident)?;
            let failed = page.is_some_and(|page| {
                let mut hand_offs = page.incident.hand_offs.iter();
                hand_offs.any(|one| one.number == number && one.state() == HandOffState::Failed)
            });
            over(failed, "its hand-off never arrived")
        }
        Effect::AskClosing { account, signal, until } => match reader.late_closing(account, signal)? {
            Some(closing) if closing.stage == ClosingStage::Asked && closing.until == until => {
                (until <= now).then_some(Made::Unsaid)
            }
            _ => Some(Made::Over("the question was over before it was sent")),
        },
        Effect::TestEnding { test, until, .. } => {
            let open = reader.open_tests()?.into_iter().any(|row| row.test == test);
            over(!open || until <= now, "the test is over")
        }
        Effect::LoweringEnding { until, .. } => over(until <= now, "it is over"),
        Effect::FollowUpUndone { follow_up, .. } => {
            over(!reader.open_follow_ups()?.iter().any(|row| row.follow_up == follow_up), "it is done")
        }
        _ => None,
    })
}

/// The offer to a unit that came to be owed then.
fn this(unit: UnitId, at: Timestamp) -> impl Fn(&&Dispatch) -> bool {
    move |dispatch| dispatch.unit == unit && dispatch.offered_at == at
}

/// What is sent for an effect that came to be owed at `at`, under the outbox number `id`.
///
/// # Errors
/// The store could not be read, or does not hold what the effect names.
fn of(
    reader: &Reader,
    (centre, policy): (&str, &Policy),
    id: &str,
    at: Timestamp,
    effect: &Effect,
) -> Result<Value, String> {
    let (incident, number, sequence) = match *effect {
        Effect::HandOff { incident, number, .. } => (incident, number, 1),
        Effect::TellAuthority { incident, number, sequence, .. } => (incident, number, sequence),
        Effect::FirstContact { incident } => return first_contact(reader, envelope(centre, id, at), incident),
        Effect::CallIn { storm } => return call_in(reader, envelope(centre, id, at), storm),
        Effect::Forward { account, signal, .. } => return forwarded(reader, envelope(centre, id, at), account, signal),
        Effect::AskClosing { account, signal, until } => {
            return late_closing(reader, policy, envelope(centre, id, at), (account, signal, until));
        }
        Effect::Escalate { incident, priority, to } => {
            let mut message = envelope(centre, id, at);
            message["kind"] = json!("escalation");
            (message["to"], message["priority"]) = (json!(to), json!(priority));
            return about_incident(reader, message, incident).map(|(message, _)| message);
        }
        Effect::FollowUpUndone { follow_up, to, priority } => {
            let mut message = envelope(centre, id, at);
            (message["to"], message["priority"]) = (json!(to), json!(priority));
            return undone(reader, message, follow_up);
        }
        Effect::Offer { incident, unit, until } => {
            let mut message = envelope(centre, id, at);
            message["kind"] = json!("offer");
            message["unit"] = unit_of(reader, unit)?;
            let (mut message, page) = about_incident(reader, message, incident)?;
            message["signals"] = signals(&page);
            let offer = page.incident.dispatches.iter().rposition(|dispatch| this(unit, at)(&dispatch));
            // Where the centre was away meanwhile, they have longer than was said at first.
            let until = offer.map_or(until, |place| page.incident.dispatches[place].until);
            message["until"] = json!(until.to_string());
            message["offer"] = json!(offer.map(|place| place + 1));
            let note = way_there(&page);
            if note.is_none() && !has_address(&page) {
                return Err("nobody has written down where it is".to_owned());
            }
            message["note"] = json!(note);
            return Ok(message);
        }
        Effect::Recall { incident, unit } => {
            let mut message = envelope(centre, id, at);
            message["kind"] = json!("recall");
            message["unit"] = unit_of(reader, unit)?;
            let (mut message, page) = about_incident(reader, message, incident)?;
            message["offer"] = json!(offer_number(&page, |dispatch| dispatch.unit == unit));
            return Ok(message);
        }
        Effect::TellUnit { incident, unit, offer, version } => {
            let mut message = envelope(centre, id, at);
            (message["kind"], message["unit"]) = (json!("update"), unit_of(reader, unit)?);
            let (mut message, page) = about_incident(reader, message, incident)?;
            let said = page.moments.iter().find(|moment| moment.version == version).map(|moment| &moment.event);
            let (about, note) = match said {
                Some(IncidentEvent::UnitTold { signal, note, .. }) => (*signal, note.as_deref()),
                _ => (None, None),
            };
            let joined = page.signals.iter().find(|row| Some(row.id) == about);
            message["signal"] = json!(joined.map(|row| signal(row, page.account.as_ref())));
            (message["signals"], message["offer"], message["note"]) = (signals(&page), json!(offer), json!(note));
            return Ok(message);
        }
        Effect::TestEnding { test, account, until } => {
            let mut message = envelope(centre, id, at);
            let tests = reader.open_tests().map_err(|error| error.to_string())?;
            let asked_by = tests.into_iter().find(|row| row.test == test).and_then(|row| row.asked_by);
            (message["kind"], message["asked_by"]) = (json!("test-ending"), json!(asked_by));
            return about_account(reader, message, account, until);
        }
        Effect::LoweringEnding { account, number, until } => {
            let mut message = envelope(centre, id, at);
            (message["kind"], message["agreement"]) = (json!("lowering-ending"), json!(number));
            return about_account(reader, message, account, until);
        }
        Effect::OverrideEnding { ref end, .. } => return Ok(override_ending(policy, envelope(centre, id, at), end)),
        Effect::Alert { .. } | Effect::FalseCalls { .. } | Effect::FollowUpDue { .. } => {
            return Err(format!("{id} goes no way out"));
        }
    };
    let page = reader.incident(incident).map_err(|error| error.to_string())?;
    let page = page.ok_or_else(|| format!("there is no incident {incident}"))?;
    let hand_off = page.incident.hand_offs.iter().find(|hand_off| hand_off.number == number);
    let hand_off = hand_off.ok_or_else(|| format!("incident {incident} has no hand-off {number}"))?;
    let mut message = envelope(centre, id, at);
    message["to"] = json!(hand_off.to);
    message["kind"] = json!("hand-off");
    message["incident"] = json!(incident);
    message["number"] = json!(number);
    message["sequence"] = json!(sequence);
    message["reference"] = json!(hand_off.reference);
    message["note"] = Value::Null;
    match effect {
        Effect::TellAuthority { telling, .. } => {
            message["kind"] = json!(telling);
            tell(&mut message, &page, (number, sequence));
        }
        _ => hand_off_itself(&mut message, &page, hand_off),
    }
    if hand_off.to == Authority::Insurer && sequence == 1 {
        let dossier = reader.dossier(incident).map_err(|error| error.to_string())?;
        let sealed = dossier.map(|dossier| seal(&dossier)).transpose().map_err(|error| error.to_string())?;
        message["dossier"] = sealed.unwrap_or_default();
    }
    Ok(message)
}

/// What every message begins with.
fn envelope(centre: &str, id: &str, at: Timestamp) -> Value {
    json!({ "form": FORM, "centre": centre, "generation": generation_of(id), "id": id, "at": at.to_string() })
}

/// The question to a customer whether all is well, with whom it can be put to.
fn first_contact(reader: &Reader, mut message: Value, incident: IncidentId) -> Result<Value, String> {
    let page = reader.incident(incident).map_err(|error| error.to_string())?;
    let page = page.ok_or_else(|| format!("there is no incident {incident}"))?;
    let sheet = page.account.as_ref();
    let person = |row: &ContactRow| json!({ "name": row.name, "phone": row.phone, "role": row.role });
    message["kind"] = json!("first-contact");
    message["incident"] = json!(incident);
    message["alarm"] = alarm(&page, None);
    message["site"] = whereabouts(&page);
    message["contacts"] = sheet.map_or(json!([]), |sheet| sheet.contacts.iter().map(person).collect());
    Ok(message)
}

/// An incident that somebody is told of: what it is and where.
fn about_incident(reader: &Reader, mut message: Value, incident: IncidentId) -> Result<(Value, IncidentPage), String> {
    let page = reader.incident(incident).map_err(|error| error.to_string())?;
    let page = page.ok_or_else(|| format!("there is no incident {incident}"))?;
    message["incident"] = json!(incident);
    message["alarm"] = alarm(&page, None);
    message["site"] = whereabouts(&page);
    Ok((message, page))
}

/// A follow-up that is due and not done: what is to be done, and what was said.
fn undone(reader: &Reader, mut message: Value, follow_up: FollowUpId) -> Result<Value, String> {
    let rows = reader.open_follow_ups().map_err(|error| error.to_string())?;
    let row = rows.into_iter().find(|row| row.follow_up == follow_up);
    let row = row.ok_or_else(|| format!("there is no follow-up {follow_up}"))?;
    message["kind"] = json!("follow-up");
    message["follow_up"] = json!(follow_up);
    message["account"] = json!(row.account);
    message["reason"] = json!(row.reason);
    message["name_en"] = json!(row.reason.map(|reason| reason.label(Lang::En)));
    message["name_zh"] = json!(row.reason.map(|reason| reason.label(Lang::Zh)));
    message["said"] = json!(
        row.said_by.map(|by| json!({ "by": by, "answer": row.answer, "outcome": row.their_outcome, "text": row.said }))
    );
    message["note"] = json!(row.note);
    match row.incident {
        Some(incident) => about_incident(reader, message, incident).map(|(message, _)| message),
        None => Ok(message),
    }
}

/// Protection that comes back: where and when.
fn about_account(
    reader: &Reader,
    mut message: Value,
    account: AccountNumber,
    until: Timestamp,
) -> Result<Value, String> {
    let page = reader.account(account).map_err(|error| error.to_string())?;
    let page = page.ok_or_else(|| format!("there is no account {account}"))?;
    (message["account"], message["until"]) = (json!(account), json!(until.to_string()));
    message["site"] = site(&page.sheet);
    Ok(message)
}

/// An override of the policy that ends: for whom, who answers for it, and what it withholds until then.
fn override_ending(policy: &Policy, mut message: Value, end: &OverrideEnd) -> Value {
    (message["kind"], message["until"]) = (json!("override-ending"), json!(end.until.to_string()));
    message["covers"] = json!(end.whom);
    // It may have been taken out of the policy since.
    let known = policy.overrides.iter().find(|one| one.end().as_ref() == Some(end));
    let withheld = known.map(|one| policy.withheld_by(one)).unwrap_or_default();
    let said = |lang| withheld.iter().map(|one| one.label(lang)).collect::<Vec<_>>();
    message["owner"] = json!(known.and_then(|one| one.owner.as_deref()));
    message["withholds"] = json!({ "en": said(Lang::En), "zh": said(Lang::Zh) });
    message
}

/// Which of the incident's offers the last is that fits, counted from 1: what an answer names.
fn offer_number(page: &IncidentPage, fits: impl Fn(&Dispatch) -> bool) -> Option<usize> {
    page.incident.dispatches.iter().rposition(fits).map(|place| place + 1)
}

/// Which offer an effect is about that came to be owed at `at`: an offer of this moment, or the last one of the unit that is over.
pub(super) fn offer_of(page: &IncidentPage, unit: UnitId, at: Timestamp, recalled: bool) -> Option<u16> {
    let place = match recalled {
        true => offer_number(page, |dispatch| dispatch.unit == unit && !dispatch.is_running()),
        false => offer_number(page, |dispatch| this(unit, at)(&dispatch)),
    };
    u16::try_from(place?).ok()
}

fn unit_of(reader: &Reader, unit: UnitId) -> Result<Value, String> {
    let row = reader.board().map_err(|error| error.to_string())?.into_iter().find(|row| row.unit == unit);
    let row = row.ok_or_else(|| format!("there is no unit {unit}"))?;
    Ok(json!({ "number": unit, "name": row.name, "phone": row.phone }))
}

/// A signal for another centre.
fn forwarded(reader: &Reader, mut message: Value, account: AccountNumber, signal: SignalId) -> Result<Value, String> {
    let row = reader.signal(signal).map_err(|error| error.to_string())?;
    let row = row.ok_or_else(|| format!("there is no signal {signal}"))?;
    message["account"] = json!(account);
    match dc09::content(&row) {
        Ok((token, content)) => (message["token"], message["content"]) = (json!(token), json!(content)),
        Err([en, zh]) => message["unsaid"] = json!({ "en": en, "zh": zh }),
    }
    message["sequence"] = json!(dc09::sequence(signal));
    message["received_s"] = json!(row.received_at.secs());
    message["device_time"] = json!(row.device_time);
    Ok(message)
}

/// The question to those who may say that their site is closed later.
fn late_closing(
    reader: &Reader,
    policy: &Policy,
    mut message: Value,
    (account, signal, until): (AccountNumber, SignalId, Timestamp),
) -> Result<Value, String> {
    let page = reader.account(account).map_err(|error| error.to_string())?;
    let page = page.ok_or_else(|| format!("there is no account {account}"))?;
    let closing = reader.late_closing(account, signal).map_err(|error| error.to_string())?;
    let may = page.sheet.contacts.iter().filter(|row| row.closes_late);
    let person =
        |row: &ContactRow| json!({ "contact": row.contact, "name": row.name, "phone": row.phone, "role": row.role });
    let rules = policy.of(&page.sheet.desk_card(), until).late_close;
    let again = closing.as_ref().is_none_or(|closing| closing.extended < rules.extensions);
    message["kind"] = json!("late-closing");
    message["account"] = json!(account);
    message["signal"] = json!(signal);
    message["group"] = json!(closing.as_ref().and_then(|closing| closing.group));
    message["since"] = json!(closing.map(|closing| closing.since.to_string()));
    message["until"] = json!(until.to_string());
    message["extend_max_minutes"] = json!(if again { rules.extend_max_s / 60 } else { 0 });
    message["site"] = site(&page.sheet);
    message["contacts"] = may.map(person).collect();
    Ok(message)
}

/// The call to the staff that stands by: whoever sends it knows who they are.
fn call_in(reader: &Reader, mut message: Value, storm: StormId) -> Result<Value, String> {
    let page = reader.storm(storm).map_err(|error| error.to_string())?;
    let StormPage { row, moments, .. } = page.ok_or_else(|| format!("there is no storm {storm}"))?;
    let said = moments.into_iter().rev().find(|moment| moment.kind == StormEventKind::CalledIn);
    message["kind"] = json!("call-in");
    message["storm"] = json!(storm);
    message["area"] = json!(row.area);
    message["grouped"] = json!(row.grouped);
    message["until"] = json!(row.until.to_string());
    message["note"] = json!(said.and_then(|moment| moment.note));
    Ok(message)
}

/// What it is about. Of AVS-01 the level that was told by this version of the incident, and what it rested on: every change of the level before
/// this version of the incident.
fn alarm(page: &IncidentPage, told: Option<(AvsLevel, u32)>) -> Value {
    let incident = &page.incident;
    let rests_on = |change: &&AvsChange| told.is_some_and(|(_, version)| change.version < version);
    let change = |change: &AvsChange| {
        json!({
            "at": change.at.to_string(),
            "level": change.level,
            "reason": change.reason,
            "name_en": change.reason.label(Lang::En),
            "name_zh": change.reason.label(Lang::Zh),
        })
    };
    json!({
        "kind": incident.kind,
        "name_en": incident.kind.label(Lang::En),
        "name_zh": incident.kind.label(Lang::Zh),
        "priority": incident.priority,
        "received_at": incident.received_at.to_string(),
        "verdict": incident.verdict,
        "confirmed": incident.confirmed.map(|confirmed| confirmed.reason),
        "duress": incident.is_under_duress(),
        "avs_01": told.map(|(level, _)| level),
        "avs_01_evidence": incident.avs.iter().filter(rests_on).map(change).collect::<Value>(),
    })
}

fn hand_off_itself(message: &mut Value, page: &IncidentPage, hand_off: &HandOff) {
    let said = page.moments.iter().find_map(|moment| match &moment.event {
        IncidentEvent::HandedOff { number, note, avs, .. } if *number == hand_off.number => {
            Some((note.clone(), avs.map(|level| (level, moment.version))))
        }
        _ => None,
    });
    let (note, told) = said.unwrap_or_default();
    message["note"] = json!(note);
    message["alarm"] = alarm(page, told);
    message["site"] = whereabouts(page);
    message["signals"] = signals(page);
}

/// The last signals of an incident.
fn signals(page: &IncidentPage) -> Value {
    let skipped = page.signals.len().saturating_sub(SIGNALS_MAX);
    page.signals[skipped..].iter().map(|row| signal(row, page.account.as_ref())).collect()
}

/// What an authority is told after the hand-off itself.
fn tell(message: &mut Value, page: &IncidentPage, which: (u16, u32)) {
    let told = page.moments.iter().find_map(|moment| match &moment.event {
        IncidentEvent::AuthorityTold { number, sequence, telling, contact, signal, note, .. }
            if (*number, *sequence) == which =>
        {
            Some((moment.version, *telling, *contact, *signal, note.clone()))
        }
        _ => None,
    });
    let Some((version, telling, contact, about, note)) = told else { return };
    if telling == Telling::Level {
        let level = page.incident.avs.iter().rfind(|change| change.version < version).map(|change| change.level);
        message["alarm"] = alarm(page, level.map(|level| (level, version)));
    }
    if telling == Telling::Site {
        message["site"] = whereabouts(page);
    }
    let sheet = page.account.as_ref();
    let known = |row: &&ContactRow| Some(row.contact) == contact;
    message["note"] = json!(note);
    if let Some(one) = sheet.and_then(|sheet| sheet.contacts.iter().find(known)) {
        message["contact"] = json!({ "name": one.name, "phone": one.phone, "role": one.role });
    }
    if let Some(row) = page.signals.iter().find(|row| Some(row.id) == about) {
        message["signal"] = signal(row, sheet);
    }
}

/// Does its card say where it is?
pub(crate) fn has_address(page: &IncidentPage) -> bool {
    page.account.as_ref().is_some_and(|sheet| !sheet.row.address.trim().is_empty())
}

/// What a unit is told of how to get there: what was noted when it was decided to send one; of what has no address, the last note.
pub(crate) fn way_there(page: &IncidentPage) -> Option<String> {
    let is_known = has_address(page);
    let notes = page.moments.iter().rev().filter_map(|moment| match &moment.event {
        IncidentEvent::PreProcessed { note } => note.clone(),
        IncidentEvent::Noted { note } if !is_known => note.clone(),
        _ => None,
    });
    notes.into_iter().find(|note| !note.trim().is_empty())
}

/// Where it is. Of an account without a card only its number is known; of several at once there is no one place.
fn whereabouts(page: &IncidentPage) -> Value {
    let unknown =
        || page.row.account.map(|account| json!({ "account": account, "name": "", "address": "", "phone": "" }));
    page.account.as_ref().map(site).or_else(unknown).unwrap_or_default()
}

fn site(sheet: &AccountSheet) -> Value {
    let row = &sheet.row;
    json!({ "account": row.account, "name": row.name, "address": row.address, "phone": row.phone })
}

fn signal(row: &SignalRow, sheet: Option<&AccountSheet>) -> Value {
    let number = row.number.as_ref().and_then(|number| number.parse::<u32>().ok());
    let named = |sheet: &AccountSheet| sheet.zones.iter().find(|zone| Some(zone.number) == number).cloned();
    json!({
        "received_at": row.received_at.to_string(),
        "code": row.code,
        "qualifier": row.qualifier,
        "group": row.group,
        "number": row.number,
        "zone": sheet.and_then(named).map(|zone| zone.name),
        "name_en": row.name_en,
        "name_zh": row.name_zh,
    })
}
