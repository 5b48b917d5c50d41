//! A byte stream cut into the text forms of Contact ID, bounded, whatever lies between them.

use alloc::vec::Vec;

use super::super::CidReport;

/// Which form a stream carries: they cannot be told apart byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// `AL` … LF.
    Serial,
    /// `[` … `]`.
    Bracket,
    /// Sixteen digits, with anything but a digit between them.
    Bare,
    /// Lines. Unverified: no source says how a CSV-IP record ends.
    Csv,
}

/// Cuts a stream into records of one form.
///
/// Call [`pop`](Self::pop) until it gives `None` after each [`push`](Self::push): then never more is held than one
/// unfinished record, at most [`TextSplitter::MAX`] bytes.
#[derive(Clone, Debug)]
pub struct TextSplitter {
    form: TextForm,
    held: Vec<u8>,
    start: usize,
}

/// What stands at the front of a stream.
enum Front {
    Record(usize),
    Noise(usize),
    Unfinished,
}

impl TextSplitter {
    /// The longest record, in bytes. What grows beyond it without an end is passed over.
    pub const MAX: usize = 1024;

    /// A splitter at the start of a stream of this form.
    pub const fn new(form: TextForm) -> Self {
        Self { form, held: Vec::new(), start: 0 }
    }

    /// Takes in what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.drain(..self.start);
        self.start = 0;
        self.held.extend_from_slice(bytes);
    }

    /// The next record; `None` means not yet.
    pub fn pop(&mut self) -> Option<&[u8]> {
        loop {
            // Never more is looked at, so that the same records come out however the stream was cut.
            let held = &self.held[self.start..self.held.len().min(self.start + Self::MAX)];
            match front(self.form, held) {
                Front::Record(length) => {
                    let record = self.start..self.start + length;
                    self.start = record.end;
                    return Some(&self.held[record]);
                }
                Front::Noise(length) => self.start += length,
                // All but the last byte, with which a record may begin.
                Front::Unfinished if held.len() == Self::MAX => self.start += Self::MAX - 1,
                Front::Unfinished => return None,
            }
        }
    }

    /// How many bytes wait for the rest of their record.
    pub fn pending(&self) -> usize {
        self.held.len() - self.start
    }
}

/// The first place of a byte.
fn find(held: &[u8], wanted: impl Fn(u8) -> bool) -> Option<usize> {
    held.iter().position(|&byte| wanted(byte))
}

fn front(form: TextForm, held: &[u8]) -> Front {
    let begins = |byte: u8| match form {
        TextForm::Serial => byte == b'A',
        TextForm::Bracket => byte == b'[',
        TextForm::Bare => byte.is_ascii_hexdigit(),
        TextForm::Csv => !matches!(byte, b'\r' | b'\n'),
    };
    match find(held, begins) {
        None if held.is_empty() => return Front::Unfinished,
        None => return Front::Noise(held.len()),
        Some(0) => {}
        Some(noise) => return Front::Noise(noise),
    }
    match form {
        TextForm::Serial => serial(held),
        TextForm::Bracket => match find(&held[1..], |byte| matches!(byte, b'[' | b']')) {
            Some(at) if held[1 + at] == b']' => Front::Record(at + 2),
            // The end of the first one was lost.
            Some(at) => Front::Noise(at + 1),
            None => Front::Unfinished,
        },
        TextForm::Bare => match find(held, |byte| !byte.is_ascii_hexdigit()) {
            Some(end) if end < CidReport::LEN => Front::Noise(end),
            None if held.len() < CidReport::LEN => Front::Unfinished,
            _ => Front::Record(CidReport::LEN),
        },
        TextForm::Csv => match find(held, |byte| matches!(byte, b'\r' | b'\n')) {
            Some(end) => Front::Record(end),
            None => Front::Unfinished,
        },
    }
}

/// `AL` up to LF, or up to the next `AL`, before which the LF was lost.
fn serial(held: &[u8]) -> Front {
    match held {
        [_] => return Front::Unfinished,
        [_, b'L', ..] => {}
        _ => return Front::Noise(1),
    }
    let end = find(held, |byte| byte == b'\n').map(|lf| lf + 1);
    let within = &held[..end.unwrap_or(held.len())];
    match (within.windows(2).skip(1).position(|pair| pair == b"AL"), end) {
        (Some(at), _) if within[..=at].windows(2).any(|pair| pair == b"##") => Front::Record(at + 1),
        (Some(at), _) => Front::Noise(at + 1),
        (None, Some(end)) => Front::Record(end),
        (None, None) => Front::Unfinished,
    }
}
