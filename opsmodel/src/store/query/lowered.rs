//! The board of lowered protection: every account of which not all is watched, since when, by whom and why, who sees to it and by
//! when.

mod overridden;

use alarmcore::{
    AccountState, Assigned, Assignee, CallResult, ContactId, Expected, FollowUpId, IncidentId, Lang, LateClosing,
    Lowered, LoweredKind, LoweredRules, LoweredThing, LoweringStage, Lowers, OperatorId, Policy, Rank, Runaway, Scope,
    SignalId, Standing, TestId, TestReason, Timestamp,
};
use std::collections::BTreeMap;

use contactid::{AccountNumber, Class, Code};
use serde::Serialize;

use super::handover::STATES;
use super::{DeadNumberRow, Reader, TestRow, spelling};
use crate::crm::{AccountCard, Agreed};
use crate::store::{StoreError, project};

/// The cards with changes that nobody has reviewed, and the name of the first who changed something.
pub(super) const PENDING: &str = "SELECT a.body, o.name FROM account AS a INDEXED BY account_pending \
    LEFT JOIN operator AS o ON o.id = json_extract(a.body, '$.pending.by[0]') \
    WHERE a.pending_since IS NOT NULL";

/// The accounts with suspensions or agreements in force, with late closings, whose panels run away, or with rows that are somebody's
/// own; and their cards.
pub(super) const OPEN: &str = "SELECT l.body, a.body FROM lowered AS l INDEXED BY lowered_open \
    LEFT JOIN account AS a ON a.account = l.account AND a.closed_at IS NULL WHERE l.open > 0";

/// One thing that lowers the protection of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoweredRow {
    /// The account; `None` of an override of the policy, which covers several.
    pub account: Option<AccountNumber>,
    /// The name on its card, where there is one; of an override, whom it covers.
    pub name: Option<String>,
    /// What lowers its protection.
    pub kind: LoweredKind,
    /// The code that reported it; `None` where the centre itself did it or found it.
    pub code: Option<Code>,
    /// Which zone, where the code names one; or which telephone number, suspension, agreement or recurring test of the card, or
    /// which group.
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
    /// From when on it is said that it ends soon, or should be seen to soon: by the policy, as whoever is warned of it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub warn_at: Option<Timestamp>,
    /// Who did it, of the centre's people.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// Who did it, of the panel's users.
    pub user: Option<u32>,
    /// Their name, as the account's card then had it.
    pub user_name: Option<String>,
    /// Who asked the centre for it.
    pub asked_by: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<TestReason>,
    /// The centre's test.
    pub test: Option<TestId>,
    /// What that covers.
    pub scope: Option<Scope>,
    /// Of the centre's test: for how many seconds the account was on test before, where that ended so lately that this goes on from it.
    pub before_s: u32,
    /// What the card expects and nobody misses meanwhile, by name.
    pub pauses: Vec<String>,
    /// Whose telephone number is dead, where it is a contact's.
    pub contact_name: Option<String>,
    /// What was found when it was dialled.
    pub result: Option<CallResult>,
    /// In which incident; of a panel that runs away, the one that tells of it.
    pub incident: Option<IncidentId>,
    /// Of a panel that runs away, its repair order.
    pub follow_up: Option<FollowUpId>,
    /// Of a late closing, the signal by which it was missed: what an answer names.
    pub closing: Option<SignalId>,
    /// Of a late closing, who may answer.
    pub may_answer: Vec<MayAnswer>,
    /// What a suspension or an agreement lowers, in English; of a late closing, how far it has come.
    pub what_en: Option<String>,
    /// The same in Chinese.
    pub what_zh: Option<String>,
    /// Why it was agreed to, in the words of who proposed it.
    pub why: Option<String>,
    /// The written agreement with the subscriber.
    pub agreement: Option<String>,
    /// Who else agreed.
    pub approved_by: Option<OperatorId>,
    /// Their name.
    pub approved_by_name: Option<String>,
    /// Who gave the row to its owner, where somebody did.
    pub assigned_by: Option<OperatorId>,
    /// Their name.
    pub assigned_by_name: Option<String>,
    /// When.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub assigned_at: Option<Timestamp>,
}

