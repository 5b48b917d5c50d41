//! Calls of MX8000 and Silent Knight receivers: bytes to the whole value and back.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::automation::native::{
    HostByte, Maker, NativeCall, NativeRecord, VByte, sum, system_code, system_digits,
};
use contactid::{Check, Code, EncodeError, Lang, NumberIs, OwnList, Qualifier, RecordError, Signal};

const MX: Maker = Maker::Mx8000;
const SK: Maker = Maker::SilentKnight;

/// What the layout says of a call of an MX8000.
fn call() -> NativeCall<'static> {
    NativeCall {
        start: 0x26,
        date: "112426",
        time: "134501",
        receiver: Some("01"),
        reference: Some("0042"),
        format: "004",
        line: "07",
        caller: None,
        account: "1234",
        events: "\"BA01\"DC2\"RP",
        listen_in: None,
        continues: false,
        v: b'@',
    }
}

/// The same of a Silent Knight.
fn silent_knight() -> NativeCall<'static> {
    NativeCall {
        start: 0x27,
        time: "1345",
        receiver: None,
        reference: None,
        account: "12345678",
        events: "\"BA01",
        ..call()
    }
}

#[track_caller]
fn both_ways(maker: Maker, bytes: &[u8], record: NativeRecord<'_>) {
    assert_eq!(NativeRecord::parse(bytes, maker, VByte::Ignored), Ok(record));
    assert_eq!(record.encode(maker, VByte::Ignored).as_deref(), Ok(bytes));
}

#[track_caller]
fn call_both_ways(maker: Maker, bytes: &[u8], call: NativeCall<'_>) {
    both_ways(maker, bytes, NativeRecord::Call(call));
}

#[track_caller]
fn refused(maker: Maker, bytes: &[u8], error: RecordError) {
    assert_eq!(NativeRecord::parse(bytes, maker, VByte::Ignored), Err(error));
}

#[track_caller]
fn unwritable(maker: Maker, call: NativeCall<'_>, error: EncodeError) {
    assert_eq!(NativeRecord::Call(call).encode(maker, VByte::Ignored), Err(error));
}

fn sia(code: &str, qualifier: Qualifier, number: Option<u32>, address: Option<&str>) -> Signal {
    Signal { number, address: address.map(Into::into), ..Signal::new(code.parse().unwrap(), qualifier) }
}

/// 26 MMDDYY 22 HHMMSS 22 rr 22 ref 22 fmt line 05 account 22 event … V 0D.
#[test]
fn calls_of_an_mx8000() {
    let bytes = b"\x26112426\x22134501\x2201\x220042\x2200407\x051234\x22BA01\x22DC2\x22RP@\r";
    call_both_ways(MX, bytes, call());
    let record = NativeRecord::Call(call());
    assert_eq!(record.account().unwrap().as_str(), "1234");
    assert_eq!(
        record.signals(),
        [
            sia("BA", Qualifier::New, Some(1), Some("01")),
            sia("DC", Qualifier::New, Some(2), Some("2")),
            sia("RP", Qualifier::New, None, None),
        ]
    );
}

/// The parts that a call may have beside: the caller (12, 11), listen-in (2A and three digits), continuation (2C).
#[test]
fn what_a_call_may_have_beside() {
    let start = b"\x26112426\x22134501\x2201\x220042\x2200407".as_slice();
    let with = |rest: &[u8]| [start, rest, b"@\r"].concat();
    let caller = Some(("5551234", "J DOE"));
    call_both_ways(MX, &with(b"\x125551234\x11J DOE\x051234\x22BA01\x22DC2\x22RP"), NativeCall { caller, ..call() });
    call_both_ways(
        MX,
        &with(b"\x12\x11\x051234\x22BA01\x22DC2\x22RP"),
        NativeCall { caller: Some(("", "")), ..call() },
    );
    let listen_in = Some("123");
    call_both_ways(MX, &with(b"\x051234\x22BA01\x22DC2\x22RP*123"), NativeCall { listen_in, ..call() });
    call_both_ways(MX, &with(b"\x051234\x22BA01\x22DC2\x22RP,"), NativeCall { continues: true, ..call() });
    call_both_ways(
        MX,
        &with(b"\x051234\x22BA01\x22DC2\x22RP*123,"),
        NativeCall { listen_in, continues: true, ..call() },
    );
    // Two digits are no listen-in, and an event of its own text stays whole.
    call_both_ways(MX, &with(b"\x051234\x22*12"), NativeCall { events: "\"*12", ..call() });
    call_both_ways(MX, &with(b"\x051234"), NativeCall { events: "", ..call() });
    call_both_ways(MX, &with(b"\x05"), NativeCall { account: "", events: "", ..call() });
}

