//! The call list of an incident: whom to call next, and why not the others. A pure function of card, calls and time.

use alarmcore::{Call, CallResult, ContactId, IncidentId, NumberId, Open, Timestamp};

use super::AccountCard;

/// A number to call, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Whose it is; [`ContactId::SITE`] for the site's own.
    pub contact: ContactId,
    /// Which number of the card.
    pub number: NumberId,
    /// The number as the card writes it.
    pub phone: String,
    /// How it stands.
    pub standing: Standing,
}

/// Why a number is called next, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is the one to call now.
    Next,
    /// Its turn comes.
    Later,
    /// Nobody is to be called there before this time; `None` where no such time is known.
    Unavailable(Option<Timestamp>),
    /// It was tried in this incident, under whatever name.
    Tried(CallResult, Timestamp),
    /// It was tried, and is to be called again then.
    Again(CallResult, Timestamp),
    /// It is known to be wrong or disconnected, since then.
    Dead(Timestamp),
}

/// A number of the card that turned out dead and was neither changed nor answered since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dead {
    /// Which number.
    pub number: NumberId,
    /// Whom it was dialled for.
    pub contact: ContactId,
    /// What was found.
    pub result: CallResult,
    /// When it was found first.
    pub since: Timestamp,
    /// By when it is to be corrected.
    pub due: Timestamp,
    /// In which incident it was found.
    pub incident: IncidentId,
}

/// The dead numbers of a card, from all calls of its account, oldest first: once a number, until somebody answers there or
/// the card has another number.
pub fn dead_numbers(card: &AccountCard, calls: &[(IncidentId, Call)]) -> Vec<Dead> {
    let of = |id: NumberId| {
        calls.iter().filter(|(_, call)| call.number == Some(id)).fold(None, |dead: Option<Dead>, (incident, call)| {
            match (dead, call.correct_by) {
                _ if call.result.is_reached() => None,
                (None, Some(due)) => {
                    let &Call { contact, result, at: since, .. } = call;
                    Some(Dead { number: id, contact, result, since, due, incident: *incident })
                }
                (dead, _) => dead,
            }
        })
    };
    card.numbered().iter().filter_map(|(id, _)| of(*id)).collect()
}

/// Every number of the card in the order in which it is called: the contacts, then the site itself. Where they take turns, the
/// one after whom the incident before began with (`began`) comes first.
///
/// A life-safety incident (`urgent`) calls people whatever their hours. When everybody was tried and nobody reached (who says a wrong word, or none when asked, is not), the
/// number that was tried longest ago is next, except one that is to be called again later. Whose time to be called again has come is
/// next before all others.
pub fn call_list(
    card: &AccountCard,
    calls: &[Call],
    dead: &[Dead],
    began: Option<ContactId>,
    now: Timestamp,
    urgent: bool,
) -> Vec<Turn> {
    let numbered = card.numbered();
    let id_of = |phone: &str| {
        let digits = digits(phone);
        numbered.iter().find(|(_, known)| *known == digits).map(|(id, _)| *id)
    };
    let mut contacts: Vec<_> = card.contacts.iter().collect();
    let last = began.filter(|_| card.rotate).and_then(|began| contacts.iter().position(|one| one.id == began));
    if let Some(last) = last {
        contacts.rotate_left(last + 1);
    }
    let site = (ContactId::SITE, card.phone.as_str(), None);
    let people = contacts.iter().flat_map(|one| one.phones().map(|phone| (one.id, phone, one.waits(now))));
    let mut turns: Vec<Turn> = people
        .chain([site])
        .filter_map(|(contact, phone, waits)| {
            let number = id_of(phone)?;
            let tried = calls.iter().rev().find(|call| call.number == Some(number));
            let known = dead.iter().find(|dead| dead.number == number);
            let standing = match (known, tried, waits.filter(|_| !urgent)) {
                (Some(dead), _, _) => Standing::Dead(dead.since),
                (None, Some(call), _) => match call.again_at {
                    Some(again_at) => Standing::Again(call.result, again_at),
                    None => Standing::Tried(call.result, call.at),
                },
                (None, None, Some(until)) => Standing::Unavailable(until),
                (None, None, None) => Standing::Later,
            };
            Some(Turn { contact, number, phone: phone.to_owned(), standing })
        })
        .collect();
    let reached = calls.iter().any(|call| call.result.reaches_user());
    let untried = turns.iter().position(|turn| turn.standing == Standing::Later);
    let again = || {
        let tried = turns.iter().enumerate().filter_map(|(place, turn)| match turn.standing {
            Standing::Tried(result, at) if !result.is_dead() => Some((at, place)),
            // Nobody waits in life safety.
            Standing::Again(_, at) if urgent => Some((at, place)),
            _ => None,
        });
        tried.min().map(|(_, place)| place)
    };
    // Whoever is to be called again by now goes before everybody else.
    let due = turns.iter().enumerate().filter_map(|(place, turn)| match turn.standing {
        Standing::Again(_, at) if at <= now => Some((at, place)),
        _ => None,
    });
    let due = due.min().map(|(_, place)| place);
    if let Some(next) = due.or(untried).or_else(|| if reached { None } else { again() }) {
        turns[next].standing = Standing::Next;
    }
    turns
}

/// What two spellings of one telephone number have in common.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

impl super::Contact {
    /// The numbers, the first to try first.
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        [self.phone.as_str()].into_iter().chain(self.phones.iter().map(String::as_str))
    }

    /// Until when the person is not to be called; `None` when now is a good time.
    fn waits(&self, now: Timestamp) -> Option<Option<Timestamp>> {
        let from = self.not_before.filter(|from| *from > now);
        match self.available.as_ref().map(|hours| hours.open_at(from.unwrap_or(now))) {
            None | Some(Open::Now) => from.map(Some),
            Some(Open::From(at)) => Some(Some(at)),
            Some(Open::Never) => Some(None),
        }
    }
}
