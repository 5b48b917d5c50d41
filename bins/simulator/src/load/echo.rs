//! The bare echo: what sockets and the runtime cost on this machine when nothing is decoded and nothing is stored.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

/// Opens an echo on a free port of the loopback interface, for TCP and UDP, and gives its address and its tasks.
/// Dropping the set ends them.
pub async fn open() -> io::Result<(SocketAddr, JoinSet<()>)> {
    let (listener, datagrams) = same_port().await?;
    let address = listener.local_addr()?;
    let mut tasks = JoinSet::new();
    tasks.spawn(accept(listener));
    tasks.spawn(datagrams_back(datagrams));
    Ok((address, tasks))
}

/// A free TCP port may be taken for UDP, so a few are tried.
async fn same_port() -> io::Result<(TcpListener, UdpSocket)> {
    let mut last = None;
    for _ in 0..16 {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        match UdpSocket::bind(listener.local_addr()?).await {
            Ok(datagrams) => return Ok((listener, datagrams)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

async fn accept(listener: TcpListener) {
    let mut lines = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            lines.spawn(line_back(stream));
        }
        while lines.try_join_next().is_some() {}
    }
}

async fn line_back(mut stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        if stream.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

async fn datagrams_back(socket: UdpSocket) {
    let mut buffer = [0; 4096];
    loop {
        if let Ok((count, peer)) = socket.recv_from(&mut buffer).await {
            let _ = socket.send_to(&buffer[..count], peer).await;
        }
    }
}
