//! The signal log (commit 1): every report as it came in, append-only, durable before anybody is answered.

mod reader;

use std::path::{Path, PathBuf};

use alarmcore::{Report, SignalId};
use rusqlite::{Connection, TransactionBehavior, params};

pub(super) use reader::{COLUMNS, logged};
pub use reader::{LoggedSignal, SignalReader};

use super::chain::{self, Field, Tail};
use super::{StoreError, connection, schema};

/// What the transmitter is told about the frame that a signal came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Acknowledged: it will not be sent again.
    Ack,
    /// Not accepted as it is, such as a stale clock: it will be sent again.
    Nak,
    /// Understood, and not for us.
    Duh,
    /// Nothing: there is nobody to tell, or the frame called for no answer.
    None,
}

impl Answer {
    /// The word in the column `answer`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ack => "ack",
            Self::Nak => "nak",
            Self::Duh => "duh",
            Self::None => "none",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Ack, Self::Nak, Self::Duh, Self::None].into_iter().find(|answer| answer.word() == word)
    }
}

/// A signal that is to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignal {
    /// What was received.
    pub report: Report,
    /// Who sent it, as the line names its peers: `192.0.2.7:40112`.
    pub peer: String,
    /// What the transmitter will be told once this is stored.
    pub answer: Answer,
    /// The frame as received. A frame with several events is kept with the first of them; the others have none.
    pub raw: Vec<u8>,
}

/// Proof that a signal is durable. Only a commit makes one: whoever holds it may acknowledge.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the transmitter waits for its answer"]
pub struct Stored {
    id: SignalId,
}

impl Stored {
    /// The signal's place in the log.
    pub const fn id(&self) -> SignalId {
        self.id
    }
}

/// What one line carried in (a part of) one minute; parts of the same minute add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCount {
    /// Minutes since the epoch.
    pub minute: i64,
    /// The line, such as `dc09-tcp`.
    pub line: String,
    /// Intact frames.
    pub received: u32,
    /// Of these: acknowledged, and their signals are in the log.
    pub acknowledged: u32,
    /// Of these: heartbeats, acknowledged and deliberately not in the log.
    pub supervised: u32,
    /// Of these: answered with a refusal, or not at all.
    pub refused: u32,
    /// Frames that were damaged, and stretches of bytes that were no frame.
    pub noise: u32,
}

/// The writing end of `signals.db`. One thread owns it and shares each commit among all who wait.
#[derive(Debug)]
pub struct SignalLog {
    dir: PathBuf,
    /// `None` after a failure: the next append opens the file anew and continues from what is really there.
    sql: Option<Connection>,
}

impl SignalLog {
    /// Opens the log in `dir`, and makes it (and the folder) where there is none.
    ///
    /// # Errors
    /// When the file cannot be made or opened, or is of a newer version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let mut sql = connection::open_writer(dir, &schema::SIGNALS)?;
        connection::reserve_log(&mut sql, dir, &schema::SIGNALS)?;
        Ok(Self { dir: dir.to_owned(), sql: Some(sql) })
    }

    /// Stores signals and counts in one durable transaction. The answer holds one proof per signal, in order.
    ///
    /// # Errors
    /// When it cannot be made durable, for example because the disk is full. Then nothing of it is stored, nobody may
    /// be acknowledged, and the same call can simply be made again later.
    pub fn append(&mut self, signals: &[NewSignal], counts: &[LineCount]) -> Result<Vec<Stored>, StoreError> {
        let mut sql = match self.sql.take() {
            Some(sql) => sql,
            None => connection::open_writer(&self.dir, &schema::SIGNALS)?,
        };
        let stored = store(&mut sql, signals, counts)?;
        self.sql = Some(sql);
        Ok(stored)
    }
}

fn store(sql: &mut Connection, signals: &[NewSignal], counts: &[LineCount]) -> Result<Vec<Stored>, StoreError> {
    let tx = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut stored = Vec::with_capacity(signals.len());
    if !signals.is_empty() {
        let mut tail = Tail::open(&tx, &chain::SIGNAL)?;
        for signal in signals {
            stored.push(Stored { id: SignalId::new(append_signal(&mut tail, signal)? as u64) });
        }
        tail.close()?;
    }
    for count in counts {
        add_count(&tx, count)?;
    }
    tx.commit()?;
    Ok(stored)
}

