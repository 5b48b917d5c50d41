//! A small centre: a log, a desk and the centre's file, worked as the binary works them.

use std::path::{Path, PathBuf};

use alarmcore::{
    AccountNumber, Command, Desk, FalseCallsCommand, FollowUpId, IncidentId, Input, LoweredCommand, OperatorId, Output,
    Policy, Received, SignalId, StormCommand, StormId, StormStart, TestCommand, TestReason, TestStart, Timestamp,
    UnitId,
};
use contactid::Qualifier::{self, New, Restore};
use opsmodel::crm::{AccountCard, Change, OperatorCard, Role, UnitCard};
use opsmodel::store::{Batch, Centre, NewSignal, SignalLog, SignalReader, StoreError};

use crate::sample::{account, at, framed, report, signal};

pub(crate) const ANNA: OperatorId = OperatorId::new(1);
pub(crate) const UNIT: UnitId = UnitId::new(7);

pub(crate) struct Room {
    pub(crate) dir: PathBuf,
    /// Holds the folder of a room of its own.
    _folder: Option<tempfile::TempDir>,
    pub(crate) log: SignalLog,
    pub(crate) reader: SignalReader,
    pub(crate) centre: Centre,
    pub(crate) desk: Desk,
}

pub(crate) fn change(millis: i64, reason: &str) -> Change {
    Change { by: Some(ANNA), at: at(millis), origin: "console 192.0.2.1".into(), reason: reason.into() }
}

