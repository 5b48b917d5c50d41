//! People to call as a person writes them: one a line. Codewords are never in it, and stay with the number of the contact.

use core::fmt;
use std::sync::Arc;

use alarmcore::{ContactId, Lang, ScheduleError, Timestamp};

use super::{AccountCard, Contact};

/// Why lines are no people to call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub enum ContactLineError {
    /// It does not begin with a number and a name.
    NoName {
        /// Which line, the first being 1.
        line: usize,
        /// What was found.
        found: String,
    },
    /// Nobody can be called there.
    NoPhone {
        /// Which line.
        line: usize,
    },
    /// An entry that says the same as another.
    Twice {
        /// Which line.
        line: usize,
        /// Which entry.
        entry: &'static str,
    },
    /// Not a time.
    NotBefore {
        /// Which line.
        line: usize,
        /// What was found.
        found: String,
    },
    /// Not hours.
    Hours {
        /// Which line.
        line: usize,
        /// Why not.
        error: ScheduleError,
    },
}

impl ContactLineError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NoName { line, found }, Lang::En) => {
                format!("contact line {line}: expected a number and a name such as `1 Wang Fang`, found {found:?}")
            }
            (Self::NoName { line, found }, Lang::Zh) => {
                format!("联系人第 {line} 行：应为编号和姓名，如 `1 王芳`，现为 {found:?}")
            }
            (Self::NoPhone { line }, Lang::En) => {
                format!("contact line {line}: no telephone number; write it as `phone 13900000001, 13900000002`")
            }
            (Self::NoPhone { line }, Lang::Zh) => {
                format!("联系人第 {line} 行：没有电话号码，请写作 `phone 13900000001, 13900000002`")
            }
            (Self::Twice { line, entry }, Lang::En) => format!("contact line {line}: {entry} is said twice"),
            (Self::Twice { line, entry }, Lang::Zh) => format!("联系人第 {line} 行：{entry} 重复填写"),
            (Self::NotBefore { line, found }, Lang::En) => format!(
                "contact line {line}: expected a time such as `not-before 2026-12-01T08:00:00+08:00`, found {found:?}"
            ),
            (Self::NotBefore { line, found }, Lang::Zh) => {
                format!("联系人第 {line} 行：应为时间，如 `not-before 2026-12-01T08:00:00+08:00`，现为 {found:?}")
            }
            (Self::Hours { line, error }, Lang::En) => format!(
                "contact line {line}: neither role, phone, not-before, closes-late nor hours such as `zone Asia/Shanghai; Mon-Fri 08:00-18:00`: {}",
                error.label(lang)
            ),
            (Self::Hours { line, error }, Lang::Zh) => format!(
                "联系人第 {line} 行：既不是 role、phone、not-before、closes-late，也不是时段（如 `zone Asia/Shanghai; Mon-Fri 08:00-18:00`）：{}",
                error.label(lang)
            ),
        }
    }
}

impl Contact {
    /// People to call, one a line or parted by `|`, in the order to call them:
    ///
    /// `1 Wang Fang; role owner; phone 13900000001, 13900000002; closes-late; not-before 2026-12-01T08:00:00+08:00; zone Asia/Shanghai; Mon-Fri 08:00-18:00`
    ///
    /// Hours say when they may be called, `not-before` that they are not to be called until then, `closes-late` that they may
    /// say that the site is closed later than its hours. They have no codewords:
    /// [`AccountCard::calling`] keeps those that a card has.
    ///
    /// # Errors
    /// What is wrong first, with its line and what to write.
    pub fn read_all(text: &str) -> Result<Vec<Self>, ContactLineError> {
        let lines = text.split(['\n', '|']).map(str::trim).filter(|line| !line.is_empty());
        lines.enumerate().map(|(index, text)| read(index + 1, text)).collect()
    }
}

fn read(line: usize, text: &str) -> Result<Contact, ContactLineError> {
    let (first, rest) = text.split_once([';', '；']).unwrap_or((text, ""));
    let named = first.trim().split_once(char::is_whitespace).and_then(|(number, name)| {
        Some((ContactId::new(number.parse().ok()?), name.trim())).filter(|(_, name)| !name.is_empty())
    });
    let (id, name) = named.ok_or_else(|| ContactLineError::NoName { line, found: first.trim().to_owned() })?;
    let (mut role, mut phones, mut not_before, mut hours) = (None, None, None, Vec::new());
    let mut closes_late = false;
    for entry in rest.split([';', '；']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let (word, value) = entry.split_once(char::is_whitespace).unwrap_or((entry, ""));
        let twice = |entry| ContactLineError::Twice { line, entry };
        match word {
            "role" if role.replace(value.trim().to_owned()).is_some() => return Err(twice("role")),
            "phone" if phones.replace(value).is_some() => return Err(twice("phone")),
            "not-before" => {
                let read = Timestamp::from_rfc3339(value.trim());
                let at = read.ok_or_else(|| ContactLineError::NotBefore { line, found: value.trim().to_owned() })?;
                if not_before.replace(at).is_some() {
                    return Err(twice("not-before"));
                }
            }
            "closes-late" if value.is_empty() => closes_late = true,
            "role" | "phone" => {}
            _ => hours.push(entry),
        }
    }
    let phones = phones.unwrap_or_default().split([',', '，', '、']).map(str::trim).filter(|phone| !phone.is_empty());
    let mut phones: Vec<String> = phones.map(str::to_owned).collect();
    if phones.is_empty() {
        return Err(ContactLineError::NoPhone { line });
    }
    let available = match hours.is_empty() {
        true => None,
        false => {
            let read = hours.join("; ").parse().map_err(|error| ContactLineError::Hours { line, error })?;
            Some(Arc::new(read))
        }
    };
    Ok(Contact {
        id,
        name: name.to_owned(),
        phone: phones.remove(0),
        phones,
        available,
        not_before,
        role: role.unwrap_or_default(),
        closes_late,
        codeword: None,
        duress: None,
    })
}

impl AccountCard {
    /// The card with these people to call in place of its own; whoever keeps their number keeps their codewords.
    #[must_use]
    pub fn calling(self, wanted: Vec<Contact>) -> Self {
        let known = |wanted: Contact| match self.contacts.iter().find(|known| known.id == wanted.id) {
            Some(known) => Contact { codeword: known.codeword.clone(), duress: known.duress.clone(), ..wanted },
            None => wanted,
        };
        let contacts = wanted.into_iter().map(known).collect();
        Self { contacts, ..self }
    }
}

/// The line that it is read from.
impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)?;
        if !self.role.is_empty() {
            write!(f, "; role {}", self.role)?;
        }
        write!(f, "; phone {}", self.phone)?;
        self.phones.iter().try_for_each(|phone| write!(f, ", {phone}"))?;
        if self.closes_late {
            f.write_str("; closes-late")?;
        }
        if let Some(at) = self.not_before {
            write!(f, "; not-before {at}")?;
        }
        self.available.as_ref().map_or(Ok(()), |hours| write!(f, "; {hours}"))
    }
}
