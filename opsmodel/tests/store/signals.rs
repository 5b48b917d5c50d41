//! The signal log: what is appended is what is read, in the order of arrival.

use alarmcore::{Marks, Received, SignalId, SignalSource};
use contactid::{Code, Qualifier, Signal};
use opsmodel::store::{Answer, LineCount, LoggedSignal, NewSignal, SignalLog, SignalReader, StoreError, verify};

use crate::sample::{account, at, burglary, report, signal};

/// Every column filled, and every column empty.
fn extremes() -> [NewSignal; 2] {
    let full = Signal {
        group: Some(u16::MAX),
        number: Some(u32::MAX),
        address: Some("00A-1F".into()),
        user: Some(7),
        peripheral: Some(12),
        device_time: Some("22:14:03".into()),
        text: Some("后门 'back; door'\0".into()),
        ..Signal::new("BA".parse::<Code>().unwrap(), Qualifier::Status)
    };
    let mut first = report(1, account(1), full);
    first.marks = Marks::ENCRYPTED.with(Marks::STALE_CLOCK);
    first.content = u64::MAX;
    (first.part, first.parts) = (3, 4);
    first.source = SignalSource::of_peer("2001:db8::7");
    let mut last = report(2, account(2), signal("130", Qualifier::New, 1));
    (last.account, last.signal, last.sequence, last.content) = (None, None, None, 0);
    last.source = None;
    (last.line, last.token, last.received_at) = (String::new(), String::new(), at(-i64::from(u32::MAX)));
    [
        NewSignal { report: first, peer: "[2001:db8::7]:9".into(), answer: Answer::Nak, raw: (0..=255).collect() },
        NewSignal { report: last, peer: String::new(), answer: Answer::None, raw: Vec::new() },
    ]
}

fn logged(id: u64, new: &NewSignal) -> LoggedSignal {
    LoggedSignal {
        received: Received { id: SignalId::new(id), report: new.report.clone() },
        peer: new.peer.clone(),
        answer: new.answer,
        raw: new.raw.clone(),
    }
}

#[test]
fn what_is_appended_is_what_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let mut all = extremes().to_vec();
    let ids: Vec<_> = log.append(&all, &[]).unwrap().iter().map(|stored| stored.id().get()).collect();
    assert_eq!(ids, [1, 2]);
    all.extend((0..10).map(burglary));
    let ids: Vec<_> = log.append(&all[2..], &[]).unwrap().iter().map(|stored| stored.id().get()).collect();
    assert_eq!(ids, (3..=12).collect::<Vec<_>>());

    let reader = SignalReader::open(dir.path()).unwrap();
    let expected: Vec<_> = (1..).zip(&all).map(|(id, new)| logged(id, new)).collect();
    assert_eq!(reader.after(SignalId::new(0), 100).unwrap(), expected);
    assert_eq!(reader.after(SignalId::new(4), 3).unwrap(), expected[4..7]);
    assert_eq!(reader.after(SignalId::new(12), 3).unwrap(), []);
    assert_eq!(reader.get(SignalId::new(2)).unwrap().as_ref(), Some(&expected[1]));
    assert_eq!(reader.get(SignalId::new(13)).unwrap(), None);
    assert_eq!(reader.last().unwrap(), SignalId::new(12));
    assert_eq!(verify(dir.path()).unwrap().signals, 12);
}

#[test]
fn the_log_goes_on_where_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let mut log = SignalLog::open(dir.path()).unwrap();
        let stored = log.append(&[burglary(round), burglary(round + 1)], &[]).unwrap();
        assert_eq!(stored[0].id().get(), u64::from(round) * 2 + 1);
    }
    assert_eq!(verify(dir.path()).unwrap().signals, 6);
}

#[test]
fn two_logs_on_one_file_take_turns_and_keep_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    let mut logs = [SignalLog::open(dir.path()).unwrap(), SignalLog::open(dir.path()).unwrap()];
    let ids: Vec<_> = (0..20).map(|n| logs[n % 2].append(&[burglary(n as u32)], &[]).unwrap()[0].id().get()).collect();
    assert_eq!(ids, (1..=20).collect::<Vec<_>>());
    assert_eq!(verify(dir.path()).unwrap().signals, 20);
}

#[test]
fn parts_of_a_minute_add_up() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let count = |minute, line: &str, n| LineCount {
        minute,
        line: line.into(),
        received: 5 * n,
        acknowledged: 2 * n,
        supervised: 2 * n,
        refused: n,
        noise: 9 * n,
    };
    log.append(&[burglary(1)], &[count(100, "dc09-tcp", 1), count(100, "dc09-udp", 10)]).unwrap();
    log.append(&[], &[count(100, "dc09-tcp", 2), count(101, "dc09-tcp", 1)]).unwrap();
    let sql = rusqlite::Connection::open(dir.path().join("signals.db")).unwrap();
    let rows: Vec<(i64, String, [i64; 5])> = sql
        .prepare("SELECT minute, line, received, acknowledged, supervised, refused, noise FROM line_count")
        .unwrap()
        .query_map([], |row| {
            let counts = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
            Ok((row.get(0)?, row.get(1)?, counts))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(
        rows,
        [
            (100, "dc09-tcp".into(), [15, 6, 6, 3, 27]),
            (100, "dc09-udp".into(), [50, 20, 20, 10, 90]),
            (101, "dc09-tcp".into(), [5, 2, 2, 1, 9]),
        ]
    );
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    SignalLog::open(dir.path()).unwrap();
    let sql = rusqlite::Connection::open(dir.path().join("signals.db")).unwrap();
    sql.pragma_update(None, "user_version", 99).unwrap();
    let error = SignalLog::open(dir.path()).unwrap_err();
    assert!(matches!(&error, StoreError::Newer { file, found: 99, known: 1 } if file == "signals.db"), "{error}");
}
