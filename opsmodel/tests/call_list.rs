//! The call list (§2.5): whom to call next and why not the others, over hours, midnight, clock changes and dead numbers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use alarmcore::{Call, CallResult, ContactId, IncidentId, NumberId, Timestamp};
use opsmodel::crm::{AccountCard, Contact, Dead, Standing, call_list, dead_numbers};

fn contact(id: u32, phones: &[&str], available: Option<&str>) -> Contact {
    Contact {
        id: ContactId::new(id),
        name: format!("contact {id}"),
        phone: phones[0].into(),
        phones: phones[1..].iter().map(|phone| (*phone).into()).collect(),
        available: available.map(|line| std::sync::Arc::new(line.parse().unwrap())),
        not_before: None,
        role: String::new(),
        closes_late: false,
        codeword: None,
        duress: None,
    }
}

/// A site with a telephone, a day keyholder, a night keyholder with two numbers, and one who shares a number.
fn card() -> AccountCard {
    let mut card = AccountCard::new("1001".parse().unwrap(), "shop");
    card.phone = "010-100".into();
    card.contacts = vec![
        contact(1, &["138 0001"], Some("zone Europe/Berlin; Mon-Sun 08:00-20:00")),
        contact(2, &["138-0002", "138-0003"], Some("zone Europe/Berlin; Mon-Sun 20:00-08:00")),
        contact(3, &["1380001"], None),
    ];
    card
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).unwrap()
}

fn call(contact: u32, number: u32, result: CallResult, time: &str) -> Call {
    let (number, correct_by) = (Some(NumberId::new(number)), result.is_dead().then(|| at(time).plus_secs(3600)));
    Call {
        contact: ContactId::new(contact),
        result,
        at: at(time),
        by: None,
        number,
        numbers: Some(4),
        correct_by,
        again_at: None,
    }
}

/// `contact/number standing` of every turn.
fn said(card: &AccountCard, calls: &[Call], dead: &[Dead], began: Option<u32>, now: &str, urgent: bool) -> String {
    let turns = call_list(card, calls, dead, began.map(ContactId::new), at(now), urgent);
    let one = |turn: &opsmodel::crm::Turn| {
        let standing = match turn.standing {
            Standing::Next => "next".to_owned(),
            Standing::Later => "later".to_owned(),
            Standing::Unavailable(until) => format!("until {}", until.map_or("-".into(), |at| at.to_string())),
            Standing::Tried(result, _) => result.code().to_owned(),
            Standing::Again(result, at) => format!("{} again {at}", result.code()),
            Standing::Dead(_) => "dead".to_owned(),
        };
        format!("{}/{} {standing}", turn.contact, turn.number)
    };
    turns.iter().map(one).collect::<Vec<_>>().join(" | ")
}

/// §2.5, call list: "next call date". Until its time nobody is called who was put off, unless life safety waits for them; from then
/// on they are next, before those who were not tried yet; and whoever was called since is not put off any more.
#[test]
fn row_2_5_call_again_on_the_list() {
    let card = card();
    let put_off =
        Call { again_at: Some(at("2026-06-01T10:30:00Z")), ..call(1, 2, CallResult::NoAnswer, "2026-06-01T10:00:00Z") };
    let on = |calls: &[Call], now: &str, urgent| said(&card, calls, &[], None, now, urgent);
    let first = |told: &str| told.split(" | ").find(|turn| turn.ends_with(" next")).unwrap_or("-").to_owned();
    let waits = on(&[put_off], "2026-06-01T10:29:59Z", false);
    assert!(waits.starts_with("1/2 NA again 2026-06-01T10:30:00"), "{waits}");
    assert_ne!(first(&waits), "1/2 next");
    assert_eq!(first(&on(&[put_off], "2026-06-01T10:30:00Z", false)), "1/2 next");
    let since = call(1, 2, CallResult::Busy, "2026-06-01T10:31:00Z");
    assert!(on(&[put_off, since], "2026-06-01T10:32:00Z", false).starts_with("1/2 BY"));
    // Everybody else was tried: only in life safety is it their turn before their time.
    let tried = |number| call(2, number, CallResult::WrongNumber, "2026-06-01T10:01:00Z");
    let all = [put_off, tried(1), tried(3), tried(4)];
    assert_eq!(first(&on(&all, "2026-06-01T10:05:00Z", false)), "-");
    assert_eq!(first(&on(&all, "2026-06-01T10:05:00Z", true)), "1/2 next");
}

