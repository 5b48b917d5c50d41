//! SIA blocks cut into packets, and packets into events.

use alloc::vec::Vec;

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag, take, take_till, take_while, take_while_m_n},
    combinator::{map_opt, opt},
    sequence::{delimited, preceded},
};

use super::{Modifiers, SiaEvent, SiaMessage};
use crate::{Quirks, SiaCode, text};

/// The longest number in an address, in digits (DC-03).
const ADDRESS_DIGITS: usize = 4;

/// One packet of an event block, as written.
enum Packet<'a> {
    Modifier { letters: [u8; 2], value: &'a str, text: Option<&'a [u8]> },
    Event { code: SiaCode, address: &'a str, units: Option<&'a str>, text: Option<&'a [u8]> },
}

/// An event whose text is not settled yet: behind a modifier stands what it is called, if nothing nearer says more.
struct Draft<'a> {
    event: SiaEvent<'a>,
    called: Option<&'a [u8]>,
}

pub(super) fn message(content: &[u8]) -> SiaMessage<'_> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut quirks = Quirks::NONE;
    // Events of the last event block, and of them those whose text comes from the `A` blocks behind it.
    let mut block = 0..0;
    let mut titled: Vec<usize> = Vec::new();
    let mut after_text = false;
    for piece in content.split(|&byte| byte == b'|') {
        match piece {
            [] => {}
            [letter @ (b'N' | b'O' | b'E'), packets @ ..] => {
                let from = drafts.len();
                events(*letter, packets, &mut drafts, &mut quirks);
                block = from..drafts.len();
                after_text = false;
            }
            [b'A', words @ ..] if !after_text => {
                titled = block.clone().filter(|&at| drafts[at].event.text.is_none()).collect();
                if block.is_empty() {
                    quirks.add(Quirks::UNREAD_PART);
                }
                for &at in &titled {
                    drafts[at].event.text = Some(text::decode(words));
                }
                after_text = true;
            }
            // A second `A` block goes on where the first ended. What is no block at all is text that holds a bar.
            [letter, words @ ..] if after_text && (*letter == b'A' || !is_function(*letter)) => {
                let (mark, words) = if *letter == b'A' { (" ", words) } else { ("|", piece) };
                for &at in &titled {
                    if let Some(text) = &mut drafts[at].event.text {
                        let text = text.to_mut();
                        text.push_str(mark);
                        text.push_str(&text::decode(words));
                    }
                }
            }
            // System blocks (end of data, wait, acknowledge) say nothing of events.
            [b'0'..=b'9', ..] => after_text = false,
            _ => {
                quirks.add(Quirks::UNREAD_PART);
                after_text = false;
            }
        }
    }
    let events = drafts
        .into_iter()
        .map(|Draft { mut event, called }| {
            event.text = event.text.or_else(|| called.map(text::decode));
            event
        })
        .collect();
    SiaMessage { events, quirks }
}

/// Whether DC-03 has a block of this letter.
const fn is_function(letter: u8) -> bool {
    matches!(
        letter,
        b'0'..=b'9'
            | b'N'
            | b'O'
            | b'E'
            | b'C'
            | b'P'
            | b'#'
            | b'&'
            | b'A'
            | b'@'
            | b'?'
            | b'X'
            | b'L'
            | b'V'
            | b'v'
            | b'I'
    )
}

fn events<'a>(block: u8, packets: &'a [u8], drafts: &mut Vec<Draft<'a>>, quirks: &mut Quirks) {
    let mut modifiers = Modifiers::default();
    let mut called = None;
    let mut left = packets;
    while !left.is_empty() {
        if let [b'/', behind @ ..] = left {
            left = behind;
            continue;
        }
        let Ok((behind, packet)) = alt((modifier, event)).parse(left) else {
            quirks.add(Quirks::UNREAD_PART);
            left = memchr::memchr(b'/', left).map_or(&[], |slash| &left[slash..]);
            continue;
        };
        if !matches!(behind, [] | [b'/', ..]) {
            quirks.add(Quirks::GLUED_PACKETS);
        }
        left = behind;
        match packet {
            Packet::Modifier { letters, value, text } => {
                called = text.or(called);
                match modifiers.place(letters) {
                    Some(place) => *place = Some(value),
                    None => quirks.add(Quirks::UNKNOWN_MODIFIER),
                }
            }
            Packet::Event { code, address, units, text } => drafts.push(Draft {
                event: SiaEvent {
                    block: char::from(block),
                    address,
                    units,
                    modifiers,
                    text: text.map(text::decode),
                    ..SiaEvent::new(code)
                },
                called,
            }),
        }
    }
}

/// `mm value [^text^]`: two lower-case letters. A value that DC-03 describes ends where its characters end, any other at
/// the next `/`.
fn modifier(input: &[u8]) -> IResult<&[u8], Packet<'_>> {
    let (behind, letters) = take_while_m_n(2, 2, |byte: u8| byte.is_ascii_lowercase()).parse(input)?;
    let letters = [letters[0], letters[1]];
    let belongs: fn(u8) -> bool = match &letters {
        b"ti" => |byte| byte.is_ascii_digit() || byte == b':',
        b"da" => |byte| byte.is_ascii_digit() || byte == b'-',
        _ if Modifiers::default().place(letters).is_some() => |byte| byte.is_ascii_digit(),
        _ => |byte| !matches!(byte, b'/' | b'^'),
    };
    (map_opt(take_while(belongs), |value| core::str::from_utf8(value).ok()), opt(carets))
        .map(|(value, text)| Packet::Modifier { letters, value, text })
        .parse(behind)
}

/// `code [address] [*units] [^text^]`: two upper-case letters first.
fn event(input: &[u8]) -> IResult<&[u8], Packet<'_>> {
    let (behind, code) = map_opt(take(2usize), |code: &[u8]| SiaCode::new([code[0], code[1]])).parse(input)?;
    let (address, behind) = behind.split_at(address_length(behind));
    let units = map_opt(take_till(|byte| matches!(byte, b'/' | b'^')), text::ascii);
    (opt(preceded(tag(&b"*"[..]), units)), opt(carets))
        .map(|(units, text)| Packet::Event { code, address: text::ascii(address).unwrap_or_default(), units, text })
        .parse(behind)
}

/// Text between carets. The second may be missing at the end of a block.
fn carets(input: &[u8]) -> IResult<&[u8], &[u8]> {
    let caret = || tag(&b"^"[..]);
    delimited(caret(), take_till(|byte| byte == b'^'), opt(caret())).parse(input)
}

/// How many bytes of an address begin here. Its digits go to F, and so may the letters of a code that follows without `/`:
/// the longer reading holds if it fits the grammar and something other than a code follows.
fn address_length(bytes: &[u8]) -> usize {
    let long = bytes.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F' | b'-' | b':')).count();
    let fits = bytes[..long].split(|byte| matches!(byte, b'-' | b':')).all(|number| number.len() <= ADDRESS_DIGITS);
    match bytes.get(long) {
        None | Some(b'/' | b'^' | b'*' | b'a'..=b'z') if fits => long,
        _ => bytes.iter().take_while(|byte| byte.is_ascii_digit()).count(),
    }
}
