//! The word that somebody says on the telephone: judged here and kept nowhere, and reported where the act beside which it was said is
//! refused.

use std::time::Duration;

use alarmcore::{AccountNumber, CallResult, ContactId, Proof, Report};
use axum::http::StatusCode;
use contactid::EventCode;
use opsmodel::crm::{AccountCard, Contact, Judged};
use serde_json::{Map, Value};

use crate::api::Acts;
use crate::auth::Session;
use crate::desk::now;
use crate::misread::read;
use crate::problem::Problem;
use crate::state::App;

/// How long an answer waits for what it reports to be stored.
const STORED_WITHIN: Duration = Duration::from_secs(2);

/// A card, and the same before what waits of its call list for a review, where something does.
pub(crate) type Cards = (AccountCard, Option<AccountCard>);

/// A word that was said, as it was judged.
pub(crate) struct Heard {
    account: AccountNumber,
    /// Who said it, where they are known.
    contact: Option<ContactId>,
    /// What it turned out to be.
    pub(crate) judged: Judged,
}

impl Heard {
    /// Is it the codeword, as it stands now or as it was reviewed?
    pub(crate) fn is_right(&self) -> bool {
        self.judged.result() == CallResult::CodeOk || self.judged.proof() == Proof::Right
    }

    /// A word that is not right is a signal of the account, as if it was given at its keypad. Neither a full disk nor a desk that cannot
    /// write keeps whoever asks from hearing of a threat.
    pub(crate) async fn report(&self, app: &App, session: &Session, code: EventCode) {
        let text = self.contact.map(|contact| format!("contact {contact}")).unwrap_or_default();
        let report = Report::by_person(now(), self.account, code, text);
        let storing = tokio::spawn(app.clone().report_surely(report, format!("operator-{}", session.operator)));
        if tokio::time::timeout(STORED_WITHIN, storing).await.is_err() {
            tracing::error!(account = %self.account, %code, "a codeword that was not right is not stored yet");
        }
    }

    /// Why the act beside which it was said is refused, together with how the word was. Whoever is threatened says it once: what no call
    /// records is reported.
    pub(crate) async fn beside(&self, app: &App, session: &Session, refused: Problem) -> Problem {
        let result = self.judged.result();
        let code = match result {
            CallResult::DuressCode => Proof::Duress.reported(),
            CallResult::WrongCode => Proof::Wrong.reported(),
            _ => None,
        };
        if let Some(code) = code {
            self.report(app, session, code).await;
        }
        match code {
            _ if refused.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() => Problem::unrecorded(result),
            Some(code) => refused.beside_word(result, code),
            None => refused,
        }
    }
}

/// The cards of an account by which words are judged.
///
/// # Errors
/// 503 when the store cannot be read.
pub(crate) async fn cards_of(app: &App, account: AccountNumber) -> Result<Option<Cards>, Problem> {
    app.query(move |reader| reader.judging_cards(account)).await
}

/// How the word was that somebody said: of the contact that `ask` names, or of nobody in particular, whose word it can be only under
/// duress. A duress word is never told apart from a right one by its sound, only here.
///
/// # Errors
/// 422 for what is no text.
pub(crate) fn hear(cards: Option<&Cards>, ask: &Map<String, Value>, spoken: &Value) -> Result<Option<Heard>, Problem> {
    let Value::String(spoken) = spoken else {
        return Err(Problem::invalid("spoken: a text is expected", "口令应为文本"));
    };
    let Some((card, reviewed)) = cards else { return Ok(None) };
    let contact = ask.get("contact").and_then(|contact| serde_json::from_value(contact.clone()).ok());
    let judged = card.judge(reviewed.as_ref(), contact, spoken);
    Ok(judged.map(|judged| Heard { account: card.account, contact, judged }))
}

/// Takes the word out of an act that somebody asks for on the telephone who gives their name as `contact`. Only a right one lets it go on: a
/// duress word and a wrong one are signals of the account, as in a call, and it is refused with `undone`. What lowers something (`lowers`)
/// needs the word of whoever has one.
///
/// # Errors
/// 409 for a word that is not right, 422 where the word or the name is missing, or a field is there that its act does not have.
pub(crate) async fn by_telephone(
    app: &App,
    session: &Session,
    account: AccountNumber,
    (acts, ask): (Acts, &mut Map<String, Value>),
    (lowers, undone): (bool, Problem),
) -> Result<(), Problem> {
    let spoken = ask.remove("spoken");
    if spoken.is_none() {
        acts.check(ask)?;
    }
    let named = ask.get("contact").is_some_and(|contact| !contact.is_null());
    if spoken.is_none() && !(lowers && named) {
        return Ok(());
    }
    let cards = cards_of(app, account).await?;
    let Some(spoken) = spoken else { return missing_word(cards.as_ref(), ask) };
    match hear(cards.as_ref(), ask, &spoken)? {
        Some(heard) if !heard.is_right() => Err(heard.beside(app, session, undone).await),
        _ if !named => Err(Problem::invalid(
            "spoken: name who of the call list said it as `contact`",
            "请在 contact 中选择说出口令的联系人",
        )),
        _ => Ok(()),
    }
}

/// 422 where the contact that `ask` names has a codeword, or had one when their card was reviewed, and nobody says it.
pub(crate) fn missing_word(cards: Option<&Cards>, ask: &Map<String, Value>) -> Result<(), Problem> {
    let Some((card, reviewed)) = cards else { return Ok(()) };
    let has_one = |card: &AccountCard| contact_of(Some(card), ask).is_ok_and(|contact| contact.codeword.is_some());
    match has_one(card) || reviewed.as_ref().is_some_and(has_one) {
        true => Err(Problem::invalid(
            "spoken: this contact has a codeword; say what they said as `spoken`",
            "该联系人设有口令：请把对方说出的口令填入 spoken",
        )),
        false => Ok(()),
    }
}

/// Refuses a word beside an act in which none is asked for; and reports it all the same where the account is known whose it may be.
///
/// # Errors
/// 422 where there is one.
pub(crate) async fn refuse_word(
    app: &App,
    session: &Session,
    account: Option<AccountNumber>,
    ask: &Map<String, Value>,
) -> Result<(), Problem> {
    let Some(spoken) = ask.get("spoken") else { return Ok(()) };
    let cards = match account {
        Some(account) => cards_of(app, account).await?,
        None => None,
    };
    let refused = no_word_for(ask);
    Err(match hear(cards.as_ref(), ask, spoken)? {
        Some(heard) => heard.beside(app, session, refused).await,
        None => refused,
    })
}

/// 422 for a word beside an act in which none is asked for.
pub(crate) fn no_word_for(ask: &Map<String, Value>) -> Problem {
    let act = ask.get("act").and_then(Value::as_str).unwrap_or_default();
    Problem::invalid(
        format!("spoken: no word is asked for in the act {act:?}; record what was said as a call"),
        &format!("操作 {act:?} 不核对口令（spoken）；对方说出的口令请作为通话登记"),
    )
}

/// The contact that `ask` names.
///
/// # Errors
/// 422 where it names none, 404 for one that the card does not have.
pub(crate) fn contact_of<'a>(card: Option<&'a AccountCard>, ask: &Map<String, Value>) -> Result<&'a Contact, Problem> {
    let contact = ask.get("contact").cloned().unwrap_or(Value::Null);
    let contact: ContactId = read(contact)?;
    let contact = card.and_then(|card| card.contacts.iter().find(|known| known.id == contact));
    contact.ok_or_else(|| Problem::not_found("contact", "联系人"))
}
