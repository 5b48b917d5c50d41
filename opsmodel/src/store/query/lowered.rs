//! The board of lowered protection: every account of which not all is watched, since when, by whom and why, who sees to it and by
//! when.

use alarmcore::{
    AccountState, CallResult, Expected, IncidentId, LoweredRules, OperatorId, Rank, Scope, Standing, TestId,
    TestReason, Timestamp,
};
use contactid::{AccountNumber, Class, Code};
use serde::Serialize;

use super::board::STATES;
use super::{DeadNumberRow, Reader, TestRow, spelling};
use crate::crm::AccountCard;
use crate::store::StoreError;

/// The cards with changes that nobody has reviewed, and the name of the first who changed something.
pub(super) const PENDING: &str = "SELECT a.body, o.name FROM account AS a INDEXED BY account_pending \
    LEFT JOIN operator AS o ON o.id = json_extract(a.body, '$.pending.by[0]') \
    WHERE a.pending_since IS NOT NULL";

/// One thing that lowers the protection of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoweredRow {
    /// The account.
    pub account: AccountNumber,
    /// The name on its card, where there is one.
    pub name: Option<String>,
    /// What lowers its protection.
    pub kind: LoweredKind,
    /// The code that reported it; `None` where the centre itself did it or found it.
    pub code: Option<Code>,
    /// Which zone, where the code names one; or which telephone number of the card.
    pub number: Option<u32>,
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// Until when, where it ends by itself.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub until: Option<Timestamp>,
    /// Who must see to it: whoever is at hand of this rank.
    pub owner_rank: Rank,
    /// Who of them, where it is one person's own.
    pub owner: Option<OperatorId>,
    /// Their name.
    pub owner_name: Option<String>,
    /// By when: when it ends by itself, or as the policy says.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub deadline: Option<Timestamp>,
    /// Who did it, of the centre's people.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// Who did it, of the panel's users.
    pub user: Option<u32>,
    /// Who asked the centre for it.
    pub asked_by: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<TestReason>,
    /// The centre's test.
    pub test: Option<TestId>,
    /// What that covers.
    pub scope: Option<Scope>,
    /// What the card expects and nobody misses meanwhile, by name.
    pub pauses: Vec<String>,
    /// Whose telephone number is dead, where it is a contact's.
    pub contact_name: Option<String>,
    /// What was found when it was dialled.
    pub result: Option<CallResult>,
    /// In which incident.
    pub incident: Option<IncidentId>,
}

/// What lowers the protection of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoweredKind {
    /// The centre has it on test: what it covers is logged and calls nobody.
    OnTest,
    /// Its line is silent: no heartbeat comes.
    Silent,
    /// The panel says that it is being tested.
    TestMode,
    /// A zone is bypassed.
    Bypassed,
    /// Its test report has not come in time.
    LateTest,
    /// A path has failed, as the panel says.
    PathFailed,
    /// Its card was changed, and nobody else has reviewed that.
    Unreviewed,
    /// A telephone number on its card turned out dead.
    DeadNumber,
}

impl LoweredKind {
    /// The word that it is sent as.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnTest => "on-test",
            Self::Silent => "silent",
            Self::TestMode => "test-mode",
            Self::Bypassed => "bypassed",
            Self::LateTest => "late-test",
            Self::PathFailed => "path-failed",
            Self::Unreviewed => "unreviewed",
            Self::DeadNumber => "dead-number",
        }
    }

    /// Who sees to it, and within how many seconds of its beginning; `None` for what has a deadline of its own.
    const fn rules(self, rules: &LoweredRules) -> (Rank, Option<u32>) {
        let LoweredRules { within_s, owner } = rules;
        match self {
            Self::OnTest => (owner.on_test, None),
            Self::Silent => (owner.silent, Some(within_s.silent)),
            Self::TestMode => (owner.test_mode, Some(within_s.test_mode)),
            Self::Bypassed => (owner.bypassed, Some(within_s.bypassed)),
            Self::LateTest => (owner.late_test, Some(within_s.late_test)),
            Self::PathFailed => (owner.path_failed, Some(within_s.path_failed)),
            Self::Unreviewed => (owner.unreviewed, Some(within_s.unreviewed)),
            Self::DeadNumber => (owner.dead_number, None),
        }
    }
}

impl LoweredRow {
    /// Is it past its deadline at `now`?
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// This row with who must see to it, and by when.
    fn under(mut self, rules: &LoweredRules) -> Self {
        let (rank, within_s) = self.kind.rules(rules);
        self.owner_rank = rank;
        self.deadline = self.deadline.or(self.until).or_else(|| {
            let within_s = within_s.filter(|within_s| *within_s > 0)?;
            Some(self.since.plus_secs(within_s))
        });
        self
    }
}

