//! What every page and every call has at hand: `App`, cheap to clone.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use alarmcore::{Deviation, Pack, PackScope, Policy, Report, SignalId, Timestamp};
use axum::http::StatusCode;
use contactid::AccountNumber;
use opsmodel::store::query::{AccountSheet, Forecast, Handling, HandlingWindow, Kept, Reader};
use opsmodel::store::{Answer, NewSignal, StoreError};
use receiver::{Gate, Intake, LastSeen};
use tokio::sync::Semaphore;

use crate::auth::{Session, Sessions, Throttle};
use crate::cards::Cards;
use crate::desk::{DeskHandle, now};
use crate::handover::Shown;
use crate::live::Live;
use crate::operators;
use crate::outside::Ear;
use crate::presence::Seen;
use crate::problem::Problem;
use crate::self_watch::Board;

/// The shared state of the web side. Pages and calls read through [`App::query`] and change through [`App::desk`].
#[derive(Clone)]
pub struct App {
    /// The way to the one thread that decides and writes.
    pub desk: DeskHandle,
    /// Where the other ends of the ways out are heard.
    pub(crate) ear: Ear,
    /// What just happened, for pages that are open.
    pub live: Live,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// Who is at the desk.
    pub seen: Seen,
    /// How the parts of the centre are.
    pub(crate) board: Board,
    /// Who guesses passwords.
    pub throttle: Arc<Throttle>,
    /// Held while a change of shift is signed.
    pub(crate) signing: Arc<tokio::sync::Mutex<()>>,
    /// The lists of a change of shift that people see.
    pub(crate) shown: Arc<Shown>,
    /// How this process was started.
    pub settings: Arc<Settings>,
    lines: Lines,
    readers: Arc<Readers>,
    handled: Arc<Mutex<HandlingWindow>>,
}

/// The side of the panels.
#[derive(Clone)]
pub(crate) struct Lines {
    /// What the receiver knows of accounts.
    pub(crate) cards: Arc<Cards>,
    /// When each was last heard.
    pub(crate) last_seen: Arc<LastSeen>,
    /// The signal log's only door. Pages do not hold it open: it ends before the desk does.
    pub(crate) intake: Weak<Intake>,
    /// Closed while the disk is full: nothing is acknowledged, and nothing is to be written that can wait.
    pub(crate) gate: Gate,
}

/// How this process was started, as far as pages and calls need to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder with the centre's two files.
    pub data: PathBuf,
    /// Where panels reach the receiver: the real port.
    pub dc09: std::net::SocketAddr,
    /// A TLS proxy stands in front: cookies are for https only.
    pub behind_https: bool,
    /// The rules in force: what pages offer and how clocks age follows from them.
    pub policy: Policy,
    /// The rule packs that lie under them.
    pub packs: Vec<Pack>,
    /// Where the rules differ from what the packs set.
    pub deviations: Vec<Deviation>,
    /// The password of the three demo operators, shown on the log-in page of a demo.
    pub demo_password: Option<&'static str>,
    /// Who they are.
    pub demo_logins: &'static str,
}

/// So many failures of a clause are listed, unless all are asked for.
pub(crate) const FAILURES_LISTED: usize = 20;

impl Settings {
    /// A rule pack in force, or one that is built in.
    ///
    /// # Errors
    /// 404 lists those there are.
    pub(crate) fn pack(&self, name: &str) -> Result<Pack, Problem> {
        if let Some(pack) = self.packs.iter().find(|pack| pack.id == name) {
            return Ok(pack.clone());
        }
        let built_in = Pack::built_in(name).and_then(|text| Pack::from_toml(text).ok());
        built_in.ok_or_else(|| {
            let names = self.pack_names().join(", ");
            let (title, title_zh) = (format!("there is no such pack: {names}"), format!("没有该规则包;现有:{names}"));
            Problem::new(StatusCode::NOT_FOUND, "not-found", title, title_zh)
        })
    }

    /// The names of the overrides that name this pack, where it is not in force for the whole centre.
    pub(crate) fn whose(&self, pack: &Pack) -> Vec<String> {
        match self.policy.scope_of(&pack.id) {
            PackScope::Some(some) => some.iter().map(|one| one.name().to_string()).collect(),
            PackScope::Everybody | PackScope::Nobody => Vec::new(),
        }
    }

    /// The packs in force, then the others that are built in.
    pub(crate) fn pack_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.packs.iter().map(|pack| pack.id.as_str()).collect();
        let others = Pack::BUILT_IN.iter().map(|(name, _)| *name).filter(|name| !names.contains(name));
        names.extend(others.collect::<Vec<_>>());
        names
    }
}

