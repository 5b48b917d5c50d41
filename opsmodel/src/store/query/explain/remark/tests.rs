//! What is said of a decision, sentence by sentence, in both languages.

use std::borrow::Cow;

use super::super::CardThen;
use super::*;
use crate::crm::AccountCard;

fn row(id: u64, class: Class, disposition: Fate) -> SignalRow {
    SignalRow {
        id: SignalId::new(id),
        received_at: at(id),
        line: "dc09-tcp".into(),
        peer: "192.0.2.7:40112".into(),
        answer: "ack",
        account: Some("1001".parse().unwrap()),
        token: "ADM-CID".into(),
        sequence: Some(1),
        part: 0,
        parts: 1,
        marks: vec!["encrypted"],
        code: Some("301".into()),
        qualifier: Some(1),
        group: Some("01".into()),
        number: None,
        user: None,
        user_name: None,
        class: Some(class),
        address: None,
        text: None,
        device_time: None,
        name_en: Some(Cow::Borrowed("mains power lost")),
        name_zh: Some(Cow::Borrowed("交流断电")),
        disposition: Some(disposition),
        incident: None,
        rule: None,
        policy: Some(1),
        raw_hex: String::new(),
    }
}

/// So many minutes after midnight.
fn at(minutes: u64) -> Timestamp {
    let midnight = Timestamp::from_rfc3339("2026-11-22T00:00:00Z").unwrap();
    midnight.plus_secs(u32::try_from(minutes).unwrap() * 60)
}

fn step(minutes: u64, outcome: Fate, rule: Rule) -> Step {
    let (rule_en, rule_zh) = (rule.label(Lang::En).to_owned(), rule.label(Lang::Zh).to_owned());
    let until = (outcome == Fate::Held).then(|| at(minutes + 10));
    let rule = rule.as_str().to_owned();
    Step {
        at: at(minutes),
        outcome,
        incident: None,
        until,
        of: None,
        rule,
        rule_en,
        rule_zh,
        policy: 4,
        overridden: None,
        unweighed: false,
    }
}

fn known(mains_wait_s: Option<u32>) -> Option<CardThen> {
    let card = AccountCard { mains_wait_s, ..AccountCard::new("1001".parse().unwrap(), "Shop") };
    Some(CardThen { version: 3, at: at(0), card })
}

fn said(signal: &SignalRow, steps: &[Step], then: &Circumstances, lang: Lang) -> Vec<String> {
    let remarks = remarks(signal, steps, then);
    remarks.iter().map(|remark| format!("{}: {}", remark.about.as_str(), pick(lang, &remark.en, &remark.zh))).collect()
}

#[test]
fn a_mains_loss_that_restored_tells_its_whole_story() {
    let signal = row(5, Class::MainsPower, Fate::Logged);
    let steps = [step(5, Fate::Held, Rule::RestoreWait), step(9, Fate::Logged, Rule::RestoreWaitRestored)];
    let other = Some(row(9, Class::MainsPower, Fate::Logged));
    let then = Circumstances { card: known(Some(600)), open: Vec::new(), other };
    assert_eq!(
        said(&signal, &steps, &then, Lang::En),
        [
            "card: Card version 3 of 2026-11-22T00:00:00.000Z counted: a mains loss waits 600 s here, whatever the policy says.",
            "state: No incident of the account was open.",
            "other: Signal 9 restored it after 240 s, at 2026-11-22T00:09:00.000Z.",
            "otherwise: It would have been shown with a shorter wait, with a later restore, or while an incident of its kind \
             was open.",
        ]
    );
    assert_eq!(
        said(&signal, &steps, &then, Lang::Zh),
        [
            "card: 依档案第 3 版(2026-11-22T00:00:00.000Z):此处交流断电等待 600 秒,优先于策略。",
            "state: 当时该用户没有未结警情。",
            "other: 信号 9 于 2026-11-22T00:09:00.000Z 使其恢复,历时 240 秒。",
            "otherwise: 若等待时间更短、恢复更晚,或当时有同类未结警情,即会显示。",
        ]
    );
    let explanation =
        Explanation { signal, shown: false, remarks: Vec::new(), steps: steps.into(), evidence: Vec::new() };
    let lines: Vec<String> = explanation.lines(Lang::En).into_iter().map(|line| line.says).collect();
    assert_eq!(
        lines,
        [
            "mains power lost · 301 · 01 · 1001 · encrypted",
            "Held, until 2026-11-22T00:15:00.000Z: Held until it restores or the wait is over",
            "Logged: Restored by itself in time",
        ]
    );
}

#[test]
fn the_restore_itself_is_a_restore_like_any_other() {
    let other = Some(row(5, Class::MainsPower, Fate::Logged));
    let steps = [step(9, Fate::Logged, Rule::RestoreWaitRestored)];
    let then = Circumstances { card: known(None), open: vec![IncidentId::new(7)], other };
    assert_eq!(
        said(&row(9, Class::MainsPower, Fate::Logged), &steps, &then, Lang::En),
        [
            "card: Card version 3 of 2026-11-22T00:00:00.000Z counted.",
            "state: Incident #7 of the account was open.",
            "other: It restored signal 5 of 2026-11-22T00:05:00.000Z, which was held until then.",
            "otherwise: A restore is shown as part of an open incident that holds what it ends.",
        ]
    );
}

