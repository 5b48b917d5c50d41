//! What users of other receivers complained of that single frames show, issue by issue: how they are framed, answered and
//! understood. What needs a session is in `lessons.rs`.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]

#[path = "support/reading.rs"]
mod reading;

use contactid::{
    Class, Code, Deframer, Encoder, Extended, Format, Frame, FrameError, Pad, Qualifier, Quirks, Reply, Stamp,
    Strictness, Token,
};
use reading::{Reading, read};

const NOW: Stamp = Stamp::from_unix(1_741_350_896);

/// The frame around these bytes.
fn framed(token: Token<'_>, data: &str) -> Vec<u8> {
    Encoder { account: Some("1234"), data: data.as_bytes(), ..Encoder::new(token, 7) }.encode().unwrap()
}

fn ack(bytes: &[u8]) -> Vec<u8> {
    Reply::Ack.encode(&Frame::parse(bytes, Strictness::Tolerant).unwrap(), NOW, None, Pad::Short(b""))
}

/// The one event of a message: code, qualifier, class, group, number.
fn event(token: Token<'_>, data: &str) -> (String, Qualifier, Class, Option<u16>, Option<u32>) {
    let Reading { events, .. } = read(&framed(token, data), None).unwrap();
    let [event] = &events[..] else { panic!("{data}: {events:?}") };
    (event.code.to_string(), event.qualifier, event.class(), event.group, event.number)
}

/// Valid codes called unknown: pysiaalarm 63 (Lupus: time and date before the event), 87 (Satel and Dahua: `Npi`), 28 (Eldes:
/// Contact ID 412), 68 (AlphaVision: `0` before the event block).
#[test]
fn valid_codes_are_known() {
    for (token, data, code) in [
        (Token::SiaDcs, "#1234|Nti10:11:12/da01-02-25/CL1", "CL"),
        (Token::SiaDcs, "#1234|Npi0/AT", "AT"),
        (Token::SiaDcs, "#1234|0|NRP", "RP"),
        (Token::AdmCid, "#1234|1412 00 001", "412"),
    ] {
        let (read, _, class, ..) = event(token, data);
        assert_eq!(read, code);
        assert_ne!(class, Class::Other, "{data}");
    }
}

/// A check value of two raw bytes: pysiaalarm 52 (Trikdis E16), 27 (Egardia); check value and length over the CR: pysiaalarm
/// 17 and 28, Cheaterdev/sia-ha 3 (Eldes); NUL behind the CR and `L` without digits: ioBroker.sia 11 and 19 (G90B).
#[test]
fn every_dialect_of_framing_is_read_and_named() {
    let raw = Encoder { account: Some("1234"), binary_crc: true, ..Encoder::new(Token::Null, 7) }.encode().unwrap();
    let eldes = b"\nF19A002B\"ADM-CID\"0056L9999#9999[#9999|1900 00 001]\r";
    let empty = Encoder { account: Some("1234"), line: Some(""), ..Encoder::new(Token::Null, 7) }.encode().unwrap();
    let nul = [&empty[..], b"\0"].concat();
    for (bytes, quirks, body) in [
        (&raw[..], Quirks::BINARY_CRC, "\"ACK\"0007L0#1234[]"),
        (eldes, Quirks::CRC_OVER_CR, "\"ACK\"0056L9999#9999[]"),
        (&nul, Quirks::NUL_AFTER_CR.with(Quirks::EMPTY_LINE_FIELD), "\"ACK\"0007L#1234[]"),
    ] {
        // In a stream as in a datagram; NUL between frames is noise that is not counted.
        let mut deframer = Deframer::new();
        deframer.push(&[bytes, bytes].concat()).unwrap();
        let cut: Vec<_> = std::iter::from_fn(|| deframer.pop().map(<[u8]>::to_vec)).collect();
        assert_eq!((cut.len(), deframer.noise()), (2, 0));
        assert_eq!(Frame::parse(bytes, Strictness::Tolerant).unwrap().quirks(), quirks);
        assert_eq!(Frame::parse(bytes, Strictness::Strict), Err(refused(bytes, quirks)));
        assert!(ack(bytes).ends_with(format!("{body}\r").as_bytes()));
    }
}

/// How a strict reader refuses it: what lies in the check value is damage to it.
fn refused(bytes: &[u8], quirks: Quirks) -> FrameError {
    match Frame::parse(bytes, Strictness::Strict).unwrap_err() {
        damaged @ FrameError::Damaged(_) if quirks == Quirks::CRC_OVER_CR => damaged,
        _ => FrameError::NonStandard(quirks),
    }
}

/// Windows-1252 in a field breaks the check value: ioBroker.sia 63. It is taken of the bytes, before they are text.
#[test]
fn text_in_any_character_set_leaves_the_check_value_alone() {
    for (bytes, text) in [(&b"K\xFCche \x80"[..], "Küche €"), ("Küche €".as_bytes(), "Küche €")] {
        let extended = [Extended { id: 'R', value: bytes }];
        let frame = Encoder { account: Some("1234"), extended: &extended, ..Encoder::new(Token::Null, 7) };
        assert_eq!(read(&frame.encode().unwrap(), None).unwrap().extended, [('R', text.to_owned())]);
    }
}

