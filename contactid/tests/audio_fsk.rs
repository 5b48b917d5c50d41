//! Bytes in samples: both bands and every rate, limits from inside and from outside, blocks of DC-03 and their answers.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

#[path = "support/audio_line.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod audio_line;

use audio_line::{Chance, a_law, mu_law, noisy, sampled, silence, sines};
use contactid::audio::{
    BlockReader, FskHeard, FskListener, HeardTone, Modem, ToneListener, ToneOptions, Volume, samples,
};
use contactid::sia::{Block, Function};
use contactid::{Reply, Strictness};
use proptest::prelude::*;

const CALLING: Modem = Modem::BELL_103_CALLING;
const ANSWERING: Modem = Modem::BELL_103_ANSWERING;

/// Everything that is heard of a modem, with silence behind the line.
fn hear(modem: Modem, line: &[i16]) -> Vec<FskHeard> {
    let mut listener = FskListener::new(modem).unwrap();
    line.iter().copied().chain([0; 1600]).filter_map(|sample| listener.hear(sample)).collect()
}

/// The bytes, if nothing but bytes came between the beginning and the end of one carrier.
fn bytes(modem: Modem, line: &[i16]) -> Result<Vec<u8>, Vec<FskHeard>> {
    let heard = hear(modem, line);
    let [FskHeard::Begins, between @ .., FskHeard::Over] = &heard[..] else { return Err(heard) };
    let byte = |heard: &FskHeard| if let &FskHeard::Byte(byte) = heard { Some(byte) } else { None };
    between.iter().map(byte).collect::<Option<_>>().ok_or(heard.clone())
}

/// Bytes with every kind of edge in them.
const TEXT: &[u8] = b"\x00\xFF\x55\xAA#1234\x80\x01\x7F\xFE";

fn line(modem: Modem, lead_ms: u32, db: f32) -> Vec<i16> {
    [0; 555].into_iter().chain(modem.samples(TEXT, lead_ms, Volume { db, ..Volume::default() })).collect()
}

#[test]
fn every_modem_over_every_leg() {
    for modem in [CALLING, ANSWERING, CALLING.slow(), ANSWERING.slow(), Modem::CESA] {
        for db in [0.0, -12.0, -30.0, -40.0] {
            let line = line(modem, 200, db);
            for line in [line.clone(), mu_law(&line), a_law(&line)] {
                assert_eq!(bytes(modem, &line), Ok(TEXT.to_vec()), "{modem:?}, {db} dB");
            }
        }
        assert_eq!(hear(modem, &line(modem, 200, -60.0)), [], "{modem:?}");
    }
    // A band does not hear the other one.
    assert_eq!(hear(ANSWERING, &line(CALLING, 500, -12.0)), []);
    assert_eq!(hear(CALLING, &line(ANSWERING, 500, -12.0)), []);
}

#[test]
fn rates_and_frequencies_that_are_off() {
    for baud in [294, 297, 303, 306] {
        let sent = Modem { baud, ..CALLING };
        assert_eq!(bytes(CALLING, &line(sent, 200, -12.0)), Ok(TEXT.to_vec()), "{baud}");
    }
    for off in [-15i16, -5, 5, 15] {
        for modem in [CALLING, ANSWERING] {
            let shift = |hz: u16| hz.checked_add_signed(off).unwrap();
            let sent = Modem { mark_hz: shift(modem.mark_hz), space_hz: shift(modem.space_hz), ..modem };
            assert_eq!(bytes(modem, &line(sent, 200, -12.0)), Ok(TEXT.to_vec()), "{off}");
        }
    }
    let fast = hear(CALLING, &line(Modem { baud: 600, ..CALLING }, 200, -12.0));
    assert!(fast.contains(&FskHeard::Garbled), "{fast:?}");
}

