//! What one telephone line takes of a core: a second of samples through every listener, beside what adding up the samples
//! and companding them costs. A thousandth of a second is 0.1 % of a core.
//!
//! ```text
//! cargo bench -p benches --bench audio
//! ```

use std::hint::black_box;

use contactid::audio::{
    DtmfListener, DtmfOptions, FskListener, Modem, PulseListener, PulseOptions, RATE_HZ, ToneListener, ToneOptions,
    Volume, g711, samples,
};
use contactid::dtmf::Digit;
use contactid::line::Sound;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A second of a line on which something always sounds, with a little noise, as a μ-law leg brings it.
fn leg(line: impl Iterator<Item = i16>) -> Vec<i16> {
    let noise = (0u32..).map(|n| (n.wrapping_mul(2_654_435_761) >> 25) as i16 - 64);
    let carried = line.zip(noise).map(|(sample, noise)| g711::from_mu_law(g711::mu_law(sample.saturating_add(noise))));
    let second: Vec<i16> = carried.take(RATE_HZ as usize).collect();
    assert_eq!(second.len(), RATE_HZ as usize);
    second
}

fn digits() -> Vec<i16> {
    let sounds = (0..16).cycle().filter_map(Digit::new).map(|digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 });
    leg(sounds.flat_map(|sound| samples(sound, Volume::default())))
}

fn bytes(modem: Modem) -> Vec<i16> {
    leg(modem.samples(b"The same second of bytes, again and again.", 100, Volume::default()))
}

fn pulses(options: PulseOptions) -> Vec<i16> {
    let round: Vec<Digit> = (1..8).filter_map(Digit::new).collect();
    let line: Vec<i16> = options.sounds(&round).flat_map(|sound| samples(sound, Volume::default())).collect();
    leg(line.into_iter())
}

fn listen(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one second of a line");
    group.throughput(Throughput::Elements(RATE_HZ.into()));
    let line = digits();

    group.bench_function("floor: samples added up", |bencher| {
        bencher.iter(|| black_box(&line).iter().fold(0i64, |sum, &sample| sum + i64::from(sample)));
    });
    group.bench_function("floor: μ-law and back", |bencher| {
        bencher.iter(|| {
            let back = |&sample: &i16| i64::from(g711::from_mu_law(g711::mu_law(sample)));
            black_box(&line).iter().map(back).sum::<i64>()
        });
    });

    let mut dtmf = DtmfListener::new(DtmfOptions::default()).expect("within the limits");
    group.bench_function("digits", |bencher| {
        bencher.iter(|| black_box(&line).iter().filter_map(|&sample| dtmf.hear(sample)).count());
    });
    let mut tones = ToneListener::new([1400, 2300], ToneOptions::default()).expect("within the limits");
    group.bench_function("digits and 1400/2300 Hz", |bencher| {
        bencher.iter(|| {
            let heard =
                |&sample: &i16| usize::from(dtmf.hear(sample).is_some()) + usize::from(tones.hear(sample).is_some());
            black_box(&line).iter().map(heard).sum::<usize>()
        });
    });

    let mut fsk = FskListener::new(Modem::BELL_103_CALLING).expect("within the limits");
    let carrier = bytes(Modem::BELL_103_CALLING);
    group.bench_function("FSK, 300 baud", |bencher| {
        bencher.iter(|| black_box(&carrier).iter().filter_map(|&sample| fsk.hear(sample)).count());
    });

    let options = PulseOptions::at(1850, 40);
    let (mut pulse, round) = (PulseListener::new(options).expect("within the limits"), pulses(options));
    group.bench_function("pulses, 40 a second", |bencher| {
        bencher.iter(|| black_box(&round).iter().filter_map(|&sample| pulse.hear(sample)).count());
    });

    let mut rates =
        [10, 20, 40].map(|rate| PulseListener::new(PulseOptions::at(1850, rate)).expect("within the limits"));
    group.bench_function("all: digits, tones, FSK, pulses at three rates", |bencher| {
        bencher.iter(|| {
            let mut heard = 0;
            for &sample in black_box(&line) {
                heard += usize::from(dtmf.hear(sample).is_some()) + usize::from(tones.hear(sample).is_some());
                heard += usize::from(fsk.hear(sample).is_some());
                heard += rates.iter_mut().filter_map(|pulse| pulse.hear(sample)).count();
            }
            heard
        });
    });
    group.finish();
}

criterion_group!(audio, listen);
criterion_main!(audio);
