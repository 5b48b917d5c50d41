//! §2.6 of the capabilities: which unit goes, what each would have cost, and who is asked when one does not go.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, Candidate, Choice, ChosenBy, Command, Desk, IncidentEvent, IncidentId, Input, NotSent, OperatorId,
    Output, Policy, Position, TravelBasis, UnitCard, UnitId,
};
use proptest::prelude::*;

use crate::script::{MIDNIGHT, play, rules, signal};

day! {
    /// "offer → accept → release → on site → left": "no accept in N s → next; two units never own one job by accident
    /// (linearizable accept)". Unit 2 does not answer, unit 3 declines, unit 1 accepts and goes off duty on its way; then nobody
    /// is left, and the incident comes back at priority 1. Whoever accepts too late hears who has the job.
    row_2_6_guard_response, Policy::default(), "
        account 1001 district=East
        unit 1 travel_s={\"East\":300}
        unit 2 travel_s={\"East\":120}
        unit 3 travel_s={\"East\":200}
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 call contact=1 result=no-answer
        09:00:20 op1 inc1 pre-process
        09:01:20 time
        09:01:25 op1 inc1 accept unit=2
        09:01:30 op1 inc1 decline unit=3 note=\"flat tyre\"
        09:01:40 op1 inc1 accept unit=1
        09:01:41 op1 inc1 accept unit=3
        09:01:42 op1 inc1 accept unit=1
        09:02:00 op1 inc1 depart unit=1
        09:03:00 unit 1 off
        09:04:00 op1 inc1 decline unit=2
        09:05:00 op1 inc1 offer
        09:05:10 op1 inc1 offer unit=3
        09:05:20 op1 inc1 accept unit=2
        09:05:25 op1 inc1 accept unit=3
        09:05:30 op1 inc1 arrive unit=2
        09:20:00 op1 inc1 report-scene unit=2 doors=intact windows=intact
        09:20:10 op1 inc1 leave unit=2
        show incident 1
    "
}

day! {
    /// "crew app/web/SMS": the same way said by machine. Unit 2 declines, unit 3 accepts, and says it once more; unit 2 accepts too
    /// late, unit 1 says something of an offer that was never its own, and what unit 3 says of the first offer is not its either:
    /// none of it moves anything. Unit 3 is there without having said that it set out, then breaks down before unit 1 takes over,
    /// which is there before it has accepted, and done.
    row_2_6_guard_response_by_machine, Policy::default(), "
        account 1001 district=East
        unit 1 travel_s={\"East\":300}
        unit 2 travel_s={\"East\":120}
        unit 3 travel_s={\"East\":200}
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 call contact=1 result=no-answer
        09:00:20 op1 inc1 pre-process
        09:00:30 outside inc1 record-unit-answer unit=2 offer=1 answer=declined message=\"2/1\" note=\"flat tyre\"
        09:00:31 outside inc1 record-unit-answer unit=2 offer=1 answer=declined message=\"2/1\" note=\"flat tyre\"
        09:00:40 outside inc1 record-unit-answer unit=3 offer=1 answer=accepted message=\"3/1\"
        09:00:41 outside inc1 record-unit-answer unit=1 offer=2 answer=accepted message=\"1/1\"
        09:00:42 outside inc1 record-unit-answer unit=3 offer=2 answer=accepted message=\"3/2\"
        09:00:43 outside inc1 record-unit-answer unit=3 offer=2 answer=accepted message=\"3/2\"
        09:00:44 outside inc1 record-unit-answer unit=3 offer=2 answer=accepted message=\"3/3\"
        09:00:45 outside inc1 record-unit-answer unit=2 offer=1 answer=accepted message=\"2/2\"
        09:00:46 outside inc1 record-unit-answer unit=3 offer=0 answer=on-site message=\"3/4\"
        09:00:47 outside inc1 record-unit-answer unit=3 offer=9 answer=on-site message=\"3/5\"
        09:01:00 outside inc1 record-unit-answer unit=3 offer=2 answer=departed message=\"3/6\"
        09:02:00 outside inc1 record-unit-answer unit=3 offer=2 answer=declined message=\"3/7\" note=\"broken down\"
        09:02:10 outside inc1 record-unit-answer unit=1 offer=3 answer=on-site message=\"1/2\" note=\"at the gate\"
        09:02:20 outside inc1 record-unit-answer unit=1 offer=3 answer=declined message=\"1/3\"
        09:02:30 outside inc1 record-unit-answer unit=3 offer=2 answer=on-site message=\"3/8\"
        09:20:00 op1 inc1 report-scene unit=1 doors=intact windows=intact
        09:20:10 outside inc1 record-unit-answer unit=1 offer=3 answer=done message=\"1/4\" note=\"all is locked\"
        09:20:20 outside inc1 record-unit-answer unit=1 offer=3 answer=left message=\"1/5\"
        show incident 1
    "
}

day! {
    /// "Feedback form": what a unit found comes with what its machine says, once, as the scene report that a person would have written;
    /// before it is there it can report nothing, and after it has left it can still. Then only the dispatch record is owed.
    row_2_6_guard_response_reports_the_scene_by_machine, Policy::default(), "
        account 1001
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 call contact=1 result=no-answer
        09:00:20 op1 inc1 pre-process
        09:00:30 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=a scene={\"doors\":\"intact\",\"windows\":\"intact\"}
        09:00:40 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=b
        09:20:00 outside inc1 record-unit-answer unit=1 offer=1 answer=done message=c scene={\"doors\":\"intact\",\"windows\":\"open\",\"persons\":1,\"photos\":[\"P-7\"],\"note\":\"cat\"}
        09:20:01 outside inc1 record-unit-answer unit=1 offer=1 answer=done message=c scene={\"doors\":\"intact\",\"windows\":\"open\",\"persons\":1,\"photos\":[\"P-7\"],\"note\":\"cat\"}
        09:25:00 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=d scene={\"doors\":\"damaged\",\"windows\":\"open\",\"entry_signs\":true}
        09:26:00 op1 inc1 record-dispatch unit=1 people=\"Wang\" findings=\"a cat\" signed_by=\"Wang\"
        show incident 1
    "
}

day! {
    /// An offer that is over is not accepted any more, and the next unit's is not touched by it; the same unit, asked anew, answers the
    /// new offer and not the old one.
    what_a_machine_says_too_late_moves_nothing, rules(r#"{"units": {"next": "ask"}}"#), "
        account 1001
        unit 1
        unit 2
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process unit=1
        09:01:20 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=a
        09:01:30 op1 inc1 offer unit=2
        09:01:31 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=b
        09:01:40 outside inc1 record-unit-answer unit=2 offer=2 answer=declined message=c
        09:01:50 op1 inc1 offer unit=1
        09:01:51 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=d
        09:01:52 outside inc1 record-unit-answer unit=1 offer=3 answer=left message=e
        09:03:00 op1 inc1 verify-false cause=animal
        09:03:10 outside inc1 record-unit-answer unit=1 offer=3 answer=left message=f
        show incident 1
    "
}

day! {
    /// "offer → accept → release → on site → left", with a time-out for each: who accepts and does not come calls the operator, once
    /// until somebody acts, and again as long after that. Nobody knows the travel of unit 1: half an hour. That of unit 2 is known:
    /// five minutes after it was expected, from when it set out; then it is called back, and unit 3 comes in time.
    row_2_6_guard_response_arrives, Policy::default(), "
        account 1001
        account 1002 district=East
        unit 1
        unit 2 travel_s={\"East\":300}
        unit 3 travel_s={\"East\":600}
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process unit=1
        09:00:30 op1 inc1 accept unit=1
        09:10:00 signal 1002 E130 g1 n5
        09:10:05 op2 inc2 take
        09:10:20 op2 inc2 pre-process unit=2
        09:10:30 outside inc2 record-unit-answer unit=2 offer=1 answer=accepted message=a
        09:12:00 outside inc2 record-unit-answer unit=2 offer=1 answer=departed message=b
        09:21:59 time
        09:22:00 time
        09:22:20 op2 inc2 withdraw unit=2
        09:22:30 op2 inc2 offer unit=3
        09:22:40 op2 inc2 accept unit=3
        09:30:29 time
        09:30:30 time
        09:35:00 op2 inc2 arrive unit=3
        10:30:00 time
        10:40:00 op1 inc1 take
        10:45:00 op1 inc1 note note=\"the car is stuck\"
        11:09:59 time
        11:10:00 time
        11:11:00 op1 inc1 take
        11:15:00 op1 inc1 arrive unit=1
        11:50:00 time
        show incident 1
    "
}

/// When an incident misses the unit that accepted it at 10:00:30: by the rules of its account, and only while it is to come.
#[test]
fn a_unit_is_missed_by_the_rules_of_its_account() {
    let missed = |policy: &str, acts: &str| -> Vec<String> {
        let day = format!(
            "account 1001 district=East\nunit 7 travel_s={{\"West\":60}}\nunit 8 travel_s={{\"East\":60}}\nunit 9\n\
             10:00:00 signal 1001 E130 n1\n10:00:10 op1 inc1 take\n{acts}\n13:00:00 time"
        );
        let said = play(Policy::from_toml(policy).unwrap(), &day);
        let lines = said.lines().filter(|line| line.contains("\"not-arrived\""));
        lines.map(|line| line.trim().split(' ').next().unwrap().to_owned()).collect()
    };
    let sent = |unit: u8| format!("10:00:20 op1 inc1 pre-process unit={unit}\n10:00:30 op1 inc1 accept unit={unit}\n");
    assert_eq!(missed("", &sent(7)), ["10:30:30"]);
    assert_eq!(missed("", &sent(8)), ["10:06:30"]);
    assert_eq!(missed("[arrival]\nwithin_s = 600\nmargin_s = 0", &sent(7)), ["10:10:30"]);
    assert_eq!(missed("[arrival]\nwithin_s = 600\nmargin_s = 0", &sent(8)), ["10:01:30"]);
    assert_eq!(missed("[arrival]\nwithin_s = 0", &sent(7)), [""; 0]);
    assert_eq!(missed("[arrival]\nwithin_s = 0", &sent(8)), [""; 0]);
    let own = "[[override]]\ndistrict = 'East'\narrival = { within_s = 900, margin_s = 30 }";
    assert_eq!(missed(own, &sent(7)), ["10:15:30"]);
    assert_eq!(missed(own, &sent(8)), ["10:02:00"]);
    // Setting out moves what is expected, not how long an unknown travel may take.
    let departs = "10:05:00 op1 inc1 depart unit=";
    assert_eq!(missed("", &format!("{}{departs}7", sent(7))), ["10:30:30"]);
    assert_eq!(missed("", &format!("{}{departs}8", sent(8))), ["10:11:00"]);
    // Who is there, has turned back or has not accepted is not missed.
    for acts in [
        "accept unit=7\n10:20:00 op1 inc1 arrive unit=7",
        "accept unit=7\n10:20:00 op1 inc1 decline unit=7",
        "note note=x",
    ] {
        assert_eq!(
            missed("", &format!("10:00:20 op1 inc1 pre-process unit=7\n10:00:30 op1 inc1 {acts}")),
            [""; 0],
            "{acts}"
        );
    }
    // Again only after somebody at the desk has acted: a machine's word is no act, and not every act begins the time anew.
    let machine = "10:40:00 outside inc1 record-unit-answer unit=7 offer=1 answer=departed message=a\n";
    assert_eq!(missed("", &format!("{}{machine}", sent(7))), ["10:30:30"]);
    let acts = "10:40:00 op1 inc1 take\n10:50:00 op1 inc1 note note=x\n";
    assert_eq!(missed("", &format!("{}{acts}", sent(7))), ["10:30:30", "11:10:00"]);
    assert_eq!(missed("", &format!("{}{acts}12:00:00 op1 inc1 take", sent(7))), ["10:30:30", "11:10:00", "12:30:00"]);
    // Another unit is not the one that was missed.
    let other = "10:31:00 op1 inc1 withdraw unit=7\n10:31:10 op1 inc1 offer unit=9\n10:31:30 op1 inc1 accept unit=9";
    assert_eq!(missed("", &format!("{}{other}", sent(7))), ["10:30:30", "11:01:30"]);
}

day! {
    /// "travel time, load, skills, area contract": the cost is stated with every offer. Unit 1 is nearest and cannot do what a
    /// bank asks for; unit 2 is near and busy with rounds; unit 3 is of another district; unit 4 wins; where it does not answer,
    /// the policy asks for a person, and the list begins anew at its end.
    row_2_6_nearest_unit, rules(
        r#"{"version": 7, "units": {"next": "ask", "needs": [{"skill": "armed", "for": {"site_types": ["bank"]}}]}}"#
    ), "
        account 1001 district=East site_type=bank position=\"31.2304,121.4737\"
        account 1002 district=West position=\"31.2000,121.4000\"
        unit 1 position=\"31.2305,121.4738\"
        unit 2 position=\"31.2310,121.4750\" skills=[\"armed\"] jobs=2
        unit 3 position=\"31.2320,121.4760\" skills=[\"armed\"] districts=[\"West\"]
        unit 4 position=\"31.2500,121.4900\" skills=[\"armed\"] districts=[\"East\"]
        unit 5 skills=[\"armed\"] on_duty=false
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:01:20 time
        09:01:30 op1 inc1 offer
        09:02:30 time
        09:02:40 op1 inc1 offer
        09:03:40 time
        09:03:50 op1 inc1 offer
        09:04:00 op1 inc1 accept unit=4
        10:00:00 signal 1002 E130 g1 n5
        10:00:05 op2 inc2 take
        10:00:20 op2 inc2 pre-process
    "
}

/// Coordinates of a town, names of its districts, skills.
fn a_unit(number: u32) -> impl Strategy<Value = UnitCard> {
    let names = prop::collection::btree_set(prop::sample::select(vec!["East", "West", "North"]), 0..3);
    let skills = prop::collection::btree_set(prop::sample::select(vec!["armed", "dog"]), 0..3);
    let travel = prop::option::of((prop::sample::select(vec!["East", "West"]), 0..2000_u32));
    let place = prop::option::of((31_000_000..31_500_000_i32, 121_000_000..121_500_000_i32));
    (prop::bool::weighted(0.8), place, travel, names, skills, 0..4_u32).prop_map(
        move |(on_duty, place, travel, districts, skills, jobs)| UnitCard {
            on_duty,
            position: place.and_then(|(latitude, longitude)| Position::new(latitude, longitude)),
            travel_s: travel.into_iter().map(|(name, seconds)| (name.into(), seconds)).collect(),
            districts: districts.into_iter().map(Into::into).collect(),
            skills: skills.into_iter().map(Into::into).collect(),
            jobs,
            ..UnitCard::new(UnitId::new(number))
        },
    )
}

fn units() -> impl Strategy<Value = Vec<UnitCard>> {
    (1..40_usize).prop_flat_map(|count| (1..=count as u32).map(a_unit).collect::<Vec<_>>())
}

/// What the policy states, reckoned by hand.
fn cost(card: &UnitCard, account: &AccountCard) -> u64 {
    let travel = match card.travel_s.get("East") {
        Some(seconds) => u64::from(*seconds),
        None => match card.position.zip(account.position) {
            // 36 km/h are ten metres a second.
            Some((from, to)) => from.metres_to(to).div_ceil(10),
            None => 1800,
        },
    };
    let abroad = !card.districts.is_empty() && !card.districts.contains("East");
    travel + u64::from(card.jobs) * 500 + if abroad { 700 } else { 0 }
}

proptest! {
    /// "chosen unit minimal under stated cost, lineage shown": of random units the one that is asked costs least among those that
    /// may go; every part of the cost stands with the offer; and so it goes on down the list until nobody is left.
    #[test]
    fn the_chosen_unit_costs_least(units in units(), place in prop::bool::ANY) {
        let policy = rules(
            r#"{"units": {"speed_kmh": 36, "per_job_s": 500, "another_area_s": 700, "needs": [{"skill": "armed"}]}}"#,
        );
        let mut desk = Desk::new(policy);
        let mut tell = |input: Input| {
            desk.handle(input);
            core::iter::from_fn(|| match desk.poll() {
                Output::Wait(_) => None,
                output => Some(output),
            })
            .collect::<Vec<_>>()
        };
        let mut account: AccountCard = serde_json::from_str(r#"{"account": "1001", "heartbeat_s": null, "mains_wait_s": null,
            "district": "East"}"#).unwrap();
        account.position = Position::new(31_250_000, 121_250_000).filter(|_| place);
        let _ = tell(Input::Account(account.clone()));
        for card in &units {
            let _ = tell(Input::Unit(card.clone()));
        }
        let _ = tell(Input::Signal(signal(1, MIDNIGHT, "1001", &["E130", "g1", "n5"])));
        let (incident, by) = (IncidentId::new(1), OperatorId::new(1));
        let act = |seconds, command| Input::Act { at: MIDNIGHT.plus_secs(seconds), by, incident, command, second: None };
        let _ = tell(act(1, Command::Take));
        let mut left: BTreeMap<UnitId, u64> = units
            .iter()
            .filter(|card| card.on_duty && card.skills.contains("armed"))
            .map(|card| (card.unit, cost(card, &account)))
            .collect();
        let mut said = tell(act(2, Command::PreProcess { unit: None, note: None }));
        for seconds in 3.. {
            let offered = said.iter().find_map(|output| match output {
                Output::Record(record) => match &record.event {
                    IncidentEvent::UnitOffered { unit, choice, .. } => Some((*unit, choice.clone().unwrap())),
                    _ => None,
                },
                _ => None,
            });
            let Some((unit, choice)) = offered else {
                prop_assert!(left.is_empty(), "nobody was asked, and {left:?} are left");
                break;
            };
            let least = left.iter().map(|(unit, cost)| (*cost, *unit)).min().unwrap();
            prop_assert_eq!((left[&unit], unit), least);
            for one in choice.order.iter().filter(|one| one.out.is_none()) {
                prop_assert_eq!(Some(&one.cost_s()), left.get(&one.unit));
            }
            prop_assert_eq!(choice.order.len() + choice.more as usize, units.len());
            left.remove(&unit);
            said = tell(act(seconds, Command::Decline { unit, note: None }));
        }
    }
}

/// A choice with everything in it.
pub(crate) fn a_choice() -> Choice {
    let one = Candidate {
        unit: UnitId::new(7),
        travel_s: 184,
        basis: TravelBasis::Line,
        jobs: 1,
        jobs_s: 600,
        area_s: 900,
        out: None,
    };
    let other = Candidate { unit: UnitId::new(8), basis: TravelBasis::Stated, out: Some(NotSent::OffDuty), ..one };
    Choice { by: ChosenBy::Cost, policy: 3, skills: vec!["armed".into()], anew: true, order: vec![one, other], more: 2 }
}

/// Whoever is on the scene is heard after another unit was asked, too: the two have each their own job.
#[test]
fn who_is_on_the_scene_is_heard_beside_another() {
    let day = "
        account 1001
        unit 1
        unit 2
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process unit=1
        09:00:30 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=a
        09:05:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=b
        09:05:30 op1 inc1 offer unit=2
        09:06:00 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=c";
    let said = play(rules("{}"), day);
    assert!(said.contains(r#" unit-answered {"answer":"left","message":"c""#), "{said}");
}
