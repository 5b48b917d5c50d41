//! Guard units.

use alarmcore::UnitId;
use rusqlite::{OptionalExtension, params};

use super::{CardKind, expect_version, from_json, last_version, remember, to_json};
use crate::crm::{Change, UnitCard};
use crate::store::{Centre, StoreError};

impl Centre {
    /// Stores a new unit (version 0) or the next version of one, and returns it with its new version.
    ///
    /// # Errors
    /// [`StoreError::VersionConflict`] when the number is taken or somebody changed the card in the meantime,
    /// [`StoreError::Card`] when it contradicts itself.
    pub fn put_unit(&mut self, card: &UnitCard, change: &Change) -> Result<UnitCard, StoreError> {
        self.write(|sql| {
            card.check()?;
            let key = card.id.to_string();
            let (found, before) = last_version(sql, CardKind::Unit, &key)?;
            expect_version(CardKind::Unit, &key, card.version, found)?;
            let known = before.as_deref().map(|body| from_json::<UnitCard>("unit", &key, body)).transpose()?;
            let card = UnitCard { version: found + 1, ..card.clone() }.since(known.as_ref(), change.at);
            let body = to_json(&card)?;
            sql.prepare_cached(
                "INSERT INTO unit (id, version, closed_at, name, body) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (id) DO UPDATE SET version = excluded.version, closed_at = excluded.closed_at,
                    name = excluded.name, body = excluded.body",
            )?
            .execute(params![
                card.id.get(),
                card.version,
                card.closed_at.map(|at| at.millis()),
                card.name,
                body
            ])?;
            remember(sql, (CardKind::Unit, &key, card.version), before.as_deref(), &body, change)?;
            Ok(card)
        })
    }

    /// The card of a unit.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unit(&self, id: UnitId) -> Result<Option<UnitCard>, StoreError> {
        let body: Option<String> = self
            .sql
            .prepare_cached("SELECT body FROM unit WHERE id = ?1")?
            .query_row([id.get()], |row| row.get(0))
            .optional()?;
        body.map(|body| from_json("unit", &id.to_string(), &body)).transpose()
    }

    /// Every unit's card, disbanded ones too, by number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn units(&self) -> Result<Vec<UnitCard>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT id, body FROM unit ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            cards.push(from_json("unit", &id.to_string(), row.get_ref(1)?.as_str()?)?);
        }
        Ok(cards)
    }
}
