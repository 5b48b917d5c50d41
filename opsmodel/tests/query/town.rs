//! A small centre that always is the same, written through the real store: what the read side is tested on.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;

use alarmcore::{
    AccountNumber, AccountState, CallResult, Cause, ContactId, Disposition, Evidence, IncidentEvent, IncidentId, Kind,
    Marks, OperatorId, Outcome, Output, Priority, Received, Record, Report, Resolution, Rule, Scope, SignalId,
    TestEvent, TestId, TestReason, TestRecord, Timestamp, UnitId, Zones,
};
use contactid::{Code, Qualifier, Signal};
use opsmodel::crm::{AccountCard, Change, Codeword, Contact, OperatorCard, PanelUser, Role, UnitCard, Zone};
use opsmodel::store::{Answer, Batch, Centre, LineCount, NewSignal, SignalLog};

/// 2026-11-22 at so many seconds after eight (UTC).
pub(crate) fn at(seconds: i64) -> Timestamp {
    let eight = Timestamp::from_rfc3339("2026-11-22T08:00:00Z").expect("is a time");
    Timestamp::from_millis(eight.millis() + seconds * 1000)
}

pub(crate) fn account(number: &str) -> AccountNumber {
    number.parse().expect("is an account number")
}

/// A signal as the receiver hands it in.
pub(crate) fn signal(seconds: i64, number: &str, code: &str, qualifier: Qualifier, group: u16, zone: u32) -> NewSignal {
    let code: Code = code.parse().expect("is a code");
    let mut signal = Signal::new(code, qualifier);
    (signal.group, signal.number) = (Some(group).filter(|&group| group > 0), Some(zone).filter(|&zone| zone > 0));
    let token = if matches!(code, Code::Cid(_)) { "ADM-CID" } else { "SIA-DCS" };
    NewSignal {
        report: Report {
            received_at: at(seconds),
            line: "dc09-tcp".to_owned(),
            account: Some(account(number)),
            token: token.to_owned(),
            sequence: Some(17),
            part: 0,
            parts: 1,
            marks: Marks::NONE,
            content: 7,
            source: alarmcore::SignalSource::of_peer("192.0.2.7:40112"),
            signal: Some(signal),
        },
        peer: "192.0.2.7:40112".to_owned(),
        answer: Answer::Ack,
        raw: format!("\n{token} {number} {code}\r").into_bytes(),
    }
}

/// What each line carried in the minutes of these signals, as the receiver counts it: whole frames.
pub(crate) fn counts(signals: &[NewSignal]) -> Vec<LineCount> {
    let frames = signals.iter().filter(|signal| signal.report.part == 0);
    frames
        .map(|frame| {
            let acknowledged = u32::from(frame.answer == Answer::Ack);
            LineCount {
                minute: frame.report.received_at.millis().div_euclid(60_000),
                line: frame.report.line.clone(),
                received: 1,
                acknowledged,
                supervised: 0,
                refused: 1 - acknowledged,
                noise: 0,
            }
        })
        .collect()
}

/// The evening's signals: 1 to 11, and 12 that the desk has not reached.
pub(crate) fn signals() -> Vec<NewSignal> {
    use Qualifier::{New, Restore};
    let mut unread = signal(240, "1002", "130", New, 0, 0);
    unread.report.account = None;
    unread.report.token = "XYZ".to_owned();
    (unread.report.signal, unread.report.marks) = (None, Marks::UNREAD);
    let mut locked = signal(241, "1002", "130", New, 0, 0);
    locked.answer = Answer::Duh;
    (locked.report.signal, locked.report.marks) = (None, Marks::ENCRYPTED.with(Marks::UNDECIPHERED));
    let mut double = [signal(300, "1002", "BA", New, 1, 12), signal(300, "1002", "BV", New, 1, 12)];
    for (part, half) in double.iter_mut().enumerate() {
        (half.report.part, half.report.parts) = (part as u16, 2);
        let told = half.report.signal.as_mut().expect("has a signal");
        (told.address, told.text) = (Some("012".to_owned()), Some("后门, \"Back door\"".to_owned()));
    }
    double[1].raw.clear();
    let [first, second] = double;
    vec![
        signal(0, "1001", "130", New, 1, 5),
        signal(1, "1001", "131", New, 1, 6),
        signal(30, "1001", "130", Restore, 1, 5),
        signal(65, "1002", "401", New, 1, 3),
        signal(70, "1002", "301", New, 0, 0),
        signal(120, "1001", "130", New, 1, 5),
        signal(180, "9999", "799", New, 1, 1),
        unread,
        locked,
        first,
        second,
        signal(360, "1001", "602", New, 0, 0),
    ]
}

