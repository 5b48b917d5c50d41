//! Numbers of the policy and of cards at their edges: how many make a storm, how long one may last, what a guard of a plan stands
//! before, which override decided, and what is owed before an incident is closed.

use alarmcore::{
    AccountCard, AreaNames, CaughtUp, Command, Guarded, Incident, Input, Kind, Outage, Plans, Policy, Refusal, Settled,
    SignalId, StormAct, StormCommand, StormRefusal, UnitCard, UnitId, decide_storm, owed,
};

use crate::script::{MIDNIGHT, at, play, rules, signal};
use crate::witness::Witness;

day! {
    /// A person's storm lasts a day at most, and a full day it may; one that groups no more is neither confirmed, dismissed nor
    /// extended, and calls nobody in.
    how_long_a_storm_lasts, Policy::default(), "
        account 1001 district=East
        account 2001 district=West
        10:00:00 sup1 storm declare area=district name=East minutes=1440
        10:00:01 sup1 storm declare area=district name=West minutes=1441
        10:00:02 sup1 storm declare area=district name=West minutes=0
        10:00:03 sup1 storm declare area=district name=West minutes=10
        10:00:04 signal 2001 E350
        10:11:00 op1 storm2 extend minutes=60
        10:11:01 op1 storm2 confirm
        10:11:02 op1 storm2 dismiss
        10:11:03 op1 storm2 call-in
    "
}