/// Somebody who may say that a site is closed later than its hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MayAnswer {
    /// Their number on the card.
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their telephone number.
    pub phone: String,
}

/// Who sees to it, and within how many seconds of its beginning; `None` for what has a deadline of its own.
const fn rules_of(kind: LoweredKind, rules: &LoweredRules) -> (Rank, Option<u32>) {
    let LoweredRules { within_s, owner, .. } = rules;
    match kind {
        LoweredKind::OnTest | LoweredKind::RecurringTest => (owner.on_test, None),
        LoweredKind::Silent => (owner.silent, Some(within_s.silent)),
        LoweredKind::TestMode => (owner.test_mode, Some(within_s.test_mode)),
        LoweredKind::Bypassed => (owner.bypassed, Some(within_s.bypassed)),
        LoweredKind::LateTest => (owner.late_test, Some(within_s.late_test)),
        LoweredKind::PathFailed => (owner.path_failed, Some(within_s.path_failed)),
        LoweredKind::Unreviewed => (owner.unreviewed, Some(within_s.unreviewed)),
        LoweredKind::DeadNumber => (owner.dead_number, None),
        LoweredKind::Suspended => (owner.suspended, None),
        LoweredKind::LogOnly => (owner.log_only, None),
        LoweredKind::LateClosing => (owner.late_closing, None),
        LoweredKind::NotClosed => (owner.not_closed, Some(within_s.not_closed)),
        LoweredKind::Runaway => (owner.runaway, Some(within_s.runaway)),
        LoweredKind::Overridden => (owner.overridden, None),
    }
}

impl LoweredRow {
    /// Is it past its deadline at `now`?
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// Does it end soon at `now`, or should it be seen to soon?
    pub fn ends_soon(&self, now: Timestamp) -> bool {
        self.warn_at.is_some_and(|warn_at| warn_at <= now) && !self.overdue(now)
    }

    /// What it is known by when it is given to somebody.
    pub const fn thing(&self) -> LoweredThing {
        LoweredThing { kind: self.kind, code: self.code, number: self.number, since: self.since }
    }

    /// This row as it is, when somebody gave it to somebody.
    fn assigned(mut self, assigned: &Assigned, people: &BTreeMap<OperatorId, String>) -> Self {
        let name = |id: &OperatorId| people.get(id).cloned();
        match assigned.to {
            Assignee::Operator(owner) => (self.owner, self.owner_name) = (Some(owner), name(&owner)),
            Assignee::Rank(rank) => {
                (self.owner, self.owner_name, self.owner_rank) = (None, None, rank);
            }
        }
        self.assigned_by = assigned.by;
        self.assigned_by_name = assigned.by.as_ref().and_then(name);
        self.assigned_at = Some(assigned.at);
        self
    }

    /// This row with who must see to it, and by when.
    fn under(mut self, policy: &Policy) -> Self {
        let (rank, within_s) = rules_of(self.kind, &policy.lowered);
        self.owner_rank = rank;
        self.deadline = self.deadline.or(self.until).or_else(|| {
            let within_s = within_s.filter(|within_s| *within_s > 0)?;
            Some(self.since.plus_secs(within_s))
        });
        self.warn_at = self.warn_at.or_else(|| policy.warn_at(self.kind, self.since, self.deadline?));
        self
    }
}

