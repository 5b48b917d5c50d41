//! DC-03: blocks as bytes, and what is written in them, as whole values.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::sia::config::{self, Setting};
use contactid::sia::{
    self, AddressRadix, Block, BlockSplitter, Control, Day, DayError, Function, Unit, Units, UnitsError,
};
use contactid::{
    Check, Class, Code, Lang, Modifiers, OwnCode, OwnList, Qualifier, Quirks, RecordError, SiaCode, SiaEvent,
    SiaMessage, Signal, Strictness,
};

fn code(letters: &[u8; 2]) -> SiaCode {
    SiaCode::new(*letters).unwrap()
}

/// A33 to A38: bytes to the block, and back.
#[test]
fn published_blocks() {
    let vectors: [(&[u8], Function, &[u8], bool); 6] = [
        (b"\x46#023499\x9F", Function::ACCOUNT, b"023499", true),
        (b"\x44#0192\x92", Function::ACCOUNT, b"0192", true),
        (b"\x00\x38\xC7", Function::ACKNOWLEDGE, b"", false),
        (b"\x40\x38\x87", Function::ACKNOWLEDGE, b"", true),
        (b"\x56Nti11:45/id001/pi010/CL\xF5", Function::NEW_EVENT, b"ti11:45/id001/pi010/CL", true),
        (b"\x40\x30\x8F", Function::END_OF_DATA, b"", true),
    ];
    for (bytes, function, written, asks) in vectors {
        let block = Block::new(function, written).unwrap().with_flags(asks, false);
        assert_eq!(Block::parse(bytes, Strictness::Strict), Ok(block));
        assert_eq!(block.encode(), bytes);
    }
    let accounts = [b"\x46#023499\x9F", &b"\x44#0192\x92"[..]]
        .map(|bytes| Block::parse(bytes, Strictness::Strict).unwrap().account().unwrap().to_string());
    assert_eq!(accounts, ["023499", "0192"]);
}

/// A37: what it says.
#[test]
fn published_event() {
    let block = Block::parse(b"\x56Nti11:45/id001/pi010/CL\xF5", Strictness::Strict).unwrap();
    let content = sia::content(&[block]);
    let message = SiaMessage::parse(&content).unwrap();
    let modifiers = Modifiers { time: Some("11:45"), user: Some("001"), peripheral: Some("010"), ..Modifiers::NONE };
    assert_eq!(message.events, [SiaEvent { modifiers, ..SiaEvent::new(code(b"CL")) }]);
    assert_eq!(
        message.events[0].signal(),
        Signal {
            user: Some(1),
            peripheral: Some(10),
            device_time: Some("11:45".into()),
            ..Signal::new(Code::Sia(code(b"CL")), Qualifier::Restore)
        }
    );
}

/// A39, and blocks of another length than they say.
#[test]
fn no_blocks() {
    assert_eq!(
        Block::parse(b"\x46#023499\x9E", Strictness::Tolerant),
        Err(RecordError::Check { check: Check::Parity, expected: 0x9F, found: 0x9E })
    );
    assert_eq!(Block::parse(b"\x46#02349", Strictness::Tolerant), Err(RecordError::Length { expected: 9, found: 7 }));
    assert_eq!(Block::parse(b"", Strictness::Tolerant), Err(RecordError::Length { expected: 3, found: 0 }));
    assert_eq!(
        Block::parse(b"\x00\x38\xC7\x00", Strictness::Tolerant),
        Err(RecordError::Length { expected: 3, found: 4 })
    );
    // That bytes are left over comes before how the block is written.
    assert_eq!(
        Block::parse(b"\x00\x08\xF7\x00", Strictness::Strict),
        Err(RecordError::Length { expected: 3, found: 4 })
    );
    assert_eq!(
        Block::parse(b"\x00\x08\xF7", Strictness::Strict),
        Err(RecordError::NonStandard(Quirks::CONTROL_CODE_FUNCTION))
    );
}

