//! The days before the demo: frames and acts of the past, led through the same log and the same desk as those of today.

use std::path::Path;

use alarmcore::{
    ClipCommand, Command, FollowUpCommand, IncidentId, Marks, NewClip, OperatorId, Policy, Report, TestCommand,
    Timestamp,
};
use anyhow::{Context, anyhow, bail};
use contactid::{AccountNumber, Encoder, Frame, Strictness, Token};
use opsmodel::store::{Answer, LineCount, NewSignal, SignalLog, keep_clip};
use simulator::panel::dice::Dice;
use simulator::panel::event::Event;

use super::sound;
use super::town::{Kind, Town};
use crate::desk::{Act, Seat};
use crate::outside::{Config, Outside};
use crate::presence::Seen;

/// How many days of openings and closings there are.
const DAYS: u32 = 3;
/// Nothing of the history is older than this.
pub(super) const REACHES_BACK_MS: i64 = (DAYS as i64 + 1) * 86_400_000;

/// What was owed to the outside longer ago is not sent any more.
const STILL_SENT_MS: i64 = 30 * 60_000;

enum Deed {
    /// The panel reported.
    Report(Event),
    /// An operator did something.
    Act(OperatorId, What),
}

/// What an operator did.
enum What {
    /// About the account's last incident.
    Incident(Command),
    /// About the account's test.
    Test(TestCommand),
    /// About something for later.
    FollowUp(FollowUpCommand),
    /// Kept a recording of this name, which shows the first seconds of the case.
    Clip(String, Timestamp),
}

struct Moment {
    at: Timestamp,
    account: AccountNumber,
    deed: Deed,
}

/// Writes the history that ends at `now`.
pub(super) fn tell(
    dir: &Path,
    log: &mut SignalLog,
    town: &Town,
    (policy, outside): (&Policy, Config),
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut moments = cases(include_str!("../../demo/history.txt"), now)?;
    moments.extend(routine(town, now));
    moments.sort_by_key(|moment| moment.at);
    let (outside, people) = (Outside::new(outside, policy.clone()), Outside::default());
    let mut seat = Seat::open(dir, policy, &Seen::default(), Timestamp::default())?;
    // Reports up to the next act are one commit.
    let (mut signals, mut counts) = (Vec::new(), Vec::new());
    for (number, Moment { at, account, deed }) in moments.into_iter().enumerate() {
        let (by, what) = match deed {
            Deed::Report(event) => {
                let signal = signal(at, account, &event, number)?;
                counts.push(counted(&signal.report));
                signals.push(signal);
                continue;
            }
            Deed::Act(by, what) => (by, what),
        };
        store(log, &mut signals, &mut counts)?;
        // A wait that was over by then has opened its incident.
        seat.turn(Vec::new(), Vec::new(), at)?;
        let last = |seat: &Seat| seat.open_incident(account).with_context(|| format!("{account} has no incident yet"));
        let act = match what {
            What::Incident(command) => Act::Incident { by, incident: last(&seat)?, command, second: None },
            What::Test(command) => Act::Test { by, supervisor: false, account, command, second: None },
            What::FollowUp(command) => Act::FollowUp { by, follow_up: None, command },
            What::Clip(name, starts) => {
                let incident = last(&seat)?;
                keep(dir, &mut seat, incident, (at, by), name, starts)?;
                continue;
            }
        };
        let turned = seat.turn(Vec::new(), vec![act], at)?;
        if let Some(Err(refused)) = turned.verdicts.into_iter().next() {
            bail!("the demo's history at {account}: {refused:?}");
        }
        // What was owed then is not rung now.
        let ways = if now.millis() - at.millis() > STILL_SENT_MS { &people } else { &outside };
        while seat.perform(at, ways)?.rings() {}
    }
    store(log, &mut signals, &mut counts)?;
    seat.turn(Vec::new(), Vec::new(), now)?;
    while seat.perform(now, &outside)?.rings() {}
    Ok(())
}

/// Puts into the log what panels have reported since the last time.
fn store(log: &mut SignalLog, signals: &mut Vec<NewSignal>, counts: &mut Vec<LineCount>) -> anyhow::Result<()> {
    if !signals.is_empty() {
        // These panels were told long ago.
        let _ = log.append(signals, counts)?;
        signals.clear();
        counts.clear();
    }
    Ok(())
}

fn counted(report: &Report) -> LineCount {
    let minute = report.received_at.millis().div_euclid(60_000);
    let line = report.line.clone();
    LineCount { minute, line, received: 1, acknowledged: 1, supervised: 0, refused: 0, noise: 0 }
}

