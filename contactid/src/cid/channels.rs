//! Ademco High Speed and Super Fast: the state of eight channels at once, and one of the whole panel.

use alloc::vec::Vec;

use super::digits;
use crate::dtmf::Digit;
use crate::{AccountNumber, Code, EncodeError, OwnCode, OwnList, Quirks, RecordError, Signal, Strictness};

/// Which of the two formats of eight channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelForm {
    /// High Speed: message type 55, sixteen digits with a check digit.
    HighSpeed,
    /// Super Fast: message type 56, fifteen digits without.
    SuperFast,
}

impl ChannelForm {
    const fn message_type(self) -> [Digit; 2] {
        match self {
            Self::HighSpeed => const { digits::fixed(b"55") },
            Self::SuperFast => const { digits::fixed(b"56") },
        }
    }
}

/// One report of Ademco High Speed or Super Fast.
///
/// ```text
/// 1234 55 15555555 7 S    High Speed: channel 1 in alarm
/// 1234 56 15555555 7      Super Fast: the same
///         │        └─ status: 0 AlarmNet, 1 duress, 2 opening, 3 bypass, 4 closing, 5 trouble, 6 system trouble,
///         │           7 normal, 8 low battery, 9 test
///         └─ each channel: 1 alarm, 2 opening, 3 restore, 4 closing, 5 normal, 6 reported before
/// ```
///
/// ```
/// use contactid::{Lang, Strictness, cid::ChannelReport};
/// let report = ChannelReport::parse(b"123456155555557", Strictness::Strict)?;
/// let signals: Vec<_> = report.signals().collect();
/// assert_eq!((signals.len(), signals[0].number), (1, Some(1)));
/// assert_eq!(signals[0].name(Lang::En), "channel alarm");
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChannelReport {
    /// Which of the two formats.
    pub form: ChannelForm,
    account: [Digit; 4],
    channels: [Digit; 8],
    status: Digit,
    quirks: Quirks,
}

impl ChannelReport {
    /// A report of these states.
    ///
    /// # Errors
    /// [`EncodeError`] if the account has not four digits up to `F`.
    pub fn new(
        form: ChannelForm,
        account: AccountNumber,
        channels: [Digit; 8],
        status: Digit,
    ) -> Result<Self, EncodeError> {
        let account = digits::of_account(account)?;
        let quirks = digits::quirks(&account).with(digits::quirks(&channels)).with(digits::quirks(&[status]));
        Ok(Self { form, account, channels, status, quirks })
    }

    /// Reads fifteen or sixteen digits written as text.
    ///
    /// # Errors
    /// [`RecordError`]: the wrong number of them, a wrong check digit, or another message type.
    pub fn parse(written: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut read = [Digit::ZERO; 16];
        let (read, _) = read.split_at_mut(if written.len() < 16 { 15 } else { 16 });
        let quirks = digits::read(written, read)?;
        Self::read(read, quirks, strictness)
    }

    /// Reads fifteen or sixteen digits as a tone decoder gives them.
    ///
    /// # Errors
    /// As [`ChannelReport::parse`].
    pub fn from_digits(heard: &[Digit], strictness: Strictness) -> Result<Self, RecordError> {
        Self::read(heard, Quirks::NONE, strictness)
    }

    pub(super) fn read(heard: &[Digit], quirks: Quirks, strictness: Strictness) -> Result<Self, RecordError> {
        let [a, b, c, d, high, low, e, f, g, h, i, j, k, l, status, ref check @ ..] = *heard else {
            return Err(RecordError::Length { expected: 15, found: heard.len() });
        };
        let (form, expected) = match check {
            [] => (ChannelForm::SuperFast, "message type 56"),
            [_] => (ChannelForm::HighSpeed, "message type 55"),
            _ => return Err(RecordError::Length { expected: 16, found: heard.len() }),
        };
        if form == ChannelForm::HighSpeed {
            digits::verify_check_digit(heard)?;
        }
        digits::of_type([high, low], form.message_type(), expected)?;
        let quirks = quirks.with(digits::quirks(heard));
        let (account, channels) = ([a, b, c, d], [e, f, g, h, i, j, k, l]);
        digits::allowed(Self { form, account, channels, status, quirks }, quirks, strictness)
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        digits::account(self.account)
    }

    /// The state of channels 1 to 8.
    pub const fn channels(&self) -> [Digit; 8] {
        self.channels
    }

    /// The state of the panel.
    pub const fn status(&self) -> Digit {
        self.status
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// One event for each channel that is not normal, then one for the status unless that is normal, too. A report in
    /// which everything is normal says so in one event.
    pub fn signals(&self) -> impl Iterator<Item = Signal> + use<> {
        signals(OwnList::HighSpeed, self.channels, self.status)
    }

    /// The digits to be dialled.
    pub fn digits(&self) -> Vec<Digit> {
        let parts: [&[Digit]; 4] = [&self.account, &self.form.message_type(), &self.channels, &[self.status]];
        match self.form {
            ChannelForm::HighSpeed => digits::checked(&parts),
            ChannelForm::SuperFast => parts.concat(),
        }
    }

    /// The digits as ASCII characters.
    pub fn encode(&self) -> Vec<u8> {
        digits::text(&self.digits())
    }
}

/// What channels and status say, in codes of this list: High Speed and Scancom count alike.
pub(crate) fn signals(
    list: OwnList,
    channels: impl IntoIterator<Item = Digit, IntoIter: Clone>,
    status: Digit,
) -> impl Iterator<Item = Signal> {
    let telling = (1..).zip(channels).filter(|(_, state)| state.number() != NORMAL);
    let silent = telling.clone().next().is_none();
    let channels =
        telling.map(move |(number, state)| Signal { number: Some(number), ..told(OwnCode::of_digits(list, [state])) });
    let status = (silent || status.number() != ALL_NORMAL).then(|| told(OwnCode::lettered(list, 'S', status)));
    channels.chain(status)
}

/// A channel that has nothing to say.
const NORMAL: u8 = 5;
/// A panel that has nothing to say.
const ALL_NORMAL: u8 = 7;

/// The state as an event, with what it says of beginning and end.
fn told(code: OwnCode) -> Signal {
    Signal::new(Code::Own(code), code.qualifier())
}
