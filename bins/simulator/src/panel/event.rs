//! What a panel reports, as a person types it: `130 1 5`, `R130 1 5`, `BA 1 5 Front door`.

use std::str::FromStr;

use contactid::{EventCode, Qualifier, SiaCode};

/// One event of a panel, in the content of either token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Contact ID: qualifier, code, group, zone or user.
    Cid {
        /// New, restore or status.
        qualifier: Qualifier,
        /// Three digits.
        code: EventCode,
        /// 0 to 99; 0 is none.
        group: u16,
        /// 0 to 999; 0 is none.
        number: u16,
    },
    /// SIA DC-03: code, area, zone or user, text.
    Sia {
        /// Two letters.
        code: SiaCode,
        /// 0 is none.
        area: u16,
        /// 0 is none.
        number: u16,
        /// What the panel says about it; empty for nothing.
        text: String,
    },
}

/// The text is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not a code of either kind.
    #[error("{0:?} is no event code; write three digits (130, R130 for its restore) or two capitals (BA)")]
    Code(String),
    /// Not a number, or too large for the field.
    #[error("{text:?} is no {what}; write a number from 0 to {max}")]
    Number {
        /// `group` or `number`.
        what: &'static str,
        /// What stands there.
        text: String,
        /// The largest that fits.
        max: u16,
    },
    /// Contact ID has no place for text.
    #[error("{0:?} is too much: Contact ID carries a code, a group and a number")]
    Surplus(String),
}

impl Event {
    /// The token that carries it.
    #[must_use]
    pub fn token(&self) -> &'static str {
        match self {
            Self::Cid { .. } => "ADM-CID",
            Self::Sia { .. } => "SIA-DCS",
        }
    }

    /// What stands behind `#account|` in the brackets.
    #[must_use]
    pub fn content(&self) -> String {
        match self {
            Self::Cid { qualifier, code, group, number } => {
                format!("{}{code} {group:02} {number:03}", qualifier.digit())
            }
            Self::Sia { code, area, number, text } => {
                let mut content = "N".to_owned();
                if *area > 0 {
                    content += &format!("ri{area}/");
                }
                content += &code.to_string();
                if *number > 0 {
                    content += &format!("{number:03}");
                }
                if !text.is_empty() {
                    content += &format!("|A{text}");
                }
                content
            }
        }
    }
}

impl FromStr for Event {
    type Err = EventError;

    fn from_str(typed: &str) -> Result<Self, EventError> {
        let (code, rest) = typed.trim().split_once(char::is_whitespace).unwrap_or((typed.trim(), ""));
        let mut fields = rest.trim_start().splitn(3, char::is_whitespace);
        let mut next = || fields.next().unwrap_or("");
        let (group, number, text) = (next(), next(), next().trim());
        if let [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] = *code.as_bytes() {
            let code = SiaCode::new([a, b]).ok_or_else(|| EventError::Code(code.to_owned()))?;
            let [area, number] = [field("area", group, 9999)?, field("number", number, 9999)?];
            return Ok(Self::Sia { code, area, number, text: text.to_owned() });
        }
        let (qualifier, digits) = match code.split_at_checked(code.len().saturating_sub(3)) {
            Some(("" | "E" | "1", digits)) => (Qualifier::New, digits),
            Some(("R" | "3", digits)) => (Qualifier::Restore, digits),
            Some(("P" | "6", digits)) => (Qualifier::Status, digits),
            _ => return Err(EventError::Code(code.to_owned())),
        };
        let digits: [u8; 3] = digits.as_bytes().try_into().map_err(|_| EventError::Code(code.to_owned()))?;
        let code = EventCode::from_digits(digits).ok_or_else(|| EventError::Code(code.to_owned()))?;
        if !text.is_empty() {
            return Err(EventError::Surplus(text.to_owned()));
        }
        let [group, number] = [field("group", group, 99)?, field("number", number, 999)?];
        Ok(Self::Cid { qualifier, code, group, number })
    }
}

fn field(what: &'static str, text: &str, max: u16) -> Result<u16, EventError> {
    match text {
        "" => Ok(0),
        _ => text.parse().ok().filter(|value| *value <= max).ok_or_else(|| EventError::Number {
            what,
            text: text.to_owned(),
            max,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_sent() {
        let sent = |typed: &str| typed.parse::<Event>().map(|event| format!("{} {}", event.token(), event.content()));
        for (typed, content) in [
            ("130", "ADM-CID 1130 00 000"),
            ("130 1 5", "ADM-CID 1130 01 005"),
            (" E130  1 5 ", "ADM-CID 1130 01 005"),
            ("R401 2 17", "ADM-CID 3401 02 017"),
            ("6301", "ADM-CID 6301 00 000"),
            ("BA", "SIA-DCS NBA"),
            ("BA 1 5 Front door", "SIA-DCS Nri1/BA005|AFront door"),
            ("RP", "SIA-DCS NRP"),
        ] {
            assert_eq!(sent(typed), Ok(content.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_event_says_why() {
        let refused = |typed: &str| typed.parse::<Event>().unwrap_err();
        assert_eq!(refused("13"), EventError::Code("13".to_owned()));
        assert_eq!(refused("X130"), EventError::Code("X130".to_owned()));
        assert_eq!(refused("ba 1"), EventError::Code("ba".to_owned()));
        assert_eq!(refused("警130"), EventError::Code("警130".to_owned()));
        assert_eq!(refused("130 100 1"), EventError::Number { what: "group", text: "100".to_owned(), max: 99 });
        assert_eq!(refused("130 1 5 Front door"), EventError::Surplus("Front door".to_owned()));
    }
}
