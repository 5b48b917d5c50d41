//! `centre import`: accounts from a CSV file, all rows or none.

use std::collections::HashMap;
use std::path::Path;

use alarmcore::Timestamp;
use anyhow::anyhow;
use contactid::AccountNumber;
use opsmodel::crm::{AccountCard, AccountKey, Change};
use opsmodel::store::{Admission, Centre, SignalLog, StoreError};
use receiver::accounts::{self, Row};

use crate::auth::salt;
use crate::cli::{Failure, ImportArgs, Stop};
use crate::desk::now;

/// What an import does, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Accounts that were not there.
    pub new: usize,
    /// Accounts whose card or key differs from the file.
    pub changed: usize,
    /// Accounts that are as the file says.
    pub unchanged: usize,
}

/// Does what the command line says, and prints what was done.
pub(crate) fn run(args: &ImportArgs) -> Result<(), Failure> {
    let imported = import(&args.data, &args.file, args.dry_run)?;
    let Imported { new, changed, unchanged } = imported;
    let done = if args.dry_run { "would be" } else { "were" };
    println!("{new} accounts {done} added, {changed} changed; {unchanged} are as the file says");
    Ok(())
}

/// Takes the accounts of `file` over into the store in `dir`: all of them, or none. A card that is there already keeps
/// what the file does not speak of: zones, contacts, instructions, and its key where `key_hex` is empty. Only `-` takes a key away: without it, anybody can pretend to be
/// the panel.
///
/// # Errors
/// [`Stop::Import`] names the row and the column; [`Stop::Store`] when the store does not take it.
pub fn import(dir: &Path, file: &Path, dry_run: bool) -> Result<Imported, Failure> {
    let refused = |error| Failure::new(Stop::Import, error);
    let rows = accounts::read_csv(file)
        .map_err(|error| refused(anyhow!(error).context(format!("nothing was imported from {}", file.display()))))?;
    // With no store yet there is nothing to compare with, and a dry run makes none.
    if dry_run && !dir.join("centre.db").exists() {
        return Ok(Imported { new: rows.len(), ..Imported::default() });
    }
    let stored = |error: StoreError| {
        Failure::new(Stop::Store, anyhow!(error).context(format!("the store in {}", dir.display())))
    };
    SignalLog::open(dir).map_err(stored)?;
    let mut centre = Centre::open(dir).map_err(stored)?;
    let at = now();
    let refused_row =
        |row: u64, error: &dyn std::fmt::Display| refused(anyhow!("nothing was imported: row {row}: {error}"));
    let compared = compare(&centre, rows, at).map_err(stored)?;
    let Compared { admissions, rows, imported } = compared.map_err(|(row, error)| refused_row(row, &error))?;
    if dry_run || admissions.is_empty() {
        return Ok(imported);
    }
    let change = Change { by: None, at, origin: format!("import {}", file.display()), reason: "import".to_owned() };
    centre.import(&admissions, &change).map_err(|error| match error {
        StoreError::Import { row, source } => refused_row(rows.get(row - 1).copied().unwrap_or_default(), &source),
        other => stored(other),
    })?;
    Ok(imported)
}

/// What is to be written.
struct Compared {
    /// The cards that differ from the file, as they are to be.
    admissions: Vec<Admission>,
    /// The row of the file that each of them stands in.
    rows: Vec<u64>,
    imported: Imported,
}

/// What differs, or the row that asks for what a card refuses.
fn compare(
    centre: &Centre,
    rows: Vec<Row>,
    at: Timestamp,
) -> Result<Result<Compared, (u64, anyhow::Error)>, StoreError> {
    let policy = centre.policy_in_force()?.unwrap_or_default();
    let cards: HashMap<AccountNumber, AccountCard> =
        centre.accounts()?.into_iter().map(|card| (card.account, card)).collect();
    let keys: HashMap<AccountNumber, AccountKey> = centre.account_keys()?.into_iter().collect();
    let mut imported = Imported::default();
    let (mut admissions, mut places) = (Vec::new(), Vec::new());
    for row in rows {
        let before = cards.get(&row.account);
        let known = before.cloned().unwrap_or_else(|| AccountCard::new(row.account, ""));
        let card = AccountCard {
            name: row.name,
            address: row.address,
            phone: row.phone,
            format: row.format.name().to_owned(),
            heartbeat_s: row.heartbeat_s,
            closed_at: None,
            test_interval_s: row.test_interval_s.unwrap_or(known.test_interval_s),
            schedule: row.schedule.unwrap_or_else(|| known.schedule.clone()),
            district: row.district.unwrap_or_else(|| known.district.clone()),
            feeder: row.feeder.unwrap_or_else(|| known.feeder.clone()),
            carrier: row.carrier.unwrap_or_else(|| known.carrier.clone()),
            site_type: row.site_type.unwrap_or_else(|| known.site_type.clone()),
            position: row.position.unwrap_or(known.position),
            sources: row.sources.unwrap_or_else(|| known.sources.clone()),
            users: row.users.unwrap_or_else(|| known.users.clone()),
            language: row.language.unwrap_or_else(|| known.language.clone()),
            ..known
        };
        let card = match row.contacts {
            Some(wanted) => card.calling(wanted),
            None => card,
        };
        let card = match card.saying(&row.codewords, || Ok(salt()?)) {
            Ok(card) => card,
            Err(error) => return Ok(Err((row.row, error))),
        };
        let card = match row.expectations {
            Some(wanted) => card.expecting(&wanted, at),
            None => card,
        };
        // What stands on the card already is not proposed a second time.
        let proposed = row.lowered.into_iter().filter(|proposal| !proposal.stands_on(&card)).collect::<Vec<_>>();
        let proposed = proposed.into_iter().try_fold(card, |card, proposal| card.propose(proposal, None, at, &policy));
        let card = match proposed {
            Ok(card) => card,
            Err(error) => return Ok(Err((row.row, error.into()))),
        };
        let key = row.key.unwrap_or_else(|| keys.get(&card.account).cloned());
        if before == Some(&card) && keys.get(&card.account) == key.as_ref() {
            imported.unchanged += 1;
            continue;
        }
        *(if before.is_some() { &mut imported.changed } else { &mut imported.new }) += 1;
        admissions.push(Admission { card, key });
        places.push(row.row);
    }
    Ok(Ok(Compared { admissions, rows: places, imported }))
}
