//! ITI and GE Caddx CS-5000 and CS-4000 receivers: the generic record, and the record of the computer interface.
//!
//! ```
//! use contactid::automation::iti::{ItiPanel, ItiRecord};
//! let record = ItiRecord::parse(b"\n1B1\x6A23458b45A\r")?;
//! let ItiRecord::Report(report) = record else { panic!("a report") };
//! assert_eq!((report.account(), report.panel()), (Some("12345".parse()?), ItiPanel::SxV));
//! assert_eq!((report.signal().unwrap().code.to_string(), report.signal().unwrap().number), ("iti:A".into(), Some(45)));
//! assert_eq!(record.encode(), b"\n1B1\x6A23458b45A\r");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{string::String, vec::Vec};

use super::layout::Layout;
use super::surgard::own;
use crate::cursor::Cursor;
use crate::{AccountNumber, EncodeError, OwnList, Quirks, RecordError, Signal, text};

/// A panel, by the upper four bits of the byte behind the first digit of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItiPanel {
    /// 2: the receiver does not know.
    Unknown,
    /// 3: of another maker; the lower four bits say in which format it reported.
    Foreign(ForeignFormat),
    /// 4: SX-III or SX-IVA.
    SxIiiOrIvA,
    /// 5: SX-IVB.
    SxIvB,
    /// 6: SX-V.
    SxV,
    /// 7: another panel of ITI.
    OtherIti,
    /// Bits that are not listed.
    Unlisted,
}

/// The format of a panel of another maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForeignFormat {
    /// 1: 3/1, slow.
    Slow31,
    /// 2: 3/1, fast.
    Fast31,
    /// 3 and 4: extended.
    Extended,
    /// 5 and 6: 4/1.
    FourOne,
    /// 7 and 8: 4/2.
    FourTwo,
    /// 9: Radionics.
    Radionics,
    /// A: BFSK.
    Bfsk,
    /// Bits that are not listed.
    Unlisted,
}

impl ItiPanel {
    /// The panel that this byte names.
    pub const fn of(byte: u8) -> Self {
        match byte >> 4 {
            2 => Self::Unknown,
            3 => Self::Foreign(match byte & 15 {
                1 => ForeignFormat::Slow31,
                2 => ForeignFormat::Fast31,
                3 | 4 => ForeignFormat::Extended,
                5 | 6 => ForeignFormat::FourOne,
                7 | 8 => ForeignFormat::FourTwo,
                9 => ForeignFormat::Radionics,
                10 => ForeignFormat::Bfsk,
                _ => ForeignFormat::Unlisted,
            }),
            4 => Self::SxIiiOrIvA,
            5 => Self::SxIvB,
            6 => Self::SxV,
            7 => Self::OtherIti,
            _ => Self::Unlisted,
        }
    }
}

/// One generic record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItiRecord {
    /// A panel reported.
    Report(ItiReport),
    /// `LF IT IRCV 234A CR`: the receiver tests the link.
    Test,
    /// `LF 00 OKAY @ CR`: the receiver lives.
    Heartbeat,
}

/// `LF recv line acct1 panel acct4 G I ZZ cond CR`. The order of receiver, line and account is inferred from examples:
/// unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItiReport {
    bytes: [u8; LAYOUT.len()],
}

/// `R` receiver, `L` line, `A` account, `T` panel, `G` group, `I`, `Z` zone, `E` condition.
const LAYOUT: Layout = Layout("RLATAAAAGIZZE");
const TEST: &[u8] = b"\nIT IRCV 234A\r";
const HEARTBEAT: &[u8] = b"\n00 OKAY @\r";

impl ItiRecord {
    /// Reads one record, from LF to CR.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] without LF, [`RecordError::Length`] if it has not fifteen bytes, [`RecordError::Form`]
    /// without CR, or where a byte is not printable.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        match bytes {
            TEST => return Ok(Self::Test),
            HEARTBEAT => return Ok(Self::Heartbeat),
            [b'\n', ..] => {}
            _ => return Err(RecordError::Foreign { expected: "iti" }),
        }
        let mut cursor = Cursor::new(bytes);
        cursor.byte()?;
        let bytes = cursor.array()?;
        cursor.fixed(b"\r", "CR")?;
        cursor.end()?;
        // A layout without blanks has no quirk to name.
        LAYOUT.check(&bytes, 1, &mut Quirks::default())?;
        Ok(Self::Report(ItiReport { bytes }))
    }

    /// Who reports; `None` for the receiver itself.
    pub fn account(&self) -> Option<AccountNumber> {
        match self {
            Self::Report(report) => report.account(),
            Self::Test | Self::Heartbeat => None,
        }
    }

    /// What it reports.
    pub fn signal(&self) -> Option<Signal> {
        match self {
            Self::Report(report) => report.signal(),
            Self::Test | Self::Heartbeat => None,
        }
    }

    /// The bytes of the record, from LF to CR.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Report(report) => [b"\n", report.bytes.as_slice(), b"\r"].concat(),
            Self::Test => TEST.to_vec(),
            Self::Heartbeat => HEARTBEAT.to_vec(),
        }
    }
}

