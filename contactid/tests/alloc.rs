//! The hot path allocates nothing: a plain Contact ID frame from its bytes to its meaning, check value and all.

use std::alloc::System;

use contactid::{Frame, Key, Qualifier, Strictness, Token};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

// One test in this crate, because every thread's allocations are counted.
#[test]
fn a_plain_contact_id_frame_is_read_without_allocation() {
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
    let counted = Region::new(ALLOCATOR);
    drop(message.events());
    assert_ne!(counted.change().allocations, 0, "the counter counts");
}
