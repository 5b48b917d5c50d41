//! The centre watches itself. What fails, and what works again, goes the way of every signal: stored first, then disposed of by the
//! desk. And because the desk may be what fails, it also stands in the log, at `/api/health`, and on every page.

mod aside;
mod backups;
mod board;
mod certificates;
mod desk;
mod machine;
mod reception;
mod records;
mod watch;
mod ways;
mod x509;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use alarmcore::{Kind, Part, SelfWatchLimits};
use contactid::Qualifier;
use opsmodel::store::StoreError;
use opsmodel::store::query::Reader;
use opsmodel::store::{Answer, NewSignal};
use receiver::{Intake, Refusals};

use crate::desk::{DeskHandle, now};
use crate::guests::Places;
use crate::live::{Change, Live};
use crate::outside::Outside;
use crate::room::Room;

pub(crate) use board::{Board, Standing};
use watch::{Finding, Watch};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long one look, or the storing of what it found, may take before the next one is due all the same.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is watched, and by which numbers.
pub(crate) struct Watched {
    pub(crate) limits: SelfWatchLimits,
    pub(crate) data: PathBuf,
    /// Where the copies of its files are put.
    pub(crate) backups: Option<PathBuf>,
    /// Certificates that others show for it.
    pub(crate) certificates: Vec<PathBuf>,
    pub(crate) outside: Outside,
    pub(crate) desk: DeskHandle,
    pub(crate) room: Room,
    /// Of connections to the console.
    pub(crate) places: Places,
    /// Panels that have no place.
    pub(crate) refusals: Refusals,
}

/// Looks until the task is dropped.
pub(crate) async fn watch(watched: Watched, board: Board, live: Live, intake: Arc<Intake>) {
    let mut watch = Watch::new(standing(&watched.data).unwrap_or_default());
    let mut eyes = Eyes::new(watched, watch.is_told(Part::Way));
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let findings = eyes.look().await;
        let at = now();
        // Before it is stored: a disk that takes nothing, or a desk that stands, hides nothing.
        if board.show(&findings, at) {
            live.publish(Change::default());
        }
        for (report, finding) in watch.edges(&findings, at) {
            let signal = NewSignal { report, peer: "centre".into(), answer: Answer::None, raw: Vec::new() };
            // A disk that is full stores nothing: the next look finds the same.
            if !matches!(tokio::time::timeout(PATIENCE, intake.report(signal)).await, Ok(true)) {
                break;
            }
            if let Some(finding) = finding {
                watch.told(finding);
            }
        }
    }
}

/// The parts of which a fault was said before this start and no end, in an incident that is still open.
fn standing(data: &Path) -> Result<Vec<Part>, StoreError> {
    let reader = Reader::open(data)?;
    let mut standing = Vec::new();
    for row in reader.queue()?.rows.iter().filter(|row| row.kind == Kind::Centre) {
        let Some(page) = reader.incident(row.incident)? else { continue };
        for signal in &page.signals {
            let code = signal.code.as_deref().and_then(|code| code.parse().ok());
            let Some(part) = code.and_then(|code| Part::of(&code)) else { continue };
            standing.retain(|stands| *stands != part);
            if signal.qualifier == Some(Qualifier::New.digit()) {
                standing.push(part);
            }
        }
    }
    Ok(standing)
}

/// All that looks.
struct Eyes {
    limits: SelfWatchLimits,
    data: PathBuf,
    machine: machine::Machine,
    desk: desk::Watchdog,
    ways: ways::Ways,
    backups: Option<backups::Backups>,
    certificates: certificates::Certificates,
    reception: reception::Reception,
    records: records::Records,
}

impl Eyes {
    fn new(watched: Watched, doubts_ways: bool) -> Self {
        let Watched { limits, data, backups, certificates, outside, desk, room, places, refusals } = watched;
        Self {
            limits,
            machine: machine::Machine::new(&data, room),
            desk: desk::Watchdog::new(desk, places),
            backups: backups.map(backups::Backups::new),
            certificates: certificates::Certificates::new(certificates, &outside),
            ways: ways::Ways::new(outside, doubts_ways),
            reception: reception::Reception::new(refusals),
            records: records::Records::new(data.clone()),
            data,
        }
    }

    /// What is found now of every part that can be told of.
    async fn look(&mut self) -> Vec<Finding> {
        let (limits, data, ways) = (self.limits, self.data.clone(), self.ways.names());
        // A disk that hangs holds up this question, and not the answer to whether the desk goes on.
        let store = tokio::task::spawn_blocking(move || {
            let reader = Reader::open(&data)?;
            let mut owed = HashMap::new();
            for way in ways {
                let oldest = reader.outgoing(&way, 1)?.pop();
                owed.extend(oldest.map(|oldest| (way, oldest.at)));
            }
            Ok::<_, StoreError>((reader.undecided_since()?, owed))
        });
        let store = match tokio::time::timeout(PATIENCE, store).await {
            Ok(Ok(Ok(store))) => Some(store),
            _ => None,
        };
        let (undecided_since, owed) = store.unzip();
        let mut findings: Vec<Finding> = self.machine.look(&limits).into();
        findings.extend(self.desk.look(&limits, undecided_since.flatten(), now()));
        findings.extend(owed.and_then(|owed| self.ways.look(&limits, &owed, now())));
        findings.extend(self.backups.as_mut().and_then(|backups| backups.look(&limits, now())));
        findings.extend(self.certificates.look(&limits, now()));
        findings.push(self.reception.look());
        findings.extend(self.records.look(&limits));
        findings
    }
}