#[test]
fn bytes_are_read_behind_twelve_bits_of_mark_or_a_second() {
    // 12 bits are 40 ms. What comes before them is not read, and what the carrier begins with is noticed late.
    assert_eq!(bytes(CALLING, &line(CALLING, 47, -12.0)), Ok(TEXT.to_vec()));
    // Behind too short a rest only the mark at the end is long enough, when all bytes have gone by.
    assert_eq!(bytes(CALLING, &line(CALLING, 20, -12.0)), Ok(Vec::new()));
    // A panel that never rests is listened to after a second, and falls into step at its first pause.
    let busy: Vec<u8> = b"UUUUUUUU".repeat(6);
    let heard = hear(CALLING, &CALLING.samples(&busy, 20, Volume::default()).collect::<Vec<_>>());
    assert_eq!((heard.first(), heard.last()), (Some(&FskHeard::Begins), Some(&FskHeard::Over)));
    assert!(heard.len() > 10);
}

#[test]
fn noise_and_tilt() {
    let mut chance = Chance(11);
    for modem in [CALLING, ANSWERING, CALLING.slow(), Modem::CESA] {
        for _ in 0..5 {
            // 8 dB of signal to noise in 4 kHz.
            let sent: Vec<f64> = line(modem, 300, -12.0).into_iter().map(f64::from).collect();
            let line = mu_law(&sampled(&noisy(&sent, -20.0, &mut chance)));
            assert_eq!(bytes(modem, &line), Ok(TEXT.to_vec()), "{modem:?}");
        }
    }
    // A line that weakens the higher frequency: a filter of one zero, 4 dB between 1070 and 1270 Hz would be a bad one.
    let sent: Vec<f64> = line(CALLING, 300, -12.0).into_iter().map(f64::from).collect();
    let tilted: Vec<f64> = sent.windows(3).map(|three| (three[0] + 1.3 * three[1] + three[2]) / 3.0).collect();
    assert_eq!(bytes(CALLING, &sampled(&tilted)), Ok(TEXT.to_vec()));
    assert_eq!(hear(CALLING, &sampled(&noisy(&silence(20_000.0), -15.0, &mut chance))), []);
}

#[test]
fn settings_that_no_listener_can_work_with() {
    let refused = |modem| FskListener::new(modem).err().map(|error| (error.setting, error.from, error.to, error.found));
    assert_eq!(refused(Modem { mark_hz: 3401, ..CALLING }), Some(("mark_hz", 300.0, 3400.0, 3401.0)));
    assert_eq!(refused(Modem { space_hz: 0, ..CALLING }), Some(("space_hz", 300.0, 3400.0, 0.0)));
    assert_eq!(refused(Modem { baud: 44, ..CALLING }), Some(("baud", 45.0, 600.0, 44.0)));
    assert_eq!(refused(Modem { baud: 601, ..CALLING }), Some(("baud", 45.0, 600.0, 601.0)));
    // A rate that is none makes no sound.
    assert_eq!(Modem { baud: 0, ..CALLING }.samples(b"ab", 10, Volume::default()).count(), 0);
}

#[test]
fn a_jump_in_phase_is_no_start_bit() {
    // A rest that another generator made, cut at any phase, and then the bytes.
    for modem in [CALLING, ANSWERING] {
        for cut in 0..40 {
            let rest = sampled(&sines(&[(f64::from(modem.mark_hz), -12.0)], 300.0 + f64::from(cut) / 8.0));
            let line: Vec<i16> = rest.into_iter().chain(modem.samples(TEXT, 20, Volume::default())).collect();
            assert_eq!(bytes(modem, &line), Ok(TEXT.to_vec()), "{modem:?}, {cut}");
        }
    }
}

#[test]
fn a_tone_is_a_carrier_without_bytes() {
    let heard = hear(CALLING, &sampled(&sines(&[(1270.0, -12.0)], 3000.0)));
    assert_eq!(heard, [FskHeard::Begins, FskHeard::Over]);
    // Space alone is listened to after a second, and has no start bit.
    let heard = hear(CALLING, &sampled(&sines(&[(1070.0, -12.0)], 3000.0)));
    assert_eq!(heard, [FskHeard::Begins, FskHeard::Over]);
}

