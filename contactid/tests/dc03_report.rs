//! DC-03 reports as scripted exchanges, each side by itself.
#![allow(clippy::unwrap_used, reason = "a test stops where a session does not answer")]

use contactid::sia::report::{
    Answering, Ending, Failure, Outgoing, Panel, PanelInput, PanelOptions, PanelOutput, Receiver, ReceiverInput,
    ReceiverOptions, ReceiverOutput, Report, Tonal,
};
use contactid::sia::{Block, Function, TextPage};
use contactid::{Check, Code, Qualifier, RecordError, SiaCode, Signal};

const ACK: &[u8] = b"\x00\x38\xC7";
const NAK: &[u8] = b"\x00\x39\xC6";

fn block(function: Function, written: &[u8]) -> Vec<u8> {
    Block::new(function, written).unwrap().encode()
}

/// A block of a group: it asks for no answer.
fn quiet(function: Function, written: &[u8]) -> Vec<u8> {
    Block::new(function, written).unwrap().with_flags(false, false).encode()
}

/// A block of a panel that opens the reverse channel.
fn reverse(function: Function, written: &[u8], asks: bool) -> Vec<u8> {
    Block::new(function, written).unwrap().with_flags(asks, true).encode()
}

fn burglary(number: u32, address: &str) -> Signal {
    let code = Code::Sia(SiaCode::new(*b"BA").unwrap());
    Signal { number: Some(number), address: Some(address.into()), ..Signal::new(code, Qualifier::New) }
}

struct Desk(Receiver);

impl Desk {
    fn new(options: ReceiverOptions) -> Self {
        Self(Receiver::new(options))
    }

    fn handle(&mut self, now_ms: u64, input: ReceiverInput<'_>) -> Vec<ReceiverOutput> {
        self.0.handle(now_ms, input);
        std::iter::from_fn(|| self.0.poll()).collect()
    }

    fn bytes(&mut self, now_ms: u64, bytes: &[u8]) -> Vec<ReceiverOutput> {
        self.handle(now_ms, ReceiverInput::Bytes(bytes))
    }
}

fn says(bytes: &[u8]) -> Vec<ReceiverOutput> {
    vec![ReceiverOutput::Send(bytes.to_vec())]
}

fn report(number: u32, content: &[u8], signals: Vec<Signal>, text: Option<&str>) -> ReceiverOutput {
    ReceiverOutput::Report(Report {
        number,
        account: "1234".parse().unwrap(),
        content: content.to_vec(),
        signals,
        text: text.map(String::from),
    })
}

#[test]
fn each_block_is_stored_before_it_is_acknowledged() {
    let mut desk = Desk::new(ReceiverOptions::default());
    assert_eq!(desk.bytes(0, &block(Function::ACCOUNT, b"1234")), says(ACK));
    let told = report(1, b"NBA005", vec![burglary(5, "005")], None);
    assert_eq!(desk.bytes(100, &block(Function::NEW_EVENT, b"BA005")), [told]);
    assert_eq!(desk.bytes(150, &block(Function::NEW_EVENT, b"BA005")), [], "a repetition before the store is done");
    assert_eq!(desk.handle(200, ReceiverInput::Stored(1)), says(ACK));
    assert_eq!(desk.bytes(250, &block(Function::NEW_EVENT, b"BA005")), says(ACK), "the acknowledgement was lost");
    assert_eq!(desk.bytes(300, &block(Function::TEXT, b"Door")), [report(2, b"ADoor", vec![], Some("Door"))]);
    assert_eq!(desk.handle(310, ReceiverInput::Stored(2)), says(ACK));
    let mut over = says(ACK);
    over.push(ReceiverOutput::Close(Ending::EndOfData));
    assert_eq!(desk.bytes(400, &block(Function::END_OF_DATA, b"")), over);
    assert_eq!(desk.bytes(500, &block(Function::ACCOUNT, b"1234")), []);
}

#[test]
fn the_same_block_later_is_another_event() {
    let mut desk = Desk::new(ReceiverOptions::default());
    desk.bytes(0, &block(Function::ACCOUNT, b"1234"));
    for (number, now_ms) in [(1, 0), (2, 4000)] {
        let told = report(number, b"NBA005", vec![burglary(5, "005")], None);
        assert_eq!(desk.bytes(now_ms, &block(Function::NEW_EVENT, b"BA005")), [told]);
        assert_eq!(desk.handle(now_ms, ReceiverInput::Stored(number)), says(ACK));
    }
}

