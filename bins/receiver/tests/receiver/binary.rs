//! The program itself: its lines, its exit codes, its end.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use contactid::Token;
use serde_json::{Value, json};

use crate::world::{KEY, Peer, answer, ask_by_datagram, burglary, now, plain, sealed};

/// The receiver as a process on a port of its own.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) dc09: SocketAddr,
    /// What it prints, until somebody takes it.
    pub(crate) out: Option<BufReader<ChildStdout>>,
}

pub(crate) fn command(spool: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_receiver"));
    command.args(["--dc09", "127.0.0.1:0", "--spool"]).arg(spool).args(more);
    command
}

impl Process {
    pub(crate) fn start(spool: &Path, more: &[&str]) -> Self {
        let mut child = command(spool, more).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap());
        let mut ready = String::new();
        while !ready.starts_with("ready") {
            ready.clear();
            assert_ne!(messages.read_line(&mut ready).unwrap(), 0, "the receiver ended before it was ready");
        }
        // What it says later must find a reader, or it would wait for one.
        std::thread::spawn(move || std::io::copy(&mut messages, &mut std::io::sink()));
        let dc09 = ready.split(' ').find_map(|word| word.parse().ok()).unwrap();
        let out = child.stdout.take().map(BufReader::new);
        Self { child, dc09, out }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.out.as_mut().unwrap().read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn send(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to end, and sees that it does.
    pub(crate) fn end_with_success(self) {
        assert_eq!(self.end().1, Some(0));
    }

    /// Asks it to end, and gives what it still printed and its exit code.
    fn end(mut self) -> (String, Option<i32>) {
        self.send("-TERM");
        let mut rest = String::new();
        if let Some(mut out) = self.out.take() {
            out.read_to_string(&mut rest).unwrap();
        }
        (rest, self.child.wait().unwrap().code())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes out of a line what no test can know.
fn without_time_and_peer(mut line: Value) -> Value {
    let fields = line.as_object_mut().unwrap();
    let time = fields.remove("received_at").unwrap();
    assert!(alarmcore::Timestamp::from_rfc3339(time.as_str().unwrap()).is_some(), "{time}");
    assert!(fields.remove("peer").unwrap().as_str().unwrap().starts_with("127.0.0.1:"));
    line
}

#[test]
fn each_stored_signal_is_one_json_line() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = dir.path().join("accounts.csv");
    let header = "account,name,address,key_hex,format,heartbeat_s,phone";
    std::fs::write(&accounts, format!("{header}\n5678,Shop,1 Road,{KEY},dc09,90,\n")).unwrap();
    let spool = dir.path().join("spool");
    let mut receiver = Process::start(&spool, &["--accounts", accounts.to_str().unwrap()]);
    let mut peer = Peer::connect(receiver.dc09);

    let frame = burglary("1234", 1, 5);
    assert_eq!(peer.ask(&frame), answer(Token::Ack, "1234", 1));
    let expected = json!({
        "id": 1, "line": "dc09-tcp", "answer": "ack", "account": "1234", "token": "ADM-CID", "sequence": 1,
        "part": 0, "parts": 1, "marks": [], "code": "130", "qualifier": 1, "group": "01", "number": "005",
        "address": null, "user": null, "peripheral": null, "device_time": null, "text": null, "raw_hex": hex(&frame),
    });
    assert_eq!(without_time_and_peer(receiver.line()), expected);

    // The frame is printed with each of its events.
    let frame = plain(Token::SiaDcs, "1234", 2, "#1234|Nri1/id7/CL|AOffice");
    assert_eq!(peer.ask(&frame), answer(Token::Ack, "1234", 2));
    let frame = plain(Token::SiaDcs, "1234", 3, "#1234|Nri1/BA005/BA006");
    assert_eq!(peer.ask(&frame), answer(Token::Ack, "1234", 3));
    let lines = [(); 3].map(|()| receiver.line());
    let codes = lines.each_ref().map(|line| (line["code"].as_str(), line["address"].as_str(), line["user"].as_u64()));
    assert_eq!(codes, [(Some("CL"), None, Some(7)), (Some("BA"), Some("005"), None), (Some("BA"), Some("006"), None)]);
    assert_eq!([&lines[1]["raw_hex"], &lines[2]["raw_hex"]], [&json!(hex(&frame)); 2]);

    // A key that does not fit: stored without a meaning. The key is nowhere.
    let frame = sealed("ffffffffffffffffffffffffffffffff", "5678", 4, 5, now());
    let heard = ask_by_datagram(receiver.dc09, &frame, Duration::from_secs(20));
    assert_eq!(heard, Some(answer(Token::Duh, "5678", 4)));
    let expected = json!({
        "id": 5, "line": "dc09-udp", "answer": "duh", "account": "5678", "token": "ADM-CID", "sequence": 4,
        "part": 0, "parts": 1, "marks": ["undeciphered"], "code": null, "qualifier": null, "group": null, "number": null,
        "address": null, "user": null, "peripheral": null, "device_time": null, "text": null, "raw_hex": hex(&frame),
    });
    assert_eq!(without_time_and_peer(receiver.line()), expected);

    let (rest, code) = receiver.end();
    assert_eq!((rest.as_str(), code), ("", Some(0)));

    // The next one prints what comes, or what came behind a line that was read.
    let mut receiver = Process::start(&spool, &["--after", "3"]);
    assert_eq!([receiver.line()["id"].as_u64(), receiver.line()["id"].as_u64()], [Some(4), Some(5)]);
    receiver.end();
    let receiver = Process::start(&spool, &[]);
    let mut peer = Peer::connect(receiver.dc09);
    assert_eq!(peer.ask(&burglary("1234", 9, 9)), answer(Token::Ack, "1234", 9));
    let (rest, code) = receiver.end();
    assert_eq!(code, Some(0));
    let last: Value = serde_json::from_str(&rest).unwrap();
    assert_eq!((last["id"].as_u64(), last["sequence"].as_u64()), (Some(6), Some(9)));
}

#[test]
fn the_accounts_are_read_again_when_it_is_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = dir.path().join("accounts.csv");
    let header = "account,name,address,key_hex,format,heartbeat_s,phone";
    std::fs::write(&accounts, format!("{header}\n")).unwrap();
    let receiver = Process::start(&dir.path().join("spool"), &["--accounts", accounts.to_str().unwrap()]);
    let mut peer = Peer::connect(receiver.dc09);
    assert_eq!(peer.ask(&sealed(KEY, "5678", 1, 5, now())), answer(Token::Duh, "5678", 1));

    std::fs::write(&accounts, format!("{header}\n5678,Shop,1 Road,{KEY},dc09,90,\n")).unwrap();
    receiver.send("-HUP");
    let start = std::time::Instant::now();
    while !peer.ask(&sealed(KEY, "5678", 2, 5, now())).contains("\"*ACK\"0002") {
        assert!(start.elapsed() < Duration::from_secs(20), "the new accounts are not in force");
        std::thread::sleep(Duration::from_millis(20));
    }
    // A file with a fault changes nothing.
    std::fs::write(&accounts, "nonsense").unwrap();
    receiver.send("-HUP");
    std::thread::sleep(Duration::from_millis(200));
    assert!(peer.ask(&sealed(KEY, "5678", 3, 5, now())).contains("\"*ACK\"0003"));
    assert_eq!(receiver.end().1, Some(0));
}

#[test]
fn what_cannot_be_done_is_said_with_an_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let said = |output: Output| {
        assert_eq!(output.stdout, b"");
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let accounts = dir.path().join("accounts.csv");
    std::fs::write(&accounts, "account,name,address,key_hex,format,heartbeat_s,phone\n1234,Shop,,00ff,dc09,90,\n")
        .unwrap();
    let spool = dir.path().join("spool");
    let refused = command(&spool, &["--accounts", accounts.to_str().unwrap()]).output().unwrap();
    let expected = format!(
        "receiver: {}: the accounts file was refused\nrow 2, column key_hex: 4 characters; a key has 32, 48 or 64 hex \
         characters (AES-128, -192 or -256); leave it empty, or write - for a panel without one\n",
        accounts.display()
    );
    assert_eq!(said(refused), (Some(65), expected));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut elsewhere = Command::new(env!("CARGO_BIN_EXE_receiver"));
    let (code, message) = said(elsewhere.args(["--dc09", &address, "--spool"]).arg(&spool).output().unwrap());
    assert_eq!(code, Some(69));
    assert!(message.starts_with(&format!("receiver: {address} (TCP) cannot be opened: ")), "{message}");

    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (code, message) = said(command(&file, &[]).output().unwrap());
    assert_eq!(code, Some(74));
    assert!(message.starts_with(&format!("receiver: {}: the spool cannot be opened: ", file.display())), "{message}");

    assert_eq!(said(Command::new(env!("CARGO_BIN_EXE_receiver")).output().unwrap()).0, Some(2));
}
