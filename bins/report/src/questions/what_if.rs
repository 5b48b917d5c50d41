//! `report what-if`: what a period would have been under another policy.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use alarmcore::{
    AccountNumber, Aspect, Decided, Differences, Differing, Figures, IncidentId, Kind, Lang, MadeAnew, Missed,
    NotReplayed, Pair, Plans, Policy, Rulebook, Shown, SignalId,
};
use opsmodel::store::query::{Compared, nearest_rank};
use serde::Serialize;

use super::{Period, open_desk};
use crate::output::{Column, Format, Sheet, column, detail};
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
    /// The recorded number of the incident that it is about; what that was opened for, and its account.
    incident: Option<IncidentId>,
    kind: Option<Kind>,
    account: Option<AccountNumber>,
    /// What differs about it.
    aspect: Option<Aspect>,
}

const COLUMNS: &[Column<Row>] = &[
    column("finding", |row| row.finding.to_owned()),
    column("what", |row| row.what.clone()),
    column("old", |row| row.old.clone()),
    column("new", |row| row.new.clone()),
    column("count", |row| crate::output::text(&row.count)),
    column("examples", |row| row.examples.iter().map(SignalId::to_string).collect::<Vec<_>>().join(" ")),
    detail("incident", |row| crate::output::text(&row.incident)),
    detail("kind", |row| crate::output::text(&row.kind)),
    detail("account", |row| crate::output::text(&row.account)),
    detail("aspect", |row| crate::output::text(&row.aspect)),
];

/// So many signals are named where many are counted.
const EXAMPLES: usize = 5;

