//! Ademco 685 records, and those of the receivers that imitate it with differences: CAPS, CP-220, Congwin FE100.
//!
//! ```
//! use contactid::{Lang, Strictness, automation::ademco685::{Ademco685Record, Dialect}};
//! let record = Ademco685Record::parse(b"\n11 1234 18 E130 01 C003 \r", Dialect::Ademco685, Strictness::Strict)?;
//! let signal = record.signals().pop().unwrap();
//! assert_eq!((signal.name(Lang::En), signal.group, signal.number), ("burglary alarm".into(), Some(1), Some(3)));
//! assert_eq!(record.encode(), b"\n11 1234 18 E130 01 C003 \r");
//! # Ok::<(), contactid::RecordError>(())
//! ```

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::layout::Layout;
use super::surgard::{contact_id, own, qualifier_digit};
use crate::cid::{channels, digits::allowed};
use crate::dtmf::Digit;
use crate::{
    AccountNumber, CidMessage, EncodeError, NumberIs, OwnList, Qualifier, Quirks, RecordError, Signal, Strictness, text,
};

/// Which receiver prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect<'a> {
    /// Ademco 685, and receivers that emulate it.
    #[default]
    Ademco685,
    /// Ademco CAPS: 4/2 as three decimal digits, sixteen times the event plus the zone, an `A` behind them.
    Caps,
    /// Ademco CP-220, whose header and end are programmed. What its fast form says has not been established beyond its
    /// nine characters.
    Cp220 {
        /// The bytes before a record.
        header: &'a [u8],
        /// The bytes behind it.
        end: &'a [u8],
    },
    /// Congwin FE100: receiver and group always 00, a blank before the receiver.
    Fe100,
}

impl Dialect<'static> {
    /// A CP-220 that is programmed as the 685 is.
    pub const CP220: Self = Self::Cp220 { header: b"\n", end: b"\r" };
}

impl Dialect<'_> {
    const fn around(&self) -> (&[u8], &[u8]) {
        match self {
            Self::Cp220 { header, end } => (header, end),
            Self::Ademco685 | Self::Caps | Self::Fe100 => (b"\n", b"\r"),
        }
    }

    /// The layouts of this dialect, the usual way to write a form before others.
    const fn layouts(&self) -> &'static [(Form, &'static str)] {
        match self {
            Self::Ademco685 => &LAYOUTS,
            Self::Caps => &[
                (Form::Heartbeat, "RLsOKAYs@s"),
                (Form::Split, "RLsAAAAsXsYsZA"),
                (Form::FourOne, "RLsAAAAsE"),
                (Form::ContactId, "RLsAAAAs18sQXXXsGGsFCCCs"),
            ],
            Self::Cp220 { .. } => &CP220,
            Self::Fe100 => &[(Form::ContactId, "s00sAAAAs18sQXXXs00sFCCCs")],
        }
    }
}

const LAYOUTS: [(Form, &str); 7] = [
    (Form::Heartbeat, "RLsOKAYs@s"),
    (Form::Heartbeat, "RLsOKAYs@"),
    (Form::FourOne, "RLsAAAAsE"),
    (Form::FourTwo, "RLsAAAAsEsZ"),
    (Form::HighSpeed, "RLsAAAAsCCCCsCCCCsC"),
    (Form::ContactId, "RLsAAAAs18sQXXXsGGsFCCCs"),
    (Form::ContactId, "RLsAAAAs18sQXXXsGGsFCCC"),
];

const CP220: [(Form, &str); 8] = {
    let mut all = [(Form::Fast, "RLAAAAXXX"); 8];
    let mut at = 0;
    while at < LAYOUTS.len() {
        all[at] = LAYOUTS[at];
        at += 1;
    }
    all
};

/// Which layout a record has. `R` is the receiver's digit, `L` the line's, `A` the account, `s` a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `RL OKAY @`: the line lives.
    Heartbeat,
    /// 3/1 and 4/1: `RL AAAA E`. An account of three digits gets a zero before it.
    FourOne,
    /// 4/2: `RL AAAA E Z`.
    FourTwo,
    /// 4/2 of CAPS: `RL AAAA X Y ZA`, the three digits being sixteen times the event plus the zone.
    Split,
    /// High Speed: `RL AAAA CCCC CCCC C`, eight channels and the status.
    HighSpeed,
    /// Contact ID: `RL AAAA 18 QXXX GG FCCC `, `Q` E or R (CP-220 also P), `F` C before a zone, U before a user.
    ContactId,
    /// The fast form of CP-220: `RLAAAAXXX`. What the three characters say has not been established.
    Fast,
}

/// One record of an Ademco 685 or of its imitators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ademco685Record<'a> {
    dialect: Dialect<'a>,
    form: Form,
    layout: &'static str,
    bytes: &'a [u8],
    quirks: Quirks,
}

