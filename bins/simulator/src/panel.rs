//! One panel: sends its events as real panels do, waits, repeats, and sets its clock when the receiver tells it to.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use contactid::{Encoder, Frame, Key, Pad, Strictness, Token};
use tokio::time::timeout;

use crate::clock;
use crate::link::{Link, Transport};
use dice::Dice;
use event::Event;

pub mod day;
pub mod dice;
pub mod event;
pub mod script;

/// How often a frame is sent before the panel gives it up.
const TRIES: u32 = 5;

/// How a panel is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The receiver.
    pub dc09: SocketAddr,
    /// TCP or UDP.
    pub transport: Transport,
    /// The account it reports under, without `#`.
    pub account: String,
    /// The receiver number it sends, if any: up to six hex digits.
    pub receiver: Option<String>,
    /// The line number it sends: up to six hex digits.
    pub line: String,
    /// Its key; `None` to report in the clear.
    pub key: Option<Key>,
    /// Does it put its time on plain frames too?
    pub stamped: bool,
    /// How far its clock is ahead, in seconds.
    pub clock_ahead_secs: i64,
    /// What its chance begins with.
    pub seed: u64,
}

impl Setup {
    /// A panel that reports in the clear over TCP, without time stamps.
    #[must_use]
    pub fn new(dc09: SocketAddr, account: &str) -> Self {
        Self {
            dc09,
            transport: Transport::Tcp,
            account: account.to_owned(),
            receiver: None,
            line: "0".to_owned(),
            key: None,
            stamped: false,
            clock_ahead_secs: 0,
            seed: account.bytes().fold(0, |seed, byte| seed * 31 + u64::from(byte)),
        }
    }
}

/// A panel at work. It keeps its connection, as panels do, and makes a new one when it breaks.
#[derive(Debug)]
pub struct Panel {
    setup: Setup,
    link: Option<Link>,
    sequence: u16,
    dice: Dice,
    frame: Vec<u8>,
    answer: Vec<u8>,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The sequence number it had in every try.
    pub sequence: u16,
    /// How often it was sent.
    pub tries: u32,
    /// What the receiver said last.
    pub answer: Answer,
}

/// The last word of the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Stored.
    Acknowledged,
    /// Not understood; repeating it would not help.
    Unable,
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match self.answer {
            Answer::Acknowledged => "acknowledged",
            Answer::Unable => "refused (DUH)",
        };
        write!(f, "{:04} {answer}", self.sequence)?;
        if self.tries > 1 { write!(f, " after {} tries", self.tries) } else { Ok(()) }
    }
}

/// Why a report did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// No valid answer in any try. The panel would now use its other path.
    #[error("no answer from {dc09} in {tries} tries; is a receiver listening there?{}", last.as_ref().map(|error| format!(" ({error})")).unwrap_or_default())]
    Unanswered {
        /// The receiver.
        dc09: SocketAddr,
        /// How often the report was sent.
        tries: u32,
        /// What the system said last, if it said something.
        last: Option<io::Error>,
    },
    /// The set-up or the event holds something that no frame can carry.
    #[error("the frame cannot be written: {0}")]
    Frame(#[from] contactid::EncodeError),
}

impl Panel {
    /// A panel that has sent nothing yet. It connects with its first report.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let dice = Dice::new(setup.seed);
        Self { setup, link: None, sequence: 0, dice, frame: Vec::new(), answer: Vec::new() }
    }

    /// How it is set up.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Reports an event, repeating it under the same number until it is answered.
    ///
    /// # Errors
    /// When five tries bring no answer, or the event cannot be written.
    pub async fn send(&mut self, event: &Event) -> Result<Delivery, PanelError> {
        let data = format!("#{}|{}", self.setup.account, event.content());
        self.deliver(Token::new(event.token()), data.as_bytes()).await
    }

    /// Reports that it is alive.
    ///
    /// # Errors
    /// When five tries bring no answer.
    pub async fn heartbeat(&mut self) -> Result<Delivery, PanelError> {
        self.deliver(Token::Null, &[]).await
    }

    async fn deliver(&mut self, token: Token<'_>, data: &[u8]) -> Result<Delivery, PanelError> {
        self.sequence = self.sequence % 9999 + 1;
        let sequence = self.sequence;
        let mut last = None;
        for tries in 1..=TRIES {
            self.write(token, data)?;
            match timeout(self.setup.transport.patience(), self.exchange()).await {
                Ok(Ok(Heard::Ack)) => return Ok(Delivery { sequence, tries, answer: Answer::Acknowledged }),
                Ok(Ok(Heard::Duh)) => return Ok(Delivery { sequence, tries, answer: Answer::Unable }),
                // The receiver names its time: set the clock, and send the same report again.
                Ok(Ok(Heard::Nak { ahead_secs })) => self.setup.clock_ahead_secs -= ahead_secs,
                Ok(Err(broken)) => {
                    self.link = None;
                    last = Some(broken);
                    tokio::time::sleep(self.setup.transport.patience() / 10).await;
                }
                Err(_) => {}
            }
        }
        Err(PanelError::Unanswered { dc09: self.setup.dc09, tries: TRIES, last })
    }

    fn write(&mut self, token: Token<'_>, data: &[u8]) -> Result<(), PanelError> {
        let stamp = (self.setup.stamped || self.setup.key.is_some()).then(|| clock::stamp(self.setup.clock_ahead_secs));
        let encoder = Encoder {
            receiver: self.setup.receiver.as_deref(),
            line: Some(&self.setup.line),
            account: Some(&self.setup.account),
            data,
            stamp,
            ..Encoder::new(token, self.sequence)
        };
        self.frame.clear();
        match &self.setup.key {
            None => encoder.encode_into(&mut self.frame)?,
            Some(key) => {
                let mut random = [0; 32];
                self.dice.fill(&mut random);
                encoder.encrypt_into(key, Pad::Short(&random), &mut self.frame)?;
            }
        }
        Ok(())
    }

    /// Sends the frame and waits for its answer.
    async fn exchange(&mut self) -> io::Result<Heard> {
        if self.link.is_none() {
            self.link = Some(Link::open(self.setup.dc09, self.setup.transport).await?);
        }
        let Some(link) = &mut self.link else { return Err(io::ErrorKind::NotConnected.into()) };
        link.send(&self.frame).await?;
        loop {
            link.answer(&mut self.answer).await?;
            if let Some(heard) = heard(&self.answer, self.sequence, &self.setup) {
                return Ok(heard);
            }
        }
    }
}

/// An answer to the frame that waits.
enum Heard {
    Ack,
    Duh,
    /// Our clock is so many seconds ahead of the receiver's.
    Nak {
        ahead_secs: i64,
    },
}

/// What an answer says; `None` for one that is damaged, belongs to an earlier frame, or does not have our key.
fn heard(answer: &[u8], sequence: u16, setup: &Setup) -> Option<Heard> {
    let frame = Frame::parse(answer, Strictness::Tolerant).ok()?;
    let message = frame.open(setup.key.as_ref()).ok()?;
    match frame.token() {
        Token::Nak => {
            let ours = clock::stamp(setup.clock_ahead_secs);
            Some(Heard::Nak { ahead_secs: ours.skew_secs(message.stamp()?) })
        }
        _ if frame.sequence() != Some(sequence) => None,
        Token::Duh => Some(Heard::Duh),
        // Who encrypts believes only an encrypted acknowledgement.
        Token::Ack => (frame.is_encrypted() == setup.key.is_some()).then_some(Heard::Ack),
        _ => None,
    }
}
