//! The editions of DC-09, and what a receiver of each expects.

use alloc::{borrow::Cow, vec::Vec};
use core::fmt;

use super::cipher::{Key, Pad};
use super::encode::{EncodeError, Encoder};
use super::extended::{Extended, ExtendedId, Value};
use super::token::{Carries, Token};
use crate::text;

/// An edition of SIA DC-09: what a panel may send to a receiver that was built to it.
///
/// | | 2007 | 2013 | 2021 | 2026 |
/// |---|---|---|---|---|
/// | pad | 1 to 16 bytes | 1 to 16 | 1 to 16 | 16 to 31 |
/// | text | Windows-1252 | Windows-1252 | Windows-1252 | UTF-8 |
/// | network path | | `[J1]` | `[J1]` | `[G1]` |
/// | JSON | | | `[J{…}]` | `[J{…}]` |
/// | extended fields | M P V | all but C, G | all but G | all |
/// | tokens | all but RSP, XNM | all but XNM | all | all |
///
/// **Unverified**: which extended fields 2007 has, in which edition RSP came, that the content tokens of Annex H (2026)
/// stood in every edition, and which of its two meanings `J` has in 2021, where both are let pass. The text of the standards
/// was not seen. What is sure is the pad and the path of 2026, XNM from 2021 on, and the frame itself.
///
/// ```
/// use contactid::{Edition, Encoder, EncodeError, Extended, Token};
/// let site = Edition::E2026.text("Улица")?;
/// let frame = Encoder {
///     account: Some("1234"),
///     data: b"#1234|1401 02 501",
///     extended: &[Extended { id: 'S', value: &site }],
///     ..Encoder::new(Token::AdmCid, 8)
/// };
/// assert!(Edition::E2026.encode(&frame).is_ok());
/// assert_eq!(Edition::E2007.encode(&frame), Err(EncodeError::NoSuchField { edition: Edition::E2007, id: 'S' }));
/// assert_eq!(Edition::E2013.text("Улица"), Err(EncodeError::Text { edition: Edition::E2013, found: 'У' }));
/// # Ok::<(), EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// DC-09-2007.
    E2007,
    /// DC-09-2013.
    E2013,
    /// DC-09-2021.
    E2021,
    /// DC-09-2026.
    E2026,
}

impl Edition {
    /// Every edition, oldest first.
    pub const ALL: [Self; 4] = [Self::E2007, Self::E2013, Self::E2021, Self::E2026];

    /// The year in its name.
    pub const fn year(self) -> u16 {
        match self {
            Self::E2007 => 2007,
            Self::E2013 => 2013,
            Self::E2021 => 2021,
            Self::E2026 => 2026,
        }
    }

    /// Whether it has this token.
    pub fn knows(self, token: Token<'_>) -> bool {
        token.is_listed()
            && match token {
                Token::Xnm => self >= Self::E2021,
                Token::Rsp => self >= Self::E2013,
                _ => true,
            }
    }

    /// Whether it has this extended field.
    pub fn knows_field(self, id: ExtendedId) -> bool {
        match id {
            ExtendedId::Mac | ExtendedId::Programming | ExtendedId::Verification => true,
            ExtendedId::Path => self >= Self::E2026,
            ExtendedId::Category => self >= Self::E2021,
            _ => self >= Self::E2013,
        }
    }

