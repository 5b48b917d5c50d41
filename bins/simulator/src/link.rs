//! The way to a receiver: a TCP connection or datagrams, one frame at a time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use contactid::Deframer;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

/// The protocol below DC-09.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// A connection that stays open.
    Tcp,
    /// One datagram for each frame.
    Udp,
}

impl Transport {
    /// How long a panel waits for an answer: 5 s on TCP, 1 s on UDP, as panels in the field do.
    #[must_use]
    pub const fn patience(self) -> Duration {
        match self {
            Self::Tcp => Duration::from_secs(5),
            Self::Udp => Duration::from_secs(1),
        }
    }
}

/// An open way.
#[derive(Debug)]
pub(crate) enum Link {
    Tcp { stream: TcpStream, deframer: Deframer },
    Udp { socket: UdpSocket },
}

impl Link {
    pub(crate) async fn open(dc09: SocketAddr, transport: Transport) -> io::Result<Self> {
        match transport {
            Transport::Tcp => {
                let stream = timeout(transport.patience(), TcpStream::connect(dc09)).await??;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp { stream, deframer: Deframer::new() })
            }
            Transport::Udp => {
                let any = if dc09.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(dc09).await?;
                Ok(Self::Udp { socket })
            }
        }
    }

    pub(crate) async fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        match self {
            Self::Tcp { stream, .. } => stream.write_all(frame).await,
            Self::Udp { socket } => socket.send(frame).await.map(drop),
        }
    }

    /// Waits for the next answer. Nothing is lost when the wait is given up: it comes with the next call.
    pub(crate) async fn answer(&mut self, answer: &mut Vec<u8>) -> io::Result<()> {
        answer.clear();
        match self {
            Self::Tcp { stream, deframer } => {
                let mut buffer = [0; 1024];
                loop {
                    if let Some(frame) = deframer.pop() {
                        answer.extend_from_slice(frame);
                        return Ok(());
                    }
                    let count = stream.read(&mut buffer).await?;
                    if count == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    deframer.push(&buffer[..count]).map_err(|_| io::ErrorKind::InvalidData)?;
                }
            }
            Self::Udp { socket } => {
                answer.resize(2048, 0);
                let count = socket.recv(answer).await?;
                answer.truncate(count);
                Ok(())
            }
        }
    }
}