/// Binds one row in the order of [`chain::SIGNAL`].
fn append_signal(tail: &mut Tail<'_>, new: &NewSignal) -> rusqlite::Result<i64> {
    let NewSignal { report, peer, answer, raw } = new;
    let signal = report.signal.as_ref();
    let code = signal.map(|signal| signal.code.to_string());
    tail.append(&[
        Field::Int(report.received_at.millis()),
        Field::Text(&report.line),
        Field::Text(peer),
        Field::Text(answer.word()),
        Field::text(report.account.as_ref().map(|account| account.as_str())),
        Field::Text(&report.token),
        Field::int(report.sequence),
        Field::Int(report.part.into()),
        Field::Int(report.parts.into()),
        Field::Int(report.marks.bits().into()),
        Field::Int(report.content.cast_signed()),
        Field::text(code.as_deref()),
        Field::int(signal.map(|signal| signal.qualifier.digit())),
        Field::int(signal.and_then(|signal| signal.group)),
        Field::int(signal.and_then(|signal| signal.number)),
        Field::text(signal.and_then(|signal| signal.address.as_deref())),
        Field::int(signal.and_then(|signal| signal.user)),
        Field::int(signal.and_then(|signal| signal.peripheral)),
        Field::text(signal.and_then(|signal| signal.device_time.as_deref())),
        Field::text(signal.and_then(|signal| signal.text.as_deref())),
        Field::Blob(raw),
    ])
}

fn add_count(sql: &Connection, count: &LineCount) -> rusqlite::Result<()> {
    sql.prepare_cached(
        "INSERT INTO line_count (minute, line, received, acknowledged, supervised, refused, noise)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (minute, line) DO UPDATE SET
            received = line_count.received + excluded.received,
            acknowledged = line_count.acknowledged + excluded.acknowledged,
            supervised = line_count.supervised + excluded.supervised,
            refused = line_count.refused + excluded.refused,
            noise = line_count.noise + excluded.noise",
    )?
    .execute(params![
        count.minute,
        count.line,
        count.received,
        count.acknowledged,
        count.supervised,
        count.refused,
        count.noise
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alarmcore::{Marks, Timestamp};

    fn unread(n: i64) -> NewSignal {
        let report = Report {
            received_at: Timestamp::from_millis(n),
            line: "dc09-tcp".into(),
            account: None,
            token: "X".into(),
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::UNREAD,
            content: 0,
            source: None,
            signal: None,
        };
        NewSignal { report, peer: "192.0.2.7:9".into(), answer: Answer::Ack, raw: vec![b'x'; 1000] }
    }

    /// A quota is a property of a connection: the log opens a new one after a failure, and so finds room again.
    #[test]
    fn a_quota_that_is_reached_stores_nothing_and_the_log_goes_on_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = SignalLog::open(dir.path()).unwrap();
        let pages: i64 = log.sql.as_ref().unwrap().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        log.sql.as_ref().unwrap().pragma_update(None, "max_page_count", pages + 20).unwrap();
        let batch: Vec<_> = (0..7).map(unread).collect();
        let mut stored = Vec::new();
        let error = loop {
            match log.append(&batch, &[]) {
                Ok(proofs) => stored.extend(proofs),
                Err(error) => break error,
            }
        };
        assert!(error.is_full(), "{error}");
        assert!(stored.len() > 7, "the quota was reached at once");
        let ids: Vec<_> = stored.iter().map(|proof| proof.id().get()).collect();
        assert_eq!(ids, (1..=stored.len() as u64).collect::<Vec<_>>());
        assert_eq!(SignalReader::open(dir.path()).unwrap().last().unwrap(), stored[stored.len() - 1].id());
        let next = log.append(&batch, &[]).unwrap();
        assert_eq!(next[0].id().get(), stored.len() as u64 + 1);
        assert_eq!(crate::store::verify(dir.path()).unwrap().signals, stored.len() as u64 + 7);
    }
}
