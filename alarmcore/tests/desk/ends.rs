//! The ends of branch 2 where the scene leaves it undetermined, the tree of resolutions, and life safety before any wish.

use std::collections::BTreeSet;

use alarmcore::{
    Act, Authority, Basis, Cause, Command, Family, Incident, IncidentEvent, Kind, OperatorId, Policy, Priority, Record,
    Refusal, ResolveGroup, Rule, SceneEnd, decide, evolve, owed,
};
use contactid::Lang;

use crate::script::{MIDNIGHT, at, play, rules, signal};

macro_rules! day {
    ($(#[$doc:meta])* $name:ident $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            let until = at("23:30:00").millis().to_string();
            let (later, check) = (at("23:50:00").millis().to_string(), at("22:40:00").millis().to_string());
            let script = $script.replace("TILL", &until).replace("LATER", &later).replace("CHECK", &check);
            insta::assert_snapshot!(stringify!($name), play(Policy::default(), &script));
        }
    };
}

day! {
    /// Inspected, and nothing found: nobody calls it false, and it closes with the unit's papers.
    branch_two_inspected_with_no_finding "
        account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:11 op1 inc1 end-undetermined end=no-finding
        22:00:20 op1 inc1 pre-process unit=7
        22:00:30 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:05:01 op1 inc1 end-undetermined end=no-finding
        22:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        22:06:30 op1 inc1 end-undetermined end=no-finding note=\"all shut, nobody there\"
        22:06:31 op1 inc1 verify-false cause=animal
        22:06:40 op1 inc1 close
        22:07:00 op1 inc1 leave unit=7
        22:08:00 op1 inc1 record-dispatch unit=7 people=Wang findings=nothing signed_by=Wang
        22:08:30 signal 1001 E131 g1 n6
        22:09:00 op1 inc1 close
        show queue
    "
}

day! {
    /// What the scene report says, one person alone does not end as if it had not been said: with nothing found where somebody was met or
    /// something stood open, as false where somebody went in. A new report, or a second person, does.
    row_2_6_what_the_scene_says_is_not_ended_otherwise_by_one "
        account 1001
        account 1002
        unit 7
        unit 8
        22:00:00 signal 1001 E130 g1 n5
        22:00:00 signal 1002 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:11 op1 inc2 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:21 op1 inc2 pre-process unit=8
        22:00:30 op1 inc1 accept unit=7
        22:00:31 op1 inc2 accept unit=8
        22:05:00 op1 inc1 arrive unit=7
        22:05:01 op1 inc2 arrive unit=8
        22:06:00 op1 inc1 report-scene unit=7 doors=open windows=intact
        22:06:30 op1 inc1 end-undetermined end=no-finding
        22:06:40 op1 inc1 end-undetermined end=no-finding second=op1
        22:07:00 op1 inc1 report-scene unit=7 doors=intact windows=intact note=\"the door next to it\"
        22:07:30 op1 inc1 end-undetermined end=no-finding
        22:08:00 op1 inc2 report-scene unit=8 doors=intact windows=intact persons=2
        22:08:10 op1 inc2 end-undetermined end=no-finding
        22:08:20 op1 inc2 report-scene unit=8 doors=damaged windows=intact
        22:08:30 op1 inc2 scene-false cause=animal
        22:08:40 op1 inc2 report-scene unit=8 doors=intact windows=intact entry_signs=true
        22:08:50 op1 inc2 scene-false cause=animal
        22:09:00 op1 inc2 end-undetermined end=secured-by-owner contact=1
        22:09:10 op1 inc2 end-undetermined end=no-finding second=op2
        22:09:20 op1 inc2 scene-false cause=animal second=op2
        show queue
    "
}

day! {
    /// Secured by the owner: who, by name of the card.
    branch_two_secured_by_owner "
        account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:30 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:06:00 op1 inc1 report-scene unit=7 doors=open windows=intact
        22:06:30 op1 inc1 end-undetermined end=secured-by-owner
        22:20:00 op1 inc1 end-undetermined end=secured-by-owner contact=3 note=\"has locked up\"
        22:21:00 op1 inc1 leave unit=7
        22:22:00 op1 inc1 record-dispatch unit=7 people=Wang findings=\"door open\" signed_by=Wang
        22:23:00 op1 inc1 close
        show queue
    "
}

