//! A centre that was left a heap of signals disposes of all, and stands the same after a restart. It prints how long the
//! start and the queue took; for the figures of a million signals run
//! `SCALE_SIGNALS=1000000 cargo test --release -p centre --test whole -- --nocapture a_heap`.

use std::time::{Duration, Instant};

use alarmcore::{Marks, Report, Timestamp};
use contactid::{AccountNumber, Code, EventCode, Qualifier, Signal};
use opsmodel::store::query::Reader;
use opsmodel::store::{Answer, LineCount, NewSignal, SignalLog};

use crate::centre::{Centre, furnish};

const ACCOUNTS: u64 = 3_000;

/// A day's signals: openings, closings and tests, and one burglary in a thousand.
fn signal(number: u64) -> NewSignal {
    let account: AccountNumber = format!("{:04}", number % ACCOUNTS).parse().unwrap();
    let (code, qualifier) = match number % 1000 {
        7 => (130, Qualifier::New),
        other if other % 3 == 0 => (401, Qualifier::New),
        other if other % 3 == 1 => (401, Qualifier::Restore),
        _ => (602, Qualifier::New),
    };
    let code = Code::Cid(EventCode::new(code).unwrap());
    let report = Report {
        received_at: Timestamp::from_millis(1_795_000_000_000 + number as i64 * 100),
        line: "dc09-tcp".into(),
        account: Some(account),
        token: "ADM-CID".into(),
        sequence: Some((number % 9999) as u16),
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: number,
        source: None,
        signal: Some(Signal { number: Some(1), ..Signal::new(code, qualifier) }),
    };
    NewSignal { report, peer: "192.0.2.7:4".into(), answer: Answer::Ack, raw: vec![b'x'; 60] }
}

#[test]
fn a_heap_of_signals_is_disposed_of_and_outlives_a_restart() {
    let signals: u64 =
        std::env::var("SCALE_SIGNALS").map_or(20_000, |text| text.parse().expect("SCALE_SIGNALS is a number"));
    let folder = tempfile::tempdir().unwrap();
    let csv: String = (0..ACCOUNTS).map(|n| format!("{n:04},Shop {n},Main Street {n},,,60,\n")).collect();
    furnish(folder.path(), &csv);
    let mut log = SignalLog::open(folder.path()).unwrap();
    let count = LineCount {
        minute: 29_916_666,
        line: "dc09-tcp".into(),
        received: 1000,
        acknowledged: 1000,
        supervised: 0,
        refused: 0,
        noise: 0,
    };
    for thousand in 0..signals / 1000 {
        let batch: Vec<_> = (thousand * 1000..(thousand + 1) * 1000).map(signal).collect();
        assert_eq!(log.append(&batch, std::slice::from_ref(&count)).unwrap().len(), 1000);
    }
    drop(log);

    let centre = Centre::on(folder.path());
    let began = Instant::now();
    let reader = Reader::open(folder.path()).unwrap();
    let disposed = || -> u64 {
        reader
            .counts(Timestamp::default(), Timestamp::from_millis(i64::MAX))
            .unwrap()
            .iter()
            .map(|day| day.signals)
            .sum()
    };
    while disposed() < signals {
        assert!(began.elapsed() < Duration::from_secs(600), "the desk has disposed of {}", disposed());
        std::thread::sleep(Duration::from_millis(200));
    }
    let caught_up = began.elapsed();
    let queue = centre.operator("li").get("/api/queue").json()["rows"].clone();
    assert!(centre.terminate().success());

    let began = Instant::now();
    let centre = Centre::on(folder.path());
    let ready = began.elapsed();
    let mut li = centre.operator("li");
    let mut page = || {
        let began = Instant::now();
        let rows = li.get("/api/queue").json()["rows"].clone();
        (began.elapsed(), rows)
    };
    let (first, rows) = page();
    let (again, _) = page();
    println!(
        "caught up with {signals} signals in {caught_up:.1?}; then ready in {ready:.2?}; queue of {} in {first:.1?}, again \
         in {again:.1?}",
        rows.as_array().unwrap().len()
    );
    // The burglaries come from accounts 0007, 1007 and 2007; later ones join the first of their account.
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(rows, queue);
}
