//! Schedules (capabilities 2.2, "open/close schedule", "unexpected open", "late to open / late to close"; requirement A11):
//! the table of cases, and a day with its centre-made signals.

use alarmcore::{
    AccountCard, Edge, ExpectationRules, Input, Outcome, Output, Policy, Received, Rule, SignalId, Supervision,
    Timestamp,
};
use proptest::prelude::*;

use crate::script::{play, signal};
use crate::witness::Witness;

/// One account under a schedule, and what is said of each step: `time open|close [gN] [nN]`, `time watch`, or a new schedule.
fn course(schedule: &str, steps: &str) -> String {
    let mut room = Room::new(schedule);
    let said: Vec<String> = steps.split(';').map(|step| room.step(step.trim())).collect();
    room.witness.close();
    said.join("; ")
}

struct Room {
    witness: Witness,
    watch: Supervision,
    signals: u64,
    now: Timestamp,
}

impl Room {
    fn new(schedule: &str) -> Self {
        let policy = Policy {
            expect: ExpectationRules { restart_grace_s: 0, ..ExpectationRules::default() },
            ..Policy::default()
        };
        let watch = Supervision::new(&policy.expect, Timestamp::default());
        let mut room = Self { witness: Witness::new(policy), watch, signals: 0, now: Timestamp::default() };
        room.card(schedule);
        room
    }

    fn card(&mut self, schedule: &str) {
        let schedule = Some(std::sync::Arc::new(schedule.parse().unwrap()));
        let _ =
            self.witness.handle(Input::Account(AccountCard { schedule, ..AccountCard::new("1001".parse().unwrap()) }));
        self.plan();
    }

    fn plan(&mut self) {
        let account = "1001".parse().unwrap();
        self.watch.plan(account, &self.witness.desk().expected(&account, self.now), self.now);
    }

    fn step(&mut self, step: &str) -> String {
        let Some((time, what)) = step.split_once(' ').filter(|(time, _)| time.contains('T')) else {
            self.card(&step.replace('/', ";"));
            return "card".into();
        };
        let (day, zone) = time.split_at(16);
        self.now = Timestamp::from_rfc3339(&format!("{day}:00{zone}")).unwrap();
        let mut words: Vec<&str> = what.split(' ').collect();
        words[0] = match words[0] {
            "open" => "E401",
            "close" => "R401",
            _ => return self.watch(),
        };
        self.signals += 1;
        let received = signal(self.signals, self.now, "1001", &words);
        let said = self.witness.handle_after_restart(Input::Signal(received));
        self.plan();
        let decided = said.iter().find_map(|output| match output {
            Output::Dispose(disposition) => Some((disposition.rule, disposition.outcome)),
            _ => None,
        });
        match decided.unwrap() {
            (Rule::ClassLogged, Outcome::Logged) => "ok".into(),
            (rule, Outcome::Logged) => rule.as_str().replace("schedule.", ""),
            (rule, _) => rule.as_str().replace("schedule.", "") + "!",
        }
    }

    /// What is missed until now: `closing+` when it is missing, `closing-` when it has come, with the minute in UTC.
    fn watch(&mut self) -> String {
        let (mut said, now) = (Vec::new(), self.now);
        while let Some(due) = self.watch.next().filter(|due| *due <= now) {
            self.now = due;
            for edge in self.watch.poll(due) {
                let Edge { at, expected, missing, group, .. } = edge;
                let group = group.map(|group| format!(" g{group}")).unwrap_or_default();
                said.push(format!("{expected}{}{group} {}", if missing { '+' } else { '-' }, &at.to_string()[11..16]));
                self.signals += 1;
                let received = Received { id: SignalId::new(self.signals), report: edge.report() };
                let _ = self.witness.handle_after_restart(Input::Signal(received));
            }
            self.plan();
        }
        self.now = now;
        if said.is_empty() { "-".into() } else { said.join(", ") }
    }
}

const SHOP: &str = "zone UTC; Mon-Fri 08:30-18:00; Sat 09:00-12:00";
const NIGHT: &str = "zone Europe/Berlin; tolerance 0m; Sat 20:00-02:30";
const EARLY: &str = "zone Europe/Berlin; tolerance 0m; Sun 02:30-10:00";