day! {
    /// Kept guarded: by which unit, until when, asked when; it calls at its time, is prolonged, and is not closed while the
    /// guard stands, or when it has gone early.
    branch_two_kept_guarded "
        account 1001
        unit 7
        unit 8
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:30 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:06:00 op1 inc1 report-scene unit=7 doors=damaged windows=intact
        22:06:30 op1 inc1 end-undetermined end=kept-guarded until=TILL
        22:06:31 op1 inc1 end-undetermined end=kept-guarded unit=8 until=TILL
        22:06:32 op1 inc1 end-undetermined end=kept-guarded unit=7
        22:06:33 op1 inc1 end-undetermined end=kept-guarded unit=7 until=TILL check_at=LATER
        22:06:40 op1 inc1 end-undetermined end=kept-guarded unit=7 until=TILL check_at=CHECK note=\"until the glazier comes\"
        22:07:00 op1 inc1 close
        22:41:00 op1 inc1 take
        show queue
        22:42:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=TILL
        23:00:00 op1 inc1 leave unit=7
        23:01:00 op1 inc1 record-dispatch unit=7 people=Wang findings=\"door forced?\" signed_by=Wang
        23:02:00 op1 inc1 close
        23:03:00 op1 inc1 offer unit=8
        23:03:10 op1 inc1 accept unit=8
        23:10:00 op1 inc1 arrive unit=8
        23:10:10 op1 inc1 end-undetermined end=kept-guarded unit=8 until=TILL
        23:20:00 op1 inc1 report-scene unit=8 doors=intact windows=intact
        23:31:00 op1 inc1 leave unit=8
        23:32:00 op1 inc1 record-dispatch unit=8 people=Li findings=quiet signed_by=Li
        23:33:00 op1 inc1 close
        show queue
    "
}

day! {
    /// Handed to the police: they must have accepted it.
    branch_two_handed_to_police "
        account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:21 op1 inc1 hand-off to=police
        22:00:30 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:06:00 op1 inc1 report-scene unit=7 doors=damaged windows=intact
        22:06:30 op1 inc1 end-undetermined end=handed-to-police
        22:06:40 op1 inc1 hand-off to=insurer
        22:07:00 op1 inc1 hand-off to=police reference=110-9
        22:07:10 op1 inc1 end-undetermined end=handed-to-police
        22:08:00 op1 inc1 answer-hand-off number=1 accepted=true reference=110-9
        22:08:10 op1 inc1 end-undetermined end=handed-to-police note=\"officer Zhao looks round\"
        22:20:00 op1 inc1 take-charge number=1 officer=Zhao case_number=C-5
        22:21:00 op1 inc1 leave unit=7
        22:22:00 op1 inc1 record-dispatch unit=7 people=Wang findings=\"door damaged\" signed_by=Wang
        22:23:00 op1 inc1 close
        show queue
    "
}

day! {
    /// "no closing without; 无法判断 forces branch 2": an alarm needs its cause, what nobody can judge goes to the scene, and
    /// what the scene leaves open may still be found real or false.
    row_2_5_resolve_codes "
        account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 close
        22:00:21 op1 inc1 verify-false
        22:00:22 op1 inc1 verify-false cause=unexplained
        22:00:23 op1 inc1 settle settlement=test
        22:00:24 op1 inc1 end-undetermined end=no-finding
        22:01:00 op1 inc1 pre-process unit=7
        22:01:01 op1 inc1 close
        22:01:02 op1 inc1 verify-false cause=animal
        22:01:10 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        22:06:10 op1 inc1 scene-false
        22:06:30 op1 inc1 end-undetermined end=no-finding
        22:06:40 op1 inc1 scene-false cause=detector note=\"it trips when the lift runs\"
        22:06:50 op1 inc1 end-undetermined end=no-finding
        22:07:00 op1 inc1 leave unit=7
        22:08:00 op1 inc1 record-dispatch unit=7 people=Wang findings=detector signed_by=Wang
        22:09:00 op1 inc1 close
    "
}

/// The tree: every cause and every end stands below one group, and only what is false or undetermined has something below.
#[test]
fn row_2_5_resolve_codes_are_a_tree() {
    let tree: Vec<String> = ResolveGroup::ALL
        .iter()
        .map(|group| {
            let causes = group.causes().map(|cause| cause.label(Lang::Zh));
            let below: Vec<&str> = causes.chain(group.ends().map(|end| end.label(Lang::Zh))).collect();
            format!("{} {}: {}", group, group.label(Lang::Zh), below.join(" "))
        })
        .collect();
    insta::assert_snapshot!("resolve_tree", tree.join("\n"));
    let causes: BTreeSet<Cause> = ResolveGroup::ALL.iter().flat_map(|group| group.causes()).collect();
    assert_eq!(causes, Cause::ALL.iter().copied().collect());
    let ends: Vec<SceneEnd> = ResolveGroup::ALL.iter().flat_map(|group| group.ends()).collect();
    assert_eq!(ends, SceneEnd::ALL);
}

/// An incident of this kind that operator 1 has just taken.
fn taken(kind: Kind) -> Incident {
    let received = signal(1, MIDNIGHT, "1001", &["E110", "g1", "n1"]);
    let opened = IncidentEvent::Opened {
        account: received.report.account,
        kind,
        priority: Priority::LIFE_SAFETY,
        evidence: alarmcore::Evidence::of(&received),
        rule: Rule::LifeSafety,
        policy: 1,
        plan: None,
    };
    [opened, IncidentEvent::Taken {}].into_iter().fold(None, |incident, event| Some(add(incident, event))).unwrap()
}

