//! Clips of sound and video that are bound to an incident: kept beside the database, and every look at one is recorded.

use alarmcore::{ClipCommand, ClipEvent, ClipKind, IncidentId, NewClip, Timestamp};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use opsmodel::store::query::ClipRow;
use opsmodel::store::{Fault, clip_file, keep_clip};
use serde::{Deserialize, Serialize};

use super::Moment;
use super::incidents::{no_incident, number};
use super::input::Asked;
use crate::auth::Session;
use crate::desk::now;
use crate::live::Change;
use crate::problem::Problem;
use crate::state::App;

/// The largest file, in bytes: half a minute of good video fits.
pub(crate) const BYTES_MAX: usize = 32 * 1024 * 1024;

/// What is known of a file besides itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    name: Option<String>,
    starts: Option<Moment>,
    ends: Option<Moment>,
}

#[derive(Serialize)]
pub(super) struct Kept {
    number: u32,
    kind: ClipKind,
    sha256: String,
    bytes: u64,
}

/// The clips of an incident.
pub(super) async fn list(
    State(app): State<App>,
    _session: Session,
    Path(incident): Path<String>,
) -> Result<Json<Vec<ClipRow>>, Problem> {
    let incident = existing(&app, &incident).await?;
    let data = app.settings.data.clone();
    app.query(move |reader| reader.clips(&data, incident)).await.map(Json)
}

/// Keeps a file: first the file, then that it is there.
pub(super) async fn add(
    State(app): State<App>,
    session: Session,
    Path(incident): Path<String>,
    Asked(about): Asked<About>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Kept>, Problem> {
    let incident = existing(&app, &incident).await?;
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // `audio/webm; codecs=opus` is a file of audio/webm.
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if body.is_empty() {
        return Err(Problem::invalid("the file is empty", "文件是空的"));
    }
    ClipKind::of_file(&media, &body).map_err(|refusal| Problem::refused_clip(&refusal))?;
    if !app.takes_in() {
        return Err(Problem::no_room());
    }
    let (data, bytes) = (app.settings.data.clone(), body.len() as u64);
    let kept = tokio::task::spawn_blocking(move || keep_clip(&data, &body)).await;
    let sha256 = kept.map_err(|_| Problem::unavailable())?.map_err(|error| {
        tracing::error!(%error, "a clip cannot be kept");
        Problem::unavailable()
    })?;
    let moment = |moment: Option<Moment>| moment.map(|Moment(at)| at);
    let (starts, ends, name) = (moment(about.starts), moment(about.ends), about.name);
    let clip = NewClip { media, sha256, bytes, starts, ends, name };
    match act(&app, &session, incident, ClipCommand::Add(clip)).await? {
        ClipEvent::Added { number, kind, sha256, bytes, .. } => Ok(Json(Kept { number, kind, sha256, bytes })),
        ClipEvent::Viewed { .. } => Err(Problem::unavailable()),
    }
}

/// The file of a clip, if it is still the one that was kept: that it was looked at is recorded before it is sent.
pub(super) async fn file(
    State(app): State<App>,
    session: Session,
    Path((incident, clip)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let incident = existing(&app, &incident).await?;
    let missing = || Problem::not_found("clip", "片段");
    let clip: u32 = clip.parse().map_err(|_| missing())?;
    let data = app.settings.data.clone();
    let found = app.query(move |reader| {
        let row = reader.clips(&data, incident)?.into_iter().find(|row| row.number == clip);
        row.map(|row| Ok((clip_file(&data, &row.sha256)?, row))).transpose()
    });
    let (file, row) = found.await?.ok_or_else(missing)?;
    let bytes = file.map_err(|fault| spoilt(clip, fault))?;
    act(&app, &session, incident, ClipCommand::View { number: clip }).await?;
    let media = HeaderValue::from_str(&row.media).map_err(|_| Problem::unavailable())?;
    let sha256 = HeaderValue::from_str(&row.sha256).map_err(|_| Problem::unavailable())?;
    let digest = header::HeaderName::from_static("x-content-sha256");
    Ok(([(header::CONTENT_TYPE, media), (digest, sha256)], bytes).into_response())
}

fn spoilt(clip: u32, fault: Fault) -> Problem {
    let (code, title, title_zh) = match fault {
        Fault::Missing => ("clip-missing", "its file is missing", "文件缺失"),
        Fault::Altered | Fault::Foreign => ("clip-altered", "its file is not the one that was kept", "文件已被改动"),
    };
    let title = format!("clip {clip}: {title}");
    Problem::new(StatusCode::CONFLICT, code, title, format!("片段 {clip}:{title_zh}"))
}

/// Does something about the clips of an incident, and tells open pages of it.
async fn act(app: &App, session: &Session, incident: IncidentId, command: ClipCommand) -> Result<ClipEvent, Problem> {
    let (by, at): (_, Timestamp) = (session.operator, now());
    let done = app.desk.write(move |centre| centre.clip_act(incident, (at, by), &command)).await;
    let (record, _) = done.map_err(Problem::from)?.map_err(|refusal| Problem::refused_clip(&refusal))?;
    app.live.publish(Change { incidents: vec![incident], ..Change::default() });
    Ok(record.event)
}

async fn existing(app: &App, incident: &str) -> Result<IncidentId, Problem> {
    let incident = number(incident)?;
    let there = app.query(move |reader| Ok(reader.incident(incident)?.is_some())).await?;
    if there { Ok(incident) } else { Err(no_incident()) }
}