#[test]
fn flags_and_the_largest_block() {
    let largest = [b'x'; Block::DATA_MAX];
    for (asks, reverse, header) in [(false, false, 0x3F), (true, false, 0x7F), (false, true, 0xBF), (true, true, 0xFF)]
    {
        let block = Block::new(Function::TEXT, &largest).unwrap().with_flags(asks, reverse);
        let bytes = block.encode();
        assert_eq!((bytes.len(), bytes[0], bytes.iter().fold(0, |sum, byte| sum ^ byte)), (Block::MAX, header, 0xFF));
        assert_eq!(Block::parse(&bytes, Strictness::Strict), Ok(block));
    }
    assert_eq!(Block::new(Function::TEXT, &[b'x'; 64]), Err(contactid::EncodeError::TooLong { length: 64 }));
}

/// Every function of the list by its character, and whether it is owed an acknowledgement.
#[test]
fn functions() {
    let listed: String = (0..=255u8).filter(|&byte| Function(byte).is_listed()).map(char::from).collect();
    assert_eq!(listed, "\x08\x09#&0123456789?@ACEILNOPVXv");
    let silent: String = (0..=255u8).filter(|&byte| !Function(byte).may_be_acknowledged()).map(char::from).collect();
    assert_eq!(silent, "\x08\x0989@CX");
    let names: Vec<_> = "0126789NOECP#&A@?XLVvI".bytes().map(|byte| Function(byte).name(Lang::En).unwrap()).collect();
    assert_eq!(
        names,
        [
            "end of data",
            "wait",
            "abort",
            "acknowledge and stand by",
            "acknowledge and disconnect",
            "acknowledge",
            "reject",
            "new event",
            "old event",
            "environmental",
            "control",
            "program",
            "account",
            "origin ID",
            "ASCII text",
            "configuration",
            "remote login",
            "extended",
            "listen-in",
            "V-channel request",
            "V-channel frame",
            "video",
        ]
    );
}

fn one(content: &[u8]) -> (SiaEvent<'_>, Quirks) {
    let message = SiaMessage::parse(content).unwrap();
    assert_eq!(message.events.len(), 1);
    (message.events[0].clone(), message.quirks())
}

#[test]
fn every_modifier() {
    let content = b"Oda11-24-26/ti23:59:58/id12/ri3/pi4/ai5/ph6/lv7/va8/pt9/rg10/ss11/BA005";
    let modifiers = Modifiers {
        date: Some("11-24-26"),
        time: Some("23:59:58"),
        user: Some("12"),
        area: Some("3"),
        peripheral: Some("4"),
        automatic: Some("5"),
        telephone: Some("6"),
        level: Some("7"),
        value: Some("8"),
        path: Some("9"),
        route_group: Some("10"),
        sub_subscriber: Some("11"),
        ..Modifiers::NONE
    };
    let event = SiaEvent { block: 'O', address: "005", modifiers, ..SiaEvent::new(code(b"BA")) };
    assert_eq!(one(content), (event.clone(), Quirks::NONE));
    assert_eq!(event.to_string().as_bytes(), content);
}

#[test]
fn days() {
    for (written, day) in [
        ("11-24-26", Day::Date { month: 11, day: 24, year: 26 }),
        ("01-01-00", Day::Date { month: 1, day: 1, year: 0 }),
        ("00-01-00", Day::Weekday(1)),
        ("00-07-00", Day::Weekday(7)),
    ] {
        assert_eq!((written.parse(), day.to_string().as_str()), (Ok(day), written));
    }
    for none in
        ["", "00-08-00", "00-00-00", "13-01-26", "12-32-26", "12-31", "12-31-2026", "1-1-26", "12-31-26-1", "+1-01-26"]
    {
        assert_eq!(none.parse::<Day>(), Err(DayError), "{none}");
    }
}

/// Modifiers act on what is behind them in their block, and on nothing in the next.
#[test]
fn modifiers_end_with_their_block() {
    let message = SiaMessage::parse(b"NBA1/ri2/BA3|NBA4").unwrap();
    let areas: Vec<_> = message.events.iter().map(|event| (event.address, event.modifiers.area)).collect();
    assert_eq!(areas, [("1", None), ("3", Some("2")), ("4", None)]);
}

