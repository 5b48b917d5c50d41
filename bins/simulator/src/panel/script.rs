//! A script for a panel: one line for each thing it does, with the time since the start.

use std::time::Duration;

use super::event::{Event, EventError};
use super::{Delivery, Panel, PanelError};

/// What a panel does at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Reports an event.
    Report(Event),
    /// Reports that it is alive.
    Heartbeat,
}

/// Acts in the order of their times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Each act with its time since the start.
    pub acts: Vec<(Duration, Act)>,
}

/// A line of a script that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ScriptError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: ScriptProblem,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptProblem {
    /// It does not begin with a time.
    #[error("{0:?} is no time; write the seconds since the start (12.5) or since the line before (+3)")]
    Time(String),
    /// It is earlier than the line before.
    #[error("the time is before that of the line above; put the lines in order")]
    Order,
    /// The rest is no event.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl Script {
    /// Reads a script: `SECONDS EVENT` or `+SECONDS EVENT` on each line, where the event may be `heartbeat`. Empty lines and
    /// what follows a `;` are passed over.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut acts = Vec::new();
        let mut now = Duration::ZERO;
        for (place, line) in text.lines().enumerate() {
            let line = line.split(';').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            let (at, act) = parse_line(line, now).map_err(|problem| ScriptError { line: place + 1, problem })?;
            now = at;
            acts.push((at, act));
        }
        Ok(Self { acts })
    }

    /// Lets a panel act it, `pace` times faster than it is written, and tells `hear` what came of each act.
    pub async fn play(&self, panel: &mut Panel, pace: f64, mut hear: impl FnMut(&Act, &Result<Delivery, PanelError>)) {
        let start = tokio::time::Instant::now();
        for (at, act) in &self.acts {
            tokio::time::sleep_until(start + at.div_f64(pace)).await;
            let delivery = match act {
                Act::Report(event) => panel.send(event).await,
                Act::Heartbeat => panel.heartbeat().await,
            };
            hear(act, &delivery);
        }
    }
}

/// One act as it is typed.
///
/// # Errors
/// When it is no event and not `heartbeat`.
pub fn parse_act(text: &str) -> Result<Act, EventError> {
    match text.trim() {
        "heartbeat" => Ok(Act::Heartbeat),
        event => event.parse().map(Act::Report),
    }
}

fn parse_line(line: &str, before: Duration) -> Result<(Duration, Act), ScriptProblem> {
    let (time, act) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let seconds = |text: &str| {
        let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.ok_or_else(|| ScriptProblem::Time(time.to_owned()))
    };
    let at = match time.strip_prefix('+') {
        Some(later) => before + seconds(later)?,
        None => seconds(time)?,
    };
    if at < before {
        return Err(ScriptProblem::Order);
    }
    Ok((at, parse_act(act)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_line_by_line() {
        let script = Script::parse("0 R401 1 2 ; arms\n\n+1.5 130 1 5\n; nothing\n10 heartbeat\n");
        let event = |typed: &str| Act::Report(typed.parse().unwrap());
        let acts = vec![
            (Duration::ZERO, event("R401 1 2")),
            (Duration::from_millis(1500), event("130 1 5")),
            (Duration::from_secs(10), Act::Heartbeat),
        ];
        assert_eq!(script, Ok(Script { acts }));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let refused = |text| Script::parse(text).unwrap_err();
        assert_eq!(
            refused("0 130\nsoon 130"),
            ScriptError { line: 2, problem: ScriptProblem::Time("soon".to_owned()) }
        );
        assert_eq!(refused("-1 130"), ScriptError { line: 1, problem: ScriptProblem::Time("-1".to_owned()) });
        assert_eq!(refused("5 130\n4 130"), ScriptError { line: 2, problem: ScriptProblem::Order });
        assert_eq!(
            refused("0 fire"),
            ScriptError { line: 1, problem: ScriptProblem::Event(EventError::Code("fire".to_owned())) }
        );
    }
}
