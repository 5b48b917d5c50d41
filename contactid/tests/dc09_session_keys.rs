//! Keys that change hands inside a session: each is used only once both sides have it, whatever answer is lost.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]
#![cfg(feature = "aes")]

use contactid::session::Moment;
use contactid::session::receiver::{self, Link, Options, Receiver, Terms};
use contactid::session::transmitter::{self, Content, Path, Setup, Transmitter};
use contactid::{Extended, Frame, Key, Response, Stamp, Strictness, Token};

const NOW: Stamp = Stamp::from_unix(1_741_350_896);
const UDP: Link = Link(9);
const DIGITS: &str = "00112233445566778899aabbccddeeff";

const fn moment(now_ms: u64) -> Moment<'static> {
    Moment { now_ms, utc: NOW, random: b"0123456789012345678901234567890" }
}

/// A centre whose account has a key, and may have been offered another.
struct Centre {
    receiver: Receiver,
    key: Key,
    offered: Option<Key>,
}

impl Centre {
    fn told(&mut self, now_ms: u64, input: receiver::Input<'_>) -> Vec<receiver::Output> {
        let terms = |_: Option<_>| Terms { key: Some(&self.key), offered: self.offered.as_ref(), ..Terms::default() };
        self.receiver.handle(input, moment(now_ms), &terms);
        std::iter::from_fn(|| self.receiver.poll()).collect()
    }

    fn hears(&mut self, now_ms: u64, bytes: &[u8]) -> Vec<receiver::Output> {
        self.told(now_ms, receiver::Input::Datagram { link: UDP, bytes })
    }

    /// Stores the report and gives the answer; with the key that is offered in it, if one is.
    fn stored(&mut self, now_ms: u64, outputs: &[receiver::Output], offer: bool) -> Vec<u8> {
        let Some(receiver::Output::Report(report)) = outputs.last() else { panic!("{outputs:?}") };
        let field = [Extended::new('K', DIGITS)];
        let response = offer.then_some(Response { data: b"", extended: &field });
        let input = receiver::Input::Stored { ticket: report.ticket, response };
        match self.told(now_ms, input).pop() {
            Some(receiver::Output::Send { bytes, .. }) => bytes,
            other => panic!("{other:?}"),
        }
    }
}

struct Panel(Transmitter);

impl Panel {
    fn told(&mut self, now_ms: u64, input: transmitter::Input<'_>) -> Vec<transmitter::Output> {
        self.0.handle(input, moment(now_ms));
        std::iter::from_fn(|| self.0.poll()).collect()
    }

    fn queue(&mut self, zone: u16) {
        self.0.queue(Content::report(Token::AdmCid, "1234", format_args!("1130 01 {zone:03}")), Vec::new()).unwrap();
    }

    fn sends(&mut self, now_ms: u64) -> Vec<u8> {
        match self.told(now_ms, transmitter::Input::Tick).pop() {
            Some(transmitter::Output::Send { bytes, .. }) => bytes,
            other => panic!("{other:?}"),
        }
    }

    fn hears(&mut self, now_ms: u64, bytes: &[u8]) -> Vec<transmitter::Output> {
        self.told(now_ms, transmitter::Input::Received { path: 0, bytes })
    }
}

fn both() -> (Centre, Panel, [Key; 2]) {
    let keys = [Key::new(b"0123456789abcdef").unwrap(), Key::from_hex(DIGITS).unwrap()];
    let centre = Centre { receiver: Receiver::new(Options::default()), key: keys[0].clone(), offered: None };
    let setup = Setup { key: Some(keys[0].clone()), ..Setup::new("1234", Path::udp()) };
    (centre, Panel(Transmitter::new(setup, 0).unwrap()), keys)
}

fn opens(bytes: &[u8], key: &Key) -> bool {
    Frame::parse(bytes, Strictness::Strict).unwrap().open(Some(key)).is_ok()
}

#[test]
fn a_key_holds_from_behind_the_answer_that_brought_it() {
    let (mut centre, mut panel, [old, new]) = both();
    panel.queue(1);
    panel.queue(2);
    let first = panel.sends(0);
    let outputs = centre.hears(0, &first);
    centre.offered = Some(new.clone());
    let answer = centre.stored(1, &outputs, true);
    // The answer that brings it is still under the old one.
    assert_eq!((opens(&answer, &old), opens(&answer, &new)), (true, false));

    let outputs = panel.hears(2, &answer);
    let [transmitter::Output::Response { frame }, transmitter::Output::Delivered(_)] = &outputs[..] else {
        panic!("the next event did not wait for the key: {outputs:?}")
    };
    let frame = Frame::parse(frame, Strictness::Strict).unwrap();
    let key = frame.open(Some(&old)).unwrap().offered_key().and_then(|digits| digits.key());
    panel.0.set_key(key);
    assert_eq!(panel.0.deadline(), Some(0));
    let second = panel.sends(3);
    assert_eq!((opens(&second, &old), opens(&second, &new)), (false, true));

    let outputs = centre.hears(4, &second);
    let account = Some("1234".parse().unwrap());
    assert_eq!(outputs[0], receiver::Output::KeyTaken { link: UDP, account });
    (centre.key, centre.offered) = (new.clone(), None);
    let answer = centre.stored(5, &outputs, false);
    assert_eq!((opens(&answer, &old), opens(&answer, &new)), (false, true));
    assert!(matches!(panel.hears(6, &answer)[..], [transmitter::Output::Delivered(_)]));
    // From now on nobody tells of it any more, and the old one opens nothing.
    panel.queue(3);
    assert!(matches!(centre.hears(7, &panel.sends(7))[..], [receiver::Output::Report(_)]));
    assert!(matches!(centre.hears(8, &first)[..], [receiver::Output::Fault { .. }, receiver::Output::Send { .. }]));
}

#[test]
fn a_panel_that_never_heard_of_its_key_goes_on_with_the_old_one() {
    let (mut centre, mut panel, [old, new]) = both();
    panel.queue(1);
    let first = panel.sends(0);
    let outputs = centre.hears(0, &first);
    centre.offered = Some(new);
    let _lost = centre.stored(1, &outputs, true);
    let again = panel.sends(1_000);
    let outputs = centre.hears(1_000, &again);
    let [receiver::Output::Repeated { .. }, receiver::Output::Send { bytes, .. }] = &outputs[..] else {
        panic!("{outputs:?}")
    };
    assert!(opens(bytes, &old));
    assert!(matches!(panel.hears(1_001, bytes)[..], [transmitter::Output::Delivered(_)]));
    panel.queue(2);
    let outputs = centre.hears(1_002, &panel.sends(1_002));
    assert!(matches!(outputs[..], [receiver::Output::Report(_)]));
    assert!(opens(&centre.stored(1_003, &outputs, false), &old));
}
