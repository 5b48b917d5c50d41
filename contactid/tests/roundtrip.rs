//! What is written reads back the same, and no bytes whatever break the reader.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]

use contactid::{
    CidMessage, Deframer, Encoder, EventCode, Extended, FRAME_MAX, Frame, FrameError, Key, Message, Modifiers, Pad,
    Qualifier, Reply, SiaCode, SiaEvent, SiaMessage, Stamp, Strictness, Token, Window, crc16_arc,
};
use proptest::option::of;
use proptest::prelude::*;

fn stamp() -> impl Strategy<Value = Stamp> {
    (-62_167_219_200..=253_402_300_799i64).prop_map(Stamp::from_unix)
}

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("ADM-CID".into()),
        Just("SIA-DCS".into()),
        Just("NULL".into()),
        Just("ACK".into()),
        "[A-Z][A-Z0-9-]{2,9}"
    ]
}

/// A frame's fields, owned.
#[derive(Clone, Debug)]
struct Fields {
    token: String,
    sequence: u16,
    receiver: Option<String>,
    line: Option<String>,
    account: Option<String>,
    data: Vec<u8>,
    extended: Vec<(char, String)>,
    stamp: Option<Stamp>,
    binary_crc: bool,
}

fn fields() -> impl Strategy<Value = Fields> {
    let data = prop_oneof![
        Just(Vec::new()),
        "#[0-9A-F]{3,16}\\|[ -Z^-~]{0,200}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>().prop_filter("ends the data", |b| !b"\n\r[]".contains(b)), 0..100),
    ];
    (
        (token(), 0..=9999u16, of("[0-9A-F]{1,6}"), of("[0-9A-F]{1,6}"), of("[0-9A-Za-z]{1,16}")),
        (
            data,
            proptest::collection::vec(
                ("[A-Z$]".prop_map(|id| id.chars().next().unwrap()), "[^\r\n\\[\\]]{0,20}"),
                0..4,
            ),
        ),
        (of(stamp()), any::<bool>()),
    )
        .prop_map(|((token, sequence, receiver, line, account), (data, extended), (stamp, binary_crc))| Fields {
            token,
            sequence,
            receiver,
            line,
            account,
            data,
            extended,
            stamp,
            binary_crc,
        })
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![Just(16usize), Just(24), Just(32)]
        .prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length))
        .prop_map(|bytes| Key::new(&bytes).unwrap())
}

fn encoder<'a>(fields: &'a Fields, extended: &'a [Extended<'a>]) -> Encoder<'a> {
    Encoder {
        token: Token::new(&fields.token),
        sequence: fields.sequence,
        receiver: fields.receiver.as_deref(),
        line: fields.line.as_deref(),
        account: fields.account.as_deref(),
        data: &fields.data,
        extended,
        stamp: fields.stamp,
        binary_crc: fields.binary_crc,
    }
}

/// What was read, as it would be written.
fn reread<'a>(frame: &Frame<'a>, message: &'a Message<'_>, extended: &'a [Extended<'a>]) -> Encoder<'a> {
    Encoder {
        token: frame.token(),
        sequence: frame.sequence().unwrap_or_default(),
        receiver: frame.receiver(),
        line: frame.line(),
        account: frame.account(),
        data: message.data(),
        extended,
        stamp: message.stamp(),
        binary_crc: frame.quirks().contains(contactid::Quirks::BINARY_CRC),
    }
}

