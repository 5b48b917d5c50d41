//! The incident page: it leads through the branches, and takes the acts.

use alarmcore::{
    AvsLevel, Call, ClipKind, ContactAnswer, ContactId, Family, Incident, IncidentId, Refusal, StormId, Timestamp,
    calls_missing,
};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use contactid::AccountNumber;
use opsmodel::crm::{AccountCard, Standing, call_list, dead_numbers};
use opsmodel::store::query::{AccountSheet, ClipRow};

use super::course::Course;
use super::frame::{Frame, Visit, show};
use super::moments::{Entry, Names};
use super::offers::{Offers, Viewer, in_words};
use super::oops::{self, Oops};
use super::plan::Checklist;
use super::queue::Ticket;
use super::sent::{At, Sent};
use super::signals::{Line, rule_label};
use super::standing::State as Board;
use crate::acts;
use crate::problem::Problem;
use crate::state::App;

#[derive(Template)]
#[template(path = "incident.html")]
struct Page {
    f: Frame,
    id: IncidentId,
    t: Ticket,
    account: Option<AccountNumber>,
    sheet: Option<AccountSheet>,
    standing: Option<Board>,
    contacts: Vec<Contact>,
    course: Course,
    received_at: Timestamp,
    /// Where the response clock stopped: at the closing and never before.
    until: Option<Timestamp>,
    /// Until when it is expected to be in hand, in words; nothing where nobody has it.
    in_hand: Option<String>,
    /// Why this is an incident at all, by which version of the rules.
    rule: String,
    policy: u32,
    cancelled: Option<Timestamp>,
    /// What confirmed the intrusion, in words.
    confirmed: Option<&'static str>,
    duress: bool,
    /// The clause by which the police do not come to this account.
    withdrawn: Option<String>,
    /// The level of AVS-01 and what it means, and how it came to be so; nothing where the centre does not use it.
    avs: Option<(u8, &'static str)>,
    avs_changes: Vec<String>,
    levels: Vec<(u8, &'static str)>,
    /// What must be tried before the police are asked for.
    calls_missing: Option<String>,
    /// The storm of which it stands for everything of its kind.
    group_of: Option<StormId>,
    /// The customer was asked by machine: the plan is shorter by it. With the answer, once it came.
    asked: bool,
    answered: Option<&'static str>,
    answers: Vec<(&'static str, &'static str)>,
    /// The incident of life safety that comes first.
    interrupted: Option<IncidentId>,
    resolution: Option<String>,
    /// Until when it is on hold, and why; and for how long it was on hold before.
    hold: Option<(Timestamp, &'static str)>,
    held_s: u32,
    /// Who was called because nobody acted: the steps of the chain, in words.
    escalated: Vec<String>,
    lines: Vec<Line>,
    entries: Vec<Entry>,
    /// With what each is, in words.
    clips: Vec<(ClipRow, &'static str)>,
    /// The media types of the files that are taken.
    media: String,
    offers: Offers,
    /// The units that have a job, and when each is expected to be free again.
    busy: Vec<(String, String)>,
    plan: Option<Checklist>,
    refused: Option<String>,
}

/// Somebody on the call list, with how the calls of this incident went.
struct Contact {
    id: u32,
    name: String,
    phone: String,
    role: String,
    has_codeword: bool,
    /// Which number of the card; 0 for one that has no digits.
    number: u32,
    /// It is the one to call now.
    next: bool,
    /// The key for a call opens this one.
    key: bool,
    /// Why it is not called, in words.
    why: String,
    tried: Vec<String>,
}

/// The call list of an incident as its page shows it.
fn called(
    card: &AccountCard,
    all: &[(IncidentId, Call)],
    incident: &Incident,
    now: Timestamp,
    f: &Frame,
) -> Vec<Contact> {
    let before = all.iter().filter(|(id, call)| *id < incident.id && call.contact != ContactId::SITE);
    let last = before.clone().map(|(id, _)| *id).max();
    let began = before.clone().find(|(id, _)| Some(*id) == last).map(|(_, call)| call.contact);
    let urgent = incident.kind.family() == Family::LifeSafety;
    let turns = call_list(card, &incident.calls, &dead_numbers(card, all), began, now, urgent);
    let over = incident.closed_at.is_some();
    let person = |id: ContactId| card.contacts.iter().find(|one| one.id == id);
    let mut contacts: Vec<Contact> = turns
        .iter()
        .map(|turn| Contact {
            id: turn.contact.get(),
            name: person(turn.contact).map_or_else(|| f.w.t("call-site"), |one| one.name.clone()),
            phone: turn.phone.clone(),
            role: person(turn.contact).map(|one| one.role.clone()).unwrap_or_default(),
            has_codeword: person(turn.contact).is_some_and(|one| one.codeword.is_some()),
            number: turn.number.get(),
            next: turn.standing == Standing::Next && !over,
            key: turn.standing == Standing::Next,
            why: match turn.standing {
                Standing::Next if over => String::new(),
                Standing::Next => f.w.t("call-next"),
                Standing::Later | Standing::Tried(..) => String::new(),
                Standing::Unavailable(Some(until)) => f.w.n("call-not-before", f.moment(&until)),
                Standing::Again(_, at) => f.w.n("call-again-at", f.moment(&at)),
                Standing::Unavailable(None) => f.w.t("call-never"),
                Standing::Dead(since) => f.w.n("call-dead", f.moment(&since)),
            },
            tried: incident
                .calls
                .iter()
                .filter(|call| {
                    call.number == Some(turn.number) || call.number.is_none() && call.contact == turn.contact
                })
                .map(|call| format!("{} {} {}", f.time(&call.at), call.result.code(), call.result.label(f.w.lang)))
                .collect(),
        })
        .collect();
    // Somebody without a number is still somebody to ask for.
    for one in card.contacts.iter().filter(|one| turns.iter().all(|turn| turn.contact != one.id)) {
        let (name, phone, role) = (one.name.clone(), one.phone.clone(), one.role.clone());
        let (has_codeword, why) = (one.codeword.is_some(), String::new());
        let id = one.id.get();
        contacts.push(Contact {
            id,
            name,
            phone,
            role,
            has_codeword,
            number: 0,
            next: false,
            key: false,
            why,
            tried: Vec::new(),
        });
    }
    if contacts.iter().all(|contact| !contact.key)
        && let Some(first) = contacts.first_mut()
    {
        first.key = true;
    }
    contacts
}

/// One incident.
pub(super) async fn page(State(app): State<App>, visit: Visit, At(incident): At<IncidentId>) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, incident, None).await?))
}

