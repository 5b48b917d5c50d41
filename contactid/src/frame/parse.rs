//! The envelope cut into its fields.

use memchr::{memchr, memchr_iter};
use nom::{
    IResult, Parser,
    bytes::complete::{take_till, take_while, take_while_m_n},
    character::complete::char,
    combinator::{opt, rest},
    sequence::preceded,
};

use super::cipher::NIBBLE;
use super::{FRAME_MAX, Frame, Strictness};
use crate::text::ascii;
use crate::{Damage, Foreign, FrameError, Quirks, Token, crc};

/// How a header begins at some LF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// Four hexadecimal digits of CRC and four of length, then `"`.
    Text,
    /// Two raw bytes of CRC and four digits of length, then `"`.
    Binary,
    /// Too few bytes to tell, and none against it.
    Partial,
}

impl Header {
    /// The header that follows an LF; `None` if none does. The raw bytes of a binary CRC may be LF or CR themselves, so
    /// nothing but the place of the `"` decides.
    pub(crate) fn after_lf(bytes: &[u8]) -> Option<Self> {
        let digits = |from: usize, to: usize| {
            bytes.get(from..to.min(bytes.len())).unwrap_or_default().iter().all(|&byte| NIBBLE[usize::from(byte)] < 16)
        };
        let binary = digits(2, 6);
        let text = digits(0, 8);
        match (bytes.get(6), bytes.get(8)) {
            (Some(b'"'), _) if binary => Some(Self::Binary),
            (Some(_), Some(b'"')) if text => Some(Self::Text),
            (Some(_), None) if text => Some(Self::Partial),
            (None, _) if binary || text => Some(Self::Partial),
            _ => None,
        }
    }

    /// Bytes from the one behind LF to the `"`.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::Text => 8,
            Self::Binary => 6,
            Self::Partial => 0,
        }
    }
}

pub(super) fn frame(bytes: &[u8], strictness: Strictness) -> Result<Frame<'_>, FrameError> {
    let Cut { form, head, body, mut quirks } = cut(bytes)?;
    let expected = crc::checksum(body);
    let (found, lower) = match form {
        Header::Binary => (u16::from_be_bytes([head[0], head[1]]), false),
        _ => number(&head[..4]),
    };
    let (declared, lower_length) = number(&head[head.len() - 4..]);
    if form == Header::Binary {
        quirks.add(Quirks::BINARY_CRC);
    }
    if lower || lower_length {
        quirks.add(Quirks::LOWER_CASE_HEADER);
    }
    let length = body.len() as u16;
    if found != expected {
        // Eldes counts the CR in both.
        if strictness == Strictness::Strict || found != crc::extended(expected, b'\r') {
            return Err(FrameError::Damaged(Damage::Crc { expected, found }));
        }
        quirks.add(Quirks::CRC_OVER_CR);
        if declared != length && declared != length + 1 {
            return Err(FrameError::Damaged(Damage::Length { expected: length + 1, found: declared }));
        }
    } else if declared != length {
        return Err(FrameError::Damaged(Damage::Length { expected: length, found: declared }));
    }
    let frame = fields(body, quirks).ok_or(FrameError::Foreign(Foreign::Token))?;
    match strictness {
        Strictness::Strict if !frame.quirks.is_empty() => Err(FrameError::NonStandard(frame.quirks)),
        _ => Ok(frame),
    }
}

/// A frame's parts, freed from the noise around them.
struct Cut<'a> {
    form: Header,
    /// The bytes of the header.
    head: &'a [u8],
    /// The bytes that the check value is taken of.
    body: &'a [u8],
    quirks: Quirks,
}

