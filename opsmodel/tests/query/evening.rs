//! An evening that a real desk decided: signals, acts, cards that change, held signals, an offer that nobody accepts.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;

use alarmcore::{
    Command, Desk, FeedRules, IncidentId, Input, OperatorId, Output, Policy, Presence, ProofFor, Received, RestLimits,
    SignalId, TestLimits, Timestamp, UnitId,
};
use contactid::Qualifier;
use contactid::Qualifier::{New, Restore};
use opsmodel::crm::{AccountCard, Change, OperatorCard, Role, UnitCard};
use opsmodel::store::{Batch, Centre, SignalLog};

use crate::town::{account, at, signal};

pub(crate) struct Evening {
    log: SignalLog,
    centre: Centre,
    desk: Desk,
    signals: u64,
}

/// The policy that was in force: it asks nobody who tests for a proof, and lets everything rest. So the journal is what it was
/// before there were such rules, which a dossier of then still fits.
pub(crate) fn policy() -> Policy {
    let on_test = TestLimits { proof: ProofFor::Nothing, ..TestLimits::default() };
    let rest = RestLimits { life_safety_s: 0, alarm_s: 0, service_s: 0, settled_s: 0 };
    Policy { version: 3, repeat_window_s: 90, on_test, rest, ..Policy::default() }
}

