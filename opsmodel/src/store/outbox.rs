//! Effects owed to the outside: written with the event that caused them, performed at least once, known by their id.

use alarmcore::{Effect, Timestamp};
use rusqlite::{Connection, params};

use super::cards::from_json;
use super::{Centre, StoreError, generation};

/// An effect that is owed, and claimed for whoever holds this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What a second performance is recognised by: `incident-42.3.0`, the event's stream and version, and its place
    /// among the effects of that event; and after a start on a copy its generation: `incident-42.3.0.r019ac8e4d2f`.
    pub id: String,
    /// When it came to be owed.
    pub at: Timestamp,
    /// What is to be done.
    pub effect: Effect,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

impl Centre {
    /// Claims effects that are due at `now` and go no way out, the longest due first. Until `lease_end` nobody else gets them;
    /// after that, whoever claimed them is taken to have died, and they are due again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn claim(&mut self, now: Timestamp, lease_end: Timestamp, limit: usize) -> Result<Vec<Owed>, StoreError> {
        self.write(|sql| {
            let mut due = sql.prepare_cached(
                "SELECT id, at, body, attempts FROM outbox WHERE state = 'owed' AND way IS NULL AND due_at <= ?1
                 ORDER BY due_at, id LIMIT ?2",
            )?;
            let mut take = sql.prepare_cached("UPDATE outbox SET attempts = ?2, due_at = ?3 WHERE id = ?1")?;
            let mut rows = due.query(params![now.millis(), limit as i64])?;
            let mut claimed = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                claimed.push(Owed {
                    at: Timestamp::from_millis(row.get(1)?),
                    effect: from_json("outbox", &id, row.get_ref(2)?.as_str()?)?,
                    attempt: row.get::<_, u32>(3)? + 1,
                    id,
                });
            }
            for owed in &claimed {
                take.execute(params![owed.id, owed.attempt, lease_end.millis()])?;
            }
            Ok(claimed)
        })
    }

    /// Makes due at once what was claimed and neither performed nor given to a way out: whoever claimed it has ended, or has failed in between.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn unclaim(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.write(|sql| {
            sql.prepare_cached("UPDATE outbox SET due_at = ?1 WHERE state = 'owed' AND way IS NULL AND due_at > ?1")?
                .execute([now.millis()])?;
            Ok(())
        })
    }

    /// Gives a claimed effect to the way out of this name: it is due there at once, and its attempts are counted anew.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn send_by(&mut self, id: &str, way: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(|sql| {
            sql.prepare_cached(
                "UPDATE outbox SET way = ?2, due_at = ?3, attempts = 0, refusals = 0, fault = NULL
                 WHERE id = ?1 AND state = 'owed'",
            )?
            .execute(params![id, way, now.millis()])?;
            Ok(())
        })
    }

    /// Takes back what is owed and goes other ways out than these, for example because the configuration is another one now. What is `lost`
    /// with its way stays there, due at once: somebody believes that it was sent, and has to hear that it was not.
    /// What goes one of these is due at once: whoever had it in hand has ended. What the other end has refused is due when it was.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn take_back(
        &mut self,
        ways: &[&str],
        now: Timestamp,
        lost: impl Fn(&Effect) -> bool,
    ) -> Result<(), StoreError> {
        let ways = serde_json::to_string(ways)?;
        self.write(|sql| {
            sql.execute(
                "UPDATE outbox SET due_at = ?2 WHERE state = 'owed' AND way IN (SELECT value FROM json_each(?1)) AND refusals = 0",
                params![ways, now.millis()],
            )?;
            let mut astray = sql.prepare(
                "SELECT id, body FROM outbox WHERE state = 'owed' AND way NOT IN (SELECT value FROM json_each(?1))",
            )?;
            let mut rows = astray.query(params![ways])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let effect = from_json("outbox", &id, row.get_ref(1)?.as_str()?)?;
                found.push((id, lost(&effect)));
            }
            let mut again =
                sql.prepare("UPDATE outbox SET due_at = ?2, way = CASE WHEN ?3 THEN way END WHERE id = ?1")?;
            found.into_iter().try_for_each(|(id, lost)| again.execute(params![id, now.millis(), lost]).map(drop))?;
            Ok(())
        })
    }

    /// The effect was performed. To say so twice does no harm.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn done(&mut self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        self.write(|sql| {
            sql.prepare_cached("UPDATE outbox SET state = 'done', done_at = ?2 WHERE id = ?1 AND state = 'owed'")?
                .execute(params![id, at.millis()])?;
            Ok(())
        })
    }

    /// The effect is not performed any more, for the reason `why`: what it was about is over.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn leave(&mut self, id: &str, at: Timestamp, why: &str) -> Result<(), StoreError> {
        self.write(|sql| {
            sql.prepare_cached(
                "UPDATE outbox SET state = 'left', done_at = ?2, fault = ?3 WHERE id = ?1 AND state = 'owed'",
            )?
            .execute(params![id, at.millis(), why])?;
            Ok(())
        })
    }

    /// What waits on the way out of this name for its next attempt is due at once: another message got through. What the other end has
    /// refused waits on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn hurry(&mut self, way: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(|sql| {
            sql.prepare_cached(
                "UPDATE outbox SET due_at = ?2 WHERE way = ?1 AND state = 'owed' AND due_at > ?2 AND refusals = 0",
            )?
            .execute(params![way, now.millis()])?;
            Ok(())
        })
    }

    /// The attempt failed for the reason `fault`; it is due again at `due_at`. On a way out it is counted here.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn retry(&mut self, id: &str, due_at: Timestamp, fault: &str) -> Result<(), StoreError> {
        self.again(id, due_at, fault, false)
    }

    /// The same where the other end has it and refuses it, as `fault` says: counted apart, too.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn refused(&mut self, id: &str, due_at: Timestamp, fault: &str) -> Result<(), StoreError> {
        self.again(id, due_at, fault, true)
    }

    fn again(&mut self, id: &str, due_at: Timestamp, fault: &str, refused: bool) -> Result<(), StoreError> {
        self.write(|sql| {
            sql.prepare_cached(
                "UPDATE outbox SET due_at = ?2, fault = ?3, attempts = attempts + (way IS NOT NULL), refusals = refusals + ?4
                 WHERE id = ?1 AND state = 'owed'",
            )?
            .execute(params![id, due_at.millis(), fault, refused])?;
            Ok(())
        })
    }
}

/// Writes down that `effect` is owed.
pub(super) fn owe(sql: &Connection, id: &str, at: Timestamp, effect: &Effect) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO outbox (id, at, body, state, attempts, due_at) VALUES (?1, ?2, ?3, 'owed', 0, ?2)",
    )?
    .execute(params![generation::numbered(sql, id)?, at.millis(), serde_json::to_string(effect)?])?;
    Ok(())
}
