//! Frames of the standard, of vendors and of public bug reports (vectors A1 to A28): bytes to the whole value, and back to
//! the same bytes where the frame is as we write it.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]

#[path = "support/reading.rs"]
mod reading;

use contactid::{Damage, Frame, FrameError, Key, MessageError, Pad, Quirks, Signal, Strictness};
use reading::{Reading, event, read, wire, write};

fn some(text: &str) -> Option<String> {
    Some(text.into())
}

fn cid(code: &str, group: Option<u16>, number: Option<u32>) -> Signal {
    Signal { group, number, ..event(code) }
}

/// The text reads as this value, and the value writes the same text.
#[track_caller]
fn both_ways(text: &str, value: &Reading) {
    reads(text, value);
    assert_eq!(write(value, None), wire(text));
}

#[track_caller]
fn reads(text: &str, value: &Reading) {
    assert_eq!(read(&wire(text), None).as_ref(), Ok(value));
}

/// The value that A1 and A2 share, of the standard's own example.
fn example(token: &str, data: &str) -> Reading {
    Reading {
        token: token.into(),
        sequence: "9876".into(),
        receiver: some("579BDF"),
        line: some("789ABC"),
        account: some("12345A"),
        inner_account: some("12345A"),
        data: data.into(),
        ..Reading::default()
    }
}

fn sia(code: &str, address: &str) -> Signal {
    Signal { number: address.parse().ok(), address: some(address).filter(|text| !text.is_empty()), ..event(code) }
}

#[test]
fn a1_the_standards_sia_example() {
    let value = Reading { events: vec![sia("FA", "129")], ..example("SIA-DCS", "#12345A|NFA129") };
    both_ways("<LF>CE110032\"SIA-DCS\"9876R579BDFL789ABC#12345A[#12345A|NFA129]<CR>", &value);
}

#[test]
fn a2_the_standards_contact_id_example() {
    let value = Reading { events: vec![cid("110", None, Some(129))], ..example("ADM-CID", "#12345A|1110 00 129") };
    both_ways("<LF>87CD0037\"ADM-CID\"9876R579BDFL789ABC#12345A[#12345A|1110 00 129]<CR>", &value);
}

#[test]
fn a3_a_mac_in_the_extended_data() {
    let value = Reading {
        account: some("123456A"),
        inner_account: some("123456A"),
        extended: vec![('M', "1234567890AB".into())],
        events: vec![sia("FA", "129")],
        ..example("SIA-DCS", "#123456A|NFA129")
    };
    both_ways("<LF>8C860043\"SIA-DCS\"9876R579BDFL789ABC#123456A[#123456A|NFA129][M1234567890AB]<CR>", &value);
}

/// A frame without content: token, receiver, account, time.
fn bare(token: &str, receiver: Option<&str>, account: Option<&str>, stamp: Option<&str>) -> Reading {
    Reading {
        token: token.into(),
        sequence: "0000".into(),
        receiver: receiver.map(String::from),
        line: some("0"),
        account: account.map(String::from),
        stamp: stamp.map(String::from),
        ..Reading::default()
    }
}

#[test]
fn a4_lower_case_cipher_text_and_no_mark_behind_the_pad() {
    let text = "<LF>DE260072\"*NULL\"0000L0#000[242ff5e1d26993d8ca4a622f7d779a93096ef7ed9b5499dc13de23e1405a5764b587\
                37251286f0d81da5134d1eebc238<CR>";
    let value = Reading { encrypted: true, ..bare("NULL", None, Some("000"), Some("03:07:43,09-22-2026")) };
    let key = Key::from_hex("850cba22f7dd4f033405da83e4c5bae9").unwrap();
    assert_eq!(read(&wire(text), Some(&key)), Ok(value));
}

#[test]
fn a5_a_hikvision_null_under_a_key_of_sixteen_letters() {
    let text =
        "<LF>76D80055\"*NULL\"0000R0L0#AAAB[B4BC8B40D0E6D959D6BEA78E88CC0B2155741A3C44FBB96D476A3E557CAD64D9<CR>";
    let value = Reading { encrypted: true, ..bare("NULL", Some("0"), Some("AAAB"), Some("18:24:52,07-05-2020")) };
    let key = Key::new(b"AAAAAAAAAAAAAAAA").unwrap();
    assert_eq!(read(&wire(text), Some(&key)), Ok(value));
}