/// Writes the fields, hands the bytes to `check`, and compares what is read from them.
fn there_and_back(fields: &Fields, seal: Option<(&Key, Pad<'_>)>) {
    let extended: Vec<_> = fields.extended.iter().map(|(id, text)| Extended::new(*id, text)).collect();
    let encoder = encoder(fields, &extended);
    let bytes = match seal {
        Some((key, pad)) => encoder.encrypt(key, pad).unwrap(),
        None => encoder.encode().unwrap(),
    };
    let mut deframer = Deframer::new();
    deframer.push(&bytes).unwrap();
    assert_eq!(deframer.pop(), Some(&bytes[..]));

    let frame = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
    let message = frame.open(seal.map(|(key, _)| key)).unwrap();
    assert_eq!(frame.is_encrypted(), seal.is_some());
    let extended: Vec<_> = message.extended().collect();
    let read = reread(&frame, &message, &extended);
    assert_eq!(read, encoder);
}

fn digits(most: usize) -> impl Strategy<Value = Option<String>> {
    of(proptest::string::string_regex(&format!("[0-9]{{1,{most}}}")).unwrap())
}

/// All pairs of letters, those that a list knows and those that none does, bare and with an address, in a frame of each kind.
#[test]
fn every_sia_code() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    for (first, second) in (b'A'..=b'Z').flat_map(|first| (b'A'..=b'Z').map(move |second| (first, second))) {
        let code = SiaCode::new([first, second]).unwrap();
        for (block, address) in [('N', ""), ('O', "7"), ('N', "BA5"), ('E', "0012"), ('I', "1-F:3")] {
            let event = SiaEvent { block, address, ..SiaEvent::new(code) };
            let data = format!("#1234|{event}");
            let encoder = Encoder {
                account: Some("1234"),
                data: data.as_bytes(),
                stamp: Some(Stamp::from_unix(0)),
                ..Encoder::new(Token::SiaDcs, 1)
            };
            for (bytes, key) in
                [(encoder.encode().unwrap(), None), (encoder.encrypt(&key, Pad::Long(b"pad")).unwrap(), Some(&key))]
            {
                let message = Frame::parse(&bytes, Strictness::Strict).unwrap().open(key).unwrap();
                assert_eq!(message.sia().unwrap().events, std::slice::from_ref(&event));
            }
        }
    }
}

/// All three qualifiers of all thousand codes.
#[test]
fn every_contact_id_code() {
    for code in 0..1000 {
        for qualifier in [Qualifier::New, Qualifier::Restore, Qualifier::Status] {
            let event = CidMessage::new(qualifier, EventCode::new(code).unwrap(), 1, 15).unwrap();
            let data = format!("#1234|{event}");
            let encoder =
                Encoder { account: Some("1234"), data: data.as_bytes(), ..Encoder::new(Token::AdmCid, code + 1) };
            let bytes = encoder.encode().unwrap();
            let message = Frame::parse(&bytes, Strictness::Strict).unwrap().open(None).unwrap();
            assert_eq!(message.cid(), Ok(event));
        }
    }
}

