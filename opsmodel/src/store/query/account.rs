//! Accounts: found by number or name, and everything that one account's page shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use alarmcore::{
    AccountState, AreaNames, ContactId, Expectation, Feature, OperatorId, Position, Schedule, Sources, Timestamp,
};
use contactid::AccountNumber;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Serialize, Serializer};

use super::{
    AgreedRow, IncidentFilter, IncidentRow, PanelUserRow, Reader, SignalFilter, SignalRow, TestRow, panel_users,
    spelling,
};
use crate::crm::{AccountCard, CardField, Contact, Zone};
use crate::store::StoreError;

/// An account as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// Its number.
    pub account: AccountNumber,
    /// The name on its card.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its telephone number.
    pub phone: String,
    /// Version of its card.
    pub version: u32,
    /// When the account was closed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub closed_at: Option<Timestamp>,
    /// Open incidents of it.
    pub open_incidents: u32,
    /// When it last reported an event.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub last_signal_at: Option<Timestamp>,
}

/// An account's card with its zones, the people to call, and how it stands. Codewords and keys are not in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountSheet {
    /// The card as lists show it.
    pub row: AccountRow,
    /// The site that it belongs to, by name; empty where it stands alone.
    pub site: String,
    /// How its panel speaks: `ADM-CID`, `SIA-DCS`.
    pub format: String,
    /// Seconds between two signs of life of its panel; `None` when it is not supervised.
    pub heartbeat_s: Option<u32>,
    /// How often its panel reports a test, in seconds; `None` when none is expected of it.
    pub test_interval_s: Option<u32>,
    /// When its people come and go, as one line; `None` when it has no hours.
    pub schedule: Option<Arc<Schedule>>,
    /// The users of its panel who may cancel an alarm; `None` when no such list is kept.
    pub cancel_users: Option<BTreeSet<u32>>,
    /// Those of them whose right waits for a review by another person, and counts only then.
    pub cancel_users_unreviewed: BTreeSet<u32>,
    /// The users of its panel by name.
    pub users: Vec<PanelUserRow>,
    /// From where its signals may come, as one line; `None` when no such list is kept.
    pub sources: Option<Arc<Sources>>,
    /// What else it is expected to send, each as one line.
    #[serde(serialize_with = "lines")]
    pub expectations: Option<Arc<Vec<Expectation>>>,
    /// Where it is, by a name that accounts share.
    pub district: Option<Arc<str>>,
    /// Which feeder of the mains it hangs on.
    pub feeder: Option<Arc<str>>,
    /// Who carries its line, by such a name.
    pub carrier: Option<Arc<str>>,
    /// What kind of site it is, by such a name.
    pub site_type: Option<Arc<str>>,
    /// The language that its people speak.
    pub language: Option<Arc<str>>,
    /// Where it lies.
    pub position: Option<Position>,
    /// Suspensions, log-only agreements and recurring tests, proposed ones and those that are over too.
    pub agreed: Vec<AgreedRow>,
    /// What whoever handles an alarm here must know.
    pub instructions: String,
    /// What of it was changed and nobody else has reviewed yet.
    pub pending: Option<Unreviewed>,
    /// Its zones, in the order of the card.
    pub zones: Vec<Zone>,
    /// The people to call, in the order to call them.
    pub contacts: Vec<ContactRow>,
    /// Do they take turns in being called first?
    pub rotate: bool,
    /// What the site has that rules ask for.
    pub features: BTreeSet<Feature>,
    /// What its signals say of it; `None` before its first signal.
    pub state: Option<AccountState>,
    /// The names of those who turned the areas of its state, in their order, as the card then had them.
    pub area_users: Vec<Option<String>>,
    /// The centre's test of it that is not over.
    pub test: Option<TestRow>,
}

impl AccountSheet {
    /// What of the card says what is expected of the account.
    pub fn desk_card(&self) -> alarmcore::AccountCard {
        alarmcore::AccountCard {
            heartbeat_s: self.heartbeat_s,
            test_interval_s: self.test_interval_s,
            schedule: self.schedule.clone(),
            expectations: self.expectations.clone(),
            lowerings: self.agreed.iter().filter_map(|one| one.lowering.clone()).collect(),
            site: Some(self.site.as_str()).filter(|site| !site.is_empty()).map(|site| Arc::new(site.to_owned())),
            areas: AreaNames { site_type: self.site_type.clone(), ..AreaNames::default() }.into(),
            ..alarmcore::AccountCard::new(self.row.account)
        }
    }
}

/// Changes of a card that wait for a review by another person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreviewed {
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// The version that a rejection puts back.
    pub base: u32,
    /// Who changed something: none of them can review it.
    pub by: Vec<OperatorId>,
    /// What, field by field.
    pub fields: Vec<FieldChange>,
}

/// One field that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Which.
    pub field: CardField,
    /// What stood there.
    pub old: String,
    /// What stands there now.
    pub new: String,
}