/// An act on it, as a form.
pub(super) async fn act(At(incident): At<IncidentId>, sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| acts::submit(&sent.app, sent.session(), sent.address, incident, ask).await;
    let again = async |problem, visit: &Visit| build(&sent.app, visit, incident, Some(problem)).await;
    sent.answer(sent.does(act).await, &format!("/incidents/{incident}"), again).await
}

fn missing(visit: &Visit) -> Oops {
    visit.oops(Problem::not_found("incident", "警情"))
}

async fn build(app: &App, visit: &Visit, id: IncidentId, refused: Option<Problem>) -> Result<Page, Oops> {
    let measured = app.measured().await.map_err(|problem| visit.oops(problem))?;
    let found = app.query_for(&visit.session, move |reader, kept| {
        let page = reader.incident(id)?;
        let then = page.as_ref().map(|page| reader.plan_as_it_was(&page.incident)).transpose()?.flatten();
        Ok((page, then, kept.board(reader.board()?), reader.outgoing_of(id)?, reader.operators()?))
    });
    let (found, then, mut units, owed, people) = found.await.map_err(|problem| visit.oops(problem))?;
    let page = found.ok_or_else(|| missing(visit))?;
    measured.predict(&mut units);
    let f = visit.frame(app, "queue").await?;
    let zones = page.account.as_ref().map(|sheet| sheet.zones.clone()).unwrap_or_default();
    let lines: Vec<Line> = page.signals.into_iter().map(|row| Line::with_zones(row, &zones, f.w)).collect();
    let plans = then.as_ref().unwrap_or(app.settings.policy.plans.as_ref());
    let (w, incident, sheet) = (f.w, &page.incident, page.account.as_ref());
    let contacts = sheet.map_or(&[][..], |sheet| &sheet.contacts);
    let (units, people) = (&units, &people);
    let names = Names { w, incident, contacts, named_later: None, units, signals: &lines, plans, people };
    let policy = app.rules_of(sheet, Timestamp::from_millis(f.now));
    let viewer = Viewer {
        operator: visit.session.operator,
        supervisor: visit.session.role.is_supervisor(),
        policy: &policy,
        now: Timestamp::from_millis(f.now),
    };
    let offers = viewer.offers(&page.incident, units, &owed, &names);
    let plan = viewer.checklist(&page.incident, plans, &page.moments, f.w);
    let entries = page.moments.iter().map(|moment| names.entry(moment)).collect();
    let refused = refused.map(|problem| refusal(problem, &names, visit));
    let of = page.incident.account;
    let known = app.query(move |reader| match of {
        Some(account) => Ok((reader.account_card(account)?, reader.calls_of(account)?)),
        None => Ok((None, Vec::new())),
    });
    let (card, calls) = known.await.map_err(|problem| visit.oops(problem))?;
    let data = app.settings.data.clone();
    let clips = app.query(move |reader| reader.clips(&data, id)).await.map_err(|problem| visit.oops(problem))?;
    let with_kind = |clip: ClipRow| {
        let kind = clip.kind.label(f.w.lang);
        (clip, kind)
    };
    let now = Timestamp::from_millis(f.now);
    let contacts = card.map(|card| called(&card, &calls, &page.incident, now, &f)).unwrap_or_default();
    let level = page.incident.avs_level();
    let avs = policy.avs.enabled && page.incident.kind.family() != Family::Service;
    Ok(Page {
        id,
        account: page.incident.account,
        standing: page.account.as_ref().map(|sheet| Board::of(sheet, &f)),
        contacts,
        course: Course::of(&page.incident, f.w),
        received_at: page.incident.received_at,
        until: page.incident.closed_at,
        in_hand: measured.in_hand_until(&page.incident).map(|until| f.expected(&until)),
        rule: rule_label(page.incident.rule.as_str(), f.w),
        policy: page.incident.policy,
        cancelled: page.incident.cancelled.map(|cancelled| cancelled.at),
        confirmed: page.incident.confirmed.map(|confirmed| confirmed.reason.label(f.w.lang)),
        duress: page.incident.is_under_duress(),
        withdrawn: page.incident.is_refused_police(&policy).map(ToString::to_string),
        avs: avs.then(|| (level.get(), level.label(f.w.lang))),
        avs_changes: page
            .incident
            .avs
            .iter()
            .map(|change| format!("{} {} · {}", f.time(&change.at), change.level, change.reason.label(f.w.lang)))
            .collect(),
        levels: AvsLevel::ALL.iter().map(|level| (level.get(), level.label(f.w.lang))).collect(),
        calls_missing: calls_missing(&page.incident, &policy).map(|missing| missing.label(f.w.lang)),
        group_of: page.incident.storm,
        asked: page.incident.first_contact.is_some(),
        answered: page.incident.first_contact.and_then(|contact| contact.answer).map(|answer| answer.label(f.w.lang)),
        answers: ContactAnswer::ALL.iter().map(|answer| (answer.as_str(), answer.label(f.w.lang))).collect(),
        interrupted: page.incident.interrupted,
        resolution: page.incident.resolution.map(|resolution| resolution.label(f.w.lang).to_owned()),
        hold: page.incident.hold.map(|hold| (hold.until, hold.reason.label(f.w.lang))),
        held_s: u32::try_from(page.incident.held_ms / 1000).unwrap_or(u32::MAX),
        escalated: page.incident.escalated.iter().map(|step| names.escalated(step)).collect(),
        lines,
        entries,
        clips: clips.into_iter().map(with_kind).collect(),
        media: ClipKind::MEDIA.map(|(media, ..)| media).join(","),
        offers,
        busy: f.busy(units),
        plan,
        refused,
        sheet: page.account,
        t: Ticket::of(page.row, app.settings.policy.ageing, &f),
        f,
    })
}

/// The desk's refusals name units as people know them; other problems speak for themselves, and so does what says how a word was.
fn refusal(problem: Problem, names: &Names<'_>, visit: &Visit) -> String {
    match serde_json::from_value::<Refusal>(problem.particulars.clone()) {
        Ok(refusal) if problem.particulars.get("result").is_none() => in_words(&refusal, names),
        _ => oops::text(problem, visit.session.lang),
    }
}
