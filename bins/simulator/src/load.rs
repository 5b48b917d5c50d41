//! The load generator: many panels at once, each sending its next report when the last one is answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use contactid::Key;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::accounts::Accounts;
use crate::link::Transport;
use course::Course;
use latency::{Latencies, Percentiles};

mod course;
pub mod echo;
pub mod latency;
mod line;

/// The longest that the echo is measured before the target.
const BASELINE_MAX: Duration = Duration::from_secs(5);

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Contact ID in `ADM-CID`.
    Cid,
    /// SIA DC-03 in `SIA-DCS`.
    Sia,
}

/// What a run does.
#[derive(Clone, Debug)]
pub struct Load {
    /// The receiver.
    pub dc09: SocketAddr,
    /// TCP or UDP.
    pub transport: Transport,
    /// Who reports.
    pub accounts: Accounts,
    /// How many report at the same time. Each connection speaks for its share of the accounts in turn.
    pub connections: u32,
    /// How long.
    pub duration: Duration,
    /// Frames per second of all connections together; `None` for as many as are answered.
    pub rate: Option<f64>,
    /// The key of all accounts that encrypt.
    pub key: Option<Key>,
    /// The share of the accounts that encrypt, 0 to 1, when there is a key.
    pub encrypted_share: f64,
    /// What the frames carry.
    pub content: Content,
}

/// What came of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Frames sent.
    pub sent: u64,
    /// Frames acknowledged.
    pub acknowledged: u64,
    /// The same for each second.
    pub acknowledged_per_s: f64,
    /// From sending to the acknowledgement; with a rate, from the moment the frame was due.
    #[serde(flatten)]
    pub latency: Percentiles,
    /// Frames that got no answer in time (5 s on TCP, 1 s on UDP) or whose connection broke.
    pub lost: u64,
    /// Answers that match no frame that waits: a second answer, or one that came too late.
    pub duplicated: u64,
    /// Frames answered with NAK or DUH.
    pub refused: u64,
    /// Connections that broke, or could not be made, and were tried again.
    pub broken: u64,
}

/// What one device that sends too much does to the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Noise {
    /// The others while it is silent.
    pub alone: Figures,
    /// The others while it sends.
    pub beside: Figures,
    /// The device itself.
    pub device: Figures,
}

/// In so many turns each the others are measured alone and beside a noisy device: what else the machine does meets both.
const TURNS: u32 = 5;

/// What one connection counted.
#[derive(Debug, Default)]
struct Tally {
    sent: u64,
    acknowledged: u64,
    lost: u64,
    duplicated: u64,
    refused: u64,
    broken: u64,
    latencies: Latencies,
}

impl Load {
    /// Runs to the end.
    pub async fn run(&self) -> Figures {
        let start = Instant::now();
        self.tally().await.figures(start.elapsed())
    }

    /// Runs for the whole time without and for the whole time beside one device that sends `rate` frames a second, in turns.
    /// The device is the last of the accounts; the others are the rest.
    pub async fn run_beside(&self, rate: f64) -> Noise {
        let last = self.accounts.count().saturating_sub(1);
        let duration = self.duration / TURNS;
        let others = Self { accounts: self.accounts.part(0, last), duration, ..self.clone() };
        let device =
            Self { accounts: self.accounts.part(last, 1), connections: 1, rate: Some(rate), duration, ..self.clone() };
        let [mut alone, mut beside, mut noise] = [Tally::default(), Tally::default(), Tally::default()];
        for _ in 0..TURNS {
            alone.add(&others.tally().await);
            let (quiet, noisy) = tokio::join!(others.tally(), device.tally());
            beside.add(&quiet);
            noise.add(&noisy);
        }
        let figures = |tally: &Tally| tally.figures(self.duration);
        Noise { alone: figures(&alone), beside: figures(&beside), device: figures(&noise) }
    }

    async fn tally(&self) -> Tally {
        let start = Instant::now();
        let course = Arc::new(Course::new(self, start));
        let mut lines = JoinSet::new();
        for line in 0..self.connections {
            lines.spawn(line::run(course.clone(), line));
        }
        let mut sum = Tally::default();
        while let Some(tally) = lines.join_next().await {
            if let Ok(tally) = tally {
                sum.add(&tally);
            }
        }
        sum
    }

    /// Measures the bare echo of the same frames, for the same time but at most five seconds.
    ///
    /// # Errors
    /// When no port can be opened for it.
    pub async fn run_baseline(&self) -> io::Result<Figures> {
        let (dc09, _tasks) = echo::open().await?;
        let duration = self.duration.min(BASELINE_MAX);
        Ok(Self { dc09, duration, ..self.clone() }.run().await)
    }
}

impl Figures {
    /// Was everything acknowledged, once, at the first try?
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.acknowledged > 0 && self.lost + self.refused + self.duplicated + self.broken == 0
    }
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.refused += other.refused;
        self.broken += other.broken;
        self.latencies.merge(&other.latencies);
    }

    fn figures(&self, took: Duration) -> Figures {
        let seconds = took.as_secs_f64();
        Figures {
            seconds,
            sent: self.sent,
            acknowledged: self.acknowledged,
            acknowledged_per_s: self.acknowledged as f64 / seconds.max(f64::EPSILON),
            latency: self.latencies.percentiles(),
            lost: self.lost,
            duplicated: self.duplicated,
            refused: self.refused,
            broken: self.broken,
        }
    }
}
