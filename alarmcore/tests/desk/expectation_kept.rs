//! What an expectation looks for is remembered, however much else the account says; hours that touch are two rounds.

use alarmcore::{AccountCard, AccountState, Expectation, Input, Output, Policy, Timestamp};

use crate::expectation::course;
use crate::script::{MIDNIGHT, signal};
use crate::witness::Witness;

const ALONE: &str = "name a; expect E462 user 7; after itself; until closing user 7; within 30m";
const ROUNDS: &str =
    "name r; expect E422; zone UTC; Mon-Sun 22:00-23:00, 23:00-24:00; within 30m; tolerance 5m; raise 641";

fn minute(minute: u32) -> String {
    format!("2026-11-02T{:02}:{:02}Z", minute / 60, minute % 60)
}

/// What 300 other people do within a quarter of an hour.
fn crowd(from: u32) -> String {
    (100..400).map(|user| format!("{} E422 n{user}", minute(from + user / 30))).collect::<Vec<_>>().join("; ")
}

/// 2.2 welfare: somebody who is alone is missed, also where 300 others come and go meanwhile, and whoever has left is not.
#[test]
fn row_2_2_welfare_in_a_crowd() {
    let since = "2026-11-02T00:00:00Z";
    let said = |steps: &str| course(ALONE, since, steps);
    let crowd = crowd(600);
    assert_eq!(said(&format!("{} E462 n7; {crowd}; {} watch", minute(599), minute(660))), "+02T10:29");
    let left = format!("{} E462 n7; {} R401 g1 n7; {crowd}; {} watch", minute(598), minute(599), minute(660));
    assert_eq!(said(&left), "none");
    // Others open and close after whoever left: it is remembered who did.
    let turned = format!(
        "{} E462 n7; {} R401 g1 n7; {} E401 g1 n8; {} R401 g1 n9; {} E401 g1 n8; {} watch",
        minute(600),
        minute(601),
        minute(602),
        minute(603),
        minute(604),
        minute(660)
    );
    assert_eq!(said(&turned), "none");
}

/// 2.2 entry: what an opening begins goes on, whoever opens after it.
#[test]
fn row_2_2_entry_opened_by_another_too() {
    let line = "name k; expect E422 user 7; after opening user 7; within 30m; raise 641";
    let since = "2026-11-02T00:00:00Z";
    let said = |steps: &str| course(line, since, steps);
    let day = |rest: &str| format!("2026-11-02T10:00Z E401 g1 n7; {rest}; 2026-11-02T11:00Z watch");
    assert_eq!(said(&day("2026-11-02T10:01Z E602")), "+02T10:30");
    assert_eq!(said(&day("2026-11-02T10:01Z E401 g1 n8")), "+02T10:30");
    assert_eq!(said(&day("2026-11-02T10:01Z R401 g1 n8; 2026-11-02T10:02Z E401 g1 n8")), "+02T10:30");
    assert_eq!(said(&day("2026-11-02T10:01Z E401 g2 n8; 2026-11-02T10:20Z E422 n7")), "none");
    assert_eq!(said("2026-11-02T10:00Z E401 g1 n8; 2026-11-02T11:00Z watch"), "none");
}

/// 2.2 guard tour: each of two rounds whose hours touch has to be gone, and one that was gone is not the other.
#[test]
fn row_2_2_guard_tour_of_hours_that_touch() {
    let said = |steps: &str| course(ROUNDS, "2026-11-02T00:00:00Z", &format!("2026-11-02T20:00Z E602; {steps}"));
    let at = |clock: &str, what: &str| format!("2026-11-02T{clock}Z {what}");
    let end = "2026-11-02T23:59Z watch";
    assert_eq!(said(end), "+02T22:35 +02T23:35");
    assert_eq!(said(&format!("{}; {end}", at("22:10", "E422"))), "+02T23:35");
    assert_eq!(said(&format!("{}; {}; {end}", at("22:10", "E422"), at("23:10", "E422"))), "none");
    // The tolerance is no way to go both at once: what comes in the first hours is of these.
    let missed = at("22:40", "watch");
    assert_eq!(said(&format!("{missed}; {}; {end}", at("22:58", "E422"))), "+02T22:35; -02T22:58 +02T23:35");
    assert_eq!(said(&format!("{missed}; {}; {end}", at("23:00", "E422"))), "+02T22:35; -02T23:00");
    // Before the first of them it is as much earlier as the tolerance says.
    assert_eq!(said(&format!("{}; {}; {end}", at("21:55", "E422"), at("23:34", "E422"))), "none");
    let early = at("21:54", "E422");
    assert_eq!(said(&format!("{early}; {missed}; {}; {end}", at("23:34", "E422"))), "+02T22:35; -02T23:34");
}

/// The state is the fold of the signals from a new state that looks for what the card does, however often the card was put.
#[test]
fn what_is_looked_for_is_a_fold() {
    let expectations = |line: &str, since: i64| {
        Expectation::dated(&Expectation::read_all(line).unwrap(), &[], Timestamp::from_secs(since))
    };
    let card = |all: &[Expectation]| AccountCard {
        expectations: Some(all.to_vec().into()),
        ..AccountCard::new("1001".parse().unwrap())
    };
    let signals: Vec<_> = (1..=200_u64)
        .map(|id| signal(id, Timestamp::from_secs(id as i64 * 10), "1001", &["E422", &format!("n{}", id % 90)]))
        .collect();
    let wanted = expectations("name a; expect E422 user 7; after E422 user 8; within 30m; raise 641", 500);
    let mut folded = AccountState::of(&card(&wanted));
    signals.iter().for_each(|received| folded.apply(received));
    let mut lived = AccountState::new("1001".parse().unwrap());
    for (place, received) in signals.iter().enumerate() {
        match place {
            20 => assert!(
                lived.look_for(&expectations("name b; expect E462; after E422 user 7; within 5m; raise 641", 200))
            ),
            49 => assert!(lived.look_for(&wanted)),
            120 => assert!(!lived.look_for(&wanted), "nothing new"),
            _ => {}
        }
        lived.apply(received);
    }
    assert_eq!(lived, folded);
    assert_eq!(folded.wanted.len(), 2);
    let text = serde_json::to_string(&folded).unwrap();
    assert_eq!(serde_json::from_str::<AccountState>(&text).unwrap(), folded);
    assert!(text.contains(r#""event":"E422 user 7","since":500000,"at":1870000"#), "{text}");
    assert!(lived.look_for(&[]) && lived.wanted.is_empty());
}

/// What a card expects from now on is looked for in the state of an account that was heard before, which is kept so at once.
#[test]
fn what_a_card_expects_anew_is_kept_at_once() {
    let mut witness = Witness::new(Policy::default());
    let account = "1001".parse().unwrap();
    let mut card = AccountCard::new(account);
    let _ = witness.handle(Input::Account(card.clone()));
    let _ = witness.handle(Input::Signal(signal(1, MIDNIGHT, "1001", &["E130", "n1"])));
    let kept =
        |said: Vec<Output>| said.iter().any(|one| matches!(one, Output::Touched(touched) if *touched == account));
    assert!(!kept(witness.handle(Input::Account(card.clone()))));
    let wanted =
        Expectation::read_all("name r; expect E422; zone UTC; Mon-Sun 22:00-23:00; within 30m; raise 641").unwrap();
    card.expectations = Some(std::sync::Arc::new(Expectation::dated(&wanted, &[], MIDNIGHT)));
    assert!(kept(witness.handle(Input::Account(card))));
}
