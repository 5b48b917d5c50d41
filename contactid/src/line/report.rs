//! What a call brought, whatever format its panel speaks.

use crate::cid::{AdemcoReport, CidReport};
use crate::dtmf::Digit;
use crate::line::Handshake;
use crate::line::keyed::KeyedMessage;
use crate::line::pulse::PulseReport;
use crate::scancom::{Channels, ScancomReport};
use crate::{AccountNumber, EventCode, Format, Quirks, RecordError, Signal, Strictness};

/// One message of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineMessage {
    /// Contact ID or one of its sister formats.
    Ademco(AdemcoReport),
    /// Scancom fast format.
    Scancom(ScancomReport),
    /// A pulse format.
    Pulse(PulseReport),
    /// A format of characters: Robofon 8, CESA.
    Keyed(KeyedMessage),
}

impl LineMessage {
    /// Reads the digits of one message; of formats without a check digit only if those are asked for.
    pub(super) fn read(heard: &[Digit], unchecked: bool, strictness: Strictness) -> Result<Self, RecordError> {
        match AdemcoReport::from_digits(heard, strictness) {
            Ok(report) if !unchecked && report.format() == Format::SuperFast => {
                Err(RecordError::Length { expected: CidReport::LEN, found: heard.len() })
            }
            Ok(report) => Ok(Self::Ademco(report)),
            Err(error) if unchecked => {
                ScancomReport::from_digits(heard, strictness).map(Self::Scancom).map_err(|_| error)
            }
            Err(error) => Err(error),
        }
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        match self {
            Self::Ademco(report) => report.account(),
            Self::Scancom(report) => report.account(),
            Self::Pulse(report) => report.account(),
            Self::Keyed(message) => message.account(),
        }
    }

    /// The departures from its format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        match self {
            Self::Ademco(report) => report.quirks(),
            Self::Scancom(report) => report.quirks(),
            Self::Pulse(report) => report.quirks(),
            Self::Keyed(message) => message.quirks(),
        }
    }

    /// The events in it, at least one. `named` says what the channels of a Scancom panel stand for.
    pub fn signals(&self, named: Channels) -> impl Iterator<Item = Signal> + '_ {
        let (ademco, scancom, single) = match self {
            Self::Ademco(report) => (Some(report.signals()), None, None),
            Self::Scancom(report) => (None, Some(report.signals(named)), None),
            Self::Pulse(report) => (None, None, Some(report.signal())),
            Self::Keyed(message) => (None, None, Some(message.signal())),
        };
        ademco.into_iter().flatten().chain(scancom.into_iter().flatten()).chain(single)
    }

    /// Whether it announces audio behind its acknowledgement, so that the line has to be kept: code 606 of Contact ID (DC-05),
    /// event 0 of CESA.
    pub fn announces_audio(&self) -> bool {
        const LISTEN_IN: Option<EventCode> = EventCode::new(606);
        match self {
            Self::Ademco(AdemcoReport::ContactId(report)) => {
                let message = report.message();
                message.qualifier == crate::Qualifier::New && Some(message.code) == LISTEN_IN
            }
            Self::Keyed(KeyedMessage::Cesa(message)) => message.event().as_str() == "0",
            Self::Ademco(AdemcoReport::Express(_) | AdemcoReport::Channels(_))
            | Self::Keyed(KeyedMessage::Robofon(_))
            | Self::Scancom(_)
            | Self::Pulse(_) => false,
        }
    }

    /// The handshake that the format itself names, and is acknowledged by: a panel that took its time has another handshake
    /// behind it by now. `None` where the handshake that was offered decides.
    pub(super) const fn handshake(&self) -> Option<Handshake> {
        match self {
            Self::Ademco(_) => Some(Handshake::Pair),
            Self::Keyed(message) => Some(Handshake::Keyed(message.format())),
            Self::Scancom(_) | Self::Pulse(_) => None,
        }
    }
}

/// A message as a receiver hands it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Its number in the call, from 1: what [`ReceiverInput::Stored`](super::ReceiverInput::Stored) names.
    pub number: u32,
    /// What it says.
    pub message: LineMessage,
    /// The number of the message right before it in the call, if it says the same: the panel either missed the kissoff, or
    /// saw the same event twice. Nothing on the line tells these apart.
    pub repeats: Option<u32>,
}
