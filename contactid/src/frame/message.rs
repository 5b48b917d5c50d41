//! The message inside a frame: data, extended fields and time stamp, decrypted where need be.

use alloc::{borrow::Cow, string::ToString, vec::Vec};

use memchr::memchr;

use super::cipher::{BLOCK, Key, unhex};
use super::extended::{self, Extended};
use super::stamp::{Stamp, Window};
use super::{Frame, Token};
use crate::{
    AccountNumber, CidMessage, ContentFault, KeyFault, MessageError, Quirks, SiaEvents, SiaMessage, Signal, Strictness,
    text,
};

/// What stands between the first bracket and the end of a frame, in the clear.
///
/// ```text
/// [#12345A|NFA129][M0026B9E4268B]_12:34:56,03-07-2025
///   │      │       └─ extended()  └─ stamp()
///   │      └─ content() ▶ cid(), sia(), events()
///   └─ inner_account()        data() is both, with # and |
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    token: Token<'a>,
    account: Option<&'a [u8]>,
    encrypted: bool,
    strictness: Strictness,
    plain: Cow<'a, [u8]>,
    data: Span,
    inner_account: Option<Span>,
    content: Span,
    extended: Span,
    stamp: Option<Stamp>,
    quirks: Quirks,
}

/// A part of a message's bytes. Sixteen bits do: no frame is longer than [`FRAME_MAX`](crate::FRAME_MAX).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u16,
    end: u16,
}

impl Span {
    const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u16, end: end as u16 }
    }

    fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[usize::from(self.start)..usize::from(self.end)]
    }
}

impl<'a> Frame<'a> {
    /// Reads the message: at once if it is plain, with `key` if it is encrypted. Plain messages allocate nothing.
    ///
    /// # Errors
    /// [`MessageError::Key`] if there is no key or it does not fit, [`MessageError::Content`] if the cipher text is no
    /// whole blocks, [`MessageError::NonStandard`] if the frame was read [strictly](Strictness::Strict) and the message departs
    /// from the standard.
    #[inline(always)]
    pub fn open(&self, key: Option<&Key>) -> Result<Message<'a>, MessageError> {
        // Each way with a cut of its own: that of a plain message then keeps its bytes in registers.
        if self.is_encrypted() { self.open_sealed(key) } else { Message::cut(self, Cow::Borrowed(self.body()), 0) }
    }

    #[inline(never)]
    fn open_sealed(&self, key: Option<&Key>) -> Result<Message<'a>, MessageError> {
        let (plain, start) = self.decrypted(key)?;
        Message::cut(self, plain, start)
    }

    /// The body decrypted, and where behind the pad it begins.
    fn decrypted(&self, key: Option<&Key>) -> Result<(Cow<'a, [u8]>, usize), MessageError> {
        let key = key.ok_or(MessageError::Key(KeyFault::Missing))?;
        let length = self.body().len();
        let no_blocks = MessageError::Content(ContentFault::CipherText { length });
        if length == 0 || !length.is_multiple_of(2 * BLOCK) {
            return Err(no_blocks);
        }
        let mut plain = Vec::with_capacity(length / 2);
        unhex(self.body(), &mut plain).map_err(|_| no_blocks)?;
        key.decrypt(&mut plain);
        // A wrong key also yields bytes. What only the right one yields is a stamp at the very end and a mark before it.
        let wrong = MessageError::Key(KeyFault::Wrong);
        let (content, _) = split_stamp(&plain).ok_or(wrong)?;
        let mark = content.iter().position(|&byte| matches!(byte, b'|' | b']')).ok_or(wrong)?;
        let start = if plain[mark] == b'|' { mark + 1 } else { mark };
        Ok((Cow::Owned(plain), start))
    }
}

/// What stands before the stamp with its underscore, and the stamp, if the bytes end in something of that shape.
fn split_stamp(bytes: &[u8]) -> Option<(&[u8], &[u8; Stamp::LENGTH])> {
    let (before, stamp) = bytes.split_last_chunk()?;
    Some((before.strip_suffix(b"_")?, stamp)).filter(|(_, stamp)| Stamp::shape(stamp))
}

