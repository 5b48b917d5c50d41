//! `report what-if`: what a period would have been under another policy.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use alarmcore::{Counted, Decided, Differences, Figures, Missed, Pair, Plans, Policy, Rulebook, SignalId};
use opsmodel::store::query::{Compared, nearest_rank};
use serde::Serialize;

use super::{Period, open_desk};
use crate::output::{Column, Sheet, column};
use crate::progress::Progress;
use crate::stop::Stop;

/// One finding.
#[derive(Serialize)]
struct Row {
    finding: &'static str,
    what: String,
    old: String,
    new: String,
    /// How many signals, incidents or acts it is about, where `old` and `new` do not say that.
    count: Option<u64>,
    /// The first of the signals that it is about.
    examples: Vec<SignalId>,
}

const COLUMNS: &[Column<Row>] = &[
    column("finding", |row| row.finding.to_owned()),
    column("what", |row| row.what.clone()),
    column("old", |row| row.old.clone()),
    column("new", |row| row.new.clone()),
    column("count", |row| crate::output::text(&row.count)),
    column("examples", |row| row.examples.iter().map(SignalId::to_string).collect::<Vec<_>>().join(" ")),
];

/// The files that are compared.
pub(super) struct Files<'a> {
    pub(super) new: &'a Path,
    pub(super) old: Option<&'a Path>,
    /// The action plans of both.
    pub(super) plans: Option<&'a Path>,
}

pub(super) fn answer(period: &Period<'_>, files: &Files<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let Files { new, old, plans } = *files;
    let given = old.map(read).transpose()?;
    let new = read(new)?;
    let reader = open_desk(&period.asked.store.data)?;
    let (old, origin) = match given {
        Some(given) => (given, "version (old: --old)"),
        None => match reader.policy_at(period.from)? {
            Some(in_force) => (in_force, "version (old: in force then)"),
            None => (Policy::default(), "version (old: built-in default)"),
        },
    };
    let packs = [&old, &new].map(|policy| policy.packs.join(" "));
    let mut policies = (old, new);
    if let Some(file) = plans {
        let plans = Arc::new(read_plans(file)?);
        policies.0.plans = Arc::clone(&plans);
        policies.1.plans = plans;
    }
    let mut progress = Progress::new(reader.what_if_reads(period.from, period.to)?, "signals");
    let compared = reader.what_if((period.from, period.to), policies, &mut |signals| progress.advance(signals))?;
    drop(progress);
    let mut sheet = Sheet::new(period.asked.store.format, COLUMNS, out)?;
    for row in rows(&compared, origin, packs) {
        sheet.row(&row)?;
    }
    sheet.end()?;
    match compared.differences.hidden.len() {
        0 => Ok(()),
        hidden => {
            eprintln!("report: true events that would have been hidden: {hidden}");
            Err(Stop::Bad)
        }
    }
}

fn read(file: &Path) -> Result<Policy, Stop> {
    let fault = |fault: String| Stop::Policy(file.to_owned(), fault);
    let text = std::fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    let beside = |name: &str| {
        std::fs::read_to_string(file.parent().unwrap_or(Path::new("")).join(name)).map_err(|error| error.to_string())
    };
    Rulebook::read(&text, &beside).map(|book| book.policy).map_err(|error| fault(error.to_string()))
}

fn read_plans(file: &Path) -> Result<Plans, Stop> {
    let fault = |fault: String| Stop::Plans(file.to_owned(), fault);
    let text = std::fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    Plans::from_toml(&text).map_err(|error| fault(error.to_string()))
}