    /// The pad of its encrypted messages, from random bytes of the caller: sixteen, or thirty-one for 2026.
    pub const fn pad(self, random: &[u8]) -> Pad<'_> {
        match self {
            Self::E2026 => Pad::Long(random),
            _ => Pad::Short(random),
        }
    }

    /// Text in its character set: UTF-8 (2026), Windows-1252 (before).
    ///
    /// Two letters of Windows-1252 in a row can look like one of UTF-8 (`Ã©` like `é`), and a reader that tries UTF-8 first
    /// takes them for it.
    ///
    /// # Errors
    /// [`EncodeError::Text`] names the first character that has no byte.
    pub fn text(self, words: &str) -> Result<Cow<'_, [u8]>, EncodeError> {
        if self == Self::E2026 || words.is_ascii() {
            return Ok(Cow::Borrowed(words.as_bytes()));
        }
        let mut bytes = Vec::with_capacity(words.len());
        match text::encode_1252(words, &mut bytes) {
            Ok(()) => Ok(Cow::Owned(bytes)),
            Err(found) => Err(EncodeError::Text { edition: self, found }),
        }
    }

    /// The frame, if a receiver of this edition reads it.
    ///
    /// # Errors
    /// [`EncodeError`] says what the edition does not have, or what is not in its form: fields too wide, `L` or account
    /// missing, sequence number 0 with anything but a supervision message (which many panels number so), data in a message
    /// that carries none.
    pub fn encode(self, frame: &Encoder<'_>) -> Result<Vec<u8>, EncodeError> {
        self.check(frame)?;
        frame.encode()
    }

    /// The frame encrypted, with the pad of this edition made of `random`.
    ///
    /// # Errors
    /// As [`Edition::encode`], and [`EncodeError::NoStamp`].
    pub fn encrypt(self, frame: &Encoder<'_>, key: &Key, random: &[u8]) -> Result<Vec<u8>, EncodeError> {
        self.check(frame)?;
        frame.encrypt(key, self.pad(random))
    }

    /// Whether a receiver of this edition reads the frame.
    ///
    /// # Errors
    /// As [`Edition::encode`].
    pub fn check(self, frame: &Encoder<'_>) -> Result<(), EncodeError> {
        frame.check()?;
        if !self.knows(frame.token) {
            return Err(EncodeError::NoSuchToken { edition: self });
        }
        if frame.sequence == 0 && frame.token != Token::Nak && !frame.token.is_supervision() {
            return Err(EncodeError::Sequence { found: 0 });
        }
        let width = |field, text: &str, least, most| match text.len() {
            length if (least..=most).contains(&length) => Ok(()),
            length => Err(EncodeError::Size { field, length, least, most }),
        };
        width("receiver", frame.receiver.unwrap_or("0"), 1, 6)?;
        width("line", frame.line.unwrap_or_default(), 1, 6)?;
        let account = frame.account.unwrap_or_default();
        width("account", account, 3, 16)?;
        if let Some(found) = account.bytes().find(|byte| !byte.is_ascii_hexdigit()) {
            return Err(EncodeError::Byte { field: "account", found });
        }
        if frame.token.carries() == Carries::Nothing && !frame.data.is_empty() {
            return Err(EncodeError::Size { field: "data", length: frame.data.len(), least: 0, most: 0 });
        }
        frame.extended.iter().try_for_each(|field| self.check_field(field))
    }

    fn check_field(self, field: &Extended<'_>) -> Result<(), EncodeError> {
        let id = field.id;
        let known = ExtendedId::new(id).filter(|&known| self.knows_field(known));
        let known = known.ok_or(EncodeError::NoSuchField { edition: self, id })?;
        let fits = match field.read() {
            Value::Other(_) => false,
            Value::Json(_) => self >= Self::E2021,
            Value::Path(_) => self.path() == Some(known),
            _ => true,
        };
        if !fits {
            return Err(EncodeError::Form { edition: self, id });
        }
        let length = field.value.len();
        let most = known.most().filter(|_| !matches!(field.read(), Value::Json(_))).unwrap_or(usize::MAX);
        if length > most {
            return Err(EncodeError::Size { field: "extended", length, least: 0, most });
        }
        Ok(())
    }

    /// Under which letter it names the network path; `None` for 2007.
    pub const fn path(self) -> Option<ExtendedId> {
        match self {
            Self::E2007 => None,
            Self::E2013 | Self::E2021 => Some(ExtendedId::PathOrJson),
            Self::E2026 => Some(ExtendedId::Path),
        }
    }
}

impl fmt::Display for Edition {
    /// The year.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.year().fmt(f)
    }
}
