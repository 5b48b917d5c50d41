//! The change of shift: both sign the same list, from a page or a call.

use std::net::IpAddr;

use alarmcore::{OperatorId, Timestamp};
use opsmodel::crm::{Change, SignedHandover};
use opsmodel::store::query::Handover;
use sha2::{Digest, Sha256};

use crate::auth::{Session, second_person};
use crate::desk::now;
use crate::problem::Problem;
use crate::state::App;

/// What the one who comes signs with, and what the one who goes has to say.
pub struct Signature<'a> {
    /// The [`digest`] of the list that both saw.
    pub list: &'a str,
    /// The log-in of the one who comes.
    pub login: &'a str,
    /// Their password.
    pub password: &'a str,
    /// What the one who goes has to say.
    pub note: String,
}

/// What whoever asks hands over: all that they are shown. What waits in a queue that is only for others is counted, and that count
/// is signed, too; the list of a supervisor has everything.
///
/// # Errors
/// 503 when the store cannot be read.
pub async fn list(app: &App, session: &Session) -> Result<Handover, Problem> {
    let me = session.operator;
    let list = app.query_for(session, move |reader, kept| {
        let mut list = reader.handover()?;
        list.keep(kept, me);
        Ok(list)
    });
    list.await
}

/// Hands the shift of `session` over to whoever signs; stored for good.
///
/// # Errors
/// As [`second_person`]; 409 when the list is no longer the one that was seen, or was signed just before; 503 when it cannot be stored.
pub async fn sign(
    app: &App,
    session: &Session,
    address: IpAddr,
    signature: Signature<'_>,
) -> Result<SignedHandover, Problem> {
    let to = second_person(app, session, signature.login, signature.password, address).await?.id;
    // A second click waits until the first is stored, and finds it.
    let _one_by_one = app.signing.lock().await;
    let list = list(app, session).await?;
    let text = text(&list);
    if digest_of(&text) != signature.list {
        return Err(Problem::new(
            axum::http::StatusCode::CONFLICT,
            "list-changed",
            "the list has changed since it was shown: look at it again and sign once more",
            "清单在显示之后已有变化，请重新核对后再签字",
        ));
    }
    let (at, from) = (now(), session.operator);
    if app
        .query(|reader| reader.signed_handovers(1))
        .await?
        .first()
        .is_some_and(|last| is_again(last, &signature, from, at))
    {
        return Err(Problem::new(
            axum::http::StatusCode::CONFLICT,
            "already-signed",
            "you have handed over by this list already: it needs no second signature",
            "该清单已由您签字交班，无需再次签字",
        ));
    }
    let handover = SignedHandover {
        number: 0,
        at,
        from,
        to,
        as_of: list.as_of,
        list: signature.list.to_owned(),
        text,
        open: u32::try_from(list.open.len()).unwrap_or(u32::MAX).saturating_add(list.hidden),
        note: signature.note,
    };
    let change = Change { by: Some(from), at, origin: format!("console {address}"), reason: "hand-over".into() };
    app.desk.write(move |centre| centre.put_handover(&handover, &change)).await.map_err(Problem::from)
}

/// Was the very list handed over by the same person within the hour? Later a quiet night may have come to the same list.
fn is_again(last: &SignedHandover, signature: &Signature<'_>, from: OperatorId, at: Timestamp) -> bool {
    last.from == from && last.list == signature.list && at < last.at.plus_secs(3600)
}

/// The digest of what is signed: of everything that the list says, in words.
pub fn digest(list: &Handover) -> String {
    digest_of(&text(list))
}

fn digest_of(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is signed, a line each: which incidents are open, where they stand, whose they are, and until when they are on hold;
/// how many more wait in queues that are only for others; what is to be followed up; what is on test; which storms go on and what is left of them; and what is the matter with
/// accounts. It is kept with the signatures.
fn text(list: &Handover) -> String {
    let mut text = String::new();
    for row in &list.open {
        let owner = row.owner.map(|owner| owner.to_string()).unwrap_or_default();
        let hold = row.hold_until.map(|until| format!(" on hold until {}", until.millis())).unwrap_or_default();
        let rank = row.escalated_to.map(|rank| format!(" escalated to {rank}")).unwrap_or_default();
        text += &format!("{} {} {owner}{hold}{rank}\n", row.incident, row.stage);
    }
    if list.hidden > 0 {
        text += &format!("hidden {}\n", list.hidden);
    }
    for row in &list.follow_ups {
        let operator = row.to_operator.map(|operator| operator.to_string());
        let to = operator.or(row.to_rank.map(|rank| rank.to_string())).unwrap_or_default();
        text += &format!("follow-up {} {to} {}\n", row.follow_up, row.due_at.millis());
    }
    for row in &list.on_test {
        text += &format!("test {} {} {}\n", row.test, row.account, row.until.millis());
    }
    for row in &list.storms {
        text += &format!("storm {} {} {}\n", row.storm, row.state, row.left);
    }
    for row in &list.accounts {
        let code = row.code.map(|code| format!(" {code}")).unwrap_or_default();
        let number = row.number.map(|number| format!(" zone {number}")).unwrap_or_default();
        text += &format!("{} {}{code}{number} since {}\n", row.account, row.reason.as_str(), row.since.millis());
    }
    text
}