impl Room {
    /// A centre with accounts 1000 to 1004, one operator and one unit.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::furnish(folder.path());
        let room = Self::open(folder.path());
        Self { _folder: Some(folder), ..room }
    }

    /// The centre in a folder, as it was left.
    pub(crate) fn open(dir: &Path) -> Self {
        let log = SignalLog::open(dir).unwrap();
        let reader = SignalReader::open(dir).unwrap();
        let centre = Centre::open(dir).unwrap();
        let desk = Desk::restore(Policy::default(), centre.snapshot().unwrap());
        Self { dir: dir.to_owned(), _folder: None, log, reader, centre, desk }
    }

    /// Writes the cards.
    pub(crate) fn furnish(dir: &Path) {
        drop(SignalLog::open(dir).unwrap());
        let mut centre = Centre::open(dir).unwrap();
        for n in 0..5 {
            let district = (n < 3).then(|| "East".into());
            let card = AccountCard { district, ..AccountCard::new(account(n), format!("Shop {n}")) };
            centre.put_account(&card, &change(0, "admitted")).unwrap();
        }
        let anna = OperatorCard::new(ANNA, "anna", "Anna", Role::Supervisor);
        centre.put_operator(&anna, &change(0, "hired")).unwrap();
        let unit = UnitCard { phone: String::new(), on_duty: true, ..UnitCard::new(UNIT, "North 1") };
        centre.put_unit(&unit, &change(0, "set up")).unwrap();
    }

    /// Stores signals and lets the desk read them.
    pub(crate) fn receive(&mut self, signals: &[NewSignal]) {
        drop(self.log.append(signals, &[]).unwrap());
        self.work().unwrap();
    }

    /// The desk reads what is new in the log: one batch.
    pub(crate) fn work(&mut self) -> Result<u64, StoreError> {
        let cursor = self.centre.cursor().unwrap();
        let received: Vec<Received> =
            self.reader.after(cursor, 10_000).unwrap().into_iter().map(|logged| logged.received).collect();
        let inputs = received.iter().cloned().map(Input::Signal).collect();
        self.decide(received.last().map_or(cursor, |last| last.id), &received, inputs)
    }

    /// The clock stands at `millis`.
    pub(crate) fn time(&mut self, millis: i64) {
        let cursor = self.centre.cursor().unwrap();
        self.decide(cursor, &[], vec![Input::Time(at(millis))]).unwrap();
    }

    /// Anna puts account `1000 + n` on test, or acts on its test; refused acts fail the test.
    pub(crate) fn test(&mut self, millis: i64, n: u32, command: TestCommand) {
        self.signed_test(millis, n, command, None);
    }

    /// The same with the signature of another, as it takes where people may be in danger.
    pub(crate) fn signed_test(&mut self, millis: i64, n: u32, command: TestCommand, second: Option<OperatorId>) {
        let cursor = self.centre.cursor().unwrap();
        let (at, account) = (at(millis), account(n));
        let act = Input::Test { at, by: ANNA, supervisor: true, account, command, second };
        self.decide(cursor, &[], vec![act]).unwrap();
    }

    /// Anna records the proof of a remedy; refused acts fail the test.
    pub(crate) fn prove(&mut self, millis: i64, n: u32, command: FalseCallsCommand) {
        let cursor = self.centre.cursor().unwrap();
        let act = Input::FalseCalls { at: at(millis), by: ANNA, account: account(n), command };
        self.decide(cursor, &[], vec![act]).unwrap();
    }
    /// Anna declares a storm (`None`) or acts on one; refused acts fail the test.
    pub(crate) fn storm(&mut self, millis: i64, storm: Option<u64>, command: StormCommand) {
        let cursor = self.centre.cursor().unwrap();
        let (by, second, storm) = (ANNA, Some(OperatorId::new(2)), storm.map(StormId::new));
        let act = Input::Storm { at: at(millis), by, supervisor: true, storm, command, second };
        self.decide(cursor, &[], vec![act]).unwrap();
    }

    /// Anna gives a row of the board to somebody, or takes it back; refused acts fail the test.
    pub(crate) fn assign(&mut self, millis: i64, n: u32, command: LoweredCommand) {
        let cursor = self.centre.cursor().unwrap();
        let act = Input::Lowered { at: at(millis), by: ANNA, account: account(n), command };
        self.decide(cursor, &[], vec![act]).unwrap();
    }

    /// The card of an account has changed in the store: the desk starts anew from what is stored.
    pub(crate) fn start_again(&mut self) {
        self.desk = Desk::restore(self.desk.policy().clone(), self.centre.snapshot().unwrap());
    }

    /// Anna makes a follow-up, or acts on one; refused acts fail the test.
    pub(crate) fn follow_up(&mut self, millis: i64, follow_up: Option<u64>, json: &str) {
        let cursor = self.centre.cursor().unwrap();
        let (command, follow_up) = (serde_json::from_str(json).unwrap(), follow_up.map(FollowUpId::new));
        let act = Input::FollowUp { at: at(millis), by: ANNA, follow_up, command };
        self.decide(cursor, &[], vec![act]).unwrap();
    }

    /// Anna does something; refused acts fail the test.
    pub(crate) fn act(&mut self, millis: i64, incident: u64, command: Command) {
        self.act_with(millis, incident, command, None);
    }

    /// The same, where a second person may sign.
    pub(crate) fn act_with(&mut self, millis: i64, incident: u64, command: Command, second: Option<OperatorId>) {
        let (cursor, incident) = (self.centre.cursor().unwrap(), IncidentId::new(incident));
        let act = Input::Act { at: at(millis), by: ANNA, incident, command, second };
        self.decide(cursor, &[], vec![act]).unwrap();
    }

    fn decide(&mut self, cursor: SignalId, received: &[Received], inputs: Vec<Input>) -> Result<u64, StoreError> {
        let outputs = drain(&mut self.desk, inputs);
        self.commit(cursor, received, &outputs)
    }

    pub(crate) fn commit(
        &mut self,
        cursor: SignalId,
        received: &[Received],
        outputs: &[Output],
    ) -> Result<u64, StoreError> {
        let touched = outputs.iter().filter_map(|output| match output {
            Output::Touched(account) => Some(*account),
            _ => None,
        });
        let touched: std::collections::BTreeSet<AccountNumber> = touched.collect();
        let states: Vec<_> = touched.iter().filter_map(|account| self.desk.account(account).cloned()).collect();
        self.centre.commit(Batch { cursor, received, outputs, states: &states })
    }

    /// Every row of a table in the order of its columns, as text.
    pub(crate) fn table(&self, file: &str, table: &str) -> Vec<String> {
        let sql = rusqlite::Connection::open(self.dir.join(file)).unwrap();
        let mut statement = sql.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            Ok((0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect::<Vec<_>>().join(" | "))
        });
        let mut rows: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
        rows.sort();
        rows
    }
}

