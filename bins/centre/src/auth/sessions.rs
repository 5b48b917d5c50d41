//! Who is signed in: random tokens, of which only a digest is kept, in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use alarmcore::OperatorId;
use contactid::Lang;
use opsmodel::crm::OperatorCard;
use sha2::{Digest, Sha256};

use super::Session;

/// A session that nobody used for this long is over: one shift.
const IDLE_MAX: Duration = Duration::from_secs(12 * 3600);
/// A session is over after this long, used or not.
const AGE_MAX: Duration = Duration::from_secs(24 * 3600);

/// The sessions of this process. They end with it: after a restart everyone signs in again.
#[derive(Default)]
pub struct Sessions {
    held: Mutex<HashMap<[u8; 32], Held>>,
}

struct Held {
    session: Session,
    opened: Instant,
    used: Instant,
}

impl Held {
    fn is_over(&self, now: Instant) -> bool {
        now.duration_since(self.used) >= IDLE_MAX || now.duration_since(self.opened) >= AGE_MAX
    }
}

/// A fresh 256-bit token, in hexadecimal.
pub(super) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What the digest of a codeword is salted with, anew for each.
pub(crate) fn salt() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl Sessions {
    /// Keeps `session` and returns the token that stands for it in the cookie.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn open(&self, session: Session, now: Instant) -> Result<String, getrandom::Error> {
        let token = token()?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, held| !held.is_over(now));
        held.insert(digest(&token), Held { session, opened: now, used: now });
        Ok(token)
    }

    /// The session behind `token`, marked as used now.
    pub fn find(&self, token: &str, now: Instant) -> Option<Session> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let found = held.get_mut(&digest(token)).filter(|held| !held.is_over(now))?;
        found.used = now;
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

fn digest(token: &str) -> [u8; 32] {
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

    #[test]
    fn a_token_finds_its_session_until_it_rests_a_shift() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let token = sessions.open(li(), start).unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(sessions.find(&token, start), Some(li()));
        assert_eq!(sessions.find("another", start), None);
        sessions.speak(&token, Lang::En);
        assert_eq!(sessions.find(&token, start).unwrap().lang, Lang::En);
        assert_eq!(sessions.find(&token, start + IDLE_MAX), None);
    }

    #[test]
    fn the_last_session_that_ends_is_told() {
        let (sessions, start, li_7) = (Sessions::default(), Instant::now(), OperatorId::new(7));
        let [first, second] = [sessions.open(li(), start).unwrap(), sessions.open(li(), start).unwrap()];
        assert_eq!(sessions.close(&first, start), Some((li_7, false)));
        assert_eq!(sessions.close(&first, start), None);
        assert_eq!(sessions.close(&second, start), Some((li_7, true)));
    }

    #[test]
    fn a_leaver_loses_every_session_at_once() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let newer = Session { password: 2, ..li() };
        let [first, second] = [li(), li()].map(|session| sessions.open(session, start).unwrap());
        let third = sessions.open(newer.clone(), start).unwrap();
        let li_7 = OperatorId::new(7);
        assert!(!sessions.end(li_7, 1, start), "one with the new password is left");
        assert_eq!([first, second].map(|token| sessions.find(&token, start)), [None, None]);
        assert_eq!(sessions.find(&third, start), Some(newer));
        assert!(sessions.end(li_7, 2, start));
        assert!(!sessions.end(li_7, 2, start), "told once");
    }

    #[test]
    fn a_session_goes_by_the_card_of_now() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let token = sessions.open(li(), start).unwrap();
        let card = OperatorCard::new(OperatorId::new(7), "li", "李敏", Role::Supervisor);
        let renewed = Session { role: Role::Supervisor, ..li() };
        assert_eq!(sessions.renew(&token, &card), Some(renewed.clone()));
        assert_eq!(sessions.find(&token, start), Some(renewed));
    }
}
