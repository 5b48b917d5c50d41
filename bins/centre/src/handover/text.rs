//! What both sign at the change of shift, in words: whatever changes of it makes another list.

use std::collections::BTreeSet;

use alarmcore::Timestamp;
use opsmodel::store::query::{FollowUpRow, HandedRow, Handover, HandoverAccount, IncidentRow, LoweredRow, TestRow};
use sha2::{Digest, Sha256};

/// The digest of what is signed: of everything that the list says, in words.
pub fn digest(list: &Handover) -> String {
    digest_of(&text(list))
}

pub(super) fn digest_of(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is signed, a line each: which incidents are open, whose they are and what, how urgent, where they stand and in whose hands; how
/// many more wait in queues that are only for others; what is with authorities, and what is awaited of them after the closing; what is to be followed up; what is on test; which storms
/// go on and what is left of them; what is the matter with accounts; what else lowers protection; and what came from outside that nobody
/// has seen. It is kept with the signatures, and names nobody but by number.
pub(super) fn text(list: &Handover) -> String {
    let mut lines: Vec<String> = list.open.iter().map(incident).collect();
    lines.extend((list.hidden > 0).then(|| format!("hidden {}", list.hidden)));
    lines.extend(list.hand_offs.iter().map(hand_off));
    lines.extend(list.follow_ups.iter().map(follow_up));
    lines.extend(list.on_test.iter().map(test));
    lines.extend(list.storms.iter().map(|row| format!("storm {} {} {}", row.storm, row.state, row.left)));
    lines.extend(list.accounts.iter().map(account));
    lines.extend(list.lowered.iter().map(lowered));
    let unseen = list.unmatched.iter();
    lines.extend(unseen.map(|row| format!("unseen {} {} {} {}", row.id, row.way, row.code, row.at.millis())));
    lines.into_iter().map(|line| line + "\n").collect()
}

/// The lines of what the centre itself and its people lower: its tests, and what somebody did or agreed to. What a panel bypasses or has
/// the matter with it is not among them.
pub(super) fn lowered_by_people(list: &Handover) -> Vec<String> {
    let by_people = list.lowered.iter().filter(|row| row.by.is_some());
    list.on_test.iter().map(test).chain(by_people.map(lowered)).collect()
}

/// What has changed of it, a line each: `+` what came, as it is now, `-` what it was or what is over. Empty where nothing has.
pub(super) fn since(signed: &str, stands: &str) -> String {
    let (before, now): (BTreeSet<&str>, BTreeSet<&str>) = (signed.lines().collect(), stands.lines().collect());
    let came = stands.lines().filter(|line| !before.contains(line)).map(|line| format!("+ {line}\n"));
    let gone = signed.lines().filter(|line| !now.contains(line)).map(|line| format!("- {line}\n"));
    came.chain(gone).collect()
}

/// A word and a moment, where there is one.
fn when(word: &str, at: Option<Timestamp>) -> String {
    at.map(|at| format!(" {word} {}", at.millis())).unwrap_or_default()
}

fn incident(row: &IncidentRow) -> String {
    let whose = row.account.map(|account| account.to_string());
    let whose = whose.or_else(|| row.group_of.map(|storm| format!("storm-{storm}"))).unwrap_or_else(|| "-".to_owned());
    let owner = row.owner.map(|owner| format!(" by {owner}")).unwrap_or_default();
    let calling = when("calling since", row.calling_since);
    let hold = when("on hold until", row.hold_until);
    let rank = row.escalated_to.map(|rank| format!(" escalated to {rank}")).unwrap_or_default();
    format!(
        "incident {} {whose} {} priority {} {}{owner}{calling}{hold}{rank}",
        row.incident, row.kind, row.priority, row.stage
    )
}

fn hand_off(row: &HandedRow) -> String {
    let closed = when("of what was closed", row.closed_at);
    let asked = when("asked to cancel", row.cancel_asked_at);
    let needed = when("needed since", row.needed_since);
    format!("hand-off {} {} {} {}{closed}{asked}{needed}", row.incident, row.number, row.to, row.state)
}

fn follow_up(row: &FollowUpRow) -> String {
    let operator = row.to_operator.map(|operator| operator.to_string());
    let to = operator.or(row.to_rank.map(|rank| rank.to_string())).unwrap_or_default();
    let about = row.incident.map(|incident| format!("incident {incident}"));
    let about = about.or(row.account.map(|account| account.to_string())).unwrap_or_else(|| "-".to_owned());
    let reason = row.reason.map(|reason| format!(" {reason}")).unwrap_or_default();
    let due = when("due", row.rang_at);
    format!("follow-up {} {about}{reason} {to} {}{due}", row.follow_up, row.due_at.millis())
}

fn account(row: &HandoverAccount) -> String {
    let code = row.code.map(|code| format!(" {code}")).unwrap_or_default();
    let number = row.number.map(|number| format!(" zone {number}")).unwrap_or_default();
    format!("{} {}{code}{number} since {}", row.account, row.reason.as_str(), row.since.millis())
}

fn test(row: &TestRow) -> String {
    format!("test {} {} {}", row.test, row.account, row.until.millis())
}

fn lowered(row: &LoweredRow) -> String {
    let whom = row.account.map(|account| account.to_string()).or_else(|| row.name.clone()).unwrap_or_default();
    let code = row.code.map(|code| format!(" {code}")).unwrap_or_default();
    let number = row.number.map(|number| format!(" {number}")).unwrap_or_default();
    let owner = row.owner.map(|owner| owner.to_string()).unwrap_or_else(|| row.owner_rank.to_string());
    let until = when("until", row.until);
    let what = row.what_en.as_ref().map(|what| format!(": {what}")).unwrap_or_default();
    format!("lowered {whom} {}{code}{number} {owner} since {}{until}{what}", row.kind, row.since.millis())
}
