//! A receiver on a port of its own with a spool of its own, and peers that say to it what they like.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use alarmcore::{Marks, Received, Report, SignalId, SignalSource, Timestamp};
use arc_swap::ArcSwap;
use contactid::{AccountNumber, Code, Encoder, Key, Pad, Qualifier, Signal, Stamp, Token};
use opsmodel::store::{Answer, LineCount, LoggedSignal, SignalLog, SignalReader};
use receiver::{Config, Directory, Intake, LastSeen, Receiver};
use socket2::{Domain, Socket, Type};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The key of account 5678.
pub(crate) const KEY: &str = "000102030405060708090a0b0c0d0e0f";

/// A running receiver. It knows account 1234, which reports in the clear, and 5678, which has [`KEY`].
pub(crate) struct World {
    pub(crate) dc09: SocketAddr,
    pub(crate) last_seen: Arc<LastSeen>,
    dir: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl World {
    /// One with the limits and policies that everybody has.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// One that is set up otherwise.
    pub(crate) fn with(set_up: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let log = SignalLog::open(dir.path()).unwrap();
        let accounts = [("1234", None), ("5678", Some(KEY)), ("2468", None), ("2469", None)];
        // Everybody here calls from this machine: of two accounts that list their sources, only one lists it.
        let sources = [("2468", "192.0.2.0/24"), ("2469", "127.0.0.0/8")];
        let sources = sources.map(|(name, list)| (account(name), Arc::new(list.parse().unwrap())));
        let accounts = accounts.map(|(name, key)| (account(name), key.map(|key| Key::from_hex(key).unwrap())));
        let directory =
            Arc::new(ArcSwap::from_pointee(accounts.into_iter().collect::<Directory>().with_sources(sources)));
        let last_seen = Arc::new(LastSeen::default());
        let mut config = Config::new("127.0.0.1:0".parse().unwrap());
        set_up(&mut config);
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, address) = std::sync::mpsc::channel();
        let seen = last_seen.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let intake = Intake::start(log, |_| {});
            runtime.block_on(async {
                let receiver = Receiver::bind(config, directory, seen, &intake).unwrap();
                ready.send(receiver.local_addr()).unwrap();
                receiver.serve(async { drop(stopped.await) }).await;
            });
            drop(runtime);
            intake.close();
        });
        Self { dc09: address.recv().unwrap(), last_seen, dir, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn connect(&self) -> Peer {
        Peer::connect(self.dc09)
    }

    /// Ends the receiver, and gives what its spool holds.
    pub(crate) fn end(mut self) -> Spool {
        self.stop();
        Spool::read(self.dir.path())
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a spool holds.
#[derive(Debug)]
pub(crate) struct Spool {
    pub(crate) signals: Vec<LoggedSignal>,
    pub(crate) counts: Vec<LineCount>,
}

impl Spool {
    pub(crate) fn read(dir: &Path) -> Self {
        let reader = SignalReader::open(dir).unwrap();
        Self { signals: reader.after(SignalId::new(0), 1_000_000).unwrap(), counts: counts(dir) }
    }

    /// The rows, without what no test can know: times, peers' ports, digests. Those are checked here.
    pub(crate) fn rows(&self) -> Vec<LoggedSignal> {
        let now = now().unix();
        let mut rows = self.signals.clone();
        for row in &mut rows {
            let report = &mut row.received.report;
            let age = now - report.received_at.secs();
            assert!((0..60).contains(&age), "received {age} s ago: {report:?}");
            assert!(row.peer.parse::<SocketAddr>().is_ok_and(|peer| peer.ip().is_loopback()), "{}", row.peer);
            assert_ne!(report.content, 0);
            report.received_at = Timestamp::from_millis(0);
            report.content = 0;
            row.peer = String::new();
        }
        rows
    }

    /// The counts of all minutes: received, acknowledged, supervised, refused, noise of one line.
    pub(crate) fn sum(&self, line: &str) -> [u32; 5] {
        self.counts.iter().filter(|count| count.line == line).fold([0; 5], |sum, count| {
            let row = [count.received, count.acknowledged, count.supervised, count.refused, count.noise];
            [0, 1, 2, 3, 4].map(|place| sum[place] + row[place])
        })
    }
}

/// The counts as the file has them.
fn counts(dir: &Path) -> Vec<LineCount> {
    let sql = rusqlite::Connection::open(dir.join("signals.db")).unwrap();
    let text = "SELECT minute, line, received, acknowledged, supervised, refused, noise FROM line_count";
    let mut statement = sql.prepare(text).unwrap();
    let rows = statement.query_map((), |row| {
        Ok(LineCount {
            minute: row.get(0)?,
            line: row.get(1)?,
            received: row.get(2)?,
            acknowledged: row.get(3)?,
            supervised: row.get(4)?,
            refused: row.get(5)?,
            noise: row.get(6)?,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// A stored row as [`Spool::rows`] gives it: the `id`-th, of a frame that was answered so.
pub(crate) fn row(id: u64, raw: &[u8], answer: Answer, marks: Marks, expected: Expected<'_>) -> LoggedSignal {
    LoggedSignal {
        received: Received {
            id: SignalId::new(id),
            report: Report {
                received_at: Timestamp::from_millis(0),
                line: expected.line.to_owned(),
                account: expected.account.map(account),
                token: expected.token.to_owned(),
                sequence: Some(expected.sequence),
                part: expected.part,
                parts: expected.parts,
                marks,
                content: 0,
                source: SignalSource::of_peer("127.0.0.1"),
                signal: expected.signal,
            },
        },
        peer: String::new(),
        answer,
        raw: raw.to_owned(),
    }
}

/// The rest of a row.
#[derive(Clone)]
pub(crate) struct Expected<'a> {
    pub(crate) line: &'a str,
    pub(crate) account: Option<&'a str>,
    pub(crate) token: &'a str,
    pub(crate) sequence: u16,
    pub(crate) part: u16,
    pub(crate) parts: u16,
    pub(crate) signal: Option<Signal>,
}

/// The row of a Contact ID frame of one account; without event for a frame that could not be read.
pub(crate) fn cid<'a>(account: &'a str, sequence: u16, event: Option<(&str, u32)>) -> Expected<'a> {
    let signal = event.map(|(code, number)| Signal {
        group: Some(1),
        number: Some(number),
        ..Signal::new(code.parse::<Code>().unwrap(), Qualifier::New)
    });
    Expected { line: "dc09-tcp", account: Some(account), token: "ADM-CID", sequence, part: 0, parts: 1, signal }
}

/// A peer on a TCP connection.
pub(crate) struct Peer {
    stream: TcpStream,
}

impl Peer {
    pub(crate) fn connect(dc09: SocketAddr) -> Self {
        let stream = TcpStream::connect(dc09).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self { stream }
    }

    /// One that takes in little.
    pub(crate) fn connect_with_small_ears(dc09: SocketAddr) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        // Before it connects: a window that shrinks later makes the system drop what it had allowed.
        socket.set_recv_buffer_size(4096).unwrap();
        socket.connect(&dc09.into()).unwrap();
        Self { stream: socket.into() }
    }

    pub(crate) fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Says what the other side may no longer want to hear.
    pub(crate) fn say_in_vain(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// No more will be said.
    pub(crate) fn fall_silent(&mut self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// The next answer, up to its CR.
    pub(crate) fn hear(&mut self) -> String {
        let answer = self.hear_the_end_or_answer();
        assert!(answer.ends_with('\r'), "the connection ended after {answer:?}");
        answer
    }

    /// The next answer, or nothing when the connection is ended instead.
    pub(crate) fn hear_the_end_or_answer(&mut self) -> String {
        let mut answer = Vec::new();
        let mut byte = [0];
        while answer.last() != Some(&b'\r') && matches!(self.stream.read(&mut byte), Ok(1)) {
            answer.push(byte[0]);
        }
        String::from_utf8(answer).unwrap()
    }

    /// Says something, and whether the other side still takes it.
    pub(crate) fn try_say(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    pub(crate) fn ask(&mut self, frame: &[u8]) -> String {
        self.say(frame);
        self.hear()
    }

    /// Everything that still comes until the other side ends the connection.
    pub(crate) fn hear_the_end(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        // A connection that is cut while bytes are on their way ends with a reset.
        let _ = self.stream.read_to_end(&mut rest);
        rest
    }
}

/// What a datagram hears; `None` when nothing comes within a moment.
pub(crate) fn ask_by_datagram(dc09: SocketAddr, frame: &[u8], patience: Duration) -> Option<String> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(patience)).unwrap();
    socket.send_to(frame, dc09).unwrap();
    let mut buffer = [0; 1024];
    let count = socket.recv(&mut buffer).ok()?;
    Some(String::from_utf8(buffer[..count].to_vec()).unwrap())
}

pub(crate) fn account(name: &str) -> AccountNumber {
    name.parse().unwrap()
}

pub(crate) fn now() -> Stamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Stamp::from_unix(since.as_secs() as i64)
}

/// A burglary in group 1, plain.
pub(crate) fn burglary(account: &str, sequence: u16, zone: u32) -> Vec<u8> {
    plain(Token::AdmCid, account, sequence, &format!("#{account}|1130 01 {zone:03}"))
}

pub(crate) fn plain(token: Token<'_>, account: &str, sequence: u16, data: &str) -> Vec<u8> {
    Encoder { account: Some(account), data: data.as_bytes(), ..Encoder::new(token, sequence) }.encode().unwrap()
}

/// The same, encrypted with some key at some time.
pub(crate) fn sealed(key: &str, account: &str, sequence: u16, zone: u32, stamp: Stamp) -> Vec<u8> {
    let data = format!("#{account}|1130 01 {zone:03}");
    let encoder = Encoder {
        account: Some(account),
        data: data.as_bytes(),
        stamp: Some(stamp),
        ..Encoder::new(Token::AdmCid, sequence)
    };
    encoder.encrypt(&Key::from_hex(key).unwrap(), Pad::Short(b"pad of a test ..")).unwrap()
}

/// The plain answer that echoes these fields.
pub(crate) fn answer(token: Token<'_>, account: &str, sequence: u16) -> String {
    let frame = Encoder { account: Some(account), ..Encoder::new(token, sequence) }.encode().unwrap();
    String::from_utf8(frame).unwrap()
}

/// A frame around checked bytes that no encoder would write.
pub(crate) fn enveloped(body: &str) -> Vec<u8> {
    let crc = body.bytes().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    });
    format!("\n{crc:04X}{:04X}{body}\r", body.len()).into_bytes()
}