impl Reader {
    /// Everything that lowers the protection of an account, with who must see to it and by when: the first due first, and what has
    /// no deadline last.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn lowered(&self, policy: &Policy) -> Result<Vec<LoweredRow>, StoreError> {
        let _snapshot = self.snapshot()?;
        let mut rows: Vec<LoweredRow> = self.open_tests()?.into_iter().map(on_test).collect();
        let mut statement = self.sql.prepare_cached(STATES)?;
        let mut states = statement.query([])?;
        while let Some(row) = states.next()? {
            let name: Option<String> = row.get(1)?;
            for row in of_state(&spelling::json(row, 2)?, &name) {
                let named = |(account, user)| self.user_name(account, user, row.since);
                let user = row.account.zip(row.user).map(named).transpose()?;
                rows.push(LoweredRow { user_name: user.flatten(), ..row });
            }
        }
        let mut statement = self.sql.prepare_cached(PENDING)?;
        let mut pending = statement.query([])?;
        while let Some(row) = pending.next()? {
            rows.push(unreviewed(&spelling::json(row, 0)?, row.get(1)?));
        }
        rows.extend(self.dead_numbers()?.into_iter().map(dead_number));
        let people = self.people()?;
        let mut kept: BTreeMap<AccountNumber, Lowered> = BTreeMap::new();
        let mut statement = self.sql.prepare_cached(OPEN)?;
        let mut open = statement.query([])?;
        while let Some(row) = open.next()? {
            let lowered: Lowered = spelling::json(row, 0)?;
            let card: Option<AccountCard> =
                row.get::<_, Option<String>>(1)?.map(|_| spelling::json(row, 1)).transpose()?;
            rows.extend(card.iter().flat_map(|card| agreed(card, &lowered, &people)));
            rows.extend(late(card.as_ref(), &lowered));
            rows.extend(runs_away(card.as_ref(), &lowered));
            kept.insert(lowered.account, lowered);
        }
        // While its people are asked, that is the row.
        let asked = |row: &LoweredRow| {
            let closings = row.account.and_then(|account| kept.get(&account)).map(|lowered| lowered.closings.iter());
            closings.into_iter().flatten().any(|closing| closing.group.map(u32::from) == row.number)
        };
        rows.retain(|row| row.kind != LoweredKind::NotClosed || !asked(row));
        let owned = |row: LoweredRow| {
            let row = row.under(policy);
            let kept = row.account.and_then(|account| kept.get(&account));
            let given = kept.and_then(|lowered| lowered.assigned(&row.thing())).copied();
            given.map_or_else(|| row.clone(), |assigned| row.clone().assigned(&assigned, &people))
        };
        let mut rows: Vec<LoweredRow> = rows.into_iter().map(owned).collect();
        rows.extend(self.overridden(policy, &people)?);
        rows.sort_by_key(|row| (row.deadline.is_none(), row.deadline, row.kind, row.since, row.account, row.number));
        Ok(rows)
    }
}

impl Reader {
    /// The late closing of an account that this signal reported, where it is not over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn late_closing(&self, account: AccountNumber, signal: SignalId) -> Result<Option<LateClosing>, StoreError> {
        let lowered = project::lowered(&self.sql, account)?;
        Ok(lowered.and_then(|lowered| lowered.closing(signal).cloned()))
    }
}