/// Every finding, the gravest first.
fn rows(compared: &Compared, origin: &str, [old_packs, new_packs]: [String; 2]) -> Vec<Row> {
    let found = &compared.differences;
    let mut rows = Vec::new();
    let mut say = |finding, what: &str, (old, new): (String, String), count, examples: &[SignalId]| {
        rows.push(Row { finding, what: what.to_owned(), old, new, count, examples: examples.to_vec() });
    };
    let none = || (String::new(), String::new());
    let of_all = (found.true_events.to_string(), (found.true_events - found.hidden.len() as u64).to_string());
    say("hidden", "true events shown", of_all, Some(found.hidden.len() as u64), &[]);
    for missed in &found.hidden {
        say("hidden", &event(missed), ("shown".into(), "never shown".into()), None, &first(missed));
    }
    for missed in &found.later {
        let later = format!("{} ms later", missed.later_ms.unwrap_or_default());
        say("later", &event(missed), ("shown".into(), later), None, &first(missed));
    }
    let versions = (found.old.policy.to_string(), found.new.policy.to_string());
    say("policy", origin, versions, None, &[]);
    if !(old_packs.is_empty() && new_packs.is_empty()) {
        say("policy", "packs", (old_packs, new_packs), None, &[]);
    }
    for (version, signals) in &compared.recorded {
        say("policy", "decided at the time", (version.to_string(), String::new()), Some(*signals), &[]);
    }
    say("recorded", &format!("signals from {} to {}", compared.from, compared.to), none(), Some(found.signals), &[]);
    say("recorded", "agree with the old policy", none(), Some(found.agree), &[]);
    for Pair { here, there, signals, examples } in &found.disagree {
        say("recorded", "disagree: recorded, replayed", (word(here), word(there)), Some(*signals), examples);
    }
    for Pair { here, there, signals, examples } in &found.changed {
        say("signal", "becomes", (word(here), word(there)), Some(*signals), examples);
    }
    incidents(found, &mut say);
    let mut both = |finding, what, number: fn(&Figures) -> u64| {
        let (old, new) = (number(&found.old), number(&found.new));
        say(finding, what, (old.to_string(), new.to_string()), None, &[]);
    };
    both("incident", "still open at the end", |figures| figures.open);
    both("dispatch", "units asked", |figures| figures.dispatches);
    both("dispatch", "hand-offs", |figures| figures.hand_offs);
    both("first-act", "incidents", |figures| figures.first_acts_ms.len() as u64);
    for (what, per_mille) in [("p50 ms", 500), ("p95 ms", 950)] {
        let rank = |figures: &Figures| crate::output::text(&nearest_rank(&figures.first_acts_ms, per_mille));
        say("first-act", what, (rank(&found.old), rank(&found.new)), None, &[]);
    }
    let mut both = |what, number: fn(&Figures) -> u64| {
        say("act", what, (number(&found.old).to_string(), number(&found.new).to_string()), None, &[]);
    };
    both("done", |figures| figures.acts);
    both("refused", |figures| figures.refused);
    both("dropped: no such incident", |figures| figures.dropped);
    rows
}

fn incidents(
    found: &Differences,
    say: &mut impl FnMut(&'static str, &str, (String, String), Option<u64>, &[SignalId]),
) {
    say("incident", "opened", (found.old.opened.to_string(), found.new.opened.to_string()), None, &[]);
    say("incident", "opened by both", (String::new(), String::new()), Some(found.both), &[]);
    let yes_no = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    let counted: [(&str, (String, String), &Counted); 4] = [
        ("opened, not shown", yes_no("opened", "not shown"), &found.gone),
        ("opened, part of another", yes_no("opened", "part of another"), &found.merged),
        ("opened by the new one only", yes_no("", "opened"), &found.added),
        ("opened with another priority", yes_no("opened", "opened"), &found.reranked),
    ];
    for (what, sides, counted) in counted {
        say("incident", what, sides, Some(counted.incidents), &counted.examples);
    }
}

fn event(missed: &Missed) -> String {
    let account = missed.account.map(|account| format!(", account {account}")).unwrap_or_default();
    format!("incident {}, {}{account}", missed.incident, missed.kind)
}

fn first(missed: &Missed) -> Vec<SignalId> {
    missed.signal.into_iter().collect()
}

fn word(decided: &Decided) -> String {
    format!("{} {}", decided.outcome, decided.rule)
}
