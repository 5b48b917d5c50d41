//! The binary over a small centre that always is the same: what it prints, and what its exit code says.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "../../../opsmodel/tests/query/town.rs"]
mod town;

use std::path::Path;
use std::process::{Command, Output};

use alarmcore::{Disposition, Marks, Outcome, Rule};
use opsmodel::store::{Batch, Centre, SignalLog};
use rusqlite::Connection;
use tempfile::TempDir;

fn town() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    town::build(dir.path());
    dir
}

fn report(dir: &Path, arguments: &[&str]) -> Output {
    let (name, rest) = arguments.split_first().unwrap();
    Command::new(env!("CARGO_BIN_EXE_report")).arg(name).arg("--data").arg(dir).args(rest).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_report_is_written_word_for_word() {
    let dir = town();
    let reports: [&[&str]; 19] = [
        &["events"],
        &["incidents"],
        &["accounts"],
        &["on-test"],
        &["follow-ups"],
        &["lowered"],
        &["response"],
        &["response", "--summary"],
        &["handling"],
        &["false-alarms"],
        &["false-alarms", "--by", "zone"],
        &["conservation"],
        &["verify"],
        &["explain", "1"],
        &["explain", "5"],
        &["explain", "6", "--lang", "zh"],
        &["explain", "--incident", "3"],
        &["pack", "gb50440"],
        &["pack", "en-50518"],
    ];
    for arguments in reports {
        for format in ["table", "json", "csv"] {
            let asked = [arguments, &["--format", format]].concat();
            let output = report(dir.path(), &asked);
            assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""), "{asked:?}");
            assert_eq!(stdout(&output), stdout(&report(dir.path(), &asked)), "{asked:?} twice");
            let name = format!("{}.{format}", arguments.join("-").replace("---", "-"));
            let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
            // `GOLDEN=write` writes the files, to be read before they are believed.
            if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
                std::fs::write(&path, &output.stdout).unwrap();
            }
            assert_eq!(stdout(&output), std::fs::read_to_string(&path).unwrap(), "{path}");
        }
    }
}

#[test]
fn events_are_asked_by_period_and_account() {
    let dir = town();
    let ids = |arguments: &[&str]| {
        let asked = [&["events", "--format", "json"], arguments].concat();
        let rows = json(&report(dir.path(), &asked));
        rows.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--from", "2026-11-22T08:05:00Z"]), [10, 11, 12]);
    assert_eq!(ids(&["--from", "2026-11-22T16:01:05+08:00", "--to", "2026-11-22T08:03:00Z"]), [4, 5, 6]);
    assert_eq!(ids(&["--from", "2026-11-23"]), [0; 0]);
    assert_eq!(ids(&["--to", "2026-11-23", "--account", "9999"]), [7]);
}

/// What is out of its schedule by the rule that judged it, and what the centre itself missed.
#[test]
fn events_out_of_order_are_asked_alone() {
    let dir = town();
    let mut missed = town::signals()[11].clone();
    missed.report.marks = Marks::SUPERVISION;
    town::store(dir.path(), &[missed]);
    let irregular = || {
        let rows = json(&report(dir.path(), &["events", "--format", "json", "--irregular"]));
        rows.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(irregular(), [13]);
    let received = &town::received(&town::signals())[11..];
    let (signal, at, outcome) = (received[0].id, received[0].report.received_at, Outcome::Logged);
    let late = alarmcore::Output::Dispose(Disposition {
        signal,
        at,
        outcome,
        rule: Rule::LateClose,
        policy: 1,
        overridden: None,
        unweighed: false,
        counted: false,
        unseen: false,
    });
    let batch = Batch { cursor: signal, received, outputs: &[late], states: &[] };
    Centre::open(dir.path()).unwrap().commit(batch).unwrap();
    assert_eq!(irregular(), [12, 13]);
}

#[test]
fn a_spool_answers_what_it_can() {
    let dir = tempfile::tempdir().unwrap();
    town::store(dir.path(), &town::signals());
    let rows = json(&report(dir.path(), &["events", "--format", "json"]));
    assert_eq!(rows.as_array().unwrap().len(), 12);
    assert_eq!(rows[0]["disposition"], serde_json::Value::Null);
    assert_eq!(report(dir.path(), &["conservation"]).status.code(), Some(0));
    let verified = report(dir.path(), &["verify", "--format", "csv"]);
    assert_eq!((verified.status.code(), stdout(&verified)), (Some(0), "chain,records,broken\nsignal,12,\n"));
    let why = json(&report(dir.path(), &["explain", "7", "--format", "json"]));
    assert_eq!(why[1]["says"], "No desk has judged it yet.");
    let refused = report(dir.path(), &["incidents"]);
    assert_eq!(refused.status.code(), Some(66));
    assert!(stderr(&refused).contains("is the spool of a receiver on its own"), "{}", stderr(&refused));
}

#[test]
fn an_empty_store_has_headings_and_no_rows() {
    let dir = tempfile::tempdir().unwrap();
    SignalLog::open(dir.path()).unwrap();
    Centre::open(dir.path()).unwrap();
    for name in [
        "events",
        "incidents",
        "accounts",
        "on-test",
        "follow-ups",
        "lowered",
        "storm",
        "response",
        "handling",
        "false-alarms",
        "conservation",
    ] {
        let output = report(dir.path(), &[name, "--format", "json"]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(0), "[]\n"), "{name}");
        let output = report(dir.path(), &[name, "--format", "csv"]);
        assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(0), 1), "{name}");
        let output = report(dir.path(), &[name]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert!(!stdout(&output).trim().is_empty(), "{name}");
    }
}

