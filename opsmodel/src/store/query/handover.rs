//! The list that one shift hands to the next.

use alarmcore::{
    AccountState, Authority, HandOff, HandOffState, Incident, IncidentId, LoweredKind, Policy, Priority, Timestamp,
};
use contactid::{AccountNumber, Class};
use serde::Serialize;

use super::{FollowUpRow, IncidentRow, LoweredRow, Queue, Reader, StormRow, TestRow, UnmatchedRow, spelling};
use crate::store::StoreError;

/// What the next shift must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// The last journal entry that this answer knows of.
    pub as_of: u64,
    /// Open incidents, in the order of the queue.
    pub open: Vec<IncidentRow>,
    /// How many open incidents are not shown to whoever asks: they wait in a queue that is only for others.
    pub hidden: u32,
    /// Accounts that the centre has on test, the next to end first.
    pub on_test: Vec<TestRow>,
    /// Hand-offs of the open incidents that have not ended, in the order of the incidents; then those of closed ones where an answer
    /// of a machine is awaited: whether they take it, or whether they cancel.
    pub hand_offs: Vec<HandedRow>,
    /// Follow-ups that are not done, the next one due first.
    pub follow_ups: Vec<FollowUpRow>,
    /// The storms that are not over, with what is left to catch up on.
    pub storms: Vec<StormRow>,
    /// Accounts that are not as they should be, by account, then by reason in the order of [`HandoverReason`].
    pub accounts: Vec<HandoverAccount>,
    /// What lowers protection besides: the rows of the board that neither `on_test` nor `accounts` says.
    pub lowered: Vec<LoweredRow>,
    /// What came from outside that has no place at the desk and that nobody has seen, the newest first.
    pub unmatched: Vec<UnmatchedRow>,
}

/// A hand-off that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HandedRow {
    /// The incident.
    pub incident: IncidentId,
    /// Its account, where it has one.
    pub account: Option<AccountNumber>,
    /// When the incident was closed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub closed_at: Option<Timestamp>,
    /// Which hand-off of it, counted from 1.
    pub number: u16,
    /// To whom.
    pub to: Authority,
    /// Where it stands.
    pub state: HandOffState,
    /// When they were asked to cancel.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub cancel_asked_at: Option<Timestamp>,
    /// Since when somebody is to come after all.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub needed_since: Option<Timestamp>,
}

/// Something about an account that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandoverAccount {
    /// The account.
    pub account: AccountNumber,
    /// The name on its card, where there is one.
    pub name: Option<String>,
    /// What is the matter.
    pub reason: HandoverReason,
    /// The code that reported it; `None` where the account as a whole is meant.
    pub code: Option<contactid::Code>,
    /// Which zone or part, where the code names one.
    pub number: Option<u32>,
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
}

/// Why an account is on the hand-over list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandoverReason {
    /// A zone reported an alarm and no restore.
    Unrestored,
    /// A zone is bypassed.
    Bypassed,
    /// It runs on its battery: mains power is off.
    OnBattery,
    /// Its battery is low or missing.
    BatteryLow,
    /// Its line is silent: no heartbeat comes.
    LinkLost,
    /// Any other fault that was reported and not restored.
    Trouble,
    /// The panel says that the installation is being tested.
    OnTest,
}

impl HandoverReason {
    /// Its word in lists and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unrestored => "unrestored",
            Self::Bypassed => "bypassed",
            Self::OnBattery => "on-battery",
            Self::BatteryLow => "battery-low",
            Self::LinkLost => "link-lost",
            Self::Trouble => "trouble",
            Self::OnTest => "on-test",
        }
    }
}

/// The states that the index holds: those that are not in order.
pub(super) const STATES: &str = "SELECT s.account, a.name, s.body FROM account_state AS s INDEXED BY account_state_standing \
    LEFT JOIN account AS a ON a.account = s.account \
    WHERE json_array_length(s.body, '$.alarms') + json_array_length(s.body, '$.bypassed') \
        + json_array_length(s.body, '$.troubles') + coalesce(json_array_length(s.body, '$.missed'), 0) > 0 \
        OR json_extract(s.body, '$.test_mode_since') IS NOT NULL OR json_extract(s.body, '$.silent_since') IS NOT NULL \
    ORDER BY s.account";

/// The open incidents that were handed to somebody, or whose customer was asked, in the order of the queue.
pub(super) const HANDED_OPEN: &str = "SELECT body FROM incident INDEXED BY incident_open \
    WHERE closed_at IS NULL AND (json_array_length(body, '$.hand_offs') > 0 OR json_extract(body, '$.first_contact') IS NOT NULL) \
    ORDER BY priority, opened_at, id";

/// The closed ones of which a last word is awaited.
pub(super) const HANDED_CLOSED: &str = "SELECT body FROM incident INDEXED BY incident_followed \
    WHERE followed_until IS NOT NULL AND closed_at IS NOT NULL ORDER BY followed_until, id";