/// Frames seen in the field, and packets without `/` between them.
#[test]
fn glued_packets() {
    let area = Modifiers { area: Some("1"), ..Modifiers::NONE };
    let time = Modifiers { time: Some("20:50:26"), ..Modifiers::NONE };
    let texted = SiaEvent { address: "503", modifiers: area, text: Some("Hall".into()), ..SiaEvent::new(code(b"BA")) };
    assert_eq!(one(b"Nri1BA503^Hall^"), (texted, Quirks::GLUED_PACKETS));
    let tested = SiaEvent { address: "99", modifiers: time, ..SiaEvent::new(code(b"RP")) };
    assert_eq!(one(b"Nti20:50:26RP99"), (tested, Quirks::GLUED_PACKETS));
    let both = SiaMessage::parse(b"Nti11:45id001ri2BA005BR006").unwrap();
    let modifiers = Modifiers { time: Some("11:45"), user: Some("001"), area: Some("2"), ..Modifiers::NONE };
    assert_eq!(
        both.events,
        [
            SiaEvent { address: "005", modifiers, ..SiaEvent::new(code(b"BA")) },
            SiaEvent { address: "006", modifiers, ..SiaEvent::new(code(b"BR")) },
        ]
    );
    assert_eq!(both.quirks(), Quirks::GLUED_PACKETS);
}

/// Satel's: a report without an address.
#[test]
fn packets_without_an_address() {
    let modifiers = Modifiers { area: Some("2"), user: Some("15"), ..Modifiers::NONE };
    assert_eq!(one(b"Nri2/id15/OP"), (SiaEvent { modifiers, ..SiaEvent::new(code(b"OP")) }, Quirks::NONE));
}

#[test]
fn addresses_in_both_bases() {
    let ranges = |content: &'static [u8], base| one(content).0.ranges(base).collect::<Vec<_>>();
    assert_eq!(ranges(b"NBA0012", AddressRadix::Decimal), [12..=12]);
    assert_eq!(ranges(b"NBA0012", AddressRadix::Hexadecimal), [0x12..=0x12]);
    assert_eq!(ranges(b"NBA1F", AddressRadix::Decimal), []);
    assert_eq!(ranges(b"NBA1F-2A:30", AddressRadix::Hexadecimal), [0x1F..=0x2A, 0x30..=0x30]);
    assert_eq!(ranges(b"NBA", AddressRadix::Decimal), []);
}

#[test]
fn units_of_a_measured_value() {
    for unit in Unit::ALL {
        let units = Units { value: 120, unit: Some(*unit) };
        let written = format!("EDA12*{units}^Cold store^");
        let (event, quirks) = one(written.as_bytes());
        assert_eq!((event.measured(), quirks, event.address), (Some(units), Quirks::NONE, "12"));
        assert_eq!(event.to_string(), written);
    }
    assert_eq!("7".parse(), Ok(Units { value: 7, unit: None }));
    assert_eq!("21C_".parse(), Ok(Units { value: 21, unit: Some(Unit::Celsius) }));
    assert_eq!("21_C".parse(), Ok(Units { value: 21, unit: Some(Unit::Celsius) }));
    assert_eq!(["", "C", "1234567", "5c", "-5C"].map(|text| text.parse::<Units>()), [Err(UnitsError); 5]);
}

/// The letters of a measurement mean something else in an event block.
#[test]
fn environmental() {
    let (event, _) = one(b"Eri1/DA12*21C");
    let measured = OwnCode::new(OwnList::Environment, b"DA").unwrap();
    let signal = Signal {
        group: Some(1),
        number: Some(12),
        address: Some("12".into()),
        ..Signal::new(Code::Own(measured), Qualifier::Status)
    };
    assert_eq!(event.signal(), signal);
    assert_eq!(
        (signal.name(Lang::En), signal.name(Lang::Zh), signal.class()),
        ("temperature".into(), "温度".into(), Class::Log)
    );
    assert_eq!(one(b"NDA12").0.signal().code, Code::Sia(code(b"DA")));
    assert_eq!(one(b"EBA12").0.signal().code, Code::Sia(code(b"BA")));
}

#[test]
fn control_and_program() {
    let control = |written: &'static [u8], letters, object, value| {
        let control = Control { code: code(letters), object, value, text: None };
        assert_eq!(Control::parse(written), Some(control.clone()));
        assert_eq!(control.to_string().as_bytes(), written);
        control
    };
    assert_eq!(control(b"SA1*1", b"SA", "1", Some("1")).control_name(Lang::En), Some("area"));
    assert!(control(b"SA91", b"SA", "91", None).is_query());
    assert_eq!(control(b"OR1001", b"OR", "1001", None).control_name(Lang::Zh), Some("输出"));
    assert_eq!(control(b"EI5*30", b"EI", "5", Some("30")).program_name(Lang::En), Some("delay"));
    assert_eq!(
        Control::parse(b"SB1012*1^Door^"),
        Some(Control { code: code(b"SB"), object: "1012", value: Some("1"), text: Some("Door".into()) })
    );
    assert_eq!([&b"S"[..], b"sa1", b"", b"SA\x80"].map(Control::parse), [const { None }; 4]);
}