/// A wrong check value or length in the answer (ioBroker.sia 31, ABUS Secvest); the word None in it (pysiaalarm 88,
/// core 180511, Pyronix Enforcer); NAK not in its fixed form (pysiaalarm 88).
#[test]
fn answers_are_whole_frames_of_what_was_received() {
    let bytes = b"\nEA740027\"NULL\"0000L0#1409[]_20:38:07,08-27-2026\r";
    assert_eq!(ack(bytes), b"\n59890012\"ACK\"0000L0#1409[]\r");
    let frame = Frame::parse(bytes, Strictness::Strict).unwrap();
    let then = "15:39:35,05-07-2019".parse().unwrap();
    let nak = Reply::Nak.encode(&frame, then, None, Pad::Short(b""));
    assert_eq!(nak, b"\n3C3B0025\"NAK\"0000R0L0A0[]_15:39:35,05-07-2019\r");
    for receiver in [None, Some("1F")] {
        for line in [None, Some("0")] {
            for account in [None, Some("12AB")] {
                let asked = Encoder { receiver, line, account, ..Encoder::new(Token::Null, 7) };
                let answer = Encoder { token: Token::Ack, ..asked }.encode().unwrap();
                assert_eq!(ack(&asked.encode().unwrap()), answer);
            }
        }
    }
}

/// A sender that counts in hexadecimal: jvanovost/dc09_spt 4.
#[test]
fn a_hexadecimal_number_is_answered_as_it_came() {
    let bytes = b"\nF0A10013\"NULL\"000AL0#1234[]\r";
    let frame = Frame::parse(bytes, Strictness::Tolerant).unwrap();
    assert_eq!((frame.sequence(), frame.quirks()), (Some(10), Quirks::ODD_SEQUENCE));
    assert!(ack(bytes).ends_with(b"\"ACK\"000AL0#1234[]\r"));
}

/// Other protocols on the port: Galaxy (pysiaalarm 41, 75, ioBroker.sia 12, 28), Osborne-Hoffman (pysiaalarm 44 and 49,
/// tdeckers/utcar 2, home-assistant.io 30947). Each is told for what it is and hears nothing of DC-09; each has its own reader.
#[test]
fn other_protocols_are_told_for_what_they_are() {
    let oh = b"\n01010053\"SIA-DCS\"0007R0075L0001[#001465|NRP000*'DECKERS'NM]7C9677F21948CC12|#001465";
    for (bytes, format) in
        [(&b"\x46#123456\x9D"[..], Some(Format::Dc03)), (oh, Some(Format::OhPlain)), (b"GET / HTTP/1.1\r\n\r\n", None)]
    {
        assert_eq!(Format::detect(bytes), format);
        assert_eq!(Frame::parse(bytes, Strictness::Tolerant).map_err(FrameError::reply).err(), Some(Reply::Silence));
    }
}

/// Arming at night, forced or of a part taken for something else (core 81650, 95279, 77708, 103615, 182480,
/// eavanvalkenburg/sia 2 and 25); a restore shown as alarm (core 161295).
#[test]
fn arming_and_restores_are_what_they_are() {
    for (code, qualifier, class) in [
        ("CL", Qualifier::Restore, Class::OpenClose),
        ("CG", Qualifier::Restore, Class::OpenClose),
        ("CF", Qualifier::Restore, Class::OpenClose),
        ("CP", Qualifier::Restore, Class::OpenClose),
        ("NL", Qualifier::Restore, Class::OpenClose),
        ("OP", Qualifier::New, Class::OpenClose),
        ("OG", Qualifier::New, Class::OpenClose),
        ("BA", Qualifier::New, Class::Burglary),
        ("BR", Qualifier::Restore, Class::Burglary),
        ("FR", Qualifier::Restore, Class::Fire),
    ] {
        let read = event(Token::SiaDcs, &format!("#1234|N{code}"));
        assert_eq!(read, (code.into(), qualifier, class, None, None));
    }
    for (digits, code, qualifier) in [
        ("3401 02 003", "401", Qualifier::Restore),
        ("1401 02 003", "401", Qualifier::New),
        ("3441 02 003", "441", Qualifier::Restore),
        ("3456 02 003", "456", Qualifier::Restore),
    ] {
        let read = event(Token::AdmCid, &format!("#1234|{digits}"));
        assert_eq!(read, (code.into(), qualifier, Class::OpenClose, Some(2), Some(3)));
    }
}

/// Partitions ignored: core 88158 (Bosch AMAX).
#[test]
fn areas_are_told() {
    assert_eq!(event(Token::SiaDcs, "#1234|Nri3/BA17").3, Some(3));
    assert_eq!(event(Token::AdmCid, "#1234|1130 03 017").3, Some(3));
}

/// A maker's own table of Contact ID codes: scudre/alarm-central-station-receiver 54. A code that no list has is kept as it is,
/// and any code may be given another meaning.
#[test]
fn codes_of_a_maker_are_kept() {
    let (code, _, class, group, number) = event(Token::AdmCid, "#1234|1777 01 002");
    assert_eq!((&code[..], class, group, number), ("777", Class::Vendor, Some(1), Some(2)));
    let read: Code = code.parse().unwrap();
    assert_eq!(read.to_string(), "777");
}