fn add(incident: Option<Incident>, event: IncidentEvent) -> Incident {
    let id = alarmcore::IncidentId::new(1);
    let version = incident.as_ref().map_or(1, |incident| incident.version + 1);
    evolve(incident, &Record { incident: id, version, at: MIDNIGHT, by: Some(OperatorId::new(1)), event })
}

fn act(policy: &Policy, incident: &Incident, command: &Command) -> Result<Vec<IncidentEvent>, Refusal> {
    decide(incident, policy, &Act { at: MIDNIGHT, by: OperatorId::new(1), second: None, command })
}

/// Issue 4: "Life safety never waits for the owner's wish." For each kind: police, fire brigade and ambulance are told with
/// nothing said before, whether it is called real or not, under plans that force whatever they can; and once one of them has
/// accepted, nobody owes the owner's wish.
#[test]
fn life_safety_never_waits_for_the_owners_wish() {
    let forced = crate::chaos::plans::FORCED.replace("before = [\"close\"]", "before = [\"close\"]\nforced = true");
    let plans = alarmcore::Plans::from_toml(&forced).unwrap();
    let policies = [Policy::default(), Policy { plans: plans.into(), ..Policy::default() }];
    let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| kind.family() == Family::LifeSafety).collect();
    assert_eq!(kinds, [Kind::Fire, Kind::HoldUp, Kind::Duress, Kind::Medical, Kind::Gas]);
    for (policy, kind) in policies.iter().flat_map(|policy| kinds.iter().map(move |kind| (policy, *kind))) {
        for to in [Authority::Police, Authority::Fire, Authority::Ambulance] {
            let hand_off = Command::HandOff { to, reference: None, note: None };
            let fresh = taken(kind);
            let handed = |events: Result<Vec<IncidentEvent>, Refusal>| {
                events.map(|events| events.iter().any(|event| matches!(event, IncidentEvent::HandedOff { .. })))
            };
            assert_eq!(handed(act(policy, &fresh, &hand_off)), Ok(true), "{kind} to {to}");
            let real = add(Some(fresh.clone()), IncidentEvent::ConfirmedReal { basis: Basis::Contact, note: None });
            assert_eq!(handed(act(policy, &real, &hand_off)), Ok(true), "real {kind} to {to}");
            let unit = alarmcore::UnitId::new(7);
            assert!(
                act(policy, &fresh, &Command::PreProcess { unit: Some(unit), note: None }).is_ok(),
                "{kind}: no unit may go"
            );
            let accepted = [
                IncidentEvent::HandedOff { number: 1, to, reference: None, avs: None, answer_by: None, note: None },
                IncidentEvent::HandOffAccepted { number: 1, reference: None, note: None },
            ]
            .into_iter()
            .fold(real, |incident, event| add(Some(incident), event));
            assert!(!owed(&accepted, policy).contains(&Refusal::WishMissing), "{kind} waits for the wish");
            assert!(owed(&accepted, policy).iter().all(|refusal| !matches!(refusal, Refusal::HandOffMissing { .. })));
        }
    }
    // A burglary waits for it, unless a rule of the centre says otherwise.
    let burglary = add(Some(taken(Kind::Burglary)), IncidentEvent::ConfirmedReal { basis: Basis::Contact, note: None });
    let hand_off = Command::HandOff { to: Authority::Police, reference: None, note: None };
    assert_eq!(act(&Policy::default(), &burglary, &hand_off), Err(Refusal::WishMissing));
}

/// A guard is set for as long as the policy lets it be, to the second, and anew as often as somebody looks; 0 is for any time.
#[test]
fn row_2_5_resolve_codes_a_guard_is_set_for_so_long() {
    let until = |clock: &str| at(clock).millis();
    let script = format!(
        "
        account 1001
        unit 7
        10:00:00 signal 1001 E130 g1 n5
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 pre-process unit=7
        10:00:30 op1 inc1 accept unit=7
        10:05:00 op1 inc1 arrive unit=7
        10:06:00 op1 inc1 report-scene unit=7 doors=damaged windows=intact
        10:07:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until={}
        10:07:01 op1 inc1 end-undetermined end=kept-guarded unit=7 until={}
        10:07:01 op1 inc1 end-undetermined end=kept-guarded unit=7 until={}
        12:00:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until={}
        12:00:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until={}
        ",
        until("8784:00:00"),
        until("13:07:02"),
        until("13:07:01"),
        until("15:00:00"),
        until("15:00:01"),
    );
    let ended = |guard_s: u32| {
        let said = play(rules(&format!(r#"{{"arrival": {{"guard_s": {guard_s}}}}}"#)), &script);
        (said.matches(" ended-undetermined ").count(), said.matches(" minutes at most").count(), said)
    };
    let (set, refused, said) = ended(3 * 3600);
    assert_eq!((set, refused), (2, 3), "{said}");
    assert!(said.contains("a guard is set for 180 minutes at most"), "{said}");
    let (set, refused, said) = ended(0);
    assert_eq!((set, refused), (5, 0), "{said}");
}
