//! A centre of our own, with the demo's town in a folder that goes away with it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use simulator::panel::{Panel, Setup};
use tempfile::TempDir;

/// A running centre. It ends with this value.
pub(crate) struct Centre {
    /// Where the console is: `http://127.0.0.1:41234`.
    pub(crate) address: String,
    dc09: SocketAddr,
    process: Child,
    _data: TempDir,
}

impl Centre {
    /// Starts one and waits until it is ready.
    pub(crate) fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_centre"))
            .args(["--demo", "--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data"])
            .arg(data.path().join("centre"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = lines.find_map(|line| line.ok().filter(|line| line.starts_with("ready"))).expect("it gets ready");
        let field = |name: &str| {
            let words = ready.split_whitespace().find_map(|word| word.strip_prefix(name));
            words.expect("the line of readiness names it").trim_end_matches('/').to_owned()
        };
        Self { address: field("http="), dc09: field("dc09=").parse().unwrap(), process, _data: data }
    }

    /// Reports `event` (`130 1 3`) as the panel of `account`, in the clear over TCP, and waits for the acknowledgement.
    pub(crate) fn report(&self, account: &str, event: &str) {
        let event = event.parse().unwrap();
        let mut panel = Panel::new(Setup::new(self.dc09, account));
        let sent = tokio::runtime::Runtime::new().unwrap().block_on(panel.send(&event));
        sent.unwrap();
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
