//! A panel against receivers that behave and misbehave: what it sends, repeats, believes and corrects.
#![expect(clippy::unwrap_used, reason = "what a test needs and does not get is a failure")]

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use contactid::{Deframer, Frame, Key, Pad, Reply, Stamp, Strictness};
use simulator::Transport;
use simulator::panel::script::{Act, Script};
use simulator::panel::{Answer, Delivery, Panel, PanelError, Setup, day};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

const KEY: &str = "000102030405060708090a0b0c0d0e0f";

fn now() -> Stamp {
    Stamp::from_unix(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64)
}

/// The answer that a receiver would give.
fn answer(reply: Reply, frame: &[u8], key: Option<&str>) -> Vec<u8> {
    let frame = Frame::parse(frame, Strictness::Tolerant).unwrap();
    let key = key.map(|key| Key::from_hex(key).unwrap());
    reply.encode(&frame, now(), key.as_ref(), Pad::Short(b"pad of a receiver"))
}

/// The receiving end of a connection.
struct End {
    stream: TcpStream,
    deframer: Deframer,
}

impl End {
    async fn accept(listener: &TcpListener) -> Self {
        Self { stream: listener.accept().await.unwrap().0, deframer: Deframer::new() }
    }

    async fn frame(&mut self) -> Vec<u8> {
        let mut buffer = [0; 1024];
        loop {
            if let Some(frame) = self.deframer.pop() {
                return frame.to_owned();
            }
            let count = self.stream.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the panel went away");
            self.deframer.push(&buffer[..count]).unwrap();
        }
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn delivered(sequence: u16, tries: u32) -> Delivery {
    Delivery { sequence, tries, answer: Answer::Acknowledged }
}

#[tokio::test]
async fn events_and_heartbeats_are_numbered_one_after_the_other_on_one_connection() {
    let (listener, dc09) = listener().await;
    let receiver = tokio::spawn(async move {
        let mut end = End::accept(&listener).await;
        let mut heard = Vec::new();
        for reply in [Reply::Ack, Reply::Ack, Reply::Duh] {
            let frame = end.frame().await;
            end.say(&answer(reply, &frame, None)).await;
            heard.push(String::from_utf8(frame).unwrap());
        }
        heard
    });
    let mut panel =
        Panel::new(Setup { receiver: Some("A1".to_owned()), line: "7".to_owned(), ..Setup::new(dc09, "0042") });
    assert_eq!(panel.send(&"130 1 5".parse().unwrap()).await.unwrap(), delivered(1, 1));
    assert_eq!(panel.heartbeat().await.unwrap(), delivered(2, 1));
    let refused = panel.send(&"BA 1 5 Front door".parse().unwrap()).await.unwrap();
    assert_eq!(refused, Delivery { sequence: 3, tries: 1, answer: Answer::Unable });
    let bodies = receiver.await.unwrap().into_iter().map(|frame| frame[9..].to_owned()).collect::<Vec<_>>();
    assert_eq!(
        bodies,
        [
            "\"ADM-CID\"0001RA1L7#0042[#0042|1130 01 005]\r",
            "\"NULL\"0002RA1L7#0042[]\r",
            "\"SIA-DCS\"0003RA1L7#0042[#0042|Nri1/BA005|AFront door]\r",
        ]
    );
}

#[tokio::test]
async fn a_datagram_is_repeated_under_its_number_until_it_is_answered() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let dc09 = socket.local_addr().unwrap();
    let receiver = tokio::spawn(async move {
        let mut buffer = [0; 1024];
        let mut heard = Vec::new();
        for _ in 0..3 {
            let (count, peer) = socket.recv_from(&mut buffer).await.unwrap();
            heard.push(buffer[..count].to_vec());
            if heard.len() == 3 {
                socket.send_to(&answer(Reply::Ack, &buffer[..count], None), peer).await.unwrap();
            }
        }
        heard
    });
    let mut panel = Panel::new(Setup { transport: Transport::Udp, ..Setup::new(dc09, "1234") });
    assert_eq!(panel.send(&"130 1 5".parse().unwrap()).await.unwrap(), delivered(1, 3));
    let heard = receiver.await.unwrap();
    assert!(heard.iter().all(|frame| *frame == heard[0]), "{heard:?}");
}

#[tokio::test]
async fn a_nak_sets_the_clock_and_the_same_report_is_sent_again() {
    let (listener, dc09) = listener().await;
    let receiver = tokio::spawn(async move {
        let mut end = End::accept(&listener).await;
        let key = Key::from_hex(KEY).unwrap();
        let mut heard = Vec::new();
        for reply in [Reply::Nak, Reply::Ack] {
            let bytes = end.frame().await;
            let frame = Frame::parse(&bytes, Strictness::Strict).unwrap();
            let message = frame.open(Some(&key)).unwrap();
            heard.push((frame.sequence(), message.data_text().into_owned(), message.stamp().unwrap().skew_secs(now())));
            end.say(&answer(reply, &bytes, Some(KEY))).await;
        }
        heard
    });
    let key = Some(Key::from_hex(KEY).unwrap());
    let mut panel = Panel::new(Setup { key, clock_ahead_secs: 86_400, ..Setup::new(dc09, "1234") });
    assert_eq!(panel.send(&"130 1 5".parse().unwrap()).await.unwrap(), delivered(1, 2));
    let heard = receiver.await.unwrap();
    assert_eq!(heard[0].0, Some(1));
    assert_eq!((heard[0].0, &heard[0].1), (heard[1].0, &heard[1].1));
    assert!((86_398..=86_402).contains(&heard[0].2), "{heard:?}");
    assert!((-2..=2).contains(&heard[1].2), "{heard:?}");
}

#[tokio::test]
async fn only_the_answer_to_the_frame_that_waits_is_believed() {
    let (listener, dc09) = listener().await;
    let receiver = tokio::spawn(async move {
        let mut end = End::accept(&listener).await;
        let frame = end.frame().await;
        let other = String::from_utf8(answer(Reply::Ack, &frame, Some(KEY))).unwrap().replace("0001L0", "0002L0");
        // Damaged by the change, plain, with another key; then the right one.
        end.say(other.as_bytes()).await;
        end.say(b"\n8BCC0014\"ACK\"0001L0#1234[]\r").await;
        end.say(&answer(Reply::Ack, &frame, Some("ffffffffffffffffffffffffffffffff"))).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let early = tokio::time::Instant::now();
        end.say(&answer(Reply::Ack, &frame, Some(KEY))).await;
        early
    });
    let key = Some(Key::from_hex(KEY).unwrap());
    let mut panel = Panel::new(Setup { key, ..Setup::new(dc09, "1234") });
    assert_eq!(panel.heartbeat().await.unwrap(), delivered(1, 1));
    assert!(tokio::time::Instant::now() > receiver.await.unwrap(), "an answer was believed that proves nothing");
}

#[tokio::test]
async fn a_broken_connection_is_made_again_and_a_dead_receiver_is_given_up() {
    let (listener, dc09) = listener().await;
    let receiver = tokio::spawn(async move {
        let mut first = End::accept(&listener).await;
        let frame = first.frame().await;
        drop(first);
        let mut second = End::accept(&listener).await;
        let again = second.frame().await;
        second.say(&answer(Reply::Ack, &again, None)).await;
        (frame, again)
    });
    let mut panel = Panel::new(Setup::new(dc09, "1234"));
    assert_eq!(panel.send(&"130 1 5".parse().unwrap()).await.unwrap(), delivered(1, 2));
    let (frame, again) = receiver.await.unwrap();
    assert_eq!(frame, again);
    // Nobody listens any more.
    match panel.heartbeat().await {
        Err(PanelError::Unanswered { dc09: at, tries: 5, last: Some(_) }) => assert_eq!(at, dc09),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_script_is_played_at_its_pace() {
    let (listener, dc09) = listener().await;
    let receiver = tokio::spawn(async move {
        let mut end = End::accept(&listener).await;
        let mut times = Vec::new();
        for _ in 0..3 {
            let frame = end.frame().await;
            times.push(tokio::time::Instant::now());
            end.say(&answer(Reply::Ack, &frame, None)).await;
        }
        times
    });
    let script = Script::parse("0 R401 1 2\n10 130 1 5\n+10 heartbeat").unwrap();
    let mut told = Vec::new();
    let mut panel = Panel::new(Setup::new(dc09, "1234"));
    script.play(&mut panel, 100.0, |act, delivery| told.push((act.clone(), delivery.as_ref().unwrap().clone()))).await;
    let acts: Vec<Act> = script.acts.iter().map(|(_, act)| act.clone()).collect();
    assert_eq!(told, acts.into_iter().zip([1, 2, 3].map(|sequence| delivered(sequence, 1))).collect::<Vec<_>>());
    let times = receiver.await.unwrap();
    assert!(times[2] - times[0] >= Duration::from_millis(190), "{times:?}");
}

#[test]
fn days_repeat_by_their_seed_and_are_believable() {
    assert_eq!(day::script(7), day::script(7));
    let days: Vec<_> = (0..1000).map(day::script).collect();
    let midnight = Duration::from_secs(24 * 3600);
    let mut alarms = 0;
    for day in &days {
        assert!(day.acts.is_sorted_by_key(|(at, _)| *at));
        assert!(day.acts.iter().all(|(at, _)| *at < midnight), "{day:?}");
        let sent: Vec<_> = day
            .acts
            .iter()
            .map(|(_, act)| match act {
                Act::Report(event) => event.content(),
                Act::Heartbeat => "heartbeat".to_owned(),
            })
            .collect();
        // Opened, closed and tested once each.
        for code in ["1401", "3401", "1602"] {
            assert_eq!(sent.iter().filter(|content| content.starts_with(code)).count(), 1, "{sent:?}");
        }
        let is_alarm = |content: &&String| ["1100", "1110", "1122", "1130"].contains(&&content[..4]);
        alarms += sent.iter().filter(is_alarm).count();
    }
    assert!((200..500).contains(&alarms), "{alarms} alarms on 1000 days");
}