/// §2.5, call list: "dial attempt = event; wrong number flagged → data-correction task (C-2)"; order, availability by time
/// (midnight, both clock changes), rotation, shared numbers.
#[test]
fn row_2_5_call_list() {
    let card = card();
    let (na, by) = (CallResult::NoAnswer, CallResult::Busy);
    let site = call(0, 1, na, "2026-06-01T10:00:00Z");
    let mut cases = Vec::new();
    // By day, by night, at the minute of the change, and past midnight. Berlin is two hours ahead in summer.
    for now in ["2026-06-01T10:00:00Z", "2026-06-01T17:59:59Z", "2026-06-01T18:00:00Z", "2026-06-01T23:30:00Z"] {
        cases.push(format!("{now}: {}", said(&card, &[site], &[], None, now, false)));
    }
    // The clocks are set forward at 01:00 UTC and back again in October: eight o'clock comes an hour earlier, then later.
    for now in ["2026-03-29T05:59:00Z", "2026-03-29T06:00:00Z", "2026-10-25T06:59:00Z", "2026-10-25T07:00:00Z"] {
        cases.push(format!("{now}: {}", said(&card, &[site], &[], None, now, false)));
    }
    // A shared number is tried once; when all were tried, the one tried longest ago comes again; when reached, nobody.
    let noon = "2026-06-01T10:05:00Z";
    let mut calls = vec![site, call(1, 2, na, "2026-06-01T10:01:00Z")];
    cases.push(format!("shared: {}", said(&card, &calls, &[], None, noon, true)));
    calls.push(call(2, 3, by, "2026-06-01T10:02:00Z"));
    calls.push(call(2, 4, CallResult::Machine, "2026-06-01T10:03:00Z"));
    cases.push(format!("again: {}", said(&card, &calls, &[], None, noon, true)));
    calls.push(call(2, 4, CallResult::CodeOk, "2026-06-01T10:04:00Z"));
    cases.push(format!("reached: {}", said(&card, &calls, &[], None, noon, true)));
    // A stranger is nobody of the list, whoever says the duress word is: nobody else is called.
    for result in [CallResult::WrongCode, CallResult::Refused, CallResult::DuressCode, CallResult::Answered] {
        calls.pop();
        calls.push(call(2, 4, result, "2026-06-01T10:04:00Z"));
        cases.push(format!("{result}: {}", said(&card, &calls, &[], None, noon, true)));
    }
    // Whom the incident before began with is last now.
    let turns = AccountCard { rotate: true, ..card.clone() };
    cases.push(format!("rotated: {}", said(&turns, &[site], &[], Some(1), noon, true)));
    cases.push(format!("not rotated: {}", said(&card, &[site], &[], Some(1), noon, true)));
    // Not before a time, and life safety at any.
    let mut away = card.clone();
    away.contacts[0].not_before = Some(at("2026-06-02T22:00:00Z"));
    cases.push(format!("away: {}", said(&away, &[site], &[], None, noon, false)));
    cases.push(format!("away, life safety: {}", said(&away, &[site], &[], None, noon, true)));
    insta::assert_snapshot!(cases.join("\n"));
}

/// A dead number is one task, whoever dialled it how often, until somebody answers there or the card has another number.
#[test]
fn a_dead_number_is_raised_once_and_cleared() {
    let card = card();
    let incident = IncidentId::new;
    let mut calls = vec![
        (incident(1), call(1, 2, CallResult::WrongNumber, "2026-06-01T10:00:00Z")),
        (incident(2), call(3, 2, CallResult::Disconnected, "2026-06-03T10:00:00Z")),
    ];
    let dead = Dead {
        number: NumberId::new(2),
        contact: ContactId::new(1),
        result: CallResult::WrongNumber,
        since: at("2026-06-01T10:00:00Z"),
        due: at("2026-06-01T11:00:00Z"),
        incident: incident(1),
    };
    assert_eq!(dead_numbers(&card, &calls), [dead]);
    let list = said(&card, &[], &[dead], None, "2026-06-04T10:00:00Z", true);
    assert_eq!(list, "1/2 dead | 2/3 next | 2/4 later | 3/2 dead | 0/1 later");
    // Both who had it get another: it is another number, and the others keep their ids.
    let mut edited = card.clone();
    edited.contacts[0].phone = "139 0009".into();
    edited.contacts[2].phone = "139-0009".into();
    let edited = edited.renumbered(&card);
    let ids: Vec<u32> = edited.numbered().iter().map(|(id, _)| id.get()).collect();
    assert_eq!(ids, [1, 5, 3, 4]);
    assert_eq!(dead_numbers(&edited, &calls), []);
    // The old one comes back under an id of its own: what is gone is not remembered by its digits.
    let mut back = edited.clone();
    back.contacts[0].phone = "1380001".into();
    let ids: Vec<u32> = back.renumbered(&edited).numbered().iter().map(|(id, _)| id.get()).collect();
    assert_eq!(ids, [1, 6, 3, 4, 5]);
    // Somebody answers.
    calls.push((incident(3), call(1, 2, CallResult::Answered, "2026-06-04T10:00:00Z")));
    assert_eq!(dead_numbers(&card, &calls), []);
    calls.push((incident(4), call(1, 2, CallResult::BadNumber, "2026-06-05T10:00:00Z")));
    assert_eq!(dead_numbers(&card, &calls)[0].incident, incident(4));
}