#[test]
fn what_cannot_be_answered_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("nowhere");
    let output = report(&missing, &["events"]);
    assert_eq!(output.status.code(), Some(66));
    assert_eq!(
        stderr(&output),
        format!(
            "report: no signals.db in {}; give the directory that `centre --data` or `receiver --spool` works on\n",
            missing.display()
        )
    );
    assert!(!missing.exists(), "a question makes nothing");
    let output = report(town().path(), &["events", "--from", "yesterday"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(stderr(&output).starts_with("report: --from \"yesterday\" is no moment; write it as 2026"));
    let swapped = ["conservation", "--from", "2026-11-28T00:00:00Z", "--to", "2026-11-27T00:00:00Z"];
    let output = report(town().path(), &swapped);
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(64), "report: --to 2026-11-27T00:00:00.000Z is before --from 2026-11-28T00:00:00.000Z\n")
    );
    let output = report(town().path(), &["explain", "99"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(66), "report: there is no signal 99\n"));
    let output = report(town().path(), &["explain", "--incident", "4"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(66), "report: there is no incident 4\n"));
    assert_eq!(report(dir.path(), &["explain"]).status.code(), Some(64));
    assert_eq!(report(dir.path(), &["events", "--format", "yaml"]).status.code(), Some(64));
    assert_eq!(report(dir.path(), &["gossip"]).status.code(), Some(64));
}

#[test]
fn help_teaches() {
    let output = Command::new(env!("CARGO_BIN_EXE_report")).arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    for word in ["Examples:", "Exit codes:", "false-alarms", "conservation", "explain", "what-if", "verify", "-24h"] {
        assert!(stdout(&output).contains(word), "{word}");
    }
}

fn meddle(dir: &TempDir, file: &str, change: &str) {
    let sql = Connection::open(dir.path().join(file)).unwrap();
    assert_eq!(sql.execute(change, []).unwrap(), 1, "{change}");
}

#[test]
fn verify_names_the_first_bad_record() {
    for (file, change, record) in [
        ("signals.db", "UPDATE signal SET code = '602' WHERE id = 5", "signal 5: altered or moved"),
        ("signals.db", "DELETE FROM signal WHERE id = 12", "signal 12: missing"),
        ("centre.db", "UPDATE journal SET at = at + 1 WHERE seq = 4", "journal 4: altered or moved"),
        ("centre.db", "DELETE FROM disposition WHERE seq = 3", "disposition 3: missing"),
        ("centre.db", "UPDATE card_history SET reason = 'none' WHERE seq = 2", "card_history 2: altered or moved"),
    ] {
        let dir = town();
        meddle(&dir, file, change);
        let output = report(dir.path(), &["verify", "--format", "json"]);
        assert_eq!(output.status.code(), Some(1), "{change}");
        assert_eq!(json(&output)[0]["broken"], record, "{change}");
        assert_eq!(stderr(&output), format!("report: the first bad record is {record}\n"));
    }
}

