//! Frames found in a byte stream: split, joined, between noise, without end.
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

use contactid::{Deframer, FRAME_MAX, Frame, Overrun, Strictness};

const NULL: &[u8] = b"\nD3440015\"NULL\"0000L0#008312[]\r";
const TEST: &[u8] = b"\n9EC40027\"ADM-CID\"0001L0#1002[#1002|1602 00 001]\r";
/// CRC 0A0D as raw bytes, both of which also mark frames.
const RAW: &[u8] = b"\n\x0A\x0D0015\"NULL\"";

fn pops(deframer: &mut Deframer) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| deframer.pop().map(<[u8]>::to_vec)).collect()
}

fn push_all(stream: &[u8]) -> (Vec<Vec<u8>>, u64) {
    let mut deframer = Deframer::new();
    deframer.push(stream).unwrap();
    (pops(&mut deframer), deframer.noise())
}

#[test]
fn joined_segments() {
    let stream = [NULL, TEST, NULL].concat();
    assert_eq!(push_all(&stream), (vec![NULL.to_vec(), TEST.to_vec(), NULL.to_vec()], 0));
}

#[test]
fn segments_split_at_every_place() {
    let stream = [NULL, b"\r\0\n".as_slice(), TEST].concat();
    for at in 0..=stream.len() {
        let mut deframer = Deframer::new();
        let mut frames = Vec::new();
        for part in [&stream[..at], &stream[at..]] {
            deframer.push(part).unwrap();
            frames.extend(pops(&mut deframer));
        }
        assert_eq!((frames, deframer.noise()), (vec![NULL.to_vec(), TEST.to_vec()], 0), "split at {at}");
    }
}

#[test]
fn byte_by_byte() {
    let mut deframer = Deframer::new();
    let mut frames = Vec::new();
    for byte in [b"GARBAGE\n".as_slice(), TEST, b"\0", NULL].concat() {
        deframer.push(&[byte]).unwrap();
        frames.extend(pops(&mut deframer));
    }
    assert_eq!((frames, deframer.noise(), deframer.pending()), (vec![TEST.to_vec(), NULL.to_vec()], 7, 0));
}

#[test]
fn garbage_before_between_and_behind() {
    let stream = [b"\x00\xFFnoise\r\n".as_slice(), NULL, b"..\n..\r", TEST, b"tail"].concat();
    assert_eq!(push_all(&stream), (vec![NULL.to_vec(), TEST.to_vec()], 14));
}

#[test]
fn a_binary_crc_that_looks_like_frame_marks() {
    // The check value of 0A0D is found by trying accounts; what matters here is that the splitter keeps the frame whole.
    let (account, frame) = (0..=0xFFFF)
        .map(|number: u32| {
            let account = format!("{number:04X}");
            let frame = contactid::Encoder {
                account: Some(&account),
                binary_crc: true,
                ..contactid::Encoder::new(contactid::Token::Null, 0)
            };
            let bytes = frame.encode().unwrap();
            (account, bytes)
        })
        .find(|(_, frame)| frame[1..3] == RAW[1..3])
        .unwrap();
    let stream = [TEST, &frame, b"\n\n\r", &frame, TEST].concat();
    let expected = vec![TEST.to_vec(), frame.clone(), frame.clone(), TEST.to_vec()];
    assert_eq!(push_all(&stream), (expected.clone(), 0));
    let mut deframer = Deframer::new();
    let mut frames = Vec::new();
    for byte in &stream {
        deframer.push(&[*byte]).unwrap();
        frames.extend(pops(&mut deframer));
    }
    assert_eq!(frames, expected);
    assert_eq!(Frame::parse(&frame, Strictness::Tolerant).unwrap().account(), Some(account.as_str()));
}

#[test]
fn a_frame_that_lost_its_end_gives_way_to_the_next() {
    let stream = [&TEST[..30], NULL].concat();
    assert_eq!(push_all(&stream), (vec![NULL.to_vec()], 29));
}

#[test]
fn no_end_ever_overruns_and_resynchronises() {
    let mut deframer = Deframer::new();
    deframer.push(&TEST[..12]).unwrap();
    let mut overruns = 0;
    for _ in 0..1000 {
        overruns += usize::from(deframer.push(&[b'x'; 1000]) == Err(Overrun));
        assert_eq!(deframer.pop(), None);
        assert!(deframer.pending() <= FRAME_MAX, "{} bytes held", deframer.pending());
    }
    assert_eq!(overruns, 1);
    deframer.push(TEST).unwrap();
    assert_eq!(pops(&mut deframer), [TEST]);
}

#[test]
fn a_megabyte_without_end_in_one_push() {
    let mut deframer = Deframer::new();
    let line = [&TEST[..12], &[b'x'; 1 << 20], NULL].concat();
    assert_eq!(deframer.push(&line), Err(Overrun));
    assert_eq!(pops(&mut deframer), [NULL]);
    assert_eq!(deframer.push(TEST), Ok(()));
    assert_eq!(pops(&mut deframer), [TEST]);
}

#[test]
fn a_frame_with_its_end_beyond_the_bound_is_no_frame() {
    let mut deframer = Deframer::new();
    let line = [&TEST[..12], &[b'x'; FRAME_MAX], b"\r", NULL].concat();
    assert_eq!(deframer.push(&line), Err(Overrun));
    assert_eq!(pops(&mut deframer), [NULL]);
}

#[test]
fn an_http_request_is_noise() {
    let request = b"GET / HTTP/1.1\r\nHost: alarm.example\r\nUser-Agent: \"scanner\"\r\n\r\n";
    let printable = request.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')).count() as u64;
    assert_eq!(push_all(request), (vec![], printable));
}
