//! A panel's connection: frames out, answers back.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use contactid::{Deframer, Encoder, Frame, Strictness, Token};

/// A connection to the receiver, with the panel's running number.
pub(crate) struct Line {
    stream: TcpStream,
    deframer: Deframer,
    sequence: u16,
}

impl Line {
    pub(crate) fn connect(dc09: SocketAddr) -> Self {
        let stream = TcpStream::connect(dc09).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self { stream, deframer: Deframer::new(), sequence: 0 }
    }

    /// The same, but an answer is waited for no longer.
    pub(crate) fn within(self, patience: Duration) -> Self {
        self.stream.set_read_timeout(Some(patience)).unwrap();
        self
    }

    /// Reports `content`, such as `1130 01 005`; gives the token of the answer.
    pub(crate) fn report(&mut self, account: &str, content: &str) -> String {
        self.sequence += 1;
        self.send(account, content, self.sequence).expect("an answer")
    }

    /// Reports under a number that the caller chose.
    pub(crate) fn send(&mut self, account: &str, content: &str, sequence: u16) -> io::Result<String> {
        let data = format!("#{account}|{content}");
        self.exchange(Token::AdmCid, account, data.as_bytes(), sequence)
    }

    /// Says that the panel is alive.
    pub(crate) fn heartbeat(&mut self, account: &str) -> String {
        self.sequence += 1;
        self.exchange(Token::Null, account, b"", self.sequence).expect("an answer")
    }

    fn exchange(&mut self, token: Token<'_>, account: &str, data: &[u8], sequence: u16) -> io::Result<String> {
        let encoder = Encoder { line: Some("0"), account: Some(account), data, ..Encoder::new(token, sequence) };
        self.stream.write_all(&encoder.encode().expect("a frame"))?;
        let mut buffer = [0; 1024];
        loop {
            if let Some(answer) = self.deframer.pop() {
                let frame = Frame::parse(answer, Strictness::Strict).expect("a well-formed answer");
                assert_eq!(frame.sequence(), Some(sequence));
                return Ok(frame.token().to_string());
            }
            match self.stream.read(&mut buffer)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.deframer.push(&buffer[..count]).expect("answers are short"),
            }
        }
    }
}