impl<'a> Ademco685Record<'a> {
    /// Reads one record as this dialect writes it.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if header or end are missing, [`RecordError::Length`] if no layout is so long,
    /// [`RecordError::Form`] if one is and does not fit.
    pub fn parse(bytes: &'a [u8], dialect: Dialect<'a>, strictness: Strictness) -> Result<Self, RecordError> {
        let (header, end) = dialect.around();
        let foreign = RecordError::Foreign { expected: "ademco685" };
        let body = bytes.strip_prefix(header).and_then(|rest| rest.strip_suffix(end)).ok_or(foreign)?;
        let mut error = RecordError::Length { expected: 11, found: bytes.len() };
        let mut filled = None;
        for &(form, layout) in dialect.layouts() {
            let mut quirks = Quirks::NONE;
            if layout.len() != body.len() || (form == Form::Heartbeat) != (body.get(3..7) == Some(b"OKAY")) {
                continue;
            }
            let usual =
                dialect.layouts().iter().find(|(known, _)| *known == form).is_some_and(|(_, usual)| *usual == layout);
            if !usual && form == Form::ContactId {
                quirks.add(Quirks::NO_LAST_BLANK);
            }
            let record = Self { dialect, form, layout, bytes: body, quirks };
            match record.layout().check(body, header.len(), &mut quirks).and_then(|()| record.understood()) {
                // Layouts may have one length: the one whose blanks are blank comes before one whose are not.
                Ok(()) if !quirks.contains(Quirks::FILLED_BLANKS) => {
                    return allowed(Self { quirks, ..record }, quirks, strictness);
                }
                Ok(()) => filled = filled.or(Some(Self { quirks, ..record })),
                Err(fault) => error = fault,
            }
        }
        filled.map_or(Err(error), |record| allowed(record, record.quirks, strictness))
    }

    /// That the digits of the forms that need them are there.
    fn understood(&self) -> Result<(), RecordError> {
        let wrong = |expected, letter: u8| RecordError::Form {
            expected,
            at: 1 + self.layout.bytes().position(|known| known == letter).unwrap_or(0),
            found: self.layout().array::<1>(self.bytes, letter)[0],
        };
        match self.form {
            Form::ContactId if self.contact_id().is_none() => Err(wrong("a Contact ID event", b'Q')),
            Form::ContactId if !matches!(self.user_or_zone(), b'C' | b'U') => Err(wrong("C or U", b'F')),
            Form::Split if self.split().is_none() => Err(wrong("sixteen times the event plus the zone", b'X')),
            _ => Ok(()),
        }
    }

    const fn layout(&self) -> Layout {
        Layout(self.layout)
    }

    /// Which layout it has.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The receiver's digit; empty where the dialect has none.
    pub fn receiver(&self) -> &'a str {
        self.one(b'R')
    }

    /// The line's digit; empty where the dialect has none.
    pub fn line(&self) -> &'a str {
        self.one(b'L')
    }

    fn one(&self, letter: u8) -> &'a str {
        let place = self.layout.bytes().position(|known| known == letter);
        let byte = place.and_then(|place| self.bytes.get(place..=place));
        text::printable(byte.unwrap_or_default()).unwrap_or_default()
    }

    /// The record between header and end.
    pub const fn body(&self) -> &'a [u8] {
        self.bytes
    }

    /// Who reports; `None` for a heartbeat.
    pub fn account(&self) -> Option<AccountNumber> {
        match (self.form, self.bytes) {
            (Form::Heartbeat, _) => None,
            // The letter behind the digits of CAPS is none of the account's.
            (Form::Split, [_, _, _, account @ .., _, _, _, _, _, _, _]) => AccountNumber::new(account).ok(),
            _ => self.layout().account(self.bytes),
        }
    }

    /// The Contact ID message, if it is one.
    pub fn contact_id(&self) -> Option<CidMessage> {
        if self.form != Form::ContactId {
            return None;
        }
        let fits = |layout| contact_id(layout, self.bytes);
        match self.dialect {
            Dialect::Fe100 => {
                // The group is 00 by the layout.
                let [q]: [u8; 1] = self.layout().array(self.bytes, b'Q');
                let [x, y, z]: [u8; 3] = self.layout().array(self.bytes, b'X');
                let [a, b, c]: [u8; 3] = self.layout().array(self.bytes, b'C');
                CidMessage::packed([qualifier_digit(q), x, y, z, b'0', b'0', a, b, c], 0).ok()
            }
            _ => fits(self.layout()),
        }
    }

    fn user_or_zone(&self) -> u8 {
        self.layout().array::<1>(self.bytes, b'F')[0]
    }

    /// What the receiver says that the number of a Contact ID message is: a zone or a user.
    pub fn number_is(&self) -> Option<NumberIs> {
        match (self.form, self.user_or_zone()) {
            (Form::ContactId, b'U') => Some(NumberIs::User),
            (Form::ContactId, _) => Some(NumberIs::Zone),
            _ => None,
        }
    }

    /// Event and zone of a CAPS record.
    fn split(&self) -> Option<(u8, u8)> {
        let [x, y, z] = [b'X', b'Y', b'Z'].map(|letter| self.layout().number(self.bytes, letter));
        let both = u8::try_from(x? * 100 + y? * 10 + z?).ok()?;
        Some((both >> 4, both & 15))
    }

    /// The departures from the layout that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// What it reports; nothing for a heartbeat.
    pub fn signals(&self) -> Vec<Signal> {
        let layout = self.layout();
        let pulse = |letter| {
            let [event]: [u8; 1] = layout.array(self.bytes, letter);
            own(OwnList::Pulse, &[event])
        };
        let single = match self.form {
            Form::Heartbeat => None,
            Form::ContactId => self.contact_id().map(|message| message.signal()),
            Form::FourOne => pulse(b'E'),
            Form::FourTwo => pulse(b'E').map(|signal| {
                let [zone]: [u8; 1] = layout.array(self.bytes, b'Z');
                let number = char::from(zone).to_digit(16);
                Signal { number, ..signal }
            }),
            Form::Split => self.split().and_then(|(event, zone)| {
                let written = Digit::new(event)?.to_char() as u8;
                Some(Signal { number: Some(u32::from(zone)), ..own(OwnList::Pulse, &[written])? })
            }),
            Form::Fast => {
                let event: [u8; 3] = layout.array(self.bytes, b'X');
                own(OwnList::Other, event.trim_ascii())
            }
            Form::HighSpeed => {
                let digits = layout.field(self.bytes, b'C').map(|byte| Digit::from_char(char::from(byte)));
                let digits: Option<Vec<Digit>> = digits.collect();
                return match digits.as_deref() {
                    Some([states @ .., status]) => {
                        channels::signals(OwnList::HighSpeed, states.iter().copied(), *status).collect()
                    }
                    _ => Vec::new(),
                };
            }
        };
        single.into_iter().collect()
    }

    /// The bytes of the record.
    pub fn encode(&self) -> Vec<u8> {
        let (header, end) = self.dialect.around();
        [header, self.bytes, end].concat()
    }
}

