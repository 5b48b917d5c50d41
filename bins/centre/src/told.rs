//! An alarm that a person tells of: on the telephone, at the counter, by a guard's radio. It becomes a signal of the account and goes the
//! way of every signal; who told of it, and in which words, is a note of its incident, so that names can be erased.

use std::time::Duration;

use alarmcore::{AccountNumber, Command, ContactId, Handling, IncidentId, Report, SignalId, Told};
use contactid::{Code, EventCode, Lang};
use opsmodel::crm::AccountCard;
use opsmodel::store::query::{Fate, SignalRow};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::auth::Session;
use crate::desk::{Act, now};
use crate::misread::read;
use crate::problem::Problem;
use crate::spoken::refuse_word;
use crate::state::App;

/// How often it is looked whether the desk has decided.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// For how long whoever entered it waits for that.
const DECIDED_WITHIN: Duration = Duration::from_secs(10);
/// The most signs of who told of it and of what they said, each.
const WORDS: usize = 2000;
/// The highest zone that a code can stand beside.
const ZONES: u32 = 9999;

/// What somebody writes down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    /// A code of Contact ID: `110`.
    code: String,
    zone: Option<u32>,
    told: Option<Told>,
    /// Who of the call list told of it.
    contact: Option<ContactId>,
    /// Who else did, and under which number.
    caller: Option<String>,
    note: Option<String>,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Entered {
    pub(crate) signal: SignalId,
    /// What the desk decided; `pending` where it has not yet.
    outcome: Fate,
    rule: Option<String>,
    pub(crate) incident: Option<IncidentId>,
}

/// Enters what `ask` says as a signal of the account.
///
/// # Errors
/// 404 for an account or a contact that there is not, 422 for what is no alarm, is only logged for this account, or names nobody who told
/// of it; 503 when it cannot be stored: then nothing is entered. 409 where it is entered, and the desk does not take the note.
pub(crate) async fn submit(
    app: &App,
    session: &Session,
    account: AccountNumber,
    ask: Map<String, Value>,
) -> Result<Entered, Problem> {
    refuse_word(app, session, Some(account), &ask).await?;
    let ask: Ask = read(Value::Object(ask))?;
    let card = app.query(move |reader| reader.account_card(account)).await?;
    let card = card.filter(|card| card.closed_at.is_none()).ok_or_else(|| Problem::not_found("account", "用户"))?;
    let named = |contact| {
        let known = card.contacts.iter().find(|known| known.id == contact);
        known.map(|known| known.name.clone()).ok_or_else(|| Problem::not_found("contact", "联系人"))
    };
    let contact = ask.contact.map(named).transpose()?;
    let report = report(app, &card, &ask)?;
    let note = note(&ask, contact, session.lang)?;
    let signal = app.report(report, format!("operator-{}", session.operator)).await?;
    // Whoever asks may go: the note is written all the same.
    let noting = tokio::spawn(noted(app.clone(), session.clone(), signal, note));
    match tokio::time::timeout(DECIDED_WITHIN, noting).await {
        Ok(Ok(entered)) => entered,
        Ok(Err(_)) | Err(_) => Ok(Entered { signal, outcome: Fate::Pending, rule: None, incident: None }),
    }
}

/// The report, if this can be reported and somebody would see it.
fn report(app: &App, card: &AccountCard, ask: &Ask) -> Result<Report, Problem> {
    let digits = Some(ask.code.trim()).filter(|code| code.len() == 3).and_then(|code| code.parse().ok());
    let code = digits.and_then(EventCode::new).ok_or_else(|| {
        Problem::invalid(
            "code: three digits of Contact ID are expected, such as 110",
            "code 应为三位 Contact ID 代码，如 110",
        )
    })?;
    if ask.zone.is_some_and(|zone| zone == 0 || zone > ZONES) {
        return Err(Problem::invalid(format!("zone: 1 to {ZONES}"), &format!("防区应为 1 至 {ZONES}")));
    }
    let (told, at) = (ask.told.unwrap_or(Told::Telephone), now());
    let of = ask.contact.map(|contact| format!(", contact {contact}")).unwrap_or_default();
    let text = format!("{} / {}{of}", told.label(Lang::En).to_lowercase(), told.label(Lang::Zh));
    let report = Report::told_by_person(at, card.account, (code, ask.zone), text)
        .map_err(|wrong| Problem::invalid_as(|lang| format!("code: {}", wrong.label(lang))))?;
    let policy = app.settings.policy.of(&card.desk_card(), at);
    let logged = report.signal.as_ref().is_some_and(|signal| policy.handling(signal).0 == Handling::Log {});
    if logged {
        let (en, zh) = (Code::Cid(code).class().label(Lang::En), Code::Cid(code).class().label(Lang::Zh));
        return Err(Problem::invalid(
            format!(
                "code: the rules in force for this account only log {code} ({en}), and nobody would see it: enter another one"
            ),
            &format!("现行规则对该用户的 {code}（{zh}）只记录、不显示，未登记：请选择其他代码"),
        ));
    }
    Ok(report)
}

/// Who told of it, how, and in which words.
fn note(ask: &Ask, contact: Option<String>, lang: Lang) -> Result<String, Problem> {
    let written = |field: &'static str, zh: &str, text: &Option<String>| match text.as_deref().map(str::trim) {
        Some(text) if text.chars().count() > WORDS => {
            Err(Problem::invalid(format!("{field}: at most {WORDS} signs"), &format!("{zh}最多 {WORDS} 字")))
        }
        text => Ok(text.filter(|text| !text.is_empty()).map(str::to_owned)),
    };
    let (caller, said) = (written("caller", "报告人", &ask.caller)?, written("note", "备注", &ask.note)?);
    let who: Vec<String> = contact.into_iter().chain(caller).collect();
    if who.is_empty() {
        return Err(Problem::invalid(
            "caller: say who told of it, as `caller` or as `contact` of the call list",
            "请填写报告人（caller），或选择联系人（contact）",
        ));
    }
    let told = ask.told.unwrap_or(Told::Telephone).label(lang);
    let said = said.map(|said| format!("; {said}")).unwrap_or_default();
    Ok(format!("{told}: {}{said}", who.join(", ")))
}

/// Waits until the desk has decided, and writes the note into its incident.
async fn noted(app: App, session: Session, signal: SignalId, note: String) -> Result<Entered, Problem> {
    let row = decided(&app, signal).await;
    let entered =
        Entered { signal, outcome: row.disposition.unwrap_or(Fate::Pending), rule: row.rule, incident: row.incident };
    let Some(incident) = entered.incident else { return Ok(entered) };
    let command = Command::Note { note };
    loop {
        let act = Act::Incident { by: session.operator, incident, command: command.clone(), second: None };
        match app.desk.act(act).await.map_err(Problem::from) {
            Ok(_) => return Ok(entered),
            Err(problem) if problem.status == 503 => tokio::time::sleep(LOOK_EVERY).await,
            Err(problem) => return Err(problem.beside_entered(signal, incident)),
        }
    }
}

/// The signal once the desk has decided of it.
async fn decided(app: &App, signal: SignalId) -> SignalRow {
    loop {
        let row = app.query(move |reader| reader.signal(signal)).await.ok().flatten();
        match row {
            Some(row) if row.disposition.is_some_and(|fate| fate != Fate::Pending) => return row,
            _ => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}