impl App {
    /// Puts the parts together; nothing is opened yet.
    pub(crate) fn new(
        desk: DeskHandle,
        ear: Ear,
        live: Live,
        seen: Seen,
        board: Board,
        lines: Lines,
        settings: Settings,
    ) -> Self {
        let readers = Arc::new(Readers::new(&settings.data));
        Self {
            desk,
            ear,
            live,
            sessions: Arc::default(),
            seen,
            board,
            throttle: Arc::default(),
            signing: Arc::default(),
            shown: Arc::default(),
            settings: Arc::new(settings),
            lines,
            readers,
            handled: Arc::default(),
        }
    }

    /// The rules that hold for an account now: the centre's, or those of its overrides.
    pub(crate) fn rules_of(&self, sheet: Option<&AccountSheet>, now: Timestamp) -> Cow<'_, Policy> {
        let own = |sheet: &AccountSheet| self.settings.policy.of(&sheet.desk_card(), now);
        sheet.map_or(Cow::Borrowed(&self.settings.policy), own)
    }

    /// How long incidents were in hand and units were out over the last [`Handling::DAYS`]: what pages predict by, and nobody decides by.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub(crate) async fn measured(&self) -> Result<Arc<Handling>, Problem> {
        let handled = Arc::clone(&self.handled);
        let measured =
            move |reader: &Reader| handled.lock().unwrap_or_else(PoisonError::into_inner).measured(reader, now());
        self.query(measured).await
    }

    /// How long those at the desk need for what is open now.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub(crate) async fn forecast(&self) -> Result<Forecast, Problem> {
        let (measured, people) = (self.measured().await?, operators::at_the_desk(self).await?);
        self.query(move |reader| reader.forecast(&measured, people, now())).await
    }

    /// Whether a key is set for this account. The key itself never leaves the receiver.
    pub fn has_key(&self, account: AccountNumber) -> bool {
        self.lines.cards.directory.load().key(account).is_some()
    }

    /// When this account's line was last heard, heartbeats included; `None` since the start of the process.
    pub fn last_seen(&self, account: AccountNumber) -> Option<Timestamp> {
        self.lines.last_seen.get(account)
    }

    /// Whether signals are stored and acknowledged: not while the disk is full.
    pub(crate) fn takes_in(&self) -> bool {
        self.lines.gate.is_open()
    }

    /// Puts what a person reports into the signal log: from there it goes the way of every signal.
    ///
    /// # Errors
    /// 503 when it cannot be stored.
    pub(crate) async fn report(&self, report: Report, peer: String) -> Result<SignalId, Problem> {
        let signal = NewSignal { report, peer, answer: Answer::None, raw: Vec::new() };
        let intake = self.lines.intake.upgrade().ok_or_else(Problem::unavailable)?;
        intake.report_numbered(signal).await.ok_or_else(Problem::unavailable)
    }

    /// The same until it is stored, however long that takes: what is lost only with this process.
    pub(crate) async fn report_surely(self, report: Report, peer: String) {
        while self.report(report.clone(), peer.clone()).await.is_err() {
            tokio::time::sleep(STORED_AGAIN).await;
        }
    }

    /// Asks the store: `question` runs on a read-only connection, away from the async threads. No question waits for
    /// a writer, and none delays one.
    ///
    /// # Errors
    /// 503 when the store does not answer; the cause goes to the log.
    pub async fn query<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let readers = Arc::clone(&self.readers);
        let _turn = self.readers.turns.acquire().await.map_err(|_| Problem::unavailable())?;
        let answer = tokio::task::spawn_blocking(move || readers.ask(question)).await;
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::error!(%error, "the store did not answer a query");
                Err(Problem::unavailable())
            }
            Err(error) => {
                tracing::error!(%error, "a query broke off");
                Err(Problem::unavailable())
            }
        }
    }
}

/// How long after a failure of the store a report that must not be lost is handed to it again.
const STORED_AGAIN: Duration = Duration::from_millis(500);

impl App {
    /// The same, with what is kept from whoever asks.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub(crate) async fn query_for<T: Send + 'static>(
        &self,
        session: &Session,
        question: impl FnOnce(&Reader, &Kept) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let operator = session.operator;
        self.query(move |reader| question(reader, &reader.kept_from(operator)?)).await
    }
}

/// Queries that run at once: more would only wait for the same cores.
const READERS_MAX: usize = 4;

/// Read-only connections, opened when first needed and kept.
struct Readers {
    dir: PathBuf,
    idle: Mutex<Vec<Reader>>,
    turns: Semaphore,
}

impl Readers {
    fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), idle: Mutex::default(), turns: Semaphore::new(READERS_MAX) }
    }

    fn ask<T>(&self, question: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&self.dir)?,
        };
        // After an error the connection is dropped: the next question opens a fresh one.
        let answer = question(&reader)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        Ok(answer)
    }
}
