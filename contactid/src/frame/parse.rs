//! The envelope cut into its fields.

use memchr::{memchr, memchr_iter, memchr2};

use super::cipher::NIBBLE;
use super::{FRAME_MAX, Frame, Strictness};
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
        let digits = |bytes: &[u8]| bytes.iter().all(|&byte| NIBBLE[usize::from(byte)] < 16);
        if bytes.get(6) == Some(&b'"') && digits(&bytes[2..6]) {
            return Some(Self::Binary);
        }
        match bytes.get(8) {
            Some(b'"') => digits(&bytes[..8]).then_some(Self::Text),
            Some(_) => None,
            None => {
                let binary = bytes.len() <= 6 && digits(bytes.get(2..).unwrap_or_default());
                (binary || digits(bytes)).then_some(Self::Partial)
            }
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
    let (found, (declared, length_lower), crc_lower) = match *head {
        [a, b, c, d, e, f, g, h] => {
            let (found, lower) = number([a, b, c, d]);
            (found, number([e, f, g, h]), lower)
        }
        [high, low, e, f, g, h] => (u16::from_be_bytes([high, low]), number([e, f, g, h]), false),
        _ => return Err(FrameError::Foreign(Foreign::Header { length: bytes.len() })),
    };
    if form == Header::Binary {
        quirks.add(Quirks::BINARY_CRC);
    }
    if crc_lower || length_lower {
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
    fields(body, quirks, strictness)
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
    let first = if bytes.first() == Some(&b'\n') { begins(1) } else { None };
    let (start, form) = match first.or_else(|| memchr_iter(b'\n', bytes).find_map(|lf| begins(lf + 1))) {
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
    let mark = memchr2(b'\r', b'\n', rest);
    let end = match mark {
        Some(at) if rest[at] == b'\n' => memchr(b'\r', &rest[at..]).map(|behind| at + behind),
        cr => cr,
    };
    let body = match end {
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
    if mark.is_some_and(|at| at < body.len()) {
        quirks.add(Quirks::LF_INSIDE);
    }
    let length = body.len() + head_length + 2;
    if length > FRAME_MAX {
        return Err(FrameError::Foreign(Foreign::TooLong { length }));
    }
    Ok(Cut { form, head, body, quirks })
}

/// Four hexadecimal digits, and whether any is in lower case: only those letters have both bits 5 and 6.
fn number(digits: [u8; 4]) -> (u16, bool) {
    let sum = digits.iter().fold(0, |sum, &digit| sum << 4 | u16::from(NIBBLE[usize::from(digit)] & 15));
    let bits = u32::from_ne_bytes(digits);
    (sum, bits & bits << 1 & 0x4040_4040 != 0)
}

/// Takes hexadecimal digits off the front, as many as there are, up to `most`.
#[inline(always)]
fn digits<'a>(rest: &mut &'a [u8], most: usize) -> &'a [u8] {
    let most = most.min(rest.len());
    let length = rest[..most].iter().position(|&byte| NIBBLE[usize::from(byte)] > 15).unwrap_or(most);
    let (taken, behind) = rest.split_at(length);
    *rest = behind;
    taken
}

/// Takes a field of digits off the front if it begins with this letter.
fn field<'a>(rest: &mut &'a [u8], letter: u8) -> Option<&'a [u8]> {
    *rest = rest.strip_prefix(&[letter])?;
    Some(digits(rest, usize::MAX))
}

/// The token between quotes, whether it has the asterisk, and what stands behind it.
fn token(body: &[u8]) -> Option<(Token<'_>, bool, &[u8])> {
    let inside = body.get(1..)?;
    let quote = inside.iter().position(|&byte| byte == b'"')?;
    let (quoted, behind) = (&inside[..quote], &inside[quote + 1..]);
    match quoted {
        [b'*', name @ ..] => Some((Token::read(name)?, true, behind)),
        name => Some((Token::read(name)?, false, behind)),
    }
}

/// Inlined, so that the frame is built where it is returned to: its hundred bytes would else be moved twice.
#[inline(always)]
fn fields(body: &[u8], mut quirks: Quirks, strictness: Strictness) -> Result<Frame<'_>, FrameError> {
    let (token, encrypted, behind) = token(body).ok_or(FrameError::Foreign(Foreign::Token))?;
    let (head, body) = match memchr(b'[', behind) {
        Some(bracket) => (&behind[..bracket], &behind[bracket + 1..]),
        None => {
            quirks.add(Quirks::NO_BRACKETS);
            (behind, &[][..])
        }
    };
    // The fields are held as bytes and become text when they are asked for: here is where they are made sure to be text.
    let mut rest = if head.is_ascii() { head } else { valid(head, &mut quirks) };
    // The standard's own form of NAK names no account: A0 without a number sign, which would read as digits of the line.
    let fixed_nak = token == Token::Nak && !rest.contains(&b'#') && rest.ends_with(b"A0");
    if fixed_nak {
        rest = &rest[..rest.len() - 2];
    }
    let decimal = matches!(rest, [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', ..]);
    let sequence = if decimal { rest.split_off(..4).unwrap_or_default() } else { digits(&mut rest, 4) };
    let receiver = field(&mut rest, b'R');
    let line = field(&mut rest, b'L');
    let (stray, account) = match rest {
        [b'#', account @ ..] => (&[][..], Some(account)),
        rest => match memchr(b'#', rest) {
            Some(at) => (&rest[..at], Some(&rest[at + 1..])),
            None => (rest, None),
        },
    };
    for (departs, quirk) in [
        (!decimal, Quirks::ODD_SEQUENCE),
        (line.is_none(), Quirks::NO_LINE_FIELD),
        (line.is_some_and(<[u8]>::is_empty), Quirks::EMPTY_LINE_FIELD),
        (account.is_none_or(<[u8]>::is_empty) && !fixed_nak, Quirks::NO_ACCOUNT),
        (!stray.is_empty(), Quirks::STRAY_HEADER),
    ] {
        if departs {
            quirks.add(quirk);
        }
    }
    if strictness == Strictness::Strict && !quirks.is_empty() {
        return Err(FrameError::NonStandard(quirks));
    }
    Ok(Frame { token, encrypted, strictness, sequence, receiver, line, account, body, quirks })
}

/// What of a header is text.
#[cold]
fn valid<'a>(head: &'a [u8], quirks: &mut Quirks) -> &'a [u8] {
    match core::str::from_utf8(head) {
        Ok(_) => head,
        Err(error) => {
            quirks.add(Quirks::STRAY_HEADER);
            &head[..error.valid_up_to()]
        }
    }
}