#[test]
fn a6_a_null_that_carries_content() {
    let value = Reading {
        inner_account: some("0000"),
        data: "#0000|0000 00 000".into(),
        quirks: vec!["inner-account-differs"],
        ..bare("NULL", Some("0"), Some("AAAB"), Some("18:25:49,07-05-2020"))
    };
    both_ways("<LF>821F003A\"NULL\"0000R0L0#AAAB[#0000|0000 00 000]_18:25:49,07-05-2020<CR>", &value);
}

#[test]
fn a7_a_pyronix_null() {
    let value = bare("NULL", None, Some("1409"), Some("20:38:07,08-27-2026"));
    both_ways("<LF>EA740027\"NULL\"0000L0#1409[]_20:38:07,08-27-2026<CR>", &value);
}

#[test]
fn a8_the_answer_that_the_panel_accepted() {
    both_ways("<LF>59890012\"ACK\"0000L0#1409[]<CR>", &bare("ACK", None, Some("1409"), None));
}

#[test]
fn a9_the_fixed_form_of_nak() {
    let value = bare("NAK", Some("0"), None, Some("15:39:35,05-07-2019"));
    reads("<LF>3C3B0025\"NAK\"0000R0L0A0[]_15:39:35,05-07-2019<CR>", &value);
}

#[test]
fn a10_text_in_a_block_of_its_own() {
    let value = Reading {
        sequence: "0001".into(),
        receiver: some("F3"),
        line: some("77"),
        account: some("1234"),
        inner_account: some("1234"),
        events: vec![Signal { text: some("test"), ..sia("RR", "") }],
        ..example("SIA-DCS", "#1234|NRR|Atest")
    };
    both_ways("<LF>F4D20029\"SIA-DCS\"0001RF3L77#1234[#1234|NRR|Atest]<CR>", &value);
}

#[test]
fn a11_an_event_token_with_empty_data() {
    let value = Reading { sequence: "0001".into(), ..bare("SIA-DCS", None, Some("1234"), None) };
    both_ways("<LF>96ED0016\"SIA-DCS\"0001L0#1234[]<CR>", &value);
}

#[test]
fn a12_modifiers_before_the_event() {
    let value = Reading {
        sequence: "0002".into(),
        inner_account: some("AA1234"),
        data: "#AA1234|Nri2/id15/OP".into(),
        events: vec![Signal { group: Some(2), user: Some(15), ..sia("OP", "") }],
        ..bare("SIA-DCS", None, Some("AA1234"), Some("10:03:32,06-14-2023"))
    };
    both_ways("<LF>80DA0040\"SIA-DCS\"0002L0#AA1234[#AA1234|Nri2/id15/OP]_10:03:32,06-14-2023<CR>", &value);
}

#[test]
fn a13_packets_without_a_slash_and_text_between_carets() {
    let value = Reading {
        sequence: "1783".into(),
        inner_account: some("000110"),
        data: "#000110|Nri1BA503^Volum.Taverna   Appartam.Giorno ^".into(),
        quirks: vec!["glued-packets"],
        events: vec![Signal { group: Some(1), text: some("Volum.Taverna   Appartam.Giorno "), ..sia("BA", "503") }],
        ..bare("SIA-DCS", None, Some("000110"), Some("11:49:27,01-20-2022"))
    };
    let text = "<LF>01CD005F\"SIA-DCS\"1783L0#000110[#000110|Nri1BA503^Volum.Taverna   Appartam.Giorno ^]\
                _11:49:27,01-20-2022<CR>";
    both_ways(text, &value);
}

#[test]
fn a14_length_counts_the_bytes_of_utf8() {
    let value = Reading {
        sequence: "0008".into(),
        inner_account: some("777"),
        data: "#777|1401 02 501".into(),
        extended: vec![('S', "Улица".into())],
        events: vec![cid("401", Some(2), Some(501))],
        ..bare("ADM-CID", None, Some("777"), Some("09:15:28,07-03-2025"))
    };
    both_ways("<LF>B2C20046\"ADM-CID\"0008L0#777[#777|1401 02 501][SУлица]_09:15:28,07-03-2025<CR>", &value);
}

#[test]
fn a15_a_crc_of_two_raw_bytes() {
    let value = Reading {
        sequence: "0002".into(),
        line: some("1"),
        inner_account: some("9413"),
        data: "#9413|1602 99 999".into(),
        quirks: vec!["binary-crc"],
        events: vec![cid("602", Some(99), Some(999))],
        ..bare("ADM-CID", Some("1"), Some("9413"), Some("23:05:30,08-30-2023"))
    };
    both_ways("<LF>0n003D\"ADM-CID\"0002R1L1#9413[#9413|1602 99 999]_23:05:30,08-30-2023<CR>", &value);
}