#[test]
fn a_repeat_names_the_first_and_what_became_of_it() {
    let first = SignalRow { incident: Some(IncidentId::new(3)), ..row(2, Class::Burglary, Fate::Opened) };
    let then =
        Circumstances { card: known(None), open: vec![IncidentId::new(3), IncidentId::new(2)], other: Some(first) };
    assert_eq!(
        said(&row(3, Class::Burglary, Fate::Repeat), &[step(3, Fate::Repeat, Rule::Repeat)], &then, Lang::En)[1..],
        [
            "state: Incidents #3, #2 of the account were open.",
            "other: Signal 2 of 2026-11-22T00:02:00.000Z came first; what became of it: Opened an incident #3.",
            "otherwise: It would have been shown with another sequence number or content, or once the repeat window was over.",
        ]
    );
}

#[test]
fn what_is_shown_needs_no_otherwise_and_what_is_not_judged_says_so() {
    let mut shown = step(1, Fate::Opened, Rule::LifeSafety);
    shown.incident = Some(IncidentId::new(1));
    let nameless = SignalRow { account: None, ..row(1, Class::Fire, Fate::Opened) };
    assert_eq!(
        said(&nameless, &[shown], &Circumstances::default(), Lang::En),
        ["card: The frame names no account: no card counted.", "state: Nothing is known of whose it is."]
    );
    let stranger = said(
        &row(1, Class::Fire, Fate::Opened),
        &[step(1, Fate::Opened, Rule::UnknownAccount)],
        &Circumstances::default(),
        Lang::En,
    );
    assert_eq!(stranger[0], "card: The account had no card at that time.");
    let back_dated = said(
        &row(1, Class::Test, Fate::Logged),
        &[step(1, Fate::Logged, Rule::ClassLogged)],
        &Circumstances::default(),
        Lang::En,
    );
    assert_eq!(back_dated[0], "card: The card that counted is dated later than this.");
    assert_eq!(
        said(&row(1, Class::Test, Fate::Pending), &[], &Circumstances::default(), Lang::Zh),
        ["decision: 尚未经接警处理。"]
    );
}

/// Every rule that keeps a signal from the operators says what would have shown it, and no other rule does.
#[test]
fn every_rule_that_does_not_show_says_what_would() {
    let silent: Vec<&str> =
        Rule::ALL.iter().filter(|rule| rule.otherwise(Lang::En).is_none()).map(|rule| rule.as_str()).collect();
    assert_eq!(
        silent,
        [
            "life-safety",
            "class.shown",
            "code.shown",
            "restore-wait.over",
            "cancel-wait.over",
            "danger.beside",
            "cancel-wait.confirmed",
            "cancel-wait.threat",
            "restore.joined",
            "restore.overdue",
            "cancel.joined",
            "cancel.allowed",
            "cancel.stranger",
            "late-close.unanswered",
            "late-close.still-open",
            "late-close.stranger",
            "late-close.unsent",
            "late-close.arm",
            "expected.missing",
            "on-test.over",
            "suspended.over",
            "suspended.life-safety",
            "log-only.over",
            "override.over",
            "storm.dismissed",
            "runaway",
            "runaway.over",
            "unconfirmed",
            "two-paths",
            "recent-opening",
            "recent-closing",
            "before-closing",
            "centre.fault",
            "unknown.account",
            "unknown.code",
            "security.undeciphered",
            "security.unread",
            "security.plain",
            "security.stale",
            "security.strange-source",
            "security.changed-source",
        ]
    );
    assert!(Rule::ALL.iter().all(|rule| rule.otherwise(Lang::En).is_some() == rule.otherwise(Lang::Zh).is_some()));
}

/// Who came or went is said of what was logged, as of what was shown lower.
#[test]
fn an_intrusion_soon_after_a_closing_names_the_user() {
    let signal = row(5, Class::Burglary, Fate::Logged);
    let mut closing = row(4, Class::OpenClose, Fate::Logged);
    closing.number = Some("003".into());
    (closing.name_en, closing.name_zh) = (Some("armed by user".into()), Some("用户布防".into()));
    let then = Circumstances { card: known(None), open: Vec::new(), other: Some(closing) };
    let steps = [step(5, Fate::Logged, Rule::RecentClosingLogged)];
    let other = |lang| said(&signal, &steps, &then, lang)[2].clone();
    assert_eq!(
        [other(Lang::En), other(Lang::Zh)],
        [
            "other: Signal 4 of 2026-11-22T00:04:00.000Z came just before: armed by user, user 003.",
            "other: 此前信号 4(2026-11-22T00:04:00.000Z):用户布防,用户 003。",
        ]
    );
}

/// The rule packs that lay under the policy are named, and nothing is said where there were none.
#[test]
fn the_packs_in_force_are_named() {
    assert_eq!(of_packs(&[]), None);
    let said = of_packs(&["uk-npcc@1".into(), "avs-01@1".into()]).unwrap();
    assert_eq!((said.about, said.en.as_str()), (About::Packs, "Rule packs in force: uk-npcc@1, avs-01@1."));
}

/// Whom an incident was passed up to is said with what was missing, and for how long.
#[test]
fn escalations_of_the_incident_are_named() {
    let text = include_str!("../../../../../../alarmcore/tests/shapes/incident.opened.v1.json");
    let opened: alarmcore::Record = serde_json::from_str(text).unwrap();
    let mut incident = alarmcore::evolve(None, &opened);
    incident.escalated = vec![Escalated {
        to: alarmcore::Rank::Supervisor,
        missing: alarmcore::Missing::Take,
        after_s: 60,
        at: Timestamp::from_millis(1_795_385_703_500),
    }];
    let said: Vec<_> = of_incident(&incident).into_iter().filter(|one| one.about == About::Escalation).collect();
    let to = alarmcore::Rank::Supervisor.label(Lang::En);
    assert_eq!(said.len(), 1);
    assert!(
        said[0].en.starts_with(&format!("Passed up to {to} at ")) && said[0].en.ends_with(" for 60 s."),
        "{said:?}"
    );
}
