//! The sockets: one port for TCP and UDP, how many may knock, and when the door is shut.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

use crate::intake::Door;
use crate::turned_away::TurnedAway;
use crate::{Config, Directory, Intake, LastSeen, Limits, NoPlace, files};

/// Connections that wait to be accepted: all panels of a town come back at once after a power cut.
const BACKLOG: i32 = 4096;
/// What the system may hold of datagrams while a commit is under way; it gives less when its own limit is lower.
const DATAGRAM_BUFFER: usize = 4 * 1024 * 1024;
/// What the system may hold of the answers to one peer: plenty for all that may be in flight, and a bound on what ten
/// thousand peers that do not read can take.
const ANSWER_BUFFER: usize = 128 * 1024;
/// A peer that vanished without a word is noticed after about two minutes.
const KEEPALIVE: TcpKeepalive =
    TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15)).with_retries(4);

/// What every connection needs.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) directory: Arc<ArcSwap<Directory>>,
    pub(crate) last_seen: Arc<LastSeen>,
    pub(crate) door: Door,
    guests: Mutex<Guests>,
    turned_away: Arc<TurnedAway>,
}

/// Who is connected.
#[derive(Debug, Default)]
struct Guests {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Guests {
    /// Gives a place to one more of this address.
    fn admit(&mut self, limits: &Limits, address: IpAddr) -> Result<(), NoPlace> {
        if self.total >= limits.connections {
            return Err(NoPlace::Full(limits.connections));
        }
        let here = self.of(address);
        if here >= limits.connections_per_address && !address.is_loopback() {
            return Err(NoPlace::Address(address, limits.connections_per_address));
        }
        self.total += 1;
        self.by_address.insert(address, here + 1);
        Ok(())
    }

    fn of(&self, address: IpAddr) -> usize {
        self.by_address.get(&address).copied().unwrap_or(0)
    }

    /// Would one more be refused for this?
    fn lacks(&self, why: &NoPlace) -> bool {
        match *why {
            NoPlace::Full(all) => self.total >= all,
            NoPlace::Address(address, most) => self.of(address) >= most,
            NoPlace::Others(_) | NoPlace::System => false,
        }
    }
}

/// A DC-09 receiver whose port is open.
#[derive(Debug)]
pub struct Receiver {
    connections: TcpListener,
    datagrams: UdpSocket,
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// Whom a receiver turns away; cheap to clone.
#[derive(Clone, Debug)]
pub struct Refusals(Arc<Shared>);

impl Refusals {
    /// Why connections are refused now, or were a moment ago.
    #[must_use]
    pub fn lately(&self) -> Vec<NoPlace> {
        self.0.turned_away.lately(Instant::now(), |why| self.0.guests().lacks(why))
    }
}

/// The port could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{address} ({protocol}) cannot be opened: {source}")]
pub struct BindError {
    /// The address asked for.
    pub address: SocketAddr,
    /// `TCP` or `UDP`.
    pub protocol: &'static str,
    /// What the system says.
    #[source]
    pub source: io::Error,
}

impl Receiver {
    /// Opens the port for TCP and UDP. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`BindError`] when the address is taken, not ours, or not permitted.
    pub fn bind(
        config: Config,
        directory: Arc<ArcSwap<Directory>>,
        last_seen: Arc<LastSeen>,
        intake: &Intake,
    ) -> Result<Self, BindError> {
        // Half of all files at most: the store, the console and the ways out need some, too.
        let mut config = config;
        config.limits.connections = config.limits.connections.min(files::most() / 2);
        let (connections, datagrams, address) = open(config.dc09)?;
        let shared = Shared {
            config,
            directory,
            last_seen,
            door: intake.door(),
            guests: Mutex::default(),
            turned_away: Arc::default(),
        };
        Ok(Self { connections, datagrams, address, shared: Arc::new(shared) })
    }

    /// The address that is open: the port that was found when port 0 was asked for.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Whom it turns away.
    #[must_use]
    pub fn refusals(&self) -> Refusals {
        Refusals(self.shared.clone())
    }

