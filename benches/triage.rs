//! Desk speed in memory: one core, signals in, every output drained.

use alarmcore::{
    AccountCard, Command, Desk, IncidentEvent, Input, Marks, OperatorId, Output, Policy, Received, Record, Report,
    Settlement, SignalId, Timestamp,
};
use contactid::{AccountNumber, Code, Qualifier, Signal};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const ACCOUNTS: u64 = 30_000;

fn account(n: u64) -> AccountNumber {
    format!("{n:06}").parse().expect("six digits are an account")
}

fn desk() -> Desk {
    let mut desk = Desk::new(Policy::default());
    for n in 0..ACCOUNTS {
        desk.handle(Input::Account(AccountCard::new(account(n))));
    }
    desk
}

/// The n-th signal: of another account each time, a tenth of a second later. An account is heard every fifty minutes, which
/// is too slow for a panel that runs away.
fn signal(n: u64, code: Code, qualifier: Qualifier) -> Input {
    signal_of(n.wrapping_mul(7919) % ACCOUNTS, n, code, qualifier)
}

fn signal_of(of: u64, n: u64, code: Code, qualifier: Qualifier) -> Input {
    let report = Report {
        received_at: Timestamp::from_millis(1_795_305_600_000 + n as i64 * 100),
        line: "dc09-tcp".into(),
        account: Some(account(of)),
        token: "ADM-CID".into(),
        sequence: Some((n % 10_000) as u16),
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        source: None,
        signal: Some(Signal { group: Some(1), number: Some((n % 8) as u32), ..Signal::new(code, qualifier) }),
    };
    Input::Signal(Received { id: SignalId::new(n + 1), report })
}

/// How many incidents the desk opened.
fn drain(desk: &mut Desk) -> usize {
    let mut opened = 0;
    loop {
        match desk.poll() {
            Output::Wait(_) => return opened,
            Output::Record(Record { event: IncidentEvent::Opened { .. }, .. }) => opened += 1,
            _ => {}
        }
    }
}

fn triage(criterion: &mut Criterion) {
    let code = |text: &str| text.parse::<Code>().expect("a code");
    let mut group = criterion.benchmark_group("triage");
    group.throughput(Throughput::Elements(1000));

    let (open_close, test) = (code("401"), code("602"));
    let (mut quiet, mut n) = (desk(), 0);
    group.bench_function("open, close, test of 30,000 accounts", |bencher| {
        bencher.iter_batched_ref(
            || {
                n += 1000;
                (n - 1000..n)
                    .map(|n| match n % 3 {
                        0 => signal(n, open_close, Qualifier::New),
                        1 => signal(n, open_close, Qualifier::Restore),
                        _ => signal(n, test, Qualifier::New),
                    })
                    .collect::<Vec<_>>()
            },
            |inputs| {
                for input in inputs.drain(..) {
                    quiet.handle(input);
                    drain(&mut quiet);
                }
            },
            criterion::BatchSize::LargeInput,
        );
    });

    let (mut hot, mut n) = (desk(), 0);
    group.bench_function("one panel that runs away", |bencher| {
        bencher.iter_batched_ref(
            || {
                n += 1000;
                let flaps = |n: u64| if n.is_multiple_of(2) { Qualifier::New } else { Qualifier::Restore };
                (n - 1000..n).map(|n| signal_of(7, n, code("130"), flaps(n))).collect::<Vec<_>>()
            },
            |inputs| {
                for input in inputs.drain(..) {
                    hot.handle(input);
                    drain(&mut hot);
                }
            },
            criterion::BatchSize::LargeInput,
        );
    });

    // Each alarm opens an incident; a thousand are open when the batch is over, and are closed outside the measured time.
    let battery = code("302");
    let burglary = code("130");
    for (name, code) in [("alarms that open an incident", burglary), ("troubles that open an incident", battery)] {
        let (mut busy, mut n) = (desk(), 0);

        group.bench_function(name, |bencher| {
            bencher.iter_custom(|rounds| {
                let mut spent = std::time::Duration::ZERO;
                for _ in 0..rounds {
                    let inputs: Vec<Input> = (n..n + 1000).map(|n| signal(n, code, Qualifier::New)).collect();
                    n += 1000;
                    let start = std::time::Instant::now();
                    let mut opened = 0;
                    for input in inputs {
                        busy.handle(input);
                        opened += drain(&mut busy);
                    }
                    spent += start.elapsed();
                    assert_eq!(opened, 1000, "each of them opens one incident");
                    close_all(&mut busy);
                }
                spent
            });
        });
    }
    group.finish();
}

fn close_all(desk: &mut Desk) {
    let ids: Vec<_> = desk.queue().iter().map(|incident| incident.id).collect();
    for id in &ids {
        let commands = [
            Command::Take,
            Command::VerifyFalse { cause: Some(alarmcore::Cause::Test), note: None },
            Command::Settle { settlement: Some(Settlement::Test), note: None },
        ];
        for command in commands {
            let (at, by) = (Timestamp::from_millis(0), OperatorId::new(1));
            desk.handle(Input::Act { at, by, incident: *id, command, second: None });
            drain(desk);
        }
    }
}

criterion_group!(benches, triage);
criterion_main!(benches);
