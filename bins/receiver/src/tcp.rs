//! One TCP connection: bytes in, frames to the intake, answers back; and when a peer has tried our patience.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Poll, ready};

use contactid::{Deframer, Overrun};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::{Instant, sleep_until};

use crate::clock::now;
use crate::config::Limits;
use crate::counts::Line;
use crate::intake::queue::Waiting;
use crate::intake::way::{Connection, Way};
use crate::judge::{Verdict, judge};
use crate::server::{Place, Shared, tune};

/// What is read at once. The buffer lives only while it is read into, so a waiting connection holds none.
const READ: usize = 4096;
/// Panels end their frames with a NUL or an LF of their own; more than that between two frames is noise.
const TRAILER: u64 = 4;

/// Serves a connection until either side has had enough.
pub(crate) async fn attend(stream: TcpStream, peer: SocketAddr, place: Place) {
    if tune(&stream).is_err() {
        return;
    }
    let (reader, writer) = stream.into_split();
    let connection = Arc::new(Connection::new(writer));
    let conversation = Conversation { peer: peer.to_string(), connection, shared: &place.shared };
    if let End::Cut(reason) = conversation.hold(reader).await {
        tracing::debug!("the connection of {peer} is cut: {reason}");
        conversation.connection.cut();
    }
}

/// How a connection ended.
enum End {
    /// By the peer, the system, or our own shutting down.
    Closed,
    /// By us.
    Cut(&'static str),
}

/// What came of a read.
enum Read {
    Bytes(Result<(), Overrun>),
    Closed,
}

struct Conversation<'a> {
    peer: String,
    connection: Arc<Connection>,
    shared: &'a Shared,
}

impl Conversation<'_> {
    async fn hold(&self, mut reader: OwnedReadHalf) -> End {
        let limits = &self.shared.config.limits;
        let mut deframer = Deframer::new();
        let mut patience = Patience::new();
        let mut alarm = pin!(sleep_until(patience.until(limits)));
        loop {
            let read = tokio::select! {
                biased;
                read = read(&mut reader, &mut deframer) => read,
                () = &mut alarm => {
                    let until = patience.until(limits);
                    if until <= Instant::now() {
                        return End::Cut(patience.reason());
                    }
                    alarm.as_mut().reset(until);
                    continue;
                }
            };
            match read {
                Ok(Read::Bytes(Ok(()))) => {}
                Ok(Read::Bytes(Err(Overrun))) => {
                    self.shared.door.unstored.noise(Line::Tcp);
                    return End::Cut("a frame without end");
                }
                Ok(Read::Closed) | Err(_) => return End::Closed,
            }
            let received_at = now();
            let mut intact = false;
            while let Some(bytes) = deframer.pop() {
                let verdict = judge(bytes, Line::Tcp, &self.peer, received_at, self.shared);
                if verdict == Verdict::Noise {
                    patience.noise += bytes.len() as u64;
                    self.shared.door.unstored.noise(Line::Tcp);
                } else {
                    intact = true;
                    if !self.follow(verdict, received_at).await {
                        return End::Closed;
                    }
                }
            }
            if patience.overheard(deframer.noise()) {
                self.shared.door.unstored.noise(Line::Tcp);
            }
            patience.heard(intact, deframer.pending() > 0);
            if patience.noise > limits.noise_bytes {
                return End::Cut("too much noise");
            }
            let until = patience.until(limits);
            if until < alarm.deadline() {
                alarm.as_mut().reset(until);
            }
        }
    }

    /// Does what the verdict on a frame says. `false` when the intake is closed.
    async fn follow(&self, verdict: Verdict, received_at: alarmcore::Timestamp) -> bool {
        let (signals, acknowledged, answer) = match verdict {
            Verdict::Store { signals, acknowledged, answer } => (signals, acknowledged, answer),
            Verdict::Heartbeat { answer } => {
                self.shared.door.unstored.supervised(Line::Tcp);
                if self.connection.is_idle() {
                    self.connection.send(&answer);
                    return true;
                }
                // Others wait before it, and answers keep the order of the frames.
                (Vec::new(), true, answer)
            }
            Verdict::Noise => return true,
        };
        match self.connection.places.acquire().await {
            Ok(place) => place.forget(),
            Err(_) => return false,
        }
        let frame = Waiting {
            received_at,
            line: Line::Tcp,
            stored: !signals.is_empty(),
            acknowledged,
            answer,
            way: Way::Tcp(self.connection.clone()),
        };
        self.shared.door.queue.put(signals, frame).await
    }
}

/// Reads what is there into the deframer.
async fn read(reader: &mut OwnedReadHalf, deframer: &mut Deframer) -> io::Result<Read> {
    poll_fn(|context| {
        let mut space = [const { MaybeUninit::uninit() }; READ];
        let mut buffer = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut *reader).poll_read(context, &mut buffer))?;
        let bytes = buffer.filled();
        Poll::Ready(Ok(if bytes.is_empty() { Read::Closed } else { Read::Bytes(deframer.push(bytes)) }))
    })
    .await
}

/// What a peer has made us bear.
struct Patience {
    /// Has it ever sent an intact frame?
    proven: bool,
    /// Since when it has owed us something: its first frame, the rest of one, or any sign of life.
    since: Instant,
    /// Is a frame begun and not ended?
    begun: bool,
    /// Bytes without meaning since the last intact frame.
    noise: u64,
    /// What the deframer had passed over when it was last asked.
    passed_over: u64,
}

impl Patience {
    fn new() -> Self {
        Self { proven: false, since: Instant::now(), begun: false, noise: 0, passed_over: 0 }
    }

    /// Takes note of what the deframer passed over. True when it was more than the trailer of a frame.
    fn overheard(&mut self, passed_over: u64) -> bool {
        let more = passed_over - self.passed_over;
        self.passed_over = passed_over;
        self.noise += more;
        more > TRAILER
    }

    /// Something was read.
    fn heard(&mut self, intact: bool, begun: bool) {
        if intact {
            self.noise = 0;
        }
        // Bytes that complete nothing do not buy time.
        let owes_since_before = !intact && (!self.proven || (self.begun && begun));
        if !owes_since_before {
            self.since = Instant::now();
        }
        self.proven |= intact;
        self.begun = begun;
    }

    /// When it ends.
    fn until(&self, limits: &Limits) -> Instant {
        self.since + if self.proven && !self.begun { limits.idle } else { limits.patience }
    }

    fn reason(&self) -> &'static str {
        match (self.proven, self.begun) {
            (true, true) => "a frame was begun and not finished",
            (true, false) => "nothing came for a long time",
            (false, _) => "no intact frame came",
        }
    }
}
