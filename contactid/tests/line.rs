//! Calls on a telephone line, event by event: what each end does, and when.
#![allow(clippy::unwrap_used, reason = "a test stops where a session does not answer")]

use contactid::cid::{AdemcoReport, check_digit};
use contactid::dtmf::Digit;
use contactid::line::pulse::{PulseLayout, PulseReport};
use contactid::line::{
    Ending, Handshake, LineMessage, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Report, Sound,
    Transmitter, TransmitterInput, TransmitterOutput, TransmitterTiming,
};
use contactid::scancom::ScancomReport;
use contactid::{Check, RecordError, Strictness};

const MESSAGE: &str = "1234181131010158";

fn digits(text: &str) -> Vec<Digit> {
    text.chars().map(|digit| Digit::from_char(digit).unwrap()).collect()
}

fn ademco(text: &str) -> AdemcoReport {
    AdemcoReport::parse(text.as_bytes(), Strictness::Strict).unwrap()
}

fn silence<T>(ms: u32, wrap: fn(Sound) -> T) -> T {
    wrap(Sound::Silence { ms })
}

fn tone<T>(hz: u16, ms: u32, wrap: fn(Sound) -> T) -> T {
    wrap(Sound::Tone { hz, ms })
}

/// A receiver and what came out of it.
struct Desk(Receiver);

impl Desk {
    fn answered(options: ReceiverOptions) -> Self {
        let mut desk = Self(Receiver::new(options));
        desk.0.handle(0, ReceiverInput::Answered);
        desk
    }

    /// One that has offered its first handshake, and is at 1300 ms.
    fn greeted() -> Self {
        let mut desk = Self::answered(ReceiverOptions::default());
        desk.outputs();
        desk
    }

    fn outputs(&mut self) -> Vec<ReceiverOutput> {
        std::iter::from_fn(|| self.0.poll()).collect()
    }

    /// Lets the time pass up to the deadline.
    fn wait(&mut self) -> (u64, Vec<ReceiverOutput>) {
        let at = self.0.deadline().unwrap();
        self.0.handle(at, ReceiverInput::Time);
        (at, self.outputs())
    }

    /// Hears digits from this time on, and the pause behind them.
    fn hears(&mut self, from_ms: u64, text: &str) -> (u64, Vec<ReceiverOutput>) {
        for (at, digit) in digits(text).into_iter().enumerate() {
            self.0.handle(from_ms + 100 * at as u64, ReceiverInput::Digit(digit));
        }
        self.wait()
    }

    fn stored(&mut self, now_ms: u64, number: u32) -> Vec<ReceiverOutput> {
        self.0.handle(now_ms, ReceiverInput::Stored(number));
        self.outputs()
    }
}

fn report(number: u32, text: &str, repeats: Option<u32>) -> ReceiverOutput {
    ReceiverOutput::Report(Report { number, message: LineMessage::Ademco(ademco(text)), repeats })
}

fn kissoff(hz: u16) -> Vec<ReceiverOutput> {
    vec![silence(200, ReceiverOutput::Sound), tone(hz, 850, ReceiverOutput::Sound)]
}

#[test]
fn handshakes_follow_each_other_until_nobody_answers() {
    let mut desk = Desk::answered(ReceiverOptions { rounds: 1, ..ReceiverOptions::default() });
    let sound = ReceiverOutput::Sound;
    assert_eq!(
        desk.outputs(),
        [silence(1000, sound), tone(1400, 100, sound), silence(100, sound), tone(2300, 100, sound)]
    );
    assert_eq!(desk.wait(), (3300, vec![tone(2300, 100, sound)]));
    assert_eq!(desk.wait(), (5400, vec![tone(1400, 100, sound)]));
    assert_eq!(desk.wait(), (7500, vec![ReceiverOutput::HangUp(Ending::NoMessage)]));
    assert_eq!((desk.0.deadline(), desk.0.is_busy()), (None, false));
}