#[test]
fn a16_crc_and_length_that_take_in_the_cr() {
    let text = "<LF>F19A002B\"ADM-CID\"0056L9999#9999[#9999|1900 00 001]<CR>";
    let value = Reading {
        sequence: "0056".into(),
        line: some("9999"),
        inner_account: some("9999"),
        data: "#9999|1900 00 001".into(),
        quirks: vec!["crc-over-cr"],
        events: vec![cid("900", None, Some(1))],
        ..bare("ADM-CID", None, Some("9999"), None)
    };
    reads(text, &value);
    let bytes = wire(text);
    let strict = Frame::parse(&bytes, Strictness::Strict);
    assert!(matches!(strict, Err(FrameError::Damaged(Damage::Crc { found: 0xF19A, .. }))), "{strict:?}");
}

#[test]
fn a17_a_periodic_test() {
    let value = Reading {
        sequence: "0001".into(),
        inner_account: some("1002"),
        data: "#1002|1602 00 001".into(),
        events: vec![cid("602", None, Some(1))],
        ..bare("ADM-CID", None, Some("1002"), None)
    };
    both_ways("<LF>9EC40027\"ADM-CID\"0001L0#1002[#1002|1602 00 001]<CR>", &value);
}

#[test]
fn a18_no_line_field() {
    let value = Reading {
        sequence: "0002".into(),
        line: None,
        inner_account: some("0123"),
        data: "#0123|Nti20:50:26RP99".into(),
        quirks: vec!["no-line-field", "glued-packets"],
        events: vec![Signal { device_time: some("20:50:26"), ..sia("RP", "99") }],
        ..bare("SIA-DCS", None, Some("0123"), None)
    };
    both_ways("<LF>3BAC0029\"SIA-DCS\"0002#0123[#0123|Nti20:50:26RP99]<CR>", &value);
}

#[test]
fn a19_a_null_without_time() {
    both_ways("<LF>D3440015\"NULL\"0000L0#008312[]<CR>", &bare("NULL", None, Some("008312"), None));
}

#[test]
fn a20_another_account_inside() {
    let value = Reading {
        sequence: "0097".into(),
        inner_account: some("0000"),
        data: "#0000|Npi0/AT".into(),
        quirks: vec!["inner-account-differs"],
        events: vec![Signal { peripheral: Some(0), ..sia("AT", "") }],
        ..bare("SIA-DCS", None, Some("ABCD"), Some("11:26:04,03-01-2026"))
    };
    let text = "<LF>D8910037\"SIA-DCS\"0097L0#ABCD[#0000|Npi0/AT]_11:26:04,03-01-2026<CR>";
    both_ways(text, &value);
    let bytes = wire(text);
    let message = Frame::parse(&bytes, Strictness::Tolerant).unwrap().open(None).unwrap();
    assert_eq!(message.account_number(), Some("ABCD".parse().unwrap()));
    let refused = MessageError::NonStandard(Quirks::INNER_ACCOUNT_DIFFERS);
    assert_eq!(Frame::parse(&bytes, Strictness::Strict).unwrap().open(None), Err(refused));
}

#[test]
fn a21_a_changed_crc_digit() {
    let bytes = wire("<LF>CE120032\"SIA-DCS\"9876R579BDFL789ABC#12345A[#12345A|NFA129]<CR>");
    let error = FrameError::Damaged(Damage::Crc { expected: 0xCE11, found: 0xCE12 });
    assert_eq!(Frame::parse(&bytes, Strictness::Tolerant), Err(error));
}

#[test]
fn a22_a_length_two_too_big() {
    let bytes = wire("<LF>CE110034\"SIA-DCS\"9876R579BDFL789ABC#12345A[#12345A|NFA129]<CR>");
    let error = FrameError::Damaged(Damage::Length { expected: 0x32, found: 0x34 });
    assert_eq!(Frame::parse(&bytes, Strictness::Tolerant), Err(error));
}

