//! Digits of a telephone line and their texts as JSON: what `encode` writes is what `decode` read, for any report of a format
//! and for what is left of a mangled one.

use contactid::cid::check_digit;
use contactid::dtmf::Digit;
use contactid::robofon::{BlockCheck, ParityBit, RobofonFrame};
use contactid::{Format, Strictness};
use examples::wire::{self, Fields, Question, fields::hex};
use proptest::prelude::*;
use serde_json::Value;

fn decoded(format: Format, bytes: &[u8]) -> Value {
    let question = Question { format: format.to_string(), hex: hex(bytes), key_hex: None };
    serde_json::to_value(wire::decode(format, bytes, &question).named(None)).expect("an answer is JSON")
}

/// A report as its format spells it, and whether a check digit of Ademco's belongs behind it.
const SPELT: [(Format, &str, bool); 14] = [
    (Format::ContactId, "[0-9B-F]{4}(18|98)[136][0-9]{8}", true),
    (Format::CidBare, "[0-9B-F]{4}(18|98)[136][0-9]{8}", true),
    (Format::Express41, "[0-9B-F]{4}17[0-9B-F]", true),
    (Format::Express42, "[0-9B-F]{4}27[0-9B-F]{2}", true),
    (Format::HighSpeed, "[0-9B-F]{4}55[0-9B-F]{9}", true),
    (Format::SuperFast, "[0-9B-F]{4}56[0-9B-F]{9}", false),
    (Format::Scancom, "[0-9B-F]{4,6}([0-9B-F]{8}){1,3}[0-9B-F]", false),
    (Format::Pulse, "[1-9A-F]{4,6}", false),
    (Format::CidAl00, "AL(00)?[0-9B-F]{4}(18|98)[136][0-9]{8}##\r\n", false),
    (Format::CidBracket, "\\[[A-Za-z0-9-]{1,10} (18|98)[136][0-9]{8}[0-9B-F][ -Zé门]{0,10}\\]", false),
    (Format::CidCsv, "[a-z ]{1,5},[a-z!]{1,5},[0-9]{4},[0-9a-z]{1,16}(,[0-9A-F]{2})?", false),
    (Format::CidEldes, "3[0-9B-F]{4}(18|98)[136][0-9]{8}[0-9B-F]", false),
    (Format::Robofon, "U[0-9A-Z]{8}\x03[\x00-\x7F]", false),
    (Format::Cesa, "[0-9]{8}00000000", false),
];

/// Any report of any of the formats.
fn report() -> impl Strategy<Value = (Format, Vec<u8>)> {
    (prop::sample::select(SPELT.to_vec()), any::<bool>()).prop_flat_map(|((format, spelt, checked), other)| {
        spelt.prop_map(move |mut text: String| {
            if checked {
                let digits: Vec<Digit> = text.chars().filter_map(Digit::from_char).collect();
                text.push(check_digit(&digits).to_char());
            }
            let bytes = text.into_bytes();
            let written = match format {
                // With its parity bits.
                Format::Robofon if other => {
                    let frame = RobofonFrame::parse(&bytes, BlockCheck::Ignored, Strictness::Strict);
                    frame.expect("spelt as frames are").with_parity(ParityBit::Odd).encode().to_vec()
                }
                // Twice.
                Format::Pulse | Format::Cesa if other => bytes.repeat(2),
                _ => bytes,
            };
            (format, written)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_read_is_written_again((format, bytes) in report()) {
        let read = decoded(format, &bytes);
        prop_assert_eq!((&read["valid"], &read["quirks"]), (&Value::Bool(true), &Value::Array(Vec::new())), "{}", format);
        for event in read["events"].as_array().into_iter().flatten() {
            prop_assert!([1, 3, 6].contains(&event["qualifier"].as_u64().unwrap_or_default()), "{}", event);
        }
        prop_assert_eq!(wire::encode(format, &Fields(&read)), Ok(bytes));
    }

    #[test]
    fn what_is_left_of_a_mangled_report_comes_to_rest(
        (format, mut bytes) in report(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..3),
    ) {
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let read = decoded(format, &bytes);
        if read["valid"] == true {
            let once = wire::encode(format, &Fields(&read));
            let Ok(once) = once else { return Err(TestCaseError::fail(format!("{format}: {once:?}"))) };
            prop_assert_eq!(wire::encode(format, &Fields(&decoded(format, &once))), Ok(once));
        }
    }
}