impl ItiReport {
    /// A report to be sent, by the letters of its layout: `R` receiver, `L` line, `A` account of at most five characters, `T`
    /// panel, `G` group, `I`, `Z` zone of two characters, `E` condition.
    ///
    /// # Errors
    /// [`EncodeError`] if a field does not fit its place.
    pub fn new(fields: &[(char, &str)]) -> Result<Self, EncodeError> {
        let mut out = Vec::new();
        LAYOUT.write(fields, &mut out)?;
        let mut bytes = [b' '; LAYOUT.len()];
        for (place, byte) in bytes.iter_mut().zip(out) {
            *place = byte;
        }
        Ok(Self { bytes })
    }

    /// The characters of a field: `R`, `L`, `A`, `T`, `G`, `I`, `Z` or `E`.
    pub fn field(&self, letter: char) -> String {
        LAYOUT.field(&self.bytes, letter as u8).map(char::from).collect()
    }

    /// Who reports.
    pub fn account(&self) -> Option<AccountNumber> {
        LAYOUT.account(&self.bytes)
    }

    /// What reports: the receiver's own idea of the panel.
    pub fn panel(&self) -> ItiPanel {
        let [byte] = LAYOUT.array(&self.bytes, b'T');
        ItiPanel::of(byte)
    }

    /// What it reports.
    pub fn signal(&self) -> Option<Signal> {
        signal(LAYOUT, &self.bytes)
    }
}

/// The event in the fields `E`, `G` and `Z` of a layout: of a generic record, and of the receivers that print ITI in theirs.
pub(super) fn signal(layout: Layout, bytes: &[u8]) -> Option<Signal> {
    let signal = own(OwnList::Iti, &layout.array::<1>(bytes, b'E'))?;
    // A number of one character goes on behind 9 with letters, up to 61 (R161).
    let [group] = layout.array(bytes, b'G');
    let group = match group {
        b'0'..=b'9' => Some(group - b'0'),
        b'A'..=b'Z' => Some(group - b'A' + 10),
        b'a'..=b'z' => Some(group - b'a' + 36),
        _ => None,
    };
    Some(Signal { group: group.map(u16::from), number: layout.number(bytes, b'Z'), ..signal })
}

/// A record of the computer interface: `|[`, fields parted by `|`, `]`, a letter that runs from A to Z, four hexadecimal
/// digits, CR.
///
/// ```
/// use contactid::automation::iti::{ComputerKind, ComputerRecord};
/// let bytes = b"|[R|IA1|LB|A123456|V55600|D0514|T1019|N0005|Z1|CA|]K0F3A\r";
/// let record = ComputerRecord::parse(bytes)?;
/// assert_eq!((record.kind(), record.field('A'), record.letter()), (ComputerKind::Report, Some("123456"), 'K'));
/// assert_eq!(record.signal().map(|signal| signal.code.to_string()), Some("iti:A".into()));
/// assert_eq!(record.encode(), bytes);
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ComputerRecord<'a> {
    kind: ComputerKind,
    fields: &'a str,
    letter: u8,
    tail: [u8; 4],
}

/// What a record of the computer interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComputerKind {
    /// `R`: a report.
    Report,
    /// `T`: a test.
    Test,
    /// `S`: supervisory.
    Supervisory,
    /// `L`: a log; it begins with a record of field `S` and ends with one of field `E`, reports between them.
    Log,
}

impl ComputerKind {
    const ALL: [(u8, Self); 4] =
        [(b'R', Self::Report), (b'T', Self::Test), (b'S', Self::Supervisory), (b'L', Self::Log)];

    /// The letter that the record begins with.
    pub fn letter(self) -> char {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or('R', |(letter, _)| char::from(*letter))
    }
}