/// A person to call. Whether there is a codeword is told, the codeword is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactRow {
    /// Their number on the card.
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their telephone number.
    pub phone: String,
    /// Further numbers, to be tried after the first.
    pub phones: Vec<String>,
    /// When they may be called, as one line; `None` for always.
    pub available: Option<Arc<Schedule>>,
    /// They are not to be called before this time.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub not_before: Option<Timestamp>,
    /// What they are to the account, such as keyholder.
    pub role: String,
    /// Whether they may say that the site is closed later than its hours.
    pub closes_late: bool,
    /// Whether they have a codeword to answer with.
    pub has_codeword: bool,
    /// The line that a form of the card has of them.
    #[serde(skip)]
    pub line: String,
}

/// Everything that an account's page shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountPage {
    /// Card, zones, contacts and state.
    pub sheet: AccountSheet,
    /// Its last 50 signals, newest first.
    pub signals: Vec<SignalRow>,
    /// Its last 50 incidents, newest first.
    pub incidents: Vec<IncidentRow>,
    /// How many of them are not shown to whoever asks: they wait in a queue that is only for others.
    pub hidden: u32,
    /// Its last 20 tests, newest first.
    pub tests: Vec<TestRow>,
    /// Changes of its card, newest first.
    pub history: Vec<CardChange>,
}

/// A change of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardChange {
    /// What was changed: `account`, `operator`, or `account-key` and `password` (of which only a fingerprint is known here).
    pub card: String,
    /// The version that it made.
    pub version: u32,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Who changed it; `None` when the centre did, as in an import.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// From where.
    pub origin: String,
    /// Why.
    pub reason: String,
}

macro_rules! account_row {
    ($rest:literal) => {
        concat!(
            "SELECT a.account, a.name, a.address, a.phone, a.version, a.closed_at, ",
            "(SELECT count(*) FROM incident AS i INDEXED BY incident_account ",
            "WHERE i.account = a.account AND i.closed_at IS NULL), ",
            "(SELECT s.last_signal_at FROM account_state AS s WHERE s.account = a.account), a.body FROM account AS a ",
            $rest
        )
    };
}

/// `instr` takes the words as they are: `%` and `_` mean themselves.
pub(super) const FOUND: &str = account_row!(
    "WHERE a.account > ?2 AND (?1 = '' OR instr(a.account, upper(?1)) = 1 \
     OR instr(lower(a.name), lower(?1)) > 0 OR instr(lower(a.address), lower(?1)) > 0) ORDER BY a.account LIMIT ?3"
);
pub(super) const ONE: &str = account_row!("WHERE a.account = ?1");
pub(super) const CARD: &str = "SELECT body FROM account WHERE account = ?1";
/// A card as one version of it was.
pub(super) const VERSION: &str = "SELECT after FROM card_history INDEXED BY card_history_card \
    WHERE card = 'account' AND key = ?1 AND version = ?2";
pub(super) const STATE: &str = "SELECT body FROM account_state WHERE account = ?1";
pub(super) const HISTORY: &str = "SELECT h.card, h.version, h.at, h.by_id, o.name, h.origin, h.reason \
    FROM card_history AS h INDEXED BY card_history_card LEFT JOIN operator AS o ON o.id = h.by_id \
    WHERE h.card IN ('account', 'account-key') AND h.key = ?1 ORDER BY h.at DESC, h.seq DESC LIMIT 200";

impl Reader {
    fn at_version(&self, account: AccountNumber, version: u32) -> Result<AccountCard, StoreError> {
        let mut statement = self.sql.prepare_cached(VERSION)?;
        Ok(statement.query_row(params![account.as_str(), version], |row| spelling::json(row, 0))?)
    }

    fn unreviewed(&self, card: &AccountCard) -> Result<Option<Unreviewed>, StoreError> {
        let Some(pending) = &card.pending else { return Ok(None) };
        let base = self.at_version(card.account, pending.base)?;
        let change = |field: CardField| FieldChange { field, old: field.text(&base), new: field.text(card) };
        Ok(Some(Unreviewed {
            since: pending.since,
            base: pending.base,
            by: pending.by.iter().copied().collect(),
            fields: pending.fields.iter().copied().map(change).collect(),
        }))
    }

    /// Accounts in the order of their numbers: those whose number begins with `search`, or whose name or address
    /// contains it; all of them when it is empty. Reads on after the account `after`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn accounts(
        &self,
        search: &str,
        after: Option<AccountNumber>,
        limit: usize,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let after = after.map(|account| account.to_string()).unwrap_or_default();
        let mut statement = self.sql.prepare_cached(FOUND)?;
        let rows = statement.query_map(params![search, after, spelling::limit(limit)], account_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Everything that an account's page shows; `None` when there is no card.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn account(&self, account: AccountNumber) -> Result<Option<AccountPage>, StoreError> {
        let _snapshot = self.snapshot()?;
        let Some(sheet) = self.account_sheet(account)? else { return Ok(None) };
        let signals = self.signals_of(account, 50)?;
        let filter = IncidentFilter { account: Some(account), ..IncidentFilter::default() };
        let incidents = self.incidents(&filter, None, 50)?;
        let mut statement = self.sql.prepare_cached(HISTORY)?;
        let history = statement.query_map([account.as_str()], card_change)?.collect::<Result<_, _>>()?;
        let tests = self.tests_of(account, 20)?;
        Ok(Some(AccountPage { sheet, signals, incidents, hidden: 0, tests, history }))
    }

