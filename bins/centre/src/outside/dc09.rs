//! Signals to another centre, as a panel would report them: one DC-09 frame on a connection of its own, and its acknowledgement.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use alarmcore::SignalId;
use contactid::{Code, Deframer, Encoder, Extended, Frame, Key, Pad, Stamp, Strictness, Token};
use opsmodel::store::query::SignalRow;
use receiver::clock;
use serde_json::Value;

use super::way::{Delivered, Fault};

/// From how many seconds after its arrival on a signal says when it happened. Within them the time of sending says it well enough, and
/// receivers that are older than that field see none.
const LATE_S: i64 = 60;

/// How the other centre is reached.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Host and port of its receiver.
    pub(crate) address: String,
    /// The receiver number that it knows us by, up to six hexadecimal digits.
    pub(crate) receiver: Option<String>,
    /// The line number, in the same way.
    pub(crate) line: String,
    /// The key that it has on the cards of these accounts, in hexadecimal digits; `None` to report in the clear.
    pub(crate) key: Option<String>,
    /// How long one answer may take.
    pub(crate) patience: Duration,
    /// How often a signal that the other centre refuses is sent before it is given up.
    pub(crate) tries: u32,
}

impl std::fmt::Debug for Line {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What the other centre says.
enum Said {
    Ack,
    Duh,
    /// Its clock.
    Nak(Stamp),
}

/// The sequence number of a signal, the same whenever it is sent: by it the other centre recognises what it has.
pub(super) fn sequence(signal: SignalId) -> u16 {
    u16::try_from((signal.get() + 9998) % 9999 + 1).unwrap_or(1)
}

/// Token and content of a signal as a panel would send it.
///
/// # Errors
/// It has a code of another format, or a number that has no place in a frame: in English and in Chinese.
pub(super) fn content(row: &SignalRow) -> Result<(&'static str, String), [String; 2]> {
    let id = row.id;
    let code = row.code.as_deref().and_then(|code| code.parse::<Code>().ok());
    let number = |text: &Option<String>| text.as_deref().map_or(Some(0), |text| text.parse::<u32>().ok());
    let (group, place) = (number(&row.group), number(&row.number));
    match (code, group, place) {
        (Some(Code::Cid(code)), Some(group @ 0..=99), Some(place @ 0..=999)) => {
            Ok(("ADM-CID", format!("{}{code} {group:02} {place:03}", row.qualifier.unwrap_or(1))))
        }
        (Some(Code::Sia(code)), Some(group @ 0..=9999), _) => {
            let area = if group > 0 { format!("ri{group}/") } else { String::new() };
            let place = row.address.clone().or_else(|| row.number.clone()).unwrap_or_default();
            let plain = |c: &char| !matches!(c, '|' | '[' | ']' | '\r' | '\n');
            let text = row.text.iter().map(|text| format!("|A{}", text.chars().filter(plain).collect::<String>()));
            Ok(("SIA-DCS", format!("N{area}{code}{place}{}", text.collect::<String>())))
        }
        (Some(Code::Cid(_) | Code::Sia(_)), ..) => Err([
            format!("signal {id}: group or number is too long for DC-09"),
            format!("信号 {id}：分区或编号超出 DC-09 的位数"),
        ]),
        (Some(Code::Own(code)), ..) => {
            Err([format!("signal {id}: {code} has no place in DC-09"), format!("信号 {id}：DC-09 中没有 {code}")])
        }
        (None, ..) => Err([format!("signal {id} has no code"), format!("信号 {id} 没有代码")]),
    }
}

impl Line {
    /// Sends one signal, with the clock of the other end if it asks for that. Blocks.
    pub(super) fn send(&self, message: &Value) -> Result<Delivered, Fault> {
        let unsaid = &message["unsaid"];
        if let (Some(why), Some(why_zh)) = (unsaid["en"].as_str(), unsaid["zh"].as_str()) {
            return Err(Fault { for_good: true, ..Fault::said(why, why_zh) });
        }
        let text =
            |name: &str| message[name].as_str().ok_or_else(|| Fault::again(format!("the message has no {name}")));
        let (account, token) = (text("account")?, text("token")?);
        let data = format!("#{account}|{}", text("content")?);
        let sequence = message["sequence"].as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or(1);
        let key = self.key.as_deref().map(Key::from_hex).transpose().map_err(Fault::again)?;
        let happened = happened(message, clock::machine().secs());
        let happened: Vec<_> = happened.iter().map(|text| Extended::new('H', text)).collect();
        let mut stream = self.connect()?;
        let mut ahead_secs = 0;
        for _ in 0..2 {
            let stamp = Stamp::from_unix(clock::machine().secs() + ahead_secs);
            let encoder = Encoder {
                receiver: self.receiver.as_deref(),
                line: Some(&self.line),
                account: Some(account),
                data: data.as_bytes(),
                extended: &happened,
                stamp: Some(stamp),
                ..Encoder::new(Token::new(token), sequence)
            };
            // What cannot be written today cannot be written tomorrow.
            let never = |error: contactid::EncodeError| Fault::for_good(error);
            let frame = match &key {
                None => encoder.encode().map_err(never)?,
                Some(key) => {
                    let mut random = [0; 32];
                    getrandom::fill(&mut random).map_err(Fault::again)?;
                    encoder.encrypt(key, Pad::Short(&random)).map_err(never)?
                }
            };
            stream.write_all(&frame).map_err(Fault::again)?;
            match self.answer(&mut stream, sequence, key.as_ref())? {
                Said::Ack => return Ok(Delivered { receipt: Some(format!("ACK {sequence:04}")), answers: Vec::new() }),
                Said::Duh => {
                    return Err(Fault {
                        refused: true,
                        ..Fault::said("DUH: the other centre does not understand it", "DUH：对方中心无法识别")
                    });
                }
                Said::Nak(theirs) => ahead_secs -= stamp.skew_secs(theirs),
            }
        }
        Err(Fault::said("NAK: the other centre does not take our clock", "NAK：对方中心不接受本中心的时间"))
    }