fn cut(bytes: &[u8]) -> Result<Cut<'_>, FrameError> {
    let mut quirks = Quirks::NONE;
    let begins = |at: usize| match Header::after_lf(&bytes[at..]) {
        Some(form @ (Header::Text | Header::Binary)) => Some((at, form)),
        Some(Header::Partial) | None => None,
    };
    let (start, form) = match memchr_iter(b'\n', bytes).find_map(|lf| begins(lf + 1)) {
        Some((start, form)) => {
            if !bytes[..start - 1].iter().all(|byte| matches!(byte, b'\n' | b'\r' | 0)) {
                quirks.add(Quirks::GARBAGE_BEFORE_LF);
            }
            (start, form)
        }
        None => {
            quirks.add(Quirks::NO_LF);
            begins(0).ok_or(FrameError::Foreign(Foreign::Header { length: bytes.len() }))?
        }
    };
    let head_length = form.length();
    let (head, rest) = bytes[start..].split_at(head_length);
    let body = match memchr(b'\r', rest) {
        Some(end) => {
            let behind = &rest[end + 1..];
            if behind.iter().any(|byte| !matches!(byte, b'\n' | b'\r' | 0)) {
                quirks.add(Quirks::GARBAGE_AFTER_CR);
            } else if behind.contains(&0) {
                quirks.add(Quirks::NUL_AFTER_CR);
            }
            &rest[..end]
        }
        None => {
            quirks.add(Quirks::NO_CR);
            rest.strip_suffix(b"\n").unwrap_or(rest)
        }
    };
    let length = body.len() + head_length + 2;
    if length > FRAME_MAX {
        return Err(FrameError::Foreign(Foreign::TooLong { length }));
    }
    Ok(Cut { form, head, body, quirks })
}

/// Four hexadecimal digits, and whether any is in lower case.
fn number(digits: &[u8]) -> (u16, bool) {
    digits.iter().fold((0, false), |(sum, lower), &digit| {
        (sum << 4 | u16::from(NIBBLE[usize::from(digit)] & 15), lower || digit.is_ascii_lowercase())
    })
}

/// The fields between the quotes and the bracket, and what stands between them and the bracket.
struct Fields<'a> {
    sequence: &'a [u8],
    receiver: Option<&'a [u8]>,
    line: Option<&'a [u8]>,
    account: Option<&'a [u8]>,
    stray: &'a [u8],
}

fn header(input: &[u8]) -> IResult<&[u8], Fields<'_>> {
    (
        take_while_m_n(0, 4, |byte: u8| byte.is_ascii_hexdigit()),
        opt(preceded(char('R'), take_while(|byte: u8| byte.is_ascii_hexdigit()))),
        opt(preceded(char('L'), take_while(|byte: u8| byte.is_ascii_hexdigit()))),
        take_till(|byte| byte == b'#'),
        opt(preceded(char('#'), take_while(|byte: u8| byte.is_ascii_graphic()))),
        rest,
    )
        .map(|(sequence, receiver, line, before, account, behind): (_, _, _, &[u8], _, _)| {
            let stray = if before.is_empty() { behind } else { before };
            Fields { sequence, receiver, line, account, stray }
        })
        .parse(input)
}

fn fields(body: &[u8], mut quirks: Quirks) -> Option<Frame<'_>> {
    let inside = body.get(1..)?;
    let (quoted, behind) = inside.split_at(memchr(b'"', inside)?);
    let (encrypted, name) = match quoted {
        [b'*', name @ ..] => (true, name),
        name => (false, name),
    };
    let token = ascii(name).filter(|text| !text.is_empty()).map(Token::new)?;
    let behind = &behind[1..];
    let (head, body) = match memchr(b'[', behind) {
        Some(bracket) => (&behind[..bracket], &behind[bracket + 1..]),
        None => {
            quirks.add(Quirks::NO_BRACKETS);
            (behind, &[][..])
        }
    };
    // The standard's own form of NAK names no account: A0 without a number sign, which would read as digits of the line.
    let (head, fixed_nak) = match head.strip_suffix(b"A0") {
        Some(before) if token == Token::Nak && !head.contains(&b'#') => (before, true),
        _ => (head, false),
    };
    let (_, read) = header(head).ok()?;
    for (departs, quirk) in [
        (read.sequence.len() != 4 || !read.sequence.iter().all(u8::is_ascii_digit), Quirks::ODD_SEQUENCE),
        (read.line.is_none(), Quirks::NO_LINE_FIELD),
        (read.line.is_some_and(<[u8]>::is_empty), Quirks::EMPTY_LINE_FIELD),
        (read.account.is_none() && !fixed_nak, Quirks::NO_ACCOUNT),
        (!read.stray.is_empty(), Quirks::STRAY_HEADER),
        (memchr(b'\n', inside).is_some(), Quirks::LF_INSIDE),
    ] {
        if departs {
            quirks.add(quirk);
        }
    }
    Some(Frame {
        token,
        encrypted,
        sequence: ascii(read.sequence)?,
        receiver: read.receiver.and_then(ascii),
        line: read.line.and_then(ascii),
        account: read.account.and_then(ascii),
        body,
        quirks,
    })
}