    /// An account's card with zones, contacts and state; `None` when there is no card.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn account_sheet(&self, account: AccountNumber) -> Result<Option<AccountSheet>, StoreError> {
        let number = [account.as_str()];
        let found = self
            .sql
            .prepare_cached(ONE)?
            .query_row(number, |row| Ok((account_row(row)?, spelling::json::<AccountCard>(row, 8)?)))
            .optional()?;
        let Some((row, card)) = found else { return Ok(None) };
        let state = self.sql.prepare_cached(STATE)?.query_row(number, |row| spelling::json(row, 0)).optional()?;
        let areas = state.iter().flat_map(|state: &AccountState| &state.areas);
        let turned = areas.map(|area| area.by.map_or(Ok(None), |user| self.user_name(account, user, area.since)));
        let area_users = turned.collect::<Result<_, _>>()?;
        let pending = self.unreviewed(&card)?;
        let (cancel_users, users) = (card.cancelling(), panel_users::rows(&card));
        let cancel_users_unreviewed = card.waiting_to_cancel();
        Ok(Some(AccountSheet {
            row,
            pending,
            site: card.site,
            format: card.format,
            heartbeat_s: card.heartbeat_s,
            test_interval_s: card.test_interval_s,
            schedule: card.schedule,
            cancel_users,
            cancel_users_unreviewed,
            users,
            sources: card.sources,
            expectations: card.expectations,
            district: card.district,
            feeder: card.feeder,
            carrier: card.carrier,
            site_type: card.site_type,
            language: card.language,
            position: card.position,
            agreed: self.agreed_rows(card.agreed.as_deref().map_or(&[], |agreed| agreed.as_slice()))?,
            instructions: card.instructions,
            zones: card.zones,
            contacts: card.contacts.into_iter().map(contact_row).collect(),
            rotate: card.rotate,
            features: card.features,
            state,
            area_users,
            test: self.tests_of(account, 1)?.into_iter().find(|test| test.ended_at.is_none()),
        }))
    }

    /// An account's whole card. It holds the digests of its codewords: for deciding, not for showing.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn account_card(&self, account: AccountNumber) -> Result<Option<AccountCard>, StoreError> {
        let mut statement = self.sql.prepare_cached(CARD)?;
        Ok(statement.query_row([account.as_str()], |row| spelling::json(row, 0)).optional()?)
    }

    /// The same, and with it the card as it was before what waits of its call list for a review, where something does: by both of them
    /// a word that somebody says is [judged](AccountCard::judge).
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn judging_cards(
        &self,
        account: AccountNumber,
    ) -> Result<Option<(AccountCard, Option<AccountCard>)>, StoreError> {
        let _snapshot = self.snapshot()?;
        let Some(card) = self.account_card(account)? else { return Ok(None) };
        let waits = card.pending.as_ref().filter(|pending| pending.fields.contains(&CardField::Contacts));
        let reviewed = waits.map(|pending| self.at_version(account, pending.base)).transpose()?;
        Ok(Some((card, reviewed)))
    }

    /// An account's last signals, newest first.
    pub(super) fn signals_of(&self, account: AccountNumber, limit: usize) -> Result<Vec<SignalRow>, StoreError> {
        let filter = SignalFilter { account: Some(account), ..SignalFilter::default() };
        Ok(self.signals(&filter, None, limit)?.rows)
    }
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        account: spelling::account(row, 0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        phone: row.get(3)?,
        version: row.get(4)?,
        closed_at: spelling::moment_or_null(row, 5)?,
        open_incidents: row.get(6)?,
        last_signal_at: spelling::moment_or_null(row, 7)?,
    })
}

fn lines<S: Serializer>(all: &Option<Arc<Vec<Expectation>>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(all.iter().flat_map(|all| all.iter()).map(ToString::to_string))
}

pub(super) fn contact_row(contact: Contact) -> ContactRow {
    ContactRow {
        line: contact.to_string(),
        phones: contact.phones,
        available: contact.available,
        not_before: contact.not_before,
        contact: contact.id,
        name: contact.name,
        phone: contact.phone,
        role: contact.role,
        closes_late: contact.closes_late,
        has_codeword: contact.codeword.is_some(),
    }
}

pub(super) fn card_change(row: &Row<'_>) -> rusqlite::Result<CardChange> {
    Ok(CardChange {
        card: row.get(0)?,
        version: row.get(1)?,
        at: spelling::moment(row, 2)?,
        by: row.get::<_, Option<u32>>(3)?.map(OperatorId::new),
        by_name: row.get(4)?,
        origin: row.get(5)?,
        reason: row.get(6)?,
    })
}