/// The byte 23 in place of an event: the receiver could not read it. The others are reported.
#[test]
fn a_field_that_the_receiver_could_not_read() {
    let record = NativeRecord::Call(NativeCall { events: "\"#\"BA01\"9\"12345", ..call() });
    let other = Signal::new("other:9".parse().unwrap(), Qualifier::New);
    assert_eq!(record.signals(), [sia("BA", Qualifier::New, Some(1), Some("01")), other]);
    let NativeRecord::Call(call) = record else { unreachable!() };
    assert_eq!(call.each().collect::<Vec<_>>(), ["#", "BA01", "9", "12345"]);
}

/// 27 or 01, MMDDYY 22 hhmm 22 fmt line 05 account 22 event … [2A] V 0D.
#[test]
fn calls_of_a_silent_knight() {
    call_both_ways(SK, b"\x27112426\x221345\x2200407\x0512345678\x22BA01@\r", silent_knight());
    call_both_ways(
        SK,
        b"\x01112426\x221345\x2200407\x0512345678\x22BA01*@\r",
        NativeCall { start: 1, listen_in: Some(""), ..silent_knight() },
    );
    // No continuation here: the comma is the event's.
    call_both_ways(
        SK,
        b"\x27112426\x221345\x2200407\x051\x22BA,@\r",
        NativeCall { account: "1", events: "\"BA,", ..silent_knight() },
    );
}

/// Messages of the receiver itself, with the digits that each code has.
#[test]
fn what_an_mx8000_tells_of_itself() {
    let told = |code, told, v| NativeRecord::System { code, told, v };
    let signal = |text: &str, qualifier, number| Signal { number, ..Signal::new(text.parse().unwrap(), qualifier) };
    for (bytes, code, digits, expected) in [
        (&b"\x02\x77@\r"[..], 0x77, "", signal("mx8000:77", Qualifier::New, None)),
        (b"\x02\x78@\r", 0x78, "", signal("mx8000:78", Qualifier::Restore, None)),
        (b"\x02\x7003@\r", 0x70, "03", signal("mx8000:70", Qualifier::New, Some(3))),
        (b"\x02\x7203@\r", 0x72, "03", signal("mx8000:72", Qualifier::Restore, Some(3))),
        (b"\x02\x790012@\r", 0x79, "0012", signal("mx8000:79", Qualifier::New, Some(12))),
        // A code that is not listed is kept.
        (b"\x02\x60x@\r", 0x60, "x", signal("mx8000:60", Qualifier::New, None)),
    ] {
        let record = told(code, digits, b'@');
        both_ways(MX, bytes, record);
        assert_eq!((record.signals(), record.account()), (vec![expected], None));
    }
    let heartbeat = NativeRecord::Heartbeat { told: "", v: b'C' };
    both_ways(MX, b"\x03C\r", heartbeat);
    assert_eq!((heartbeat.signals(), heartbeat.account()), (vec![], None));
    // 02 is no first byte of a Silent Knight.
    refused(SK, b"\x02\x77@\r", RecordError::Foreign { expected: "silent-knight" });
}

