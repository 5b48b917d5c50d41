//! An operator's act on an incident, a test or a storm, from a page or a call: read, permitted, signed, and handed to the desk.

use std::net::IpAddr;

use alarmcore::{
    AccountNumber, CallResult, ClosingAnswer, Command, ContactAnswer, ContactId, FalseCallsCommand, FollowUpCommand,
    FollowUpId, IncidentId, LoweredCommand, OperatorId, StormCommand, StormId, TestCommand,
};
use opsmodel::crm::{AccountCard, Role};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::Acts;
use crate::auth::{Session, second_person};
use crate::desk::{Act, Done};
use crate::kept;
use crate::misread::read;
use crate::outside::{has_address, way_there};
use crate::problem::Problem;
use crate::spoken::{Cards, Heard, by_telephone, cards_of, contact_of, hear, missing_word, no_word_for, refuse_word};
use crate::state::App;

/// The signature of the second person of a four-eyes act.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    login: String,
    password: String,
}

/// Does what `ask` says: the fields of an `alarmcore::Command`, such as `{"act": "verify-false", "cause": "animal"}`. Two
/// fields are for this place and not for the desk:
/// - `second`: `{"login", "password"}` of the supervisor who signs an act that needs two;
/// - `spoken`, of a call in place of `result`: the word that the person called gave. It is compared with the codewords on the
///   card and goes no further; whoever called does not need to know the right one. Where the contact has a codeword, nobody states by
///   hand that it was right. Where the act is refused, for whatever reason, a word that is not right is a signal of the account all the
///   same, and the refusal says how the word was. `answer-contact` takes `contact` and `spoken`, too: it is recorded on a right word only.
///   No other act takes one.
///
/// # Errors
/// 422 for what is no command, or has a field that it does not have, 403 for one that this operator may not give, 404 for a contact that is not on the card, 409 with the
/// desk's refusal.
pub async fn submit(
    app: &App,
    session: &Session,
    address: IpAddr,
    incident: IncidentId,
    mut ask: Map<String, Value>,
) -> Result<Done, Problem> {
    let spoken = ask.remove("spoken");
    let calls = ask.get("act").and_then(Value::as_str) == Some("call");
    let named = ask.get("contact").is_some_and(|contact| !contact.is_null());
    let cards = if calls || named || spoken.is_some() { cards_about(app, incident).await? } else { None };
    let heard = spoken.as_ref().map(|spoken| hear(cards.as_ref(), &ask, spoken)).transpose()?.flatten();
    let said = spoken.is_some().then_some(heard.as_ref());
    match act(app, session, address, incident, (cards.as_ref(), said), ask).await {
        Err(problem) if let Some(heard) = heard => Err(heard.beside(app, session, problem).await),
        done => done,
    }
}

/// The same once the word that was said beside it is heard: a word that is nobody's is a word, too.
async fn act(
    app: &App,
    session: &Session,
    address: IpAddr,
    incident: IncidentId,
    (cards, said): (Option<&Cards>, Option<Option<&Heard>>),
    mut ask: Map<String, Value>,
) -> Result<Done, Problem> {
    let card = cards.map(|(card, _)| card);
    let calls = ask.get("act").and_then(Value::as_str) == Some("call");
    let answers = ask.get("act").and_then(Value::as_str) == Some("answer-contact");
    if said.is_some() && !calls && !answers {
        return Err(no_word_for(&ask));
    }
    Acts::Incident.check(&ask)?;
    let signature = ask.remove("second").map(read::<Signature>).transpose()?;
    for ours in ["compared", "unread"] {
        ask.remove(ours);
    }
    if let Some(card) = card {
        if ask.get("contact").is_some_and(|contact| !contact.is_null()) {
            on_the_card(card, &ask)?;
        }
        if calls {
            dialled(card, &mut ask)?;
            compared_by_us(card, said.is_some(), &ask)?;
        }
    }
    match said {
        Some(heard) if answers => answered_by(card, heard, &ask)?,
        None if answers && ask.get("answer").and_then(Value::as_str) == Some(ContactAnswer::AllWell.as_str()) => {
            missing_word(cards, &ask)?;
        }
        Some(heard) => {
            contact_of(card, &ask)?;
            let result = heard.ok_or_else(|| Problem::not_found("contact", "联系人"))?.judged.result();
            ask.insert("compared".into(), Value::Bool(true));
            ask.insert("result".into(), Value::from(result.as_str()));
        }
        None => {}
    }
    if answers {
        ask.remove("contact");
    }
    let command: Command = read(Value::Object(ask))?;
    if command.needs_supervisor() {
        session.supervisors_only()?;
    }
    has_a_place(app, incident, &command).await?;
    let second = sign(app, session, address, command.needs_second(), signature).await?;
    let act = Act::Incident { by: session.operator, incident, command, second };
    app.desk.act(act).await.map_err(Problem::from)
}

