//! Calls of panels that send characters, Robofon 8 and CESA: both ends on a wire that loses and mangles what it is told to.
#![allow(clippy::unwrap_used, reason = "a test stops where its messages do not read")]

#[path = "support/wire.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod wire;

use contactid::cesa::CesaMessage;
use contactid::line::keyed::{KeyedFormat, KeyedMessage, KeyedTiming, Sign};
use contactid::line::{
    Ending, Handshake, LineMessage, ReceiverOptions, ReceiverOutput, Report, Sound, Transmitter, TransmitterInput,
    TransmitterOutput, TransmitterTiming,
};
use contactid::robofon::{BlockCheck, RobofonFrame};
use contactid::{Check, RecordError, Strictness};
use proptest::prelude::*;
use wire::{Damage, Event, Setup, call};

const ROBOFON: KeyedFormat = KeyedFormat::Robofon;
const CESA: KeyedFormat = KeyedFormat::Cesa;

fn robofon(account: &str, code: [u8; 2]) -> KeyedMessage {
    let digits: Vec<u8> = account.bytes().chain(code).collect();
    let check = BlockCheck::Xor.of(digits.try_into().unwrap()).unwrap();
    KeyedMessage::Robofon(RobofonFrame::new(account.parse().unwrap(), code, check).unwrap())
}

fn cesa(written: &[u8]) -> KeyedMessage {
    KeyedMessage::Cesa(CesaMessage::parse(written, Strictness::Strict).unwrap())
}

fn setup(messages: &[KeyedMessage]) -> Setup {
    let format = messages[0].format();
    let options = ReceiverOptions { handshakes: vec![Handshake::Keyed(format)], ..ReceiverOptions::default() };
    let (messages, timing) = (messages.to_vec(), TransmitterTiming::default());
    Setup { format, options, timing, messages, damage: Vec::new(), store_ms: 10, until_ms: 60_000 }
}

/// On the panel's way up, from one ms up to another.
fn up(from_ms: u64, until_ms: u64, tone: Option<u16>) -> Damage {
    Damage { up: true, from_ms, until_ms, tone }
}

fn dial(number: u8) -> Event {
    Event::Panel(TransmitterOutput::Dial(number))
}

fn delivered(number: u32) -> Event {
    Event::Panel(TransmitterOutput::Delivered(number))
}

fn report(number: u32, message: KeyedMessage, repeats: Option<u32>) -> Event {
    let message = LineMessage::Keyed(message);
    Event::Receiver(ReceiverOutput::Report(Report { number, message, repeats }))
}

fn refused(error: RecordError) -> Event {
    Event::Receiver(ReceiverOutput::Refused(error))
}

/// How every call ends that the panel ends.
fn end() -> [Event; 2] {
    [Event::Panel(TransmitterOutput::HangUp), Event::Receiver(ReceiverOutput::HangUp(Ending::HungUp))]
}

/// What happened, without the times.
fn events(setup: &Setup) -> Vec<Event> {
    call(setup).into_iter().map(|(_, event)| event).collect()
}

#[test]
fn signs_in_sounds() {
    let (tone, rest) = (Sound::Tone { hz: 1000, ms: 20 }, Sound::Silence { ms: 20 });
    let bits =
        |written: &str| -> Vec<Sound> { written.chars().map(|bit| if bit == '0' { tone } else { rest }).collect() };
    // The start bit, eight bits from the lowest up, the stop bit.
    assert_eq!(ROBOFON.sounds(Sign::Handshake), bits("0111011111"));
    assert_eq!(ROBOFON.sounds(Sign::Acknowledge), bits("0011000011"));
    assert_eq!(ROBOFON.sounds(Sign::Refuse), bits("0101010001"));
    let pair = [1850, 1650].map(|hz| Sound::Tone { hz, ms: 15 });
    assert_eq!(CESA.sounds(Sign::Handshake), pair.repeat(32));
    assert_eq!(CESA.sounds(Sign::Acknowledge), pair.repeat(32));
    assert_eq!(CESA.sounds(Sign::Refuse), []);
}

