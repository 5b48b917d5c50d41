//! The dossier of an incident, to be printed; and as a sealed document to be sent.

use alarmcore::{ClipEvent, IncidentId, SignalId, Timestamp};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use opsmodel::store::query::{ClipMoment, ContactRow, Dossier, DossierSite, Head, Said, SignalRow, seal};

use super::frame::{Frame, Visit, show};
use super::moments::{Entry, Names};
use super::oops::Oops;
use super::signals::Line;
use crate::i18n::Words;
use crate::problem::Problem;
use crate::state::App;

#[derive(Template)]
#[template(path = "dossier.html")]
struct Page {
    f: Frame,
    d: Dossier,
    kind: &'static str,
    site: Option<Site>,
    resolution: Option<&'static str>,
    /// The opening or closing before the first signal, in words.
    armed: Option<(Timestamp, String)>,
    signals: Vec<Sent>,
    entries: Vec<Entry>,
    clips: Vec<Kept>,
    heads: Vec<Head>,
    seal: String,
}

/// A signal with its frame.
struct Sent {
    id: SignalId,
    at: Timestamp,
    words: String,
    raw: String,
}

/// What the paper says of its site beside name and address.
struct Site {
    /// By which version of the card, and when that stood.
    said: String,
    /// What was changed since.
    changed: String,
    zones: Vec<String>,
    /// With their roles and numbers.
    contacts: Vec<String>,
}

impl Site {
    fn of(site: &DossierSite, f: &Frame) -> Self {
        let said = match site.said {
            Said::WhenOpened => "dossier-said-opened",
            Said::Now => "dossier-said-now",
        };
        let parts: Vec<&str> = site.changed.iter().map(|part| part.label(f.w.lang)).collect();
        let changed = match (parts.is_empty(), site.version_now == site.version) {
            (false, _) => format!("{} · {}", f.w.n("version-n", site.version_now), parts.join(" · ")),
            (true, true) => f.w.t("dossier-unchanged"),
            (true, false) => f.w.n("dossier-changed-elsewhere", site.version_now),
        };
        let contact = |row: &ContactRow| {
            let told = [&row.name, &row.role, &row.phone].into_iter().chain(&row.phones);
            told.filter(|text| !text.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · ")
        };
        Self {
            said: format!("{} · {} · {}", f.w.n("version-n", site.version), site.since, f.w.t(said)),
            changed,
            zones: site.zones.iter().map(|zone| format!("{} {}", zone.number, zone.name)).collect(),
            contacts: site.contacts.iter().map(contact).collect(),
        }
    }
}

/// What happened to a clip.
struct Kept {
    at: Timestamp,
    /// With its number.
    what: String,
    /// What it is called, where it was kept.
    name: String,
    by: String,
    /// Of its file, where it was kept.
    sha256: String,
}

impl Kept {
    fn of(moment: &ClipMoment, w: &Words) -> Self {
        let (number, name, sha256) = match &moment.event {
            ClipEvent::Added { number, name, sha256, .. } => (number, name.clone(), sha256.clone()),
            ClipEvent::Viewed { number } => (number, None, String::new()),
        };
        Self {
            at: moment.at,
            what: format!("{} · {number}", moment.kind.label(w.lang)),
            name: name.unwrap_or_default(),
            by: moment.by_name.clone().unwrap_or_default(),
            sha256,
        }
    }
}

/// The page.
pub(super) async fn page(State(app): State<App>, visit: Visit, Path(incident): Path<String>) -> Result<Response, Oops> {
    let missing = || visit.oops(Problem::not_found("incident", "警情"));
    let id: IncidentId = incident.parse().map_err(|_| missing())?;
    let f = visit.frame(&app, "queue").await?;
    let asked = app.query(move |reader| {
        let Some(dossier) = reader.dossier(id)? else { return Ok(None) };
        let seal = seal(&dossier)?["seal"].as_str().unwrap_or_default().to_owned();
        let then = reader.plan_as_it_was(&dossier.state)?;
        Ok(Some((dossier, seal, reader.board()?, then, reader.operators()?)))
    });
    let found = asked.await.map_err(|problem| visit.oops(problem))?.ok_or_else(missing)?;
    let (dossier, seal, units, then, people) = found;
    let site = dossier.site.as_ref();
    let zones = site.map_or(&[][..], |site| &site.zones);
    let in_words = |row: &SignalRow| Line::with_zones(row.clone(), zones, f.w);
    let lines: Vec<Line> = dossier.signals.iter().map(in_words).collect();
    let names = Names {
        w: f.w,
        incident: &dossier.state,
        contacts: site.map_or(&[][..], |site| &site.contacts),
        named_later: site.map(|site| &site.named_later),
        units: &units,
        signals: &lines,
        plans: then.as_ref().unwrap_or(app.settings.policy.plans.as_ref()),
        people: &people,
    };
    let entries = dossier.moments.iter().map(|moment| names.entry(moment)).collect();
    let sent = |row: &SignalRow| Sent {
        id: row.id,
        at: row.received_at,
        words: in_words(row).in_words(),
        raw: row.raw_hex.clone(),
    };
    Ok(show(&Page {
        kind: dossier.state.kind.label(f.w.lang),
        site: site.map(|site| Site::of(site, &f)),
        resolution: dossier.state.resolution.map(|resolution| resolution.label(f.w.lang)),
        armed: dossier.armed.as_ref().map(|row| (row.received_at, in_words(row).in_words())),
        signals: dossier.signals.iter().map(sent).collect(),
        entries,
        clips: dossier.clips.iter().map(|moment| Kept::of(moment, f.w)).collect(),
        heads: dossier.heads.clone(),
        seal,
        d: dossier,
        f,
    }))
}