#[test]
fn a23_framing_without_the_key() {
    let bytes = wire(
        "<LF>D0850078\"*ADM-CID\"6879R0L0#123F[64F7ADD9BA9377DBF2C014BC709329BEEE345B5F20C60B7EB9D2C6B8C222666B13D0B4A1\
         14B448B0AC555FCC658DB6EE<CR>",
    );
    let frame = Frame::parse(&bytes, Strictness::Strict).unwrap();
    assert_eq!((frame.token().as_str(), frame.is_encrypted(), frame.sequence()), ("ADM-CID", true, Some(6879)));
    assert_eq!((frame.receiver(), frame.line(), frame.account()), (Some("0"), Some("0"), Some("123F")));
    assert_eq!(frame.body().len(), 96);
    assert_eq!(read(&bytes, None), Err("key: none for an encrypted message".into()));
    let another = Key::new(b"AAAAAAAAAAAAAAAA").unwrap();
    assert_eq!(read(&bytes, Some(&another)), Err("key: does not fit the message".into()));
}

const FRONT_DOOR: &str = "#1234|Nri1/BA005|AFront door";

#[track_caller]
fn front_door(text: &str, key: &str) {
    let value = Reading {
        encrypted: true,
        sequence: "0042".into(),
        inner_account: some("1234"),
        data: FRONT_DOOR.into(),
        extended: vec![('M', "0026B9E4268B".into())],
        events: vec![Signal { group: Some(1), text: some("Front door"), ..sia("BA", "005") }],
        ..bare("SIA-DCS", Some("1"), Some("1234"), Some("12:34:56,03-07-2025"))
    };
    let key = Key::from_hex(key).unwrap();
    assert_eq!(read(&wire(text), Some(&key)).as_ref(), Ok(&value));
    assert_eq!(write(&value, Some((&key, Pad::Short(b"wqf0RT")))), wire(text));
}

#[test]
fn a24_aes_128() {
    front_door(
        "<LF>CD5000B8\"*SIA-DCS\"0042R1L0#1234[BC44D3C65175257B4195F59F32FE0CF8D8BEA79753C537E8506684D039151DFDF6ACF87\
         970EBD434BB621521E9D9A47700FF11C41FC0D14E445EE1E09AAD927C63AAA0AB9676CF80F8BAA85B223903A5<CR>",
        "000102030405060708090a0b0c0d0e0f",
    );
}

#[test]
fn a25_aes_192() {
    front_door(
        "<LF>0BA000B8\"*SIA-DCS\"0042R1L0#1234[B8CC14AF52CAECFA0068B222797184875B8549CECF69A6DF7ACB4C69570A7AFDD3C56F9\
         11B9D4A0E29674BA476F68E02F61D99200822539C4D7215C03F4C9CD31BCFB47773A12ED34000A678CEEECC87<CR>",
        "000102030405060708090a0b0c0d0e0f1011121314151617",
    );
}

#[test]
fn a26_aes_256() {
    front_door(
        "<LF>31CD00B8\"*SIA-DCS\"0042R1L0#1234[542F4BFF9B04CAF35332D6CEEA00CEA8D3F9C9A2C9038053EE16D473783F20664592328\
         BD1AA7AD4377E4F732607D522F4022B805E8FF0675760BF1E6DC6BBB9AF870DAF64D6F35D31AA88CBDAD6C1D2<CR>",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    );
}

#[test]
fn a27_an_encrypted_acknowledgement() {
    let text = "<LF>8C1D0054\"*ACK\"0042R1L0#1234[DF0223A9F316A68466AA5527CB34289A1050775652223583DE18AAE471BE9D0C<CR>";
    let value = Reading {
        encrypted: true,
        sequence: "0042".into(),
        ..bare("ACK", Some("1"), Some("1234"), Some("12:34:57,03-07-2025"))
    };
    let key = Key::from_hex("000102030405060708090a0b0c0d0e0f").unwrap();
    assert_eq!(read(&wire(text), Some(&key)).as_ref(), Ok(&value));
    assert_eq!(write(&value, Some((&key, Pad::Short(b"0")))), wire(text));
}

#[test]
fn a28_binary_pad_bytes_longer_than_a_block() {
    let text = "<LF>343D0073\"*NULL\"0000L0#1234[4498ac82116f20599d26625e508f4ccd6680c58c42bfecd7bd2862cedf95f9fec4b3\
                75eb9078a912de74d71b71ffa77e<CR>";
    let value = Reading { encrypted: true, ..bare("NULL", None, Some("1234"), Some("12:35:00,03-07-2025")) };
    let key = Key::from_hex("000102030405060708090a0b0c0d0e0f").unwrap();
    assert_eq!(read(&wire(text), Some(&key)), Ok(value));
}
