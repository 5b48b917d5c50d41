//! Who is signed in: random tokens, of which only a digest is kept, here and in the store.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use alarmcore::{OperatorId, Timestamp};
use contactid::Lang;
use opsmodel::crm::OperatorCard;
use opsmodel::store::KeptSession;
use sha2::{Digest, Sha256};

use super::Session;

/// A session that nobody used for this long is over: one shift.
const IDLE_MAX: Duration = Duration::from_secs(12 * 3600);
/// A session is over after this long, used or not.
const AGE_MAX: Duration = Duration::from_secs(24 * 3600);
/// That a session was used is written down no more often.
const KEPT_EVERY: Duration = Duration::from_secs(600);

/// The sessions. They outlive this process: the next one finds them by the digest of the token in the cookie.
#[derive(Default)]
pub struct Sessions {
    held: Mutex<HashMap<[u8; 32], Held>>,
}

struct Held {
    session: Session,
    opened: Instant,
    used: Instant,
    /// How old it was when this process began to hold it, and for how long nobody had used it.
    age: Duration,
    rested: Duration,
    opened_at: Timestamp,
    /// When it was last written down, as far as this process knows.
    kept: Instant,
}

impl Held {
    fn is_over(&self, now: Instant) -> bool {
        self.rested + now.duration_since(self.used) >= IDLE_MAX || self.age + now.duration_since(self.opened) >= AGE_MAX
    }
}

/// A fresh 256-bit token, in hexadecimal.
pub(super) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// What the digest of a codeword is salted with, anew for each.
pub(crate) fn salt() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// What forms and calls of the session behind this token carry. It is told from the token, so that it is written down nowhere either.
fn csrf(token: &str) -> String {
    hex(&Sha256::digest(format!("csrf {token}")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Sessions {
    /// Keeps `session` and returns it with what its forms carry, and the token that stands for it in the cookie.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn open(&self, session: Session, at: Timestamp, now: Instant) -> Result<(Session, String), getrandom::Error> {
        let token = token()?;
        let session = Session { csrf: csrf(&token), ..session };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, held| !held.is_over(now));
        let (age, rested) = (Duration::ZERO, Duration::ZERO);
        let new = Held { session: session.clone(), opened: now, used: now, age, rested, opened_at: at, kept: now };
        held.insert(digest(&token), new);
        Ok((session, token))
    }

    /// Goes on with a session that the process before kept, of the person with this card. One that is over by now is not found.
    pub fn restore(&self, kept: &KeptSession, card: &OperatorCard, at: Timestamp, now: Instant) {
        let since = |then: Timestamp| Duration::from_millis(u64::try_from(at.millis() - then.millis()).unwrap_or(0));
        let session = Session {
            operator: kept.operator,
            login: card.login.clone(),
            name: card.name.clone(),
            role: card.role,
            lang: kept.lang,
            password: kept.password,
            // Nobody but the browser has the token that tells it.
            csrf: String::new(),
        };
        let (age, rested) = (since(kept.opened_at), since(kept.used_at));
        let again = Held { session, opened: now, used: now, age, rested, opened_at: kept.opened_at, kept: now };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(kept.digest, again);
    }

    /// How the session with this digest is to be kept at `at`; nothing where there is none.
    pub(super) fn to_keep(&self, digest: [u8; 32], at: Timestamp) -> Option<KeptSession> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { session, opened_at, .. } = held.get(&digest)?;
        let Session { operator, password, lang, .. } = *session;
        Some(KeptSession { digest, operator, password, lang, opened_at: *opened_at, used_at: at })
    }

    /// Before what a session was opened that is over at `at`.
    pub(super) fn oldest(at: Timestamp) -> Timestamp {
        Timestamp::from_millis(at.millis() - AGE_MAX.as_millis() as i64)
    }

    /// Is it to be written down again that this session is used? Says so once.
    pub(super) fn is_due(&self, token: &str, now: Instant) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let due = held.get_mut(&digest(token)).filter(|held| now.duration_since(held.kept) >= KEPT_EVERY);
        due.map(|held| held.kept = now).is_some()
    }

    /// The session behind `token`, marked as used now.
    pub fn find(&self, token: &str, now: Instant) -> Option<Session> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let found = held.get_mut(&digest(token)).filter(|held| !held.is_over(now))?;
        (found.used, found.rested) = (now, Duration::ZERO);
        if found.session.csrf.is_empty() {
            found.session.csrf = csrf(token);
        }
        Some(found.session.clone())
    }

    /// Speaks `lang` to this session from now on.
    pub fn speak(&self, token: &str, lang: Lang) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = held.get_mut(&digest(token)) {
            held.session.lang = lang;
        }
    }

    /// Ends the session behind `token`. Says whose it was, and whether it was the last of theirs.
    pub fn close(&self, token: &str, now: Instant) -> Option<(OperatorId, bool)> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let operator = held.remove(&digest(token))?.session.operator;
        Some((operator, !held.values().any(|held| held.session.operator == operator && !held.is_over(now))))
    }

    /// The session behind `token` with what stands on this card now.
    pub fn renew(&self, token: &str, card: &OperatorCard) -> Option<Session> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let session = &mut held.get_mut(&digest(token))?.session;
        session.role = card.role;
        session.login.clone_from(&card.login);
        session.name.clone_from(&card.name);
        Some(session.clone())
    }

    /// Ends every session of `operator` that was opened with this version of the password: whoever leaves has no access from the
    /// same minute (K3). Were these the last of theirs?
    pub fn end(&self, operator: OperatorId, password: u32, now: Instant) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let before = held.len();
        held.retain(|_, held| held.session.operator != operator || held.session.password != password);
        let any = held.len() < before;
        any && !held.values().any(|held| held.session.operator == operator && !held.is_over(now))
    }
}