/// Schedule, steps, what is said. 2026-11-23 is a Monday; Berlin sets its clocks forward on 2026-03-29 and back on 2026-10-25.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("on time", SHOP, "2026-11-23T08:30Z open; 2026-11-23T18:00Z close; 2026-11-23T23:00Z watch", "ok; ok; -"),
    ("within the tolerance before", SHOP, "2026-11-23T08:15Z open", "ok"),
    ("a minute before the tolerance is early", SHOP, "2026-11-23T08:14Z open", "early-open"),
    ("half an hour before the tolerance is early", SHOP, "2026-11-23T07:45Z open", "early-open"),
    ("earlier is unexpected", SHOP, "2026-11-23T07:44Z open", "unexpected-open!"),
    ("at night", SHOP, "2026-11-23T03:00Z open", "unexpected-open!"),
    ("on Sunday", SHOP, "2026-11-22T10:00Z open", "unexpected-open!"),
    ("Saturday afternoon", SHOP, "2026-11-21T12:16Z open", "unexpected-open!"),
    ("within the tolerance after the end", SHOP, "2026-11-21T12:15Z open", "ok"),
    ("closed before the end", SHOP, "2026-11-23T08:30Z open; 2026-11-23T17:44Z close", "ok; early-close"),
    ("closed a tolerance before the end", SHOP, "2026-11-23T08:30Z open; 2026-11-23T17:45Z close", "ok; ok"),
    (
        "late to close, closed then",
        SHOP,
        "2026-11-23T08:30Z open; 2026-11-23T18:14Z watch; 2026-11-23T18:20Z watch; 2026-11-23T19:00Z close; 2026-11-23T19:01Z watch",
        "ok; -; closing+ 18:15; late-close; closing- 19:00",
    ),
    (
        "never closed: said again a day later",
        SHOP,
        "2026-11-23T08:30Z open; 2026-11-24T18:14Z watch; 2026-11-24T18:15Z watch",
        "ok; closing+ 18:15; closing+ 18:15",
    ),
    (
        "late to open, opened then",
        SHOP,
        "2026-11-22T12:00Z close; 2026-11-23T08:44Z watch; 2026-11-23T08:45Z watch; 2026-11-23T09:10Z open; 2026-11-23T09:11Z watch",
        "ok; -; opening+ 08:45; late-open; opening- 09:10",
    ),
    (
        "never opened: said once a day",
        SHOP,
        "2026-11-22T12:00Z close; 2026-11-24T23:00Z watch",
        "ok; opening+ 08:45, opening+ 08:45",
    ),
    (
        "closed again in its hours: it was opened",
        SHOP,
        "2026-11-23T08:20Z open; 2026-11-23T08:40Z close; 2026-11-23T20:00Z watch",
        "ok; early-close; -",
    ),
    (
        "opened again in its hours is not late",
        SHOP,
        "2026-11-22T12:00Z close; 2026-11-23T08:30Z open; 2026-11-23T12:00Z close; 2026-11-23T13:00Z open",
        "ok; ok; early-close; ok",
    ),
    ("opened while open", SHOP, "2026-11-23T08:30Z open; 2026-11-23T09:00Z open n4", "ok; open-again!"),
    ("never heard: nothing is expected", SHOP, "2026-11-29T00:00Z watch", "-"),
    (
        "several hours a day",
        "zone UTC; tolerance 5m; Mon-Fri 08:00-12:00, 13:00-18:00",
        "2026-11-23T08:00Z open; 2026-11-23T12:05Z watch; 2026-11-23T12:30Z close; 2026-11-23T12:31Z watch; 2026-11-23T12:54Z open; 2026-11-23T18:00Z close; 2026-11-23T23:00Z watch",
        "ok; closing+ 12:05; late-close; closing- 12:30; early-open; ok; -",
    ),
    (
        "hours over midnight, open before and after",
        "zone UTC; Fri 20:00-02:00",
        "2026-11-27T20:00Z open; 2026-11-28T01:59Z close; 2026-11-28T02:10Z open; 2026-11-28T02:20Z watch",
        "ok; ok; ok; closing+ 02:15",
    ),
    (
        "hours over midnight belong to their first day",
        "zone UTC; Fri 20:00-02:00",
        "2026-11-27T01:00Z open",
        "unexpected-open!",
    ),
    (
        "hours that touch at midnight are one",
        "zone UTC; Fri 20:00-24:00; Sat 00:00-04:00",
        "2026-11-27T20:00Z open; 2026-11-28T04:14Z watch; 2026-11-28T04:15Z watch",
        "ok; -; closing+ 04:15",
    ),
    ("always open", "zone UTC; Mon-Sun 00:00-24:00", "2026-11-23T03:00Z open; 2026-12-23T03:00Z watch", "ok; -"),
    (
        "Friday to Monday goes over the weekend",
        "zone UTC; Fri-Mon 08:00-18:00",
        "2026-11-22T09:00Z open; 2026-11-24T18:00Z open",
        "ok; unexpected-open!",
    ),
    (
        "a holiday",
        "zone UTC; Mon-Fri 08:30-18:00; closed 2026-11-23",
        "2026-11-20T18:00Z close; 2026-11-23T20:00Z watch; 2026-11-23T20:01Z open",
        "ok; -; unexpected-open!",
    ),
    (
        "a vacation, both days included",
        "zone UTC; Mon-Sun 08:30-18:00; closed 2026-11-23..2026-11-25",
        "2026-11-22T18:00Z close; 2026-11-25T23:00Z watch; 2026-11-26T09:00Z watch",
        "ok; -; opening+ 08:45",
    ),
    (
        "hours of a holiday's eve end after its midnight",
        "zone UTC; Mon-Sun 20:00-02:00; closed 2026-11-24",
        "2026-11-23T20:00Z open; 2026-11-24T02:00Z close; 2026-11-24T21:00Z open",
        "ok; ok; unexpected-open!",
    ),
    (
        "a day with hours of its own, in a vacation too",
        "zone UTC; Mon-Fri 08:30-18:00; 2026-11-23 09:00-12:00; closed 2026-11-20..2026-11-30",
        "2026-11-23T09:00Z open; 2026-11-23T12:15Z watch; 2026-11-24T09:00Z close",
        "ok; closing+ 12:15; late-close",
    ),
    (
        "a holiday entered on the same day",
        SHOP,
        "2026-11-22T12:00Z close; 2026-11-23T08:40Z watch; zone UTC/ Mon-Fri 08:30-18:00/ closed 2026-11-23; 2026-11-23T22:00Z watch",
        "ok; -; card; -",
    ),
    (
        "a holiday taken back on the same day",
        "zone UTC; Mon-Fri 08:30-18:00; closed 2026-11-23",
        "2026-11-20T18:00Z close; 2026-11-23T10:00Z watch; zone UTC/ Mon-Fri 08:30-18:00; 2026-11-23T10:01Z watch",
        "ok; -; card; opening+ 10:00",
    ),
    (
        "closing put off on the same day",
        SHOP,
        "2026-11-23T08:30Z open; 2026-11-23T18:10Z watch; zone UTC/ Mon-Fri 08:30-18:00/ 2026-11-23 08:30-20:00; 2026-11-23T20:14Z watch; 2026-11-23T20:15Z watch",
        "ok; -; card; -; closing+ 20:15",
    ),
    (
        "a schedule for a site that is open at night",
        SHOP,
        "2026-11-23T02:00Z open; zone UTC/ Sun 09:00-12:00; 2026-11-23T03:00Z watch",
        "unexpected-open!; card; closing+ 03:00",
    ),
    (
        "groups of their own",
        "zone UTC; tolerance 0m; Mon 08:00-18:00; area 2 Mon 10:00-11:00",
        "2026-11-23T08:00Z open g1; 2026-11-23T09:59Z open g2; 2026-11-23T20:00Z watch",
        "ok; early-open; closing+ g2 11:00, closing+ g1 18:00",
    ),
    (
        "a group of which nothing is said",
        "zone UTC; area 2 Mon 10:00-11:00",
        "2026-11-23T03:00Z open g1; 2026-11-25T00:00Z watch",
        "ok; -",
    ),
    (
        "a user's own hours allow",
        "zone UTC; Mon-Fri 08:30-18:00; user 7 Mon-Fri 05:00-07:00",
        "2026-11-23T05:00Z open n7; 2026-11-23T06:30Z close n7; 2026-11-23T08:30Z open n3",
        "ok; ok; ok",
    ),
    (
        "a user's own hours forbid",
        "zone UTC; Mon-Fri 08:30-18:00; user 7 Mon-Fri 05:00-07:00",
        "2026-11-23T09:00Z open n7",
        "user-open!",
    ),
    (
        "another user at that hour",
        "zone UTC; Mon-Fri 08:30-18:00; user 7 Mon-Fri 05:00-07:00",
        "2026-11-23T05:00Z open n3",
        "unexpected-open!",
    ),
    (
        "a holiday is one for users too",
        "zone UTC; Mon-Fri 08:30-18:00; user 7 Mon 05:00-07:00; closed 2026-11-23",
        "2026-11-23T05:00Z open n7",
        "user-open!",
    ),
    (
        "local time, winter and summer",
        "zone Europe/Berlin; tolerance 0m; Mon-Fri 08:00-18:00",
        "2026-03-27T08:00+01:00 open; 2026-03-27T18:00+01:00 close; 2026-03-30T08:00+02:00 open; 2026-03-30T17:59+02:00 close",
        "ok; ok; ok; early-close",
    ),
    (
        "clocks set back: until the second 02:30",
        NIGHT,
        "2026-10-24T20:00+02:00 open; 2026-10-25T02:29+01:00 watch; 2026-10-25T02:30+01:00 watch",
        "ok; -; closing+ 01:30",
    ),
    (
        "clocks set back: from the first 02:30",
        EARLY,
        "2026-10-25T02:30+02:00 open; 2026-10-25T02:31+01:00 close",
        "ok; early-close",
    ),
    (
        "clocks set forward over the end",
        NIGHT,
        "2026-03-28T20:00+01:00 open; 2026-03-29T01:59+01:00 watch; 2026-03-29T03:00+02:00 watch",
        "ok; -; closing+ 01:00",
    ),
    (
        "clocks set forward over the beginning",
        EARLY,
        "2026-03-28T12:00+01:00 close; 2026-03-29T01:59+01:00 watch; 2026-03-29T03:00+02:00 watch",
        "ok; -; opening+ 01:00",
    ),
    (
        "hours that no clock shows",
        "zone Europe/Berlin; tolerance 0m; Sun 02:10-02:50",
        "2026-03-28T12:00+01:00 close; 2026-03-29T12:00+02:00 watch; 2026-04-05T02:10+02:00 watch",
        "ok; -; opening+ 00:10",
    ),
    (
        "a zone half an hour off",
        "zone Asia/Kolkata; tolerance 0m; Mon 09:00-17:00",
        "2026-11-23T03:29Z open; 2026-11-23T11:30Z close",
        "early-open; ok",
    ),
    (
        "the day of the site, not that of UTC",
        "zone Asia/Shanghai; tolerance 0m; Mon 07:00-09:00",
        "2026-11-22T23:00Z open; 2026-11-23T01:00Z watch",
        "ok; closing+ 01:00",
    ),
];