/// Keeps a recording of what the microphone of a site heard.
fn keep(
    dir: &Path,
    seat: &mut Seat,
    incident: IncidentId,
    (at, by): (Timestamp, OperatorId),
    name: String,
    starts: Timestamp,
) -> anyhow::Result<()> {
    let sound = sound::glass_breaks();
    let (sha256, bytes) = (keep_clip(dir, &sound)?, sound.len() as u64);
    let (starts, ends) = (Some(starts), Some(starts.plus_secs(sound::LASTS_S)));
    let clip = NewClip { media: "audio/wav".into(), sha256, bytes, starts, ends, name: Some(name) };
    let kept = seat.centre().clip_act(incident, (at, by), &ClipCommand::Add(clip))?;
    kept.map_err(|refused| anyhow!("the demo's history: {refused}"))?;
    Ok(())
}

/// What `history.txt` says.
fn cases(text: &str, now: Timestamp) -> anyhow::Result<Vec<Moment>> {
    let mut moments = Vec::new();
    let mut case: Option<(Timestamp, AccountNumber)> = None;
    for (place, line) in text.lines().enumerate() {
        let wrong = || anyhow!("history.txt, line {}: {line}", place + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(rest) = line.strip_prefix("case ") {
            let (minutes, account) = rest.split_once(' ').with_context(wrong)?;
            let began = now.millis() - minutes.parse::<i64>().with_context(wrong)? * 60_000;
            case = Some((Timestamp::from_millis(began), account.parse().with_context(wrong)?));
            continue;
        }
        let (began, account) = case.with_context(wrong)?;
        let (secs, rest) = line.strip_prefix('+').and_then(|line| line.split_once(' ')).with_context(wrong)?;
        let at = began.plus_secs(secs.parse().with_context(wrong)?);
        let deed = match rest.trim().strip_prefix('@') {
            Some(act) => {
                let (by, command) = act.split_once(' ').with_context(wrong)?;
                let by = by.parse().with_context(wrong)?;
                let what = match command.split_once(' ').with_context(wrong)? {
                    ("test", command) => What::Test(serde_json::from_str(command).with_context(wrong)?),
                    ("follow-up", command) => What::FollowUp(serde_json::from_str(command).with_context(wrong)?),
                    ("clip", name) => What::Clip(name.to_owned(), began),
                    _ => What::Incident(serde_json::from_str(command).with_context(wrong)?),
                };
                Deed::Act(by, what)
            }
            None => Deed::Report(rest.parse().with_context(wrong)?),
        };
        moments.push(Moment { at, account, deed });
    }
    Ok(moments)
}

/// Openings, closings and tests of the days before.
fn routine(town: &Town, now: Timestamp) -> Vec<Moment> {
    let mut dice = Dice::new(20_110_110);
    let mut moments = Vec::new();
    let served = town.account.iter().filter(|row| row.kind != Kind::Unmanned && !row.quiet);
    for (row, day) in served.flat_map(|row| (1..=DAYS).map(move |day| (row, day))) {
        let opened = now.millis() - i64::from(day) * 86_400_000 + i64::from(dice.between(0, 3600)) * 1000;
        let closed = opened + i64::from(dice.between(8 * 3600, 12 * 3600)) * 1000;
        let tested = opened - i64::from(dice.between(4 * 3600, 6 * 3600)) * 1000;
        let user = dice.between(1, 3);
        let typed = [(opened, format!("401 1 {user}")), (closed, format!("R401 1 {user}")), (tested, "602".to_owned())];
        moments.extend(typed.into_iter().filter_map(|(at, typed)| {
            let deed = Deed::Report(typed.parse().ok()?);
            Some(Moment { at: Timestamp::from_millis(at), account: row.account, deed })
        }));
    }
    moments
}

/// The row that the receiver would have stored.
fn signal(at: Timestamp, account: AccountNumber, event: &Event, number: usize) -> anyhow::Result<NewSignal> {
    let data = format!("#{account}|{}", event.content());
    let sequence = u16::try_from(number % 9999 + 1)?;
    let frame = Encoder {
        line: Some("0"),
        account: Some(account.as_str()),
        data: data.as_bytes(),
        ..Encoder::new(Token::new(event.token()), sequence)
    };
    let raw = frame.encode()?;
    let read = Frame::parse(&raw, Strictness::Tolerant)?.open(None)?.events()?.into_iter().next();
    let report = Report {
        received_at: at,
        line: "dc09-tcp".into(),
        account: Some(account),
        token: event.token().into(),
        sequence: Some(sequence),
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: 0,
        source: None,
        signal: read,
    };
    Ok(NewSignal { report, peer: "demo".into(), answer: Answer::Ack, raw })
}
