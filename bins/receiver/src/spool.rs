//! The stored signals as JSON lines: read back from the spool, so that a slow reader never holds an acknowledgement up.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use alarmcore::SignalId;
use opsmodel::store::{LoggedSignal, SignalReader, StoreError};
use serde::Serialize;

/// Signals read at once.
const PAGE: usize = 512;

/// What is stored within this time is printed together.
const GATHER: Duration = Duration::from_millis(10);

/// Why the printing ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrintError {
    #[error("the spool cannot be read: {0}")]
    Spool(#[from] StoreError),
    #[error("standard output is closed: {0}")]
    Output(#[from] io::Error),
}

/// One line of output. Spelt as `report events` spells the same signal.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: SignalId,
    received_at: String,
    line: &'a str,
    peer: &'a str,
    answer: &'static str,
    account: Option<&'a str>,
    token: &'a str,
    sequence: Option<u16>,
    part: u16,
    parts: u16,
    marks: Vec<&'static str>,
    code: Option<String>,
    qualifier: Option<u8>,
    group: Option<String>,
    number: Option<String>,
    address: Option<&'a str>,
    user: Option<u32>,
    peripheral: Option<u32>,
    device_time: Option<&'a str>,
    text: Option<&'a str>,
    raw_hex: String,
}

/// Prints the signals after `id`, and whenever `stored` says so those that were added; ends when `stored` does.
pub(crate) fn print(
    dir: &Path,
    mut id: SignalId,
    stored: &Receiver<()>,
    out: impl Write,
) -> Result<SignalId, PrintError> {
    let reader = SignalReader::open(dir)?;
    let mut out = BufWriter::with_capacity(64 * 1024, out);
    let mut raw = Vec::new();
    let mut more = true;
    while more {
        // What was stored before the end is printed before the end.
        more = stored.recv().is_ok();
        loop {
            let page = reader.after(id, PAGE)?;
            for logged in &page {
                // The frame is kept with its first event, and printed with each.
                if logged.received.report.part == 0 {
                    raw.clone_from(&logged.raw);
                }
                write_line(&mut out, logged, &raw)?;
                id = logged.received.id;
            }
            if page.len() < PAGE {
                break;
            }
        }
        out.flush()?;
        // Reading a few at a time would cost the commits more than the lines are worth.
        if more {
            thread::sleep(GATHER);
        }
    }
    Ok(id)
}

fn write_line(out: &mut impl Write, logged: &LoggedSignal, raw: &[u8]) -> io::Result<()> {
    let report = &logged.received.report;
    let signal = report.signal.as_ref();
    let line = Line {
        id: logged.received.id,
        received_at: report.received_at.to_string(),
        line: &report.line,
        peer: &logged.peer,
        answer: logged.answer.word(),
        account: report.account.as_ref().map(|account| account.as_str()),
        token: &report.token,
        sequence: report.sequence,
        part: report.part,
        parts: report.parts,
        marks: report.marks.words().collect(),
        code: signal.map(|signal| signal.code.to_string()),
        qualifier: signal.map(|signal| signal.qualifier.digit()),
        group: signal.map(|signal| signal.group_text()),
        number: signal.map(|signal| signal.number_text()),
        address: signal.and_then(|signal| signal.address.as_deref()),
        user: signal.and_then(|signal| signal.user),
        peripheral: signal.and_then(|signal| signal.peripheral),
        device_time: signal.and_then(|signal| signal.device_time.as_deref()),
        text: signal.and_then(|signal| signal.text.as_deref()),
        raw_hex: hex(raw),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