#[test]
fn a_message_is_acknowledged_when_it_is_stored_and_not_before() {
    let mut desk = Desk::greeted();
    assert_eq!(desk.hears(1600, MESSAGE), (3300, vec![report(1, MESSAGE, None)]));
    assert_eq!(desk.stored(3350, 7), []);
    assert_eq!(desk.stored(3400, 1), kissoff(1400));
    assert_eq!(desk.stored(3500, 1), []);
    // Another message in the same call, then nothing more.
    assert_eq!(desk.hears(4800, "123418140101000E"), (6500, vec![report(2, "123418140101000E", None)]));
    assert_eq!(desk.stored(6500, 2), kissoff(1400));
    assert_eq!(desk.wait(), (10_550, vec![ReceiverOutput::HangUp(Ending::Silent)]));
}

#[test]
fn a_panel_that_does_not_wait_for_a_slow_store_is_acknowledged_once() {
    let mut desk = Desk::greeted();
    assert_eq!(desk.hears(1600, MESSAGE), (3300, vec![report(1, MESSAGE, None)]));
    // It repeats before the message is stored: no second report.
    assert_eq!(desk.hears(4400, MESSAGE), (6100, vec![]));
    // And again, while it is being stored: the kissoff waits for the end of the digits.
    for (at, digit) in digits(MESSAGE).into_iter().enumerate() {
        desk.0.handle(7400 + 100 * at as u64, ReceiverInput::Digit(digit));
        if at == 3 {
            assert_eq!(desk.stored(7750, 1), []);
        }
    }
    assert_eq!(desk.wait(), (9100, kissoff(1400)));
}

#[test]
fn a_lost_kissoff_shows() {
    let mut desk = Desk::greeted();
    desk.hears(1600, MESSAGE);
    desk.stored(3300, 1);
    assert_eq!(desk.hears(5000, MESSAGE), (6700, vec![report(2, MESSAGE, Some(1))]));
    assert_eq!(desk.stored(6700, 2), kissoff(1400));
}

#[test]
fn what_cannot_be_read_is_not_acknowledged() {
    let mut desk = Desk::greeted();
    let wrong = RecordError::Check { check: Check::Checksum, expected: 8, found: 7 };
    for from in [2000, 5000, 8000] {
        assert_eq!(desk.hears(from, "1234181131010157"), (from + 1700, vec![ReceiverOutput::Refused(wrong)]));
    }
    let lost = RecordError::Length { expected: 16, found: 14 };
    assert_eq!(
        desk.hears(11_000, "12341811310101"),
        (12_500, vec![ReceiverOutput::Refused(lost), ReceiverOutput::HangUp(Ending::Unreadable)])
    );
}

#[test]
fn digits_without_end_are_one_message_that_is_too_long() {
    let mut desk = Desk::greeted();
    let lost = RecordError::Length { expected: 16, found: 32 };
    assert_eq!(desk.hears(1600, &"12".repeat(100)), (21_700, vec![ReceiverOutput::Refused(lost)]));
}

#[test]
fn listen_in_keeps_the_line() {
    let mut desk = Desk::greeted();
    let announced = "1234181606010007";
    assert_eq!(desk.hears(1600, announced), (3300, vec![report(1, announced, None)]));
    let mut expected = kissoff(1400);
    expected.push(ReceiverOutput::ListenIn(1));
    assert_eq!(desk.stored(3300, 1), expected);
    assert_eq!(desk.0.deadline(), None);
    // Speech that sounds like a digit does no harm.
    assert_eq!(desk.hears(20_000, "5"), (20_200, vec![]));
    assert_eq!(desk.0.deadline(), None);
    desk.0.handle(60_000, ReceiverInput::Release);
    assert_eq!(desk.outputs(), [ReceiverOutput::HangUp(Ending::Released)]);
}

#[test]
fn the_other_end_hangs_up() {
    let mut desk = Desk::greeted();
    desk.hears(1600, MESSAGE);
    desk.0.handle(3400, ReceiverInput::HungUp);
    assert_eq!(desk.outputs(), [ReceiverOutput::HangUp(Ending::HungUp)]);
    assert_eq!(desk.stored(3500, 1), []);
}

