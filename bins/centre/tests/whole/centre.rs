//! A centre of its own for each test.

use std::fmt::Debug;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use alarmcore::{ContactId, UnitId};
use contactid::AccountNumber;
use opsmodel::crm::{Change, Codeword, Contact, UnitCard};
use opsmodel::store::query::{Fate, Reader, SignalRow};
use opsmodel::store::{Centre as Store, SignalLog};
use serde_json::Value;
use tempfile::TempDir;

use crate::panel::Line;
use crate::web::Web;

/// The password of everybody in the tests.
pub(crate) const PASSWORD: &str = "correct horse";
/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running centre; killed with the test.
pub(crate) struct Centre {
    pub(crate) data: PathBuf,
    process: Child,
    pub(crate) dc09: SocketAddr,
    pub(crate) http: SocketAddr,
    _folder: Option<TempDir>,
}

/// The command with these arguments.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_centre"));
    command.args(arguments).env("CENTRE_LOG", "warn");
    command
}

/// Two operators and a supervisor (`li`, `zhang`, `chen`), two units, and the accounts of `csv`.
pub(crate) fn furnish(data: &Path, csv: &str) {
    for (login, role) in [("li", "operator"), ("zhang", "operator"), ("chen", "supervisor")] {
        hire(data, login, role);
    }
    SignalLog::open(data).unwrap();
    let mut store = Store::open(data).unwrap();
    let change = Change { by: None, at: Default::default(), origin: "test".into(), reason: "test".into() };
    for (number, name) in [(1, "North"), (2, "South")] {
        let id = UnitId::new(number);
        let card = UnitCard { phone: "1".into(), ..UnitCard::new(id, name) };
        store.put_unit(&card, &change).unwrap();
    }
    let file = data.join("accounts.csv");
    std::fs::write(&file, format!("account,name,address,key_hex,format,heartbeat_s,phone\n{csv}")).unwrap();
    centre::import::import(data, &file, false).unwrap();
}

/// One more person, with the password of all.
pub(crate) fn hire(data: &Path, login: &str, role: &str) {
    let path = data.to_str().unwrap();
    let arguments = ["operator", "add", "--data", path, "--login", login, "--name", login, "--role", role];
    let mut add = command(&arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    writeln!(add.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(add.wait().unwrap().success());
}

impl Centre {
    /// A furnished centre with the accounts 1001 and 1002 in a folder of its own.
    pub(crate) fn start() -> Self {
        Self::with("1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n")
    }

    /// A furnished centre with these accounts in a folder of its own.
    pub(crate) fn with(csv: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        furnish(folder.path(), csv);
        let mut centre = Self::on(folder.path());
        centre._folder = Some(folder);
        centre
    }

    /// A centre on a folder that outlives it.
    pub(crate) fn on(data: &Path) -> Self {
        Self::run(data, &[])
    }

    /// The same with more options.
    pub(crate) fn run(data: &Path, more: &[&str]) -> Self {
        Self::spawn(data, command(&[]).args(more))
    }

    /// The same, with all that it has to say in a file.
    pub(crate) fn logging(data: &Path, log: &Path) -> Self {
        let file = std::fs::File::create(log).unwrap();
        Self::spawn(data, command(&[]).env("CENTRE_LOG", "trace").stderr(file))
    }

    /// The same by this command.
    pub(crate) fn spawn(data: &Path, command: &mut Command) -> Self {
        let mut process = command
            .args(["--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the centre starts");
        let said = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let ready = said.lines().map_while(Result::ok).find(|line| line.starts_with("ready "));
        let ready = ready.expect("the centre says that it is ready");
        let field = |name: &str| {
            let (_, rest) = ready.split_once(name).unwrap();
            rest.split(['/', ' ']).next().unwrap().parse().unwrap()
        };
        let (http, dc09) = (field("http=http://"), field("dc09="));
        Self { data: data.to_owned(), process, dc09, http, _folder: None }
    }

    /// A panel's connection.
    pub(crate) fn line(&self) -> Line {
        Line::connect(self.dc09)
    }

    /// A browser that nobody has signed in with.
    pub(crate) fn web(&self) -> Web {
        Web::new(self.http)
    }

    /// Somebody at the desk.
    pub(crate) fn operator(&self, login: &str) -> Web {
        let mut web = self.web();
        web.sign_in(login, PASSWORD);
        web
    }

    /// Every signal with what became of it, once there are `count` and the desk has disposed of them all.
    pub(crate) fn signals(&self, count: usize) -> Vec<SignalRow> {
        let reader = Reader::open(&self.data).expect("the store can be read while the centre runs");
        until("all signals are disposed of", || {
            let rows = reader.log_rows(1..u64::MAX).unwrap();
            let done = rows.iter().all(|row| !matches!(row.disposition, None | Some(Fate::Pending)));
            (rows.len() >= count && done).then_some(rows)
        })
    }

    /// The open incidents, once there are `count`.
    pub(crate) fn queue(&self, web: &mut Web, count: usize) -> Vec<Value> {
        until_found(&format!("the queue holds {count}"), || {
            let mut queue = web.get("/api/queue").json();
            let Value::Array(rows) = queue["rows"].take() else { panic!("{queue}") };
            if rows.len() == count { Ok(rows) } else { Err(rows) }
        })
    }

    /// Reports `content`, such as `1130 01 005`, as the panel of `account`; it is acknowledged.
    pub(crate) fn reports(&self, account: &str, content: &str) {
        assert_eq!(self.line().report(account, content), "ACK");
    }

    /// Reports a burglary of `account` in `zone`; gives the number of its incident.
    pub(crate) fn burglary(&self, web: &mut Web, account: &str, zone: u16) -> u64 {
        self.reports(account, &format!("1130 01 {zone:03}"));
        until("the incident is open", || {
            let queue = web.get("/api/queue").json();
            let row = queue["rows"].as_array().unwrap().iter().find(|row| row["account"] == account).cloned();
            row.and_then(|row| row["incident"].as_u64())
        })
    }

    /// As a crash does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// As whoever stops a service does.
    pub(crate) fn terminate(mut self) -> ExitStatus {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.process.wait().unwrap()
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks again until there is an answer.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    until_found(what, || ask().ok_or("nothing of it"))
}

/// The same; where there is none in time, it says what was found last.
pub(crate) fn until_found<T, E: Debug>(what: &str, mut ask: impl FnMut() -> Result<T, E>) -> T {
    let started = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(found) => assert!(started.elapsed() < PATIENCE, "waited in vain until {what}; found {found:?}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Gives the account its owner as contact 1, with a codeword and a duress codeword.
pub(crate) fn give_codewords(folder: &Path, account: &str) {
    let mut store = Store::open(folder).unwrap();
    let account: AccountNumber = account.parse().unwrap();
    let mut card = store.account(account).unwrap().unwrap();
    card.contacts.push(Contact {
        id: ContactId::new(1),
        name: "Wang".into(),
        phone: "1".into(),
        phones: Vec::new(),
        available: None,
        not_before: None,
        role: "owner".into(),
        closes_late: false,
        codeword: Some(Codeword::new("Blue Heron", [7; 16])),
        duress: Some(Codeword::new("grey heron", [8; 16])),
    });
    let change = Change { by: None, at: Default::default(), origin: "test".into(), reason: "test".into() };
    store.put_account(&card, &change).unwrap();
}
