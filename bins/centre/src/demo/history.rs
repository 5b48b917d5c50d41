//! The days before the demo: frames and acts of the past, led through the same log and the same desk as those of today.

use std::path::Path;

use alarmcore::{Command, Marks, OperatorId, Policy, Report, Timestamp};
use anyhow::{Context, anyhow, bail};
use contactid::{AccountNumber, Encoder, Frame, Strictness, Token};
use opsmodel::store::{Answer, LineCount, NewSignal, SignalLog};
use simulator::panel::dice::Dice;
use simulator::panel::event::Event;

use super::town::{Kind, Town};
use crate::desk::{Act, Seat};
use crate::outside::Outside;
use crate::presence::Seen;

/// How many days of openings and closings there are.
const DAYS: u32 = 3;
/// Nothing of the history is older than this.
pub(super) const REACHES_BACK_MS: i64 = (DAYS as i64 + 1) * 86_400_000;

enum Deed {
    /// The panel reported.
    Report(Event),
    /// An operator did something about the account's last incident.
    Act(OperatorId, Command),
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
    policy: &Policy,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut moments = cases(include_str!("../../demo/history.txt"), now)?;
    moments.extend(routine(town, now));
    moments.sort_by_key(|moment| moment.at);
    let mut seat = Seat::open(dir, policy, &Seen::default())?;
    for (number, Moment { at, account, deed }) in moments.into_iter().enumerate() {
        let acts = match deed {
            Deed::Report(event) => {
                let signal = signal(at, account, &event, number)?;
                let count = LineCount {
                    minute: at.millis().div_euclid(60_000),
                    line: signal.report.line.clone(),
                    received: 1,
                    acknowledged: 1,
                    supervised: 0,
                    refused: 0,
                    noise: 0,
                };
                // These panels were told long ago.
                let _ = log.append(&[signal], &[count])?;
                Vec::new()
            }
            Deed::Act(by, command) => {
                // A wait that was over by then has opened its incident.
                seat.turn(Vec::new(), Vec::new(), at)?;
                let incident = seat.open_incident(account).with_context(|| format!("{account} has no incident yet"))?;
                vec![Act::Incident { by, incident, command, second: None }]
            }
        };
        let turned = seat.turn(Vec::new(), acts, at)?;
        if let Some(Err(refused)) = turned.verdicts.into_iter().next() {
            bail!("the demo's history at {account}: {refused:?}");
        }
        // What was owed then is not rung now.
        while seat.perform(at, &Outside::default())?.is_some() {}
    }
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
                Deed::Act(by.parse().with_context(wrong)?, serde_json::from_str(command).with_context(wrong)?)
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
    let served = town.account.iter().filter(|row| row.kind != Kind::Unmanned);
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
        signal: read,
    };
    Ok(NewSignal { report, peer: "demo".into(), answer: Answer::Ack, raw })
}
