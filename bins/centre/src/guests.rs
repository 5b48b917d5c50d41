//! Connections to the console: no more at a time than files allow, and none that keeps a place without asking anything. Panels have a
//! door of their own, and need it when somebody opens a thousand sockets here.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use crate::presence::found_out;

/// Whoever has not said the first word of a request by then is cut.
const FIRST_WORD: Duration = Duration::from_secs(10);
/// So long may the head of a request take, from its first word on; and so long is a connection kept that was answered and asks nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// The places that the console has for connections, and which of them are being answered; cheap to clone.
#[derive(Clone)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    all: usize,
    answered: Arc<Mutex<HashMap<SocketAddr, usize>>>,
}

impl Places {
    pub(crate) fn new(at_most: usize) -> Self {
        let all = at_most.clamp(1, Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(all)), all, answered: Arc::default() }
    }

    /// How many there are, where none is free.
    pub(crate) fn full(&self) -> Option<usize> {
        (self.free.available_permits() == 0).then_some(self.all)
    }

    fn answered(&self) -> MutexGuard<'_, HashMap<SocketAddr, usize>> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
struct Asked {
    places: Places,
    by: SocketAddr,
}

impl Asked {
    fn new(places: Places, by: SocketAddr) -> Self {
        *places.answered().entry(by).or_default() += 1;
        Self { places, by }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let mut answered = self.places.answered();
        if let Some(count) = answered.get_mut(&self.by) {
            *count -= 1;
            if *count == 0 {
                answered.remove(&self.by);
            }
        }
    }
}

/// Remembers who waits for an answer: they are not cut, however long it takes.
pub(crate) async fn attend(State(places): State<Places>, request: Request, next: Next) -> Response {
    let by = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|by| by.0);
    let _asked = by.map(|by| Asked::new(places, by));
    next.run(request).await
}

/// The door of the console.
pub(crate) struct Guests {
    listener: TcpListener,
    places: Places,
    first_word: Duration,
    patience: Duration,
}

impl Guests {
    pub(crate) const fn at(listener: TcpListener, places: Places) -> Self {
        Self { listener, places, first_word: FIRST_WORD, patience: PATIENCE }
    }
}

impl Listener for Guests {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        loop {
            // Before the connection: the system keeps those that wait, and they cost no file.
            let Ok(place) = self.places.free.clone().acquire_owned().await else { continue };
            let (stream, address) = Listener::accept(&mut self.listener).await;
            let guest = Guest {
                stream,
                address,
                places: self.places.clone(),
                until: Box::pin(sleep(self.first_word)),
                patience: self.patience,
                asks: false,
                _place: place,
            };
            return (guest, address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection.
pub(crate) struct Guest {
    stream: TcpStream,
    address: SocketAddr,
    places: Places,
    /// Until when its next request has to be there.
    until: Pin<Box<Sleep>>,
    patience: Duration,
    /// A request has begun that was not answered yet.
    asks: bool,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    /// Where the other end is gone without a word, the system finds out.
    pub(crate) fn found_out(&mut self) {
        found_out(&self.stream);
    }

    fn is_answered(&self) -> bool {
        self.places.answered().contains_key(&self.address)
    }

    /// It is answered, or told something on a live stream.
    fn speaks(&mut self) {
        self.asks = false;
        self.has_time_again();
    }

    fn has_time_again(&mut self) {
        let until = Instant::now() + self.patience;
        self.until.as_mut().reset(until);
    }
}

impl AsyncRead for Guest {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, into);
        if read.is_ready() {
            // The words after the first one win no time: a head that comes letter by letter takes a place as well.
            if !self.asks {
                self.asks = true;
                self.has_time_again();
            }
            return read;
        }
        while self.until.as_mut().poll(cx).is_ready() {
            if !self.is_answered() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.has_time_again();
        }
        Poll::Pending
    }
}

impl AsyncWrite for Guest {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.speaks();
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
        self.speaks();
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use axum::serve::ListenerExt as _;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::*;

    /// One place: whoever says nothing loses it, and whoever waited meanwhile is heard.
    #[tokio::test]
    async fn who_says_nothing_takes_no_place_from_others() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut guests = Guests { first_word: Duration::from_millis(300), ..Guests::at(listener, Places::new(1)) };
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

    /// What a connection hears until it is cut.
    async fn hears(stream: &mut TcpStream) -> String {
        let mut heard = String::new();
        timeout(Duration::from_secs(60), stream.read_to_string(&mut heard)).await.unwrap().unwrap();
        heard
    }

    /// Whoever says half a request, letter by letter, or has been answered and asks nothing more, loses the place; whoever waits for an
    /// answer does not, and when no place is free that is known.
    #[tokio::test]
    async fn only_who_asks_or_is_answered_keeps_a_place() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let places = Places::new(1);
        let guests = Guests { patience: Duration::from_millis(400), ..Guests::at(listener, places.clone()) };
        let address = guests.local_addr().unwrap();
        let slow = || async {
            sleep(Duration::from_millis(1500)).await;
            "slow"
        };
        let pages = Router::new()
            .route("/", get(async || "at once"))
            .route("/slow", get(slow))
            .layer(from_fn_with_state(places.clone(), attend));
        let pages = pages.into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(axum::serve(guests.tap_io(Guest::found_out), pages).into_future());

        let mut half = TcpStream::connect(address).await.unwrap();
        let mut cut = false;
        for letter in b"GET / HTTP/1.1".iter().cycle().take(100) {
            cut = half.write_all(&[*letter]).await.is_err();
            if cut {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        assert!(cut, "the head never came");
        let mut kept = TcpStream::connect(address).await.unwrap();
        kept.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let heard = hears(&mut kept).await;
        assert!(heard.starts_with("HTTP/1.1 200") && heard.ends_with("at once"), "{heard}");
        let mut waits = TcpStream::connect(address).await.unwrap();
        waits.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        waits.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        assert_eq!(places.full(), Some(1));
        drop(waits);
        serving.abort();
    }
}