#[test]
fn pulse_rounds_answer_to_a_single_tone_and_get_it_back() {
    let options = ReceiverOptions { handshakes: vec![Handshake::Single2300], ..ReceiverOptions::default() };
    let mut desk = Desk::answered(options);
    desk.outputs();
    let round = digits("1A343");
    // A round of 21 pulses at 10 a second takes longer than a first digit in tones may.
    for pulse in 0..21 {
        desk.0.handle(3000 + 100 * pulse, ReceiverInput::Pulse);
    }
    desk.0.handle(6000, ReceiverInput::Round(&round));
    assert_eq!((desk.outputs(), desk.0.deadline()), (vec![], Some(10_000)));
    for pulse in 0..21 {
        desk.0.handle(7000 + 100 * pulse, ReceiverInput::Pulse);
    }
    desk.0.handle(10_000, ReceiverInput::Round(&round));
    let read = PulseReport::new(PulseLayout::FourOne, "1034".parse().unwrap(), digits("3")[0], None).unwrap();
    let said = Report { number: 1, message: LineMessage::Pulse(read), repeats: None };
    assert_eq!(desk.outputs(), [ReceiverOutput::Report(said)]);
    assert_eq!(desk.stored(10_100, 1), kissoff(2300));
}

#[test]
fn formats_without_a_check_digit_are_taken_where_they_are_expected() {
    let scancom = ScancomReport::parse(b"1234515555557", Strictness::Strict).unwrap();
    let mut desk = Desk::greeted();
    let refused = RecordError::Length { expected: 16, found: 13 };
    assert_eq!(desk.hears(1600, "1234515555557").1, [ReceiverOutput::Refused(refused)]);
    let refused = RecordError::Length { expected: 16, found: 15 };
    assert_eq!(desk.hears(4600, "123456155555557").1, [ReceiverOutput::Refused(refused)]);

    let mut desk = Desk::answered(ReceiverOptions { unchecked: true, ..ReceiverOptions::default() });
    desk.outputs();
    let said = Report { number: 1, message: LineMessage::Scancom(scancom), repeats: None };
    assert_eq!(desk.hears(1600, "1234515555557").1, [ReceiverOutput::Report(said)]);
    assert_eq!(desk.hears(4600, "123456155555557").1, [report(2, "123456155555557", None)]);
}

#[test]
fn a_panel_that_takes_its_time_gets_the_kissoff_of_its_format() {
    let mut desk = Desk::greeted();
    // Nothing for 2 s: the receiver offers 2300 Hz, and only then come the digits.
    assert_eq!(desk.wait(), (3300, vec![tone(2300, 100, ReceiverOutput::Sound)]));
    assert_eq!(desk.hears(3350, MESSAGE), (5050, vec![report(1, MESSAGE, None)]));
    assert_eq!(desk.stored(5050, 1), kissoff(1400));
}

/// The digits and their check digit.
fn checked(before: &str) -> String {
    let mut whole = digits(before);
    whole.push(check_digit(&whole));
    whole.iter().map(|digit| digit.to_char()).collect()
}

#[test]
fn a_digit_that_comes_when_the_pause_is_over_belongs_to_the_next_message() {
    // Seven digits, a gap, the other nine.
    let hears = |gap_ms: u64| {
        let mut desk = Desk::greeted();
        for (at, digit) in digits(MESSAGE).into_iter().enumerate() {
            let late_ms = if at < 7 { 0 } else { gap_ms - 100 };
            desk.0.handle(1600 + 100 * at as u64 + late_ms, ReceiverInput::Digit(digit));
        }
        desk.wait().1
    };
    assert_eq!(hears(199), [report(1, MESSAGE, None)]);
    let seven = RecordError::Length { expected: 16, found: 7 };
    // Nine digits would be Express.
    let nine = RecordError::Check { check: Check::Checksum, expected: 13, found: 8 };
    assert_eq!(hears(200), [seven, nine].map(ReceiverOutput::Refused));
}

