//! Connections to the console: no more at a time than files allow, and none that says nothing. Panels have a door of their own, and
//! need it when somebody opens a thousand sockets here.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

use crate::presence::found_out;

/// Whoever has not said the first word of a request by then is cut.
const FIRST_WORD: Duration = Duration::from_secs(10);

/// The door of the console.
pub(crate) struct Guests {
    listener: TcpListener,
    places: Arc<Semaphore>,
    first_word: Duration,
}

impl Guests {
    pub(crate) fn at(listener: TcpListener, at_most: usize) -> Self {
        let places = Arc::new(Semaphore::new(at_most.clamp(1, Semaphore::MAX_PERMITS)));
        Self { listener, places, first_word: FIRST_WORD }
    }
}

impl Listener for Guests {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        loop {
            // Before the connection: the system keeps those that wait, and they cost no file.
            let Ok(place) = self.places.clone().acquire_owned().await else { continue };
            let (stream, address) = Listener::accept(&mut self.listener).await;
            return (Guest { stream, silent: Some(Box::pin(sleep(self.first_word))), _place: place }, address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection.
pub(crate) struct Guest {
    stream: TcpStream,
    /// Until when something has to come; nothing once it has.
    silent: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    /// Where the other end is gone without a word, the system finds out.
    pub(crate) fn found_out(&mut self) {
        found_out(&self.stream);
    }
}

impl AsyncRead for Guest {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, into);
        match &mut self.silent {
            Some(silent) if read.is_pending() => silent.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
            _ => {
                self.silent = None;
                read
            }
        }
    }
}

impl AsyncWrite for Guest {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::*;

    /// One place: whoever says nothing loses it, and whoever waited meanwhile is heard.
    #[tokio::test]
    async fn who_says_nothing_takes_no_place_from_others() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut guests = Guests { first_word: Duration::from_millis(300), ..Guests::at(listener, 1) };
        let address = guests.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            loop {
                let (mut guest, _) = guests.accept().await;
                let mut heard = [0; 5];
                if guest.read_exact(&mut heard).await.is_ok() {
                    guest.write_all(&heard).await.unwrap();
                    pending::<()>().await;
                }
            }
        });
        let mut mute = TcpStream::connect(address).await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(b"hello").await.unwrap();
        let mut answer = [0; 5];
        timeout(Duration::from_secs(60), other.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(&answer, b"hello");
        assert_eq!(mute.read(&mut answer).await.unwrap(), 0, "cut");
        serving.abort();
    }
}