async fn sign(
    app: &App,
    session: &Session,
    address: IpAddr,
    needed: bool,
    signature: Option<Signature>,
) -> Result<Option<OperatorId>, Problem> {
    match signature {
        Some(Signature { login, password }) if needed => {
            let second = second_person(app, session, &login, &password, address).await?;
            match second.role {
                Role::Supervisor | Role::Manager => Ok(Some(second.id)),
                Role::Operator | Role::Unit => Err(Problem::supervisors_only()),
            }
        }
        _ => Ok(None),
    }
}

/// Does what `ask` says about the test of an account: the fields of an `alarmcore::TestCommand`, such as
/// `{"act": "start", "reason": "repair", "asked_by": "Wang"}`. How long it may last depends on who asks. `spoken` is the word that
/// the contact said, compared as in a call: nobody states `proof` by hand. What nobody else has reviewed of the card proves nothing.
/// `second` is the signature of a supervisor who agrees to a beginning or an extension, where the policy asks for a proof and no
/// codeword gives it, or people may be in danger.
///
/// # Errors
/// 422 for what is no command, 403 for a second person who is none, 404 for a contact that is not on the card, 409 with the desk's refusal.
pub async fn submit_test(
    app: &App,
    session: &Session,
    address: IpAddr,
    account: AccountNumber,
    mut ask: Map<String, Value>,
) -> Result<Done, Problem> {
    let spoken = ask.remove("spoken");
    let named = ask.contains_key("contact");
    let cards = if named || spoken.is_some() { cards_of(app, account).await? } else { None };
    let heard = spoken.as_ref().map(|spoken| hear(cards.as_ref(), &ask, spoken)).transpose()?.flatten();
    // No test begins on such a word, and it is told whatever else is wrong.
    if let Some(heard) = &heard
        && let Some((refusal, code)) = heard.judged.proof().refused().zip(heard.judged.proof().reported())
    {
        heard.report(app, session, code).await;
        return Err(Problem::refused_test(&refusal));
    }
    if ask.remove("proof").is_some() {
        return Err(Problem::invalid(
            "proof: give the word that was said as `spoken`; the centre compares it with the card",
            "不能直接填写 proof：请把对方说出的口令填入 spoken，由中心与档案核对",
        ));
    }
    let proves = |act: &str| matches!(act, "start" | "extend");
    if spoken.is_some() && !ask.get("act").and_then(Value::as_str).is_some_and(proves) {
        return Err(no_word_for(&ask));
    }
    Acts::Test.check(&ask)?;
    if spoken.is_some() && !named {
        return Err(Problem::invalid(
            "spoken: name who of the call list said it as `contact`",
            "请在 contact 中选择说出口令的联系人",
        ));
    }
    if named {
        contact_of(cards.as_ref().map(|(card, _)| card), &ask)?;
    }
    if let Some(heard) = heard {
        ask.insert("proof".into(), Value::from(heard.judged.proof().as_str()));
    }
    let signature = ask.remove("second").map(read::<Signature>).transpose()?;
    let command: TestCommand = read(Value::Object(ask))?;
    let supervisor = session.role.is_supervisor();
    let lowers = matches!(command, TestCommand::Start(_) | TestCommand::Extend { .. });
    let second = sign(app, session, address, lowers, signature).await?;
    let act = Act::Test { by: session.operator, supervisor, account, command, second };
    app.desk.act(act).await.map_err(Problem::from)
}

/// Does what `ask` says about the false alarms of an account: the fields of an `alarmcore::FalseCallsCommand`, such as
/// `{"act": "prove", "reference": "WO-77"}`. Only supervisors do: it may bring the response of the police back.
///
/// # Errors
/// 403 for an operator, 422 for what is no command, 409 with the desk's refusal.
pub async fn submit_false_calls(
    app: &App,
    session: &Session,
    account: AccountNumber,
    ask: Map<String, Value>,
) -> Result<Done, Problem> {
    refuse_word(app, session, Some(account), &ask).await?;
    session.supervisors_only()?;
    Acts::FalseCalls.check(&ask)?;
    let command: FalseCallsCommand = read(Value::Object(ask))?;
    let act = Act::FalseCalls { by: session.operator, account, command };
    app.desk.act(act).await.map_err(Problem::from)
}