proptest! {
    #[test]
    fn plain_frames(fields in fields()) {
        there_and_back(&fields, None);
    }

    #[test]
    fn encrypted_frames(fields in fields(), key in key(), pad in any::<Vec<u8>>(), long in any::<bool>(), at in stamp()) {
        let pad = if long { Pad::Long(&pad) } else { Pad::Short(&pad) };
        there_and_back(&Fields { stamp: Some(at), ..fields }, Some((&key, pad)));
    }

    #[test]
    fn contact_id(qualifier in 0..3usize, code in 0..1000u16, group in 0..100u16, number in 0..1000u16) {
        let qualifier = [Qualifier::New, Qualifier::Restore, Qualifier::Status][qualifier];
        let message = CidMessage::new(qualifier, EventCode::new(code).unwrap(), group, number).unwrap();
        prop_assert_eq!(CidMessage::parse(message.to_string().as_bytes()), Ok(message));
        prop_assert_eq!(message.group(), Some(group).filter(|&group| group > 0));
        prop_assert_eq!(message.number(), Some(u32::from(number)).filter(|&number| number > 0));
    }

    #[test]
    fn sia(
        code in "[A-Z]{2}",
        address in "[0-9A-F]{0,4}|[0-9]{1,4}-[0-9]{1,4}",
        units in of("[0-9]{1,6}[A-Z]"),
        text in of("[^|^\r\n\\[\\]]{0,40}"),
        values in proptest::array::uniform4(digits(4)),
        time in of("[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?"),
    ) {
        let [user, area, peripheral, value] = &values;
        let event = SiaEvent {
            block: 'O',
            address: &address,
            units: units.as_deref(),
            modifiers: Modifiers {
                time: time.as_deref(),
                user: user.as_deref(),
                area: area.as_deref(),
                peripheral: peripheral.as_deref(),
                value: value.as_deref(),
                ..Modifiers::default()
            },
            text: text.map(Into::into),
            ..SiaEvent::new(SiaCode::new(code.as_bytes().try_into().unwrap()).unwrap())
        };
        let written = event.to_string();
        let read = SiaMessage::parse(written.as_bytes()).unwrap();
        prop_assert_eq!(&read.events, &[event]);
        prop_assert!(read.quirks().is_empty(), "{:?} from {:?}", read.quirks(), written);
    }

    /// One byte of a frame changed, left out or doubled, and its check value made right again: what is read of it is written,
    /// and reads the same.
    #[test]
    fn mutated_frames(fields in fields(), at in any::<prop::sample::Index>(), with: u8, how in 0..3u8) {
        let extended: Vec<_> = fields.extended.iter().map(|(id, text)| Extended::new(*id, text)).collect();
        let bytes = encoder(&fields, &extended).encode().unwrap();
        let quote = bytes.iter().skip(7).position(|&byte| byte == b'"').unwrap() + 7;
        let mut body = bytes[quote..bytes.len() - 1].to_vec();
        let at = at.index(body.len());
        match how {
            0 => body[at] = with,
            1 => drop(body.remove(at)),
            _ => body.insert(at, with),
        }
        let head = format!("\n{:04X}{:04X}", crc16_arc(&body), body.len());
        let changed = [head.as_bytes(), &body, b"\r"].concat();
        let Ok(frame) = Frame::parse(&changed, Strictness::Tolerant) else { return Ok(()) };
        let Ok(message) = frame.open(None) else { return Ok(()) };
        let extended: Vec<_> = message.extended().collect();
        let read = reread(&frame, &message, &extended);
        let Ok(written) = read.encode() else { return Ok(()) };
        let frame = Frame::parse(&written, Strictness::Tolerant).unwrap();
        let message = frame.open(None).unwrap();
        let extended: Vec<_> = message.extended().collect();
        prop_assert_eq!(reread(&frame, &message, &extended), read);
        prop_assert_eq!(read.encode().unwrap(), written);
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in any::<Vec<u8>>(), key in key()) {
        for strictness in [Strictness::Tolerant, Strictness::Strict] {
            let _ = Frame::parse(&bytes, strictness);
        }
        let _ = SiaMessage::parse(&bytes);
        let _ = CidMessage::parse(&bytes);
        // The same bytes inside a frame whose check value holds.
        let body: Vec<u8> = bytes.into_iter().filter(|byte| !b"\n\r[]".contains(byte)).collect();
        for name in [Token::AdmCid, Token::SiaDcs, Token::Null, Token::Other("X-1")] {
            let frame = Encoder { data: &body, ..Encoder::new(name, 1) }.encode().unwrap();
            let frame = Frame::parse(&frame, Strictness::Tolerant).unwrap();
            let message = frame.open(None).unwrap();
            let _ = (message.events(), message.account_number(), message.data_text());
            let _ = message.check_clock(Stamp::from_unix(0), Window::STANDARD);
            for reply in [Reply::Ack, Reply::Nak, Reply::Duh, Reply::Silence] {
                reply.encode(&frame, Stamp::from_unix(0), Some(&key), Pad::Short(&body));
            }
        }
    }

    #[test]
    fn one_changed_byte_is_noticed(fields in fields(), at in any::<prop::sample::Index>(), change in 1..=255u8) {
        // Strict, because another reading of the check value (over the CR) halves what it is worth.
        let mut bytes = Encoder {
            token: Token::new(&fields.token),
            data: &fields.data,
            ..Encoder::new(Token::Null, fields.sequence)
        }
        .encode()
        .unwrap();
        let inside = 9..bytes.len() - 1;
        bytes[inside.start + at.index(inside.len())] ^= change;
        let changed = Frame::parse(&bytes, Strictness::Strict);
        prop_assert!(matches!(changed, Err(FrameError::Damaged(_) | FrameError::Foreign(_))), "{:?}", changed);
    }

    #[test]
    fn segments_make_no_difference(
        parts in proptest::collection::vec(prop_oneof![
            fields().prop_map(|fields| Encoder {
                token: Token::new(&fields.token),
                account: fields.account.as_deref(),
                binary_crc: fields.binary_crc,
                ..Encoder::new(Token::Null, fields.sequence)
            }.encode().unwrap()),
            proptest::collection::vec(any::<u8>(), 0..40),
            Just(b"\r\n\0".to_vec()),
        ], 0..12),
        sizes in proptest::collection::vec(1..50usize, 1..40),
    ) {
        let stream = parts.concat();
        let mut whole = Deframer::new();
        whole.push(&stream).unwrap();
        let expected: Vec<_> = std::iter::from_fn(|| whole.pop().map(<[u8]>::to_vec)).collect();
        let mut split = Deframer::new();
        let (mut rest, mut found) = (&stream[..], Vec::new());
        for &size in sizes.iter().cycle() {
            let (now, later) = rest.split_at(size.min(rest.len()));
            split.push(now).unwrap();
            found.extend(std::iter::from_fn(|| split.pop().map(<[u8]>::to_vec)));
            prop_assert!(split.pending() <= FRAME_MAX);
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(found, expected);
        prop_assert_eq!((split.noise(), split.pending()), (whole.noise(), whole.pending()));
    }
}
