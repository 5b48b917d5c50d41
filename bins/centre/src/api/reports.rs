//! The reports that the command `report` prints, as JSON.

use axum::Json;
use axum::extract::State;
use opsmodel::store::query::{
    AutoHandledRow, Conservation, DayCount, FalseAlarms, HandOffs, Handling, Offers, Response, StrangeSourceRow,
};

use super::Period;
use super::input::Asked;
use crate::auth::Session;
use crate::problem::Problem;
use crate::state::App;

/// How fast the centre answered the incidents that were opened in a period.
pub(super) async fn response(
    State(app): State<App>,
    session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Response>, Problem> {
    let (from, to) = period.bounds()?;
    let found = app.query_for(&session, move |reader, kept| {
        let mut found = reader.response(from, to)?;
        kept.leave_out(&mut found.rows, |row| row.incident);
        Ok(found)
    });
    found.await.map(Json)
}

/// How long incidents that were closed in a period were in hand, and how long units were out for them.
pub(super) async fn handling(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Handling>, Problem> {
    let (from, to) = period.bounds()?;
    app.query(move |reader| reader.handling(from, to)).await.map(Json)
}

/// The hand-offs that were asked for in a period.
pub(super) async fn hand_offs(
    State(app): State<App>,
    session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<HandOffs>, Problem> {
    let (from, to) = period.bounds()?;
    let found = app.query_for(&session, move |reader, kept| {
        let mut found = reader.hand_offs(from, to)?;
        kept.leave_out(&mut found.rows, |row| row.incident);
        Ok(found)
    });
    found.await.map(Json)
}

/// Signals that came from where the card of their account did not allow.
pub(super) async fn sources(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Vec<StrangeSourceRow>>, Problem> {
    let (from, to) = period.bounds()?;
    app.query(move |reader| reader.strange_sources(from, to)).await.map(Json)
}

/// How often each rule handled signals of a period in place of an operator.
pub(super) async fn auto_handled(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Vec<AutoHandledRow>>, Problem> {
    let (from, to) = period.bounds()?;
    app.query(move |reader| reader.auto_handled(from, to)).await.map(Json)
}

/// The offers of incidents to operators that were made in a period.
pub(super) async fn offers(
    State(app): State<App>,
    session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Offers>, Problem> {
    let (from, to) = period.bounds()?;
    let found = app.query_for(&session, move |reader, kept| {
        let mut found = reader.offers(from, to)?;
        kept.leave_out(&mut found.rows, |row| row.incident);
        Ok(found)
    });
    found.await.map(Json)
}

/// False alarms among the incidents that were closed in a period.
pub(super) async fn false_alarms(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<FalseAlarms>, Problem> {
    let (from, to) = period.bounds()?;
    app.query(move |reader| reader.false_alarms(from, to)).await.map(Json)
}

/// Signals per day, class and outcome.
pub(super) async fn counts(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Vec<DayCount>>, Problem> {
    let (from, to) = period.bounds()?;
    app.query(move |reader| reader.counts(from, to)).await.map(Json)
}

/// Whether every frame ended somewhere.
pub(super) async fn conservation(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Conservation>, Problem> {
    let (from, to) = period.bounds()?;
    app.query(move |reader| reader.conservation(from, to)).await.map(Json)
}
