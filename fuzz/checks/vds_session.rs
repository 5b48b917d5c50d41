//! Both ends of a VdS link, over operations.

use contactid::vds::{
    Kind, Purpose, VdsCentre, VdsCentreInput, VdsCentreOutput, VdsCentreSetup, VdsFrame, VdsKey, VdsPanel,
    VdsPanelInput, VdsPanelOutput, VdsPanelSetup,
};
use contactid::{Key, Strictness};

/// The targets of this family.
pub const TARGETS: &[super::Target] = &[("vds-centre", vds_centre), ("vds-panel", vds_panel)];

const NUMBER: u16 = 3;

/// The other end of a link: it knows what was sent to it last, and makes frames that fit, or nearly.
struct Peer {
    key: Option<Key>,
    counter: u32,
    heard: Option<VdsFrame<'static>>,
}

impl Peer {
    /// Plain, or under a key, and at the end of the counters.
    fn new(choice: u8) -> Self {
        let key = (choice & 1 == 1).then(|| Key::new(b"0123456789abcdef").expect("sixteen bytes"));
        Self { key, counter: u32::MAX - u32::from(choice), heard: None }
    }

    fn vds_key(&self) -> Option<VdsKey> {
        self.key.clone().and_then(|key| VdsKey::new(NUMBER, key))
    }

    /// Every frame of ours reads, strictly.
    fn hear(&mut self, bytes: &[u8]) -> VdsFrame<'static> {
        let frame = VdsFrame::parse(bytes, self.key.as_ref(), Strictness::Strict).expect("our own frame reads");
        self.heard = Some(frame.clone().into_owned());
        frame.into_owned()
    }

    /// A frame with these records. `[purpose, steps of TC, steps of RC]` come before them.
    fn frame(&mut self, told: &[u8]) -> Option<Vec<u8>> {
        let &[purpose, sent, received, ref records @ ..] = told else { return None };
        let step = |by: u8| i32::from(by as i8) as u32;
        self.counter = self.counter.wrapping_add(step(sent));
        let heard = self.heard.as_ref().map_or(0, |frame| frame.sent.wrapping_add(1));
        let frame = VdsFrame::new(Purpose(purpose % 9), self.counter, heard.wrapping_add(step(received)), records)?;
        let frame = if self.key.is_some() { frame.under(NUMBER) } else { frame };
        Some(frame.encode(self.key.as_ref()).expect("a frame with its key"))
    }
}

/// Whether these bytes are a list of records that can be sent; an operation is shorter than 256 bytes.
fn are_records(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let [length, _, behind @ ..] = rest {
        let Some(next) = behind.get(usize::from(*length)..) else { return false };
        rest = next;
    }
    rest.is_empty() && !bytes.is_empty()
}