impl<'a> ComputerRecord<'a> {
    /// A record to be sent. `fields` are letter and value of each, in order: `I` unit and receiver, `L` line, `A` account
    /// (3 to 6), `V` panel and revision, `D` mmdd, `T` hhmm, `N` reference, `Z` zone, `C` condition, `O` comm-lock, `M` audio.
    /// `text` holds them parted by `|`, without one before or behind. What the four digits `tail` mean is not established.
    ///
    /// # Errors
    /// [`EncodeError::Byte`] for a letter beyond A to Z, digits that are not hexadecimal, or a byte in the fields that would
    /// end them.
    pub fn new(kind: ComputerKind, text: &'a str, letter: char, tail: [u8; 4]) -> Result<Self, EncodeError> {
        let wrong = |field, found| Err(EncodeError::Byte { field, found });
        if let Some(found) = text.bytes().find(|byte| !(b' '..=b'~').contains(byte) || *byte == b']') {
            return wrong("fields", found);
        }
        if let Some(&found) = tail.iter().find(|digit| !digit.is_ascii_hexdigit()) {
            return wrong("tail", found);
        }
        match u8::try_from(letter) {
            Ok(letter @ b'A'..=b'Z') => Ok(Self { kind, fields: text, letter, tail }),
            found => wrong("letter", found.unwrap_or(b'?')),
        }
    }

    /// Reads one record, from `|[` to CR.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] without `|[` and one of the four letters, [`RecordError::Form`] or [`RecordError::Length`] at
    /// what departs from the layout.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let foreign = RecordError::Foreign { expected: "iti-computer" };
        let [b'|', b'[', letter, ..] = bytes else { return Err(foreign) };
        let (_, kind) = *ComputerKind::ALL.iter().find(|(known, _)| known == letter).ok_or(foreign)?;
        let mut cursor = Cursor::new(bytes);
        cursor.take(3)?;
        cursor.fixed(b"|", "|")?;
        let length = memchr::memchr(b']', cursor.rest()).unwrap_or(cursor.rest().len());
        // Behind the last field stands `|`, too; of a record without fields only one.
        let fields = match length.checked_sub(1) {
            Some(0) => return Err(RecordError::Form { expected: "a field", at: cursor.at(), found: b'|' }),
            Some(length) => {
                let fields = cursor.text(length, "printable characters")?;
                cursor.fixed(b"|", "|").map(|()| fields)?
            }
            None => "",
        };
        cursor.fixed(b"]", "]")?;
        let (at, letter) = (cursor.at(), cursor.byte()?);
        if !letter.is_ascii_uppercase() {
            return Err(RecordError::Form { expected: "a letter A to Z", at, found: letter });
        }
        let (at, tail) = (cursor.at(), cursor.array::<4>()?);
        if let Some(place) = tail.iter().position(|digit| !digit.is_ascii_hexdigit()) {
            return Err(RecordError::Form { expected: "a hexadecimal digit", at: at + place, found: tail[place] });
        }
        cursor.fixed(b"\r", "CR")?;
        cursor.end()?;
        Ok(Self { kind, fields, letter, tail })
    }

    /// What it is.
    pub const fn kind(&self) -> ComputerKind {
        self.kind
    }

    /// The fields, parted by `|`.
    pub const fn fields(&self) -> &'a str {
        self.fields
    }

    /// The value of the first field of this letter.
    pub fn field(&self, letter: char) -> Option<&'a str> {
        self.fields.split('|').find_map(|field| field.strip_prefix(letter))
    }

    /// The letter behind the bracket: it runs from A to Z, so that a lost record shows.
    pub const fn letter(&self) -> char {
        self.letter as char
    }

    /// The four hexadecimal digits behind it; what they mean is not established.
    pub fn tail(&self) -> &str {
        text::ascii(&self.tail).unwrap_or_default()
    }

    /// Who reports.
    pub fn account(&self) -> Option<AccountNumber> {
        AccountNumber::new(self.field('A')?.as_bytes()).ok()
    }

    /// What a report or a test reports, if it names a condition.
    pub fn signal(&self) -> Option<Signal> {
        let signal = own(OwnList::Iti, self.field('C')?.as_bytes())?;
        let device_time = match (self.field('D'), self.field('T')) {
            (Some(date), Some(time)) => Some(alloc::format!("{date} {time}")),
            (one, other) => one.or(other).map(String::from),
        };
        Some(Signal { number: self.field('Z').and_then(text::decimal), device_time, ..signal })
    }

    /// The bytes of the record, from `|[` to CR.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = alloc::vec![b'|', b'[', self.kind.letter() as u8, b'|'];
        out.extend_from_slice(self.fields.as_bytes());
        if !self.fields.is_empty() {
            out.push(b'|');
        }
        out.extend([b']', self.letter]);
        out.extend(self.tail);
        out.push(b'\r');
        out
    }
}
