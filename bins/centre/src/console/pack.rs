//! One rule pack: what was kept of each clause in the last days, and what stands behind each failure.

use alarmcore::{Finding, Mark, Timestamp};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use contactid::Lang;
use opsmodel::store::query::{ClauseRow, Failure};
use serde::Deserialize;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::spelling;
use crate::state::{App, FAILURES_LISTED};

/// Which period, and whether every failure is listed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    days: Option<u32>,
    all: bool,
}

#[derive(Template)]
#[template(path = "pack.html")]
struct Page {
    f: Frame,
    id: String,
    stamp: String,
    title: String,
    source: String,
    days: u32,
    as_of: Timestamp,
    /// Of whose accounts, where it is not in force for the whole centre.
    whose: String,
    in_force: bool,
    unverified: bool,
    lines: Vec<Line>,
}

/// A clause, and what was found of it.
struct Line {
    id: String,
    mark: &'static str,
    mark_label: &'static str,
    unverified: bool,
    text: String,
    finding: &'static str,
    /// The colour of the chip: a parameter never has that of a pass.
    tone: &'static str,
    /// Why nothing was measured, or what was.
    about: String,
    target: String,
    figure: String,
    cases: u64,
    failed: u64,
    open: u64,
    failures: Vec<Failure>,
    more: u64,
}

/// The last days under one pack.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, Oops> {
    let f = visit.frame(&app, "reports").await?;
    let pack = app.settings.pack(&name).map_err(|problem| visit.oops(problem))?;
    let days = wish.days.unwrap_or(1).clamp(1, 366);
    let now = Timestamp::from_millis(f.now);
    let from = spelling::midnight(Timestamp::from_millis(f.now - i64::from(days - 1) * 86_400_000));
    let (asked, listed) = (pack.clone(), if wish.all { usize::MAX } else { FAILURES_LISTED });
    let period = (from, Timestamp::from_millis(f.now + 1));
    let report = app.query_for(&visit.session, move |reader, kept| {
        let mut report = reader.pack(&asked, period, Some(now), listed)?;
        report.keep(kept);
        Ok(report)
    });
    let report = report.await.map_err(|problem| visit.oops(problem))?;
    Ok(show(&Page {
        id: pack.id.clone(),
        stamp: report.pack,
        title: pack.title.label(f.w.lang).to_owned(),
        source: pack.source.label(f.w.lang).to_owned(),
        days,
        as_of: report.as_of,
        whose: report.whose.join(", "),
        in_force: app.settings.packs.iter().any(|in_force| in_force.id == pack.id),
        unverified: report.clauses.iter().any(|row| row.mark == Mark::Unverified),
        lines: report.clauses.into_iter().map(|row| line(row, f.w.lang)).collect(),
        f,
    }))
}

fn line(row: ClauseRow, lang: Lang) -> Line {
    let (text, measures) = match lang {
        Lang::En => (row.text, row.measures),
        Lang::Zh => (row.text_zh, row.measures_zh),
    };
    Line {
        id: row.clause.to_string(),
        mark: row.mark.as_str(),
        mark_label: row.mark.label(lang),
        unverified: row.mark == Mark::Unverified,
        text,
        finding: row.finding.label(lang),
        tone: match row.finding {
            Finding::Pass => "good",
            Finding::Fail => "bad",
            Finding::WithinParameter | Finding::BeyondParameter => "warn",
            Finding::Unmeasured => "",
        },
        about: row.why.map_or(measures, |why| why.label(lang).to_owned()),
        target: row.target,
        figure: row.figure,
        cases: row.cases,
        failed: row.failed,
        open: row.open,
        more: row.failed.saturating_sub(row.failures.len() as u64),
        failures: row.failures,
    }
}