pub(super) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use opsmodel::crm::Role;

    use super::*;

    fn li() -> Session {
        Session {
            operator: OperatorId::new(7),
            login: "li".into(),
            name: "李敏".into(),
            role: Role::Operator,
            lang: Lang::Zh,
            password: 1,
            csrf: "f00d".into(),
        }
    }

    fn open(sessions: &Sessions, session: Session, now: Instant) -> String {
        sessions.open(session, Timestamp::default(), now).unwrap().1
    }

    /// The session of this token, without what its forms carry, which is another each time.
    fn found(sessions: &Sessions, token: &str, now: Instant) -> Option<Session> {
        let session = sessions.find(token, now)?;
        assert_eq!(session.csrf, csrf(token));
        Some(Session { csrf: "f00d".into(), ..session })
    }

    /// After a restart the token finds the same, under the card of now, and no longer than before.
    #[test]
    fn a_session_outlives_the_process_by_its_digest() {
        let (before, start, day) = (Sessions::default(), Instant::now(), 24 * 3600 * 1000);
        let at = Timestamp::from_millis;
        let token = before.open(li(), at(0), start).unwrap().1;
        before.speak(&token, Lang::En);
        let kept = before.to_keep(digest(&token), at(5)).unwrap();
        let seven = OperatorId::new(7);
        let expected = KeptSession {
            digest: digest(&token),
            operator: seven,
            password: 1,
            lang: Lang::En,
            opened_at: at(0),
            used_at: at(5),
        };
        assert_eq!(kept, expected);
        let card = OperatorCard::new(seven, "li", "李敏", Role::Supervisor);
        let restored = |now_ms: i64, used: i64| {
            let after = Sessions::default();
            after.restore(&KeptSession { used_at: at(used), ..kept }, &card, at(now_ms), start);
            found(&after, &token, start)
        };
        let renewed = Session { role: Role::Supervisor, lang: Lang::En, ..li() };
        assert_eq!(restored(day - 1, day - 1), Some(renewed.clone()));
        assert_eq!((restored(day, day), restored(day / 2 + 5, 5)), (None, None), "too old, and not used for a shift");
        // A clock that was set back makes nothing older.
        assert_eq!(restored(-9, 5), Some(renewed));
        assert_eq!(
            (before.is_due(&token, start + KEPT_EVERY), before.is_due(&token, start + KEPT_EVERY)),
            (true, false)
        );
        before.close(&token, start);
        assert_eq!(before.to_keep(digest(&token), at(9)), None);
    }

    #[test]
    fn a_token_finds_its_session_until_it_rests_a_shift() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let token = open(&sessions, li(), start);
        assert_eq!(token.len(), 64);
        assert_eq!(found(&sessions, &token, start), Some(li()));
        assert_eq!(sessions.find("another", start), None);
        sessions.speak(&token, Lang::En);
        assert_eq!(sessions.find(&token, start).unwrap().lang, Lang::En);
        assert_eq!(sessions.find(&token, start + IDLE_MAX), None);
    }

    #[test]
    fn the_last_session_that_ends_is_told() {
        let (sessions, start, li_7) = (Sessions::default(), Instant::now(), OperatorId::new(7));
        let [first, second] = [open(&sessions, li(), start), open(&sessions, li(), start)];
        assert_eq!(sessions.close(&first, start), Some((li_7, false)));
        assert_eq!(sessions.close(&first, start), None);
        assert_eq!(sessions.close(&second, start), Some((li_7, true)));
    }

    #[test]
    fn a_leaver_loses_every_session_at_once() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let newer = Session { password: 2, ..li() };
        let [first, second] = [li(), li()].map(|session| open(&sessions, session, start));
        let third = open(&sessions, newer.clone(), start);
        let li_7 = OperatorId::new(7);
        assert!(!sessions.end(li_7, 1, start), "one with the new password is left");
        assert_eq!([first, second].map(|token| sessions.find(&token, start)), [None, None]);
        assert_eq!(found(&sessions, &third, start), Some(newer));
        assert!(sessions.end(li_7, 2, start));
        assert!(!sessions.end(li_7, 2, start), "told once");
    }

    #[test]
    fn a_session_goes_by_the_card_of_now() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let token = open(&sessions, li(), start);
        let card = OperatorCard::new(OperatorId::new(7), "li", "李敏", Role::Supervisor);
        let renewed = Session { role: Role::Supervisor, ..li() };
        sessions.renew(&token, &card).unwrap();
        assert_eq!(found(&sessions, &token, start), Some(renewed));
    }
}