/// Builds the centre in `dir`.
pub(crate) fn build(dir: &Path) {
    let signals = signals();
    store(dir, &signals);
    let mut centre = Centre::open(dir).expect("opens");
    cards(&mut centre);
    let received = received(&signals[..11]);
    let states = states(&received);
    let outputs = decisions(&received);
    let batch = Batch { cursor: SignalId::new(11), received: &received, outputs: &outputs, states: &states };
    centre.commit(batch).expect("commits");
}

/// Commit 1 of these signals, with what the line carried; and a heartbeat and some noise.
pub(crate) fn store(dir: &Path, signals: &[NewSignal]) {
    let mut log = SignalLog::open(dir).expect("opens");
    let mut counts = counts(signals);
    if let Some(first) = counts.first().cloned() {
        counts.push(LineCount { received: 1, acknowledged: 0, supervised: 1, refused: 0, noise: 2, ..first });
    }
    let stored = log.append(signals, &counts).expect("stores");
    assert_eq!(stored.len(), signals.len());
}

pub(crate) fn received(signals: &[NewSignal]) -> Vec<Received> {
    let numbered = (1..).zip(signals);
    numbered.map(|(id, signal)| Received { id: SignalId::new(id), report: signal.report.clone() }).collect()
}

pub(crate) fn states(received: &[Received]) -> Vec<AccountState> {
    let mut states: Vec<AccountState> = Vec::new();
    for one in received {
        let Some(number) = one.report.account else { continue };
        let place = states.iter().position(|state| state.account == number).unwrap_or_else(|| {
            states.push(AccountState::new(number));
            states.len() - 1
        });
        states[place].apply(one);
    }
    states
}

fn cards(centre: &mut Centre) {
    let change = Change { by: None, at: at(-60), origin: "import".to_owned(), reason: "first cards".to_owned() };
    let mut shop = AccountCard::new(account("1001"), "张记珠宝店");
    shop.address = "人民路 8 号".to_owned();
    shop.phone = "010-5550-1001".to_owned();
    shop.zones = vec![Zone { number: 5, name: "前门".to_owned() }, Zone { number: 6, name: "展柜".to_owned() }];
    shop.contacts = vec![Contact {
        id: ContactId::new(1),
        name: "张伟".to_owned(),
        phone: "138-5550-0001".to_owned(),
        phones: Vec::new(),
        available: None,
        not_before: None,
        role: "owner".to_owned(),
        closes_late: false,
        codeword: Some(Codeword::new("梧桐", [1; 16])),
        duress: None,
    }];
    let mut school = AccountCard::new(account("1002"), "School, \"North\"");
    school.address = "North Road 2".to_owned();
    school.users = PanelUser::read_all("3 刘洋; cancels").expect("are users");
    for card in [shop, school] {
        centre.put_account(&card, &change).expect("is admitted");
    }
    let operator = |id, login: &str, name: &str, role| OperatorCard::new(OperatorId::new(id), login, name, role);
    for card in [operator(1, "wang", "王芳", Role::Operator), operator(2, "li", "李娜", Role::Supervisor)] {
        centre.put_operator(&card, &change).expect("is admitted");
    }
    centre.put_password(OperatorId::new(1), "$argon2id$digest", &change).expect("is kept");
    let unit = UnitCard { phone: "ch. 4".to_owned(), on_duty: true, ..UnitCard::new(UnitId::new(1), "North 1") };
    centre.put_unit(&unit, &change).expect("is admitted");
}

/// Three incidents: the first closed as false, the second untouched, the third on its way.
fn decisions(received: &[Received]) -> Vec<Output> {
    let mut desk = Decisions { received, outputs: Vec::new(), versions: [0; 3] };
    let wang = Some(OperatorId::new(1));
    desk.opens(1, 1, Kind::Burglary, 3, Rule::ClassShown);
    desk.joins(1, 2);
    desk.happens(1, 12, wang, IncidentEvent::Taken {});
    let (contact, note) = (ContactId::new(1), Some("Nobody at home".to_owned()));
    desk.happens(
        1,
        25,
        wang,
        IncidentEvent::Called {
            contact,
            result: CallResult::NoAnswer,
            number: None,
            numbers: None,
            compared: false,
            correct_by: None,
            again_at: None,
            note,
        },
    );
    desk.disposes(3, Outcome::Logged, Rule::RestoreLogged);
    desk.happens(1, 50, wang, IncidentEvent::VerifiedFalse { cause: Cause::UserError, second: None, note: None });
    let resolution = Resolution::FalseByPerson;
    desk.happens(1, 59, wang, IncidentEvent::Closed { resolution, note: None });
    desk.disposes(4, Outcome::Logged, Rule::ClassLogged);
    desk.disposes(5, Outcome::Held { until: at(970) }, Rule::RestoreWait);
    desk.disposes(6, Outcome::Repeat { of: SignalId::new(1) }, Rule::Repeat);
    desk.opens(2, 7, Kind::UnknownAccount, 7, Rule::UnknownAccount);
    desk.disposes(8, Outcome::Logged, Rule::Unread);
    desk.disposes(9, Outcome::Logged, Rule::Undeciphered);
    desk.opens(3, 10, Kind::Burglary, 3, Rule::ClassShown);
    desk.joins(3, 11);
    let unit = UnitId::new(1);
    desk.happens(3, 305, wang, IncidentEvent::Taken {});
    desk.happens(3, 320, wang, IncidentEvent::PreProcessed { note: Some("两个探测器".to_owned()) });
    desk.happens(3, 320, wang, IncidentEvent::UnitOffered { unit, until: at(380), choice: None });
    desk.happens(3, 331, None, IncidentEvent::UnitAccepted { unit });
    desk.outputs.extend(tests());
    desk.outputs
}