#[test]
fn messages_in_sounds() {
    let timing = KeyedTiming { carrier_ms: 800, rest_ms: 50, gap_ms: 600, ..KeyedTiming::default() };
    let sounds = cesa(b"1234510700000000").sounds(&timing);
    let tone = |hz, ms| Sound::Tone { hz, ms };
    assert_eq!(sounds[..2], [tone(1180, 800), tone(980, 50)]);
    // '1' is 31: the start bit, 1 0 0 0 1 1 0 0, two stop bits.
    let one: Vec<Sound> = "01000110011".chars().map(|bit| tone(if bit == '0' { 1180 } else { 980 }, 5)).collect();
    assert_eq!(sounds[2..13], one[..]);
    assert_eq!((sounds[2 + 176], &sounds[3 + 176..3 + 352]), (tone(980, 600), &sounds[2..2 + 176]));
    assert_eq!(sounds[3 + 352..], [tone(980, 50)]);
    // U with its parity bit is D5.
    let sounds = robofon("123456", *b"10").sounds(&timing);
    let starts: Vec<bool> = sounds[..10].iter().map(|sound| matches!(sound, Sound::Silence { .. })).collect();
    assert_eq!((sounds.len(), starts), (110, [0, 1, 0, 1, 0, 1, 0, 1, 1, 1].map(|bit| bit == 1).to_vec()));
}

#[test]
fn two_messages_of_each_format_to_the_ms() {
    let messages = [robofon("123456", *b"10"), robofon("123456", *b"20")];
    let [hangs_up, hung_up] = end();
    // 1000 of silence and 200 of handshake, told 10 before its end; 250 of pause and 2200 of frame; 500 until it is over, 10
    // to store it; 200 of silence and 200 of answer.
    let expected = [
        (0, dial(1)),
        (1190 + 250 + 2190 + 500, report(1, messages[0], None)),
        (4130 + 10 + 390, delivered(1)),
        (4530 + 250 + 2190 + 500, report(2, messages[1], None)),
        (7470 + 10 + 390, delivered(2)),
        (7870, hangs_up),
        (7870, hung_up),
    ];
    let near = |found: Vec<(u64, Event)>, expected: &[(u64, Event)]| {
        let events = |log: &[(u64, Event)]| log.iter().map(|&(_, event)| event).collect::<Vec<_>>();
        assert_eq!(events(&found), events(expected));
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.0.abs_diff(expected.0) <= 10, "{found:?}, {expected:?}");
        }
    };
    near(call(&setup(&messages)), &expected);
    let messages = [cesa(b"1234510700000000"), cesa(b"1234520700000000")];
    // 960 of handshake; 250 of pause, 1000 of carrier and rest, 880 a copy, 700 between them; the last character is told 8
    // before its end.
    let expected = [
        (0, dial(1)),
        (1960 + 250 + 1000 + 880 + 700 + 872 + 500, report(1, messages[0], None)),
        (6162 + 10 + 1160, delivered(1)),
        (7332 + 4202, report(2, messages[1], None)),
        (11_534 + 1170, delivered(2)),
        (12_704, hangs_up),
        (12_704, hung_up),
    ];
    near(call(&setup(&messages)), &expected);
}