/// Writes a record of this form by the letters of its layout.
///
/// For [`Form::Split`] the fields are `X`, `Y` and `Z`, one digit each; [`caps_digits`] gives them.
///
/// # Errors
/// [`EncodeError`] if the dialect has no such form, or a field does not fit its place.
pub fn write(dialect: Dialect<'_>, form: Form, fields: &[(char, &str)]) -> Result<Vec<u8>, EncodeError> {
    let none = EncodeError::Width { field: "record", expected: 0, found: fields.len() };
    let &(_, layout) = dialect.layouts().iter().find(|(known, _)| *known == form).ok_or(none)?;
    let (header, end) = dialect.around();
    let mut out = header.to_vec();
    match form {
        Form::Heartbeat => {
            let of = |letter| fields.iter().find(|(known, _)| *known == letter).map_or("0", |(_, text)| text);
            out.extend([of('R'), of('L'), " OKAY @ "].into_iter().flat_map(str::bytes));
        }
        Form::Split => {
            Layout("RLsAAAAsXsYsZ").write(fields, &mut out)?;
            out.push(b'A');
        }
        _ => {
            // Three digits of a 3/1 account get a zero before them.
            let padded = fields.iter().find(|(letter, text)| *letter == 'A' && text.len() == 3);
            let padded = padded.map(|(_, text)| alloc::format!("0{text}"));
            let fields: Vec<(char, &str)> = fields
                .iter()
                .map(|&(letter, text)| match (letter, padded.as_deref()) {
                    ('A', Some(padded)) => (letter, padded),
                    _ => (letter, text),
                })
                .collect();
            Layout(layout).write(&fields, &mut out)?;
        }
    }
    out.extend_from_slice(end);
    Ok(out)
}

/// The three digits that CAPS writes for an event and a zone of 4/2, both 0 to 15; `None` above.
pub const fn caps_digits(event: u8, zone: u8) -> Option<[char; 3]> {
    if event > 15 || zone > 15 {
        return None;
    }
    let both = event * 16 + zone;
    Some([(b'0' + both / 100) as char, (b'0' + both / 10 % 10) as char, (b'0' + both % 10) as char])
}

/// The fields `Q`, `X`, `G` and `C` of a Contact ID record. FE100 has no group, and sends the closing of code 456 as `E`.
pub fn contact_id_fields(message: &CidMessage, dialect: Dialect<'_>) -> Vec<(char, String)> {
    let of_fe100 = dialect == Dialect::Fe100;
    let qualifier = match message.qualifier {
        Qualifier::Restore if of_fe100 && message.code.number() == 456 => "E",
        Qualifier::New => "E",
        Qualifier::Restore => "R",
        Qualifier::Status => "P",
    };
    let group = (!of_fe100).then(|| ('G', message.group_text().into()));
    let parts = [('Q', qualifier.into()), ('X', message.code.to_string()), ('C', message.number_text().into())];
    parts.into_iter().chain(group).collect()
}