/// Does what `ask` says about a storm: the fields of an `alarmcore::StormCommand`, such as `{"act": "confirm"}`. Ending one
/// needs the signature of a second person, a supervisor, in `second`.
///
/// # Errors
/// 422 for what is no command, 403 for one that this operator may not give, 409 with the desk's refusal.
pub async fn submit_storm(
    app: &App,
    session: &Session,
    address: IpAddr,
    storm: Option<StormId>,
    mut ask: Map<String, Value>,
) -> Result<Done, Problem> {
    refuse_word(app, session, None, &ask).await?;
    Acts::Storm.check(&ask)?;
    let signature = ask.remove("second").map(read::<Signature>).transpose()?;
    let command: StormCommand = read(Value::Object(ask))?;
    if command.needs_supervisor() {
        session.supervisors_only()?;
    }
    let second = sign(app, session, address, command.needs_second(), signature).await?;
    let supervisor = session.role.is_supervisor();
    let act = Act::Storm { by: session.operator, supervisor, storm, command, second };
    app.desk.act(act).await.map_err(Problem::from)
}

/// Does what `ask` says about a row of the board of lowered protection: the fields of an `alarmcore::LoweredCommand`, such as
/// `{"act": "assign", "kind": "silent", "since": 1795385643250, "rank": "supervisor"}`. `answer-closing` takes the word that was said as
/// `spoken`, compared as in a call: on a duress word or a wrong one the closing is not put off. Whoever has a codeword says it where it is.
///
/// # Errors
/// 422 for what is no command, 404 for a row or a person whom the centre does not have, 409 with the desk's refusal or for a word that is
/// not right.
pub async fn submit_lowered(
    app: &App,
    session: &Session,
    account: AccountNumber,
    mut ask: Map<String, Value>,
) -> Result<Done, Problem> {
    if ask.get("act").and_then(Value::as_str) == Some("answer-closing") {
        let puts_off = [ClosingAnswer::Extend, ClosingAnswer::NotToday].map(ClosingAnswer::as_str);
        let lowers = ask.get("answer").and_then(Value::as_str).is_some_and(|answer| puts_off.contains(&answer));
        let undone = Problem::on_such_a_word("the closing is not put off", "未延后布防");
        by_telephone(app, session, account, (Acts::Lowered, &mut ask), (lowers, undone)).await?;
    } else {
        refuse_word(app, session, Some(account), &ask).await?;
    }
    Acts::Lowered.check(&ask)?;
    let command: LoweredCommand = read(Value::Object(ask))?;
    if let LoweredCommand::Assign { thing, operator, .. } = &command {
        let (thing, operator, settings) = (*thing, *operator, app.settings.clone());
        let (rows, people) =
            app.query(move |reader| Ok((reader.lowered(&settings.policy)?, reader.operators()?))).await?;
        if !rows.iter().any(|row| row.account == Some(account) && row.thing() == thing) {
            return Err(Problem::not_found("row of the board", "防护降级项"));
        }
        if operator.is_some_and(|to| !people.iter().any(|card| card.id == to && card.closed_at.is_none())) {
            return Err(Problem::not_found("operator", "接警员"));
        }
    }
    app.desk.act(Act::Lowered { by: session.operator, account, command }).await.map_err(Problem::from)
}

/// Does what `ask` says about a follow-up: the fields of an `alarmcore::FollowUpCommand`, such as
/// `{"act": "create", "incident": 7, "rank": "supervisor", "minutes": 60, "note": "call again"}`.
///
/// # Errors
/// 422 for what is no command, 404 for a person whom the centre does not have, 409 with the desk's refusal.
pub async fn submit_follow_up(
    app: &App,
    session: &Session,
    follow_up: Option<FollowUpId>,
    ask: Map<String, Value>,
) -> Result<Done, Problem> {
    refuse_word(app, session, None, &ask).await?;
    Acts::FollowUp.check(&ask)?;
    let command: FollowUpCommand = read(Value::Object(ask))?;
    if let FollowUpCommand::Create { incident: Some(incident), .. } = command {
        kept::shown(app, session, incident).await?;
    }
    if let FollowUpCommand::Create { operator: Some(to), .. } | FollowUpCommand::Reassign { operator: Some(to), .. } =
        command
    {
        let people = app.query(|reader| reader.operators()).await?;
        if !people.iter().any(|card| card.id == to && card.closed_at.is_none()) {
            return Err(Problem::not_found("operator", "接警员"));
        }
    }
    app.desk.act(Act::FollowUp { by: session.operator, follow_up, command }).await.map_err(Problem::from)
}