#[test]
fn a_frame_of_robofon_that_is_damaged_is_refused_and_comes_again() {
    let message = robofon("123456", *b"10");
    // The frame begins at 1440, and each character has 200.
    let length = RecordError::Length { expected: 11, found: 10 };
    let parity = RecordError::Check { check: Check::Parity, expected: 0x32, found: 0xB2 };
    let stop = RecordError::Form { expected: "a stop bit", at: 2, found: 0 };
    let sum = RecordError::Check { check: Check::Checksum, expected: 6, found: 5 };
    for (name, damage, error) in [
        ("a character is lost", vec![up(1840, 2040, None)], length),
        ("the eighth bit is mangled", vec![up(2000, 2020, None)], parity),
        ("the stop bit is mangled", vec![up(2020, 2040, Some(1000))], stop),
        // 2 is read as 1, and its parity bit as well.
        ("two bits are mangled", vec![up(1860, 1880, None), up(1880, 1900, Some(1000))], sum),
    ] {
        let mut setup = setup(&[message]);
        setup.options.block_check = BlockCheck::Xor;
        setup.damage = damage;
        let expected = [&[dial(1), refused(error), report(1, message, None), delivered(1)][..], &end()].concat();
        assert_eq!(events(&setup), expected, "{name}");
    }
}

#[test]
fn an_answer_that_is_lost() {
    // The acknowledgement is out between 4340 and 4540: the panel repeats, and the receiver says so.
    let message = robofon("123456", *b"10");
    let mut call = setup(&[message]);
    call.damage = vec![Damage { up: false, from_ms: 4300, until_ms: 4700, tone: None }];
    let twice = [dial(1), report(1, message, None), report(2, message, Some(1)), delivered(1)];
    assert_eq!(events(&call), [&twice[..], &end()].concat());
    let message = cesa(b"1234510700000000");
    let mut call = setup(&[message]);
    call.damage = vec![Damage { up: false, from_ms: 6500, until_ms: 7400, tone: None }];
    let twice = [dial(1), report(1, message, None), report(2, message, Some(1)), delivered(1)];
    assert_eq!(events(&call), [&twice[..], &end()].concat());
    // A handshake of Robofon that is lost is offered again. CESA's is not, since it acknowledges as well: another call is made.
    let lost = vec![Damage { up: false, from_ms: 1000, until_ms: 1900, tone: None }];
    call.damage.clone_from(&lost);
    let [hangs_up, hung_up] = end();
    let nothing = Event::Receiver(ReceiverOutput::HangUp(Ending::NoMessage));
    let again = [dial(1), nothing, hangs_up, dial(2), report(1, message, None), delivered(1), hangs_up, hung_up];
    assert_eq!(events(&call), again);
    let message = robofon("123456", *b"10");
    let mut call = setup(&[message]);
    call.damage = lost;
    assert_eq!(events(&call), [&[dial(1), report(1, message, None), delivered(1)][..], &end()].concat());
}

#[test]
fn a_handshake_of_cesa_never_acknowledges_what_was_not_heard() {
    // The first time is damaged, and all of the others are lost: while the panel waits for its answer, nothing may be said.
    let mut setup = setup(&[cesa(b"1234510700000000")]);
    setup.timing.calls = 1;
    // However often a list has it.
    setup.options.handshakes = vec![Handshake::Keyed(CESA); 2];
    setup.damage = vec![up(3330, 3335, Some(1180)), up(5800, 60_000, None)];
    let [hangs_up, _] = end();
    let differ = RecordError::Check { check: Check::Checksum, expected: 0x31, found: 0x33 };
    let nothing = Event::Receiver(ReceiverOutput::HangUp(Ending::NoMessage));
    let gave_up = Event::Panel(TransmitterOutput::GaveUp(1));
    assert_eq!(events(&setup), [dial(1), refused(differ), nothing, hangs_up, gave_up]);
}

