//! The way back to a panel: bytes sent at once, from whichever thread has them.

use std::net::Shutdown;
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::SockRef;
use tokio::net::UdpSocket;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Semaphore;

/// Frames of one connection that may wait for their commit; the connection is not read further until some are answered.
pub(crate) const IN_FLIGHT: usize = 64;

/// Where an answer goes.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// Back on the connection.
    Tcp(Arc<Connection>),
    /// Back to where the datagram came from.
    Udp(Arc<UdpSocket>, SocketAddr),
}

/// The answering side of a TCP connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: OwnedWriteHalf,
    /// Places for frames that wait for their answer.
    pub(crate) places: Semaphore,
}

impl Way {
    /// Sends an answer and gives the frame's place back. A panel that does not read its answers, so that not even the
    /// system's buffer takes one more, is cut; a datagram that finds no room is lost, as datagrams are.
    pub(crate) fn answer(&self, bytes: &[u8]) {
        match self {
            Self::Tcp(connection) => {
                connection.send(bytes);
                connection.places.add_permits(1);
            }
            Self::Udp(socket, peer) => {
                if !bytes.is_empty() {
                    let _ = SockRef::from(&**socket).send_to(bytes, &(*peer).into());
                }
            }
        }
    }
}

impl Connection {
    pub(crate) fn new(stream: OwnedWriteHalf) -> Self {
        Self { stream, places: Semaphore::new(IN_FLIGHT) }
    }

    /// Does no frame of this connection wait for its answer?
    pub(crate) fn is_idle(&self) -> bool {
        self.places.available_permits() == IN_FLIGHT
    }

    /// Sends now or cuts: tokio's own readiness is passed by, since the storing thread has no part in it.
    pub(crate) fn send(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let socket = SockRef::from(self.stream.as_ref());
        if !matches!(socket.send(bytes), Ok(count) if count == bytes.len()) {
            self.cut();
        }
    }

    /// Ends the connection in both directions.
    pub(crate) fn cut(&self) {
        let _ = SockRef::from(self.stream.as_ref()).shutdown(Shutdown::Both);
    }
}
