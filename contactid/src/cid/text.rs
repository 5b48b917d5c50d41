//! Contact ID as text, over a serial line or over IP: five forms that have grown beside the standard.
//!
//! ```
//! use contactid::cid::text::{BareReport, TextForm, TextReply, TextSplitter};
//! use contactid::{Reply, Strictness, cid::text::SerialReport};
//!
//! let mut splitter = TextSplitter::new(TextForm::Serial);
//! splitter.push(b"AL00123418162701000##\r\nAL00123418162701000##\r\n");
//! while let Some(record) = splitter.pop() {
//!     let report = SerialReport::parse(record, Strictness::Strict)?;
//!     assert_eq!(report.signal().code.to_string(), "627");
//!     assert_eq!(TextReply::Ok.bytes(Reply::Ack, record), b"OK");
//! }
//! // The bare form is the sixteen digits and nothing else.
//! assert!(BareReport::parse(b"1234181131010158", Strictness::Strict).is_ok());
//! # Ok::<(), contactid::RecordError>(())
//! ```
//!
//! None of these forms numbers its reports, so that a repeat cannot be told from a second event of the same kind: see
//! [`line`](crate::line).

mod bracket;
mod csv;
mod eldes;
mod serial;
mod splitter;

pub use bracket::BracketReport;
pub use csv::{CsvChecksum, CsvReport};
pub use eldes::{EldesCheck, EldesReport};
pub use serial::{SerialPrefix, SerialReport};
pub use splitter::{TextForm, TextSplitter};

use crate::Reply;

/// Sixteen bare characters (ICT PostX "Contact ID UDP/TCP"): [`CidReport`](super::CidReport) as it is, usually answered by
/// [`TextReply::Echo`].
pub type BareReport = super::CidReport;

/// How a receiver acknowledges a report as text. No form has a refusal: a sender that hears nothing sends again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextReply {
    /// `OK`: the serial form.
    Ok,
    /// The whole message again, as it came: brackets and the bare form.
    Echo,
    /// The single byte 06: brackets as Lupusec sends them. For CSV and the Eldes form it is unverified: what those expect
    /// was not established.
    Byte06,
    /// Nothing at all.
    Silence,
}

impl TextReply {
    /// The bytes to send; empty for anything but an acknowledgement.
    pub const fn bytes(self, reply: Reply, received: &[u8]) -> &[u8] {
        match (reply, self) {
            (Reply::Ack, Self::Ok) => b"OK",
            (Reply::Ack, Self::Echo) => received,
            (Reply::Ack, Self::Byte06) => &[0x06],
            (Reply::Ack, Self::Silence) | (Reply::Nak | Reply::Duh | Reply::Silence, _) => &[],
        }
    }
}
