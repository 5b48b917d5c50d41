//! Records of receivers to automation: what is written reads back the same, and what is read is written the same again.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::EncodeError;
use contactid::automation::iti::{ComputerKind, ComputerRecord, ItiRecord, ItiReport};
use contactid::automation::native::{Maker, NativeCall, NativeRecord, VByte};
use proptest::prelude::*;

/// The texts of a call, which borrows them.
#[derive(Clone, Debug)]
struct Texts {
    fixed: [String; 6],
    caller: Option<(String, String)>,
    account: String,
    events: String,
    listen_in: Option<String>,
}

fn texts() -> impl Strategy<Value = Texts> {
    let fixed = ["[ -~]{6}", "[ -~]{6}", "[ -~]{2}", "[ -~]{4}", "[ -~]{3}", "[ -~]{2}"];
    let caller = proptest::option::of(("[ -~]{0,12}", "[ -~]{0,12}"));
    let events = proptest::collection::vec("[A-Z]{2}[0-9]{0,3}|[#*,0-9]{0,4}", 0..5);
    let events = events.prop_map(|events| events.iter().map(|event| format!("\"{event}")).collect());
    (fixed, caller, "[ !#-~]{0,8}", events, proptest::option::of("[0-9]{3}"))
        .prop_map(|(fixed, caller, account, events, listen_in)| Texts { fixed, caller, account, events, listen_in })
}

impl Texts {
    fn call(&self, maker: Maker, continues: bool, v: u8) -> NativeCall<'_> {
        let mx = maker == Maker::Mx8000;
        let [date, time, receiver, reference, format, line] = &self.fixed;
        NativeCall {
            start: if mx { 0x26 } else { 0x27 },
            date,
            time: if mx { time } else { &time[..4] },
            receiver: mx.then_some(receiver),
            reference: mx.then_some(reference),
            format,
            line,
            caller: self.caller.as_ref().filter(|_| mx).map(|(number, name)| (number.as_str(), name.as_str())),
            account: &self.account,
            events: &self.events,
            listen_in: self.listen_in.as_deref().map(|digits| if mx { digits } else { "" }),
            continues: continues && mx,
            v,
        }
    }
}

/// Whatever bytes are read, they are written again.
fn stable(bytes: &[u8]) {
    for maker in [Maker::Mx8000, Maker::SilentKnight] {
        if let Ok(record) = NativeRecord::parse(bytes, maker, VByte::Ignored) {
            assert_eq!(record.encode(maker, VByte::Ignored).as_deref(), Ok(bytes));
        }
    }
    if let Ok(record) = ItiRecord::parse(bytes) {
        assert_eq!(record.encode(), bytes);
    }
    if let Ok(record) = ComputerRecord::parse(bytes) {
        assert_eq!(record.encode(), bytes);
    }
}

fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8)]) {
    for &(place, byte) in changes {
        let at = place % bytes.len();
        bytes[at] = byte;
        stable(&bytes);
    }
    for length in 0..bytes.len() {
        stable(&bytes[..length]);
    }
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(&b"\"\r\n\x05\x11\x12*,#|[]0A"[..])];
    proptest::collection::vec((any::<usize>(), byte), 1..6)
}

proptest! {
    /// Every call that can be written at all reads to the same call.
    #[test]
    fn calls(
        texts in texts(),
        maker in proptest::sample::select(&[Maker::Mx8000, Maker::SilentKnight][..]),
        continues in any::<bool>(),
        v in any::<u8>(),
        changes in changes(),
    ) {
        let record = NativeRecord::Call(texts.call(maker, continues, v));
        match record.encode(maker, VByte::Ignored) {
            Ok(bytes) => {
                prop_assert_eq!(NativeRecord::parse(&bytes, maker, VByte::Ignored), Ok(record));
                let summed = record.encode(maker, VByte::Summed).unwrap();
                let read = NativeRecord::parse(&summed, maker, VByte::Summed).unwrap();
                prop_assert_eq!((read.account(), read.signals()), (record.account(), record.signals()));
                mutated(bytes, &changes);
            }
            Err(EncodeError::TooLong { length }) => prop_assert!(length > maker.longest()),
            // What would be read as the end of the call.
            Err(error) => {
                prop_assert!(matches!(error, EncodeError::Byte { field: "events", found: b'*' | b',' }), "{error}");
                prop_assert_eq!(texts.listen_in, None);
            }
        }
    }

    #[test]
    fn messages_of_the_receiver(code in any::<u8>(), told in "[ -~]{0,20}", v in any::<u8>(), changes in changes()) {
        for record in [NativeRecord::System { code, told: &told, v }, NativeRecord::Heartbeat { told: &told, v }] {
            let bytes = record.encode(Maker::Mx8000, VByte::Ignored).unwrap();
            prop_assert_eq!(NativeRecord::parse(&bytes, Maker::Mx8000, VByte::Ignored), Ok(record));
            mutated(bytes, &changes);
        }
    }

    #[test]
    fn iti_reports(
        fields in ["[ -~]", "[ -~]", "[0-9A-Z]{1,5}", "[ -~]", "[ -~]", "[ -~]", "[ -~]{2}", "[ -~]"],
        changes in changes(),
    ) {
        let letters: Vec<(char, &str)> = "RLATGIZE".chars().zip(fields.iter().map(String::as_str)).collect();
        let report = ItiReport::new(&letters).unwrap();
        let bytes = ItiRecord::Report(report).encode();
        prop_assert_eq!(ItiRecord::parse(&bytes), Ok(ItiRecord::Report(report)));
        for (letter, text) in letters {
            let found = report.field(letter);
            prop_assert_eq!(if letter == 'A' { found.trim_start() } else { &found }, text);
        }
        mutated(bytes, &changes);
    }

    #[test]
    fn records_of_the_computer_interface(
        kind in proptest::sample::select(
            &[ComputerKind::Report, ComputerKind::Test, ComputerKind::Supervisory, ComputerKind::Log][..],
        ),
        fields in "([A-Z][ -\\\\^-{}~]{0,6}(\\|[A-Z][ -\\\\^-{}~]{0,6}){0,8})?",
        letter in proptest::char::range('A', 'Z'),
        tail in "[0-9A-Fa-f]{4}",
        changes in changes(),
    ) {
        let tail: [u8; 4] = tail.into_bytes().try_into().unwrap();
        let record = ComputerRecord::new(kind, &fields, letter, tail).unwrap();
        let bytes = record.encode();
        prop_assert_eq!(ComputerRecord::parse(&bytes), Ok(record));
        mutated(bytes, &changes);
    }
}