#[test]
fn an_alarm_amid_the_audio_is_taken_and_only_a_new_606_announces_audio() {
    let mut desk = Desk::greeted();
    desk.hears(1600, "1234181606010007");
    desk.stored(3300, 1);
    assert_eq!(desk.hears(20_000, MESSAGE), (21_700, vec![report(2, MESSAGE, None)]));
    assert_eq!((desk.stored(21_700, 2), desk.0.deadline()), (kissoff(1400), None));
    for before in ["123418360601000", "123418660601000"] {
        let (mut desk, written) = (Desk::greeted(), checked(before));
        assert_eq!(desk.hears(1600, &written), (3300, vec![report(1, &written, None)]));
        assert_eq!((desk.stored(3300, 1), desk.0.deadline()), (kissoff(1400), Some(7350)));
    }
}

#[test]
fn rounds_in_pairs_are_one_report_where_they_are_expected() {
    let options =
        ReceiverOptions { handshakes: vec![Handshake::Single1400], extended: true, ..ReceiverOptions::default() };
    let mut desk = Desk::answered(options);
    desk.outputs();
    for (at, round) in ["1233", "1233", "3335", "3335"].into_iter().enumerate() {
        assert_eq!(desk.outputs(), []);
        desk.0.handle(2000 + 2000 * at as u64, ReceiverInput::Round(&digits(round)));
    }
    let zone = Some(digits("5")[0]);
    let read = PulseReport::new(PulseLayout::ExtendedThreeOne, "123".parse().unwrap(), digits("3")[0], zone).unwrap();
    let said = Report { number: 1, message: LineMessage::Pulse(read), repeats: None };
    assert_eq!(desk.outputs(), [ReceiverOutput::Report(said)]);
    assert_eq!(desk.stored(8100, 1), kissoff(1400));
    // A second round that does not repeat the event is refused, and the report begins anew.
    for (at, round) in ["1233", "1233", "4445", "4445"].into_iter().enumerate() {
        desk.0.handle(10_000 + 2000 * at as u64, ReceiverInput::Round(&digits(round)));
    }
    let wrong = RecordError::Check { check: Check::Checksum, expected: 3, found: 4 };
    assert_eq!(desk.outputs(), [ReceiverOutput::Refused(wrong)]);
}

#[test]
fn the_end_of_time_comes_without_an_overflow() {
    let mut desk = Desk(Receiver::new(ReceiverOptions::default()));
    desk.0.handle(u64::MAX, ReceiverInput::Answered);
    for digit in digits(MESSAGE) {
        desk.0.handle(u64::MAX, ReceiverInput::Digit(digit));
    }
    while desk.0.is_busy() {
        desk.0.handle(u64::MAX, ReceiverInput::Time);
    }
    assert_eq!(desk.outputs().last(), Some(&ReceiverOutput::HangUp(Ending::Unreadable)));

    let mut panel = Panel(Transmitter::new(TransmitterTiming::default()));
    let mut outputs = panel.handle(u64::MAX, TransmitterInput::Send(ademco(MESSAGE)));
    while panel.0.waiting() > 0 {
        panel.handle(u64::MAX, TransmitterInput::Connected);
        outputs = panel.handle(u64::MAX, TransmitterInput::Time);
    }
    assert_eq!(outputs, [TransmitterOutput::HangUp, TransmitterOutput::GaveUp(1)]);
}

/// A transmitter and what came out of it.
struct Panel(Transmitter);

impl Panel {
    fn outputs(&mut self) -> Vec<TransmitterOutput> {
        std::iter::from_fn(|| self.0.poll()).collect()
    }

    fn handle(&mut self, now_ms: u64, input: TransmitterInput) -> Vec<TransmitterOutput> {
        self.0.handle(now_ms, input);
        self.outputs()
    }

    fn hears(&mut self, hz: u16, start_ms: u64, end_ms: u64) -> Vec<TransmitterOutput> {
        self.handle(end_ms, TransmitterInput::Tone { hz, start_ms, end_ms })
    }

