//! A centre of its own for each test: the real binary on a folder and on ports that it chose.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use opsmodel::store::query::{Fate, Reader, SignalRow};
use tempfile::TempDir;

/// The time in which a centre starts, and in which its desk judges what came in.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running centre; ends with the test.
pub(crate) struct Centre {
    folder: TempDir,
    process: Child,
    /// Where it listens for panels.
    pub(crate) dc09_port: u16,
    /// Where the console is: `http://127.0.0.1:41234`.
    pub(crate) console: String,
}

impl Centre {
    /// Starts one that knows these accounts: number and key.
    pub(crate) fn start(accounts: &[(&str, Option<&str>)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let list = folder.path().join("accounts.csv");
        let rows: String = accounts
            .iter()
            .map(|(account, key)| format!("{account},Shop {account},Main Street,{},,,\n", key.unwrap_or("")))
            .collect();
        std::fs::write(&list, format!("account,name,address,key_hex,format,heartbeat_s,phone\n{rows}"))
            .expect("the list can be written");
        let mut process = Command::new(env!("CARGO_BIN_EXE_centre"))
            .args(["--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .arg("--accounts")
            .arg(&list)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the centre starts");
        let said = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let ready = said.lines().map_while(Result::ok).find(|line| line.starts_with("ready"));
        let ready = ready.expect("the centre says that it is ready");
        let field = |name| ready.split(' ').find_map(|word| word.strip_prefix(name)).expect("it says where it listens");
        let dc09: SocketAddr = field("dc09=").parse().expect("an address");
        let console = field("http=").trim_end_matches('/').to_owned();
        Self { folder, process, dc09_port: dc09.port(), console }
    }

    /// Lets somebody sign in.
    pub(crate) fn admit(&self, login: &str, password: &str) {
        let mut add = Command::new(env!("CARGO_BIN_EXE_centre"))
            .args(["operator", "add", "--login", login, "--name", login, "--data"])
            .arg(self.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the centre starts");
        let mut input = add.stdin.take().expect("standard input is piped");
        writeln!(input, "{password}").expect("it reads the password");
        drop(input);
        assert!(add.wait().expect("it ends").success());
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What `report events` answers, once there are `count` signals and the desk has judged them all.
    pub(crate) fn events(&self, count: usize) -> Vec<SignalRow> {
        let reader = Reader::open(&self.data()).expect("the store can be read while the centre runs");
        let started = Instant::now();
        loop {
            let rows = reader.log_rows(1..u64::MAX).expect("the log can be read");
            let judged = rows.iter().all(|row| !matches!(row.disposition, None | Some(Fate::Pending)));
            if rows.len() >= count && judged {
                return rows;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "waited for {count} judged signals, there are\n{}",
                spelt(&rows).join("\n")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One line a signal: line, account, token, event, marks, answer, disposition.
pub(crate) fn spelt(rows: &[SignalRow]) -> Vec<String> {
    let spell = |row: &SignalRow| {
        let account = row.account.map(|account| account.to_string());
        let qualifier = row.qualifier.map(|digit| digit.to_string());
        let event = [qualifier, row.code.clone(), row.group.clone(), row.number.clone(), row.text.clone()];
        let event: Vec<String> = event.into_iter().map(|part| part.unwrap_or_else(|| "-".to_owned())).collect();
        let fate = row.disposition.map_or("none", Fate::as_str);
        format!(
            "{} {} {} [{}] {} {} {fate}",
            row.line,
            account.as_deref().unwrap_or("-"),
            row.token,
            event.join(" "),
            if row.marks.is_empty() { "-".to_owned() } else { row.marks.join("+") },
            row.answer,
        )
    };
    rows.iter().map(spell).collect()
}
