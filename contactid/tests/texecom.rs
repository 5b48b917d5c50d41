//! Texecom's link: messages, answers and streams, as whole values.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::cid::CidReport;
use contactid::sia::{Block, Function};
use contactid::texecom::{
    Answer, Content, Direction, PollFlags, Receiver, ReceiverInput, ReceiverOutput, Report, TexecomMessage,
    TexecomSplitter,
};
use contactid::{
    AccountNumber, Check, CidMessage, Code, EventCode, Qualifier, Quirks, RecordError, SiaCode, Signal, Strictness,
};

const A57: &[u8] = b"21AAA18113001004F\r\n";
const A58: &[u8] = b"POLL1000#\0\0\0\0\r\n";
const A59: &[u8] = b"3\xC4#1000\x19\xC8Nri1CL001m\xC3ABob2@0\x8F\r\n";

fn account() -> AccountNumber {
    "1000".parse().unwrap()
}

#[track_caller]
fn reads(bytes: &[u8], content: Content<'_>) {
    let message = TexecomMessage::parse(bytes, Strictness::Strict);
    assert_eq!(message, Ok(TexecomMessage::new(content)));
    assert_eq!(message.unwrap().encode().unwrap(), bytes);
}

fn burglary() -> CidReport {
    CidReport::new(account(), CidMessage::new(Qualifier::New, EventCode::new(130).unwrap(), 1, 4).unwrap()).unwrap()
}

fn blocks() -> Vec<Block<'static>> {
    let block = |function, written: &'static [u8]| Block::new(function, written).unwrap().with_flags(true, true);
    vec![
        block(Function::ACCOUNT, b"1000"),
        block(Function::NEW_EVENT, b"ri1CL001"),
        block(Function::TEXT, b"Bob"),
        block(Function::END_OF_DATA, b"").with_flags(true, false),
    ]
}

#[test]
fn published_messages() {
    reads(A57, Content::ContactId(burglary()));
    reads(A58, Content::Poll { account: account(), flags: PollFlags(0) });
    reads(A59, Content::Sia(blocks()));
    reads(b"+++", Content::End);
}

#[test]
fn what_they_report() {
    let signals = |bytes| TexecomMessage::parse(bytes, Strictness::Strict).unwrap().signals();
    let burglary = Code::Cid(EventCode::new(130).unwrap());
    assert_eq!(signals(A57), [Signal { group: Some(1), number: Some(4), ..Signal::new(burglary, Qualifier::New) }]);
    let closed = Code::Sia(SiaCode::new(*b"CL").unwrap());
    assert_eq!(
        signals(A59),
        [Signal {
            group: Some(1),
            number: Some(1),
            address: Some("001".into()),
            text: Some("Bob".into()),
            ..Signal::new(closed, Qualifier::Restore)
        }]
    );
    assert_eq!((signals(A58), signals(b"+++")), (vec![], vec![]));
}

#[test]
fn answers_there_and_back() {
    let answers = [A57, A58, A59, b"+++"]
        .map(|bytes| TexecomMessage::parse(bytes, Strictness::Strict).unwrap().answer(5).map(Answer::encode));
    assert_eq!(
        answers,
        [Some(b"2\x06\r\n".to_vec()), Some(b"[P]\0\x05\x06\r\n".to_vec()), Some(b"3\x06\r\n".to_vec()), None]
    );
    for answer in [Answer::Poll { minutes: 255 }, Answer::ContactId, Answer::Sia] {
        assert_eq!(Answer::parse(&answer.encode()), Ok(answer));
    }
    assert_eq!(Answer::parse(b"3\x15\r\n"), Err(RecordError::Foreign { expected: "texecom-arc" }));
}

#[test]
fn flags_by_their_names() {
    assert_eq!(PollFlags(0x1F).names().collect::<Vec<_>>(), ["line", "mains", "battery", "armed", "engineer"]);
    assert_eq!(PollFlags(0xE8).names().collect::<Vec<_>>(), ["armed"]);
}

#[test]
fn departures() {
    let quirks = |bytes| TexecomMessage::parse(bytes, Strictness::Tolerant).map(|message| message.quirks());
    assert_eq!(quirks(b"2100018113001004F\r\n"), Ok(Quirks::PLAIN_ZERO));
    assert_eq!(quirks(b"21aAA18113001004F\r\n"), Ok(Quirks::LOWER_CASE_DIGITS));
    assert_eq!(quirks(b"21AAA18113001004F"), Ok(Quirks::NO_CR));
    assert_eq!(quirks(b"3\xC4#1000\x19\r\n"), Ok(Quirks::NO_END_OF_DATA));
    assert_eq!(
        TexecomMessage::parse(b"2100018113001004F\r\n", Strictness::Strict),
        Err(RecordError::NonStandard(Quirks::PLAIN_ZERO))
    );
}

#[test]
fn no_messages() {
    let error = |bytes| TexecomMessage::parse(bytes, Strictness::Tolerant).unwrap_err();
    assert_eq!(error(b""), RecordError::Foreign { expected: "texecom-arc" });
    assert_eq!(error(b"4\r\n"), RecordError::Foreign { expected: "texecom-arc" });
    assert_eq!(error(b"21AAA\r\n"), RecordError::Length { expected: 16, found: 4 });
    assert_eq!(
        error(b"21AAA18113001004E\r\n"),
        RecordError::Check { check: Check::Checksum, expected: 0xF, found: 0xE }
    );
    assert_eq!(error(b"3\xC4#1000\x18\r\n"), RecordError::Check { check: Check::Parity, expected: 0x19, found: 0x18 });
    assert_eq!(error(b"3\xC4#10\r\n"), RecordError::Length { expected: 7, found: 4 });
    assert_eq!(error(b"POLL1000#\0\0\r\n"), RecordError::Length { expected: 3, found: 2 });
}

