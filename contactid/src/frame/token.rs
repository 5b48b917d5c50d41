//! The token between the quotes: what kind of message a frame carries.

use core::fmt;

use crate::text::ascii;

/// One list of the tokens that have a name, so that reading and writing cannot differ.
macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident $text:literal $carries:ident,)*) => {
        /// A frame's token, listed or not (DC-09-2026, Annex H).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Token<'a> {
            $($(#[$doc])* $name,)*
            /// Any other token, without its quotes and its asterisk. The content stays raw.
            Other(&'a str),
        }

        impl<'a> Token<'a> {
            /// Every token that has a name: first those of the standard, then those that only the field has.
            pub const NAMED: &'static [Token<'static>] = &[$(Token::$name),*];

            /// The token of this text, without quotes and asterisk.
            pub fn new(text: &'a str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    other => Self::Other(other),
                }
            }

            /// The text between the quotes, without asterisk.
            pub const fn as_str(self) -> &'a str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(other) => other,
                }
            }

            /// What stands between the brackets of a frame of this token.
            pub const fn carries(self) -> Carries {
                match self {
                    $(Self::$name => Carries::$carries,)*
                    Self::Other(_) => Carries::Unknown,
                }
            }
        }
    };
}

/// What a token says of the content of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carries {
    /// Nothing: the brackets are empty.
    Nothing,
    /// `QXYZ GG CCC`: Contact ID without message type and check digit.
    ContactId,
    /// SIA DC-03 blocks without header and parity.
    SiaBlocks,
    /// What DC-07 writes for a format of the telephone line: [`Message::content`](crate::Message::content) gives it raw, and
    /// [`Message::record_events`](crate::Message::record_events) reads some.
    Record,
    /// What the notes of this crate do not establish, or what differs from message to message; raw.
    Unknown,
}

tokens! {
    /// A Contact ID event.
    AdmCid "ADM-CID" ContactId,
    /// SIA DC-03 blocks.
    SiaDcs "SIA-DCS" SiaBlocks,
    /// A supervision message.
    Null "NULL" Nothing,
    /// A supervision message with content (2021 and later).
    Xnm "XNM" Unknown,
    /// The receiver took the message.
    Ack "ACK" Nothing,
    /// The receiver refuses the panel's clock, and names its own time.
    Nak "NAK" Nothing,
    /// The receiver cannot read the content.
    Duh "DUH" Nothing,
    /// An answer that carries content.
    Rsp "RSP" Unknown,
    /// Pulse formats.
    SiaPul "SIA-PUL" Record,
    /// SIA 2000 (DC-04).
    SiaS2k "SIA-S2K" Record,
    /// Acron Super Fast.
    AcrSf "ACR-SF" Record,
    /// Ademco 4/1 Express.
    Adm41e "ADM-41E" Record,
    /// Ademco 4/2 Express.
    Adm42e "ADM-42E" Record,
    /// Ademco High Speed.
    AdmHs "ADM-HS" Record,
    /// DSC 4/3.
    Dsc43 "DSC-43" Record,
    /// FBI Super Fast.
    FbiSf "FBI-SF" Record,
    /// ITI.
    ItiI "ITI-I" Record,
    /// Scancom, 8 channels.
    ScnS8 "SCN-S8" Record,
    /// Scancom, 16 channels.
    ScnS16 "SCN-S16" Record,
    /// Scancom, 24 channels.
    ScnS24 "SCN-S24" Record,
    /// Listed without an explanation that the notes of this crate could establish.
    Sct "SCT" Record,
    /// Sescoa.
    SesSs "SES-SS" Record,
    /// Silent Knight FSK1.
    SkFsk1 "SK-FSK1" Record,
    /// Silent Knight FSK2.
    SkFsk2 "SK-FSK2" Record,
    /// Seen at one receiver; no edition lists it.
    AdmCidx "ADM-CIDX" Unknown,
    /// Hengbo's private content, whose extended field is binary and may hold any byte; no edition lists it.
    HengBo "HENG-BO" Unknown,
    /// A module of a Chinese maker announces itself; no edition lists it.
    ModuleReg "MODULE-REG" Unknown,
    /// The answer to that; no edition lists it.
    RegRsp "REG-RSP" Unknown,
    /// Of the same maker; no edition lists it.
    Pww "PWW" Unknown,
}

impl<'a> Token<'a> {
    /// The token of these bytes; `None` unless they are printable ASCII, at least one.
    ///
    /// Inlined down to the usual tokens, which then stay in registers: written to memory in halves and read back whole, a
    /// token costs a twelfth of the frame.
    #[inline(always)]
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        match bytes {
            b"ADM-CID" => Some(Self::AdmCid),
            b"SIA-DCS" => Some(Self::SiaDcs),
            b"NULL" => Some(Self::Null),
            [] => None,
            other => Self::rarer(other),
        }
    }

    #[inline(never)]
    fn rarer(bytes: &'a [u8]) -> Option<Self> {
        ascii(bytes).map(Self::new)
    }

    /// Whether Annex H of DC-09-2026 lists it: not so [`Token::Other`], nor what only the field has.
    pub const fn is_listed(self) -> bool {
        !matches!(self, Self::AdmCidx | Self::HengBo | Self::ModuleReg | Self::RegRsp | Self::Pww | Self::Other(_))
    }

    /// Whether the frame is itself an answer, which nobody answers.
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Ack | Self::Nak | Self::Duh | Self::Rsp)
    }

    /// Whether the frame reports only that the line lives.
    pub const fn is_supervision(self) -> bool {
        matches!(self, Self::Null | Self::Xnm)
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