/// Two tests: the shop's is over, the school's is not.
fn tests() -> Vec<Output> {
    let started = |number: &str, scope, contact, asked_by: Option<&str>| TestEvent::Started {
        account: account(number),
        scope,
        until: at(3_720),
        warn_at: at(2_820),
        reason: TestReason::Inspection,
        contact,
        proved: contact.is_some(),
        policy: 1,
        second: None,
        agreed: None,
        before_s: 0,
        danger: None,
        asked_by: asked_by.map(str::to_owned),
        note: None,
    };
    let listed = Scope { zones: Zones::Listed([5].into()), ..Scope::default() };
    let (wang, li) = (Some(OperatorId::new(1)), Some(OperatorId::new(2)));
    let record = |test, version, seconds, by, event| {
        Output::TestRecord(TestRecord { test: TestId::new(test), version, at: at(seconds), by, event })
    };
    vec![
        record(1, 1, 130, wang, started("1001", listed, Some(ContactId::new(1)), None)),
        record(1, 2, 150, li, TestEvent::Ended { signals: 4, note: None }),
        record(2, 1, 120, li, started("1002", Scope::default(), None, Some("North Alarms"))),
    ]
}

struct Decisions<'a> {
    received: &'a [Received],
    outputs: Vec<Output>,
    versions: [u32; 3],
}

impl Decisions<'_> {
    fn report(&self, signal: u64) -> &Report {
        &self.received[signal as usize - 1].report
    }

    fn disposes(&mut self, signal: u64, outcome: Outcome, rule: Rule) {
        let at = self.report(signal).received_at;
        let signal = SignalId::new(signal);
        self.outputs.push(Output::Dispose(Disposition {
            signal,
            at,
            outcome,
            rule,
            policy: 1,
            overridden: None,
            unweighed: false,
            counted: false,
            unseen: false,
        }));
    }

    fn happens(&mut self, incident: u64, seconds: i64, by: Option<OperatorId>, event: IncidentEvent) {
        let version = &mut self.versions[incident as usize - 1];
        *version += 1;
        let incident = IncidentId::new(incident);
        self.outputs.push(Output::Record(Record { incident, version: *version, at: at(seconds), by, event }));
    }

    fn evidence(&self, signal: u64) -> Evidence {
        let report = self.report(signal);
        let told = report.signal.as_ref();
        Evidence {
            signal: SignalId::new(signal),
            received_at: report.received_at,
            code: told.map(|told| told.code),
            qualifier: told.map(|told| told.qualifier),
            group: told.and_then(|told| told.group),
            number: told.and_then(|told| told.number),
            user: None,
            source: None,
            marks: report.marks,
        }
    }

    fn opens(&mut self, incident: u64, signal: u64, kind: Kind, priority: u8, rule: Rule) {
        let (account, evidence) = (self.report(signal).account, self.evidence(signal));
        let seconds = evidence.received_at.secs() - at(0).secs();
        let priority = Priority::clamped(priority);
        let opened = IncidentEvent::Opened { account, kind, priority, evidence, rule, policy: 1, plan: None };
        self.happens(incident, seconds, None, opened);
        self.disposes(signal, Outcome::Opened { incident: IncidentId::new(incident) }, rule);
    }

    fn joins(&mut self, incident: u64, signal: u64) {
        let (evidence, rule) = (self.evidence(signal), Rule::ClassShown);
        let seconds = evidence.received_at.secs() - at(0).secs();
        self.happens(incident, seconds, None, IncidentEvent::SignalJoined { evidence, rule });
        self.disposes(signal, Outcome::Joined { incident: IncidentId::new(incident) }, rule);
    }
}
