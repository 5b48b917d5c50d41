//! The layouts of R161, under their first characters.

use alloc::vec::Vec;

use super::{END, Layout};
use crate::{EncodeError, RecordError};

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident $kind:literal $narrow:literal $wide:literal,)*) => {
        /// Which layout a record has. Behind the first character, `R` is the receiver, `L` the line, `A` the account, `s` a
        /// space; the other letters are told with each form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Form {
            $($(#[$doc])* #[doc = concat!("\n\n`", $kind, $narrow, "`, `", $kind, $wide, "`")] $name,)*
            /// SIA blocks in brackets: `SRRL[#acct|NMMzzzz/...]`, `SRRLLL[...]`.
            Sia,
            /// A first character that R161 explains elsewhere or not at all: kept as it came. Names, international callers,
            /// ADT pulse, SIM, DMP, Surtec, Outel, VONK and Westec records are of this kind.
            Other,
        }

        /// Every layout: form, first characters, behind them with one character of line, and with three.
        const LAYOUTS: &[(Form, &str, &str, &str)] = &[$((Form::$name, $kind, $narrow, $wide)),*];
    };
}

forms! {
    /// The line lives; sent every half minute or so.
    Heartbeat "1" "RRLsssssssssss@ssss" "RRLLLsssssssssss@ssss",
    /// Basic, 4/2 and 3/1: `X` event, `G` group or space, `Y` zone or user.
    Basic "10" "RRLssssAAAAAAsXGYYY" "RRLLLssssAAAAAAsXGYYY",
    /// One SIA event: `X` code, `Y` zone or user.
    SiaEvent "3" "RRLssssAAAAAAXXYYYY" "RRLLLssssAAAAAAXXYYYY",
    /// Contact ID: `Q` is E new, R restore, P previous; `X` event, `G` group, `C` zone or user.
    ContactId "5" "RRLs18AAAAQXXXGGCCC" "RRLLLs18AAAAQXXXGGCCC",
    /// Contact ID of an account of ten digits.
    LongContactId "Q" "RRLs58AAAAAAAAAAQXXXGGCCC" "RRLLLs58AAAAAAAAAAQXXXGGCCC",
    /// Modem II and BFSK: `X` event, `Y` zone.
    Modem "6" "RRLssssssAAAAXXYYYY" "RRLLLssssssAAAAXXYYYY",
    /// Ademco High Speed and Scancom, eight channels and the status: `C`.
    Channels "8" "RRLAAAAsCCCCsCCCCsC" "RRLLLAAAAsCCCCsCCCCsC",
    /// Scancom, sixteen channels and the status: `C`.
    ManyChannels "8" "RRLAAAAAAsCCCCsCCCCsCCCCsCCCCsC" "RRLLLAAAAAAsCCCCsCCCCsCCCCsCCCCsC",
    /// ITI: `C` panel, `G` group, `I`, `Z` zone, `E` condition, `W`, `N`.
    Iti "I" "RRLsssACAAAAGIZZEWN" "RRLLLsssACAAAAGIZZEWN",
    /// Silent Knight FSK1: `X` event.
    Fsk1 "E" "RRLssssAAAAAAXXssss" "RRLLLssssAAAAAAXXssss",
    /// CESA: `X` is 0 audio, 1 new, 2 restore, 3 status alarm, 4 status normal; `Z` zone.
    Cesa "G" "RRLsssssAAAAAsXssZZ" "RRLLLsssssAAAAAsXssZZ",
    /// Robofon: `E` event, `Y` and `Z` its number.
    Robofon "H" "RRLssssAAAAAAsEssYZ" "RRLLLssssAAAAAAsEssYZ",
    /// Telenot: `E` event letter, `Z` its number.
    Telenot "T" "RRLAAAAAAsEssZZ" "RRLLLAAAAAAsEssZZ",
    /// FSK2: `X` and `Y` event, `Z` zone.
    Fsk2 "C" "RRLssssAAAAAAXYZZss" "RRLLLssssAAAAAAXYZZss",
    /// A caller's number: `A` six places, `M` three (which R161 calls `L` as well), `T` seven digits.
    CallerId "4" "RRLAAAAAAMMMTTTTTTT" "RRLLLAAAAAAMMMTTTTTTT",
}

