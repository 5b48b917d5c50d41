//! Who is there, heard in the order of time with the signals, on a store of its own.

use alarmcore::{Command, IncidentId, Marks, OverflowReason, Presence, Report, SignalSource};
use contactid::{Code, Qualifier, Signal};
use opsmodel::crm::{self, OperatorCard, Role};
use opsmodel::store::{Answer, NewSignal, SignalLog};

use super::*;

const RULES: &str = "version = 2\n[[queue]]\nname = 'vaults'\nfor = { site_types = ['bank'] }\nskills = ['vault']\nexclusive = true\n\
                     overflow_s = 600\n[ownership]\nabsent_s = 60\n";
const WU: OperatorId = OperatorId::new(1);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_385_600_000 + seconds * 1000)
}

/// A bank whose alarms are for those who can open the vault, and the one who can, with the desk that knows both.
struct Bank {
    folder: tempfile::TempDir,
    seat: Seat,
}

impl Bank {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        drop(SignalLog::open(folder.path()).unwrap());
        let mut centre = Centre::open(folder.path()).unwrap();
        let change = crm::Change { by: None, at: at(-60), origin: "test".into(), reason: "test".into() };
        let mut bank = crm::AccountCard::new("1001".parse().unwrap(), "Bank");
        bank.site_type = Some("bank".into());
        centre.put_account(&bank, &change).unwrap();
        let mut wu = OperatorCard::new(WU, "wu", "Wu", Role::Operator);
        wu.skills = ["vault".into()].into();
        centre.put_operator(&wu, &change).unwrap();
        drop(centre);
        let policy = Policy::from_toml(RULES).unwrap();
        let mut seat = Seat::open(folder.path(), &policy, &Seen::default(), at(0)).unwrap();
        seat.turn(Vec::new(), Vec::new(), at(0)).unwrap();
        Self { folder, seat }
    }

    /// The bank's panel reports a burglary.
    fn reports(&self, seconds: i64) {
        let signal = Signal { number: Some(3), ..Signal::new("130".parse::<Code>().unwrap(), Qualifier::New) };
        let report = Report {
            received_at: at(seconds),
            line: "dc09-tcp".into(),
            account: Some("1001".parse().unwrap()),
            token: "ADM-CID".into(),
            sequence: Some(1),
            part: 0,
            parts: 1,
            marks: Marks::NONE,
            content: 7,
            source: SignalSource::of_peer("192.0.2.7:40112"),
            signal: Some(signal),
        };
        let signal = NewSignal { report, peer: "192.0.2.7:40112".into(), answer: Answer::Ack, raw: b"\n1\r".to_vec() };
        SignalLog::open(self.folder.path()).unwrap().append(&[signal], &[]).unwrap();
    }

    fn turn(&mut self, signs: &[(i64, Presence)], acts: Vec<Act>, seconds: i64) {
        let sign = |&(seconds, presence)| Sign { at: at(seconds), operator: WU, presence };
        self.seat.turn(signs.iter().map(sign).collect(), acts, at(seconds)).unwrap();
    }

    /// Why the one open incident is everybody's, where it is, and who has it.
    fn shown(&self) -> (Option<OverflowReason>, Option<OperatorId>) {
        let [incident] = &self.seat.desk.queue()[..] else { panic!("{:?}", self.seat.desk.queue()) };
        (incident.queue.as_ref().unwrap().overflow, incident.owner)
    }
}

/// Whoever came before a signal that is for them was there, though the desk hears of both in one turn.
#[test]
fn whoever_was_there_when_a_signal_came_was_there() {
    let mut bank = Bank::new();
    bank.reports(20);
    bank.turn(&[(30, Presence::Here), (10, Presence::Here)], Vec::new(), 40);
    assert_eq!(bank.shown(), (None, None));

    let mut bank = Bank::new();
    bank.reports(20);
    bank.turn(&[(30, Presence::Here)], Vec::new(), 40);
    assert_eq!(bank.shown(), (Some(OverflowReason::NobodyThere), None));
}

/// Whoever asked for something a moment ago, without a screen, is there for a desk that is loaded anew, too.
#[test]
fn whoever_asked_lately_is_there_for_a_desk_that_is_loaded_anew() {
    for (asks, overflow) in [(true, None), (false, Some(OverflowReason::NobodyThere))] {
        let mut bank = Bank::new();
        let seen = Seen::default();
        if asks {
            seen.asked(WU);
        }
        let began = crate::desk::now();
        bank.seat = Seat::open(bank.folder.path(), &Policy::from_toml(RULES).unwrap(), &seen, began).unwrap();
        bank.reports(began.plus_secs(20).secs() - at(0).secs());
        bank.seat.turn(Vec::new(), Vec::new(), began.plus_secs(21)).unwrap();
        assert_eq!(bank.shown(), (overflow, None), "{asks}");
    }
}

/// Whoever opens a screen a moment before they count as gone keeps what they have, though the desk hears of it later; who opens it a
/// moment after has lost it.
#[test]
fn whoever_comes_in_time_keeps_what_they_have() {
    for (comes, kept) in [(69, Some(WU)), (71, None)] {
        let mut bank = Bank::new();
        bank.reports(5);
        let take = Act::Incident { by: WU, incident: IncidentId::new(1), command: Command::Take, second: None };
        bank.turn(&[(4, Presence::Here)], vec![take], 10);
        bank.turn(&[(10, Presence::Silent)], Vec::new(), 11);
        assert_eq!(bank.shown().1, Some(WU));
        bank.turn(&[(comes, Presence::Here)], Vec::new(), 80);
        assert_eq!(bank.shown().1, kept, "{comes}");
    }
}
