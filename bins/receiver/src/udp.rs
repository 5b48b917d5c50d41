//! Datagrams: one frame in each, answered to where it came from.

use std::sync::Arc;
use std::time::Duration;

use contactid::FRAME_MAX;
use tokio::net::UdpSocket;

use crate::clock::now;
use crate::counts::Line;
use crate::intake::queue::Waiting;
use crate::intake::way::Way;
use crate::judge::{Verdict, judge};
use crate::server::Shared;

/// Serves datagrams until the intake is closed. When it is full, datagrams wait in the system's buffer and then get lost;
/// panels repeat them.
pub(crate) async fn attend(socket: Arc<UdpSocket>, shared: Arc<Shared>) {
    let mut buffer = vec![0; FRAME_MAX];
    loop {
        let (count, peer) = match socket.recv_from(&mut buffer).await {
            Ok(received) => received,
            Err(error) => {
                // What the system reports here concerns one peer that vanished, never the socket.
                tracing::debug!("datagrams: {error}");
                tokio::time::sleep(Duration::from_millis(1)).await;
                continue;
            }
        };
        let received_at = now();
        let name = peer.to_string();
        let (signals, acknowledged, answer) = match judge(&buffer[..count], Line::Udp, &name, received_at, &shared) {
            Verdict::Store { signals, acknowledged, answer } => (signals, acknowledged, answer),
            Verdict::Heartbeat { answer } => {
                shared.door.unstored.supervised(Line::Udp);
                Way::Udp(socket.clone(), peer).answer(&answer);
                continue;
            }
            Verdict::Noise => {
                shared.door.unstored.noise(Line::Udp);
                continue;
            }
        };
        let way = Way::Udp(socket.clone(), peer);
        let frame = Waiting { received_at, line: Line::Udp, stored: true, acknowledged, answer, way };
        if !shared.door.queue.put(signals, frame).await {
            return;
        }
    }
}
