//! The change of shift: both sign the same list, from a page or a call.

mod shown;
mod text;

use std::net::IpAddr;

use alarmcore::{OperatorId, Timestamp};
use opsmodel::crm::{Change, SignedHandover};
use opsmodel::store::query::Handover;

use crate::auth::{Session, second_person};
use crate::desk::now;
use crate::problem::Problem;
use crate::state::App;

pub(crate) use shown::Shown;
use shown::{HOLDS_S, List};
pub use text::digest;
use text::{digest_of, lowered_by_people, since, text};

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
    let list = read(app, session).await?;
    app.shown.put(as_shown(&list, session.operator));
    Ok(list)
}

/// The list as it stands, and what of it is kept for the signing.
fn as_shown(list: &Handover, to: OperatorId) -> List {
    let text = text(list);
    let open = u32::try_from(list.open.len()).unwrap_or(u32::MAX).saturating_add(list.hidden);
    List { to, at: now(), digest: digest_of(&text), text, as_of: list.as_of, open }
}

async fn read(app: &App, session: &Session) -> Result<Handover, Problem> {
    let (me, settings) = (session.operator, app.settings.clone());
    let list = app.query_for(session, move |reader, kept| {
        let mut list = reader.handover(&settings.policy)?;
        list.keep(kept, me);
        Ok(list)
    });
    list.await
}

/// Hands the shift of `session` over to whoever signs, by the list that both saw; stored for good. Panels change the list all the time:
/// what has since it was shown stands in the record, beside what was signed. Where people have lowered protection meanwhile, both look
/// again: whoever comes answers for it from then on.
///
/// # Errors
/// As [`second_person`]; 409 when the list was shown too long ago or not at all, when protection was lowered since, or when it was signed
/// just before; 503 when it cannot be stored.
pub async fn sign(
    app: &App,
    session: &Session,
    address: IpAddr,
    signature: Signature<'_>,
) -> Result<SignedHandover, Problem> {
    let to = second_person(app, session, signature.login, signature.password, address).await?.id;
    // A second click waits until the first is stored, and finds it.
    let _one_by_one = app.signing.lock().await;
    let (at, from) = (now(), session.operator);
    let list = read(app, session).await?;
    let stands = as_shown(&list, from);
    let signed = match stands.digest == signature.list {
        true => stands.clone(),
        false => app.shown.get(from, signature.list, at).ok_or_else(|| {
            let minutes = HOLDS_S / 60;
            Problem::new(
                axum::http::StatusCode::CONFLICT,
                "list-changed",
                format!("the list has changed, and was shown more than {minutes} minutes ago, or before the centre was restarted: look at it again and sign once more"),
                format!("清单已有变化，且显示已超过 {minutes} 分钟，或中心在此后重新启动过，请重新核对后再签字"),
            )
        })?,
    };
    let unknown = lowered_by_people(&list).into_iter().find(|line| !signed.text.lines().any(|known| known == line));
    if let Some(line) = unknown {
        return Err(Problem::new(
            axum::http::StatusCode::CONFLICT,
            "list-changed",
            format!("protection was lowered since the list was shown ({line}): look at it again and sign once more"),
            format!("清单显示后又有防护降级（{line}），请重新核对后再签字"),
        ));
    }
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
        as_of: signed.as_of,
        list: signed.digest,
        since: since(&signed.text, &stands.text),
        text: signed.text,
        open: signed.open,
        note: signature.note,
    };
    let change = Change { by: Some(from), at, origin: format!("console {address}"), reason: "hand-over".into() };
    app.desk.write(move |centre| centre.put_handover(&handover, &change)).await.map_err(Problem::from)
}

/// Was the very list handed over by the same person within the hour? Later a quiet night may have come to the same list.
fn is_again(last: &SignedHandover, signature: &Signature<'_>, from: OperatorId, at: Timestamp) -> bool {
    last.from == from && last.list == signature.list && at < last.at.plus_secs(3600)
}
