//! What always holds in this program, measured all the same.

use alarmcore::{Authority, Clause, Family, Incident, IncidentEvent, IncidentId, Invariant, Kind, calls_missing};
use rusqlite::{OptionalExtension, params};

use super::super::{HandOffRow, Reader, spelling};
use super::{Failure, Measured, Scope, Span};
use crate::store::{StoreError, journal};

pub(in crate::store::query) const CLOSED: &str = "SELECT id, kind, closed_at, account FROM incident \
    INDEXED BY incident_closed WHERE closed_at IS NOT NULL AND closed_at >= ?1 AND closed_at < ?2 ORDER BY closed_at, id";
/// Who ended it: the last record that did.
pub(in crate::store::query) const ENDED: &str = "SELECT by_id FROM journal INDEXED BY journal_stream \
    WHERE stream = ?1 AND kind IN ('closed', 'merged') ORDER BY version DESC LIMIT 1";

impl Reader {
    pub(super) fn always_measured(
        &self,
        clause: &Clause,
        holds: Invariant,
        (span, scope): (Span, &Scope),
        incidents: &[Incident],
    ) -> Result<Measured, StoreError> {
        match holds {
            Invariant::NothingLost => self.nothing_lost(span),
            Invariant::EndedByPeople => self.ended_by_people(span, scope),
            Invariant::StepsReported => Ok(steps_reported(incidents)),
            Invariant::CalledBeforePolice => {
                let policy = clause.policy();
                self.police_asked(span, scope, |incident, _| calls_missing(incident, &policy).is_none())
            }
            Invariant::LevelTold => self.police_asked(span, scope, |_, event| match event {
                IncidentEvent::HandedOff { avs, .. } => avs.is_some(),
                _ => false,
            }),
        }
    }

    /// A case is a signal in the log; a failure is a minute of a line in which a sum does not hold. Sums are the whole centre's.
    fn nothing_lost(&self, span: Span) -> Result<Measured, StoreError> {
        let sums = self.conservation(span.from, span.end())?;
        let hole = |hole: super::super::Hole| Failure {
            at: hole.minute,
            incident: None,
            signal: hole.signal,
            account: None,
            took_ms: None,
        };
        let cases = sums.minutes.iter().map(|minute| minute.signals).sum::<u64>().max(sums.holes.len() as u64);
        Ok(Measured { cases, failures: sums.holes.into_iter().map(hole).collect(), ..Measured::default() })
    }

    /// Of alarms that were closed in the period.
    fn ended_by_people(&self, span: Span, scope: &Scope) -> Result<Measured, StoreError> {
        let mut statement = self.sql.prepare_cached(CLOSED)?;
        let mut rows = statement.query(params![span.from.millis(), span.end().millis()])?;
        let mut found = Measured::default();
        while let Some(row) = rows.next()? {
            if spelling::word(row, 1, Kind::from_word)?.family() == Family::Service {
                continue;
            }
            let incident = IncidentId::new(spelling::natural(row, 0)?);
            let (at, account) = (spelling::moment(row, 2)?, spelling::account_or_null(row, 3)?);
            if !scope.covers(self, account, at)? {
                continue;
            }
            let mut ended = self.sql.prepare_cached(ENDED)?;
            let by: Option<i64> = ended.query_row([journal::stream(incident)], |row| row.get(0)).optional()?.flatten();
            let failure = || Failure { at, incident: Some(incident), signal: None, account, took_ms: None };
            found.case(by.is_some(), failure);
        }
        Ok(found)
    }

    /// Of hand-offs to the police that were asked for in the period: `kept` is told the incident as it stood just before.
    fn police_asked(
        &self,
        span: Span,
        scope: &Scope,
        kept: impl Fn(&Incident, &IncidentEvent) -> bool,
    ) -> Result<Measured, StoreError> {
        let asked = self.hand_offs(span.from, span.end())?.rows;
        let mut found = Measured::default();
        for HandOffRow { incident, number, asked_at, .. } in asked.into_iter().filter(|row| row.to == Authority::Police)
        {
            let Some((before, event)) = self.before_hand_off(incident, number)? else { continue };
            if !scope.covers(self, before.account, asked_at)? {
                continue;
            }
            found.case(kept(&before, &event), || Failure::of(&before, asked_at, None));
        }
        Ok(found)
    }

    fn before_hand_off(&self, id: IncidentId, asked: u16) -> Result<Option<(Incident, IncidentEvent)>, StoreError> {
        let event = std::cell::RefCell::new(None);
        let before = self.as_it_was(id, |record| match &record.event {
            event_now @ IncidentEvent::HandedOff { number, .. } if *number == asked => {
                event.replace(Some(event_now.clone()));
                false
            }
            _ => true,
        })?;
        Ok(before.zip(event.into_inner()))
    }
}

/// Of dispatches of the incidents of the period that were on a scene and are over: the report of the scene, and the record.
fn steps_reported(incidents: &[Incident]) -> Measured {
    let mut found = Measured::default();
    for incident in incidents {
        for dispatch in &incident.dispatches {
            let Some(arrived) = dispatch.arrived_at else { continue };
            let reported = dispatch.reported_at.is_some() && dispatch.recorded_at.is_some();
            if reported || incident.is_closed() {
                found.case(reported, || Failure::of(incident, arrived, None));
            } else {
                found.open += 1;
            }
        }
    }
    found
}