impl Form {
    /// Every form, in the order of declaration.
    pub const ALL: &'static [Self] = &{
        let mut all = [Self::Other; LAYOUTS.len() + 2];
        let mut at = 0;
        while at < LAYOUTS.len() {
            all[at] = LAYOUTS[at].0;
            at += 1;
        }
        all[at] = Self::Sia;
        all
    };

    /// The form of a record with this first character and these bytes behind it, and how many characters name its line.
    pub(super) fn of(kind: u8, body: &[u8]) -> Result<(Self, usize), RecordError> {
        if kind == b'S' {
            let width = [1, 3].into_iter().find(|width| body.get(2 + width..4 + width) == Some(b"[#"));
            let wrong = RecordError::Length { expected: 8, found: body.len() + 1 };
            return width.filter(|_| body.contains(&b'|')).map(|width| (Self::Sia, width)).ok_or(wrong);
        }
        let of_kind = || LAYOUTS.iter().filter(|(_, kinds, ..)| kinds.as_bytes().contains(&kind));
        let mut expected = None;
        for &(form, _, narrow, wide) in of_kind() {
            for (layout, width) in [(narrow, 1), (wide, 3)] {
                // Heartbeat and basic records have one length and one first character; the mark tells them apart.
                let mark = layout.bytes().position(|byte| byte == b'@');
                if layout.len() == body.len() && mark.is_none_or(|mark| body[mark] == b'@') {
                    return Ok((form, width));
                }
            }
            expected.get_or_insert(narrow.len() + 1);
        }
        match expected {
            Some(expected) => Err(RecordError::Length { expected, found: body.len() + 1 }),
            None => Ok((Self::Other, 0)),
        }
    }

    /// How long records of fixed width with this first character are, without DC4.
    pub(super) fn lengths(kind: u8) -> impl Iterator<Item = usize> {
        let of_kind = LAYOUTS.iter().filter(move |(_, kinds, ..)| kinds.as_bytes().contains(&kind));
        of_kind.flat_map(|(.., narrow, wide)| [narrow.len() + 1, wide.len() + 1])
    }

    /// The layout behind the first character; `None` for forms of no fixed width.
    pub(super) fn layout(self, line_width: usize) -> Option<Layout> {
        self.layout_text(line_width).map(Layout)
    }

    /// The layout behind the first character, with a line of one character or of three, in the letters of R161; `None`
    /// for [`Form::Sia`] and [`Form::Other`].
    pub fn layout_text(self, line_width: usize) -> Option<&'static str> {
        let &(.., narrow, wide) = LAYOUTS.iter().find(|(form, ..)| *form == self)?;
        Some(if line_width == 3 { wide } else { narrow })
    }

    /// Writes a record of this form: receiver, line of one or three characters, and the fields by the letters of its
    /// layout. An account may be shorter than its field. For [`Form::Sia`] the fields are `A`, 1 to 16 characters, and
    /// `N`, the SIA content.
    ///
    /// # Errors
    /// [`EncodeError`] if a field has another width than its place, or a byte that no record holds; [`Form::Other`] has
    /// no layout to write.
    pub fn write(self, receiver: &str, line: &str, fields: &[(char, &str)]) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        if self == Self::Sia {
            let of = |letter| fields.iter().find(|(known, _)| *known == letter).map_or("", |(_, text)| text);
            for text in [receiver, line, of('A'), of('N')] {
                if let Some(found) = text.bytes().find(|byte| *byte == END || matches!(byte, b'\r' | b'\n')) {
                    return Err(EncodeError::Byte { field: "record", found });
                }
            }
            if receiver.len() != 2 || !matches!(line.len(), 1 | 3) {
                return Err(EncodeError::Width {
                    field: "receiver and line",
                    expected: 3,
                    found: receiver.len() + line.len(),
                });
            }
            out.push(b'S');
            for part in [receiver, line, "[#", of('A'), "|", of('N'), "]"] {
                out.extend_from_slice(part.as_bytes());
            }
        } else {
            let no_layout = EncodeError::Width { field: "record", expected: 0, found: fields.len() };
            let &(_, kinds, narrow, wide) = LAYOUTS.iter().find(|(form, ..)| *form == self).ok_or(no_layout)?;
            out.extend(kinds.bytes().take(1));
            let all: Vec<(char, &str)> =
                [('R', receiver), ('L', line)].into_iter().chain(fields.iter().copied()).collect();
            Layout(if line.len() == 3 { wide } else { narrow }).write(&all, &mut out)?;
        }
        out.push(END);
        Ok(out)
    }
}