fn cut(direction: Direction, stream: &[u8], size: usize) -> (Vec<Vec<u8>>, u64, usize) {
    let (mut splitter, mut found) = (TexecomSplitter::new(direction), Vec::new());
    for segment in stream.chunks(size) {
        splitter.push(segment);
        while let Some(message) = splitter.pop() {
            found.push(message.to_vec());
        }
    }
    (found, splitter.noise(), splitter.pending())
}

#[test]
fn streams_are_cut_wherever_they_are_parted() {
    // CR LF inside a block and inside a poll ends neither.
    let text = Block::new(Function::TEXT, b"a\r\nb").unwrap().encode();
    let odd = [b"3", &text[..], b"@0\x8F\r\n"].concat();
    let poll = b"POLL1000#\x0D\0\0\0\r\n";
    let stream = [b"xyz", A57, A58, &odd, A59, poll, b"+++"].concat();
    for size in 1..=stream.len() {
        let expected = [A57, A58, &odd, A59, poll, b"+++"].map(<[u8]>::to_vec).to_vec();
        assert_eq!(cut(Direction::FromPanel, &stream, size), (expected, 3, 0), "segments of {size}");
    }
    let stream = b"2\x06\r\n?[P]\0\x05\x06\r\n3\x06\r\n[P]\0";
    for size in 1..=stream.len() {
        let expected = [&b"2\x06\r\n"[..], b"[P]\0\x05\x06\r\n", b"3\x06\r\n"].map(<[u8]>::to_vec).to_vec();
        assert_eq!(cut(Direction::FromCentre, stream, size), (expected, 1, 4), "segments of {size}");
    }
}

/// Blocks without end are given up; the next message is found all the same.
#[test]
fn a_message_without_end_is_passed_over() {
    let block = Block::new(Function::TEXT, &[b'x'; 63]).unwrap().encode();
    let stream = [&b"3"[..], &block.repeat(20), A57].concat();
    for size in [1, 100, stream.len()] {
        assert_eq!(cut(Direction::FromPanel, &stream, size), (vec![A57.to_vec()], 1 + 20 * 66, 0));
    }
}

fn handle(receiver: &mut Receiver, input: ReceiverInput<'_>) -> Vec<ReceiverOutput> {
    receiver.handle(input);
    std::iter::from_fn(|| receiver.poll()).collect()
}

#[test]
fn each_message_is_stored_before_it_is_answered() {
    let mut receiver = Receiver::new(5);
    let report = |number, message: &[u8]| {
        ReceiverOutput::Report(Report {
            number,
            account: Some(account()),
            message: message.to_vec(),
            signals: TexecomMessage::parse(message, Strictness::Strict).unwrap().signals(),
        })
    };
    assert_eq!(
        handle(&mut receiver, ReceiverInput::Bytes(A58)),
        [
            ReceiverOutput::Polled { account: account(), flags: PollFlags(0) },
            ReceiverOutput::Send(b"[P]\0\x05\x06\r\n".to_vec()),
        ]
    );
    assert_eq!(handle(&mut receiver, ReceiverInput::Bytes(A57)), [report(1, A57)]);
    assert_eq!(handle(&mut receiver, ReceiverInput::Bytes(A57)), [], "the same again before the store is done");
    let answered = ReceiverOutput::Send(b"2\x06\r\n".to_vec());
    assert_eq!(handle(&mut receiver, ReceiverInput::Stored(1)), [answered]);
    assert_eq!(handle(&mut receiver, ReceiverInput::Stored(1)), []);
    assert_eq!(handle(&mut receiver, ReceiverInput::Bytes(A59)), [report(2, A59)]);
    assert_eq!(handle(&mut receiver, ReceiverInput::Stored(1)), [], "not this one");
    let answered = ReceiverOutput::Send(b"3\x06\r\n".to_vec());
    assert_eq!(handle(&mut receiver, ReceiverInput::Stored(2)), [answered]);
    let wrong = RecordError::Check { check: Check::Checksum, expected: 0xF, found: 0xE };
    let refused = ReceiverOutput::Refused(wrong);
    assert_eq!(handle(&mut receiver, ReceiverInput::Bytes(b"21AAA18113001004E\r\n")), [refused]);
    assert_eq!(handle(&mut receiver, ReceiverInput::Bytes(b"+++21AAA18113001004F\r\n")), [ReceiverOutput::Close]);
}

/// A panel that does not wait could take the answer to one message for that to another.
#[test]
fn no_answer_once_another_message_came() {
    let mut receiver = Receiver::new(5);
    let numbers = |outputs: Vec<ReceiverOutput>| {
        outputs
            .into_iter()
            .map(|output| match output {
                ReceiverOutput::Report(report) => report.number,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(handle(&mut receiver, ReceiverInput::Bytes(&[A57, A59].concat()))), [1]);
    assert_eq!(handle(&mut receiver, ReceiverInput::Stored(1)), []);
    assert_eq!(numbers(handle(&mut receiver, ReceiverInput::Bytes(A59))), [2]);
    let answered = ReceiverOutput::Send(b"3\x06\r\n".to_vec());
    assert_eq!(handle(&mut receiver, ReceiverInput::Stored(2)), [answered]);
}
