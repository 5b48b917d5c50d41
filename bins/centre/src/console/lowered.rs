//! The board of lowered protection: every account of which not all is watched, and why.

use alarmcore::Timestamp;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::{LoweredKind, LoweredRow};

use super::frame::{Frame, Visit, show};
use super::on_test::scope;
use super::oops::Oops;
use crate::i18n::Words;
use crate::state::App;

#[derive(Template)]
#[template(path = "lowered.html")]
struct Page {
    f: Frame,
    counts: Vec<(String, usize)>,
    /// How many should have been seen to by now.
    late: usize,
    lines: Vec<Line>,
}

/// One thing that lowers protection, in words.
struct Line {
    row: LoweredRow,
    kind: String,
    what: String,
    who: String,
    why: &'static str,
    /// Who must see to it.
    owner: String,
    /// It ends soon.
    soon: bool,
    /// It should have been seen to by now.
    overdue: bool,
}

const KINDS: [(LoweredKind, &str); 8] = [
    (LoweredKind::OnTest, "lowered-on-test"),
    (LoweredKind::Silent, "lowered-silent"),
    (LoweredKind::TestMode, "lowered-test-mode"),
    (LoweredKind::Bypassed, "lowered-bypassed"),
    (LoweredKind::LateTest, "lowered-late-test"),
    (LoweredKind::PathFailed, "lowered-path-failed"),
    (LoweredKind::Unreviewed, "lowered-unreviewed"),
    (LoweredKind::DeadNumber, "lowered-dead-number"),
];

/// The board.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "lowered").await?;
    let rules = app.settings.policy.lowered;
    let rows = app.query(move |reader| reader.lowered(&rules)).await.map_err(|problem| visit.oops(problem))?;
    let warn_ms = i64::from(app.settings.policy.on_test.warn_before_s) * 1000;
    let counts = KINDS.map(|(kind, id)| (f.w.t(id), rows.iter().filter(|row| row.kind == kind).count()));
    let now = Timestamp::from_millis(f.now);
    let soon = |row: &LoweredRow| row.until.is_some_and(|until| until.millis() - f.now <= warn_ms);
    let late = rows.iter().filter(|row| row.overdue(now)).count();
    let lines = rows.into_iter().map(|row| Line::of(soon(&row), now, row, f.w)).collect();
    Ok(show(&Page { counts: counts.into(), late, lines, f }))
}

impl Line {
    fn of(soon: bool, now: Timestamp, row: LoweredRow, w: &Words) -> Self {
        let zone =
            row.code.zip(row.number).map(|(code, number)| format!("{} {number}", code.number_is().label(w.lang)));
        let dead = row.result.map(|result| {
            let whose = row.contact_name.clone().unwrap_or_else(|| w.t("call-site"));
            format!("{whose} · {}", result.label(w.lang))
        });
        let pauses = (!row.pauses.is_empty()).then(|| w.n("lowered-pauses", row.pauses.join(", ")));
        let people = [row.by_name.clone(), row.user.map(|user| w.n("user-n", user)), row.asked_by.clone()];
        let people: Vec<String> = people.into_iter().flatten().collect();
        Self {
            kind: KINDS.iter().find(|(kind, _)| *kind == row.kind).map(|(_, id)| w.t(id)).unwrap_or_default(),
            what: [row.scope.as_ref().map(|covered| scope(covered, w)).or(dead).or(zone), pauses]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            who: people.join(" · "),
            why: row.reason.map_or("", |reason| reason.label(w.lang)),
            owner: match &row.owner_name {
                Some(name) => format!("{name} · {}", row.owner_rank.label(w.lang)),
                None => row.owner_rank.label(w.lang).to_owned(),
            },
            soon,
            overdue: row.overdue(now),
            row,
        }
    }
}