/// The cards of the account of an incident, where it has one.
async fn cards_about(app: &App, incident: IncidentId) -> Result<Option<Cards>, Problem> {
    let cards = app.query(move |reader| match reader.incident(incident)?.and_then(|page| page.row.account) {
        Some(account) => reader.judging_cards(account),
        None => Ok(None),
    });
    cards.await
}

/// A machine asks nobody where it is: whoever hands off by machine what has no address on its card, or sends a unit there, writes down
/// where it is.
async fn has_a_place(app: &App, incident: IncidentId, command: &Command) -> Result<(), Problem> {
    let (by_machine, note) = match command {
        Command::HandOff { to, note, .. } => (app.ear.reaches(*to), note.as_ref()),
        Command::PreProcess { note, .. } => (app.ear.asks_units(), note.as_ref()),
        Command::Offer { .. } => (app.ear.asks_units(), None),
        _ => return Ok(()),
    };
    if !by_machine || note.is_some_and(|note| !note.trim().is_empty()) {
        return Ok(());
    }
    let offers = matches!(command, Command::Offer { .. });
    let page = app.query(move |reader| reader.incident(incident)).await?;
    // What there is not, the desk refuses.
    let known = page.is_none_or(|page| has_address(&page) || offers && way_there(&page).is_some());
    if known { Ok(()) } else { Err(Problem::no_address()) }
}

/// What the customer answers on the telephone is theirs only on a right word, where one is said.
fn answered_by(card: Option<&AccountCard>, heard: Option<&Heard>, ask: &Map<String, Value>) -> Result<(), Problem> {
    contact_of(card, ask)?;
    match heard {
        Some(heard) if heard.is_right() => Ok(()),
        _ => Err(Problem::on_such_a_word("the answer is not recorded", "答复未登记")),
    }
}

/// Refuses whom the card does not know: somebody who cannot be called is no call, and none of the two that the police want.
fn on_the_card(card: &AccountCard, ask: &Map<String, Value>) -> Result<(), Problem> {
    let is_site = ask["contact"].as_u64() == Some(ContactId::SITE.get().into());
    if is_site { Ok(()) } else { contact_of(Some(card), ask).map(drop) }
}

/// Refuses that somebody states by hand that a word was right where there is one to compare it with.
fn compared_by_us(card: &AccountCard, said: bool, ask: &Map<String, Value>) -> Result<(), Problem> {
    let stated = ask.get("result").and_then(Value::as_str) == Some(CallResult::CodeOk.as_str());
    let has_one = || contact_of(Some(card), ask).is_ok_and(|contact| contact.codeword.is_some());
    match stated && !said && has_one() {
        true => Err(Problem::invalid(
            "result: this contact has a codeword; say what they said as `spoken`",
            "该联系人设有口令：请把对方说出的口令填入 spoken",
        )),
        false => Ok(()),
    }
}

/// Says which number of the card was dialled and how many there are: ids only. Without one, it was the contact's first.
fn dialled(card: &AccountCard, ask: &mut Map<String, Value>) -> Result<(), Problem> {
    let numbered = card.numbered();
    let known = |number: &Value| numbered.iter().any(|(id, _)| number.as_u64() == Some(id.get().into()));
    match ask.get("number").filter(|number| !number.is_null()) {
        Some(number) if !known(number) => {
            return Err(Problem::invalid("number: the card has no such number", "档案中没有该号码"));
        }
        Some(_) => {}
        None => {
            let contact = ask.get("contact").and_then(Value::as_u64);
            let turns = opsmodel::crm::call_list(card, &[], &[], None, crate::desk::now(), true);
            if let Some(turn) = turns.iter().find(|turn| Some(turn.contact.get().into()) == contact) {
                ask.insert("number".into(), turn.number.get().into());
            }
        }
    }
    ask.insert("numbers".into(), numbered.len().into());
    Ok(())
}