#[test]
fn both_copies_of_cesa_have_to_agree() {
    let message = cesa(b"1234510700000000");
    // The copies are at 3210 to 4090 and 4790 to 5670, each character 55: the third one begins at 3320 and 4900.
    let differ = |expected: u32, found: u32| RecordError::Check { check: Check::Checksum, expected, found };
    let once = RecordError::Length { expected: 32, found: 16 };
    let stop = RecordError::Form { expected: "a stop bit", at: 2, found: 0 };
    for (name, damage, error) in [
        // 3 is read as 1.
        ("the first is mangled", vec![up(3330, 3335, Some(1180))], differ(0x31, 0x33)),
        ("the second is mangled", vec![up(4910, 4915, Some(1180))], differ(0x33, 0x31)),
        ("both are, in other places", vec![up(3330, 3335, Some(1180)), up(4965, 4970, Some(980))], differ(0x31, 0x33)),
        ("the first is lost", vec![up(3200, 4200, None)], once),
        ("the second is lost", vec![up(4700, 5800, None)], once),
        ("a stop bit is mangled", vec![up(3365, 3375, Some(1180))], stop),
        (
            "a character of both is lost",
            vec![up(3320, 3375, Some(980)), up(4900, 4955, Some(980))],
            RecordError::Length { expected: 16, found: 15 },
        ),
    ] {
        let mut setup = setup(&[message]);
        setup.damage = damage;
        let expected = [&[dial(1), refused(error), report(1, message, None), delivered(1)][..], &end()].concat();
        assert_eq!(events(&setup), expected, "{name}");
    }
}

#[test]
fn a_panel_that_is_never_understood_gives_up_and_so_does_the_receiver() {
    for message in [robofon("123456", *b"10"), cesa(b"1234510700000000")] {
        let mut setup = setup(&[message]);
        setup.timing.calls = 2;
        setup.until_ms = 120_000;
        // The first character of a message is lost, or of both copies: everything is a second early or late, but damaged.
        setup.damage =
            (0..400).map(|n| up(n * 300, n * 300 + 60, if n % 2 == 0 { None } else { Some(1000) })).collect();
        let found = events(&setup);
        let calls = found.iter().filter(|event| matches!(event, Event::Panel(TransmitterOutput::Dial(_)))).count();
        let gave_up = found.last() == Some(&Event::Panel(TransmitterOutput::GaveUp(1)));
        let hung_up = |event: &&Event| {
            matches!(event, Event::Receiver(ReceiverOutput::HangUp(Ending::Unreadable | Ending::NoMessage)))
        };
        assert!(!found.iter().any(|event| matches!(event, Event::Receiver(ReceiverOutput::Report(_)))), "{found:?}");
        assert_eq!((calls, found.iter().filter(hung_up).count(), gave_up), (2, 2, true), "{found:?}");
    }
}

#[test]
fn a_slow_store_and_a_panel_that_repeats_meanwhile() {
    for message in [robofon("123456", *b"10"), cesa(b"1234510700000000")] {
        // The first time is stored while the second is on the line: it is answered when that one is over, and told of once.
        let mut setup = setup(&[message]);
        setup.store_ms = 4000;
        let expected = [&[dial(1), report(1, message, None), delivered(1)][..], &end()].concat();
        assert_eq!(events(&setup), expected, "{message:?}");
    }
}

#[test]
fn audio_behind_a_message_of_cesa() {
    let messages = [cesa(b"1234510700000000"), cesa(b"1234500000000000")];
    let announced = [
        dial(1),
        report(1, messages[0], None),
        delivered(1),
        report(2, messages[1], None),
        Event::Receiver(ReceiverOutput::ListenIn(2)),
        delivered(2),
        Event::Panel(TransmitterOutput::Talk(2)),
    ];
    assert_eq!(events(&setup(&messages)), announced);
}

#[test]
fn handshakes_are_offered_in_turn_until_one_is_answered() {
    let handshakes = [Handshake::Pair, Handshake::Keyed(ROBOFON), Handshake::Keyed(CESA)];
    for message in [robofon("123456", *b"10"), cesa(b"1234510700000000")] {
        let mut setup = setup(&[message]);
        setup.options.handshakes = handshakes.to_vec();
        let expected = [&[dial(1), report(1, message, None), delivered(1)][..], &end()].concat();
        assert_eq!(events(&setup), expected, "{message:?}");
    }
    let mut silent = setup(&[cesa(b"1234510700000000")]);
    silent.options.handshakes = vec![Handshake::Pair, Handshake::Keyed(ROBOFON)];
    silent.timing.calls = 1;
    let [hangs_up, _] = end();
    let ended = Event::Receiver(ReceiverOutput::HangUp(Ending::NoMessage));
    assert_eq!(events(&silent), [dial(1), ended, hangs_up, Event::Panel(TransmitterOutput::GaveUp(1))]);
}