#[test]
fn row_2_2_schedule_table() {
    assert!(CASES.len() >= 40);
    let differ: Vec<_> = CASES
        .iter()
        .map(|(name, schedule, steps, expected)| (*name, course(schedule, steps), *expected))
        .filter(|(_, said, expected)| said != expected)
        .collect();
    assert_eq!(differ, []);
}

proptest! {
    /// Whether an opening is in its hours is what the clock on the wall says, in summer and winter and on the days between;
    /// only while the clock shows an hour for the second time is it as patient as the schedule says.
    #[test]
    fn hours_are_those_of_the_clock_on_the_wall(
        minute in 0_i64..600_000, opens in 0_u16..1400, length in 2_u16..700, zone in 0_usize..5
    ) {
        use chrono::{DateTime, Offset as _, Timelike as _};
        let name = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "Africa/Cairo"][zone];
        let zone: chrono_tz::Tz = name.parse().unwrap();
        let closes = (opens + length).min(1440);
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let schedule = format!("zone {name}; tolerance 0m; Mon-Sun {}-{}", clock(opens), clock(closes));
        let at = DateTime::from_timestamp(1_767_225_600 + minute * 60, 0).unwrap().with_timezone(&zone);
        let shown = (at.hour() * 60 + at.minute()) as u16;
        let hour = chrono::TimeDelta::hours(2);
        let steady = (at - hour).offset().fix() == (at + hour).offset().fix();
        let said = course(&schedule, &format!("{} open", at.with_timezone(&chrono::Utc).format("%FT%H:%MZ")));
        if steady {
            // The end is in time, and 24:00 is shown as 00:00.
            let within = (opens..=closes).contains(&shown) || closes == 1440 && shown == 0;
            prop_assert_eq!(said == "ok", within, "{} {} {}", schedule, at, said);
        }
    }
}