#[test]
fn a_group_is_one_report_and_its_repetition_none() {
    let mut desk = Desk::new(ReceiverOptions::default());
    let group =
        [quiet(Function::ACCOUNT, b"1234"), quiet(Function::NEW_EVENT, b"BA005"), block(Function::TEXT, b"Door")];
    let signal = Signal { text: Some("Door".into()), ..burglary(5, "005") };
    assert_eq!(desk.bytes(0, &group.concat()), [report(1, b"NBA005|ADoor", vec![signal], None)]);
    assert_eq!(desk.handle(10, ReceiverInput::Stored(1)), says(ACK));
    assert_eq!(desk.bytes(2500, &group.concat()), says(ACK));
    assert_eq!(desk.handle(9000, ReceiverInput::Closed), [ReceiverOutput::Close(Ending::Closed)]);
}

#[test]
fn a_group_with_a_damaged_block_is_not_acknowledged() {
    let mut desk = Desk::new(ReceiverOptions::default());
    desk.bytes(0, &block(Function::ACCOUNT, b"1234"));
    let mut event = quiet(Function::NEW_EVENT, b"BA005");
    event[3] ^= 1;
    let expected = u32::from(event[..7].iter().fold(0xFF, |sum, byte| sum ^ byte));
    let damage = RecordError::Check { check: Check::Parity, expected, found: event[7].into() };
    let wrong = RecordError::Form { expected: "a whole group", at: 1, found: b'A' };
    let no = ReceiverOutput::Send(NAK.to_vec());
    let text = block(Function::TEXT, b"Door");
    assert_eq!(
        desk.bytes(100, &[event, text.clone()].concat()),
        [ReceiverOutput::Refused(damage), no.clone(), ReceiverOutput::Refused(wrong), no]
    );
    let signal = Signal { text: Some("Door".into()), ..burglary(5, "005") };
    let whole = [quiet(Function::NEW_EVENT, b"BA005"), text].concat();
    assert_eq!(desk.bytes(200, &whole), [report(1, b"NBA005|ADoor", vec![signal], None)]);
    assert_eq!(desk.handle(210, ReceiverInput::Stored(1)), says(ACK));
}

#[test]
fn what_comes_before_an_account_is_refused() {
    let mut desk = Desk::new(ReceiverOptions { answering: Answering::Network, ..ReceiverOptions::default() });
    let wrong = RecordError::Form { expected: "an account block", at: 1, found: b'N' };
    let no = ReceiverOutput::Send(b"\x40\x39\x86".to_vec());
    assert_eq!(desk.bytes(0, &block(Function::NEW_EVENT, b"BA005")), [ReceiverOutput::Refused(wrong), no]);
    assert_eq!(desk.bytes(10, &block(Function::ACCOUNT, b"1234")), says(b"\x40\x38\x87"));
}

/// A39, then A33: the panel repeats.
#[test]
fn a_damaged_block_is_refused_and_its_repetition_taken() {
    let mut desk = Desk::new(ReceiverOptions::default());
    let damage = RecordError::Check { check: Check::Parity, expected: 0x9F, found: 0x9E };
    let no = ReceiverOutput::Send(NAK.to_vec());
    assert_eq!(desk.bytes(0, b"\x46#023499\x9E"), [ReceiverOutput::Refused(damage), no]);
    assert_eq!(desk.bytes(50, b"\x46#023499\x9F"), says(ACK));
    assert_eq!(desk.0.account(), Some("023499".parse().unwrap()));
}

#[test]
fn a_group_that_stops_is_told_when_its_time_is_over() {
    let mut desk = Desk::new(ReceiverOptions::default());
    desk.bytes(0, &block(Function::ACCOUNT, b"1234"));
    assert_eq!(desk.bytes(100, &quiet(Function::NEW_EVENT, b"BA005")), []);
    assert_eq!(desk.0.deadline(), Some(4100));
    let told = report(1, b"NBA005", vec![burglary(5, "005")], None);
    assert_eq!(desk.handle(4100, ReceiverInput::Time), [told]);
    assert_eq!(desk.0.deadline(), None);
}

#[test]
fn tones_answer_a_panel_of_level_1_and_blocks_one_that_says_more() {
    let mut desk = Desk::new(ReceiverOptions { answering: Answering::ByLevel, ..ReceiverOptions::default() });
    assert_eq!(desk.bytes(0, &block(Function::ACCOUNT, b"1234")), [ReceiverOutput::Tone(Tonal::Acknowledge)]);
    assert_eq!(desk.bytes(1000, &block(Function::CONFIGURATION, b"AL3")), []);
    assert_eq!((desk.0.level(), desk.bytes(2000, &block(Function::ACCOUNT, b"1235"))), (Some(3), says(ACK)));
}