#[test]
fn a_check_character_that_looks_like_an_answer_is_no_answer() {
    // 06 at the end of a frame comes back to the panel, and is told of when the frame is out.
    let frame = RobofonFrame::new("123456".parse().unwrap(), *b"10", 0x06).unwrap();
    let mut panel = Transmitter::new(TransmitterTiming::default());
    panel.handle(0, TransmitterInput::SendKeyed(KeyedMessage::Robofon(frame)));
    panel.handle(0, TransmitterInput::Connected);
    panel.handle(1200, TransmitterInput::Sign(Sign::Handshake));
    let outputs: Vec<_> = std::iter::from_fn(|| panel.poll()).collect();
    let [TransmitterOutput::Dial(1), sounds @ ..] = &outputs[..] else { panic!("a call") };
    let length = |output: &TransmitterOutput| if let TransmitterOutput::Sound(sound) = output { sound.ms() } else { 0 };
    let until_ms = 1200 + sounds.iter().map(length).sum::<u64>();
    assert_eq!(until_ms, 1200 + 250 + 2200);
    panel.handle(until_ms + 30, TransmitterInput::Sign(Sign::Acknowledge));
    assert_eq!(panel.poll(), None);
    panel.handle(until_ms + 200, TransmitterInput::Sign(Sign::Acknowledge));
    assert_eq!(panel.poll(), Some(TransmitterOutput::Delivered(1)));
}

fn any_message() -> impl Strategy<Value = KeyedMessage> {
    let robofon = ("[0-9A-Z]{6}", "[0-9A-Z]{2}").prop_map(|(account, code)| {
        let code = code.as_bytes().try_into().unwrap();
        robofon(&account, code)
    });
    let cesa = "[0-9A-Z]{5}[0-9]{3}".prop_map(|written| cesa(&[written.as_bytes(), b"00000000"].concat()));
    prop_oneof![robofon, cesa]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the wire does: what is delivered was reported, in order, and every message is settled.
    #[test]
    fn nothing_is_delivered_that_was_not_reported(
        message in any_message(), store_ms in 0..5000u64,
        hits in prop::collection::vec((any::<bool>(), 0..20_000u64, 1..800u64, 0..4usize), 0..8),
    ) {
        let mut setup = setup(&[message, message]);
        let tones = [None, Some(1000), Some(1180), Some(980)];
        setup.options.block_check = BlockCheck::Xor;
        setup.store_ms = store_ms;
        setup.until_ms = 200_000;
        setup.timing.calls = 3;
        setup.damage = hits
            .into_iter()
            .map(|(up, from_ms, long_ms, tone)| Damage { up, from_ms, until_ms: from_ms + long_ms, tone: tones[tone] })
            .collect();
        let (mut reported, mut delivered, mut settled) = (0, 0, 0);
        for event in events(&setup) {
            match event {
                Event::Receiver(ReceiverOutput::Report(report)) => {
                    reported += 1;
                    prop_assert_eq!(report.message, LineMessage::Keyed(message));
                }
                Event::Panel(TransmitterOutput::Delivered(number)) => {
                    (settled, delivered) = (settled + 1, delivered + 1);
                    prop_assert!(number == settled && delivered <= reported);
                }
                Event::Panel(TransmitterOutput::GaveUp(number)) => {
                    settled += 1;
                    prop_assert_eq!(number, settled);
                }
                _ => {}
            }
        }
        prop_assert_eq!(settled, 2);
    }
}