/// A user who opens outside the hours is not known to be authorised: an intrusion after it is as urgent as ever. In the hours
/// it is most likely the user's own doing.
#[test]
fn an_intrusion_after_an_opening() {
    let timeline = play(
        Policy::default(),
        "
        account 1001 schedule=\"zone UTC; Mon-Sun 08:30-18:00\"
        03:00:00 signal 1001 E401 g1 n3
        03:01:00 signal 1001 E130 g1 n5
        account 1002 schedule=\"zone UTC; Mon-Sun 08:30-18:00\"
        09:00:00 signal 1002 E401 g1 n3
        09:01:00 signal 1002 E130 g1 n5
        show queue
    ",
    );
    let queue: Vec<&str> = timeline.lines().filter(|line| line.starts_with("  |")).collect();
    assert_eq!(
        queue,
        ["  | inc1 p2 burglary new nobody signals=2 marks=-", "  | inc2 p5 burglary new nobody signals=1 marks=-",]
    );
}

/// Late to close and late to open become incidents by the policy's word, their restores join them, and the hours of a user
/// are named by their rule.
#[test]
fn row_2_2_schedule_day() {
    let script = "
        account 1001 schedule=\"zone UTC; Mon-Sun 08:30-18:00; area 2 Mon-Sun 10:00-11:00; user 7 Mon-Sun 05:00-07:00\"
        00:00:00 signal 1001 R401 g1 n3
        00:00:01 signal 1001 R401 g2 n3
        03:00:00 signal 1001 E401 g1 n3
        03:05:00 signal 1001 R401 g1 n3
        05:00:00 signal 1001 E401 g1 n7
        06:00:00 signal 1001 R401 g1 n7
        08:44:59 watch
        08:45:00 watch
        08:50:00 signal 1001 E401 g1 n3
        09:00:00 watch
        10:20:00 watch
        18:15:00 watch
        18:20:00 signal 1001 R401 g1 n3
        18:20:01 watch
        19:00:00 signal 1001 E401 g1 n7
        show account 1001
        show queue
    ";
    insta::assert_snapshot!("row_2_2_schedule_day", play(Policy::default(), script));
    let quiet = r#"{"schedule": {"unexpected_open": {"action": "log"}, "early_open": {"action": "show", "priority": 7}},
        "codes": {"454": {"action": "hold", "priority": 4, "seconds": 1800}, "453": {"action": "log"}}}"#;
    insta::assert_snapshot!("a_day_under_a_schedule_of_rules", play(serde_json::from_str(quiet).unwrap(), script));
}

/// Reports of irregular openings and closings count exactly these.
#[test]
fn the_rules_of_schedules() {
    let of_schedule = Rule::ALL.iter().filter(|rule| rule.is_of_schedule()).map(|rule| rule.as_str());
    assert!(of_schedule.eq(Rule::ALL.iter().map(|rule| rule.as_str()).filter(|word| word.starts_with("schedule."))));
    assert_eq!(Rule::ALL.iter().filter(|rule| rule.is_of_schedule()).count(), 10);
}