impl Reader {
    /// Everything that lowers the protection of an account, with who must see to it and by when: the first due first, and what has
    /// no deadline last.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn lowered(&self, rules: &LoweredRules) -> Result<Vec<LoweredRow>, StoreError> {
        let _snapshot = self.snapshot()?;
        let mut rows: Vec<LoweredRow> = self.open_tests()?.into_iter().map(on_test).collect();
        let mut statement = self.sql.prepare_cached(STATES)?;
        let mut states = statement.query([])?;
        while let Some(row) = states.next()? {
            let name: Option<String> = row.get(1)?;
            rows.extend(of_state(&spelling::json(row, 2)?, &name));
        }
        let mut statement = self.sql.prepare_cached(PENDING)?;
        let mut pending = statement.query([])?;
        while let Some(row) = pending.next()? {
            rows.push(unreviewed(&spelling::json(row, 0)?, row.get(1)?));
        }
        rows.extend(self.dead_numbers()?.into_iter().map(dead_number));
        let mut rows: Vec<LoweredRow> = rows.into_iter().map(|row| row.under(rules)).collect();
        rows.sort_by_key(|row| (row.deadline.is_none(), row.deadline, row.kind, row.since, row.account, row.number));
        Ok(rows)
    }
}

fn on_test(test: TestRow) -> LoweredRow {
    LoweredRow {
        until: Some(test.until),
        owner: test.by,
        owner_name: test.by_name.clone(),
        by: test.by,
        by_name: test.by_name,
        asked_by: test.asked_by,
        reason: Some(test.reason),
        test: Some(test.test),
        scope: Some(test.scope),
        pauses: test.pauses,
        ..lowered(test.account, test.account_name, LoweredKind::OnTest, test.started_at)
    }
}

fn of_state(state: &AccountState, name: &Option<String>) -> Vec<LoweredRow> {
    let whole = |kind, since| lowered(state.account, name.clone(), kind, since);
    let silent = state.silent_since.map(|since| whole(LoweredKind::Silent, since));
    let test_mode = state.test_mode_since.map(|since| whole(LoweredKind::TestMode, since));
    let bypassed = state.bypassed.iter().map(|zone| LoweredRow {
        code: Some(zone.code),
        number: zone.number,
        user: zone.by,
        ..whole(LoweredKind::Bypassed, zone.since)
    });
    let stands = |kind, standing: &Standing| LoweredRow {
        code: Some(standing.code),
        number: standing.number,
        ..whole(kind, standing.since)
    };
    let late = |standing: &&Standing| Expected::of(standing.code) == Some(Expected::Test);
    let late = state.missed.iter().filter(late).map(|standing| stands(LoweredKind::LateTest, standing));
    let failed = state.troubles.iter().filter(|trouble| trouble.class == Class::Communication);
    let failed = failed.map(|standing| stands(LoweredKind::PathFailed, standing));
    silent.into_iter().chain(test_mode).chain(bypassed).chain(late).chain(failed).collect()
}

fn unreviewed(card: &AccountCard, by_name: Option<String>) -> LoweredRow {
    let pending = card.pending.as_ref();
    let since = pending.map(|pending| pending.since).unwrap_or_default();
    let by = pending.and_then(|pending| pending.by.first().copied());
    LoweredRow { by, by_name, ..lowered(card.account, Some(card.name.clone()), LoweredKind::Unreviewed, since) }
}

fn dead_number(dead: DeadNumberRow) -> LoweredRow {
    LoweredRow {
        number: Some(dead.number.get()),
        deadline: Some(dead.due),
        contact_name: dead.contact_name,
        result: Some(dead.result),
        incident: Some(dead.incident),
        ..lowered(dead.account, Some(dead.name), LoweredKind::DeadNumber, dead.since)
    }
}

fn lowered(account: AccountNumber, name: Option<String>, kind: LoweredKind, since: Timestamp) -> LoweredRow {
    LoweredRow {
        account,
        name,
        kind,
        code: None,
        number: None,
        since,
        until: None,
        owner_rank: Rank::Operator,
        owner: None,
        owner_name: None,
        deadline: None,
        by: None,
        by_name: None,
        user: None,
        asked_by: None,
        reason: None,
        test: None,
        scope: None,
        pauses: Vec::new(),
        contact_name: None,
        result: None,
        incident: None,
    }
}