#[test]
fn an_encrypted_galaxy_is_named_and_let_go() {
    let mut desk = Desk::new(ReceiverOptions::default());
    assert_eq!(desk.bytes(0, &[5, 1, 9, 9]), [ReceiverOutput::Close(Ending::EncryptedGalaxy)]);
}

#[test]
fn a_panel_that_aborts_has_told_what_it_told() {
    let mut desk = Desk::new(ReceiverOptions::default());
    desk.bytes(0, &block(Function::ACCOUNT, b"1234"));
    let told = report(1, b"NBA005", vec![burglary(5, "005")], None);
    let parts = [quiet(Function::NEW_EVENT, b"BA005"), quiet(Function::ABORT, b"")].concat();
    assert_eq!(desk.bytes(10, &parts), [told, ReceiverOutput::Close(Ending::Aborted)]);
}

fn send(panel: &mut Panel, now_ms: u64, input: PanelInput<'_>) -> Vec<PanelOutput> {
    panel.handle(now_ms, input);
    std::iter::from_fn(|| panel.poll()).collect()
}

fn door() -> Outgoing {
    let report = Outgoing::new("1234".parse().unwrap()).with_block(Function::NEW_EVENT, b"BA005").unwrap();
    report.with_block(Function::TEXT, b"Door").unwrap()
}

fn connected(options: PanelOptions, reports: usize) -> (Panel, Vec<PanelOutput>) {
    let mut panel = Panel::new(options);
    for _ in 0..reports {
        panel.handle(0, PanelInput::Send(door()));
    }
    assert_eq!(panel.poll(), Some(PanelOutput::Connect));
    let outputs = send(&mut panel, 0, PanelInput::Connected);
    (panel, outputs)
}

#[test]
fn a_panel_sends_block_by_block() {
    let (mut panel, first) = connected(PanelOptions::default(), 1);
    assert_eq!(first, [PanelOutput::Send(reverse(Function::ACCOUNT, b"1234", true))]);
    let event =
        [reverse(Function::CONFIGURATION, b"AL3", false), reverse(Function::NEW_EVENT, b"BA005", true)].concat();
    assert_eq!(send(&mut panel, 10, PanelInput::Bytes(ACK)), [PanelOutput::Send(event)]);
    let text = PanelOutput::Send(reverse(Function::TEXT, b"Door", true));
    assert_eq!(send(&mut panel, 20, PanelInput::Bytes(b"\x40\x38\x87")), [text]);
    let end = PanelOutput::Send(reverse(Function::END_OF_DATA, b"", true));
    assert_eq!(send(&mut panel, 30, PanelInput::Tone(Tonal::Acknowledge)), [PanelOutput::Delivered(1), end]);
    assert_eq!(send(&mut panel, 40, PanelInput::Closed), []);
    assert_eq!((panel.waiting(), panel.deadline()), (0, None));
}

#[test]
fn an_account_stays_in_force() {
    let (mut panel, _) = connected(PanelOptions { level: 1, ..PanelOptions::default() }, 2);
    let event = PanelOutput::Send(block(Function::NEW_EVENT, b"BA005"));
    assert_eq!(send(&mut panel, 10, PanelInput::Bytes(ACK)), std::slice::from_ref(&event));
    assert_eq!(send(&mut panel, 20, PanelInput::Bytes(ACK)), [PanelOutput::Delivered(1), event]);
    let end = PanelOutput::Send(block(Function::END_OF_DATA, b""));
    assert_eq!(send(&mut panel, 30, PanelInput::Bytes(ACK)), [PanelOutput::Delivered(2), end]);
    assert_eq!(send(&mut panel, 40, PanelInput::Bytes(ACK)), [PanelOutput::Close]);
}

#[test]
fn a_group_asks_once() {
    let (mut panel, _) = connected(PanelOptions { grouped: true, ..PanelOptions::default() }, 1);
    let group = [
        reverse(Function::CONFIGURATION, b"AL3", false),
        reverse(Function::NEW_EVENT, b"BA005", false),
        reverse(Function::TEXT, b"Door", true),
    ];
    assert_eq!(send(&mut panel, 10, PanelInput::Bytes(ACK)), [PanelOutput::Send(group.concat())]);
}