/// The list of codes: every code with its partner, its name in both languages, and how many digits stand behind it.
#[test]
fn system_codes() {
    let shown = |code: u8| {
        let code = system_code(code).unwrap();
        code.entry().map(|entry| {
            let partner = entry.restore.map(|code| code.as_str().to_owned());
            (entry.name(Lang::En), entry.name(Lang::Zh), entry.class.as_str(), entry.number_is, partner)
        })
    };
    let part = |code: &str| Some(code.to_owned());
    let (device, nothing) = (NumberIs::Device, NumberIs::Nothing);
    assert_eq!(
        (0..=u8::MAX).filter_map(|code| Some((code, system_digits(code)?, shown(code)?))).collect::<Vec<_>>(),
        [
            (0x70, 2, ("line card trouble", "线路卡故障", "system", device, part("72"))),
            (0x71, 2, ("telephone line trouble", "电话线故障", "communication", device, part("73"))),
            (0x72, 2, ("line card normal", "线路卡恢复", "system", device, None)),
            (0x73, 2, ("telephone line normal", "电话线恢复", "communication", device, None)),
            (0x77, 0, ("mains lost", "交流电断电", "mains-power", nothing, part("78"))),
            (0x78, 0, ("mains restored", "交流电恢复", "mains-power", nothing, None)),
            (0x79, 4, ("battery trouble", "电池故障", "battery", device, part("7A"))),
            (0x7A, 4, ("battery normal", "电池恢复", "battery", device, None)),
            (0x7B, 0, ("computer trouble", "计算机故障", "communication", nothing, part("7D"))),
            (0x7D, 0, ("computer normal", "计算机恢复", "communication", nothing, None)),
            (0x7E, 2, ("log off", "注销", "log", device, None)),
            (0x7F, 2, ("log on", "登录", "log", device, None)),
        ]
    );
    assert_eq!(OwnList::Mx8000.entries().len(), 12);
    assert!((0..=u8::MAX).all(|code| system_digits(code).is_some() == shown(code).is_some()));
    let lost = NativeRecord::System { code: 0x78, told: "", v: b'@' };
    assert_eq!(lost.signals().first().map(|signal| signal.name(Lang::En)), Some("mains restored".into()));
    assert!(
        matches!(lost.signals().first().map(|signal| signal.code), Some(Code::Own(code)) if code.tells_qualifier())
    );
}

/// The V byte by the manual's words, unverified: bit 7 cleared and bit 6 set after each addition.
#[test]
fn the_v_byte() {
    assert_eq!((sum(b""), sum(b"\x03"), sum(b"\x02\x77"), sum(b"\x7F\x01")), (0, 0x43, 0x79, 0x40));
    let heartbeat = NativeRecord::Heartbeat { told: "", v: 0 };
    assert_eq!(heartbeat.encode(MX, VByte::Summed).as_deref(), Ok(&b"\x03\x43\r"[..]));
    assert_eq!(
        NativeRecord::parse(b"\x03\x43\r", MX, VByte::Summed),
        Ok(NativeRecord::Heartbeat { told: "", v: 0x43 })
    );
    assert_eq!(
        NativeRecord::parse(b"\x03\x44\r", MX, VByte::Summed),
        Err(RecordError::Check { check: Check::Checksum, expected: 0x43, found: 0x44 })
    );
}