fn vds_centre(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let mut peer = Peer::new(choice);
    let keys: Vec<_> = peer.vds_key().into_iter().collect();
    let sync_key = keys.first().cloned().filter(|_| choice & 2 == 2);
    let setup = VdsCentreSetup { keys, sync_key, ..VdsCentreSetup::default() };
    let mut centre = VdsCentre::new(setup, u32::MAX - 1, 0);
    let (mut now_ms, mut last, mut asked, mut answered, mut up) = (0u64, 0, 0, 0, None);
    let mut unstored: Vec<u64> = Vec::new();
    for (operation, told) in super::operations(rest) {
        match operation % 7 {
            0 => centre.handle(now_ms, VdsCentreInput::Bytes(told)),
            1 => {
                let frame = peer.frame(told).unwrap_or_default();
                centre.handle(now_ms, VdsCentreInput::Bytes(&frame));
            }
            2 => {
                let ticket = last.min(u64::from(operation));
                unstored.retain(|unstored| *unstored != ticket);
                centre.handle(now_ms, VdsCentreInput::Stored { ticket, records: told });
            }
            3 => {
                let ticket = last.saturating_sub(u64::from(operation >> 5));
                unstored.retain(|unstored| *unstored != ticket);
                centre.handle(now_ms, VdsCentreInput::NotStored(ticket));
            }
            4 => {
                let fits = are_records(told);
                asked += u64::from(fits);
                assert_eq!(centre.ask(told.to_vec()), fits.then_some(asked));
                centre.handle(now_ms, VdsCentreInput::Time);
            }
            5 => {
                now_ms = now_ms.saturating_add(u64::from(operation) * 100);
                centre.handle(now_ms, VdsCentreInput::Time);
            }
            _ => {
                now_ms = now_ms.max(centre.deadline().unwrap_or(0));
                centre.handle(now_ms, VdsCentreInput::Time);
                assert!(centre.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that stays");
            }
        }
        while let Some(output) = centre.poll() {
            match output {
                VdsCentreOutput::Send(bytes) => drop(peer.hear(&bytes)),
                VdsCentreOutput::Record(arrival) => {
                    assert_eq!(arrival.ticket, last + 1);
                    assert!(arrival.repeats.is_none_or(|ticket| ticket <= last));
                    last = arrival.ticket;
                    unstored.push(last);
                    assert!(unstored.len() <= 16, "{} frames wait", unstored.len());
                }
                VdsCentreOutput::Repeated(ticket) => assert!((1..=last).contains(&ticket)),
                VdsCentreOutput::Answered(number) => {
                    answered += 1;
                    assert_eq!(number, answered);
                }
                VdsCentreOutput::Refused(fault) => assert!(!fault.to_string().is_empty()),
                VdsCentreOutput::Closing => {}
                VdsCentreOutput::Up => assert_ne!(up.replace(true), Some(true)),
                VdsCentreOutput::Down => assert_ne!(up.replace(false), Some(false)),
            }
        }
        assert!(answered <= asked);
        if unstored.is_empty() {
            assert!(centre.deadline().is_some(), "nobody is waited for");
        }
    }
}

fn vds_panel(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let mut peer = Peer::new(choice);
    let window = (choice & 2 == 2).then_some(choice);
    let setup = VdsPanelSetup { key: peer.vds_key(), window, ..VdsPanelSetup::default() };
    let mut panel = VdsPanel::new(setup, u32::MAX - 1, 0);
    let (mut now_ms, mut delivered, mut up, mut open) = (0u64, 0, None, true);
    let mut queued: Vec<Vec<u8>> = Vec::new();
    // Whether the first of the queue was sent, all records 03 that came, and whether other bytes than frames came.
    let (mut sent, mut acknowledged, mut raw) = (false, Vec::new(), false);
    for (operation, told) in super::operations(rest) {
        match operation % 7 {
            0 => {
                raw |= !told.is_empty();
                panel.handle(now_ms, VdsPanelInput::Bytes(told));
            }
            1 => {
                let frame = peer.frame(told).unwrap_or_default();
                if let Ok(frame) = VdsFrame::parse(&frame, peer.key.as_ref(), Strictness::Tolerant) {
                    let records = frame.records().filter(|record| record.kind == Kind::ACKNOWLEDGEMENT);
                    acknowledged.extend(records.map(|record| record.bytes.to_vec()));
                }
                panel.handle(now_ms, VdsPanelInput::Bytes(&frame));
            }
            2 => {
                let fits = are_records(told);
                if fits {
                    queued.push(told.to_vec());
                }
                assert_eq!(panel.queue(told.to_vec()), fits.then_some(queued.len() as u64));
                panel.handle(now_ms, VdsPanelInput::Time);
            }
            3 => {
                open = true;
                panel.handle(now_ms, VdsPanelInput::Connected);
            }
            4 if operation > 200 => {
                panel.handle(now_ms, VdsPanelInput::Close);
                open = false;
                assert_eq!(panel.deadline(), None);
            }
            4 | 5 => {
                now_ms = now_ms.saturating_add(u64::from(operation) * 100);
                panel.handle(now_ms, VdsPanelInput::Time);
            }
            _ => {
                now_ms = now_ms.max(panel.deadline().unwrap_or(0));
                panel.handle(now_ms, VdsPanelInput::Time);
                assert!(panel.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that stays");
            }
        }
        while let Some(output) = panel.poll() {
            match output {
                VdsPanelOutput::Send(bytes) => {
                    let frame = peer.hear(&bytes);
                    sent |= queued.get(delivered).is_some_and(|records| frame.record_bytes() == records);
                }
                // In order, each once, after it was sent, and not without its acknowledgements.
                VdsPanelOutput::Delivered(number) => {
                    let records = &queued[delivered];
                    assert!(std::mem::replace(&mut sent, false), "delivered and never sent");
                    delivered += 1;
                    assert_eq!(number, delivered as u64);
                    let wants = VdsFrame::data(0, 0, records).expect("what was queued");
                    let mut wanted = wants.records().filter_map(|record| record.acknowledgement());
                    assert!(raw || wanted.all(|wanted| acknowledged.iter().any(|bytes| bytes == wanted.bytes)));
                }
                VdsPanelOutput::Received(frame) => assert!(frame.records().next().is_some()),
                VdsPanelOutput::Refused(fault) => assert!(!fault.to_string().is_empty()),
                VdsPanelOutput::Closing | VdsPanelOutput::Close => {}
                VdsPanelOutput::Up => assert_ne!(up.replace(true), Some(true)),
                VdsPanelOutput::Down => assert_ne!(up.replace(false), Some(false)),
            }
        }
        assert_eq!((panel.waiting(), panel.deadline().is_some()), (queued.len() - delivered, open));
    }
}