#[test]
fn blocks_of_dc_03_and_the_answer_in_tones() {
    let blocks = [
        Block::new(Function::ACCOUNT, b"1234").unwrap().with_flags(true, false),
        Block::new(Function::NEW_EVENT, b"Nri1BA01").unwrap().with_flags(true, true),
        Block::new(Function::END_OF_DATA, b"").unwrap(),
    ];
    let mut sent = Vec::new();
    for block in &blocks {
        sent.extend(CALLING.samples(&block.encode(), 100, Volume::default()));
        sent.extend([0; 4000]);
    }
    let (mut reader, mut listener, mut heard) =
        (BlockReader::default(), FskListener::new(CALLING).unwrap(), Vec::new());
    for sample in mu_law(&sent) {
        match listener.hear(sample) {
            Some(FskHeard::Byte(byte)) => heard.extend(reader.push(byte).map(<[u8]>::to_vec)),
            Some(_) => reader.reset(),
            None => {}
        }
    }
    let read: Vec<_> = heard.iter().map(|block| Block::parse(block, Strictness::Strict).unwrap()).collect();
    assert_eq!(read, blocks);

    let tones = |reply, reverse| {
        let mut listener = ToneListener::new(
            [ANSWERING.mark_hz, ANSWERING.space_hz],
            ToneOptions { tolerance_permille: 30, ..ToneOptions::default() },
        )
        .unwrap();
        let line = ANSWERING.answer(reply, reverse).flat_map(|sound| samples(sound, Volume::default()));
        let over = line.chain([0; 800]).filter_map(|sample| match listener.hear(sample)? {
            HeardTone::Over { hz, start_ms, end_ms, .. } => Some((hz, (end_ms - start_ms + 5) / 10 * 10)),
            HeardTone::Begins { .. } => None,
        });
        over.collect::<Vec<_>>()
    };
    assert_eq!(tones(Reply::Ack, false), [(2025, 600)]);
    assert_eq!(tones(Reply::Nak, true), [(2225, 600)]);
    assert_eq!(tones(Reply::Silence, true), []);
    let [(2025, first), (2225, second)] = tones(Reply::Ack, true)[..] else { panic!("two tones") };
    assert!(first.abs_diff(600) <= 10 && second.abs_diff(180) <= 10, "{first}, {second}");
}

#[test]
fn a_block_reader_falls_into_step_again() {
    let mut reader = BlockReader::default();
    let block = Block::new(Function::ACCOUNT, b"1234").unwrap().encode();
    assert_eq!(reader.push(0x3F), None);
    assert_eq!(reader.pending(), 1);
    reader.reset();
    let (last, first) = block.split_last().unwrap();
    assert!(first.iter().all(|&byte| reader.push(byte).is_none()));
    assert_eq!(reader.push(*last).map(<[u8]>::to_vec), Some(block));
    assert_eq!(reader.pending(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_survive(sent in prop::collection::vec(any::<u8>(), 1..24), which in 0..5usize, lead_ms in 150u32..300,
                         db in -30f32..0.0, shift in 0..40usize, law in 0..3) {
        let modem = [CALLING, ANSWERING, CALLING.slow(), ANSWERING.slow(), Modem::CESA][which];
        let volume = Volume { db, ..Volume::default() };
        let line: Vec<i16> = std::iter::repeat_n(0, shift).chain(modem.samples(&sent, lead_ms, volume)).collect();
        let line = match law { 0 => line, 1 => mu_law(&line), _ => a_law(&line) };
        prop_assert_eq!(bytes(modem, &line), Ok(sent));
    }

    #[test]
    fn nothing_panics(line in prop::collection::vec(any::<i16>(), 0..2000), mark_hz in 300u16..=3400, space_hz in 300u16..=3400,
                      baud in 45u16..=600, stop_bits in any::<u8>()) {
        let modem = Modem { mark_hz, space_hz, baud, stop_bits };
        let mut reader = BlockReader::default();
        for heard in hear(modem, &line) {
            let FskHeard::Byte(byte) = heard else { continue };
            let block = reader.push(byte).map_or(0, <[u8]>::len);
            prop_assert!(block <= Block::MAX && reader.pending() < Block::MAX);
        }
        prop_assert!(modem.samples(b"ab", 10, Volume::default()).count() > 20);
    }
}
