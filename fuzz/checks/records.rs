//! Records of every format that is no frame of DC-09 and no digits: what is read is written again.

use std::fmt::Debug;

use contactid::automation::ademco685::{Ademco685Record, Dialect};
use contactid::automation::d6500::D6500Record;
use contactid::automation::dc07::{Dc07Frame, HostCommand};
use contactid::automation::iti::{ComputerRecord, ItiRecord};
use contactid::automation::native::{Maker, NativeRecord, VByte};
use contactid::automation::surgard::{SurgardRecord, b32_read, b32_write};
use contactid::galaxy::{GalaxySms, LineCheck};
use contactid::isecnet::IsecnetFrame;
use contactid::oh::{OhKey, OhLine};
use contactid::sia::Block;
use contactid::texecom::TexecomMessage;
use contactid::translate::{Lost, Table, Target, Translated};
use contactid::vds::VdsFrame;
use contactid::{Format, Key, Lang, Quirks, RecordError, Signal, Strictness};

/// The targets of this family.
pub const TARGETS: &[super::Target] = &[
    ("surgard", surgard),
    ("ademco685", ademco685),
    ("d6500", d6500),
    ("dc07", dc07),
    ("native", native),
    ("iti", iti),
    ("dc03-block", dc03_block),
    ("galaxy", galaxy),
    ("texecom", texecom),
    ("oh", oh),
    ("vds", vds),
    ("isecnet", isecnet),
    ("detect", detect),
];

/// Whatever a record says can be shown and translated.
fn shown(signals: impl IntoIterator<Item = Signal>) {
    for signal in signals {
        for lang in [Lang::En, Lang::Zh] {
            assert!(!signal.name(lang).is_empty());
        }
        let _ = (signal.group_text(), signal.number_text(), signal.class(), signal.number_is());
        for target in [Target::ContactId, Target::Sia, Target::SurgardBasic] {
            if let Some(Translated { signal, .. }) = Table::DEFAULT.translate(&signal, target) {
                let again = Table::DEFAULT.translate(&signal, target);
                assert_eq!(again, Some(Translated { signal, lost: Lost::NOTHING }));
            }
        }
    }
}

/// Both readings of the same bytes: strict takes what has no quirk, and what has none is written to the same bytes.
fn both<T: Debug + PartialEq>(
    bytes: &[u8],
    read: impl Fn(Strictness) -> Result<T, RecordError>,
    quirks: impl Fn(&T) -> Quirks,
    write: impl Fn(&T) -> Vec<u8>,
) -> Option<T> {
    let strict = read(Strictness::Strict);
    match read(Strictness::Tolerant) {
        Ok(record) if quirks(&record).is_empty() => {
            assert_eq!(write(&record), bytes);
            assert_eq!(strict, Ok(read(Strictness::Tolerant).ok()?));
            Some(record)
        }
        Ok(record) => {
            assert_eq!(strict, Err(RecordError::NonStandard(quirks(&record))));
            Some(record)
        }
        Err(error) => {
            assert_eq!(strict, Err(error));
            None
        }
    }
}

/// What was written of it reads to the same bytes again.
fn stable<T>(written: &[u8], read: impl Fn(&[u8]) -> Result<T, RecordError>, write: impl Fn(&T) -> Vec<u8>) {
    let again = read(written).unwrap_or_else(|error| panic!("our own record {written:?}: {error}"));
    assert_eq!(write(&again), written);
}

fn surgard(bytes: &[u8]) {
    let read = |strictness| SurgardRecord::parse(bytes, strictness);
    if let Some(record) = both(bytes, read, SurgardRecord::quirks, SurgardRecord::encode) {
        shown(record.signals());
        let _ = (record.account(), record.contact_id(), record.content(), record.receiver(), record.line());
        ('A'..='Z').for_each(|letter| drop(record.field(letter)));
        let again = |bytes: &[u8]| SurgardRecord::parse(bytes, Strictness::Tolerant).map(|record| record.encode());
        stable(&record.encode(), again, Clone::clone);
        let wrapped = b32_write(&record.encode()).expect("a record is short");
        assert_eq!(b32_read(&wrapped), Ok(&record.encode()[..]));
    }
    if let Ok(inside) = b32_read(bytes) {
        assert_eq!(b32_write(inside).as_deref(), Some(bytes));
    }
}

