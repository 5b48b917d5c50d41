//! The content of the tokens that carry a record of a telephone line.

use alloc::vec::Vec;

use crate::cid::AdemcoReport;
use crate::scancom::{Channels, ScancomReport};
use crate::{Format, Message, RecordError, Signal, Strictness, Token};

impl Message<'_> {
    /// What a message reports whose token carries the record of a telephone line; `None` for every other token, and for those
    /// whose records are not read: [`Message::content`] has them raw.
    ///
    /// **Unverified**, and therefore not part of [`Message::events`]: that the content is the digits of the format, with or
    /// without the account before them, with or without blanks between them. No capture of such a message was seen.
    ///
    /// ```
    /// use contactid::{Encoder, Frame, Strictness, Token};
    /// let bytes = Encoder { account: Some("1234"), data: b"#1234|5515 5555 7", ..Encoder::new(Token::ScnS8, 1) }.encode()?;
    /// let message = Frame::parse(&bytes, Strictness::Strict)?.open(None)?;
    /// let signals = message.record_events().unwrap()?;
    /// assert_eq!((signals[0].code.to_string(), signals[0].number), ("scancom:1".into(), Some(3)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RecordError`] if the content is no record of the token's format.
    pub fn record_events(&self) -> Option<Result<Vec<Signal>, RecordError>> {
        let format = match self.token() {
            Token::Adm41e => Format::Express41,
            Token::Adm42e => Format::Express42,
            Token::AdmHs => Format::HighSpeed,
            Token::ScnS8 | Token::ScnS16 | Token::ScnS24 => Format::Scancom,
            _ => return None,
        };
        let content = self.content().iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        let account = self.inner_account().unwrap_or_default();
        let mut digits = Vec::with_capacity(account.len() + self.content().len());
        digits.extend_from_slice(account.as_bytes());
        digits.extend(content);
        // No length fits both with the account and without it.
        let bare = digits.get(account.len()..).unwrap_or_default();
        Some(read(format, bare).or_else(|error| read(format, &digits).map_err(|_| error)))
    }
}

fn read(format: Format, digits: &[u8]) -> Result<Vec<Signal>, RecordError> {
    if format == Format::Scancom {
        return Ok(ScancomReport::parse(digits, Strictness::Tolerant)?.signals(Channels::Agreed).collect());
    }
    match AdemcoReport::parse(digits, Strictness::Tolerant)? {
        report if report.format() == format => Ok(report.signals().collect()),
        _ => Err(RecordError::Foreign { expected: format.as_str() }),
    }
}