    fn wait(&mut self) -> (u64, Vec<TransmitterOutput>) {
        let at = self.0.deadline().unwrap();
        (at, self.handle(at, TransmitterInput::Time))
    }
}

fn sent(text: &str) -> Vec<TransmitterOutput> {
    let digit = |digit| TransmitterOutput::Sound(Sound::Digit { digit, on_ms: 50, off_ms: 50 });
    [silence(275, TransmitterOutput::Sound)].into_iter().chain(digits(text).into_iter().map(digit)).collect()
}

#[test]
fn messages_are_delivered_one_behind_the_other() {
    let mut panel = Panel(Transmitter::new(TransmitterTiming::default()));
    let second = "123418140101000E";
    assert_eq!(panel.handle(0, TransmitterInput::Send(ademco(MESSAGE))), [TransmitterOutput::Dial(1)]);
    assert_eq!(panel.handle(10, TransmitterInput::Send(ademco(second))), []);
    assert_eq!(panel.handle(5000, TransmitterInput::Connected), []);
    // The tones may be off by 5 %; a tone of another length or frequency is none.
    assert_eq!(panel.hears(1400, 5500, 5900), []);
    assert_eq!(panel.hears(2300, 6000, 6100), []);
    assert_eq!(panel.hears(1340, 7000, 7105), []);
    assert_eq!(panel.hears(2410, 7200, 7298), sent(MESSAGE));
    // 275 ms and sixteen digits: until 9173.
    assert_eq!(panel.hears(1400, 9100, 9900), []);
    let mut delivered = vec![TransmitterOutput::Delivered(1)];
    delivered.extend(sent(second));
    assert_eq!(panel.hears(1400, 9373, 10_223), delivered);
    // The last one is acknowledged as late as can be: a decoder that tells beginnings keeps it waiting.
    let until = 10_223 + 275 + 1600;
    assert_eq!(panel.0.deadline(), Some(until + 1250));
    assert_eq!(panel.handle(until + 1240, TransmitterInput::ToneBegins(1400)), []);
    assert_eq!(
        panel.hears(1400, until + 1240, until + 2240),
        [TransmitterOutput::Delivered(2), TransmitterOutput::HangUp]
    );
    assert_eq!((panel.0.deadline(), panel.0.waiting()), (None, 0));
}

#[test]
fn four_tries_then_another_call_then_no_more() {
    let timing = TransmitterTiming { calls: 2, ..TransmitterTiming::default() };
    let mut panel = Panel(Transmitter::new(timing));
    assert_eq!(panel.handle(0, TransmitterInput::Send(ademco(MESSAGE))), [TransmitterOutput::Dial(1)]);
    panel.handle(1000, TransmitterInput::Connected);
    panel.hears(1400, 2000, 2100);
    assert_eq!(panel.hears(2300, 2200, 2300), sent(MESSAGE));
    let round = 275 + 1600 + 1250;
    for tries in 1..4 {
        assert_eq!(panel.wait(), (2300 + tries * round, sent(MESSAGE)));
    }
    assert_eq!(panel.wait(), (2300 + 4 * round, vec![TransmitterOutput::HangUp]));
    assert_eq!(panel.wait(), (12_300 + 4 * round, vec![TransmitterOutput::Dial(2)]));
    assert_eq!(
        panel.handle(40_000, TransmitterInput::HungUp),
        [TransmitterOutput::HangUp, TransmitterOutput::GaveUp(1)]
    );
    // What comes later is another matter.
    assert_eq!(panel.handle(50_000, TransmitterInput::Send(ademco(MESSAGE))), [TransmitterOutput::Dial(1)]);
}

#[test]
fn a_receiver_that_says_nothing_is_called_again() {
    let mut panel = Panel(Transmitter::new(TransmitterTiming::default()));
    panel.handle(0, TransmitterInput::Send(ademco(MESSAGE)));
    panel.handle(1000, TransmitterInput::Connected);
    assert_eq!(panel.wait(), (31_000, vec![TransmitterOutput::HangUp]));
    assert_eq!(panel.wait(), (41_000, vec![TransmitterOutput::Dial(2)]));
}