fn ademco685(bytes: &[u8]) {
    let header = bytes.get(..1).unwrap_or_default();
    for dialect in [
        Dialect::Ademco685,
        Dialect::Caps,
        Dialect::CP220,
        Dialect::Cp220 { header: b"", end: b"" },
        Dialect::Cp220 { header, end: header },
        Dialect::Fe100,
    ] {
        let read = |strictness| Ademco685Record::parse(bytes, dialect, strictness);
        if let Some(record) = both(bytes, read, Ademco685Record::quirks, Ademco685Record::encode) {
            shown(record.signals());
            let _ = (record.account(), record.contact_id(), record.receiver(), record.line(), record.number_is());
            let again = |bytes: &[u8]| {
                Ademco685Record::parse(bytes, dialect, Strictness::Tolerant).map(|record| record.encode())
            };
            stable(&record.encode(), again, Clone::clone);
        }
    }
}

fn d6500(bytes: &[u8]) {
    let read = |strictness| D6500Record::parse(bytes, strictness);
    if let Some(record) = both(bytes, read, D6500Record::quirks, D6500Record::encode) {
        shown(record.signals());
        let _ = (record.account(), record.contact_id(), record.receiver(), record.line());
        let again = |bytes: &[u8]| D6500Record::parse(bytes, Strictness::Tolerant).map(|record| record.encode());
        stable(&record.encode(), again, Clone::clone);
    }
}

fn dc07(bytes: &[u8]) {
    if let Ok(frame) = Dc07Frame::parse(bytes, Strictness::Tolerant) {
        shown(frame.signals());
        let _ = (frame.account(), frame.contact_id(), frame.is_link_test());
        if let Ok(written) = frame.encode() {
            let again = Dc07Frame::parse(&written, Strictness::Strict).expect("our own frame reads");
            assert_eq!(
                (again.kind(), again.sequence(), again.account(), again.data()),
                (frame.kind(), frame.sequence(), frame.account(), frame.data())
            );
        }
    }
    if let Ok(command) = HostCommand::parse(bytes) {
        assert_eq!(command.encode(), bytes);
    }
}

fn native(bytes: &[u8]) {
    for maker in [Maker::Mx8000, Maker::SilentKnight] {
        if let Ok(record) = NativeRecord::parse(bytes, maker, VByte::Ignored) {
            shown(record.signals());
            let _ = record.account();
            assert_eq!(record.encode(maker, VByte::Ignored).as_deref(), Ok(bytes));
            let summed = record.encode(maker, VByte::Summed).expect("as long as before");
            assert!(NativeRecord::parse(&summed, maker, VByte::Summed).is_ok());
        }
    }
}

fn iti(bytes: &[u8]) {
    if let Ok(record) = ItiRecord::parse(bytes) {
        shown(record.signal());
        let _ = record.account();
        assert_eq!(record.encode(), bytes);
    }
    if let Ok(record) = ComputerRecord::parse(bytes) {
        shown(record.signal());
        let _ = (record.account(), record.tail());
        assert_eq!(record.encode(), bytes);
    }
}