impl<'a> Message<'a> {
    /// Inlined, so that the message is built where it is returned to: its hundred bytes would else be moved twice.
    #[inline(always)]
    fn cut(frame: &Frame<'a>, plain: Cow<'a, [u8]>, start: usize) -> Result<Self, MessageError> {
        let mut quirks = Quirks::NONE;
        let bytes = &*plain;
        let (end, stamp) = match split_stamp(bytes) {
            Some((before, stamp)) if before.len() >= start => (before.len(), Stamp::of(stamp)),
            _ => (bytes.len(), None),
        };
        if end < bytes.len() && stamp.is_none() {
            quirks.add(Quirks::ODD_TIMESTAMP);
        }
        let data_end = match memchr(b']', &bytes[start..end]) {
            Some(bracket) => start + bracket,
            None => {
                if !frame.quirks().contains(Quirks::NO_BRACKETS) {
                    quirks.add(Quirks::UNCLOSED_BRACKET);
                }
                end
            }
        };
        let behind = (data_end + 1).min(end);
        let mut rest = &bytes[behind..end];
        while extended::take(&mut rest).is_some() {}
        let extended = Span::new(behind, end - rest.len());
        match rest {
            [] => {}
            [b'_', ..] => quirks.add(Quirks::ODD_TIMESTAMP),
            _ => quirks.add(Quirks::STRAY_TAIL),
        }
        let (inner_account, content) = inner(&bytes[start..data_end], start, frame, &mut quirks);
        standard(frame.strictness, quirks)?;
        Ok(Self {
            token: frame.token(),
            account: frame.account,
            encrypted: frame.is_encrypted(),
            strictness: frame.strictness,
            data: Span::new(start, data_end),
            inner_account,
            content,
            extended,
            stamp,
            quirks,
            plain,
        })
    }

    /// What kind of message it is: the token of its frame.
    pub const fn token(&self) -> Token<'a> {
        self.token
    }

    /// Everything between the brackets: `#12345A|NFA129`.
    pub fn data(&self) -> &[u8] {
        self.data.of(&self.plain)
    }

    /// The data as text: UTF-8, or else Windows-1252.
    pub fn data_text(&self) -> Cow<'_, str> {
        text::decode(self.data())
    }

    /// The account inside the brackets as received, without its `#`.
    pub fn inner_account(&self) -> Option<&str> {
        self.inner_account.and_then(|span| text::ascii(span.of(&self.plain)))
    }

    /// Who reports: the account of the frame, or the one inside the brackets where the frame names none.
    #[inline]
    pub fn account_number(&self) -> Option<AccountNumber> {
        let number = |text: &[u8]| AccountNumber::new(text).ok();
        self.account.and_then(number).or_else(|| self.inner_account.and_then(|span| number(span.of(&self.plain))))
    }

    /// What stands between the brackets behind the account.
    pub fn content(&self) -> &[u8] {
        self.content.of(&self.plain)
    }

    /// The extended fields, in the order in which they were sent, known or not.
    pub fn extended(&self) -> impl Iterator<Item = Extended<'_>> {
        let mut rest = self.extended.of(&self.plain);
        core::iter::from_fn(move || extended::take(&mut rest))
    }

    /// When the panel sent it, by its own clock; `None` if it did not say, or named no moment of the calendar.
    pub const fn stamp(&self) -> Option<Stamp> {
        self.stamp
    }

    /// The departures from the standard behind the envelope, up to the content.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// Whether the panel's clock lies within `window` of `now`. DC-09 demands that of encrypted messages; the caller
    /// decides for plain ones.
    ///
    /// # Errors
    /// [`MessageError::Clock`], whose reply is NAK, with how far the clock is off.
    pub fn check_clock(&self, now: Stamp, window: Window) -> Result<(), MessageError> {
        let skew_secs = self.stamp.map(|stamp| stamp.skew_secs(now));
        match skew_secs {
            Some(skew) if window.admits(skew) => Ok(()),
            None if !self.encrypted => Ok(()),
            _ => Err(MessageError::Clock { skew_secs }),
        }
    }

    /// The content read as Contact ID, for [`Token::AdmCid`].
    ///
    /// # Errors
    /// [`MessageError::Content`] if it has not the form `QXYZ GG CCC`, [`MessageError::NonStandard`] if it was read strictly
    /// and departs from that form.
    #[inline(always)]
    pub fn cid(&self) -> Result<CidMessage, MessageError> {
        let message = CidMessage::parse(self.content()).map_err(MessageError::Content)?;
        standard(self.strictness, message.quirks())?;
        Ok(message)
    }

    /// The content read as SIA blocks, for [`Token::SiaDcs`].
    ///
    /// # Errors
    /// [`MessageError::Content`] if there is content, and no event in it; [`MessageError::NonStandard`] if it was read strictly
    /// and departs from DC-03.
    pub fn sia(&self) -> Result<SiaMessage<'_>, MessageError> {
        let message = SiaMessage::parse(self.content()).map_err(MessageError::Content)?;
        standard(self.strictness, message.quirks())?;
        Ok(message)
    }

    /// The events of the SIA blocks one by one, without a list of them, for [`Token::SiaDcs`]. What departs from DC-03 is known
    /// behind the last, and so refused by nobody: [`SiaEvents::quirks`] says it.
    pub fn sia_events(&self) -> SiaEvents<'_> {
        SiaEvents::new(self.content())
    }

    /// What the message reports, whatever its token: nothing for supervision messages, empty data and tokens whose content
    /// stays raw.
    ///
    /// The extended fields `I` (text) and `H` (time of the event) complete events that have none of their own.
    ///
    /// # Errors
    /// As [`Message::cid`] and [`Message::sia`].
    pub fn events(&self) -> Result<Vec<Signal>, MessageError> {
        let mut signals = match self.token {
            _ if self.data().is_empty() => Vec::new(),
            Token::AdmCid => alloc::vec![self.cid()?.signal()],
            Token::SiaDcs => self.sia()?.events.iter().map(|event| event.signal()).collect(),
            _ => Vec::new(),
        };
        for field in self.extended() {
            for signal in &mut signals {
                let place = match field.id {
                    'I' => &mut signal.text,
                    'H' => &mut signal.device_time,
                    _ => continue,
                };
                place.get_or_insert_with(|| field.text().to_string());
            }
        }
        Ok(signals)
    }
}