#[test]
fn a_panel_that_announced_audio_keeps_the_line() {
    let mut panel = Panel(Transmitter::new(TransmitterTiming::default()));
    panel.handle(0, TransmitterInput::Send(ademco("1234181606010007")));
    panel.handle(1000, TransmitterInput::Connected);
    panel.hears(1400, 2000, 2100);
    panel.hears(2300, 2200, 2300);
    assert_eq!(panel.hears(1400, 4400, 5250), [TransmitterOutput::Delivered(1), TransmitterOutput::Talk(1)]);
    // An alarm that happens meanwhile goes out at once.
    assert_eq!(panel.handle(20_000, TransmitterInput::Send(ademco(MESSAGE))), sent(MESSAGE));
    assert_eq!(panel.hears(1400, 22_100, 22_950), [TransmitterOutput::Delivered(2), TransmitterOutput::Talk(1)]);
    assert_eq!(panel.handle(60_000, TransmitterInput::Release), [TransmitterOutput::HangUp]);
}

/// A panel that waits for its handshake, at 1000 ms.
fn called() -> Panel {
    let mut panel = Panel(Transmitter::new(TransmitterTiming::default()));
    panel.handle(0, TransmitterInput::Send(ademco(MESSAGE)));
    panel.handle(1000, TransmitterInput::Connected);
    panel
}

/// A panel whose digits are out at 4175 ms.
fn waiting_for_its_kissoff() -> Panel {
    let mut panel = called();
    panel.hears(1400, 2000, 2100);
    panel.hears(2300, 2200, 2300);
    panel
}

#[test]
fn handshakes_and_kissoffs_at_the_edges_of_what_is_accepted() {
    let answers = |low: u16, high: u16, [low_ms, gap_ms, high_ms]: [u64; 3]| {
        let (mut panel, high_from) = (called(), 2000 + low_ms + gap_ms);
        panel.hears(low, 2000, 2000 + low_ms);
        !panel.hears(high, high_from, high_from + high_ms).is_empty()
    };
    for (low, high, taken) in [
        (1330, 2185, true),
        (1470, 2415, true),
        (1329, 2300, false),
        (1471, 2300, false),
        (1400, 2184, false),
        (1400, 2416, false),
    ] {
        assert_eq!(answers(low, high, [100; 3]), taken, "{low}, {high}");
    }
    for part in 0..3 {
        for (ms, taken) in [(59, false), (60, true), (140, true), (141, false)] {
            let mut lengths = [100; 3];
            lengths[part] = ms;
            assert_eq!(answers(1400, 2300, lengths), taken, "{lengths:?}");
        }
    }
    let kissed = |hz, ms: u64| !waiting_for_its_kissoff().hears(hz, 4300, 4300 + ms).is_empty();
    for (hz, ms, taken) in [
        (1400, 499, false),
        (1400, 500, true),
        (1400, 1100, true),
        (1400, 1101, false),
        (1330, 850, true),
        (1470, 850, true),
        (1329, 850, false),
        (1471, 850, false),
    ] {
        assert_eq!(kissed(hz, ms), taken, "{hz}, {ms}");
    }
}

#[test]
fn tones_that_begin_again_and_again_do_not_keep_a_panel_waiting() {
    let mut panel = waiting_for_its_kissoff();
    let until = 4175;
    assert_eq!(panel.handle(until - 1, TransmitterInput::ToneBegins(1400)), []);
    assert_eq!(panel.0.deadline(), Some(until + 1250));
    assert_eq!(panel.handle(until + 1249, TransmitterInput::ToneBegins(1400)), []);
    assert_eq!(panel.0.deadline(), Some(until + 1249 + 1140));
    assert_eq!(panel.handle(until + 2000, TransmitterInput::ToneBegins(1400)), []);
    assert_eq!(panel.wait(), (until + 1249 + 1140, sent(MESSAGE)));
}
