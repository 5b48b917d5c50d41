//! Commit 1 against its floor: rows made durable per second in the signal log, beside a bare append and fdatasync of the
//! same bytes.
//!
//! ```text
//! cargo bench -p benches --bench store                      an empty log, and one with 1 M rows
//! STORE_BENCH_ROWS=10000000 cargo bench ... store           also one with that many
//! STORE_BENCH_DIR=/dev/shm cargo bench ... store            in memory: what a row costs without the disk
//! ```

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use alarmcore::{Marks, Report, Timestamp};
use contactid::{AccountNumber, Code, Qualifier, Signal};
use opsmodel::store::{Answer, Checkpoint, NewSignal, SignalLog, SignalReader, StoreFile};

const SIZES: [usize; 5] = [1, 10, 50, 250, 1000];
/// How long each size is measured.
const TIME: Duration = Duration::from_secs(2);

fn signal(n: u64) -> NewSignal {
    let account: AccountNumber = format!("{:06}", n % 3000).parse().expect("six digits are an account");
    let code: Code = "130".parse().expect("three digits are a code");
    let raw = format!(
        "\n1B2C0055\"ADM-CID\"{:04}R0L0#{account}[#{account}|1130 01 {:03}]_08:00:00,11-22-2026\r",
        n % 9999,
        n % 999
    );
    NewSignal {
        report: Report {
            received_at: Timestamp::from_millis(1_795_334_400_000 + n as i64),
            line: "dc09-tcp".to_owned(),
            account: Some(account),
            token: "ADM-CID".to_owned(),
            sequence: Some((n % 9999) as u16),
            part: 0,
            parts: 1,
            marks: Marks::NONE,
            content: n.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            source: None,
            signal: Some(Signal {
                group: Some(1),
                number: Some((n % 999) as u32),
                ..Signal::new(code, Qualifier::New)
            }),
        },
        peer: "192.0.2.7:40112".to_owned(),
        answer: Answer::Ack,
        raw: raw.into_bytes(),
    }
}

/// What one size came to.
struct Figure {
    rows_per_s: f64,
    p50: Duration,
    p99: Duration,
}

/// Calls `commit` again and again for [`TIME`].
fn measure(size: usize, mut commit: impl FnMut(u64)) -> Figure {
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < TIME {
        let begin = Instant::now();
        commit((times.len() * size) as u64);
        times.push(begin.elapsed());
    }
    let rows = (times.len() * size) as f64;
    let rows_per_s = rows / times.iter().sum::<Duration>().as_secs_f64();
    times.sort_unstable();
    Figure { rows_per_s, p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
}

/// The floor: as many bytes as the rows' columns, appended to a plain file and made durable by one fdatasync.
fn bare(dir: &Path, size: usize) -> Figure {
    let path = dir.join("bare");
    let mut file = File::create(&path).expect("the folder can be written");
    let row = vec![b'x'; 290];
    let figure = measure(size, |_| {
        file.write_all(&row.repeat(size)).expect("the disk has room");
        file.sync_data().expect("the disk syncs");
    });
    std::fs::remove_file(path).expect("it was just written");
    figure
}

fn store(log: &mut SignalLog, size: usize) -> Figure {
    let batches: Vec<Vec<NewSignal>> =
        (0..8).map(|b| (0..size as u64).map(|n| signal(b * 7919 + n)).collect()).collect();
    measure(size, |n| {
        log.append(&batches[n as usize / size % batches.len()], &[]).expect("the disk has room");
    })
}

fn table(title: &str, dir: &Path, log: &mut SignalLog) {
    println!(
        "\n{title}\nrows a commit |   store rows/s     p50     p99 |    bare rows/s     p50     p99 | store / bare"
    );
    for size in SIZES {
        let (ours, floor) = (store(log, size), bare(dir, size));
        println!(
            "{size:>13} | {:>14.0} {:>7.0?} {:>7.0?} | {:>14.0} {:>7.0?} {:>7.0?} | {:.2}",
            ours.rows_per_s,
            ours.p50,
            ours.p99,
            floor.rows_per_s,
            floor.p50,
            floor.p99,
            ours.rows_per_s / floor.rows_per_s
        );
    }
}

/// Signals at a steady rate, as a busy centre has them: how long does a commit keep its callers waiting, with a desk that
/// reads behind it and a checkpoint beside it?
fn paced(dir: &Path, log: &mut SignalLog, rate: u64) {
    let done = AtomicBool::new(false);
    let (mut times, mut sent) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let reader = SignalReader::open(dir).expect("the log is there");
            let mut read = reader.last().expect("the log can be read");
            while !done.load(Ordering::Relaxed) {
                match reader.after(read, 1000).expect("the log can be read").last() {
                    Some(last) => read = last.received.id,
                    None => std::thread::sleep(Duration::from_millis(1)),
                }
            }
        });
        let start = Instant::now();
        while start.elapsed() < TIME * 5 {
            let due = (start.elapsed().as_micros() as u64 * rate / 1_000_000).min(sent + 1000);
            if due == sent {
                std::thread::sleep(Duration::from_micros(100));
                continue;
            }
            let batch: Vec<NewSignal> = (sent..due).map(signal).collect();
            let begin = Instant::now();
            log.append(&batch, &[]).expect("the disk has room");
            times.push(begin.elapsed());
            sent = due;
        }
        done.store(true, Ordering::Relaxed);
    });
    times.sort_unstable();
    let at = |per_mille: usize| times[(times.len() * per_mille / 1000).min(times.len() - 1)];
    let wal = std::fs::metadata(dir.join("signals.db-wal")).map_or(0, |file| file.len() >> 20);
    println!(
        "at {rate} rows/s: {sent} rows in {} commits, p50 {:.1?}, p99 {:.1?}, p99.9 {:.1?}, longest {:.1?}; \
         write-ahead log {wal} MiB",
        times.len(),
        at(500),
        at(990),
        at(999),
        at(1000)
    );
}

fn main() {
    // `cargo test` runs benches once to see that they work: that is what the short form is for.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let root = std::env::var_os("STORE_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(root).expect("the folder can be written");
    let mut log = SignalLog::open(dir.path()).expect("a new log");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut checkpoint = Checkpoint::open(dir.path(), StoreFile::Signals).expect("the log is there");
            while !done.load(Ordering::Relaxed) {
                checkpoint.run().expect("the disk has room");
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        table("an empty log", dir.path(), &mut log);
        paced(dir.path(), &mut log, 40_000);
        let more: Option<u64> = std::env::var("STORE_BENCH_ROWS").ok().and_then(|text| text.parse().ok());
        for rows in [1_000_000].into_iter().chain(more) {
            let mut last = 0;
            while last < rows {
                let batch: Vec<_> = (0..2000).map(|n| signal(last + n)).collect();
                last =
                    log.append(&batch, &[]).expect("the disk has room").last().map_or(last, |stored| stored.id().get());
            }
            table(&format!("a log of {last} rows"), dir.path(), &mut log);
        }
        for rate in [1_000, 10_000, 40_000] {
            paced(dir.path(), &mut log, rate);
        }
        done.store(true, Ordering::Relaxed);
    });
}