    /// Serves until `stop` is ready, then shuts the door: what was handed to the intake by then is still stored and
    /// answered by it.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let mut guests = JoinSet::new();
        guests.spawn(crate::udp::attend(Arc::new(self.datagrams), self.shared.clone()));
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                accepted = self.connections.accept() => match accepted {
                    Ok((stream, peer)) => {
                        if let Some(place) = Place::take(&self.shared, peer.ip()) {
                            guests.spawn(crate::tcp::attend(stream, peer, place));
                        }
                    }
                    Err(error) => {
                        tracing::debug!("a connection cannot be accepted: {error}");
                        self.shared.turned_away.refuse(NoPlace::System, Instant::now());
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                },
                Some(_) = guests.join_next() => {}
                () = &mut stop => return,
            }
        }
    }
}

/// A connection's place among those allowed; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) shared: Arc<Shared>,
    address: IpAddr,
}

impl Place {
    fn take(shared: &Arc<Shared>, address: IpAddr) -> Option<Self> {
        let address = address.to_canonical();
        let admitted = shared.guests().admit(&shared.config.limits, address);
        match admitted {
            Ok(()) => Some(Self { shared: shared.clone(), address }),
            Err(why) => {
                tracing::debug!("a connection from {address} is refused");
                shared.turned_away.refuse(why, Instant::now());
                None
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut guests = self.shared.guests();
        guests.total -= 1;
        let left = guests.by_address.get(&self.address).copied().unwrap_or(0).saturating_sub(1);
        if left == 0 {
            guests.by_address.remove(&self.address);
        } else {
            guests.by_address.insert(self.address, left);
        }
    }
}

impl Shared {
    /// Two numbers that are changed together under the lock stay true when a thread panics elsewhere.
    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens both sockets. With port 0 the free TCP port may be taken for UDP, so a few are tried.
fn open(wanted: SocketAddr) -> Result<(TcpListener, UdpSocket, SocketAddr), BindError> {
    let refused = |protocol| move |source| BindError { address: wanted, protocol, source };
    let mut tries = if wanted.port() == 0 { 16 } else { 1 };
    loop {
        tries -= 1;
        let connections = open_tcp(wanted).map_err(refused("TCP"))?;
        let address = connections.local_addr().map_err(refused("TCP"))?;
        match open_udp(address) {
            Ok(datagrams) => return Ok((connections, datagrams, address)),
            Err(error) if tries == 0 => return Err(refused("UDP")(error)),
            Err(_) => {}
        }
    }
}

fn open_tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the old connections to be forgotten.
    socket.set_reuse_address(true)?;
    prepare(&socket, address)?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

fn open_udp(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_recv_buffer_size(DATAGRAM_BUFFER)?;
    prepare(&socket, address)?;
    UdpSocket::from_std(socket.into())
}

fn prepare(socket: &Socket, address: SocketAddr) -> io::Result<()> {
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())
}

/// Answers leave at once, are not hoarded, and a vanished peer is noticed.
pub(crate) fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_send_buffer_size(ANSWER_BUFFER)?;
    socket.set_tcp_keepalive(&KEEPALIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_place_is_told_apart() {
        let limits = Limits { connections: 3, connections_per_address: 2, ..Limits::default() };
        let (mut guests, here, there) = (Guests::default(), IpAddr::from([192, 0, 2, 7]), IpAddr::from([192, 0, 2, 8]));
        assert_eq!([here, here].map(|address| guests.admit(&limits, address)), [Ok(()), Ok(())]);
        assert_eq!(guests.admit(&limits, here), Err(NoPlace::Address(here, 2)));
        assert_eq!(guests.admit(&limits, there), Ok(()), "nobody else is refused for that");
        assert_eq!([here, there].map(|address| guests.admit(&limits, address)), [Err(NoPlace::Full(3)); 2]);
        assert_eq!((guests.total, guests.of(here)), (3, 2), "what is refused takes no place");
        let lacks = [NoPlace::Full(3), NoPlace::Address(here, 2), NoPlace::Address(there, 2), NoPlace::System];
        assert_eq!(lacks.map(|why| guests.lacks(&why)), [true, true, false, false]);
    }
}
