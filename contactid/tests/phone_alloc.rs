//! Digits, pulses and their texts are read without allocation, from what was heard to who reports what.

use std::alloc::System;

use contactid::Strictness;
use contactid::cesa::CesaMessage;
use contactid::cid::text::{BracketReport, CsvChecksum, CsvReport, SerialReport};
use contactid::cid::{AdemcoReport, CidReport};
use contactid::line::pulse::PulseReport;
use contactid::robofon::{BlockCheck, RobofonFrame};
use contactid::scancom::{Channels, ScancomReport};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

// One test in this crate, because every thread's allocations are counted.
#[test]
fn what_is_heard_is_read_without_allocation() {
    let counted = Region::new(ALLOCATOR);
    let strict = Strictness::Strict;
    let cid = CidReport::parse(b"1234181131010158", strict).map(|read| (read.account(), read.signal()));
    let ademco = [&b"12341739"[..], b"123427317", b"123456155555557", b"1234181131010158"].map(|digits| {
        let read = AdemcoReport::parse(digits, strict);
        read.map(|read| (read.account(), read.signals().count()))
    });
    let scancom = ScancomReport::parse(b"1234551555557", strict)
        .map(|read| (read.account(), read.signals(Channels::Usual).count()));
    let pulse = PulseReport::parse(b"1A343", strict).map(|read| (read.account(), read.signal()));
    let serial = SerialReport::parse(b"AL00123418162701000##\r\n", strict).map(|read| (read.account(), read.signal()));
    let bracket = BracketReport::parse(b"[CID2 181401010012843]", strict).map(|read| (read.account(), *read.message()));
    let csv = CsvReport::parse(b"arc,secret,1234,1234181131010158", CsvChecksum::Absent, strict)
        .map(|read| (read.account(), read.signal()));
    let robofon = RobofonFrame::parse(b"U12345610\x03\x2E", BlockCheck::Ignored, strict)
        .map(|read| (read.account(), read.signal()));
    let cesa = CesaMessage::parse(b"1234510700000000", strict).map(|read| (read.account(), read.signal()));
    let change = counted.change();

    assert_eq!(change.allocations + change.reallocations, 0, "{change:?}");
    let account = |text: &str| text.parse().ok();
    assert_eq!(cid.map(|read| read.0), Ok(account("1234")));
    assert_eq!(ademco, [1, 1, 1, 1].map(|count| Ok((account("1234"), count))));
    assert_eq!(scancom, Ok((account("1234"), 1)));
    assert_eq!(pulse.map(|read| read.0), Ok(account("1034")));
    assert_eq!(serial.map(|read| read.0), Ok(account("1234")));
    assert_eq!(bracket.map(|read| read.0), Ok(account("CID2")));
    assert_eq!(csv.map(|read| read.0), Ok(account("1234")));
    assert_eq!(robofon.map(|read| read.0), Ok(account("123456")));
    assert_eq!(cesa.map(|read| read.0), Ok(account("12345")));

    let counted = Region::new(ALLOCATOR);
    drop(vec![0u8; 4]);
    assert_ne!(counted.change().allocations, 0, "the counter counts");
}
