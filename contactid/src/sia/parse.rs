//! SIA blocks cut into packets, and packets into events, one at a time.

use alloc::borrow::Cow;

use memchr::memchr;

use super::{Function, Modifiers, SiaEvent};
use crate::{Quirks, SiaCode, text};

/// The longest number in an address, in digits (DC-03).
const ADDRESS_DIGITS: usize = 4;

/// The events of SIA blocks, read one by one in the order in which they were sent.
///
/// [`SiaMessage::parse`](super::SiaMessage::parse) collects them. Read so, nothing is allocated, unless a text is not UTF-8
/// or goes on in a second `A` block.
///
/// ```
/// use contactid::SiaEvents;
/// let mut events = SiaEvents::new(b"Nri1/BA005/BA006|AFront door");
/// let read: Vec<_> = events.by_ref().map(|event| (event.code.letters(), event.number(), event.text)).collect();
/// assert_eq!(read, [(*b"BA", Some(5), Some("Front door".into())), (*b"BA", Some(6), Some("Front door".into()))]);
/// assert!(events.quirks().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct SiaEvents<'a> {
    /// The blocks that are not begun yet.
    blocks: &'a [u8],
    /// The letter of the event block that is being read, and the packets left of it.
    block: u8,
    packets: &'a [u8],
    /// What acts on its next event.
    modifiers: Modifiers<'a>,
    /// The text behind its last modifier: what an event is called, if nothing nearer says more.
    called: Option<&'a [u8]>,
    /// The text of the `A` blocks behind it.
    title: Option<Cow<'a, str>>,
    /// Whether it held an event.
    titled: bool,
    /// Whether the last block read was text.
    after_text: bool,
    quirks: Quirks,
}

/// An event packet, as written.
struct Found<'a> {
    code: SiaCode,
    address: &'a [u8],
    units: Option<&'a str>,
    text: Option<&'a [u8]>,
}

impl<'a> SiaEvents<'a> {
    /// The events of this content: what a `SIA-DCS` message holds behind its account.
    pub const fn new(content: &'a [u8]) -> Self {
        Self {
            blocks: content,
            block: b'N',
            packets: &[],
            modifiers: Modifiers::NONE,
            called: None,
            title: None,
            titled: false,
            after_text: false,
            quirks: Quirks::NONE,
        }
    }

    /// The departures from the standard in what was read so far; behind the last event, in all of it.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// Reads the next packet of the event block; `None` for a modifier, which is kept.
    fn packet(&mut self) -> Option<Found<'a>> {
        let (letters, behind) = match self.packets {
            [b'/', behind @ ..] => {
                self.packets = behind;
                return None;
            }
            &[first, second, ref behind @ ..] => ([first, second], behind),
            _ => return self.unread(),
        };
        let (found, behind) = if letters[0].is_ascii_lowercase() && letters[1].is_ascii_lowercase() {
            let place = self.modifiers.place(letters);
            let (value, behind) = behind.split_at(value_length(letters, place.is_some(), behind));
            let Ok(value) = core::str::from_utf8(value) else { return self.unread() };
            match place {
                Some(place) => *place = Some(value),
                None => self.quirks.add(Quirks::UNKNOWN_MODIFIER),
            }
            let (text, behind) = carets(behind);
            self.called = text.or(self.called);
            (None, behind)
        } else {
            let Some(code) = SiaCode::new(letters) else { return self.unread() };
            let (address, behind) = behind.split_at(address_length(behind));
            match quoted(behind) {
                Some((text, behind)) => (Some(Found { code, address, units: None, text: Some(text) }), behind),
                None => {
                    let (units, behind) = units(behind);
                    let (text, behind) = carets(behind);
                    (Some(Found { code, address, units, text }), behind)
                }
            }
        };
        if !matches!(behind, [] | [b'/', ..]) {
            self.quirks.add(Quirks::GLUED_PACKETS);
        }
        self.packets = behind;
        found
    }

    /// Passes over what is no packet.
    fn unread<T>(&mut self) -> Option<T> {
        self.quirks.add(Quirks::UNREAD_PART);
        self.packets = memchr(b'/', self.packets).map_or(&[], |slash| &self.packets[slash..]);
        None
    }

    /// Reads the next block; `None` behind the last. Of an event block, its packets are left to read.
    fn begin(&mut self) -> Option<()> {
        let block = take_block(&mut self.blocks)?;
        match block {
            [] => {}
            [letter @ (b'N' | b'O' | b'E' | b'I'), packets @ ..] => {
                (self.block, self.packets, self.title) = (*letter, packets, title(self.blocks));
                (self.modifiers, self.called) = (Modifiers::NONE, None);
                (self.titled, self.after_text) = (false, false);
            }
            // A second `A` block goes on where the first ended. What is no block at all is text that holds a bar.
            [letter, ..] if self.after_text && goes_on(*letter) => {}
            [b'A', ..] => {
                if !self.titled {
                    self.quirks.add(Quirks::UNREAD_PART);
                }
                self.after_text = true;
            }
            // Other blocks (control, configuration, end of data) are read elsewhere, and say nothing of events.
            [letter, ..] if Function(*letter).is_listed() => self.after_text = false,
            _ => {
                self.quirks.add(Quirks::UNREAD_PART);
                self.after_text = false;
            }
        }
        Some(())
    }
}