    /// Is somebody there who takes a connection? Blocks.
    pub(super) fn ask(&self) -> Result<(), Fault> {
        self.connect().map(drop)
    }

    fn connect(&self) -> Result<TcpStream, Fault> {
        let faulty = |error: std::io::Error| Fault::again(format!("{}: {error}", self.address));
        let mut last =
            Fault::said(format!("{}: no such host", self.address), format!("{}：找不到该主机", self.address));
        for address in self.address.to_socket_addrs().map_err(faulty)? {
            match TcpStream::connect_timeout(&address, self.patience) {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(faulty)?;
                    return Ok(stream);
                }
                Err(error) => last = faulty(error),
            }
        }
        Err(last)
    }

    /// Waits for the answer to this frame; others on the connection are passed over.
    fn answer(&self, stream: &mut TcpStream, sequence: u16, key: Option<&Key>) -> Result<Said, Fault> {
        let silence = || {
            let (address, secs) = (&self.address, self.patience.as_secs());
            Fault::said(format!("{address}: no answer in {secs} s"), format!("{address}：{secs} 秒内没有应答"))
        };
        let until = Instant::now() + self.patience;
        let (mut deframer, mut buffer) = (Deframer::new(), [0; 1024]);
        loop {
            while let Some(bytes) = deframer.pop() {
                if let Some(said) = said(bytes, sequence, key) {
                    return Ok(said);
                }
            }
            let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero());
            stream.set_read_timeout(Some(left.ok_or_else(silence)?)).map_err(Fault::again)?;
            match stream.read(&mut buffer) {
                Ok(0) => {
                    let address = &self.address;
                    return Err(Fault::said(
                        format!("{address}: the connection ended"),
                        format!("{address}：连接已断开"),
                    ));
                }
                Ok(count) => deframer.push(&buffer[..count]).map_err(Fault::again)?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                    return Err(silence());
                }
                Err(error) => return Err(Fault::again(format!("{}: {error}", self.address))),
            }
        }
    }
}

/// When the signal happened, as DC-09 says it in its field `H`: by the panel's own word, or by our log where it goes out late. Without
/// it, whoever gets an alarm after an outage takes it for one of now.
fn happened(message: &Value, now_s: i64) -> Option<String> {
    let said = message["device_time"].as_str().filter(|said| said.parse::<Stamp>().is_ok());
    let late = message["received_s"].as_i64().filter(|received_s| now_s - received_s >= LATE_S);
    said.map(str::to_owned).or_else(|| late.map(|received_s| Stamp::from_unix(received_s).to_string()))
}

/// What an answer says; `None` for one that is damaged, of another frame, or without our key.
fn said(bytes: &[u8], sequence: u16, key: Option<&Key>) -> Option<Said> {
    let frame = Frame::parse(bytes, Strictness::Tolerant).ok()?;
    let message = frame.open(key).ok()?;
    match frame.token() {
        Token::Nak => Some(Said::Nak(message.stamp()?)),
        _ if frame.sequence() != Some(sequence) => None,
        Token::Duh => Some(Said::Duh),
        // Who encrypts believes only an encrypted acknowledgement.
        Token::Ack => (frame.is_encrypted() == key.is_some()).then_some(Said::Ack),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_has_one_number_of_1_to_9999() {
        assert_eq!([1, 2, 9999, 10_000, 10_001].map(|id| sequence(SignalId::new(id))), [1, 2, 9999, 1, 2]);
    }

    #[test]
    fn what_goes_out_late_says_when_it_happened() {
        use serde_json::json;
        let at = |received_s: i64, said: Value| {
            happened(&json!({ "received_s": received_s, "device_time": said }), 1_000_000_000)
        };
        assert_eq!(at(999_999_941, Value::Null), None, "as good as now");
        assert_eq!(at(999_999_940, Value::Null).as_deref(), Some("01:45:40,09-09-2001"));
        assert_eq!(at(999_999_941, json!("01:00:00,09-09-2001")).as_deref(), Some("01:00:00,09-09-2001"));
        assert_eq!(at(999_996_400, json!("at one")).as_deref(), Some("00:46:40,09-09-2001"), "no time of DC-09");
    }
}