#[test]
fn configuration() {
    let items: Vec<_> = config::items(b"AL3DMPRTUB63G500").collect();
    assert_eq!(
        items,
        [
            (Setting::AcknowledgmentRequest, ""),
            (Setting::Level, "3"),
            (Setting::Dealer, ""),
            (Setting::Manufacturer, ""),
            (Setting::Product, ""),
            (Setting::RomVersion, ""),
            (Setting::TimeZone, ""),
            (Setting::NoDaylightSaving, ""),
            (Setting::LargestBlock, "63"),
            (Setting::LargestGroup, "500"),
        ]
    );
    assert_eq!([&b"AL4B1"[..], b"A", b"L", b"L999"].map(config::level), [Some(4), None, None, None]);
}

/// Blocks that say nothing of events part texts from each other, and are no fault.
#[test]
fn other_blocks_are_passed_over() {
    let message = SiaMessage::parse(b"@AL3|NBA005|ADoor|CSA1*1|NBA006").unwrap();
    assert_eq!(
        message.events,
        [
            SiaEvent { address: "005", text: Some("Door".into()), ..SiaEvent::new(code(b"BA")) },
            SiaEvent { address: "006", ..SiaEvent::new(code(b"BA")) },
        ]
    );
    assert_eq!(message.quirks(), Quirks::NONE);
}

/// The video variant of Sur-Gard receivers: path, camera and number of pictures.
#[test]
fn video() {
    let modifiers = Modifiers { path: Some("1"), camera: Some("2"), pictures: Some("5"), ..Modifiers::NONE };
    let event = SiaEvent { block: 'I', address: "005", modifiers, ..SiaEvent::new(code(b"BA")) };
    assert_eq!(one(b"Ipt1/cn2/ad5/BA005"), (event, Quirks::NONE));
}

#[test]
fn unknown_modifiers_stay_opaque() {
    let (event, quirks) = one(b"Nau7x:y/BA005");
    assert_eq!((event.address, event.modifiers, quirks), ("005", Modifiers::NONE, Quirks::UNKNOWN_MODIFIER));
}

#[test]
fn a_stream_is_cut_wherever_it_is_parted() {
    let stream = [
        &b"\xFF\x00noise"[..],
        b"\x46#023499\x9F",
        b"\x46#023499\x9E",
        b"\x56Nti11:45/id001/pi010/CL\xF5",
        b"\x40\x30\x8F",
    ]
    .concat();
    for size in 1..stream.len() {
        let (mut splitter, mut found) = (BlockSplitter::new(), Vec::new());
        for segment in stream.chunks(size) {
            splitter.push(segment);
            while let Some(read) = splitter.pop() {
                found.push(read.map(|block| (block.function(), block.data().to_vec())));
            }
        }
        assert_eq!(
            found,
            [
                Ok((Function::ACCOUNT, b"023499".to_vec())),
                Err(RecordError::Check { check: Check::Parity, expected: 0x9F, found: 0x9E }),
                Ok((Function::NEW_EVENT, b"ti11:45/id001/pi010/CL".to_vec())),
                Ok((Function::END_OF_DATA, Vec::new())),
            ],
            "segments of {size}"
        );
        assert_eq!((splitter.noise(), splitter.pending()), (16, 0));
    }
}

#[test]
fn silence_ends_what_noise_began() {
    let mut splitter = BlockSplitter::new();
    splitter.push(b"\x7FN");
    assert_eq!(splitter.pop(), None);
    assert_eq!(splitter.pending(), 2);
    splitter.quiet();
    splitter.push(b"\x40\x30\x8F");
    assert_eq!(splitter.pop().map(|read| read.map(|block| block.function())), Some(Ok(Function::END_OF_DATA)));
    assert_eq!(splitter.noise(), 2);
}