#[test]
fn an_unanswered_block_is_sent_four_times() {
    let (mut panel, _) = connected(PanelOptions { level: 1, ..PanelOptions::default() }, 2);
    for now_ms in [2500, 5000, 7500] {
        assert_eq!(panel.deadline(), Some(now_ms));
        let again = PanelOutput::Send(block(Function::ACCOUNT, b"1234"));
        assert_eq!(send(&mut panel, now_ms, PanelInput::Time), [again]);
    }
    assert_eq!(
        send(&mut panel, 10_000, PanelInput::Time),
        [
            PanelOutput::Send(b"\x00\x32\xCD".to_vec()),
            PanelOutput::Close,
            PanelOutput::GaveUp(1, Failure::NoAnswer),
            PanelOutput::GaveUp(2, Failure::NoAnswer),
        ]
    );
    assert_eq!((panel.waiting(), panel.deadline()), (0, None));
}

#[test]
fn a_refused_block_is_sent_again_at_once_and_a_late_answer_to_it_is_none_to_the_next() {
    let (mut panel, _) = connected(PanelOptions { level: 1, ..PanelOptions::default() }, 1);
    let account = PanelOutput::Send(block(Function::ACCOUNT, b"1234"));
    assert_eq!(send(&mut panel, 10, PanelInput::Bytes(NAK)), [account]);
    assert_eq!(send(&mut panel, 20, PanelInput::Bytes(ACK)), []);
    assert_eq!(send(&mut panel, 30, PanelInput::Bytes(ACK)), []);
    let event = PanelOutput::Send(block(Function::NEW_EVENT, b"BA005"));
    assert_eq!(panel.deadline(), Some(1020));
    assert_eq!(send(&mut panel, 1020, PanelInput::Time), [event]);
}

#[test]
fn what_else_a_receiver_says() {
    let (mut panel, _) = connected(PanelOptions { level: 1, ..PanelOptions::default() }, 2);
    assert_eq!(send(&mut panel, 2000, PanelInput::Bytes(&block(Function::WAIT, b""))), []);
    assert_eq!(panel.deadline(), Some(4500));
    let event = PanelOutput::Send(block(Function::NEW_EVENT, b"BA005"));
    let reverse = PanelInput::Tone(Tonal::AcknowledgeAndReverse);
    assert_eq!(send(&mut panel, 3000, reverse), [PanelOutput::ReverseChannel, event]);
    let disconnect = block(Function::ACKNOWLEDGE_AND_DISCONNECT, b"");
    assert_eq!(
        send(&mut panel, 3100, PanelInput::Bytes(&disconnect)),
        [PanelOutput::Delivered(1), PanelOutput::Close, PanelOutput::Connect]
    );
    panel.handle(3200, PanelInput::Connected);
    assert_eq!(panel.poll(), Some(PanelOutput::Send(block(Function::ACCOUNT, b"1234"))));
    assert_eq!(
        send(&mut panel, 3300, PanelInput::Bytes(&block(Function::ABORT, b""))),
        [PanelOutput::Close, PanelOutput::GaveUp(2, Failure::Aborted)]
    );
    panel.handle(4000, PanelInput::Send(door()));
    assert_eq!(
        send(&mut panel, 4100, PanelInput::Closed),
        [PanelOutput::Connect, PanelOutput::GaveUp(3, Failure::Closed)]
    );
}

/// Signals and texts of a panel that writes as DOS did; what came stays as it came.
#[test]
fn texts_of_another_character_set() {
    let mut receiver = Receiver::new(ReceiverOptions { page: TextPage::CodePage850, ..ReceiverOptions::default() });
    receiver.handle(0, ReceiverInput::Bytes(&block(Function::ACCOUNT, b"1234")));
    receiver.handle(1, ReceiverInput::Bytes(&quiet(Function::NEW_EVENT, b"BA5")));
    receiver.handle(2, ReceiverInput::Bytes(&block(Function::TEXT, b"K\x81che \xE1")));
    let read = std::iter::from_fn(|| receiver.poll()).last();
    let Some(ReceiverOutput::Report(report)) = read else { panic!("{read:?}") };
    assert_eq!(
        (report.signals[0].text.as_deref(), &report.content[..]),
        (Some("Küche ß"), &b"NBA5|AK\x81che \xE1"[..])
    );
    receiver.handle(3, ReceiverInput::Stored(report.number));
    receiver.handle(4, ReceiverInput::Bytes(&block(Function::TEXT, b"T\x81r")));
    let read = std::iter::from_fn(|| receiver.poll()).last();
    let Some(ReceiverOutput::Report(report)) = read else { panic!("{read:?}") };
    assert_eq!(report.text.as_deref(), Some("Tür"));
}
