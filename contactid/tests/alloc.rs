//! The hot path allocates nothing: plain frames and every record of fixed size, from their bytes to their meaning, checks
//! and all.
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

use std::alloc::System;

use contactid::automation::ademco685::{Ademco685Record, Dialect};
use contactid::automation::d6500::D6500Record;
use contactid::automation::dc07::Dc07Frame;
use contactid::automation::iti::{ComputerRecord, ItiRecord};
use contactid::automation::native::{Maker, NativeRecord, VByte};
use contactid::automation::surgard::SurgardRecord;
use contactid::cid::{AdemcoReport, CidReport, ExpressReport};
use contactid::isecnet::IsecnetFrame;
use contactid::sia::Block;
use contactid::{CidMessage, Code, Frame, Key, Lang, Qualifier, SiaEvents, Signal, Strictness, Token};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What `read` gives, which allocates nothing.
fn quietly<T>(what: &str, read: impl FnOnce() -> T) -> T {
    let region = Region::new(ALLOCATOR);
    let value = read();
    let change = region.change();
    assert_eq!(change.allocations + change.reallocations, 0, "{what}: {change:?}");
    value
}

fn frames() {
    let bytes = b"\nB2C20046\"ADM-CID\"0008L0#777[#777|1401 02 501][S\xD0\xA3\xD0\xBB\xD0\xB8\xD1\x86\xD0\xB0]_09:15:28,07-03-2025\r";
    let key = Key::new(b"0123456789abcdef").unwrap();
    let (frame, message, cid) = quietly("a frame of Contact ID", || {
        let frame = Frame::parse(bytes, Strictness::Tolerant).unwrap();
        let message = frame.open(Some(&key)).unwrap();
        let cid = message.cid().unwrap();
        (frame, message, cid)
    });
    let account = Some("777".parse().unwrap());
    assert_eq!((frame.token(), frame.sequence(), message.account_number()), (Token::AdmCid, Some(8), account));
    assert_eq!(said(&cid), (Qualifier::New, 401, Some(2), Some(501)));

    let bytes = b"\n61330042\"SIA-DCS\"0001L0#777[#777|Nti12:05/id7/ri1/BA005/BA006|AFront door]\r";
    let frame = quietly("a frame of SIA", || Frame::parse(bytes, Strictness::Tolerant).unwrap());
    let message = quietly("its message", || frame.open(None).unwrap());
    let read = quietly("its events", || {
        let mut events = message.sia_events();
        [events.next(), events.next(), events.next()].map(|event| Some((event.as_ref()?.number(), event?.text?)))
    });
    let title = || "Front door".into();
    assert_eq!(read, [Some((Some(5), title())), Some((Some(6), title())), None]);

    let counted = Region::new(ALLOCATOR);
    drop(message.events());
    assert_ne!(counted.change().allocations, 0, "the counter counts");
}

fn said(cid: &CidMessage) -> (Qualifier, u16, Option<u16>, Option<u32>) {
    (cid.qualifier, cid.code.number(), cid.group(), cid.number())
}

/// Digits of a telephone line.
fn digits() {
    let strict = Strictness::Strict;
    let report = quietly("sixteen digits", || CidReport::parse(b"1234181131010158", strict).unwrap());
    assert_eq!(said(report.message()), (Qualifier::New, 131, Some(1), Some(15)));

    let express = quietly("Express", || ExpressReport::parse(b"12341739", strict).unwrap());
    assert_eq!(express.encode(), b"12341739");
    for written in [b"123456155555557".as_slice(), b"123455155555557C"] {
        let signal: Signal = quietly("channels", || {
            AdemcoReport::parse(written, Strictness::Tolerant).unwrap().signals().next().unwrap()
        });
        assert_eq!(signal.number, Some(1));
    }
}

/// What receivers pass on to automation.
fn records() {
    let strict = Strictness::Strict;
    let duress = (Qualifier::New, 121, Some(1), Some(1));
    let cid = quietly("Sur-Gard", || {
        SurgardRecord::parse(b"5011 181234E12101001\x14", strict).unwrap().contact_id().unwrap()
    });
    assert_eq!(said(&cid), duress);
    let burglary = (Qualifier::New, 130, Some(1), Some(4));
    let cid =
        quietly("D6500", || D6500Record::parse(b" a011 123418E13001004\x14", strict).unwrap().contact_id().unwrap());
    assert_eq!(said(&cid), burglary);
    let cid = quietly("Ademco 685", || {
        let record = Ademco685Record::parse(b"\n11 1234 18 E130 01 C003 \r", Dialect::Ademco685, strict).unwrap();
        record.contact_id().unwrap()
    });
    assert_eq!(said(&cid), (Qualifier::New, 130, Some(1), Some(3)));
    let told = quietly("a native call", || {
        let bytes = b"&112426\"134501\"01\"0042\"00407\x051234\"BA01\"RP@\r";
        let record = NativeRecord::parse(bytes, Maker::Mx8000, VByte::Ignored).unwrap();
        let NativeRecord::Call(call) = record else { panic!("a call") };
        let mut events = call.each();
        (record.account(), [events.next(), events.next(), events.next()])
    });
    assert_eq!(told, (Some("1234".parse().unwrap()), [Some("BA01"), Some("RP"), None]));
    let name = |signal: Signal| {
        let Code::Own(code) = signal.code else { panic!("a code of ITI") };
        code.entry().map(|entry| (entry.name(Lang::En), signal.number))
    };
    let told = quietly("ITI, and its name", || ItiRecord::parse(b"\n1B1j23458b45A\r").unwrap().signal().and_then(name));
    assert_eq!(told, Some(("alarm", Some(45))));
    let told = quietly("the computer interface of ITI", || {
        let record = ComputerRecord::parse(b"|[R|IA1|LB|A123456|D0514|T1019|Z1|CA|]K0F3A\r").unwrap();
        (record.account(), record.field('Z'), record.field('C'))
    });
    assert_eq!(told, (Some("123456".parse().unwrap()), Some("1"), Some("A")));
}

/// What IP panels send besides DC-09.
fn ip() {
    let strict = Strictness::Strict;
    let event = [0x11, 0xB0, 0x11, 1, 2, 3, 4, 1, 8, 1, 1, 3, 10, 10, 1, 10, 10, 4, 0x44];
    let signal = quietly("ISECNet", || IsecnetFrame::parse(&event, strict).unwrap().signal().unwrap());
    assert_eq!((signal.code, signal.group, signal.number), ("130".parse().unwrap(), Some(1), Some(4)));
    let account = quietly("DC-07", || Dc07Frame::parse(b"\n3E6714E01040101[#4444|NOP]\r", strict).unwrap().account());
    assert_eq!(account, Some("4444".parse().unwrap()));
}

/// DC-03 as it travels raw.
fn blocks() {
    let data = quietly("a DC-03 block", || Block::parse(b"\x46#023499\x9F", Strictness::Strict).unwrap().data());
    let event = quietly("its events", || SiaEvents::new(b"Nri1/BA005").next().map(|event| event.number()));
    assert_eq!((data, event), (&b"023499"[..], Some(Some(5))));
}

// One test in this crate, because every thread's allocations are counted.
#[test]
fn what_is_hot_or_of_fixed_size_is_read_without_allocation() {
    frames();
    digits();
    records();
    ip();
    blocks();
}
