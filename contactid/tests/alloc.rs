//! The hot path allocates nothing: plain frames of Contact ID and SIA from their bytes to their meaning, check value and all.

use std::alloc::System;

use contactid::{Frame, Key, Qualifier, Strictness, Token};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

// One test in this crate, because every thread's allocations are counted.
#[test]
fn plain_frames_are_read_without_allocation() {
    let bytes = b"\nB2C20046\"ADM-CID\"0008L0#777[#777|1401 02 501][S\xD0\xA3\xD0\xBB\xD0\xB8\xD1\x86\xD0\xB0]_09:15:28,07-03-2025\r";
    let key = Key::new(b"0123456789abcdef").unwrap();
    let account = "777".parse().unwrap();

    let region = Region::new(ALLOCATOR);
    let frame = Frame::parse(bytes, Strictness::Tolerant).unwrap();
    let message = frame.open(Some(&key)).unwrap();
    let cid = message.cid().unwrap();
    let change = region.change();

    assert_eq!(change.allocations + change.reallocations, 0, "{change:?}");
    assert_eq!((frame.token(), frame.sequence(), message.account_number()), (Token::AdmCid, Some(8), Some(account)));
    assert_eq!(
        (cid.qualifier, cid.code.number(), cid.group(), cid.number()),
        (Qualifier::New, 401, Some(2), Some(501))
    );

    let bytes = b"\n61330042\"SIA-DCS\"0001L0#777[#777|Nti12:05/id7/ri1/BA005/BA006|AFront door]\r";
    let region = Region::new(ALLOCATOR);
    let frame = Frame::parse(bytes, Strictness::Tolerant).unwrap();
    let sia = frame.open(None).unwrap();
    let mut events = sia.sia_events();
    let read =
        [events.next(), events.next(), events.next()].map(|event| Some((event.as_ref()?.number(), event?.text?)));
    let change = region.change();

    assert_eq!(change.allocations + change.reallocations, 0, "{change:?}");
    let title = || "Front door".into();
    assert_eq!(read, [Some((Some(5), title())), Some((Some(6), title())), None]);

    let counted = Region::new(ALLOCATOR);
    drop(message.events());
    assert_ne!(counted.change().allocations, 0, "the counter counts");
}
