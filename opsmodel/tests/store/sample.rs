//! Signals to store.

use std::net::SocketAddr;

use alarmcore::{AccountNumber, Marks, Report, SignalSource, Timestamp};
use contactid::{Code, Qualifier, Signal};
use opsmodel::store::{Answer, NewSignal};

/// 2026-11-22T08:00:00Z.
pub(crate) const MORNING: i64 = 1_795_334_400_000;

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(MORNING + millis)
}

pub(crate) fn account(n: u32) -> AccountNumber {
    format!("{:04}", 1000 + n).parse().unwrap()
}

pub(crate) fn signal(code: &str, qualifier: Qualifier, number: u32) -> Signal {
    Signal { group: Some(1), number: Some(number), ..Signal::new(code.parse::<Code>().unwrap(), qualifier) }
}

/// A report of one event, as a plain panel sends it over TCP.
pub(crate) fn report(millis: i64, account: AccountNumber, signal: Signal) -> Report {
    Report {
        received_at: at(millis),
        line: "dc09-tcp".into(),
        account: Some(account),
        token: "ADM-CID".into(),
        sequence: Some((millis % 9999) as u16 + 1),
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: millis as u64 + 1,
        source: SignalSource::of_peer("192.0.2.7:40112"),
        signal: Some(signal),
    }
}

/// The report in its frame, from a peer that is told ACK.
pub(crate) fn framed(report: Report) -> NewSignal {
    let raw = format!("\n{:?}\r", report.signal).into_bytes();
    let peer = report.source.map(|source| match source {
        SignalSource::Address(address) => SocketAddr::new(address, 40112).to_string(),
        SignalSource::Caller(caller) => caller.to_string(),
    });
    NewSignal { report, peer: peer.unwrap_or_default(), answer: Answer::Ack, raw }
}

/// The `n`th of a row of burglary alarms.
pub(crate) fn burglary(n: u32) -> NewSignal {
    framed(report(i64::from(n), account(n % 7), signal("130", Qualifier::New, n % 16)))
}
