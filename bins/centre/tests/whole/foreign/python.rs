//! The Python interpreter that has the foreign packages, and what is said when there is none.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A script of `tests/python`, and the package that it drives.
pub(crate) struct Script {
    interpreter: String,
    path: String,
}

impl Script {
    /// `None`, said aloud, if the interpreter (`CENTRE_PYTHON`, else `python3`) lacks `package`.
    pub(crate) fn find(name: &str, package: &str) -> Option<Self> {
        let interpreter = std::env::var("CENTRE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let imported = Command::new(&interpreter)
            .args(["-c", &format!("import {package}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if imported.is_ok_and(|status| status.success()) {
            let path = format!("{}/tests/python/{name}.py", env!("CARGO_MANIFEST_DIR"));
            return Some(Self { interpreter, path });
        }
        crate::skip(&format!("package {package} of {interpreter}"));
        None
    }

    /// Runs the script over these lines of JSON; its answers.
    pub(crate) fn run(&self, orders: &[Value]) -> Vec<Value> {
        let mut script = Command::new(&self.interpreter)
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.interpreter));
        let mut input = script.stdin.take().expect("standard input is piped");
        let lines: String = orders.iter().map(|order| format!("{order}\n")).collect();
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
        let output = script.wait_with_output().expect("the script was started");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {}\n{complaint}", self.path, output.status);
        writer.join().expect("the writer does not panic").expect("the script reads its orders");
        let text = String::from_utf8(output.stdout).expect("the script writes UTF-8");
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
    }
}
