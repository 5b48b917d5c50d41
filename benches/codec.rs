//! Codec speed: one core, frames as panels send them, beside what the bytes alone cost: copying them, searching them for
//! frame marks, and a check value by the tables of the crate `crc`.
//!
//! ```text
//! cargo bench -p benches --bench codec            all
//! cargo bench -p benches --bench codec decode     one group
//! ```
#![allow(clippy::unwrap_used, reason = "a benchmark of frames that do not decode should stop")]

use std::hint::black_box;

use contactid::{Deframer, Encoder, Frame, Key, Pad, Reply, Stamp, Strictness, Token, crc16_arc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const STAMP: Stamp = Stamp::from_unix(1_741_350_896);

fn frame(token: Token<'static>, data: &'static [u8]) -> Encoder<'static> {
    Encoder {
        receiver: Some("579BDF"),
        line: Some("789ABC"),
        account: Some("12345A"),
        data,
        stamp: Some(STAMP),
        ..Encoder::new(token, 9876)
    }
}

fn contact_id() -> Encoder<'static> {
    frame(Token::AdmCid, b"#12345A|1110 00 129")
}

fn sia() -> Encoder<'static> {
    frame(Token::SiaDcs, b"#12345A|Nti12:05/id7/ri1/BA005/BA006|AFront door")
}

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Elements(1));

    // The standard's own example, and the same with a time stamp.
    let example = Encoder { stamp: None, ..contact_id() };
    for (name, frame) in [("ADM-CID plain", example), ("ADM-CID plain with time", contact_id())] {
        let plain = frame.encode().unwrap();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let frame = Frame::parse(black_box(&plain), Strictness::Tolerant).unwrap();
                let message = frame.open(None).unwrap();
                (frame.sequence(), message.account_number(), message.cid().unwrap())
            });
        });
    }

    let packets = sia().encode().unwrap();
    group.bench_function("SIA-DCS five packets", |bencher| {
        bencher.iter(|| {
            let frame = Frame::parse(black_box(&packets), Strictness::Tolerant).unwrap();
            frame.open(None).unwrap().events().unwrap()
        });
    });
    group.bench_function("SIA-DCS five packets, one by one", |bencher| {
        bencher.iter(|| {
            let frame = Frame::parse(black_box(&packets), Strictness::Tolerant).unwrap();
            let message = frame.open(None).unwrap();
            message.sia_events().map(|event| black_box(event).number().unwrap()).sum::<u32>()
        });
    });

    let key = Key::new(b"0123456789abcdef").unwrap();
    let sealed = contact_id().encrypt(&key, Pad::Short(b"wqf0RT")).unwrap();
    group.bench_function("ADM-CID AES-128", |bencher| {
        bencher.iter(|| {
            let frame = Frame::parse(black_box(&sealed), Strictness::Tolerant).unwrap();
            frame.open(Some(&key)).unwrap().cid().unwrap()
        });
    });
    group.finish();
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Elements(1));
    let key = Key::new(b"0123456789abcdef").unwrap();
    let mut out = Vec::with_capacity(512);

    group.bench_function("ADM-CID plain", |bencher| {
        bencher.iter(|| {
            out.clear();
            black_box(contact_id()).encode_into(&mut out).unwrap();
            out.len()
        });
    });
    group.bench_function("ADM-CID AES-128", |bencher| {
        bencher.iter(|| {
            out.clear();
            black_box(contact_id()).encrypt_into(&key, Pad::Short(b"wqf0RT"), &mut out).unwrap();
            out.len()
        });
    });

    let plain = contact_id().encode().unwrap();
    let received = Frame::parse(&plain, Strictness::Tolerant).unwrap();
    group.bench_function("ACK", |bencher| {
        bencher.iter(|| {
            out.clear();
            Reply::Ack.encode_into(black_box(&received), STAMP, None, Pad::Short(b""), &mut out);
            out.len()
        });
    });
    group.finish();
}

/// What no codec can do without: the same frame's bytes copied, searched and summed.
fn floor(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("floor");
    group.throughput(Throughput::Elements(1));
    let frame = contact_id().encode().unwrap();
    let body = &frame[9..frame.len() - 1];
    let mut copy = vec![0; frame.len()];

    group.bench_function("copy", |bencher| bencher.iter(|| copy.copy_from_slice(black_box(&frame))));
    group.bench_function("search for CR", |bencher| bencher.iter(|| memchr::memchr(b'\r', black_box(&frame))));
    let tables = crc::Crc::<u16, crc::Table<16>>::new(&crc::CRC_16_ARC);
    group.bench_function("check value, crate crc", |bencher| bencher.iter(|| tables.checksum(black_box(body))));
    group.bench_function("check value, contactid", |bencher| bencher.iter(|| crc16_arc(black_box(body))));
    group.finish();
}

/// Frames of 80 bytes, joined, and split wherever a segment ends.
fn deframe(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deframe");
    let frame = Encoder { data: b"#12345A|1110 00 129 ..............", stamp: None, ..contact_id() }.encode().unwrap();
    assert_eq!(frame.len(), 80);
    let stream = frame.repeat(1000);
    group.throughput(Throughput::Bytes(stream.len() as u64));

    let mut copy = Vec::with_capacity(stream.len());
    group.bench_function("floor: copy", |bencher| {
        bencher.iter(|| {
            copy.clear();
            copy.extend_from_slice(black_box(&stream));
        });
    });
    group.bench_function("floor: copy and search for CR", |bencher| {
        bencher.iter(|| {
            copy.clear();
            copy.extend_from_slice(black_box(&stream));
            memchr::memchr_iter(b'\r', &copy).count()
        });
    });
    for segment in [64, 1460, 4096, stream.len()] {
        group.bench_function(format!("segments of {segment} bytes"), |bencher| {
            let mut deframer = Deframer::new();
            bencher.iter(|| {
                let mut frames = 0;
                for bytes in black_box(&stream).chunks(segment) {
                    deframer.push(bytes).unwrap();
                    while deframer.pop().is_some() {
                        frames += 1;
                    }
                }
                assert_eq!(frames, 1000);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, decode, encode, floor, deframe);
criterion_main!(benches);