day! {
    /// A warning of nought seconds is none, and neither is there one of what ends as it begins.
    lowerings_without_a_warning, rules(r#"{"lowered": {"warn_before_s": 0}}"#), "
        account 1001 lowerings=[{\"number\":1,\"lowers\":\"suspension\",\"from\":\"09:00:00\",\"until\":\"12:00:00\"}]
        13:00:00 time
    "
}

day! {
    /// The same where the centre warns.
    a_lowering_that_ends_as_it_begins, Policy::default(), "
        account 1001 lowerings=[{\"number\":1,\"lowers\":\"suspension\",\"from\":\"09:00:00\",\"until\":\"09:00:00\"}]
        13:00:00 time
    "
}

day! {
    /// What they said they did is late when they say it again, and so is a refusal when somebody is on the way.
    what_an_authority_says_twice_is_late, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:20 outside inc1 record-answer number=1 answer=dispatched message=M1
        10:00:30 outside inc1 record-answer number=1 answer=dispatched message=M2
        10:00:40 outside inc1 record-answer number=1 answer=rejected message=M3
    "
}

day! {
    /// A fire that joins an incident of which the fire brigade has been told is not handed off once more; one that joins another is.
    a_fire_that_the_fire_brigade_has, Policy::default(), "
        account 1001
        account 1002
        20:00:00 signal 1001 E120 g1 n5
        20:00:05 op1 inc1 take
        20:00:10 op1 inc1 hand-off to=fire
        20:00:11 outside inc1 record-answer number=1 answer=accepted message=M1
        20:01:00 signal 1001 E110 g1 n1
        20:01:05 op1 inc1 take
        20:10:00 time
        21:00:00 signal 1002 E120 g1 n5
        21:00:05 op1 inc2 take
        21:00:10 op1 inc2 hand-off to=police
        21:00:11 outside inc2 record-answer number=1 answer=accepted message=M2
        21:01:00 signal 1002 E110 g1 n1
        21:01:05 op1 inc2 take
        21:10:00 time
    "
}

day! {
    /// Whatever is most urgent is laid aside only after an act and for as short a time as life safety, also where it is none.
    what_is_most_urgent_is_held_as_life_safety_is, rules(r#"{"classes": {"burglary": {"action": "show", "priority": 1}}}"#), "
        account 1001
        10:00:00 signal 1001 E130 n5
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hold reason=call-back minutes=1
        10:00:20 op1 inc1 call contact=1 result=no-answer
        10:00:30 op1 inc1 hold reason=call-back minutes=3
        10:00:31 op1 inc1 hold reason=call-back minutes=2
    "
}

day! {
    /// An area without a number holds every zone, and a zone without one lies in every area: three trips are too many.
    areas_that_panels_leave_out, Policy::default(), "
        account 1001
        account 1002
        20:00:00 signal 1001 R401 n1
        21:00:00 signal 1001 E130 g1 n5
        21:00:10 signal 1001 R130 g1 n5
        21:01:00 signal 1001 E130 g1 n5
        21:01:10 signal 1001 R130 g1 n5
        21:02:00 signal 1001 E130 g1 n5
        22:00:00 signal 1002 R401 g1 n1
        22:10:00 signal 1002 E130 n5
        22:10:10 signal 1002 R130 n5
        22:11:00 signal 1002 E130 n5
        22:11:10 signal 1002 R130 n5
        22:12:00 signal 1002 E130 n5
    "
}

/// Twelve thousand accounts have two such troubles an hour when twenty of a thousand have one a day: ten times as many an hour are a
/// storm among 360, the third of them, and among 361 the fourth. With no multiple set no rule declares any.
#[test]
fn how_many_are_a_storm() {
    let declared_by = |members: u32, times: u32| {
        let policy =
            format!(r#"{{"storm": {{"accounts": 1, "times": {times}, "window_s": 3600, "normal_per_thousand": 20}}}}"#);
        let mut witness = Witness::new(rules(&policy));
        for number in 0..members {
            let areas = AreaNames { district: Some("East".into()), ..AreaNames::default() }.into();
            let account = format!("{}", 1000 + number).parse().unwrap();
            let _ = witness.handle(Input::Account(AccountCard { areas, ..AccountCard::new(account) }));
        }
        let storm = (1..=5_u64).find(|id| {
            let account = format!("{}", 1000 + id);
            let received = signal(*id, MIDNIGHT.plus_secs(*id as u32 * 60), &account, &["E350"]);
            let _ = witness.handle(Input::Signal(received));
            witness.desk().storms().next().is_some()
        });
        witness.close();
        storm
    };
    assert_eq!((declared_by(360, 10), declared_by(361, 10), declared_by(240, 10)), (Some(3), Some(4), Some(2)));
    assert_eq!((declared_by(360, 5), declared_by(360, 0)), (Some(2), None));
}

/// What settled a line of the ledger is remembered with it; and nothing is done about a storm that is over.
#[test]
fn how_lines_were_settled() {
    let mut witness = Witness::new(rules(r#"{"storm": {"accounts": 3}}"#));
    let mut now = at("10:00:00");
    for number in 1..=4_u64 {
        let areas = AreaNames { district: Some("East".into()), ..AreaNames::default() }.into();
        let account = format!("100{number}");
        let _ = witness.handle(Input::Account(AccountCard { areas, ..AccountCard::new(account.parse().unwrap()) }));
        now = now.plus_secs(1);
        let _ = witness.handle(Input::Signal(signal(number, now, &account, &["E350"])));
    }
    let mut storm = witness.desk().storms().next().unwrap().clone();
    let (by, at) = (alarmcore::OperatorId::new(1), now.plus_secs(10));
    let act = |witness: &mut Witness, json: &str| {
        let command = serde_json::from_str(json).unwrap();
        let storm = Some(witness.desk().storms().next().unwrap().id);
        let _ = witness.handle(Input::Storm { at, by, supervisor: false, storm, command, second: None });
    };
    let _ = witness.handle(Input::Signal(signal(5, at, "1001", &["R350"])));
    act(&mut witness, r#"{"act": "order", "account": "1002", "kind": "communication", "reference": "R-118"}"#);
    let settled = |witness: &Witness, account: &str| {
        let storm = witness.desk().storms().next().unwrap();
        let outage = Outage { account: account.parse().unwrap(), kind: Kind::Communication };
        storm.ledger.line(outage).unwrap().settled.clone()
    };
    let restored = Settled {
        how: CaughtUp::Restored,
        at,
        by: None,
        signal: Some(SignalId::new(5)),
        incident: None,
        reference: None,
    };
    assert_eq!(settled(&witness, "1001"), Some(restored));
    let ordered = Settled {
        how: CaughtUp::Ordered,
        at,
        by: Some(by),
        signal: None,
        incident: None,
        reference: Some("R-118".into()),
    };
    assert_eq!(settled(&witness, "1002"), Some(ordered));
    witness.close();
    storm.ended_at = Some(at);
    storm.state = alarmcore::StormState::Ended;
    let command = StormCommand::CallIn { note: None };
    let again = StormAct { at, by, supervisor: false, second: None, command: &command };
    assert_eq!(decide_storm(Some(&storm), &Policy::default(), &again), Err(StormRefusal::Over));
}

/// The order that is kept with an offer: so many units, and the one that was chosen wherever it stands.
#[test]
fn how_much_of_an_order_is_kept() {
    let mut witness = Witness::new(Policy::default());
    let _ = witness.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
    for unit in 1..=26 {
        let _ = witness.handle(Input::Unit(UnitCard::new(UnitId::new(unit))));
    }
    let _ = witness.handle(Input::Signal(signal(1, at("10:00:00"), "1001", &["E130", "n5"])));
    let mut kept = Vec::new();
    for (time, act) in [
        ("10:00:10", r#"{"act": "take"}"#),
        ("10:00:20", r#"{"act": "pre-process", "unit": 26}"#),
        ("10:00:30", r#"{"act": "decline", "unit": 26}"#),
        ("10:00:40", r#"{"act": "offer"}"#),
    ] {
        let (by, incident, second) = (alarmcore::OperatorId::new(1), alarmcore::IncidentId::new(1), None);
        let command: Command = serde_json::from_str(act).unwrap();
        for output in witness.handle(Input::Act { at: at(time), by, incident, command, second }) {
            if let alarmcore::Output::Record(record) = output
                && let alarmcore::IncidentEvent::UnitOffered { unit, choice: Some(choice), .. } = record.event
            {
                let places: Vec<u32> = choice.order.iter().map(|one| one.unit.get()).collect();
                kept.push((unit.get(), places.len(), places.last().copied(), choice.more));
            }
        }
    }
    assert_eq!(kept, [(26, 25, Some(26), 1), (1, 24, Some(24), 2)]);
    witness.close();
}

/// The act that steps of a plan can stand before, of every command that is one.
#[test]
fn what_steps_stand_before() {
    let of = |json: &str| Guarded::of(&serde_json::from_str::<Command>(json).unwrap());
    assert_eq!(of(r#"{"act": "verify-false", "cause": "animal"}"#), Some(Guarded::VerifyFalse));
    assert_eq!(of(r#"{"act": "pre-process"}"#), Some(Guarded::PreProcess));
    assert_eq!(of(r#"{"act": "offer", "unit": 7}"#), Some(Guarded::Offer));
    assert_eq!(of(r#"{"act": "scene-false", "cause": "animal"}"#), Some(Guarded::SceneFalse));
    assert_eq!(of(r#"{"act": "end-undetermined", "end": "no-finding"}"#), Some(Guarded::EndUndetermined));
    assert_eq!(of(r#"{"act": "confirm-real", "basis": "contact"}"#), Some(Guarded::ConfirmReal));
    assert_eq!(of(r#"{"act": "hand-off", "to": "police"}"#), Some(Guarded::HandOff));
    assert_eq!(of(r#"{"act": "settle", "settlement": "restored"}"#), Some(Guarded::Settle));
    assert_eq!(of(r#"{"act": "close"}"#), Some(Guarded::Close));
    assert_eq!(of(r#"{"act": "take"}"#), None);
}

/// Plans for the same kinds are rivals unless the hour tells them apart; a plan of some accounts can be given to every kind.
#[test]
fn plans_that_are_rivals() {
    let plan = |id: &str, rest: &str, act: &str| {
        format!(
            "[[plan]]\nid = \"{id}\"\nen = \"P\"\nzh = \"P\"\n{rest}\n\
             step = [{{ id = \"end\", en = \"e\", zh = \"z\", act = \"{act}\" }}]\n"
        )
    };
    let read = |plans: &[String]| {
        Plans::from_toml(&plans.concat()).map(|plans| plans.iter().count()).map_err(|error| error.fault)
    };
    let any = plan("any", "", "close");
    let at = |id: &str, at: &str| plan(id, &format!("kinds = [\"burglary\"]\nat = \"{at}\""), "close");
    assert_eq!(read(&[any.clone(), at("a", "night"), at("b", "day")]), Ok(3));
    assert_eq!(read(&[any.clone(), at("a", "on-hours"), at("b", "off-hours")]), Ok(3));
    assert!(read(&[any.clone(), at("a", "night"), at("b", "night")]).is_err());
    assert!(read(&[any.clone(), at("a", "night"), at("b", "on-hours")]).is_err());
    assert!(read(&[any.clone(), plan("own", "accounts = [\"1001\"]", "verify-false")]).is_err());
}

/// What is owed before the first incident of this script can be closed.
fn owes(policy: &Policy, script: &str) -> Vec<Refusal> {
    let said = play(policy.clone(), &format!("account 1001\nunit 7\n{script}\nshow incident 1"));
    let incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    owed(&incident, policy)
}

/// The papers of a real alarm: the owner's wish, unless life safety was handed over and accepted; the losses, where there are any or
/// the insurer is wished for, and of a burglary always.
#[test]
fn what_a_real_alarm_owes() {
    let wish = |owed: &[Refusal]| owed.contains(&Refusal::WishMissing);
    let losses = |owed: &[Refusal]| owed.contains(&Refusal::LossesNotSigned);
    let policy = Policy::default();
    let fire = "10:00:00 signal 1001 E110 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 confirm-real basis=contact\n";
    let handed = format!("{fire}10:00:30 op1 inc1 hand-off to=fire\n");
    let accepted = format!("{handed}10:00:40 op1 inc1 record-answer number=1 answer=accepted\n");
    assert!(wish(&owes(&policy, fire)) && wish(&owes(&policy, &handed)));
    assert!(!wish(&owes(&policy, &accepted)) && !losses(&owes(&policy, &accepted)));
    let wished = |rest: &str| losses(&owes(&policy, &format!("{accepted}10:01:00 op1 inc1 record-wish {rest}\n")));
    assert!(!wished("police=false insurer=false"));
    assert!(!wished("police=false insurer=false loss_minor=0"));
    assert!(wished("police=false insurer=false loss_minor=100"));
    assert!(wished("police=false insurer=true"));
    let listed = format!("{accepted}10:01:00 op1 inc1 list-loss item=till quantity=1 value_minor=0\n");
    assert!(losses(&owes(&policy, &listed)));
    let signed = format!("{listed}10:02:00 op1 inc1 sign-losses signed_by=Li\n");
    assert!(!losses(&owes(&policy, &signed)));
    let burglary = "10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 confirm-real basis=contact\n\
                    10:00:30 op1 inc1 record-wish police=false insurer=false\n";
    let found = owes(&policy, burglary);
    assert!(!wish(&found) && losses(&found));
}

/// Where calls must be tried before the police are, they are owed before the hand-off to the police, and to nobody else; what a
/// camera, an ear or a person made out makes them needless, and nobody in sight does not.
#[test]
fn calls_before_the_police() {
    let policy = rules(r#"{"verify": {"police": {"calls": 2}}}"#);
    let real = "10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n10:00:20 op1 inc1 confirm-real basis=contact\n";
    let calls = |rest: &str| {
        let found = owes(&policy, &format!("{real}{rest}"));
        found.iter().any(|one| matches!(one, Refusal::CallsMissing { .. }))
    };
    assert!(calls("10:00:30 op1 inc1 record-wish police=true insurer=false"));
    assert!(!calls("10:00:30 op1 inc1 record-wish police=false insurer=true"));
    let saw = |source: &str, saw: &str| {
        calls(&format!(
            "10:00:25 op1 inc1 observe source={source} saw={saw}\n10:00:30 op1 inc1 record-wish police=true insurer=false"
        ))
    };
    assert!(saw("video", "nobody") && !saw("video", "people") && !saw("person", "people"));
}

/// A guard that leaves when its time is over has not left early.
#[test]
fn a_guard_that_stays_to_the_end() {
    let scene = |left: &str| {
        let until = at("22:40:00").millis();
        owes(
            &Policy::default(),
            &format!(
                "22:00:00 signal 1001 E130 g1 n5
                22:00:10 op1 inc1 take
                22:00:20 op1 inc1 pre-process unit=7
                22:00:30 op1 inc1 accept unit=7
                22:05:00 op1 inc1 arrive unit=7
                22:06:00 op1 inc1 report-scene unit=7 doors=damaged windows=intact
                22:07:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until={until}
                {left} op1 inc1 leave unit=7"
            ),
        )
    };
    let early = Refusal::GuardLeftEarly { unit: UnitId::new(7) };
    assert!(scene("22:39:59").contains(&early) && !scene("22:40:00").contains(&early));
}

/// Left undetermined and handed to the police: where they take it back, it is owed to them again, whoever else has it.
#[test]
fn the_police_take_it_back() {
    let day = "10:00:00 signal 1001 E120 n1
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 hand-off to=police
        10:00:21 op1 inc1 hand-off to=fire
        10:00:30 op1 inc1 record-answer number=1 answer=accepted
        10:00:31 op1 inc1 record-answer number=2 answer=accepted
        10:01:00 op1 inc1 pre-process unit=7
        10:01:10 op1 inc1 accept unit=7
        10:05:00 op1 inc1 arrive unit=7
        10:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        10:07:00 op1 inc1 end-undetermined end=handed-to-police";
    let missing = Refusal::HandOffMissing { to: alarmcore::Authority::Police };
    let policy = Policy::default();
    assert!(!owes(&policy, day).contains(&missing));
    let back = format!("{day}\n10:08:00 op1 inc1 record-answer number=1 answer=rejected");
    assert!(owes(&policy, &back).contains(&missing));
}

/// What a clause asks for is owed until it is done, and of nothing that was false; a hand-off that is asked for waits for no wish.
#[test]
fn what_clauses_ask_for_is_owed() {
    let said =
        play(Policy::default(), "account 1001\n10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\nshow incident 1");
    let mut value: serde_json::Value =
        serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    value["claims"] = serde_json::json!([{
        "clause": "cn-sh-2010.x", "act": "hand-off", "to": "police", "since": 0, "until": 0, "done_at": null, "overdue_at": null,
    }]);
    let incident: Incident = serde_json::from_value(value).unwrap();
    let due = |incident: &Incident| {
        let found = owed(incident, &Policy::default());
        found.iter().find(|one| matches!(one, Refusal::ActDue { .. })).map(|one| one.label(alarmcore::Lang::En))
    };
    let text = due(&incident).unwrap();
    assert!(text.contains("hand off: ") && text.contains("cn-sh-2010.x"), "{text}");
    let with = |to| incident.is_claimed(to);
    assert_eq!((with(alarmcore::Authority::Police), with(alarmcore::Authority::Fire)), (true, false));
    let mut done = incident.clone();
    done.claims[0].done_at = Some(at("10:01:00"));
    assert_eq!(due(&done), None);
    let mut fell = incident.clone();
    fell.verdict = Some(alarmcore::Verdict::False { cause: alarmcore::Cause::Animal });
    assert_eq!((due(&fell), fell.is_claimed(alarmcore::Authority::Police)), (None, false));
    let mut sent = incident.clone();
    sent.claims[0].act = alarmcore::Claim::Send;
    assert!(!sent.is_claimed(alarmcore::Authority::Police));
}

/// Somebody is called again within a year and a day of the call at the latest, as any follow-up is due.
#[test]
fn who_is_called_again_and_when_at_the_latest() {
    let call = |again_ms: i64| {
        let latest = at("10:00:20").millis() + 366 * 24 * 3600 * 1000 + again_ms;
        let day = format!(
            "account 1001\n10:00:00 signal 1001 E130 g1 n5\n10:00:10 op1 inc1 take
            10:00:20 op1 inc1 call contact=1 result=NA number=1 numbers=3 again_at={latest}"
        );
        !play(Policy::default(), &day).contains("refused:")
    };
    assert_eq!([-1, 0, 1].map(call), [true, true, false]);
}

/// What danger that came since leaves to be looked at is owed where a unit was there and only the scene can end it; not before anybody
/// was there, nor once it was found real.
#[test]
fn what_came_after_the_report_is_looked_at() {
    let old = |script: &str| {
        let found = owes(&Policy::default(), script);
        found.iter().any(|one| matches!(one, Refusal::ReportTooOld { .. }))
    };
    let sent = "10:00:00 signal 1001 E130 g1 n5
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 pre-process unit=7
        10:00:30 op1 inc1 accept unit=7";
    let danger = "10:07:00 signal 1001 E110 g1 n6\n10:07:05 op1 inc1 take";
    let there = format!("{sent}\n10:05:00 op1 inc1 arrive unit=7\n{danger}");
    assert!(old(&there) && !old(&format!("{sent}\n{danger}")));
    assert!(!old(&format!("{there}\n10:07:10 op1 inc1 confirm-real basis=video")));
}