fn dc03_block(bytes: &[u8]) {
    let read = |strictness| Block::parse(bytes, strictness);
    if let Some(block) = both(bytes, read, Block::quirks, Block::encode) {
        let _ = (block.account(), block.text(), block.function().name(Lang::En));
        stable(
            &block.encode(),
            |bytes| Block::parse(bytes, Strictness::Tolerant).map(|block| block.encode()),
            Clone::clone,
        );
    }
    let blocks: Vec<_> = contactid::sia::blocks(bytes, Strictness::Tolerant).map_while(Result::ok).collect();
    let length: usize = blocks.iter().map(|block| block.encode().len()).sum();
    assert!(length <= bytes.len());
    let content = contactid::sia::content(&blocks);
    for packets in [&content[..], bytes] {
        if let Ok(message) = contactid::SiaMessage::parse(packets) {
            shown(message.events.iter().map(|event| event.signal()));
            for event in &message.events {
                // What is written of one event reads to the same event, unless its text would end it.
                let written = event.to_string();
                let again = contactid::SiaMessage::parse(written.as_bytes()).expect("our own packet reads");
                let text = event.text.as_deref().unwrap_or_default();
                if !text.contains(['^', '|', '/']) && event.units.is_none() {
                    assert_eq!(
                        again.events.first().map(|again| (again.code, again.address)),
                        Some((event.code, event.address))
                    );
                }
            }
        }
    }
}

fn galaxy(bytes: &[u8]) {
    let _ = contactid::galaxy::is_encrypted_link(bytes);
    if let Ok(check) = LineCheck::parse(bytes) {
        let _ = check.account();
        assert_eq!(check.encode()[..], *bytes);
    }
    if let Ok(sms) = GalaxySms::parse(bytes) {
        shown(sms.signal());
        // The mark before it may be missing, and letters of the account are read in either case.
        assert_eq!(GalaxySms::parse(&sms.encode()), Ok(sms));
    }
}

fn texecom(bytes: &[u8]) {
    // The end of a session is read with and without CR LF, and written without.
    let bytes = if bytes == b"+++\r\n" { b"+++" } else { bytes };
    let write = |message: &TexecomMessage<'_>| message.encode().expect("what was read can be written");
    if let Some(message) =
        both(bytes, |strictness| TexecomMessage::parse(bytes, strictness), TexecomMessage::quirks, write)
    {
        shown(message.signals());
        let _ = (message.account(), message.answer(1));
    }
}

fn oh(bytes: &[u8]) {
    // Zeros at the end filled the last block of the cipher.
    let line = bytes.iter().rposition(|&byte| byte != 0).map_or(&[][..], |last| &bytes[..=last]);
    if let Some(line) = both(line, |strictness| OhLine::parse(line, strictness), OhLine::quirks, OhLine::encode) {
        shown(line.signals());
        let _ = (line.account(), line.receiver(), line.line());
    }
    if bytes.is_empty() {
        return;
    }
    let cipher = OhKey::new(b"0123456789abcdefghijklmn");
    let opened = cipher.open(&cipher.seal(bytes)).expect("our own blocks open");
    assert!(opened.starts_with(bytes) && opened[bytes.len()..].iter().all(|&byte| byte == 0));
    let _ = cipher.open_line(bytes);
}

fn vds(bytes: &[u8]) {
    let key = Key::new(b"0123456789abcdef").expect("sixteen bytes");
    for key in [None, Some(&key)] {
        let Ok(telegram) = VdsFrame::parse(bytes, key, Strictness::Tolerant) else { continue };
        shown(telegram.signals());
        let _ = telegram.account();
        let records: Vec<_> = telegram.records().collect();
        for record in &records {
            let _ = (record.acknowledgement(), record.message(), record.ident(), record.text(), record.time());
        }
        let written = telegram.encode(key).expect("what was read can be written");
        let again = VdsFrame::parse(&written, key, Strictness::Tolerant).expect("our own telegram reads");
        assert_eq!(again.records().collect::<Vec<_>>(), records);
    }
}

fn isecnet(bytes: &[u8]) {
    let read = |strictness| IsecnetFrame::parse(bytes, strictness);
    if let Some(frame) = both(bytes, read, IsecnetFrame::quirks, IsecnetFrame::encode) {
        shown(frame.signal());
        let _ = frame.account();
    }
    assert!(IsecnetFrame::length(bytes).is_none_or(|length| length <= contactid::isecnet::FRAME_MAX));
}

fn detect(bytes: &[u8]) {
    assert!(Format::detect(bytes).is_none_or(|format| Format::ALL.contains(&format)));
}