impl Reader {
    /// What the next shift must know, under the policy that is in force.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn handover(&self, policy: &Policy) -> Result<Handover, StoreError> {
        let queue = self.queue()?;
        let mut statement = self.sql.prepare_cached(STATES)?;
        let mut states = statement.query([])?;
        let mut accounts = Vec::new();
        while let Some(row) = states.next()? {
            let name: Option<String> = row.get(1)?;
            unfinished(&spelling::json(row, 2)?, &name, &mut accounts);
        }
        let Queue { as_of, rows: open, storms, .. } = queue;
        let (on_test, follow_ups, hand_offs) = (self.open_tests()?, self.open_follow_ups()?, self.handed()?);
        let mut lowered = self.lowered(policy)?;
        lowered.retain(|row| !is_said(row.kind));
        // What nobody has seen comes first.
        let mut unmatched = self.unmatched(usize::try_from(self.unseen()?).unwrap_or(usize::MAX))?;
        unmatched.retain(|row| row.seen_at.is_none());
        Ok(Handover { as_of, open, hidden: 0, on_test, hand_offs, follow_ups, storms, accounts, lowered, unmatched })
    }

    /// How urgent the most urgent open incident is that was handed to somebody, or whose customer was asked, and that `awaits` somebody.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn most_urgent_told(&self, awaits: impl Fn(&Incident) -> bool) -> Result<Option<Priority>, StoreError> {
        let mut statement = self.sql.prepare_cached(HANDED_OPEN)?;
        let mut incidents = statement.query([])?;
        while let Some(row) = incidents.next()? {
            let incident: Incident = spelling::json(row, 0)?;
            if awaits(&incident) {
                return Ok(Some(incident.priority));
            }
        }
        Ok(None)
    }

    fn handed(&self) -> Result<Vec<HandedRow>, StoreError> {
        let mut rows = Vec::new();
        for text in [HANDED_OPEN, HANDED_CLOSED] {
            let mut statement = self.sql.prepare_cached(text)?;
            let mut incidents = statement.query([])?;
            while let Some(row) = incidents.next()? {
                let incident: Incident = spelling::json(row, 0)?;
                let closed = incident.is_closed();
                let awaited = |hand_off: &HandOff| hand_off.is_open() || hand_off.is_called_off();
                let shown = |hand_off: &&HandOff| !hand_off.state().is_end() && (!closed || awaited(hand_off));
                rows.extend(incident.hand_offs.iter().filter(shown).map(|hand_off| HandedRow {
                    incident: incident.id,
                    account: incident.account,
                    closed_at: incident.closed_at,
                    number: hand_off.number,
                    to: hand_off.to,
                    state: hand_off.state(),
                    cancel_asked_at: hand_off.cancel_asked_at,
                    needed_since: hand_off.needed_since.filter(|_| !closed && incident.is_needed(hand_off.to)),
                }));
            }
        }
        Ok(rows)
    }
}

/// Does another part of the list say what a row of the board of this kind says?
const fn is_said(kind: LoweredKind) -> bool {
    match kind {
        LoweredKind::OnTest
        | LoweredKind::Silent
        | LoweredKind::TestMode
        | LoweredKind::Bypassed
        | LoweredKind::PathFailed => true,
        LoweredKind::RecurringTest
        | LoweredKind::LateTest
        | LoweredKind::Unreviewed
        | LoweredKind::DeadNumber
        | LoweredKind::Suspended
        | LoweredKind::LogOnly
        | LoweredKind::LateClosing
        | LoweredKind::NotClosed
        | LoweredKind::Runaway
        | LoweredKind::Overridden => false,
    }
}

fn unfinished(state: &AccountState, name: &Option<String>, list: &mut Vec<HandoverAccount>) {
    let first = list.len();
    let lasting = [
        (&state.alarms, Some(HandoverReason::Unrestored)),
        (&state.bypassed, Some(HandoverReason::Bypassed)),
        (&state.troubles, None),
    ];
    for (standing, reason) in lasting.iter().flat_map(|(all, reason)| all.iter().map(move |one| (one, *reason))) {
        list.push(HandoverAccount {
            account: state.account,
            name: name.clone(),
            reason: reason.unwrap_or(match standing.class {
                Class::MainsPower => HandoverReason::OnBattery,
                Class::Battery => HandoverReason::BatteryLow,
                _ => HandoverReason::Trouble,
            }),
            code: Some(standing.code),
            number: standing.number,
            since: standing.since,
        });
    }
    let whole = [(HandoverReason::LinkLost, state.silent_since), (HandoverReason::OnTest, state.test_mode_since)];
    list.extend(whole.into_iter().filter_map(|(reason, since)| {
        let (account, name) = (state.account, name.clone());
        since.map(|since| HandoverAccount { account, name, reason, code: None, number: None, since })
    }));
    list[first..].sort_by_key(|row| (row.reason, row.since, row.number));
}