#[test]
fn conservation_finds_a_hole() {
    let dir = town();
    meddle(&dir, "centre.db", "DELETE FROM disposition WHERE signal = 10");
    let output = report(dir.path(), &["conservation", "--from", "2026-11-22"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "report: hole: 2026-11-22T08:05:00.000Z dc09-tcp: 2 signals in the log, 1 disposed of, the first without a \
         disposition is signal 10\n"
    );
    let earlier = report(dir.path(), &["conservation", "--to", "2026-11-22T08:05:00Z"]);
    assert_eq!((earlier.status.code(), stderr(&earlier)), (Some(0), ""));
}

#[test]
fn a_report_reads_beside_a_writer() {
    let dir = town();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let more = town::signal(400, "1001", "602", contactid::Qualifier::New, 0, 0);
                let counts = town::counts(std::slice::from_ref(&more));
                assert_eq!(log.append(&[more], &counts).unwrap().len(), 1);
            }
        });
        let mut last = 12;
        for _ in 0..5 {
            let rows = json(&report(dir.path(), &["events", "--format", "json"]));
            let ids: Vec<u64> = rows.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect();
            assert!(ids.iter().copied().eq(1..=ids.len() as u64), "in order, none twice");
            assert!(ids.len() >= last, "{} after {last}", ids.len());
            last = ids.len();
            let conservation = report(dir.path(), &["conservation"]);
            assert_eq!((conservation.status.code(), stderr(&conservation)), (Some(0), ""));
            assert_eq!(report(dir.path(), &["verify"]).status.code(), Some(0));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn a_report_reads_what_a_crash_left() {
    let dir = town();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let more = town::signal(400, "1001", "602", contactid::Qualifier::New, 0, 0);
    assert_eq!(log.append(&[more], &[]).unwrap().len(), 1);
    // The files as they are while the log is open: what was stored last is in the write-ahead log only.
    let left = tempfile::tempdir().unwrap();
    for file in ["signals.db", "signals.db-wal", "centre.db"] {
        std::fs::copy(dir.path().join(file), left.path().join(file)).unwrap();
    }
    let rows = json(&report(left.path(), &["events", "--format", "json"]));
    assert_eq!((rows.as_array().unwrap().len(), &rows[12]["disposition"]), (13, &serde_json::json!("pending")));
    assert_eq!(report(left.path(), &["verify"]).status.code(), Some(0));
}

/// Which packs there are says the error; a moment in the past cuts off what is known; every failure is listed when asked for.
#[test]
fn packs_are_asked_by_name() {
    let dir = town();
    let told = stderr(&report(dir.path(), &["pack", "gb50441"])).to_owned();
    assert!(told.starts_with("report: unknown pack `gb50441`, expected one of `auburn`, "), "{told}");
    assert_eq!(report(dir.path(), &["pack", "gb50441"]).status.code(), Some(65));
    let told = stderr(&report(dir.path(), &["pack", "nowhere.toml"])).to_owned();
    assert_eq!(told, "report: the pack nowhere.toml: No such file or directory (os error 2)\n");
    let file = dir.path().join("own.toml");
    let text = "id = 'own'\nversion = 3\ntitle = { en = 'o', zh = 'o' }\nsource = { en = 'o', zh = 'o' }\n\
                [[clause]]\nid = 'fast'\nmark = 'V'\nen = 'Fast.'\nzh = '快。'\n\
                rule = { kind = 'target', span = 'first-act', within_s = 1 }\n";
    std::fs::write(&file, text).unwrap();
    let rows = |more: &[&str]| {
        let output = report(dir.path(), &[&["pack", file.to_str().unwrap(), "--format", "json"], more].concat());
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""), "{more:?}");
        let rows = json(&output);
        (rows[0]["pack"].clone(), rows[0]["finding"].clone(), rows[0]["cases"].clone(), rows[0]["failed"].clone())
    };
    assert_eq!(rows(&["--all"]), ("own@3".into(), "fail".into(), 3.into(), 3.into()));
    assert_eq!(rows(&["--as-of", "2026-11-01"]), ("own@3".into(), "unmeasured".into(), 0.into(), 0.into()));
    let output = report(dir.path(), &["pack", "gb50440", "--as-of", "soon"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(stderr(&output).starts_with("report: --as-of \"soon\" is no moment"), "{}", stderr(&output));
}