/// Of so many incidents the table says what differs, in so many letters a side; JSON and CSV say it of all, and whole.
const IN_TABLE: usize = 20;
const LETTERS: usize = 40;

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
    let packs = [&old, &new].map(packs);
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
    for row in rows(&compared, origin, packs, period.asked.store.format) {
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

/// The rule packs of a policy: those of the whole centre, then those of overrides.
fn packs(policy: &Policy) -> String {
    let some = policy.overrides.iter().filter(|one| !one.changes.packs.is_empty());
    let some = some.map(|one| format!("{} ({})", one.changes.packs.join(" "), one.name()));
    policy.packs.iter().cloned().chain(some).collect::<Vec<_>>().join(" ")
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
fn rows(compared: &Compared, origin: &str, packs: [String; 2], format: Format) -> Vec<Row> {
    let found = &compared.differences;
    let mut rows = truth(found);
    rows.extend(policies(compared, origin, packs));
    let here_there = |what: &str, finding, pair: &Pair| {
        let row = Row::of(finding, what, [word(&pair.here), word(&pair.there)]);
        Row { examples: pair.examples.clone(), ..row.counted(pair.signals) }
    };
    rows.extend(found.disagree.iter().map(|pair| here_there("disagree: recorded, replayed", "recorded", pair)));
    rows.extend(found.changed.iter().map(|pair| here_there("becomes", "signal", pair)));
    rows.extend(counts(found));
    rows.extend(figures(found));
    rows.extend(differs(compared, format));
    rows
}

/// What people found real, and would have been shown later or not at all.
fn truth(found: &Differences) -> Vec<Row> {
    let hidden = found.hidden.len() as u64;
    let waiting = found.waiting.len() as u64;
    let of_all = [found.true_events, found.true_events - hidden - waiting].map(|shown| shown.to_string());
    let mut rows = vec![Row::of("hidden", "true events shown", of_all).counted(hidden)];
    let missed = |finding, missed: &Missed, there: String| Row {
        examples: missed.signal.into_iter().collect(),
        ..Row::of(finding, "", ["shown".to_owned(), there]).about(Some(missed.incident), missed.kind, missed.account)
    };
    rows.extend(found.hidden.iter().map(|one| missed("hidden", one, "never shown".to_owned())));
    rows.extend(found.waiting.iter().map(|one| missed("waiting", one, "still waits at the end".to_owned())));
    rows.extend(
        found.later.iter().map(|one| missed("later", one, format!("{} ms later", one.later_ms.unwrap_or_default()))),
    );
    rows
}

/// What was compared, and how far it can be believed.
fn policies(compared: &Compared, origin: &str, [old_packs, new_packs]: [String; 2]) -> Vec<Row> {
    let found = &compared.differences;
    let mut rows =
        vec![Row::of("policy", origin, [found.old.policy, found.new.policy].map(|version| version.to_string()))];
    if !(old_packs.is_empty() && new_packs.is_empty()) {
        rows.push(Row::of("policy", "packs", [old_packs, new_packs]));
    }
    rows.extend(compared.recorded.iter().map(|(version, signals)| {
        Row::of("policy", "decided at the time", [version.to_string(), String::new()]).counted(*signals)
    }));
    rows.extend(found.unreplayed.iter().map(|NotReplayed { section, heard }| {
        let why = format!("[{section}] differs and is not replayed: {}", section.label(Lang::En));
        Row { count: *heard, ..Row::of("not-replayed", &why, none()) }
    }));
    if let Some(MadeAnew { recorded, made }) = found.anew {
        let reports = [recorded, made].map(|reports| reports.to_string());
        rows.push(Row::of("supervision", "tests, openings and closings reported missing or come after all", reports));
    }
    let signals = format!("signals from {} to {}", compared.from, compared.to);
    rows.push(Row::of("recorded", &signals, none()).counted(found.signals));
    rows.push(Row::of("recorded", "agree with the old policy", none()).counted(found.agree));
    rows
}

/// How many incidents differ, and in what.
fn counts(found: &Differences) -> Vec<Row> {
    let opened = [found.old.opened, found.new.opened].map(|opened| opened.to_string());
    let mut rows =
        vec![Row::of("incident", "opened", opened), Row::of("incident", "opened by both", none()).counted(found.both)];
    let mut count = |what: &str, sides: [&str; 2], counts: &dyn Fn(&Differing) -> bool| {
        let counted: Vec<SignalId> =
            found.incidents.iter().filter(|one| counts(one)).map(|one| one.opening.signal).collect();
        let row = Row::of("incident", what, sides.map(str::to_owned)).counted(counted.len() as u64);
        rows.push(Row { examples: counted.into_iter().filter(is_recorded).take(EXAMPLES).collect(), ..row });
    };
    let only_old = |one: &Differing, new: fn(&Shown) -> bool| one.old.is_opened() && new(&one.new);
    count("opened, not shown", ["opened", "not shown"], &|one| only_old(one, |new| matches!(new, Shown::Nowhere)));
    count("opened, part of another", ["opened", "part of another"], &|one| {
        only_old(one, |new| matches!(new, Shown::PartOf { .. }))
    });
    count("opened by the new one only", ["", "opened"], &|one| one.new.is_opened() && !one.old.is_opened());
    count("in both, and something differs", ["", ""], &in_both);
    for aspect in Aspect::ALL {
        let what = format!("of these: {}", aspect.label(Lang::En).to_lowercase());
        let differs = |one: &Differing| in_both(one) && one.differences.iter().any(|found| found.aspect == *aspect);
        if found.incidents.iter().any(differs) {
            count(&what, ["", ""], &differs);
        }
    }
    rows
}

/// Is it an incident of its own under both policies?
fn in_both(one: &Differing) -> bool {
    [one.old, one.new].iter().all(|shown| matches!(shown, Shown::Itself { .. }))
}

fn figures(found: &Differences) -> Vec<Row> {
    let both = |finding, what: &str, number: &dyn Fn(&Figures) -> String| {
        Row::of(finding, what, [&found.old, &found.new].map(number))
    };
    let mut rows = vec![
        both("incident", "still open at the end", &|figures| figures.open.to_string()),
        both("incident", "raised", &|figures| figures.raised.to_string()),
        both("incident", "lowered", &|figures| figures.lowered.to_string()),
        both("incident", "escalated", &|figures| figures.escalated.to_string()),
        both("dispatch", "units asked", &|figures| figures.dispatches.to_string()),
        both("dispatch", "hand-offs", &|figures| figures.hand_offs.to_string()),
        both("first-act", "incidents", &|figures| figures.first_acts_ms.len().to_string()),
    ];
    for (what, per_mille) in [("p50 ms", 500), ("p95 ms", 950)] {
        let rank = |figures: &Figures| crate::output::text(&nearest_rank(&figures.first_acts_ms, per_mille));
        rows.push(both("first-act", what, &rank));
    }
    rows.push(both("act", "done", &|figures| figures.acts.to_string()));
    rows.push(both("act", "refused", &|figures| figures.refused.to_string()));
    rows.push(both("act", "dropped: no such incident", &|figures| figures.dropped.to_string()));
    let asked: BTreeSet<&String> = found.old.asked.keys().chain(found.new.asked.keys()).collect();
    rows.extend(asked.into_iter().map(|what| {
        both("outside", what, &|figures| figures.asked.get(what).copied().unwrap_or_default().to_string())
    }));
    rows
}

/// What differs about each incident: of all of them, but for the table.
fn differs(compared: &Compared, format: Format) -> Vec<Row> {
    let all = &compared.differences.incidents;
    let (told, side): (_, fn(&str) -> String) = match format {
        Format::Table => (IN_TABLE, short),
        Format::Json | Format::Csv => (all.len(), str::to_owned),
    };
    let of_one = |(one, number): (&Differing, &Option<IncidentId>)| {
        let row = Row::of("differs", "", none()).about(*number, one.opening.kind, one.account);
        let rows = one.differences.iter().map(|found| Row {
            what: format!("{}: {}", row.what, found.aspect.label(Lang::En).to_lowercase()),
            old: side(&found.old),
            new: side(&found.new),
            examples: Some(one.opening.signal).filter(is_recorded).into_iter().collect(),
            aspect: Some(found.aspect),
            ..row
        });
        rows.collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = all.iter().zip(&compared.numbers).take(told).flat_map(of_one).collect();
    if all.len() > told {
        let more = format!("more incidents: --format json and csv name all {}", all.len());
        rows.push(Row::of("differs", &more, none()).counted((all.len() - told) as u64));
    }
    rows
}

/// A report that only a replay makes is in no log.
const fn is_recorded(signal: &SignalId) -> bool {
    !signal.is_anew()
}

/// What fits into the table.
fn short(said: &str) -> String {
    match said.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &said[..end]),
        None => said.to_owned(),
    }
}

fn none() -> [String; 2] {
    [String::new(), String::new()]
}

impl Row {
    fn of(finding: &'static str, what: &str, [old, new]: [String; 2]) -> Self {
        let what = what.to_owned();
        let (incident, kind, account, aspect) = (None, None, None, None);
        Self { finding, what, old, new, count: None, examples: Vec::new(), incident, kind, account, aspect }
    }

    fn counted(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }

    /// About one incident; it has no number where it is not recorded.
    fn about(self, incident: Option<IncidentId>, kind: Kind, account: Option<AccountNumber>) -> Self {
        let number = incident.map_or_else(|| "no incident then".to_owned(), |number| format!("incident {number}"));
        let of = account.map(|account| format!(", account {account}")).unwrap_or_default();
        Self { what: format!("{number}, {kind}{of}"), incident, kind: Some(kind), account, ..self }
    }
}

fn word(decided: &Decided) -> String {
    format!("{} {}", decided.outcome, decided.rule)
}