fn on_test(test: TestRow) -> LoweredRow {
    LoweredRow {
        number: test.agreed,
        why: test.agreed.and(test.note),
        until: Some(test.until),
        warn_at: Some(test.warn_at),
        owner: test.by,
        owner_name: test.by_name.clone(),
        by: test.by,
        by_name: test.by_name,
        asked_by: test.asked_by,
        reason: Some(test.reason),
        test: Some(test.test),
        scope: Some(test.scope),
        before_s: test.before_s,
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
    let late = state.missed.iter().filter_map(|standing| match Expected::of(standing.code)? {
        Expected::Test => Some(stands(LoweredKind::LateTest, standing)),
        Expected::Closing => {
            Some(LoweredRow { number: standing.group.map(u32::from), ..stands(LoweredKind::NotClosed, standing) })
        }
        Expected::Heartbeat | Expected::Opening | Expected::Event => None,
    });
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

/// The suspensions and agreements that are in force. Of a recurring test, a row is each of its tests while it goes on.
fn agreed(card: &AccountCard, lowered: &Lowered, people: &BTreeMap<OperatorId, String>) -> Vec<LoweredRow> {
    let running = |one: &&Agreed| {
        let tests = matches!(one.lowers, Lowers::RecurringTest(_));
        !tests && lowered.stages.get(&one.number).is_some_and(|stage| *stage != LoweringStage::Ended)
    };
    let row = |one: &Agreed| {
        let desk = one.desk_lowering()?;
        let approved_by = one.approved.map(|approved| approved.by);
        let name = |id: OperatorId| people.get(&id).cloned();
        let pauses = card.expected().iter().filter(|expectation| expectation.is_lowered_by(&desk));
        Some(LoweredRow {
            pauses: pauses.map(|expectation| expectation.name().to_owned()).collect(),
            number: Some(one.number),
            until: Some(one.until),
            by: one.by,
            by_name: one.by.and_then(name),
            what_en: Some(one.what(Lang::En)),
            what_zh: Some(one.what(Lang::Zh)),
            why: Some(one.reason.clone()),
            agreement: Some(one.agreement.clone()).filter(|paper| !paper.is_empty()),
            approved_by,
            approved_by_name: approved_by.and_then(name),
            ..self::lowered(card.account, Some(card.name.clone()), desk.lowers.kind(), desk.from)
        })
    };
    card.agreed().iter().filter(running).filter_map(row).collect()
}

/// The people of a card who may say that it is closed later than its hours.
fn may_answer(card: &AccountCard) -> impl Iterator<Item = MayAnswer> {
    card.contacts.iter().filter(|contact| contact.closes_late).map(|contact| MayAnswer {
        contact: contact.id,
        name: contact.name.clone(),
        phone: contact.phone.clone(),
    })
}

/// The groups that are late to close and of which somebody was asked.
fn late<'a>(card: Option<&'a AccountCard>, lowered: &'a Lowered) -> impl Iterator<Item = LoweredRow> + use<'a> {
    lowered.closings.iter().map(move |closing| {
        let group = |lang| match (closing.group, lang) {
            (None, _) => String::new(),
            (Some(group), Lang::En) => format!(", group {group}"),
            (Some(group), Lang::Zh) => format!(",分区 {group}"),
        };
        let what = |lang| Some(format!("{}{}", closing.stage.label(lang), group(lang)));
        LoweredRow {
            until: Some(closing.until),
            what_en: what(Lang::En),
            what_zh: what(Lang::Zh),
            closing: Some(closing.signal),
            number: closing.group.map(u32::from),
            may_answer: card.into_iter().flat_map(may_answer).collect(),
            ..self::lowered(
                lowered.account,
                card.map(|card| card.name.clone()),
                LoweredKind::LateClosing,
                closing.since,
            )
        }
    })
}

/// The panel that runs away, from the signal that was one too many to its silence.
fn runs_away(card: Option<&AccountCard>, lowered: &Lowered) -> Option<LoweredRow> {
    let Runaway { since, incident, order, .. } = *lowered.running()?;
    Some(LoweredRow {
        incident: Some(incident),
        follow_up: order,
        ..self::lowered(lowered.account, card.map(|card| card.name.clone()), LoweredKind::Runaway, since)
    })
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
    row(Some(account), name, kind, since)
}

fn row(account: Option<AccountNumber>, name: Option<String>, kind: LoweredKind, since: Timestamp) -> LoweredRow {
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
        warn_at: None,
        by: None,
        by_name: None,
        user: None,
        user_name: None,
        asked_by: None,
        reason: None,
        test: None,
        scope: None,
        before_s: 0,
        pauses: Vec::new(),
        contact_name: None,
        result: None,
        incident: None,
        follow_up: None,
        closing: None,
        may_answer: Vec::new(),
        what_en: None,
        what_zh: None,
        why: None,
        agreement: None,
        approved_by: None,
        approved_by_name: None,
        assigned_by: None,
        assigned_by_name: None,
        assigned_at: None,
    }
}
