//! Galaxy's own records around its DC-03 blocks, and its remote control, as whole values.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::galaxy::remote::{Remote, RemoteInput, RemoteOptions, RemoteOutput};
use contactid::galaxy::{GalaxySms, LineCheck, is_encrypted_link};
use contactid::sia::{Block, Function};
use contactid::{Check, Code, EncodeError, Qualifier, RecordError, SiaCode, Signal};

const CHECK: &[u8; 26] = b"\x00002113  \x11\x0C\x00\xFD\x09\x00\x01\x02\x03\x04\x3C\x3C\x00\x00\x00\xAB\xCD";

#[test]
fn a_line_check_and_its_echo() {
    let mut expected = LineCheck::new("002113".parse().unwrap(), 0x0403_0201, 60).unwrap();
    expected.tail = [0xAB, 0xCD];
    assert_eq!(LineCheck::parse(CHECK), Ok(expected));
    assert_eq!(&expected.encode(), CHECK);
    assert_eq!(expected.account(), Some("002113".parse().unwrap()));
    assert_eq!(LineCheck::new("123456789".parse().unwrap(), 0, 60), None);
}

#[test]
fn no_line_checks() {
    assert_eq!(LineCheck::parse(&CHECK[..25]), Err(RecordError::Length { expected: 26, found: 25 }));
    let mut wrong = *CHECK;
    wrong[9] = 0;
    let expected = "the mark of a Galaxy line check";
    assert_eq!(LineCheck::parse(&wrong), Err(RecordError::Form { expected, at: 9, found: 0 }));
}

fn burglary(text: Option<&str>, time: Option<&str>) -> Signal {
    Signal {
        number: Some(1023),
        address: Some("1023".into()),
        device_time: time.map(String::from),
        text: text.map(String::from),
        ..Signal::new(Code::Sia(SiaCode::new(*b"BA").unwrap()), Qualifier::New)
    }
}

#[test]
fn text_messages() {
    let account = "002113".parse().unwrap();
    let published = b">#002113 NBA1023/ti10:35/A+INTRUDER.";
    let sms = GalaxySms::new(account, b"NBA1023/ti10:35/A+INTRUDER.").unwrap();
    assert_eq!(GalaxySms::parse(published), Ok(sms));
    assert_eq!((sms.encode(), sms.account()), (published.to_vec(), Some(account)));
    assert_eq!(sms.signal(), Some(burglary(Some("+INTRUDER."), Some("10:35"))));

    let signal = |content| GalaxySms::new(account, content).unwrap().signal();
    assert_eq!(signal(b"NBA1023"), Some(burglary(None, None)));
    assert_eq!(signal(b"NBA1023/A+GATE 1/2\r\n"), Some(burglary(Some("+GATE 1/2"), None)));
    assert_eq!(signal(b"hello"), None);

    let unmarked = b"#002113 NBA1023";
    assert_eq!(GalaxySms::parse(unmarked).unwrap().encode(), unmarked);
}

#[test]
fn no_text_messages() {
    let foreign = RecordError::Foreign { expected: "galaxy-sms" };
    assert_eq!([&b""[..], b">002113 NBA1", b">#002113", b"># NBA1"].map(GalaxySms::parse), [Err(foreign); 4]);
    assert_eq!(GalaxySms::parse(b">#002113 NB"), Err(RecordError::Length { expected: 12, found: 11 }));
    let short = EncodeError::Width { field: "content", expected: 3, found: 2 };
    assert_eq!(GalaxySms::new("002113".parse().unwrap(), b"NB"), Err(short));
}

#[test]
fn the_encrypted_link() {
    assert_eq!([&[5, 1, 7][..], &[5], &[0x46, 0x23]].map(is_encrypted_link), [true, false, false]);
}

fn asks(function: Function, written: &[u8]) -> RemoteOutput {
    RemoteOutput::Send(Block::new(function, written).unwrap().encode())
}

fn says(function: Function, written: &[u8]) -> Vec<u8> {
    Block::new(function, written).unwrap().with_flags(false, false).encode()
}

fn handle(remote: &mut Remote, now_ms: u64, input: RemoteInput<'_>) -> Vec<RemoteOutput> {
    remote.handle(now_ms, input);
    std::iter::from_fn(|| remote.poll()).collect()
}

fn logging_in() -> Remote {
    let mut remote = Remote::new(RemoteOptions::default());
    remote.login(0, b"543210").unwrap();
    remote.command(0, b"SA1*1").unwrap();
    remote.command(0, b"SA91").unwrap();
    assert_eq!(remote.poll(), Some(asks(Function::LOGIN, b"543210")));
    assert_eq!((remote.poll(), remote.deadline()), (None, Some(2500)));
    remote
}

#[test]
fn a_remote_control_asks_one_after_the_other() {
    let mut remote = logging_in();
    assert_eq!(
        handle(&mut remote, 100, RemoteInput::Bytes(&says(Function::CONFIGURATION, b"AL4B1"))),
        [RemoteOutput::LoggedIn { level: Some(4) }, asks(Function::CONTROL, b"SA1*1")]
    );
    assert_eq!(handle(&mut remote, 150, RemoteInput::Bytes(b"\x00\x38\xC7")), []);
    assert_eq!(
        handle(&mut remote, 200, RemoteInput::Bytes(&says(Function::CONTROL, b"SA1*1"))),
        [RemoteOutput::Answered(Function::CONTROL, b"SA1*1".to_vec()), asks(Function::CONTROL, b"SA91")]
    );
    assert_eq!(
        handle(&mut remote, 300, RemoteInput::Bytes(&says(Function::EXTENDED, b"SA91*00010000"))),
        [RemoteOutput::Answered(Function::EXTENDED, b"SA91*00010000".to_vec())]
    );
    assert_eq!(remote.deadline(), None);
}

#[test]
fn what_is_refused_is_not_asked_again() {
    let mut remote = logging_in();
    assert_eq!(
        handle(&mut remote, 100, RemoteInput::Bytes(&says(Function::REJECT, b""))),
        [RemoteOutput::Refused, asks(Function::CONTROL, b"SA1*1")]
    );
}

#[test]
fn what_is_not_answered_is_asked_four_times() {
    let mut remote = logging_in();
    let damaged = RecordError::Check { check: Check::Parity, expected: 0x85, found: 0xBD };
    assert_eq!(handle(&mut remote, 10, RemoteInput::Bytes(b"\x03@AL4\xBD")), [RemoteOutput::Damaged(damaged)]);
    for now_ms in [2500, 5000, 7500] {
        assert_eq!(handle(&mut remote, now_ms, RemoteInput::Time), [asks(Function::LOGIN, b"543210")]);
    }
    assert_eq!(handle(&mut remote, 10_000, RemoteInput::Time), [RemoteOutput::GaveUp]);
    assert_eq!((remote.deadline(), handle(&mut remote, 20_000, RemoteInput::Closed)), (None, vec![]));
}

#[test]
fn a_link_that_goes_takes_everything_with_it() {
    let mut remote = logging_in();
    assert_eq!(handle(&mut remote, 100, RemoteInput::Closed), [RemoteOutput::GaveUp]);
    assert_eq!(remote.command(0, &[b'x'; 64]), Err(EncodeError::TooLong { length: 64 }));
}