/// Refuses departures where none are borne.
#[inline]
const fn standard(strictness: Strictness, quirks: Quirks) -> Result<(), MessageError> {
    match strictness {
        Strictness::Strict if !quirks.is_empty() => Err(MessageError::NonStandard(quirks)),
        Strictness::Strict | Strictness::Tolerant => Ok(()),
    }
}

/// Parts the data, which begin at `start`, into account and content.
fn inner(data: &[u8], start: usize, frame: &Frame<'_>, quirks: &mut Quirks) -> (Option<Span>, Span) {
    let reports = matches!(frame.token(), Token::AdmCid | Token::SiaDcs);
    // An account is short: what is set up to look far costs more than to look byte by byte.
    let bar = data.iter().position(|&byte| byte == b'|');
    let account = match (data, bar) {
        ([b'#', ..], bar) => 1..bar.unwrap_or(data.len()),
        // Lupus leaves the number sign out. Only a number, or the frame's account, is taken for an account then: it might
        // as well be the first block.
        (_, Some(bar @ 1..)) if reports && is_account(&data[..bar], frame.account) => {
            quirks.add(Quirks::INNER_ACCOUNT_BARE);
            0..bar
        }
        _ => {
            if reports && !data.is_empty() {
                quirks.add(Quirks::NO_INNER_ACCOUNT);
            }
            let blank = usize::from(bar == Some(0));
            return (None, Span::new(start + blank, start + data.len()));
        }
    };
    let content = bar.map_or(data.len(), |bar| bar + 1);
    let inner = &data[account.clone()];
    let same = |outer: &[u8]| inner == outer || inner.eq_ignore_ascii_case(outer);
    if !frame.account.is_none_or(same) {
        quirks.add(Quirks::INNER_ACCOUNT_DIFFERS);
    }
    let inner = Span::new(start + account.start, start + account.end);
    (Some(inner), Span::new(start + content, start + data.len()))
}

fn is_account(text: &[u8], outer: Option<&[u8]>) -> bool {
    text.len() <= AccountNumber::MAX
        && (text.iter().all(u8::is_ascii_hexdigit) || outer.is_some_and(|outer| text.eq_ignore_ascii_case(outer)))
}