pub(crate) fn drain(desk: &mut Desk, inputs: Vec<Input>) -> Vec<Output> {
    let mut outputs = Vec::new();
    for input in inputs {
        desk.handle(input);
        loop {
            match desk.poll() {
                Output::Wait(_) => break,
                Output::Refuse(refusal) => panic!("refused: {refusal:?}"),
                Output::RefuseTest(refusal) => panic!("refused: {refusal:?}"),
                Output::RefuseFalseCalls(refusal) => panic!("refused: {refusal:?}"),
                Output::RefuseFollowUp(refusal) => panic!("refused: {refusal:?}"),
                Output::RefuseLowered(refusal) => panic!("refused: {refusal:?}"),
                Output::RefuseStorm(refusal) => panic!("refused: {refusal:?}"),
                output => outputs.push(output),
            }
        }
    }
    outputs
}

/// A signal of account `1000 + n` at a time.
pub(crate) fn says(millis: i64, n: u32, code: &str, qualifier: Qualifier, number: u32) -> NewSignal {
    framed(report(millis, account(n), signal(code, qualifier, number)))
}

/// A morning with a bit of everything: alarms, openings, troubles held and restored or not, repeats, a stranger, and an
/// incident handled to its end.
pub(crate) fn morning(room: &mut Room) {
    room.receive(&[
        says(1_000, 0, "401", New, 1),
        says(2_000, 1, "130", New, 5),
        says(3_000, 1, "130", New, 6),
        says(4_000, 2, "301", New, 0),
        says(5_000, 3, "301", New, 0),
        says(6_000, 9, "130", New, 1),
    ]);
    let mut again = says(2_000, 1, "130", New, 5);
    again.report.received_at = at(7_000);
    room.receive(&[again, says(8_000, 4, "110", New, 2), says(60_000, 2, "301", Restore, 0)]);
    room.act(61_000, 1, Command::Take);
    let said = "Mrs Li says that her nephew opened the door";
    let call = Command::Call {
        contact: alarmcore::ContactId::new(1),
        result: alarmcore::CallResult::CodeOk,
        number: None,
        numbers: None,
        compared: false,
        again_at: None,
        note: Some(said.into()),
    };
    room.act(70_000, 1, call);
    let cause = Some(alarmcore::Cause::Person);
    room.act(80_000, 1, Command::VerifyFalse { cause, note: Some("nephew".into()) });
    let asked_by = Some("Wang of Safe Ltd".to_owned());
    let start = TestStart { reason: Some(TestReason::Repair), asked_by, minutes: Some(60), ..TestStart::default() };
    room.signed_test(90_000, 4, TestCommand::Start(start.clone()), Some(OperatorId::new(9)));
    room.receive(&[says(91_000, 4, "130", New, 7), says(92_000, 4, "130", New, 8), says(93_000, 4, "130", Restore, 8)]);
    room.time(4 * 3_600_000);
    room.test(4 * 3_600_000, 3, TestCommand::Start(start));
    room.receive(&[says(4 * 3_600_000 + 1, 3, "301", Restore, 0), says(4 * 3_600_000 + 2, 3, "302", New, 0)]);
    room.storm(4 * 3_600_000 + 10, None, declare("East"));
    room.receive(&[says(4 * 3_600_000 + 11, 0, "302", New, 0), says(4 * 3_600_000 + 12, 1, "301", New, 0)]);
    room.receive(&[says(4 * 3_600_000 + 13, 1, "301", Restore, 0)]);
}

/// A storm over a district, as a supervisor declares it by hand.
pub(crate) fn declare(district: &str) -> StormCommand {
    let (name, note) = (Some(district.to_owned()), Some("Mr Wu saw lightning".to_owned()));
    StormCommand::Declare(StormStart {
        area: alarmcore::AreaOf::District,
        name,
        minutes: Some(60),
        call_in: true,
        note,
    })
}

/// The moment after the morning.
pub(crate) fn noon() -> Timestamp {
    at(5 * 3_600_000)
}
