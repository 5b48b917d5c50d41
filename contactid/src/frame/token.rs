//! The token between the quotes: what kind of message a frame carries.

use core::fmt;

use crate::text::ascii;

/// A frame's token, listed or not (DC-09-2026, Annex H).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token<'a> {
    /// A Contact ID event.
    AdmCid,
    /// SIA DC-03 blocks.
    SiaDcs,
    /// A supervision message.
    Null,
    /// A supervision message with content (2021 and later).
    Xnm,
    /// The receiver took the message.
    Ack,
    /// The receiver refuses the panel's clock, and names its own time.
    Nak,
    /// The receiver cannot read the content.
    Duh,
    /// An answer that carries content.
    Rsp,
    /// Any other token, without its quotes and its asterisk. The content stays raw.
    Other(&'a str),
}

impl<'a> Token<'a> {
    /// The token of this text, without quotes and asterisk.
    pub fn new(text: &'a str) -> Self {
        match text {
            "ADM-CID" => Self::AdmCid,
            "SIA-DCS" => Self::SiaDcs,
            "NULL" => Self::Null,
            "XNM" => Self::Xnm,
            "ACK" => Self::Ack,
            "NAK" => Self::Nak,
            "DUH" => Self::Duh,
            "RSP" => Self::Rsp,
            other => Self::Other(other),
        }
    }

    /// The token of these bytes; `None` unless they are printable ASCII, at least one.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        Some(match bytes {
            b"ADM-CID" => Self::AdmCid,
            b"SIA-DCS" => Self::SiaDcs,
            b"NULL" => Self::Null,
            [] => return None,
            other => Self::new(ascii(other)?),
        })
    }

    /// The text between the quotes, without asterisk.
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::AdmCid => "ADM-CID",
            Self::SiaDcs => "SIA-DCS",
            Self::Null => "NULL",
            Self::Xnm => "XNM",
            Self::Ack => "ACK",
            Self::Nak => "NAK",
            Self::Duh => "DUH",
            Self::Rsp => "RSP",
            Self::Other(other) => other,
        }
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