/// Plays the evening into `dir`.
pub(crate) fn build(dir: &Path) {
    let mut evening = Evening::open(dir, policy());
    for number in ["1001", "1002", "1003"] {
        evening.account(-60, number, None);
    }
    evening.unit(-60, 1, true);
    evening.unit(-60, 2, true);
    // A burglary that is real, with an offer that nobody accepts first.
    evening.signal(0, "1001", "130", New, 5);
    evening.act(20, 1, r#"{"act": "take"}"#);
    evening.act(30, 1, r#"{"act": "call", "contact": 1, "result": "no-answer", "note": "Nobody"}"#);
    evening.act(40, 1, r#"{"act": "pre-process", "unit": 1, "note": "two zones"}"#);
    evening.signal(41, "1001", "131", New, 6);
    evening.time(110);
    evening.act(115, 1, r#"{"act": "take"}"#);
    evening.act(120, 1, r#"{"act": "offer", "unit": 2}"#);
    evening.act(125, 1, r#"{"act": "accept", "unit": 2}"#);
    // Mains of 1002 fails and restores in time; that of 1003 does not.
    evening.signal(130, "1002", "301", New, 0);
    evening.signal(140, "1003", "301", New, 0);
    evening.signal(190, "1002", "301", Restore, 0);
    evening.act(200, 1, r#"{"act": "arrive", "unit": 2}"#);
    evening.act(210, 1, r#"{"act": "report-scene", "unit": 2, "doors": "damaged", "windows": "intact"}"#);
    evening.act(220, 1, r#"{"act": "confirm-real", "basis": "scene"}"#);
    // A tamper that turns out real; its account gets another wait for mains, and a unit goes off duty.
    evening.signal(300, "1002", "137", New, 9);
    evening.act(330, 2, r#"{"act": "take"}"#);
    evening.act(360, 2, r#"{"act": "confirm-real", "basis": "contact"}"#);
    evening.account(400, "1002", Some(60));
    evening.unit(410, 1, false);
    evening.signal(420, "1002", "301", New, 0);
    // Opened while a zone of the account is on test.
    evening.test(490, "1002", r#"{"act": "start", "reason": "customer", "asked_by": "Mr Li", "only": [77]}"#);
    evening.signal(500, "1002", "401", New, 3);
    evening.test(560, "1002", r#"{"act": "end"}"#);
    // Openings, a test, a repeat, somebody unknown.
    evening.signal(600, "1003", "401", New, 1);
    evening.signal(610, "1003", "602", New, 0);
    evening.again(612, "1003", "602", New, 0);
    evening.signal(620, "9999", "130", New, 1);
    // A fire, handed off at once, and false in the end.
    evening.signal(700, "1003", "110", New, 2);
    evening.act(710, 5, r#"{"act": "take"}"#);
    evening.act(715, 5, r#"{"act": "hand-off", "to": "fire", "reference": "F-17"}"#);
    evening.act(900, 5, r#"{"act": "answer-hand-off", "number": 1, "accepted": true}"#);
    // The wait of 1003 is over; it is settled. A burglary of a user's own making.
    evening.time(2000);
    evening.act(2010, 6, r#"{"act": "take"}"#);
    evening.act(2020, 6, r#"{"act": "settle", "settlement": "restored", "note": "street is dark"}"#);
    evening.signal(2100, "1003", "301", Restore, 0);
    evening.signal(2200, "1001", "130", New, 7);
    evening.time(2400);
}

/// Plays an evening into `dir` under this policy, which is written down as in force: two burglaries that the police are told of at
/// once, one because a second zone confirms it and one because staff do, as a clause of `cn-sh-2010` lets them.
pub(crate) fn build_under(dir: &Path, policy: Policy) {
    let mut evening = Evening::open(dir, policy.clone());
    evening.centre.put_policy(&policy, &Evening::change(-100)).expect("is written down");
    for number in ["1001", "1002"] {
        evening.account(-60, number, None);
    }
    evening.unit(-60, 1, true);
    evening.signal(0, "1001", "130", New, 5);
    evening.act(20, 1, r#"{"act": "take"}"#);
    evening.signal(30, "1001", "130", New, 6);
    evening.act(35, 1, r#"{"act": "hand-off", "to": "police"}"#);
    evening.signal(300, "1002", "130", New, 1);
    evening.act(310, 2, r#"{"act": "take"}"#);
    evening.act(315, 2, r#"{"act": "confirm-real", "basis": "contact"}"#);
    evening.act(320, 2, r#"{"act": "hand-off", "to": "police"}"#);
    evening.signal(400, "1001", "602", New, 0);
    evening.time(500);
}

/// Plays an evening into `dir` on which what calls is offered to Li and Zhang. Li lets the first offer pass, and Zhang takes it. The
/// second ends as Li pauses; Zhang is offered it, and Li takes it. The third gives way to a fire, and is offered to Li as he is free.
pub(crate) fn build_fed(dir: &Path) {
    let feed = FeedRules { enabled: true, ..FeedRules::default() };
    let mut evening = Evening::open(dir, Policy { version: 4, feed, ..Policy::default() });
    for number in ["1001", "1002", "1003", "1004"] {
        evening.account(-60, number, None);
    }
    evening.person(-60, 1, "Li", false);
    evening.person(-60, 2, "Zhang", false);
    evening.here(-50, 1);
    evening.here(-50, 2);
    evening.signal(0, "1001", "130", New, 5);
    evening.time(15);
    evening.act_by(22, 2, 1, r#"{"act": "take"}"#);
    evening.signal(40, "1002", "130", New, 1);
    evening.act_by(41, 1, 1, r#"{"act": "note", "note": "I am here"}"#);
    evening.person(45, 1, "Li", true);
    evening.act_by(50, 2, 1, r#"{"act": "verify-false", "cause": "animal"}"#);
    evening.act_by(53, 1, 2, r#"{"act": "take"}"#);
    evening.signal(60, "1003", "130", New, 1);
    evening.signal(62, "1004", "110", New, 2);
    evening.act_by(64, 2, 4, r#"{"act": "take"}"#);
    evening.person(70, 1, "Li", false);
    evening.act_by(80, 1, 2, r#"{"act": "verify-false", "cause": "animal"}"#);
}

/// Plays twenty-five flat batteries into `dir`, each of another account, that nobody takes for an hour.
pub(crate) fn build_troubles(dir: &Path) {
    let mut evening = Evening::open(dir, policy());
    let accounts: Vec<String> = (1001..=1025).map(|account| account.to_string()).collect();
    accounts.iter().for_each(|number| evening.account(-60, number, None));
    for (seconds, number) in (0..).zip(&accounts) {
        evening.signal(seconds, number, "302", New, 0);
    }
    evening.signal(3600, "1001", "602", New, 0);
}

/// Plays an evening into `dir` on which rules do much by themselves: an alarm after an opening, one before a closing, a mains failure
/// that restores in time, and a zone that is set off again and again; and one alarm that is none of their business.
pub(crate) fn build_automatic(dir: &Path) {
    let mut evening = Evening::open(dir, policy());
    for number in ["1001", "1002", "1003", "1004"] {
        evening.account(-60, number, None);
    }
    evening.signal(0, "1001", "401", New, 3);
    evening.signal(60, "1001", "130", New, 5);
    evening.signal(70, "1001", "130", New, 6);
    evening.signal(100, "1002", "130", New, 5);
    evening.signal(130, "1002", "401", Restore, 4);
    evening.signal(200, "1003", "301", New, 0);
    evening.signal(230, "1003", "301", Restore, 0);
    evening.signal(300, "1004", "401", Restore, 2);
    for second in [400, 500, 600, 700] {
        evening.signal(second, "1004", "130", New, 1);
    }
    evening.signal(1000, "1003", "130", New, 1);
    evening.time(1100);
}

/// Plays an evening into `dir` under a policy of which an override of 1001 that logs tampers ends after 300 s: what it hid is shown
/// then, and found false.
pub(crate) fn build_ended(dir: &Path) -> Policy {
    let until = at(300);
    let policy = Policy::from_toml(&format!(
        "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '{until}'\nclasses = {{ tamper = {{ action = 'log' }} }}\n"
    ))
    .expect("is a policy");
    let mut evening = Evening::open(dir, policy.clone());
    evening.account(-60, "1001", None);
    evening.signal(0, "1001", "137", New, 5);
    evening.act(310, 1, r#"{"act": "take"}"#);
    evening.act(320, 1, r#"{"act": "verify-false", "cause": "animal"}"#);
    evening.signal(400, "1001", "602", New, 0);
    evening.signal(500, "1001", "130", New, 6);
    policy
}

/// Plays incidents into `dir` that each take longer than the one before: six burglaries for which a unit goes, four tampers that are
/// found false at once, a burglary to which a fire comes; and three that go on, a burglary with a unit on the scene since 9000, a
/// tamper taken at 9100, and a burglary that nobody has taken.
pub(crate) fn build_handled(dir: &Path) {
    let mut evening = handled(dir);
    (1..=6).for_each(|case| evening.goes(case));
    for case in 1..=4 {
        let (start, incident) = (6000 + case * 300, 6 + case as u64);
        evening.signal(start, "1002", "137", New, 9);
        evening.act(start + 10, incident, r#"{"act": "take"}"#);
        evening.act(start + 10 + 5 * case, incident, r#"{"act": "verify-false", "cause": "user-error"}"#);
    }
    evening.signal(8000, "1001", "130", New, 5);
    evening.act(8010, 11, r#"{"act": "take"}"#);
    evening.signal(8100, "1001", "110", New, 6);
    evening.act(8120, 11, r#"{"act": "take"}"#);
    evening.act(8150, 11, r#"{"act": "verify-false", "cause": "user-error"}"#);
    evening.signal(8900, "1001", "130", New, 5);
    evening.act(8910, 12, r#"{"act": "take"}"#);
    evening.act(8920, 12, r#"{"act": "pre-process", "unit": 1}"#);
    evening.act(8930, 12, r#"{"act": "accept", "unit": 1}"#);
    evening.act(9000, 12, r#"{"act": "arrive", "unit": 1}"#);
    evening.signal(9090, "1002", "137", New, 9);
    evening.act(9100, 13, r#"{"act": "take"}"#);
    evening.signal(9105, "1003", "130", New, 1);
}

/// The same before anything happens.
pub(crate) fn handled(dir: &Path) -> Evening {
    let mut evening = Evening::open(dir, policy());
    for number in ["1001", "1002", "1003"] {
        evening.account(-60, number, None);
    }
    evening.unit(-60, 1, true);
    evening
}

impl Evening {
    /// A tamper that is in hand for so many seconds and on hold for ten minutes of them.
    #[allow(dead_code, reason = "one of several tests asks for it")]
    pub(crate) fn holds(&mut self, case: i64, seconds: i64) {
        let (start, incident) = ((case - 1) * 1000, case as u64);
        self.signal(start, "1002", "137", New, 9);
        self.act(start + 10, incident, r#"{"act": "take"}"#);
        self.act(start + 15, incident, r#"{"act": "hold", "reason": "technician", "minutes": 15}"#);
        self.act(start + 615, incident, r#"{"act": "resume"}"#);
        self.act(start + 10 + seconds, incident, r#"{"act": "verify-false", "cause": "user-error"}"#);
    }

    /// The burglary of this number, and its unit: a minute longer on the scene than the one before.
    pub(crate) fn goes(&mut self, case: i64) {
        let (start, incident) = ((case - 1) * 1000, case as u64);
        let (arrived, left) = (start + 100 + 10 * case, start + 150 + 70 * case);
        self.signal(start, "1001", "130", New, 5);
        for (seconds, act) in [
            (start + 10, r#"{"act": "take"}"#),
            (start + 20, r#"{"act": "pre-process", "unit": 1}"#),
            (start + 25, r#"{"act": "accept", "unit": 1}"#),
            (arrived, r#"{"act": "arrive", "unit": 1}"#),
            (arrived + 10, r#"{"act": "report-scene", "unit": 1, "doors": "intact", "windows": "intact"}"#),
            (arrived + 20, r#"{"act": "scene-false", "cause": "animal"}"#),
            (left, r#"{"act": "leave", "unit": 1}"#),
            (
                left + 10,
                r#"{"act": "record-dispatch", "unit": 1, "people": "Wang", "findings": "a cat", "signed_by": "Wang"}"#,
            ),
            (left + 20, r#"{"act": "close"}"#),
        ] {
            self.act(seconds, incident, act);
        }
    }

    fn open(dir: &Path, policy: Policy) -> Self {
        let log = SignalLog::open(dir).expect("opens");
        let centre = Centre::open(dir).expect("opens");
        Self { log, centre, desk: Desk::new(policy), signals: 0 }
    }

    fn change(seconds: i64) -> Change {
        Change { by: None, at: at(seconds), origin: "desk".to_owned(), reason: "evening".to_owned() }
    }

    fn account(&mut self, seconds: i64, number: &str, mains_wait_s: Option<u32>) {
        let known = self.centre.account(account(number)).expect("reads");
        let card = AccountCard { mains_wait_s, ..known.unwrap_or_else(|| AccountCard::new(account(number), "Shop")) };
        let card = self.centre.put_account(&card, &Self::change(seconds)).expect("is admitted");
        self.tell(Input::Account(card.desk_card()), &[]);
    }

    fn unit(&mut self, seconds: i64, id: u32, on_duty: bool) {
        let known = self.centre.units().expect("reads").into_iter().find(|unit| unit.id == UnitId::new(id));
        let new = UnitCard { phone: String::new(), on_duty, ..UnitCard::new(UnitId::new(id), format!("North {id}")) };
        let card = known.map_or(new, |known| UnitCard { on_duty, ..known });
        let card = self.centre.put_unit(&card, &Self::change(seconds)).expect("is admitted");
        self.tell(Input::Unit(card.desk_card()), &[]);
    }

    fn person(&mut self, seconds: i64, id: u32, name: &str, paused: bool) {
        let id = OperatorId::new(id);
        let known = self.centre.operators().expect("reads").into_iter().find(|card| card.id == id);
        let new = || OperatorCard::new(id, name.to_lowercase(), name, Role::Operator);
        let card = OperatorCard { paused, ..known.unwrap_or_else(new) };
        let card = self.centre.put_operator(&card, &Self::change(seconds)).expect("is admitted");
        self.tell(Input::Person { at: at(seconds), card: card.desk_card().expect("is at the desk") }, &[]);
    }

    fn here(&mut self, seconds: i64, id: u32) {
        let (at, operator) = (at(seconds), OperatorId::new(id));
        self.tell(Input::Operator { at, operator, presence: Presence::Here }, &[]);
    }

    fn signal(&mut self, seconds: i64, number: &str, code: &str, qualifier: Qualifier, zone: u32) {
        let content = 100 + self.signals;
        self.receive(seconds, number, code, qualifier, zone, content);
    }

    /// The frame before once more.
    fn again(&mut self, seconds: i64, number: &str, code: &str, qualifier: Qualifier, zone: u32) {
        let content = 100 + self.signals - 1;
        self.receive(seconds, number, code, qualifier, zone, content);
    }

    fn receive(&mut self, seconds: i64, number: &str, code: &str, qualifier: Qualifier, zone: u32, content: u64) {
        let mut new = signal(seconds, number, code, qualifier, 1, zone);
        new.report.content = content;
        self.signals += 1;
        let received = Received { id: SignalId::new(self.signals), report: new.report.clone() };
        assert_eq!(self.log.append(&[new], &[]).expect("stores").len(), 1);
        self.tell(Input::Signal(received.clone()), &[received]);
    }

    fn act(&mut self, seconds: i64, incident: u64, act: &str) {
        self.act_by(seconds, 1, incident, act);
    }

    fn act_by(&mut self, seconds: i64, by: u32, incident: u64, act: &str) {
        let command: Command = serde_json::from_str(act).expect("is an act");
        let (at, by, incident) = (at(seconds), OperatorId::new(by), IncidentId::new(incident));
        self.tell(Input::Act { at, by, incident, command, second: None }, &[]);
    }

    fn test(&mut self, seconds: i64, number: &str, act: &str) {
        let command = serde_json::from_str(act).expect("is an act");
        let (at, by, account) = (at(seconds), OperatorId::new(1), account(number));
        self.tell(Input::Test { at, by, supervisor: false, account, command, second: None }, &[]);
    }

    fn time(&mut self, seconds: i64) {
        self.tell(Input::Time(at(seconds)), &[]);
    }

    fn tell(&mut self, input: Input, received: &[Received]) {
        self.desk.handle(input);
        let (mut outputs, mut states) = (Vec::new(), Vec::new());
        loop {
            match self.desk.poll() {
                Output::Wait(_) => break,
                Output::Refuse(refusal) => panic!("{refusal:?}"),
                Output::RefuseTest(refusal) => panic!("{refusal:?}"),
                Output::Touched(account) => states.extend(self.desk.account(&account).cloned()),
                output => outputs.push(output),
            }
        }
        let cursor = SignalId::new(self.signals);
        let batch = Batch { cursor, received, outputs: &outputs, states: &states };
        self.centre.commit(batch).expect("commits");
    }
}

/// The moment at so many seconds after eight: before the evening, in it, and after it.
pub(crate) fn moments() -> impl Iterator<Item = Timestamp> {
    (-100..2500).step_by(25).map(at)
}