#[test]
fn what_is_no_record() {
    let foreign = RecordError::Foreign { expected: "mx8000" };
    refused(MX, b"", foreign);
    refused(MX, b"\x27112426\x221345\x2200407\x051\x22BA@\r", foreign);
    refused(MX, b"GET / HTTP/1.1\r", foreign);
    refused(MX, b"\x03", RecordError::Form { expected: "CR", at: 0, found: 3 });
    refused(MX, b"\x03@\n", RecordError::Form { expected: "CR", at: 2, found: b'\n' });
    refused(MX, b"\x02@\r", RecordError::Length { expected: 4, found: 3 });
    refused(MX, b"\x261124@\r", RecordError::Length { expected: 9, found: 7 });
    refused(
        MX,
        b"\x26112426\x23134501\x2201\x220042\x2200407\x051@\r",
        RecordError::Form { expected: "the byte 22", at: 7, found: 0x23 },
    );
    refused(
        MX,
        b"\x26112426\x22134501\x2201\x220042\x2200407\x041@\r",
        RecordError::Form { expected: "the byte 05", at: 28, found: 4 },
    );
    refused(
        MX,
        b"\x26112426\x22134501\x2201\x220042\x2200407\x051\x22B\x80@\r",
        RecordError::Form { expected: "printable characters", at: 32, found: 0x80 },
    );
    let long = |length: usize| [&b"\x03"[..], &vec![b'x'; length - 3], b"@\r"].concat();
    both_ways(MX, &long(128), NativeRecord::Heartbeat { told: &"x".repeat(125), v: b'@' });
    refused(MX, &long(129), RecordError::Length { expected: 128, found: 129 });
    let call = |events: &str| format!("\x27112426\x221345\x2200407\x051\x22{events}@\r").into_bytes();
    assert_eq!(call(&"x".repeat(47)).len(), 70);
    assert!(matches!(NativeRecord::parse(&call(&"x".repeat(47)), SK, VByte::Ignored), Ok(NativeRecord::Call(_))));
    refused(SK, &call(&"x".repeat(48)), RecordError::Length { expected: 70, found: 71 });
}

/// A call that would be read otherwise than it was meant is not written.
#[test]
fn what_cannot_be_written() {
    let width = |field, expected, found| EncodeError::Width { field, expected, found };
    let byte = |field, found| EncodeError::Byte { field, found };
    unwritable(MX, NativeCall { date: "1124", ..call() }, width("date", 6, 4));
    unwritable(MX, NativeCall { time: "1345", ..call() }, width("time", 6, 4));
    unwritable(MX, NativeCall { receiver: None, ..call() }, width("receiver", 2, 0));
    unwritable(MX, NativeCall { format: "4", ..call() }, width("format", 3, 1));
    unwritable(MX, NativeCall { start: 0x27, ..call() }, byte("first byte", 0x27));
    unwritable(MX, NativeCall { account: "12\"34", ..call() }, byte("account", b'"'));
    unwritable(MX, NativeCall { account: "12\r", ..call() }, byte("account", b'\r'));
    unwritable(MX, NativeCall { events: "BA01", ..call() }, byte("events", b'B'));
    unwritable(MX, NativeCall { events: "\"BA*123", ..call() }, byte("events", b'*'));
    unwritable(MX, NativeCall { events: "\"BA,", ..call() }, byte("events", b','));
    unwritable(MX, NativeCall { listen_in: Some("12"), ..call() }, width("listen-in", 3, 2));
    unwritable(MX, NativeCall { listen_in: Some("1x3"), ..call() }, width("listen-in", 3, 3));
    unwritable(
        MX,
        NativeCall { events: &["\"", &"x".repeat(100)].concat(), ..call() },
        EncodeError::TooLong { length: 136 },
    );
    unwritable(SK, NativeCall { receiver: Some("01"), ..silent_knight() }, width("receiver", 0, 2));
    unwritable(SK, NativeCall { reference: Some("0042"), ..silent_knight() }, width("reference", 0, 4));
    unwritable(SK, NativeCall { caller: Some(("1", "x")), ..silent_knight() }, byte("caller", 0x12));
    unwritable(SK, NativeCall { continues: true, ..silent_knight() }, byte("continues", b','));
    unwritable(SK, NativeCall { listen_in: Some("123"), ..silent_knight() }, width("listen-in", 0, 3));
    unwritable(SK, NativeCall { events: "\"BA*", ..silent_knight() }, byte("events", b'*'));
}

/// What a host tells an MX8000.
#[test]
fn bytes_of_the_host() {
    use HostByte as H;
    let bytes = [H::LogOn, H::LogOff, H::HangUp, H::Listen, H::NoListen, H::LinkTest].map(|byte| byte as u8);
    assert_eq!(bytes, [0x4A, 0x4B, 0x05, 0x04, 0x03, 0x0D]);
}
