//! Lowered protection (issue line 7): who answers for an override of the policy is warned before it ends, once.

use alarmcore::{Desk, Effect, Input, LoweredKind, Output, OverrideEnd, Policy, Snapshot, Timestamp};

use crate::script::{at, play};

/// The ends that the desk warns of up to this moment, and when it does.
fn warned(desk: &mut Desk, clock: &str) -> Vec<(Timestamp, OverrideEnd)> {
    desk.handle(Input::Time(at(clock)));
    let (mut said, mut written) = (Vec::new(), Vec::new());
    loop {
        match desk.poll() {
            Output::Wait(_) => {
                assert_eq!(written, said.iter().map(|(_, end): &(_, OverrideEnd)| end.clone()).collect::<Vec<_>>());
                return said;
            }
            Output::OverrideWarned(end) => written.push(end),
            Output::Perform(Effect::OverrideEnding { at, end }) => said.push((at, end)),
            _ => {}
        }
    }
}

fn policy(warn_before_s: u32, until: &str) -> Policy {
    Policy::from_toml(&format!(
        "[lowered]\nwarn_before_s = {warn_before_s}\n[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2026-11-22T{until}Z'\n\
         classes = {{ tamper = {{ action = 'log' }} }}\n\
         [[override]]\naccounts = ['1002', '1001']\nuntil = '2026-11-22T{until}Z'\nswinger = {{ trips = 5 }}\n\
         [[override]]\nsite_type = 'bank'\nswinger = {{ trips = 5 }}\n"
    ))
    .unwrap()
}

/// Each override that has an end is spoken of so long before it as the policy says, by whom it is for; once, also where the desk starts
/// anew, from a snapshot that never heard of it, or under a policy that warns sooner; with a later end once more; and never where the
/// policy says so.
#[test]
fn row_2_lowered_protection_warns_before_an_override_ends() {
    let end = |until: &str, whom: &str| OverrideEnd { until: at(until), whom: whom.into() };
    let both = |warns: &str, until: &str| {
        vec![(at(warns), end(until, "site mall")), (at(warns), end(until, "accounts 1001 1002"))]
    };
    let mut desk = Desk::new(policy(3600, "10:00:00"));
    assert_eq!(warned(&mut desk, "08:59:59"), []);
    let mut late = desk.clone();
    assert_eq!(warned(&mut desk, "09:00:00"), both("09:00:00", "10:00:00"));
    assert_eq!(warned(&mut late, "11:00:00"), both("09:00:00", "10:00:00"), "however seldom it looks");
    assert_eq!(warned(&mut desk, "09:30:00"), []);

    let stored = serde_json::to_string(&desk.snapshot()).unwrap();
    let again = |policy| Desk::restore(policy, serde_json::from_str(&stored).unwrap());
    assert_eq!(warned(&mut again(policy(3600, "10:00:00")), "09:59:00"), []);
    assert_eq!(warned(&mut again(policy(7200, "10:00:00")), "09:59:00"), []);
    assert_eq!(warned(&mut again(policy(3600, "12:00:00")), "11:00:00"), both("11:00:00", "12:00:00"));
    let unheard = Snapshot { warned: [].into(), ..desk.snapshot() };
    assert_eq!(warned(&mut Desk::restore(policy(3600, "10:00:00"), unheard), "09:30:00").len(), 2);
    assert_eq!(warned(&mut Desk::new(policy(0, "10:00:00")), "23:00:00"), []);

    // What has ended before the desk starts anew is spoken of no more.
    warned(&mut desk, "10:00:00");
    let over = Snapshot { warned: [].into(), ..desk.snapshot() };
    assert_eq!(warned(&mut Desk::restore(policy(3600, "10:00:00"), over), "11:00:00"), []);
}

/// One rule says of every kind of row when it is spoken of: of a test by the limits of tests, of everything else by those of the board,
/// and halfway through what is shorter than twice that; of an override nobody knows since when.
#[test]
fn every_row_of_the_board_has_its_lead() {
    let mut policy = Policy::default();
    (policy.on_test.warn_before_s, policy.lowered.warn_before_s) = (900, 7200);
    let lead = |policy: &Policy, kind, until: &str| {
        let until = at(until);
        policy.warn_at(kind, at("00:00:00"), until).map(|at| (until.millis() - at.millis()) / 1000)
    };
    for kind in LoweredKind::ALL.iter().copied() {
        let expected = match kind {
            LoweredKind::OnTest => [Some(900), Some(300)],
            LoweredKind::Overridden => [Some(7200), Some(7200)],
            _ => [Some(7200), Some(300)],
        };
        assert_eq!(["23:00:00", "00:10:00"].map(|until| lead(&policy, kind, until)), expected, "{kind}");
    }
    policy.lowered.warn_before_s = 0;
    let never = LoweredKind::ALL.iter().filter(|kind| lead(&policy, **kind, "23:00:00").is_none()).count();
    assert_eq!(never, LoweredKind::ALL.len() - 1);
}

/// Each override that ends shows what it hid, also where another has ended before; what was shown then is not shown again.
#[test]
fn each_override_that_ends_shows_what_it_hid() {
    let policy = Policy::from_toml(
        "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2026-11-22T09:00:00Z'\nclasses = { tamper = { action = 'log' } }\n\
         [[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2026-11-22T10:00:00Z'\nclasses = { system = { action = 'log' } }\n",
    );
    let day =
        "account 1001 site=mall\n08:00:00 signal 1001 E137 n1\n09:00:00 time\n09:30:00 signal 1001 E300\n10:00:00 time";
    let timeline = play(policy.unwrap(), day);
    let shown = timeline.lines().filter(|line| line.contains(r#""rule":"override.over""#));
    let shown: Vec<(&str, bool, bool)> =
        shown.map(|line| (&line[..8], line.contains(r#""signal":1}"#), line.contains(r#""signal":2}"#))).collect();
    assert_eq!(shown, [("09:00:00", true, false), ("10:00:00", false, true)], "{timeline}");
}

/// A warning says when what it speaks of ends: after that it warns of nothing. Nothing else that is owed has an end.
#[test]
fn a_warning_is_over_with_what_it_warns_of() {
    let until = at("10:00:00");
    let end = OverrideEnd { until, whom: "site mall".into() };
    assert_eq!(Effect::OverrideEnding { at: at("09:00:00"), end }.ends_at(), Some(until));
    let alert = Effect::Alert { incident: alarmcore::IncidentId::new(1), priority: alarmcore::Priority::LIFE_SAFETY };
    assert_eq!(alert.ends_at(), None);
}