impl<'a> Iterator for SiaEvents<'a> {
    type Item = SiaEvent<'a>;

    fn next(&mut self) -> Option<SiaEvent<'a>> {
        loop {
            while !self.packets.is_empty() {
                let Some(Found { code, address, units, text }) = self.packet() else { continue };
                self.titled = true;
                return Some(SiaEvent {
                    block: char::from(self.block),
                    code,
                    address: core::str::from_utf8(address).unwrap_or_default(),
                    units,
                    modifiers: self.modifiers,
                    text: match (text, &self.title) {
                        (None, Some(title)) => Some(title.clone()),
                        (own, _) => own.or(self.called).map(text::decode),
                    },
                });
            }
            self.begin()?;
        }
    }
}

/// The text of the first `A` block of these and of what goes on behind it, if no event block comes before it.
fn title(mut blocks: &[u8]) -> Option<Cow<'_, str>> {
    let mut text = loop {
        match take_block(&mut blocks)? {
            [b'A', words @ ..] => break text::decode(words),
            [b'N' | b'O' | b'E' | b'I', ..] => return None,
            _ => {}
        }
    };
    while let Some(block) = take_block(&mut blocks) {
        let (mark, words) = match block {
            [] => continue,
            [b'A', words @ ..] => (" ", words),
            [letter, ..] if goes_on(*letter) => ("|", block),
            _ => break,
        };
        let text = text.to_mut();
        text.push_str(mark);
        text.push_str(&text::decode(words));
    }
    Some(text)
}

/// Takes the next block and the bar behind it off the front; `None` if there is nothing left.
fn take_block<'a>(blocks: &mut &'a [u8]) -> Option<&'a [u8]> {
    if blocks.is_empty() {
        return None;
    }
    let bar = memchr(b'|', blocks).unwrap_or(blocks.len());
    let block = &blocks[..bar];
    *blocks = blocks.get(bar + 1..).unwrap_or_default();
    Some(block)
}

/// Whether a block of this letter behind text is more of the text: another `A`, or a letter of which DC-03 has no block.
const fn goes_on(letter: u8) -> bool {
    letter == b'A' || !Function(letter).is_listed()
}

/// How long the value of a modifier is. One that DC-03 describes ends where its characters end, any other at the next `/`.
fn value_length(letters: [u8; 2], known: bool, bytes: &[u8]) -> usize {
    let mark = match &letters {
        b"ti" => b':',
        b"da" => b'-',
        // Digits alone: a digit once more changes nothing.
        _ if known => b'0',
        _ => return end_of_packet(bytes),
    };
    bytes.iter().take_while(|&&byte| byte.is_ascii_digit() || byte == mark).count()
}

/// Where a `/` or a caret ends what may hold any other byte.
fn end_of_packet(bytes: &[u8]) -> usize {
    memchr::memchr2(b'/', b'^', bytes).unwrap_or(bytes.len())
}

/// The name that X-SIA writes behind an event: `*'Front door'NM`.
fn quoted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = bytes.strip_prefix(b"*'")?;
    let end = inside.windows(3).position(|mark| mark == b"'NM")?;
    Some((&inside[..end], &inside[end + 3..]))
}

/// The units behind a `*`, if they are printable.
fn units(bytes: &[u8]) -> (Option<&str>, &[u8]) {
    if let [b'*', units @ ..] = bytes {
        let (units, behind) = units.split_at(end_of_packet(units));
        if let units @ Some(_) = text::ascii(units) {
            return (units, behind);
        }
    }
    (None, bytes)
}

/// Text between carets. The second may be missing at the end of a block.
fn carets(bytes: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let [b'^', text @ ..] = bytes else { return (None, bytes) };
    match memchr(b'^', text) {
        Some(end) => (Some(&text[..end]), &text[end + 1..]),
        None => (Some(text), &[]),
    }
}

/// How many bytes of an address begin here. Its digits go to F, and so may the letters of a code that follows without `/`:
/// the longer reading holds if it fits the grammar and something other than a code follows.
fn address_length(bytes: &[u8]) -> usize {
    let (mut long, mut number, mut fits) = (0, 0, true);
    for byte in bytes {
        match byte {
            b'0'..=b'9' | b'A'..=b'F' => number += 1,
            b'-' | b':' => number = 0,
            _ => break,
        }
        fits &= number <= ADDRESS_DIGITS;
        long += 1;
    }
    match bytes.get(long) {
        None | Some(b'/' | b'^' | b'*' | b'a'..=b'z') if fits => long,
        _ => bytes.iter().take_while(|byte| byte.is_ascii_digit()).count(),
    }
}
