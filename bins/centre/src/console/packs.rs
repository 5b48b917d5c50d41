//! The rule packs in force: their clauses with the marks of each, where the policy deviates, and what false calls have brought.

use alarmcore::{Deviation, FalseCalls, Mark, Pack};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use crate::i18n::Words;
use crate::state::App;

#[derive(Template)]
#[template(path = "packs.html")]
struct Page {
    f: Frame,
    version: u32,
    packs: Vec<InForce>,
    /// Those that are built in and not in force.
    others: Vec<String>,
    deviations: Vec<Deviation>,
    standing: Vec<Standing>,
}

/// A pack that lies under the policy.
struct InForce {
    id: String,
    stamp: String,
    title: String,
    /// For whom, where it is not in force for the whole centre.
    whose: String,
    lines: Vec<Line>,
}

/// A clause in words.
struct Line {
    id: String,
    mark: &'static str,
    mark_label: &'static str,
    unverified: bool,
    text: String,
    rule: &'static str,
}

/// A measure that stands.
pub(super) struct Standing {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) clause: String,
    pub(super) measure: &'static str,
    pub(super) calls: u32,
    pub(super) since: alarmcore::Timestamp,
    pub(super) until: Option<alarmcore::Timestamp>,
    pub(super) overdue: bool,
}

impl Standing {
    /// The measures of an account that stand.
    pub(super) fn of(calls: &FalseCalls, name: Option<&str>, w: &Words) -> Vec<Self> {
        let standing = calls.standing.iter().map(|(clause, imposed)| Self {
            account: calls.account.to_string(),
            name: name.unwrap_or_default().to_owned(),
            clause: clause.to_string(),
            measure: imposed.measure.label(w.lang),
            calls: imposed.calls,
            since: imposed.since,
            until: imposed.until,
            overdue: imposed.overdue_at.is_some(),
        });
        standing.collect()
    }
}

/// The packs.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "reports").await?;
    let rows = app.query(|reader| reader.all_false_calls()).await.map_err(|problem| visit.oops(problem))?;
    let standing = rows.iter().flat_map(|row| Standing::of(&row.calls, row.account_name.as_deref(), f.w)).collect();
    let settings = &app.settings;
    let in_force = |pack: &Pack| InForce {
        id: pack.id.clone(),
        stamp: pack.stamp(),
        title: pack.title.label(f.w.lang).to_owned(),
        whose: settings.whose(pack).join(", "),
        lines: lines(pack, f.w),
    };
    let packs = settings.packs.iter().map(in_force).collect();
    let others = settings.pack_names().into_iter().skip(settings.packs.len()).map(str::to_owned).collect();
    let deviations = settings.deviations.clone();
    Ok(show(&Page { version: settings.policy.version, packs, others, deviations, standing, f }))
}

fn lines(pack: &Pack, w: &Words) -> Vec<Line> {
    let line = |clause: &alarmcore::Clause| Line {
        id: clause.id.to_string(),
        mark: clause.mark.as_str(),
        mark_label: clause.mark.label(w.lang),
        unverified: clause.mark == Mark::Unverified,
        text: clause.text.label(w.lang).to_owned(),
        rule: clause.rule.as_ref().map_or("", |rule| rule.label(w.lang)),
    };
    pack.clauses.iter().map(line).collect()
}
